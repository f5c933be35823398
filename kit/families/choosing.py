"""Out of many families the fewest that show as much, and of each no more than it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from ...core.paths import Loc
from .changing import walk
from .growing import Garden, Grown
from .making import Setting, filler
from .mending import mended
from .people import Data
from .recasting import records
from .targets import Key

TRIES = 120
"""How often it is tried to leave something out of one family."""

WORTH, SHORT, LARGEST = 80, 7_000, 22_000
"""How many letters a part has that is worth a try, a family that is short, and one that is made two."""

_FRAME = frozenset(
    {"papka", "programme", "fictional", "id", "number", "organisation", "family", "referral", "specialists"}
)


def fewest(families: Sequence[Grown], universe: frozenset[Key]) -> list[Grown]:
    """Return the fewest families that show as much as all of them, as far as it is found step by step."""
    wanted = set().union(*(one.shown for one in families)) & universe if families else set()
    left, chosen = list(families), []
    while wanted:
        best = max(left, key=lambda one: (len(one.shown & wanted), -size(one.setting.data)))
        chosen.append(best)
        left.remove(best)
        wanted -= best.shown
    # What was chosen early may be shown by those that were chosen later.
    for one in sorted(chosen, key=lambda known: len(known.shown & universe)):
        others = set().union(*(known.shown for known in chosen if known is not one))
        if not (one.shown & universe) - others:
            chosen.remove(one)
    return chosen


def size(data: Data) -> int:
    """Return how long a family's file is, about."""
    return len(str(data))


@dataclass
class Share:
    """A family, and what it is there to show."""

    setting: Setting
    wanted: frozenset[Key]


def brought_together(garden: Garden, families: Sequence[Grown]) -> list[Grown]:
    """Return few families that show as much as many: light ones, of which those that can are made one."""
    left = set(garden.universe)
    shares: list[Share] = []
    for one in fewest(families, garden.universe):
        wanted = frozenset(one.shown & left)
        left -= wanted
        if wanted:
            shares += _shares(garden, one.setting, wanted)
    grown = [_with_own_names(garden, one) for one in _joined(garden, shares)]
    return fewest([one for one in grown if one is not None], garden.universe)


