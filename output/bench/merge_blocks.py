"""Three versions of a body, a cell or a table become one: paragraph by paragraph, row by row.

The centre's version is the one that is changed. What only the plugin changed is taken; where both changed the
same words, the centre's stand and the plugin's wait as tracked changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from ..package import W
from ..revisions import CELL, DEL, INS, PARAGRAPH, ROW, TABLE, Pen, is_tracked
from .merge_align import ALIKE, Alignment, align, likeness
from .merge_bring import Bring
from .merge_log import Log
from .merge_side import MARKS, Block, blocks, columns, shape, spans
from .merge_weave import Weaver
from .merge_words import put_together, take_apart

Elements = list[etree._Element]


@dataclass(frozen=True)
class Parts:
    """The names of one part in the three files."""

    base: str
    ours: str
    theirs: str


class Merger:
    """Merges one part.

    Args:
        careful: Take no change over that touches a tag; track it.
    """

    def __init__(self, bring: Bring, pen: Pen, log: Log, parts: Parts, *, careful: bool = False) -> None:
        self.bring = bring
        self.pen = pen
        self.log = log
        self.parts = parts
        self.careful = careful

    def container(self, base: etree._Element, ours: etree._Element, theirs: etree._Element) -> None:
        """Merge what stands in a body, a header, a cell or a table; the centre's element is changed."""
        before, _ = blocks(base, self.bring.base, self.parts.base)
        here, marks = blocks(ours, self.bring.ours, self.parts.ours)
        after, _ = blocks(theirs, self.bring.theirs, self.parts.theirs)
        if [one.canon for one in before] == [one.canon for one in after]:
            return
        sequencer = Sequencer(self, before, here, after, one_to_one=ours.tag == CELL)
        sequencer.is_reshaped = ours.tag == TABLE and columns(ours) != columns(base)
        found = sequencer.merged()
        self._refill(ours, here, [*found, *marks])

    @staticmethod
    def _refill(container: etree._Element, old: Sequence[Block], new: Elements) -> None:
        last = container[-1] if len(container) and container[-1].tag == f"{W}sectPr" else None
        for child in list(container):
            if child.tag not in _KEPT:
                container.remove(child)
        for element in _apart(new, container.tag):
            if last is not None:
                last.addprevious(element)
            else:
                container.append(element)

    # --- one block in three versions ---------------------------------------------------------------------

    def block(self, base: Block, ours: Block, theirs: Block) -> Elements:
        """Merge one paragraph, row or table."""
        if theirs.canon in (base.canon, ours.canon):
            return [ours.element]
        may_replace = ours.canon == base.canon and self.takes(base, theirs)
        if may_replace and not _is_marked(ours.element):
            return [self.replaced(ours, theirs)]
        if ours.kind == PARAGRAPH:
            return self._paragraph(base, ours, theirs) or [self.replaced(ours, theirs)]
        if ours.kind == TABLE and columns(base.element) == columns(theirs.element):
            return self._table(base, ours, theirs)
        if ours.kind == ROW and shape(base.element) == shape(ours.element) == shape(theirs.element):
            return self._row(base, ours, theirs)
        return self.both(ours, theirs)

    def takes(self, one: Block | None, other: Block | None) -> bool:
        """Tell whether a change may be taken without being tracked."""
        tags = [block.tags if block else [] for block in (one, other)]
        return not self.careful or tags[0] == tags[1]

    def replaced(self, ours: Block, theirs: Block) -> etree._Element:
        """Take the plugin's version of what the centre left as it was."""
        self.log.dropped += ours.bag
        found = self.bring.element(theirs.element, self.parts.theirs)
        self.log.take(self.parts.ours, "changed", theirs.text, found)
        return found

    def both(self, ours: Block, theirs: Block) -> Elements:
        """Keep the centre's as it is and put the plugin's behind it, as an insertion."""
        found = self.inserted(theirs)
        self.log.conflict(self.parts.ours, ours.element, ours.text, theirs.text, is_tracked=is_tracked(found))
        return [ours.element, found]

    def inserted(self, theirs: Block) -> etree._Element:
        """Return the plugin's block as a tracked insertion."""
        found = self.bring.element(theirs.element, self.parts.theirs)
        for one in _trackable(found):
            self.pen.mark(one, INS)
        return found

    def deleted(self, ours: Block) -> etree._Element:
        """Return the centre's block as a tracked deletion; one with changes of others stays as it is."""
        if is_tracked(ours.element) or ours.kind not in (PARAGRAPH, ROW, TABLE):
            return ours.element
        found = deepcopy(ours.element)
        self.pen.mark(found, DEL)
        return found

    # --- tables ------------------------------------------------------------------------------------------

    def _table(self, base: Block, ours: Block, theirs: Block) -> Elements:
        for name in ("tblPr", "tblGrid"):
            self._property(name, base, ours, theirs)
        self.container(base.element, ours.element, theirs.element)
        return [ours.element]

    def _row(self, base: Block, ours: Block, theirs: Block) -> Elements:
        self._property("trPr", base, ours, theirs)
        cells = zip(*(one.element.findall(CELL) for one in (base, ours, theirs)), strict=True)
        for three in cells:
            versions = zip(three, (base, ours, theirs), strict=True)
            self._property("tcPr", *(Block(one, of.side, of.part) for one, of in versions))
            self.container(*three)
        return [ours.element]

    def _property(self, name: str, base: Block, ours: Block, theirs: Block) -> None:
        """Take the plugin's properties where the centre left its own as they were."""
        tag = f"{W}{name}"
        found = [one.element.find(tag) for one in (base, ours, theirs)]
        was, here, new = (
            one.side.canon(element, one.part) if element is not None else ""
            for one, element in zip((base, ours, theirs), found, strict=True)
        )
        if was != here or was == new:
            return
        old = found[1]
        at = ours.element.index(old) if old is not None else _place_of(ours.element, name)
        if old is not None:
            ours.element.remove(old)
        if found[2] is not None:
            ours.element.insert(at, self.bring.element(found[2], self.parts.theirs))

    # --- paragraphs --------------------------------------------------------------------------------------

    def _paragraph(self, base: Block, ours: Block, theirs: Block) -> Elements:
        """Merge by word; nothing if the paragraph cannot be cut, and the plugin's may stand in its place."""
        three = [take_apart(one) for one in (base, ours, theirs)]
        was, here, new = three
        if was is None or here is None or new is None:
            may_replace = ours.canon == base.canon and self.takes(base, theirs)
            return [] if may_replace else self.both(ours, theirs)
        self._property("pPr", base, ours, theirs)
        weaver = Weaver(self, ours, theirs, was, here, new)
        placed = weaver.woven()
        put_together(ours.element, placed, here.after, self.pen)
        for mine, its in weaver.conflicts:
            self.log.conflict(self.parts.ours, ours.element, mine, its)
        if weaver.has_taken:
            self.log.take(self.parts.ours, "changed", theirs.text, ours.element)
        self.log.dropped += weaver.dropped
        return [ours.element]

    def redline(self, ours: Block, theirs: Block) -> Elements:
        """Show two versions of one paragraph that have no common base."""
        here, new = take_apart(ours), take_apart(theirs)
        if ours.kind != PARAGRAPH or here is None or new is None:
            return self.both(ours, theirs)
        weaver = Weaver(self, ours, theirs, here, here, new)
        put_together(ours.element, weaver.whole(), here.after, self.pen)
        for mine, its in weaver.conflicts:
            self.log.conflict(self.parts.ours, ours.element, mine, its)
        return [ours.element]


