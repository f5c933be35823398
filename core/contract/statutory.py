"""Social services by law (442-FZ) and the social contract: forms that a centre fills as a provider."""

from __future__ import annotations

from decimal import Decimal

from .base import At, Contract, Id, Line, MemberRef, SpecialistRef, Text, YesNo, derived, fact
from .choices import Circumstance, ServiceForm, ServiceKind
from .values import Count, Day, Hour, Money


class ServiceApplication(Contract):
    """An application for social services (the form: order of the Ministry of Labour 159n)."""

    on: Day = fact("дата", "Дата заявления")
    body: Line | None = fact("орган", "Куда подано: орган или поставщик, в винительном падеже", None)
    applicant: MemberRef = fact("заявитель", "Кто подал")
    recipient: MemberRef | None = fact("получатель", "Кому нужны услуги, если не заявителю", None)
    forms: tuple[ServiceForm, ...] = fact("формы", "Формы обслуживания", ())
    provider: Line | None = fact("поставщик", "Желаемый поставщик", None)
    services: Text = fact("услуги", "В каких услугах нуждается и как часто")
    circumstances: tuple[Circumstance, ...] = fact("обстоятельства", "Обстоятельства нуждаемости", ())
    living: Text | None = fact("условия", "Условия проживания и состав семьи", None)
    income: Text | None = fact("доход", "Сведения о доходе", None)
    decided_on: Day | None = fact("решение", "Когда принято решение", None)
    recognised: YesNo | None = fact("признан", "Признан нуждающимся", None)
    refusal_reason: Text | None = fact("причина_отказа", "Причина отказа", None)


class ProgrammeService(Contract):
    """One social service of an individual programme (IPPSU)."""

    kind: ServiceKind = fact("вид", "Вид услуг")
    name: Line = fact("название", "Услуга")
    volume: Line | None = fact("объём", "Объём", None)
    periodicity: Line | None = fact("периодичность", "Периодичность", None)
    term: Line | None = fact("срок", "Срок", None)
    done: Line | None = fact("отметка", "Отметка о выполнении", None)


class Provider(Contract):
    """A recommended provider of social services."""

    name: Line = fact("название", "Наименование поставщика")
    contacts: Line | None = fact("контакты", "Адрес и контакты", None)


class RefusedService(Contract):
    """A social service that was refused."""

    name: Line = fact("название", "От чего отказ: поставщик, вид, услуга")
    reason: Text | None = fact("причина", "Причина отказа", None)
    on: Day | None = fact("дата", "Дата отказа", None)


class SupportMeasure(Contract):
    """A measure of social support (сопровождение) inside an individual programme."""

    kind: Line = fact("вид", "Вид сопровождения")
    recipient: Line | None = fact("получатель", "Получатель", None)
    done: Line | None = fact("отметка", "Отметка о выполнении", None)


class ServiceProgramme(Contract):
    """An individual programme of social services (IPPSU; the form: order 874n). Not the family's IPSS."""

    number: Line = fact("номер", "Номер", example="45")
    on: Day = fact("дата", "Дата составления")
    body: Line | None = fact("орган", "Уполномоченный орган, который составил программу", None)
    body_person: Line | None = fact("подписал", "Кто подписал от органа: должность, инициалы и фамилия", None)
    recipient: MemberRef = fact("получатель", "Получатель")
    first_time: YesNo | None = fact("впервые", "Разработана впервые", None)
    valid_until: Day | None = fact("действует_до", "Разработана на срок до", None)
    forms: tuple[ServiceForm, ...] = fact("формы", "Формы обслуживания", ())
    services: tuple[ProgrammeService, ...] = fact("услуги", "Услуги", ())
    conditions: Text | None = fact("условия", "Условия предоставления услуг", None)
    providers: tuple[Provider, ...] = fact("поставщики", "Рекомендуемые поставщики", ())
    refused: tuple[RefusedService, ...] = fact("отказы", "Отказы", ())
    support: tuple[SupportMeasure, ...] = fact("сопровождение", "Мероприятия социального сопровождения", ())
    handed_on: Day | None = fact("вручена", "Когда вручена", None)
    concluded_on: Day | None = fact("заключение_от", "Дата заключения о выполнении", None)
    fulfilled: YesNo | None = fact("выполнена", "Реализована полностью", None)
    results: Text | None = fact("результаты", "Оценка результатов", None)
    recommendations: Text | None = fact("рекомендации", "Рекомендации", None)


class ServiceContract(Contract):
    """A contract for social services (the form: order 874n, annex 1)."""

    number: Line = fact("номер", "Номер", example="45")
    signed_on: Day = fact("дата", "Дата")
    customer: MemberRef = fact("заказчик", "Заказчик")
    recipient: MemberRef | None = fact("получатель", "Получатель, если не заказчик", None)
    programme: Line | None = fact("иппсу", "Номер ИППСУ", None)
    valid_until: Day | None = fact("действует_до", "Действует до", None)
    price: Money | None = fact("стоимость", "Стоимость в месяц, руб.; для детей бесплатно", None)
    copies: Count = fact("экземпляров", "Число экземпляров", 2)
    terminated_on: Day | None = fact("расторгнут", "Расторгнут раньше срока", None)
    termination_reason: Text | None = fact("причина_расторжения", "Причина расторжения", None)


