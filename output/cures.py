"""What to do about a Word file that papka refused to open, by the id of the fault."""

from __future__ import annotations

from ..core.i18n import tr


def cure_of(code: str) -> str:
    """Return what to do about a fault of a Word file or of the paper made from it."""
    anew = tr("Take the file anew from where it came; a file that came by mail, ask for once more.")
    by_word = tr("Open the file in Word, save it under a new name as .docx, and try that one.")
    smaller = tr("Make the file smaller: take out large pictures, or divide it into two.")
    signs = tr("Find these signs in Word and delete them; then save the file.")
    word = tr("In Word: Save As, type Word Document (*.docx).")
    return {
        "D-BOMB": anew,
        "D-BOUNDS": tr("Take the file anew, or divide it; a template: make its tags and loops simpler."),
        "D-BRACES": signs,
        "D-DAMAGED": by_word,
        "D-DEPTH": by_word,
        "D-DOCTYPE": by_word,
        "D-EMBEDDED": tr("Delete the embedded object."),
        "D-EXTERNAL": tr("Break the link in Word (File, Info, Edit Links), or put the picture itself in."),
        "D-FIELD": tr("Delete the field, or turn it into text (Ctrl+Shift+F9)."),
        "D-MACRO": word,
        "D-NAMES": anew,
        "D-NOT-WORD": word,
        "D-SIGNS": signs,
        "D-SIZE": smaller,
        "D-XML": by_word,
        "E-FILTER-FAILED": tr(
            "Tell who maintains the plugin; until then take the filter out of the template."
        ),
        "R-BOUNDS": tr(
            "Look for loops inside loops in the template, and for lists of the case that are too long."
        ),
        "R-COLOUR": tr("In the template, give the colour as six signs, such as FFE699."),
        "R-NAME": tr("Run papka template check: it says which tag this is."),
        "R-SIGN": tr("Type the value in the case anew."),
        "R-SPAN": tr("In the template, give the number of columns as a number."),
    }.get(code, tr("Take the template from the plugin anew."))
