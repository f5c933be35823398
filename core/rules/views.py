"""What the rules work out of a case, in the shape in which templates and rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, cast

from pydantic import create_model

from ..contract.assessment import ScoreItem, ScoreSheet
from ..contract.base import Contract, Id, Line, Text, YesNo, fact
from ..contract.values import Count, Day
from ..programmes.programme import Level, Programme, Scale, ScaleGroup, Sign
from ..vocabulary import Root, Vocabulary


class DocumentView(Contract):
    """The paper itself."""

    title: Line = fact("название", "Название документа")
    number: Line | None = fact("номер", "Номер документа", None, example="7")
    on: Day | None = fact("дата", "Дата документа", None)
    copies: Count = fact("экземпляров", "Число экземпляров", 1)
    is_blank: YesNo = fact("пустой", "Бланк без данных, для заполнения от руки", False)


class ProgrammeView(Contract):
    """The programme, as papers speak of it."""

    title: Text = fact("название", "Название программы")
    short_title: Line = fact("кратко", "Краткое название")
    owner: Text | None = fact("владелец", "Чья программа", None)
    approved_by: Text | None = fact("утверждена", "Чем утверждена", None)
    aim: Text | None = fact("цель", "Цель", None)
    principles: tuple[Line, ...] = fact("принципы", "Принципы", ())
    legal_basis: tuple[Line, ...] = fact("правовая_основа", "Правовая основа", ())
    language: Id = fact("язык", "Код языка документов", "ru", example="ru")


class ProgressView(Contract):
    """How far the case has come on a day; derived from its dated events."""

    stage: Id | None = fact("код_этапа", "Код этапа", None)
    stage_title: Line | None = fact("этап", "Этап", None)
    phase: Id | None = fact("фаза", "Фаза", None)
    opened_on: date | None = fact("открыт", "Когда открыт случай", None)
    closed_on: date | None = fact("закрыт", "Когда закрыт случай", None)
    ends_on: date | None = fact("окончание", "До какого дня длится сопровождение", None)
    today: date | None = fact("на_день", "День, на который спрашивают", None)


class PaperView(Contract):
    """A paper of the family's, as far as the facts of the case show that it was drawn up."""

    kind: Id = fact("вид", "Код вида документа", example="com_living_act")
    title: Line = fact("название", "Название документа")
    about: Line | None = fact("о_ком", "О ком документ", None, example="Черных Л. И.")
    number: Line | None = fact("номер", "Номер документа", None, example="7")
    on: Day | None = fact("дата", "Дата документа", None)
    copies: Count = fact("экземпляров", "Число экземпляров", 1)


class SignView(Contract):
    """One sign of a level, with what the specialist noted."""

    code: Id = fact("код", "Код признака")
    title: Line = fact("название", "Признак")
    level: Line | None = fact("уровень", "Для какого уровня характерен", None)
    present: YesNo | None = fact("есть", "Признак есть", None)
    evidence: Text | None = fact("подтверждение", "Чем подтверждается", None)


class LevelView(Contract):
    """The level of support: what the rule proposes, and what people decided."""

    proposed: Level | None = fact("предложен", "Предложенный уровень", None)
    rule: Id | None = fact("правило", "По какому правилу", None)
    reason: Text | None = fact("причина", "Почему предложен", None)
    decided: Level | None = fact("решён", "Установленный уровень", None)
    signs: tuple[SignView, ...] = fact("признаки", "Признаки", ())


class RiskItemView(Contract):
    """One scored item."""

    title: Line = fact("название", "Критерий")
    score: Count | None = fact("балл", "Балл", None)
    before: Count | None = fact("прежний_балл", "Балл прошлой оценки", None)
    note: Text | None = fact("описание", "Описание", None)
    strength: Text | None = fact("ресурс", "Сильная сторона, ресурс", None)


class RiskGroupView(Contract):
    """A group of scored items with its subtotal."""

    title: Line = fact("название", "Группа критериев")
    items: tuple[RiskItemView, ...] = fact("пункты", "Пункты", ())
    subtotal: Count | None = fact("сумма", "Сумма баллов группы", None)
    before: Count | None = fact("прежняя_сумма", "Сумма прошлой оценки", None)
    maximum: Count = fact("наибольшее", "Наибольшая возможная сумма", 0)


class RiskSheetView(Contract):
    """A filled scale with what follows from it."""

    on: Day = fact("дата", "Дата оценки")
    groups: tuple[RiskGroupView, ...] = fact("группы", "Группы критериев", ())
    total: Count = fact("сумма", "Сумма баллов", 0)
    maximum: Count = fact("наибольшее", "Наибольшая возможная сумма", 0)
    before: Count | None = fact("прежняя_сумма", "Сумма прошлой оценки", None)
    change: int | None = fact("изменение", "Изменение против прошлой оценки", None)
    risk: Line | None = fact("риск", "Риск словами", None)
    rule: Id | None = fact("правило", "По какому правилу", None)
    reason: Text | None = fact("причина", "Почему такой риск", None)
    notes: Text | None = fact("обоснование", "Обоснование специалиста", None)
    life_threat: YesNo = fact("угроза_жизни", "Отмечена угроза жизни", False)


class RiskBandView(Contract):
    """The totals that a programme's table calls by one word, if nothing beside the total speaks."""

    risk: Line = fact("риск", "Риск словами")
    lowest: Count = fact("от", "Наименьшая сумма", 0)
    highest: Count = fact("до", "Наибольшая сумма", 0)


