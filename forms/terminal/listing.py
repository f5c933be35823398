"""`papka form list`: which forms there are, and how far each form of a case is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import click

from ...core.i18n import tr
from ...core.plugging.plugins import Plugins
from ...core.programmes.questions import Form
from ..completing import forms_of, on_case
from ..plain import follow
from .window import say


@dataclass(frozen=True)
class Line:
    """A form in the list.

    Attributes:
        begun: Whether it was begun and not finished; None without a case.
        answered: How many of its questions have an answer.
    """

    form: str
    title: str
    purpose: str | None
    programme: str
    begins: bool
    begun: bool | None = None
    answered: int | None = None
    questions: int | None = None


def lines(of: str | None, plugins: Plugins) -> list[Line]:
    """Return the forms of all programmes, of one, or of a case.

    Raises:
        AskedWrongly: There is neither such a programme nor such a case.
    """
    programmes = list(plugins.programmes())
    if of is None or of in programmes:
        names = programmes if of is None else [of]
        return [_line(one, name) for name in names for one in plugins.method(name).questions.values()]
    return [_of_case(of, one, plugins) for one in forms_of(of, Path.cwd(), plugins)]


def show(of: str | None, *, as_json: bool) -> int:
    """Print the list."""
    found = lines(of, Plugins())
    if as_json:
        from ...core.report import show_json

        show_json([asdict(one) for one in found])
        return 0
    programme = ""
    for one in found:
        if one.programme != programme:
            programme = one.programme
            say(programme, look="title")
        click.echo(
            f"  {click.style(one.form, bold=True)}{' ' * max(1, 14 - len(one.form))}{one.title}{_far(one)}"
        )
        if one.purpose:
            say(one.purpose, look="faint", indent=" " * 16)
    say(tr("To fill one in: papka form fill CASE FORM. To open a case: papka new."))
    return 0


def _far(one: Line) -> str:
    if one.begun is None:
        return ""
    words = tr("{answered} of {questions}").format(answered=one.answered, questions=one.questions)
    return f" · {tr('begun')}: {words}" if one.begun else f" · {words}"


def _line(form: Form, programme: str) -> Line:
    return Line(form.id, form.title, form.purpose, programme, form.begins)


def _of_case(case: str, form: Form, plugins: Plugins) -> Line:
    filling = on_case(case, form.id, Path.cwd(), plugins)
    begun = filling.draft.is_begun
    if begun:
        filling.draft.resume(filling.sheet)
    asked = list(filling.sheet.questions())
    answered = sum(1 for one in asked if follow(filling.sheet.data, one.place) is not None)
    programme = filling.sheet.programme.id
    return Line(form.id, form.title, form.purpose, programme, form.begins, begun, answered, len(asked))
