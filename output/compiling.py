"""From the tags of a part to Jinja that can be rendered, with the way back from every line to its tag.

Each tag is written with exactly one line break inside its braces, and the XML between tags with none. So the
line number of anything that Jinja tells is the number of the tag it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from .cells import GRID, give_runs, may_change_columns, shape_cells
from .draft import MARK, Draft, StructureFault, all_text, put_before, replace_by
from .flat import Flat, flat_of
from .joining import join_runs
from .levels import LOOSE, home_of, is_even, levels_of, word_of
from .lists import AGAIN, mark_restarts
from .package import W
from .proof import second_reading, thing_sign
from .signs import WHOLE
from .tags import LexFault, Tag, lex, mark, visible_text

_PAIRS = {"endif": "if", "endfor": "for"}
_BRANCHES = {"elif": ("if",), "else": ("if", "for")}
_CONTENT = tuple(
    f"{W}{name}"
    for name in (
        "drawing", "pict", "object", "sym", "ptab", "footnoteReference", "endnoteReference", "footnoteRef",
        "endnoteRef", "fldChar", "fldSimple", "sdt", "pgNum",
    )
)  # fmt: skip
_TRACES = frozenset({f"{W}proofErr", f"{W}lastRenderedPageBreak"})
_TRACE = re.compile(r"\}(rsid\w*|paraId|textId)$")
_KEEPS = tuple(f"{W}{name}" for name in ("sectPr", "pageBreakBefore", "framePr"))


@dataclass
class CompiledPart:
    """One part of a template, ready for Jinja.

    Attributes:
        source: Jinja source; line number n belongs to tag n - 2, counted from 0.
        reading: The same part read a second time, as plain words and tags, for the proof.
        mends: What has to be looked after when the part was rendered.
        flat: What has to be known to read the part without a tree when it was rendered.
        suspects: Words in other braces, which are a tag if they begin with a field's name.
        levels: For each tag, numbers of its level of the document and of the fields around it.
        copies: Numbers of the paragraphs that repeat a text box for old versions of Word.
    """

    name: str
    source: str
    tags: list[Tag]
    lex_faults: list[LexFault] = field(default_factory=list)
    faults: list[StructureFault] = field(default_factory=list)
    reading: str = ""
    mends: frozenset[str] = frozenset()
    copies: frozenset[int] = frozenset()
    flat: Flat | None = None
    levels: list[tuple[int, int]] = field(default_factory=list)
    suspects: list[LexFault] = field(default_factory=list)

    def tag_of(self, line: int | None) -> Tag | None:
        """Return the tag that a line of the source belongs to."""
        return self.tags[line - 2] if line is not None and 0 <= line - 2 < len(self.tags) else None


def compile_part(
    root: etree._Element, name: str, numbered: Mapping[str, tuple[str, str]] | None = None
) -> CompiledPart:
    """Compile the tree of a part; the tree is used up.

    Args:
        numbered: List and level that a paragraph style gives its paragraphs, by the style's id.
    """
    if not name.endswith("comments.xml"):
        _forget_traces(root)
    draft = Draft(lex(root, name))
    _pair_broken(draft)
    reading = second_reading(root, draft.lexed.tags)
    shape_cells(draft)
    give_runs(draft)
    _lift(draft)
    _lift_lone(draft)
    levels = levels_of(draft)
    if not draft.faults and is_even(draft, levels):
        mark_restarts(draft, numbered or {})
    if not any(tag.trims_before or tag.trims_after for tag in draft.lexed.tags):
        join_runs(root)  # what a minus trims, it finds by the runs
    order: list[int] = []
    sections = [thing_sign(one) or "" for one in root.iter(f"{W}sectPr")]
    source = _source(_open_ended(etree.tostring(root, encoding="unicode")), draft, order)
    tags = [draft.lexed.tags[one] for one in order]
    if not draft.faults and any(tag.trims_before or tag.trims_after for tag in tags):
        _hold_together(draft, source)
    mends = frozenset(_mends(draft, source))
    lexed = draft.lexed
    in_runs = all(one.getparent().tag == f"{W}r" for one in root.iter(f"{W}t"))  # type: ignore[union-attr]
    flat = flat_of(source, sections) if in_runs else None
    return CompiledPart(
        name,
        source,
        tags,
        lexed.faults,
        draft.faults,
        reading,
        mends,
        frozenset(lexed.copies),
        flat,
        [levels[one] for one in order],
        lexed.suspects,
    )


def _forget_traces(root: etree._Element) -> None:
    """Drop what Word notes of its own work: who typed when, what was spelt wrong, where pages broke."""
    for element in list(root.iter(etree.Element)):
        if element.tag in _TRACES:
            replace_by(element, "")
        for noted in [key for key in element.attrib if _TRACE.search(str(key))]:
            del element.attrib[noted]


def _open_ended(xml: str) -> str:
    """Give an empty paragraph an end like that of others: so the text shows how a cell ends."""
    return re.sub(r"<w:p((?: [^>]*)?)/>", r"<w:p\1></w:p>", xml)


def _mends(draft: Draft, source: str) -> Iterator[str]:
    """Tell what may need mending after rendering, so that nothing else is looked for."""
    tags = draft.lexed.tags
    has_loops = any(tag.kind == "block" and tag.code.startswith("for") for tag in tags)
    if has_loops and re.search(r"docPr |bookmarkStart|paraId=|comment(Range|Ref)|:sdtPr", source):
        yield "ids"
    if 'type="page"' in source and any(tag.kind == "block" for tag in tags):
        yield "breaks"
    if GRID in source:
        yield "grid"
    if "<?papka" in source:
        yield "lists"
    if any(tag.cell in ("colspan", "cellbg", "hm") for tag in tags):
        yield "spans"
    if draft.lexed.hidden:
        yield "fields"


# --- lifting ---------------------------------------------------------------------------------------------


def _lift(draft: Draft) -> None:
    """Put the marks of lifting tags in place of their paragraphs, rows, cells and runs."""
    for number, tag in enumerate(draft.lexed.tags):
        if not tag.lift or tag.is_broken or (tag.kind == "print" and tag.lift == "r"):
            continue  # a value that wants a run has been given one, and keeps its look
        if tag.kind == "print" and tag.lift in ("tr", "tc"):
            draft.tell("T-RICH", tag)
            continue
        home = None if number in draft.lexed.hidden else home_of(draft.lexed.holders[number], tag.lift)
        if home is None:
            draft.tell("T-NO-HOME", tag)
            continue
        beside = [one for one in draft.numbers(all_text(home)) if one != number]
        if any(draft.lexed.tags[one].kind != "comment" for one in beside) or _holds_more(home):
            draft.tell("T-BESIDE", tag)
        elif home.tag == f"{W}p" and home.find(f"{W}pPr/{W}sectPr") is not None:
            draft.tell("T-SECTION", tag)
        elif tag.kind != "print" or tag.lift != "p":
            if tag.lift == "tc":
                may_change_columns(home)
            _give_way(home, "".join(mark(one) for one in sorted([number, *beside])))


def _holds_more(home: etree._Element) -> bool:
    """Tell whether an element holds, beside tags, anything that would be lost with it."""
    if MARK.sub("", all_text(home)).strip() or any(True for _ in home.iter(*_CONTENT)):
        return True
    return any(one.get(f"{W}type") in ("page", "column") for one in home.iter(f"{W}br"))


def _give_way(home: etree._Element, text: str) -> None:
    """Put marks in place of an element; a bookmark that only begins or only ends in it stays."""
    begun = {one.get(f"{W}id"): one for one in home.iter(f"{W}bookmarkStart")}
    ended = {one.get(f"{W}id"): one for one in home.iter(f"{W}bookmarkEnd")}
    for name in begun.keys() ^ ended.keys():
        one = begun.get(name, ended.get(name))
        if one is not None:
            one.tail = None
            home.addprevious(one)
    replace_by(home, text)


# --- tags alone in their paragraphs ----------------------------------------------------------------------


def _lift_lone(draft: Draft) -> None:
    """Let a paragraph that holds nothing but blocks' tags go with them, where all tags of a block can."""
    lone = {paragraph: numbers for paragraph, numbers in _lone(draft)}
    if not lone:
        return
    groups = _groups(draft)
    standing = {number: element for number, element, attribute in draft.marks() if not attribute}
    home_of = {number: paragraph for paragraph, numbers in lone.items() for number in numbers}
    while True:
        stay = [
            paragraph
            for paragraph, numbers in lone.items()
            if not all(_goes(groups.get(number), home_of, standing) for number in numbers)
        ]
        if not stay:
            break
        for paragraph in stay:
            for number in lone.pop(paragraph):
                del home_of[number]
    for paragraph, numbers in lone.items():
        _give_way(paragraph, "".join(mark(number) for number in numbers))


