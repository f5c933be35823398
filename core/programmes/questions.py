"""What a form asks, as data: the contract of ``forms.yaml``.

A form is a list of parts, a part a list of questions, and a question a field of the contract by its path. Its
label, its kind and its choices are the contract's own: what is asked on a terminal, in Word, in a PDF or in a
browser is declared here once. `when` is an expression of the one language, over the facts known so far.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from ..contract.base import Contract, Line, Text, YesNo, fact
from .programme import Expression, Name, Phase, Provenance

CHOICE = ("choice", "выбор")
"""How `among` of a question calls each of those who may be chosen."""


class Question(Contract):
    """One field that is asked for.

    `field` is a path from the case, or from the item of the list that the part goes through:
    ``referral.received_on``, ``birth_date``, ``address.region``. A field that is a list of records is asked
    as a table: `columns` are the fields of its records, and `rows` says whether its rows are given.

    One field may be asked in several ways, each `when` the others are not: a passport is no birth
    certificate. `among` picks those of whom one may be chosen; it calls each of them ``choice``. `paper` says
    in words what `when` says, for a form on paper, where no question comes or goes.
    """

    field: Line = fact("поле", "Поле, о котором вопрос", example="referral.received_on")
    label: Line | None = fact("вопрос", "Вопрос; без этого — название поля", None)
    hint: Text | None = fact("подсказка", "Подсказка под вопросом", None)
    example: Line | None = fact("пример", "Пример ответа; без этого — пример поля", None)
    when: Expression | None = fact("когда", "Когда спрашивать", None)
    paper: Line | None = fact("на_бумаге", "Когда заполнять: слова для бумаги", None, example="у взрослого")
    among: Expression | None = fact("из_кого", "Кого можно выбрать; о каждом говорят choice, выбор", None)
    needed: YesNo = fact("обязательно", "Без ответа форма не готова", False)
    begin: Line | None = fact("сначала", "Что стоит в ответе, пока его не меняли; today — сегодня", None)
    columns: tuple[Line, ...] = fact("графы", "Графы таблицы", ())
    rows: Line | None = fact(
        "строки", "Строки по порядку: signs — признаки программы, scale:код — пункты шкалы", None
    )


def _named(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


Asked = Annotated[Question, BeforeValidator(_named)]
"""An entry of ``ask``: the path of a field, alone or with what the form says of it."""


class Part(Contract):
    """A part of a form: questions about the case, or about each item of one of its lists.

    A new item gets a code out of `code` (``m`` gives ``m.1``, ``m.2`` …), if its contract asks for one, and
    the values of `preset`. `among` picks those items of the list that the part is about.
    """

    title: Line = fact("название", "Название раздела")
    note: Text | None = fact("пояснение", "Пояснение под названием", None)
    when: Expression | None = fact("когда", "Когда раздел нужен", None)
    each: Line | None = fact("для_каждого", "Список дела, по элементам которого спрашивают", None)
    alias: tuple[Name, Line] | None = fact("имя", "Как выражения называют элемент списка", None)
    among: Expression | None = fact("какие", "О каких элементах списка раздел", None)
    one: Line | None = fact("один", "Как назвать один элемент", None, example="Ребёнок")
    add: Line | None = fact("внести", "Как предложить первый элемент", None, example="Внести ребёнка")
    more: Line | None = fact("внести_ещё", "Как предложить ещё один", None, example="Внести ещё ребёнка")
    code: Name | None = fact("код", "С чего начинается код нового элемента", None, example="m")
    preset: dict[str, Line] = fact("готово", "Что сразу записано в новом элементе", {})
    ask: tuple[Asked, ...] = fact("вопросы", "Вопросы")

    @model_validator(mode="after")
    def _each_has_a_name(self) -> Self:
        if (self.each is None) != (self.alias is None):
            raise PydanticCustomError("papka_each", "each and alias belong together", {"field": "each"})
        return self


class Form(Contract):
    """One form: what is asked on one occasion.

    `begins` is set for a form with which a new case can be opened.
    """

    id: Name = fact("код", "Код формы", example="intake")
    title: Line = fact("название", "Название")
    purpose: Text | None = fact("назначение", "Для чего форма, одной фразой", None)
    phase: Phase | None = fact("фаза", "К какой фазе относится", None)
    begins: YesNo = fact("открывает", "С этой формы начинается дело", False)
    parts: tuple[Part, ...] = fact("разделы", "Разделы")
    source: Provenance = fact("источник", "Источник")


class FormFile(Contract):
    """What one ``forms.yaml`` holds."""

    includes: tuple[Name, ...] = fact("общие", "Какие общие формы входят; без этого — все", ())
    forms: tuple[Form, ...] = fact("формы", "Формы", ())

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        ids = [one.id for one in self.forms]
        if len(ids) != len(set(ids)):
            raise PydanticCustomError("papka_twice", "A code stands twice", {"field": "forms"})
        return self
