"""`papka verify`: where a file comes from, and whether it is as it was issued."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ...core.bounds import bounded
from ...core.errors import AskedWrongly, PapkaError
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.office import Office
from ...core.oserrors import why
from ...core.outside import bytes_of
from ...core.zips import BROKEN
from ..apart import refuse_harmful
from ..packets.binding import is_bound
from .issuing import made_with

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, Mark
    from ...core.journal.journal import Journal
    from ..signing.verdict import SignedFile

Verdict = Literal["unaltered", "altered", "unknown", "damaged"]
_CODE = re.compile(r"(?:^|_)([ABCDEFGHJKMNPQRSTVWXYZ23456789]{12})(?:\.(?:signed|scan))?$")
SHOWN = 10
MOST_VERIFIED = 200 * 2**20
_PROPERTIES = 2**20
"""How much of a Word file's properties is looked through; what papka writes has a few hundred letters."""
_OF_SCANS = (".scan.pdf", ".scan.before.pdf")
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


@dataclass(frozen=True)
class Verified:
    """What is known of a file.

    Attributes:
        changes: Where an altered file differs from what was issued: places, and no words of the family's.
        same_today: Whether the case as it is now would give the same paper; None if that was not tried.
        since: What it was made with that is another one now: ``papka``, ``plugin``, ``template``, ``rules``.
        marks: Pages that came back and signatures.
        destroyed: The act by which the office's own files of the case were destroyed.
        signed: What was seen of the signatures that the file bears.
    """

    verdict: Verdict
    entry: Entry | None = None
    changes: tuple[str, ...] = ()
    same_today: bool | None = None
    since: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    destroyed: Entry | None = None
    signed: SignedFile | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return {
            "verdict": self.verdict,
            "entry": self.entry.as_json() if self.entry else None,
            "changes": list(self.changes),
            "same_today": self.same_today,
            "changed_since": list(self.since),
            "marks": [one.as_json() for one in self.marks],
            "destroyed_by": self.destroyed.id if self.destroyed else None,
            "signed": self.signed.as_json() if self.signed else None,
        }


