"""What a filter is: a named function over plain values that templates and rules may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from .facts import Blank, Missing


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, with all that a methodologist and a type checker need to know of it.

    Attributes:
        name: English name.
        russian: Russian name; a template may use either.
        takes: Kinds of value it works on (``text number money date time bool choice name phrase record
            list rich picture any``); ``record:Family`` and ``list:Task`` say of what.
        gives: Kind of its result; ``same`` as what it took, or ``item`` of the list it took. ``rich`` is a
            `facts.Rich`, ``picture`` a `facts.Picture`.
        summary: One Russian line for the methodologist.
        example: A tag that uses it.
        function: The function itself; it gets the value and the filter's arguments.
        meets_missing: Whether it deals with an empty value itself, as «прочерк» does.
        max_args: How many arguments it takes at most.
        asks_value: Whether its argument is one of the values that it works on, as with «флажок».
    """

    name: str
    russian: str
    takes: tuple[str, ...]
    gives: str
    summary: str
    example: str
    function: Callable[..., object]
    meets_missing: bool = False
    max_args: int = 0
    asks_value: bool = False


def guarded(
    function: Callable[..., object],
    *,
    gives: str = "",
    meets_missing: bool = False,
    meets_blank: bool = False,
) -> Callable[..., object]:
    """Let a filter's function see an empty value, or a line of a paper without data, only if it wants to.

    An empty value passes through, so that printing can name the missing field; so does a line. Where a
    picture would stand, a paper without data shows nothing.
    """

    @wraps(function)
    def careful(value: object, *arguments: object) -> object:
        for one in (value, *arguments):
            if isinstance(one, Missing) and not meets_missing:
                return one
        for one in (value, *arguments):
            if isinstance(one, Blank) and not meets_blank:
                return Blank(gives, 0) if gives == "picture" else one
        return function(value, *arguments)

    return careful


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """The language of papers.

    Attributes:
        code: Language code, such as ``ru``.
        printed: Turns any plain value into the text that a paper shows; refuses an empty one.
        filters: The filters that know the language.
    """

    code: str
    printed: Callable[[object], str]
    filters: tuple[Filter, ...]