def _shares(garden: Garden, setting: Setting, wanted: frozenset[Key]) -> Iterator[Share]:
    """Make a family light; one that is still a large one is made two, each for a part of the papers."""
    data = _lightened(garden, setting.data, wanted)
    owners = sorted({key[1] for key in wanted})
    if size(data) <= LARGEST or len(owners) == 1:
        yield Share(replace(setting, data=data), wanted)
        return
    first = set(owners[: len(owners) // 2])
    for mine in (True, False):
        part = frozenset(key for key in wanted if (key[1] in first) == mine)
        yield from _shares(garden, replace(setting, data=data), part)


def _with_own_names(garden: Garden, share: Share) -> Grown | None:
    data = mended(garden, share.setting, share.wanted)
    setting = replace(share.setting, data=data)
    found = garden.grown(garden.renamed(setting))
    if found is not None and share.wanted <= found.shown:
        return found
    # It is there for its people's names.
    return garden.grown(setting)


def _joined(garden: Garden, shares: Sequence[Share]) -> list[Share]:
    """Make one family of several that began as one, where it still shows all that each of them showed."""
    kept: list[Share] = []
    for share in sorted(shares, key=lambda one: -size(one.setting.data)):
        for other in kept:
            both = _join(garden, other, share)
            if both is not None:
                other.setting, other.wanted = replace(other.setting, data=both), other.wanted | share.wanted
                break
        else:
            kept.append(share)
    return kept


def _join(garden: Garden, one: Share, other: Share) -> Data | None:
    if one.setting.opened_on != other.setting.opened_on:
        return None
    for data in _unions(one.setting.data, other.setting.data):
        if size(data) > LARGEST:
            continue
        case = garden.raiser.case(data)
        # What is smaller is the sooner spoiled by what is greater.
        if case is not None and all(garden.gauge.shows(case, each.wanted) for each in (other, one)):
            return data
    return None


def _unions(one: Data, other: Data) -> Iterator[Data]:
    """Put the parts of two families together: where they differ, those of the one or those of the other."""
    for first, second in ((one, other), (other, one)):
        both = deepcopy(first)
        for name, value in second.items():
            mine = both.get(name)
            if mine is None:
                both[name] = deepcopy(value)
            elif isinstance(mine, list) and isinstance(value, list) and mine != value:
                ids = {thing.get("id") for thing in mine if isinstance(thing, dict)} - {None}
                both[name] = [
                    *mine,
                    *(deepcopy(new) for new in value if new not in mine and new.get("id") not in ids),
                ]
        yield both


def _lightened(garden: Garden, data: Data, wanted: frozenset[Key]) -> Data:
    """Cut what carries nothing: whole things first, and of a family that stays long, single facts."""
    lighter = _cut(garden, data, list(_things(data)), wanted, least=WORTH)
    return _cut(garden, lighter, list(_facts(lighter, filler(garden.pack))), wanted, least=1)


def _cut(garden: Garden, data: Data, parts: list[Loc], wanted: frozenset[Key], *, least: int) -> Data:
    sizes = {loc: len(str(walk(data, loc))) for loc in parts}
    away: list[Loc] = []
    # Now and then a specialist is there to be found wrong, and nobody names him.
    everybody = not _shows(garden, _without(data, []), wanted)
    pending, tries = [parts] if parts else [], TRIES
    while pending and tries:
        group = pending.pop()
        if sum(sizes[loc] for loc in group) < least:
            continue
        tries -= 1
        if _shows(garden, _without(data, [*away, *group], everybody=everybody), wanted):
            away += group
        elif len(group) > 1:
            half = len(group) // 2
            pending += [group[half:], group[:half]]
    lighter = _without(data, away, everybody=everybody)
    garden.raiser.case(lighter)  # what has lost what it speaks of is taken out
    return lighter


def _shows(garden: Garden, data: Data, wanted: frozenset[Key]) -> bool:
    case = garden.raiser.case(data)
    return case is not None and garden.gauge.shows(case, wanted)


def _things(data: Data) -> Iterator[Loc]:
    """Go through the things that may be left out."""
    for name, value in data.items():
        if name not in _FRAME:
            yield from (
                ((name, index) for index in range(len(value))) if isinstance(value, list) else ((name,),)
            )


def _facts(data: Data, words: str) -> Iterator[Loc]:
    """Go through facts that may be absent: what only fills a place; of a long family, all that are long."""
    long = size(data) > SHORT
    for loc, model, record in records(data):
        if not loc or loc[0] in ("specialists", "organisation"):
            continue
        for name, value in record.items():
            fills = words in str(value) and len(str(value)) < WORTH
            if not model.model_fields[name].is_required() and (fills or (long and len(str(value)) >= WORTH)):
                yield (*loc, name)


def _without(data: Data, parts: Sequence[Loc], *, everybody: bool = False) -> Data:
    """Return a family without some of its parts; of a list, the last ones go first, so that all are found.

    Args:
        everybody: Whether specialists stay of whom nothing speaks.
    """
    lighter = deepcopy(data)
    for loc in sorted(
        parts,
        key=lambda one: [(step, "") if isinstance(step, int) else (0, step) for step in one],
        reverse=True,
    ):
        owner = walk(lighter, loc[:-1])
        if isinstance(owner, list | dict):
            del owner[loc[-1]]  # type: ignore[arg-type]
    for name in [name for name, value in lighter.items() if value == []]:
        del lighter[name]
    if not everybody:
        _leave_who_is_named(lighter)
    return lighter


def _leave_who_is_named(data: Data) -> None:
    """Leave out the specialists of whom nothing in a family speaks."""
    if "specialists" in data:
        named = set(_words({name: value for name, value in data.items() if name != "specialists"}))
        data["specialists"] = [one for one in data["specialists"] if one.get("id") in named] or data[
            "specialists"
        ][:1]


def _words(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict | list):
        for one in thing.values() if isinstance(thing, dict) else thing:
            yield from _words(one)
    else:
        yield str(thing)
