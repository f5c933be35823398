"""Which template a person means, and what it is held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...core.errors import AskedWrongly
from ...core.expressions import LOOP_NAMES, Language
from ...core.i18n import tr
from ...core.office import Office, find_office
from ...core.plugging.plugins import Plugins
from ...core.programmes.region import Method, Paper
from ...core.rules.views import vocabulary_of
from ...core.typecheck import Checker, nearest
from ...core.vocabulary import Type, Vocabulary, record_type

CHECKED, FIXED = ".checked", ".fixed"
_OWN_ENDINGS = re.compile(rf"({re.escape(CHECKED)}|{re.escape(FIXED)}| \(\d+\)| [-—] копия| - Copy)+$")


@dataclass(frozen=True)
class Names:
    """The names that a template may use: the programme's, and those that its document adds."""

    vocabulary: Vocabulary
    local: Mapping[str, Type]

    def every(self) -> set[str]:
        """Return all names of all records that a template can reach, and the values of its choices."""
        roots = [*self.vocabulary.roots.values()]
        names = {*self.vocabulary.roots, *self.vocabulary.aliases, *self.local, *LOOP_NAMES}
        pending = [*(one.type for one in roots), *self.local.values()]
        met: set[type] = set()
        while pending:
            kind = pending.pop()
            names.update(word for choice in kind.choices for word in choice)
            if kind.item is not None:
                pending.append(kind.item)
            if kind.model is not None and kind.model not in met:
                met.add(kind.model)
                known = record_type(kind.model)
                names.update(known.names())
                pending += [one.type for one in known.fields.values()]
        return names


@dataclass(frozen=True)
class Sheet:
    """A template on the desk.

    Attributes:
        methods: The programmes that own it; a shared form has several.
        document: The id of its document, if that is known.
        is_own: Whether it lies in a plugin, where nothing is ever written.
    """

    path: Path
    methods: tuple[Method, ...]
    language: Language
    document: str | None = None
    is_own: bool = False

    def names(self) -> list[list[Names]]:
        """Return, for each programme, the names it may use; of an unknown document every possibility."""
        return [list(self._of(method)) for method in self.methods]

    def _of(self, method: Method) -> Iterator[Names]:
        vocabulary = vocabulary_of(method.programme)
        if self.document is not None:
            yield Names(vocabulary, local_names(method.papers[self.document], vocabulary, self.language))
            return
        yield Names(vocabulary, {})
        told: list[Mapping[str, Type]] = [{}]
        for paper in method.papers.values():
            local = local_names(paper, vocabulary, self.language)
            if local not in told:
                told.append(local)
                yield Names(vocabulary, local)

    @cached_property
    def folder(self) -> Path:
        """Where results go if nobody says where: beside the file, and never into a plugin."""
        return Path.cwd() if self.is_own else self.path.parent

    def beside(self, ending: str) -> Path:
        """Return the path of a result: the template's own name with an ending."""
        return self.folder / f"{plain_stem(self.path)}{ending}.docx"


def local_names(paper: Paper, vocabulary: Vocabulary, language: Language) -> dict[str, Type]:
    """Return the names that a document adds, such as the plan that an individual plan is made for."""
    if paper.type.each is None or paper.type.alias is None:
        return {}
    over = Checker(vocabulary, language.filters).expression(language.tree(paper.type.each))
    return {name: over.item for name in paper.type.alias if over.item is not None}


def plain_stem(path: Path) -> str:
    """Return a file's name without its suffix and without what papka or Windows added to it."""
    return _OWN_ENDINGS.sub("", path.stem) or path.stem


@dataclass(frozen=True)
class Desk:
    """The installed programmes, and what is asked of their templates."""

    plugins: Plugins
    programme: str | None = None

    @cached_property
    def methods(self) -> dict[str, Method]:
        """The programmes to look in: the one asked for, or all."""
        asked = [self.programme] if self.programme else list(self.plugins.programmes())
        methods = {name: self.plugins.method(name) for name in asked}
        if self._office is None:
            return methods
        return {name: one.overridden(self._office.templates) for name, one in methods.items()}

    @cached_property
    def _office(self) -> Office | None:
        """The office that papka was called in: its own templates win."""
        return find_office(Path.cwd())

    def _is_own(self, template: Path) -> bool:
        return self._office is None or not template.is_relative_to(self._office.templates)

    def all(self) -> list[Sheet]:
        """Return each document's template once, in the order of the programmes."""
        sheets: dict[tuple[Path, str], Sheet] = {}
        for method in self.methods.values():
            for name, paper in method.papers.items():
                known = sheets.get((paper.template, name))
                methods = (*known.methods, method) if known else (method,)
                own = self._is_own(paper.template)
                sheet = Sheet(paper.template, methods, self._language(methods), name, is_own=own)
                sheets[paper.template, name] = sheet
        return list(sheets.values())

    def find(self, asked: str, document: str | None = None) -> Sheet:
        """Return the template that a person named by its file or by its document.

        Args:
            document: The document that a file is a template of, if its name does not say so.

        Raises:
            AskedWrongly: There is no such file or document, or no programme can be told from its name.
        """
        path = Path(asked)
        if path.is_file():
            return self._of_file(path, document)
        if path.suffix.casefold() in (".docx", ".dotx", ".docm", ".doc"):
            raise AskedWrongly(tr("There is no file {file}.").format(file=asked))
        return self._of_document(asked)

    def _of_file(self, path: Path, document: str | None) -> Sheet:
        if document is not None:
            owners = self._owners(document)
            return Sheet(path, owners, self._language(owners), document)
        stem = plain_stem(path).casefold()
        for name, owners in self._documents().items():
            if any(Path(owner.papers[name].template).stem.casefold() == stem for owner in owners):
                return Sheet(path, owners, self._language(owners), name)
        begun = [name for name in self._documents() if stem.startswith(name.casefold())]
        if begun:
            name = max(begun, key=len)
            owners = self._documents()[name]
            return Sheet(path, owners, self._language(owners), name)
        if len(self.methods) == 1:
            owners = tuple(self.methods.values())
            return Sheet(path, owners, self._language(owners))
        words = tr("No programme has a template {file}. Say which programme it is for: --programme {known}.")
        raise AskedWrongly(words.format(file=path.name, known="|".join(self.methods)))

    def _of_document(self, name: str) -> Sheet:
        template = self._owners(name)[0].papers[name].template
        owners = tuple(one for one in self._owners(name) if one.papers[name].template == template)
        return Sheet(template, owners, self._language(owners), name, is_own=self._is_own(template))

    def _owners(self, name: str) -> tuple[Method, ...]:
        known = self._documents()
        if name in known:
            return known[name]
        words = tr("There is no file and no document {name}.").format(name=name)
        if near := nearest(name, list(known)):
            words += " " + tr("Did you mean {name}?").format(name=near)
        raise AskedWrongly(words)

    def _documents(self) -> dict[str, tuple[Method, ...]]:
        owners: dict[str, tuple[Method, ...]] = {}
        for method in self.methods.values():
            for name in method.papers:
                owners[name] = (*owners.get(name, ()), method)
        return owners

    def _language(self, owners: Sequence[Method]) -> Language:
        return self.plugins.language_for(owners[0])
