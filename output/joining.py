"""Runs that look alike joined into one, when a template is compiled.

Word cuts a sentence into runs wherever somebody stopped typing, and each tag gets a run of its own. Joined,
they mean the same and read the same; a paper is smaller by half and drawn in half the time.
"""

from __future__ import annotations

from lxml import etree

from .package import W
from .tags import XML_SPACE

_RUN, _TEXT, _LOOK = f"{W}r", f"{W}t", f"{W}rPr"
_LETTERS = frozenset({_TEXT, f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen", f"{W}softHyphen"})


def join_runs(root: etree._Element) -> None:
    """Join neighbours that look alike and hold words only; marks of tags are words."""
    last: etree._Element | None = None
    look: bytes | None = None
    for run in list(root.iter(_RUN)):
        said = _words_of(run)
        if said is None:
            last = None
            continue
        own = _look_of(run)
        if last is not None and run.getprevious() is last and not last.tail and own == look:
            _append(last, said)
            tail, home = run.tail, run.getparent()
            assert home is not None
            home.remove(run)
            last.tail = tail
        else:
            last, look = run, own


def _words_of(run: etree._Element) -> list[etree._Element] | None:
    """Return what stands in a run beside its look, if these are words only."""
    if run.attrib or (run.text or "").strip():
        return None
    said = [one for one in run if one.tag != _LOOK]
    return said if said and all(one.tag in _LETTERS and not one.tail for one in said) else None


def _look_of(run: etree._Element) -> bytes:
    look = run.find(_LOOK)
    return b"" if look is None or not len(look) else etree.tostring(look, method="c14n", with_tail=False)


def _append(last: etree._Element, said: list[etree._Element]) -> None:
    for one in said:
        before = last[-1]
        if one.tag == _TEXT and before.tag == _TEXT and _may_meet(before, one):
            before.text = (before.text or "") + (one.text or "")
            if one.get(XML_SPACE) == "preserve":
                before.set(XML_SPACE, "preserve")
        else:
            last.append(one)


def _may_meet(before: etree._Element, after: etree._Element) -> bool:
    """Tell whether two texts read the same as one: Word drops the spaces at the ends of a text of one "
    "kind."""
    return all(
        one.get(XML_SPACE) == "preserve" or (one.text or "").strip() == (one.text or "")
        for one in (before, after)
    )
