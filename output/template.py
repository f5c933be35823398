"""A template: the Word file that a methodologist edits, compiled once into what can be rendered many times.

docxtpl is the language; the tests hold what is drawn here against what it draws.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ..core.bounds import Exceeded, bounded
from ..core.errors import Refused
from ..core.expressions import Environment, Language
from ..core.findings import Finding, Place
from ..core.i18n import current_language, tr
from ..core.outside import bytes_of
from ..core.vocabulary import Type, Vocabulary
from .checking import PartCheck, Told
from .compiling import CompiledPart, compile_part
from .cures import cure_of
from .filling import filled
from .hidden import hidden, stories
from .lists import lists_of_styles
from .package import MAX_FILE, Package, PackageFault, open_package, parse
from .pieces import pieces_of
from .ready import Ready, ReadyPart
from .revisions import settled
from .sentences import sentence, told
from .signs import WHOLE
from .tags import BLOCK_WORDS, LexFault, TagPlace

_TAG = re.compile(r"\{[{%].{0,200}?[%}]\}", re.DOTALL)
_OWN_SIGNS = re.compile(rb"\xef\xb7[\x90-\xaf]|&#(x0*fd[de]|0*649[789]|0*6500)", re.IGNORECASE)


@dataclass(frozen=True)
class Template:
    """A template that was opened and compiled.

    Attributes:
        digest: SHA-256 of the file.
    """

    path: Path
    digest: str
    package: Package
    parts: tuple[CompiledPart, ...]

    @classmethod
    def open(cls, path: Path) -> Template:
        """Open a template file.

        Raises:
            Refused: The file is no template that papka can use; the finding says why.
        """
        try:
            with bounded():
                return _prepared(path, bytes_of(path, MAX_FILE + 1))
        except OSError as error:
            if error.errno == errno.EFBIG:
                words = tr("The file is larger than 20 MB.")
                told = Finding("D-SIZE", "error", words, cure_of("D-SIZE"), place=Place(path.name))
                raise _refused(path, told) from error
            message = tr("The template cannot be opened.")
            cure = tr("Close it in Word, or take it from the plugin anew.")
            raise _refused(path, Finding("D-OPEN", "error", message, cure, place=Place(path.name))) from error
        except Exceeded as exceeded:
            raise _refused(path, _too_much(path, exceeded)) from exceeded
        except PackageFault as fault:
            told = Finding(fault.code, "error", str(fault), cure_of(fault.code), place=Place(path.name))
            raise _refused(path, told) from fault

    def ready(self, language: Language) -> Ready:
        """Return the template as it is filled in; filters of another set make other code."""
        key = (self.digest, self.path.name, frozenset(language.filters))
        if key not in _made_ready:
            if len(_made_ready) > 500:
                _made_ready.clear()
            environment = language.environment()
            parts = tuple(_ready_part(part, environment) for part in self.parts)
            _made_ready[key] = Ready(self.path.name, self.digest, self.package, parts)
        return _made_ready[key]

    def check(self, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]) -> list[Finding]:
        """Hold every tag against the vocabulary, and its place against what Word can draw.

        Only findings that are errors forbid to draw papers with the template.

        Args:
            local: Names that this document type adds, such as the plan that an individual plan is made for.
        """
        key = (
            self.digest,
            self.path.name,
            current_language(),
            frozenset(language.filters),
            tuple(vocabulary.roots.items()),
            tuple(sorted(local.items())),
        )
        if key not in _checked:
            if len(_checked) > 500:
                _checked.clear()
            try:
                with bounded():
                    _checked[key] = [*self._found(language, vocabulary, local)]
            except Exceeded as exceeded:
                _checked[key] = [_too_much(self.path, exceeded)]
        return list(_checked[key])

    def _found(
        self, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]
    ) -> Iterator[Finding]:
        for part in self.parts:
            yield from self._part(part, language, vocabulary, local)
        yield from hidden(self.path.name, self.package)
        yield from self._unread()

    def _part(
        self, part: CompiledPart, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]
    ) -> list[Finding]:
        check = PartCheck(part, language)
        inside = [self._of_tag(one) for one in (*check.told, *check.typed(vocabulary, local))]
        names = {*vocabulary.roots, *vocabulary.aliases, *local, *BLOCK_WORDS}
        strays = [one for one in part.suspects if one.code in names]
        found = [*self._structure(part, strays), *inside]
        return sorted(_without_copies(part, found), key=_position)

    def _of_tag(self, told: Told) -> Finding:
        """Make a finding of a fault inside a tag."""
        place = told.tag.place
        start, end = place.start + told.start, place.start + told.end
        if place.start == place.end:
            start, end = place.start, place.end
        return self._finding(told.code, told.name, place, told.tag.text, (start, end), told.near)

    def _structure(self, part: CompiledPart, strays: Sequence[LexFault]) -> Iterator[Finding]:
        for stray in strays:
            yield self._told("T-STRAY", stray.text, stray.place, stray.text, stray.near)
        for lexed in part.lex_faults:
            yield self._told(lexed.code, lexed.text, lexed.place, lexed.text, lexed.near)
        for fault in part.faults:
            yield self._told(fault.code, fault.tag.text, fault.tag.place, fault.tag.text)
        if part.name.endswith("comments.xml"):
            for tag in part.tags:
                yield self._told("W-COMMENT", tag.text, tag.place, tag.text)

    def _unread(self) -> Iterator[Finding]:
        """Tell the tags in those parts of the file that are never filled in."""
        drawn = {*stories(self.package)}
        for name, body in self.package.members.items():
            if name in drawn or not name.endswith((".xml", ".rels")) or not _may_hold_tags(body):
                continue
            code = "W-PROPERTY" if name.startswith("docProps/") else "T-UNREAD"
            for tag in _tags_of(parse(body, name)):
                yield self._told(code, tag, TagPlace(name, 0, 0, 0), tag)

    def _told(self, code: str, name: str, place: TagPlace, text: str, near: str | None = None) -> Finding:
        return self._finding(code, name, place, text, (place.start, place.end), near)

    def _finding(
        self, code: str, name: str, place: TagPlace, text: str, span: tuple[int, int], near: str | None
    ) -> Finding:
        found = told(self.path.name, code, text, place, span, near)
        return replace(found, message=sentence(code)[0].format(name=name))


_checked: dict[object, list[Finding]] = {}


def _position(finding: Finding) -> tuple[int, int]:
    return finding.place.paragraph or 0, finding.place.start or 0


def _without_copies(part: CompiledPart, found: Sequence[Finding]) -> list[Finding]:
    """Leave out what stands in the copy of a text box for old versions of Word, if the box has it too."""
    first = {(one.id, one.place.text) for one in found if one.place.paragraph not in part.copies}
    return [
        one
        for one in found
        if one.place.paragraph not in part.copies or (one.id, one.place.text) not in first
    ]


def _may_hold_tags(body: bytes) -> bool:
    return b"{{" in body or b"{%" in body or b"%7B" in body or (b"{<" in body and b"}" in body)


def _tags_of(root: etree._Element) -> Iterator[str]:
    texts = "".join(str(text) for text in root.itertext())
    said = [
        str(value) for one in root.iter() for value in one.attrib.values() if "{" in value or "%7B" in value
    ]
    readable = [link.replace("%7B", "{").replace("%7D", "}").replace("%20", " ") for link in said]
    for text in (texts, *readable):
        yield from dict.fromkeys(_TAG.findall(text))


def _too_much(path: Path, exceeded: Exceeded) -> Finding:
    message = tr("Looking at the file was stopped. {reason}").format(reason=exceeded)
    return Finding("D-BOUNDS", "error", message, cure_of("D-BOUNDS"), place=Place(path.name))


def _refused(path: Path, told: Finding) -> Refused:
    return Refused(tr("The template {file} cannot be used.").format(file=path.name), [told])


# --- opening ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _prepared(path: Path, data: bytes) -> Template:
    # While a methodologist has not decided on an upgrade's changes, papers keep the centre's words.
    package = settled(open_package(data))
    styles = package.members.get("word/styles.xml")
    numbered = lists_of_styles(parse(styles, "word/styles.xml")) if styles else {}
    parts = [_compiled(package, name, numbered) for name in stories(package)]
    tagged = tuple(part for part in parts if part.tags or part.lex_faults or part.suspects)
    return Template(path, hashlib.sha256(data).hexdigest(), package, tagged)


def _compiled(package: Package, name: str, numbered: Mapping[str, tuple[str, str]]) -> CompiledPart:
    if _OWN_SIGNS.search(package.members[name]):
        raise PackageFault("D-SIGNS", tr("The part {part} holds signs that mean nothing.").format(part=name))
    return compile_part(package.xml(name), name, numbered)


# --- rendering -------------------------------------------------------------------------------------------


def render_parts(template: Template, language: Language, context: Mapping[str, object]) -> dict[str, bytes]:
    """Render each part once, and return the new bytes by part; raises as `proven_parts` does."""
    return filled(template.ready(language), language, context, proven=False)


def proven_parts(template: Template, language: Language, context: Mapping[str, object]) -> dict[str, bytes]:
    """Render each part and prove that nothing of the template was lost on the way.

    Raises:
        EmptyValues: The paper prints values that the case does not have; all of them are named.
        PackageFault: What came out is not the XML that Word reads.
        Refused: Words, pictures or sections of the template are missing in the paper.
    """
    return filled(template.ready(language), language, context, proven=True)


_made_ready: dict[object, Ready] = {}


def _ready_part(part: CompiledPart, environment: Environment) -> ReadyPart:
    code, reading = environment.compile(part.source), environment.compile(part.reading)
    is_signed = WHOLE in part.source
    pieces, bones = (None if is_signed else pieces_of(code, part.flat)) or (None, None)
    return ReadyPart(part.name, code, reading, part.mends, part.flat, is_signed, pieces, bones)
