"""A case on its way into a template: each part drawn once, mended where needed, and proven to be whole.

Values become signs and letters, signs become what Word writes; then the words are held against the template's
second reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import CodeType

import jinja2
from lxml import etree

from ..core.expressions import Environment, Language
from ..core.facts import Picture, Rich
from ..core.filters import Unprintable
from ..core.i18n import tr
from .drawings import Pictures
from .flat import DECLARATION, needs_mending, parse_strictly, with_breaks, words
from .lists import MEMBER, Numbering
from .mending import mend
from .package import PackageFault, parse
from .proof import prove, prove_words
from .ready import Ready, ReadyPart
from .signs import dressed, follow_signs, safe


class EmptyValues(Exception):
    """Values that the paper prints are not in the case; ``labels`` names their fields."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = tuple(labels)


def filled(
    ready: Ready, language: Language, context: Mapping[str, object], *, proven: bool
) -> dict[str, bytes]:
    """Draw each part once, and return the new bytes by part.

    Args:
        proven: Whether nothing is returned before it is proven to hold all that belongs into it.

    Raises:
        EmptyValues: The paper prints values that the case does not have; all of them are named.
        PackageFault: What came out is not the XML that Word reads.
        Refused: Words, pictures or sections of the template are missing in the paper.
    """
    return _Filling(ready, language, context).draw(proven=proven)


class _Filling:
    """One case on its way into one template."""

    def __init__(self, ready: Ready, language: Language, context: Mapping[str, object]) -> None:
        self.ready = ready
        self.say = language.printed
        self.context = dict(context)
        self.empty: list[str] = []
        self.braces = 0
        self.has_signs = False
        self.numbering: Numbering | None = None
        self.pictures = Pictures()
        self.environment = Environment(language.filters, language.pack, self._printed)

    def draw(self, *, proven: bool) -> dict[str, bytes]:
        drawn = [self._drawn(part) for part in self.ready.parts]
        if self.empty:
            raise EmptyValues(list(dict.fromkeys(self.empty)))
        if self.pictures.all:
            self.pictures.number_after(self.ready.package.members)
        changed = {}
        for part, (text, has_signs) in zip(self.ready.parts, drawn, strict=True):
            plain = with_breaks(text) if has_signs else text
            written = self._flat(part, plain, proven=proven) if plain is not None else None
            changed[part.name] = written or self._tree(part, text, has_signs=has_signs, proven=proven)
        if self.numbering is not None:
            changed[MEMBER] = _bytes(self.numbering.root)
        changed.update(self.pictures.members(self.ready.package.members))
        return changed

    def _drawn(self, part: ReadyPart) -> tuple[str, bool]:
        self.has_signs = part.is_signed
        return self._run(part.code), self.has_signs

    def _run(self, code: CodeType) -> str:
        compiled = jinja2.Template.from_code(self.environment, code, {}, None)
        try:
            return "".join(compiled.root_render_func(compiled.new_context(self.context)))
        except jinja2.UndefinedError as error:
            raise PackageFault("R-NAME", tr("A tag names what the case cannot have.")) from error

    def _flat(self, part: ReadyPart, text: str, *, proven: bool) -> bytes | None:
        """Return a part that needs no mending, as it was drawn; None if it has to become a tree."""
        body = text.encode("utf-8")
        if part.flat is None or needs_mending(body, part.flat, part.mends):
            return None
        parse_strictly(body, part.name)
        if proven:
            said, expected = words(body, part.flat), self._run(part.reading)
            prove_words(self.ready.name, part.name, said, expected, self.braces)
        return DECLARATION + body

    def _tree(self, part: ReadyPart, text: str, *, has_signs: bool, proven: bool) -> bytes:
        root = parse(text.encode("utf-8"), part.name)
        if has_signs:
            follow_signs(root, part.name, self.pictures)
        if "lists" in part.mends and self.numbering is None:
            self.numbering = Numbering.of(self.ready.package.members)
        mend(root, part.mends, self.numbering)
        if proven:
            prove(self.ready.name, part.name, root, self._run(part.reading), self.braces)
        return _bytes(root)

    def _printed(self, value: object) -> str:
        if isinstance(value, Picture):
            self.has_signs = True
            return self.pictures.print(value)
        if isinstance(value, Rich):
            self.has_signs = True
            return dressed(self._printed(value.value), value.looks)
        try:
            text = self.say(value)
        except Unprintable as error:
            self.empty.append(error.where or error.reason)
            return ""
        if "{" in text or "}" in text:
            self.braces += sum(text.count(pair) for pair in ("{{", "}}", "{%", "%}"))
        signed = safe(text)
        if signed is not text:
            self.has_signs = True
        return signed


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