class RiskView(Contract):
    """The risk of the family up to a day."""

    scale: Line | None = fact("шкала", "Название шкалы", None)
    demonstration: YesNo = fact("демонстрационная", "Шкала демонстрационная", False)
    latest: RiskSheetView | None = fact("сейчас", "Последняя оценка", None)
    first: RiskSheetView | None = fact("вначале", "Первая оценка", None)
    sheets: tuple[RiskSheetView, ...] = fact("оценки", "Все оценки", ())
    blank_groups: tuple[RiskGroupView, ...] = fact("пустая_шкала", "Шкала без баллов", ())
    bands: tuple[RiskBandView, ...] = fact("пороги", "Какая сумма что значит", ())


@cache
def signs_model(signs: tuple[Sign, ...]) -> type[Contract]:
    """Return a record whose names are the codes of a programme's signs, for its rules to ask."""
    fields: dict[str, Any] = {sign.code: (YesNo | None, fact(sign.code, sign.title, None)) for sign in signs}
    return cast(type[Contract], create_model("Signs", __base__=Contract, **fields))


@cache
def settings_model(names: tuple[tuple[str, str], ...]) -> type[Contract]:
    """Return a record of a programme's settings."""
    fields: dict[str, Any] = {name: (int, fact(name, label)) for name, label in names}
    return cast(type[Contract], create_model("Settings", __base__=Contract, **fields))


def vocabulary_of(programme: Programme) -> Vocabulary:
    """Return the names that the templates and rules of a programme may use."""
    return _vocabulary(programme.signs, tuple((name, one.label) for name, one in programme.settings.items()))


@lru_cache(maxsize=64)
def _vocabulary(signs: tuple[Sign, ...], settings: tuple[tuple[str, str], ...]) -> Vocabulary:
    return Vocabulary(
        (
            Root("document", "документ", "Сам документ", DocumentView),
            Root("programme", "программа", "Программа (модель)", ProgrammeView),
            Root("progress", "ход", "Ход случая", ProgressView),
            Root("level", "уровень", "Уровень сопровождения", LevelView),
            Root("risk", "риск", "Оценка риска", RiskView),
            Root("papers", "бумаги", "Бумаги, которые по делу уже составлены", PaperView, many=True),
            Root("signs", "признаки", "Признаки уровня по кодам", signs_model(signs)),
            Root("settings", "настройки", "Числа учреждения", settings_model(settings)),
        )
    )


def programme_view(programme: Programme) -> ProgrammeView:
    """Return the programme as papers speak of it."""
    return ProgrammeView(
        title=programme.title,
        short_title=programme.short_title,
        owner=programme.owner,
        approved_by=programme.approved_by,
        aim=programme.aim,
        principles=programme.principles,
        legal_basis=tuple(basis.title for basis in programme.legal_basis),
        language=programme.language,
    )


def settings_view(programme: Programme, day: date) -> Contract:
    """Return the numbers of the programme, or of the centre in their place, as they were on a day."""
    settings = programme.settings
    model = settings_model(tuple((name, one.label) for name, one in settings.items()))
    numbers: dict[str, Any] = {name: one.on(day) for name, one in settings.items()}
    return model.model_construct(**numbers)  # they were checked where they stand


def sign_views(programme: Programme, marks: Mapping[str, tuple[bool, str | None]]) -> tuple[SignView, ...]:
    """Return all signs of the programme, each with what was noted of it."""
    titles = {level.id: level.title for level in programme.levels}
    return tuple(
        SignView(
            code=sign.code,
            title=sign.title,
            level=titles.get(sign.level or ""),
            present=marks.get(sign.code, (None, None))[0],
            evidence=marks.get(sign.code, (None, None))[1],
        )
        for sign in programme.signs
    )


def risk_groups(
    scale: Scale, sheet: ScoreSheet | None = None, last: ScoreSheet | None = None
) -> tuple[RiskGroupView, ...]:
    """Return the groups of a scale with the scores of a sheet, and of the sheet before it."""
    now = {item.code: item for item in sheet.items} if sheet else {}
    then = {item.code: item.score for item in last.items} if last else {}
    return tuple(_risk_group(group, scale.highest, now, then) for group in scale.groups)


def _risk_group(
    group: ScaleGroup, highest: int, now: Mapping[str, ScoreItem], then: Mapping[str, int]
) -> RiskGroupView:
    codes = [item.code for item in group.items]
    return RiskGroupView(
        title=group.title,
        items=tuple(
            RiskItemView(
                title=item.title,
                score=now[item.code].score if item.code in now else None,
                before=then.get(item.code),
                note=now[item.code].note if item.code in now else None,
                strength=now[item.code].strength if item.code in now else None,
            )
            for item in group.items
        ),
        subtotal=sum(now[code].score for code in codes if code in now) if now else None,
        before=sum(then.get(code, 0) for code in codes) if then else None,
        maximum=highest * len(codes),
    )


def views_without_case(programme: Programme) -> dict[str, Contract]:
    """Return what a programme says of itself: an empty form prints it too."""
    known = programme.risk
    scale = next((one for one in programme.scales if known and one.id == known.scale), None)
    risk = RiskView()
    if scale is not None:
        risk = RiskView(scale=scale.title, demonstration=scale.demonstration, blank_groups=risk_groups(scale))
    return {
        "programme": programme_view(programme),
        "settings": settings_view(programme, date.max),
        "level": LevelView(signs=sign_views(programme, {})),
        "risk": risk,
    }
