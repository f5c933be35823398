"""The people of one family, gathered from its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ...core.contract.people import COMING_OF_AGE, years_between
from ...core.i18n import tr
from .cells import as_text, is_nothing
from .meaning import CHILDREN, PEOPLE, Meaning
from .people import Named, Unclear, capital, names_in, of_family, several_in, sex_of
from .values import Known, as_typed

if TYPE_CHECKING:
    from .families import Cell, Family
    from .mapping import Laid

_STAND_IN = Named("Неясная", "Анна", None)
"""Stands for a name that was told already, so that what else is wrong with the person is told too."""

_BY_RELATION = {
    "mother": ("мать", "мама"),
    "father": ("отец", "папа"),
    "guardian": ("опекун", "попечитель", "приёмный", "приемный", "усыновитель", "законный"),
}
_CHILD_WORDS = ("сын", "дочь", "дочка", "ребенок", "ребёнок", "внук", "внучка", "подопечный", "подопечная")


@dataclass
class _Person:
    who: str
    facts: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    always: dict[str, Any] = field(default_factory=dict)
    unclear: bool = False


class Persons:
    """Gathers people, and lays them into a family when all its cells were read."""

    def __init__(self, family: Family, representatives: tuple[str, ...], today: date) -> None:
        self._family, self._representatives, self._today = family, representatives, today
        self._found: dict[tuple[str, int], _Person] = {}
        self._children = 0

    def take(self, one: Meaning, value: Any, cell: Cell, known: Known) -> None:
        """Take what a cell says of a person, or of several."""
        if one.who == CHILDREN:
            self._take_several(value, cell)
            return
        assert one.who is not None
        key = (one.who, cell[0] if one.who == "person" else 0)
        person = self._found.get(key) or _Person(one.who)
        name = str(one.path[0])
        if is_nothing(value):
            person.cells.setdefault(name, cell)
            if person.facts:
                self._found[key] = person
            return
        self._found[key] = person
        person.cells[name] = cell
        if name == "name":
            self._name(person, as_text(value), cell)
            return
        typed = as_typed(one, value, known, self._today)
        if name in ("last_name", "first_name", "patronymic"):
            typed = capital(typed)
        if person.facts.get(name, typed) != typed:
            cure = tr("Write the same in all rows of the family, or in the first one only.")
            raise Unclear("I-DIFFERS", tr("The rows of this family say different things."), cure)
        person.facts[name] = typed

    def _name(self, person: _Person, typed: str, cell: Cell) -> None:
        try:
            named = names_in(typed, self._today)
        except Unclear:
            self._named(person, _STAND_IN, cell)
            person.unclear = True
            raise
        if "last_name" in person.facts and person.facts["last_name"] != named.last:
            cure = tr("Write the same in all rows of the family, or in the first one only.")
            raise Unclear("I-DIFFERS", tr("The rows of this family say different things."), cure)
        self._named(person, named, cell)

    def _named(self, person: _Person, named: Named, cell: Cell) -> None:
        said = {
            "last_name": named.last,
            "first_name": named.first,
            "patronymic": named.patronymic,
            "birth_date": named.born,
            "relation": named.relation,
        }
        for name, text in said.items():
            person.cells.setdefault(name, cell)
            if text is not None:
                person.facts.setdefault(name, text)

    def _take_several(self, value: Any, cell: Cell) -> None:
        if is_nothing(value):
            return
        for named in several_in(as_text(value), self._today):
            self._children += 1
            person = self._found[CHILDREN, self._children] = _Person(CHILDREN)
            self._named(person, named, cell)

    def say(self, one: Meaning, typed: Any) -> None:
        """Say of a person that is there what is the same in all rows."""
        for person in self._found.values():
            if person.who == one.who and person.facts:
                person.facts.setdefault(str(one.path[0]), typed)

    # --- laid into the family ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Lay the people into the family: codes, sex, relation, who acts for the children."""
        order = ("mother", "father", "guardian", "person")
        people = [one for one in self._found.values() if one.facts]
        people.sort(key=lambda one: order.index(one.who) if one.who in order else len(order))
        members: list[tuple[_Person, dict[str, Any]]] = []
        for person in people:
            self._complete(person)
            members.append((person, person.facts))
        counted = {"m": 0, "c": 0}
        for person, facts in members:
            kind = "c" if self._is_child(person) else "m"
            counted[kind] += 1
            facts["id"] = f"{kind}.{counted[kind]}"
        children = [facts["id"] for person, facts in members if self._is_child(person)]
        adults = [person for person, _ in members if not self._is_child(person)]
        acting = [one for one in adults if self._acts(one, self._representatives)]
        # A father who brings up his children alone acts for them, as a mother does.
        acting = acting or [one for one in adults if self._acts(one, ("father",))]
        for index, (person, facts) in enumerate(members):
            if children and any(person is one for one in acting):
                facts["legal_representative_of"] = children
            self._lay(index, person, facts)

    def _lay(self, index: int, person: _Person, facts: dict[str, Any]) -> None:
        whole = {name: facts[name] for name in _ORDER if name in facts} | facts
        self._family.put(("family", "members", index), whole, None)
        for name, cell in person.cells.items():
            self._family.cells["family", "members", index, name] = cell
        known = next(iter(person.cells.values()), None)
        if known is not None:
            self._family.cells.setdefault(("family", "members", index), known)

    def _complete(self, person: _Person) -> None:
        facts = person.facts
        if "sex" not in facts:
            last, first = (str(facts.get(name) or "") for name in ("last_name", "first_name"))
            sex = sex_of(last, first, facts.get("patronymic"), self._relation(person))
            if sex is None and not person.unclear and facts.get("first_name"):
                self._tell_sex(person)
            facts["sex"] = sex or "female"
        if not facts.get("relation"):
            relation = self._relation(person)
            if relation is None and self._is_child(person):
                relation = "сын" if facts["sex"] == "male" else "дочь"
            if relation is not None:
                facts["relation"] = relation

    def _tell_sex(self, person: _Person) -> None:
        from .families import CellFault

        cell = person.cells.get("first_name") or next(iter(person.cells.values()))
        message = tr("The sex cannot be told from the name for sure.")
        cure = tr("Write the patronymic, or the relation («сын», «дочь») beside the name.")
        self._family.faults.append(CellFault(cell, "I-SEX", message, cure))

    def _relation(self, person: _Person) -> str | None:
        said = person.facts.get("relation")
        return said or (PEOPLE[person.who][0] if person.who in PEOPLE else None) or None

    def _is_child(self, person: _Person) -> bool:
        if person.who == CHILDREN or person.who.startswith("child"):
            return True
        relation = str(person.facts.get("relation") or "").casefold()
        born = _day(person.facts.get("birth_date"))
        under_age = born is not None and years_between(born, self._today) < COMING_OF_AGE
        if person.who != "person":
            return False
        return under_age if born is not None else relation.startswith(_CHILD_WORDS)

    def _acts(self, person: _Person, representatives: Sequence[str]) -> bool:
        if person.who in representatives:
            return True
        relation = str(person.facts.get("relation") or "").casefold()
        words = (word for who in representatives for word in _BY_RELATION[who])
        return person.who == "person" and relation.startswith(tuple(words))

    def called(self) -> str:
        """Name the family by the first of its people."""
        facts: dict[str, Any] = next((one.facts for one in self._found.values() if one.facts), {})
        last, first = str(facts.get("last_name") or ""), str(facts.get("first_name") or "")
        if not last or not first:
            return "семья"
        return of_family(last, first, facts.get("patronymic"), facts.get("sex"))

    def first_column(self, laid: Laid) -> int:
        """Return the column in which somebody would be named."""
        named = (c.index for c, means in laid.columns if any(m.who for m in means))
        return next(named, laid.columns[0][0].index)


_ORDER = ("id", "last_name", "first_name", "patronymic", "sex", "birth_date", "relation")


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
