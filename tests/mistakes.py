"""Mistakes that people make in templates, planted by chance in the templates of both regions.

A sown mistake says what was typed in place of which tag, which words of it are wrong, and what was meant.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from papka.output.bench.edits import Draft, Edit
from papka.output.bench.paragraphs import letters_of, paragraphs
from papka.output.package import Package, open_package

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_BLOCK = re.compile(r"\{%-?(?:p |tr |tc )?\s*(if|for|endif|endfor|else|elif)\b")
_BOUND = re.compile(r"\{%-?(?:p |tr |tc )?\s*for\s+(\w+)")
_LATIN = dict(zip("аеорсхуАЕОРСХТНКМВ", "aeopcxyAEOPCXTHKMB", strict=True))
_BESIDE = {one: two for row in ("йцукенгшщзх", "фывапролджэ", "ячсмитьбю") for one, two in pairwise(row)}
_LAYOUT = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")
_WORDS = {"if", "elif", "else", "endif", "for", "endfor", "in", "and", "or", "not", "loop", "is", "none"}

Sown = tuple[str, int, int, str | None]
"""What is typed in place of the tag, from where to where it is wrong, and what was meant if that is sure."""


@dataclass(frozen=True)
class Site:
    """A tag of a template: part, paragraph from 1, first character, words."""

    part: str
    paragraph: int
    start: int
    tag: str


def sites(package: Package) -> list[Site]:
    """Return the tags of a template, read without papka's own lexer."""
    found: list[Site] = []
    for part, root in Draft(package).roots.items():
        for number, paragraph in enumerate(paragraphs(root), start=1):
            text = "".join(letter.sign for letter in letters_of(paragraph))
            found += [Site(part, number, one.start(), one[0]) for one in TAG.finditer(text)]
    return found


def sow(template: Path, site: Site, typed: str, path: Path) -> None:
    """Write a template with other words in place of one tag."""
    draft = Draft(open_package(template.read_bytes()))
    edit = Edit(site.part, site.paragraph, site.start, site.start + len(site.tag), typed, "")
    assert draft.write([edit])
    path.write_bytes(draft.content())


# --- slips -----------------------------------------------------------------------------------------------


def _slip(chance: random.Random, word: str) -> str:
    kind, at = chance.randrange(4), chance.randrange(1, len(word))
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + _BESIDE.get(word[at], "щ") + word[at + 1 :]


def _alike(chance: random.Random, word: str) -> str:
    places = [at for at, sign in enumerate(word) if sign in _LATIN]
    at = chance.choice(places) if places else -1
    return word[:at] + _LATIN[word[at]] + word[at + 1 :] if places else word


def _other_layout(chance: random.Random, word: str) -> str:
    return word.translate(_LAYOUT) if re.fullmatch("[а-я]+", word) and not set(word) & set("хъжэбю") else word


def _quoted(tag: str) -> list[tuple[int, int]]:
    return [one.span() for one in re.finditer(r"'[^']*'", tag)]


def _named(tag: str, pattern: str) -> Iterator[re.Match[str]]:
    bound = _BOUND.match(tag)
    for one in re.finditer(pattern, tag):
        quoted = any(start <= one.start(1) < end for start, end in _quoted(tag))
        if not quoted and one[1] not in _WORDS and not (bound and bound.start(1) == one.start(1)):
            yield one


_NAME, _FILTER = r"(?<![|\w])\b([^\W\d_]\w{3,})", r"\|\s*([^\W\d_]\w{3,})"
_CHOICE = r"==\s*'([^']{4,})'"


def _of_word(
    pattern: str, slip: Callable[[random.Random, str], str]
) -> Callable[[random.Random, str], Sown | None]:
    def sown(chance: random.Random, tag: str) -> Sown | None:
        known = list(re.finditer(pattern, tag) if pattern == _CHOICE else _named(tag, pattern))
        one = chance.choice(known) if known else None
        typed = slip(chance, one[1]) if one else ""
        if one is None or typed == one[1]:
            return None
        quote = int(pattern == _CHOICE)
        start = one.start(1)
        return tag[:start] + typed + tag[one.end(1) :], start - quote, start + len(typed) + quote, one[1]

    return sown


def _of_block(
    change: Callable[[random.Random, str], str | None],
) -> Callable[[random.Random, str], Sown | None]:
    def sown(chance: random.Random, tag: str) -> Sown | None:
        one = _BLOCK.match(tag)
        typed = change(chance, one[1]) if one else None
        if one is None or typed is None or typed == one[1]:
            return None
        return (
            tag[: one.start(1)] + typed + tag[one.end(1) :],
            one.start(1),
            one.start(1) + len(typed),
            one[1],
        )

    return sown


