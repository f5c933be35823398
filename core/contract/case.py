"""The case: all that is known of one family's way from the request to the farewell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from .assessment import (
    ChildOpinion,
    DeepAssessment,
    LevelReview,
    NeedsTriangle,
    PreliminaryAssessment,
    PsychSummary,
    ScoreSheet,
    Strength,
)
from .base import At, Contract, Id, Line, YesNo, derived, fact
from .choices import TaskStatus
from .closing import Closure, Indicators
from .engagement import ChangeFactors, Conflict, Engagement, Surrounding
from .intake import Application, Consent, LivingConditions, ProblemMark, Referral, Refusal
from .letters import FilePaper, Incoming, Letter
from .people import ContactFamily, CuratorTerm, Family, Organisation, Specialist
from .planning import Addendum, Agreement, Decision, Plan, PlanReview, SafetyPlan, Service, Task
from .statutory import (
    ContractReport,
    ServiceAct,
    ServiceApplication,
    ServiceContract,
    ServiceProgramme,
    SocialContract,
    UrgentService,
)
from .support import Contact, Group, Handover, Interruption, Monitoring, TeamMeeting
from .values import Day
from .version import CONTRACT_VERSION, Version


class Case(Contract):
    """One family's work. What a case file may hold, and nothing else."""

    papka: Version = fact("версия", "Версия правил заполнения", CONTRACT_VERSION)
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
    refusal: Refusal | None = fact("отказ", "Отказ семьи от сопровождения", None)
    problems: tuple[ProblemMark, ...] = fact("проблемы", "Проблемы семьи и детей", ())
    living_conditions: tuple[LivingConditions, ...] = fact("обследования", "Обследования условий жизни", ())
    preliminary_assessments: tuple[PreliminaryAssessment, ...] = fact(
        "предварительные_оценки", "Предварительные оценки", ()
    )
    level_reviews: tuple[LevelReview, ...] = fact("оценки_уровня", "Оценки признаков уровня", ())
    deep_assessments: tuple[DeepAssessment, ...] = fact("глубинные_оценки", "Глубинные оценки", ())
    scores: tuple[ScoreSheet, ...] = fact("баллы", "Балльные оценки", ())
    needs_triangles: tuple[NeedsTriangle, ...] = fact("треугольники", "Треугольники потребностей", ())
    psych_summaries: tuple[PsychSummary, ...] = fact("сводки_психолога", "Сводки психолога", ())
    change_factors: tuple[ChangeFactors, ...] = fact("готовность", "Оценки готовности к изменениям", ())
    strengths: tuple[Strength, ...] = fact("сильные_стороны", "Сильные стороны и ресурсы", ())
    decisions: tuple[Decision, ...] = fact("решения", "Решения", ())
    agreement: Agreement | None = fact("соглашение", "Соглашение с семьёй", None)
    addenda: tuple[Addendum, ...] = fact("доп_соглашения", "Дополнительные соглашения", ())
    plans: tuple[Plan, ...] = fact("планы", "Редакции плана", ())
    tasks: tuple[Task, ...] = fact("задачи", "Задачи плана", ())
    plan_reviews: tuple[PlanReview, ...] = fact("обзоры_плана", "Обзоры плана", ())
    safety_plans: tuple[SafetyPlan, ...] = fact("планы_безопасности", "Планы безопасности детей", ())
    services: tuple[Service, ...] = fact("услуги", "Услуги и мероприятия", ())
    contacts: tuple[Contact, ...] = fact("контакты", "Встречи и разговоры", ())
    monitoring: tuple[Monitoring, ...] = fact("мониторинги", "Мониторинги", ())
    child_opinions: tuple[ChildOpinion, ...] = fact("мнения_детей", "Мнения детей", ())
    engagement: tuple[Engagement, ...] = fact("вовлечённость", "Вовлечённость", ())
    conflicts: tuple[Conflict, ...] = fact("конфликты", "Конфликты", ())
    surroundings: tuple[Surrounding, ...] = fact("окружение", "Ближайшее окружение семьи", ())
    letters: tuple[Letter, ...] = fact("письма", "Исходящие письма", ())
    incoming: tuple[Incoming, ...] = fact("входящие", "Входящие письма и сообщения", ())
    contact_family: ContactFamily | None = fact("контактная_семья", "Контактная семья", None)
    groups: tuple[Group, ...] = fact("группы", "Групповые программы", ())
    team_meetings: tuple[TeamMeeting, ...] = fact("команда", "Встречи междисциплинарной команды", ())
    handovers: tuple[Handover, ...] = fact("передачи", "Передачи случая другому специалисту", ())
    interruptions: tuple[Interruption, ...] = fact("перерывы", "Перерывы в сопровождении", ())
    indicators: Indicators | None = fact("показатели", "Показатели результата", None)
    closure: Closure | None = fact("завершение", "Завершение", None)
    earlier_closures: tuple[Closure, ...] = fact(
        "прежние_завершения", "Прежние завершения, если случай открыт повторно", ()
    )
    service_applications: tuple[ServiceApplication, ...] = fact(
        "заявления_442", "Заявления о предоставлении социальных услуг", ()
    )
    service_programmes: tuple[ServiceProgramme, ...] = fact("иппсу", "ИППСУ", ())
    service_contracts: tuple[ServiceContract, ...] = fact(
        "договоры_442", "Договоры о предоставлении социальных услуг", ()
    )
    service_acts: tuple[ServiceAct, ...] = fact("акты_442", "Акты сдачи-приёмки услуг", ())
    urgent_services: tuple[UrgentService, ...] = fact("срочные_услуги", "Срочные социальные услуги", ())
    social_contracts: tuple[SocialContract, ...] = fact("соцконтракты", "Социальные контракты", ())
    contract_reports: tuple[ContractReport, ...] = fact(
        "отчёты_соцконтракта", "Отчёты по социальному контракту", ()
    )
    file_papers: tuple[FilePaper, ...] = fact("опись", "Документы личного дела", ())

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
                kept[name] = tuple(_known(one, day) for one in value if (_began(one) or day) <= day)
            elif value is not None:
                kept[name] = _known(value, day) if (_began(value) or day) <= day else None
        known = (task for task in self.tasks if (task.added_on or day) <= day)
        kept["tasks"] = tuple(_open_again(task, day) for task in known)
        if self.closure is not None:
            kept["closure"] = _closure_by(self.closure, day)
        kept["family"] = _family_by(self.family, day)
        return self.model_copy(update=kept)


