"""Whether a language of papers has words for all that papka asks on forms and prints by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from ...core.contract import choices
from ...core.contract.base import Labelled
from ...core.contract.case import Case
from ...core.filters import LanguagePack
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.plugging.plugins import Plugins
from ...core.typecheck import nearest
from ...core.vocabulary import record_type
from .checks import Check, Looked, finding
from .trial import Trial

SHOWN = 4
_FILE = "__init__.py"
_SAID_IN = "en"
_HOME = Path(__file__).parents[2]
_ROOMS = ("core/rules", "forms", "output")


def _languages(trial: Trial, _: str) -> Looked:
    if "papka_languages" not in trial.opened.info.hooks:
        return Looked(skipped=tr("the plugin brings no language"))
    given = Plugins([]).languages()
    own = [one for code, one in trial.opened.alone().languages().items() if code not in given]
    found = [fault for pack in own for fault in _lacking(pack)]
    return Looked(found, len(own) * (len(_fields()) + len(_values()) + len(_sentences())))


def _lacking(pack: LanguagePack) -> Iterator[Finding]:
    fields, values, sentences = _fields(), _values(), _sentences()
    named = {f"{name}.{code}" for name, called in pack.choices.items() for code in called}
    every = [name for names in fields.values() for name in names]
    for said, known in ((pack.labels, every), (pack.examples, every), (named, values)):
        yield from _unknown(pack, said, known)
    words = tr("The language {code} has no words for {count} fields of the contract; forms show: {names}.")
    cure = tr("Add them to labels of the LanguagePack, by record and field: Member.relation.")
    lacking = [one for one, names in sorted(fields.items()) if not pack.labels.keys() & set(names)]
    yield from _told(pack, words, cure, lacking)
    words = tr("The language {code} has no words for {count} values of fixed lists; papers show: {names}.")
    cure = tr("Add them to choices of the LanguagePack, by list and code.")
    yield from _told(pack, words, cure, [one for one in values if one not in named])
    words = tr(
        "Sentences that papka itself prints stay English in the language {code}: {count}; such as: {names}."
    )
    cure = tr("Say them in on_paper and counted of the LanguagePack.")
    english = [] if pack.code == _SAID_IN else [one for one in sentences if pack.on_paper(one) == one]
    yield from _told(pack, words, cure, english)


def _told(pack: LanguagePack, words: str, cure: str, names: list[str]) -> Iterator[Finding]:
    if names:
        shown = "; ".join(names[:SHOWN]) + ("; …" if len(names) > SHOWN else "")
        said = words.format(code=pack.code, count=len(names), names=shown)
        yield finding("P-24", said, cure, _FILE, severity="warning")


def _unknown(pack: LanguagePack, said: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
    """Tell of words for what the contract does not have: a slip of the pen would never be seen."""
    there = list(known)
    for name in sorted(set(said) - set(there)):
        words = tr("The language {code} has words for {name}, which the contract does not have.")
        near = nearest(name, there)
        cure = tr("Did you mean {name}?").format(name=near) if near else tr("Take it out.")
        yield finding("P-24", words.format(code=pack.code, name=name), cure, _FILE)


# --- what there is to be said ------------------------------------------------------------------------------


@cache
def _records() -> dict[str, type[BaseModel]]:
    """Return the records that a case file is made of."""
    found: dict[str, type[BaseModel]] = {}
    pending: list[type[BaseModel]] = [Case]
    while pending:
        model = pending.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            types = (
                one.type.item or one.type for one in record_type(model).fields.values() if not one.derived
            )
            pending += [one.model for one in types if one.model is not None and not one.refers]
    return found


@cache
def _fields() -> dict[str, tuple[str, ...]]:
    """Return each field by the record that declares it, with all names by which a language may call it."""
    found: dict[str, tuple[str, ...]] = {}
    for model in _records().values():
        for one in record_type(model).fields.values():
            if not one.derived:
                owners = [base for base in model.__mro__ if one.name in getattr(base, "model_fields", {})]
                names = tuple(f"{owner.__name__}.{one.name}" for owner in owners)
                found[names[-1]] = (*found.get(names[-1], ()), *names)
    return found


@cache
def _values() -> tuple[str, ...]:
    lists = (one for one in vars(choices).values() if isinstance(one, type) and issubclass(one, Labelled))
    return tuple(f"{one.__name__}.{member.value}" for one in lists if one is not Labelled for member in one)


@cache
def _sentences() -> tuple[str, ...]:
    """Return what papka itself writes on papers: what its code says through `LanguagePack.on_paper`."""
    found: dict[str, None] = {}
    for room in _ROOMS:
        for path in sorted((_HOME / room).rglob("*.py")):
            found |= dict.fromkeys(_said(ast.parse(path.read_text("utf-8"))))
    return tuple(found)


def _said(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name == "on_paper":
                yield from (
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


CHECKS = (
    Check(
        "P-24",
        (
            "A language has words for all that papka asks and prints",
            "Язык знает всё, что Папка спрашивает и печатает",
        ),
        (
            "No form, register or act of a centre is half in another language.",
            "Ни одна форма, журнал или акт учреждения не окажется наполовину на чужом языке.",
        ),
        ("fields, values and sentences", "полей, значений и фраз"),
        _languages,
        needs_programme=False,
    ),
)
