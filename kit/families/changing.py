"""Small changes of a family: for the fact at a place, what else could be true there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from ...core.contract.case import Case
from ...core.contract.people import IdentityDocument, Member
from ...core.paths import Loc
from ...core.vocabulary import Field, record_type
from .making import Maker, Setting, limits
from .people import Data
from .recasting import records, remove
from .stock import begins
from .targets import Way
from .wishes import NONE, Hints, Wishes

_AWAY = frozenset({"passed", "second", "none", "not needed", "not found", "late"})
"""Ways that are gone where something is not there."""

MOST = 9
"""How many other values are tried at one place."""

Change = Callable[[Data], None]


def has_words(text: str) -> bool:
    """Tell whether a text holds a letter or a digit."""
    return any(sign.isalnum() for sign in text)


@dataclass
class Changer:
    """Thinks of changes for one family."""

    setting: Setting
    maker: Maker
    told_until: date
    chance: random.Random

    def changes(self, loc: Loc, hints: Hints | None, wishes: Wishes, way: Way) -> Iterator[Change]:
        """Go through the changes of what stands at a place, the nearest ones first.

        Args:
            hints: With what the fact is compared.
            wishes: All facts of which is spoken together with this one.
            way: Which way a branch or a loop is to go: what leads there is tried first.
        """
        found = self._known(loc)
        owner = walk(self.setting.data, loc[:-1])
        if found is None or not isinstance(owner, dict):
            return
        model, known, since = found
        value, hints = owner.get(known.name), hints or NONE
        if known.type.kind == "list":
            yield from self._of_list(loc, model, known, since, value or [], hints, wishes, way)
            return
        alike = list(self._alike(known, wishes)) if hints.alike else []
        if value is None:
            yield from (_put(loc, one) for one in self._new(model, known, since, hints, alike))
            return
        optional = not model.model_fields[known.name].is_required()
        if optional and way in _AWAY:
            yield lambda data: remove(data, loc)
        if not isinstance(value, dict):
            yield from (_put(loc, one) for one in self._others(model, known, value, hints, alike))
        if optional and way not in _AWAY:
            yield lambda data: remove(data, loc)

    def _known(self, loc: Loc) -> tuple[type[BaseModel], Field, date] | None:
        """Return the record in which a field stands, the field, and the day with which the record begins."""
        model: type[BaseModel] = Case
        since = self.setting.opened_on
        node: Any = self.setting.data
        for at, step in enumerate(loc):
            if isinstance(step, int):
                if not isinstance(node, list) or step >= len(node):
                    return None
                node = node[step]
                continue
            known = record_type(model).find(step)
            if known is None or known.derived or not isinstance(node, dict):
                return None
            since = _day(node.get(begins(node) or "")) or since
            if at == len(loc) - 1:
                start = self.maker.stock.start(step) if model is Case else None
                day = since + timedelta(days=start) if start is not None else since
                return model, known, min(day, self.told_until) if model is Case else day
            type_ = known.type.item or known.type
            if type_.model is None or type_.refers:
                return None
            model, node = type_.model, node.get(known.name)
        return None

    def _alike(self, known: Field, wishes: Wishes) -> Iterator[Any]:
        """Go through what stands in the fields with which a fact is compared, and in its own elsewhere."""
        kind, refers = known.type.kind, known.type.refers
        for _, model, record in records(self.setting.data):
            for spot_model, name in wishes:
                if name not in record or not issubclass(model, spot_model):
                    continue
                other = record_type(model).fields[name].type
                other = other.item or other
                if (other.kind, other.refers) == (kind, refers):
                    value = record[name]
                    yield from value if isinstance(value, list) else [value]

    # --- single values -----------------------------------------------------------------------------------

    def _new(
        self, model: type[BaseModel], known: Field, since: date, hints: Hints, alike: list[Any]
    ) -> Iterator[Any]:
        if known.type.kind == "date":
            yield self.maker.day(model, known.name, since)
        if known.type.kind in ("date", "number", "choice", "bool"):
            yield from self._others(model, known, None, hints, alike)
            return
        if known.type.model is IdentityDocument:
            yield from (self.maker.paper(self.setting, since, of_child=one) for one in (True, False))
            return
        made = self.maker.value(model, known, self.setting, since, full=False)
        if made not in (None, ""):
            yield made
        yield from dict.fromkeys(alike)
        if known.type.kind == "record" and known.type.model is not None and not known.type.refers:
            yield self.maker.value(model, known, self.setting, since, full=True)
            told = [
                name for name, one in record_type(known.type.model).fields.items() if one.type.kind == "bool"
            ]
            typed = [name for name in told if name in known.type.model.model_fields]
            wish = dict.fromkeys(typed, "нет")
            if wish:
                yield self.maker.thing(known.type.model, self.setting, since, full=False, wish=wish)

    def _others(
        self, model: type[BaseModel], known: Field, value: Any, hints: Hints, alike: list[Any]
    ) -> Iterator[Any]:
        seen = {value}
        for one in self._candidates(model, known, value, hints, alike):
            if one not in seen and len(seen) <= MOST:
                seen.add(one)
                yield one

    def _candidates(
        self, model: type[BaseModel], known: Field, value: Any, hints: Hints, alike: list[Any]
    ) -> Iterator[Any]:
        kind = known.type.kind
        if kind == "choice":
            labels = {word: code for code, label in known.type.choices for word in (code, label)}
            yield from (labels[word] for word in hints.words if word in labels)
            yield from (code for code, _ in known.type.choices)
        elif kind == "bool":
            yield from ("да", "нет")
        elif kind in ("number", "money"):
            low, high = limits(model, known.name) if kind == "number" else (0, 10**6)
            own = int(value) if str(value or "").isdigit() else 1
            near = (n + d for n in (*hints.numbers, own) for d in (0, 1, -1))
            yield from (
                str(min(max(one, low), high)) for one in (*near, low, high if high < 100 else own + 8)
            )
        elif kind == "date":
            yield from (one.isoformat() for one in self._days(known.name, value, hints, alike))
        elif known.type.refers:
            yield from dict.fromkeys(alike)
            for _ in range(6):
                yield self.maker.value(model, known, self.setting, self.told_until, full=False)
        elif kind in ("text", "phrase"):
            yield from dict.fromkeys(alike)
            for word in hints.words:
                # A sign alone, such as a comma that a rule looks for, is no text: it stands between words.
                yield word if has_words(word) or not value else f"{value}{word} {value}"
            yield self.maker.value(model, known, self.setting, self.told_until, full=False)
            yield self.maker.plain_words(model, known)

    def _days(self, name: str, value: Any, hints: Hints, alike: list[Any]) -> Iterator[date]:
        own = _day(value) or self.told_until
        if name == "birth_date":
            for years in (*hints.numbers, 9, 15, 19):
                for more in (0, 1, -1):
                    yield _years_before(self.told_until, years, more)
            return
        others = [day for one in dict.fromkeys(alike) if (day := _day(one)) is not None and one != value]
        for day in others[:2]:
            yield from (day + timedelta(days=more) for more in (0, 1, -1))
        for number in hints.numbers:
            yield from (own + timedelta(days=more) for more in (-number - 1, number + 1))
        yield from (own + timedelta(days=more) for more in (1, -1, 40, -40, 200, -200, 400))

    # --- lists -------------------------------------------------------------------------------------------

    def _of_list(
        self, loc: Loc, model: type[BaseModel], known: Field, since: date, value: list[Any],
        hints: Hints, wishes: Wishes, way: Way,
    ) -> Iterator[Change]:  # fmt: skip
        item = known.type.item
        assert item is not None
        of_things = item.model is not None and not item.refers
        more = (
            self._more_things(loc, item.model, since, value, hints, wishes, way)
            if of_things and item.model is not None
            else self._more_values(loc, model, known, since, value, hints, wishes)
        )
        fewer = list(self._fewer(loc, model, known, value, way))
        yield from (*fewer, *more) if way in _AWAY or way == "one" else (*more, *fewer)

    def _fewer(
        self, loc: Loc, model: type[BaseModel], known: Field, value: list[Any], way: Way
    ) -> Iterator[Change]:
        some = [_put(loc, value[:1]), _put(loc, value[-1:])] if len(value) > 1 else []
        some += [_put(loc, value[:2])] if len(value) > 2 else []
        required = model.model_fields[known.name].is_required()
        none: list[Change] = [_put(loc, []) if required else lambda data: remove(data, loc)] if value else []
        yield from (*some, *none) if way == "one" else (*none, *some)

    def _more_values(
        self, loc: Loc, model: type[BaseModel], known: Field, since: date, value: list[Any],
        hints: Hints, wishes: Wishes,
    ) -> Iterator[Change]:  # fmt: skip
        item = known.type.item
        assert item is not None
        more = self.maker.value(model, known, self.setting, since, full=False) or []
        codes = [word for word in hints.words if word in {code for code, _ in item.choices}]
        likes = list(self._alike(Field(known.name, "", "", item), wishes)) if hints.alike else []
        for new in dict.fromkeys((*codes, *more, *likes)):
            if new not in value:
                yield _put(loc, [*value, new])
        if more and more != value:
            yield _put(loc, more)

    def _more_things(
        self, loc: Loc, model: type[BaseModel], since: date, value: list[Any], hints: Hints,
        wishes: Wishes, way: Way,
    ) -> Iterator[Change]:  # fmt: skip
        last = next(
            (_day(one.get(begins(one) or "")) for one in reversed(value) if isinstance(one, dict)), None
        )
        day = min((last or since) + timedelta(days=7), max(self.told_until, since))
        # A paper of an earlier day does not know what came later.
        early = self.setting.opened_on + timedelta(days=1)
        asked = list(self._wished(model, wishes))
        pairs = (
            added(loc, *(self._thing(model, early, full=False, wish=wish) for _ in "12")) for wish in asked
        )
        if way == "many":
            yield from pairs
        for wish in asked:
            for begun in dict.fromkeys((day, early)):
                yield added(loc, self._thing(model, begun, full=False, wish=wish))
        yield added(loc, self._thing(model, day, full=True, wish=asked[0]))
        yield from pairs
        for number in hints.numbers:
            if len(value) < number + 1 <= LONGEST:
                more = range(number + 1 - len(value))
                yield added(loc, *(self._thing(model, early, full=False, wish={}) for _ in more))

    def _thing(self, model: type[BaseModel], day: date, *, full: bool, wish: Data) -> Data:
        made = self.maker.thing(model, self.setting, day, full=full, wish=wish)
        if issubclass(model, Member):
            made |= self.setting.household.named(
                {**made, **{name: f"{made.get('id')}" for name in ("first_name",)}}
            )
        return made

    def _wished(self, model: type[BaseModel], wishes: Wishes) -> Iterator[Data]:
        """Go through what a new thing of a list could be, for a question that compares words."""
        every: Data = {}
        for name, known in record_type(model).fields.items():
            hints = [
                found for (kind, spot), found in wishes.items() if spot == name and issubclass(model, kind)
            ]
            if known.derived or not hints:
                continue
            if known.type.kind == "bool":
                every[name] = "да"
                yield {name: "да"}
            elif known.type.kind in ("text", "phrase", "money") and not known.type.refers:
                every[name] = self.maker.value(model, known, self.setting, self.told_until, full=False)
            allowed = {word: code for code, label in known.type.choices for word in (code, label)}
            codes = [allowed[word] for one in hints for word in one.words if word in allowed]
            yield from ({name: code} for code in codes)
            if codes:
                every[name] = codes[0]
        for (kind, spot), asked in wishes.items():
            if spot == "birth_date" and issubclass(model, kind):
                for years in (*asked.numbers, 9):
                    yield {**every, spot: _years_before(self.told_until, years, -30).isoformat()}
        if every:
            yield every
        yield {}


LONGEST = 16
"""How long a list is made because a paper counts so far."""


def walk(data: Any, loc: Sequence[str | int]) -> Any:
    """Return what stands at a place of plain data; None if nothing does."""
    for step in loc:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def _put(loc: Loc, value: Any) -> Change:
    def change(data: Data) -> None:
        owner = walk(data, loc[:-1])
        if isinstance(owner, dict):
            owner[loc[-1]] = deepcopy(value)

    return change


def added(loc: Loc, *things: Data) -> Change:
    """Return the change by which a list gets more things."""

    def change(data: Data) -> None:
        owner = walk(data, loc[:-1])
        if isinstance(owner, dict):
            owner[loc[-1]] = [*owner.get(loc[-1], []), *deepcopy(things)]

    return change


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _years_before(day: date, years: int, more: int) -> date:
    try:
        born = day.replace(year=max(day.year - years, 1910))
    except ValueError:
        born = day.replace(year=max(day.year - years, 1910), day=28)
    return born + timedelta(days=more)
