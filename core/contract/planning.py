"""Decisions, the agreement and the plan."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import (
    At,
    Contract,
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
    BodyKind,
    ClosureReason,
    Direction,
    GoalGroup,
    GoalKind,
    RelationshipType,
    TaskStatus,
    WorkMethod,
)
from .people import Specialist
from .values import Count, Day


class DecisionItem(Contract):
    """One thing that was decided: what, who, until when."""

    text: Text = fact("что", "Что решили")
    who: Line | None = fact("кто", "Кто отвечает: человек, организация", None)
    specialist: SpecialistRef | None = fact("специалист", "Кто отвечает, если это специалист из дела", None)
    until: Day | None = fact("срок", "До какого дня", None)
    done_on: Day | None = fact("выполнено", "Когда выполнено", None)


class TaskMark(Contract):
    """The state of one task at a monitoring or a meeting."""

    task: TaskRef = fact("задача", "Задача")
    status: TaskStatus = fact("состояние", "Состояние")
    facts: Text | None = fact("факты", "Факты", None)
    obstacles: Text | None = fact("что_мешает", "Что мешает", None)
    decision: Text | None = fact("решение", "Решение", None)


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
    question: Text | None = fact("вопрос", "Вопрос, который рассматривали", None)
    declines: YesNo = fact("отказывает", "Отказать в открытии случая", False)
    redirects_to: Line | None = fact("направить_в", "Куда направить семью вместо сопровождения", None)
    interrupts: YesNo = fact("приостанавливает", "Приостановить сопровождение", False)
    resumes: YesNo = fact("возобновляет", "Возобновить сопровождение после перерыва", False)
    reopens: YesNo = fact("открывает_повторно", "Открыть закрытый случай повторно", False)
    orders_final: YesNo = fact("назначает_итоговый", "Провести итоговый мониторинг", False)
    tasks: tuple[TaskMark, ...] = fact("задачи", "Состояние задач плана", ())
    items: tuple[DecisionItem, ...] = fact("поручения", "Поручения: что, кто, до какого дня", ())
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


class Addendum(Contract):
    """A change of the agreement, on paper and signed by both sides."""

    number: Line = fact("номер", "Номер", example="1")
    on: Day = fact("дата", "Дата")
    reason: Text | None = fact("основание", "Основание", None)
    changes: Text = fact("изменения", "Что меняется")
    valid_until: Day | None = fact("действует_до", "Новый срок соглашения", None)


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
    group: GoalGroup | None = fact("группа", "Группа целей", None)
    title: Text = fact("название", "Задача")
    criteria: Text = fact("критерии", "Критерии достижения")
    client_actions: Text = fact("делает_семья", "Что и как нужно сделать клиенту")
    specialist_actions: Text = fact("делают_специалисты", "Что и как нужно сделать специалистам")
    resource: Text | None = fact("ресурс", "Ресурс, контактная семья", None)
    strengths: tuple[Line, ...] = fact("опора", "На какие сильные стороны опирается", ())
    goal: GoalKind | None = fact("назначение", "Чему служит задача", None)
    client_system: Line | None = fact("система_клиента", "Кому помогаем (система клиента)", None)
    target_system: Line | None = fact("система_мишени", "На кого воздействуем (система мишени)", None)
    action_system: Line | None = fact("система_действия", "С кем действуем (система действия)", None)
    change_agents: Line | None = fact("проводники", "Кто проводит перемены (система проводников)", None)
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
    method: WorkMethod | None = fact("метод", "Метод работы", None)
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
    life_changes: Text | None = fact(
        "условия_и_связи", "Желаемые изменения условий жизни и социальных связей", None
    )
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


class GoalMark(Contract):
    """How far one goal has come, as the family and the team see it."""

    task: TaskRef = fact("задача", "Цель")
    score: Annotated[int, Field(ge=0, le=3)] | None = fact("балл", "Балл, от 0 до 3", None, example="2")
    well: Text | None = fact("получилось", "Что получилось", None)
    change: Text | None = fact("изменить", "Что изменить", None)


class PlanReview(Contract):
    """A regular look at how the plan goes."""

    on: Day = fact("дата", "Дата")
    by: tuple[SpecialistRef, ...] = fact("кто", "Кто был от организации", ())
    participants: tuple[PersonRef, ...] = fact("участники", "Кто участвовал", ())
    marks: tuple[GoalMark, ...] = fact("оценки", "Оценка целей", ())
    family_words: Text | None = fact("слово_семьи", "Что сказала семья", None)
    next_on: Day | None = fact("следующий", "Когда следующий обзор", None)
    done: Count = fact("выполнено", "Выполнено задач")
    of: Count = fact("всего", "Всего задач")
    family_first: YesNo | None = fact("сначала_семья", "Первой высказалась семья", None)
    note: Text | None = fact("примечание", "Примечание", None)


class SafetyStep(Contract):
    """One dangerous situation, and what each does in it."""

    danger: Text = fact("опасность", "Опасная ситуация")
    parent: Text | None = fact("делает_родитель", "Что делает родитель", None)
    child: Text | None = fact("делает_ребёнок", "Что делает ребёнок (простыми словами)", None)
    call: Line | None = fact("кому_звонить", "Кому звонить (имя, телефон)", None)


class SafetyPlan(Contract):
    """How the children are kept safe while danger lasts (the need: source text 004; the form: inferred)."""

    on: Day = fact("дата", "Дата")
    by: SpecialistRef | None = fact("кто", "Кто составил", None)
    children: tuple[MemberRef, ...] = fact("дети", "Дети", ())
    threat: Text = fact("угроза", "Что угрожает (факты)")
    responsible: tuple[MemberRef, ...] = fact("отвечают", "Кто из взрослых отвечает за безопасность", ())
    steps: tuple[SafetyStep, ...] = fact("ситуации", "Опасные ситуации", ())
    forbidden: Text | None = fact("нельзя", "Чего делать нельзя", None)
    checked_by: SpecialistRef | None = fact("проверяет", "Кто проверяет", None)
    checks: Line | None = fact("проверки", "Когда и как проверяется", None)
    valid_until: Day = fact("действует_до", "До какого дня действует")
    reviewed_on: Day | None = fact("пересмотрен", "Когда пересмотрен", None)
