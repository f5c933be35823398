"""From a YAML file to a contract, or to every fault at once, each at its place and in the reader's words."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from . import yamltext
from .bounds import bounded
from .contract.base import Contract
from .contract.case import Case
from .contract.choices import DocumentKind, SexChoice
from .contract.countries import Country, in_country
from .contract.people import years_between
from .contract.values import PersonalNo, day_of
from .errors import PapkaError, Refused
from .findings import Finding, Place
from .i18n import tr
from .messages import expected
from .migrating.versions import of_another_version
from .oserrors import not_opened
from .outside import bytes_of
from .paths import Step, dotted, in_words, owner_of
from .programmes.layers import Laid
from .vocabulary import RecordType, Type, record_type

Model = TypeVar("Model", bound=Contract)
PASSPORT_AGE = 14
_Found = tuple[tuple[Step, ...], str, str | None]
_Extra = Callable[[Any], Iterator[_Found]]


def _in_russia(programme: str) -> Country:
    return Country.RUSSIA


def load_case(
    path: Path,
    office: Mapping[str, Any] = MappingProxyType({}),
    country_of: Callable[[str], Country] = _in_russia,
) -> Case:
    """Read a case file.

    Args:
        office: What its office says once for all cases, as it was typed: organisation and specialists.
        country_of: Says in which country a programme works, by its id (`Plugins.country_of`).

    Raises:
        Refused: The file has faults; all of them are in its findings.
        PapkaError: The file cannot be opened.
    """
    with bounded():
        text = text_of(path)
        named = text.data.get("programme") if isinstance(text.data, dict) else None
        return made_of(path, text, Case, extra=case_faults, office=office, country=country_of(str(named)))


def load(
    path: Path,
    model: type[Model],
    *,
    raw: bytes | None = None,
    extra: _Extra | None = None,
    more: dict[str, Any] | None = None,
    office: Mapping[str, Any] = MappingProxyType({}),
    country: Country | None = Country.RUSSIA,
) -> Model:
    """Read a YAML file into a contract.

    Args:
        raw: The bytes, when they are at hand already.
        extra: Finds what no single field can show: (path, code, suggestion).
        more: Top-level values that come from elsewhere.
        office: Top-level values for what the file leaves out; a list is added to, each `id` once.
        country: By whose rules numbers and papers are checked; None: by no country's in particular.
    """
    return made_of(path, text_of(path, raw), model, extra=extra, more=more, office=office, country=country)


def text_of(path: Path, raw: bytes | None = None) -> yamltext.Read:
    """Read a YAML file as plain data that knows its places.

    Raises:
        Refused: The text is not the YAML that papka reads.
        PapkaError: The file cannot be opened.
    """
    try:
        raw = _bytes(path) if raw is None else raw
        text = yamltext.read(raw)
    except yamltext.YamlFault as fault:
        raise Refused(_headline(path, 1), [_syntax(path, raw or b"", fault)]) from fault
    text.file = str(path)
    return text


def made_of(
    path: Path,
    text: yamltext.Read,
    model: type[Model],
    *,
    extra: _Extra | None = None,
    more: dict[str, Any] | None = None,
    office: Mapping[str, Any] = MappingProxyType({}),
    country: Country | None = Country.RUSSIA,
) -> Model:
    """Make a contract of a text that was read, or of several laid one over another (`core/layers.py`).

    Args:
        path: The file that is named as a whole; the place of a fault names the file in which it stands.

    Raises:
        Refused: The data has faults; all of them are in its findings.
    """
    faults = _Faults(path, text, record_type(model))
    if not isinstance(text.data, dict):
        faults.add((), "dict_type", {})
        raise Refused(_headline(path, 1), faults.found)
    if other := of_another_version(path, text, model):
        said = in_words(record_type(model), ("papka",))
        raise Refused(_headline(path, 1), [replace(other, place=replace(other.place, words=said or None))])
    data = with_office(text.data, office) | (more or {})
    made = faults.of(data, model, extra, country)
    if made is None:
        raise Refused(_headline(path, len(faults.found)), faults.sorted())
    return made


def examined(data: Mapping[str, Any], country: Country = Country.RUSSIA) -> tuple[Case | None, list[Finding]]:
    """Hold the plain data of a case that stands in no file yet against the contract.

    Args:
        country: In which the case's programme works.

    Returns:
        The case, if it has no fault; and all faults, each with the path of its field and no line.
    """
    faults = _Faults(Path(), yamltext.Read(dict(data), []), record_type(Case))
    made = faults.of(dict(data), Case, case_faults, country)
    return made, [
        replace(one, place=replace(one.place, file=None, line=None, column=None)) for one in faults.found
    ]


def with_office(data: dict[str, Any], office: Mapping[str, Any]) -> dict[str, Any]:
    """Add what an office says for all of its cases to the plain data of one: a list is added to."""
    whole = dict(data)
    for name, said in office.items():
        own = whole.setdefault(name, said)
        if isinstance(own, list) and isinstance(said, list) and own is not said:
            known = {one.get("id") for one in own if isinstance(one, dict)}
            whole[name] = [*own, *(one for one in said if one.get("id") not in known)]
    return whole


def _headline(path: Path, count: int) -> str:
    return tr("{file} cannot be used: faults found: {count}.").format(file=path.name, count=count)


def _bytes(path: Path) -> bytes:
    try:
        return bytes_of(path, yamltext.MAX_BYTES)
    except FileNotFoundError:
        raise PapkaError(tr("There is no file {file}.").format(file=path)) from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise yamltext.too_large() from error
        raise not_opened(path, error) from error


def _syntax(path: Path, raw: bytes, fault: yamltext.YamlFault) -> Finding:
    lines = yamltext.split_lines(raw.decode("utf-8-sig", errors="replace"))
    spot = fault.spot
    excerpt = lines[spot.line - 1] if 0 < spot.line <= len(lines) else ""
    place = Place(str(path), spot.line, spot.column, excerpt=excerpt)
    cure = {
        "Y-ENCODING": tr("Save the file in the encoding UTF-8: in Notepad, Save as, Encoding."),
        "Y-EMPTY": tr("Begin with an example: papka demo."),
        "Y-TWICE": tr("Keep one of the two."),
        "Y-ALIAS": tr("Write the value out, or put it in quotes."),
        "Y-TAG": tr("Put the value in quotes."),
        "Y-CONTROL": tr("Type the text anew."),
        "Y-MANY": tr("Keep one document in one file."),
        "Y-DEPTH": tr("Keep to the levels that the examples have: papka demo."),
        "Y-KEY": tr("To the left of the colon stands one name, with no brackets and quotes."),
        "Y-SYNTAX": tr("Compare the line with its neighbours."),
        "Y-SIZE": tr("Keep one family in one file, and pictures and scans outside it."),
    }.get(fault.code, tr("Compare the line with its neighbours."))
    return Finding(fault.code, "error", fault.message, cure, place=place)


class _Faults:
    """Gathers faults and gives each its place, its Russian path and the nearest right name."""

    def __init__(self, path: Path, text: yamltext.Read, root: RecordType) -> None:
        self._path = path
        self._text = text
        self._root = root
        self.found: list[Finding] = []

    def of(
        self, data: dict[str, Any], model: type[Model], extra: _Extra | None, country: Country | None
    ) -> Model | None:
        """Hold data against a contract; None if it has faults, which are gathered here."""
        made: Model | None = None
        try:
            made = model.model_validate(data, context=in_country(country))
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                self.pydantic(dict(one))
        for place, code, suggestion in extra(data) if extra else ():
            self.add(place, code, {}, suggestion)
        for slip in self._text.slips if isinstance(self._text, Laid) else ():
            self.add((), slip.kind, {}, slip.nearest, slip.home)
        return None if self.found else made

    def pydantic(self, error: dict[str, Any]) -> None:
        context = error.get("ctx") or {}
        loc = tuple(step for step in error["loc"] if isinstance(step, str | int))
        if "field" in context:
            loc = (*loc, context["field"])
        loc = (*loc, *context.get("within", ()))
        self.add(self._real(loc), str(error["type"]), context)

    def _real(self, loc: tuple[Step, ...]) -> tuple[Step, ...]:
        """Drop what pydantic adds to a path and no file holds, such as the branch of a union."""
        kept: list[Step] = []
        for step in loc:
            trail = (*kept, step)
            known = isinstance(step, int) or owner_of(self._root, tuple(kept)) is not None
            if known or self._text.holds(trail):
                kept.append(step)
        return tuple(kept)

    def _field_type(self, loc: tuple[Step, ...]) -> Type | None:
        names = [step for step in loc if isinstance(step, str)]
        if not names:
            return None
        last = max(index for index, step in enumerate(loc) if isinstance(step, str))
        owner = owner_of(self._root, loc[:last])
        found = owner.find(names[-1]) if owner else None
        type_ = found.type if found else None
        return type_.item if type_ and last < len(loc) - 1 else type_

    def add(
        self,
        loc: tuple[Step, ...],
        code: str,
        context: dict[str, Any],
        suggestion: str | None = None,
        home: yamltext.Home | None = None,
    ) -> None:
        text, loc = home or self._text.home(loc)
        unknown = code == "extra_forbidden"
        spot = text.spot(loc, of_key=unknown)
        if unknown and suggestion is None:
            suggestion = self._nearest(loc)
        if unknown and not _may_be_said(str(loc[-1]), suggestion):
            # A sentence that a comma cut in two is read as a field name; it may be a family's.
            cut = re.search(r"[\s«»,]", str(loc[-1])) is not None
            loc, code = (*loc[:-1], "…"), "papka_comma" if cut else code
        named = {"field": loc[-1] if loc else "", **context}
        message, cure, id_ = expected(code, named, self._field_type(loc))
        if code in ("enum", "literal_error") and suggestion is None:
            suggestion = self._nearest_choice(text, loc)
        file, excerpt = text.file or str(self._path), text.excerpt(spot)
        place = Place(file, spot.line, spot.column, dotted(loc), in_words(self._root, loc), excerpt=excerpt)
        self.found.append(Finding(id_, "error", message, cure, suggestion, place))

    def _nearest(self, loc: tuple[Step, ...]) -> str | None:
        owner = owner_of(self._root, loc[:-1])
        if owner is None or not isinstance(loc[-1], str):
            return None
        typed = [one for one in owner.fields.values() if not one.derived]
        russian = {one.russian: one.name for one in typed}
        names = [one.name for one in typed]
        close = get_close_matches(loc[-1].casefold(), [*names, *russian], n=1, cutoff=0.6)
        return russian.get(close[0], close[0]) if close else None

    def _nearest_choice(self, text: yamltext.Read, loc: tuple[Step, ...]) -> str | None:
        type_ = self._field_type(loc)
        value = _follow(text.data, loc)
        if type_ is None or not isinstance(value, str):
            return None
        words = {word.casefold(): word for pair in type_.choices for word in pair}
        close = get_close_matches(value.casefold(), list(words), n=1, cutoff=0.6)
        return words[close[0]] if close else None

    def sorted(self) -> list[Finding]:
        return sorted(self.found, key=lambda one: (one.place.line or 0, one.place.column or 0))


def _may_be_said(name: str, suggestion: str | None) -> bool:
    """Tell whether an unknown field name is a slip: a Russian word with a capital may be somebody's name."""
    is_word = re.fullmatch(r"\w{1,40}", name) is not None
    return is_word and (suggestion is not None or name.isascii() or name.islower())


