"""A form while it is filled in: what is asked now, what was answered, and what is wrong with it.

A sheet holds plain data as it stands in a case file. An answer is kept as it was typed, right or wrong; the
faults are those that the contract itself finds, so they are told in the same words wherever a form is filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..core.expressions import ExpressionError, Language
from ..core.findings import Finding, Place
from ..core.i18n import tr
from ..core.loading import examined, with_office
from ..core.paths import Loc, dotted, in_words
from ..core.plugging.plugins import Plugins
from ..core.programmes.programme import Programme
from ..core.programmes.questions import CHOICE, Form, Part, Question
from ..core.vocabulary import record_type
from .conditions import filled_in
from .fields import Entry, entry, may_be_without
from .partial import known_so_far
from .plain import (
    Value,
    as_answer,
    as_plain,
    drop,
    follow,
    in_whole,
    inside,
    items_at,
    last_number,
    leaves,
    names_of,
    nth,
    put,
    stripped,
    with_unshown,
    within,
)
from .remarks import remarks
from .shown import Asked, Item, Shown, first_answers, name_of

TODAY = "today"


@dataclass
class Sheet:
    """A form on a case, or on a case that begins with it.

    Attributes:
        data: The case as plain data, with the answers so far.
        before: The case as plain data before the form; empty for a new one.
        given: What the office says for all cases; it is known and not asked.
        unknown: Places that were answered with «не знаю»: they are empty and not asked again by themselves.
    """

    form: Form
    plugins: Plugins
    programme: Programme
    data: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    unknown: set[Loc] = field(default_factory=set)
    today: date = field(default_factory=date.today)

    @classmethod
    def on(
        cls, form: Form, plugins: Plugins, data: Mapping[str, Any], given: Mapping[str, Any] | None = None
    ) -> Sheet:
        """Lay a form on the plain data of a case; for a new case that is the programme at least."""
        programme = plugins.method(str(data["programme"])).programme
        return cls(form, plugins, programme, deepcopy(dict(data)), deepcopy(dict(data)), dict(given or {}))

    @property
    def language(self) -> Language:
        """The language of the programme's papers."""
        return self.plugins.language_of(self.programme.language)

    @property
    def on_paper(self) -> Callable[[str], str]:
        """Say papka's own words, given in English, in the language of the form."""
        return self.language.pack.on_paper

    def whole(self) -> dict[str, Any]:
        """Return all that is known of the case: the office's word, and the answers so far."""
        return with_office(self.data, self.given)

    # --- what is asked -------------------------------------------------------------------------------------

    def parts(self, *, every: bool = False) -> list[Shown]:
        """Return what is asked now, part by part: an answer may bring questions or take them away.

        Args:
            every: All that the form may ever ask: on paper no question comes or goes.
        """
        now = _Now(self.known(), every)
        return [
            self._shown(index, part, now)
            for index, part in enumerate(self.form.parts)
            if self._holds(part.when, now)
        ]

    def questions(self) -> Iterator[Asked]:
        """Go through all that is asked now."""
        for part in self.parts():
            for item in part.items:
                yield from item.questions

    def question(self, place: Loc) -> Asked | None:
        """Return what is asked at a place, if it is asked now."""
        return next((one for one in self.questions() if one.place == place), None)

    def _shown(self, index: int, part: Part, now: _Now) -> Shown:
        if part.each is None:
            item = Item(None, None, tuple(self._asked(part, (), now)))
            return Shown(index, part.title, part.note, (item,))
        items = tuple(self._items(part, now))
        offer = part.more if items else part.add
        return Shown(index, part.title, part.note, items, part.one or part.title, offer)

    def _items(self, part: Part, now: _Now) -> Iterator[Item]:
        assert part.each is not None and part.alias is not None
        base = tuple(part.each.split("."))
        counted = 0
        for number, raw in enumerate(self._list(base)):
            local = now.of(base, number, part.alias)
            if not self._holds(part.among, local):
                continue
            counted += 1
            title = f"{part.one or part.title} {counted}"
            questions = tuple(self._asked(part, (*base, number), local))
            answered = () if part.code else [q for q in questions if follow(self.data, q.place) is not None]
            yield Item(number, title, questions, name_of(raw) or first_answers(answered))

    def _asked(self, part: Part, base: Loc, now: _Now) -> Iterator[Asked]:
        for question in part.ask:
            if not self._holds(question.when, now):
                continue
            loc = (*base, *question.field.split("."))
            known = entry(names_of(loc), columns=question.columns, pack=self.language.pack)
            if known is None or self._is_beside_the_method(known, loc):
                continue
            one = self._one(question, known, loc, now)
            said = filled_in(self.form, part, question, self.language) if now.every else None
            yield replace(one, filled_in=said) if said else one

    def _is_beside_the_method(self, known: Entry, loc: Loc) -> bool:
        """Tell whether a question has no place in a programme: it has no levels, and none is answered."""
        return known.refers == "level" and not self.programme.levels and follow(self.data, loc) is None

    def _one(self, question: Question, known: Entry, loc: Loc, now: _Now) -> Asked:
        value = as_answer(follow(self.data, loc))
        if isinstance(value, str) and known.kind in ("choices", "lines"):
            # Where the contract takes several, one may stand without a list.
            value = (value,)
        if value is None and loc not in self.unknown and question.begin and follow(self.before, loc) is None:
            value = f"{self.today:%d.%m.%Y}" if question.begin == TODAY else question.begin
        return Asked(
            loc,
            question.label or known.label,
            known.kind,
            question.hint,
            _example(question, known),
            self._choices(known, loc, question.among, value, now),
            # Paper asks everything; a condition is not held against what stays empty there.
            question.needed and not (now.every and question.when),
            value,
            tuple(self._column(loc, one, now) for one in known.columns),
            self._rows(question.rows),
            known.refers,
            on_paper=self.on_paper,
        )

    def _column(self, loc: Loc, known: Entry, now: _Now) -> Asked:
        return Asked(
            (*loc, known.name),
            known.label,
            known.kind,
            example=known.example,
            choices=self._choices(known, loc, None, None, now),
            needed=known.required,
            refers=known.refers,
            on_paper=self.on_paper,
        )

    def _rows(self, rows: str | None) -> tuple[tuple[str, str], ...]:
        if rows == "signs":
            return tuple((one.code, one.title) for one in self.programme.signs)
        scale = next((one for one in self.programme.scales if rows == f"scale:{one.id}"), None)
        return (
            tuple((item.code, item.title) for group in scale.groups for item in group.items) if scale else ()
        )

    def _choices(
        self, known: Entry, loc: Loc, among: str | None, value: Value | None, now: _Now
    ) -> tuple[tuple[str, str], ...]:
        if known.refers is None:
            return known.choices
        if known.refers == "level":
            return tuple((one.id, one.title) for one in self.programme.levels)
        # Nobody is his own mother.
        own = follow(self.data, loc[: last_number(loc) + 1]) if last_number(loc) >= 0 else None
        # Who was chosen stays in sight, though he may not be chosen any more.
        kept = (value,) if isinstance(value, str) else value or ()
        return tuple(self._people(known.refers, own, among, kept, now))

    def _people(
        self, what: str, own: Any, among: str | None, kept: Sequence[object], now: _Now
    ) -> Iterator[tuple[str, str]]:
        for path in _LISTS.get(what, ()):
            for number, one in enumerate(items_at(self.whole(), path)):
                if not isinstance(one, dict) or one is own or not isinstance(one.get("id"), str):
                    continue
                may_be = among is None or self._says(among, now.of(path, number, CHOICE).names)
                if may_be or one["id"] in kept:
                    yield one["id"], name_of(one) or one["id"]

    # --- answering -----------------------------------------------------------------------------------------

    def answer(self, place: Loc, value: Value | None) -> list[Finding]:
        """Keep an answer as it was typed, and return what is wrong with it; None takes an answer back."""
        self.keep(place, value)
        return self.faults_at(place)

    def keep(self, place: Loc, value: Value | None) -> None:
        """Keep an answer without a look at it: of many that come at once, `faults` tells all at the end."""
        self.unknown.discard(place)
        filled = stripped(value)
        if filled is None:
            drop(self.data, place)
        else:
            plain = as_plain(filled)
            if isinstance(plain, list):
                plain = with_unshown(plain, follow(self.data, place) or follow(self.before, place))
            put(self.data, place, plain)

    def skip(self, place: Loc) -> None:
        """Keep «не знаю»: the field stays empty, and nobody asks for it again by himself."""
        drop(self.data, place)
        self.unknown.add(place)

    def add(self, index: int) -> int:
        """Add an item to the list that a part goes through, and return its place in the list."""
        part = self.form.parts[index]
        assert part.each is not None
        base = tuple(part.each.split("."))
        items = self._list(base)
        item: dict[str, Any] = dict(part.preset)
        if part.code:
            item["id"] = self._free_code(part.code)
        if not items:
            put(self.data, base, [item])
        else:
            items.append(item)
        return len(self._list(base)) - 1

    def remove(self, index: int, number: int) -> None:
        """Take back an item that this form has added; what the case held before stays."""
        part = self.form.parts[index]
        base = tuple((part.each or "").split("."))
        if number >= len(items_at(self.before, base)):
            del self._list(base)[number]

    def _free_code(self, prefix: str) -> str:
        used = {
            one["id"]
            for path in _ALL_LISTS
            for one in items_at(self.data, path)
            if isinstance(one, dict) and "id" in one
        }
        return next(code for n in range(1, len(used) + 2) if (code := f"{prefix}.{n}") not in used)

    def _list(self, base: Loc) -> list[Any]:
        return items_at(self.data, base)

    def tidy(self) -> None:
        """Take back the items that were added and of which nothing was answered."""
        for index, part in enumerate(self.form.parts):
            base = tuple((part.each or "").split("."))
            for number in range(len(self._list(base)) - 1, -1, -1):
                if self._list(base)[number] in ({}, part.preset):
                    self.remove(index, number)
            if part.each and not self._list(base):
                drop(self.data, base)

    def begun(self) -> None:
        """Write down what stood in the answers from the beginning: it was seen and not changed."""
        for one in self.questions():
            if one.value is not None and follow(self.data, one.place) is None:
                put(self.data, one.place, as_plain(one.value))

    # --- faults --------------------------------------------------------------------------------------------

    def faults_at(self, place: Loc) -> list[Finding]:
        """Return what is wrong at one place; what is still empty is no fault yet."""
        path = dotted(place)
        return [one for one in self._found() if within(one.place.path or "", path) and one.id != "F-MISSING"]

    def faults(self) -> list[Finding]:
        """Return all that has to be mended before the form is done: wrong answers, and those still needed."""
        asked = {one.path: one for one in self.questions()}
        found = [one for one in self._found() if any(within(one.place.path or "", path) for path in asked)]
        told = {one.place.path for one in found}
        # Who fills in a form adds no field to a file: what is lacking is an answer.
        lacking = {
            path for path in told & asked.keys() if path and follow(self.data, asked[path].place) is None
        }
        wrong = [one for one in found if one.place.path not in lacking]
        empty = [
            one
            for path, one in asked.items()
            if path in lacking or (one.needed and one.value is None and path not in told)
        ]
        every = list(asked.values())
        return [*wrong, *(_needed(one, self.beside(one.place, every)) for one in empty)]

    def beside(self, place: Loc, asked: Sequence[Asked] | None = None) -> list[Asked]:
        """Return the answers that can be taken back, so that an answer is not needed any more.

        Of a document only the kind is known: without its number it is none, and is left out as a whole.
        """
        if not may_be_without(names_of(place)) or not isinstance(place[-2], str):
            return []
        every = self.questions() if asked is None else asked
        group = [one for one in every if one.place[:-1] == place[:-1]]
        base = names_of(place)[:-1]
        always = any(
            one.needed and one.when is None
            for part in self.form.parts
            for one in part.ask
            if names_of((*(part.each or "").split("."), *one.field.split(".")))[-len(base) - 1 : -1] == base
        )
        return [] if always else [one for one in group if follow(self.data, one.place) is not None]

    def remarks(self) -> list[Finding]:
        """Return what a person should look at in the answers so far; it stops nothing."""
        return remarks(self)

    def remarks_at(self, place: Loc) -> list[Finding]:
        """Return what a person should look at in one answer."""
        path = dotted(place)
        return [one for one in self.remarks() if within(one.place.path or "", path)]

    def others(self) -> list[Finding]:
        """Return faults of the case that this form does not ask about."""
        asked = [one.path for one in self.questions()]
        return [one for one in self._found() if not any(within(one.place.path or "", path) for path in asked)]

    def _found(self) -> list[Finding]:
        return examined(self.whole(), self.programme.country)[1]

    # --- what the form changes -----------------------------------------------------------------------------

    def changes(self) -> dict[Loc, Value | None]:
        """Return each answer that is not what the case held before; None: the answer was taken out."""
        found: dict[Loc, Value | None] = {}
        for place in dict.fromkeys((*leaves(self.before), *leaves(self.data))):
            then, now = in_whole(follow(self.before, place)), in_whole(follow(self.data, place))
            if then != now:
                found[place] = now
        return found

    # --- expressions ---------------------------------------------------------------------------------------

    def known(self) -> Mapping[str, object]:
        """Return the names that an expression may use, with all that is known so far."""
        return known_so_far(self.whole(), self.today, self.language.pack, self.programme.country)

    def _holds(self, expression: str | None, now: _Now) -> bool:
        return expression is None or now.every or self._says(expression, now.names)

    def _says(self, expression: str, names: Mapping[str, object]) -> bool:
        try:
            return bool(self.language.evaluate(expression, names))
        except (ExpressionError, TypeError, AttributeError, ValueError):
            # What is derived counts on a whole case; where it is not whole yet, one question more is asked.
            return True


