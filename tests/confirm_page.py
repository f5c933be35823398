"""Writes docs/forms/confirm.md: what a lawyer, the owner of a programme or a centre has still to confirm."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pages_words import KINDS

from papka.core.programmes.programme import Provenance
from papka.core.programmes.region import Method

HEAD = """\
# Что надо подтвердить

Честный список: то, чего нет в исходных текстах или что не сверено с официальным текстом. Пока оно не подтверждено, бумага или
правило — предложение составителя. Подтверждённое исправляют в данных (`source`, `notes`), и строка уходит отсюда сама.
"""
WHO = {
    "law_unverified": "Юрист",
    "inferred": "Владелец программы",
    "setting": "Учреждение",
}
TASKS = {
    "Юрист": "Сверить с действующей редакцией официального текста: названия, номера, сроки, состав полей.",
    "Владелец программы": "Решить, верно ли выведено то, чего источник не говорит: вид формы, порядок, признаки, состав.",
    "Учреждение": "Назвать свои числа: сроки и пороги, которых не называет ни один источник.",
}
_ASKS = re.compile(
    r"подтверд|по памяти|провер|сверен|сверьте|составлен|выведен|вывод |предложен", re.IGNORECASE
)
_LAW = re.compile(r"юрист|закон|приказ|стать|по памяти|кодекс", re.IGNORECASE)


PAPERS, RULES, NUMBERS, METHOD = "Бумаги", "Сроки и проверки", "Числа", "Программа и её правила"


@dataclass(frozen=True)
class Open:
    """One thing that is not confirmed yet."""

    who: str
    part: str
    about: str
    what: str


def lines(methods: Iterable[Method], titles: Mapping[str, str]) -> Iterator[str]:
    """Return the lines of the page."""
    found = dict.fromkeys(one for method in methods for one in _of(method))
    yield HEAD
    for who, task in TASKS.items():
        yield from (f"## {who}", "", task, "")
        for part in (PAPERS, RULES, NUMBERS, METHOD):
            mine = [one for one in found if (one.who, one.part) == (who, part)]
            if mine:
                yield from (f"### {part}", "", *_listed(mine, titles), "")


def _listed(found: list[Open], titles: Mapping[str, str]) -> Iterator[str]:
    about = ""
    for one in sorted(found, key=lambda one: one.about):
        if one.about != about:
            about = one.about
            yield f"- [{titles[about]}]({about}.md) `{about}`" if about in titles else f"- {about}"
        yield f"  - {one.what}"


def _of(method: Method) -> Iterator[Open]:
    programme = method.programme
    for paper in method.papers.values():
        yield from _sourced(PAPERS, paper.type.id, paper.type.source)
        for note in paper.type.notes:
            if _ASKS.search(note):
                yield Open(
                    "Юрист" if _LAW.search(note) else "Владелец программы", PAPERS, paper.type.id, note
                )
    for rule in (*programme.deadlines, *programme.repeated):
        yield from _sourced(RULES, f"`{rule.id}` {rule.title}", rule.source)
    for check in programme.checks:
        yield from _sourced(RULES, f"`{check.id}` {check.message}", check.source)
    for name, number in programme.settings.items():
        yield from _sourced(NUMBERS, f"`{name}` {number.label}: {number.value}", number.source)
    for scale in programme.scales:
        yield from _sourced(METHOD, f"Шкала «{scale.title}»", scale.source)
    yield from _whole(method)


def _whole(method: Method) -> Iterator[Open]:
    """What a programme says of itself: its basis, stages, levels, tables and rows of numbers."""
    programme = method.programme
    own = programme.short_title
    named = (
        *((basis.title, basis.source) for basis in programme.legal_basis),
        *((f"этап «{stage.title}»", stage.source) for stage in programme.stages),
        *((f"уровень «{level.title}»", level.source) for level in programme.levels),
        *((f"признак {sign.code} «{sign.title}»", sign.source) for sign in programme.signs),
        *((f"номера: {row.title}", row.source) for row in programme.series),
        *(("таблица уровня", table.source) for table in programme.level_tables),
        *(("оценка риска", risk.source) for risk in programme.risks),
    )
    for about, source in named:
        if source is not None:
            yield from _sourced(METHOD, f"{own}: {about}", source)


def _sourced(part: str, about: str, source: Provenance) -> Iterator[Open]:
    # A source may be a text, and the look of the form the compiler's own all the same: then the words say so.
    partly = "Владелец программы" if source.kind != "law" and _ASKS.search(source.text) else None
    who = WHO.get(source.kind, partly)
    if who is None:
        return
    if part == NUMBERS and source.kind == "inferred":
        who = "Учреждение"  # its own settings replace the number
    yield Open(who, part, about, f"{source.text} ({KINDS[source.kind]})")
