"""The filters that make pictures in templates, and the one that prints a picture's words beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TypeVar

from ...core.facts import Blank, Picture, Record, Rows
from ...core.filters import Filter, LanguagePack, guarded
from ...core.vocabulary import BlankRecord
from . import ecomap, genogram, kinship, progress, risk, triangle
from .speech import on_paper, speaking

Drawn = tuple[bytes, float, float]
_Shown = TypeVar("_Shown", bound=Hashable)


@lru_cache(maxsize=64)
def _drawn(draw: Callable[[_Shown], Drawn], shown: _Shown, language: str) -> Drawn:
    """Draw once what a paper prints twice, as a picture and in words."""
    return draw(shown)


def _picture(
    shown: _Shown | None,
    draw: Callable[[_Shown], Drawn],
    words: Callable[[_Shown], str],
    pack: LanguagePack | None,
    nothing: str,
) -> Picture | str:
    """Return the picture; its words alone, where there is nothing to show or nothing to draw with."""
    if shown is None:
        return nothing
    try:
        with speaking(pack):
            text = words(shown)
            png, width, height = _drawn(draw, shown, pack.code if pack else "")
    except ImportError:
        return text
    return Picture(png, round(width, 2), round(height, 2), text)


def _record(name: str, value: object, kind: str) -> Record:
    if not isinstance(value, Record) or value.kind != kind:
        raise TypeError(f"{name} works on a record of the kind {kind}")
    return value


def triangle_picture(value: object, *, pack: LanguagePack | None = None) -> Picture | str:
    """Draw a needs triangle."""
    with speaking(pack):
        shown = triangle.triangle_of(_record("triangle_picture", value, "NeedsTriangle"))
        nothing = on_paper("No dimension of the triangle of needs has been assessed yet.")
    return _picture(shown, triangle.draw_triangle, triangle.triangle_in_words, pack, nothing)


def _no_scores(pack: LanguagePack | None) -> str:
    with speaking(pack):
        return on_paper("There is no assessment of the risk yet, and nothing to show.")


def risk_picture(value: object, *, pack: LanguagePack | None = None) -> Picture | str:
    """Draw the profile of the last assessment of the risk."""
    shown = risk.profile_of(_record("risk_picture", value, "RiskView"))
    return _picture(shown, risk.draw_profile, risk.profile_in_words, pack, _no_scores(pack))


def trend_picture(value: object, *, pack: LanguagePack | None = None) -> Picture | str:
    """Draw the totals of all assessments of the risk."""
    shown = risk.trend_of(_record("trend_picture", value, "RiskView"))
    return _picture(shown, risk.draw_trend, risk.trend_in_words, pack, _no_scores(pack))


def genogram_picture(value: object, *, pack: LanguagePack | None = None) -> Picture | str:
    """Draw the family over its generations."""
    family = _record("genogram", value, "Family")
    blank = isinstance(family, BlankRecord)
    shown = kinship.Kin((), (), blank=True) if blank else kinship.kin_of(family)
    with speaking(pack):
        nothing = on_paper("The case names no members of the family: there is nothing to draw a genogram of.")
    return _picture(shown, genogram.draw_genogram, genogram.genogram_in_words, pack, nothing)


def ecomap_picture(
    value: object, surroundings: object = None, *, pack: LanguagePack | None = None
) -> Picture | str:
    """Draw the family and those around it."""
    shown = ecomap.ecomap_of(_record("ecomap", value, "Family"), surroundings)
    with speaking(pack):
        nothing = on_paper(
            "The case does not name the family's surroundings: there is nothing to draw an ecomap of."
        )
    return _picture(shown, ecomap.draw_ecomap, ecomap.ecomap_in_words, pack, nothing)


def progress_picture(
    value: object, day: object = None, plans: object = None, *, pack: LanguagePack | None = None
) -> Picture | Blank | str:
    """Draw how tasks go; in a paper without data nothing stands there."""
    if not isinstance(value, Rows):
        raise TypeError("task_progress works on a list of tasks")
    if any(isinstance(one, BlankRecord) for one in value):
        return Blank("picture", 0)
    shown = progress.progress_of(value, day, plans)
    with speaking(pack):
        nothing = on_paper("There are no tasks yet, and nothing to show.")
    return _picture(shown, progress.draw_progress, progress.progress_in_words, pack, nothing)


def described(value: object) -> object:
    """Print what a picture shows; nothing, if its words stand in its place already."""
    if isinstance(value, Picture | str):
        return value.text if isinstance(value, Picture) else ""
    raise TypeError("described works on a picture")


FILTERS = (
    Filter(
        "triangle_picture",
        "рисунок_треугольника",
        ("record:NeedsTriangle",),
        "picture",
        "Треугольник потребностей: три стороны, баллы квадратами.",
        "{{ треугольник|рисунок_треугольника }}",
        guarded(triangle_picture, gives="picture"),
        speaks=True,
    ),
    Filter(
        "risk_picture",
        "рисунок_риска",
        ("record:RiskView",),
        "picture",
        "Профиль риска: баллы по группам, сейчас и при прошлой оценке.",
        "{{ риск|рисунок_риска }}",
        guarded(risk_picture, gives="picture"),
        speaks=True,
    ),
    Filter(
        "trend_picture",
        "рисунок_динамики",
        ("record:RiskView",),
        "picture",
        "Сумма баллов риска по датам оценок, с порогами.",
        "{{ риск|рисунок_динамики }}",
        guarded(trend_picture, gives="picture"),
        speaks=True,
    ),
    Filter(
        "genogram",
        "генограмма",
        ("record:Family",),
        "picture",
        "Генограмма: поколения, браки, кто живёт вместе.",
        "{{ семья|генограмма }}",
        guarded(genogram_picture, gives="picture"),
        speaks=True,
    ),
    Filter(
        "ecomap",
        "экокарта",
        ("record:Family",),
        "picture",
        "Экокарта: семья и её окружение, каковы связи и кто кому помогает.",
        "{{ семья|экокарта(окружение) }}",
        guarded(ecomap_picture, gives="picture"),
        max_args=1,
        speaks=True,
    ),
    Filter(
        "task_progress",
        "ход_задач",
        ("list:Task", "list:TaskMark"),
        "picture",
        "Ход задач по времени: срок, перенос, выполнение. В скобках можно указать день и редакции плана.",
        "{{ карта.задачи|ход_задач(карта.дата, планы) }}",
        guarded(progress_picture, gives="picture"),
        max_args=2,
        speaks=True,
    ),
    Filter(
        "described",
        "описание",
        ("picture",),
        "text",
        "То же, что на рисунке, словами; если рисунка нет и слова уже стоят на его месте — ничего.",
        "{{ семья|генограмма|описание }}",
        guarded(described),
    ),
)
"""All filters of pictures, in the order in which the methodologist's list shows them."""
