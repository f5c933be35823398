"""What a register and a report are, as data: the contract of ``registers.yaml``.

A register is a table with a row for each thing of each case; a report counts. Both are read from the cases
of an office and from nothing else. Their expressions are those of templates and rules. A value that holds
tags in braces is a text with tags, as in a Word template.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ..contract.base import Contract, Line, Text, YesNo, fact
from ..contract.choices import AddresseeKind
from .programme import Expression, Name, Provenance, Setting

Width = Annotated[int, Field(ge=1, le=20)]
Span = Literal["all", "year", "quarter", "month"]
"""What a report covers if nobody names a period: all that is known, or the time since the year began …"""


def is_text(value: str) -> bool:
    """Tell whether a value is a text with tags, and no single expression."""
    return "{{" in value or "{%" in value


class Over(Contract):
    """What is gone through: the case itself, or each item of a list of it for which `when` holds."""

    each: Expression | None = fact("для_каждого", "Для каждого из чего; без этого — для каждого дела", None)
    alias: tuple[Name, Line] | None = fact("имя", "Как называется то, что перебирают", None)
    when: Expression | None = fact("когда", "Что из этого берётся", None)

    @model_validator(mode="after")
    def _each_has_a_name(self) -> Self:
        if (self.each is None) != (self.alias is None):
            message = "each and alias belong together"
            raise PydanticCustomError("papka_each", message, {"field": "each"})
        return self


class Column(Contract):
    """One column.

    `to` names the addressees who may see it: an extract for an addressee holds no other column. `days` counts
    how many days are left until the day of the row, or have passed since: it needs no value.
    """

    title: Line = fact("название", "Заголовок графы")
    value: Expression | None = fact("значение", "Что стоит в графе; без этого её заполняют от руки", None)
    days: Literal["left", "passed"] | None = fact("дней", "Сколько дней осталось до дня строки, прошло", None)
    width: Width = fact("ширина", "Ширина графы против других", 2)
    to: tuple[AddresseeKind, ...] = fact("кому", "Кому из адресатов можно показать графу", ())


class More(Over):
    """Another list whose items stand in the same register, with a value for each of its columns."""

    dated: Expression | None = fact("дата", "День строки", None)
    values: tuple[Expression, ...] = fact("значения", "Значения граф по порядку")


class Register(Over):
    """A register: rows of all cases, in the order of their days.

    `dated` gives the day of a row: by it rows are put in order and kept within a period.
    """

    id: Name = fact("код", "Код журнала", example="com_register_families")
    title: Line = fact("название", "Название журнала")
    dated: Expression | None = fact("дата", "День строки", None)
    columns: tuple[Column, ...] = fact("графы", "Графы")
    also: tuple[More, ...] = fact("ещё", "Что ещё записывается в тот же журнал", ())
    note: Text | None = fact("примечание", "Примечание под таблицей", None)
    source: Provenance = fact("источник", "Источник")

    @model_validator(mode="after")
    def _as_many_values_as_columns(self) -> Self:
        if any(len(one.values) != len(self.columns) for one in self.also):
            raise PydanticCustomError("papka_columns", "A value for each column", {"field": "also"})
        return self


class Measure(Over):
    """One figure: a number, a yes or no, or the length of a list, put together over all cases.

    With `of` it is a share: `value` counts where `of` holds, and the denominator is printed beside it.
    """

    title: Line = fact("название", "Показатель")
    value: Expression | None = fact("значение", "Что считается; без этого число вписывают от руки", None)
    combine: Literal["sum", "mean", "least", "most"] = fact("как", "Сумма, среднее, наименьшее …", "sum")
    of: Expression | None = fact("из", "Из чего берётся доля (знаменатель)", None)
    of_title: Line | None = fact("знаменатель", "Что стоит в знаменателе, словами", None)


class Section(Over):
    """One table of a report: a list (`columns`), figures (`rows`), or figures for each label (`by`).

    Of a row of a list `whose` says who has to do it, and `known_by` by what it is known again tomorrow, when
    its other words may have changed: a calendar that is read twice then holds it once.
    """

    title: Line = fact("название", "Название раздела")
    columns: tuple[Column, ...] = fact("графы", "Графы списка", ())
    dated: Expression | None = fact("дата", "День строки списка", None)
    whose: Expression | None = fact("чьё", "Кто отвечает за строку списка", None)
    known_by: Expression | None = fact("узнаётся_по", "По чему узнают строку списка в другой день", None)
    by: Expression | None = fact("по", "По чему считается: название или список названий", None)
    by_title: Line = fact("по_чему", "Заголовок первой графы", "Показатель")
    labels: tuple[Line, ...] = fact("строки_по_порядку", "Названия, которые печатаются всегда и первыми", ())
    rows: tuple[Measure, ...] = fact("показатели", "Показатели", ())
    blanks: tuple[Line, ...] = fact("от_руки", "Пустые графы для записи от руки", ())
    to: tuple[AddresseeKind, ...] = fact("кому", "Кому из адресатов можно показать раздел без имён", ())
    note: Text | None = fact("примечание", "Примечание под таблицей", None)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.columns) == bool(self.rows or self.by):
            raise PydanticCustomError("papka_section", "Either a list or figures", {"field": "columns"})
        return self


class Report(Contract):
    """A report: tables over all cases for which `among` holds.

    `signed_within` says for how many days one waits for an issued paper before the reminders name it.
    """

    id: Name = fact("код", "Код отчёта", example="com_due_report")
    title: Line = fact("название", "Название отчёта")
    among: Expression | None = fact("о_каких", "О каких делах отчёт; без этого — обо всех", None)
    span: Span = fact("период", "За какое время, если период не назван", "year")
    sections: tuple[Section, ...] = fact("разделы", "Разделы")
    note: Text | None = fact("примечание", "Примечание в начале отчёта", None)
    signed_within: Expression | None = fact(
        "подписи_за", "Сколько дней ждать выпущенный документ с подписями", None
    )
    source: Provenance = fact("источник", "Источник")


class Registry(Contract):
    """What one ``registers.yaml`` holds."""

    settings: dict[str, Setting] = fact("настройки", "Числа, по которым считают отчёты", {})
    includes: tuple[Name, ...] = fact("общие", "Какие общие журналы и отчёты входят", ())
    registers: tuple[Register, ...] = fact("журналы", "Журналы", ())
    reports: tuple[Report, ...] = fact("отчёты", "Отчёты", ())

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        ids = [one.id for one in self._all()]
        if len(ids) != len(set(ids)):
            raise PydanticCustomError("papka_twice", "A code stands twice", {"field": "registers"})
        return self

    def named(self) -> dict[str, Register | Report]:
        """Return registers and reports by their code."""
        return {one.id: one for one in self._all()}

    def _all(self) -> tuple[Register | Report, ...]:
        return (*self.registers, *self.reports)


class PeriodView(Contract):
    """The time that a register or a report covers, as its expressions see it."""

    since: date = fact("с", "Первый день периода")
    until: date = fact("по", "Последний день периода")
    as_of: date = fact("на", "День, на который известны сведения")


class DueView(Contract):
    """Something that has not been done yet and has a last day."""

    rule: Line = fact("правило", "Код срока")
    title: Text = fact("название", "Что должно быть сделано")
    since: date = fact("от", "От какого дня считается")
    due: date = fact("срок", "Последний день")
    days: int = fact("дней", "Сколько дней осталось; меньше нуля — просрочено", 0)
    used: int = fact("прошло", "Сколько процентов срока прошло", 0)
    overdue: YesNo = fact("просрочено", "Просрочено", False)
    repeats: YesNo = fact("повторяется", "Повторяющийся срок", False)
    cure: Text = fact("что_делать", "Что делать")
