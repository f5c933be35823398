"""What a column may mean: a field of the contract, a part of a person, or a cell that holds several things.

A meaning is written as it stands in the map of a table:

    family.phone                    a field of the case; lists are counted from 1: decisions.1.level
    family.address_registration     an address in one cell
    mother.name, mother.birth_date  a person: mother, father, guardian, child1 … child9; person: the row's own
    children                        several people in one cell
    -                               not taken
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from ...core.contract.case import Case
from ...core.contract.people import Address, Member
from ...core.i18n import tr
from ...core.paths import Loc, in_words, owner_of
from ...core.vocabulary import Type, record_type

PEOPLE = {
    "mother": ("мать", "Мать"),
    "father": ("отец", "Отец"),
    "guardian": ("опекун", "Законный представитель"),
    "person": ("", "Человек строки"),
    **{f"child{n}": ("", f"Ребёнок {n}") for n in range(1, 10)},
}
"""Who a column may be about: what relation that is, and how it is called on the screen."""

CHILDREN = "children"
SKIPPED = "-"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column means.

    Attributes:
        who: A person, or `CHILDREN`, or None for a field of the case.
        path: The field, from the person or from the case; empty for all of a person.
    """

    who: str | None
    path: Loc

    @property
    def is_skipped(self) -> bool:
        """Whether the column is not taken."""
        return self.who == SKIPPED

    @property
    def type(self) -> Type | None:
        """The type of the field, if there is one."""
        return field_type(self.path, member=self.who is not None)

    def __str__(self) -> str:
        """Write it as it stands in a map."""
        steps = [str(one + 1) if isinstance(one, int) else one for one in self.path]
        return ".".join([*((self.who,) if self.who else ()), *steps])

    def in_words(self) -> str:
        """Say it in Russian words, for the screen."""
        if self.is_skipped:
            return tr("(not taken)")
        if self.who is None:
            return in_words(record_type(Case), self.path)
        whom = tr("Children, several in a cell") if self.who == CHILDREN else PEOPLE[self.who][1]
        if not self.path:
            return whom
        said = tr("Full name") if self.path == ("name",) else in_words(record_type(Member), self.path)
        return f"{whom}: {said.lower() if said[1:].islower() else said}"


def field_type(path: Loc, *, member: bool) -> Type | None:
    """Return the type of a field of a case or of a person; None if there is no such field."""
    root = record_type(Member if member else Case)
    owner = owner_of(root, path[:-1]) if path else None
    found = owner.fields.get(str(path[-1])) if owner and isinstance(path[-1], str) else None
    return found.type if found and not found.derived else None


def meaning(written: str) -> Meaning | None:
    """Read a meaning as it stands in a map, with English or Russian names; None if there is no such field."""
    text = written.strip()
    if text in (SKIPPED, "—", "–"):
        return Meaning(SKIPPED, ())
    head, _, rest = text.partition(".")
    who = _WHO.get(head.casefold(), head)
    if who == CHILDREN:
        return Meaning(CHILDREN, ()) if not rest else None
    if who in PEOPLE:
        if not rest or rest in ("name", "фио", "ФИО"):
            return Meaning(who, ("name",))
        path = _path(rest, member=True)
        return Meaning(who, path) if path and _is_taken(field_type(path, member=True)) else None
    path = _path(text, member=False)
    return Meaning(None, path) if path and _is_taken(field_type(path, member=False)) else None


_WHO = {
    "мать": "mother",
    "отец": "father",
    "представитель": "guardian",
    "человек": "person",
    "дети": CHILDREN,
    **{f"ребёнок{n}": f"child{n}" for n in range(1, 10)},
}


def _is_taken(type_: Type | None) -> bool:
    """Tell whether one cell can fill a field: a value, a list of values, a reference, an address."""
    one = (type_.item or type_) if type_ else None
    return one is not None and (one.kind != "record" or bool(one.refers) or one.model is Address)


def _path(written: str, *, member: bool) -> Loc | None:
    root = record_type(Member if member else Case)
    path: list[str | int] = []
    for step in written.split("."):
        if step.isdigit():
            path.append(max(0, int(step) - 1))
            continue
        owner = owner_of(root, tuple(path))
        found = owner.find(step) if owner else None
        if found is None or found.derived:
            return None
        path.append(found.name)
    return tuple(path)


# --- what headers say -------------------------------------------------------------------------------------

