"""A case opened for work: the file, what it holds, and the method that it follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from . import yamltext
from .contract.case import Case
from .errors import AskedWrongly, PapkaError, Refused
from .expressions import Language
from .findings import Finding, Place
from .folders import SETTINGS
from .i18n import tr
from .loading import load_case, text_of
from .office import Office, find_case, find_office
from .paths import Loc, dotted, in_words, undotted
from .plugging.plugins import Plugins
from .programmes.programme import Programme
from .programmes.region import Method
from .rules import checking
from .rules.checking import DocumentStatus
from .rules.situation import Situation
from .typecheck import nearest
from .vocabulary import RUSSIAN, record_type
from .workdays import STANDARD, Calendar

# A case of a plugin lies in its examples, or a folder or two below.
_ABOVE = 3


@dataclass(frozen=True)
class OpenCase:
    """One case on the desk."""

    path: Path
    case: Case
    plugins: Plugins
    method: Method
    calendar: Calendar = STANDARD

    def on(self, day: date) -> Situation:
        """Return the case as it stood on a day: what happened later is not known to it."""
        case, method = self.case.as_of(day), self.method
        return Situation(case, method.programme, self.language, day, self.calendar, method.forms)

    @property
    def language(self) -> Language:
        """The language of the case's papers."""
        return self.plugins.language_for(self.method)

    def findings(self, day: date) -> list[Finding]:
        """Return what is missing, late or to be looked at on a day, plugins' own findings last."""
        situation = self.on(day)
        found = checking.check(situation, self.method)
        return found + self.plugins.findings(self.case.programme, situation.context, day)

    def documents(self, day: date) -> list[DocumentStatus]:
        """Return how each document of the programme stands on a day."""
        return checking.documents(self.on(day), self.method)


def unknown_codes(path: Path, case: Case, programme: Programme) -> Iterator[Finding]:
    """Find codes of signs and levels that the programme does not have: a slip there would pass in silence."""
    yield from _unknown(path, programme, _codes(lambda name: getattr(case, name), getattr))


def _codes(
    members: Callable[[str], Iterable[Any]], asked: Callable[[Any, str], Any]
) -> Iterator[tuple[Loc, object, bool]]:
    """Go through the codes of a case: where each stands, the code, and whether it is one of a sign."""
    for n, review in enumerate(members("level_reviews")):
        for m, mark in enumerate(asked(review, "signs") or ()):
            yield ("level_reviews", n, "signs", m, "code"), asked(mark, "code"), True
    for name in ("decisions", "plans", "monitoring"):
        for n, one in enumerate(members(name)):
            yield (name, n, "level"), asked(one, "level"), False


def _unknown(path: Path, programme: Programme, used: Iterable[tuple[Loc, object, bool]]) -> Iterator[Finding]:
    signs = {sign.code for sign in programme.signs}
    levels = {level.id for level in programme.levels}
    text = None
    for loc, code, of_sign in used:
        known = signs if of_sign else levels
        if not isinstance(code, str) or code in known:
            continue
        text = text or yamltext.read(path.read_bytes())
        spot, words = text.spot(loc), in_words(record_type(Case), loc, programme.language)
        place = Place(str(path), spot.line, spot.column, dotted(loc), words, excerpt=text.excerpt(spot))
        message = tr("The programme does not have this code.")
        cure = tr("Choose one of: {choices}.").format(choices=", ".join(sorted(known)) or "—")
        yield Finding("F-CODE", "error", message, cure, nearest(code, sorted(known)), place)


