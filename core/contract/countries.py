"""The country by whose rules a programme works, and all that follows from it: a closed list.

A programme names its country (``country: BY`` in programme.yaml; without it Russia). From that follow

- the working days by which its terms are counted (``core/workdays.py``);
- which numbers its organisation bears, how a birth certificate is numbered, and how a telephone number that
  is typed without the code of a country is read (``people.py``, ``values.py``);
- what a sum of money is called on paper (``output/language/numbers.py``).

An identity document is held against the rules of who issued it, which its kind says: a passport of Belarus
is checked as such in a Russian programme too. A country is added here and in no other place that decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import ValidationInfo

from .base import Labelled


class Country(Labelled):
    """Countries whose rules papka knows, by their code in ISO 3166."""

    RUSSIA = "RU", "Россия"
    BELARUS = "BY", "Беларусь"


@dataclass(frozen=True, slots=True)
class Papers:
    """How a country's own papers look.

    Attributes:
        organisation: The fields of `Organisation` with numbers that this country gives to organisations.
        certificate_digits: How many digits the number of a birth certificate has.
        rouble: What stands before «рубль» in words, in the forms that go with 1, 2 and 5; and before «руб.».
    """

    organisation: frozenset[str]
    certificate_digits: tuple[int, int]
    rouble: tuple[str, str, str, str] = ("", "", "", "")


PAPERS: Mapping[Country, Papers] = MappingProxyType(
    {
        Country.RUSSIA: Papers(frozenset({"inn", "kpp", "ogrn"}), (6, 6)),
        # A Belarusian certificate bears a series as a Russian one does, and a number of six or seven digits
        # (from memory, not yet held against a law).
        Country.BELARUS: Papers(
            frozenset({"unp"}), (6, 7), ("белорусский", "белорусских", "белорусских", "бел.")
        ),
    }
)

NUMBERED = frozenset().union(*(papers.organisation for papers in PAPERS.values()))
"""The fields of an organisation that belong to one country."""


def in_country(country: Country | None) -> dict[str, object]:
    """Return what the validation of a contract is told of the country; None: it may be any."""
    return {"country": country}


def country_of(info: ValidationInfo) -> Country | None:
    """Return by whose rules data is validated: Russia's if nobody said; None if it may be any."""
    found = (info.context or {}).get("country", Country.RUSSIA)
    return found if isinstance(found, Country) else None
