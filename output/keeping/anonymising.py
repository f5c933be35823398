"""`papka anonymise`: a copy of a case for training, in which nobody of the family can be found."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ...core.contract.case import Case
from ...core.contract.countries import Country
from ...core.contract.people import Address, ContactFamily, IdentityDocument, Member, Person
from ...core.contract.values import EARLIEST, LATEST
from ...core.errors import AskedWrongly, PapkaError
from ...core.filters import LanguagePack
from ...core.i18n import tr
from ...core.loading import case_faults, load, load_case
from ...core.office import CASE_FILE, find_case, find_office
from ...core.plugging.plugins import Plugins
from ...core.saving import write_atomically
from ...core.vocabulary import RUSSIAN
from .decided import Decision, decision_of, hints_of, is_model, parts_of
from .fictional import Cast
from .replacing import Replacer, declined, is_common, moved, words_of

_WEEKS = 52
_TRIES = 3


@dataclass(frozen=True)
class Anonymised:
    """A copy for training.

    Attributes:
        hidden: How many texts were replaced by neutral words.
        kept_texts: Whether free texts were kept, and have to be read through.
    """

    file: Path
    people: int
    hidden: int
    kept_texts: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "file": str(self.file),
            "people": self.people,
            "hidden": self.hidden,
            "kept_texts": self.kept_texts,
        }


class _Remains(PapkaError):
    """Something of the family is still in the copy."""


def anonymise(asked: str, out: Path, *, keep_texts: bool = False, seed: int | None = None) -> Anonymised:
    """Write a copy of a case with fictional people.

    Args:
        out: A file (.yaml), or a folder that gets a case.yaml.
        keep_texts: Keep free texts, with the known names in them replaced.
        seed: Makes the same copy again; by default nobody can say how far the days were moved.

    Raises:
        AskedWrongly: There is no such case, the file is there already, or it would lie in the case's office.
        PapkaError: Something of the family is still in the copy; nothing was written.
    """
    source = find_case(asked, Path.cwd())
    file = out if out.suffix.lower() in (".yaml", ".yml") else out / CASE_FILE
    if file.exists():
        raise AskedWrongly(tr("{file} is there already. Name another file.").format(file=file))
    office = find_office(source.resolve().parent)
    if office is not None and file.resolve().is_relative_to(office.folder.resolve()):
        words = tr(
            "Put the copy outside the office: among its cases it would count as a family's. "
            "For practice make an office of its own: papka init FOLDER."
        )
        raise AskedWrongly(words)
    plugins = Plugins(start=source.resolve().parent)
    countries = plugins.country_of
    case = load_case(source, office.facts if office else {}, countries)
    pack = _language_of(case, plugins)
    if keep_texts and pack.code != RUSSIAN:
        words = tr(
            "Free texts can be kept in Russian cases only: papka finds names and days in Russian texts."
        )
        raise AskedWrongly(f"{words} {tr('Copy the case without --keep-texts.')}")
    chance = random.Random(seed if seed is not None else secrets.randbits(128))
    for left in reversed(range(_TRIES)):
        work = _Work(case, keep_texts, chance, pack)
        content = _as_yaml(work.copy(), _front(pack, keep_texts))
        try:
            _prove(case, file, content, countries(case.programme))
            break
        except _Remains:
            # A random number may be a true one by chance.
            if not left:
                raise
    write_atomically(file, content.encode("utf-8"))
    return Anonymised(file, len(work.people), work.hidden, keep_texts)


def _language_of(case: Case, plugins: Plugins) -> LanguagePack:
    """Return the language of a case's programme; a programme that is not installed counts as Russian."""
    region = plugins.programmes().get(case.programme)
    return plugins.language_of(region.programme.language if region else RUSSIAN).pack