class DoneService(Contract):
    """A social service that was given."""

    name: Line = fact("название", "Услуга")
    volume: Line | None = fact("объём", "Объём", None)
    price: Money | None = fact("стоимость", "Стоимость, руб.", None)
    note: Line | None = fact("примечание", "Примечание", None)


class ServiceAct(Contract):
    """An act by which social services are handed over and accepted."""

    number: Line | None = fact("номер", "Номер", None)
    on: Day = fact("дата", "Дата")
    contract: Line | None = fact("договор", "Номер договора", None)
    recipient: MemberRef = fact("получатель", "Кто принял услуги")
    since: Day | None = fact("с", "С какого дня", None)
    until: Day | None = fact("по", "По какой день", None)
    services: tuple[DoneService, ...] = fact("услуги", "Услуги", ())
    remarks: Text | None = fact("замечания", "Замечания получателя", None)


class UrgentService(Contract):
    """Urgent social services, given at once (442-FZ, article 21)."""

    number: Line | None = fact("номер", "Номер акта", None)
    on: Day = fact("дата", "Дата")
    at: Hour | None = fact("время", "Время", None)
    recipient: MemberRef = fact("получатель", "Получатель")
    grounds: Text | None = fact("основание", "Основание", None)
    services: tuple[DoneService, ...] = fact("услуги", "Услуги", ())
    terms: Text | None = fact("условия", "Сроки и условия", None)
    by: SpecialistRef | None = fact("кто", "Кто оказал", None)


class AdaptationMeasure(Contract):
    """One step of a programme of social adaptation."""

    name: Text = fact("мероприятие", "Мероприятие")
    since: Day | None = fact("с", "С какого дня", None)
    until: Day | None = fact("по", "До какого дня", None)
    by: Line | None = fact("исполнитель", "Кто исполняет", None)
    result: Text | None = fact("результат", "Результат", None)


class Spending(Contract):
    """Something that was bought for the money of a social contract."""

    on: Day = fact("дата", "Дата")
    name: Line = fact("на_что", "На что израсходовано")
    amount: Money = fact("сумма", "Сумма, руб.")
    paper: Line | None = fact(
        "подтверждение", "Чем подтверждается", None, example="кассовый чек от 05.05.2025"
    )


class ContractReport(Contract):
    """What a family reports on its social contract, usually each month: what was done and what was spent."""

    on: Day = fact("дата", "Дата отчёта")
    contract: Line | None = fact("номер_контракта", "Номер контракта, если их несколько", None)
    since: Day | None = fact("с", "С какого дня", None)
    until: Day | None = fact("по", "По какой день", None)
    done: Text | None = fact("сделано", "Что сделано по программе", None)
    obstacles: Text | None = fact("что_мешает", "Что мешает", None)
    spent: tuple[Spending, ...] = fact("расходы", "Расходы за период", ())
    checked_by: SpecialistRef | None = fact("проверил", "Кто проверил", None)
    checked_on: Day | None = fact("проверен", "Когда проверен", None)
    remarks: Text | None = fact("замечания", "Замечания проверившего", None)

    @derived("итого", "Израсходовано за период, руб.", "18500")
    def total(self, at: At) -> Money:
        """Add up what was spent in the time of the report."""
        return sum((one.amount for one in self.spent), Decimal())

    @derived("контракт", "По какому социальному контракту")
    def reports_on(self, at: At) -> SocialContract | None:
        """Return the contract that is named, or else the last one that was asked for."""
        known = sorted(at.case.social_contracts, key=lambda one: one.asked_on)
        return next((one for one in reversed(known) if self.contract in (None, one.number)), None)


class SocialContract(Contract):
    """A contract of social adaptation (178-FZ; source text 003)."""

    id: Id = fact("код", "Условное обозначение", example="sc.1")
    applicant: MemberRef = fact("заявитель", "Заявитель")
    asked_on: Day = fact("заявление", "Дата заявления")
    material: Text | None = fact("материальное_положение", "Материальное положение", None)
    relations: Text | None = fact("отношения", "Отношения с членами семьи", None)
    difficulties: Text | None = fact("сложности", "Сложности", None)
    potential: Text | None = fact("возможности", "Возможности (потенциал)", None)
    problems: Text | None = fact("проблемы", "Проблемы", None)
    wishes: Text | None = fact("желания", "Желания семьи", None)
    other: Text | None = fact("иное", "Иное", None)
    decided_on: Day | None = fact("решение", "Когда принято решение", None)
    number: Line | None = fact("номер", "Номер", None, example="3")
    signed_on: Day | None = fact("подписан", "Когда подписан", None)
    valid_until: Day | None = fact("действует_до", "Действует до", None)
    extended_to: Day | None = fact("продлён_до", "Продлён до", None)
    goal: Line | None = fact("цель", "На что направлен", None, example="поиск работы")
    amount: Money | None = fact("сумма", "Сумма, руб.", None)
    measures: tuple[AdaptationMeasure, ...] = fact("мероприятия", "Мероприятия программы", ())
    result: Text | None = fact("итог", "Итог", None)

    @derived("израсходовано", "Израсходовано по всем отчётам, руб.", "54200")
    def spent(self, at: At) -> Money:
        """Add up what all reports on this contract say was spent."""
        mine = (one for one in at.case.contract_reports if one.reports_on(at) is self)
        return sum((one.total(at) for one in mine), Decimal())
