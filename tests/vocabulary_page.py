"""Writes docs/vocabulary.md out of the contract and the filters; a test holds the page against them."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from papka.core import Plugins
from papka.core.contract.case import Case
from papka.core.rules import views
from papka.core.vocabulary import Field, record_type

PAGE = Path(__file__).parents[1] / "docs" / "vocabulary.md"
ROOTS = (
    ("document", "документ", views.DocumentView),
    ("programme", "программа", views.ProgrammeView),
    ("progress", "ход", views.ProgressView),
    ("level", "уровень", views.LevelView),
    ("risk", "риск", views.RiskView),
    ("papers", "бумаги", views.PaperView),
)
HEAD = """\
# The vocabulary

The names that a case file, a template and a rule may use. A case file (YAML) uses the English names; a template may use either.
This page is made from the contract; a test fails when they differ (`PAPKA_WRITE_DOCS=1 pytest tests/test_docs.py` writes it anew).

An expression begins with a part of the case (`family`, `семья`, `agreement`, `соглашение` …), with `case`/`дело` for the whole, with the
name that a document type gives to what it is made for, or with one of these:

| name | русское имя | what it is |
|---|---|---|
| `document` | `документ` | the paper itself |
| `programme` | `программа` | the programme, as papers speak of it |
| `progress` | `ход` | stage, opening and end, derived from dated events |
| `level` | `уровень` | the level proposed by the rule table, the one decided, the signs |
| `risk` | `риск` | the score sheets with totals and risk in words |
| `papers` | `бумаги` | a list: the papers that the facts of the case show as drawn up, by their days |
| `signs` | `признаки` | the programme's signs by their codes, for rules: `signs.K1` |
| `settings` | `настройки` | the programme's numbers by their names |

Marks: **required** has to stand in the case file; *optional* may be empty, and a template that prints it has to meet that
(`if`, `|прочерк`, `|линия`); *derived* is worked out and never typed in. A reference (`→ Member`) is written in the case file as
the code of a person, task, decision or level, and answers to the names of what it refers to.
"""


def page() -> str:
    """Return the page as it has to stand."""
    lines = [HEAD]
    seen: set[type[BaseModel]] = set()
    for model in (Case, *(root[2] for root in ROOTS)):
        for record in _reached(model, seen):
            lines += _record(record)
    lines += _filters()
    return "\n".join(lines) + "\n"


def _reached(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in record_type(model).fields.values():
        inner = field.type.item or field.type
        if inner.model is not None:
            yield from _reached(inner.model, seen)


def _record(model: type[BaseModel]) -> list[str]:
    said = (model.__doc__ or "").strip().splitlines()[0]
    lines = [f"\n## {model.__name__}", "", said, "", "| name | русское имя | kind | | what it is |"]
    lines.append("|---|---|---|---|---|")
    for field in record_type(model).fields.values():
        lines.append(
            f"| `{field.name}` | `{field.russian}` | {_kind(field)} | {_mark(model, field)} | {field.label} |"
        )
    choices = [
        f"- `{field.name}`: " + ", ".join(f"`{code}` {label}" for code, label in inner.choices)
        for field in record_type(model).fields.values()
        for inner in [field.type.item or field.type]
        if inner.choices
    ]
    return [*lines, "", *choices] if choices else lines


def _kind(field: Field) -> str:
    inner = field.type.item or field.type
    name = inner.model.__name__ if inner.model else inner.kind
    said = f"→ {name}" if inner.refers else name
    return f"list of {said}" if field.type.kind == "list" else said


def _mark(model: type[BaseModel], field: Field) -> str:
    if field.derived:
        return "*derived*" + (", *optional*" if field.type.optional else "")
    if field.type.optional:
        return "*optional*"
    return "**required**" if model.model_fields[field.name].is_required() else ""


def _filters() -> list[str]:
    lines = ["\n## Filters", "", "| name | русское имя | takes | gives | what it does | example |"]
    lines.append("|---|---|---|---|---|---|")
    plugins = Plugins()
    for one in (*plugins.languages()["ru"].filters, *plugins.filters()):
        example = one.example.replace("|", "\\|")
        takes = ", ".join(one.takes)
        lines.append(
            f"| `{one.name}` | `{one.russian}` | {takes} | {one.gives} | {one.summary} | `{example}` |"
        )
    return lines
