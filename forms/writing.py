"""Answers written into a case file: what a person has written there, its order and its comments stay.

Only the lines of what has changed are written anew. Every scalar is text, as papka reads it: no number loses
its first zero, and no «нет» becomes a truth value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from ..core.paths import Loc
from ..core.roundtrip import changed
from .plain import Value

_LOOKS_OTHERWISE = re.compile(
    r"[\s]|.*\s$|$|[-?:,\[\]{}#&*!|>'\"%@`=<]|.*: |.*:$|.* #|(?:~|null|true|false|yes|no|on|off)$|[-+.]?[\d.]"
    r"|(?:да|нет)$",
    re.IGNORECASE | re.DOTALL,
)


def with_answers(text: str, answers: Mapping[Loc, Value | None]) -> str:
    """Return the text of a case file with answers put in; None takes a value out.

    Raises:
        ruamel.yaml.error.YAMLError: The text cannot be read; `core.yamltext` says why.
    """

    def put(data: Any) -> None:
        # What is taken out of a list from behind does not move what stands before it.
        for place in sorted((one for one in answers if answers[one] is None), key=_order, reverse=True):
            _take_out(data, place)
        for place in (one for one in answers if answers[one] is not None):
            _put_in(data, place, _node(answers[place]))

    return changed(text, put)


def _order(place: Loc) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in place)


def _node(value: Value | None) -> Any:
    if isinstance(value, str):
        return _scalar(value)
    rows = CommentedSeq()
    for one in value or ():
        rows.append(
            CommentedMap((k, _cell(v)) for k, v in one.items()) if isinstance(one, dict) else _scalar(one)
        )
    return rows


def _cell(value: Any) -> Any:
    """Return a cell of a table: text, or what no surface shows and the case held before."""
    if isinstance(value, dict):
        return CommentedMap((name, _cell(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return CommentedSeq(_cell(one) for one in value)
    return _scalar(value) if isinstance(value, str) else value


def _scalar(text: str) -> Any:
    if "\n" in text.strip("\n") and not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|[ \t]\n|^[ \t]", text):
        return LiteralScalarString(text)
    # Quotes are needed by no reading of papka's; other programs would take such a text for something else.
    return DoubleQuotedScalarString(text) if _LOOKS_OTHERWISE.match(text) or "\n" in text else text


def _put_in(data: Any, place: Loc, node: Any) -> None:
    for step, following in pairwise(place):
        below = _child(data, step)
        if not isinstance(below, CommentedMap | CommentedSeq):
            below = CommentedSeq() if isinstance(following, int) else CommentedMap()
            _set(data, step, below)
        data = below
    _set(data, place[-1], node)


def _child(data: Any, step: str | int) -> Any:
    if isinstance(data, CommentedMap):
        return data.get(step)
    return data[step] if isinstance(step, int) and step < len(data) else None


def _set(data: Any, step: str | int, node: Any) -> None:
    if isinstance(data, CommentedSeq) and isinstance(step, int) and step >= len(data):
        data.append(node)
    else:
        data[step] = node


def _take_out(data: Any, place: Loc) -> None:
    owners = [data]
    for step in place[:-1]:
        below = _child(owners[-1], step)
        if not isinstance(below, CommentedMap | CommentedSeq):
            return
        owners.append(below)
    for owner, step in zip(reversed(owners), reversed(place), strict=True):
        if isinstance(owner, CommentedSeq) and isinstance(step, int):
            if step < len(owner):
                del owner[step]
        elif step in owner:
            del owner[step]
        if owner:
            return
