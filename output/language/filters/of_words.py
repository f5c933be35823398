"""Filters of words: grammatical case, styles of a name, words that agree, capitals."""

from __future__ import annotations

from ....core.facts import Blank, Choice, GrammaticalCase, Missing, NameStyle, PersonName, Phrase
from ....core.filters import Filter, LanguagePack
from .. import gender
from ..printing import to_text
from .entering import WORDS, enter, refuse, words_of

TABLE: list[Filter] = []


# --- grammatical case --------------------------------------------------------------------------------------


def _in_case(name: str, value: object, case: GrammaticalCase) -> PersonName | Phrase:
    if isinstance(value, PersonName | Phrase):
        return value.in_case(case)
    if isinstance(value, str | Choice):
        return Phrase(str(value), case=case)
    raise refuse(name, value)


@enter(
    TABLE,
    "genitive",
    "родительный",
    takes=WORDS,
    gives="same",
    summary="Родительный падеж (кого? чего?): Ткача Ильи Никитича, директора.",
    example="{{ семья.заявитель.фио|родительный }}",
)
def genitive(value: object) -> object:
    """Put a name or words into the genitive."""
    return _in_case("genitive", value, "gen")


@enter(
    TABLE,
    "dative",
    "дательный",
    takes=WORDS,
    gives="same",
    summary="Дательный падеж (кому? чему?): Ткачу Илье Никитичу, директору.",
    example="{{ семья.заявитель.фио|дательный }}",
)
def dative(value: object) -> object:
    """Put a name or words into the dative."""
    return _in_case("dative", value, "dat")


@enter(
    TABLE,
    "accusative",
    "винительный",
    takes=WORDS,
    gives="same",
    summary="Винительный падеж (кого? что?): назначить куратором Гусь Наталью Петровну.",
    example="{{ куратор.фио|винительный }}",
)
def accusative(value: object) -> object:
    """Put a name or words into the accusative."""
    return _in_case("accusative", value, "acc")


@enter(
    TABLE,
    "instrumental",
    "творительный",
    takes=WORDS,
    gives="same",
    summary="Творительный падеж (кем? чем?): между Центром и Черных Любовью Ильиничной.",
    example="{{ семья.заявитель.фио|творительный }}",
)
def instrumental(value: object) -> object:
    """Put a name or words into the instrumental."""
    return _in_case("instrumental", value, "ins")


@enter(
    TABLE,
    "prepositional",
    "предложный",
    takes=WORDS,
    gives="same",
    summary="Предложный падеж (о ком? о чём?): о Шевченко Льве Игоревиче.",
    example="о {{ семья.заявитель.фио|предложный }}",
)
def prepositional(value: object) -> object:
    """Put a name or words into the prepositional."""
    return _in_case("prepositional", value, "prep")


# --- names -------------------------------------------------------------------------------------------------


def _styled(name: str, value: object, style: NameStyle) -> PersonName:
    if not isinstance(value, PersonName):
        raise refuse(name, value)
    return value.styled(style)


@enter(
    TABLE,
    "short",
    "кратко",
    takes=("name",),
    gives="same",
    summary="Фамилия и инициалы: Черных Л. И.",
    example="{{ семья.заявитель.фио|дательный|кратко }}",
)
def short(value: object) -> object:
    """Print a name as surname and initials."""
    return _styled("short", value, "short")


@enter(
    TABLE,
    "signature",
    "подпись",
    takes=("name",),
    gives="same",
    summary="Инициалы и фамилия, как в строке подписи: Л. И. Черных.",
    example="{{ куратор.фио|подпись }}",
    meets_blank=True,
)
def signature(value: object) -> object:
    """Print a name as initials and surname; in an empty form nothing, for there the line itself stands."""
    if isinstance(value, Blank):
        return Blank(value.kind, 0)
    return _styled("signature", value, "signature")


@enter(
    TABLE,
    "full",
    "полностью",
    takes=("name",),
    gives="same",
    summary="Фамилия, имя и отчество полностью.",
    example="{{ семья.заявитель.фио|полностью }}",
)
def full(value: object) -> object:
    """Print a name in full."""
    return _styled("full", value, "full")


# --- words -------------------------------------------------------------------------------------------------


@enter(
    TABLE,
    "agree",
    "род",
    takes=("choice", "text", "name"),
    gives="text",
    summary="Слово по полу: ознакомлен или ознакомлена; без данных — ознакомлен(а).",
    example="{{ семья.заявитель.пол|род('ознакомлен', 'ознакомлена') }}",
    max_args=2,
    meets_missing=True,
    meets_blank=True,
)
def agree(value: object, masculine: object, feminine: object) -> object:
    """Choose the word that agrees with a person's sex, or the short form for both."""
    sex: object = value
    if isinstance(value, Choice):
        sex = value.code
    elif isinstance(value, PersonName):
        sex = value.sex
    elif value is None or isinstance(value, Missing | Blank):
        sex = None
    if sex not in ("male", "female", None):
        raise TypeError("agree works on a person's sex")
    return gender.agree(None if sex is None else str(sex), to_text(masculine), to_text(feminine))


def _text(name: str, value: object, pack: LanguagePack | None) -> str:
    if isinstance(value, str | Phrase | PersonName | Choice):
        return words_of(pack)(value)
    raise refuse(name, value)


@enter(
    TABLE,
    "capital",
    "с_заглавной",
    takes=WORDS,
    gives="text",
    summary="Первая буква заглавная.",
    example="{{ куратор.должность|с_заглавной }}",
    speaks=True,
)
def capital(value: object, *, pack: LanguagePack | None = None) -> object:
    """Begin a text with a capital."""
    text = _text("capital", value, pack)
    return text[:1].upper() + text[1:]


@enter(
    TABLE,
    "lower_first",
    "со_строчной",
    takes=WORDS,
    gives="text",
    summary="Первая буква строчная.",
    example="{{ куратор.должность|родительный|со_строчной }}",
    speaks=True,
)
def lower_first(value: object, *, pack: LanguagePack | None = None) -> object:
    """Begin a text with a small letter."""
    text = _text("lower_first", value, pack)
    return text[:1].lower() + text[1:]
