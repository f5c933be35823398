"""The scaffold filled in: the template that comes with papka, and what a new plugin keeps of it."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import yaml

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.outside import json_of
from .answers import Answers

TEMPLATE = Path(__file__).parent / "template"
KEPT = ".papka"
_RECORD, _WRITTEN = "scaffold.json", "scaffold.zip"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

Files = dict[str, bytes]
"""Files by their path below the folder of a plugin, written with ``/``."""


def titles(kind: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Return the title and the short title that the template proposes."""
    asked = yaml.safe_load((TEMPLATE / kind / "copier.yml").read_text("utf-8"))
    found = []
    for name in ("title", "short_title"):
        text = str(asked[name]["default"])
        for word, value in known.items():
            text = text.replace(f"[[ {word} ]]", value)
        found.append(text)
    return found[0], found[1]


def filled_in(answers: Answers) -> Files:
    """Fill the template in.

    Raises:
        PapkaError: What reads the template is not installed.
    """
    copier = _copier()
    with tempfile.TemporaryDirectory(prefix="papka-") as name:
        folder = Path(name)
        source = str(TEMPLATE / answers.kind)
        copier.run_copy(source, folder, data=answers.as_data(), defaults=True, overwrite=True, quiet=True)
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in _every(folder)}


def _copier() -> ModuleType:
    try:
        import copier
    except ImportError:
        raise PapkaError(tr("To make plugins, install the kit: pip install papka[kit]")) from None
    return copier


def _every(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


@dataclass(frozen=True)
class Record:
    """What a plugin keeps of how it was made: by which papka, from what answers, each file as written.

    By it a later papka knows which files nobody has touched, and what to compare the others with.
    """

    papka: str
    answers: Answers
    written: Files

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what lies in the folder of a plugin.

        Raises:
            AskedWrongly: The folder is no plugin that papka made.
            PapkaError: What lies there is not what papka wrote.
        """
        file = folder / KEPT / _RECORD
        if not file.is_file():
            words = tr("The folder {folder} was not made by papka plugin new: it has no {file}.")
            raise AskedWrongly(words.format(folder=folder, file=f"{KEPT}/{_RECORD}"))
        try:
            kept = json_of(file)
            with zipfile.ZipFile(file.with_name(_WRITTEN)) as archive:
                written = {name: archive.read(name) for name in kept["files"]}
            papka, answers = str(kept["papka"]), dict(kept["answers"])
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            words = tr("The folder {folder} is not as papka wrote it; take it from a copy.")
            raise PapkaError(words.format(folder=folder / KEPT)) from error
        return cls(papka, Answers.read(answers), written)

    def files(self) -> Files:
        """Return the files that keep it."""
        digests = {name: sha256(content).hexdigest() for name, content in sorted(self.written.items())}
        kept: dict[str, Any] = {"papka": self.papka, "answers": self.answers.as_json(), "files": digests}
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in sorted(self.written.items()):
                target.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
        text = json.dumps(kept, ensure_ascii=False, indent=2) + "\n"
        return {f"{KEPT}/{_RECORD}": text.encode("utf-8"), f"{KEPT}/{_WRITTEN}": archive.getvalue()}


def make(answers: Answers, into: Path) -> Path:
    """Make a new plugin in a folder of its own; it is there whole or not at all.

    Raises:
        AskedWrongly: There is a folder of its name already.
        PapkaError: It cannot be written, or what reads the template is not installed.
    """
    from ... import __version__

    target = into / answers.folder
    if target.exists():
        words = tr("There is {folder} already; it is not touched. Take another name, or --into.")
        raise AskedWrongly(words.format(folder=target))
    written = filled_in(answers)
    record = Record(__version__, answers, written)
    try:
        into.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".papka-", dir=into))
    except OSError as error:
        raise PapkaError(tr("Nothing can be written into {folder}.").format(folder=into)) from error
    try:
        for name, content in {**written, **record.files()}.items():
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        draft.chmod(0o755)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target
