"""The form goes back to whoever filled it in, with a Word comment at each field that has to be mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from ...core.findings import Finding
from ...output.bench.comments import with_comments
from ...output.package import Package, W, open_package
from .reading import BODY

_MARKS = (f"{W}commentRangeStart", f"{W}commentRangeEnd")


def checked_copy(package: Package, findings: Sequence[Finding]) -> bytes:
    """Return the Word file with a comment for each finding, at its field."""
    commented = open_package(with_comments(package, [_placed(one) for one in findings]))
    body = commented.xml(BODY)
    for mark in list(body.iter(*_MARKS)):
        _lift(mark, after=mark.tag == _MARKS[1])
    for reference in list(body.iter(f"{W}commentReference")):
        run = reference.getparent()
        if run is not None:
            _lift(run, after=True)
    return commented.write(
        {BODY: etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


def _lift(mark: etree._Element, *, after: bool) -> None:
    """Put a mark beside the control it stands in: a control of plain text may hold nothing but text."""
    control = next((one for one in mark.iterancestors(f"{W}sdt", f"{W}p") if one.tag == f"{W}sdt"), None)
    paragraph = next(mark.iterancestors(f"{W}p"), None)
    if control is None or paragraph is None or next(control.iterancestors(f"{W}p"), None) is not paragraph:
        return
    parent = control.getparent()
    assert parent is not None
    place = parent.index(control) + 1 if after else parent.index(control)
    while after and place < len(parent) and parent[place].tag == _MARKS[1] and mark.tag != _MARKS[1]:
        place += 1
    parent.insert(place, mark)


def _placed(finding: Finding) -> Finding:
    return replace(finding, place=replace(finding.place, part=BODY))
