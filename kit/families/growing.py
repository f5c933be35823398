"""Families grown from the rules: changed little by little until each branch that can be taken is taken."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, partial

from ...core.contract.case import Case
from ...core.rules.situation import Situation
from ...core.vocabulary import record_type
from ...output.keeping.fictional import Cast
from .making import Maker, Setting
from .measuring import Gauge
from .people import Data, Household
from .questions import Question, questions_of
from .raising import Raiser
from .recasting import Recast, bare, completed, stopped, stops, trimmed
from .stock import Stock
from .targets import Key, Target
from .wishes import Sources, parts_of


@dataclass(eq=False)
class Grown:
    """A family on its way.

    Attributes:
        shown: What it shows on the last day told of it.
    """

    setting: Setting
    now: Situation
    shown: frozenset[Key]

    @property
    def on(self) -> date:
        """The day up to which its story is told."""
        return self.now.on

    @cached_property
    def blocks(self) -> Mapping[str, frozenset[int]]:
        """The blocks of each paper to which it comes."""
        found: dict[str, set[int]] = {}
        for kind, owner, number, _ in self.shown:
            if kind in DRAWN:
                found.setdefault(owner, set()).add(number)
        return {owner: frozenset(numbers) for owner, numbers in found.items()}

    @cached_property
    def size(self) -> int:
        """How long its file is, about."""
        return len(str(self.setting.data))

    def becomes(self, other: Grown) -> None:
        """Take the place of another one."""
        self.setting, self.now, self.shown = other.setting, other.now, other.shown
        for name in ("blocks", "size"):
            self.__dict__.pop(name, None)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is looked for the way to one thing: in how many families, and by how many changes of each.

    Attributes:
        pairs: How often two changes at once are tried.
    """

    families: int
    changes: int
    pairs: int = 0


EFFORTS = (Effort(1, 8), Effort(2, 20, 10), Effort(3, 40, 40))
"""What is easy is shown first: what is hard is often shown by the way."""