def verify(file: Path, office: Office, journal: Journal) -> Verified:
    """Hold a file against the journal.

    Raises:
        AskedWrongly: The file is a packet of several papers, a picture, or a scan that papka has filed.
        PapkaError: The file cannot be read.
    """
    if file.name.endswith(_OF_SCANS):
        words = tr("This is a scan of signed pages, not the issued file. What came back: papka scan status.")
        raise AskedWrongly(words)
    if file.suffix.lower() in _PICTURES:
        words = tr(
            "{file} is a picture, and papers are verified by their Word file or PDF. "
            "A scan is filed so: papka scan attach FILE."
        )
        raise AskedWrongly(words.format(file=file.name))
    try:
        raw = bytes_of(file, MOST_VERIFIED)
    except OSError as error:
        words = tr("{file} cannot be read: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=why(error))) from error
    with bounded():
        return _verified(file, raw, office, journal)


def _verified(file: Path, raw: bytes, office: Office, journal: Journal) -> Verified:
    known = _by_digest(raw, journal)
    if known is not None:
        return _told("unaltered", known, office, journal)
    refuse_harmful(raw)
    if is_bound(raw):
        words = tr("{file} is a packet, and papers are verified one by one.")
        cure = tr(
            "Each page names its paper at the right foot: papka journal CODE. To print anew: papka packet."
        )
        raise AskedWrongly(f"{words.format(file=file.name)} {cure}")
    known = _by_code(file, raw, journal)
    if known is None and _is_damaged(file, raw):
        return Verified("damaged")
    if known is None or known.docx_sha256 is None:
        # Without a digest its number was given, and the paper was never recorded as written.
        return Verified("unknown", known)
    from ..signing.verdict import signed_file

    signed = signed_file(file, raw, known, journal.marks([known.id]).get(known.id, ()), office.folder)
    if signed is not None:
        return replace(_told(signed.verdict, known, office, journal), signed=signed)
    return _told("altered", known, office, journal, tuple(_changes(file, raw, known, office)))


def _is_damaged(file: Path, raw: bytes) -> bool:
    """Tell whether a file is empty, or is not what its name says: nobody can say which paper it was."""
    if file.suffix.lower() == ".pdf" or raw.startswith(b"%PDF-"):
        from ..pdf.pages import texts

        return texts(raw) is None
    if file.suffix.lower() == ".docx":
        return not zipfile.is_zipfile(io.BytesIO(raw))
    return not raw


def _told(
    verdict: Verdict, entry: Entry, office: Office, journal: Journal, changes: tuple[str, ...] = ()
) -> Verified:
    from ..keeping.tombs import ACT, act_of

    same, since = _today(entry, office)
    marks = tuple(journal.marks([entry.id]).get(entry.id, ()))
    gone = act_of(journal, entry.case) if entry.document != ACT else None
    return Verified(verdict, entry, changes, same, since, marks, gone)


def files_changed(office: Office, journal: Journal) -> Iterator[Finding]:
    """Go through the issued files of an office that are gone or are not as they were written.

    Those of a case whose data was destroyed by an act are gone by right; the act itself has to be there.
    """
    from ..keeping.tombs import ACT, destroyed_cases

    destroyed = destroyed_cases(journal)
    for entry in journal.entries(states=("issued", "replaced")):
        if entry.case in destroyed and entry.document != ACT:
            continue
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


def orphans(office: Office, journal: Journal) -> Iterator[Finding]:
    """Go through the files among the issued papers that no entry stands for: an act was cut off."""
    known = {one.id for one in journal.entries(states=("issued", "replaced"))}
    begun = {one.id for one in journal.entries(states=("reserved",))}
    for path in sorted(office.folder.glob("cases/*/issued/*")):
        code = _code_in(path.name.split(".", 1)[0])
        # A paper whose number is given is told of as such; its files are written again with it.
        if path.name.startswith(".") or code in known or code in begun:
            continue
        message = tr("A file lies among the issued papers, and the journal does not know it: {file}.")
        cure = tr("Move it elsewhere; what papka issues it records itself.")
        yield Finding("J-ORPHAN", "warning", message.format(file=path.name), cure, place=Place(path.name))


def known_of(file: Path, raw: bytes, journal: Journal) -> Entry | None:
    """Return the paper that a file is, or was before somebody changed it."""
    known = _by_digest(raw, journal)
    if known is None:
        refuse_harmful(raw)
        known = _by_code(file, raw, journal)
    return known if known is not None and known.docx_sha256 is not None else None


def _by_digest(raw: bytes, journal: Journal) -> Entry | None:
    digest = hashlib.sha256(raw).hexdigest()
    entries = journal.entries()
    return next((one for one in entries if digest in (one.docx_sha256, one.pdf_sha256)), None)


def _by_code(file: Path, raw: bytes, journal: Journal) -> Entry | None:
    """Return the paper whose code stands in the file's properties, on its pages or in its name."""
    named = (file.stem, file.name.split(".", 1)[0])
    for code in (_code_inside(raw), *_codes_on_pages(raw), *map(_code_in, named)):
        if code:
            try:
                return journal.entry(code)
            except PapkaError:
                continue
    return None


def _code_in(name: str) -> str | None:
    found = _CODE.search(name)
    return found[1] if found else None


def _code_inside(raw: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive, archive.open("docProps/core.xml") as part:
            core = part.read(_PROPERTIES).decode("utf-8", errors="replace")
    except BROKEN:
        return None
    found = re.search(r"<dc:identifier>([^<]{12})</dc:identifier>", core)
    return found[1] if found else None


def _codes_on_pages(raw: bytes) -> list[str]:
    if not raw.startswith(b"%PDF-"):
        return []
    from .codes import codes_in

    try:
        return list(dict.fromkeys(one.paper for one in codes_in(raw)))
    except PapkaError:
        return []


def _changes(file: Path, raw: bytes, entry: Entry, office: Office) -> list[str]:
    """Say where a file differs from the one that was issued: in which paragraphs, or on which pages."""
    word = office.folder / (entry.file or "")
    is_pdf = raw.startswith(b"%PDF-")
    issued = word.with_suffix(".pdf") if is_pdf else word
    digest = entry.pdf_sha256 if is_pdf else entry.docx_sha256
    if digest is None or not issued.is_file():
        return []
    own = issued.read_bytes()
    if hashlib.sha256(own).hexdigest() != digest:
        return [tr("the office's own copy was altered too")]
    if is_pdf and raw.startswith(own):
        return [tr("the issued file stands in it whole; something was added after it, as a signature is")]
    from ..package import PackageFault

    try:
        told = _pages_changed(own, raw) if is_pdf else _paragraphs_changed(issued, file)
    except PackageFault as fault:
        return [str(fault)]
    if not told:
        return [tr("the words are the same; the look or the properties differ")]
    return told if len(told) <= SHOWN else [*told[:SHOWN], "…"]


def _paragraphs_changed(issued: Path, file: Path) -> list[str]:
    from difflib import SequenceMatcher

    then, now = _paragraphs(issued), _paragraphs(file)
    words = {"replace": tr("changed"), "delete": tr("removed"), "insert": tr("added")}
    return [
        tr("paragraph {number}: {what}").format(number=(i if kind == "delete" else j) + 1, what=words[kind])
        for kind, i, _, j, _ in SequenceMatcher(None, then, now, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def _pages_changed(issued: bytes, now: bytes) -> list[str]:
    from ..pdf.pages import texts

    then_texts, now_texts = texts(issued), texts(now)
    if now_texts is None or then_texts is None:
        return [tr("the PDF is damaged: it cannot be opened")]
    told = [
        tr("page {number}: the words are not those that were issued").format(number=number)
        for number, (before, after) in enumerate(zip(then_texts, now_texts, strict=False), start=1)
        if before != after
    ]
    if len(then_texts) != len(now_texts):
        words = tr("pages: {now} instead of {then}")
        told.append(words.format(now=len(now_texts), then=len(then_texts)))
    return told


def _paragraphs(file: Path) -> list[str]:
    """Return the texts of all paragraphs of the body, those of tables too, in order."""
    from ..package import open_package

    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = open_package(file.read_bytes()).xml("word/document.xml")
    return ["".join(map(str, one.itertext(f"{word}t"))) for one in root.iter(f"{word}p")]


def _today(entry: Entry, office: Office) -> tuple[bool | None, tuple[str, ...]]:
    """Tell whether the case as it is now gives the same paper, and what that would be made with otherwise.

    The first is None if the case cannot be opened or the paper cannot be drawn.
    """
    from ...core.opening import open_case
    from ..rendering import Press

    try:
        opened = open_case(entry.case, office.folder)
        press = Press(opened.method, opened.language)
        drafts = press.render(opened.case, entry.document, entry.day)
        draft = next((one for one in drafts if one.item == entry.item), None)
    except PapkaError:
        return None, ()
    if draft is None:
        return False, ()
    same = hashlib.sha256(draft.content).hexdigest() == entry.facts
    now = made_with(opened, draft, None)
    names = {"papka": "papka", "plugin": "plugin", "template_sha256": "template", "rules_sha256": "rules"}
    since = (said for name, said in names.items() if entry.made_with.get(name, now[name]) != now[name])
    return same, tuple(since)
