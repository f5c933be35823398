"""Small changes of a family: for the fact at a place, what else could be true there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from ...core.contract.case import Case
from ...core.contract.people import IdentityDocument
from ...core.paths import Loc
from ...core.vocabulary import Field, record_type
from .making import Maker, Setting, limits
from .people import Data
from .recasting import remove
from .stock import begins

MOST = 9
"""How many other values are tried at one place."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a question compares: its constants, and the days that it looks at."""

    words: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    days: tuple[date, ...] = ()


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

    def changes(self, loc: Loc, hints: Hints) -> Iterator[Change]:
        """Go through the changes of what stands at a place, the nearest ones first."""
        found = self._known(loc)
        if found is None:
            return
        model, known, since = found
        owner = walk(self.setting.data, loc[:-1])
        if not isinstance(owner, dict):
            return
        value = owner.get(known.name)
        if known.type.kind == "list":
            yield from self._of_list(loc, model, known, since, value or [], hints)
            return
        if value is None:
            yield from (_put(loc, one) for one in self._new(model, known, since, hints))
            return
        if not isinstance(value, dict):
            yield from (_put(loc, one) for one in self._others(model, known, value, hints))
        if not model.model_fields[known.name].is_required():
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

    # --- single values -----------------------------------------------------------------------------------

    def _new(self, model: type[BaseModel], known: Field, since: date, hints: Hints) -> Iterator[Any]:
        if known.type.kind == "date":
            yield self.maker.day(model, known.name, since)
        if known.type.kind in ("date", "number", "choice", "bool"):
            yield from self._others(model, known, None, hints)
            return
        if known.type.model is IdentityDocument:
            yield from (self.maker.paper(self.setting, since, of_child=one) for one in (True, False))
            return
        made = self.maker.value(model, known, self.setting, since, full=False)
        if made not in (None, ""):
            yield made
        if known.type.kind == "record" and not known.type.refers:
            yield self.maker.value(model, known, self.setting, since, full=True)

    def _others(self, model: type[BaseModel], known: Field, value: Any, hints: Hints) -> Iterator[Any]:
        kind, seen = known.type.kind, {value}
        for one in self._candidates(model, known, kind, value, hints):
            if one not in seen and len(seen) <= MOST:
                seen.add(one)
                yield one

    def _candidates(
        self, model: type[BaseModel], known: Field, kind: str, value: Any, hints: Hints
    ) -> Iterator[Any]:
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
            yield from (one.isoformat() for one in self._days(known.name, value, hints))
        elif known.type.refers:
            for _ in range(6):
                yield self.maker.value(model, known, self.setting, self.told_until, full=False)
        elif kind in ("text", "phrase"):
            for word in hints.words:
                # A sign alone, such as a comma that a rule looks for, is no text: it stands between words.
                yield word if has_words(word) or not value else f"{value}{word} {value}"
            yield self.maker.value(model, known, self.setting, self.told_until, full=False)

    def _days(self, name: str, value: Any, hints: Hints) -> Iterator[date]:
        own = _day(value) or self.told_until
        if name == "birth_date":
            for years in (*hints.numbers, 9, 15, 19):
                for more in (0, 1, -1):
                    yield _years_before(self.told_until, years, more)
            return
        for day in (*hints.days, own, self.told_until):
            yield from (day + timedelta(days=more) for more in (1, -1, 0))
        yield from (own + timedelta(days=more) for more in (-40, 40, -200, 400))

    # --- lists -------------------------------------------------------------------------------------------

    def _of_list(
        self, loc: Loc, model: type[BaseModel], known: Field, since: date, value: list[Any], hints: Hints
    ) -> Iterator[Change]:
        item = known.type.item
        assert item is not None
        if item.model is not None and not item.refers:
            last = next(
                (_day(one.get(begins(one) or "")) for one in reversed(value) if isinstance(one, dict)), None
            )
            day = min((last or since) + timedelta(days=7), max(self.told_until, since))
            # A paper of an earlier day does not know what came later.
            early = self.setting.opened_on + timedelta(days=1)
            for wish in self._wishes(item.model, hints):
                for begun in (day, early):
                    made = self.maker.thing(item.model, self.setting, begun, full=False, wish=wish)
                    yield _add(loc, made)
            full = self.maker.thing(item.model, self.setting, day, full=True)
            yield _add(loc, full)
            for wish in self._wishes(item.model, hints):
                pair = [
                    self.maker.thing(item.model, self.setting, early, full=False, wish=wish) for _ in "12"
                ]
                yield _add(loc, *pair)
        else:
            more = self.maker.value(model, known, self.setting, since, full=False) or []
            codes = [word for word in hints.words if word in {code for code, _ in item.choices}]
            for new in (*codes, *more):
                if new not in value:
                    yield _put(loc, [*value, new])
            if more and more != value:
                yield _put(loc, more)
        if len(value) > 1:
            yield _put(loc, value[:1])
            yield _put(loc, value[-1:])
        if len(value) > 2:
            yield _put(loc, value[:2])
        if value and not model.model_fields[known.name].is_required():
            yield lambda data: remove(data, loc)

    def _wishes(self, model: type[BaseModel], hints: Hints) -> Iterator[Data]:
        """Go through what a new thing of a list could be, for a question that compares words."""
        yield {}
        for name, known in record_type(model).fields.items():
            if known.derived or known.type.kind not in ("choice", "text"):
                continue
            allowed = {word: code for code, label in known.type.choices for word in (code, label)}
            for word in hints.words:
                if known.type.kind == "choice" and word in allowed:
                    yield {name: allowed[word]}


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


def _add(loc: Loc, *things: Data) -> Change:
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
