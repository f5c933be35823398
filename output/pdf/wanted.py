"""A paragraph of a Word file as it is looked for in a PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .blocks import DIGITS, PAGE, PAGES, SIGN, Block
from .labels import BULLET
from .pages import STRUCK, Hit, plain

LEADER = "\ufdd5"
"""Stands for a tab, which may be drawn as a row of dots or a line."""
WILD = {LEADER: r"[_.…·]*", PAGE: r"\d{1,4}", PAGES: r"\d{1,4}", DIGITS: r"\d{0,4}", SIGN: r"\S"}
HOLDERS = re.compile("[" + "".join(WILD) + "\ue000-\uf8ff]")
BULLETS = frozenset("–—−-•·●○◦▪▫■□►▶➢❖✓✔*°§o")


@dataclass(slots=True)
class Wanted:
    """A paragraph that is looked for, and the pieces that were found of it.

    Attributes:
        drawn: Its text with a sign for each tab that may be drawn as a leader.
        pattern: Of a text that holds signs nobody can foretell.
        tabbed: The pattern of ``drawn``, if it is another than the text.
    """

    block: Block
    text: str
    label: str
    drawn: str
    pattern: re.Pattern[str] | None
    tabbed: re.Pattern[str] | None = None
    hits: list[Hit] = field(default_factory=list)
    labelled: bool = False

    @classmethod
    def of(cls, block: Block) -> Wanted:
        """Make a paragraph ready to be looked for; of one without text its label is looked for."""
        text = plain(block.text)
        label = "" if block.label in (None, BULLET) else plain(block.label or "")
        if not text:
            text, label = label, ""
        wanted = cls(block, text, label, text, pattern_of(text) if HOLDERS.search(text) else None)
        pieces = [plain(piece) for piece in block.text.split("\t")]
        if len(pieces) > 1 and "".join(pieces) == text:
            wanted.drawn = LEADER.join(pieces)
            wanted.tabbed = pattern_of(wanted.drawn)
        return wanted


def pattern_of(text: str, loose: str = "") -> re.Pattern[str]:
    """Return a pattern of a text with place-holders; the signs in ``loose`` may be absent."""
    parts = []
    for sign in text:
        wild = WILD.get(sign, r"\S" if HOLDERS.match(sign) else None)
        parts.append(wild or re.escape(sign) + ("?" if sign in loose else ""))
    return re.compile("".join(parts).replace(r"\S", f"[^{STRUCK}]"))
