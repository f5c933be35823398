"""A form asked from beginning to end, back and forth, today and another day."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...core.i18n import tr
from ...core.paths import Loc
from ..completing import Filling
from ..plain import items_at
from .asking import Asking
from .bookmark import Bookmark
from .closing import Ending, close
from .moves import Move
from .steps import Step, first_open, steps, stop_at
from .tables import Table
from .window import Window, say, width

_ADD, _GO_ON = "add", "go on"


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
        if self.filling.draft.is_begun or self.mark.place is not None:
            where = self._title(way[at]) if at < len(way) else tr("the end of the form")
            say(tr("Going on from: {place}").format(place=where), look="good")

    def _title(self, step: Step) -> str:
        said = [
            step.part.title,
            step.item.title if step.item else None,
            step.asked.label if step.asked else None,
        ]
        return " — ".join(one for one in said if one)

    # --- one stop ----------------------------------------------------------------------------------------

    def _stop(self, way: list[Step], at: int) -> int | None:
        """Ask at one stop, and return the next one; None: stop for today."""
        step = way[at]
        self._asking.keep_watch()
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
            self._show_missing()
            return at
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
        count = sum(1 for one in way if one.asked is not None)
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
        if step.item and step.item.title and before != self._headed:
            say()
            say(step.item.title, look="title")

    # --- lists -------------------------------------------------------------------------------------------

    def _more(self, step: Step) -> tuple[Move | None, Loc | None]:
        """Ask whether there is one more item, and which one is to be changed."""
        base, one = step.place[:-1], step.part.adds or step.part.title
        self.mark.put(step.place)
        say()
        words = tr("Add one more: {what}?") if step.part.items else tr("Add: {what}?")
        say(words.format(what=one), look="label")
        options = [(_ADD, tr("Yes, add")), (_GO_ON, tr("No, go on"))]
        kept = len(items_at(self.filling.sheet.before, base))
        for item in step.part.items:
            what = f"{item.title}: {_called(item.questions)}"
            options.append((f"edit:{item.number}", tr("Change: {what}").format(what=what)))
        for item in step.part.items:
            if item.number is not None and item.number >= kept:
                what = f"{item.title}: {_called(item.questions)}"
                options.append((f"out:{item.number}", tr("Take out: {what}").format(what=what)))
        has_new = any((item.number or 0) >= kept for item in step.part.items)
        chosen = self.window.pick(options, _GO_ON if has_new else _ADD)
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
            say(tr("There is no such choice."), look="fault", indent="  ")
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

    def _show_missing(self) -> None:
        from .closing import missing, tell_missing

        tell_missing(missing(self.filling.sheet))


def _called(questions: tuple[object, ...]) -> str:
    """Return how an item is called: its first answers."""
    from ..sheet import Asked

    said = []
    for one in questions:
        if isinstance(one, Asked) and isinstance(one.value, str):
            said.append(dict(one.choices).get(one.value, one.value).split("\n")[0][:40])
    return " ".join(said[:2]) or "—"