def _with_codes(refused: Refused, path: Path, plugins: Plugins) -> Refused:
    """Add the codes that the programme does not have: all faults of a case file are told at once."""
    try:
        read = text_of(path).data
        data = read if isinstance(read, dict) else {}
        programme = plugins.method(str(data.get("programme"))).programme
    except PapkaError:
        return refused

    def members(name: str) -> list[Any]:
        found = data.get(name)
        return found if isinstance(found, list) else []

    def asked(one: object, name: str) -> object:
        found = one.get(name) if isinstance(one, dict) else None
        return found if isinstance(found, str | list) else None

    more = list(_unknown(path, programme, _codes(members, asked)))
    if not more:
        return refused
    found = sorted((*refused.findings, *more), key=lambda one: (one.place.line or 0, one.place.column or 0))
    words = tr("{file} cannot be used: faults found: {count}.")
    return Refused(words.format(file=path.name, count=len(found)), found)


def _in_its_language(refused: Refused, path: Path, plugins: Plugins) -> Refused:
    """Return the refusal of a case file; a programme that is not Russian reads its fields' English names."""
    try:
        data = text_of(path).data
        named = str(data.get("programme")) if isinstance(data, dict) else ""
        language = plugins.method(named).programme.language
    except PapkaError:
        return refused
    if language == RUSSIAN:
        return refused
    found = []
    for one in refused.findings:
        words = in_words(record_type(Case), undotted(one.place.path or ""), language)
        found.append(replace(one, place=replace(one.place, words=words or None)))
    return Refused(str(refused), found)


def open_case(asked: str, start: Path, plugins: Plugins | None = None) -> OpenCase:
    """Open a case by its file, its folder, or its code or number in the office.

    Raises:
        AskedWrongly: There is no such case, or no plugin for its programme.
        Refused: The case file has faults.
    """
    path = find_case(asked, start)
    office = find_office(path.resolve().parent)
    settings = office.settings if office else None
    plugins = plugins or Plugins(start=path.resolve().parent)
    try:
        case = load_case(path, office.facts if office else {}, plugins.country_of)
    except Refused as refused:
        raise _in_its_language(_with_codes(refused, path, plugins), path, plugins) from None
    method = _method(case.programme, path, plugins)
    unknown = list(unknown_codes(path, case, method.programme))
    if unknown:
        words = tr("{file} cannot be used: faults found: {count}.")
        raise Refused(words.format(file=path.name, count=len(unknown)), unknown)
    if office is None or settings is None:
        return OpenCase(path, case, plugins, method)
    own = settings.numbers.get(method.programme.id, {})
    _known_numbers(office, method, own)
    method = method.with_numbers(own).overridden(office.templates)
    return OpenCase(path, case, plugins, method, settings.calendar.calendar())


def _method(programme: str, path: Path, plugins: Plugins) -> Method:
    """Return the programme of a case; who is making a plugin is told that it still has to be installed."""
    try:
        return plugins.method(programme)
    except AskedWrongly:
        named = re.compile(rf"^id: *['\"]?{re.escape(programme)}\b", re.MULTILINE)
        for folder in path.resolve().parents[:_ABOVE]:
            data = folder / "programme.yaml"
            if data.is_file() and named.search(data.read_text("utf-8", errors="replace")):
                words = tr(
                    "The programme {name} lies in {folder} and is not installed. Run: pip install -e {quoted}"
                )
                quoted = f'"{folder}"' if " " in str(folder) else folder
                raise AskedWrongly(words.format(name=programme, folder=folder, quoted=quoted)) from None
        raise


def _known_numbers(office: Office, method: Method, own: Mapping[str, int]) -> None:
    """Refuse a number of the centre that the programme does not have: a slip there would pass in silence."""
    known = sorted(method.programme.settings)
    for name in own:
        if name not in known:
            file = office.folder / SETTINGS
            path = f"numbers.{method.programme.id}.{name}"
            message = tr("The programme has no such number.")
            cure = tr("Choose one of: {choices}.").format(choices=", ".join(known) or "—")
            finding = Finding(
                "F-NUMBER", "error", message, cure, nearest(name, known), Place(str(file), path=path)
            )
            words = tr("{file} cannot be used: faults found: {count}.")
            raise Refused(words.format(file=SETTINGS, count=1), [finding])
