"""Writes docs/rules.md out of the rules of all programmes; a test holds the page against them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pages_words import KINDS, SAME_DAY, SEVERITIES

from papka.core import Plugins
from papka.core.programmes.programme import Check, Deadline, Programme, Provenance, Repeated, Setting, Term

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"
HEAD = """\
# Правила: сроки, проверки, таблицы

Всё, что папка проверяет в деле. Правила предлагают, решают люди: предупреждение никогда не мешает составить документ, а то, что источник
называет средним или советом, остаётся сведением. Число, которого не называет ни один источник, — настройка: учреждение ставит своё.

Эта страница составлена по данным программ (`PAPKA_WRITE_DOCS=1 pytest tests/test_docs.py` пишет её заново).

Свои числа и свои выходные дни учреждение записывает в `office.yaml`:

```yaml
papka: 1
numbers:
  kurgan_ipss:
    plan_days: 7
calendar:
  off: [2026-03-10]
  working: [2026-03-14]
  decreed: [2028]
```

Рабочие дни папка берёт из производственного календаря с переносами; `decreed` говорит, что выходные этого года внесены полностью. Пока
выходные года не утверждены, срок, который в нём кончается, сопровождается сведением `X-CALENDAR`. Во время перерыва в сопровождении
(`interruptions`) сроки того, что повторяется, стоят.

Правило действует в свои дни (`valid_from`, `valid_to`), а число могло раньше быть другим (`former`): `papka check ДЕЛО --as-of ДЕНЬ`
проверяет дело по правилам того дня. `papka plugin prove` доказывает таблицы: охвачены ли все случаи, достижима ли каждая строка.

| важность | что это значит |
|---|---|
| ошибка | документ, составленный сейчас, был бы незаконным или неверным; он не составляется |
| предупреждение | что-то не сделано, сделано поздно или требует взгляда человека |
| к сведению | полезно знать |
"""


def page() -> str:
    """Return the page as it has to stand."""
    plugins = Plugins()
    programmes = [plugins.method(name).programme for name in plugins.programmes()]
    shared = set.intersection(*(set(one.rules) for one in programmes))
    lines = [HEAD, "## Общие для всех программ", ""]
    lines += _rules(programmes[0], lambda id_: id_ in shared and not _own(programmes, id_))
    for one in programmes:
        lines += [f"## {one.short_title}", ""]
        lines += _rules(one, lambda id_, known=one: id_ not in shared or _own([known], id_))
        lines += _tables(one)
        lines += _numbers(one)
    return "\n".join(lines).rstrip() + "\n"


def _own(programmes: list[Programme], id_: str) -> bool:
    """Tell whether a programme has a rule of its own in place of the shared one."""
    regions = Plugins().programmes()
    own = [regions[one.id].programme for one in programmes]
    return any(
        id_ == rule.id
        for one in own
        for name in ("deadlines", "repeated", "checks")
        for rule in getattr(one, name)
    )


def _rules(programme: Programme, wanted: Callable[[str], bool]) -> Iterator[str]:
    terms = [one for one in (*programme.deadlines, *programme.repeated) if wanted(one.id)]
    if terms:
        yield "| код | срок | сколько | важность | источник |"
        yield "|---|---|---|---|---|"
        for rule in terms:
            yield f"| {rule.id} | {rule.title} | {_length(rule, programme)} | {SEVERITIES[rule.severity]} | {_source(rule.source)} |"
        yield ""
    checks = [one for one in programme.checks if wanted(one.id)]
    if checks:
        yield "| код | замечание | что делать | важность | источник |"
        yield "|---|---|---|---|---|"
        for check in checks:
            yield f"| {_named(check)} | {check.message} | {check.cure} | {SEVERITIES[check.severity]} | {_source(check.source)} |"
        yield ""


def _named(check: Check) -> str:
    return f"{check.id} (с {check.valid_from:%d.%m.%Y})" if check.valid_from else check.id


def _length(rule: Deadline | Repeated, programme: Programme) -> str:
    said = [_term(case.term, programme) for case in rule.terms] + [_term(rule.term, programme)]
    text = " или ".join(dict.fromkeys(said))
    if text == SAME_DAY:
        return "не позже этого дня" if isinstance(rule, Deadline) and rule.before else text
    if isinstance(rule, Repeated):
        return f"не реже чем раз в {text}"
    return f"не позже чем за {text}" if rule.before else text


def _term(term: Term, programme: Programme) -> str:
    units = (("раб. дн.", term.working_days), ("дн.", term.days), ("мес.", term.months))
    unit, value = next((unit, value) for unit, value in units if value is not None)
    number = value if isinstance(value, int) else programme.settings[value].value
    if number == 0:
        return SAME_DAY
    mark = "" if isinstance(value, int) else f" (`{value}`)"
    return f"{number} {unit}{mark}"


def _tables(programme: Programme) -> Iterator[str]:
    titles = {level.id: level.title for level in programme.levels}
    rows = [(row.id, titles.get(row.propose or "", "решает группа"), row.reason)
            for table in programme.level_tables for row in table.rows]  # fmt: skip
    rows += [(row.id, f"риск {row.risk}", row.reason) for known in programme.risks for row in known.rows]
    if rows:
        yield "Таблица читается сверху, действует первая подходящая строка."
        yield ""
        yield "| код | что предлагает | почему |"
        yield "|---|---|---|"
        for row in rows:
            yield f"| {' | '.join(row)} |"
        yield ""


def _numbers(programme: Programme) -> Iterator[str]:
    yield "| число | сколько | что это | источник |"
    yield "|---|---|---|---|"
    for name, one in programme.settings.items():
        yield f"| `{name}` | {_value(one)} | {one.label} | {_source(one.source)} |"
    yield ""


def _value(one: Setting) -> str:
    former = [f"{then.value} по {then.until:%d.%m.%Y}" for then in one.former]
    return f"{one.value} ({', '.join(former)})" if former else str(one.value)


def _source(source: Provenance) -> str:
    return f"{source.text} — {KINDS[source.kind]}".replace("|", "/")