def _lone(draft: Draft) -> Iterator[tuple[etree._Element, list[int]]]:
    for paragraph in draft.root.iter(f"{W}p"):
        text = all_text(paragraph)
        numbers = draft.numbers(text)
        if not numbers or paragraph.getparent() is None or _is_beside_table(paragraph):
            continue
        plain = all(
            tag.kind != "print" and not (tag.cell or tag.is_broken or tag.trims_before or tag.trims_after)
            for tag in draft.tags(text)
        )
        look = paragraph.find(f"{W}pPr")
        keeps = look is not None and any(look.find(name) is not None for name in _KEEPS)
        if plain and not keeps and not _holds_more(paragraph):
            yield paragraph, numbers


def _is_beside_table(paragraph: etree._Element) -> bool:
    """Tell whether a paragraph holds tables apart, which Word would otherwise draw as one."""
    return any(
        one is not None and one.tag == f"{W}tbl" for one in (paragraph.getprevious(), paragraph.getnext())
    )


def _groups(draft: Draft) -> dict[int, list[int]]:
    """Return, for the number of each tag of a whole block, all tags of that block; a comment is alone."""
    found: dict[int, list[int]] = {}
    stack: list[list[int]] = []
    for number, _, _ in draft.marks():
        tag = draft.lexed.tags[number]
        word = word_of(tag)
        if tag.kind == "comment":
            found[number] = [number]
        elif word in ("if", "for"):
            stack.append([number])
        elif stack and word in _BRANCHES:
            stack[-1].append(number)
        elif stack and word in _PAIRS:
            group = [*stack.pop(), number]
            found.update(dict.fromkeys(group, group))
    return found


