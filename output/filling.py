"""A case on its way into a template: each part drawn once, mended where needed, and proven to be whole.

Values become signs and letters, signs become what Word writes; then the words are held against the template's
second reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import jinja2
from lxml import etree

from ..core.expressions import PRINTER, Language
from ..core.facts import Picture, Rich
from ..core.filters import Unprintable
from ..core.i18n import tr
from .drawings import Pictures
from .flat import DECLARATION, needs_mending, parse_strictly, said_by, with_breaks, words
from .lists import MEMBER, Numbering
from .mending import mend
from .package import MAX_XML, PackageFault, parse
from .pieces import put_together
from .proof import prove, prove_words
from .ready import Ready, ReadyPart, bound_to
from .signs import dressed, follow_signs, safe

MOST_PIECES = 1_000_000
"""Of how many pieces one part may be made; a paper of a hundred pages has twenty thousand."""

FEW_PIECES = 5_000
"""Up to so many pieces the letters are not counted: each value has its own limit."""


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
        self.context = {**context, PRINTER: self._printed}
        self.empty: list[str] = []
        self.braces = 0
        self.has_signs = False
        self.numbering: Numbering | None = None
        self.pictures = Pictures()
        self.environment = language.press

    def draw(self, *, proven: bool) -> dict[str, bytes]:
        drawn = [self._drawn(part) for part in self.ready.parts]
        if self.empty:
            raise EmptyValues(list(dict.fromkeys(self.empty)))
        if self.pictures.all:
            self.pictures.number_after(self.ready.package.members)
        changed = {}
        for part, (pieces, has_signs) in zip(self.ready.parts, drawn, strict=True):
            written = self._flat(part, pieces, has_signs=has_signs, proven=proven)
            changed[part.name] = written or self._tree(
                part, "".join(pieces), has_signs=has_signs, proven=proven
            )
        if self.numbering is not None:
            changed[MEMBER] = _bytes(self.numbering.root)
        changed.update(self.pictures.members(self.ready.package.members))
        return changed

    def _drawn(self, part: ReadyPart) -> tuple[list[str], bool]:
        self.has_signs = part.is_signed
        return self._run(bound_to(part, self.environment).draw), self.has_signs

    def _run(self, compiled: jinja2.Template) -> list[str]:
        try:
            pieces = list(
                islice(compiled.root_render_func(compiled.new_context(self.context)), MOST_PIECES + 1)
            )
        except jinja2.UndefinedError as error:
            raise PackageFault("R-NAME", tr("A tag names what the case cannot have.")) from error
        if len(pieces) > FEW_PIECES and (len(pieces) > MOST_PIECES or sum(map(len, pieces)) > MAX_XML):
            raise PackageFault("R-BOUNDS", tr("The paper grows too large."))
        return pieces

    def _expected(self, part: ReadyPart) -> str:
        """Return the second reading of a part, with the branches of this case."""
        return "".join(self._run(bound_to(part, self.environment).read))

    def _flat(self, part: ReadyPart, pieces: list[str], *, has_signs: bool, proven: bool) -> bytes | None:
        """Return a part that needs no mending, as it was drawn; None if it has to become a tree."""
        known, flat = bound_to(part, self.environment).pieces, part.flat
        made = put_together(pieces, known, has_signs=has_signs) if known is not None else None
        if made is not None:
            body, bones, said = made
            flat = part.bones
        elif flat is not None:
            text = "".join(pieces)
            plain = with_breaks(text) if has_signs else text
            if plain is None:
                return None
            body = bones = plain.encode("utf-8")
            said = said_by(body, flat) if proven else b""
        if flat is None or needs_mending(body, bones, flat, part.mends):
            return None
        parse_strictly(bones, part.name, len(body))
        if proven:
            prove_words(self.ready.name, part.name, words(said), self._expected(part), self.braces)
        return DECLARATION + body

    def _tree(self, part: ReadyPart, text: str, *, has_signs: bool, proven: bool) -> bytes:
        root = parse(text.encode("utf-8"), part.name)
        if has_signs:
            follow_signs(root, part.name, self.pictures)
        if "lists" in part.mends and self.numbering is None:
            self.numbering = Numbering.of(self.ready.package.members)
        mend(root, part.mends, self.numbering)
        if proven:
            prove(self.ready.name, part.name, root, self._expected(part), self.braces)
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
