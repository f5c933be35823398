"""Facts for a derived family: any part of the contract, made up so that it could be true.

Words are those that the region's written examples use in the same field, where they name nobody; days keep
the distances that they keep there; people are those of the family.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, get_args

from annotated_types import Ge, Le
from pydantic import BaseModel

from ...core.contract.people import Address, CaseForms, IdentityDocument, Member, NameForms, Specialist
from ...core.filters import LanguagePack
from ...core.programmes.region import Method
from ...core.vocabulary import Field, Type, record_type
from .people import Data, Household
from .stock import Stock, begins

_AHEAD = {
    "valid_until": 180, "until": 60, "due": 60, "next_on": 30, "answer_by": 10, "plan_due_on": 20,
    "check_on": 30, "extends_until": 180, "explain_until": 10, "extended_to": 240, "planned_end_on": 365,
    "agreed_on": 0, "answered_on": 8, "family_told_on": 1, "withdrawn_on": 60,
    "destroyed_on": 75, "completed_on": 18,
}  # fmt: skip
"""How many days after its thing's beginning a day is, where no example says it."""

_ENDINGS = frozenset(
    {
        "destroyed_on", "died_on", "ended_on", "refusal_reason", "terminated_on", "termination_reason",
        "withdrawn_by", "withdrawn_on", "withdrawal_reason", "withheld_because", "override_reason",
        "extends_until", "closes", "redirects_to", "moved_from", "mother", "father",
    }
)  # fmt: skip
"""Facts that change a family's way: they are there because something wants them, and not for completeness."""

_NUMBERS = {
    "email": "semya@example.org", "inn": "4500000006", "ogrn": "1004500000009", "kpp": "450001001",
    "postcode": "640000", "dept_code": "450-001",
}  # fmt: skip
"""Numbers whose check digits are right and which nobody has."""

_CHILD = frozenset({"child", "children", "recipient", "present_child", "legal_representative_of"})
_NOT_MADE = frozenset({"document", "authority_document"})
OF_CHILD = frozenset({"custody"})
OF_ADULT = frozenset(
    {
        "marital", "employment", "education", "income_monthly", "benefits_category", "participation", "email",
        "legal_representative_of", "phone",
    }
)  # fmt: skip
"""What is told of children alone, and of grown-ups alone."""

GROWN_UP = 18
_TABLES = {"task": "tasks", "decision": "decisions", "letter": "letters", "conflict": "conflicts"}
_SKIPPED = (NameForms, CaseForms)


@dataclass
class Setting:
    """The family for which facts are made.

    Attributes:
        data: All that is known of it so far, as plain data.
        count: How many things of each kind were made, so that no two are alike.
        origin: Its members by their codes, as they were told of before anything was looked for.
    """

    data: Data
    household: Household
    chance: random.Random
    count: dict[tuple[str, str], int] = field(default_factory=dict)
    origin: Mapping[str, Data] = field(default_factory=dict)

    def next(self, *key: str) -> int:
        """Count on."""
        known = (key[0], key[1] if len(key) > 1 else "")
        self.count[known] = self.count.get(known, -1) + 1
        return self.count[known]

    @property
    def opened_on(self) -> date:
        """The day of the request, from which all else is reckoned."""
        return date.fromisoformat(str(self.data["referral"]["received_on"]))

    def members(self, *, child: bool | None = None) -> list[str]:
        """Return the codes of the members; of those under age at the request, or of the others."""
        found = self.data.get("family", {}).get("members", [])
        return [str(one["id"]) for one in found if child is None or self._is_child(one) == child]

    def _is_child(self, member: Data) -> bool:
        born = member.get("birth_date")
        return bool(born) and (self.opened_on - date.fromisoformat(str(born))).days < GROWN_UP * 365.25


