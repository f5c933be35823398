"""The three-way merge of Word templates: what the plugin changed comes into what the centre made of it.

Three files go in: the plugin's template that the centre began with, the centre's own, the plugin's new one.
One comes out. What only one side changed is in it; where both changed the same words, the centre's stand and
the plugin's wait in Word to be accepted or rejected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date

from lxml import etree

from ...core.errors import PapkaError
from ...core.i18n import tr
from ..package import Package, W, open_package
from ..revisions import RENDERED, Pen, accepted, first_free_id, pending, settled
from .merge_align import align
from .merge_blocks import Merger, Parts
from .merge_bring import STYLES, Bring, written
from .merge_log import Conflict, Log, Taken
from .merge_side import DOCUMENT, Block, R, Side, words_of

_EDGES = {f"{W}headerReference": "header", f"{W}footerReference": "footer"}
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


@dataclass(frozen=True)
class Merged:
    """What came of a merge.

    Attributes:
        content: The merged file; the very bytes of the centre's if nothing had to be changed.
    """

    content: bytes
    taken: tuple[Taken, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_pending(self) -> bool:
        """Tell whether something waits in Word."""
        return bool(self.conflicts)


def merge(
    base: bytes, ours: bytes, theirs: bytes, day: date, file: str = "", *, careful: bool = False
) -> Merged:
    """Merge three versions of a template.

    Args:
        base: The plugin's template that the centre's own was made from.
        day: The day that the tracked changes bear.
        file: Name of the centre's file, for the places of what was done.
        careful: Take no change over that touches a tag; show it as a tracked change.

    Raises:
        PackageFault: One of the files is none that may be opened.
        PapkaError: Words of the centre's would be lost. There is no known way to come here; it is the proof.
    """
    if theirs in (base, ours):
        return Merged(ours)
    return _Merge(base, ours, theirs, day, careful=careful).merged(ours, file)


def waiting(content: bytes) -> int:
    """Count papka's tracked changes that wait in a file."""
    package = open_package(content)
    return sum(pending(package.xml(name)) for name in package.members if RENDERED.fullmatch(name))


def without_waiting(content: bytes) -> bytes:
    """Return a file as it stands without what waits in it: the centre's words, and nothing beside them."""
    package = open_package(content)
    alone = settled(package)
    return content if alone is package else alone.write({})


def with_all_taken(content: bytes) -> bytes:
    """Return a file with all that waits in it accepted."""
    package = open_package(content)
    taken = settled(package, accepted)
    return content if taken is package else taken.write({})


