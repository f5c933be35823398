"""Wheels and installed distributions made by hand: what pip reads is a zip with three files of metadata."""

from __future__ import annotations

import hashlib
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

FILTERS = """\
from papka.core import Filter, hookimpl


@hookimpl
def papka_filters():
    return [Filter("ripple", "рябь", ("any",), "text", "", "", str)]
"""


def wheel(
    folder: Path,
    name: str = "stranger-good",
    version: str = "1.2",
    *,
    code: str = FILTERS,
    needs: tuple[str, ...] = ("papka>=0.1",),
    tag: str = "py3-none-any",
    plugin: bool = True,
    more: dict[str, bytes] | None = None,
    inside: str | None = None,
) -> Path:
    """Write a wheel into a folder.

    Args:
        inside: The name that its metadata states, if it is another than that of the file.
    """
    module = name.replace("-", "_")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
        for file, body in content(
            module, inside or name, version, code, needs, tag, plugin, more or {}
        ).items():
            whole.writestr(zipfile.ZipInfo(file, (2020, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return path


def content(
    module: str,
    name: str,
    version: str,
    code: str,
    needs: tuple[str, ...],
    tag: str,
    plugin: bool,
    more: dict[str, bytes],
) -> dict[str, bytes]:
    info = f"{module}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    head += "".join(f"Requires-Dist: {one}\n" for one in needs)
    built = f"Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: {tag}\n"
    files = {f"{module}/__init__.py": code.encode(), f"{info}/METADATA": head.encode(), **more}
    files[f"{info}/WHEEL"] = built.encode()
    if plugin:
        files[f"{info}/entry_points.txt"] = f"[papka]\n{name.rpartition('-')[2]} = {module}\n".encode()
    lines = [f"{file},{_digest(body)},{len(body)}" for file, body in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    return files


def _digest(body: bytes) -> str:
    return "sha256=" + urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def installed(site: Path, path: Path) -> None:
    """Unpack a wheel as pip installs it: with what an installer adds."""
    with zipfile.ZipFile(path) as whole:
        whole.extractall(site)
        info = next(name.split("/")[0] for name in whole.namelist() if ".dist-info/" in name)
    (site / info / "INSTALLER").write_text("pip\n")
    with (site / info / "RECORD").open("a") as record:
        record.write(f"{info}/INSTALLER,{_digest(b'pip' + bytes([10]))},4\n")
