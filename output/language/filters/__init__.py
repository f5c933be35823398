"""The filters that templates and rules use, each with its Russian name and its words for the methodologist.

They are plain functions over plain values. An empty value passes through all but those made for it, so that
the name of the missing field is still there when printing refuses it; and the lines of a paper that is
rendered without data pass through too.
"""

from __future__ import annotations

from ....core.filters import Filter, Unprintable
from ..printing import to_text
from . import of_figures, of_lists, of_marks, of_rules, of_words
from .of_figures import age, date_long, date_plain, day, in_words, money, month_year, plural, years
from .of_lists import (
    count,
    first,
    has,
    joined,
    last,
    lines,
    listing,
    paragraphs,
    pluck,
    sort_by,
    where,
    without,
)
from .of_marks import bold, checkbox, dash, italic, line, underlined, yes_no
from .of_words import (
    accusative,
    agree,
    capital,
    dative,
    full,
    genitive,
    instrumental,
    lower_first,
    prepositional,
    short,
    signature,
)

_TABLES = (of_words.TABLE, of_figures.TABLE, of_marks.TABLE, of_lists.TABLE, of_rules.TABLE)
FILTERS: tuple[Filter, ...] = tuple(one for table in _TABLES for one in table)
"""All filters of these modules, in the order in which the methodologist's list shows them."""

_KNOW_RUSSIAN = [
    "genitive",
    "dative",
    "accusative",
    "instrumental",
    "prepositional",
    "agree",
    "date_long",
    "date_plain",
    "month_year",
    "in_words",
    "money",
    "plural",
    "age",
    "listing",
    "measurable",
]
RUSSIAN: tuple[Filter, ...] = tuple(one for one in FILTERS if one.name in _KNOW_RUSSIAN)
"""Those that know Russian: another language brings its own."""
SHARED: tuple[Filter, ...] = tuple(one for one in FILTERS if one.name not in _KNOW_RUSSIAN)
"""Those that belong to no language: the papers of any may use them."""

__all__ = [
    "FILTERS",
    "RUSSIAN",
    "SHARED",
    "Unprintable",
    "accusative",
    "age",
    "agree",
    "bold",
    "capital",
    "checkbox",
    "count",
    "dash",
    "date_long",
    "date_plain",
    "dative",
    "day",
    "first",
    "full",
    "genitive",
    "has",
    "in_words",
    "instrumental",
    "italic",
    "joined",
    "last",
    "line",
    "lines",
    "listing",
    "lower_first",
    "money",
    "month_year",
    "paragraphs",
    "pluck",
    "plural",
    "prepositional",
    "short",
    "signature",
    "sort_by",
    "to_text",
    "underlined",
    "where",
    "without",
    "years",
    "yes_no",
]
