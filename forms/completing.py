"""A form that is done becomes a part of the case file; what others wrote there meanwhile is not lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core import yamltext
from ..core.contract.case import Case
from ..core.errors import AskedWrongly, PapkaError, Refused
from ..core.folders import SETTINGS
from ..core.i18n import tr
from ..core.office import CASE_FILE, Office, find_case, find_office
from ..core.oserrors import why
from ..core.paths import in_words
from ..core.plugins import Plugins
from ..core.questions import Form
from ..core.saving import digest_of, save
from ..core.typecheck import nearest
from ..core.vocabulary import record_type
from .drafts import Draft
from .plain import as_answer, follow
from .sheet import Sheet
from .writing import with_answers

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,36}")


@dataclass
class Filling:
    """A form on the desk: the sheet, the file of its case, and the draft that keeps its answers.

    Attributes:
        text: The case file as it was read; empty for a new case.
        seen: Its digest; None: there is none yet.
    """

    sheet: Sheet
    file: Path
    draft: Draft
    text: str
    seen: str | None

    def keep(self) -> None:
        """Keep the answers so far."""
        self.draft.keep(self.sheet)

    def finish(self) -> None:
        """Write the answers into the case file.

        Raises:
            Refused: Answers are wrong or missing, or the case would not be right with them; they are kept.
            PapkaError: Somebody else has changed the case meanwhile, or it cannot be written; they are kept.
        """
        self.sheet.tidy()
        self.keep()
        self._catch_up()
        faults = self.sheet.faults() or self.sheet.others()
        if faults:
            words = tr("The form is not done: {count} answers are wrong or missing.")
            raise Refused(words.format(count=len(faults)), faults)
        text = with_answers(self.text, self.sheet.changes())
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        save(self.file, text.encode("utf-8"), self.seen)
        self.draft.drop()

    def _catch_up(self) -> None:
        """Take over what others have written into the case meanwhile, unless it is another answer of ours."""
        if self.seen is None or not self.file.is_file():
            return
        raw = _read(self.file)
        if digest_of(raw) == self.seen:
            return
        data = _data_of(self.file, raw)
        mine = self.sheet.changes()
        clashes = [
            place
            for place, value in mine.items()
            if (theirs := as_answer(follow(data, place))) != as_answer(follow(self.sheet.before, place))
            and theirs != value
        ]
        if clashes:
            words = tr("Somebody else has answered the same meanwhile: {fields}. Your answers are kept.")
            cure = tr("Open the form again: it shows both.")
            named = "; ".join(in_words(record_type(Case), place) for place in clashes)
            raise PapkaError(f"{words.format(fields=named)} {cure}")
        sheet = Sheet.on(self.sheet.form, self.sheet.plugins, data, self.sheet.given)
        for place, value in mine.items():
            sheet.answer(place, value)
        self.sheet, self.text, self.seen = sheet, raw.decode("utf-8-sig"), digest_of(raw)


def form_of(plugins: Plugins, programme: str, asked: str) -> Form:
    """Return a form of a programme by its code.

    Raises:
        AskedWrongly: The programme has no such form; the nearest name is suggested.
    """
    forms = plugins.method(programme).questions
    if asked in forms:
        return forms[asked]
    near = nearest(asked, list(forms))
    words = tr("The programme has no form {name}.").format(name=asked)
    if near:
        words += " " + tr("Did you mean {name}?").format(name=near)
    raise AskedWrongly(words + " " + tr("See: papka form list."))


def forms_of(asked: str, start: Path, plugins: Plugins) -> list[Form]:
    """Return the forms of the programme that a case belongs to.

    Raises:
        AskedWrongly: There is no such case.
    """
    file = find_case(asked, start)
    data = _data_of(file, _read(file))
    return list(plugins.method(data["programme"]).questions.values())


def on_case(asked: str, form: str, start: Path, plugins: Plugins | None = None) -> Filling:
    """Lay a form on a case that is there.

    Raises:
        AskedWrongly: There is no such case or form.
        Refused: The case file cannot be read as it is.
    """
    plugins = plugins or Plugins()
    file = find_case(asked, start)
    raw = _read(file)
    data = _data_of(file, raw)
    found = form_of(plugins, data["programme"], form)
    office = find_office(file.resolve().parent)
    sheet = Sheet.on(found, plugins, data, office.facts if office else {})
    return Filling(sheet, file, Draft.of(file, form), raw.decode("utf-8-sig"), digest_of(raw))


def new_case(
    office: Office, folder: str, programme: str, form: str | None = None, plugins: Plugins | None = None
) -> Filling:
    """Begin a case: a folder in the office, and the form with which a case of this programme begins.

    Raises:
        AskedWrongly: The folder is taken or cannot be called so, or the programme has no form to begin with.
    """
    plugins = plugins or Plugins()
    if not _FOLDER.fullmatch(folder):
        words = tr(
            "A folder is called by Latin letters, digits, a dot, a hyphen: 2026-014. No names of people."
        )
        raise AskedWrongly(words)
    file = office.folder / "cases" / folder / CASE_FILE
    if file.exists():
        words = tr("There is a case {name} already. To go on with it: papka form fill {name} FORM.")
        raise AskedWrongly(words.format(name=folder))
    if "organisation" not in office.facts:
        words = tr("The office does not say yet whose cases these are.")
        cure = tr("Fill in organisation in {file} and take the hashes away before it, then begin again.")
        raise AskedWrongly(f"{words} {cure.format(file=office.folder / SETTINGS)}")
    forms = plugins.method(programme).questions.values()
    begins = next((one for one in forms if (one.id == form if form else one.begins)), None)
    if begins is None:
        raise AskedWrongly(
            tr("The programme {name} has no form to begin a case with.").format(name=programme)
        )
    data: Mapping[str, Any] = {"papka": "1", "programme": programme, "id": _code_of(folder)}
    sheet = Sheet.on(begins, plugins, data, office.facts)
    sheet.before = {}
    return Filling(sheet, file, Draft.of(file, begins.id), "", None)


def _code_of(folder: str) -> str:
    """Return the code of a case by its folder; the contract wants a letter first."""
    return folder if folder[0].isalpha() else f"D-{folder}"


def _data_of(file: Path, raw: bytes) -> dict[str, Any]:
    try:
        data = yamltext.read(raw).data
    except yamltext.YamlFault as fault:
        words = tr("{file} cannot be used: {reason} Run papka check, which shows the place.")
        raise PapkaError(words.format(file=file.name, reason=fault.message)) from fault
    if not isinstance(data, dict) or not isinstance(data.get("programme"), str):
        raise PapkaError(tr("{file} names no programme.").format(file=file.name))
    return data


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        words = tr("{file} cannot be opened: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=why(error))) from error
