"""Writes docs/forms out of the programmes, the common forms and their templates; a test holds the pages against them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import confirm_page
from jinja2 import nodes
from pages_words import KINDS, SEVERITIES, term_words

from papka.core import Plugins
from papka.core.expressions import Language
from papka.core.programmes.programme import Check, Deadline, DocumentType, Programme, Repeated
from papka.core.programmes.region import Method
from papka.core.rules.views import vocabulary_of
from papka.core.typecheck import Checker, Seen, source
from papka.core.vocabulary import Type, record_type
from papka.output.template import Template

FOLDER = Path(__file__).parents[1] / "docs" / "forms"
Rule = Deadline | Repeated | Check
ANYWHERE = {"family", "case", "organisation", "document", "settings", "progress", "programme", "specialists"}
"""Parts of the case of which nearly every paper and rule speaks: naming them shows no kinship."""


@cache
def methods() -> tuple[Method, ...]:
    """Return the programmes of the regions that come with papka."""
    plugins = Plugins()
    return tuple(plugins.method(name) for name in plugins.programmes())


@cache
def language() -> Language:
    """Return the one language of templates and rules."""
    return Plugins().language


@dataclass(frozen=True)
class Use:
    """A document type as one programme uses it."""

    method: Method
    type: DocumentType

    @property
    def programme(self) -> Programme:
        return self.method.programme


@cache
def uses() -> dict[str, list[Use]]:
    """Return all document types by their codes, each with the programmes that use it."""
    found: dict[str, list[Use]] = {}
    for method in methods():
        for type_ in method.forms:
            found.setdefault(type_.id, []).append(Use(method, type_))
    return dict(sorted(found.items()))


def pages() -> dict[str, str]:
    """Return all pages as they have to stand, by the names of their files."""
    made = {f"{name}.md": "\n".join(_page(found)) + "\n" for name, found in uses().items()}
    made["README.md"] = "\n".join(_overview()) + "\n"
    made["confirm.md"] = "\n".join(confirm_page.lines(methods(), _titles())) + "\n"
    return made


def _titles() -> dict[str, str]:
    return {name: found[0].type.title for name, found in uses().items()}


# --- one document ----------------------------------------------------------------------------------------


def _page(found: list[Use]) -> Iterator[str]:
    one = found[0].type
    yield f"# {one.title}"
    yield ""
    if one.purpose:
        yield from (one.purpose, "")
    yield f"- Код: `{one.id}`, шаблон `{one.file}`"
    for kind, text in dict.fromkeys((use.type.source.kind, use.type.source.text) for use in found):
        yield f"- Источник ({KINDS[kind]}): {text}"
    yield f"- Подписывают: {'; '.join(one.signed_by) or 'подписи не требуется'}"
    yield f"- Экземпляров: {one.copies}"
    if one.each and one.alias:
        yield f"- Составляется для каждого из `{one.each}`; в шаблоне это «{one.alias[1]}»"
    if one.needs:
        yield f"- Составить нельзя, пока {one.needs}"
    for use in found:
        yield from ("", f"## {use.programme.short_title}", "", *_in_programme(use))
    yield from _notes(found)
    yield from _fields(found[0])


def _in_programme(use: Use) -> Iterator[str]:
    one = use.type
    stage = next((stage.title for stage in use.programme.stages if stage.id == one.stage), None)
    yield f"- Этап: {stage or 'не привязана к этапу'}"
    needed = "всегда" if one.required == "true" else f"когда в деле `{one.required}`"
    yield f"- Нужна: {needed}"
    if one.repeated:
        yield f"- Повторяется: {one.repeated}"
    for deadline in use.programme.deadlines:
        if deadline.id == one.deadline:
            yield from _deadline(deadline, use.programme)
    told = [*_rules(use)]
    if told:
        yield from ("- Сроки и проверки о тех же сведениях:", *told)


def _deadline(one: Deadline, programme: Programme) -> Iterator[str]:
    before = "не позже чем за " if one.before else ""
    yield f"- Срок `{one.id}` ({one.title}): {before}{term_words(one.term, programme)}, считая от `{one.since}`"
    for case in one.terms:
        yield f"  - когда `{case.when}` — {term_words(case.term, programme)}"
    yield f"  - источник ({KINDS[one.source.kind]}): {one.source.text}"


def _rules(use: Use) -> Iterator[str]:
    known = _named(use.type.each, use.type.done, use.type.dated, use.type.given)
    for rule in (*use.programme.deadlines, *use.programme.repeated, *use.programme.checks):
        if rule.id != use.type.deadline and _speaks_of(rule, use.type.id, known):
            title = rule.message if isinstance(rule, Check) else rule.title
            yield f"  - `{rule.id}` ({SEVERITIES[rule.severity]}): {title}"


def _speaks_of(rule: Rule, document: str, known: "_Named") -> bool:
    if isinstance(rule, Check) and document in rule.blocks:
        return True
    texts = [rule.when, getattr(rule, "each", None)]
    texts += [rule.on] if isinstance(rule, Check) else [rule.since, rule.done]
    return known.meets(_named(*texts))


@dataclass(frozen=True)
class _Named:
    """Which parts of the case expressions name, and which kinds of things of them."""

    parts: frozenset[str]
    kinds: frozenset[str]

    def meets(self, other: "_Named") -> bool:
        """Tell whether both speak of one part of the case, and not of different kinds of things in it."""
        if not self.parts & other.parts:
            return False
        return not self.kinds or not other.kinds or bool(self.kinds & other.kinds)


@cache
def _named(*texts: str | None) -> _Named:
    trees = [language().tree(text) for text in texts if text]
    names = {one.name for tree in trees for one in _all(tree, nodes.Name)}
    kinds = {
        argument.value
        for tree in trees
        for one in _all(tree, nodes.Filter)
        if one.name in ("where", "где") and len(one.args) == 2
        for argument in one.args[1:]
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str)
    }
    return _Named(frozenset(names - ANYWHERE), frozenset(kinds))


def _all(tree: nodes.Node, kind: type[nodes.Node]) -> Iterator[nodes.Node]:
    if isinstance(tree, kind):
        yield tree
    yield from tree.find_all(kind)


def _notes(found: list[Use]) -> Iterator[str]:
    notes = dict.fromkeys(note for use in found for note in use.type.notes)
    if notes:
        yield from ("", "## Особые правила и что надо подтвердить", "", *(f"- {note}" for note in notes))


# --- the fields of a template ----------------------------------------------------------------------------


class _Reader(Checker):
    """Reads a template as the check does, and keeps the fields that it meets."""

    def __init__(self, use: Use, local: dict[str, Type], met: dict[str, str]) -> None:
        seen = {name: Seen(kind, name) for name, kind in local.items()}
        super().__init__(vocabulary_of(use.programme), language().filters, seen)
        self.met = met

    def _attribute(self, node: nodes.Node, base: nodes.Node, attribute: str) -> Seen:
        seen = super()._attribute(node, base, attribute)
        owner = self._see(base).type.model
        known = record_type(owner).find(attribute) if owner else None
        if known is not None and (known.type.item or known.type).kind != "record":
            self.met.setdefault(_said(node), known.label)
        return seen


def _said(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    if isinstance(node, nodes.Or):
        return f"({_said(node.left)} or {_said(node.right)})"
    return source(node)


def _fields(use: Use) -> Iterator[str]:
    met = fields_of(use)
    yield from ("", "## Что печатает шаблон", "", "| поле | что это |", "|---|---|")
    for path, label in sorted(met.items()):
        shown = path.replace("|", "\\|")
        yield f"| `{shown}` | {label} |"


def fields_of(use: Use) -> dict[str, str]:
    """Return the fields that the template of a document asks for, as it writes them, with their labels."""
    vocabulary = vocabulary_of(use.programme)
    local: dict[str, Type] = {}
    if use.type.each and use.type.alias:
        over = Checker(vocabulary, language().filters).expression(language().tree(use.type.each))
        local = {name: over.item for name in use.type.alias if over.item}
    met: dict[str, str] = {}
    for part in Template.open(use.method.papers[use.type.id].template).parts:
        _Reader(use, local, met).template(language().environment().parse(part.source))
    return met


# --- the overview ----------------------------------------------------------------------------------------

HEAD = """\
# Бумаги

Каждая бумага, которую умеет печатать papka, — на своей странице. Страницы сделаны из самих программ, форм и шаблонов; проверка
не проходит, если они расходятся (`PAPKA_WRITE_DOCS=1 pytest tests/test_forms_pages.py` пишет их заново). Чего нельзя считать
сверенным, собрано в [confirm.md](confirm.md); сроки и проверки — в [rules.md](../rules.md).
"""


def _overview() -> Iterator[str]:
    yield HEAD
    for method in methods():
        yield from (
            f"## {method.programme.short_title}",
            "",
            "| этап | бумага | код | нужна | срок | источник |",
        )
        yield "|---|---|---|---|---|---|"
        stages = {stage.id: stage.title for stage in method.programme.stages}
        for one in method.forms:
            needed = "всегда" if one.required == "true" else "когда есть сведения"
            cells = [
                stages.get(one.stage or "", "любой"),
                f"[{one.title}]({one.id}.md)",
                f"`{one.id}`",
                needed,
            ]
            cells += [f"`{one.deadline}`" if one.deadline else "—", KINDS[one.source.kind]]
            yield "| " + " | ".join(cells) + " |"
        yield ""
