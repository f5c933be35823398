"""Yes or no, asked in the reader's language."""

from __future__ import annotations

import click

from .i18n import tr

_YES, _NO = {"y", "yes", "д", "да"}, {"n", "no", "н", "нет"}


def agrees(question: str, *, default: bool) -> bool:
    """Ask until there is a yes or a no; Enter alone is the default.

    Raises:
        click.Abort: There is nobody to answer, or the person breaks off.
    """
    yes, no = tr("y"), tr("n")
    choice = f"[{yes.upper()}/{no}]" if default else f"[{yes}/{no.upper()}]"
    while True:
        typed = str(click.prompt(f"{question} {choice}", default="", show_default=False, err=True))
        word = typed.strip().casefold()
        if not word:
            return default
        if word in _YES or word in _NO:
            return word in _YES
        click.echo(tr("Say yes or no."), err=True)
