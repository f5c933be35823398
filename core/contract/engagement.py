"""Engagement, readiness for change, conflicts, and the people around the family."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import ConflictRef, Contract, Id, Line, MemberRef, SpecialistRef, Text, YesNo, fact
from .choices import (
    Barrier,
    ChangeFactor,
    ConflictCause,
    ConflictMethod,
    Gesture,
    Intervention,
    SupportFlow,
    TieStrength,
    WorkerQuality,
)
from .values import Day, Phone, Rank


class Engagement(Contract):
    """Two separate scales of engagement (source text 000); they are never averaged."""

    on: Day = fact("дата", "Дата")
    about: MemberRef | None = fact("о_ком", "О ком, если не обо всей семье", None)
    by: SpecialistRef | None = fact("кто", "Кто составил", None)
    relationship_position: Rank = fact("отношения", "Место на шкале отношений, от 1 до 5")
    change_engagement: Rank = fact("изменения", "Вовлечённость в изменения, от 1 до 5")
    receptivity: Rank | None = fact("восприимчивость", "Восприимчивость", None)
    expectancy: Rank | None = fact("ожидание", "Ожидание пользы", None)
    investment: Rank | None = fact("вложение", "Вложение усилий", None)
    working_relationship: Rank | None = fact("рабочие_отношения", "Рабочие отношения", None)
    mistrust: Rank | None = fact("недоверие", "Недоверие", None)
    discussed_with_client: YesNo = fact("обсуждено", "Обсуждено с клиентом", False)
    supervisor_consulted_on: Day | None = fact("супервизия", "Обсуждено с супервизором", None)
    preference: Text | None = fact("предпочтение", "Каких отношений хочет клиент", None)
    qualities: tuple[WorkerQuality, ...] = fact("качества", "Качества специалиста, отмеченные семьёй", ())
    barriers: tuple[Barrier, ...] = fact("барьеры", "Что мешает", ())
    conclusion: Text | None = fact("вывод", "Вывод", None)


class ChangeFactorMark(Contract):
    """One factor of readiness for change."""

    code: ChangeFactor = fact("фактор", "Фактор")
    facts: Text | None = fact("факты", "Что говорит и делает родитель (факты)", None)
    score: Annotated[int, Field(ge=0, le=4)] | None = fact("оценка", "Оценка, от 0 до 4", None, example="2")
    strengthen: Text | None = fact("усилить", "Что усилить", None)


class ChangeFactors(Contract):
    """A parent's readiness for change by five factors (T. Morton, in source text 004)."""

    on: Day = fact("дата", "Дата")
    by: SpecialistRef = fact("кто", "Кто составил")
    about: MemberRef = fact("о_ком", "О ком")
    marks: tuple[ChangeFactorMark, ...] = fact("факторы", "Факторы", ())
    interventions: tuple[Intervention, ...] = fact("интервенции", "Выбранные мотивационные интервенции", ())
    conclusion: Text | None = fact("вывод", "Вывод", None)


class Conflict(Contract):
    """A conflict and what was done about it (source text 002)."""

    id: Id = fact("код", "Условное обозначение", example="con.1")
    on: Day = fact("дата", "Дата")
    by: SpecialistRef | None = fact("кто", "Кто составил", None)
    sides: tuple[Line, ...] = fact("стороны", "Стороны", (), example="мать и бабушка")
    occasion: Text = fact("повод", "Повод")
    causes: tuple[ConflictCause, ...] = fact("причины", "Причины", ())
    key: YesNo = fact("ключевой", "Ключевой конфликт", False)
    rank: Rank | None = fact("острота", "Острота, от 1 до 5", None)
    linked: tuple[ConflictRef, ...] = fact("связан_с", "С какими конфликтами связан", ())
    methods: tuple[ConflictMethod, ...] = fact("методы", "Как изучен", ())
    resources: Text | None = fact("ресурсы", "Ресурсы", None)
    gestures: tuple[Gesture, ...] = fact("жесты", "Применённые жесты примирения", ())
    agreements: Text | None = fact("договорённости", "О чём договорились", None)
    check_on: Day | None = fact("проверить", "Когда проверить", None)
    resolved_on: Day | None = fact("улажен", "Когда улажен", None)
    outcome: Text | None = fact("итог", "Итог", None)


class Surrounding(Contract):
    """Somebody around the family: a relative, a neighbour, an organisation (source text 002).

    Taking part is voluntary, and nobody is reproached; the role is agreed with the person.
    """

    name: Line = fact("имя", "Человек или организация", example="соседка Анна Ивановна")
    who: Line | None = fact("кто_это", "Кем приходится семье", None, example="соседка")
    member: MemberRef | None = fact("член_семьи", "Если это член семьи из дела", None)
    tie: TieStrength | None = fact("связь", "Какова связь", None)
    support: SupportFlow | None = fact("помощь", "Кто кому помогает", None)
    phone: Phone | None = fact("телефон", "Телефон", None)
    role: Text | None = fact("роль", "О какой роли договорились", None)
    agreed_on: Day | None = fact("согласовано", "Когда договорились", None)
    note: Text | None = fact("примечание", "Примечание", None)
