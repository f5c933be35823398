"""`papka template fix`: what can be repaired without asking is repaired in a copy; each change is told."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.typecheck import is_sure, plain_letters
from ..saving import write_atomically
from ..template import Template
from .checking import show
from .desk import FIXED, Sheet
from .edits import Draft, Edit, edit_of, words_of
from .inspecting import Inspection, where
from .screen import visible

_ROUNDS = 6
_TAG = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*\}\}|\{%(?:(?!%\}|\{%|\{\{).)*%\}", re.DOTALL)
_SINGLE = re.compile(r"(?<!\{)\{\s*([^\W\d{}][^{}\n]*?)\s*\}(?!\})")
_HALF = re.compile(r"\{\{\s*([^\W\d{}][^{}\n]*?)\s*\}(?!\})|(?<!\{)\{\s*([^\W\d{}][^{}\n]*?)\s*\}\}(?!\})")
_HALF_BLOCK = re.compile(r"\{%([^{}%\n]+?)\s*\}(?!\})")
_CERTAIN = frozenset(
    {"T-UNSEEN", "T-QUOTES", "T-DASH", "T-CAPITALS", "T-GLUED", "T-LIFT-SPACE", "T-LOOKALIKE"}
)
_BY_NAME = frozenset({"T-NAME", "T-CHOICE", "E-FILTER", "E-TEST"})
_BARE, _WITH_WORDS = ("else", "endif", "endfor"), ("if", "elif", "for")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: where it was made, what stood there and what stands there now.

    Attributes:
        start: First character of the tag within its paragraph's visible text, as it stood then.
    """

    code: str
    part: str
    paragraph: int
    start: int
    before: str
    after: str

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            name: getattr(self, name) for name in ("code", "part", "paragraph", "start", "before", "after")
        }


@dataclass(frozen=True)
class Fixed:
    """The repaired file, what was changed in it, and what is left to a person."""

    content: bytes
    changes: list[Change]
    left: Inspection


class Fixer:
    """Repairs one template in memory."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.draft = Draft(Template.open(sheet.path).package)
        self.changes: list[Change] = []

    def fix(self) -> Fixed:
        """Repair in rounds: a name can be known only after the loop that brings it was mended."""
        self._certain()
        self._braces()
        self._certain()
        return Fixed(self.draft.content(), self.changes, self._inspect())

    def _certain(self) -> None:
        for _ in range(_ROUNDS):
            inspection = self._inspect()
            known = inspection.known()
            if not self._make(_edits(inspection, known)):
                break

    def _braces(self) -> None:
        """Double single braces around what is then a faultless tag; others stay as they were typed."""
        wanted = [edit for part, number, text in self.draft.texts() for edit in _bare(part, number, text)]
        if not wanted:
            return
        kept = deepcopy(self.draft.roots)
        self.draft.write(wanted)
        bad = {
            (one.place.part, one.place.paragraph, one.place.text)
            for one in self._inspect().findings
            if one.id != "T-OPTIONAL"
        }
        self.draft.roots = kept
        self._make([one for one in wanted if (one.part, one.paragraph, one.new) not in bad])

    def _make(self, edits: list[Edit]) -> bool:
        """Make changes and remember them."""
        before = {(part, number): text for part, number, text in self.draft.texts()}
        done = self.draft.write(edits)
        for one in sorted(done, key=lambda edit: (edit.part, edit.paragraph, edit.start)):
            text = before.get((one.part, one.paragraph), "")
            start, end = _around(text, one)
            after = text[start : one.start] + one.new + text[one.end : end]
            self.changes.append(Change(one.code, one.part, one.paragraph, start, text[start:end], after))
        return bool(done)

    def _inspect(self) -> Inspection:
        """Check the file as it stands now."""
        with tempfile.TemporaryDirectory(prefix="papka-") as folder:
            path = Path(folder) / self.sheet.path.name
            path.write_bytes(self.draft.content())
            return Inspection(replace(self.sheet, path=path))


def _edits(inspection: Inspection, known: set[str]) -> list[Edit]:
    """Return the changes of which only one can have been meant; a text box's copy is changed with it."""
    edits: list[Edit] = []
    for one in inspection.findings:
        text = inspection.text(one)
        edit = edit_of(one, text) if _is_certain(one, text, known) else None
        if edit is not None:
            twins = inspection.twins(one)
            edits += [replace(edit, paragraph=number) for number in twins]
    return edits


def _is_certain(finding: Finding, text: str | None, known: set[str]) -> bool:
    """Tell whether a finding's suggestion may be followed without asking anybody."""
    name, near = words_of(finding, text), finding.suggestion
    if finding.id in _CERTAIN:
        return True
    if near is None:
        return False
    if finding.id in _BY_NAME:
        return is_sure(name, near, known)
    if finding.id == "T-OPERATOR":
        return plain_letters(name) == near
    if finding.id == "T-KEYWORD":
        words = _BARE if near in _BARE else _WITH_WORDS
        return name.replace(" ", "") == near or is_sure(name, near, words)
    return False


def _bare(part: str, number: int, text: str) -> Iterator[Edit]:
    """Go through what looks like a tag with a brace too few."""
    tags = [tag.span() for tag in _TAG.finditer(text)]
    for pattern in (_SINGLE, _HALF, _HALF_BLOCK):
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in tags):
                continue
            code = next((group for group in found.groups() if group), "").rstrip()
            new = f"{{%{code} %}}" if pattern is _HALF_BLOCK else "{{ " + code.strip() + " }}"
            yield Edit(part, number, *found.span(), new, "T-STRAY")


def _around(text: str, one: Edit) -> tuple[int, int]:
    """Return the tag that a change stands in: a person reads a whole tag more easily than a letter."""
    for tag in _TAG.finditer(text):
        if tag.start() <= one.start and one.end <= tag.end():
            return tag.span()
    return one.start, one.end


# --- the command -----------------------------------------------------------------------------------------


def carry_out(sheet: Sheet, out: Path | None, *, as_json: bool) -> int:
    """Repair, write the copy if there is anything to write, and tell each change."""
    fixed = Fixer(sheet).fix()
    path = out or sheet.beside(FIXED)
    if fixed.changes or out is not None:
        write_atomically(path, fixed.content)
    written = path if fixed.changes or out is not None else None
    if as_json:
        _show_json(fixed, written)
    else:
        _show(fixed, written)
    return 3 if fixed.left.findings else 0


def _show_json(fixed: Fixed, written: Path | None) -> None:
    from ...core.findings import as_json as findings_json
    from ...core.report import show_json

    data: dict[str, Any] = {"changes": [one.as_json() for one in fixed.changes]}
    data["written"] = str(written) if written else None
    show_json({**data, **findings_json(fixed.left.findings)})


def _show(fixed: Fixed, written: Path | None) -> None:
    for one in fixed.changes:
        place = Place(part=one.part, paragraph=one.paragraph)
        click.echo(where(Finding("", "info", "", place=place), None) or one.part)
        click.secho(f"  - {visible(one.before)}", fg="red")
        click.secho(f"  + {visible(one.after)}", fg="green")
    click.echo(tr("Changes: {count}.").format(count=len(fixed.changes)))
    if written is not None:
        click.echo(tr("The repaired template: {file}").format(file=written))
    if fixed.left.findings:
        click.echo(tr("Left to you: {count}").format(count=len(fixed.left.findings)))
        for finding in fixed.left.findings:
            show(finding, fixed.left.text(finding))
