"""An address in one cell, taken apart by its own words: «г.», «ул.», «д.». Nothing is guessed.

A part that has no such word is told, unless the table's map says it for all rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...core.i18n import tr
from .people import Unclear

_REGION = re.compile(r"\b(?:область|обл\b\.?|край\b|республика|респ\b\.?|автономный округ|АО\b)|^Респ", re.I)
_CITY_REGION = re.compile(r"^(?:г\.?\s*)?(?:Москва|Санкт-Петербург|Севастополь)$", re.I)
_DISTRICT = re.compile(r"\b(?:район|р-н|муниципальный округ|МО|м\.\s?о\.)(?:\W|$)", re.I)
_SETTLEMENT = re.compile(
    r"^(?:(?:г|гор|с|пос|п|рп|р\.\s?п|пгт|ст|ст-ца|х|дер|аул|раб\.\s?пос)\.?\s|(?:г|с|п|х)\.\s?(?=(?-i:[А-ЯЁ]))"
    r"|(?:город|село|деревня|пос[её]лок|станица|станция|хутор|рабочий посёлок|аал)\s"
    r"|д\.?\s?(?=(?-i:[А-ЯЁ])[а-яё]))",
    re.I,
)
_STREET = re.compile(
    r"^(?:ул|улица|пер|переулок|пр|пр-т|пр-кт|просп|проспект|пр-д|проезд|мкр|мкрн|мкр-н|микрорайон|б-р|бульвар"
    r"|ш|шоссе|пл|площадь|наб|набережная|кв-л|квартал|тракт)(?:\.|\s)",
    re.I,
)
_STREET_AFTER = re.compile(r"\s(?:ул\.?|улица|переулок|проспект|проезд|бульвар|шоссе|площадь|тракт)$", re.I)
_HOUSE = re.compile(r"^(?:д(?:ом)?\.?\s*)?№?\s*(\d+\s?[а-яёА-ЯЁ]?(?:\s?/\s?\d+[а-яё]?)?)$", re.I)
_HOUSE_FLAT = re.compile(r"^(?:д(?:ом)?\.?\s*)?(\d+[а-яё]?(?:/\d+)?)\s*-\s*(\d+)$", re.I)
_BLOCK = re.compile(r"^(?:корп(?:ус)?|к|стр(?:оение)?|литера?)\.?\s*([\dа-яё]+)$", re.I)
_FLAT = re.compile(r"^(?:кв(?:артира)?|комн(?:ата)?|ком)\.?\s*(\d+\s?[а-яё]?)$", re.I)
_END = re.compile(r"^(.*?[^\W\d_].*?)\s+(?:д(?:ом)?\.?\s*)?(\d+[а-яё]?(?:/\d+)?)(?:\s*-\s*(\d+))?$", re.I)
_ABBREVIATED = re.compile(r"^([а-яё]{1,4})\.(?=[А-ЯЁ])")
_LONGEST = 600
_BEFORE = re.compile(r"\s+(?=(?:кв|корп|д|дом|ул|пер)\.\s?[\dА-ЯЁ])", re.I)


def taken_apart(typed: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an address.

    Args:
        known: What the map says for all rows: the region, the settlement.

    Raises:
        Unclear: A part of it cannot be told for sure.
    """
    found: dict[str, str] = {}
    if len(typed) > _LONGEST:
        raise _unclear()
    for part in re.split(r"[,;\n]+", _BEFORE.sub(", ", typed)):
        text = re.sub(r"\s+", " ", part).strip(" .")
        if text and text.casefold() not in ("рф", "россия", "российская федерация"):
            _place(text, found, known)
    found = {name: _ABBREVIATED.sub(r"\1. ", one) for name, one in found.items()}
    whole = dict(known) | found
    if "settlement" not in whole or "region" not in whole:
        raise Unclear(
            "I-ADDRESS",
            tr("The address names no region or no settlement."),
            tr("Write it as: Курганская область, г. Катайск, ул. Заречная, д. 15, кв. 4."),
        )
    return whole


def names_region(typed: str) -> bool:
    """Tell whether an address names its region."""
    parts = (part.strip(" .") for part in re.split(r"[,;\n]+", typed))
    return any(_REGION.search(part) or _CITY_REGION.match(part) for part in parts)


def _place(text: str, found: dict[str, str], known: Mapping[str, str]) -> None:
    end = _END.match(text) if _STREET.match(text) else None
    if re.fullmatch(r"\d{6}", text):
        _set(found, "postcode", text)
    elif _CITY_REGION.match(text):
        _set(found, "region", text)
        found.setdefault("settlement", text)
    elif _SETTLEMENT.match(text) and not _HOUSE.match(text):
        _set(found, "settlement", text)
    elif _DISTRICT.search(text) and not _STREET.match(text):
        _set(found, "district", text)
    elif _REGION.search(text):
        _set(found, "region", text)
    elif end and not re.search(r"\d$", end[1]):
        _set(found, "street", end[1])
        _set(found, "house", end[2])
        if end[3]:
            _set(found, "flat", end[3])
    elif _STREET.match(text) or _STREET_AFTER.search(text):
        _set(found, "street", text)
    elif pair := _HOUSE_FLAT.match(text):
        _set(found, "house", pair[1])
        _set(found, "flat", pair[2])
    elif flat := _FLAT.match(text):
        _set(found, "flat", flat[1])
    elif (house := _HOUSE.match(text)) and "house" not in found:
        _set(found, "house", house[1])
    elif (block := _BLOCK.match(text)) and "house" in found:
        found["house"] += f" корп. {block[1]}"
    elif text.casefold() in {one.casefold().split(". ")[-1] for one in known.values()}:
        return
    else:
        raise _unclear()


def _set(found: dict[str, str], name: str, text: str) -> None:
    if name in found:
        raise _unclear()
    found[name] = text


def _unclear() -> Unclear:
    return Unclear(
        "I-ADDRESS",
        tr("A part of the address cannot be told for sure."),
        tr("Write it as: Курганская область, г. Катайск, ул. Заречная, д. 15, кв. 4."),
    )
