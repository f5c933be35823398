"""`papka backup` and `papka restore`: an office as one file, and back.

The journal is read first, and an issued paper is written before the journal says so: whoever works meanwhile,
each paper of the copied journal is in the archive. What was issued after that is left to the next backup.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ...core.aside import is_left, own_name, sweep
from ...core.errors import AskedWrongly, PapkaError
from ...core.findings import Finding
from ...core.folders import SETTINGS
from ...core.i18n import tr
from ...core.index import INDEX
from ...core.migrating.versions import KNOWN, UNDER_WAY, said
from ...core.office import JOURNAL, Office
from ...core.oserrors import why
from ...core.outside import opened_file, refuse_device
from .archives import Reader, Writer
from .sealing import Opening, Seal, checked, is_sealed, opened, sealed

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal

LINES = "journal.jsonl"
_PASSING = (UNDER_WAY, ".papka-", ".issuing-", ".destroying-", ".~lock.", "~$")
"""How names begin of files that somebody is writing at this moment."""
_DATABASE = (JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm", f"{JOURNAL}-journal")
_CODE = re.compile(r"_([ABCDEFGHJKMNPQRSTVWXYZ23456789]{12})\.")
_OPEN, _NOTHING = Seal(), Opening()
_ASIDE, _ROOM = ".papka-writing-", ".papka-restoring-"
_BINARY = getattr(os, "O_BINARY", 0)
_SERVER = re.compile(rb"^(?=journal:)", re.MULTILINE)


@dataclass(frozen=True)
class Saved:
    """What a backup holds.

    Attributes:
        left_out: How many links and unreadable names were left out.
        findings: What was already amiss with the journal or the issued files.
    """

    file: Path
    files: int
    cases: int
    papers: int
    events: int
    head: str
    encrypted: bool
    left_out: int = 0
    made_at: str = ""
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "file": str(self.file),
            "files": self.files,
            "cases": self.cases,
            "papers": self.papers,
            "events": self.events,
            "hash": self.head,
            "encrypted": self.encrypted,
            "left_out": self.left_out,
            "made_at": self.made_at,
            "findings": [one.as_json() for one in self.findings],
        }


# --- out -------------------------------------------------------------------------------------------------


def back_up(
    office: Office, out: Path | None = None, seal: Seal = _OPEN, *, journal: Path | str | None = None
) -> Saved:
    """Write an office into one archive, whole or not at all, while others go on working.

    Args:
        journal: Where the journal is, if the settings are an earlier papka's.

    Raises:
        AskedWrongly: The archive would lie inside the office, or a file of this name is there.
        PapkaError: The journal or a file cannot be read, or there is no room.
    """
    from ...core.journal.growing import VERSION, hold_against, version_of
    from ...core.journal.journal import Journal

    checked(seal)
    file = _place(office, out, seal)
    book = Journal.at(journal or office.journal_place)
    told: dict[str, Any] = {}
    try:
        with book.engine.connect() as connection:
            version = version_of(connection)
        if version > VERSION:
            hold_against(version)
        with written_whole(file) as stream:
            if seal:
                sealed(seal, lambda pipe: told.update(_write(office, book, pipe)), stream)
            else:
                told.update(_write(office, book, stream))
    finally:
        book.close()
    return Saved(file=file, encrypted=bool(seal), **told)


def _place(office: Office, out: Path | None, seal: Seal) -> Path:
    ending = ".zip.age" if seal else ".zip"
    if out is None:
        home = office.folder.resolve()
        name = f"papka_{home.name}_{date.today():%Y-%m-%d}"
        free = (home.parent / f"{name}{n}{ending}" for n in ("", *(f"_{n}" for n in range(2, 1000))))
        return next(one for one in free if not one.exists())
    if out.resolve().is_relative_to(office.folder.resolve()):
        words = tr("Put the backup outside the office: what happens to the folder would happen to it too.")
        raise AskedWrongly(words)
    if out.exists():
        raise AskedWrongly(tr("{file} is there already. Name another file.").format(file=out))
    return out


@contextmanager
def written_whole(file: Path) -> Iterator[IO[bytes]]:
    """Give a stream to write to; the file takes its name when all is on the disk, for its owner's eyes only.

    Raises:
        PapkaError: It cannot be written.
    """
    folder = file.absolute().parent
    temporary: Path | None = None
    for old in folder.glob(f"{_ASIDE}*"):
        # Left behind by a run that was cut off: it holds families' papers.
        if is_left(old.name.removeprefix(_ASIDE)):
            old.unlink(missing_ok=True)
    try:
        refuse_device(file)
        temporary = folder / own_name(_ASIDE)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        raise PapkaError(
            tr("{file} could not be written: {reason}.").format(file=file, reason=why(error))
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _write(office: Office, book: Journal, stream: IO[bytes]) -> dict[str, Any]:
    from ... import __version__
    from .journals import lines_of

    writer, journal = Writer(stream), _Passing()
    writer.add(LINES, journal.noted(lines_of(book)))
    written, (events, head) = journal.written, journal.last
    left_out = 0
    for name, path in _files(office.folder):
        code = _CODE.search(path.name) if path.parent.name in ("issued", "acts") else None
        if code and code[1] not in written:
            continue
        try:
            name.encode()
        except UnicodeEncodeError:
            left_out += 1
            continue
        writer.add_file(name, path)
    left_out += sum(1 for _ in _links(office.folder))
    told = {
        "files": len(writer.files) - 1,
        "cases": sum(name.endswith("/case.yaml") for name in writer.files),
        "papers": len(written),
        "events": events,
        "head": head,
        "left_out": left_out,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    writer.close({**told, "papka": __version__, "version": KNOWN, "office": office.folder.resolve().name})
    return told


class _Passing:
    """Notes of a journal that passes by which papers are written, and number and hash of the last event."""

    def __init__(self) -> None:
        from ...core.journal.chain import START

        self.written: set[str] = set()
        self.last: tuple[int, str] = (0, START)

    def noted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Let the lines through."""
        for line in lines:
            one = json.loads(line)
            if one["table"] == "papers" and one["row"]["state"] in ("issued", "replaced"):
                self.written.add(one["row"]["id"])
            elif one["table"] == "events":
                self.last = max(self.last, (one["row"]["n"], one["row"]["hash"]))
            yield line


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Go through the files of an office; nobody's half-written ones, and no links."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(
            one for one in folders if not one.startswith(_PASSING) and not Path(top, one).is_symlink()
        )
        for name in sorted(names):
            path = Path(top, name)
            if name.startswith(_PASSING) or path.is_symlink() or not path.is_file():
                continue
            if Path(top) == folder and (name in (*_DATABASE, LINES) or name.startswith(INDEX)):
                continue
            yield path.relative_to(folder).as_posix(), path


