"""Whether a version lies within what a requirement asks for; for plain numbers such as papka's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_PART = re.compile(r"\s*(>=|<=|==|!=|~=|<|>)\s*([0-9]+(?:\.[0-9]+)*)(\.\*)?[^,]*")
Number = tuple[int, ...]


def bounds(requirement: str) -> list[tuple[str, str]]:
    """Return the bounds of a requirement such as ``papka>=0.1,<0.2``: the sign and the number of each."""
    text = re.sub(r"^[^<>=!~;\[]*(\[[^\]]*\])?", "", requirement.partition(";")[0]).strip(" ()")
    found = (_PART.match(part) for part in text.split(",") if part.strip())
    return [(one[1], one[2] + (one[3] or "")) for one in found if one]


def fits(version: str, requirement: str) -> bool:
    """Tell whether a version lies within all bounds of a requirement."""
    return all(_TESTS[sign](_number(version), number) for sign, number in bounds(requirement))


def _number(version: str) -> Number:
    digits = re.match(r"[0-9.]*", version)
    return tuple(int(part) for part in (digits[0] if digits else "").split(".") if part)


def _padded(one: Number, other: Number) -> tuple[Number, Number]:
    width = max(len(one), len(other))
    return one + (0,) * (width - len(one)), other + (0,) * (width - len(other))


def _compared(test: Callable[[Number, Number], bool]) -> Callable[[Number, str], bool]:
    return lambda version, text: test(*_padded(version, _number(text)))


def _same(version: Number, text: str) -> bool:
    number = _number(text)
    return version[: len(number)] == number if text.endswith("*") else _compared(_equal)(version, text)


def _equal(one: Number, other: Number) -> bool:
    return one == other


def _compatible(version: Number, text: str) -> bool:
    number = _number(text)
    return (
        _compared(lambda one, other: one >= other)(version, text)
        and version[: len(number) - 1] == number[:-1]
    )


_TESTS: Mapping[str, Callable[[Number, str], bool]] = {
    ">=": _compared(lambda one, other: one >= other),
    "<=": _compared(lambda one, other: one <= other),
    ">": _compared(lambda one, other: one > other),
    "<": _compared(lambda one, other: one < other),
    "==": _same,
    "!=": lambda version, text: not _same(version, text),
    "~=": _compatible,
}
