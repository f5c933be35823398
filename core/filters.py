"""What a filter is: a named function over plain values that templates and rules may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, with all that a methodologist and a type checker need to know of it.

    Attributes:
        name: English name.
        russian: Russian name; a template may use either.
        takes: Kinds of value it works on (``text number money date time bool choice name phrase record
            list any``).
        gives: Kind of its result; ``same`` as what it took, or ``item`` of the list it took.
        summary: One Russian line for the methodologist.
        example: A tag that uses it.
        function: The function itself; it gets the value and the filter's arguments.
        meets_missing: Whether it deals with an empty value itself, as «прочерк» does.
        max_args: How many arguments it takes at most.
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
