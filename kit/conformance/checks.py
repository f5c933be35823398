"""What a check of a plugin is, and the list of all of them by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ...core.errors import PapkaError
from ...core.findings import Finding, Place, Severity
from ...core.i18n import current_language, tr
from .trial import Trial

State = Literal["holds", "noted", "fails", "skipped"]


@dataclass(frozen=True)
class Looked:
    """What one look brought.

    Attributes:
        findings: What is wrong (`error`), or worth a person's look; empty: all is well.
        count: How many things were tried.
        skipped: Why nothing could be tried.
    """

    findings: Sequence[Finding] = ()
    count: int = 0
    skipped: str = ""


@dataclass(frozen=True)
class Check:
    """One numbered check.

    Attributes:
        title: What holds when it passes, in English and in Russian.
        why: What it spares a centre, one sentence for a director, in both languages.
        unit: What is counted, in both languages.
        look: Tries it; with parts, one of them.
        parts: What pytest shows apart, so that a failure names its place; None: the check is one item.
        needs_programme: Whether it says nothing of a plugin that brings no programme.
    """

    id: str
    title: tuple[str, str]
    why: tuple[str, str]
    unit: tuple[str, str]
    look: Callable[[Trial, str], Looked]
    parts: Callable[[Trial], Sequence[str]] | None = None
    needs_programme: bool = True

    def said(self, words: tuple[str, str]) -> str:
        """Return one of its pairs in the reader's language."""
        return words[1] if current_language() == "ru" else words[0]


@dataclass(frozen=True)
class Outcome:
    """How a check, or one part of it, ended."""

    check: Check
    findings: tuple[Finding, ...] = ()
    count: int = 0
    skipped: str = ""
    state: State = field(init=False)

    def __post_init__(self) -> None:
        found = {one.severity for one in self.findings}
        state: State = "fails" if "error" in found else "noted" if "warning" in found else "holds"
        object.__setattr__(self, "state", "skipped" if self.skipped and not self.findings else state)

    def of(self, severity: str) -> list[Finding]:
        """Return its findings of one severity."""
        return [one for one in self.findings if one.severity == severity]


def all_checks() -> tuple[Check, ...]:
    """Return the checks in the order of their numbers."""
    from . import (
        data_checks,
        example_checks,
        language_checks,
        loading_checks,
        paper_checks,
        template_checks,
    )

    rooms = (loading_checks, template_checks, data_checks, example_checks, paper_checks, language_checks)
    return tuple(sorted((one for room in rooms for one in room.CHECKS), key=lambda one: one.id))


def run(trial: Trial, check: Check, part: str | None = None) -> Outcome:
    """Try a check, or one part of it. Whatever a stranger's plugin breaks in it is a finding."""
    stopped = _stopped(trial, check)
    if stopped:
        return Outcome(check, skipped=stopped)
    try:
        if part is not None or check.parts is None:
            looks = [check.look(trial, part or "")]
        else:
            looks = [check.look(trial, one) for one in check.parts(trial)]
    except PapkaError as error:
        found = getattr(error, "findings", ()) or [_broken(check, str(error))]
        return Outcome(check, tuple(found))
    except Exception as error:  # noqa: BLE001 - it may be a stranger's code that broke
        words = tr("The check could not be finished: something in the plugin breaks it ({error}).")
        return Outcome(check, (_broken(check, words.format(error=type(error).__name__)),))
    findings = [finding for look in looks for finding in look.findings]
    skipped = next((look.skipped for look in looks if look.skipped), "")
    return Outcome(check, tuple(_once(findings)), sum(look.count for look in looks), skipped)


def parts_of(trial: Trial, check: Check) -> Sequence[str]:
    """Return the parts that pytest shows apart; none where nothing can be tried."""
    if check.parts is None or _stopped(trial, check):
        return ()
    try:
        return check.parts(trial)
    except Exception:  # noqa: BLE001 - the check itself will say what is wrong
        return ()


def finding(
    check: str,
    message: str,
    cure: str,
    file: str | None = None,
    line: int | None = None,
    *,
    severity: Severity = "error",
    path: str | None = None,
) -> Finding:
    """Make a finding of a check."""
    return Finding(check, severity, message, cure, place=Place(file, line, path=path))


def _stopped(trial: Trial, check: Check) -> str:
    if not check.needs_programme:
        return ""
    if trial.opened.info.fault:
        return tr("the plugin cannot be loaded, see P-01")
    return "" if trial.opened.method else tr("the plugin brings no programme")


def _broken(check: Check, message: str) -> Finding:
    return finding(check.id, message, tr("Mend what the message names, then ask again."))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
