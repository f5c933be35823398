"""`papka verify`: where a file comes from, and whether it is as it was issued."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..core.errors import PapkaError
from ..core.findings import Finding, Place
from ..core.i18n import tr
from ..core.office import Office
from ..core.oserrors import why

if TYPE_CHECKING:
    from ..core.journal.entries import Entry
    from ..core.journal.journal import Journal

Verdict = Literal["unaltered", "altered", "unknown"]
_CODE = re.compile(r"(?:^|_)([ABCDEFGHJKMNPQRSTVWXYZ23456789]{12})$")
SHOWN = 10


@dataclass(frozen=True)
class Verified:
    """What is known of a file.

    Attributes:
        changes: Where an altered file differs from what was issued: places, and no words of the family's.
        same_today: Whether the case as it is now would give the same paper; None if that was not tried.
    """

    verdict: Verdict
    entry: Entry | None = None
    changes: tuple[str, ...] = ()
    same_today: bool | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return {
            "verdict": self.verdict,
            "entry": self.entry.as_json() if self.entry else None,
            "changes": list(self.changes),
            "same_today": self.same_today,
        }


def verify(file: Path, office: Office, journal: Journal) -> Verified:
    """Hold a file against the journal.

    Raises:
        PapkaError: The file cannot be read.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        words = tr("{file} cannot be read: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=why(error))) from error
    digest = hashlib.sha256(raw).hexdigest()
    by_digest = {one: entry for entry in journal.entries() for one in (entry.docx_sha256, entry.pdf_sha256)}
    if digest in by_digest:
        entry = by_digest[digest]
        assert entry is not None
        return Verified("unaltered", entry, same_today=_same_today(entry, office))
    known = _by_code(file, journal)
    if known is None:
        return Verified("unknown")
    if known.docx_sha256 is None:
        # Its number was given, and the paper was never recorded as written.
        return Verified("unknown", known)
    return Verified("altered", known, tuple(_changes(file, known, office)), _same_today(known, office))


def files_changed(office: Office, journal: Journal) -> Iterator[Finding]:
    """Go through the issued files of an office that are gone or are not as they were written."""
    for entry in journal.entries(states=("issued", "replaced")):
        word = office.folder / (entry.file or "")
        for path, digest in ((word, entry.docx_sha256), (word.with_suffix(".pdf"), entry.pdf_sha256)):
            if digest is None:
                continue
            if not path.is_file():
                message = tr("An issued file is gone: {id} ({document}).")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                message = tr("An issued file was altered: {id} ({document}).")
            else:
                continue
            cure = tr("Take it from a backup; what is right now is issued as a correction: --correct REASON.")
            place = Place(path.name)
            said = message.format(id=entry.id, document=entry.document)
            yield Finding("J-FILE", "error", said, cure, place=place)


def _by_code(file: Path, journal: Journal) -> Entry | None:
    """Return the paper whose code stands in the file's properties or in its name."""
    for code in (_code_inside(file), _code_in(file.stem)):
        if code:
            try:
                return journal.entry(code)
            except PapkaError:
                continue
    return None


def _code_in(name: str) -> str | None:
    found = _CODE.search(name)
    return found[1] if found else None


def _code_inside(file: Path) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            core = archive.read("docProps/core.xml").decode("utf-8", errors="replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
    found = re.search(r"<dc:identifier>([^<]{12})</dc:identifier>", core)
    return found[1] if found else None


def _changes(file: Path, entry: Entry, office: Office) -> list[str]:
    """Say in which paragraphs a Word file differs from the one that was issued."""
    issued = office.folder / (entry.file or "")
    if file.suffix.lower() != ".docx" or not issued.is_file():
        return []
    if hashlib.sha256(issued.read_bytes()).hexdigest() != entry.docx_sha256:
        return [tr("the office's own copy was altered too")]
    from difflib import SequenceMatcher

    from .package import PackageFault

    try:
        then, now = _paragraphs(issued), _paragraphs(file)
    except PackageFault as fault:
        return [str(fault)]
    words = {"replace": tr("changed"), "delete": tr("removed"), "insert": tr("added")}
    told = [
        tr("paragraph {number}: {what}").format(number=(i if kind == "delete" else j) + 1, what=words[kind])
        for kind, i, _, j, _ in SequenceMatcher(None, then, now, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    if not told:
        return [tr("the words are the same; the look or the properties differ")]
    return told if len(told) <= SHOWN else [*told[:SHOWN], "…"]


def _paragraphs(file: Path) -> list[str]:
    """Return the texts of all paragraphs of the body, those of tables too, in order."""
    from .package import open_package

    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = open_package(file.read_bytes()).xml("word/document.xml")
    return ["".join(map(str, one.itertext(f"{word}t"))) for one in root.iter(f"{word}p")]


def _same_today(entry: Entry, office: Office) -> bool | None:
    """Tell whether the case as it is now gives the same paper; None if it cannot be drawn."""
    from ..core.opening import open_case
    from .rendering import Press

    try:
        opened = open_case(entry.case, office.folder)
        press = Press(opened.method, opened.plugins.language)
        drafts = press.render(opened.case, entry.document, entry.day)
        draft = next((one for one in drafts if one.item == entry.item), None)
    except PapkaError:
        return None
    return draft is not None and hashlib.sha256(draft.content).hexdigest() == entry.facts
