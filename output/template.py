"""A template: the Word file that a methodologist edits, compiled once into what can be rendered many times.

Every part is rendered once, in an environment that answers from plain data only, is parsed strictly again and
proven to be whole. docxtpl is the language; the tests hold what is drawn here against what it draws.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType

import jinja2
from lxml import etree

from ..core.errors import Refused
from ..core.expressions import Environment, Language
from ..core.findings import Finding, Place, Severity
from ..core.i18n import current_language, tr
from ..core.vocabulary import Type, Vocabulary
from .checking import PartCheck, Told
from .compiling import CompiledPart, compile_part
from .lists import MEMBER, Numbering, lists_of_styles
from .mending import SIGN, mend, safe
from .package import RELATIONSHIPS, Package, PackageFault, open_package, parse
from .proof import prove
from .revisions import settled
from .tags import TagPlace

_STORY = re.compile(
    r"wordprocessingml\.(document\.main|template\.main|header|footer|footnotes|endnotes|comments)\+xml$"
)
_TAG = re.compile(r"\{[{%].{0,200}?[%}]\}", re.DOTALL)
_OWN_SIGNS = re.compile(rb"\xef\xb7[\x90-\xaf]|&#(x0*fd[de]|0*649[789]|0*6500)", re.IGNORECASE)
_BALANCE = frozenset({"T-OPEN", "T-NOT-OPEN", "T-CROSSED"})


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
            return _prepared(path, path.read_bytes())
        except OSError as error:
            raise _refused(path, "D-OPEN", tr("The template cannot be opened.")) from error
        except PackageFault as fault:
            raise _refused(path, fault.code, str(fault)) from fault

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
            parts = [one for part in self.parts for one in self._part(part, language, vocabulary, local)]
            _checked[key] = [*parts, *self._unread()]
        return list(_checked[key])

    def _part(
        self, part: CompiledPart, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]
    ) -> list[Finding]:
        check = PartCheck(part.tags, language)
        inside = [self._of_tag(one) for one in (*check.told, *check.typed(vocabulary, local))]
        found = [*self._structure(part), *self._lifted(part, language), *inside]
        return sorted(_without_copies(part, found), key=_position)

    def _of_tag(self, told: Told) -> Finding:
        """Make a finding of a fault inside a tag."""
        place = told.tag.place
        start, end = place.start + told.start, place.start + told.end
        if place.start == place.end:
            start, end = place.start, place.end
        return self._finding(told.code, told.name, place, told.tag.text, (start, end), told.near)

    def _structure(self, part: CompiledPart) -> Iterator[Finding]:
        for lexed in part.lex_faults:
            yield self._told(lexed.code, lexed.text, lexed.place, lexed.text)
        for fault in part.faults:
            if fault.code not in _BALANCE:
                yield self._told(fault.code, fault.tag.text, fault.tag.place, fault.tag.text)
        if part.name.endswith("comments.xml"):
            for tag in part.tags:
                yield self._told("W-COMMENT", tag.text, tag.place, tag.text)

    def _lifted(self, part: CompiledPart, language: Language) -> Iterator[Finding]:
        """Tell each value that should take the place of a whole element and is plain text."""
        for tag in part.tags:
            if tag.kind == "print" and tag.lift:
                last = re.search(r"\|\s*(\w+)[^|]*$", tag.code)
                known = language.filters.get(last[1]) if last else None
                if known is None or known.gives != "rich":
                    yield self._told("T-RICH", tag.text, tag.place, tag.text)

    def _unread(self) -> Iterator[Finding]:
        """Tell the tags in those parts of the file that are never filled in."""
        drawn = {part.name for part in self.parts}
        for name, body in self.package.members.items():
            if name in drawn or not name.endswith((".xml", ".rels")) or not _may_hold_tags(body):
                continue
            code = "W-PROPERTY" if name.startswith("docProps/") else "T-UNREAD"
            for tag in _tags_of(parse(body, name)):
                yield self._told(code, tag, TagPlace(name, 0, 0, 0), tag)

    def _told(self, code: str, name: str, place: TagPlace, text: str) -> Finding:
        return self._finding(code, name, place, text, (place.start, place.end), None)

    def _finding(
        self, code: str, name: str, place: TagPlace, text: str, span: tuple[int, int], near: str | None
    ) -> Finding:
        message, cure = _SENTENCES.get(code, ("{name} cannot be right.", "Correct the tag."))
        where = Place(
            self.path.name,
            part=place.part,
            paragraph=place.paragraph or None,
            table=place.table,
            row=place.row,
            cell=place.cell,
            text=text or None,
            start=span[0],
            end=span[1],
        )
        severity: Severity = "warning" if code.startswith("W-") or code in _WARNINGS else "error"
        return Finding(code, severity, tr(message).format(name=name), tr(cure), near, where)


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
    links = [one.get("Target") or "" for one in root.iter(f"{RELATIONSHIPS}Relationship")]
    readable = [link.replace("%7B", "{").replace("%7D", "}").replace("%20", " ") for link in links]
    for text in (texts, *readable):
        yield from dict.fromkeys(_TAG.findall(text))


_WARNINGS = frozenset({"T-SHADOW"})
_SENTENCES = {
    "T-NAME": ("There is no field {name}.", "Correct the name."),
    "T-LOOKALIKE": ("{name} mixes Russian and Latin letters that look alike.", "Type the name anew."),
    "T-LIST": ("{name} is a list.", "Go through it with a loop, or add |перечень."),
    "T-RECORD": ("{name} is a whole record.", "Name one of its fields."),
    "T-OPTIONAL": ("{name} may be empty.", "Put it in an if, or add |прочерк or |линия."),
    "T-NO-LIST": ("{name} is no list.", "A loop goes through lists only."),
    "T-NO-FIELDS": ("{name} is asked of a value that has no fields.", "Name a field of a record."),
    "T-FILTER": ("The filter does not fit: {name}.", "Take a filter that fits the value."),
    "T-FILTER-ARGS": ("The filter {name} has too many arguments.", "Leave out what is too much."),
    "T-CHOICE": ("The list of values has no «{name}».", "Take one of the values of the list."),
    "T-SYNTAX": ("The tag cannot be read: {name}", "Compare it with a tag that works."),
    "T-UNCLOSED": ("A tag is opened and not closed: {name}", "Close it with }} or %}."),
    "T-STRAY": ("Braces that make no tag: {name}", "Write two braces on each side, or take them out."),
    "T-OPEN": ("{name} is never closed.", "Add the endif or endfor that belongs to it."),
    "T-NOT-OPEN": ("{name} closes what was never opened.", "Take it out, or add the if or for before it."),
    "T-CROSSED": ("{name} closes another block than the one that is open.", "Close the inner block first."),
    "T-DEPTH": (
        "{name} stands in another table, row, cell or link than the tag that it belongs to.",
        "Put both at the same depth: both in the text, or both in rows of one table.",
    ),
    "T-BESIDE": (
        "{name} stands beside other words, which would be lost with it.",
        "Give the tag a paragraph (or a row) of its own, or take the letter p or tr out of it.",
    ),
    "T-NO-HOME": (
        "{name} does not stand in what it wants to lift: a paragraph, row, cell or run.",
        "Put it there, or take the letters after the brace out.",
    ),
    "T-SECTION": (
        "{name} stands in the paragraph that ends a section; the page setup would be lost with it.",
        "Put the tag in a paragraph before it.",
    ),
    "T-FIELD": (
        "{name} stands in another field of Word's than the tag that it belongs to.",
        "Put both before the field, or turn the field into text (Ctrl+Shift+F9).",
    ),
    "T-TRACKED": (
        "The tag crosses a change that nobody accepted or rejected: {name}",
        "Accept or reject the changes in Word.",
    ),
    "T-TRIM": (
        "{name} would eat the end of a table cell or of another part of the page.",
        "Take the minus out of the tag.",
    ),
    "T-LOOP": ("{name} works inside a loop only.", "Put it between the for and its endfor."),
    "T-TWICE": ("{name} stands a second time in one cell.", "Leave one of them out."),
    "T-RICH": (
        "{name} takes the place of a whole paragraph or run; its value is plain text and would be lost.",
        "Take the letter after the braces out.",
    ),
    "T-UNSEEN": ("A sign that cannot be seen stands inside the tag.", "Delete the tag and type it anew."),
    "T-QUOTES": (
        "Word's quotation marks quote nothing in a tag: {name}",
        "Type a straight quote: ' or \".",
    ),
    "T-DASH": ("A dash stands in the tag where a minus belongs: {name}", "Type the minus of the keyboard."),
    "T-CAPITALS": ("{name} is written with other capital letters.", "Write it in small letters."),
    "T-GLUED": ("{name}: a space is missing.", "Put a space after the letter that lifts: p, tr, tc or r."),
    "T-LIFT-SPACE": (
        "A space stands before the letter that lifts, which then lifts nothing.",
        "Write the letter right after the brace and the per cent sign.",
    ),
    "T-KEYWORD": (
        "The language of templates has no word {name}.",
        "Decide with if, elif, else, endif; repeat with for, in, endfor; join with and, or, not.",
    ),
    "T-OPERATOR": ("{name} neither compares nor joins.", "Compare with == or !=, join with and, or, not."),
    "T-COMPARE": ("{name} can never be compared with that.", "Compare with a value of the same kind."),
    "T-NUMBER": ("{name} is no number.", "Add and subtract numbers only."),
    "T-ELSE-TWICE": ("{name} stands a second time in one block.", "Leave one of them out."),
    "T-FOR": ("The loop gives its items several names: {name}", "Give the items one name."),
    "T-SHADOW": (
        "The loop calls its items {name}, as a field is called; inside the loop the field is out of reach.",
        "Give the items another name.",
    ),
    "T-UNREAD": (
        "The tag stands where papka fills nothing in (a chart, a drawing, the address of a link): {name}",
        "Move it into the text.",
    ),
    "W-PROPERTY": (
        "The tag stands in the properties of the file, where papka writes its own: {name}",
        "Take it out in Word (File, Info).",
    ),
    "W-COMMENT": ("The tag stands in a Word comment: {name}", "Put it into the text, or delete the comment."),
    "W-DELETED": (
        "The tag stands in text that was deleted with changes tracked: {name}",
        "Accept or reject the changes in Word.",
    ),
    "W-TRACKED": (
        "The tag was put in with changes tracked, and nobody has accepted it: {name}",
        "Accept or reject the changes in Word.",
    ),
    "W-HIDDEN": ("The tag is hidden text: {name}", "Take the effect Hidden off in Word (Font)."),
    "W-FIELD": (
        "The tag stands in the code of a field of Word's, where nobody sees it: {name}",
        "Turn the field into text (Ctrl+Shift+F9), or leave it if it is meant.",
    ),
    "W-BOUND": (
        "The tag stands in a content control that Word fills from elsewhere when the file is opened: {name}",
        "Delete the content control and keep its text.",
    ),
    "W-DRAWING": (
        "The tag stands in a drawing's own text, which is easily overlooked: {name}",
        "Put a text box in its place, or leave it if it is meant.",
    ),
    "W-ATTRIBUTE": (
        "The tag stands in a property that nobody sees, such as a picture's description: {name}",
        "Take it out, or leave it if it is meant.",
    ),
    "E-FORBIDDEN": ("{name} is not part of the language.", "Use fields, comparisons and filters only."),
    "E-FILTER": ("There is no filter {name}.", "Correct the name of the filter."),
    "E-FILTER-ARGS": ("The filter {name} takes plain arguments only.", "Write plain values in its brackets."),
    "E-TEST": ("There is no test {name}.", "Compare with ==, or ask whether it is none."),
    "E-LOOPS": ("Loops are nested too deep.", "Split the table."),
    "E-DEPTH": ("The tag is too complex.", "Make it simpler."),
}


def _refused(path: Path, code: str, message: str) -> Refused:
    words = tr("The template {file} cannot be used.").format(file=path.name)
    cure = tr("Take the template from the plugin anew.")
    return Refused(words, [Finding(code, "error", message, cure, place=Place(path.name))])


# --- opening ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _prepared(path: Path, data: bytes) -> Template:
    # While a methodologist has not decided on an upgrade's changes, papers keep the centre's words.
    package = settled(open_package(data))
    styles = package.members.get("word/styles.xml")
    numbered = lists_of_styles(parse(styles, "word/styles.xml")) if styles else {}
    parts = [_compiled(package, name, numbered) for name in _stories(package)]
    tagged = tuple(part for part in parts if part.tags or part.lex_faults)
    return Template(path, hashlib.sha256(data).hexdigest(), package, tagged)


def _stories(package: Package) -> Iterator[str]:
    """Return the parts that hold what a reader reads, by what they are and not by their names."""
    kinds = {one.get("PartName"): one.get("ContentType") or "" for one in package.xml("[Content_Types].xml")}
    for name in package.members:
        if _STORY.search(kinds.get(f"/{name}", "")):
            yield name


def _compiled(package: Package, name: str, numbered: Mapping[str, tuple[str, str]]) -> CompiledPart:
    if _OWN_SIGNS.search(package.members[name]):
        raise PackageFault("D-SIGNS", tr("The part {part} holds signs that mean nothing.").format(part=name))
    return compile_part(package.xml(name), name, numbered)


# --- rendering -------------------------------------------------------------------------------------------


class EmptyValues(Exception):
    """Values that the paper prints are not in the case; ``labels`` names their fields."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = tuple(labels)


