"""The invented people of derived families: their names, papers and addresses, and where they live."""

from __future__ import annotations

import random
from typing import Any

from ...core.contract.choices import SexChoice
from ...core.contract.people import Member
from ...core.filters import LanguagePack
from ...output.keeping.fictional import Cast

Data = dict[str, Any]


class Household:
    """Gives the members of one family their new names; the same person always gets the same."""

    def __init__(self, cast: Cast, number: int, pack: LanguagePack) -> None:
        self._cast, self._number, self._pack = cast, number, pack

    def named(self, member: Data) -> Data:
        """Return the name of a member, and what has to go with it."""
        keep = {name: str(member[name]) for name in ("last_name", "first_name") if name in member}
        person = Member.model_construct(
            # Two families whose people bear one name get two.
            last_name=f"{keep.get('last_name', 'Новый')}{_letters(self._number)}",
            first_name=f"{_letters(self._number)}{keep.get('first_name', 'Новый')}",
            patronymic=self._father(member.get("patronymic")),
            sex=SexChoice.of(member.get("sex")) or SexChoice.FEMALE,
        )
        name = self._cast.name_of(person)
        found = {"last_name": name.last, "first_name": name.first}
        return found | ({"patronymic": name.patronymic} if name.patronymic else {})

    def _father(self, patronymic: object) -> str | None:
        return f"{_letters(self._number)}{patronymic}" if patronymic else None

    def title(self, members: list[Data]) -> str:
        """Name the family: «семья Соколовых», or by two surnames."""
        if self._pack.code != "ru":
            names = list(dict.fromkeys(str(one["last_name"]) for one in members if "last_name" in one))[:2]
            said = self._pack.on_paper("the {name} family").format(name=" – ".join(names))
            return " ".join(said.split())
        plain = (str(one["last_name"]).removesuffix("а") for one in members if "last_name" in one)
        surnames = list(dict.fromkeys(plain))[:2]
        return "семья " + " — ".join(f"{one}ых" for one in surnames) if surnames else "семья"

    def address(self, known: Data) -> Data:
        """Return a fictional address in the same region."""
        street = self._cast.street(f"{known.get('street', '')}{self._number}")
        if self._pack.code != "ru":
            place = self._cast.place(f"{known.get('settlement', '')}{self._number}")
            town = {name: known.get(name, place) for name in ("region", "settlement")}
            return town | {"street": street, "house": str(self._number + 1)}
        region = known.get("region", "Учебная область")
        town = {"settlement": known.get("settlement", "г. Залесск")}
        return {"region": region, **town, "street": street, "house": str(self._number + 1)}

    def phone(self, known: object) -> str:
        """Return a number that belongs to nobody."""
        return self._cast.phone(f"{self._number:03}{abs(hash_of(str(known))) % 10**7:07}")

    def snils(self, known: object) -> str:
        """Return a number that is not given out."""
        return self._cast.snils(f"{known}{self._number}")

    def paper(self, known: Data, chance: random.Random) -> Data:
        """Return a document of the same kind with other numbers."""
        made = dict(known)
        if "series" in known:
            certificate = "-" in str(known["series"])
            if self._pack.code == "ru" or not certificate:
                made["series"] = "IV-УЧ" if certificate else f"99 {chance.randint(10, 25)}"
        made["number"] = f"{chance.randint(100_000, 999_999)}"
        return made


def _letters(number: int) -> str:
    """Write a number as letters, so that a name made of it is another name."""
    text = ""
    while True:
        number, digit = divmod(number, 20)
        text += "БВГДЖЗКЛМНПРСТФХЦЧШЩ"[digit].lower() if text else "БВГДЖЗКЛМНПРСТФХЦЧШЩ"[digit]
        if not number:
            return text


def hash_of(text: str) -> int:
    """Return a number of a text that is the same in every process."""
    import zlib

    return zlib.crc32(text.encode("utf-8"))
