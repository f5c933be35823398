"""The plain data that a template or a rule may hold.

Nothing else reaches an expression: no model, no file, no object with methods. A record gives its fields
by name and no Python attribute; a value knows how to print itself and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

GrammaticalCase = Literal["nom", "gen", "dat", "acc", "ins", "prep"]
Sex = Literal["male", "female"]
NamePart = Literal["last", "first", "patronymic"]
NameStyle = Literal["full", "short", "signature"]
PhraseKind = Literal["position", "organisation", "text"]

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name as it is to be printed: its parts, the wanted grammatical case and style.

    Attributes:
        forms: Forms stored in the case file, by part and grammatical case; they win over any library.
        style: ``full`` «Черных Любовь Ильинична», ``short`` «Черных Л. И.», ``signature`` «Л. И. Черных».
    """

    last: str
    first: str
    patronymic: str | None = None
    sex: Sex | None = None
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    style: NameStyle = "full"
    case: GrammaticalCase = "nom"

    def __str__(self) -> str:
        """Print in the nominative; the other cases are the language's work."""
        given = [part for part in (self.first, self.patronymic) if part]
        if self.style == "full":
            return " ".join([self.last, *given])
        initials = NBSP.join(f"{part[0]}." for part in given)
        pair = [self.last, initials] if self.style == "short" else [initials, self.last]
        return NBSP.join(part for part in pair if part)

    def styled(self, style: NameStyle) -> PersonName:
        """Return the same name in another style."""
        return replace(self, style=style)

    def in_case(self, case: GrammaticalCase) -> PersonName:
        """Return the same name in another grammatical case."""
        return replace(self, case=case)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a paper may need in another grammatical case: a position, an organisation, a relation.

    Attributes:
        forms: Forms stored in the case file by grammatical case; they win over any library.
    """

    text: str
    kind: PhraseKind = "text"
    forms: Mapping[str, str] = field(default_factory=dict, hash=False)
    case: GrammaticalCase = "nom"

    def __str__(self) -> str:
        return self.text

    def in_case(self, case: GrammaticalCase) -> Phrase:
        """Return the same words in another grammatical case."""
        return replace(self, case=case)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A value out of a fixed list: it prints its Russian label and equals its code or its label."""

    code: str
    label: str

    def __str__(self) -> str:
        return self.label

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Choice):
            return self.code == other.code
        return other in (self.code, self.label)

    def __hash__(self) -> int:
        return hash(self.code)


class _Unordered:
    """Has no place before or after anything: what is not known is neither more nor less."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__


@dataclass(frozen=True, slots=True)
class Missing(_Unordered):
    """A value that the case does not have. It is false, and to print it is an error that names the field."""

    where: str

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[object]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Blank(_Unordered):
    """A value of a paper that is rendered without data: a line to fill by hand.

    Attributes:
        kind: The kind of the value that would stand here (``text``, ``date``, ``name`` …); it sets the line.
    """

    kind: str
    width: int = 24

    def __str__(self) -> str:
        if self.kind == "date":
            return f"«___»{NBSP}______________{NBSP}20___{NBSP}г."
        return "_" * self.width


Look = Literal["bold", "italic", "underline"]

_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_MM = 500


@dataclass(frozen=True, slots=True)
class Rich:
    """A value that is to be printed with a look of its own, whatever the look of the words around it."""

    value: object
    looks: frozenset[Look]

    def with_look(self, look: Look) -> Rich:
        """Return the same value with one look more."""
        return replace(self, looks=self.looks | {look})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a filter has made; it is printed in the line where its tag stands.

    Attributes:
        png: The picture; the same bytes stand once in a Word file, however often they are printed.
        text: What it shows, in words, for those who cannot see it.

    Raises:
        ValueError: It is no PNG, or its sides fit no paper.
    """

    png: bytes = field(repr=False)
    width_mm: float
    height_mm: float
    text: str

    def __post_init__(self) -> None:
        if not self.png.startswith(_PNG):
            raise ValueError("a picture is a PNG")
        if not all(1 <= side <= _LARGEST_MM for side in (self.width_mm, self.height_mm)):
            raise ValueError(f"the sides of a picture are between 1 and {_LARGEST_MM} mm")


class Rows(tuple[object, ...]):
    """A list of plain values; to print the whole list is an error."""

    __slots__ = ()


class Later(Rows):
    """A list that is worked out when somebody first looks into it, and then kept.

    While it is being worked out it is empty: a rule that helps to make the list finds nothing in it.
    """

    _work_out: Callable[[], Iterable[object]]
    _found: tuple[object, ...] | None

    def __new__(cls, work_out: Callable[[], Iterable[object]]) -> Later:
        """Make the list of what `work_out` will return."""
        made = super().__new__(cls)
        made._work_out, made._found = work_out, None
        return made

    def _items(self) -> tuple[object, ...]:
        if self._found is None:
            self._found = ()
            self._found = tuple(self._work_out())
        return self._found

    def __iter__(self) -> Iterator[object]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __getitem__(self, at: Any) -> Any:
        return self._items()[at]

    def __contains__(self, wanted: object) -> bool:
        return wanted in self._items()


class Record(Mapping[str, object]):
    """A read-only set of named plain values. A field answers to its English and its Russian name.

    A value that is not there yet is made when it is first asked for: of most records little is ever asked.
    """

    __slots__ = ("_aliases", "_make", "_names", "_values", "kind")

    def __init__(
        self,
        kind: str,
        values: dict[str, object],
        aliases: Mapping[str, str],
        names: Collection[str] | None = None,
        make: Callable[[str], object] | None = None,
    ) -> None:
        """Make a record of values.

        Args:
            names: The names of all fields, if not all are among the values.
            make: Makes the value of a field that is not.
        """
        self.kind = kind
        self._values = values
        self._aliases = aliases
        self._names = values if names is None else names
        self._make = make

    def __getitem__(self, name: str) -> object:
        if name not in self._values:
            name = self._aliases.get(name, name)
            if name not in self._values:
                if self._make is None or name not in self._names:
                    raise KeyError(name)
                self._values[name] = self._make(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def is_blank(self) -> bool:
        """Tell whether it is one of a paper without data; nothing is worked out for that."""
        return any(type(one) is Blank for one in self._values.values())

    def __bool__(self) -> bool:
        return True

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other
