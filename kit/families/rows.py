"""Sheets of signs and scores by which a chosen row of a table is the first that matches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ...core.programmes.programme import Programme, Scale
from .measuring import Gauge
from .people import Data
from .rules import LEVEL, RISK
from .targets import Target


def rows_chosen(gauge: Gauge, target: Target, data: Data, on: date) -> Iterator[tuple[str, Data]]:
    """Go through sheets that may choose the row that a target names, each with its part of the case."""
    kind, _, row = target.owner.partition(" ")
    if target.kind != "row" or kind not in (LEVEL, RISK):
        return
    by = [str(one["id"]) for one in data.get("specialists", [])][:1]
    day = on + timedelta(days=1)  # the latest sheet speaks
    sheets = _reviews(gauge, row, day, by) if kind == LEVEL else _sheets(gauge.method.programme, day, by)
    part = "level_reviews" if kind == LEVEL else "scores"
    yield from ((part, sheet) for sheet in sheets)


def _reviews(gauge: Gauge, row: str, on: date, by: list[str]) -> Iterator[Data]:
    codes = [sign.code for sign in gauge.method.programme.signs]
    there = gauge.proven.get(row)
    if there is None or not by:
        return
    signs = [{"code": code, "present": "да" if code in there else "нет"} for code in codes]
    yield {"on": on.isoformat(), "by": by[0], "signs": signs}


def _sheets(programme: Programme, on: date, by: list[str]) -> Iterator[Data]:
    for scale in programme.scales:
        for score in range(scale.lowest, scale.highest + 1):
            yield _sheet(scale, on, by, score)
        for group in scale.groups:
            for item in group.items:
                yield _sheet(scale, on, by, scale.lowest, item.code)
        yield _sheet(scale, on, by, scale.lowest) | {"life_threat": "да"}


def _sheet(scale: Scale, on: date, by: list[str], score: int, high: str | None = None) -> Data:
    codes = [item.code for group in scale.groups for item in group.items]
    items = [{"code": code, "score": str(scale.highest if code == high else score)} for code in codes]
    return {"on": on.isoformat(), "scale": scale.id, "by": by, "items": items}
