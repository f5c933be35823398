"""What is learned from a region's written examples: words without names, and how long things take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median_low
from typing import Any

from pydantic import BaseModel

from ...core.contract.case import Case
from ...core.vocabulary import Type, record_type

_BEGINS = ("on", "started_on", "since", "signed_on", "asked_on", "added_on", "received_on", "notice_on")
_NAMES = re.compile(r"(?<![.!?…:»«\"\n]\s)(?<!^)(?<![«\"(\w])[А-ЯЁ][а-яё]+")
_INITIALS = re.compile(r"\b[А-ЯЁ]\.\s?[А-ЯЁ]\.")
_DAY = re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{2,4})?|\b20\d\d\b")
MOST = 12

Field = tuple[str, str]


def anchor_of(model: BaseModel) -> date | None:
    """Return the day with which a thing begins."""
    days = (getattr(model, name, None) for name in _BEGINS)
    return next((day for day in days if isinstance(day, date)), None)


def begins(data: dict[str, Any]) -> str | None:
    """Return the name of the field by which a thing that is still plain data begins."""
    return next((name for name in _BEGINS if name in data), None)


class Stock:
    """Words, numbers and spans of time, by record and field."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._words: dict[Field, list[str]] = defaultdict(list)
        self._spans: dict[Field, list[int]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        for case in cases:
            self._learn(case, case.referral.received_on, stems_of(case))
            self._learn_starts(case)

    def words(self, model: str, name: str) -> list[str]:
        """Return texts that a region's examples write in a field, none of which names anybody."""
        return self._words[model, name]

    def span(self, model: str, name: str) -> int | None:
        """Return how many days after its thing's beginning the day of a field usually is."""
        spans = self._spans.get((model, name))
        return median_low(spans) if spans else None

    def start(self, part: str) -> int | None:
        """Return how many days after the request the first thing of a part of the case usually is."""
        starts = self._starts.get(part)
        return median_low(starts) if starts else None

    def _learn_starts(self, case: Case) -> None:
        for name in type(case).model_fields:
            value = getattr(case, name)
            things = value if isinstance(value, tuple) else (value,)
            days = [day for one in things if isinstance(one, BaseModel) and (day := anchor_of(one))]
            if days:
                self._starts[name].append((min(days) - case.referral.received_on).days)

    def _learn(self, model: BaseModel, since: date, stems: frozenset[str]) -> None:
        kind, own = type(model).__name__, anchor_of(model) or since
        for name, known in record_type(type(model)).fields.items():
            if known.derived:
                continue
            for value in _each(getattr(model, name)):
                if isinstance(value, BaseModel):
                    self._learn(value, own, stems)
                elif isinstance(value, date):
                    self._spans[kind, name].append((value - own).days)
                elif _is_words(known.type) and not names_somebody(str(value), stems):
                    words = self._words[kind, name]
                    if str(value) not in words and len(words) < MOST:
                        words.append(str(value))


def _each(value: Any) -> Iterator[Any]:
    if value is not None:
        yield from value if isinstance(value, tuple) else (value,)


def _is_words(type_: Type) -> bool:
    inner = type_.item or type_
    return inner.kind in ("text", "phrase") and not inner.refers


def stems_of(case: Case) -> frozenset[str]:
    """Return what the names of a family and of those who work with it begin with."""
    people = (*case.family.members, *case.specialists)
    names = (name for one in people for name in (one.first_name, one.last_name))
    return frozenset(name[:-1].lower() if len(name) > 3 else name.lower() for name in names)


def names_somebody(text: str, stems: frozenset[str] = frozenset()) -> bool:
    """Tell whether a text holds a name, or a day of somebody's story."""
    low = text.lower()
    if _INITIALS.search(text) or _NAMES.search(text) or _DAY.search(text):
        return True
    return any(re.search(rf"\b{re.escape(stem)}", low) for stem in stems)
