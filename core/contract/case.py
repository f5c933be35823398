"""The case: all that is known of one family's way from the request to the farewell."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from .base import At, Contract, Id, Line, YesNo, derived, fact
from .choices import TaskStatus
from .people import ContactFamily, CuratorTerm, Family, Organisation, Specialist
from .values import Day
from .work import (
    Agreement,
    Application,
    ChildOpinion,
    Closure,
    Consent,
    Contact,
    Decision,
    DeepAssessment,
    Engagement,
    Group,
    Indicators,
    LevelReview,
    LivingConditions,
    Monitoring,
    NeedsTriangle,
    Plan,
    PlanReview,
    PreliminaryAssessment,
    Referral,
    ScoreSheet,
    Service,
    Strength,
    Task,
    TeamMeeting,
)

CONTRACT_VERSION = "1"


class Case(Contract):
    """One family's work. What a case file may hold, and nothing else."""

    papka: Literal["1"] = fact("версия", "Версия правил заполнения", "1")
    programme: Id = fact("программа", "Программа (модель)", example="kurgan_ipss")
    fictional: YesNo = fact("вымышленный", "Случай вымышленный, для обучения", False)
    id: Id = fact("код", "Код дела", example="KRG-2025-0007")
    number: Line | None = fact("номер", "Номер дела", None, example="7/2025")
    planned_end_on: Day | None = fact("плановое_окончание", "Плановое окончание сопровождения", None)
    organisation: Organisation = fact("организация", "Организация")
    specialists: tuple[Specialist, ...] = fact("специалисты", "Специалисты", ())
    curators: tuple[CuratorTerm, ...] = fact("кураторы", "Кто вёл случай", ())
    family: Family = fact("семья", "Семья")
    referral: Referral = fact("запрос", "Запрос")
    application: Application | None = fact("заявление", "Заявление семьи", None)
    consents: tuple[Consent, ...] = fact("согласия", "Согласия", ())
    living_conditions: tuple[LivingConditions, ...] = fact("обследования", "Обследования условий жизни", ())
    preliminary_assessments: tuple[PreliminaryAssessment, ...] = fact(
        "предварительные_оценки", "Предварительные оценки", ()
    )
    level_reviews: tuple[LevelReview, ...] = fact("оценки_уровня", "Оценки признаков уровня", ())
    deep_assessments: tuple[DeepAssessment, ...] = fact("глубинные_оценки", "Глубинные оценки", ())
    scores: tuple[ScoreSheet, ...] = fact("баллы", "Балльные оценки", ())
    needs_triangles: tuple[NeedsTriangle, ...] = fact("треугольники", "Треугольники потребностей", ())
    strengths: tuple[Strength, ...] = fact("сильные_стороны", "Сильные стороны и ресурсы", ())
    decisions: tuple[Decision, ...] = fact("решения", "Решения", ())
    agreement: Agreement | None = fact("соглашение", "Соглашение с семьёй", None)
    plans: tuple[Plan, ...] = fact("планы", "Редакции плана", ())
    tasks: tuple[Task, ...] = fact("задачи", "Задачи плана", ())
    plan_reviews: tuple[PlanReview, ...] = fact("обзоры_плана", "Обзоры плана", ())
    services: tuple[Service, ...] = fact("услуги", "Услуги и мероприятия", ())
    contacts: tuple[Contact, ...] = fact("контакты", "Встречи и разговоры", ())
    monitoring: tuple[Monitoring, ...] = fact("мониторинги", "Мониторинги", ())
    child_opinions: tuple[ChildOpinion, ...] = fact("мнения_детей", "Мнения детей", ())
    engagement: tuple[Engagement, ...] = fact("вовлечённость", "Вовлечённость", ())
    contact_family: ContactFamily | None = fact("контактная_семья", "Контактная семья", None)
    groups: tuple[Group, ...] = fact("группы", "Групповые программы", ())
    team_meetings: tuple[TeamMeeting, ...] = fact("команда", "Встречи междисциплинарной команды", ())
    indicators: Indicators | None = fact("показатели", "Показатели результата", None)
    closure: Closure | None = fact("завершение", "Завершение", None)

    @derived("куратор", "Куратор на дату документа", "")
    def curator(self, at: At) -> Specialist | None:
        """Return who leads the case on the day of the paper; after the end, who led it last."""
        terms = [term for term in self.curators if term.since <= at.on] or list(self.curators)
        if not terms:
            return None
        latest = max(terms, key=lambda term: term.since)
        return next((s for s in self.specialists if s.id == latest.specialist), None)

    def as_of(self, day: date) -> Case:
        """Return the case as it was known on a day: what happened later is left out."""
        kept: dict[str, object] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in _AHEAD:
                continue
            if isinstance(value, tuple):
                kept[name] = tuple(one for one in value if (_began(one) or day) <= day)
            elif value is not None and (_began(value) or day) > day:
                kept[name] = None
        known = (task for task in self.tasks if (task.added_on or day) <= day)
        kept["tasks"] = tuple(_open_again(task, day) for task in known)
        if self.closure is not None:
            kept["closure"] = _closure_by(self.closure, day)
        return self.model_copy(update=kept)


_AHEAD = ("services", "tasks")
"""What a plan says of the days to come is known before they come."""

_BEGINNINGS = ("on", "started_on", "since", "signed_on", "added_on")


def _began(thing: object) -> Any:
    """Return the day on which a thing of the case came about, if it has one."""
    return next((getattr(thing, name) for name in _BEGINNINGS if getattr(thing, name, None)), None)


def _open_again(task: Task, day: date) -> Task:
    changes: dict[str, object] = {}
    if task.closed_on is not None and task.closed_on > day:
        changes = {"closed_on": None, "status": TaskStatus.IN_PROGRESS, "note": None}
    if task.moved_from and day <= task.moved_from[0]:
        changes |= {"due": task.moved_from[0], "moved_from": ()}
    return task.model_copy(update=changes) if changes else task


def _closure_by(closure: Closure, day: date) -> Closure | None:
    steps = ("notice_on", "farewell_on", "decided_on")
    later = [name for name in steps if getattr(closure, name) and getattr(closure, name) > day]
    if closure.notice_on in (None, *[getattr(closure, name) for name in later]) and later:
        return None
    unknown = dict.fromkeys(later)
    if "farewell_on" in later:
        unknown["farewell"] = None
    return closure.model_copy(update=unknown)