_AHEAD = ("referral", "services", "tasks", "earlier_closures", "file_papers")
"""What a plan says of the days to come is known before they come."""

_BEGINNINGS = ("asked_on", "on", "started_on", "since", "signed_on", "added_on")


def _began(thing: Any) -> Any:
    """Return the day on which a thing of the case came about, if it has one."""
    kind: Any = type(thing)
    names = _had_by(kind, _BEGINNINGS)
    return next((day for name in names if (day := getattr(thing, name))), None)


@cache
def _had_by(kind: type, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some names that things of a kind have; to ask each thing for each takes long."""
    fields = getattr(kind, "model_fields", {})
    return tuple(name for name in names if name in fields or hasattr(kind, name))


_LATER: Mapping[str, tuple[str, ...]] = {
    "answered_on": ("answer",),
    "concluded_on": ("fulfilled", "results", "recommendations"),
    "decided_on": ("recognised", "refusal_reason"),
    "destroyed_on": (),
    "ended_on": (),
    "family_told_on": ("family_summary", "explain_until"),
    "handed_on": (),
    "resolved_on": ("outcome",),
    "reviewed_on": (),
    "signed_on": ("number", "valid_until", "extended_to", "result"),
    "solved_on": (),
    "terminated_on": ("termination_reason",),
    "withdrawn_on": ("withdrawn_by", "withdrawal_reason"),
}
"""Days on which something became known of a thing that was already there, and what came with each."""

_LATER_DAYS = tuple(_LATER)


def told_later(kind: type) -> frozenset[str]:
    """Return the fields of a record that an earlier day may not know, though the record itself was there."""
    return frozenset(name for first in _had_by(kind, _LATER_DAYS) for name in (first, *_LATER[first]))


def _known(thing: Any, day: date) -> Any:
    """Return a thing of the case as it was known on a day; the closing of the case is looked at apart."""
    if not isinstance(thing, Contract) or isinstance(thing, Closure):
        return thing
    kind: Any = type(thing)
    later = [name for name in _had_by(kind, _LATER_DAYS) if (getattr(thing, name) or day) > day]
    unknown = {name: None for first in later for name in _had_by(kind, (first, *_LATER[first]))}
    return thing.model_copy(update=unknown) if unknown else thing


def _family_by(family: Family, day: date) -> Family:
    """Return the family without those who were born later: a paper of an earlier day does not know them."""
    unborn = {one.id for one in family.members if one.birth_date and one.birth_date > day}
    if not unborn:
        return family
    members = (one for one in family.members if one.id not in unborn)
    of_the_born = tuple(
        one.model_copy(
            update={
                "legal_representative_of": tuple(i for i in one.legal_representative_of if i not in unborn)
            }
        )
        for one in members
    )
    return family.model_copy(update={"members": of_the_born})


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
    days = [getattr(closure, name) for name in steps if getattr(closure, name)]
    if days and min(days) > day:
        return None
    # The notice names the day of the meeting: who has seen it knows the day, and not yet what will be said.
    unknown = {name: None for name in later if name != "farewell_on"}
    if "farewell_on" in later:
        unknown |= dict.fromkeys(_SAID_AT_THE_END)
    return closure.model_copy(update=unknown)


_SAID_AT_THE_END = ("farewell", "family_words")
