"""The errors papka raises, each written for the person who can mend it.

PapkaError                  could not be done (exit code 1)
├── AskedWrongly            the request was wrong (exit code 2)
├── Refused                 faults or findings that block (exit code 3); carries them
└── PluginProblem           a plugin cannot be used; names it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .findings import Finding


class PapkaError(Exception):
    """Something that papka was asked for could not be done; the text says what, where and what next."""

    exit_code = 1


class AskedWrongly(PapkaError):
    """The request itself was wrong: a name that does not exist, options that exclude each other."""

    exit_code = 2


class Refused(PapkaError):
    """A file or a paper was refused; ``findings`` holds every fault, each with its place."""

    exit_code = 3

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class PluginProblem(PapkaError):
    """A plugin cannot be used; the text names it and the cure."""

    def __init__(self, plugin: str, message: str) -> None:
        super().__init__(message)
        self.plugin = plugin
