"""`papka status`: how a case stands, for people and for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import click

from .i18n import tr
from .opening import OpenCase
from .rules.checking import DocumentStatus, State

_MARKS: dict[State, str] = {"made": "✓", "ready": "○", "missing": "!", "not_due": "·", "not_needed": "–"}


def state_word(state: State) -> str:
    """Return the word for a document's state in the reader's language."""
    return {
        "made": tr("there"),
        "ready": tr("can be drawn up"),
        "missing": tr("facts are missing"),
        "not_due": tr("later"),
        "not_needed": tr("not needed"),
    }[state]


def as_data(opened: OpenCase, day: date) -> dict[str, Any]:
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
        "documents": [one.as_json() for one in opened.documents(day)],
    }


def show(opened: OpenCase, day: date, papers: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
    """Show stage, level with its reasons, and each document with what is known of its papers."""
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
    _show_documents(opened.documents(day), papers)


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


def _show_documents(statuses: list[DocumentStatus], papers: Mapping[str, Sequence[str]]) -> None:
    click.secho(tr("Documents"), bold=True)
    for one in statuses:
        if one.state == "not_needed" and one.id not in papers:
            continue
        count = f" ×{one.count}" if one.count > 1 else ""
        click.echo(f"  {_MARKS[one.state]} {one.title}{count} — {state_word(one.state)} [{one.id}]")
        if one.state == "missing" and one.missing:
            click.echo("      " + one.missing)
        if one.due and one.state in ("ready", "missing"):
            click.echo("      " + tr("due {day}").format(day=f"{one.due:%d.%m.%Y}"))
        for number, line in enumerate(papers.get(one.id, ()), start=1):
            click.echo("      " + (f"{number}. {line}" if one.count > 1 else line))
    unneeded = [one.id for one in statuses if one.state == "not_needed" and one.id not in papers]
    if unneeded:
        click.echo("  " + tr("Not needed by this case: {names}").format(names=", ".join(unneeded)))