class Maker:
    """Makes facts for the families of one method."""

    def __init__(self, method: Method, stock: Stock, pack: LanguagePack) -> None:
        self.programme, self.stock, self._pack = method.programme, stock, pack
        levels = [level.id for level in self.programme.levels]
        self._codes: Mapping[tuple[str, str], list[str]] = {
            ("SignMark", "code"): [sign.code for sign in self.programme.signs],
            ("ScoreItem", "code"): [
                item.code for scale in self.programme.scales for group in scale.groups for item in group.items
            ],
            ("ScoreSheet", "scale"): [scale.id for scale in self.programme.scales],
        }
        self._levels = levels

    # --- a part of the contract --------------------------------------------------------------------------

    def thing(
        self, model: type[BaseModel], setting: Setting, since: date, *, full: bool, wish: Data | None = None
    ) -> Data:
        """Make a record.

        Args:
            since: The day with which it begins.
            full: Whether facts that may be absent are made too.
            wish: Values that it shall have.
        """
        if model is IdentityDocument:
            return wish or self.paper(setting, since)
        made: Data = {}
        if model is Address:
            # One address is of one place: its parts are not to be taken from several examples.
            wish = self._place(setting) | (wish or {})
        for name, known in record_type(model).fields.items():
            if known.derived:
                continue
            if wish and name in wish:
                made[name] = wish[name]
                continue
            info = model.model_fields[name]
            if not info.is_required() and (not full or known.type.kind == "bool"):
                continue
            if known.type.model in _SKIPPED or (not info.is_required() and name in _ENDINGS):
                continue
            if model is Member and name in self._strange(setting, wish or {}, since):
                continue
            value = self.value(model, known, setting, since, full=False)
            if value not in (None, [], ""):
                made[name] = value
        return self._kin(made, setting) if model is Member and "relation" not in (wish or {}) else made

    def _place(self, setting: Setting) -> Data:
        """Return region and town of the family, or else of the organisation."""
        family = setting.data.get("family", {})
        homes = (family.get("address_actual"), family.get("address_registration"))
        known = (*homes, setting.data.get("organisation", {}).get("address"))
        home: Data = next((one for one in known if one and "region" in one and "settlement" in one), {})
        return {name: home[name] for name in ("postcode", "region", "district", "settlement") if name in home}

    def _strange(self, setting: Setting, member: Data, since: date) -> frozenset[str]:
        """Return the facts that nobody would tell of a member of that age."""
        born = date.fromisoformat(str(member["birth_date"])) if "birth_date" in member else None
        years = (since - born).days // 365 if born is not None else GROWN_UP
        return _NOT_MADE | (OF_CHILD if years >= GROWN_UP else OF_ADULT)

    def _kin(self, member: Data, setting: Setting) -> Data:
        """Say of a new member what fits age and sex."""
        if self._pack.code == "ru" and "birth_date" in member:
            child = (
                setting.opened_on - date.fromisoformat(str(member["birth_date"]))
            ).days < GROWN_UP * 365.25
            female, male = ("дочь", "сын") if child else ("тётя", "дядя")
            member["relation"] = male if member.get("sex") == "male" else female
        return member

    def value(
        self, model: type[BaseModel], known: Field, setting: Setting, since: date, *, full: bool
    ) -> Any:
        """Make the value of one field; None if there is nothing to make it of."""
        if known.type.kind == "list":
            assert known.type.item is not None
            item = known.type.item
            made = [self._one(model, known, item, setting, since, full=full) for _ in range(2)]
            kept = [one for one in made if one is not None]
            return list(dict.fromkeys(kept)) if all(isinstance(one, str) for one in kept) else kept
        return self._one(model, known, known.type, setting, since, full=full)

    def _one(
        self, model: type[BaseModel], known: Field, type_: Type, setting: Setting, since: date, *, full: bool
    ) -> Any:
        key = model.__name__, known.name
        if type_.refers:
            return self._somebody(model.__name__, known.name, type_.refers, setting)
        if type_.kind == "record":
            assert type_.model is not None
            return self.thing(type_.model, setting, since, full=full)
        if type_.kind == "choice":
            codes = [code for code, _ in type_.choices]
            return codes[setting.next(*key) % len(codes)]
        if type_.kind == "date":
            return self.day(model, known.name, since)
        simple: dict[str, Any] = {"bool": "да", "time": "11:00", "money": "15000"}
        if type_.kind in simple:
            return simple[type_.kind]
        if type_.kind == "number":
            low, high = limits(model, known.name)
            return str(min(max(low, 1 + setting.next(*key) % 3), high))
        return self.words(model, known, setting)

    def day(self, model: type[BaseModel], name: str, since: date) -> str:
        """Return the day of a field of a thing that begins on a day."""
        if name == "birth_date":
            years = 41 if model is Specialist else 36
            return (since - timedelta(days=years * 365 + 100)).isoformat()
        if begins({name: since}) and name == begins(dict.fromkeys(model.model_fields)):
            return since.isoformat()
        span = self.stock.span(model.__name__, name)
        if span is None or span <= 0:
            span = _AHEAD.get(name, max(span or 0, 0))
        return (since + timedelta(days=span)).isoformat()

    def words(self, model: type[BaseModel], known: Field, setting: Setting) -> str | None:
        """Return words that a field may hold."""
        key = model.__name__, known.name
        codes = self._codes.get(key)
        if codes is not None:
            return codes[setting.next(*key) % len(codes)] if codes else None
        number = setting.next(*key)
        if known.name == "id":
            taken = {str(one.get("id")) for one in _all_things(setting.data)}
            prefix = model.__name__[0].lower()
            return next(made for made in (f"{prefix}{n}" for n in count(number + 1)) if made not in taken)
        if known.name in _NUMBERS:
            return _NUMBERS[known.name]
        if known.name in ("phone", "snils"):
            return str(getattr(setting.household, known.name)(f"{key}{number}"))
        words = self.stock.words(*key)
        if words:
            return words[number % len(words)]
        return self._pack.example(model, known.name, known.example) or self.plain_words(model, known)

    def plain_words(self, model: type[BaseModel], known: Field) -> str:
        """Say that something is known, where no example has words for it."""
        label = self._pack.label(model, known.name, known.label).partition("(")[0].partition(":")[0].strip()
        return f"{label[:1].lower()}{label[1:]} — {filler(self._pack)}"

    def paper(self, setting: Setting, since: date, *, of_child: bool = False) -> Data:
        """Make a passport, or a certificate of birth."""
        number = f"{setting.chance.randint(100_000, 999_999)}"
        issued = (since - timedelta(days=400)).isoformat()
        kind, series = ("birth_certificate", "IV-УЧ") if of_child else ("passport_rf", "99 15")
        if self._pack.code != "ru" and of_child:
            return {"kind": "other", "number": number, "issued_on": issued}
        return {"kind": kind, "series": series, "number": number, "issued_on": issued}

    def _somebody(self, model: str, name: str, what: str, setting: Setting) -> str | None:
        if what == "level":
            return self._levels[setting.next(model, name) % len(self._levels)] if self._levels else None
        if what in _TABLES:
            among = [str(one["id"]) for one in setting.data.get(_TABLES[what], []) if "id" in one]
        elif what == "specialist":
            among = [str(one["id"]) for one in setting.data.get("specialists", [])]
        else:
            wanted = name in _CHILD
            among = setting.members(child=wanted) or setting.members()
            if name == "second":
                # Nobody is married to oneself.
                among = among[1:] + among[:1] if len(among) > 1 else []
        return among[setting.next(model, name) % len(among)] if among else None


def limits(model: type[BaseModel], name: str) -> tuple[int, int]:
    """Return the least and the greatest number that a field takes."""
    info = model.model_fields[name]
    marks = list(info.metadata)
    for one in get_args(info.annotation):
        marks += [mark for part in get_args(one) for mark in getattr(part, "metadata", [part])]
    low = next((int(one.ge) for one in marks if isinstance(one, Ge)), 0)  # type: ignore[call-overload]
    high = next((int(one.le) for one in marks if isinstance(one, Le)), 10**6)  # type: ignore[call-overload]
    return low, high


def filler(pack: LanguagePack) -> str:
    """Return what stands where no example has words for a field."""
    return "учебная запись" if pack.code == "ru" else pack.on_paper("an entry for training")


def _all_things(data: Any) -> Iterator[Data]:
    if isinstance(data, dict):
        yield data
        for one in data.values():
            yield from _all_things(one)
    elif isinstance(data, list):
        for one in data:
            yield from _all_things(one)