def _as_yaml(data: Mapping[str, Any], front: str) -> str:
    import yaml

    return front + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def _front(pack: LanguagePack, keep_texts: bool) -> str:
    """Return the comment above a copy, in the language of its programme."""
    said = [
        pack.on_paper(
            "Copy of a case for training. People, addresses, numbers and organisations are fictional; "
            "days are moved by whole weeks.\nNothing of the family whose case was copied is here."
        )
    ]
    if keep_texts:
        said.append(
            pack.on_paper(
                "Texts were kept, and the known names in them replaced. Before you give the file away, "
                "read all of it:\na free text may hold what the program cannot know (nicknames, neighbours, "
                "events)."
            )
        )
    return "".join(f"# {line}\n" for one in said for line in one.split("\n"))


class _Work:
    """One copy in the making."""

    def __init__(self, case: Case, keep_texts: bool, chance: random.Random, pack: LanguagePack) -> None:
        self.case = case
        self.pack = pack
        self.names = pack.stand_ins if pack.code != RUSSIAN else None
        self.keep_texts = keep_texts
        self.chance = chance
        self.hidden = 0
        self.people = list(people_of(case))
        self.cast = Cast(chance, words_of(identifying(case)), self.names)
        self.shift = _shift(case, chance)
        self.ids: dict[str, str] = {}
        self.replacer = Replacer(self.cast, self.shift)
        self._learn()

    def _learn(self) -> None:
        for person in self.people:
            self.replacer.person(person)
        for model, name, value in leaves(self.case):
            decision = decision_of(type(model), name)
            if decision.treatment == "place" and name in (
                "region",
                "district",
                "settlement",
                "birth_place",
                "street",
            ):
                self.replacer.place(value)
            elif decision.treatment == "organisation" and self.replacer.ordinary(value) is None:
                self.replacer.phrase(value, self._organisation(value))
        own = self.case.organisation
        self.replacer.phrase(own.full_name, self._said(decision_of(type(own), "full_name")))
        self.replacer.phrase(own.short_name, self._said(decision_of(type(own), "short_name")))
        for model, name, value in leaves(self.case):
            if (
                decision_of(type(model), name).treatment == "id"
                and isinstance(model, Person | ContactFamily)
                and name == "id"
            ):
                self._id(value)

    # --- the copy ----------------------------------------------------------------------------------------

    def copy(self) -> dict[str, Any]:
        """Return the case with fictional people, as data that loads."""
        data = self._model(self.case)
        data["fictional"] = True
        return {"papka": data.pop("papka", "1"), "programme": data.pop("programme"), **data}

    def _model(self, model: BaseModel) -> dict[str, Any]:
        given: dict[str, Any] = {}
        plain = model.model_dump(mode="json", exclude_none=True)
        named = self.cast.name_of(model) if isinstance(model, Person) else None
        for name in type(model).model_fields:
            value = getattr(model, name)
            if value is None or value == () or name not in model.model_fields_set:
                continue
            if named and name in ("last_name", "first_name", "patronymic"):
                given[name] = getattr(named, {"last_name": "last", "first_name": "first"}.get(name, name))
                continue
            made = self._value(model, name, value, plain[name])
            if made is not None and made != {} and made != []:
                given[name] = made
        return given

    def _value(self, model: BaseModel, name: str, value: Any, plain: Any) -> Any:
        hint = next(parts_of(hints_of(type(model))[name]))
        if is_model(hint):
            if name.endswith(("_forms", "forms")) and hint.__name__ in ("NameForms", "CaseForms"):
                return None
            return [self._model(one) for one in value] if isinstance(value, tuple) else self._model(value)
        if isinstance(value, tuple):
            return [self._leaf(model, name, one, told) for one, told in zip(value, plain, strict=True)]
        return self._leaf(model, name, value, plain)

    def _leaf(self, model: BaseModel, name: str, value: Any, plain: Any) -> Any:
        decision = decision_of(type(model), name)
        match decision.treatment:
            case "keep" | "level":
                return plain
            case "hour":
                return f"{value:%H:%M}"
            case "day":
                return moved(value, self.shift).isoformat()
            case "id":
                return self._id(value)
            case "snils":
                return self.cast.snils(value)
            case "phone":
                return self.cast.phone(value)
            case "email":
                return "pochta@example.org"
            case "digits":
                return self._digits(name, value)
            case "place":
                return self._place(name, value)
            case "organisation":
                return self.replacer.ordinary(value) or self._organisation(value)
            case "family":
                return self._family(value)
            case "said":
                self.hidden += 1
                return self._said(decision)
            case "words":
                told = self.replacer.ordinary(value)
                self.hidden += told is None
                return told or self._said(decision)
            case "free" if self.keep_texts:
                return self.replacer.text(value)
            case _:
                self.hidden += 1
                return self._said(decision)

    def _said(self, decision: Decision) -> str:
        return self.pack.on_paper(decision.words)

    def _organisation(self, value: str) -> str:
        return self.cast.organisation(value, self.pack.on_paper("training organisation No. {n}"))

    def _id(self, value: str) -> str:
        if value not in self.ids:
            kind = self._kinds().get(value, "x")
            count = sum(one.split(".")[0] == kind for one in self.ids.values()) + 1
            self.ids[value] = f"{kind}.{count}"
            if kind == "case":
                code = "TRAINING" if self.names else "UCHEBNOE"
                self.ids[value] = f"{code}-{self.chance.randint(1000, 9999)}"
        return self.ids[value]

    def _kinds(self) -> dict[str, str]:
        case = self.case
        groups: Mapping[str, Sequence[Any]] = {
            "t": case.tasks,
            "d": case.decisions,
            "out": case.letters,
            "con": case.conflicts,
            "sc": case.social_contracts,
            "p": case.specialists,
            "m": case.family.members,
        }
        found = {one.id: kind for kind, some in groups.items() for one in some}
        if case.contact_family:
            found[case.contact_family.id] = "cf"
            found |= {one.id: "f" for one in case.contact_family.members}
        return {**found, case.id: "case"}

    def _digits(self, name: str, value: str) -> str:
        if name == "inn":
            return self.cast.inn(value)
        if name == "ogrn":
            return self.cast.ogrn(value)
        if name == "unp":
            return self.cast.unp()
        if name == "personal_no":
            return self.cast.personal_no(value, self.shift)
        return self.cast.digits(value)

    def _place(self, name: str, value: str) -> str:
        if name == "street":
            return self.cast.street(value)
        if name in ("house", "flat"):
            return self.cast.digits(value) if re.search(r"\d", value) else "1"
        if self.names is not None:
            return self.cast.place(value)
        told = self.replacer.text(value)
        if told != value and not _unknown(told, self.replacer):
            return told
        plain = {"region": "Залесская область", "district": "Залесский район"}
        return plain.get(name, "г. Залесск")

    def _family(self, value: str) -> str:
        known = {person.last_name for person in self.people}
        told = [one for one in dict.fromkeys(words_of([value])) if any(one[:4] == name[:4] for name in known)]
        own = list(dict.fromkeys(one.last_name for one in self.case.family.members))
        named = [one for one in own if any(one[:4] == word[:4] for word in told)] or own[:1]
        new = dict.fromkeys(self.cast.surname(one, male=True) for one in named)
        if self.names is not None:
            return self.pack.on_paper("the {name} family").format(name=" – ".join(new))
        return "семья " + " — ".join(f"{one}ых" for one in new)


