"""How the work begins: the request, the application, consents, the first look at the home."""

from __future__ import annotations

from .base import (
    At,
    Contract,
    Line,
    MemberRef,
    OrganisationText,
    PersonRef,
    SpecialistRef,
    Text,
    YesNo,
    derived,
    fact,
)
from .choices import AddresseeKind, Channel, ConsentKind, IntakeSign, Problem, Sanitary
from .people import Member
from .values import Day, Hour


class Notification(Contract):
    """A message that was sent about a family."""

    to: Line = fact("кому", "Кому", example="КДНиЗП")
    on: Day = fact("дата", "Дата")
    at: Hour | None = fact("время", "Время", None)
    by: Line | None = fact("способ", "Способ", None, example="по телефону")
    taken_by: Line | None = fact("принял", "Кто принял", None)


class Referral(Contract):
    """The request with which the work begins."""

    number: Line | None = fact("номер", "Регистрационный номер", None, example="12")
    received_on: Day = fact("дата", "Дата поступления")
    received_at: Hour | None = fact("время", "Время поступления", None)
    registered_on: Day | None = fact("зарегистрирован", "Когда занесён в журнал", None)
    channel: Channel = fact("источник", "Как поступил")
    source_org: Line | None = fact("организация", "Организация, которая сообщила", None, example="школа № 1")
    source_kind: AddresseeKind | None = fact("вид_организации", "Какая это организация", None)
    reported_by: PersonRef | None = fact("сообщил", "Кто сообщил (из людей дела)", None)
    reporter: Line | None = fact("сообщивший", "Кто сообщил (словами)", None)
    text: Text = fact("содержание", "Что произошло")
    initial_request: Text | None = fact("первоначальный_запрос", "Запрос семьи, дословно", None)
    signs: tuple[IntakeSign, ...] = fact("признаки", "Признаки неблагополучия", ())
    urgent: YesNo = fact("срочно", "Срочно", False)
    prior_negative_experience: YesNo | None = fact(
        "прошлый_опыт", "Был ли у семьи плохой опыт обращений", None
    )
    taken_by: SpecialistRef | None = fact("принял", "Кто принял запрос", None)
    handed_to: SpecialistRef | None = fact("передано", "Кому передан запрос", None)
    first_decision: Text | None = fact("первичное_решение", "Первичное решение по запросу", None)
    expectations: Text | None = fact("ожидания", "Чего ждёт организация, которая направила семью", None)
    contact_agreed: YesNo | None = fact("согласие_на_контакт", "Семья согласна на передачу контакта", None)
    accepted: YesNo | None = fact("принята", "Семья принята на сопровождение", None)
    answered_on: Day | None = fact("ответ_партнёру", "Когда дан ответ направившей организации", None)
    notifications: tuple[Notification, ...] = fact("уведомления", "Кому и когда сообщено", ())


class Application(Contract):
    """The family's own application, in its own words."""

    on: Day = fact("дата", "Дата заявления")
    applicant: MemberRef | None = fact("заявитель", "Кто подал", None)
    text: Text = fact("текст", "С чем обращается семья, своими словами")
    learned_from: Line | None = fact("откуда_узнали", "Откуда узнали о сопровождении", None)

    @derived("кто_подал", "Кто подал заявление", "")
    def person(self, at: At) -> Member | None:
        """Return the applicant that is named, or else the family's first legal representative."""
        named = (one for one in at.case.family.members if one.id == self.applicant)
        return next(named, None) or at.case.family.applicant(at)


class ExchangeItem(Contract):
    """One line of a consent to exchange information: who may learn what, and for what."""

    to: OrganisationText = fact("кому", "Какой организации", example="школа № 1")
    data: Text = fact("сведения", "Какие сведения")
    purpose: Text = fact("цель", "Для чего")
    agreed: YesNo = fact("согласие", "Семья согласна", True)