def _goes(
    group: list[int] | None,
    home_of: Mapping[int, etree._Element],
    standing: Mapping[int, etree._Element],
) -> bool:
    """Tell whether all tags of a block stand, or will stand, between the paragraphs of one container."""
    if group is None:
        return False
    homes = [home_of[number].getparent() if number in home_of else standing.get(number) for number in group]
    return all(home is not None and home is homes[0] for home in homes) and homes[0].tag not in LOOSE  # type: ignore[union-attr]


# --- blocks ----------------------------------------------------------------------------------------------


def _pair_broken(draft: Draft) -> None:
    """Keep a tag that is never closed as a part of its block if the rest of the block is there.

    It was told; the tags that belong to it are not told once more for its sake.
    """
    if not any(tag.is_broken for tag in draft.lexed.tags):
        return
    stack: list[int] = []
    paired: set[int] = set()
    for number, _, _ in draft.marks():
        word = word_of(draft.lexed.tags[number])
        if word in ("if", "for"):
            stack.append(number)
        elif word in _BRANCHES and stack:
            paired.add(number)
        elif word in _PAIRS and any(word_of(draft.lexed.tags[one]) == _PAIRS[word] for one in stack):
            while word_of(draft.lexed.tags[stack[-1]]) != _PAIRS[word]:
                stack.pop()
            paired |= {number, stack.pop()}
    for number, tag in enumerate(draft.lexed.tags):
        if tag.is_broken and number not in paired:
            draft.lexed.tags[number] = replace(tag, kind="comment", code="", lift="")