def _follow(data: Any, loc: tuple[Step, ...]) -> Any:
    for step in loc:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


# --- what no single field can show -----------------------------------------------------------------------


def case_faults(data: Any) -> Iterator[_Found]:
    """Find references to nobody, ids that stand twice and dates that cannot be, in the raw data of a case.

    It reads the data rather than the model, so that these faults are told together with all the others.
    """
    ids = _ids(data)
    yield from _twice(data)
    yield from _references(data, record_type(Case), (), ids)
    yield from _passports(data)
    yield from _unborn(data)
    yield from _other_person(data)


def _list(data: Any, *path: str) -> list[Any]:
    found = _follow(data, path)
    return found if isinstance(found, list) else []


_TABLES = {
    "member": (("family", "members"),),
    "specialist": (("specialists",),),
    "person": (("specialists",), ("family", "members")),
    "task": (("tasks",),),
    "decision": (("decisions",),),
    "letter": (("letters",),),
    "conflict": (("conflicts",),),
}


def _ids(data: Any) -> dict[str, set[str]]:
    def named(path: tuple[str, ...]) -> set[str]:
        return {str(one["id"]) for one in _list(data, *path) if isinstance(one, dict) and "id" in one}

    return {
        what: set().union(*(named(path) for path in paths))
        for what, paths in _TABLES.items()
        if not any(_hidden(data, path) for path in paths)
    }


