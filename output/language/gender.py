"""Words that agree with a person's sex, and their short form for two where the sex is not known."""

from __future__ import annotations

from typing import Final

_ADJECTIVE_ENDINGS: Final = ("ая", "яя", "ую", "юю", "ой", "ей", "ою", "ею")
# Pairs of endings whose second one may stand in brackets after the whole first word: «согласен(на)».
_PAIRS: Final = (("ен", "на"), ("ён", "на"), ("он", "на"), ("ин", "ка"), ("ец", "ка"), ("ся", "ась"))


def agree(sex: str | None, masculine: str, feminine: str) -> str:
    """Choose the form that agrees with a person's sex, or one short form for both.

    Args:
        sex: ``male``, ``female``, or None where it is not known.
        masculine: The words said of a man: «ознакомлен».
        feminine: The words said of a woman: «ознакомлена».

    Returns:
        The one or the other, or «ознакомлен(а)», «действующий(ая)», «согласен(на)», «отец/мать».

    Raises:
        ValueError: The sex is none of these.
    """
    if sex == "male":
        return masculine
    if sex == "female":
        return feminine
    if sex is not None:
        raise ValueError("sex is male, female or unknown")
    men, women = masculine.split(), feminine.split()
    if len(men) != len(women):
        return f"{masculine}/{feminine}"
    return " ".join(_both(one, other) for one, other in zip(men, women, strict=True))


def _both(masculine: str, feminine: str) -> str:
    if masculine == feminine:
        return masculine
    common = 0
    while masculine[common : common + 1] == feminine[common : common + 1] != "":
        common += 1
    ending = _adjective_ending(feminine) if common >= 3 else None
    if ending and len(feminine) - len(ending) <= common:
        return f"{masculine}({ending})"
    if feminine.startswith(masculine) and common >= 2:
        return f"{masculine}({feminine[common:]})"
    if common >= 3 and (masculine[common:], feminine[common:]) in _PAIRS:
        return f"{masculine}({feminine[common:]})"
    return f"{masculine}/{feminine}"


def _adjective_ending(word: str) -> str | None:
    """Return the ending of a feminine adjective: «ая» of «действующая», «аяся» of «родившаяся»."""
    reflexive = word.endswith("ся")
    ending = word.removesuffix("ся")[-2:] if reflexive else word[-2:]
    return (ending + "ся" if reflexive else ending) if ending in _ADJECTIVE_ENDINGS else None
