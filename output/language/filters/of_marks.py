"""Filters of empty values, check marks and looks."""

from __future__ import annotations

from ....core.facts import Blank, Look, Missing, Picture, Record, Rich, Rows
from ....core.filters import Filter, LanguagePack
from .entering import PRINTED, enter, equal, has_blank, is_empty, refuse, whole, words_of
from .of_lists import has

TABLE: list[Filter] = []


@enter(
    TABLE,
    "dash",
    "прочерк",
    takes=PRINTED,
    gives="text",
    summary="Прочерк, если значения нет.",
    example="{{ семья.заявитель.телефон|прочерк }}",
    meets_missing=True,
    meets_blank=True,
    speaks=True,
)
def dash(value: object, *, pack: LanguagePack | None = None) -> object:
    """Print a dash for an empty value."""
    return "—" if is_empty(value) else words_of(pack)(value)


@enter(
    TABLE,
    "line",
    "линия",
    takes=PRINTED,
    gives="text",
    summary="Линия для записи от руки, если значения нет; можно задать длину.",
    example="{{ семья.заявитель.телефон|линия(20) }}",
    max_args=1,
    meets_missing=True,
    meets_blank=True,
    speaks=True,
)
def line(value: object, width: object = None, *, pack: LanguagePack | None = None) -> object:
    """Print a line to fill by hand for an empty value."""
    length = 24 if width is None else whole("line", width)
    if not 1 <= length <= 200:
        raise TypeError("line takes a length between 1 and 200")
    if isinstance(value, Blank) and width is not None:
        return "_" * length
    return "_" * length if is_empty(value) else words_of(pack)(value)


@enter(
    TABLE,
    "checkbox",
    "флажок",
    takes=("bool", "choice", "list"),
    gives="text",
    summary="☒ — да, ☐ — нет; с аргументом — ☒, если выбрано это значение.",
    example="{{ семья.заявитель.проживает_совместно|флажок }} живёт с семьёй",
    max_args=1,
    asks_value=True,
    meets_missing=True,
    meets_blank=True,
)
def checkbox(value: object, *chosen: object) -> object:
    """Print a ticked or an empty box: of a yes or no, or of one value among those to choose from."""
    if value is None or isinstance(value, Missing | Blank) or has_blank(value):
        return "☐"
    if chosen:
        ticked = has(value, chosen[0]) if isinstance(value, Rows) else equal(value, chosen[0])
        return "☒" if ticked is True else "☐"
    if not isinstance(value, bool):
        raise refuse("checkbox", value)
    return "☒" if value else "☐"


@enter(
    TABLE,
    "yes_no",
    "да_нет",
    takes=("bool",),
    gives="text",
    summary="Слово «да» или «нет».",
    example="{{ семья.заявитель.проживает_совместно|да_нет }}",
    speaks=True,
)
def yes_no(value: object, *, pack: LanguagePack | None = None) -> object:
    """Print the word for yes or no."""
    if not isinstance(value, bool):
        raise refuse("yes_no", value)
    return words_of(pack)(value)


def _with_look(name: str, value: object, look: Look) -> Rich:
    if isinstance(value, Rich):
        return value.with_look(look)
    if isinstance(value, Record | Rows | Picture) or value is None:
        raise refuse(name, value)
    return Rich(value, frozenset({look}))


@enter(
    TABLE,
    "bold",
    "жирным",
    takes=("rich", *PRINTED),
    gives="rich",
    summary="Жирным шрифтом. Ставится последним: после падежа, даты, прочерка.",
    example="{{ семья.название|жирным }}",
)
def bold(value: object) -> object:
    """Print a value in bold."""
    return _with_look("bold", value, "bold")


@enter(
    TABLE,
    "italic",
    "курсивом",
    takes=("rich", *PRINTED),
    gives="rich",
    summary="Курсивом. Ставится последним.",
    example="{{ куратор.должность|курсивом }}",
)
def italic(value: object) -> object:
    """Print a value in italics."""
    return _with_look("italic", value, "italic")


@enter(
    TABLE,
    "underlined",
    "подчёркнуто",
    takes=("rich", *PRINTED),
    gives="rich",
    summary="С подчёркиванием. Ставится последним.",
    example="{{ семья.заявитель.фио|подчёркнуто }}",
)
def underlined(value: object) -> object:
    """Underline a value."""
    return _with_look("underlined", value, "underline")
