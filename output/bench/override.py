"""A centre's own templates: begun as a copy of the plugin's, with what it takes to follow the plugin later.

templates/<file>.docx             the centre's own, which wins
templates/.base/<file>.docx       the plugin's, untouched, as it was when the centre last took it
templates/.base/<file>.docx.json  which plugin, which version, which bytes
templates/.old/                   the centre's templates as they were before each upgrade
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.office import Office, find_office
from ...core.outside import bytes_of, json_in
from ...core.plugging.plugins import Plugins
from ...core.programmes.region import Method
from ...core.typecheck import nearest
from ..package import PackageFault, W, open_package
from ..saving import write_atomically
from ..tags import visible_text
from ..template import Template
from .desk import Sheet

BASE, OLD = ".base", ".old"


@dataclass(frozen=True)
class Original:
    """A template of a plugin's.

    Attributes:
        methods: The programmes that use it; a shared form has several.
    """

    document: str
    path: Path
    plugin: str
    version: str
    methods: tuple[Method, ...]

    @property
    def file(self) -> str:
        """Its name, which the centre's own has too."""
        return self.path.name

    def read(self) -> bytes:
        """Return what stands in it."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            words = tr("The template {file} of the plugin {plugin} is not there. Install the plugin anew.")
            raise PapkaError(words.format(file=self.file, plugin=self.plugin)) from error


@dataclass(frozen=True)
class Step:
    """An upgrade on its way: it is written down before the template is replaced, and done after.

    Attributes:
        before: SHA-256 of the centre's template as it was.
        after: SHA-256 of the merged one.
    """

    plugin: str
    version: str
    sha256: str
    before: str
    after: str


@dataclass(frozen=True)
class Record:
    """Where a centre's own template comes from."""

    document: str
    plugin: str
    version: str
    sha256: str
    step: Step | None = None

    def as_bytes(self) -> bytes:
        """Write it as a person can read it."""
        data = {key: value for key, value in asdict(self).items() if value is not None}
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def read(cls, content: bytes) -> Record:
        """Read it back; ValueError if it is none."""
        data = json_in(content)
        try:
            step = data.pop("step", None)
            found = cls(**data, step=Step(**step) if step else None)
            if not all(isinstance(one, str) for one in (*data.values(), *(step or {}).values())):
                raise TypeError("no text")
            return found
        except (TypeError, AttributeError) as error:
            raise ValueError("no record") from error


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class OwnTemplate:
    """One template of a centre's, with its ancestor."""

    folder: Path
    file: str

    @property
    def path(self) -> Path:
        """The template itself."""
        return self.folder / self.file

    @property
    def base(self) -> Path:
        """The plugin's template that it was made from."""
        return self.folder / BASE / self.file

    @property
    def _record(self) -> Path:
        return self.folder / BASE / f"{self.file}.json"

    @property
    def _staged(self) -> tuple[Path, Path]:
        """The plugin's new template and the merged one, while an upgrade is on its way."""
        return self.folder / BASE / f"{self.file}.next", self.folder / BASE / f"{self.file}.merged"

    def record(self) -> Record | None:
        """Return where it comes from; an upgrade that was interrupted is finished or forgotten first."""
        try:
            found = Record.read(bytes_of(self._record))
        except (OSError, ValueError):
            return None
        if found.step:
            return self._settled(found, found.step)
        self._clear()
        return found

    def ancestor(self) -> tuple[Record, bytes] | None:
        """Return the record with the ancestor that it tells of; None if one of them is lost or altered."""
        found = self.record()
        try:
            content = self.base.read_bytes()
        except OSError:
            return None
        return (found, content) if found is not None and digest(content) == found.sha256 else None

    def begin(self, original: Original) -> None:
        """Copy the plugin's template; the own one comes last, for it is what wins."""
        content = original.read()
        record = Record(original.document, original.plugin, original.version, digest(content))
        write_atomically(self.base, content)
        write_atomically(self._record, record.as_bytes())
        write_atomically(self.path, content)

    # --- upgrading ---------------------------------------------------------------------------------------

    def keep_old(self, content: bytes, day: str) -> Path:
        """Keep the template as it was, under its date; what is kept already is never written over."""
        stem, suffix = self.path.stem, self.path.suffix
        number = 1
        while True:
            more = "" if number == 1 else f"-{number}"
            path = self.folder / OLD / f"{stem}.{day}{more}{suffix}"
            if not path.exists():
                write_atomically(path, content)
                return path
            if path.read_bytes() == content:
                return path
            number += 1

    def replace(self, record: Record, original: Original, theirs: bytes, before: bytes, after: bytes) -> None:
        """Put the merged template in place of the old one; stopped at any moment, one stands whole."""
        step = Step(original.plugin, original.version, digest(theirs), digest(before), digest(after))
        for path, content in zip(self._staged, (theirs, after), strict=True):
            write_atomically(path, content)
        write_atomically(self._record, replace(record, step=step).as_bytes())
        if after != before:
            write_atomically(self.path, after)
        self._finish(record, step)

    def _settled(self, record: Record, step: Step) -> Record:
        """Look how far an interrupted upgrade came."""
        if self._is_replaced(step):
            return self._finish(record, step)
        forgotten = replace(record, step=None)
        write_atomically(self._record, forgotten.as_bytes())
        self._clear()
        return forgotten

    def _finish(self, record: Record, step: Step) -> Record:
        upcoming = self._staged[0]
        if upcoming.is_file():
            write_atomically(self.base, upcoming.read_bytes())
        done = Record(record.document, step.plugin, step.version, step.sha256)
        write_atomically(self._record, done.as_bytes())
        self._clear()
        return done

    def _clear(self) -> None:
        for path in self._staged:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _is_replaced(self, step: Step) -> bool:
        """Tell whether the merged template stands; one that was edited since is the one it is more like."""
        content = self.path.read_bytes() if self.path.is_file() else b""
        if digest(content) in (step.before, step.after):
            return digest(content) == step.after
        merged = self._staged[1]
        if not merged.is_file():
            return True
        kept = [one for one in self._kept() if digest(one) == step.before]
        return not kept or _likeness(content, merged.read_bytes()) > _likeness(content, kept[0])

    def _kept(self) -> Iterator[bytes]:
        for path in sorted((self.folder / OLD).glob(f"{self.path.stem}.*{self.path.suffix}")):
            yield path.read_bytes()


