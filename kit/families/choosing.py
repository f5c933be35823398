"""Out of many families the fewest that show as much, and of each no more than it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from ...core.paths import Loc
from .growing import Garden, Grown
from .making import Setting
from .people import Data
from .targets import Key

TRIES = 24
"""How often it is tried to leave something out of one family."""

_FRAME = frozenset({"papka", "programme", "fictional", "id", "number", "organisation", "family", "referral"})


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
    left, shares = set(garden.universe), []
    for one in fewest(families, garden.universe):
        wanted = frozenset(one.shown & left)
        left -= wanted
        if wanted:
            data = _lightened(garden, one.setting.data, wanted)
            shares.append(Share(replace(one.setting, data=data), wanted))
    grown = [_with_own_names(garden, one) for one in _joined(garden, shares)]
    return fewest([one for one in grown if one is not None], garden.universe)


def _with_own_names(garden: Garden, share: Share) -> Grown | None:
    found = garden.grown(garden.renamed(share.setting))
    if found is not None and share.wanted <= found.shown:
        return found
    # It is there for its people's names.
    return garden.grown(share.setting)


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
    pending: list[list[Loc]] = [list(_parts(data))]
    tries = TRIES
    while pending and tries:
        group, tries = pending.pop(), tries - 1
        lighter = _without(garden, data, group, wanted)
        if lighter is not None:
            data = lighter
        elif len(group) > 1:
            half = len(group) // 2
            pending += [group[:half], group[half:]]
    return data


def _parts(data: Data) -> Iterator[Loc]:
    """Go through what may be left out, the last things of lists first, so that places stay what they are."""
    for name, value in data.items():
        if name in _FRAME:
            continue
        if isinstance(value, list) and name != "specialists":
            yield from ((name, index) for index in reversed(range(len(value))))
        elif name != "specialists":
            yield (name,)


def _without(garden: Garden, data: Data, group: list[Loc], wanted: frozenset[Key]) -> Data | None:
    lighter = deepcopy(data)
    for loc in sorted(group, key=str, reverse=True):
        _drop(lighter, loc)
    case = garden.raiser.case(lighter)
    return lighter if case is not None and garden.gauge.shows(case, wanted) else None


def _drop(data: Any, loc: Loc) -> None:
    name, *index = loc
    if index:
        # Lists keep their length while a group is taken out; what is empty goes at the end.
        value = data.get(name, [])
        if int(index[0]) < len(value):
            del value[int(index[0])]
        if not value:
            data.pop(name, None)
    else:
        data.pop(name, None)
