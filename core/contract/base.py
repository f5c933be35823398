"""What every contract is made of: closed frozen models whose fields carry their Russian names.

The Russian name beside a field is the only place where it is written; templates, rules, errors and forms
all read it from here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError, SchemaValidator

if TYPE_CHECKING:
    from .case import Case

F = TypeVar("F", bound=Callable[..., Any])
_REQUIRED: Any = ...


class Contract(BaseModel):
    """Base of all that a case may hold: frozen, and closed, for an unknown key is a spelling mistake."""

    # A model is made ready when it is first used: a command uses few of them by themselves.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: Any) -> Any:
        """Take a known field that was named and left empty as not there; an unknown one stays a fault."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}

    @classmethod
    def model_rebuild(cls, **how: Any) -> bool | None:
        """Make the contract ready to read data: as it was kept, or worked out now and kept."""
        from .. import prepared

        if cls.__pydantic_complete__ and not how.get("force"):
            return None
        # Pydantic asks when a model is first used. What reads its data is kept; what writes them is not.
        has_reader = isinstance(cls.__pydantic_validator__, SchemaValidator)
        if not has_reader and not how.get("force") and prepared.recall(cls):
            return True
        depth = how.pop("_parent_namespace_depth", 2) + 1
        done = super().model_rebuild(**(how | {"force": True}), _parent_namespace_depth=depth)
        prepared.keep(cls)
        return done


def fact(russian: str, label: str, default: Any = _REQUIRED, *, example: str = "", **limits: Any) -> Any:
    """Declare a field of the contract.

    Args:
        russian: The name that a template may use, in Russian: lower case, words joined by ``_``.
        label: What a person reads beside the value.
        default: The default value; without it the field is required.
        example: A fictional value, for the list of fields.
        limits: pydantic's own limits, such as ``ge`` or ``max_length``.
    """
    extra: dict[str, Any] = {"russian": russian, "example": example}
    return Field(default, title=label, json_schema_extra=extra, **limits)


@dataclass(frozen=True, slots=True)
class At:
    """What a derived field may look at: the whole case, and the day for which the question is asked."""

    case: Case
    on: date


@dataclass(frozen=True, slots=True)
class Derived:
    """A field that is worked out from others and never typed in."""

    russian: str
    label: str
    function: Callable[..., Any]
    example: str = ""


def derived(russian: str, label: str, example: str = "") -> Callable[[F], F]:
    """Declare a method ``(self, at: At) -> value`` as a field that templates and rules may read."""

    def mark(function: F) -> F:
        cast(Any, function).papka_derived = Derived(russian, label, function, example)
        return function

    return mark


@cache
def derived_fields(model: type[BaseModel]) -> Mapping[str, Derived]:
    """Return the derived fields of a model by their English names."""
    found: dict[str, Derived] = {}
    for cls in reversed(model.__mro__):
        for name, member in vars(cls).items():
            # A model's own parts are not asked: pydantic would make them ready for that.
            if isinstance(member, FunctionType) and hasattr(member, "papka_derived"):
                found[name] = member.papka_derived
    return found


class Labelled(StrEnum):
    """A fixed list of values, each with the Russian label that papers print.

    A case file may hold the code or the label.
    """

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """Make a member from its code and its label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.of(value)

    @classmethod
    def of(cls, typed: object) -> Self | None:
        """Return the member whose code or label was typed."""
        word = str(typed).strip()
        matches = (one for one in cls if word == one.value or word.casefold() == one.label.casefold())
        return next(matches, None)


# --- text ------------------------------------------------------------------------------------------------

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")


def clean_text(value: str) -> str:
    """Normalise a text, and refuse what would spoil a paper or deceive its reader.

    Raises:
        PydanticCustomError: The text holds control characters or signs that turn the writing direction.
    """
    text = unicodedata.normalize("NFC", re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", value))
    text = _ZERO_WIDTH.sub("", text).replace("\t", " ").strip()
    if _CONTROL.search(text):
        raise PydanticCustomError("papka_control", "The text holds a control character")
    if _BIDI.search(text):
        raise PydanticCustomError("papka_bidi", "The text holds a sign that turns the writing direction")
    if not text:
        raise PydanticCustomError("papka_empty", "The text is empty")
    return text


def _one_line(value: str) -> str:
    if "\n" in value:
        raise PydanticCustomError("papka_one_line", "The value has to stand on one line")
    return value


Text = Annotated[str, AfterValidator(clean_text), Field(max_length=20_000)]
"""A text of any number of lines."""

Line = Annotated[str, AfterValidator(clean_text), AfterValidator(_one_line), Field(max_length=600)]
"""A text on one line."""

_YES = {"да", "yes", "true", "1", "+", "д", "y"}
_NO = {"нет", "no", "false", "0", "-", "н", "n"}


def _yes_or_no(value: object) -> object:
    word = str(value).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise PydanticCustomError("papka_yes_no", "The value has to be yes or no")


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
"""Yes or no, in Russian or English."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Marks a field whose value is more than text or a number: a phrase that papers decline, money."""

    name: Literal["money", "position", "organisation", "text"]


PositionText = Annotated[Line, Kind("position")]
OrganisationText = Annotated[Text, Kind("organisation")]
RelationText = Annotated[Line, Kind("text")]


@dataclass(frozen=True, slots=True)
class RefersTo:
    """Marks a field that holds the id of somebody: ``member``, ``specialist`` or ``person`` (either)."""

    what: str


Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]{0,39}$")]
MemberRef = Annotated[Id, RefersTo("member")]
SpecialistRef = Annotated[Id, RefersTo("specialist")]
PersonRef = Annotated[Id, RefersTo("person")]
TaskRef = Annotated[Id, RefersTo("task")]
DecisionRef = Annotated[Id, RefersTo("decision")]
LetterRef = Annotated[Id, RefersTo("letter")]
ConflictRef = Annotated[Id, RefersTo("conflict")]
LevelRef = Annotated[Id, RefersTo("level")]
