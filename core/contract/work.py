"""The work with a family: request, consents, assessments, plan, monitoring, decisions, farewell."""

from __future__ import annotations

from datetime import date

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from .base import (
    At,
    Contract,
    DecisionRef,
    Id,
    LevelRef,
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
from .choices import (
    AspectCode,
    BodyKind,
    Channel,
    ClosureReason,
    ConsentKind,
    ContactForm,
    Dimension,
    Direction,
    InstrumentKind,
    IntakeSign,
    MonitoringKind,
    MonitoringOutcome,
    OpinionForm,
    RelationshipType,
    Sanitary,
    TaskStatus,
)
from .people import Member, Specialist
from .values import Count, Day, Hour, Rank, Score


class Notification(Contract):
    """A message that was sent about a family."""

    to: Line = fact("кому", "Кому", example="КДНиЗП")
    on: Day = fact("дата", "Дата")
    at: Hour | None = fact("время", "Время", None)
    by: Line | None = fact("способ", "Способ", None, example="по телефону")
    taken_by: Line | None = fact("принял", "Кто принял", None)


class Referral(Contract):
    """The request with which the work begins."""

    received_on: Day = fact("дата", "Дата поступления")
    received_at: Hour | None = fact("время", "Время поступления", None)
    channel: Channel = fact("источник", "Как поступил")
    source_org: Line | None = fact("организация", "Организация, которая сообщила", None, example="школа № 1")
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


class Consent(Contract):
    """A consent: one kind, one person, one document."""

    kind: ConsentKind = fact("вид", "Вид согласия")
    subject: MemberRef | None = fact("о_ком", "О ком; если не указано — о всей семье", None)
    signed_by: MemberRef = fact("подписал", "Кто подписал")
    on: Day = fact("дата", "Дата")
    valid_until: Day | None = fact("действует_до", "Действует до", None)
    withdrawn_on: Day | None = fact("отозвано", "Отозвано", None)
    note: Text | None = fact("примечание", "Примечание", None)


class LivingConditions(Contract):
    """An examination of the family's living conditions; the fields follow order 4 of 10.01.2019, annex 3."""

    on: Day = fact("дата", "Дата обследования")
    by: tuple[SpecialistRef, ...] = fact("кто_проводил", "Кто проводил обследование", ())
    child: MemberRef | None = fact("о_ребёнке", "О каком ребёнке, если об одном", None)
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


_TRIANGLE_SIDES = (tuple(Dimension)[:7], tuple(Dimension)[7:13], tuple(Dimension)[13:])


class NeedsTriangle(Contract):
    """The needs of one child in three directions (source text 001)."""

    child: MemberRef = fact("ребёнок", "Ребёнок")
    on: Day = fact("дата", "Дата")
    by: tuple[SpecialistRef, ...] = fact("кто", "Кто составил", ())
    marks: tuple[DimensionMark, ...] = fact("измерения", "Измерения", ())

    def _side(self, index: int) -> tuple[DimensionMark, ...]:
        return tuple(mark for mark in self.marks if mark.code in _TRIANGLE_SIDES[index])

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


class Decision(Contract):
    """What a body decided at one meeting about this family."""

    id: Id = fact("код", "Условное обозначение", example="tg.1")
    body: BodyKind = fact("кто_решал", "Кто решал")
    protocol_no: Line | None = fact("номер", "Номер протокола", None, example="3")
    on: Day = fact("дата", "Дата")
    place: Line | None = fact("место", "Место заседания", None)
    present: tuple[SpecialistRef, ...] = fact("присутствовали", "Присутствовали", ())
    family_present: tuple[MemberRef, ...] = fact("от_семьи", "Присутствовали от семьи", ())
    invited: tuple[Line, ...] = fact("приглашены", "Приглашены", ())
    heard: Text | None = fact("слушали", "О чём сообщил куратор", None)
    spoke: Text | None = fact("выступили", "Кто и что сказал", None)
    opens_case: YesNo = fact("открывает_случай", "Открыть случай", False)
    level: LevelRef | None = fact("уровень", "Код установленного уровня", None, example="crisis")
    curator: SpecialistRef | None = fact("куратор", "Кого назначили куратором", None)
    plan_due_on: Day | None = fact("срок_плана", "К какому дню представить план", None)
    amends_plan: YesNo = fact("меняет_план", "Изменить план", False)
    extends_until: Day | None = fact("продлевает_до", "Продлить сопровождение до", None)
    closes: ClosureReason | None = fact("закрывает", "Закрыть случай по основанию", None)
    after_care: Text | None = fact("постсопровождение", "Постсопровождение", None)
    also: tuple[Text, ...] = fact("ещё_решили", "Что ещё решили", ())
    votes: Line | None = fact("голосование", "Итог голосования", None, example="единогласно")
    reason: Text | None = fact("причина", "Причина решения", None)
    override_reason: Text | None = fact(
        "причина_отступления", "Почему уровень не тот, что предложило правило", None
    )

    def _with_role(self, at: At, role: str) -> Specialist | None:
        return next((s for s in at.case.specialists if s.id in self.present and role in s.roles), None)

    @derived("председатель", "Председатель", "")
    def chair(self, at: At) -> Specialist | None:
        """Return who chaired: the one present whose role it is."""
        return self._with_role(at, "tg_chair")

    @derived("секретарь", "Секретарь", "")
    def secretary(self, at: At) -> Specialist | None:
        """Return the secretary present."""
        return self._with_role(at, "tg_secretary")

    @derived("остальные", "Присутствовали, кроме председателя и секретаря", "")
    def others(self, at: At) -> tuple[Specialist, ...]:
        """Return those present who neither chaired nor kept the record."""
        leading = {person.id for person in (self.chair(at), self.secretary(at)) if person}
        return tuple(s for s in at.case.specialists if s.id in self.present and s.id not in leading)


class Agreement(Contract):
    """The agreement with the family."""

    number: Line | None = fact("номер", "Номер", None, example="7")
    signed_on: Day = fact("дата", "Дата подписания")
    parties: tuple[MemberRef, ...] = fact("стороны", "Кто подписывает от семьи", ())
    valid_until: Day | None = fact("действует_до", "Действует до", None)
    expected_months: Count | None = fact("месяцев", "Ожидаемая длительность, месяцев", None)
    copies: Count = fact("экземпляров", "Число экземпляров", 2)
    relationship_type: RelationshipType | None = fact("вид_отношений", "Вид рабочих отношений", None)
    terminated_on: Day | None = fact("расторгнуто", "Расторгнуто", None)
    termination_reason: Text | None = fact("причина_расторжения", "Причина расторжения", None)


class SmartCheck(Contract):
    """The specialist's own check of a task («СИДОРОВ», source text 004); empty means not checked yet."""

    has_criteria: YesNo | None = fact("есть_критерии", "С: есть критерии достижения", None)
    positive_wording: YesNo | None = fact("положительно", "С: сформулирована положительно", None)
    applied_nature: YesNo | None = fact("прикладная", "С: имеет прикладной характер", None)
    observable: YesNo | None = fact("наблюдаема", "И: результат можно наблюдать", None)
    shared_understanding: YesNo | None = fact("понята_одинаково", "И: все понимают одинаково", None)
    based_on_assessment: YesNo | None = fact("по_оценке", "И: основана на результатах оценки", None)
    zone_of_development: YesNo | None = fact("по_силам", "ДО: в зоне ближайшего развития семьи", None)
    social_context: YesNo | None = fact("окружение", "ДО: учтён социальный контекст", None)
    client_experience: YesNo | None = fact("опыт", "Р: учтён опыт клиента", None)
    agreed_by_all: YesNo | None = fact("согласована", "Р: согласована со всеми", None)
    no_conflict: YesNo | None = fact("не_мешает", "Р: не мешает другим задачам", None)
    has_checkpoints: YesNo | None = fact("точки", "ОВ: есть контрольные точки", None)
    tied_to_stage: YesNo | None = fact("этап", "ОВ: привязана к этапу", None)


class Task(Contract):
    """A goal of the plan with what each side does for it."""

    id: Id = fact("код", "Условное обозначение", example="t1")
    plan: Count = fact("редакция", "В какой редакции плана появилась", 1)
    added_on: Day | None = fact("добавлена", "Когда добавлена, если не вместе с планом", None)
    direction: Direction | None = fact("направление", "Направление помощи", None)
    area: Line | None = fact("сфера", "Сфера", None, example="занятость")
    title: Text = fact("название", "Задача")
    criteria: Text = fact("критерии", "Критерии достижения")
    client_actions: Text = fact("делает_семья", "Что и как нужно сделать клиенту")
    specialist_actions: Text = fact("делают_специалисты", "Что и как нужно сделать специалистам")
    resource: Text | None = fact("ресурс", "Ресурс, контактная семья", None)
    responsible_client: MemberRef | None = fact("отвечает_от_семьи", "Кто отвечает от семьи", None)
    responsible_specialist: SpecialistRef | None = fact("отвечает_специалист", "Кто отвечает от центра", None)
    due: Day = fact("срок", "Срок выполнения")
    checkpoints: tuple[Day, ...] = fact("контрольные_точки", "Контрольные точки", ())
    smart: SmartCheck | None = fact("проверка", "Проверка SMART («СИДОРОВ»)", None)
    status: TaskStatus = fact("состояние", "Состояние", TaskStatus.PLANNED)
    closed_on: Day | None = fact("закрыта", "Когда закрыта", None)
    moved_from: tuple[Day, ...] = fact("прежние_сроки", "Прежние сроки", ())
    note: Text | None = fact("примечание", "Что получилось, что изменить", None)


class Service(Contract):
    """A service or measure within the plan."""

    direction: Direction = fact("направление", "Направление")
    name: Text = fact("название", "Услуга, мероприятие")
    provider: Line | None = fact("исполнитель", "Кто оказывает", None)
    periodicity: Line | None = fact("периодичность", "Как часто", None)
    since: Day | None = fact("с", "С какого дня", None)
    until: Day | None = fact("по", "По какой день", None)
    planned: Count | None = fact("запланировано", "Запланировано", None)
    done: Count | None = fact("выполнено", "Выполнено", None)
    result: Text | None = fact("результат", "Результат", None)


class Plan(Contract):
    """One version of the family's individual plan."""

    version: Count = fact("редакция", "Редакция", example="1")
    number: Line | None = fact("номер", "Номер", None, example="7")
    on: Day = fact("дата", "Дата утверждения (подписания)")
    level: LevelRef | None = fact("уровень", "Код уровня сопровождения", None, example="crisis")
    valid_until: Day | None = fact("действует_до", "Действует до", None)
    difficulties: Text | None = fact("трудности", "Трудности семьи", None)
    goal_family: Text | None = fact("цель_семьи", "Желаемый результат семьи", None)
    goal_service: Text | None = fact("цель_службы", "Желаемый результат службы", None)
    agreed_result: YesNo | None = fact("цели_согласованы", "Желаемые результаты совпали", None)
    roles: Text | None = fact("роли", "Роли и обязанности членов семьи и службы", None)
    safety: Text | None = fact("безопасность", "Обеспечение безопасности", None)
    participants: tuple[PersonRef, ...] = fact("участники", "Кто составлял план", ())
    changes: Text | None = fact("изменения", "Что изменено против прежней редакции", None)

    @derived("задачи", "Задачи этой редакции", "")
    def tasks(self, at: At) -> tuple[Task, ...]:
        """Return the tasks that came with this version, and the older ones still open when it was made."""
        return tuple(
            task
            for task in at.case.tasks
            if task.plan == self.version
            or (task.plan < self.version and (task.closed_on is None or task.closed_on >= self.on))
        )


class PlanReview(Contract):
    """A regular look at how the plan goes."""

    on: Day = fact("дата", "Дата")
    done: Count = fact("выполнено", "Выполнено задач")
    of: Count = fact("всего", "Всего задач")
    family_first: YesNo | None = fact("сначала_семья", "Первой высказалась семья", None)
    note: Text | None = fact("примечание", "Примечание", None)


class Contact(Contract):
    """A visit, a talk, a call."""

    on: Day = fact("дата", "Дата")
    at: Hour | None = fact("время", "Время", None)
    form: ContactForm = fact("форма", "Форма")
    by: tuple[SpecialistRef, ...] = fact("кто", "Кто был от центра", ())
    family: tuple[MemberRef, ...] = fact("от_семьи", "Кто был от семьи", ())
    purpose: Text | None = fact("цель", "Цель", None)
    facts: Text | None = fact("факты", "Что увидели и услышали", None)
    agreements: Text | None = fact("договорённости", "О чём договорились", None)
    danger_signs: YesNo | None = fact("признаки_опасности", "Признаки опасности для ребёнка", None)
    next_on: Day | None = fact("следующая_встреча", "Следующая встреча", None)
    note: Text | None = fact("примечание", "Примечание", None)


class TaskMark(Contract):
    """The state of one task at a monitoring."""

    task: TaskRef = fact("задача", "Задача")
    status: TaskStatus = fact("состояние", "Состояние")
    facts: Text | None = fact("факты", "Факты", None)
    obstacles: Text | None = fact("что_мешает", "Что мешает", None)
    decision: Text | None = fact("решение", "Решение", None)


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


class ChildOpinion(Contract):
    """What a child said about its life."""

    child: MemberRef = fact("ребёнок", "Ребёнок")
    on: Day = fact("дата", "Дата")
    form: OpinionForm = fact("форма", "Как высказано", OpinionForm.ORAL)
    text: Text = fact("текст", "Слова ребёнка")
    note: Text | None = fact("примечание", "Примечание", None)


class Engagement(Contract):
    """Two separate scales of engagement (source text 000); they are never averaged."""

    on: Day = fact("дата", "Дата")
    relationship_position: Rank = fact("отношения", "Место на шкале отношений, от 1 до 5")
    change_engagement: Rank = fact("изменения", "Вовлечённость в изменения, от 1 до 5")
    receptivity: Rank | None = fact("восприимчивость", "Восприимчивость", None)
    expectancy: Rank | None = fact("ожидание", "Ожидание пользы", None)
    investment: Rank | None = fact("вложение", "Вложение усилий", None)
    working_relationship: Rank | None = fact("рабочие_отношения", "Рабочие отношения", None)
    mistrust: Rank | None = fact("недоверие", "Недоверие", None)
    discussed_with_client: YesNo = fact("обсуждено", "Обсуждено с клиентом", False)
    supervisor_consulted_on: Day | None = fact("супервизия", "Обсуждено с супервизором", None)


class Group(Contract):
    """A group programme and how often somebody came."""

    name: Line = fact("название", "Название программы")
    member: MemberRef = fact("участник", "Кто посещал")
    sessions: Count = fact("занятий", "Занятий всего")
    attended: Count = fact("посещено", "Посещено")


class TeamMeeting(Contract):
    """A meeting of the interdisciplinary team."""

    on: Day = fact("дата", "Дата")
    specialists: tuple[SpecialistRef, ...] = fact("специалисты", "Специалисты", ())
    organisations: tuple[Line, ...] = fact("организации", "Организации", ())
    family: tuple[MemberRef, ...] = fact("от_семьи", "От семьи", ())
    decisions: Text | None = fact("решения", "Решения", None)


class Indicators(Contract):
    """The six indicators of the SOS outcomes (source text 001)."""

    on: Day | None = fact("дата", "На какой день", None)
    self_reliant: YesNo = fact("самодостаточность", "Семья самодостаточна")
    non_violent: YesNo = fact("без_насилия", "Не применяет насильственные методы воспитания")
    competence_up: YesNo = fact("компетенции", "Родители повысили компетенции в заботе о детях")
    removals_prevented: Count = fact("предотвращено", "Предотвращено случаев отобрания или отказа", 0)
    children_returned: Count = fact("возвращено", "Детей возвращено в кровную семью", 0)
    children_improved: Count = fact("улучшено", "Детей, улучшивших своё благополучие", 0)


class Farewell(Contract):
    """What was said at the farewell meeting, in its order (source text 004)."""

    original_request: Text = fact("первоначальный_запрос", "Первоначальный запрос")
    stages_reviewed: tuple[Text, ...] = fact("этапы", "Какие этапы вспомнили", ())
    client_spoke_first: YesNo | None = fact("сначала_клиент", "Первое слово — клиенту", None)
    client_before_after: Text = fact("до_и_после", "Клиент о себе «до» и «после»")
    client_successes: Text | None = fact("успехи", "Успехи, по словам клиента", None)
    client_failures: Text | None = fact("промахи", "Промахи, по словам клиента", None)
    specialist_words: Text | None = fact("слово_специалиста", "Слово специалиста", None)
    resources: Text | None = fact("ресурсы", "К кому и куда обращаться в будущем", None)


class Closure(Contract):
    """The end of the work."""

    notice_on: Day | None = fact("уведомление", "Когда семью известили о заключительной встрече", None)
    farewell_on: Day | None = fact("встреча", "Заключительная встреча", None)
    farewell: Farewell | None = fact("заключительная_встреча", "Что было сказано", None)
    decision: DecisionRef | None = fact("решение", "Решение о закрытии", None)
    decided_on: Day | None = fact("закрыт", "Когда случай закрыт, если решения группы нет", None)
    reason: ClosureReason | None = fact("основание", "Основание закрытия", None)
    summary: Text | None = fact("итог", "Итог работы", None)
    stability: Text | None = fact("устойчивость", "На чём держится результат", None)
    family_words: Text | None = fact("слово_семьи", "Слово семьи", None)
    followups: tuple[Day, ...] = fact("контакты_после", "Контакты после закрытия", ())

    @field_validator("farewell_on")
    @classmethod
    def _notice_before_farewell(cls, farewell_on: date | None, info: ValidationInfo) -> date | None:
        notice_on = info.data.get("notice_on")
        if notice_on and farewell_on and notice_on > farewell_on:
            raise PydanticCustomError("papka_notice", "The notice comes after the meeting")
        return farewell_on
