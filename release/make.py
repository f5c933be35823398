"""What belongs to a release beside the code: pins with hashes, licences, a bill of materials, wheels.

    python3 -m venv kept && kept/bin/pip install uv cyclonedx-bom
    kept/bin/pip install --require-hashes -r release/requirements.txt
    kept/bin/python release/make.py          # writes the four files anew
    kept/bin/python release/make.py --check  # looks whether licences and bill fit the pins; needs no network

It asks the index that pip is set up for, and writes its address nowhere.
"""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PINS, LICENCES, BILL, WHEELS = (
    HERE / name for name in ("requirements.txt", "LICENSES.md", "sbom.cdx.json", "WHEELS.md")
)
EXTRAS = ("crypt", "dask", "forms", "kit", "pictures", "postgres", "scan", "sign")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "Linux, x86-64": "x86_64-manylinux_2_28",
    "Linux, ARM": "aarch64-manylinux_2_28",
    "macOS, Apple": "aarch64-apple-darwin",
    "macOS, Intel": "x86_64-apple-darwin",
    "Windows": "x86_64-pc-windows-msvc",
}

FREE = (
    "0BSD", "Apache", "BSD", "HPND", "ISC", "MIT", "PSF", "Python Software Foundation", "Unlicense",
    "Zlib", "ZPL", "CNRI",
)  # fmt: skip
SHARED = ("LGPL", "Lesser General Public", "MPL", "Mozilla Public")
"""Of these a changed library has to stay open; papka changes none, and pip installs each by itself."""
LOOKED_AT = {"pyrage": "MIT"}
"""What its files say where its metadata says nothing."""
APART = {"jinja2-ansible-filters": "copier, which the extra `kit` needs for `papka plugin new`"}
"""Under the GPL: never imported by papka, and installed with this extra only, for who makes plugins."""


@dataclass(frozen=True)
class Pin:
    """One pinned distribution; `marker` says where it is wanted."""

    name: str
    version: str
    marker: str


def pins() -> list[Pin]:
    """Return what is pinned."""
    found = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==([^\s;\\]+)(?: ; ([^\\]+?))? \\$", PINS.read_text("utf-8"))
    return [Pin(name, version, marker.strip()) for name, version, marker in found]


def uv(*words: str) -> subprocess.CompletedProcess[str]:
    """Run uv with the index of pip."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    environ = os.environ | ({"UV_DEFAULT_INDEX": index} if index else {})
    program = str(Path(sys.executable).parent / "uv")
    return subprocess.run([program, *words], capture_output=True, text=True, env=environ, check=False)


def write_pins() -> None:
    """Pin all that papka and its extras need, for every system and Python, with the hash of each file."""
    extras = [word for name in EXTRAS for word in ("--extra", name)]
    done = uv(
        "pip", "compile", "setup.cfg", "--universal", "--python-version", PYTHONS[0], "--generate-hashes",
        "-q", "--no-emit-index-url", "--no-header", "--no-annotate", *extras, "-o", str(PINS),
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)


# --- licences --------------------------------------------------------------------------------------------


def licence_of(about: email.message.Message) -> str:
    """Return what a distribution says of its licence, in short."""
    if said := about.get("License-Expression"):
        return str(said)
    told = [
        one.rpartition(" :: ")[2]
        for one in about.get_all("Classifier", [])
        if one.startswith("License ::") and one != "License :: OSI Approved"
    ]
    first = str(about.get("License") or "").strip().partition("\n")[0]
    return ", ".join(sorted(set(told))) or first or "?"


def kind_of(name: str, licence: str) -> str | None:
    """Return whether a licence lets papka be given away under MIT, and how; None: nobody has looked at it."""
    if name in APART:
        return "apart"
    if any(word in licence for word in SHARED):
        return "library"
    return "free" if any(word in licence for word in FREE) else None


def read_licences() -> dict[str, str]:
    """Read what each pinned distribution says: installed beside this, or fetched; nothing of it is run."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        for pin in pins():
            if pin.name not in found:
                said = licence_of(_installed(pin) or _metadata(pin, Path(place)))
                found[pin.name] = LOOKED_AT.get(pin.name, said)
    return found


