"""Who belongs to whom in a family: people, couples, generations, and their order from left to right.

Nothing is invented: a parent is who the case calls a parent, or a mother or father by relation who represents
the child by law. Whoever is tied to nobody stands in the generation that the words of the relation name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ...core.contract.people import years_between
from ...core.facts import Record
from .reading import code_of, day_of, number_of, record_of, records_of, relation_of, short_name, text_of

PARENTS_ONLY = "parents"
"""The tie of two parents of whom the case does not say how they stand to each other."""


@dataclass(frozen=True)
class Person:
    """One member of the family; `age` of a dead one is the age at death."""

    id: str
    name: str
    relation: str
    male: bool
    age: int | None
    dead: bool
    together: bool
    born: date | None
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Couple:
    """Two people and how they stand to each other."""

    first: str
    second: str
    status: str
    said: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """Return the two as a set."""
        return frozenset((self.first, self.second))


@dataclass(frozen=True)
class Kin:
    """The family as the genogram shows it."""

    people: tuple[Person, ...]
    couples: tuple[Couple, ...]
    title: str = ""
    blank: bool = False

    def by_id(self) -> Mapping[str, Person]:
        """Return the people by their ids."""
        return {one.id: one for one in self.people}

    def units(self) -> Mapping[tuple[str, ...], tuple[Person, ...]]:
        """Return the children of each set of known parents, the eldest first."""
        found: dict[tuple[str, ...], list[Person]] = {}
        for one in self.people:
            if one.parents:
                found.setdefault(tuple(sorted(one.parents)), []).append(one)
        return {parents: tuple(sorted(kids, key=seniority)) for parents, kids in found.items()}


def seniority(person: Person) -> tuple[bool, date]:
    """Sort the eldest first; who has no date of birth comes last."""
    return person.born is None, person.born or date.min


def kin_of(family: Record) -> Kin | None:
    """Read the family of a case; nothing, if it has no members."""
    members = records_of(family["members"])
    if not members:
        return None
    ids = {text_of(one, "id") for one in members}
    people = tuple(_person(one, members, ids) for one in members)
    couples = [_couple(one) for one in records_of(family["unions"])]
    told = [one for one in couples if one is not None and one.pair <= ids and len(one.pair) == 2]
    known = {one.pair for one in told}
    for one in people:
        if len(one.parents) == 2 and frozenset(one.parents) not in known:
            known.add(frozenset(one.parents))
            told.append(Couple(*one.parents, PARENTS_ONLY))
    return Kin(people, tuple(told), text_of(family, "display_name"))


def _person(member: Record, members: Sequence[Record], ids: set[str]) -> Person:
    born, died = day_of(member, "birth_date"), day_of(member, "died_on")
    dead = member["is_alive"] is False
    age = years_between(born, died) if born and died and dead else number_of(member, "age")
    own = text_of(member, "id")
    parents = [_parent(member, members, *one) for one in (("mother", "мать"), ("father", "отец"))]
    return Person(
        own,
        short_name(member),
        relation_of(member),
        code_of(member, "sex") == "male",
        age,
        dead,
        member["lives_with_family"] is True and not dead,
        born,
        tuple(one for one in dict.fromkeys(parents) if one in ids and one and one != own),
    )


def _parent(child: Record, members: Sequence[Record], field: str, word: str) -> str | None:
    """Return the parent that the case names; else the one so called who represents this child by law."""
    named = record_of(child, field)
    if named is not None:
        return text_of(named, "id")
    own = text_of(child, "id")
    found = [
        text_of(one, "id")
        for one in members
        if relation_of(one).casefold().strip() == word
        and own in [text_of(ward, "id") for ward in records_of(one["legal_representative_of"])]
    ]
    return found[0] if len(found) == 1 else None


def _couple(union: Record) -> Couple | None:
    first, second = record_of(union, "first"), record_of(union, "second")
    if first is None or second is None:
        return None
    return Couple(
        text_of(first, "id"), text_of(second, "id"), code_of(union, "status"), text_of(union, "status")
    )


# --- generations -------------------------------------------------------------------------------------------

_RANKS = (
    (-3, ("праба", "праде")),
    (-2, ("баб", "дед")),
    (-1, ("мать", "отец", "мачех", "отчим", "опекун", "попечител", "тёт", "тет", "дяд", "муж", "жена")),
    (-1, ("супруг", "сожител", "приёмн")),
    (0, ("сын", "доч", "реб", "брат", "сест", "племян", "внук", "внуч", "падчер", "пасын")),
)
_OF_PARENT = ("матери", "отца", "мамы", "папы")


def _rank(person: Person) -> int:
    """Return the generation that the words of the relation name: 0 for the child's own."""
    words = person.relation.casefold().split()
    for word in words:
        for rank, beginnings in _RANKS:
            if word.startswith(beginnings):
                up = word.startswith(("брат", "сест")) and any(one in words for one in _OF_PARENT)
                return rank - 1 if up else rank
    return 0 if person.age is not None and person.age < 18 else -1