def _is_marked(element: etree._Element) -> bool:
    """Tell whether a bookmark or a comment of the centre's begins or ends in an element."""
    return any(one.tag != f"{W}proofErr" for one in element.iter(*MARKS))


_KEPT = frozenset(f"{W}{name}" for name in ("tcPr", "tblPr", "tblGrid", "sectPr"))


def _trackable(element: etree._Element) -> Iterable[etree._Element]:
    """Return what can be tracked: the block itself, or the outermost blocks in a control."""
    if element.tag in (PARAGRAPH, ROW, TABLE):
        return [element]
    found = [one for one in element.iter(PARAGRAPH, TABLE)]
    return [one for one in found if not any(over in found for over in one.iterancestors())]


def _place_of(element: etree._Element, name: str) -> int:
    """Return where a property stands that an element had not: first, the grid behind the table's own."""
    before = {"tblGrid": f"{W}tblPr", "trPr": f"{W}tblPrEx"}.get(name)
    found = element.find(before) if before else None
    return 0 if found is None else element.index(found) + 1


def _apart(elements: Elements, container: object) -> Elements:
    """Keep two tables from becoming one, and a cell from ending without a paragraph."""
    found: Elements = []
    for element in elements:
        if found and found[-1].tag == element.tag == TABLE:
            found.append(etree.Element(PARAGRAPH))
        found.append(element)
    if container == CELL and (not found or found[-1].tag != PARAGRAPH):
        found.append(etree.Element(PARAGRAPH))
    return found


