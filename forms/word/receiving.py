"""A form comes back, from whoever filled it in: it is opened with care and laid on its case, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.bounds import bounded
from ...core.errors import AskedWrongly, PapkaError
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.office import find_office
from ...core.plugging.plugins import Plugins
from ...core.programmes.questions import Form
from ...output.package import PackageFault, open_package
from ..completing import Filling, new_case, on_case
from ..sheet import Sheet
from ..terminal.bookmark import Bookmark
from .gathering import Cell, Shapes, gathered
from .keys import mark_of, shapes
from .laying import sections_of
from .passport import Passport, version_of
from .reading import Written, titles, written_in
from .taking import Reading, taken_over
from .telling import checked_copy

Commented = Callable[[Sequence[tuple[str | None, Finding]]], bytes]


@dataclass(frozen=True)
class Content:
    """What a file holds, before it is known what it belongs to.

    Attributes:
        cells: Returns the fields by key, and the labels of those that the form does not have.
        outside: What was written beside the fields: paragraph and text.
        commented: Returns the file with what has to be said at its fields: the key of each, and the finding.
    """

    passport: Passport
    cells: Callable[[Shapes], tuple[dict[str, Cell], list[str]]]
    outside: list[tuple[int, str]]
    commented: Commented


@dataclass
class Received:
    """A form on the desk, and what was read."""

    filling: Filling
    reading: Reading
    commented: Commented


def receive(
    data: bytes, case: str | None, start: Path, plugins: Plugins | None = None, *, only_known: bool = False
) -> Received:
    """Read a form and lay it on its case; nothing is written yet.

    Args:
        case: The case that the worker means; without it, the one that the form names.
        only_known: Take over from a form of another version what the form of today still asks.

    Raises:
        AskedWrongly: It is no form, or one of another case or programme, or of an unknown one.
        PapkaError: The file is damaged or dangerous, or was made from another version of the form; or the
            form is open in a window, or was begun there.
    """
    plugins = plugins or Plugins()
    with bounded():
        return _received(content_of(data), case, start, plugins, only_known=only_known)


def _received(
    content: Content, case: str | None, start: Path, plugins: Plugins, *, only_known: bool
) -> Received:
    passport = content.passport
    filling = _filling(passport, case, start, plugins)
    Bookmark.beside(filling.draft.path).refuse_elsewhere()
    _no_draft(filling, passport)
    sheet = filling.sheet
    known = _shapes(sheet)
    cells, gone = content.cells(known)
    cells, unknown = _known(cells, known)
    gone = list(dict.fromkeys([*gone, *unknown]))
    if gone and not only_known:
        raise PapkaError(_other_version(sheet.form, passport, gone))
    reading = taken_over(sheet, passport, cells)
    reading.remarks += [_outside(number, text) for number, text in content.outside]
    if gone:
        words = tr("Fields that the form does not have any more were left out: {fields}.")
        cure = tr("If they are still needed, enter them by hand: papka form fill.")
        reading.remarks.append(Finding("F-OLD", "warning", words.format(fields="; ".join(gone)), cure))
    return Received(filling, reading, content.commented)


def content_of(data: bytes) -> Content:
    """Open a file that came from outside.

    Raises:
        AskedWrongly: It is no form of papka's.
        PapkaError: It is damaged or dangerous.
    """
    if data[:5] == b"%PDF-":
        from ..pdf.reading import content_of_pdf

        return content_of_pdf(data)
    try:
        package = open_package(data)
        written = written_in(package)
    except PackageFault as fault:
        raise PapkaError(tr("The form cannot be read: {reason}").format(reason=fault)) from fault
    if written.passport is None:
        raise no_form()
    return Content(
        written.passport,
        lambda known: _of_word(written, known),
        written.outside,
        lambda told: checked_copy(package, [one for _, one in told]),
    )


def no_form() -> AskedWrongly:
    """Return the refusal of a file that is none of papka's forms."""
    words = tr("This is no form of papka's, or it has lost what it says of itself.")
    return AskedWrongly(f"{words} {tr('Make a new one: papka form blank FORM --case CASE.')}")


def _of_word(written: Written, known: Shapes) -> tuple[dict[str, Cell], list[str]]:
    cells, strangers = gathered(written.controls, known)
    return cells, list(titles(strangers))


# --- whose form it is ------------------------------------------------------------------------------------


def _filling(passport: Passport, case: str | None, start: Path, plugins: Plugins) -> Filling:
    asked = case or passport.case
    if asked is None:
        words = tr("The form was made for a case that was not opened yet. Say which case it is: --case.")
        raise AskedWrongly(words)
    try:
        filling = on_case(asked, passport.form, start, plugins)
    except AskedWrongly:
        form = _beginning(passport, plugins) if case and passport.case is None else None
        office = find_office(start)
        if form is None or office is None:
            raise
        return new_case(office, asked, passport.programme, form.id, plugins)
    data = filling.sheet.data
    if passport.case is not None and data.get("id") != passport.case:
        words = tr("The form was made for the case {case}, not for {asked}.")
        cure = tr("Read it without --case, or make a form of the right case: papka form blank.")
        raise AskedWrongly(f"{words.format(case=passport.case, asked=asked)} {cure}")
    if data["programme"] != passport.programme:
        words = tr("The form belongs to the programme {form}, the case to the programme {case}.")
        cure = tr("Make a form of the right case: papka form blank.")
        raise AskedWrongly(f"{words.format(form=passport.programme, case=data['programme'])} {cure}")
    return filling


def _beginning(passport: Passport, plugins: Plugins) -> Form | None:
    form = plugins.method(passport.programme).questions.get(passport.form)
    return form if form is not None and form.begins else None


def _no_draft(filling: Filling, passport: Passport) -> None:
    if filling.draft.is_begun:
        words = tr("Somebody has begun the form {form} of this case and not finished it.")
        cure = tr("Finish it first: papka form fill {case} {form}; then read the file.")
        case = filling.sheet.data["id"]
        raise PapkaError(f"{words.format(form=passport.form)} {cure.format(case=case, form=passport.form)}")


def _shapes(sheet: Sheet) -> Shapes:
    sections = sections_of(sheet, 1)
    return shapes(one for section in sections for block in section.blocks for one in block.questions())


def _known(cells: Mapping[str, Cell], known: Shapes) -> tuple[dict[str, Cell], list[str]]:
    """Part the fields that the form asks from those that it does not have."""
    found, unknown = {}, []
    for key, cell in cells.items():
        if mark_of(_plain(key)).split("_")[1] in known:
            found[key] = cell
        else:
            unknown.append(cell.title or _plain(key))
    return found, list(dict.fromkeys(unknown))


def _plain(key: str) -> str:
    """Return the key of a field without the choice: who could be chosen may have left the case."""
    return key.partition("=")[0]


def _other_version(form: Form, passport: Passport, gone: list[str]) -> str:
    words = tr("The file was made from another version of the form {form}; it asks no more for: {fields}.")
    cure = tr("Make a new one (papka form blank), or take over what is still asked: --only-known.")
    if passport.version == version_of(form):
        words = tr("The file holds fields that the form {form} does not have: {fields}.")
    return f"{words.format(form=form.id, fields='; '.join(gone))} {cure}"


def _outside(number: int, text: str) -> Finding:
    message = tr("Written beside the fields: papka has not taken it over.")
    place = Place(None, paragraph=number, excerpt=text)
    return Finding(
        "F-OUTSIDE", "warning", message, tr("Write it into the field where it belongs."), place=place
    )
