"""What happens while the plan is carried out."""

from __future__ import annotations

from datetime import date

from .base import (
    At,
    Contract,
    DecisionRef,
    LevelRef,
    Line,
    MemberRef,
    PersonRef,
    SpecialistRef,
    Text,
    YesNo,
    derived,
    fact,
)
from .choices import AspectCode, ContactForm, GroupDirection, MonitoringKind, MonitoringOutcome
from .planning import DecisionItem, TaskMark
from .values import Count, Day, Hour, Rank


class Contact(Contract):
    """A visit, a talk, a call."""

    on: Day = fact("дата", "Дата")
    at: Hour | None = fact("время", "Время", None)
    form: ContactForm = fact("форма", "Форма")
    by: tuple[SpecialistRef, ...] = fact("кто", "Кто был от центра", ())
    family: tuple[MemberRef, ...] = fact("от_семьи", "Кто был от семьи", ())
    purpose: Text | None = fact("цель", "Цель", None)
    facts: Text | None = fact("факты", "Что увидели и услышали", None)
    minutes: Count | None = fact("минут", "Длительность, минут", None, example="60")
    place: Line | None = fact("место", "Где встретились", None)
    topics: Text | None = fact("обсуждали", "Что обсуждали", None)
    family_opinion: Text | None = fact("мнение_семьи", "Мнение семьи", None)
    agreements: Text | None = fact("договорённости", "О чём договорились", None)
    items: tuple[DecisionItem, ...] = fact("поручения", "Договорённости: кто, что, до какого дня", ())
    danger_signs: YesNo | None = fact("признаки_опасности", "Признаки опасности для ребёнка", None)
    next_on: Day | None = fact("следующая_встреча", "Следующая встреча", None)
    note: Text | None = fact("примечание", "Примечание", None)


class AspectChange(Contract):
    """What an aspect was and what it has become."""

    code: AspectCode = fact("аспект", "Аспект")
    before: Text = fact("было", "Было")
    after: Text = fact("стало", "Стало")
    source: Line | None = fact("источник", "Источник сведений", None)


class Monitoring(Contract):
    """A monitoring of the case."""

    kind: MonitoringKind = fact("вид", "Вид мониторинга")
    on: Day = fact("дата", "Дата")
    joint: YesNo | None = fact("совместно", "Проведён вместе с семьёй", None)
    by: tuple[SpecialistRef, ...] = fact("кто_проводил", "Кто проводил", ())
    participants: tuple[PersonRef, ...] = fact("участники", "Кто участвовал", ())
    level: LevelRef | None = fact("уровень", "Код уровня на этот день", None, example="crisis")
    tasks: tuple[TaskMark, ...] = fact("задачи", "Состояние задач", ())
    changes: tuple[AspectChange, ...] = fact("изменения", "Что изменилось", ())
    engagement: Rank | None = fact("вовлечённость", "Вовлечённость семьи, от 1 до 5", None)
    family_opinion: Text | None = fact("мнение_семьи", "Мнение семьи о ходе работы", None)
    do_differently: Text | None = fact("делать_иначе", "Что центру делать иначе", None)
    danger_signs: YesNo | None = fact("признаки_опасности", "Признаки опасности для ребёнка", None)
    stability: Text | None = fact("устойчивость", "Устойчивость результата", None)
    return_risks: Text | None = fact("риски_возврата", "Риски возврата трудностей", None)
    outcome: MonitoringOutcome | None = fact("вывод", "Вывод", None)
    recommendation: Text | None = fact("рекомендация", "Рекомендация", None)
    next_on: Day | None = fact("следующий", "Дата следующего мониторинга", None)

    @derived("с", "Начало отчётного периода", "")
    def period_from(self, at: At) -> date | None:
        """Return the day of the monitoring before this one, or else of the first plan."""
        earlier = [m.on for m in at.case.monitoring if m.on < self.on]
        return max(earlier) if earlier else min((plan.on for plan in at.case.plans), default=None)

    @derived("назначен", "На какой день был назначен", "")
    def appointed_on(self, at: At) -> date | None:
        """Return the day that the monitoring before this one named for it."""
        earlier = [m for m in at.case.monitoring if m.on < self.on]
        return max(earlier, key=lambda m: m.on).next_on if earlier else None


class GroupMeeting(Contract):
    """One session of a group programme."""

    on: Day = fact("дата", "Дата")
    present: YesNo = fact("был", "Присутствовал", True)
    note: Text | None = fact("примечание", "Примечание", None)


class Group(Contract):
    """A group programme and how often somebody came."""

    name: Line = fact("название", "Название программы")
    member: MemberRef = fact("участник", "Кто посещал")
    sessions: Count = fact("занятий", "Занятий всего")
    attended: Count = fact("посещено", "Посещено")
    direction: GroupDirection | None = fact("направление", "Для кого программа", None)
    leader: SpecialistRef | None = fact("ведущий", "Кто ведёт", None)
    since: Day | None = fact("с", "С какого дня", None)
    meetings: tuple[GroupMeeting, ...] = fact("занятия", "Занятия по дням", ())
    result: Text | None = fact("результат", "Результат", None)


class TeamMeeting(Contract):
    """A meeting of the interdisciplinary team."""

    on: Day = fact("дата", "Дата")
    specialists: tuple[SpecialistRef, ...] = fact("специалисты", "Специалисты", ())
    organisations: tuple[Line, ...] = fact("организации", "Организации", ())
    family: tuple[MemberRef, ...] = fact("от_семьи", "От семьи", ())
    decisions: Text | None = fact("решения", "Решения", None)
    number: Line | None = fact("номер", "Номер протокола", None, example="2")
    question: Text | None = fact("вопрос", "Вопрос", None)
    done: Text | None = fact("сделано", "Что сделано с прошлой встречи", None)
    family_opinion: Text | None = fact("мнение_семьи", "Мнение семьи", None)
    items: tuple[DecisionItem, ...] = fact("поручения", "Поручения: что, кто, до какого дня", ())
    next_on: Day | None = fact("следующая", "Следующая встреча", None)

    @derived("прошлая", "Прошлая встреча команды", "")
    def previous(self, at: At) -> TeamMeeting | None:
        """Return the meeting before this one: its decisions are looked at first."""
        earlier = [meeting for meeting in at.case.team_meetings if meeting.on < self.on]
        return max(earlier, key=lambda meeting: meeting.on, default=None)


class Handover(Contract):
    """The handing over of a case to another specialist."""

    on: Day = fact("дата", "Дата")
    giver: SpecialistRef = fact("передал", "Кто передал")
    taker: SpecialistRef = fact("принял", "Кто принял")
    reason: Text | None = fact("причина", "Причина", None)
    state: Text | None = fact("состояние", "Состояние задач", None)
    next_steps: Text | None = fact("ближайшее", "Ближайшие сроки и дела", None)
    introduced_on: Day | None = fact("знакомство", "Когда семья познакомилась с новым специалистом", None)
    family_words: Text | None = fact("слово_семьи", "Что сказала семья", None)


class Interruption(Contract):
    """A time in which the work rests: the family is away, a child is in hospital."""

    on: Day = fact("с", "С какого дня")
    until: Day | None = fact("по", "По какой день", None)
    reason: Text = fact("причина", "Причина")
    decision: DecisionRef | None = fact("решение", "Каким решением", None)
    stays_in_touch: Text | None = fact("связь", "Как поддерживается связь с семьёй", None)