def _hidden(data: Any, path: tuple[str, ...]) -> bool:
    """Tell whether a list is there but cannot be read: its name is misspelt, or it has no such shape.

    That is told by itself; without this, each reference into the list would be told as well.
    """
    owner: RecordType | None = record_type(Case)
    for step in path:
        if owner is None or not isinstance(data, dict):
            return True
        if step not in data:
            return any(_means(owner, name, step) for name in data)
        found = owner.find(step)
        owner = record_type(found.type.model) if found and found.type.model else None
        data = data[step]
    return not isinstance(data, list)


def _means(owner: RecordType, name: str, step: str) -> bool:
    if name in owner.fields:
        return False
    return owner.aliases.get(name) == step or bool(get_close_matches(name, [step], cutoff=0.6))


def _twice(data: Any) -> Iterator[_Found]:
    for group in (_TABLES["person"], *(_TABLES[what] for what in ("task", "decision", "letter", "conflict"))):
        seen: set[str] = set()
        for path in group:
            for index, one in enumerate(_list(data, *path)):
                id_ = one.get("id") if isinstance(one, dict) else None
                if isinstance(id_, str) and id_ in seen:
                    yield (*path, index, "id"), "papka_id_twice", None
                if isinstance(id_, str):
                    seen.add(id_)


