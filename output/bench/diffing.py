"""`papka template diff`: what changed between two templates, in words, in tags and in what they become."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import click

from ...core.errors import PapkaError, Refused
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.opening import open_case
from ...core.report import show_json
from ..hidden import RENDERED
from ..package import Package, open_package
from ..rendering import Press
from ..tags import visible_text
from ..template import Template
from .desk import Desk, Sheet
from .inspecting import where
from .paragraphs import is_fallback, paragraphs
from .preview import examples, last_day, with_template
from .screen import visible

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HOLE = "…"
_NEAR = 0.6
_MANY = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph with its place."""

    part: str
    paragraph: int
    text: str

    @property
    def words(self) -> str:
        """The paragraph without what its tags say."""
        return _TAG.sub(_HOLE, self.text)

    @property
    def tags(self) -> list[str]:
        """The tags of the paragraph."""
        return _TAG.findall(self.text)


@dataclass(frozen=True, slots=True)
class Difference:
    """One paragraph that was added, taken out or changed."""

    before: Line | None
    after: Line | None

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data, words and tags apart."""
        before, after = self.before, self.after
        line = before or after
        assert line is not None
        old, new = before.tags if before else [], after.tags if after else []
        gone, come = _left_over(old, new)
        return {
            "kind": self.kind,
            "part": line.part,
            "paragraph": {"a": before.paragraph if before else None, "b": after.paragraph if after else None},
            "text": {"a": before.text if before else None, "b": after.text if after else None},
            "words_changed": (before.words if before else None) != (after.words if after else None),
            "tags": {"removed": gone, "added": come},
        }


def _left_over(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return what only one of two lists has, in order."""
    gone: list[str] = []
    come: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += old[a:b]
            come += new[c:d]
    return gone, come


def lines_of(package: Package) -> dict[str, list[Line]]:
    """Return the paragraphs of each part that a paper shows."""
    found: dict[str, list[Line]] = {}
    for name in package.members:
        if RENDERED.fullmatch(name):
            every = enumerate(paragraphs(package.xml(name)), start=1)
            found[name] = [Line(name, n, visible_text(one)) for n, one in every if not is_fallback(one)]
    return found


def compare(first: Package, second: Package) -> list[Difference]:
    """Return what differs, part by part and paragraph by paragraph."""
    one, other = lines_of(first), lines_of(second)
    found: list[Difference] = []
    for part in dict.fromkeys([*one, *other]):
        found += _part(one.get(part, []), other.get(part, []))
    return found


