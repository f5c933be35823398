"""What a form shows: parts, the items of a list, and the questions about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..core.contract.base import YesNo
from ..core.i18n import said_in, tr
from ..core.paths import Loc, dotted
from .fields import Kind
from .plain import Value

_IN_RUSSIAN = said_in("ru")
_YES_NO: TypeAdapter[bool] = TypeAdapter(YesNo)


def says(word: str) -> bool | None:
    """Return what a word says in a case, yes or no; None: neither."""
    try:
        return _YES_NO.validate_python(word)
    except ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands before a person.

    Attributes:
        place: Where the answer belongs in the case file.
        choices: Codes and labels to choose from.
        needed: Whether the form is not done without it.
        value: What is answered; None: nothing yet.
        columns: The columns of a table.
        rows: Codes and labels of a table's given rows; its first column is then their code.
        refers: Whom or what of the case a choice means: ``member``, ``task`` …
        filled_in: On paper: when it is filled in, «Заполняется, если «Как поступил» — …».
        on_paper: Says papka's own words in the language of the form, given in English.
    """

    place: Loc
    label: str
    kind: Kind
    hint: str | None = None
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    value: Value | None = None
    columns: tuple[Asked, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    refers: str | None = None
    filled_in: str | None = None
    on_paper: Callable[[str], str] = field(default=_IN_RUSSIAN, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The place as it is written: ``family.members[0].birth_date``."""
        return dotted(self.place)

    @property
    def yes_and_no(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The two answers, each as it is written into a case and as the form says it."""
        yes, no = self.on_paper("yes"), self.on_paper("no")
        # A case takes the words of Russian and of English, whatever language its forms speak.
        return ((yes if says(yes) else "yes", yes), (no if says(no) is False else "no", no))


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list that a part goes through, or the part's only one.

    Attributes:
        number: Its place in the list of the case; None if the part goes through no list.
        title: How it is called: «Ребёнок 2».
        name: Who or what it is by the answers so far: «Ткач Олег».
    """

    number: int | None
    title: str | None
    questions: tuple[Asked, ...]
    name: str | None = None

    @property
    def heading(self) -> str | None:
        """How it is called, and who it is: «Ребёнок 2: Ткач Олег»."""
        return f"{self.title}: {self.name}" if self.title and self.name else self.title


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a form that is asked now.

    Attributes:
        index: Which part of the form.
        adds: How one more item is called, if the part goes through a list.
        offer: How the form offers one more item in words of its own: «Внести ещё одного человека».
    """

    index: int
    title: str
    note: str | None
    items: tuple[Item, ...]
    adds: str | None = None
    offer: str | None = None


def offered(part: Shown) -> str:
    """Return how one more item is offered, in the form's own words where it has them."""
    if part.offer:
        return part.offer
    words = tr("Add one more: {what}") if part.items else tr("Add: {what}")
    return words.format(what=part.adds or part.title)


def name_of(one: Any) -> str | None:
    """Return how somebody or something of a case is called, if it has a name yet."""
    if not isinstance(one, Mapping):
        return None
    person = [one.get(name) for name in ("last_name", "first_name", "patronymic")]
    said = [str(part) for part in person if part] or [
        str(one.get(name)) for name in ("title", "goal", "on") if one.get(name)
    ][:1]
    return " ".join(said) or None


def first_answers(questions: Sequence[Asked]) -> str | None:
    """Return how an item without a name is told from others: by its first answers."""
    said = [
        dict(one.choices).get(one.value, one.value).split("\n")[0][:40]
        for one in questions
        if isinstance(one.value, str)
    ]
    return " ".join(said[:2]) or None


def shown(value: Value | None, asked: Asked | None) -> str:
    """Return an answer in words: labels in place of codes."""
    labels = dict(asked.choices) if asked else {}
    if value is None:
        return tr("(empty)")
    if isinstance(value, str):
        return labels.get(value, value)
    columns = {str(column.place[-1]): column for column in asked.columns} if asked else {}
    said = [
        labels.get(one, one)
        if isinstance(one, str)
        else ", ".join(shown(cell, columns.get(name)) for name, cell in one.items())
        for one in value
    ]
    return "; ".join(said)
