"""The end of the work."""

from __future__ import annotations

from datetime import date

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from .base import Contract, DecisionRef, Line, SpecialistRef, Text, YesNo, fact
from .choices import ClosureReason
from .values import Count, Day, Hour


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


class FollowUp(Contract):
    """How the family lives some time after the work ended: the change has to hold (source text 003)."""

    on: Day = fact("дата", "Дата")
    by: SpecialistRef | None = fact("кто", "Кто связался", None)
    facts: Text = fact("факты", "Что узнали")
    stable: YesNo | None = fact("устойчиво", "Перемены сохраняются", None)
    help_needed: Text | None = fact("нужна_помощь", "Какая помощь нужна", None)


class Closure(Contract):
    """The end of the work."""

    notice_on: Day | None = fact("уведомление", "Когда семью известили о заключительной встрече", None)
    notice_time: Hour | None = fact("время_встречи", "На какое время назначена встреча", None)
    place: Line | None = fact("место_встречи", "Где назначена встреча", None)
    farewell_on: Day | None = fact("встреча", "Заключительная встреча", None)
    farewell: Farewell | None = fact("заключительная_встреча", "Что было сказано", None)
    decision: DecisionRef | None = fact("решение", "Решение о закрытии", None)
    decided_on: Day | None = fact("закрыт", "Когда случай закрыт, если решения группы нет", None)
    reason: ClosureReason | None = fact("основание", "Основание закрытия", None)
    summary: Text | None = fact("итог", "Итог работы", None)
    stability: Text | None = fact("устойчивость", "На чём держится результат", None)
    family_words: Text | None = fact("слово_семьи", "Слово семьи", None)
    followups: tuple[Day, ...] = fact("контакты_после", "Контакты после закрытия", ())
    after: tuple[FollowUp, ...] = fact("после_закрытия", "Что узнали после закрытия", ())
    after_care: Text | None = fact("постсопровождение", "Постсопровождение", None)

    @field_validator("farewell_on")
    @classmethod
    def _notice_before_farewell(cls, farewell_on: date | None, info: ValidationInfo) -> date | None:
        notice_on = info.data.get("notice_on")
        if notice_on and farewell_on and notice_on > farewell_on:
            raise PydanticCustomError("papka_notice", "The notice comes after the meeting")
        return farewell_on