def _likeness(one: bytes, other: bytes) -> float:
    from difflib import SequenceMatcher

    try:
        first, second = _lines(one), _lines(other)
    except PackageFault:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _lines(content: bytes) -> list[str]:
    return [visible_text(one) for one in open_package(content).xml("word/document.xml").iter(f"{W}p")]


@dataclass(frozen=True)
class Shelf:
    """The templates of an office beside those of the plugins."""

    plugins: Plugins
    office: Office
    programme: str | None = None

    @classmethod
    def here(cls, plugins: Plugins, programme: str | None, start: Path) -> Shelf:
        """Return the shelf of the office that a folder lies in.

        Raises:
            AskedWrongly: It lies in none.
        """
        office = find_office(start)
        if office is None:
            words = tr(
                "A centre's own templates lie in its office. Go into the folder that holds office.yaml."
            )
            raise AskedWrongly(words)
        return cls(plugins, office, programme)

    @cached_property
    def originals(self) -> dict[str, list[Original]]:
        """The plugins' templates by document."""
        asked = [self.programme] if self.programme else list(self.plugins.programmes())
        found: dict[str, dict[Path, Original]] = {}
        for method in map(self.plugins.method, asked):
            for name, paper in method.papers.items():
                known = found.setdefault(name, {}).get(paper.template)
                methods = (*known.methods, method) if known else (method,)
                plugin, version = self._brought_by(paper.template)
                found[name][paper.template] = Original(name, paper.template, plugin, version, methods)
        return {name: list(of.values()) for name, of in found.items()}

    def _brought_by(self, template: Path) -> tuple[str, str]:
        """Return the plugin that a template lies in, and its version."""
        inside = []
        for info in self.plugins.infos:
            file = getattr(info.module, "__file__", None)
            if file and Path(file).resolve().parent in template.resolve().parents:
                inside.append((len(file), info.name, info.version))
        return max(inside)[1:] if inside else ("", "")

    def original(self, document: str) -> Original:
        """Return the plugin's template of a document.

        Raises:
            AskedWrongly: There is no such document, or several programmes have one of this name.
        """
        name = Path(document).stem if document.casefold().endswith(".docx") else document
        found = self.originals.get(name)
        if not found:
            words = tr("There is no document {name}.").format(name=document)
            if near := nearest(name, list(self.originals)):
                words += " " + tr("Did you mean {name}?").format(name=near)
            raise AskedWrongly(words)
        if len(found) > 1:
            known = "|".join(method.programme.id for one in found for method in one.methods)
            words = tr("Several programmes have a document {name}. Say which: --programme {known}.")
            raise AskedWrongly(words.format(name=name, known=known))
        return found[0]

    def own(self, file: str) -> OwnTemplate:
        """Return the centre's own template of a name, which may not be there yet."""
        return OwnTemplate(self.office.templates, file)

    def all_own(self) -> list[OwnTemplate]:
        """Return the centre's own templates."""
        files = sorted(self.office.templates.glob("*.docx"))
        return [self.own(one.name) for one in files if not one.name.startswith((".", "~$"))]

    def of(self, own: OwnTemplate) -> Original | None:
        """Return the plugin's template that an own one stands for."""
        matching = [one for of in self.originals.values() for one in of if one.file == own.file]
        record = own.record()
        by_plugin = [one for one in matching if record is not None and one.plugin == record.plugin]
        return next(iter(by_plugin or matching), None)

    def override(self, document: str) -> tuple[Original, OwnTemplate]:
        """Begin an own template.

        Raises:
            AskedWrongly: There is one already; it is not touched.
        """
        original = self.original(document)
        own = self.own(original.file)
        if own.path.exists():
            words = tr("The centre has its own template already: {file}. It was not touched.")
            raise AskedWrongly(words.format(file=own.path))
        own.begin(original)
        return original, own

    def faults(self, original: Original, path: Path) -> list[Finding]:
        """Return what forbids to draw papers with a template, in any of the programmes that have it."""
        language = self.plugins.language_for(original.methods[0])
        try:
            template = Template.open(path)
        except Refused as refused:
            return list(refused.findings)
        found: list[Finding] = []
        for names in Sheet(path, original.methods, language, original.document).names():
            for one in names:
                found += template.check(language, one.vocabulary, one.local)
        return [one for one in dict.fromkeys(found) if one.severity == "error"]


@dataclass(frozen=True)
class Row:
    """One own template as the list shows it.

    Attributes:
        has_news: Whether the plugin's template has changed since; None if that cannot be told.
        waiting: How many tracked changes of an upgrade wait in Word.
    """

    file: str
    document: str | None
    plugin: str | None
    version: str | None
    has_news: bool | None
    waiting: int
    faults: int

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def rows(shelf: Shelf) -> list[Row]:
    """Return the centre's own templates with how each of them stands."""
    return [_row(shelf, own) for own in shelf.all_own()]


def _row(shelf: Shelf, own: OwnTemplate) -> Row:
    from .merge import waiting

    original, ancestor = shelf.of(own), own.ancestor()
    record = ancestor[0] if ancestor else None
    news = digest(original.read()) != record.sha256 if original and record else None
    try:
        waits = waiting(own.path.read_bytes())
    except (PackageFault, OSError):
        waits = 0
    faults = len(shelf.faults(original, own.path)) if original else 0
    document = original.document if original else None
    plugin, version = (record.plugin, record.version) if record else (None, None)
    return Row(own.file, document, plugin, version, news, waits, faults)
