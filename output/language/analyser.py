"""The dictionary of Russian words, loaded once and only when a word has to be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...core.facts import GrammaticalCase

if TYPE_CHECKING:
    from pymorphy3.analyzer import MorphAnalyzer

OBLIQUE: tuple[GrammaticalCase, ...] = ("gen", "dat", "acc", "ins", "prep")
# The dictionary's own names of the cases. «loct» is the plain prepositional: «о лесе», not «в лесу».
CASE_TAGS: Mapping[GrammaticalCase, str] = MappingProxyType(
    {"nom": "nomn", "gen": "gent", "dat": "datv", "acc": "accs", "ins": "ablt", "prep": "loct"}
)


@cache
def analyser() -> MorphAnalyzer:
    """Return the one morphological analyser of this process (about 0.2 s, once)."""
    from pymorphy3.analyzer import MorphAnalyzer

    return MorphAnalyzer(lang="ru")  # type: ignore[no-untyped-call]


def same_letters(first: str, second: str) -> bool:
    """Compare two spellings without regard to case and to the dots of ё."""
    return first.lower().replace("ё", "е") == second.lower().replace("ё", "е")


def like(pattern: str, word: str) -> str:
    """Give a word the letter case of another, half by half: all capitals, a first capital, or none."""
    halves, patterns = word.split("-"), pattern.split("-")
    if len(halves) == len(patterns) > 1:
        return "-".join(like(one, half) for one, half in zip(patterns, halves, strict=True))
    if len(pattern) > 1 and pattern.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if pattern[:1].isupper() else word
