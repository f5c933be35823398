"""What stands around a tag in Word, and within: tracked changes, hidden text, bound controls, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from .letters import DELETED, Letter
from .package import W

AUTHOR = "papka"
"""Who writes papka's comments. What they quote is no tag of the template."""
CHANGES = frozenset({f"{W}ins", f"{W}moveTo"})


def is_ours(paragraph: etree._Element) -> bool:
    """Tell whether papka itself wrote a paragraph, into a comment."""
    return any(one.get(f"{W}author") == AUTHOR for one in paragraph.iterancestors(f"{W}comment"))


def above(element: etree._Element, tags: frozenset[str]) -> Iterator[etree._Element]:
    """Go through the elements of some kinds around an element."""
    return (one for one in element.iterancestors() if one.tag in tags)


def deletion_between(first: etree._Element, last: etree._Element) -> bool:
    """Tell whether text was struck out, with changes tracked, between two letters of one paragraph."""
    if first is last:
        return False
    home = next(first.iterancestors(f"{W}p"), None)
    if home is None or not any(True for _ in home.iter(*DELETED)):
        return False
    order = {one: place for place, one in enumerate(home.iter())}
    begin, end = order.get(first, 0), order.get(last, 0)
    return any(begin < order[one] < end for one in home.iter(*DELETED))


_THINGS = tuple(
    f"{W}{name}"
    for name in ("br", "sym", "drawing", "pict", "object", "footnoteReference", "endnoteReference", "ptab")
)


def holds_things(letters: Sequence[Letter]) -> bool:
    """Tell whether a tag runs on over what is no letter: a picture, a note, the end of a page."""
    home = next(letters[0].holder.iterancestors(f"{W}p"), None)
    things = [] if home is None else [one for one in home.iter(*_THINGS) if _is_thing(one)]
    if home is None or not things:
        return False
    order = {one: place for place, one in enumerate(home.iter())}
    begin, end = order.get(letters[0].holder, 0), order.get(letters[-1].holder, 0)
    return any(begin < order[one] < end for one in things)


def _is_thing(element: etree._Element) -> bool:
    return element.tag != f"{W}br" or element.get(f"{W}type") in ("page", "column")


def is_hidden(holder: etree._Element) -> bool:
    """Tell whether the run of a letter is hidden text."""
    run = holder.getparent()
    vanish = run.find(f"{W}rPr/{W}vanish") if run is not None else None
    return vanish is not None and vanish.get(f"{W}val", "true") not in ("0", "false", "off")


def is_bound(holder: etree._Element) -> bool:
    """Tell whether Word fills the content control around a letter from elsewhere when it opens the file."""
    return any(one.find(f"{W}sdtPr/{W}dataBinding") is not None for one in holder.iterancestors(f"{W}sdt"))
