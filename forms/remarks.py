"""What a person should look at in the answers so far: the programme's own checks, told while one fills in.

A check speaks here if it names the field it is about: with `at` for each item of a list, or with `path`. It
never stops a form; on the whole case `papka check` says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..core.contract.case import Case
from ..core.expressions import ExpressionError
from ..core.facts import Rows
from ..core.findings import Finding, Place
from ..core.paths import Loc, dotted, in_words, undotted
from ..core.programmes.programme import Check
from ..core.vocabulary import record_type
from .plain import follow, inside, items_at, nth

if TYPE_CHECKING:
    from .sheet import Sheet

_Names = Mapping[str, object]


def remarks(sheet: Sheet) -> list[Finding]:
    """Return what is to be looked at, each at the field that was answered."""
    names = sheet.known()
    found: dict[str, Finding] = {}
    for one in sheet.programme.checks:
        for place, local in _places(sheet, one, names):
            if _is_answer(follow(sheet.data, place)) and _holds(sheet, one, local):
                words = in_words(record_type(Case), place)
                told = Place(path=dotted(place), words=words)
                source = one.source.source()
                found[f"{one.id} {told.path}"] = Finding(
                    one.id, one.severity, one.message, one.cure, place=told, source=source
                )
    return list(found.values())


def _is_answer(value: object) -> bool:
    """Tell whether an answer stands there, and not a list of people or visits."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _places(sheet: Sheet, one: Check, names: _Names) -> Iterator[tuple[Loc, _Names]]:
    """Go through the fields that a check speaks of, with what it calls the item of each."""
    if one.each is None:
        yield from [(undotted(one.path), names)] if one.path else []
        return
    if one.at is None or one.alias is None or not re.fullmatch(r"\w+(?:\.\w+)*", one.each):
        return
    base = undotted(one.each)
    rows = inside(names.get(str(base[0])), tuple(str(step) for step in base[1:]))
    for number in range(len(items_at(sheet.data, base))):
        known = nth(rows, number)
        if known is not None:
            local = {**names, **dict.fromkeys(one.alias, known)}
            yield from (
                (undotted(f"{dotted((*base, number))}.{one.at}"), more) for more in _also(sheet, one, local)
            )


def _also(sheet: Sheet, one: Check, names: _Names) -> Iterator[_Names]:
    if one.and_each is None or one.and_alias is None:
        yield names
        return
    found = _asked(sheet, one.and_each, names)
    for other in found if isinstance(found, Rows) else ():
        yield {**names, **dict.fromkeys(one.and_alias, other)}


def _holds(sheet: Sheet, one: Check, names: _Names) -> bool:
    return one.in_force(sheet.today) and bool(_asked(sheet, one.when, names))


def _asked(sheet: Sheet, expression: str, names: _Names) -> object:
    try:
        return sheet.language.evaluate(expression, names)
    except (ExpressionError, TypeError, AttributeError, ValueError):
        # It looks at what only a whole case has: then `papka check` will say it.
        return None
