"""Out of many families the fewest that show as much, and of each no more than it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from ...core.paths import Loc
from .growing import Garden, Grown
from .making import Setting
from .people import Data
from .recasting import repaired
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


def lighten(garden: Garden, chosen: list[Grown]) -> None:
    """Leave out of each family whole parts, and things of long lists, that show nothing of their own."""
    for one in chosen:
        others = set().union(*(known.shown for known in chosen if known is not one))
        wanted = (one.shown & garden.universe) - others
        _lighten(garden, one, frozenset(wanted))


def _lighten(garden: Garden, one: Grown, wanted: frozenset[Key]) -> None:
    pending: list[list[Loc]] = [list(_parts(one.setting.data))]
    tries = TRIES
    while pending and tries:
        group, tries = pending.pop(), tries - 1
        lighter = _without(garden, one, group, wanted)
        if lighter is not None:
            one.setting, one.case, one.shown = lighter.setting, lighter.case, lighter.shown
        elif len(group) > 1:
            half = len(group) // 2
            pending += [group[:half], group[half:]]


def _parts(data: Data) -> Iterator[Loc]:
    """Go through what may be left out, the last things of lists first, so that places stay what they are."""
    for name, value in data.items():
        if name in _FRAME:
            continue
        if isinstance(value, list) and name != "specialists":
            yield from ((name, index) for index in reversed(range(len(value))))
        elif name != "specialists":
            yield (name,)


def _without(garden: Garden, one: Grown, group: list[Loc], wanted: frozenset[Key]) -> Grown | None:
    setting = Setting(deepcopy(one.setting.data), one.setting.household, one.setting.chance)
    for loc in sorted(group, key=str, reverse=True):
        _drop(setting.data, loc)
    case = repaired(setting.data, garden.gauge.country)
    if case is None:
        return None
    shown = garden.gauge.shown(case)
    return Grown(setting, case, shown) if wanted <= shown else None


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
