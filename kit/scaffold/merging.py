"""Two versions of a text that came from a third, put together where they do not touch."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

Edit = tuple[int, int, tuple[str, ...]]
"""Lines of the first text, from and to, and what stands in their place."""


def merged(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Put the changes of both into one text.

    The text keeps its own line ends and its own mark at the beginning, whatever editor left them there.

    Returns:
        The text; None if both changed the same lines or lines that touch, or one of them is no UTF-8.
    """
    try:
        texts = [one.decode("utf-8-sig").replace("\r\n", "\n") for one in (base, ours, theirs)]
    except UnicodeDecodeError:
        return None
    first, mine, new = (text.splitlines(keepends=True) for text in texts)
    made = _together(first, _edits(first, mine), _edits(first, new))
    if made is None:
        return None
    text = "".join(made)
    if b"\r\n" in ours:
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8-sig" if ours.startswith(b"\xef\xbb\xbf") else "utf-8")


def same_text(one: bytes, other: bytes) -> bool:
    """Tell whether two texts say the same; an editor may have changed how lines end."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: bytes) -> bytes:
    return text.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def _edits(first: Sequence[str], second: Sequence[str]) -> list[Edit]:
    found = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return [(i, j, tuple(second[k:n])) for kind, i, j, k, n in found if kind != "equal"]


def _together(first: Sequence[str], mine: list[Edit], new: list[Edit]) -> list[str] | None:
    for one in mine:
        for other in new:
            if one != other and one[0] <= other[1] and other[0] <= one[1]:
                return None
    made: list[str] = []
    at = 0
    for begin, end, lines in sorted({*mine, *new}):
        made += [*first[at:begin], *lines]
        at = end
    return [*made, *first[at:]]