def _whole(change: Callable[[str], str | None]) -> Callable[[random.Random, str], Sown | None]:
    def sown(chance: random.Random, tag: str) -> Sown | None:
        typed = change(tag)
        return (typed, 0, len(typed), None) if typed and typed != tag else None

    return sown


def _only(opener: str, change: Callable[[str], str]) -> Callable[[str], str | None]:
    return lambda tag: change(tag) if re.match(opener, tag) else None


def _quotes(chance: random.Random, tag: str) -> Sown | None:
    if not _quoted(tag):
        return None
    start, end = chance.choice(_quoted(tag))
    begin, close = chance.choice(["«»", "„“", "‹›", "``"])
    return tag[:start] + begin + tag[start + 1 : end - 1] + close + tag[end:], start, end, None


def _unseen(chance: random.Random, tag: str) -> Sown | None:
    known = list(_named(tag, _NAME))
    if not known:
        return None
    at = chance.choice(known).start(1) + 2
    return tag[:at] + chance.choice("\u200b\u2060\ufeff\u00ad") + tag[at:], at, at + 1, None


def _dash(chance: random.Random, tag: str) -> Sown | None:
    return tag[:2] + chance.choice("–—−") + tag[2:], 2, 3, None


def _no_list(chance: random.Random, tag: str) -> Sown | None:
    one = re.match(r"(\{%(?:p |tr |tc )?\s*for\s+\w+\s+in\s+)[^%]+?(\s*%\})", tag)
    return (f"{one[1]}семья.название{one[2]}", one.end(1), one.end(1) + 14, None) if one else None


def _other_end(tag: str) -> str | None:
    if "endif" in tag:
        return tag.replace("endif", "endfor")
    return tag.replace("endfor", "endif") if "endfor" in tag else None


SLIPS: dict[str, Callable[[random.Random, str], Sown | None]] = {
    "name": _of_word(_NAME, _slip),
    "name in other letters": _of_word(_NAME, _alike),
    "name in the other layout": _of_word(_NAME, _other_layout),
    "name with a capital": _of_word(_NAME, lambda _, word: word.capitalize()),
    "filter": _of_word(_FILTER, _slip),
    "filter in other letters": _of_word(_FILTER, _alike),
    "value of a choice": _of_word(_CHOICE, _slip),
    "filter that does not fit": _whole(_only(r"\{\{ [\w.]+ \}\}", lambda tag: tag[:-3] + "|поля('фио') }}")),
    "loop over no list": _no_list,
    "word with a capital": _of_block(lambda _, word: word.capitalize()),
    "word misspelt": _of_block(
        lambda chance, word: _slip(chance, word) if len(word) > 3 else word + word[-1]
    ),
    "word in Russian": _of_block(lambda _, word: {"if": "если", "else": "иначе", "for": "для"}.get(word)),
    "brace lost at the end": _whole(_only(r"\{\{", lambda tag: tag[:-1])),
    "brace lost at the start": _whole(lambda tag: tag[1:]),
    "braces lost at the end": _whole(_only(r"\{\{ [\w.]+ \}\}", lambda tag: tag[:-3] + ";")),
    "per cent lost": _whole(_only(r"\{%", lambda tag: tag[:-2] + "}")),
    "brace after per cent lost": _whole(_only(r"\{%", lambda tag: tag[:-1])),
    "space between braces": _whole(lambda tag: f"{tag[0]} {tag[1:]}"),
    "braces of the other kind": _whole(_only(r"\{\{ [\w.]+ \}\}", lambda tag: f"{{% {tag[3:-3]} %}}")),
    "value's braces around a block": _whole(_only(r"\{% ", lambda tag: f"{{{{ {tag[3:-3]} }}}}")),
    "letter glued": _whole(_only(r"\{%(p|tr) ", lambda tag: re.sub(r"^(\{%\w+) ", r"\1", tag))),
    "space before the letter": _whole(_only(r"\{%(p|tr) ", lambda tag: "{% " + tag[2:])),
    "lifted beside words": _whole(_only(r"\{%(p|tr) ", lambda tag: tag + " Слово")),
    "other end": _whole(_other_end),
    "quotes of Word": _quotes,
    "dash of Word": _dash,
    "unseen sign": _unseen,
    "call": _whole(_only(r"\{\{ [\w.]+ \}\}", lambda tag: tag[:-3] + ".upper() }}")),
    "multiplication": _whole(_only(r"\{\{", lambda tag: tag[:-3] + " * 2 }}")),
    "bracket lost": _whole(lambda tag: tag[::-1].replace(")", "", 1)[::-1] if ")" in tag else None),
    "comma for a dot": _whole(_only(r"\{\{ \w+\.\w+ \}\}", lambda tag: tag.replace(".", ","))),
    "single sign of equality": _whole(lambda tag: tag.replace("==", "=", 1) if "==" in tag else None),
}
