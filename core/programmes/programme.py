"""What a region's method is, as data: the contract of ``programme.yaml``.

Every rule, number and form carries its source. Expressions are written in the language of the templates and
are checked against the vocabulary when the programme is loaded.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ..contract.base import Contract, Id, Line, Text, YesNo, fact
from ..contract.countries import Country
from ..contract.values import Day
from ..findings import Severity, Source, SourceKind

Phase = Literal["intake", "assessment", "planning", "support", "closing"]
Expression = Annotated[str, Field(min_length=1, max_length=4_000)]
Name = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_]*$")]


class Provenance(Contract):
    """Where something comes from."""

    kind: SourceKind = fact("вид", "Вид источника")
    text: Text = fact("текст", "Что за источник")

    def source(self) -> Source:
        """Return it in the shape that findings carry."""
        return Source(self.kind, self.text)


class Basis(Contract):
    """An act or a paper on which the programme stands."""

    title: Text = fact("название", "Название акта")
    source: Provenance = fact("источник", "Источник")


class Level(Contract):
    """How intense the support is."""

    id: Name = fact("код", "Код уровня", example="crisis")
    title: Line = fact("название", "Название уровня", example="кризисный (экстренный)")
    aim: Text | None = fact("направлен_на", "На что направлен", None)
    source: Provenance | None = fact("источник", "Источник", None)


class Sign(Contract):
    """Something that speaks for a level of support."""

    code: Name = fact("код", "Код признака", example="K1")
    title: Line = fact("название", "Признак")
    level: Name | None = fact("уровень", "Для какого уровня характерен", None)
    source: Provenance | None = fact("источник", "Источник", None)


class LevelRow(Contract):
    """One row of the table that proposes a level: the first row that matches wins."""

    id: Id = fact("код", "Код правила", example="KRG-L1")
    when: Expression = fact("когда", "Когда строка подходит")
    propose: Name | None = fact("предложить", "Какой уровень предложить", None)
    reason: Text = fact("причина", "Почему")


class Dated(Contract):
    """A rule with the days on which it is in force; without them it always was and will be."""

    valid_from: Day | None = fact("действует_с", "Действует с", None)
    valid_to: Day | None = fact("действует_по", "Действует по", None)

    def in_force(self, day: date) -> bool:
        """Tell whether the rule is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class LevelTable(Dated):
    """The rule table for the level of support. It proposes; the territorial group decides."""

    source: Provenance = fact("источник", "Источник")
    rows: tuple[LevelRow, ...] = fact("строки", "Строки")


class RiskRow(Contract):
    """One row of the table that turns a total score into a verbal level of risk."""

    id: Id = fact("код", "Код правила", example="SOS-R1")
    when: Expression = fact("когда", "Когда строка подходит")
    risk: Line = fact("риск", "Риск словами", example="высокий")
    reason: Text = fact("причина", "Почему")


class ScaleItem(Contract):
    """One item of a score scale."""

    code: Id = fact("код", "Код пункта", example="income")
    title: Line = fact("название", "Пункт")


class ScaleGroup(Contract):
    """A group of items of a score scale."""

    code: Id = fact("код", "Код группы", example="socio_economic")
    title: Line = fact("название", "Группа критериев")
    items: tuple[ScaleItem, ...] = fact("пункты", "Пункты")


class Scale(Contract):
    """A score scale; a centre may replace the file by its own."""

    id: Id = fact("код", "Код шкалы", example="risk")
    title: Line = fact("название", "Название шкалы")
    demonstration: YesNo = fact("демонстрационная", "Шкала демонстрационная, не утверждена", False)
    lowest: int = fact("от", "Наименьший балл пункта", 0)
    highest: int = fact("до", "Наибольший балл пункта", 3)
    source: Provenance = fact("источник", "Источник")
    groups: tuple[ScaleGroup, ...] = fact("группы", "Группы критериев")

    @property
    def maximum(self) -> int:
        """Return the greatest possible total."""
        return self.highest * sum(len(group.items) for group in self.groups)


