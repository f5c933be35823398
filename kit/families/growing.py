"""Families grown from the rules: changed little by little until each branch that can be taken is taken."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from jinja2 import nodes

from ...core.contract.case import Case
from ...core.paths import Loc
from ...core.rules.situation import Situation
from ...core.rules.views import vocabulary_of
from ...output.keeping.fictional import Cast
from ..goldens.drawing import told_on
from .asking import DOOR, Hearing
from .changing import Changer, Hints, walk
from .making import Maker, Setting
from .measuring import Gauge
from .people import Data, Household
from .questions import ask_all, texts_of
from .recasting import Recast, bare, completed, repaired, stopped, stops, trimmed
from .rows import rows_chosen
from .rules import shown_of
from .stock import Stock
from .targets import Key, Target

TRIES, RULE_TRIES = 14, 40
"""How many changes are tried for one branch of one family, and for one rule: to ask a rule costs little."""
STEPS = 3


@dataclass
class Grown:
    """A family on its way.

    Attributes:
        shown: What it shows on the last day told of it.
    """

    setting: Setting
    case: Case
    shown: frozenset[Key]

    @property
    def on(self) -> date:
        """The day up to which its story is told."""
        return told_on(self.case)


class Garden:
    """All families of a search, and what is still to be shown."""

    def __init__(self, gauge: Gauge, examples: Sequence[Case], seed: int) -> None:
        self.gauge, self.examples = gauge, examples
        self.chance = random.Random(seed)
        self.maker = Maker(gauge.method, Stock(examples))
        self.cast = Cast(self.chance, ())
        self.targets = {one.key: one for one in gauge.targets}
        self.written = [(case, gauge.shown(case)) for case in examples]
        known = gauge.by_blanks.union(*(shown for _, shown in self.written))
        self.universe = frozenset(gauge.keys - known)
        self.count: Counter[Key] = Counter()
        self.families: list[Grown] = []
        self.seeds: list[Grown] = []
        self._made = 0

    # --- seeds -------------------------------------------------------------------------------------------

    def sow(self) -> None:
        """Take those of the recast examples that show something new, the richest first."""
        seeds = [one for one in self._seeds() if one is not None]
        while seeds:
            need = self.need
            best = max(seeds, key=lambda one: len(one.shown & need))
            if len(best.shown & need) < ENOUGH:
                break
            self.take(best)
            seeds.remove(best)
        # Who shows little by itself may still be the nearest to what is looked for.
        self.seeds = seeds

    def take(self, family: Grown) -> None:
        """Keep a family."""
        self.families.append(family)
        self._counted(family.shown, 1)

    def _counted(self, shown: Iterable[Key], more: int) -> None:
        for key in shown:
            if key in self.universe:
                self.count[key] += more

    @property
    def need(self) -> set[Key]:
        """What nobody shows yet."""
        return {key for key in self.universe if not self.count[key]}

    def loses(self, host: Grown, shown: Iterable[Key], owner: str | None = None) -> bool:
        """Tell whether something would be shown by nobody if a family showed only this."""
        lost = host.shown - set(shown)
        return any(self.count[key] == 1 for key in lost if key in self.universe and owner in (None, key[1]))

    def _seeds(self) -> Iterator[Grown | None]:
        for case in self.examples:
            days = stops(self.gauge.situation(case))
            for day in days:
                yield self._seed(stopped(case, day), 2, lambda _: None)
            yield self._seed(case, 2, lambda _: None)
            yield self._seed(case, 1, lambda _: None)
            # Many papers go through the members: one person alone is a family that nobody writes down.
            yield self._seed(case, 2, lambda one: _of_one(one.data))
            for most in (2, 1):
                yield self._seed(case, most, lambda one: completed(one, self.maker))
                yield self._seed(case, most, lambda one: bare(one.data, keep=_is_no_words))
                yield self._seed(case, most, lambda one: bare(one.data, keep=_is_frame))

    def _seed(self, case: Case, most: int, change: Callable[[Setting], None]) -> Grown | None:
        self._made += 1
        recast = Recast(self.maker, Household(self.cast, self._made), self.chance)
        setting = recast.of(case, self._made)
        trimmed(setting.data, most)
        change(setting)
        return self.grown(setting)

    def grown(self, setting: Setting) -> Grown | None:
        """Return a family as it stands; None if the contract refuses it."""
        case = repaired(setting.data, self.gauge.country)
        return Grown(setting, case, self.gauge.shown(case)) if case is not None else None

    # --- growing -----------------------------------------------------------------------------------------

    def grow(self) -> None:
        """Look for a way to each thing that nobody shows yet."""
        for document in self.gauge.method.papers:
            self.grow_paper(document)
        for target in self.gauge.targets:
            if not self.count[target.key] and target.key in self.universe:
                self._reach(target)

    def grow_paper(self, document: str) -> None:
        """Change what a paper looks at, fact after fact, and keep each change that shows more of it."""
        for _ in range(ROUNDS):
            wanted = {key for key in self.need if key[1] == document and key[0] in ("branch", "loop")}
            if not wanted:
                return
            hosts = [one for one in self.all_hosts() if ("paper", document, 0, "drawn") in one.shown]
            hosts.sort(key=lambda one: -sum(key[1] == document for key in one.shown))
            for host in hosts[:HOSTS]:
                found = _Change(self, host, document, wanted).all()
                if found is not None:
                    self._settle(host, found)
                    wanted -= found.shown
            if not wanted:
                return

    def _reach(self, target: Target) -> bool:
        for host in self._hosts(target)[: 1 if target.kind in DRAWN else 2]:
            found = _Way(self, host, target).find()
            if found is not None:
                self._settle(host, found)
                return True
        return False

    def all_hosts(self) -> list[Grown]:
        """Return the families, and while there are few of them what else may be changed."""
        return self.families if len(self.families) >= FEW else [*self.families, *self.seeds]

    def _hosts(self, target: Target) -> list[Grown]:
        """Return families from which the way may be short: those that come nearest."""
        near = sorted(self.all_hosts(), key=lambda one: -self._nearness(one, target))
        return near[:HOSTS]

    def _nearness(self, family: Grown, target: Target) -> float:
        if target.kind in ("branch", "loop"):
            asked = self.gauge.marks[target.owner].asked[target.number]
            path = (*asked.around, target.number)
            blocks = {
                key[2] for key in family.shown if key[1] == target.owner and key[0] in ("branch", "loop")
            }
            reached = sum(number in blocks for number in path) / len(path)
        else:
            reached = 0.5 if any(key[1] == target.owner for key in family.shown) else 0.0
        return reached - len(str(family.setting.data)) / 1e6

    def _settle(self, host: Grown, found: Grown) -> None:
        """Put a changed family in the place of the one that it was made of, or beside it."""
        if all(host is not one for one in self.families) or self.loses(host, found.shown):
            self.take(found)
            return
        self._counted(host.shown, -1)
        self._counted(found.shown, 1)
        host.setting, host.case, host.shown = found.setting, found.case, found.shown


DRAWN = ("branch", "loop")
ENOUGH, HOSTS, ROUNDS, FEW = 3, 3, 1, 6


def _of_one(data: Data) -> None:
    """Leave the first grown-up of a family alone in it."""
    members = data.get("family", {}).get("members", [])
    if members:
        members[:] = [next((one for one in members if one.get("legal_representative_of")), members[0])]


def _is_no_words(name: str, known: object) -> bool:
    kind = known.type.kind  # type: ignore[attr-defined]
    return kind not in ("text", "number", "money", "time", "phrase")


def _is_frame(name: str, known: object) -> bool:
    type_ = known.type  # type: ignore[attr-defined]
    plain = type_.item is None or type_.item.model is None or bool(type_.item.refers) or name == "members"
    return (type_.kind in ("date", "choice", "list") and plain) or type_.kind == "record"


class _Change:
    """Changes one family for one paper: each fact at which a branch looks that is wanted."""

    def __init__(self, garden: Garden, host: Grown, document: str, wanted: set[Key]) -> None:
        self.garden, self.gauge, self.host = garden, garden.gauge, host
        self.document, self.wanted = document, set(wanted)
        self.gained: set[Key] = set()
        # A list of the family's papers asks about every document: each try takes long.
        listed = self.gauge.asks_for(document, ("papers", "бумаги"))
        self.tries = IN_PAPER // 8 if listed else IN_PAPER

    def all(self) -> Grown | None:
        """Return the family with all changes that show more; None if none does."""
        lines = Hearing(self.gauge, self.host.case, self.host.on).by_line(self.document)
        asked = self.gauge.marks[self.document].asked
        now, tried = self.host, set[Loc]()
        for number in sorted({key[2] for key in self.wanted}):
            if not any(key[2] == number for key in self.wanted):
                continue
            places = lines.get(asked[number].line, set()) | roots(self.gauge, [asked[number].test])
            hints = _hints([asked[number].test], now, places)
            for loc in sorted(places, key=str):
                if loc not in tried or asked[number].leaves:
                    tried.add(loc)
                    now = self._changed(now, loc, hints)
        return self.garden.grown(now.setting) if now is not self.host else None

    def _changed(self, now: Grown, loc: Loc, hints: Hints) -> Grown:
        changer = Changer(now.setting, self.garden.maker, now.on)
        for change in islice(changer.changes(loc, hints), PLACE):
            if self.tries <= 0:
                return now
            self.tries -= 1
            setting = _copy(now.setting)
            change(setting.data)
            case = repaired(setting.data, self.gauge.country)
            if case is None:
                continue
            shown = set(self.gauge.shown_by_paper(self.gauge.near(case, now.on), self.document))
            if shown & self.wanted and not self.garden.loses(self.host, shown | self.gained, self.document):
                self.gained |= shown & self.wanted
                self.wanted -= shown
                return Grown(setting, case, frozenset())
        return now


PLACE, IN_PAPER = 8, 160
"""How many changes are tried at one place, and for one paper of one family."""


def _copy(setting: Setting) -> Setting:
    return Setting(deepcopy(setting.data), setting.household, setting.chance, dict(setting.count))


class _Way:
    """Looks for changes of one family by which it shows one thing."""

    def __init__(self, garden: Garden, host: Grown, target: Target) -> None:
        self.garden, self.gauge, self.host, self.target = garden, garden.gauge, host, target
        self.tests = list(self._asked())
        self.tries = TRIES if target.kind in DRAWN else RULE_TRIES

    def find(self) -> Grown | None:
        """Change the family until it shows the target; None if no way was found."""
        now, best = self.host, self._fitness(self.host.case)
        for _ in range(STEPS):
            better = None
            for changed, fitness in self._changed(now):
                if fitness == DONE:
                    return self.garden.grown(changed.setting)
                if fitness > best:
                    better, best = changed, fitness
                    break
            if better is None:
                return None
            now = better
        return None

    def _changed(self, family: Grown) -> Iterator[tuple[Grown, float]]:
        for data in rows_chosen(self.gauge, self.target, family.setting.data, family.on):
            setting = replace(family.setting, data=data)
            case = repaired(data, self.gauge.country)
            if case is not None:
                yield Grown(setting, case, frozenset()), self._fitness(case)
        hearing = Hearing(self.gauge, family.case, family.on)
        places = self._places(hearing)
        hints = _hints(self.tests, family, places)
        changer = Changer(family.setting, self.garden.maker, family.on)
        for loc in places:
            for change in changer.changes(loc, hints):
                if self.tries <= 0:
                    return
                self.tries -= 1
                setting = _copy(family.setting)
                change(setting.data)
                case = repaired(setting.data, self.gauge.country)
                if case is None:
                    continue
                yield Grown(setting, case, frozenset()), self._fitness(case)

    # --- what is asked -----------------------------------------------------------------------------------

    def _asked(self) -> Iterator[nodes.Node]:
        if self.target.kind in ("branch", "loop"):
            asked = self.gauge.marks[self.target.owner].asked
            for number in (self.target.number, *reversed(asked[self.target.number].around)):
                yield asked[number].test
            kind = self.gauge.method.papers[self.target.owner].type
            for text in (kind.given, kind.each, kind.required):
                if text is not None:
                    yield self.gauge.press.language.tree(text)
        else:
            for text in texts_of(self.gauge.method, self.target):
                yield self.gauge.press.language.tree(text)

    def _places(self, hearing: Hearing) -> list[Loc]:
        if self.target.kind in ("branch", "loop"):
            lines = hearing.by_line(self.target.owner)
            asked = self.gauge.marks[self.target.owner].asked
            path = (self.target.number, *reversed(asked[self.target.number].around))
            wanted = [lines.get(asked[number].line, set()) for number in path]
            # What was not looked at yet waits behind a block around it, or the paper is not given.
            wanted.append(lines[DOOR] if not any(wanted[1:]) else set())
        else:
            wanted = [hearing.of_rule(lambda now: ask_all(now, self.gauge.method, self.target))]
        found: dict[Loc, None] = {}
        wanted.insert(1, roots(self.gauge, self.tests))
        for places in wanted:
            found.update(dict.fromkeys(sorted(places, key=str)))
        return list(found)

    # --- how near it is ----------------------------------------------------------------------------------

    def _fitness(self, case: Case) -> float:
        now = self.gauge.near(case, self.host.on)
        if self.target.kind in ("branch", "loop"):
            return self._fitness_in_paper(now)
        if self.target.kind == "paper" and self.target.way == "drawn":
            return DONE if self.target.key in set(self.gauge.shown_by_paper(now, self.target.owner)) else 0
        return DONE if self.target.key in set(shown_of(now, self.gauge.method, self.target)) else 0

    def _fitness_in_paper(self, now: Situation) -> float:
        shown = set(self.gauge.shown_by_paper(now, self.target.owner, steps=True))
        if self.target.key in shown:
            return DONE
        asked = self.gauge.marks[self.target.owner].asked
        blocks = {key[2] for key in shown}
        path = (*asked[self.target.number].around, self.target.number)
        reached = sum(number in blocks for number in path)
        marks = {key[3] for key in shown if key[2] == self.target.number}
        want = self.target.way in ("taken", "first")
        met = _met(asked[self.target.number].test, want, asked[self.target.number].leaves, marks)
        return bool(shown) + reached + met * 0.9


DONE = 1e9


def roots(gauge: Gauge, tests: Iterable[nodes.Node]) -> set[Loc]:
    """Return the parts of the case that tests name by themselves: nobody tells when such a name is read."""
    vocabulary = vocabulary_of(gauge.method.programme)
    names = (
        one.name
        for test in tests
        for one in (test, *test.find_all(nodes.Name))
        if isinstance(one, nodes.Name)
    )
    known = (vocabulary.find(name) for name in names)
    return {(one.name,) for one in known if one is not None and one.name in Case.model_fields}


def _hints(tests: Iterable[nodes.Node], family: Grown, places: Iterable[Loc]) -> Hints:
    """Return what tests compare, and the days at which they look."""
    constants = [
        one.value
        for test in tests
        for one in (*test.find_all(nodes.Const), test)
        if isinstance(one, nodes.Const)
    ]
    words = dict.fromkeys(one for one in constants if isinstance(one, str))
    numbers = dict.fromkeys(one for one in constants if isinstance(one, int) and not isinstance(one, bool))
    typed = (walk(family.setting.data, loc) for loc in sorted(places, key=str))
    days = dict.fromkeys(
        date.fromisoformat(one)
        for one in typed
        if isinstance(one, str) and len(one) == 10 and one[4:5] == "-"
    )
    return Hints(tuple(words), tuple(numbers), tuple(days)[:6])


def _met(test: nodes.Node, want: bool, leaves: object, marks: set[str]) -> float:
    """Return which part of a test is as it shall be."""
    if isinstance(test, nodes.Not):
        return _met(test.node, not want, leaves, marks)
    if isinstance(test, nodes.And | nodes.Or):
        sides = [_met(one, want, leaves, marks) for one in (test.left, test.right)]
        all_wanted = isinstance(test, nodes.And) == want
        return sum(sides) / 2 if all_wanted else max(sides)
    number = leaves.get(repr(test))  # type: ignore[attr-defined]
    return float(f"{number}{'+' if want else '-'}" in marks)
