"""The filters that templates and rules use, each with its Russian name and its words for the methodologist.

They are plain functions over plain values. An empty value passes through all but those made for it, so that
the name of the missing field is still there when printing refuses it; and the lines of a paper that is
rendered without data pass through too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from types import MappingProxyType
from typing import TypeVar

from ...core.facts import (
    NBSP,
    Blank,
    Choice,
    GrammaticalCase,
    Missing,
    NameStyle,
    PersonName,
    Phrase,
    Record,
    Rows,
)
from ...core.filters import Filter
from . import dates, gender, numbers
from .printing import Unprintable, to_text

__all__ = ["FILTERS", "Unprintable", "to_text"]

_Function = TypeVar("_Function", bound=Callable[..., object])
_Value = TypeVar("_Value")
_PRINTED = ("text", "number", "money", "date", "time", "bool", "choice", "name", "phrase")
_WORDS = ("name", "phrase", "text", "choice")
_made: list[Filter] = []

_CASES: Mapping[str, GrammaticalCase] = MappingProxyType(
    {
        "nom": "nom",
        "gen": "gen",
        "dat": "dat",
        "acc": "acc",
        "ins": "ins",
        "prep": "prep",
        "именительный": "nom",
        "родительный": "gen",
        "дательный": "dat",
        "винительный": "acc",
        "творительный": "ins",
        "предложный": "prep",
    }
)
_GENDERS: Mapping[str, numbers.Gender] = MappingProxyType(
    {
        "masc": "masc",
        "fem": "fem",
        "neut": "neut",
        "мужской": "masc",
        "женский": "fem",
        "средний": "neut",
    }
)


def _filter(
    name: str,
    russian: str,
    *,
    takes: tuple[str, ...],
    gives: str,
    summary: str,
    example: str,
    max_args: int = 0,
    meets_missing: bool = False,
    meets_blank: bool = False,
) -> Callable[[_Function], _Function]:
    """Enter a function into the table, and let it see empty values and lines only if it wants to."""

    def enter(function: _Function) -> _Function:
        @wraps(function)
        def guarded(value: object, *arguments: object) -> object:
            for one in (value, *arguments):
                if isinstance(one, Missing) and not meets_missing:
                    return one
            for one in (value, *arguments):
                if isinstance(one, Blank) and not meets_blank:
                    return one
            return function(value, *arguments)

        made = Filter(name, russian, takes, gives, summary, example, guarded, meets_missing, max_args)
        _made.append(made)
        return guarded  # type: ignore[return-value]

    return enter


def _kind(value: object) -> str:
    kinds = {
        str: "text",
        bool: "yes or no",
        int: "a number",
        Decimal: "a number",
        date: "a date",
        datetime: "a date",
        PersonName: "a name",
        Phrase: "a phrase",
        Choice: "a choice",
        Rows: "a list",
        Missing: "an empty value",
        Blank: "a line to fill",
    }
    return "a record" if isinstance(value, Record) else kinds.get(type(value), "something else")


def _refuse(name: str, value: object) -> TypeError:
    return TypeError(f"{name} does not work on {_kind(value)}")


# --- grammatical case --------------------------------------------------------------------------------------


def _in_case(name: str, value: object, case: GrammaticalCase) -> PersonName | Phrase:
    if isinstance(value, PersonName | Phrase):
        return value.in_case(case)
    if isinstance(value, str | Choice):
        return Phrase(str(value), case=case)
    raise _refuse(name, value)


@_filter(
    "genitive",
    "родительный",
    takes=_WORDS,
    gives="same",
    summary="Родительный падеж (кого? чего?): Ткача Ильи Никитича, директора.",
    example="{{ семья.заявитель.фио|родительный }}",
)
def genitive(value: object) -> object:
    """Put a name or words into the genitive."""
    return _in_case("genitive", value, "gen")


@_filter(
    "dative",
    "дательный",
    takes=_WORDS,
    gives="same",
    summary="Дательный падеж (кому? чему?): Ткачу Илье Никитичу, директору.",
    example="{{ семья.заявитель.фио|дательный }}",
)
def dative(value: object) -> object:
    """Put a name or words into the dative."""
    return _in_case("dative", value, "dat")


@_filter(
    "accusative",
    "винительный",
    takes=_WORDS,
    gives="same",
    summary="Винительный падеж (кого? что?): назначить куратором Гусь Наталью Петровну.",
    example="{{ куратор.фио|винительный }}",
)
def accusative(value: object) -> object:
    """Put a name or words into the accusative."""
    return _in_case("accusative", value, "acc")


@_filter(
    "instrumental",
    "творительный",
    takes=_WORDS,
    gives="same",
    summary="Творительный падеж (кем? чем?): между Центром и Черных Любовью Ильиничной.",
    example="{{ семья.заявитель.фио|творительный }}",
)
def instrumental(value: object) -> object:
    """Put a name or words into the instrumental."""
    return _in_case("instrumental", value, "ins")


@_filter(
    "prepositional",
    "предложный",
    takes=_WORDS,
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
        raise _refuse(name, value)
    return value.styled(style)


@_filter(
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


@_filter(
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


@_filter(
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


# --- dates, numbers, money ---------------------------------------------------------------------------------


def _day(name: str, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise _refuse(name, value)


def _whole(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _refuse(name, value)


def _option(name: str, value: object, known: Mapping[str, _Value]) -> _Value:
    if isinstance(value, str) and value in known:
        return known[value]
    raise TypeError(f"{name} takes one of these words: {', '.join(known)}")


@_filter(
    "date_long",
    "датой",
    takes=("date",),
    gives="text",
    summary="Дата с днём в кавычках: «18» февраля 2025 г.",
    example="{{ документ.дата|датой }}",
)
def date_long(value: object) -> object:
    """Print «18» февраля 2025 г."""
    return dates.date_long(_day("date_long", value))


@_filter(
    "date_plain",
    "словом",
    takes=("date",),
    gives="text",
    summary="Дата с месяцем словом: 18 февраля 2025 г.",
    example="{{ документ.дата|словом }}",
)
def date_plain(value: object) -> object:
    """Print 18 февраля 2025 г."""
    return dates.date_plain(_day("date_plain", value))


@_filter(
    "month_year",
    "месяц",
    takes=("date",),
    gives="text",
    summary="Месяц и год: февраль 2025 г.; можно назвать падеж: феврале 2025 г.",
    example="в {{ документ.дата|месяц('предложный') }}",
    max_args=1,
    meets_blank=True,
)
def month_year(value: object, case: object = "nom") -> object:
    """Print февраль 2025 г."""
    if isinstance(value, Blank):
        return Blank("text", 20)
    return dates.month_year(_day("month_year", value), _option("month_year", case, _CASES))


@_filter(
    "in_words",
    "прописью",
    takes=("number", "money", "date"),
    gives="text",
    summary="Число, дата или сумма словами; для числа можно назвать род и падеж.",
    example="{{ семья.дети|число|прописью('мужской', 'родительный') }}",
    max_args=2,
    meets_blank=True,
)
def in_words(value: object, gender_: object = "masc", case: object = "nom") -> object:
    """Write a number, a date or a sum of money in words."""
    if isinstance(value, Blank):
        return Blank("text", 40)
    grammatical = _option("in_words", case, _CASES)
    sort = _option("in_words", gender_, _GENDERS)
    if isinstance(value, Decimal):
        return numbers.money_in_words(value)
    if isinstance(value, date):
        return dates.date_in_words(_day("in_words", value), grammatical)
    return numbers.in_words(_whole("in_words", value), sort, grammatical)


@_filter(
    "money",
    "рублей",
    takes=("number", "money"),
    gives="text",
    summary="Сумма в рублях: 7 900,00 руб.",
    example="{{ семья.заявитель.доход|рублей }}",
)
def money(value: object) -> object:
    """Print an amount of roubles."""
    return numbers.money(value if isinstance(value, Decimal) else Decimal(_whole("money", value)))


@_filter(
    "plural",
    "счёт",
    takes=("number",),
    gives="text",
    summary="Число и слово при нём: 1 ребёнок, 3 ребёнка, 5 детей.",
    example="{{ семья.дети|число|счёт('ребёнок', 'ребёнка', 'детей') }}",
    max_args=3,
    meets_blank=True,
)
def plural(value: object, one: object, few: object, many: object) -> object:
    """Print a number with the form of a noun that goes with it; beside a line the form for many stands."""
    if isinstance(value, Blank):
        return f"{value}{NBSP}{to_text(many)}"
    return numbers.with_unit(_whole("plural", value), to_text(one), to_text(few), to_text(many))


@_filter(
    "age",
    "возраст",
    takes=("date",),
    gives="text",
    summary="Возраст на дату: 12 лет; до года — 7 месяцев.",
    example="{{ семья.заявитель.дата_рождения|возраст(документ.дата) }}",
    max_args=1,
    meets_blank=True,
)
def age(value: object, on: object) -> object:
    """Print the age on a day of someone who was born on another."""
    if isinstance(value, Blank) or isinstance(on, Blank):
        return Blank("number", 8)
    return dates.age_text(_day("age", value), _day("age", on))


@_filter(
    "years",
    "лет",
    takes=("date",),
    gives="number",
    summary="Сколько полных лет на дату, числом: для сравнений.",
    example="{{ ребёнок.дата_рождения|лет(план.дата) }}",
    max_args=1,
)
def years(value: object, on: object) -> object:
    """Count the full years between a birthday and a day."""
    return dates.age(_day("years", value), _day("years", on))


@_filter(
    "day",
    "день",
    takes=("text",),
    gives="date",
    summary="День, написанный словами шаблона: для сравнений.",
    example="{{ (согласие.дата < '2025-09-01'|день)|да_нет }}",
)
def day(value: object) -> object:
    """Read a day that a rule or a template writes down, such as the day a law came into force."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise TypeError("day: a day is written 2025-09-01") from None


