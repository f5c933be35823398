"""What a filter is: a named function over plain values that templates and rules may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from types import MappingProxyType
from typing import Literal, Self

from .contract.base import Labelled
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

    careful.is_guarded = True  # type: ignore[attr-defined]
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
class StandIns:
    """Fictional names of a language, for copies of cases on which people are trained.

    Attributes:
        surnames: Surnames that men and women bear alike.
        men, women: First names.
        places: Towns that are nowhere.
        streets: Streets that are nowhere.
    """

    surnames: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    places: tuple[str, ...]
    streets: tuple[str, ...]


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
        labels: What the contract's fields are called on forms, by record and field: ``Member.relation``. What
            records share may be named once, by the record they have it from: ``Person.last_name``. One that
            it does not name is called by its English name, and `papka plugin check` tells it; Russian needs
            none.
        examples: An example of what is written into a field, by record and field; else a form shows none.
        tag: How a word processor knows the language, such as ``en-GB``; without it, by the code.
        stand_ins: Fictional names for copies of cases; without them people get Russian ones.
        country: In which country the programme works whose papers it is used for; papka sets it.
    """

    code: str
    printed: Callable[[object], str]
    filters: tuple[Filter, ...]
    on_paper: Callable[[str], str] = as_written
    counted: Callable[[str, str, int], str] = as_counted
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, Callable[[Record], str]] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tag: str = ""
    stand_ins: StandIns | None = None
    country: Country = Country.RUSSIA

    @property
    def proofing(self) -> str:
        """The language by which a word processor checks the spelling of what papka itself writes."""
        return self.tag or self.code

    def label(self, record: type, name: str, russian: str) -> str:
        """Return what a field of a record is called; in Russian, as the contract calls it."""
        if self.code == "ru":
            return russian
        return self._of(self.labels, record, name) or name.replace("_", " ")

    def example(self, record: type, name: str, russian: str) -> str:
        """Return an example of what is written into a field; in Russian, the contract's own."""
        return russian if self.code == "ru" else self._of(self.examples, record, name) or ""

    @staticmethod
    def _of(said: Mapping[str, str], record: type, name: str) -> str | None:
        """Return what is said of a field of a record, or of the record that it has it from."""
        return next((found for one in record.__mro__ if (found := said.get(f"{one.__name__}.{name}"))), None)

    def value(self, of: str, code: str) -> str:
        """Return what a value of a fixed list is called; one without a name, by its code."""
        return self.choices.get(of, {}).get(code) or code.replace("_", " ")

    def called(self, one: Labelled) -> str:
        """Return what a member of a fixed list is called; in Russian, as the contract calls it."""
        return one.label if self.code == "ru" else self.value(type(one).__name__, one.value)

    def short(self, day: date) -> str:
        """Print a day for a narrow column: by the language's filter ``date_short``, if it has one."""
        return self._by("date_short", day)

    def long(self, day: date) -> str:
        """Print a day as it stands at the head of a paper: by the filter ``date_long``, if it has one."""
        return self._by("date_long", day)

    def _by(self, name: str, day: date) -> str:
        known = next((one for one in self.filters if one.name == name), None)
        return str(known.function(day)) if known else self.printed(day)
