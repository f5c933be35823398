"""One version of a plugin tells what it makes of families; it does so in a process of its own.

Two versions of one package cannot live in one process. This one is started with the version to open; it
writes a line of JSON with its example families, reads one with the families to work on, draws their papers
into a folder and writes a line with all that it found.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...core.errors import PapkaError, Refused
from ...core.opening import OpenCase, unknown_codes
from ...core.rules.terms import runs
from ..folder import Opened, opened
from .drawing import Drawn, Family, drawn, families, inherited

Told = dict[str, Any]
"""What is told is plain data: it goes through a pipe."""


def main(asked: str, folder: str) -> None:
    """Open a version and answer; what the plugin prints does not mix with the answers."""
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        plugin = opened(asked)
        method = plugin.at_work()
        known = [*families(method.region), *inherited(method)]
        _say(answers, {"families": [{"name": one.name, "path": str(one.path.resolve())} for one in known]})
        line = sys.stdin.readline()
        if line:
            _say(answers, told(plugin, json.loads(line), Path(folder)))
    except PapkaError as error:
        _say(answers, {"error": _reason(error), "code": error.exit_code})


def _say(stream: Any, data: Mapping[str, Any]) -> None:
    stream.write(json.dumps(data) + "\n")
    stream.flush()


def told(plugin: Opened, wanted: list[dict[str, Any]], folder: Path) -> Told:
    """Return what a version makes of families.

    Args:
        wanted: The families: name, path, and as ``own`` the version's own file, if the other one is refused.
        folder: Where the papers are written.
    """
    found = {}
    for number, one in enumerate(wanted):
        found[one["name"]] = _family(plugin, one, folder / str(number))
    return {
        "name": plugin.name,
        "version": plugin.version,
        "programme": plugin.at_work().programme.short_title,
        "families": found,
    }


def _family(plugin: Opened, wanted: dict[str, Any], folder: Path) -> Told:
    paths = [wanted["path"], *([wanted["own"]] if wanted.get("own") else [])]
    refusal: PapkaError | None = None
    for number, path in enumerate(paths):
        try:
            made = drawn(Family(wanted["name"], Path(path)), plugin.at_work(), plugin.plugins)
            _codes_known(made.opened)
            return {"is_own": number > 0, **_facts(made), "papers": list(_papers(made, folder))}
        except PapkaError as error:
            refusal = refusal or error
    assert refusal is not None
    return {"refused": _reason(refusal), "papers": []}


def _codes_known(opened: OpenCase) -> None:
    """Refuse a family that names a sign or a level which the version does not have."""
    unknown = list(unknown_codes(opened.path, opened.case, opened.method.programme))
    if unknown:
        raise Refused(unknown[0].message, unknown)


def _papers(made: Drawn, folder: Path) -> Iterator[Told]:
    folder.mkdir(parents=True, exist_ok=True)
    for document, papers in made.papers.items():
        for paper in papers:
            file = folder / f"{paper.name}.docx"
            file.write_bytes(paper.content)
            names = {"document": document, "title": paper.title, "item": paper.item, "name": paper.name}
            yield {**names, "file": str(file)}


def _facts(made: Drawn) -> Told:
    """Return what the rules of a version say of a family: on its last day, and its level at each review."""
    now = made.opened.on(made.day)
    reviews = sorted({one.on for one in made.opened.case.level_reviews})
    latest = now.risk.latest
    views = [(day, now.at(day).level) for day in reviews]
    statuses = [one for one in made.opened.documents(made.day) if one.state not in ("not_due", "not_needed")]
    return {
        "day": made.day.isoformat(),
        "stage": now.stage.title if now.stage else None,
        "levels": [
            {
                "on": day.isoformat(),
                "proposed": view.proposed.title if view.proposed else None,
                "rule": view.rule,
            }
            for day, view in views
        ],
        "risk": {"risk": latest.risk, "total": latest.total, "rule": latest.rule} if latest else None,
        "findings": [
            {"id": one.id, "severity": one.severity, "message": one.message}
            for one in made.opened.findings(made.day)
        ],
        "documents": {one.id: one.title for one in statuses},
        "terms": [
            {
                "rule": run.rule.id,
                "title": run.rule.title,
                "since": run.since.isoformat(),
                "due": run.due.isoformat(),
                "path": run.place.path,
            }
            for run in runs(now)
            if not run.over
        ],
        "not_drawn": {name: _reason(error) for name, error in made.refused.items()},
    }


def _reason(error: PapkaError) -> str:
    if isinstance(error, Refused) and error.findings:
        return f"{error} {error.findings[0].id}: {error.findings[0].message}"
    return str(error)


if __name__ == "__main__":
    main(*sys.argv[1:])
