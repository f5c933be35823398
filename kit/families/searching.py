"""The search for a way: a family is changed, fact by fact, until a paper or rule shows what is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest

from jinja2 import nodes

from ...core.rules.situation import Situation
from ...core.rules.views import vocabulary_of
from ...core.typecheck import Checker, Seen
from .changing import Change, Changer, added
from .growing import DRAWN, Effort, Garden, Grown
from .making import Setting
from .people import Data
from .questions import spans_of
from .recasting import records
from .rows import rows_chosen
from .rules import shown_of
from .targets import Key, Target, Way
from .wishes import Hints, Reader, Wishes, holders, is_day

STEPS = 6
"""How many changes, each of which brings it nearer, are made one after another."""


@dataclass
class Tried:
    """A family after a change.

    Attributes:
        shown: What the one paper shows, with the single questions of its tests; of a rule, how far it came.
    """

    setting: Setting
    shown: frozenset[Key]


@dataclass
class Growing:
    """A family that is changed.

    Attributes:
        host: What it was; None if it is a new one.
        gained: For what it was changed.
    """

    host: Grown | None
    first: Tried
    now: Tried
    gained: set[Key] = field(default_factory=set)


class Search:
    """Changes one family for one paper or rule."""

    def __init__(self, garden: Garden, host: Grown, owner: str, effort: Effort) -> None:
        self.garden, self.gauge, self.host = garden, garden.gauge, host
        self.owner, self.effort = owner, effort
        self.on = host.on
        self.growing: list[Growing] = []
        self._wishes: dict[object, Wishes] = {}

    def after(self, targets: Sequence[Target]) -> None:
        """Look for each of several things, and keep what was found."""
        self.target = targets[0]
        self.wanted = {one.key for one in targets}
        self.questions = self.garden.questions(targets[0]) if targets[0].kind not in DRAWN else []
        first = self._tried(self.host.setting)
        if first is None:
            return
        self.growing = [Growing(self.host, first, first)]
        for target in targets:
            if target.key in self.wanted:
                self.target = target
                self._reach()
        for one in self.growing:
            if one.now is not one.first or one.host is None:
                self.garden.settle(one.host, one.now.setting)

    @classmethod
    def nearness(cls, garden: Garden, host: Grown, target: Target) -> float:
        """Tell how near a family comes to what a rule would show."""
        search = cls(garden, host, target.owner, Effort(1, 1))
        search.target, search.wanted = target, {target.key}
        search.questions = garden.questions(target)
        return search._fitness(Tried(host.setting, frozenset(search._shown(host.now))))

    def _reach(self) -> None:
        """Look for one thing, by changes one after another, each of which brings it nearer."""
        way: list[Change] = []
        base = self.growing[0].now
        best = self._fitness(base)
        for _ in range(STEPS):
            better = None
            for change, made in self._changed(base):
                if made.shown & self.wanted:
                    self._keep(made, [*way, change])
                    if self.target.key not in self.wanted:
                        return
                fitness = self._fitness(made)
                if fitness > best:
                    better, best = (change, made), fitness
                    break
            if better is None:
                return
            way.append(better[0])
            base = better[1]

    def _keep(self, made: Tried, way: Sequence[Change]) -> None:
        """Go on with a family that shows more; what it would lose by that is left to another one."""
        new = set(made.shown & self.wanted)
        self.wanted -= new
        if self._is_kept(self.growing[0], made, new):
            return
        for one in self._others():
            both = self._after(one.now, way)
            if both is not None and both.shown >= new and self._is_kept(one, both, new):
                return
        self.growing.append(Growing(None, made, made, new))

    def _is_kept(self, one: Growing, made: Tried, new: set[Key]) -> bool:
        shown = made.shown | set().union(*(two.gained for two in self.growing))
        lost = one.host is not None and self.garden.loses(one.host, shown, self.owner)
        if lost or not one.gained <= made.shown:
            return False
        one.now, one.gained = made, one.gained | new
        return True

    def _others(self) -> Iterator[Growing]:
        """Go through other families that the same changes may do no harm to, and begin with what is there."""
        yield from self.growing[1:]
        known = [one.host for one in self.growing]
        drawn = [
            one
            for one in self.garden.families
            if all(one is not two for two in known) and any(key[1] == self.owner for key in one.shown)
        ]
        # Whom fewest branches of this paper hang on may be changed with the least harm.
        drawn.sort(
            key=lambda one: sum(self.garden.count[key] == 1 for key in one.shown if key[1] == self.owner)
        )
        for host in drawn[: max(OTHERS + 1 - len(self.growing), 0)]:
            first = self._tried(host.setting)
            if first is not None:
                self.growing.append(Growing(host, first, first))
                yield self.growing[-1]

    # --- changes -----------------------------------------------------------------------------------------

    def _changed(self, base: Tried) -> Iterator[tuple[Change, Tried]]:
        pool = list(islice(self._changes(base), 3 * self.effort.changes))
        ways = [[one] for one in pool[: self.effort.changes]]
        # Some things are shown only by two facts at once, and neither of them alone is nearer to it.
        ways += [self.garden.chance.sample(pool, 2) for _ in range(self.effort.pairs) if len(pool) > 1]
        for way in ways:
            made = self._after(base, way)
            if made is not None:
                yield _together(way), made

    def _after(self, base: Tried, way: Sequence[Change]) -> Tried | None:
        setting = _copy(base.setting)
        for change in way:
            change(setting.data)
        return self._tried(setting)

    def _changes(self, base: Tried) -> Iterator[Change]:
        for part, sheet in rows_chosen(self.gauge, self.target, base.setting.data, self.on):
            yield added((part,), sheet)
        changer = Changer(base.setting, self.garden.maker, self.on, self.garden.chance)
        for wishes in self._asked(base):
            yield from self._in_turn(changer, base, wishes)

    def _in_turn(self, changer: Changer, base: Tried, wishes: Wishes) -> Iterator[Change]:
        """Go through the changes of all facts of which one speaks, in turn."""
        known, way = list(records(base.setting.data)), self._way(base)
        found: list[Iterator[Change]] = []
        pending = list(wishes)
        for spot in pending:
            places = [(*loc, spot[1]) for loc, model, _ in known if issubclass(model, spot[0])]
            if not places:
                # The record itself is not there yet, nor what holds it.
                pending += [one for one in holders(spot[0]) if one not in pending and len(pending) < MOST]
            hints = wishes.get(spot)
            each = [changer.changes(loc, hints, wishes, way) for loc in places[:PLACES]]
            if 1 < len(places) <= PLACES:
                # What holds of all of them, none can show alone.
                all_at_once = zip(*(changer.changes(loc, hints, wishes, way) for loc in places), strict=False)
                each.insert(1, (_together(one) for one in all_at_once))
            found += each
        for group in zip_longest(*found):
            yield from (one for one in group if one is not None)

    def _tried(self, setting: Setting) -> Tried | None:
        case = self.garden.raiser.case(setting.data) if self.garden.may_try() else None
        if case is None:
            return None
        now = self.gauge.near(case, self.on)
        return Tried(setting, frozenset(self._shown(now)))

    # --- what is shown -----------------------------------------------------------------------------------

    def _shown(self, now: Situation) -> Iterator[Key]:
        if self.target.kind in DRAWN or self.target.way == "drawn":
            yield from self.gauge.shown_by_paper(now, self.owner, steps=True)
        if self.target.kind not in DRAWN:
            yield from shown_of(now, self.gauge.method, self.target)
            for number, question in enumerate(self.questions):
                yield from (("asked", self.owner, number, way) for way in question.ways(now, self.gauge))

    def _fitness(self, made: Tried) -> float:
        if self.target.key in made.shown:
            return 1e9
        if self.target.kind not in DRAWN:
            want = self.target.way != "not found"
            ways = [
                {key[3] for key in made.shown if key[:3] == ("asked", self.owner, n)}
                for n in range(len(self.questions))
            ]
            return sum(
                met(one.test, want, one.leaves, mine) for one, mine in zip(self.questions, ways, strict=True)
            )
        asked = self.gauge.marks[self.owner].asked
        blocks = {key[2] for key in made.shown if key[0] in DRAWN}
        path = (*asked[self.target.number].around, self.target.number)
        reached = sum(number in blocks for number in path)
        marks = {key[3] for key in made.shown if key[2] == self.target.number}
        want = self.target.way in ("taken", "first", "many", "one")
        one = asked[self.target.number]
        return bool(made.shown) + reached + met(one.test, want, one.leaves, marks) * 0.9

    # --- what is asked -----------------------------------------------------------------------------------

    def _asked(self, base: Tried) -> Iterator[Wishes]:
        """Go through what has to be changed: first what stands nearest to the thing, then what is around."""
        if self.target.kind not in DRAWN:
            local = self.questions[0].local if self.questions else {}
            asked = self._read("rule", [one.test for one in self.questions], local)
            spans = Hints(numbers=tuple(dict.fromkeys(spans_of(self.gauge.method.programme, self.owner))))
            yield {spot: hints.with_more(spans) if is_day(spot) else hints for spot, hints in asked.items()}
            return
        blocks = self.gauge.marks[self.owner].asked
        if not base.shown:
            yield self._door()
            return
        # What was met last is what went another way; what stands first is met by every paper.
        for number in self._met(base)[-2:][::-1] or self._path()[:2]:
            yield self._read(number, [blocks[number].test], blocks[number].local, blocks[number].loop)
            lets_in = blocks[number].lets_in
            if lets_in is not None:
                within = blocks[lets_in]
                yield self._read(("in", number), [within.test], within.local, within.loop)
        yield self._door()

    def _path(self) -> tuple[int, ...]:
        """Return the blocks in which the thing stands, its own last."""
        return (*self.gauge.marks[self.owner].asked[self.target.number].around, self.target.number)

    def _met(self, base: Tried) -> list[int]:
        blocks = {key[2] for key in base.shown if key[0] in DRAWN}
        return [number for number in self._path() if number in blocks]

    def _way(self, base: Tried) -> Way:
        """Return which way what was met last is to go."""
        met_ = self._met(base) if self.target.kind in DRAWN else []
        if not met_:
            return self.target.way
        if met_[-1] == self.target.number:
            test = self.gauge.marks[self.owner].asked[self.target.number].test
            way: Way = "passed" if self.target.way == "left out" else self.target.way
            return _OTHER.get(way, way) if isinstance(test, nodes.Not) else way
        gone = {key[3] for key in base.shown if key[2] == met_[-1] and key[0] in DRAWN}
        if "none" in gone:
            return "one"
        return "passed" if gone & {"taken", "first"} else "taken"

    def _door(self) -> Wishes:
        kind = self.gauge.method.papers[self.owner].type
        texts = [text for text in (kind.given, kind.each) if text]
        blocks = [one.when for one in self.gauge.method.programme.checks if self.owner in one.blocks]
        tests = [self.gauge.press.language.tree(text) for text in (*texts, *blocks)]
        return self._read("door", tests, {})

    def _read(
        self,
        key: object,
        tests: Sequence[nodes.Node],
        local: Mapping[str, Seen],
        loop: nodes.Node | None = None,
    ) -> Wishes:
        if key not in self._wishes:
            press = self.gauge.press
            programme = self.gauge.method.programme
            checker = Checker(vocabulary_of(programme), press.language.filters, dict(local))
            reader = Reader(checker, self.garden.sources, programme, press.language.tree)
            self._wishes[key] = dict(reader.of(tests, loop))
        return self._wishes[key]


OTHERS = 10
"""In how many other families is tried what would do harm to one."""

MOST, PLACES = 12, 16
"""How many facts are followed to what holds them, and at how many places of a family one is changed."""


def _together(way: Sequence[Change]) -> Change:
    def change(data: Data) -> None:
        for one in way:
            one(data)

    return change if len(way) > 1 else way[0]


def _copy(setting: Setting) -> Setting:
    return replace(setting, data=deepcopy(setting.data), count=dict(setting.count))


_OTHER: Mapping[Way, Way] = {
    "taken": "passed", "passed": "taken", "first": "second", "second": "first",
}  # fmt: skip


def met(test: nodes.Node, want: bool, leaves: Mapping[str, int], marks: set[str]) -> float:
    """Return which part of a test is as it shall be."""
    if isinstance(test, nodes.Not):
        return met(test.node, not want, leaves, marks)
    if isinstance(test, nodes.And | nodes.Or):
        sides = [met(one, want, leaves, marks) for one in (test.left, test.right)]
        all_wanted = isinstance(test, nodes.And) == want
        return sum(sides) / 2 if all_wanted else max(sides)
    number = leaves.get(repr(test))
    return float(f"{number}{'+' if want else '-'}" in marks)