class Garden:
    """All families of a search, and what is still to be shown."""

    def __init__(self, gauge: Gauge, examples: Sequence[Case], seed: int) -> None:
        self.gauge, self.examples = gauge, examples
        self.raiser = Raiser(gauge.country)
        self.sources = Sources(examples)
        self.chance = random.Random(seed)
        self.pack = gauge.press.language.pack
        self.maker = Maker(gauge.method, Stock(examples), self.pack)
        self.cast = Cast(self.chance, (), self.pack.stand_ins if self.pack.code != "ru" else None)
        self.targets = {one.key: one for one in gauge.targets}
        self.written = [(case, gauge.shown(case)) for case in examples]
        known = gauge.by_blanks.union(*(shown for _, shown in self.written))
        self.universe = frozenset(gauge.keys - known)
        self.count: Counter[Key] = Counter()
        self.need = set(self.universe)
        self._questions: dict[tuple[str, str, str], list[Question]] = {}
        self.families: list[Grown] = []
        self.seeds: list[Grown] = []
        self._made = 0
        self._tries = 0

    def may_try(self) -> bool:
        """Count one try more; what was not found after so many is told as not shown, and the search ends."""
        self._tries += 1
        return self._tries <= MOST_TRIES

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
                (self.need.discard if self.count[key] else self.need.add)(key)

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
        unwritten = tuple(self._unwritten())
        for names in (unwritten, *((one,) for one in unwritten)):
            for full in (True, False):
                yield self._seed(self.examples[0], 1, partial(self._with_parts, names=names, full=full))
        if self.examples:
            yield self._seed(self.examples[0], 1, lambda one: bare(one.data, keep=_is_family))
            yield self._seed(self.examples[0], 1, lambda one: bare(one.data, keep=lambda *_: False))

    def _unwritten(self) -> Iterator[str]:
        """Go through the parts of a case that no example has."""
        if self.examples:
            for name, _ in parts_of(Case):
                if not any(getattr(case, name) for case in self.examples):
                    yield name

    def _with_parts(self, setting: Setting, names: Sequence[str], *, full: bool) -> None:
        """Give a family parts of the case that it does not have: two things of each list."""
        since = setting.opened_on + timedelta(days=PART_BEGINS)
        for name in names:
            known = record_type(Case).fields[name].type
            model = (known.item or known).model
            assert model is not None
            things = [self.maker.thing(model, setting, since, full=full) for _ in "12"]
            setting.data[name] = things if known.item is not None else things[0]
            if full:
                completed(setting, self.maker, within=name)

    def _seed(self, case: Case, most: int, change: Callable[[Setting], None]) -> Grown | None:
        recast = Recast(self.maker, self.household(), self.chance)
        setting = recast.of(case, self._made)
        members = setting.data["family"].get("members", [])
        setting.origin = {str(one["id"]): deepcopy(one) for one in members}
        trimmed(setting.data, most)
        change(setting)
        return self.grown(setting)

    def household(self) -> Household:
        """Return the invented people of one family more."""
        self._made += 1
        return Household(self.cast, self._made, self.pack)

    def grown(self, setting: Setting) -> Grown | None:
        """Return a family as it stands; None if the contract refuses it."""
        case = self.raiser.case(setting.data)
        if case is None:
            return None
        now = self.gauge.situation(case)
        return Grown(setting, now, self.gauge.shown_now(now))

    def questions(self, target: Target) -> list[Question]:
        """Return what a rule asks; to read it takes long, and it is asked of many families."""
        row = target.what if target.kind == "row" else target.way if target.kind == "paper" else ""
        key = target.kind, target.owner, row
        if key not in self._questions:
            self._questions[key] = list(questions_of(self.gauge, target))
        return self._questions[key]

    # --- growing -----------------------------------------------------------------------------------------

    def grow(self) -> None:
        """Look for a way to each thing that nobody shows yet."""
        from .searching import Search

        for effort in EFFORTS:
            for owner, targets in self._by_owner().items():
                tried: list[Grown] = []
                for _ in range(effort.families):
                    wanted = [one for one in targets if one.key in self.need]
                    host = self._nearest(wanted, tried, thoroughly=effort.pairs > effort.families * 10)
                    if not wanted or host is None:
                        break
                    tried.append(host)
                    Search(self, host, owner, effort).after(wanted)

    def _by_owner(self) -> dict[str, list[Target]]:
        """Return what nobody shows yet, by the paper or rule."""
        found: dict[str, list[Target]] = {}
        for target in sorted(self.gauge.targets, key=lambda one: one.kind not in DRAWN):
            if target.key in self.need:
                found.setdefault(target.owner, []).append(target)
        return found

    def _nearest(
        self, targets: Sequence[Target], tried: Sequence[Grown], *, thoroughly: bool
    ) -> Grown | None:
        """Return the family that comes nearest to things, of those that were not tried yet."""
        from .searching import Search

        among = [one for one in (*self.families, *self.seeds) if all(one is not two for two in tried)]
        if thoroughly and targets and targets[0].kind not in DRAWN:
            # Rules are asked quickly, and all of their questions have to be answered at once.
            return max(among, key=lambda one: Search.nearness(self, one, targets[0]), default=None)
        return max(among, key=lambda one: self._nearness(one, targets), default=None)

    def _nearness(self, family: Grown, targets: Sequence[Target]) -> float:
        near = sum(self._near(family, target) for target in targets) / max(len(targets), 1)
        return near - family.size / 1e6

    def _near(self, family: Grown, target: Target) -> float:
        if target.kind not in DRAWN:
            return 0.5 if any(key[1] == target.owner for key in family.shown) else 0.0
        asked = self.gauge.marks[target.owner].asked
        path = (*asked[target.number].around, target.number)
        blocks = family.blocks.get(target.owner, ())
        return sum(number in blocks for number in path) / len(path)

    def settle(self, host: Grown | None, setting: Setting) -> None:
        """Put a changed family in the place of the one that it was made of, or beside it."""
        found = self.grown(setting)
        if found is None or not found.shown & self.need:
            return
        if host is None or all(host is not one for one in self.families) or self.loses(host, found.shown):
            self.take(found)
            return
        self._counted(host.shown, -1)
        self._counted(found.shown, 1)
        host.becomes(found)

    def renamed(self, setting: Setting) -> Setting:
        """Return a family with people of its own: what grew from one family bears one name until then."""
        household, data = self.household(), deepcopy(setting.data)
        members = data["family"].get("members", [])
        for member in members:
            member.update({name: text for name, text in household.named(member).items() if name in member})
        data["family"]["display_name"] = household.title(members)
        return replace(setting, data=data, household=household, count=dict(setting.count))


MOST_TRIES = 60_000
"""Far more than the largest programmes of the house take: nobody waits for ever for what cannot be found."""

PART_BEGINS = 30
"""How many days after the request a part of the case begins that no example has."""

DRAWN = ("branch", "loop")
ENOUGH = 3


def _of_one(data: Data) -> None:
    """Leave the first grown-up of a family alone in it."""
    members = data.get("family", {}).get("members", [])
    if members:
        members[:] = [next((one for one in members if one.get("legal_representative_of")), members[0])]


def _is_no_words(name: str, known: object) -> bool:
    kind = known.type.kind  # type: ignore[attr-defined]
    return kind not in ("text", "number", "money", "time", "phrase")


def _is_family(name: str, known: object) -> bool:
    return name in ("members", "curators") or known.type.kind in ("choice", "bool")  # type: ignore[attr-defined]


def _is_frame(name: str, known: object) -> bool:
    type_ = known.type  # type: ignore[attr-defined]
    plain = type_.item is None or type_.item.model is None or bool(type_.item.refers) or name == "members"
    return (type_.kind in ("date", "choice", "list") and plain) or type_.kind == "record"