def _installed(pin: Pin) -> email.message.Message | None:
    try:
        said = metadata.distribution(pin.name).read_text("METADATA") or ""
    except metadata.PackageNotFoundError:
        return None
    told = email.message_from_string(said)
    return told if told["Version"] == pin.version else None


def _metadata(pin: Pin, place: Path) -> email.message.Message:
    asked = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(place / pin.name)]
    for more in ([], ["--only-binary=:all:", "--platform=win_amd64"], ["--no-binary=:all:"]):
        subprocess.run([*asked, *more, f"{pin.name}=={pin.version}"], capture_output=True, check=False)
        for file in sorted((place / pin.name).glob("*")) if (place / pin.name).is_dir() else ():
            raw = _inside(file)
            if raw:
                return email.message_from_bytes(raw)
    sys.exit(f"{pin.name}: its metadata cannot be read")


def _inside(file: Path) -> bytes | None:
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            name = next(one for one in wheel.namelist() if one.endswith(".dist-info/METADATA"))
            return wheel.read(name)
    import tarfile

    with tarfile.open(file) as source:
        member = next(
            (one for one in source if one.name.count("/") == 1 and one.name.endswith("PKG-INFO")), None
        )
        stream = source.extractfile(member) if member else None
        return stream.read() if stream else None


def write_licences() -> None:
    """Write the list; stop at a licence that nobody has looked at."""
    licences = read_licences()
    unknown = sorted(name for name, said in licences.items() if kind_of(name, said) is None)
    if unknown:
        sys.exit("Look at these licences: " + ", ".join(f"{name} ({licences[name]})" for name in unknown))
    versions = {one.name: one.version for one in pins()}
    shared = [name for name in sorted(licences) if kind_of(name, licences[name]) == "library"]
    lines = [
        "# Licences of what papka needs",
        "",
        "Made by `release/make.py` from what each distribution says of itself. papka itself is MIT.",
        "",
        "pip installs each of these beside papka, unchanged; nothing of theirs is copied into it. Under a",
        "licence that asks for changes of the library itself to stay open (LGPL, MPL) are: "
        + ", ".join(f"`{name}`" for name in shared)
        + ".",
        "Who gives away one file with all inside (a frozen program) has to let its receiver exchange those.",
        "",
        "Under the GPL, which papka itself never imports: "
        + "; ".join(f"`{name}`, needed by {why}" for name, why in APART.items())
        + ". A centre does not need it; a frozen program leaves that extra out.",
        "",
        "| distribution | version | licence |",
        "| --- | --- | --- |",
        *(f"| {name} | {versions[name]} | {licences[name]} |" for name in sorted(licences)),
    ]
    LICENCES.write_text("\n".join(lines) + "\n", "utf-8")


def told_licences() -> dict[str, str]:
    """Return the licences that are written down."""
    rows = re.findall(
        r"(?m)^\| ([a-z0-9][a-z0-9_.-]*) \| ([^|]+) \| ([^|]+) \|$", LICENCES.read_text("utf-8")
    )
    return {name: licence.strip() for name, _, licence in rows if name != "distribution"}


# --- the bill of materials -------------------------------------------------------------------------------


