"""A file with signatures held against the journal: for `papka verify`, which knows the paper already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...core.errors import PapkaError
from ...core.i18n import tr
from ..issued.cards import beside
from .checks import Said, SignatureCheck
from .paper import states_of

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, Mark

_FILES = (".sig", ".sgn", ".p7s")


@dataclass(frozen=True)
class SignedFile:
    """What is known of a file with signatures.

    Attributes:
        said: How it stands to the paper that was issued, and to what the journal knows.
        checks: Its signatures, each looked at.
    """

    said: tuple[Said, ...]
    checks: tuple[SignatureCheck, ...] = ()

    @property
    def verdict(self) -> Literal["unaltered", "altered", "unknown"]:
        """Whether it is the issued paper with good signatures; unknown where nothing vouches for it here."""
        found = [*(one.holds for one in self.said), *(one.holds for one in self.checks)]
        if False in found:
            return "altered"
        vouched = any(one.holds for one in self.said)
        return "unaltered" if vouched or (self.checks and all(found[len(self.said) :])) else "unknown"

    def lines(self) -> list[str]:
        """Say all of it, sentence by sentence."""
        found = [str(one) for one in self.said]
        for check in self.checks:
            sign = {True: "✓", False: "✗", None: "?"}[check.holds]
            found += [f"{sign} {check.headline()}", *(f"    {one}" for one in check.sentences())]
        return found

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        checks = [one.as_json() for one in self.checks]
        return {"said": [str(one) for one in self.said], "signatures": checks}


def signed_file(
    file: Path, raw: bytes, entry: Entry, marks: Sequence[Mark], office: Path
) -> SignedFile | None:
    """Look at a file that bears signatures of an issued paper; None if it bears none.

    Raises:
        PapkaError: The paper that a detached signature is of cannot be read, or a file in ``trust`` is none.
    """
    if raw[:5] == b"%PDF-" and b"/ByteRange" in raw:
        return _pdf(raw, entry, marks, office)
    if file.suffix.lower() in _FILES:
        return _detached(file, raw, entry, marks, office)
    return None


def _pdf(raw: bytes, entry: Entry, marks: Sequence[Mark], office: Path) -> SignedFile:
    from .checking import anchors, in_pdf
    from .pades import needs_pyhanko

    try:
        needs_pyhanko()
    except PapkaError as error:
        return SignedFile((_known(raw, marks), Said(None, str(error))))
    return SignedFile((_of_issued(raw, entry), _known(raw, marks)), tuple(in_pdf(raw, anchors(office))))


def _of_issued(raw: bytes, entry: Entry) -> Said:
    """Say whether the file is the issued PDF, to which only signatures were added."""
    from .added import only_signed

    end = states_of(raw).get(entry.pdf_sha256 or "")
    if end is None:
        return Said(False, tr("The PDF that was issued does not stand in this file."))
    if not only_signed(raw[:end], raw):
        return Said(False, tr("Something other than signatures was added to the PDF that was issued."))
    return Said(True, tr("It is the PDF that was issued; only signatures were added."))


def _known(raw: bytes, marks: Sequence[Mark]) -> Said:
    """Say whether the journal knows these signatures."""
    recorded = [one.sha256 for one in marks if one.kind == "signed" and one.sha256]
    digest = hashlib.sha256(raw).hexdigest()
    if digest not in recorded:
        return Said(None, tr("The journal does not know the file with these signatures."))
    electronic = [one.sha256 for one in marks if one.how == "pades" and one.sha256]
    if digest in electronic and not set(electronic) <= set(states_of(raw)):
        return Said(None, tr("The journal knows of later signatures that this file does not bear yet."))
    return Said(True, tr("The journal knows this file with its signatures."))


def _detached(file: Path, raw: bytes, entry: Entry, marks: Sequence[Mark], office: Path) -> SignedFile:
    from .checking import anchors, in_cms, signed_by

    known = _known(raw, marks)
    document = signed_by(file)
    if not document.is_file():
        suffix = ".docx" if document.suffix.lower() == ".docx" else ".pdf"
        document = beside(office, entry, suffix) or document
    try:
        content = document.read_bytes()
    except OSError:
        return SignedFile((known, Said(None, tr("The file that the signature is of is not here."))))
    try:
        return SignedFile((known,), tuple(in_cms(raw, content, anchors(office))))
    except ImportError:
        words = tr("The signature was not read; to read it: {cure}").format(cure="pip install papka[sign]")
        return SignedFile((known, Said(None, words)))
