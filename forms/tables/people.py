"""Names in one cell, and several people in one cell: taken apart where that is sure, told where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ...core.facts import PersonName, Sex
from ...core.i18n import tr
from .cells import as_day

_PATRONYMIC = re.compile(r"(?:вич|ьич|вна|чна|шна|оглы|кызы|гызы|улы|уулу)$", re.IGNORECASE)
_SONS_AND_DAUGHTERS = frozenset("оглы углы улы уулу кызы гызы кизи".split())  # noqa: SIM905
_DATE = r"(?:\d{1,2}[./,\-]\d{1,2}[./,\-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}\s+[а-яё]{3,9}\s+\d{4})"
_BORN = re.compile(rf"{_DATE}(?:\s*(?:года рождения|г\.?\s*р\.?|года|г\.)(?![а-яё]))?", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}\s*[.)]|[-–—•*])\s*(?=[^\W\d_])")
_AGE = re.compile(r"\(?\b\d{1,2}\s*(?:лет|года?|мес\w*)\b\.?\)?", re.IGNORECASE)
_NEXT = re.compile(rf"({_BORN.pattern}\s*\)?)[,\s]+(?=(?-i:[А-ЯЁ]))", re.IGNORECASE)
_RELATION = re.compile(
    r"\b(сын|дочь|дочка|пасынок|падчерица|внук|внучка|племянник|племянница|подопечный|подопечная)\b", re.I
)
_BOYS = frozenset("сын пасынок внук племянник подопечный брат отец отчим дед дедушка дядя муж".split())  # noqa: SIM905
_GIRLS = frozenset(
    "дочь дочка падчерица внучка племянница подопечная сестра мать мачеха бабушка тетя тётя жена".split()  # noqa: SIM905
)

_LONGEST = 300
"""How long what is said of one person may be; a longer text is no name."""


class Unclear(Exception):
    """A cell could not be taken apart for sure.

    Attributes:
        id: The stable id of the finding.
        cure: What to do.
    """

    def __init__(self, id_: str, message: str, cure: str) -> None:
        super().__init__(message)
        self.id, self.cure = id_, cure


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a cell names him."""

    last: str
    first: str
    patronymic: str | None
    born: str | None = None
    relation: str | None = None


def names_in(typed: str, today: date) -> Named:
    """Take one person out of a cell: the name, and a birthday beside it.

    Raises:
        Unclear: The parts of the name cannot be told apart, or more stands there.
    """
    if len(typed) > _LONGEST:
        raise _unclear()
    born = _BORN.search(typed)
    words = typed
    if born:
        words = typed[: born.start()] + " " + typed[born.end() :]
    relation = _RELATION.search(words)
    if relation:
        words = words[: relation.start()] + " " + words[relation.end() :]
    words = _AGE.sub(" ", _NUMBERING.sub("", words)) if born else _NUMBERING.sub("", words)
    words = re.sub(r"[\s,:()]+(?:род\.?)?(?=\s|$)|\(\s*\)", " ", words)
    last, first, patronymic = _parts(words.split())
    when = as_day(_bare(born[0]), today, birth=True) if born else None
    return Named(last, first, patronymic, when, relation[0].casefold() if relation else None)


def _bare(born: str) -> str:
    return re.sub(r"(\d{4}|\d{2})\D*$", r"\1", born)


def several_in(typed: str, today: date) -> list[Named]:
    """Take several people out of a cell: one beneath another, or with a semicolon or birthdays between.

    Raises:
        Unclear: One of them cannot be told for sure.
    """
    if len(typed) > 30 * _LONGEST:
        raise _unclear()
    lines = [one for one in re.split(r"[\n;]+", typed) if one.strip(" ,.")]
    people = [one for line in lines for one in _NEXT.sub("\\1\n", line).split("\n")]
    return [names_in(one.strip(" ,."), today) for one in people if one.strip(" ,.")]


def _parts(words: list[str]) -> tuple[str, str, str | None]:
    words = [capital(one) for one in words if one not in ("-", "–", "—")]
    if any(re.fullmatch(r"(?:\w\.){1,2}\w?", one) for one in words):
        raise Unclear(
            "I-NAME",
            tr("There are initials instead of a name."),
            tr("Write the name out: Иванова Анна Петровна."),
        )
    if len(words) == 4 and words[3].casefold() in _SONS_AND_DAUGHTERS:
        words = [*words[:2], " ".join(words[2:])]
    if len(words) == 3 and _PATRONYMIC.search(words[1]) and not _PATRONYMIC.search(words[2]):
        words = [words[2], words[0], words[1]]
    if len(words) not in (2, 3):
        raise _unclear()
    return words[0], words[1], words[2] if len(words) == 3 else None


def _unclear() -> Unclear:
    message = tr("The parts of the name cannot be told apart for sure.")
    cure = tr("Write last name, first name, patronymic, one person a line; the rest in its own columns.")
    return Unclear("I-NAME", message, cure)


def capital(word: str) -> str:
    """Write ИВАНОВА as Иванова; what is typed otherwise stays."""
    small = word.casefold() in _SONS_AND_DAUGHTERS
    return word.lower() if small else word.title() if word.isupper() and len(word) > 2 else word


def sex_of(last: str, first: str, patronymic: str | None, relation: str | None) -> Sex | None:
    """Tell the sex by the relation, else by the name; None if neither says it."""
    from ...output.language import names

    word = (relation or "").casefold().split(" ")[0].strip(",;")
    if word in _BOYS:
        return "male"
    if word in _GIRLS:
        return "female"
    return names.sex_of(PersonName(last, first, patronymic, None, {}))


def of_family(last: str, first: str, patronymic: str | None, sex: Sex | None) -> str:
    """Name a family by one of its people: «семья Ивановой А. П.»."""
    from ...output.language import names

    return "семья " + names.decline_name(PersonName(last, first, patronymic, sex, {}, "short", "gen"))
