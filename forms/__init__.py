"""Data in, and the forms that every region shares."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import CommandSpec, FormSet, hookimpl


@hookimpl
def papka_common_forms() -> FormSet:
    """Bring the common forms that lie beside this file."""
    return FormSet.of(__name__)


@hookimpl
def papka_commands() -> Sequence[CommandSpec]:
    """Bring the commands with which facts come in."""
    return [
        CommandSpec(
            "new",
            "papka.forms.form_commands:new",
            {"en": "Open a case, question by question.", "ru": "Открыть дело, отвечая на вопросы."},
        ),
        CommandSpec(
            "form",
            "papka.forms.form_commands:form",
            {"en": "Fill in forms of a case.", "ru": "Заполнить формы дела."},
        ),
        CommandSpec(
            "import",
            "papka.forms.form_commands:import_",
            {"en": "Bring in cases from a spreadsheet.", "ru": "Внести дела из таблицы."},
        ),
    ]
