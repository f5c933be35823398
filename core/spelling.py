"""Which known name was meant by an unknown one: a letter, the layout of the keys or the script slipped."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХаеорсухіІ", "ABEKMHOPCTYXaeopcyxiI")
_KEYS = ("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_OTHER_LAYOUT = str.maketrans(_KEYS[0] + _KEYS[1], _KEYS[1] + _KEYS[0])
_SOUNDS = dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufhcye", strict=True)) | {
    "ж": "zh",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}


def plain_letters(name: str) -> str:
    """Write a name with Latin letters where Cyrillic ones look the same."""
    return name.translate(_LOOKALIKES).casefold()


def look_alike(name: str, known: str) -> bool:
    """Tell whether two names look the same and are spelt with other letters."""
    return plain_letters(name) == plain_letters(known) and name.casefold() != known.casefold()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was most likely meant: a letter, the layout or the script slipped."""
    names = list(known)
    twins = [one for one in names if plain_letters(one) == plain_letters(name)]
    if twins:
        return min(twins, key=lambda one: one.casefold() != name.casefold())
    typed = _folded(name)
    for slip in (typed, typed.translate(_OTHER_LAYOUT)):
        ranked = sorted((distance(_seen(slip), _seen(one)), -_alike(slip, one), one) for one in names)
        if ranked and ranked[0][0] <= max(1, len(slip) // 3) and ranked[0][0] < len(slip):
            return ranked[0][2]
    close = get_close_matches(typed, names, n=1, cutoff=0.6)
    return close[0] if close else _by_sound(typed, names)


def is_sure(name: str, near: str | None, known: Iterable[str]) -> bool:
    """Tell whether the nearest name is the only one that can have been meant: one slip away, and no other."""
    if near is None:
        return False
    if plain_letters(name) == plain_letters(near):
        return True
    one_slip = [one for one in set(known) if distance(_seen(name), _seen(one)) <= 1]
    return len(name) > 2 and one_slip == [near]


def distance(one: str, other: str) -> int:
    """Count the slips between two words: a letter left out, put in, changed, or two changed about."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, wanted in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != wanted))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]


def _folded(name: str) -> str:
    return name.casefold().replace("ё", "е")


def _seen(name: str) -> str:
    """Return a name as the eye takes it: letters that look alike are one letter."""
    return plain_letters(_folded(name))


def _alike(name: str, known: str) -> float:
    return SequenceMatcher(None, name, _folded(known), autojunk=False).ratio()


def _by_sound(name: str, known: list[str]) -> str | None:
    """Return the Russian name that was typed in Latin letters by its sound."""
    if not name.isascii():
        return None
    ranked = sorted((distance(name, in_latin(one)), one) for one in known if not one.isascii())
    return ranked[0][1] if ranked and ranked[0][0] <= max(1, len(name) // 4) else None


def in_latin(name: str) -> str:
    """Write a Russian name in Latin letters by its sound."""
    return "".join(_SOUNDS.get(sign, sign) for sign in _folded(name))
