"""Words that a person has typed or copied from a page, found again in the paragraphs of a paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate

_LABEL = re.compile(r"^\W*(?:\d+[.)]\W*)+")
_NEAR = 0.5
_FEWEST = 8
"""Of fewer letters half stand in any paragraph."""


def letters(text: str) -> str:
    """Return only letters and figures: spaces, line ends, hyphens, quotes and dashes are copied anyhow."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return "".join(sign for sign in folded if sign.isalnum())


def found_in(words: str, paragraphs: Sequence[str]) -> list[list[int]]:
    """Return where words stand: for each place the paragraphs, one, or several that the words run over."""
    keys = [letters(text) for text in paragraphs]
    for asked in (words, _LABEL.sub("", words)):
        key = letters(asked)
        if not key:
            continue
        inside = [[number] for number, one in enumerate(keys) if key in one]
        if inside:
            return inside
        over = _over_several(key, keys)
        if over:
            return over
    return []


def _over_several(key: str, keys: Sequence[str]) -> list[list[int]]:
    whole = "".join(keys)
    ends = list(accumulate(map(len, keys)))
    found, at = [], whole.find(key)
    while at >= 0:
        until = at + len(key)
        found.append([n for n, end in enumerate(ends) if end - len(keys[n]) < until and end > at])
        at = whole.find(key, until)
    return [[n for n in place if keys[n]] for place in found]


def nearest_to(words: str, paragraphs: Sequence[str]) -> int | None:
    """Return the number of the paragraph that holds most of some words, if it holds half of them."""
    key = letters(words)
    best, share = None, 0.0
    for number, text in enumerate(paragraphs if len(key) >= _FEWEST else ()):
        one = letters(text)
        if not one:
            continue
        blocks = SequenceMatcher(None, key, one, autojunk=False).get_matching_blocks()
        # Letters that stand alone are alike in any two sentences.
        alike = sum(block.size for block in blocks if block.size > 2) / len(key)
        if alike > share:
            best, share = number, alike
    return best if share >= _NEAR else None
