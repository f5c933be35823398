"""Braces that were meant as a tag and make none: what they look like, and what was meant."""

from __future__ import annotations

import re

# Word turns straight quotes into these while one types; docxtpl mends the same four.
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})

HALF_CLOSED: dict[str, re.Pattern[str]] = {
    "print": re.compile(r"[^{}]*\}(?:\s++\})?"),
    "block": re.compile(r"[^{}%]*(?:%?\}|%(?:\s++\})?)"),
    "comment": re.compile(r"[^{}#]*(?:#?\}|#(?:\s++\})?)"),
}
_IN_BRACKETS = r"\((?:[^()]|\([^()]*\))*\)"
_OPERAND = rf"""(?:'[^']*'|"[^"]*"|\d+|[^\W\d]\w*|{_IN_BRACKETS}|\[[^\[\]]*\])"""
_WITH_FILTERS = rf"{_OPERAND}(?:\.\w+)*(?:{_IN_BRACKETS})?(?:\s*\|\s*\w+(?:{_IN_BRACKETS})?)*"
_JOINT = r"(?:\s*(?:==|!=|<=|>=|[<>+=-])\s*|\s+(?:and|or|not in|in|is not|is|if|else)\s+)(?:not\s+)?"
_NATURAL = re.compile(
    rf"-?(?:(?:tr|tc|p|r)(?=\s))?\s*(?:else|endif|endfor|(?:(?:if|elif|for)\s+)?(?:not\s+)?"
    rf"{_WITH_FILTERS}(?:{_JOINT}{_WITH_FILTERS})*)"
)


def natural_end(text: str, position: int, limit: int) -> int:
    """Return where the words of a tag end that nothing closes, as far as they can be its own."""
    found = _NATURAL.match(text.translate(QUOTES), position, limit)
    return found.end() if found else position


BLOCK_WORDS = frozenset({"if", "elif", "else", "endif", "for", "endfor"})
SUSPECT = re.compile(
    r"((?<![{%#$])\{|\[\[|<<|｛+|❴+|«(?=\w+\.\w))\s*+(?=([^\W\d]\w*))([^{}\[\]<>«»｝❵\n]{1,200}?)"
    r"\s*(?:\}(?!\})|\]\]|>>|»|｝+|❵+)"
)
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
APART = re.compile(f"\\{{([{_UNSEEN}]+)(?=[{{%#])|(?<=[}}%#])([{_UNSEEN}]+)\\}}")


def near_stray(words: str) -> str | None:
    """Return the tag that was meant with braces that make none."""
    if block := STRAY_BLOCK.search(words):
        lift = re.search(r"(?<!\w)(tr|tc|p|r)\s*$", words[: block.start()])
        return f"{{%{lift[1] if lift else ''} {words[block.start() :].strip('{}% ')} %}}"
    value = re.fullmatch(r"\{\s*\{?\s*([^{}]+?)\s*\}\s*\}?", words)
    return f"{{{{ {value[1]} }}}}" if value else None


_STRAY_WORD = r"(?:if|elif|else|endif|for|endfor)\b"
STRAY_BLOCK = re.compile(_STRAY_WORD)
# Possessive where white space may run long: thousands of spaces beside a brace must not cost seconds.
STRAY = re.compile(
    rf"(?:(?<![{{%])[{{%]+\s*+|(?<!\s)\s*+)(?:(?:p|tr|tc|r)\s*+)?{_STRAY_WORD}[^{{}}%]*(?:%\s*+\}}|\}})"
    rf"|\{{\s*+%\s*+(?:(?:p|tr|tc|r)\s*+)?{_STRAY_WORD}[^{{}}]*\}}?"
    r"|\{\s++\{[^{}\n]{1,300}\}\s*+\}|\{\s*+\{?[\w.|]+\s*+\}+|\}\}|%\}|#\}|\{\s++\{|\{\s++%|%\s++\}|\}\s++\}"
)