class Risk(Dated):
    """How the risk of a family is read from a scale."""

    scale: Id = fact("шкала", "Шкала")
    source: Provenance = fact("источник", "Источник")
    rows: tuple[RiskRow, ...] = fact("строки", "Строки")


class Stage(Contract):
    """A programme's own step; it is entered on a dated event and never typed in."""

    id: Name = fact("код", "Код этапа")
    title: Line = fact("название", "Название этапа")
    phase: Phase = fact("фаза", "Фаза")
    entered_on: Expression = fact("начало", "Какой день открывает этап")
    source: Provenance | None = fact("источник", "Источник", None)


class NumberSeries(Contract):
    """A run of numbers that papers are given when they are issued."""

    id: Name = fact("код", "Код ряда номеров", example="outgoing")
    title: Line = fact("название", "Что нумеруется")
    pattern: Line = fact("вид", "Как пишется номер: {seq} — порядковый, {year} — год", "{seq}")
    yearly: YesNo = fact("по_годам", "Каждый год начинается с единицы", True)
    source: Provenance | None = fact("источник", "Источник", None)

    @field_validator("pattern")
    @classmethod
    def _pattern_counts(cls, pattern: str) -> str:
        try:
            numbers = {pattern.format(seq=seq, year=2025) for seq in (1, 2)}
        except (KeyError, IndexError, ValueError) as error:
            raise PydanticCustomError("papka_pattern", "The pattern of a number cannot be read") from error
        if len(numbers) != 2:
            raise PydanticCustomError("papka_pattern", "The pattern of a number has no {seq}")
        return pattern


class DocumentType(Contract):
    """One kind of paper.

    `each` names the list that the paper is made for, one paper an item, and `alias` how a template and
    `done`, `dated` and `numbered` call that item.
    """

    id: Name = fact("код", "Код вида документа", example="krg_agreement")
    title: Line = fact("название", "Название")
    purpose: Text | None = fact("назначение", "Для чего бумага, одной фразой", None)
    template: Line | None = fact("шаблон", "Файл шаблона; по умолчанию — код вида", None)
    stage: Name | None = fact("этап", "На каком этапе нужен", None)
    required: Expression = fact("нужен_когда", "Когда документ нужен", "true")
    each: Expression | None = fact("для_каждого", "Для каждого из чего", None)
    alias: tuple[Name, Line] | None = fact("имя", "Как шаблон называет то, для чего документ", None)
    given: Expression | None = fact("дано", "Какие сведения должны быть, чтобы составить документ", None)
    needs: Line | None = fact("не_хватает", "Чего не хватает, если сведений нет", None)
    dated: Expression | None = fact("дата", "Дата документа", None)
    numbered: Expression | None = fact("номер", "Номер документа", None)
    series: Name | None = fact("ряд", "Из какого ряда номер, если дело его не называет", None)
    done: Expression | None = fact("готов_когда", "По каким сведениям видно, что документ составлен", None)
    deadline: Id | None = fact("срок", "Код срока", None)
    signed_by: tuple[Line, ...] = fact("подписывают", "Кто подписывает", ())
    copies: int = fact("экземпляров", "Число экземпляров", 1)
    repeated: Line | None = fact("повтор", "Когда повторяется", None)
    notes: tuple[Text, ...] = fact("примечания", "Особые правила; что выведено, а не взято из источника", ())
    source: Provenance = fact("источник", "Источник")

    @model_validator(mode="after")
    def _each_has_a_name(self) -> Self:
        if (self.each is None) != (self.alias is None):
            message = "each and alias belong together"
            raise PydanticCustomError("papka_each", message, {"field": "each"})
        return self

    @property
    def file(self) -> str:
        """Return the file name of the template."""
        return self.template or f"{self.id}.docx"