class _Merge:
    """One merge at work."""

    def __init__(self, base: bytes, ours: bytes, theirs: bytes, day: date, *, careful: bool) -> None:
        self.base, self.ours, self.theirs = (Side(open_package(one)) for one in (base, ours, theirs))
        self.bring = Bring(self.base, self.ours, self.theirs)
        self.log = Log()
        self.day = day
        self.careful = careful
        self.roots: dict[str, etree._Element] = {}
        self.changed: dict[str, etree._Element] = {}

    def merged(self, content: bytes, file: str) -> Merged:
        """Merge part by part, prove that no word was lost, and write the file."""
        threes = list(self._parts())
        self.bring.parts |= {three.theirs: three.ours for three in threes}
        notes = {name: list(self._notes(name)) for name in _NOTES}
        for name, found in notes.items():
            for _, ours, theirs in found:
                self.bring.same_note(name, theirs.element, ours.element)
        for name in self.bring.changed_styles():
            self.log.take(STYLES, "style", name)
        for three in threes:
            self._part(three)
        for name, found in notes.items():
            self._merge_notes(name, found)
        taken, conflicts = self.log.told(file, self.roots)
        changed = self.bring.finished() | {name: written(root) for name, root in self.changed.items()}
        if changed:
            content = Package({**self.ours.package.members, **changed}).write({})
            self._prove(content)
        return Merged(content, tuple(taken), tuple(conflicts))

    def _part(self, three: Parts) -> None:
        was, new = self.base.tree(three.base), self.theirs.tree(three.theirs)
        here = self.bring.tree(three.ours, touch=False)
        if was is None or here is None or new is None:
            return
        self.roots[three.ours] = here
        before = written(here)
        pen = Pen(self.day, first_free_id(here))
        merger = Merger(self.bring, pen, self.log, three, careful=self.careful)
        self._body(merger, [_container(one) for one in (was, here, new)], three)
        if written(here) != before:
            _pair_marks(here)
            self.changed[three.ours] = here

    def _body(self, merger: Merger, found: list[etree._Element], three: Parts) -> None:
        merger.container(*found)
        was, here, new = (one.find(f"{W}sectPr") for one in found)
        if was is not None and here is not None and new is not None:
            self._setup(was, here, new, three)

    def _setup(self, was: etree._Element, here: etree._Element, new: etree._Element, three: Parts) -> None:
        """Take the plugin's page setup where the centre left its own: size, margins, columns, one by one."""
        old, mine, its = (_settings(one) for one in (was, here, new))
        for name in dict.fromkeys([*its, *old]):
            versions = zip((self.base, self.ours, self.theirs), (old, mine, its), astuple(three), strict=True)
            before, now, after = (
                side.canon(of[name], part) if name in of else "" for side, of, part in versions
            )
            if before != now or after == before:
                continue
            if name in mine:
                here.remove(mine[name])
            if name in its:
                copy = self.bring.element(its[name], three.theirs)
                here.insert(_place_in(here, new, its[name]), copy)
            self.log.take(three.ours, "page", name.rpartition("}")[2].partition(":")[0])

    # --- parts -------------------------------------------------------------------------------------------

    def _parts(self) -> Iterator[Parts]:
        """Find the parts of one role in the three files: Word names headers anew as it likes."""
        yield Parts(DOCUMENT, DOCUMENT, DOCUMENT)
        was, here, new = (dict(_edges(side)) for side in (self.base, self.ours, self.theirs))
        seen: set[str] = set()
        for role, part in here.items():
            if role in was and role in new and part not in seen:
                seen.add(part)
                yield Parts(was[role], part, new[role])

    def _notes(self, name: str) -> Iterator[tuple[Block, Block, Block]]:
        """Find the notes that all three have; a new one comes in with the words that refer to it."""
        trees = (self.base.tree(name), self.bring.tree(name, touch=False), self.theirs.tree(name))
        was, here, new = (
            [] if root is None else [Block(one, side, name) for one in root if not one.get(f"{W}type")]
            for root, side in zip(trees, (self.base, self.ours, self.theirs), strict=True)
        )
        mine, its = align(was, here), align(was, new)
        origin = {place: was[number] for number, place in mine.stable.items()}
        for place, note in enumerate(here):
            if place not in origin or origin[place].canon != note.canon:
                self.ours.own_notes.add((f"{note.kind}Reference", note.element.get(f"{W}id", "")))
        for number, note in enumerate(was):
            if number in mine.stable and number in its.stable:
                yield note, here[mine.stable[number]], new[its.stable[number]]

    def _merge_notes(self, name: str, found: list[tuple[Block, Block, Block]]) -> None:
        root = self.bring.tree(name, touch=False)
        if root is None:
            return
        before = written(root)
        self.roots[name] = root
        pen = Pen(self.day, first_free_id(root))
        merger = Merger(self.bring, pen, self.log, Parts(name, name, name), careful=self.careful)
        for three in found:
            merger.container(*(one.element for one in three))
        if written(root) != before:
            self.changed[name] = root

    # --- proof -------------------------------------------------------------------------------------------

    def _prove(self, content: bytes) -> None:
        """Count the words: what was in the centre's file is in the merged one, or the plugin took it out."""
        found, had = _all_words(Side(open_package(content))), _all_words(self.ours)
        lost = had - found - self.log.dropped
        if lost:
            words = tr("The merge would lose words of the centre's: {words}. Nothing was written.")
            raise PapkaError(words.format(words=", ".join(sorted(lost)[:8])))


def _container(root: etree._Element) -> etree._Element:
    body = root.find(f"{W}body")
    return root if body is None else body


def _settings(section: etree._Element) -> dict[str, etree._Element]:
    """Return the settings of a page by name; each header and footer is one."""
    return {
        f"{one.tag}:{one.get(f'{W}type', '')}" if one.tag in _EDGES else str(one.tag): one for one in section
    }


def _all_words(side: Side) -> Counter[str]:
    found: Counter[str] = Counter()
    for name in side.package.members:
        if RENDERED.fullmatch(name):
            found += words_of(side.package.xml(name))
    return found


def _edges(side: Side) -> Iterator[tuple[tuple[int, str, str], str]]:
    """Return the headers and footers by their role: which section, which edge, which pages."""
    root = side.tree(DOCUMENT)
    sections = [] if root is None else list(root.iter(f"{W}sectPr"))
    for number, section in enumerate(sections):
        for reference in section.iter(*_EDGES):
            relation = side.relations(DOCUMENT).get(reference.get(f"{R}id", ""))
            if relation is not None and relation.target in side.package.members:
                pages = reference.get(f"{W}type", "default")
                yield (number - len(sections), _EDGES[str(reference.tag)], pages), relation.target


def _place_in(here: etree._Element, new: etree._Element, child: etree._Element) -> int:
    """Return where a child belongs: behind the last one that stands before it in the other element."""
    before = [one.tag for one in child.itersiblings(preceding=True)]
    places = [number for number, one in enumerate(here) if one.tag in before]
    return places[-1] + 1 if places else 0


def _pair_marks(root: etree._Element) -> None:
    """Take out a beginning whose end went with a deleted paragraph, and an end without a beginning."""
    for kind in ("bookmark", "commentRange", "perm"):
        begun = {one.get(f"{W}id"): one for one in root.iter(f"{W}{kind}Start")}
        ended = {one.get(f"{W}id"): one for one in root.iter(f"{W}{kind}End")}
        for number in begun.keys() ^ ended.keys():
            lone = begun.get(number, ended.get(number))
            parent = lone.getparent() if lone is not None else None
            if lone is not None and parent is not None:
                parent.remove(lone)


__all__ = ["Merged", "merge", "waiting", "with_all_taken", "without_waiting"]