# --- words -------------------------------------------------------------------------------------------------


@_filter(
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


def _text(name: str, value: object) -> str:
    if isinstance(value, str | Phrase | PersonName | Choice):
        return to_text(value)
    raise _refuse(name, value)


@_filter(
    "capital",
    "с_заглавной",
    takes=_WORDS,
    gives="text",
    summary="Первая буква заглавная.",
    example="{{ куратор.должность|с_заглавной }}",
)
def capital(value: object) -> object:
    """Begin a text with a capital."""
    text = _text("capital", value)
    return text[:1].upper() + text[1:]


@_filter(
    "lower_first",
    "со_строчной",
    takes=_WORDS,
    gives="text",
    summary="Первая буква строчная.",
    example="{{ куратор.должность|родительный|со_строчной }}",
)
def lower_first(value: object) -> object:
    """Begin a text with a small letter."""
    text = _text("lower_first", value)
    return text[:1].lower() + text[1:]


# --- empty values, marks -----------------------------------------------------------------------------------


def _is_empty(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or isinstance(value, Missing) or (isinstance(value, Rows) and not value)


@_filter(
    "dash",
    "прочерк",
    takes=_PRINTED,
    gives="text",
    summary="Прочерк, если значения нет.",
    example="{{ семья.заявитель.телефон|прочерк }}",
    meets_missing=True,
    meets_blank=True,
)
def dash(value: object) -> object:
    """Print a dash for an empty value."""
    return "—" if _is_empty(value) else to_text(value)


@_filter(
    "line",
    "линия",
    takes=_PRINTED,
    gives="text",
    summary="Линия для записи от руки, если значения нет; можно задать длину.",
    example="{{ семья.заявитель.телефон|линия(20) }}",
    max_args=1,
    meets_missing=True,
    meets_blank=True,
)
def line(value: object, width: object = None) -> object:
    """Print a line to fill by hand for an empty value."""
    length = 24 if width is None else _whole("line", width)
    if not 1 <= length <= 200:
        raise TypeError("line takes a length between 1 and 200")
    if isinstance(value, Blank) and width is not None:
        return "_" * length
    return "_" * length if _is_empty(value) else to_text(value)


@_filter(
    "checkbox",
    "флажок",
    takes=("bool", "choice", "list"),
    gives="text",
    summary="☒ — да, ☐ — нет; с аргументом — ☒, если выбрано это значение.",
    example="{{ семья.заявитель.проживает_совместно|флажок }} живёт с семьёй",
    max_args=1,
    meets_missing=True,
    meets_blank=True,
)
def checkbox(value: object, *chosen: object) -> object:
    """Print a ticked or an empty box: of a yes or no, or of one value among those to choose from."""
    if value is None or isinstance(value, Missing | Blank) or _has_blank(value):
        return "☐"
    if chosen:
        ticked = has(value, chosen[0]) if isinstance(value, Rows) else _equal(value, chosen[0])
        return "☒" if ticked is True else "☐"
    if not isinstance(value, bool):
        raise _refuse("checkbox", value)
    return "☒" if value else "☐"


@_filter(
    "yes_no",
    "да_нет",
    takes=("bool",),
    gives="text",
    summary="Слово «да» или «нет».",
    example="{{ семья.заявитель.проживает_совместно|да_нет }}",
)
def yes_no(value: object) -> object:
    """Print да or нет."""
    if not isinstance(value, bool):
        raise _refuse("yes_no", value)
    return to_text(value)


# --- lists -------------------------------------------------------------------------------------------------


def _rows(name: str, value: object) -> Rows:
    if isinstance(value, Rows):
        return value
    if isinstance(value, list | tuple):  # written in the template itself: ['а', 'б']
        return Rows(value)
    raise _refuse(name, value)


def _has_blank(value: object) -> bool:
    """Say whether a list, or a record, is that of a paper without data."""
    if isinstance(value, Record):
        return any(isinstance(one, Blank) for one in value.values())
    return isinstance(value, Rows) and any(isinstance(one, Blank) or _has_blank(one) for one in value)


def _field(name: str, row: object, field: object) -> object:
    if isinstance(row, Blank):
        return row
    if not isinstance(row, Record):
        raise TypeError(f"{name} works on a list of records")
    if not isinstance(field, str):
        raise TypeError(f"{name} takes the name of a field")
    try:
        return row[field]
    except KeyError:
        raise TypeError(f"{name}: {row.kind} has no field {field}") from None


def _equal(value: object, wanted: object) -> bool:
    if isinstance(value, Missing) or isinstance(wanted, Missing):
        return False
    if isinstance(value, Record) and isinstance(wanted, str):
        # What a case refers to by its code is found by that code.
        return "id" in value and value["id"] == wanted
    one = value.text if isinstance(value, Phrase) else value
    other = wanted.text if isinstance(wanted, Phrase) else wanted
    return bool(one == other)


def _joined(name: str, value: object, separator: str, last: str) -> object:
    rows = _rows(name, value)
    if not rows:
        return Missing(name)
    if _has_blank(rows):
        return Blank("text", 48)
    texts = [to_text(one) for one in rows]
    return last.join([separator.join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


@_filter(
    "listing",
    "перечень",
    takes=("list",),
    gives="text",
    summary="Значения списка через запятую, последнее — через «и»: А, Б и В.",
    example="{{ семья.дети|поля('фио')|перечень }}",
)
def listing(value: object) -> object:
    """Print the items of a list: А, Б и В."""
    return _joined("listing", value, ", ", " и ")


@_filter(
    "joined",
    "через",
    takes=("list",),
    gives="text",
    summary="Значения списка через данный знак.",
    example="{{ семья.дети|поля('фио')|через('; ') }}",
    max_args=1,
)
def joined(value: object, separator: object = ", ") -> object:
    """Print the items of a list with a separator between them."""
    return _joined("joined", value, to_text(separator), to_text(separator))


@_filter(
    "lines",
    "строками",
    takes=("list",),
    gives="text",
    summary="Значения списка, каждое с новой строки.",
    example="{{ семья.дети|поля('фио')|строками }}",
)
def lines(value: object) -> object:
    """Print the items of a list, each on a line of its own."""
    rows = _rows("lines", value)
    return "\n".join(to_text(one) for one in rows) if rows else Missing("lines")


def _kept(name: str, value: object, condition: tuple[object, ...], keep: bool) -> object:
    """Keep (or leave out) the rows whose field is filled, or is equal to a value.

    A row of a paper without data is always kept; so is every row when the value to compare with is a line.
    """
    if isinstance(value, Blank) or any(isinstance(one, Blank) for one in condition):
        return value
    if not 1 <= len(condition) <= 2:
        raise TypeError(f"{name} takes one or two arguments")

    def fits(row: object) -> bool:
        if len(condition) == 1 and not isinstance(row, Record):
            return _equal(row, condition[0])
        found = _field(name, row, condition[0])
        if len(condition) == 1:
            return not _is_empty(found) and found is not False
        return has(found, condition[1]) is True if isinstance(found, Rows) else _equal(found, condition[1])

    rows = _rows(name, value)
    return Rows(row for row in rows if _has_blank(Rows([row])) or fits(row) is keep)


@_filter(
    "where",
    "где",
    takes=("list",),
    gives="same",
    summary="Записи списка, у которых поле заполнено или равно значению.",
    example="{% for член in семья.члены|где('проживает_совместно') %}{{ член.фио }}{% endfor %}",
    max_args=2,
    meets_blank=True,
)
def where(value: object, *condition: object) -> object:
    """Keep the records whose field is filled, or equals a value."""
    return _kept("where", value, condition, keep=True)


@_filter(
    "without",
    "кроме",
    takes=("list",),
    gives="same",
    summary="Записи списка, кроме тех, у которых поле заполнено или равно значению.",
    example="{% for член in семья.члены|кроме('родство', 'мать') %}{{ член.фио }}{% endfor %}",
    max_args=2,
    meets_blank=True,
)
def without(value: object, *condition: object) -> object:
    """Leave out the records whose field is filled, or equals a value; or the items that equal it."""
    return _kept("without", value, condition, keep=False)


@_filter(
    "first",
    "первый",
    takes=("list",),
    gives="item",
    summary="Первая запись списка.",
    example="{{ (семья.дети|первый).фио }}",
)
def first(value: object) -> object:
    """Return the first item of a list."""
    rows = _rows("first", value)
    return rows[0] if rows else Missing("first")


@_filter(
    "last",
    "последний",
    takes=("list",),
    gives="item",
    summary="Последняя запись списка.",
    example="{{ (контакты|последний).дата }}",
)
def last(value: object) -> object:
    """Return the last item of a list."""
    rows = _rows("last", value)
    return rows[-1] if rows else Missing("last")


@_filter(
    "count",
    "число",
    takes=("list",),
    gives="number",
    summary="Сколько записей в списке.",
    example="{{ семья.дети|число }}",
)
def count(value: object) -> object:
    """Count the items of a list."""
    rows = _rows("count", value)
    return Blank("number", 4) if _has_blank(rows) else len(rows)


@_filter(
    "sort_by",
    "по_порядку",
    takes=("list",),
    gives="same",
    summary="Записи списка по возрастанию поля; без значения — в конце.",
    example="{% for контакт in контакты|по_порядку('дата') %}{{ контакт.дата }}{% endfor %}",
    max_args=1,
    meets_blank=True,
)
def sort_by(value: object, *field: object) -> object:
    """Sort records by a field, or plain items by themselves; those without a value come last."""
    if isinstance(value, Blank) or _has_blank(value):
        return value
    rows = _rows("sort_by", value)
    keys = [_sorting(_field("sort_by", row, field[0]) if field else row) for row in rows]
    try:
        order = sorted(range(len(rows)), key=keys.__getitem__)
    except TypeError:
        raise TypeError("sort_by: these values have no common order") from None
    return Rows(rows[place] for place in order)


def _sorting(value: object) -> tuple[bool, object]:
    if isinstance(value, Missing) or value is None:
        return True, 0
    if isinstance(value, str | Choice | PersonName | Phrase):
        # ё is a letter of its own, between е and ж
        return False, str(value).casefold().replace("ё", "е\uffff")
    if isinstance(value, Record | Rows):
        raise _refuse("sort_by", value)
    return False, value


@_filter(
    "pluck",
    "поля",
    takes=("list",),
    gives="list",
    summary="Список значений одного поля всех записей.",
    example="{{ семья.дети|поля('фио')|перечень }}",
    max_args=1,
)
def pluck(value: object, field: object) -> object:
    """Return the list of one field of each record."""
    return Rows(_field("pluck", row, field) for row in _rows("pluck", value))


@_filter(
    "has",
    "содержит",
    takes=("list", "text", "phrase", "choice"),
    gives="bool",
    summary="Есть ли в списке значение, в тексте — слова.",
    example="{% if семья.вид|содержит('многодетная') %}да{% endif %}",
    max_args=1,
    meets_blank=True,
)
def has(value: object, wanted: object) -> object:
    """Say whether a list holds a value, or a text holds words."""
    if isinstance(value, Blank) or isinstance(wanted, Blank) or _has_blank(value):
        return False
    if isinstance(value, str | Phrase | Choice):
        return str(wanted if isinstance(wanted, str) else to_text(wanted)) in str(value)
    return any(_equal(one, wanted) for one in _rows("has", value))


FILTERS: tuple[Filter, ...] = tuple(_made)
"""All filters of this module, in the order in which the methodologist's list shows them."""
