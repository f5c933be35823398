"""What a filter is: a named function over plain values that templates and rules may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from types import MappingProxyType
from typing import Literal, Self

from .contract.countries import Country
from .facts import Blank, Missing, Record


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
        speaks: Whether it makes words of values though it belongs to no language: its function takes the
            language of the paper, a `LanguagePack`, by the keyword ``pack``.
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
    speaks: bool = False


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
    def careful(value: object, *arguments: object, **speaking: object) -> object:
        for one in (value, *arguments):
            if isinstance(one, Missing) and not meets_missing:
                return one
        for one in (value, *arguments):
            if isinstance(one, Blank) and not meets_blank:
                return Blank(gives, 0) if gives == "picture" else one
        return function(value, *arguments, **speaking)

    return careful


Unprinted = Literal["missing", "record", "list", "unknown"]

_IN_WORDS: dict[Unprinted, str] = {
    "missing": "the case does not have this value",
    "record": "a whole record cannot be printed, only its fields can",
    "list": "a whole list cannot be printed, only its items can",
    "unknown": "this is no value of the vocabulary",
}


class Unprintable(Exception):
    """A value stands where text should be printed, and there is no text for it.

    Attributes:
        reason: ``missing``, ``record``, ``list`` or ``unknown``.
        where: The field that is missing, as `Missing` knows it; else empty.
    """

    def __init__(self, reason: Unprinted, where: str = "") -> None:
        super().__init__(f"{_IN_WORDS[reason]}: {where}" if where else _IN_WORDS[reason])
        self.reason: Unprinted = reason
        self.where = where

    @classmethod
    def of(cls, value: object) -> Self:
        """Say why a value that no language knows how to print cannot be printed."""
        if isinstance(value, Missing):
            return cls("missing", value.where)
        if value is None:
            return cls("missing")
        if isinstance(value, Record):
            return cls("record")
        return cls("list" if isinstance(value, list | tuple) else "unknown")


def as_written(sentence: str) -> str:
    """Say papka's own sentence as it stands in the code: in English."""
    return sentence


def as_counted(one: str, many: str, count: int) -> str:
    """Choose between papka's own two sentences as English does."""
    return one if count == 1 else many


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """The language of papers: all that papka itself would have to know of it.

    Attributes:
        code: Language code, such as ``ru``; a programme names it (``language`` in programme.yaml).
        printed: Turns any plain value into the text that a paper shows; raises `Unprintable` for an empty
            value, a record, a list.
        filters: The filters that know the language. One that has the name of a filter which belongs to no
            language takes its place.
        on_paper: Says what papka itself writes on a paper (the mark of a draft, the cover of a packet), given
            in English.
        counted: Says one of two such sentences with a number, the English one for 1 and the one for others.
        choices: What the values of the contract's fixed lists are called, by the name of the list and the
            code. One that it does not name is called by its code; Russian needs none.
        texts: How a text is worded that the contract works out of a record in Russian, by record and field:
            ``Address.text``, ``IdentityDocument.text``, ``IdentityDocument.short_title``. Each gets
            the record.
        country: In which country the programme works whose papers it is used for; papka sets it.
    """

    code: str
    printed: Callable[[object], str]
    filters: tuple[Filter, ...]
    on_paper: Callable[[str], str] = as_written
    counted: Callable[[str, str, int], str] = as_counted
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, Callable[[Record], str]] = field(default_factory=lambda: MappingProxyType({}))
    country: Country = Country.RUSSIA
