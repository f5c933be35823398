"""The letters of a paragraph with the elements that hold them: read, changed and marked in place."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from difflib import SequenceMatcher

from lxml import etree

from ..letters import Letter, cells_of, letters_of
from ..package import W
from ..tags import XML_SPACE

__all__ = ["Letter", "anchor", "cells_of", "letters_of", "paragraphs", "replace", "split_at"]

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def paragraphs(root: etree._Element) -> list[etree._Element]:
    """Return the paragraphs of a part in the order in which places count them."""
    return list(root.iter(f"{W}p"))


def is_fallback(element: etree._Element) -> bool:
    """Tell whether an element is the copy of a text box that is kept for old versions of Word."""
    return next(element.iterancestors(_FALLBACK), None) is not None


def replace(letters: list[Letter], start: int, end: int, by: str) -> bool:
    """Write other letters in a place, each change in the run where it belongs; the rest is not touched."""
    old = "".join(letter.sign for letter in letters[start:end])
    changes = SequenceMatcher(None, old, by, autojunk=False).get_opcodes()
    touched = [letters[start + i] for kind, a, b, *_ in changes if kind != "equal" for i in range(a, b)]
    if not all(_is_text(letter) for letter in touched):
        return False
    for kind, a, b, c, d in reversed(changes):
        if kind == "insert":
            _insert(letters, start + a, by[c:d], inside=a > 0)
        elif kind != "equal":
            _rewrite(letters[start + a : start + b], by[c:d])
    return True


def _is_text(letter: Letter) -> bool:
    return letter.index >= 0


def _insert(letters: list[Letter], at: int, text: str, *, inside: bool) -> None:
    """Put letters before the letter at a place, or after the one before it where that is the same word."""
    after = inside and _is_text(letters[at - 1])
    letter = letters[at - 1 if after else at]
    index = letter.index + 1 if after else letter.index
    held = letter.holder.text or ""
    _set(letter.holder, held[:index] + text + held[index:])


def _rewrite(letters: list[Letter], text: str) -> None:
    for number, letter in reversed(list(enumerate(letters))):
        held = letter.holder.text or ""
        new = text[number] if number < len(text) else ""
        if number == len(letters) - 1:
            new = text[number:]
        _set(letter.holder, held[: letter.index] + new + held[letter.index + 1 :])


def _set(holder: etree._Element, text: str) -> None:
    holder.text = text
    if text != text.strip():
        holder.set(XML_SPACE, "preserve")


# --- marking ---------------------------------------------------------------------------------------------


def split_at(paragraph: etree._Element, places: set[int]) -> None:
    """Cut runs so that each of the places is the beginning of a run; formatting stays as it is."""
    for place in sorted(places, reverse=True):
        letters = list(letters_of(paragraph))
        if 0 < place < len(letters):
            _split(letters[place - 1], letters[place])


def _split(before: Letter, letter: Letter) -> None:
    run = _run_of(letter.holder)
    if run is None or _run_of(before.holder) is not run:
        return
    parent = run.getparent()
    assert parent is not None
    rest = deepcopy(run)
    for child in list(rest):
        if child.tag != f"{W}rPr":
            rest.remove(child)
    if before.holder is letter.holder:
        text = letter.holder.text or ""
        second = deepcopy(letter.holder)
        second.tail = None
        _set(letter.holder, text[: letter.index])
        _set(second, text[letter.index :])
        rest.append(second)
        following = list(letter.holder.itersiblings())
    else:
        following = [letter.holder, *letter.holder.itersiblings()]
    for child in following:
        rest.append(child)
    rest.tail = run.tail
    run.tail = None
    parent.insert(parent.index(run) + 1, rest)


def _run_of(holder: etree._Element) -> etree._Element | None:
    parent = holder.getparent()
    return parent if parent is not None and parent.tag == f"{W}r" else None


def anchor(paragraph: etree._Element, start: int, end: int) -> tuple[etree._Element, etree._Element] | None:
    """Return the first and the last run of a place whose ends were cut; None if it holds no letter."""
    runs = [run for run in _runs(list(letters_of(paragraph))[start:end]) if run is not None]
    return (runs[0], runs[-1]) if runs else None


def _runs(letters: list[Letter]) -> Iterator[etree._Element | None]:
    for letter in letters:
        yield _run_of(letter.holder)
