"""Assessments: of the family, of a child, of signs and scores, of readiness and of conflicts."""

from __future__ import annotations

from .base import (
    At,
    Contract,
    Id,
    Line,
    MemberRef,
    PersonRef,
    SpecialistRef,
    TaskRef,
    Text,
    YesNo,
    derived,
    fact,
)
from .choices import AspectCode, Dimension, InstrumentKind, OpinionForm
from .values import Day, Score


class Aspect(Contract):
    """One aspect of a neutral assessment: facts, strengths and difficulties side by side."""

    code: AspectCode = fact("аспект", "Аспект")
    facts: Text = fact("факты", "Что происходит (факты)")
    strengths: Text | None = fact("сильные_стороны", "Сильные стороны", None)
    difficulties: Text | None = fact("трудности", "Трудности", None)
    source: Line | None = fact("источник", "Источник сведений", None)


class PreliminaryAssessment(Contract):
    """The neutral preliminary assessment of a family (source text 004)."""

    on: Day = fact("дата", "Дата оценки")
    by: tuple[SpecialistRef, ...] = fact("кто_проводил", "Кто проводил", ())
    first_time: YesNo | None = fact("впервые", "Помощь предлагается впервые", None)
    methods: tuple[Line, ...] = fact("методы", "Методы", ())
    participants: tuple[PersonRef, ...] = fact("участники", "Кто участвовал", ())
    aspects: tuple[Aspect, ...] = fact("аспекты", "Аспекты", ())
    resources: Text | None = fact("ресурсы", "Ресурсы семьи", None)
    conclusion: Text | None = fact("вывод", "Вывод", None)


class SignMark(Contract):
    """Whether a sign that a programme names is there, and what shows it."""

    code: Id = fact("код", "Код признака в программе", example="K1")
    present: YesNo = fact("есть", "Признак есть")
    evidence: Text | None = fact("подтверждение", "Чем подтверждается", None)


class LevelReview(Contract):
    """The specialist's view of the signs from which a programme proposes the level of support."""

    on: Day = fact("дата", "Дата")
    by: SpecialistRef = fact("кто", "Кто составил")
    signs: tuple[SignMark, ...] = fact("признаки", "Признаки", ())
    reasons: Text | None = fact("обоснование", "Обоснование", None)
    dissent: Text | None = fact("несогласие", "Несогласие специалиста и его причина", None)


class ScoreItem(Contract):
    """One item of a score scale."""

    code: Id = fact("код", "Код пункта шкалы", example="income")
    score: Score = fact("балл", "Балл", example="2")
    note: Text | None = fact("описание", "Описание", None)
    strength: Text | None = fact("ресурс", "Сильная сторона, ресурс", None)


class ScoreSheet(Contract):
    """A filled score scale; the scale itself is a data file of the programme."""

    on: Day = fact("дата", "Дата")
    scale: Id = fact("шкала", "Шкала", example="risk")
    by: tuple[SpecialistRef, ...] = fact("кто", "Кто составил", ())
    items: tuple[ScoreItem, ...] = fact("пункты", "Пункты", ())
    life_threat: YesNo = fact("угроза_жизни", "Отмечена угроза жизни", False)
    reasons: Text | None = fact("обоснование", "Обоснование", None)


class Instrument(Contract):
    """An instrument of the deep assessment, and when it was used."""

    kind: InstrumentKind = fact("вид", "Инструмент")
    on: Day = fact("дата", "Дата")
    note: Text | None = fact("итог", "Что показал", None)


class DeepAssessment(Contract):
    """The joint deep assessment of the family's situation (source text 001)."""

    started_on: Day = fact("начата", "Начата")
    completed_on: Day | None = fact("завершена", "Завершена", None)
    by: tuple[SpecialistRef, ...] = fact("кто_проводил", "Кто проводил", ())
    instruments: tuple[Instrument, ...] = fact("инструменты", "Применённые инструменты", ())
    positive_experience: Text | None = fact("положительный_опыт", "Положительный опыт семьи", None)
    needs: Text | None = fact("потребности", "Сводные потребности", None)
    conclusion: Text | None = fact("выводы", "Выводы", None)


class DimensionMark(Contract):
    """One dimension of a child's needs."""

    code: Dimension = fact("измерение", "Измерение")
    score: Score = fact("балл", "Балл: 0 — нет потребности, 3 — острая", example="1")
    strengths: Text | None = fact("сильные_стороны", "Сильные стороны", None)
    needs: Text | None = fact("потребности", "Потребности", None)


TRIANGLE_SIDES = (tuple(Dimension)[:7], tuple(Dimension)[7:13], tuple(Dimension)[13:])


class NeedsTriangle(Contract):
    """The needs of one child in three directions (source text 001)."""

    child: MemberRef = fact("ребёнок", "Ребёнок")
    on: Day = fact("дата", "Дата")
    by: tuple[SpecialistRef, ...] = fact("кто", "Кто составил", ())
    marks: tuple[DimensionMark, ...] = fact("измерения", "Измерения", ())

    def _side(self, index: int) -> tuple[DimensionMark, ...]:
        return tuple(mark for mark in self.marks if mark.code in TRIANGLE_SIDES[index])

    @derived("развитие_ребёнка", "Потребности развития ребёнка", "")
    def development(self, at: At) -> tuple[DimensionMark, ...]:
        """Return the first side of the triangle."""
        return self._side(0)

    @derived("возможности_родителей", "Возможности родителей", "")
    def parenting(self, at: At) -> tuple[DimensionMark, ...]:
        """Return the second side."""
        return self._side(1)

    @derived("семья_и_окружение", "Семья и окружение", "")
    def environment(self, at: At) -> tuple[DimensionMark, ...]:
        """Return the third side."""
        return self._side(2)

    @derived("сумма", "Сумма баллов", "28")
    def total(self, at: At) -> int:
        """Add the scores up."""
        return sum(mark.score for mark in self.marks)


class Strength(Contract):
    """Something to build on."""

    holder: Line | None = fact("чья", "Кому принадлежит: человек, семья, окружение", None)
    text: Text = fact("текст", "Сильная сторона, ресурс", example="бабушка рядом")
    used_in: tuple[TaskRef, ...] = fact("в_задачах", "В каких задачах используется", ())


class ChildOpinion(Contract):
    """What a child said about its life."""

    child: MemberRef = fact("ребёнок", "Ребёнок")
    on: Day = fact("дата", "Дата")
    form: OpinionForm = fact("форма", "Как высказано", OpinionForm.ORAL)
    text: Text = fact("текст", "Слова ребёнка")
    note: Text | None = fact("примечание", "Примечание", None)


class PsychSummary(Contract):
    """What a psychologist found, in plain words; access to it is separate (source text 001, instrument)."""

    on: Day = fact("дата", "Дата")
    by: SpecialistRef = fact("кто", "Кто составил")
    about: MemberRef = fact("о_ком", "О ком")
    methods: tuple[Line, ...] = fact("методики", "Методики", ())
    result: Text = fact("результат", "Результат понятным языком")
    strengths: Text | None = fact("сильные_стороны", "Сильные стороны", None)
    recommendations: Text | None = fact("рекомендации", "Рекомендации для плана", None)
