"""`papka status CASE`: how a case stands, for people and for scripts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import click

from .i18n import tr, trn
from .opening import OpenCase
from .programmes.programme import DocumentType
from .rules.checking import DocumentStatus, State

Word = Literal["stale", "begun", "issued", "partly_signed", "signed"]
_MARKS: Mapping[str, str] = MappingProxyType(
    {
        "made": "✓",
        "issued": "✓",
        "partly_signed": "✓",
        "signed": "✓",
        "stale": "↻",
        "begun": "!",
        "expired": "✗",
        "ready": "○",
        "missing": "!",
        "not_due": "·",
        "not_needed": "–",
    }
)


@dataclass(frozen=True)
class Papers:
    """What is known of the papers of one document type that were issued.

    Attributes:
        word: How they stand together: as the worst of them.
        lines: What is to be said of each.
    """

    word: Word
    lines: tuple[str, ...] = ()


_Known = Mapping[str, Papers]
NONE: _Known = MappingProxyType({})


def state_word(state: State | Word | Literal["expired"], *, in_office: bool = False) -> str:
    """Return the word for a document's state in the reader's language.

    Args:
        in_office: Whether there is a journal, which would know the document if it had been issued.
    """
    made = tr("drawn up, as the case says")
    return {
        "made": tr("{made}; not in the journal").format(made=made) if in_office else made,
        "ready": tr("draft: can be drawn up"),
        "missing": tr("facts are missing"),
        "not_due": tr("later"),
        "not_needed": tr("not needed"),
        "begun": tr("number given, not written"),
        "issued": tr("issued"),
        "stale": tr("stale"),
        "partly_signed": tr("partly signed"),
        "signed": tr("signed"),
        "expired": tr("expired"),
    }[state]


def standing(status: DocumentStatus, papers: _Known = NONE) -> State | Word | Literal["expired"]:
    """Return how a document stands, all in all: what has ended comes before what was issued."""
    if status.expired and status.state != "not_needed":
        return "expired"
    return papers[status.id].word if status.id in papers else status.state


def as_data(opened: OpenCase, day: date, papers: _Known = NONE) -> dict[str, Any]:
    """Return the status as plain data, with the field names of the contract."""
    situation = opened.on(day)
    level = situation.level
    return {
        "case": opened.case.id,
        "programme": opened.case.programme,
        "as_of": day.isoformat(),
        "progress": situation.progress.model_dump(mode="json"),
        "level": {
            "proposed": level.proposed.id if level.proposed else None,
            "rule": level.rule,
            "reason": level.reason,
            "decided": level.decided.id if level.decided else None,
        },
        "risk": situation.risk.latest.model_dump(mode="json", include={"on", "total", "risk", "rule"})
        if situation.risk.latest
        else None,
        "documents": [
            {**one.as_json(), "standing": standing(one, papers), "why": _why_data(opened, one)}
            for one in opened.documents(day)
        ],
    }


def _why_data(opened: OpenCase, status: DocumentStatus) -> dict[str, Any]:
    kind = opened.method.papers[status.id].type
    return {
        "purpose": kind.purpose,
        "required": kind.required,
        "repeated": kind.repeated,
        "deadline": kind.deadline,
        "source": kind.source.model_dump(mode="json"),
    }


def show(opened: OpenCase, day: date, papers: _Known = NONE, *, in_office: bool = False) -> None:
    """Show stage, level with its reasons, and each document with what is known of its papers.

    Args:
        in_office: Whether the case lies in an office, whose journal knows what was issued.
    """
    situation = opened.on(day)
    number = opened.case.number or opened.case.id
    title = opened.method.programme.short_title
    click.secho(
        tr("Case {number} · {programme} · {day}").format(
            number=number, programme=title, day=f"{day:%d.%m.%Y}"
        ),
        bold=True,
    )
    progress = situation.progress
    click.echo(
        tr("Stage: {stage}").format(stage=progress.stage_title or tr("the request is not registered yet"))
    )
    for words, value in (
        (tr("Opened: {day}"), progress.opened_on),
        (tr("Closed: {day}"), progress.closed_on),
        (tr("Support ends: {day}"), progress.ends_on),
    ):
        if value:
            click.echo(words.format(day=f"{value:%d.%m.%Y}"))
    _show_level(opened, day)
    click.echo("")
    _show_documents(opened, opened.documents(day), papers, in_office=in_office)


def _show_level(opened: OpenCase, day: date) -> None:
    situation = opened.on(day)
    level, risk = situation.level, situation.risk
    if level.rule:
        proposed = level.proposed.title if level.proposed else tr("none; people decide")
        click.echo(tr("Level proposed: {level} ({rule})").format(level=proposed, rule=level.rule))
        click.echo("    " + (level.reason or ""))
    if level.decided:
        click.echo(tr("Level decided: {level}").format(level=level.decided.title))
    if risk.latest:
        words = tr("Risk: {risk}, {total} of {maximum} ({rule})")
        latest = risk.latest
        click.echo(
            words.format(
                risk=latest.risk or "—", total=latest.total, maximum=latest.maximum, rule=latest.rule
            )
        )
        click.echo("    " + (latest.reason or ""))


# --- documents -------------------------------------------------------------------------------------------


def _show_documents(
    opened: OpenCase, statuses: list[DocumentStatus], papers: _Known, *, in_office: bool
) -> None:
    click.secho(tr("Documents"), bold=True)
    stages = {stage.id: stage.title for stage in opened.method.programme.stages}
    unneeded = [one for one in statuses if one.state == "not_needed" and one.id not in papers]
    later = [one for one in statuses if one.state == "not_due" and one.id not in papers]
    left_out = {one.id for one in (*unneeded, *later)}
    stage: str | None = ""
    for one in statuses:
        if one.id in left_out:
            continue
        if one.stage != stage:
            stage = one.stage
            click.echo("")
            click.secho("  " + (stages.get(stage or "") or tr("At any stage")), bold=True)
        for line in _lines(opened, one, papers, in_office=in_office):
            click.echo(line)
    click.echo("")
    for words, some in ((tr("Later: {names}"), later), (tr("Not needed by this case: {names}"), unneeded)):
        if some:
            click.echo("  " + words.format(names="; ".join(one.title for one in some)))


def _lines(opened: OpenCase, one: DocumentStatus, papers: _Known, *, in_office: bool) -> Iterator[str]:
    state = standing(one, papers)
    mark = "○" if in_office and state == "made" else _MARKS[state]
    count = f" ×{one.count}" if one.count > 1 else ""
    yield f"  {mark} {one.title}{count} — {state_word(state, in_office=in_office)} [{one.id}]"
    if one.state == "missing" and one.missing and one.id not in papers:
        yield "      " + one.missing
    if one.expired and one.count > 1:
        words = trn(
            "{count} of them does not hold any more", "{count} of them do not hold any more", one.expired
        )
        yield "      " + words.format(count=one.expired)
    if one.state != "not_needed":
        yield click.style("      " + _why(opened, one), dim=True)
    lines = papers[one.id].lines if one.id in papers else ()
    for number, line in enumerate(lines, start=1):
        yield "      " + (f"{number}. {line}" if one.count > 1 else line)


def _why(opened: OpenCase, one: DocumentStatus) -> str:
    """Say in a line why a document is required: by when or what for, how often, and who says so."""
    kind = opened.method.papers[one.id].type
    reason = _term(opened, kind, one) or (kind.purpose or tr("a paper of this stage")).rstrip(".")
    if kind.repeated:
        reason += tr("; again: {when}").format(when=kind.repeated)
    source = re.split(r"[;(]", kind.source.text)[0].strip()
    return tr("why: {reason}. Source: {source}").format(
        reason=reason, source=textwrap.shorten(source, 70, placeholder=" …")
    )


def _term(opened: OpenCase, kind: DocumentType, one: DocumentStatus) -> str | None:
    deadline = next((each for each in opened.method.programme.deadlines if each.id == kind.deadline), None)
    if deadline is None:
        return None
    title = f"{deadline.title[0].lower()}{deadline.title[1:]}"
    if one.due is None:
        return tr("term {id}: {title}").format(id=deadline.id, title=title)
    return tr("due {day}, term {id}: {title}").format(day=f"{one.due:%d.%m.%Y}", id=deadline.id, title=title)


def papers_of(words: Sequence[tuple[Word, str]]) -> Papers:
    """Gather what is known of the papers of one type."""
    order: tuple[Word, ...] = ("begun", "stale", "issued", "partly_signed", "signed")
    worst = min((word for word, _ in words), key=order.index)
    return Papers(worst, tuple(line for _, line in words))
