"""All signatures of a paper at once: what they are, and whether they are those that the journal knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.office import Office
from ..pdf.running import private_room
from .paper import SIGNED, SignablePaper, states_of

if TYPE_CHECKING:
    from ...core.journal.journal import Journal
    from ...core.signatures import SignatureProvider
    from .checks import SignatureCheck


def look_at_all(
    paper: SignablePaper, provider: SignatureProvider | None = None
) -> list[tuple[Path, tuple[SignatureCheck, ...]]]:
    """Look at all electronic signatures of a paper, file by file."""
    from .checking import anchors, in_cms, in_pdf
    from .pades import needs_pyhanko

    needs_pyhanko()
    trusted = anchors(paper.office.folder)
    found = []
    if paper.file(SIGNED).is_file():
        found.append((paper.file(SIGNED), tuple(in_pdf(paper.file(SIGNED).read_bytes(), trusted))))
    stem = paper.file(".docx").stem
    for file in sorted(paper.file(".docx").parent.glob(f"{stem}.signer-*.sig")):
        signed = paper.file(Path(file.stem).suffix)
        raw, content = file.read_bytes(), signed.read_bytes() if signed.is_file() else b""
        answered = asked(raw, content, signed.name, provider)
        found.append((file, tuple(in_cms(raw, content, trusted, answered))))
    return found


def unlike_the_journal(paper: SignablePaper) -> list[str]:
    """Say which signatures that the journal knows are gone, or are not those that it knows."""
    said = []
    for number, mark in sorted(paper.marks().items()):
        if mark.file is None or mark.sha256 is None:
            continue
        path = paper.office.folder / mark.file
        if not path.is_file():
            said.append(
                tr("The signature of signer {number} is gone: {file}.").format(number=number, file=path.name)
            )
        elif mark.sha256 not in states_of(path.read_bytes()):
            words = tr("The signature of signer {number} is not the one that was recorded: {file}.")
            said.append(words.format(number=number, file=path.name))
    return said


def signatures_changed(office: Office, journal: Journal) -> Iterator[Finding]:
    """Go through the electronic signatures that the journal knows and that are gone or are others now."""
    from ..keeping.tombs import destroyed_cases

    destroyed, marks = destroyed_cases(journal), journal.marks()
    for entry in journal.entries(states=("issued", "replaced")):
        if entry.case in destroyed or not any(one.kind == "signed" for one in marks.get(entry.id, ())):
            continue
        cure = tr("Take it from a backup; papka sign {id} --check looks at what is there.").format(
            id=entry.id
        )
        for words in unlike_the_journal(SignablePaper(office, journal, entry)):
            yield Finding("J-SIGNATURE", "error", words, cure, place=Place(entry.id))


def asked(
    raw: bytes, document: bytes, name: str, provider: SignatureProvider | None
) -> tuple[str, bool] | None:
    """Ask a provider of a detached signature; it gets copies. None: there is none, or it could not tell."""
    if provider is None or provider.verify is None:
        return None
    with private_room() as folder:
        paper = folder / "in" / name
        signature = paper.with_name(f"{name}.sig")
        paper.write_bytes(document)
        signature.write_bytes(raw)
        good = provider.verify(paper, signature)
    return None if good is None else (provider.name, good)
