"""A form that is done becomes a part of the case file; what others wrote there meanwhile is not lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core import yamltext
from ..core.contract.case import Case
from ..core.contract.version import CONTRACT_VERSION
from ..core.errors import AskedWrongly, PapkaError, Refused
from ..core.findings import Finding
from ..core.folders import SETTINGS
from ..core.i18n import tr
from ..core.office import CASE_FILE, Office, find_case, find_office
from ..core.oserrors import not_opened
from ..core.outside import bytes_of
from ..core.paths import Loc, in_words
from ..core.plugging.plugins import Plugins
from ..core.programmes.questions import Form
from ..core.saving import digest_of, save
from ..core.typecheck import nearest
from ..core.vocabulary import record_type
from .drafts import Draft
from .plain import as_answer, follow
from .sheet import Sheet
from .writing import with_answers

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,36}")


_UNDECIDED = "undecided"
"""What a draft says of its case file while two answers wait for the person: the next start asks again."""


class Clashed(PapkaError):
    """Somebody else has answered the same meanwhile.

    Attributes:
        places: Where; the form's own answers stand in its sheet.
    """

    def __init__(self, places: list[Loc]) -> None:
        named = "; ".join(in_words(record_type(Case), place) for place in places)
        words = tr("Somebody else has answered the same meanwhile: {fields}. Your answers are kept.")
        cure = tr("Open the form again: it shows both.")
        super().__init__(f"{words.format(fields=named)} {cure}")
        self.places = places


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
            Clashed: Somebody else has answered the same meanwhile; both answers are kept.
            PapkaError: The case file cannot be read or written; the answers are kept.
        """
        self.sheet.tidy()
        self.keep()
        if clashes := self.look_again():
            raise Clashed(clashes)
        faults = self.sheet.faults() or self._others()
        if faults:
            words = tr("The form is not done: {count} answers are wrong or missing.")
            raise Refused(words.format(count=len(faults)), faults)
        text = with_answers(self.text, self.sheet.changes())
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        save(self.file, text.encode("utf-8"), self.seen)
        self.draft.drop()

    def _others(self) -> list[Finding]:
        """Return faults that no answer of this form can mend; those of the office with their line there."""
        found = self.sheet.others()
        office = find_office(self.file.parent) if found else None
        # What is wrong in the office's settings is refused by them, with file and line.
        return found if office is None or office.settings else []

    def look_again(self) -> list[Loc]:
        """Lay the answers on the case as others have written it meanwhile.

        Returns:
            Places where somebody else has answered otherwise than this form: the form's answer stands, and
            the person decides (`settled`). Until then whoever opens the form is asked again.
        """
        if self.seen is None or not self.file.is_file():
            return []
        raw = _read(self.file)
        if digest_of(raw) == self.seen:
            return []
        data = _data_of(self.file, raw)
        old, mine = self.sheet, self.sheet.changes()
        clashes = [
            place
            for place, value in mine.items()
            if (theirs := as_answer(follow(data, place))) != as_answer(follow(old.before, place))
            and theirs != value
        ]
        self.sheet = Sheet.on(old.form, old.plugins, data, old.given)
        for place, value in mine.items():
            self.sheet.keep(place, value)
        self.sheet.unknown, self.sheet.today = old.unknown, old.today
        self.text, self.seen = raw.decode("utf-8-sig"), digest_of(raw)
        waits = self.draft.digest == _UNDECIDED
        self.settled()
        if clashes or waits:
            self.undecided()
        return clashes

    def undecided(self) -> None:
        """Say that two answers to one question wait for the person: whoever opens the form is asked again."""
        self.draft = replace(self.draft, digest=_UNDECIDED)

    def settled(self) -> None:
        """Say that the person has decided between all answers that were given twice."""
        self.draft = Draft.of(self.file, self.sheet.form.id)


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
        Refused: The case file cannot be read as it is, or the settings of the office have faults.
    """
    plugins = plugins or Plugins()
    file = find_case(asked, start)
    raw = _read(file)
    data = _data_of(file, raw)
    found = form_of(plugins, data["programme"], form)
    sheet = Sheet.on(found, plugins, data, _facts(find_office(file.resolve().parent)))
    return Filling(sheet, file, Draft.of(file, form), raw.decode("utf-8-sig"), digest_of(raw))


def new_case(
    office: Office, folder: str, programme: str, form: str | None = None, plugins: Plugins | None = None
) -> Filling:
    """Begin a case: a folder in the office, and the form with which a case of this programme begins.

    Raises:
        AskedWrongly: The folder is taken or cannot be called so, or the programme has no form to begin with.
        Refused: The settings of the office have faults.
    """
    plugins = plugins or Plugins()
    if not _FOLDER.fullmatch(folder):
        words = tr(
            "A folder is called by Latin letters, digits, a dot, a hyphen: 2026-014. No names of people."
        )
        raise AskedWrongly(words)
    file = office.folder / "cases" / folder / CASE_FILE
    not_there_yet(office, folder, plugins)
    facts = _facts(office)
    if "organisation" not in facts:
        words = tr("The office does not say yet whose cases these are.")
        cure = tr("Fill in organisation in {file} and take the hashes away before it, then begin again.")
        raise AskedWrongly(f"{words} {cure.format(file=office.folder / SETTINGS)}")
    forms = plugins.method(programme).questions.values()
    begins = next((one for one in forms if (one.id == form if form else one.begins)), None)
    if begins is None:
        raise AskedWrongly(
            tr("The programme {name} has no form to begin a case with.").format(name=programme)
        )
    data: Mapping[str, Any] = {"papka": CONTRACT_VERSION, "programme": programme, "id": _code_of(folder)}
    sheet = Sheet.on(begins, plugins, data, facts)
    sheet.before = {}
    return Filling(sheet, file, Draft.of(file, begins.id), "", None)


def not_there_yet(office: Office, folder: str, plugins: Plugins) -> None:
    """Refuse to open a case that is there, and say how to go on with it.

    Raises:
        AskedWrongly: There is one.
    """
    file = office.folder / "cases" / folder / CASE_FILE
    if not file.exists():
        return
    words = tr("There is a case {name} already. To go on with it: papka form fill {name} {form}.")
    try:
        forms = plugins.method(_data_of(file, _read(file))["programme"]).questions.values()
        begins = next((one.id for one in forms if one.begins), tr("FORM"))
    except PapkaError:
        begins = tr("FORM")
    raise AskedWrongly(words.format(name=folder, form=begins))


def _facts(office: Office | None) -> Mapping[str, Any]:
    """Return what the office says for all cases; what is wrong there is told before the first question."""
    return office.facts if office is not None and office.settings else {}


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
        return bytes_of(file)
    except OSError as error:
        raise not_opened(file.name, error) from error