def render_parts(template: Template, language: Language, context: Mapping[str, object]) -> dict[str, bytes]:
    """Render each part once, and return the new bytes by part.

    Raises:
        EmptyValues: The paper prints values that the case does not have; all of them are named.
        PackageFault: What came out is not the XML that Word reads.
    """
    rendering = _Rendering(template, language, context)
    rendering.draw()
    return rendering.written()


def proven_parts(template: Template, language: Language, context: Mapping[str, object]) -> dict[str, bytes]:
    """Render each part and prove that nothing of the template was lost on the way.

    Raises:
        EmptyValues: The paper prints values that the case does not have; all of them are named.
        PackageFault: What came out is not the XML that Word reads.
        Refused: Words, pictures or sections of the template are missing in the paper.
    """
    rendering = _Rendering(template, language, context)
    rendering.draw()
    for part in template.parts:
        expected = rendering.expected(part)
        prove(template.path.name, part.name, rendering.roots[part.name], expected, rendering.braces)
    return rendering.written()


class _Rendering:
    """One case on its way into one template."""

    def __init__(self, template: Template, language: Language, context: Mapping[str, object]) -> None:
        self.template = template
        self.language = language
        self.context = dict(context)
        self.empty: list[str] = []
        self.braces = 0
        self.roots: dict[str, etree._Element] = {}
        self.numbering: Numbering | None = None
        self.environment = Environment(language.filters, self._printed)

    def draw(self) -> None:
        """Render all parts into trees, and mend them."""
        texts = {part.name: self._run(part.name, part.source) for part in self.template.parts}
        if self.empty:
            raise EmptyValues(list(dict.fromkeys(self.empty)))
        if any("lists" in part.mends for part in self.template.parts):
            self.numbering = Numbering.of(self.template.package.members)
        for part in self.template.parts:
            text = texts[part.name]
            root = parse(text.encode("utf-8"), part.name)
            mend(root, part.mends, self.numbering, signs=bool(SIGN.search(text)))
            self.roots[part.name] = root

    def written(self) -> dict[str, bytes]:
        """Return the bytes of all parts that were drawn."""
        changed = {name: _bytes(root) for name, root in self.roots.items()}
        if self.numbering is not None:
            changed[MEMBER] = _bytes(self.numbering.root)
        return changed

    def expected(self, part: CompiledPart) -> str:
        """Return the second reading of a part with the branches of this case."""
        return self._run(f"{part.name} again", part.reading)

    def _run(self, name: str, source: str) -> str:
        code = _code(self.template.digest, name, source, self.environment)
        compiled = jinja2.Template.from_code(self.environment, code, {}, None)
        context = compiled.new_context(self.context)
        try:
            return "".join(compiled.root_render_func(context))
        except jinja2.UndefinedError as error:
            raise PackageFault("R-NAME", tr("A tag names what the case cannot have.")) from error

    def _printed(self, value: object) -> str:
        from .language.printing import Unprintable

        try:
            text = self.language.printed(value)
        except Unprintable as error:
            self.empty.append(error.where or error.reason)
            return ""
        if "{" in text or "}" in text:
            self.braces += sum(text.count(pair) for pair in ("{{", "}}", "{%", "%}"))
        return safe(text)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


_codes: dict[tuple[str, str, frozenset[str]], CodeType] = {}


def _code(digest: str, name: str, source: str, environment: Environment) -> CodeType:
    """Compile a part's Jinja once in a process; filters of another set make other code."""
    key = (digest, name, frozenset(environment.filters))
    if key not in _codes:
        if len(_codes) > 1_000:
            _codes.clear()
        _codes[key] = environment.compile(source)
    return _codes[key]