def write_bill() -> None:
    """Write a CycloneDX bill of what is pinned, with hashes and licences, the same bytes each time."""
    program = str(Path(sys.executable).parent / "cyclonedx-py")
    done = subprocess.run(
        [program, "requirements", str(PINS), "--output-reproducible", "--of", "JSON", "--sv", "1.6"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    bill = json.loads(done.stdout)
    licences = told_licences()
    for part in bill["components"]:
        # Where it was fetched from is the affair of who installs it.
        part["externalReferences"] = [
            {"type": "distribution", "url": "about:blank", "hashes": one["hashes"]}
            for one in part.get("externalReferences", ())
            if one.get("hashes")
        ]
        part["licenses"] = [{"license": {"name": licences[part["name"]]}}]
        part.pop("description", None)
    bill["metadata"]["component"] = {
        "type": "application",
        "name": "papka",
        "bom-ref": "papka",
        "version": version(),
    }
    bill["metadata"].pop("tools", None)
    BILL.write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n", "utf-8")


def version() -> str:
    """Return papka's version."""
    said = re.search(r'__version__ = "([^"]+)"', (HERE.parent / "__init__.py").read_text("utf-8"))
    assert said
    return said[1]


# --- wheels ----------------------------------------------------------------------------------------------


def write_wheels() -> None:
    """Try each system and Python: can all be installed without a compiler? Write what holds."""
    rows = []
    for system, platform in SYSTEMS.items():
        cells = []
        for python in PYTHONS:
            lacking = sorted(_lacking(platform, python))
            cells.append("all" if not lacking else "not " + ", ".join(lacking))
            print(system, python, cells[-1], flush=True)
        rows.append(f"| {system} | " + " | ".join(cells) + " |")
    lines = [
        "# Wheels",
        "",
        "Made by `release/make.py`: for each system and Python, which of the pinned distributions (with all",
        "extras) have a wheel, so that nothing is compiled at the centre. Whether each then works is not",
        "tried here; the tests do that on the systems of the CI matrix.",
        "",
        "| system | " + " | ".join(PYTHONS) + " |",
        "| --- |" + " --- |" * len(PYTHONS),
        *rows,
        "",
        "`docopt` comes as source only: one file of plain Python that pip builds without a compiler.",
        "`cryptography` is needed by the extras `crypt` and `sign` only; papka itself needs it not.",
    ]
    WHEELS.write_text("\n".join(lines) + "\n", "utf-8")


def _lacking(platform: str, python: str) -> Iterator[str]:
    wanted = {f"{one.name}=={one.version}{f' ; {one.marker}' if one.marker else ''}" for one in pins()}
    while True:
        with tempfile.TemporaryDirectory() as place:
            asked = Path(place) / "asked.txt"
            asked.write_text("\n".join(sorted(wanted)), "utf-8")
            done = uv(
                "pip", "install", "--dry-run", "--no-deps", "--only-binary", ":all:", "--target", place,
                "--python-platform", platform, "--python-version", python, "-r", str(asked),
            )  # fmt: skip
        if done.returncode == 0:
            return
        said = re.sub(r"\s+", " ", done.stderr)
        named = {one for one in wanted if re.search(rf"\b{re.escape(one.partition(' ')[0])}\b", said)}
        if not named:
            sys.exit(done.stderr)
        yield from (one.partition(" ")[0] for one in named)
        wanted -= named


# --- looked at -------------------------------------------------------------------------------------------


def faults() -> Iterator[str]:
    """Go through what does not fit together; nothing is asked of an index."""
    pinned = {(one.name, one.version) for one in pins()}
    licences = told_licences()
    for name in sorted({name for name, _ in pinned} ^ set(licences)):
        yield f"{name}: pinned or licensed, not both"
    yield from (f"{name}: {said}" for name, said in licences.items() if kind_of(name, said) is None)
    bill: dict[str, Any] = json.loads(BILL.read_text("utf-8"))
    listed = {(one["name"], one["version"]) for one in bill["components"]}
    yield from (f"{name} {number}: not in the bill" for name, number in sorted(pinned - listed))
    if bill["metadata"]["component"]["version"] != version():
        yield "the bill is of another version of papka"
    for file in (PINS, LICENCES, BILL, WHEELS):
        if re.search(r"index-url|/simple|find-links", file.read_text("utf-8")):
            yield f"{file.name}: it names an index"


def main() -> None:
    """Make all, or look whether all fits."""
    if "--check" not in sys.argv:
        for step in (write_pins, write_licences, write_bill, write_wheels):
            print(step.__name__, flush=True)
            step()
    found = list(faults())
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
