"""What is said of each fault of a template: one sentence, and what to do."""

from __future__ import annotations

from ..core.findings import Finding, Place, Severity
from ..core.i18n import tr
from .tags import TagPlace

WARNINGS = frozenset({"T-SHADOW"})
SENTENCES = {
    "T-NAME": ("There is no field {name}.", "Correct the name; papka template fields shows all."),
    "T-LOOKALIKE": ("{name} mixes Russian and Latin letters that look alike.", "Type the name anew."),
    "T-LIST": ("{name} is a list.", "Go through it with a loop, or add |listing."),
    "T-RECORD": ("{name} is a whole record.", "Name one of its fields."),
    "T-OPTIONAL": ("{name} may be empty.", "Put it in an if, or add |dash or |line."),
    "T-NO-LIST": ("{name} is no list.", "A loop goes through lists only."),
    "T-NO-FIELDS": ("{name} is asked of a value that has no fields.", "Name a field of a record."),
    "T-FILTER": ("The filter does not fit: {name}.", "Take a filter that fits the value."),
    "T-FILTER-ARGS": ("The filter {name} has too many arguments.", "Leave out what is too much."),
    "T-FILTER-FEW": (
        "The filter {name} wants more in its brackets.",
        "See its example: papka template fields.",
    ),
    "T-ARGUMENT": (
        "{name} is nothing for the brackets of this filter.",
        "See its example: papka template fields.",
    ),
    "T-CHOICE": ("The list of values has no «{name}».", "Take one of the values of the list."),
    "T-SYNTAX": ("The tag cannot be read: {name}", "Compare it with a tag that works."),
    "T-UNCLOSED": ("A tag is opened and not closed: {name}", "Close it with }} or %}."),
    "T-STRAY": ("Braces that make no tag: {name}", "Write two braces on each side, or take them out."),
    "T-OPEN": ("{name} is never closed.", "Add the endif or endfor that belongs to it."),
    "T-NOT-OPEN": ("{name} closes what was never opened.", "Take it out, or add the if or for before it."),
    "T-CROSSED": ("{name} closes another block than the one that is open.", "Close the inner block first."),
    "T-DEPTH": (
        "{name} stands in another table, row, cell or link than the tag that it belongs to.",
        "Put both at the same depth: both in the text, or both in rows of one table.",
    ),
    "T-BESIDE": (
        "{name} stands beside other words, which would be lost with it.",
        "Give the tag a paragraph (or a row) of its own, or take the letter p or tr out of it.",
    ),
    "T-NO-HOME": (
        "{name} does not stand in what it wants to lift: a paragraph, row, cell or run.",
        "Put it there, or take the letters after the brace out.",
    ),
    "T-SECTION": (
        "{name} stands in the paragraph that ends a section; the page setup would be lost with it.",
        "Put the tag in a paragraph before it.",
    ),
    "T-FIELD": (
        "{name} stands in another field of Word's than the tag that it belongs to.",
        "Put both before the field, or turn the field into text (Ctrl+Shift+F9).",
    ),
    "T-TRACKED": (
        "The tag crosses a change that nobody accepted or rejected: {name}",
        "Accept or reject the changes in Word.",
    ),
    "T-TRIM": (
        "{name} would eat the end of a table cell or of another part of the page.",
        "Take the minus out of the tag.",
    ),
    "T-LOOP": ("{name} works inside a loop only.", "Put it between the for and its endfor."),
    "T-TWICE": ("{name} stands a second time in one cell.", "Leave one of them out."),
    "T-RICH": (
        "{name} takes the place of a whole table row or cell, and no value can.",
        "Take the letters after the braces out.",
    ),
    "T-WRONG-BRACES": (
        "{name} is written in the braces of the other kind.",
        "Two braces print a value; a brace with a per cent sign decides or repeats.",
    ),
    "T-UNSEEN": ("A sign that cannot be seen stands inside the tag.", "Delete the tag and type it anew."),
    "T-QUOTES": (
        "Word's quotation marks quote nothing in a tag: {name}",
        "Type a straight quote: ' or \".",
    ),
    "T-DASH": ("A dash stands in the tag where a minus belongs: {name}", "Type the minus of the keyboard."),
    "T-CAPITALS": ("{name} is written with other capital letters.", "Write it in small letters."),
    "T-GLUED": ("{name}: a space is missing.", "Put a space after the letter that lifts: p, tr, tc or r."),
    "T-LIFT-SPACE": (
        "A space stands before the letter that lifts, which then lifts nothing.",
        "Write the letter right after the brace and the per cent sign.",
    ),
    "T-KEYWORD": (
        "The language of templates has no word {name}.",
        "Decide with if, elif, else, endif; repeat with for, in, endfor; join with and, or, not.",
    ),
    "T-OPERATOR": ("{name} neither compares nor joins.", "Compare with == or !=, join with and, or, not."),
    "T-COMPARE": ("{name} can never be compared with that.", "Compare with a value of the same kind."),
    "T-NUMBER": ("{name} is no number.", "Add and subtract numbers only."),
    "T-ELSE-TWICE": ("{name} stands a second time in one block.", "Leave one of them out."),
    "T-FOR": ("The loop gives its items several names: {name}", "Give the items one name."),
    "T-SHADOW": (
        "The loop calls its items {name}, as a field is called; inside the loop the field is out of reach.",
        "Give the items another name.",
    ),
    "T-UNREAD": (
        "The tag stands where papka fills nothing in (a chart, a drawing, the address of a link): {name}",
        "Move it into the text.",
    ),
    "W-PROPERTY": (
        "The tag stands in the properties of the file, where papka writes its own: {name}",
        "Take it out in Word (File, Info).",
    ),
    "W-COMMENT": ("The tag stands in a Word comment: {name}", "Put it into the text, or delete the comment."),
    "W-DELETED": (
        "The tag stands in text that was deleted with changes tracked: {name}",
        "Accept or reject the changes in Word.",
    ),
    "W-TRACKED": (
        "The tag was put in with changes tracked, and nobody has accepted it: {name}",
        "Accept or reject the changes in Word.",
    ),
    "W-HIDDEN": ("The tag is hidden text: {name}", "Take the effect Hidden off in Word (Font)."),
    "W-FIELD": (
        "The tag stands in the code of a field of Word's, where nobody sees it: {name}",
        "Turn the field into text (Ctrl+Shift+F9), or leave it if it is meant.",
    ),
    "W-BOUND": (
        "The tag stands in a content control that Word fills from elsewhere when the file is opened: {name}",
        "Delete the content control and keep its text.",
    ),
    "W-DRAWING": (
        "The tag stands in a drawing's own text, which is easily overlooked: {name}",
        "Put a text box in its place, or leave it if it is meant.",
    ),
    "W-ATTRIBUTE": (
        "The tag stands in a property that nobody sees, such as a picture's description: {name}",
        "Take it out, or leave it if it is meant.",
    ),
    "E-FORBIDDEN": ("{name} is not part of the language.", "Use fields, comparisons and filters only."),
    "E-FILTER": ("There is no filter {name}.", "Correct the name of the filter."),
    "E-FILTER-ARGS": ("The filter {name} takes plain arguments only.", "Write plain values in its brackets."),
    "E-TEST": ("There is no test {name}.", "Compare with ==, or ask whether it is none."),
    "E-LOOPS": ("Loops are nested too deep.", "Split the table."),
    "E-DEPTH": ("The tag is too complex.", "Make it simpler."),
    "T-OUTSIDE": ("{name} is known only inside its loop.", "Move the tag between the for and its endfor."),
    "T-RESULT": (
        "The tag stands in a field of Word's, which would write over it: {name}",
        "Turn the field into text (Ctrl+Shift+F9), or move the tag out of it.",
    ),
    "W-CHANGES": (
        "The paragraph holds changes that nobody accepted or rejected; they would stand in every paper.",
        "Accept or reject the changes in Word.",
    ),
    "T-MERGEFIELD": (
        "A mail-merge field is not filled in by papka: {name}",
        "Put a tag in its place.",
    ),
    "W-PLACEHOLDER": (
        "The tag is the prompt of a content control and no text: {name}",
        "Type the tag into the content control, or delete the control.",
    ),
    "T-INSIDE": (
        "Something that is no text stands inside the tag: {name}",
        "Take the picture, note or page break out of the tag, or type the tag anew.",
    ),
    "T-CONST": (
        "{name} is always the same, whatever the case says.",
        "A name in quotes is plain words: take the quotes off.",
    ),
}


def told(
    file: str, code: str, words: str, place: TagPlace, span: tuple[int, int], near: str | None = None
) -> Finding:
    """Make a finding about characters of a paragraph."""
    message, cure = sentence(code)
    where = Place(
        file,
        part=place.part,
        paragraph=place.paragraph or None,
        table=place.table,
        row=place.row,
        cell=place.cell,
        text=words or None,
        start=span[0],
        end=span[1],
    )
    severity: Severity = "warning" if code.startswith("W-") or code in WARNINGS else "error"
    return Finding(code, severity, message.format(name=words), cure, near, where)


def sentence(code: str) -> tuple[str, str]:
    """Return the message of a fault, with a place for a name in it, and its cure."""
    message, cure = SENTENCES[code]
    return tr(message), tr(cure)
