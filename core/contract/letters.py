"""What goes out about a family and what comes in, and the papers that lie in its file."""

from __future__ import annotations

from .base import (
    At,
    Contract,
    Id,
    LetterRef,
    Line,
    MemberRef,
    OrganisationText,
    SpecialistRef,
    Text,
    YesNo,
    derived,
    fact,
)
from .choices import AddresseeKind, LetterKind
from .people import CaseForms
from .values import Count, Day, Hour

_AUTHORITIES = frozenset(
    {
        AddresseeKind.GUARDIANSHIP,
        AddresseeKind.KDN,
        AddresseeKind.POLICE,
        AddresseeKind.PROSECUTOR,
        AddresseeKind.COURT,
    }
)


class Letter(Contract):
    """An outgoing letter about the family.

    The family is told of each letter to an authority that may decide about its children (source text 000):
    keeping silent about a recommendation is felt as betrayal. It may be withheld for one reason only.
    """

    id: Id = fact("код", "Условное обозначение", example="out.1")
    kind: LetterKind = fact("вид", "Вид письма")
    number: Line | None = fact("номер", "Исходящий номер", None, example="01-12/45")
    on: Day = fact("дата", "Дата")
    at: Hour | None = fact("время", "Время отправки", None)
    addressee: AddresseeKind = fact("вид_адресата", "Кому: вид организации")
    to: OrganisationText = fact("адресат", "Кому: организация", example="школа № 1")
    to_forms: CaseForms | None = fact("формы_адресата", "Подтверждённые формы наименования адресата", None)
    to_person: Line | None = fact("должностное_лицо", "Кому: должность и фамилия, в дательном падеже", None)
    about: tuple[MemberRef, ...] = fact("о_ком", "О ком из членов семьи", ())
    text: Text = fact("содержание", "О чём просим или сообщаем")
    data: Text | None = fact("сведения", "Какие сведения о семье переданы (не больше необходимого)", None)
    reason: Text | None = fact("основание", "Зачем и на каком основании", None)
    agreed_on: Day | None = fact("согласовано", "Когда согласовано с семьёй", None)
    answer_by: Day | None = fact("ответить_до", "До какого дня ждём ответа", None)
    answered_on: Day | None = fact("ответ_получен", "Когда получен ответ", None)
    answer: Text | None = fact("ответ", "Что ответили", None)
    by: SpecialistRef | None = fact("исполнитель", "Исполнитель", None)
    way: Line | None = fact("способ", "Как передано", None, example="нарочно")
    taken_by: Line | None = fact("принял", "Кто принял", None)
    place: Line | None = fact("где_ребёнок", "Где находится ребёнок", None)
    learned_from: Line | None = fact("от_кого_известно", "От кого стало известно", None)
    learned_on: Day | None = fact("когда_известно", "Когда стало известно", None)
    learned_at: Hour | None = fact("во_сколько_известно", "В котором часу стало известно", None)
    measures: Text | None = fact("меры", "Принятые меры", None)
    family_told_on: Day | None = fact("семья_уведомлена", "Когда семье сообщили о письме", None)
    family_summary: Text | None = fact("для_семьи", "Что сообщено о семье, кратко и понятно", None)
    explain_until: Day | None = fact("пояснения_до", "До какого дня семья может дать пояснения", None)
    withheld_because: Text | None = fact(
        "не_сообщать", "Почему семье не сообщают: риск значительного вреда ребёнку", None
    )

    @derived("просит", "Запрос сведений или направление за помощью", "да")
    def asks(self, at: At) -> bool:
        """Tell whether the letter asks an organisation for facts or for help."""
        return self.kind in (LetterKind.REQUEST, LetterKind.REFERRAL)

    @derived("в_орган", "Письмо в орган, который решает о детях", "да")
    def to_authority(self, at: At) -> bool:
        """Tell whether the letter goes to an authority that may decide about the children."""
        return self.addressee in _AUTHORITIES

    @derived("сообщить_семье", "Семью надо уведомить об этом письме", "да")
    def tell_family(self, at: At) -> bool:
        """Tell whether the family has to be told of the letter."""
        return self.addressee in _AUTHORITIES and not self.withheld_because


class Incoming(Contract):
    """A letter or a message about the family that came in."""

    on: Day = fact("дата", "Дата поступления")
    number: Line | None = fact("номер", "Входящий номер", None, example="17")
    sender: Line = fact("отправитель", "От кого")
    sender_kind: AddresseeKind | None = fact("вид_отправителя", "От кого: вид организации", None)
    their_number: Line | None = fact("номер_отправителя", "Номер и дата у отправителя", None)
    text: Text = fact("содержание", "Краткое содержание")
    answers: LetterRef | None = fact("ответ_на", "На какое наше письмо отвечает", None)
    handed_to: SpecialistRef | None = fact("передано", "Кому передано", None)
    result: Text | None = fact("результат", "Что сделано", None)


class FilePaper(Contract):
    """One paper in the family's file."""

    title: Line = fact("название", "Название документа")
    on: Day | None = fact("дата", "Дата документа", None)
    number: Line | None = fact("номер", "Номер документа", None)
    sheets: Count | None = fact("листов", "Число листов", None, example="2")
    note: Line | None = fact("примечание", "Примечание", None)
    is_copy: YesNo = fact("копия", "Копия", False)

    @derived("с_листа", "С какого листа дела", "3")
    def first_sheet(self, at: At) -> int | None:
        """Return the number of its first sheet in the file, if all papers before it tell their sheets."""
        last = self.last_sheet(at)
        return last - self.sheets + 1 if last is not None and self.sheets else None

    @derived("по_лист", "По какой лист дела", "4")
    def last_sheet(self, at: At) -> int | None:
        """Return the number of its last sheet in the file."""
        sheets: list[int | None] = []
        for paper in at.case.file_papers:
            sheets.append(paper.sheets)
            if paper is self:
                break
        known = [count for count in sheets if count is not None]
        return sum(known) if len(known) == len(sheets) else None
