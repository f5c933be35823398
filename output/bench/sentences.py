"""What the bench finds beyond the template's own check, and how it says it."""

from __future__ import annotations

from ...core.findings import Finding, Place, Severity
from ...core.i18n import tr
from ..tags import TagPlace
from ..template import _SENTENCES as _OF_TEMPLATES

_OWN = {
    "T-OUTSIDE": ("{name} is known only inside its loop.", "Move the tag between the for and its endfor."),
    "T-WRONG-BRACES": (
        "{name} is written in the braces of the other kind.",
        "Two braces print a value; a brace with a per cent sign decides or repeats.",
    ),
    "T-RESULT": (
        "The tag stands in a field of Word's, which would write over it: {name}",
        "Turn the field into text (Ctrl+Shift+F9), or move the tag out of it.",
    ),
    "W-CHANGES": (
        "The paragraph holds changes that nobody accepted or rejected; they would stand in every paper.",
        "Accept or reject the changes in Word.",
    ),
    "W-MERGEFIELD": (
        "A mail-merge field is not filled in by papka: {name}",
        "Put a tag in its place.",
    ),
    "W-PLACEHOLDER": (
        "The tag is the prompt of a content control and no text: {name}",
        "Type the tag into the content control, or delete the control.",
    ),
}


def told(
    file: str,
    code: str,
    words: str,
    place: TagPlace,
    span: tuple[int, int],
    near: str | None = None,
    severity: Severity = "error",
) -> Finding:
    """Make a finding about characters of a paragraph."""
    message, cure = sentence(code)
    where = Place(
        file,
        part=place.part,
        paragraph=place.paragraph,
        table=place.table,
        row=place.row,
        cell=place.cell,
        text=words or None,
        start=span[0],
        end=span[1],
    )
    return Finding(code, severity, message.format(name=words), cure, near, where)


def sentence(code: str) -> tuple[str, str]:
    """Return the message of a fault, with a place for a name in it, and its cure."""
    message, cure = _OWN.get(code) or _OF_TEMPLATES[code]
    return tr(message), tr(cure)
