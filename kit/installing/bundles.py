"""A bundle: one file with plugins, the wheels that they need and the digest of each, for who has no internet.

manifest.json       what it is, for which Python and computer, and each wheel with its SHA-256 and size
requirements.txt    the same for pip alone: ``name==version --hash=sha256:…``
wheels/*.whl        stored as they are
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.zips import BROKEN
from .building import write
from .target import PYTHON, made_for
from .wheels import MAX_FILE, Wheel, is_safe_name

ENDING = ".papka.zip"
_MANIFEST, _LIST, _WHEELS = "manifest.json", "requirements.txt", "wheels/"
_MAX_MANIFEST = 2**20
_MAX_WHEELS = 500
_MAX_BUNDLE = 2 * 2**30
_CHUNK = 2**20
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class Listed(BaseModel):
    """A wheel as a bundle lists it."""

    model_config = ConfigDict(frozen=True)

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+!-]{1,200}\.whl$")]
    name: _Text
    version: _Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0, le=MAX_FILE)]


class Manifest(BaseModel):
    """What a bundle says of itself.

    Attributes:
        plugins: The distributions it was made for; the other wheels are what they need.
        python: The Python that its wheels need, such as ``cp311``, or ``any``.
        platform: The computer, such as ``win_amd64``, or ``any``.
    """

    model_config = ConfigDict(frozen=True)

    papka_bundle: Literal[1]
    made_on: date
    made_by: _Text
    python: _Text
    platform: _Text
    plugins: Annotated[tuple[_Text, ...], Field(min_length=1, max_length=100)]
    wheels: Annotated[tuple[Listed, ...], Field(min_length=1, max_length=_MAX_WHEELS)]


def made(wheels: Sequence[Wheel], plugins: Sequence[str], into: Path) -> Manifest:
    """Write a bundle of wheels; the same wheels on the same day give the same bytes."""
    ordered = sorted(wheels, key=lambda one: one.path.name)
    python, platform = made_for(one.tags for one in ordered)
    manifest = Manifest(
        papka_bundle=1,
        made_on=_today(),
        made_by=f"papka {_version()}, Python {PYTHON}",
        python=python,
        platform=platform,
        plugins=tuple(sorted(plugins)),
        wheels=tuple(_listed(one) for one in ordered),
    )
    draft = into.with_name(f".{into.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as whole:
            told = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1)
            write(whole, _MANIFEST, told.encode("utf-8") + b"\n")
            write(whole, _LIST, "".join(f"{one.pinned}\n" for one in ordered).encode("utf-8"))
            for one in ordered:
                write(whole, _WHEELS + one.path.name, one.path.read_bytes())
        draft.replace(into)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _listed(one: Wheel) -> Listed:
    size = one.path.stat().st_size
    return Listed(file=one.path.name, name=one.name, version=one.version, sha256=one.sha256, size=size)


def _today() -> date:
    """Return the day; who wants the same bytes tomorrow sets it, as all who build packages do."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdigit() else date.today()


def _version() -> str:
    from ... import __version__

    return __version__


# --- reading -----------------------------------------------------------------------------------------------


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, to be compared with what its maker says of it."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def shown(file: Path) -> Manifest:
    """Return what a bundle says of itself; its wheels are not looked at."""
    with _opened(file) as whole:
        return _manifest(file, whole)


def unpacked(file: Path, into: Path) -> tuple[Manifest, list[Wheel]]:
    """Take the wheels out of a bundle, each held against its digest.

    Raises:
        PapkaError: The bundle is damaged, was changed, or holds what no bundle holds.
    """
    with _opened(file) as whole:
        manifest = _manifest(file, whole)
        listed = {_WHEELS + one.file: one for one in manifest.wheels}
        there = {one.filename for one in whole.infolist()} - {_MANIFEST, _LIST}
        _same(file, listed.keys(), there)
        into.mkdir(parents=True, exist_ok=True)
        for name, one in sorted(listed.items()):
            with whole.open(name) as stream:
                _taken(file, stream, one, into / one.file)
    wheels = [Wheel.read(into / one.file) for one in manifest.wheels]
    for found, said in zip(wheels, manifest.wheels, strict=True):
        if (found.name, found.version) != (said.name, said.version):
            raise PapkaError(_changed(file, said.file))
    lost = set(manifest.plugins) - {one.name for one in wheels}
    if lost:
        raise PapkaError(_incomplete(file, sorted(lost)))
    return manifest, wheels


def _opened(file: Path) -> zipfile.ZipFile:
    if not file.is_file():
        raise AskedWrongly(tr("There is no file {file}.").format(file=file))
    try:
        whole = zipfile.ZipFile(file)
    except BROKEN as error:
        words = tr("{file} is no bundle of papka, or it did not come over whole. Copy it once more.")
        raise PapkaError(words.format(file=file.name)) from error
    inside = whole.infolist()
    names = [one.filename for one in inside]
    too_large = len(inside) > _MAX_WHEELS + 2 or sum(one.file_size for one in inside) > _MAX_BUNDLE
    if too_large or len(set(names)) != len(names) or not all(map(is_safe_name, names)):
        whole.close()
        words = tr("{file} holds what no bundle of papka holds, and nothing was taken out of it.")
        raise PapkaError(words.format(file=file.name))
    return whole


def _manifest(file: Path, whole: zipfile.ZipFile) -> Manifest:
    try:
        with whole.open(_MANIFEST) as stream:
            body = stream.read(_MAX_MANIFEST + 1)
        if len(body) > _MAX_MANIFEST:
            raise ValueError
        return Manifest.model_validate_json(body)
    except (
        *BROKEN,
        ValidationError,
    ) as error:
        words = tr("{file} is no bundle of papka, or it did not come over whole. Copy it once more.")
        raise PapkaError(words.format(file=file.name)) from error


def _same(file: Path, listed: Iterable[str], there: set[str]) -> None:
    missing = sorted(set(listed) - there)
    if missing:
        raise PapkaError(_incomplete(file, [name.removeprefix(_WHEELS) for name in missing]))
    if there - set(listed):
        words = tr("{file} holds what no bundle of papka holds, and nothing was taken out of it.")
        raise PapkaError(words.format(file=file.name))


def _taken(file: Path, stream: IO[bytes], one: Listed, target: Path) -> None:
    """Copy a wheel out, no more of it than the list says, and hold it against its digest."""
    digest, size = sha256(), 0
    try:
        with target.open("wb") as copy:
            while chunk := stream.read(min(_CHUNK, one.size - size + 1)):
                size += len(chunk)
                if size > one.size:
                    break
                digest.update(chunk)
                copy.write(chunk)
    except BROKEN as error:
        raise PapkaError(_changed(file, one.file)) from error
    if size != one.size or digest.hexdigest() != one.sha256:
        raise PapkaError(_changed(file, one.file))


def _incomplete(file: Path, names: Sequence[str]) -> str:
    words = tr("{file} lacks {names}, and nothing was installed. Ask its maker for the whole of it.")
    return words.format(file=file.name, names=", ".join(names))


def _changed(file: Path, name: str) -> str:
    words = tr(
        "In {file}, {name} is not what its maker put there, and nothing was installed. Copy it once more."
    )
    return words.format(file=file.name, name=name)
