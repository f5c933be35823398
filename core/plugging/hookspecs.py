"""The questions that papka asks its plugins.

Each hook says when it is asked and how several answers combine. Only `papka.core.plugins.Plugins` asks them.
"""

# mypy: disable-error-code="empty-body"
# A specification has no body: pluggy reads its signature only.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from ..commandspec import CommandSpec
    from ..filters import Filter, LanguagePack
    from ..findings import Finding
    from ..programmes.region import FormSet, Region
    from ..signatures import SignatureProvider

hookspec = pluggy.HookspecMarker("papka")
hookimpl = pluggy.HookimplMarker("papka")


@hookspec
def papka_programme() -> Region:
    """Bring a region's programme.

    Called: once, when the first command needs programmes.
    Combined: each plugin brings its own; two programmes of one id are an error that names both plugins.
    """


@hookspec
def papka_common_forms() -> FormSet:
    """Bring document types that any programme whose papers are of the same language may include.

    Called: once, together with the programmes.
    Combined: all sets are joined; a programme's own document of the same name wins.
    """


@hookspec
def papka_languages() -> Sequence[LanguagePack]:
    """Bring a language of papers: its filters, how a value is printed, what papka itself writes on a paper.

    Called: once, before the first expression is worked out.
    Combined: all are joined; the last one that brings a language code wins.
    """


@hookspec
def papka_filters() -> Sequence[Filter]:
    """Bring more filters for templates and rules.

    Called: once, before the first expression is worked out.
    Combined: all are joined; two filters of one name are an error.
    """


@hookspec
def papka_findings(programme: str, context: Mapping[str, object], on: date) -> Sequence[Finding]:
    """Find in a case what data cannot express.

    Called: at each check of a case, after the programme's own checks.
    Combined: all findings are joined.

    Args:
        programme: Id of the case's programme; answer with nothing for the programmes of others.
        context: The frozen plain data of the case, by English and Russian names.
        on: The day for which the case is checked.
    """


@hookspec
def papka_commands() -> Sequence[CommandSpec]:
    """Bring commands for the command line.

    Called: when the list of commands is made anew, after a plugin came or went.
    Combined: all are joined; a name that papka itself uses cannot be taken.
    """


@hookspec
def papka_signers() -> Sequence[SignatureProvider]:
    """Bring tools that sign papers and check signatures: certified ones, a service of the region.

    Called: once, when plugins are loaded; what a provider does is called when a worker asks for its name.
    Combined: all are joined; two of one name are an error. A command of the office's own settings
    (``signing``) wins over a plugin's of the same name.
    """
