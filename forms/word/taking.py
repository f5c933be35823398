"""A form that came back is laid on the case as it is now: what was typed, what is wrong, what clashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...core.contract.case import Case
from ...core.errors import PapkaError
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.paths import Loc, dotted, in_words
from ...core.vocabulary import record_type
from ..plain import Row, Value, as_answer, follow, items_at, within
from ..sheet import Sheet
from ..shown import Asked
from .gathering import Cell, answer_in
from .keys import key_of, split_key
from .laying import Section, sections_of
from .passport import Passport
from .values import by_new_names, emptied, even, is_checked


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that was changed in the form and, since the form was made, in the case too."""

    asked: Asked
    in_case: Value | None
    in_form: Value | None

    @property
    def words(self) -> str:
        """Where it is, in Russian words."""
        return in_words(record_type(Case), self.asked.place)


@dataclass
class Reading:
    """A form that was read.

    Attributes:
        sheet: The case with what was taken from the form.
        taken: What was typed into the form.
        conflicts: What a person has to decide; nothing of it is in the sheet.
        faults: What is wrong with the answers, in the words in which any form says it.
        remarks: What a person should know: words outside fields, fields that are gone.
        advice: What a person should look at in the answers; it stops nothing.
        where: The paragraph or page of each field, by its path in the case.
        keys: How the file itself calls each field, by its path in the case.
    """

    sheet: Sheet
    taken: dict[Loc, Value | None] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    advice: list[Finding] = field(default_factory=list)
    where: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def settle(self, one: Conflict) -> None:
        """Take the form's answer of a conflict."""
        self.sheet.keep(one.asked.place, one.in_form)
        self.taken[one.asked.place] = one.in_form
        self.conflicts.remove(one)

    def look(self) -> None:
        """Find what is wrong with the answers as they are by now."""
        # What was left empty on paper is empty, and not what a screen would have put there.
        empty = (one.place for one in self.sheet.questions() if follow(self.sheet.data, one.place) is None)
        self.sheet.unknown |= set(empty)
        self.tell(self.sheet.faults())
        taken = [dotted(place) for place in self.taken]
        told = (one for one in self.sheet.remarks() if any(within(one.place.path or "", p) for p in taken))
        self.advice = [replace(one, place=self._placed(one.place)) for one in told]

    def tell(self, faults: Sequence[Finding]) -> None:
        """Keep what is wrong, each at its field."""
        self.faults = [replace(one, place=self._placed(one.place)) for one in faults]

    def key_of(self, place: Place) -> str | None:
        """Return how the file calls the field at which a place is, or the one nearest to it."""
        return self.keys.get(self._nearest(place) or "")

    def _placed(self, place: Place) -> Place:
        nearest = self._nearest(place)
        return replace(place, paragraph=self.where[nearest] if nearest else None)

    def _nearest(self, place: Place) -> str | None:
        path = place.path or ""
        above = [one for one in self.where if within(path, one)]
        below = [one for one in self.where if within(one, path)]
        return max(above, key=len) if above else below[0] if below else None


def taken_over(sheet: Sheet, passport: Passport, cells: Mapping[str, Cell]) -> Reading:
    """Take the answers of a form over into a sheet on the case as it is now."""
    return _Taking(sheet, passport, cells).whole()


_MOST = 300
"""So many items nobody writes by hand; a form that comes from outside may claim any number."""

_TOLD = 5
_ALIKE = 5
"""Two items are one and the same if at most one answer in so many differs."""

_Pair = tuple[Asked, Loc]
_Said = Mapping[Loc, Value | None]