def _unknown(text: str, replacer: Replacer) -> bool:
    return replacer.ordinary(text) is None


# --- what identifies -------------------------------------------------------------------------------------


def leaves(model: BaseModel) -> Iterator[tuple[BaseModel, str, Any]]:
    """Go through all values of a case: the group they stand in, the field, the value."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                yield from leaves(one)
            elif one is not None:
                yield model, name, one


def people_of(case: Case) -> Iterator[Person]:
    """Go through everybody whom the case names as a person."""
    yield from case.family.members
    yield from case.specialists
    if case.contact_family:
        yield from case.contact_family.members


_IDENTIFYING = ("name", "snils", "phone", "email", "place", "family", "organisation")
_OWNERS = (IdentityDocument, Address, Person)


def identifying(case: Case) -> list[str]:
    """Return the values that say who a family is, and by whom it is known."""
    found = []
    for model, name, value in leaves(case):
        treatment = decision_of(type(model), name).treatment
        numbered = treatment == "digits" and (isinstance(model, _OWNERS) or name in ("inn", "ogrn", "kpp"))
        if treatment in _IDENTIFYING or numbered:
            found.append(str(value))
    return found


def names_in_all_cases(case: Case) -> set[str]:
    """Return the names of all people of a case in each grammatical case."""
    found = set()
    for person in people_of(case):
        stored = person.name_forms.stored() if person.name_forms else {}
        for part, word in (
            ("last", person.last_name),
            ("first", person.first_name),
            ("patronymic", person.patronymic),
        ):
            if not word:
                continue
            found |= {word, *stored.get(part, {}).values()}
            for one in ("gen", "dat", "acc", "ins", "prep"):
                found.add(declined(part, word, person.sex.value, one))  # type: ignore[arg-type]
    return found


def _prove(case: Case, file: Path, content: str, country: Country) -> None:
    """Refuse a copy that does not load, or in which something of the family can still be found.

    Raises:
        PapkaError: Nothing may be written.
    """
    made = load(file, Case, raw=content.encode("utf-8"), extra=case_faults, country=country)
    left = remains(case, made, content)
    if left:
        words = tr(
            "The copy still held something of the family ({count}); nothing was "
            "written. Try again without --keep-texts, and tell the developers."
        )
        raise _Remains(words.format(count=len(left)))


def remains(case: Case, made: Case, content: str) -> list[str]:
    """Return the kinds of what the copy still holds of the family; never the values themselves."""
    body = content.split("\n", 2)[-1]
    low = body.lower().replace("ё", "е")
    said = words_of([body])
    left = ["name" for name in names_in_all_cases(case) if _stands(name, said)]
    for value in identifying(case):
        digits = re.sub(r"\D", "", value)
        if len(digits) >= 6 and digits in re.sub(r"(?<=\d)[ ()\-–](?=\d|\()|\+7|[()]", "", body):
            left.append("number")
        elif len(value) > 7 and " " in value and value.lower().replace("ё", "е") in low and not _plain(value):
            left.append("words")
    for before, after in zip(_own_days(case), _own_days(made), strict=True):
        if before is not None and before == after:
            left.append("day")
    return left


def _plain(value: str) -> bool:
    return all(is_common(word) or word.isupper() or len(word) < 8 for word in words_of([value]))


def _stands(name: str, said: set[str]) -> bool:
    return all(
        any(word == form for form in {half, half.upper()} for word in said)
        for half in words_of([name]) or {name}
        if len(half) > 1
    )


def _own_days(case: Case) -> list[date | None]:
    found: list[date | None] = []
    for person in people_of(case):
        found.append(person.birth_date)
        if isinstance(person, Member):
            found.append(person.document.issued_on if person.document else None)
    return found


def _shift(case: Case, chance: random.Random) -> timedelta:
    """Choose by how many whole weeks all days are moved: no birthday falls on another's true one."""
    days = [value for _, _, value in leaves(case) if isinstance(value, date)]
    own = {day for day in _own_days(case) if day}
    choices = [weeks for weeks in range(-_WEEKS, _WEEKS + 1) if weeks]
    chance.shuffle(choices)
    for weeks in choices:
        by = timedelta(weeks=weeks)
        inside = all(EARLIEST <= moved(day, by) <= LATEST for day in days)
        if inside and not any(moved(day, by) in own for day in own):
            return by
    return timedelta(weeks=choices[0])
