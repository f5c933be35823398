"""What is wanted of a batch, and what it comes to: which cases, into which folder, under which key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...core.errors import AskedWrongly, PapkaError
from ...core.filenames import is_forbidden
from ...core.i18n import tr
from ...core.office import CASE_FILE, Office, find_office
from ...core.oserrors import not_opened, why
from ...core.outside import bytes_of
from ...core.plugging.plugins import BUILT_IN, Plugins
from ..registers.work import case_files

if TYPE_CHECKING:
    import hashlib

BATCHES = "batches"
"""The folder of an office in which batches lie."""
_FORMAT = "1"
_LEFT_OUT = ("cases", "listed", "into")
"""What decides which cases are looked at, or where papers go, and not what is on a paper."""
_DATA = (".yaml", ".docx")
_CODES = re.compile(r"^(?:id|number):[ \t]+(['\"]?)(.*?)\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)


@dataclass(frozen=True)
class BatchOrder:
    """What a worker wants drawn up, or issued, in many cases.

    Attributes:
        cases: Case files, folders, codes or numbers; without any, and without `listed`: all of the office.
        listed: A file that names cases, one a line.
        documents: Codes or titles of document types; without any, and without `stage` and `due`: all papers
            that a case has the facts for.
        stage: All papers of the stage that a case has reached.
        due: All papers that have a day by which they are due; with `by` those that are due by that day.
        where: Only cases for which this expression of the rules' language is true on the day.
        issue: The papers get their numbers and are recorded; without it they are drafts.
        into: The folder for drafts; by default one of the office's own.
    """

    cases: tuple[str, ...] = ()
    listed: Path | None = None
    documents: tuple[str, ...] = ()
    stage: bool = False
    due: bool = False
    by: date | None = None
    where: str | None = None
    issue: bool = False
    pdf: bool = False
    engine: str | None = None
    into: Path | None = None
    day: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Job:
    """A batch as it is told to whoever works on it, on another computer perhaps: plain and short.

    Attributes:
        key: Digest of all that decides what is on a paper, but the case itself.
        folder: Where the record of the batch lies, and drafts.
        start: The folder that is worked in.
        stop: While this file is there, nobody begins another case.
    """

    order: BatchOrder
    key: str
    folder: str
    start: str
    language: str
    stop: str


class Task(NamedTuple):
    """Some cases to be done by one process: the file of each, and what its folder is called."""

    job: Job
    cases: tuple[tuple[str, str], ...]


class Unknown(NamedTuple):
    """A line of the list that names no case."""

    line: int
    text: str


@dataclass(frozen=True)
class Plan:
    """All cases of a batch.

    Attributes:
        files: Case files, from the folder that is worked in.
        unknown: Lines of the list that name no case.
    """

    order: BatchOrder
    start: Path
    office: Office | None
    files: tuple[str, ...]
    unknown: tuple[Unknown, ...] = ()

    @cached_property
    def folder(self) -> Path:
        """Where the record lies, and drafts; its name tells the day and what was chosen, and no person."""
        if self.order.into is not None:
            return self.start / self.order.into
        chosen = "due" if self.order.due else "stage" if self.order.stage else "papers"
        if self.order.documents:
            chosen = re.sub(r"\W+", "_", self.order.documents[0])[:40]
        parts = [self.order.day.isoformat(), *(["issue"] if self.order.issue else []), chosen]
        said = json.dumps(asdict(self.order), default=str, sort_keys=True, ensure_ascii=False)
        home = (self.office.folder if self.office else self.start) / BATCHES
        return home / f"{'_'.join(parts)}_{sha256(said.encode()).hexdigest()[:4]}"

    def named(self) -> Iterator[tuple[str, str]]:
        """Go through the case files, each with the name of its folder among the papers."""
        seen: set[str] = set()
        for file in self.files:
            path = Path(file)
            name = path.parent.name if path.name == CASE_FILE and path.parent.name else path.stem
            if is_forbidden(name) or name.startswith("."):
                name = f"_{name.strip('. ')}"
            if name.casefold() in seen:
                name = f"{name}_{sha256(file.encode()).hexdigest()[:6]}"
            seen.add(name.casefold())
            yield file, name


def plan(order: BatchOrder, start: Path) -> Plan:
    """Find the cases of an order.

    Raises:
        AskedWrongly: The order contradicts itself, names a case that is not there, or there is no office.
        PapkaError: The list cannot be read.
    """
    if order.by is not None and not order.due:
        raise AskedWrongly(tr("--by says until when papers are due: it belongs to --due."))
    if order.issue and not (order.documents or order.stage or order.due):
        raise AskedWrongly(tr("Name a document, or ask for --stage or --due."))
    if order.issue and order.day > date.today():
        words = tr("No paper is issued on a day that is still to come. A draft may be: papka render.")
        raise AskedWrongly(words)
    office = find_office(start)
    unknown: tuple[Unknown, ...] = ()
    files: list[str] = []
    if order.listed is not None:
        files, unknown = _listed(start / order.listed, start, office)
    if order.cases or order.listed is None:
        files += [str(one) for one in case_files(order.cases, start, office)]
    into = Path(order.into) if order.into is not None else None
    return Plan(replace(order, into=into), start, office, tuple(dict.fromkeys(files)), unknown)


def _listed(file: Path, start: Path, office: Office | None) -> tuple[list[str], tuple[Unknown, ...]]:
    """Read a list of cases: a file, folder, code or number on each line; what stands after # counts not."""
    try:
        text = bytes_of(file).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else tr("it is not written in UTF-8")
        words = tr("{file} cannot be opened: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=reason)) from error
    found: list[str] = []
    unknown: list[Unknown] = []
    codes: dict[str, list[str]] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        asked = line.partition("#")[0].strip()
        if not asked:
            continue
        there = _there(asked, start, office)
        if there is None and office is not None:
            # Each case is looked into once, however long the list is.
            codes = _by_code(office) if codes is None else codes
            known = codes.get(asked, [])
            there = known[0] if len(known) == 1 else None
        if there is None:
            unknown.append(Unknown(number, asked))
        else:
            found.append(there)
    return found, tuple(unknown)


def _there(asked: str, start: Path, office: Office | None) -> str | None:
    places = [start / asked, start / asked / CASE_FILE]
    if office is not None:
        places.append(office.folder / "cases" / asked / CASE_FILE)
    for one in places:
        try:
            if one.is_file():
                return str(one)
        except (OSError, ValueError):
            continue
    return None


def _by_code(office: Office) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in office.case_files():
        text = bytes_of(path).decode("utf-8-sig", "replace")
        for code in {one[1] for one in _CODES.findall(text)}:
            found.setdefault(code, []).append(str(path))
    return found


# --- the key ---------------------------------------------------------------------------------------------


def key_of(order: BatchOrder, office: Office | None, plugins: Plugins, language: str) -> str:
    """Return the digest of all that decides what is on a paper, but the case: templates, programmes, order.

    It is the same on every computer that has the same papka, the same plugins and the same office.

    Raises:
        PapkaError: A file of a plugin or of the office cannot be read.
    """
    from ... import __version__

    said = {name: value for name, value in asdict(order).items() if name not in _LEFT_OUT}
    digest = sha256()
    for part in (_FORMAT, __version__, language, json.dumps(said, default=str, sort_keys=True)):
        _add(digest, part.encode())
    try:
        for folder in _folders(office, plugins):
            _add_folder(digest, *folder)
        if office is not None:
            _add(digest, (office.folder / "office.yaml").read_bytes())
    except OSError as error:
        name = Path(error.filename or "").name
        raise not_opened(name, error) from error
    return digest.hexdigest()


def _folders(office: Office | None, plugins: Plugins) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Go through the folders of plugins and of the office's own templates, each with the files that count."""
    for info in plugins.infos:
        file = getattr(info.module, "__file__", None)
        # A plugin that is one file stands among strangers; papka's own code is known by its version.
        if file and Path(file).stem == "__init__" and info.fault is None:
            yield Path(file).parent, _DATA if info.name in BUILT_IN else (*_DATA, ".py")
    if office is not None and office.templates.is_dir():
        yield office.templates, _DATA


def _add_folder(digest: hashlib._Hash, folder: Path, kinds: tuple[str, ...]) -> None:
    for path in sorted(folder.rglob("*")):
        if path.suffix in kinds and not {"examples", "__pycache__"} & set(path.parts):
            _add(digest, path.relative_to(folder).as_posix().encode())
            _add(digest, bytes_of(path))


def _add(digest: hashlib._Hash, part: bytes) -> None:
    digest.update(b"%d:" % len(part))
    digest.update(part)


def case_key(job_key: str, name: str, content: bytes) -> str:
    """Return the key of a case within a batch: of its file as it is, and of where its papers go."""
    digest = sha256(job_key.encode())
    _add(digest, name.encode("utf-8", "surrogatepass"))
    _add(digest, content)
    return digest.hexdigest()[:32]


def told_again(order: BatchOrder) -> Sequence[str]:
    """Return the words of the command that goes on with an order: the same, and its day."""
    words = ["papka", "batch", *order.cases]
    named = (
        ("--list", order.listed),
        *(("--document", one) for one in order.documents),
        ("--by", order.by),
        ("--where", order.where),
        ("--engine", order.engine),
        ("--into", order.into),
        ("--on", order.day),
    )
    for flag in ("stage", "due", "issue", "pdf"):
        words += [f"--{flag}"] if getattr(order, flag) else []
    # Issued papers have a PDF unless one says no.
    words += ["--no-pdf"] if order.issue and not order.pdf else []
    for name, value in named:
        words += [name, str(value)] if value is not None else []
    return words