def _example(question: Question, known: Entry) -> str:
    """Return the example of an answer, unless the hint has said it already."""
    example = question.example or known.example
    return "" if example.casefold() in (question.hint or "").casefold() else example


@dataclass(frozen=True, slots=True)
class _Now:
    """What is known while the questions are laid out.

    Attributes:
        names: What an expression may use.
        every: Whether all is asked that the form may ever ask.
    """

    names: Mapping[str, object]
    every: bool

    def of(self, base: Loc, number: int, alias: tuple[str, str]) -> _Now:
        """Return the same with an item of a list under its names."""
        known = nth(inside(self.names.get(str(base[0])), base[1:]), number)
        return replace(self, names={**self.names, **dict.fromkeys(alias, known)}) if known else self


def _needed(one: Asked, beside: Sequence[Asked]) -> Finding:
    place = Place(None, path=one.path, words=in_words(_CASE, one.place))
    cure = tr("If nobody knows it yet, put the form off and come back another day.")
    if beside:
        names = ", ".join(f"«{other.label}»" for other in beside)
        cure = tr("If nobody knows it yet, take back what is answered beside it: {names}.").format(
            names=names
        )
    return Finding("F-NEEDED", "error", tr("This has to be answered."), cure, place=place)


_LISTS: Mapping[str, tuple[Loc, ...]] = {
    "member": (("family", "members"),),
    "specialist": (("specialists",),),
    "person": (("family", "members"), ("specialists",)),
    "task": (("tasks",),),
    "decision": (("decisions",),),
    "letter": (("letters",),),
    "conflict": (("conflicts",),),
}
_ALL_LISTS = tuple(dict.fromkeys(path for paths in _LISTS.values() for path in paths))


def _case_type() -> Any:
    from ..core.contract.case import Case

    return record_type(Case)


_CASE = _case_type()