def _references(
    data: Any, owner: RecordType, path: tuple[Step, ...], ids: dict[str, set[str]]
) -> Iterator[_Found]:
    if not isinstance(data, dict):
        return
    for name, value in data.items():
        found = owner.fields.get(name)
        if found is None or found.derived:
            continue
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        type_ = (found.type.item or found.type) if found.type.kind == "list" else found.type
        for index, item in items:
            here = (*path, name) if index is None else (*path, name, index)
            if type_.refers in ids and isinstance(item, str):
                if item not in ids[type_.refers]:
                    close = get_close_matches(item, sorted(ids[type_.refers]), n=1, cutoff=0.6)
                    yield here, f"papka_no_{type_.refers}", close[0] if close else None
            elif type_.model is not None and type_.refers is None:
                yield from _references(item, record_type(type_.model), here, ids)


def _unborn(data: Any) -> Iterator[_Found]:
    """Find a birth that lies ahead: no rule would see who is not born yet."""
    for path in (("family", "members"), ("specialists",)):
        for index, raw in enumerate(_list(data, *path)):
            born = day_of(_follow(raw, ("birth_date",)))
            if born is not None and born > date.today():
                yield (*path, index, "birth_date"), "papka_unborn", None


_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def _other_person(data: Any) -> Iterator[_Found]:
    """Find a Belarusian identification number that speaks of another day of birth, or of the other sex."""
    for index, raw in enumerate(_list(data, "family", "members")):
        typed = _follow(raw, ("personal_no",))
        if typed is None:
            continue
        try:
            number = TypeAdapter(PersonalNo).validate_python(typed)
        except ValidationError:
            continue
        born, sex = day_of(_follow(raw, ("birth_date",))), SexChoice.of(_follow(raw, ("sex",)))
        said = f"{number[1:3]}.{number[3:5]}.{_CENTURIES[number[0]] + int(number[5:7])}"
        is_male = number[0] in "135"
        if (born and f"{born:%d.%m.%Y}" != said) or (sex and (sex is SexChoice.MALE) != is_male):
            yield ("family", "members", index, "personal_no"), "papka_personal_no_birth", None


def _passports(data: Any) -> Iterator[_Found]:
    for index, raw in enumerate(_list(data, "family", "members")):
        born = day_of(_follow(raw, ("birth_date",)))
        issued = day_of(_follow(raw, ("document", "issued_on")))
        if born is None or issued is None:
            continue
        place = ("family", "members", index, "document", "issued_on")
        kind = DocumentKind.of(_follow(raw, ("document", "kind")))
        if issued < born:
            yield place, "papka_issued_before_birth", None
        elif kind is DocumentKind.PASSPORT_RF and years_between(born, issued) < PASSPORT_AGE:
            yield place, "papka_passport_too_early", None