class _Taking:
    def __init__(self, sheet: Sheet, passport: Passport, cells: Mapping[str, Cell]) -> None:
        self.sheet, self.passport, self.cells = sheet, passport, cells
        self.reading = Reading(sheet)
        self.left = set(cells)
        self.keys = _by_field(cells)
        self.lost: list[str] = []
        self.held = {base: len(items_at(sheet.data, base)) for base in self._bases()}

    def whole(self) -> Reading:
        fresh = {base: self._fresh(base) for base in self.held}
        sections = sections_of(self.sheet, {base: len(numbers) for base, numbers in fresh.items()})
        added = list(self._added(sections, fresh))
        self._here(sections)
        for place, asked, at in added:
            self._put(replace(asked, place=place), at)
        self._references()
        self._gone()
        self.reading.look()
        return self.reading

    def _bases(self) -> list[Loc]:
        each = (part.each for part in self.sheet.form.parts)
        return list(dict.fromkeys(tuple(one.split(".")) for one in each if one))

    def _fresh(self, base: Loc) -> list[int]:
        """Return the numbers in the form of items that the case did not hold when the form was made."""
        made = len(self.passport.items.get(dotted(base), ()))
        depth = len(base)
        places = (split_key(key) for key in self.cells)
        numbers = {one[0][depth] for one in places if one and one[0][:depth] == base and len(one[0]) > depth}
        fresh = sorted(one for one in numbers if isinstance(one, int) and one >= made)
        if len(fresh) > _MOST:
            raise PapkaError(
                tr("The form holds more blocks than papka reads: {count}.").format(count=len(fresh))
            )
        return fresh

    # --- what the case holds already -----------------------------------------------------------------------

    def _here(self, sections: Sequence[Section]) -> None:
        for section in sections:
            for block in section.blocks:
                if block.spare:
                    continue
                at = self._number_in_form(section.base, block.number)
                for asked in block.questions() if at is not None or section.base is None else ():
                    base = section.base or ()
                    place = (*base, at, *asked.place[len(base) + 1 :]) if at is not None else asked.place
                    self._compare(asked, place)

    def _number_in_form(self, base: Loc | None, number: int | None) -> int | None:
        """Return which item of the form an item of the case is: by its code, else by its number."""
        if base is None or number is None:
            return None
        codes = self.passport.items.get(dotted(base), ())
        item = items_at(self.sheet.data, base)[number]
        code = item.get("id") if isinstance(item, dict) else None
        if isinstance(code, str) and any(codes):
            return codes.index(code) if code in codes else None
        return number if number < len(codes) else None

    def _compare(self, asked: Asked, at: Loc) -> None:
        is_there, said = self._read(asked, at)
        now = as_answer(follow(self.sheet.before, asked.place))
        then = replace(asked, place=at)
        if not is_there:
            self.lost += [asked.label] if key_of(at) in self.passport.was else []
            return
        if even(asked, said) == even(asked, now):
            return
        if self.passport.before(then, said):
            return
        said = self._with_rest(asked, now, said)
        if self.passport.before(then, now):
            self._answer(asked.place, said)
        else:
            self.reading.conflicts.append(Conflict(replace(asked, value=now), now, said))

    @staticmethod
    def _with_rest(asked: Asked, now: Value | None, said: Value | None) -> Value | None:
        """Keep what a table's record holds beside the columns of the form."""
        if asked.kind != "table" or not isinstance(said, tuple) or not isinstance(now, tuple):
            return said
        columns = {str(one.place[-1]) for one in asked.columns}
        rows: list[Row] = []
        for number, row in enumerate(one for one in said if isinstance(one, dict)):
            old = now[number] if number < len(now) else {}
            rest = {k: v for k, v in old.items() if k not in columns} if isinstance(old, dict) else {}
            rows.append({**rest, **row})
        return tuple(rows)

    # --- what the form adds --------------------------------------------------------------------------------

    def _added(
        self, sections: Sequence[Section], fresh: Mapping[Loc, list[int]]
    ) -> Iterator[tuple[Loc, Asked, Loc]]:
        """Add the items that were filled in; go through their fields: place, question, place in the form."""
        for section in sections:
            spare = [block for block in section.blocks if block.spare]
            base = section.base or ()
            for block, number in zip(spare, fresh.get(base, ()), strict=False):
                pairs = [(one, (*base, number, *one.place[len(base) + 1 :])) for one in block.questions()]
                said = {one.place[len(base) + 1 :]: self._read(one, at)[1] for one, at in pairs}
                if not _is_filled(base, pairs, said) or self._is_there(base, pairs, said):
                    continue
                place = (*base, self.sheet.add(section.part))
                yield from (((*place, *one.place[len(base) + 1 :]), one, at) for one, at in pairs)

    def _is_there(self, base: Loc, pairs: Sequence[_Pair], said: _Said) -> bool:
        """Tell whether the case holds such an item by now: the form was read before, or mended since.

        Where the two differ a person decides: nobody is written down twice for a slip that was corrected.
        """
        made = len(self.passport.items.get(dotted(base), ()))
        items = items_at(self.sheet.before, base)
        filled = [(one, rest) for one, _ in pairs if said[rest := one.place[len(base) + 1 :]] is not None]
        for number in range(made, len(items)):
            held = {rest: as_answer(follow(items[number], rest)) for _, rest in filled}
            differ = [(one, rest) for one, rest in filled if even(one, said[rest]) != even(one, held[rest])]
            if len(differ) * _ALIKE > len(filled):
                continue
            for one, rest in differ:
                there = replace(one, place=(*base, number, *rest), value=held[rest])
                self.reading.conflicts.append(Conflict(there, held[rest], said[rest]))
            return True
        return False

    def _references(self) -> None:
        """Find whom a name means that nobody bore before: he may have come with this very form."""
        items = (item for part in self.sheet.parts(every=True) for item in part.items)
        known = {one.place: one for item in items for one in item.questions}
        for place, value in list(self.reading.taken.items()):
            asked = known.get(place)
            if asked is not None and value is not None:
                self._answer(place, by_new_names(asked, value))

    # --- one field -----------------------------------------------------------------------------------------

    def _put(self, asked: Asked, at: Loc) -> None:
        said = self._read(asked, at)[1]
        if said is not None:
            self._answer(asked.place, said)

    def _read(self, asked: Asked, at: Loc) -> tuple[bool, Value | None]:
        found = answer_in(self._as_called_then(asked, at), asked, at)
        for key in self.keys.get(at, ()):
            self.left.discard(key)
            place, _ = split_key(key) or ((), None)
            for path in (dotted((*asked.place, *place[len(at) :])), asked.path):
                self.reading.where.setdefault(path, self.cells[key].where)
                self.reading.keys.setdefault(path, key)
        return found

    def _as_called_then(self, asked: Asked, at: Loc) -> Mapping[str, Cell]:
        """Read a chosen name as the one whom it meant when the form was made."""
        means = {one.place[-1] for one in (asked, *asked.columns) if one.refers}
        names = self.passport.names
        chosen = {
            key: replace(cell, text=names[cell.text])
            for key in (self.keys.get(at, ()) if means else ())
            if (cell := self.cells[key]).text in names and (split_key(key) or ((None,),))[0][-1] in means
        }
        return {**self.cells, **chosen} if chosen else self.cells

    def _answer(self, place: Loc, value: Value | None) -> None:
        self.sheet.keep(place, value)
        self.reading.taken[place] = value

    def _gone(self) -> None:
        """Tell of what stands in the form and belongs to nothing in the case any more."""
        said: dict[str, int] = {}
        for key in self.left:
            cell = self.cells[key]
            place, _ = split_key(key) or ((), None)
            unticked = cell.checked is not None and not is_checked(cell.text, None)
            empty = unticked or not emptied(cell.text, self.sheet.on_paper).strip()
            if not empty:
                said.setdefault(in_words(record_type(Case), place), cell.where)
        if self.lost:
            message = tr("Fields were taken out of the form: {fields}. In the case they stay as they are.")
            every = list(dict.fromkeys(self.lost))
            listed = "; ".join(every[:_TOLD]) + (" …" if len(every) > _TOLD else "")
            cure = tr("To change them, fill in a new form: papka form blank.")
            self.reading.remarks.append(Finding("F-NO-FIELD", "warning", message.format(fields=listed), cure))
        for named, where in sorted(said.items()):
            message = tr("The case has no such place any more; what stands here was not taken over.")
            cure = tr("Take it over by hand, if it is still needed.")
            there = Place(None, words=named, paragraph=where)
            self.reading.remarks.append(Finding("F-GONE", "warning", message, cure, place=there))


def _is_filled(base: Loc, pairs: Sequence[_Pair], said: _Said) -> bool:
    """Tell whether a person wrote into an empty block, beside what stood in it from the beginning."""
    found = ((one, said[one.place[len(base) + 1 :]]) for one, _ in pairs)
    return any(value is not None and even(one, value) != even(one, one.value) for one, value in found)


def _by_field(cells: Mapping[str, Cell]) -> dict[Loc, list[str]]:
    """Return the keys of each field: its own, those of its boxes, those of its table's cells."""
    found: dict[Loc, list[str]] = {}
    for key in cells:
        place, _ = split_key(key) or ((), None)
        found.setdefault(place, []).append(key)
        if len(place) > 2 and isinstance(place[-2], int):
            found.setdefault(place[:-2], []).append(key)
    return found
