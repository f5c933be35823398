"""Numbers, counts and money as Russian papers print them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ...core.contract.countries import PAPERS, Country
from ...core.facts import NBSP, GrammaticalCase

if TYPE_CHECKING:
    from babel.core import Locale

Gender = Literal["masc", "fem", "neut"]

_CASES: Mapping[str, str] = MappingProxyType(
    {"nom": "n", "gen": "g", "dat": "d", "acc": "a", "ins": "i", "prep": "p"}
)
_GENDERS: Mapping[str, str] = MappingProxyType({"masc": "m", "fem": "f", "neut": "n"})
_KOPECK = Decimal("0.01")
_SMALL: Mapping[tuple[int, str], tuple[str, ...]] = MappingProxyType(
    {
        (1, "masc"): ("один", "одного", "одному", "один", "одним", "одном"),
        (1, "fem"): ("одна", "одной", "одной", "одну", "одной", "одной"),
        (1, "neut"): ("одно", "одного", "одному", "одно", "одним", "одном"),
        (2, ""): ("два", "двух", "двум", "два", "двумя", "двух"),
        (2, "fem"): ("две", "двух", "двум", "две", "двумя", "двух"),
        (3, ""): ("три", "трёх", "трём", "три", "тремя", "трёх"),
        (4, ""): ("четыре", "четырёх", "четырём", "четыре", "четырьмя", "четырёх"),
        (5, ""): ("пять", "пяти", "пяти", "пять", "пятью", "пяти"),
        (6, ""): ("шесть", "шести", "шести", "шесть", "шестью", "шести"),
    }
)
"""What papers mostly count, such as their copies: the library that writes all others is slow to load."""


def in_words(number: int, gender: Gender = "masc", case: GrammaticalCase = "nom") -> str:
    """Write a whole number in words: «двадцать один», «двадцати одной».

    The accusative is that of things («на один день»).
    """
    forms = _SMALL.get((number, gender)) or _SMALL.get((number, ""))
    if forms:
        return forms[list(_CASES).index(case)]
    return _spelt(number, "cardinal", gender, case)


def ordinal_in_words(number: int, gender: Gender = "masc", case: GrammaticalCase = "nom") -> str:
    """Write an ordinal number in words: «восемнадцатое», «двадцать пятого»."""
    return _spelt(number, "ordinal", gender, case)


def _spelt(number: int, kind: str, gender: Gender, case: GrammaticalCase) -> str:
    from num2words import num2words

    # without `animate` the library says «двух тысячи» in the accusative
    options = {"case": _CASES[case], "gender": _GENDERS[gender], "animate": False}
    return str(num2words(number, lang="ru", to=kind, **options))  # type: ignore[no-untyped-call]


def number_text(amount: Decimal) -> str:
    """Print a number with the decimals it has, in groups of three that do not break: «7 900,00», «46,5»."""
    return f"{amount:,f}".replace(",", NBSP).replace(".", ",")


def money(amount: Decimal, country: Country = Country.RUSSIA) -> str:
    """Print an amount of roubles in figures: «7 900,00 руб.»; those of Belarus: «120,00 бел. руб.»."""
    *_, short = PAPERS[country].rouble
    return NBSP.join(part for part in (number_text(_to_kopecks(amount)), short, "руб.") if part)


def money_in_words(amount: Decimal, country: Country = Country.RUSSIA) -> str:
    """Print an amount in words, kopecks in figures: «семь тысяч девятьсот рублей 00 копеек»."""
    exact = abs(_to_kopecks(amount))
    roubles = int(exact)
    kopecks = int((exact - roubles) * 100)
    sign = "минус " if amount < 0 and exact else ""
    one, few, many, _ = PAPERS[country].rouble
    whose = plural(roubles, f"{one} рубль", f"{few} рубля", f"{many} рублей").strip()
    return (
        f"{sign}{in_words(roubles)} {whose} "
        f"{kopecks:02d}{NBSP}{plural(kopecks, 'копейка', 'копейки', 'копеек')}"
    )


def _to_kopecks(amount: Decimal) -> Decimal:
    return amount.quantize(_KOPECK, ROUND_HALF_UP)


def plural(number: int | Decimal, one: str, few: str, many: str) -> str:
    """Choose the form of a noun that goes with a number: 1 ребёнок, 3 ребёнка, 5 детей; 1,5 года."""
    forms = {"one": one, "few": few, "many": many}
    category: str = _russian().plural_form(abs(number))  # type: ignore[arg-type]
    return forms.get(category, few)


def with_unit(number: int, one: str, few: str, many: str) -> str:
    """Print a number with its noun; the two do not break apart: «5 детей»."""
    return f"{number}{NBSP}{plural(number, one, few, many)}"


@cache
def _russian() -> Locale:
    from babel.core import Locale

    return Locale("ru")
