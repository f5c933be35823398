"""Filters of lists."""

from __future__ import annotations

from collections.abc import Callable

from ....core.facts import Blank, Choice, Missing, PersonName, Phrase, Record, Rows
from ....core.filters import Filter, LanguagePack
from ..printing import to_text
from .entering import enter, equal, has_blank, is_empty, refuse, words_of

Words = Callable[[object], str]
TABLE: list[Filter] = []


def rows_of(name: str, value: object) -> Rows:
    """Return a list, of the case or written in the template itself."""
    if isinstance(value, Rows):
        return value
    if isinstance(value, list | tuple):  # written in the template itself: ['а', 'б']
        return Rows(value)
    raise refuse(name, value)


def field_of(name: str, row: object, field: object) -> object:
    """Return a field of one record of a list."""
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


def _joined(name: str, value: object, say: Words, separator: str, last: str) -> object:
    rows = rows_of(name, value)
    if not rows:
        return Missing(name)
    if has_blank(rows):
        return Blank("text", 48)
    texts = [say(one) for one in rows]
    return last.join([separator.join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


@enter(
    TABLE,
    "listing",
    "перечень",
    takes=("list",),
    gives="text",
    summary="Значения списка через запятую, последнее — через «и»: А, Б и В.",
    example="{{ семья.дети|поля('фио')|перечень }}",
)
def listing(value: object) -> object:
    """Print the items of a list: А, Б и В."""
    return _joined("listing", value, to_text, ", ", " и ")


@enter(
    TABLE,
    "joined",
    "через",
    takes=("list",),
    gives="text",
    summary="Значения списка через данный знак.",
    example="{{ семья.дети|поля('фио')|через('; ') }}",
    max_args=1,
    speaks=True,
)
def joined(value: object, separator: object = ", ", *, pack: LanguagePack | None = None) -> object:
    """Print the items of a list with a separator between them."""
    return _joined("joined", value, words_of(pack), to_text(separator), to_text(separator))


@enter(
    TABLE,
    "lines",
    "строками",
    takes=("list",),
    gives="text",
    summary="Значения списка, каждое с новой строки.",
    example="{{ семья.дети|поля('фио')|строками }}",
    speaks=True,
)
def lines(value: object, *, pack: LanguagePack | None = None) -> object:
    """Print the items of a list, each on a line of its own."""
    rows = rows_of("lines", value)
    return "\n".join(map(words_of(pack), rows)) if rows else Missing("lines")


@enter(
    TABLE,
    "paragraphs",
    "абзацами",
    takes=("list", "text", "phrase"),
    gives="text",
    summary="Каждая строка текста или каждое значение списка — отдельным абзацем.",
    example="{{ запрос.содержание|абзацами }}",
    speaks=True,
)
def paragraphs(value: object, *, pack: LanguagePack | None = None) -> object:
    """Print the lines of a text, or the items of a list, each as a paragraph of its own."""
    if isinstance(value, str | Phrase):
        return "\a".join(words_of(pack)(value).splitlines())
    rows = rows_of("paragraphs", value)
    return "\a".join(map(words_of(pack), rows)) if rows else Missing("paragraphs")


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
            return equal(row, condition[0])
        found = field_of(name, row, condition[0])
        if len(condition) == 1:
            return not is_empty(found) and found is not False
        return has(found, condition[1]) is True if isinstance(found, Rows) else equal(found, condition[1])

    rows = rows_of(name, value)
    return Rows(row for row in rows if has_blank(Rows([row])) or fits(row) is keep)


@enter(
    TABLE,
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


@enter(
    TABLE,
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


@enter(
    TABLE,
    "first",
    "первый",
    takes=("list",),
    gives="item",
    summary="Первая запись списка.",
    example="{{ (семья.дети|первый).фио }}",
)
def first(value: object) -> object:
    """Return the first item of a list."""
    rows = rows_of("first", value)
    return rows[0] if rows else Missing("first")


@enter(
    TABLE,
    "last",
    "последний",
    takes=("list",),
    gives="item",
    summary="Последняя запись списка.",
    example="{{ (контакты|последний).дата }}",
)
def last(value: object) -> object:
    """Return the last item of a list."""
    rows = rows_of("last", value)
    return rows[-1] if rows else Missing("last")


@enter(
    TABLE,
    "count",
    "число",
    takes=("list",),
    gives="number",
    summary="Сколько записей в списке.",
    example="{{ семья.дети|число }}",
)
def count(value: object) -> object:
    """Count the items of a list."""
    rows = rows_of("count", value)
    return Blank("number", 4) if has_blank(rows) else len(rows)


@enter(
    TABLE,
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
    if isinstance(value, Blank) or has_blank(value):
        return value
    rows = rows_of("sort_by", value)
    keys = [_sorting(field_of("sort_by", row, field[0]) if field else row) for row in rows]
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
        raise refuse("sort_by", value)
    return False, value


@enter(
    TABLE,
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
    return Rows(field_of("pluck", row, field) for row in rows_of("pluck", value))


@enter(
    TABLE,
    "has",
    "содержит",
    takes=("list", "text", "phrase", "choice"),
    gives="bool",
    summary="Есть ли в списке значение, в тексте — слова.",
    example="{% if семья.вид|содержит('многодетная') %}да{% endif %}",
    max_args=1,
    asks_value=True,
    meets_blank=True,
    speaks=True,
)
def has(value: object, wanted: object, *, pack: LanguagePack | None = None) -> object:
    """Say whether a list holds a value, or a text holds words."""
    if isinstance(value, Blank) or isinstance(wanted, Blank) or has_blank(value):
        return False
    if isinstance(value, str | Phrase | Choice):
        return str(wanted if isinstance(wanted, str) else words_of(pack)(wanted)) in str(value)
    return any(equal(one, wanted) for one in rows_of("has", value))
