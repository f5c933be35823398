"""A form asked from beginning to end, back and forth, today and another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...core.i18n import tr
from ...core.paths import Loc
from ...core.programmes.questions import Question
from ..completing import Filling
from ..plain import items_at
from ..shown import Asked, Item, Shown, offered
from .asking import Asking
from .bookmark import Bookmark
from .closing import Ending, close, missing, tell_missing
from .moves import Move
from .steps import Step, first_open, steps, stop_at
from .tables import Table
from .window import Window, say, width

_ADD, _GO_ON, _END = "add", "go on", "end"


@dataclass
class Interview:
    """A person, a window, and a form between them.

    Attributes:
        opened: Items that the case held before and that the person wants to see.
    """

    filling: Filling
    window: Window
    mark: Bookmark
    opened: set[Loc] = field(default_factory=set)
    _headed: tuple[int, int | None] | None = None
    _mends: bool = False

    def __post_init__(self) -> None:
        self._asking = Asking(self.filling, self.window, self.mark)

    @property
    def is_kept(self) -> bool:
        """Whether all answers lie on the disk; if not, it is tried once more."""
        if not self._asking.is_kept:
            self._asking.keep()
        return self._asking.is_kept

    def run(self) -> bool:
        """Ask until the form is written into the case, or the person stops; tell whether it is written."""
        way = self._way()
        at = stop_at(way, self.mark.place)
        if at is None:
            at = first_open(self.filling.sheet, way)
        self._greet(way, at)
        while True:
            way = self._way()
            if at < len(way):
                following = self._stop(way, at)
            else:
                end = close(self.filling, self.window, self.mark)
                if end.written:
                    return True
                following = self._after(end, way)
            if following is None:
                return False
            at = max(0, following)

    def _after(self, end: Ending, way: list[Step]) -> int | None:
        """Return the stop to go back to from the end; None: stop for today."""
        self._headed = None
        if end.again:
            return len(self._way())
        if end.goes_to is not None:
            self._mends = True
            self.mark.put(end.goes_to)
            return self._to(end.goes_to)
        return None if end.stop is None else end.stop % max(1, len(way))

    def _way(self) -> list[Step]:
        return steps(self.filling.sheet, self.opened)

    def _greet(self, way: list[Step], at: int) -> None:
        form = self.filling.sheet.form
        say()
        say(form.title, look="title")
        if form.purpose:
            say(form.purpose)
        say(
            tr("An asterisk marks what is needed. Help: ? and Enter. Each answer is kept at once."),
            look="faint",
        )
        if not self.filling.draft.is_begun and self.mark.place is None:
            self._tell_how_long()
        else:
            where = self._title(way[at]) if at < len(way) else tr("the end of the form")
            say(tr("Going on from: {place}").format(place=where), look="good")

    def _tell_how_long(self) -> None:
        """Say how many questions there are: a list brings as many again with each of its items."""
        parts = self.filling.sheet.parts()
        if len(parts) < 2:
            return
        say()
        for number, part in enumerate(parts, start=1):
            say(f"{number}. {part.title}: {self._how_many(part)}", indent="  ")
        say(tr("Those with an asterisk are enough: F5 or /write leads to the end, the rest can come later."))

    def _how_many(self, part: Shown) -> str:
        declared = self.filling.sheet.form.parts[part.index]
        shown: Sequence[Question | Asked] = [one for item in part.items for one in item.questions]
        words = tr("questions {count}")
        if declared.each:
            shown = [one for one in declared.ask if one.when is None]
            words = tr("about each one {count}")
            if len(shown) < len(declared.ask):
                words = tr("about each one {count} or more")
        needed = sum(one.needed for one in shown)
        more = tr(", needed {needed}").format(needed=needed) if needed else ""
        return words.format(count=len(shown)) + more

    def _title(self, step: Step) -> str:
        said = [
            step.part.title,
            step.item.heading if step.item else None,
            step.asked.label if step.asked else None,
        ]
        return " — ".join(one for one in said if one)

    # --- one stop ----------------------------------------------------------------------------------------

    def _stop(self, way: list[Step], at: int) -> int | None:
        """Ask at one stop, and return the next one; None: stop for today."""
        step = way[at]
        self._asking.keep_watch()
        self._asking.look_around()
        self._head(step)
        move, goes_to = self._asked(way, step)
        if goes_to is not None:
            return self._to(goes_to)
        if move is Move.PAUSE:
            return None
        if move is Move.BACK:
            self._mends = False
            if at == 0:
                say(tr("This is the first question."), look="faint")
            return at - 1
        if move is Move.PARTS:
            self._mends = False
            return self._another_part(at)
        if move is Move.MISSING:
            tell_missing(missing(self.filling.sheet))
            return at
        if move is Move.END:
            self._mends = False
            return len(self._way())
        mends, self._mends = self._mends, False
        if move is Move.UNKNOWN and step.asked is not None:
            self.filling.sheet.skip(step.place)
            self._asking.keep()
        now = stop_at(self._way(), step.place)
        # Who came from the end to mend one answer goes back there.
        return len(self._way()) if mends else (at if now is None else now) + 1

    def _asked(self, way: list[Step], step: Step) -> tuple[Move | None, Loc | None]:
        if step.asked is None:
            return self._more(step)
        mine = _of(step)
        count = sum(1 for one in way if one.asked is not None and _of(one) == mine)
        head = tr("Question {number} of {count}").format(number=step.number, count=count)
        if step.asked.kind == "table" and step.asked.columns:
            say()
            say(f"{head}. {step.asked.label}{' *' if step.asked.needed else ''}", look="label")
            at, half = self.mark.place, self.mark.text
            if at is None or at[: len(step.place)] != step.place:
                self.mark.put(step.place)
            else:
                self.mark.put(at, half)
            return Table.of(step.asked, self._asking).ask(at), None
        return self._asking.ask(step.asked, head), None

    def _head(self, step: Step) -> None:
        """Say which part and which item begins."""
        number = step.item.number if step.item else None
        before, self._headed = self._headed, (step.part.index, number)
        if before is None or before[0] != step.part.index:
            say()
            line = f"── {step.part.title} "
            say(line + "─" * max(0, min(width(), 60) - len(line)), look="title")
            if step.part.note:
                say(step.part.note, look="faint")
        if step.item and step.item.heading and before != self._headed:
            say()
            say(step.item.heading, look="title")

    # --- lists -------------------------------------------------------------------------------------------

    def _more(self, step: Step) -> tuple[Move | None, Loc | None]:
        """Ask whether there is one more item, and which one is to be changed."""
        base = step.place[:-1]
        self.mark.put(step.place)
        say()
        say(tr("{offer}?").format(offer=offered(step.part)), look="label")
        kept = len(items_at(self.filling.sheet.before, base))
        fresh = [one for one in step.part.items if (one.number or 0) >= kept]
        options = [(_ADD, tr("Yes")), (_GO_ON, tr("No, go on"))]
        if fresh and not missing(self.filling.sheet):
            options.append((_END, tr("That is enough for today: write what there is")))
        change, out = tr("Change: {what}"), tr("Take out: {what}")
        options += [(f"edit:{one.number}", change.format(what=_and_gaps(one))) for one in step.part.items]
        options += [(f"out:{one.number}", out.format(what=one.heading)) for one in fresh]
        # After the first one a bare Enter decides nothing: nobody is to be forgotten by it, or added. A form
        # that is about such items begins with one more: who records a visit came for that.
        is_open = bool(fresh) or (bool(step.part.items) and step.part.index > 0)
        chosen = self.window.pick(options, None if is_open else _ADD, needed=is_open)
        if isinstance(chosen, Move):
            if chosen is Move.HELP:
                self.window.help()
                return None, step.place
            return chosen, None
        return self._done_with(chosen, step, base)

    def _done_with(self, chosen: str, step: Step, base: Loc) -> tuple[Move | None, Loc | None]:
        what, _, number = chosen.partition(":")
        if chosen == _GO_ON:
            return None, None
        if chosen == _END:
            return Move.END, None
        if chosen == _ADD:
            place = (*base, self.filling.sheet.add(step.part.index))
            self._asking.keep()
            return None, place
        if what == "edit":
            self.opened.add((*base, int(number)))
            return None, (*base, int(number))
        if what == "out":
            self.filling.sheet.remove(step.part.index, int(number))
            self._asking.keep()
        else:
            words = tr("There is no such choice.") if chosen else tr("Choose one of the answers.")
            say(words, look="fault", indent="  ")
        return None, step.place

    # --- elsewhere ---------------------------------------------------------------------------------------

    def _to(self, place: Loc) -> int:
        """Return the stop of a place; an item begins at its first question."""
        way = self._way()
        found = stop_at(way, place)
        if found is None:
            found = next((n for n, one in enumerate(way) if one.place[: len(place)] == place), None)
        if found is None and any(isinstance(step, int) for step in place):
            # It belongs to an item that is passed by.
            last = max(n for n, step in enumerate(place) if isinstance(step, int))
            if place[: last + 1] not in self.opened:
                self.opened.add(place[: last + 1])
                return self._to(place)
        return first_open(self.filling.sheet, way) if found is None else found

    def _another_part(self, at: int) -> int | None:
        way = self._way()
        starts: dict[int, int] = {}
        for n, step in enumerate(way):
            starts.setdefault(step.part.index, n)
        options = [(str(n), way[n].part.title) for n in starts.values()]
        options.append((str(len(way)), tr("The end: look through and write")))
        say()
        say(tr("Which part?"), look="label")
        here = str(starts[way[at].part.index]) if at < len(way) else options[-1][0]
        chosen = self.window.pick(options, here)
        if chosen is Move.PAUSE:
            return None
        self._headed = None
        known = dict(options)
        return int(chosen) if isinstance(chosen, str) and chosen in known else at


def _and_gaps(item: Item) -> str:
    """Return how an item is called, and how much of it is left empty."""
    empty = sum(1 for one in item.questions if one.value is None)
    return (
        tr("{what} (left empty: {count})").format(what=item.heading, count=empty)
        if empty
        else str(item.heading)
    )


def _of(step: Step) -> tuple[int, int | None]:
    """Return the part, or the item of it, to which a stop belongs."""
    return step.part.index, step.item.number if step.item else None