_BORN = r"(?:дата|год|число)?\s*(?:рожд\w*|д\.? ?р\b|др\b)"
_NAME = r"(?:ф\.? ?и\.? ?о\b\.?|фамилия,? имя,? отчество|фамилия имя)"
_ABOUT = (
    ("mother", r"\b(?:мат(?:ь|ери)|мама|мамы)\b"),
    ("father", r"\b(?:от(?:ец|ца)|папа|папы)\b"),
    (
        "guardian",
        r"\b(?:законн\w+ представител\w+|зак\.? ?предст\w*|опекун\w*|родител[ья]\b|представител\w+"
        r"|заявител\w+)",
    ),
    ("person", r"\b(?:член\w*(?: семьи)?|человек\w*)\b"),
)
_OF_A_PERSON = (
    (rf"{_BORN}", "birth_date"),
    (r"\bснилс\b", "snils"),
    (r"\bтел\w*\.?(?:\b|$)", "phone"),
    (r"\b(?:место работы|работа|занятость|кем работает)\b", "employment"),
    (r"\b(?:место уч[её]бы|школа|класс|уч[её]ба|образование|детский сад|доу)\b", "education"),
    (r"\bпол\b", "sex"),
    (r"\b(?:родство|степень родства|кем приходится|отношение|статус в семье)\b", "relation"),
    (r"\bсемейное положение\b", "marital"),
    (r"\bинвалидность\b", "disability"),
    (r"\bфамилия\b(?!.*имя)", "last_name"),
    (r"^имя\b|/ имя\b|\bимя$", "first_name"),
    (r"^отчество\b|/ отчество\b|\bотчество$", "patronymic"),
)
_OF_THE_CASE = (
    (r"^(?:№|номер|n)?\s*(?:п ?/ ?п|пп|пор\w*)\.?$|^№$|^n$", SKIPPED),
    (r"^(?:№|номер|n)\s*(?:личного\s+)?(?:дел|случа|карты|сем)\w*|^(?:личное )?дело(?: №)?$", "number"),
    (r"\b(?:дет(?:и|ей|ям)|несовершеннолетн\w+|ребен(?:ок|ка)|состав семьи \(дети\))\b", CHILDREN),
    (r"\b(?:адрес|место)\b.*\b(?:прожив|фактич|жительств)", "family.address_actual"),
    (r"\b(?:адрес|прописк\w*|регистраци\w* по месту)\b", "family.address_registration"),
    (r"\b(?:дата|когда)\b.*\b(?:постан|постав|приня|обращен|запрос|поступлен|выявлен|зачислен|заявлен)|^дата$",
     "referral.received_on"),
    (r"\b(?:дата|когда)\b.*\b(?:снят|закрыт|окончани)\w*", "planned_end_on"),
    (r"\b(?:кто сообщил|организация|кем направлен\w*|источник информации)\b", "referral.source_org"),
    (r"\b(?:как поступил\w*|источник|способ обращения)\b", "referral.channel"),
    (r"\b(?:основани\w*|причин\w*|проблем\w*|что произошло|содержание|суть|запрос)\b", "referral.text"),
    (r"\b(?:куратор\w*|ответственн\w+|специалист\w*|кто вед[её]т)\b", "curators.1.specialist"),
    (r"\bкатегория\b|\bвид семьи\b|\bтип семьи\b", "family.type"),
    (r"\b(?:статус\w*|обстоятельств\w*)\b", "family.status_flags"),
    (r"\b(?:среднедушев\w+|доход на (?:человека|члена))", "family.income_per_person"),
    (r"\bжиль[её]\b|\bвид жилья\b", "family.household.dwelling"),
    (r"\bсрочн\w*\b", "referral.urgent"),
    (r"\b(?:тел|телефон\w*|конт\w+ тел\w*|контакт\w*)\b\.?", "family.phone"),
    (r"^(?:семья|название семьи|наименование семьи)$", "family.display_name"),
    (r"\b(?:уровень|плановое окончание|примечани\w*|подпись)\b", SKIPPED),
)  # fmt: skip


def meaning_of(header: str, *, like: bool = True) -> Meaning | None:
    """Propose what a header means; None if nothing is like it.

    Args:
        like: Look for names of fields that are only like the header, which takes long.
    """
    text = re.sub(r"[\s_]+", " ", header.casefold().replace("ё", "е")).strip(" .:*")
    if not text:
        return None
    whom = next((who for who, pattern in _ABOUT if re.search(pattern, text)), None)
    numbered = re.search(r"\bреб(?:е|ё)н(?:ок|ка)\s*№?\s*([1-9])\b", text)
    whom = f"child{numbered[1]}" if numbered else whom
    if whom is not None:
        found = next((name for pattern, name in _OF_A_PERSON if re.search(pattern, text)), None)
        if found is not None and not re.search(_NAME, text):
            return meaning(f"{whom}.{found}")
        if re.search(_NAME, text) or numbered or whom != "person":
            return meaning(whom)
    of_case = next((written for pattern, written in _OF_THE_CASE if re.search(pattern, text)), None)
    if of_case is not None:
        return meaning(of_case)
    if re.search(_NAME, text):
        return meaning("person")
    own = next((name for pattern, name in _OF_A_PERSON if re.search(pattern, text)), None)
    return meaning(f"person.{own}") if own else _like(text) if like else meaning(_labels().get(text, ""))


@cache
def _labels() -> dict[str, str]:
    """Return the labels and the Russian names of simple fields, each with its path."""
    found: dict[str, str] = {}
    for base in ("", "family.", "referral.", "family.address_registration.", "family.household."):
        owner = owner_of(record_type(Case), _path(base[:-1], member=False) or () if base else ())
        for one in owner.fields.values() if owner else ():
            path = f"{base}{one.name}"
            if not one.derived and meaning(path):
                for name in (one.label, one.russian.replace("_", " ")):
                    found.setdefault(name.casefold().replace("ё", "е"), path)
    return found


def _like(text: str) -> Meaning | None:
    close = get_close_matches(text, list(_labels()), n=1, cutoff=0.82)
    return meaning(_labels()[close[0]]) if close else None