def _links(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        yield from (Path(top, one) for one in (*folders, *names) if Path(top, one).is_symlink())


# --- looked through --------------------------------------------------------------------------------------


@contextmanager
def _reading(file: Path, opening: Opening) -> Iterator[Reader]:
    try:
        stream = opened(file, opening) if is_sealed(file) else opened_file(file)
    except OSError as error:
        raise PapkaError(
            tr("{file} cannot be read: {reason}.").format(file=file.name, reason=why(error))
        ) from error
    with stream:
        reader = Reader(stream)
        if LINES not in reader.manifest.files:
            raise PapkaError(tr("This archive is no backup of an office: it holds no journal."))
        if (said(reader.manifest.about.get("version", 1)) or 1) > KNOWN:
            raise PapkaError(tr("A newer papka made this archive: update papka."))
        yield reader


def check_backup(file: Path, opening: Opening = _NOTHING) -> Saved:
    """Read a backup through: every digest, the journal's chain, and whether its papers are there.

    Raises:
        PapkaError: It is damaged, unsafe, or does not open.
    """
    with _reading(file, opening) as reader:
        for name in reader.manifest.files:
            for _ in reader.chunks(name):
                pass
        findings = _faults(reader)
        return _said(file, reader, findings)


def _said(file: Path, reader: Reader, findings: tuple[Finding, ...]) -> Saved:
    about = reader.manifest.about
    numbers = {name: int(about.get(name, 0)) for name in ("files", "cases", "papers", "events", "left_out")}
    return Saved(
        file=file,
        head=str(about.get("head", "")),
        encrypted=is_sealed(file),
        made_at=str(about.get("made_at", "")),
        findings=findings,
        **numbers,
    )


def _faults(reader: Reader) -> tuple[Finding, ...]:
    """Return what is wrong with the journal of a backup, and which issued papers it lacks.

    Raises:
        PapkaError: The journal ends elsewhere than the archive's list says.
    """
    from .journals import in_memory
    from .tombs import ACT, destroyed_cases

    book = in_memory(reader.lines(LINES))
    try:
        _same_end(book, reader)
        found = list(book.faults())
        gone = destroyed_cases(book)
        for entry in book.entries(states=("issued", "replaced")):
            if (entry.case in gone and entry.document != ACT) or _is_in(reader, entry):
                continue
            words = tr("An issued file is not in the backup as it was issued: {id} ({document}).")
            cure = tr("It was gone or altered in the office already: papka journal --check.")
            message = words.format(id=entry.id, document=entry.document)
            found.append(Finding("J-FILE", "warning", message, cure))
    finally:
        book.close()
    return tuple(found)


def _is_in(reader: Reader, entry: Entry) -> bool:
    """Tell whether the files of a paper are in the archive as they were issued."""
    word = entry.file or ""
    pairs = ((word, entry.docx_sha256), (f"{word.removesuffix('.docx')}.pdf", entry.pdf_sha256))
    return all(
        digest is None or reader.manifest.files.get(name, ("",))[0] == digest for name, digest in pairs
    )


def _same_end(book: Journal, reader: Reader) -> None:
    about = reader.manifest.about
    if book.head() != (about.get("events"), about.get("head")):
        raise PapkaError(
            tr("The journal in the archive does not end where its list says: something was cut off.")
        )


# --- back ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """What was put in place.

    Attributes:
        from_server: The settings named a journal on a server; the line was switched off.
    """

    folder: Path
    saved: Saved
    from_server: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            **self.saved.as_json(),
            "folder": str(self.folder),
            "journal_line_switched_off": self.from_server,
        }


def restore(file: Path, folder: Path, opening: Opening = _NOTHING, journal: str | None = None) -> Restored:
    """Put an office in place from a backup, into a folder that is not there or empty; whole or not at all.

    Args:
        journal: The URL of an empty database for the journal; by default it becomes a file of the office.

    Raises:
        AskedWrongly: The folder is not empty, or so is the database.
        PapkaError: The backup is damaged or unsafe, or its journal was changed.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AskedWrongly(
            tr("The folder {folder} is not empty. Name another, or a new one.").format(folder=folder)
        )
    target = folder.absolute()
    room = target.with_name(own_name(_ROOM))
    sweep(target.parent, _ROOM)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        room.mkdir(mode=0o700)
        with _reading(file, opening) as reader:
            findings = _sound(_faults(reader))
            reader.unpack(room, lambda name: name != LINES)
            for name in ("cases", "templates"):
                (room / name).mkdir(mode=0o700, exist_ok=True)
            switched_off = _own_journal(room, journal)
            _journal(reader, journal or room / JOURNAL)
            said = _said(file, reader, findings)
        if target.exists():
            target.rmdir()
        room.replace(target)
    except OSError as error:
        words = tr("The office could not be put in place: {reason}.")
        raise PapkaError(words.format(reason=why(error))) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return Restored(folder, said, switched_off)


def _sound(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    from ...core.errors import Refused

    if broken := [one for one in findings if one.severity == "error"]:
        raise Refused(tr("The journal in this backup was changed; nothing was restored."), broken)
    return findings


def _own_journal(room: Path, journal: str | None) -> bool:
    """Keep a restored office from the journal that the old one works with, on its server."""
    file = room / SETTINGS
    if not file.is_file() or journal is not None:
        return False
    text = file.read_bytes()
    if not _SERVER.search(text):
        return False
    file.write_bytes(_SERVER.sub(b"# ", text))
    return True


def _journal(reader: Reader, place: Path | str) -> None:
    from ...core.journal.journal import Journal
    from .journals import is_empty, put_in

    book = Journal.open(place)
    try:
        if not is_empty(book):
            raise AskedWrongly(tr("The journal to restore into is not empty: name another (--journal URL)."))
        put_in(book, reader.lines(LINES))
        _same_end(book, reader)
        _sound(tuple(book.faults()))
    finally:
        book.close()