class Consent(Contract):
    """A consent: one kind, one person, one document."""

    kind: ConsentKind = fact("вид", "Вид согласия")
    subject: MemberRef | None = fact("о_ком", "О ком; если не указано — о всей семье", None)
    signed_by: MemberRef = fact("подписал", "Кто подписал")
    on: Day = fact("дата", "Дата")
    valid_until: Day | None = fact("действует_до", "Действует до", None)
    withdrawn_on: Day | None = fact("отозвано", "Отозвано", None)
    withdrawn_by: MemberRef | None = fact("отозвал", "Кто отозвал", None)
    withdrawal_reason: Text | None = fact("причина_отзыва", "Что отзывается и почему", None)
    destroyed_on: Day | None = fact("уничтожено", "Когда данные уничтожены после отзыва", None)
    scope: Text | None = fact("какие_сведения", "Какие именно сведения", None)
    exchange: tuple[ExchangeItem, ...] = fact("обмен", "Кому какие сведения", ())
    note: Text | None = fact("примечание", "Примечание", None)


class LivingConditions(Contract):
    """An examination of the family's living conditions; the fields follow order 4 of 10.01.2019, annex 3."""

    on: Day = fact("дата", "Дата обследования")
    by: tuple[SpecialistRef, ...] = fact("кто_проводил", "Кто проводил обследование", ())
    child: MemberRef | None = fact("о_ребёнке", "О каком ребёнке, если об одном", None)
    brief: YesNo = fact("краткий", "Составлен краткий акт первичной оценки", False)
    parents_relation: Text | None = fact("отношения_родителей", "В браке, в разводе, живут раздельно", None)
    child_health: Text | None = fact("здоровье_детей", "Состояние здоровья детей", None)
    child_appearance: Text | None = fact("внешний_вид", "Внешний вид детей: гигиена, одежда, обувь", None)
    child_adaptation: Text | None = fact("адаптация", "Навыки общения, поведение детей", None)
    child_upbringing: Text | None = fact("воспитание", "Воспитание, учёба, режим дня, досуг", None)
    child_emotional: Text | None = fact("эмоциональные_нужды", "Эмоциональные потребности детей", None)
    child_safety: Text | None = fact("безопасность", "Обеспечение безопасности детей", None)
    relations: Text | None = fact("отношения", "Отношения между членами семьи", None)
    carer: Text | None = fact("кто_ухаживает", "Кто на деле ухаживает за детьми", None)
    ties: Text | None = fact("связи", "Социальные связи семьи", None)
    income: Text | None = fact("доходы", "Доходы и их достаточность", None)
    neglect: Text | None = fact("отсутствие_попечения", "Обстоятельства отсутствия попечения", None)
    risks: Text | None = fact("риски", "Риски для жизни, здоровья и развития детей", None)
    risk_to_life: YesNo | None = fact("угроза_жизни", "Угроза жизни или здоровью ребёнка", None)
    other: Text | None = fact("иное", "Дополнительные данные", None)
    state: Sanitary | None = fact("условия", "Условия жизни", None)
    conclusion: Text | None = fact("заключение", "Заключение и рекомендации", None)


class ProblemMark(Contract):
    """A problem of the family that was noted, from the list of source text 001."""

    code: Problem = fact("проблема", "Проблема")
    on: Day = fact("дата", "Когда отмечена")
    about: MemberRef | None = fact("у_кого", "У кого, если не у всей семьи", None)
    facts: Text | None = fact("факты", "В чём видна", None)
    solved_on: Day | None = fact("решена", "Когда решена", None)


class Refusal(Contract):
    """The family's refusal of support; it needs no reason (source text 003: the client is voluntary)."""

    on: Day = fact("дата", "Дата отказа")
    by: MemberRef = fact("кто", "Кто отказался")
    reason: Text | None = fact("причина", "Причина, если названа", None)
    explained: YesNo | None = fact("разъяснено", "Последствия отказа разъяснены", None)
    danger_signs: YesNo | None = fact("признаки_опасности", "Признаки опасности для ребёнка", None)
    note: Text | None = fact("примечание", "Отметка куратора", None)
