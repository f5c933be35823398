"""What an office holds of a family outside its case: reports, scans, tables that cases came from."""

from __future__ import annotations

import html
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.folders import SETTINGS
from ...core.index import INDEX
from ...core.office import JOURNAL
from ...core.outside import bytes_of
from ...core.zips import BROKEN

if TYPE_CHECKING:
    from ...core.contract.case import Case

_KEPT = ("cases", "templates", "acts")
"""Folders whose files are a case's own, or nobody's."""
_TEXTS = (".txt", ".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".ics", ".html", ".md")
_PARTS = re.compile(r"(word|xl|ppt)/.*\.xml|content\.xml")
_END = re.compile(r"</(?:\w+:)?(?:p|tc|c|si|row)>")
_TAG = re.compile(r"<[^>]+>")
_LARGEST = 50_000_000
_SHORTEST = 4


@dataclass(frozen=True)
class Elsewhere:
    """Files of an office that are no case's own.

    Attributes:
        folders: How many lie in each folder; «.» is the office's own.
        naming: Those in which the family is named, as far as words can be read.
    """

    folders: tuple[tuple[str, int], ...] = ()
    naming: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.folders)


def elsewhere(folder: Path, names: Sequence[str] = ()) -> Elsewhere:
    """Look through what an office holds outside its cases.

    Args:
        names: What the family is known by (`names_of`); without it nothing is read.
    """
    files = sorted(_files(folder))
    counted = Counter(_top(path, folder) for path in files)
    said = _pattern(names)
    naming = [path for path in files if said is not None and _names(path, said)]
    return Elsewhere(
        tuple(sorted(counted.items())), tuple(path.relative_to(folder).as_posix() for path in naming)
    )


def names_of(case: Case) -> list[str]:
    """Return what a family is known by in lists: its surnames, the code and the number of its case."""
    surnames = {one.last_name for one in case.family.members}
    return sorted({*surnames, case.id, *([case.number] if case.number else [])})


def _top(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else "."


def _files(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        here = Path(top)
        if here == folder:
            folders[:] = [one for one in folders if one not in _KEPT]
            names = [one for one in names if one != SETTINGS and not one.startswith((JOURNAL, INDEX))]
        folders[:] = [one for one in folders if not Path(top, one).is_symlink()]
        yield from (here / name for name in names if not name.startswith(".") and (here / name).is_file())


def _pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    # A surname without its ending stands in all of its forms.
    stems = [re.escape(_plain(one)) for one in names if any(sign.isdigit() for sign in one)]
    stems += [re.escape(_stem(_plain(one))) for one in names if not any(sign.isdigit() for sign in one)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(stems)})") if stems else None


def _stem(name: str) -> str:
    bare = name.rstrip("аяйоьыиуюе")
    return bare if len(bare) >= _SHORTEST else name


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _names(path: Path, said: re.Pattern[str]) -> bool:
    return any(said.search(_plain(text)) for text in (path.stem, *_words(path)))


def _said(xml: str) -> str:
    """Return the words of a part: paragraphs and cells apart, the runs of a word together."""
    return html.unescape(_TAG.sub("", _END.sub(" ", xml)))


def _words(path: Path) -> Iterable[str]:
    """Return what can be read in a file: a text, or the words of a Word, Excel or OpenDocument file."""
    try:
        if path.stat().st_size > _LARGEST:
            return ()
        if path.suffix.lower() in _TEXTS:
            raw = bytes_of(path)
            return raw.decode("utf-8", errors="replace"), raw.decode("cp1251", errors="replace")
        if not zipfile.is_zipfile(path):
            return ()
        with zipfile.ZipFile(path) as archive:
            parts = [one for one in archive.infolist() if _PARTS.fullmatch(one.filename)]
            if sum(one.file_size for one in parts) > _LARGEST:
                return ()
            return [_said(archive.read(one).decode("utf-8", errors="replace")) for one in parts]
    except BROKEN:
        return ()