def generations(kin: Kin) -> list[list[str]]:
    """Return the ids of each generation, the oldest first: partners in one, children below their parents."""
    import networkx as nx

    same = nx.Graph()
    same.add_nodes_from(one.id for one in kin.people)
    same.add_edges_from((one.first, one.second) for one in kin.couples)
    group = {id_: min(part) for part in nx.connected_components(same) for id_ in part}
    down = nx.DiGraph()
    down.add_nodes_from(group.values())
    down.add_edges_from(
        (group[parent], group[one.id])
        for one in kin.people
        for parent in one.parents
        if group[parent] != group[one.id]
    )
    while not nx.is_directed_acyclic_graph(down):
        # Facts that go round in a circle: the picture leaves one of them out, the paper's check tells them.
        down.remove_edge(*nx.find_cycle(down)[-1][:2])
    height: dict[str, int] = {}
    order = list(nx.topological_sort(down))
    for node in order:
        height[node] = max((height[one] + 1 for one in down.predecessors(node)), default=0)
    for node in reversed(order):
        height[node] = min((height[one] - 1 for one in down.successors(node)), default=height[node])
    for piece in nx.weakly_connected_components(down):
        inside = [one for one in kin.people if group[one.id] in piece]
        off = round(sum(_rank(one) - height[group[one.id]] for one in inside) / len(inside))
        height.update({node: height[node] + off for node in piece})
    rows: dict[int, list[str]] = {}
    for one in kin.people:
        rows.setdefault(height[group[one.id]], []).append(one.id)
    return [rows[level] for level in sorted(rows)]


# --- order from left to right ------------------------------------------------------------------------------

_ROUNDS = 40


def arranged(kin: Kin) -> list[list[str]]:
    """Order each generation as genograms do: partners side by side, him at the left, children by age.

    People are moved for as long as the picture gets better by it; the same family gives the same order.
    """
    rows = generations(kin)
    ids = kin.by_id()
    for row in rows:
        row.sort(key=lambda one: seniority(ids[one]))
    judge = _Judge(kin, rows)
    best = judge.cost(rows)
    for _ in range(_ROUNDS):
        before = best
        for number in range(len(rows)):
            for row in _moves(rows[number]):
                cost = judge.cost([*rows[:number], row, *rows[number + 1 :]])
                if cost < best - 1e-9:
                    best, rows[number] = cost, row
                    break
        if best == before:
            break
    return rows


def _moves(row: list[str]) -> Iterator[list[str]]:
    """Go through the rows in which one person, or up to four side by side, stand elsewhere."""
    for size in range(1, min(4, len(row) - 1) + 1):
        for start in range(len(row) - size + 1):
            block, rest = row[start : start + size], row[:start] + row[start + size :]
            for place in range(len(rest) + 1):
                if place != start:
                    yield rest[:place] + block + rest[place:]
                    yield rest[:place] + block[::-1] + rest[place:]


class _Judge:
    """Says how far an order is from what a genogram should look like."""

    def __init__(self, kin: Kin, rows: list[list[str]]) -> None:
        self._people = kin.by_id()
        self._level = {one: level for level, row in enumerate(rows) for one in row}
        self._couples = kin.couples
        self._units = [(parents, tuple(kid.id for kid in kids)) for parents, kids in kin.units().items()]

    def cost(self, rows: list[list[str]]) -> float:
        places = {one: index - (len(row) - 1) / 2 for row in rows for index, one in enumerate(row)}
        return (
            sum(self._couple(one, places) for one in self._couples)
            + sum(self._unit(parents, kids, places) for parents, kids in self._units)
            + self._crossings(places)
            + sum(self._home(row) for row in rows)
        )

    def _couple(self, one: Couple, places: Mapping[str, float]) -> float:
        apart = abs(places[one.first] - places[one.second]) - 1
        man, woman = sorted((one.first, one.second), key=lambda id_: not self._people[id_].male)
        turned = self._people[man].male and not self._people[woman].male and places[man] > places[woman]
        return 30 * max(0.0, apart) + turned

    def _unit(self, parents: Sequence[str], kids: Sequence[str], places: Mapping[str, float]) -> float:
        spots = [places[kid] for kid in kids]
        inverted = sum(b < a for i, a in enumerate(spots) for b in spots[i + 1 :])
        spread = max(spots) - min(spots) - (len(spots) - 1)
        return 8 * inverted + 4 * spread + 2 * abs(_mean(places, parents) - sum(spots) / len(spots))

    def _crossings(self, places: Mapping[str, float]) -> float:
        drops = [(self._level[p[0]], _mean(places, p), _mean(places, kids)) for p, kids in self._units]
        pairs = ((a, b) for i, a in enumerate(drops) for b in drops[i + 1 :] if a[0] == b[0])
        return 20 * sum((a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in pairs)

    def _home(self, row: Sequence[str]) -> float:
        """Count the strangers who stand between people of one home."""
        home = [self._people[one].together for one in row]
        if True not in home:
            return 0
        first, last = home.index(True), len(home) - home[::-1].index(True)
        return 3 * home[first:last].count(False)


def _mean(places: Mapping[str, float], ids: Iterable[str]) -> float:
    spots = [places[one] for one in ids]
    return sum(spots) / len(spots)