class Include(Contract):
    """A shared form that a programme takes over, with what the programme itself says of it.

    A shared form knows no stage and no deadline of a programme.
    What is left empty here stays as the form says it.
    """

    id: Name = fact("код", "Код общей формы", example="com_consent_pd")
    stage: Name | None = fact("этап", "На каком этапе нужна", None)
    required: Expression | None = fact("нужен_когда", "Когда нужна", None)
    deadline: Id | None = fact("срок", "Код срока", None)
    repeated: Line | None = fact("повтор", "Когда повторяется", None)

    def applied(self, form: DocumentType) -> DocumentType:
        """Return the shared form as the programme uses it."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name != "id"}
        return form.model_copy(update={name: value for name, value in said.items() if value is not None})


def _named(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


Included = Annotated[Include, BeforeValidator(_named)]
"""An entry of ``includes``: the code of a shared form, alone or with what the programme says of it."""


class Term(Contract):
    """A length of time: a number, or the name of a setting that holds it."""

    working_days: int | Name | None = fact("рабочих_дней", "Рабочих дней", None)
    days: int | Name | None = fact("дней", "Календарных дней", None)
    months: int | Name | None = fact("месяцев", "Месяцев", None)

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if sum(unit is not None for unit in (self.working_days, self.days, self.months)) != 1:
            raise PydanticCustomError("papka_term", "A term has exactly one unit")
        return self


class TermCase(Contract):
    """A term that holds in a special case."""

    when: Expression = fact("когда", "Когда действует")
    term: Term = fact("срок", "Срок")


class Each(Dated):
    """A rule that holds for a case, for each item of a list, or for each pair of items of two lists.

    `each` names the list and `alias` how the rule calls its item; `and_each` and `and_alias` name a second
    list, which may speak of the item of the first.
    """

    each: Expression | None = fact("для_каждого", "Для каждого из чего", None)
    alias: tuple[Name, Line] | None = fact("имя", "Как называется то, что проверяется", None)
    and_each: Expression | None = fact("и_для_каждого", "И для каждого из чего ещё", None)
    and_alias: tuple[Name, Line] | None = fact("и_имя", "Как называется второе", None)

    @model_validator(mode="after")
    def _each_has_a_name(self) -> Self:
        pairs = ((self.each, self.alias), (self.and_each, self.and_alias))
        if any((each is None) != (alias is None) for each, alias in pairs):
            message = "each and alias belong together"
            raise PydanticCustomError("papka_each", message, {"field": "each"})
        return self


class Deadline(Each):
    """Something that has to be done by a day that follows from another day."""

    id: Id = fact("код", "Код срока", example="K-D3")
    title: Line = fact("название", "Что должно быть сделано")
    stage: Name | None = fact("этап", "С какого этапа проверяется", None)
    when: Expression = fact("когда", "Когда срок действует", "true")
    since: Expression = fact("от", "От какого дня считается")
    terms: tuple[TermCase, ...] = fact("особые_сроки", "Особые сроки, первый подходящий", ())
    term: Term = fact("срок", "Срок")
    before: YesNo = fact("заранее", "Не позже чем за такое время до этого дня", False)
    shift: Literal["later", "earlier", "none"] = fact("перенос", "Перенос с нерабочего дня", "later")
    done: Expression = fact("сделано", "Какой день показывает, что сделано")
    severity: Severity = fact("важность", "Важность", "warning")
    cure: Text = fact("что_делать", "Что делать")
    source: Provenance = fact("источник", "Источник")


class Repeated(Dated):
    """Something that has to be done again and again: each time within a term of the time before.

    `done` gives all days on which it was done. `since` is the day from which the first term counts, and
    `until` the day after which nothing more is due. While the work is interrupted the clock stands still.
    """

    id: Id = fact("код", "Код срока", example="K-D7")
    title: Line = fact("название", "Что должно повторяться")
    when: Expression = fact("когда", "Когда правило действует", "true")
    since: Expression = fact("от", "От какого дня считается первый срок")
    until: Expression | None = fact("до", "После какого дня больше не нужно", None)
    terms: tuple[TermCase, ...] = fact("особые_сроки", "Особые сроки, первый подходящий", ())
    term: Term = fact("срок", "Не реже чем")
    shift: Literal["later", "earlier", "none"] = fact("перенос", "Перенос с нерабочего дня", "later")
    done: Expression = fact("сделано", "Дни, в которые сделано (список)")
    severity: Severity = fact("важность", "Важность", "warning")
    cure: Text = fact("что_делать", "Что делать")
    source: Provenance = fact("источник", "Источник")


class Check(Each):
    """Something that a person should look at; it is found where `when` holds."""

    id: Id = fact("код", "Код проверки", example="C-1")
    stage: Name | None = fact("этап", "С какого этапа проверяется", None)
    when: Expression = fact("когда", "Когда есть замечание")
    on: Expression | None = fact("на_дату", "К какому дню относится", None)
    severity: Severity = fact("важность", "Важность", "warning")
    message: Text = fact("замечание", "Замечание, одной фразой")
    cure: Text = fact("что_делать", "Что делать")
    path: Line | None = fact("место", "К какому полю относится", None)
    at: Line | None = fact("поле", "К какому полю элемента; об этом говорит и форма, сразу", None)
    blocks: tuple[Name, ...] = fact("не_даёт", "Какие документы нельзя составить, пока это так", ())
    source: Provenance = fact("источник", "Источник")


class FormerValue(Contract):
    """What a setting was up to a day."""

    until: Day = fact("по", "По какой день действовало")
    value: int = fact("значение", "Значение")


class Setting(Contract):
    """A number that no source states; a centre replaces it by its own."""

    value: int = fact("значение", "Значение")
    label: Line = fact("название", "Что это за число")
    former: tuple[FormerValue, ...] = fact("прежние", "Прежние значения", ())
    source: Provenance = fact("источник", "Источник")

    def on(self, day: date) -> int:
        """Return the number that was in force on a day."""
        then = [one for one in self.former if day <= one.until]
        return min(then, key=lambda one: one.until).value if then else self.value


class Programme(Contract):
    """The whole of a region's method."""

    papka: Literal["1"] = fact("версия", "Версия правил заполнения")
    id: Name = fact("код", "Код программы", example="kurgan_ipss")
    based_on: Name | None = fact("на_основе", "Код программы, от которой записаны только отличия", None)
    title: Text = fact("название", "Название программы")
    short_title: Line = fact("кратко", "Краткое название")
    owner: Text | None = fact("владелец", "Чья программа", None)
    approved_by: Text | None = fact("утверждена", "Чем утверждена", None)
    aim: Text | None = fact("цель", "Цель", None)
    country: Country = fact("страна", "По правилам какой страны программа работает", Country.RUSSIA)
    language: Id = fact("язык", "Код языка документов; его приносит плагин", "ru", example="en")
    example: Line | None = fact("пример", "Файл примера, с которого начинают знакомство", None)
    principles: tuple[Line, ...] = fact("принципы", "Принципы", ())
    legal_basis: tuple[Basis, ...] = fact("правовая_основа", "Правовая основа", ())
    settings: dict[str, Setting] = fact("настройки", "Числа учреждения", {})
    levels: tuple[Level, ...] = fact("уровни", "Уровни", ())
    signs: tuple[Sign, ...] = fact("признаки", "Признаки уровней", ())
    level_table: LevelTable | None = fact("правила_уровня", "Таблица правил уровня", None)
    former_level_tables: tuple[LevelTable, ...] = fact("прежние_правила_уровня", "Прежние таблицы", ())
    risk: Risk | None = fact("риск", "Оценка риска", None)
    former_risks: tuple[Risk, ...] = fact("прежний_риск", "Прежние правила оценки риска", ())
    scales: tuple[Scale, ...] = fact("шкалы", "Шкалы", ())
    stages: tuple[Stage, ...] = fact("этапы", "Этапы")
    closed_on: Expression = fact("закрыт", "Какой день закрывает случай")
    opened_on: Expression = fact("открыт", "Какой день открывает случай")
    series: tuple[NumberSeries, ...] = fact("ряды_номеров", "Ряды номеров", ())
    documents: tuple[DocumentType, ...] = fact("документы", "Виды документов")
    deadlines: tuple[Deadline, ...] = fact("сроки", "Сроки", ())
    repeated: tuple[Repeated, ...] = fact("повторы", "Что повторяется", ())
    checks: tuple[Check, ...] = fact("проверки", "Проверки", ())
    rules: tuple[Id, ...] = fact("общие_правила", "Какие общие сроки и проверки действуют", ())
    includes: tuple[Included, ...] = fact("общие_документы", "Какие общие документы входят", ())

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for field in ("levels", "stages", "documents", "includes", "deadlines", "repeated", "checks"):
            # A rule may stand twice, once for each time in which it was in force.
            ids = [(one.id, getattr(one, "valid_from", None)) for one in getattr(self, field)]
            if len(ids) != len(set(ids)):
                raise PydanticCustomError("papka_twice", "A code stands twice", {"field": field})
        return self

    @model_validator(mode="after")
    def _names_known(self) -> Self:
        levels, stages = {one.id for one in self.levels}, {one.id for one in self.stages}
        proposed = {row.propose for table in self.level_tables for row in table.rows}
        named = proposed | {sign.level for sign in self.signs}
        if named - levels - {None}:
            raise PydanticCustomError(
                "papka_no_level", "A level is named that is not there", {"field": "levels"}
            )
        for field in ("documents", "includes", "deadlines", "checks"):
            for index, one in enumerate(getattr(self, field)):
                if one.stage not in {*stages, None}:
                    message, where = "A stage is named that is not there", (field, index, "stage")
                    raise PydanticCustomError("papka_no_stage", message, {"within": where})
        # A shared rule may be a deadline; whether it is one is known where the shared rules are joined.
        deadlines = {*(one.id for one in self.deadlines), *self.rules}
        for field in ("documents", "includes"):
            for index, one in enumerate(getattr(self, field)):
                if one.deadline not in {*deadlines, None}:
                    message, where = "A deadline is named that is not there", (field, index, "deadline")
                    raise PydanticCustomError("papka_no_deadline", message, {"within": where})
        return self

    @property
    def level_tables(self) -> tuple[LevelTable, ...]:
        """All tables for the level, the present one first."""
        return (*([self.level_table] if self.level_table else ()), *self.former_level_tables)

    @property
    def risks(self) -> tuple[Risk, ...]:
        """All readings of the risk, the present one first."""
        return (*([self.risk] if self.risk else ()), *self.former_risks)

    def level_table_on(self, day: date) -> LevelTable | None:
        """Return the table for the level that was in force on a day."""
        return next((one for one in self.level_tables if one.in_force(day)), None)

    def risk_on(self, day: date) -> Risk | None:
        """Return the reading of the risk that was in force on a day."""
        return next((one for one in self.risks if one.in_force(day)), None)


class RuleList(Contract):
    """Deadlines and checks that every region may put in force, with the numbers they count by."""

    settings: dict[str, Setting] = fact("настройки", "Числа", {})
    series: tuple[NumberSeries, ...] = fact("ряды_номеров", "Ряды номеров", ())
    deadlines: tuple[Deadline, ...] = fact("сроки", "Сроки", ())
    repeated: tuple[Repeated, ...] = fact("повторы", "Что повторяется", ())
    checks: tuple[Check, ...] = fact("проверки", "Проверки", ())

    def ids(self) -> set[str]:
        """Return the codes of its rules."""
        return {one.id for field in RULES for one in getattr(self, field)}


RULES = ("deadlines", "repeated", "checks")
"""The lists of a programme that hold rules."""