# --- a run of blocks -------------------------------------------------------------------------------------


class Sequencer:
    """Merges a run of blocks: what stands where, and what became of each."""

    def __init__(
        self,
        merger: Merger,
        base: list[Block],
        ours: list[Block],
        theirs: list[Block],
        *,
        one_to_one: bool,
    ) -> None:
        self.merger = merger
        self.base, self.ours, self.theirs = base, ours, theirs
        self.here: Alignment = align(base, ours, one_to_one=one_to_one)
        self.there: Alignment = align(base, theirs, one_to_one=one_to_one)
        if merger.careful:
            self.there = Alignment(self.there.stable)
        self._new_here = _gaps(self.here, ours)
        self._new_there = _gaps(self.there, theirs)
        self._found: Elements = []
        self.is_reshaped = False

    def merged(self) -> Elements:
        """Return the elements of the merged run."""
        self._gap(-1)
        for number in range(len(self.base)):
            self._slot(number)
            self._gap(number)
        return self._found

    def _put(self, ours: Block | None, elements: Elements) -> None:
        self._found += [*(ours.before if ours else []), *elements]

    @property
    def _part(self) -> str:
        return self.merger.parts.ours

    # --- what was there before ---------------------------------------------------------------------------

    def _slot(self, number: int) -> None:
        mine = self.here.stable.get(number)
        if mine is not None:
            if number not in self.there.moved:
                self._kept(number, self.ours[mine])
        elif number not in self.here.moved:
            self._gone(number)

    def _kept(self, number: int, ours: Block) -> None:
        """The centre has the block still; ask what the plugin did to it."""
        base, its = self.base[number], self.there.of(number)
        if its is not None:
            self._put(ours, self.merger.block(base, ours, self.theirs[its]))
        elif ours.key == base.key and number not in self.here.moved and self.merger.takes(base, None):
            self._put(ours, [])
            self.merger.log.dropped += ours.bag
            self.merger.log.take(self._part, "removed", ours.text)
        else:
            found = self.merger.deleted(ours)
            self._put(ours, [found])
            tracked = is_tracked(found)
            self.merger.log.conflict(self._part, found, ours.text, "", is_tracked=tracked)

    def _gone(self, number: int) -> None:
        """The centre took the block out; the plugin's changes to it are shown."""
        its = self.there.stable.get(number)
        if its is None or self.theirs[its].key == self.base[number].key:
            return
        self._offer(self.theirs[its])

    def _offer(self, theirs: Block) -> None:
        found = self.merger.inserted(theirs)
        self._put(None, [found])
        tracked = is_tracked(found)
        self.merger.log.conflict(self._part, found, "", theirs.text, is_tracked=tracked)

    # --- what came in ------------------------------------------------------------------------------------

    def _gap(self, number: int) -> None:
        pairs = self._pairs(number)
        for block, moved in self._new_here.get(number, []):
            if moved is not None:
                self._kept(moved, block)
            elif (twin := pairs.get(id(block))) is not None and twin.key != block.key:
                self._put(block, self.merger.redline(block, twin))
            else:
                self._put(block, [block.element])
        paired = {id(twin) for twin in pairs.values()}
        contested = self._is_contested(number)
        for block, moved in self._new_there.get(number, []):
            if moved is not None:
                self._moved(moved, block)
            elif id(block) not in paired:
                self._added(block, contested=contested)

    def _pairs(self, number: int) -> dict[int, Block]:
        """Pair what both added at one place and what says the same, or nearly so."""
        rest = [block for block, moved in self._new_there.get(number, []) if moved is None]
        found: dict[int, Block] = {}
        for block, moved in self._new_here.get(number, []):
            if moved is not None or not rest:
                continue
            twin = max(rest, key=lambda one: likeness(block, one))
            if likeness(block, twin) >= ALIKE:
                found[id(block)] = twin
                rest.remove(twin)
        return found

    def _moved(self, number: int, theirs: Block) -> None:
        """The plugin moved the block; where the centre left it in its place, it goes along."""
        mine = self.here.stable.get(number)
        if mine is None:
            return
        ours = self.ours[mine]
        found = self.merger.block(self.base[number], ours, theirs)
        self._put(ours, found)
        self.merger.log.take(self._part, "moved", ours.text, found[0])

    def _added(self, theirs: Block, *, contested: bool) -> None:
        if contested or not self.merger.takes(None, theirs):
            self._offer(theirs)
            return
        like = self._like(theirs) if self.is_reshaped else None
        if self.is_reshaped and like is None:
            self._offer(theirs)
            return
        found = self.merger.bring.element(theirs.element, self.merger.parts.theirs)
        if like is not None:
            _fit(found, like)
        self._put(None, [found])
        self.merger.log.take(self._part, "added", theirs.text, found)

    def _like(self, theirs: Block) -> etree._Element | None:
        """Find the centre's row whose cells a new row has to have, in a table with columns of its own."""
        for number, place in self.there.stable.items():
            mine = self.here.stable.get(number)
            row = self.theirs[place].element
            if mine is not None and spans(row) == spans(theirs.element):
                ours = self.ours[mine].element
                if shape(ours) == shape(row) == shape(theirs.element):
                    return ours
        return None

    def _is_contested(self, number: int) -> bool:
        """Tell whether what the plugin added takes the place of something that the centre changed too."""
        after = number + 1
        while after < len(self.base) and self.there.of(after) is None:
            mine = self.here.of(after)
            if mine is not None and self.ours[mine].key != self.base[after].key:
                return True
            if mine is None and any(self._added_here(gap) for gap in (number, after - 1, after)):
                return True
            after += 1
        return False

    def _added_here(self, number: int) -> bool:
        return any(moved is None for _, moved in self._new_here.get(number, []))


def _fit(row: etree._Element, like: etree._Element) -> None:
    """Give the cells of a row the widths of another's."""
    for cell, other in zip(row.findall(CELL), like.findall(CELL), strict=True):
        old, new = cell.find(f"{W}tcPr"), other.find(f"{W}tcPr")
        if old is not None:
            cell.remove(old)
        if new is not None:
            cell.insert(0, deepcopy(new))


def _gaps(found: Alignment, side: Sequence[Block]) -> dict[int, list[tuple[Block, int | None]]]:
    """Return what stands between the blocks that kept their places, by the block before it."""
    stable = {place: number for number, place in found.stable.items()}
    moved = {place: number for number, place in found.moved.items()}
    gaps: dict[int, list[tuple[Block, int | None]]] = {}
    last = -1
    for place, block in enumerate(side):
        if place in stable:
            last = stable[place]
        else:
            gaps.setdefault(last, []).append((block, moved.get(place)))
    return gaps
