"""The ways to sign a paper. Each ends in the journal, or nothing happened."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.oserrors import why
from ...core.outside import bytes_of
from ..saving import write_atomically
from .added import only_signed
from .looking import asked
from .paper import SIGNED, SignablePaper, room, states_of

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

    from ...core.journal.entries import How, Mark
    from ...core.signatures import SignatureProvider
    from .checks import SignatureCheck
    from .pades import Key


_LARGEST = 20_000_000
"""Bytes of a signature in a file of its own; with its time stamps and lists it is a hundredth of that."""


@dataclass(frozen=True)
class Signed:
    """What came of signing.

    Attributes:
        file: Where the signature lies.
        checks: What was seen when it was looked at; empty for a signature by hand, and where it was not read.
    """

    mark: Mark
    file: Path | None = None
    checks: tuple[SignatureCheck, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"signed": self.mark.as_json(), "checks": [one.as_json() for one in self.checks]}


def sign_by_hand(paper: SignablePaper, number: int, on: date | None = None) -> Signed:
    """Record that somebody has signed with a pen.

    Raises:
        PapkaError: The paper cannot be signed any more, or the signer has signed.
    """
    if on is not None and on > date.today():
        raise PapkaError(tr("Nobody has signed on a day that is still to come."))
    with room(paper) as _:
        may_sign(paper, number)
        return Signed(_marked(paper, number, "hand", on or date.today()))


def waive(paper: SignablePaper, number: int, reason: str) -> Signed:
    """Record that a signature is not needed, and why.

    Raises:
        PapkaError: The paper cannot be signed any more, or the signer has signed.
    """
    with room(paper) as _:
        may_sign(paper, number)
        return Signed(_marked(paper, number, "waived", date.today(), reason=reason))


def take_back(paper: SignablePaper, number: int, reason: str) -> Signed:
    """Record that what stands of a signer was a mistake; the journal keeps both, and the place is open again.

    A signature that a file bears is no word of anybody's: it is not taken back.

    Raises:
        PapkaError: Nothing is recorded of the signer, or the signature is an electronic one.
    """
    with room(paper) as _:
        mark = paper.marks().get(number)
        if mark is None:
            words = tr("Nothing is recorded of signer {number}. Who has signed: papka sign {id}.")
            raise PapkaError(words.format(number=number, id=paper.entry.id))
        if mark.how in ("pades", "cms"):
            words = tr(
                "Signer {number} has signed electronically, and such a signature is not taken back. "
                "If the paper is wrong, issue a corrected one."
            )
            raise PapkaError(words.format(number=number))
        return Signed(_marked(paper, number, "undone", date.today(), reason=reason))


def sign_with_key(paper: SignablePaper, number: int, key: Key) -> Signed:
    """Sign inside the PDF: the first signature copies the issued one, each later one is appended to it.

    Raises:
        PapkaError: The paper cannot be signed, or the signature does not hold when it is looked at.
    """
    from . import pades
    from .checking import anchors

    with room(paper) as _:
        may_sign(paper, number)
        # A bad file among the trusted ones is told before anything is signed.
        trusted = anchors(paper.office.folder)
        before = _as_signed_so_far(paper)
        name = f"{pades.FIELD}{number}"
        if name in pades.signed_fields(before):
            # Somebody was stopped after the file was written and before the journal knew of it.
            mine = [one for one in _looked_at(before) if one.field == name and one.holds]
            if not any(one.serial == f"{key.certificate.serial_number:X}" for one in mine):
                words = tr("The place of signer {number} bears a signature.").format(number=number)
                raise PapkaError(words)
            after = before
        else:
            after = pades.sign(before, key, number, paper.signers, date.today(), paper.pack())
            _proven(paper, before, after)
            write_atomically(paper.file(SIGNED), after)
        return _done(
            paper, number, "pades", paper.file(SIGNED), date.today(), _looked_at(after, name, trusted)
        )


def sign_with_provider(paper: SignablePaper, number: int, provider: SignatureProvider) -> Signed:
    """Let a signing tool of the centre sign; it works on a copy of the paper.

    Raises:
        PapkaError: It did not sign, or what it wrote does not fit the paper.
    """
    with room(paper) as folder:
        may_sign(paper, number)
        there = ".docx" if paper.issued(".pdf") is None and not provider.embeds else ".pdf"
        copy = folder / paper.file(there).name
        copy.write_bytes(_as_signed_so_far(paper) if provider.embeds else paper.issued(there) or b"")
        raw = _written(provider.sign(copy, folder), copy)
        if not raw:
            words = tr("The signing tool {name} ended without a signature.")
            raise PapkaError(words.format(name=provider.name))
        if provider.embeds:
            return _signed_pdf(paper, number, raw)
        return _attached(paper, number, raw, copy.suffix, provider)


def _written(made: object, paper: Path) -> bytes:
    """Return what a provider wrote; nothing if it named no file of its own."""
    if not isinstance(made, Path) or made.resolve() == paper.resolve():
        return b""
    try:
        return made.read_bytes()
    except OSError:
        return b""


def attach(
    paper: SignablePaper, number: int, signature: Path, provider: SignatureProvider | None = None
) -> Signed:
    """Attach a detached signature that was made elsewhere.

    Raises:
        PapkaError: It is none, it is of another file, or it does not hold.
    """
    try:
        raw = bytes_of(signature, _LARGEST)
    except OSError as error:
        words = tr("{file} cannot be read: {reason}.")
        raise PapkaError(words.format(file=signature.name, reason=why(error))) from error
    with room(paper) as _:
        may_sign(paper, number)
        return _attached(paper, number, raw, _suffix_of(paper, raw, signature.name), provider)


def may_sign(paper: SignablePaper, number: int) -> None:
    """See that a paper can be signed by somebody now.

    Raises:
        PapkaError: The paper is void or replaced, has no such signer, or that signer has signed.
    """
    entry = paper.journal.entry(paper.entry.id)
    if entry.state == "replaced":
        after = (one.id for one in paper.journal.entries(case=entry.case) if one.replaces == entry.id)
        words = tr("The paper {id} was replaced by a later one: sign that one, {after}.")
        raise PapkaError(words.format(id=entry.id, after=next(after, "—")))
    if entry.state != "issued":
        raise PapkaError(tr("The paper {id} is not issued: nothing can be signed.").format(id=entry.id))
    known = [one.number for one in paper.signers]
    if number < 1 or (known and number not in known):
        words = tr("The paper has no signer {number}. Its signers: papka sign {id}.")
        raise PapkaError(words.format(number=number, id=entry.id))
    mark = paper.marks().get(number)
    if mark is not None and mark.how != "waived":
        words = tr("Signer {number} has signed already: {how}.").format(number=number, how=said_of(mark))
        if mark.how in ("hand", "scan"):
            words += " " + tr("If that was recorded by mistake: --undo --reason REASON.")
        raise PapkaError(words)


def said_of(mark: Mark) -> str:
    """Say how and when somebody has signed."""
    hows = {
        "scan": tr("by hand, seen on a scan"),
        "hand": tr("by hand"),
        "pades": tr("electronically, in the PDF"),
        "cms": tr("electronically, in a file of its own"),
        "waived": tr("not needed"),
        "undone": tr("taken back"),
    }
    day = f" {mark.on:%d.%m.%Y}" if mark.on else ""
    why = f" ({mark.reason})" if mark.reason else ""
    return f"{hows[mark.how]}{day}{why}"


# --- inside the PDF --------------------------------------------------------------------------------------


def _pdf(paper: SignablePaper) -> bytes:
    raw = paper.issued(".pdf")
    if raw is None:
        words = tr("The paper {id} was issued without a PDF: it can be signed by hand, or with --detached.")
        raise PapkaError(words.format(id=paper.entry.id))
    return raw


def _as_signed_so_far(paper: SignablePaper) -> bytes:
    """Return the PDF with the signatures it bears; it has to be the issued one with signatures that hold."""
    issued = _pdf(paper)
    path = paper.file(SIGNED)
    if not path.is_file():
        if any(one.how == "pades" for one in paper.marks().values()):
            words = tr("{file} is gone: take it from a backup before signing.")
            raise PapkaError(words.format(file=path.name))
        return issued
    raw = path.read_bytes()
    recorded = {one.sha256 for one in paper.marks().values() if one.how == "pades"}
    whole = only_signed(issued, raw) and recorded <= set(states_of(raw))
    if not whole or not all(one.holds for one in _looked_at(raw)):
        words = tr("{file} was altered after it was signed: take it from a backup before signing.")
        raise PapkaError(words.format(file=path.name))
    return raw


def _looked_at(
    raw: bytes, field: str | None = None, trusted: Sequence[Certificate] = ()
) -> tuple[SignatureCheck, ...]:
    from .checking import in_pdf

    return tuple(one for one in in_pdf(raw, trusted) if field is None or one.field == field)


def _proven(paper: SignablePaper, before: bytes, after: bytes) -> None:
    """See that one good signature was added, and nothing else happened to the file.

    Raises:
        PapkaError: It is not so.
    """
    known, found = _looked_at(before), _looked_at(after)
    good = after.startswith(before) and only_signed(_pdf(paper), after) and len(found) == len(known) + 1
    if not good or not all(one.holds is not False for one in found):
        words = tr("The signature does not hold when looked at, and was not kept. The paper is as it was.")
        raise PapkaError(words)


def _signed_pdf(paper: SignablePaper, number: int, raw: bytes) -> Signed:
    """Keep a PDF that a provider has signed, if it only added to what was there."""
    from .pades import needs_pyhanko

    needs_pyhanko()
    before = _as_signed_so_far(paper)
    _proven(paper, before, raw)
    write_atomically(paper.file(SIGNED), raw)
    known = {one.field for one in _looked_at(before)}
    new = tuple(one for one in _looked_at(raw) if one.field not in known)
    return _done(paper, number, "pades", paper.file(SIGNED), date.today(), new)


# --- in a file of its own --------------------------------------------------------------------------------


def _suffix_of(paper: SignablePaper, raw: bytes, name: str) -> str:
    """Find out of which file of the paper a signature was made: by its digest, else by its name."""
    there = [one for one in (".pdf", ".docx") if paper.issued(one) is not None]
    try:
        from . import cms

        for suffix in there:
            if all(one.fits(paper.issued(suffix) or b"") for one in cms.read(raw)):
                return suffix
    except ImportError:
        pass
    named = re.search(r"\.(pdf|docx)\b", name.lower())
    wanted = f".{named[1]}" if named else there[0]
    return wanted if wanted in there else there[0]


def _attached(
    paper: SignablePaper, number: int, raw: bytes, suffix: str, provider: SignatureProvider | None
) -> Signed:
    place = paper.file(f".signer-{number}{suffix}.sig")
    checks = _checked(paper, raw, suffix, provider)
    broken = [one for check in checks for one in check.sentences() if one.holds is False]
    if broken:
        words = tr("The signature was not attached. {reasons}")
        raise PapkaError(words.format(reasons=" ".join(one.text for one in broken)))
    write_atomically(place, raw)
    claimed = next((one.claimed for one in checks if one.claimed), None)
    return _done(paper, number, "cms", place, claimed.astimezone().date() if claimed else None, checks)


def _checked(
    paper: SignablePaper, raw: bytes, suffix: str, provider: SignatureProvider | None
) -> tuple[SignatureCheck, ...]:
    """Look at a signature; where the extra is not installed it is kept unread."""
    content = paper.issued(suffix) or b""
    answered = asked(raw, content, paper.file(suffix).name, provider)
    try:
        from .checking import in_cms

        return tuple(in_cms(raw, content, answered=answered))
    except ImportError:
        return ()


# --- the record ------------------------------------------------------------------------------------------


def _done(
    paper: SignablePaper, number: int, how: How, file: Path, on: date | None, checks: Sequence[SignatureCheck]
) -> Signed:
    return Signed(_marked(paper, number, how, on, file), file, tuple(checks))


def _marked(
    paper: SignablePaper,
    number: int,
    how: How,
    on: date | None,
    file: Path | None = None,
    reason: str | None = None,
) -> Mark:
    from ...core.journal.entries import Mark

    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file else None
    place = paper.relative(file) if file else None
    mark = Mark(paper.entry.id, "signed", str(number), how, on, place, digest, reason=reason)
    return paper.journal.mark(mark)