def _part(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, [line.text for line in old], [line.text for line in new], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield from _paired(list(old[a:b]), list(new[c:d]))


def _paired(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Difference]:
    """Match the paragraphs of a changed stretch: those that are alike were changed, others came or went."""
    pairs = dict(_alignment(old, new))
    if len(old) == len(new) == 1 and old[0].text.strip() and new[0].text.strip():
        pairs = {0: 0}
    done = 0
    for number, line in enumerate(old):
        if number in pairs:
            yield from _came(new[done : pairs[number]])
            yield Difference(line, new[pairs[number]])
            done = pairs[number] + 1
        elif line.text.strip():
            yield Difference(line, None)
    yield from _came(new[done:])


def _came(lines: Sequence[Line]) -> Iterator[Difference]:
    return (Difference(None, line) for line in lines if line.text.strip())


def _alignment(old: Sequence[Line], new: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Pair the paragraphs so that all pairs together are as much alike as they can be, none crossing."""
    if len(old) * len(new) > _MANY:
        return
    alike = [[_alike(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _NEAR else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1


def _alike(one: Line, other: Line) -> float:
    return SequenceMatcher(None, one.text, other.text, autojunk=False).ratio()


# --- what they become ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the papers of one example case differ.

    Attributes:
        refusals: Why one of the two templates drew nothing, by ``a`` and ``b``.
    """

    case: str
    differences: list[Difference]
    refusals: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        changed = [
            {
                "kind": one.kind,
                "a": one.before.text if one.before else None,
                "b": one.after.text if one.after else None,
            }
            for one in self.differences
        ]
        return {"case": self.case, "differences": changed, "refused": self.refusals}


def outcomes(desk: Desk, first: Sheet, second: Sheet) -> Iterator[Outcome]:
    """Draw both templates with each example case that has the facts, and compare the papers."""
    document = first.document or second.document
    for method in first.methods if document else ():
        for path in examples(method.region):
            opened = open_case(str(path), Path.cwd(), desk.plugins)
            drawn: dict[str, list[bytes]] = {}
            refused: dict[str, str] = {}
            for name, sheet in (("a", first), ("b", second)):
                press = Press(with_template(method, str(document), sheet.path), opened.language)
                try:
                    papers = press.render(opened.case, str(document), last_day(opened))
                    drawn[name] = [one.content for one in papers]
                except PapkaError as error:
                    refused[name] = _reason(error)
            if len(refused) < 2:
                yield Outcome(path.name, list(_papers(drawn)), refused)


def _reason(error: PapkaError) -> str:
    if isinstance(error, Refused) and error.findings:
        return f"{error} {error.findings[0].message}"
    return str(error)


def _papers(drawn: dict[str, list[bytes]]) -> Iterator[Difference]:
    if len(drawn) == 2:
        for one, other in zip(drawn["a"], drawn["b"], strict=False):
            yield from compare(open_package(one), open_package(other))


# --- the command -----------------------------------------------------------------------------------------


def carry_out(desk: Desk, first: str, second: str, document: str | None, *, as_json: bool) -> int:
    """Compare two templates and show it."""
    one, other = _both(desk, first, second, document)
    differences = compare(Template.open(one.path).package, Template.open(other.path).package)
    became = list(outcomes(desk, one, other)) if differences else []
    if as_json:
        show_json(
            {
                "a": str(one.path),
                "b": str(other.path),
                "document": one.document or other.document,
                "differences": [difference.as_json() for difference in differences],
                "results": [outcome.as_json() for outcome in became],
            }
        )
    else:
        _show(differences, became)
    return 0


def _both(desk: Desk, first: str, second: str, document: str | None) -> tuple[Sheet, Sheet]:
    """Find both; what one file is a template of, the other is too."""
    if document is not None:
        return desk.find(first, document), desk.find(second, document)
    try:
        one = desk.find(first)
    except PapkaError:
        other = desk.find(second)
        return desk.find(first, other.document), other
    other = desk.find(second, one.document) if one.document else desk.find(second)
    return (
        (replace(one, document=other.document, methods=other.methods), other)
        if not one.document
        else (one, other)
    )


def _show(differences: Sequence[Difference], became: Sequence[Outcome]) -> None:
    for one in differences:
        line = one.before or one.after
        assert line is not None
        place = Place(part=line.part, paragraph=line.paragraph)
        words = {"added": tr("added"), "removed": tr("taken out"), "changed": tr("changed")}[one.kind]
        click.secho(f"{where(Finding('', 'info', '', place=place), None)}: {words}", bold=True)
        _show_pair(one)
        _show_tags(one)
    click.echo(tr("Paragraphs that differ: {count}.").format(count=len(differences)))
    for outcome in became:
        click.echo("")
        click.secho(tr("The result for {case}:").format(case=outcome.case), bold=True)
        for name, why in outcome.refusals.items():
            click.echo("  " + tr("{name} was not drawn up: {why}").format(name=name.upper(), why=why))
        for one in outcome.differences:
            _show_pair(one)
        if not outcome.differences and not outcome.refusals:
            click.echo("  " + tr("the same words"))


def _show_pair(one: Difference) -> None:
    if one.before is not None:
        click.secho(f"  - {visible(one.before.text)}", fg="red")
    if one.after is not None:
        click.secho(f"  + {visible(one.after.text)}", fg="green")


def _show_tags(one: Difference) -> None:
    tags = one.as_json()["tags"]
    for heading, names in ((tr("tags gone"), tags["removed"]), (tr("tags new"), tags["added"])):
        if names:
            click.echo(f"    {heading}: {visible(', '.join(names))}")