# --- source ----------------------------------------------------------------------------------------------


def _source(text: str, draft: Draft, order: list[int]) -> str:
    """Write the Jinja source; `order` receives the numbers of the tags as they stand in it."""
    text = text.replace("\r", "&#13;").replace("\n", "&#10;")
    tags = draft.lexed.tags
    pieces: list[str] = []
    position = 0
    last: Tag | None = None
    for found in MARK.finditer(text):
        between, position = text[position : found.start()], found.end()
        number = int(found[1])
        tag = tags[number] if number < len(tags) else None
        between = _trimmed(draft, between, last, tag)
        pieces += [_inert(between), _written(tag) if tag else draft.codes[number - len(tags)]]
        order += [number] if tag else []
        last = tag
    pieces.append(_inert(_trimmed(draft, text[position:], last, None)))
    return "".join(pieces)


def _written(tag: Tag) -> str:
    if tag.is_broken:
        return "{#\n#}"
    if tag.kind == "print":
        # Only blocks merge paragraphs; any other minus takes the spaces beside it, as in Jinja.
        own = WHOLE if tag.lift == "p" else ""
        return f"{own}{{{{{'-' * tag.trims_before}\n{tag.code} {'-' * tag.trims_after}}}}}"
    if tag.kind == "block":
        return "{%\n" + tag.code + " %}"
    told = "<?papka next?>" if AGAIN.match(tag.code) else ""
    return f"{{#{'-' * tag.trims_before}\n{'-' * tag.trims_after}#}}{told}"


def _inert(xml: str) -> str:
    """Keep braces that are no tag from becoming one."""
    return re.sub(r"\{(?=[{%#])", "{{ '{' }}", xml) if "{" in xml else xml


def _trimmed(draft: Draft, xml: str, before: Tag | None, after: Tag | None) -> str:
    """Leave out what ``-%}`` before and ``{%-`` after tell to leave out: all up to the nearest text.

    Within one text that is the spaces beside the tag, as in Jinja.
    """
    if before is not None and before.kind == "block" and before.trims_after:
        found = re.search(r"<w:t(?: [^>]*)?>", xml)
        xml = _without(draft, before, xml, 0, found.end()) if found else xml.lstrip()
    if after is not None and after.kind == "block" and after.trims_before:
        at = xml.rfind("</w:t>")
        xml = _without(draft, after, xml, at, len(xml)) if at >= 0 else xml.rstrip()
    return xml


def _without(draft: Draft, tag: Tag, xml: str, start: int, end: int) -> str:
    if re.sub(r"<[^>]*>", "", xml[start:end]).strip():
        draft.tell("T-BESIDE", tag)
    elif _BORDER.search(xml, start, end):
        draft.tell("T-TRIM", tag)
    return xml[:start] + xml[end:]


_BORDER = re.compile(r"</?\w+:(tc|tr|tbl|sdt|hyperlink|txbxContent|sectPr|footnote|endnote|comment)[ >/]")
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def _hold_together(draft: Draft, source: str) -> None:
    """See that what is left when tags have eaten the breaks beside them is still a whole document."""
    try:
        left = etree.fromstring(_CODE.sub("", source).encode("utf-8"))
        is_whole = not any(len(text) for text in left.iter(f"{W}t"))
    except etree.XMLSyntaxError:
        is_whole = False
    for tag in draft.lexed.tags:
        if not is_whole and (tag.trims_before or tag.trims_after):
            draft.tell("T-TRIM", tag)


__all__ = ["CompiledPart", "StructureFault", "compile_part", "put_before", "visible_text"]
