"""`papka template upgrade`: the plugin's new template comes into the centre's own, and nothing is lost."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.findings import Finding
from ...core.findings import as_json as findings_as_json
from ...core.i18n import tr
from ...core.report import show_findings, show_json
from ..package import open_package
from .comments import with_comments
from .merge import Merged, merge, waiting, with_all_taken, without_waiting
from .merge_log import Conflict, Taken, words_of_place
from .override import Original, OwnTemplate, Record, Row, Shelf, digest, rows
from .screen import visible

State = Literal["current", "merged", "waiting", "no_ancestor", "unknown", "failed"]
_SHOWN = 70
_LONG = 10**6


@dataclass(frozen=True)
class Upgraded:
    """What became of one own template.

    Attributes:
        faults: Faults of the merged template that the centre's own had not.
        offered: Faults that accepting every waiting change would bring.
        is_careful: Whether the plugin's changes to tags were shown only, for together they made no template.
    """

    file: str
    state: State
    taken: tuple[Taken, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    faults: tuple[Finding, ...] = ()
    offered: tuple[Finding, ...] = ()
    old: Path | None = None
    before: str = ""
    after: str = ""
    reason: str = ""
    is_careful: bool = False

    @property
    def is_clean(self) -> bool:
        """Tell whether nobody has to look at it."""
        settled = self.state in ("current", "merged", "unknown")
        return settled and not (self.conflicts or self.faults or self.offered)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "file": self.file,
            "state": self.state,
            "from": self.before,
            "to": self.after,
            "taken": [one.as_json() for one in self.taken],
            "conflicts": [one.as_json() for one in self.conflicts],
            "check": findings_as_json(self.faults),
            "check_if_accepted": findings_as_json(self.offered),
            "tags_shown_only": self.is_careful,
            "old": str(self.old) if self.old else None,
            "reason": self.reason,
        }


def upgrade_one(shelf: Shelf, own: OwnTemplate, day: date) -> Upgraded:
    """Merge what is new in the plugin's template into one own template.

    Raises:
        PapkaError: It could not be done; the old template stands as it was.
    """
    original = shelf.of(own)
    if original is None:
        return Upgraded(own.file, "unknown", reason=tr("no installed programme has a document of this name"))
    kept = own.ancestor()
    if kept is None:
        words = tr("the plugin's template that it was made from is not kept, so there is nothing to compare")
        return Upgraded(own.file, "no_ancestor", reason=words)
    record, base = kept
    theirs, ours = original.read(), own.path.read_bytes()
    if count := waiting(ours):
        words = tr("{count} changes of the last upgrade wait in Word; accept or reject them")
        reason = words.format(count=count)
        return Upgraded(own.file, "waiting", reason=reason, before=record.version, after=original.version)
    if digest(theirs) == record.sha256:
        return Upgraded(own.file, "current", before=record.version, after=original.version)
    return _Upgrade(shelf, own, original, record, day).carried_out(base, ours, theirs)


@dataclass(frozen=True)
class _Upgrade:
    shelf: Shelf
    own: OwnTemplate
    original: Original
    record: Record
    day: date

    def carried_out(self, base: bytes, ours: bytes, theirs: bytes) -> Upgraded:
        """Merge, check, write."""
        had = self._faults(ours)
        merged = merge(base, ours, theirs, self.day, self.own.file)
        faults, is_careful = self._new(merged, had), False
        if faults:
            # Together the changes make no template: then the centre's tags stay, and the plugin's are shown.
            careful = merge(base, ours, theirs, self.day, self.own.file, careful=True)
            fewer = self._new(careful, had)
            if len(fewer) < len(faults):
                merged, faults, is_careful = careful, fewer, True
        offered = _less(self._faults(with_all_taken(merged.content)), had) if merged.is_pending else []
        content = self._commented(merged)
        old = self.own.keep_old(ours, self.day.isoformat()) if content != ours else None
        self.own.replace(self.record, self.original, theirs, ours, content)
        return Upgraded(
            self.own.file,
            "merged",
            merged.taken,
            merged.conflicts,
            tuple(faults),
            tuple(offered),
            old,
            self.record.version,
            self.original.version,
            is_careful=is_careful,
        )

    def _new(self, merged: Merged, had: Sequence[Finding]) -> list[Finding]:
        """Return the faults of the merged template as the centre's words stand in it."""
        return _less(self._faults(without_waiting(merged.content)), had)

    def _faults(self, content: bytes) -> list[Finding]:
        with tempfile.TemporaryDirectory(prefix="papka-") as folder:
            path = Path(folder) / self.own.file
            path.write_bytes(content)
            return self.shelf.faults(self.original, path)

    def _commented(self, merged: Merged) -> bytes:
        """Say at each conflict in Word where it comes from."""
        if not merged.conflicts:
            return merged.content
        findings = [_comment(one, self.original) for one in merged.conflicts]
        return with_comments(open_package(merged.content), findings)


def _comment(one: Conflict, original: Original) -> Finding:
    plugin = f"{original.plugin} {original.version}".strip()
    message = tr("The new template of {plugin} says something else here.").format(plugin=plugin)
    cure = tr(
        "Accept the change to take the plugin's words, reject it to keep yours; then delete this comment."
    )
    if not one.is_tracked:
        cure = tr("Compare both, delete what is too much, then delete this comment.")
    words = words_of_place(one.place)
    place = replace(one.place, start=0, end=_LONG, words=words or None)
    return Finding("U-CONFLICT", "warning", message, cure, place=place)


def _less(found: Sequence[Finding], had: Sequence[Finding]) -> list[Finding]:
    """Return the faults that were not there before, wherever they stood."""
    known = Counter((one.id, one.place.text, one.message) for one in had)
    new = []
    for one in found:
        name = (one.id, one.place.text, one.message)
        if known[name]:
            known[name] -= 1
        else:
            new.append(one)
    return new


# --- commands --------------------------------------------------------------------------------------------


def override(shelf: Shelf, document: str | None, *, as_json: bool) -> int:
    """Begin an own template and say where it lies."""
    if document is None:
        raise AskedWrongly(tr("Name a document, or ask for --list."))
    original, own = shelf.override(document)
    if as_json:
        row = next(one for one in rows(shelf) if one.file == own.file)
        show_json({**row.as_json(), "path": str(own.path)})
        return 0
    click.echo(tr("The centre's own template: {file}").format(file=own.path))
    words = tr("From now on papers are drawn from it and not from the template of {plugin} {version}.")
    click.echo(words.format(plugin=original.plugin, version=original.version))
    click.echo(
        tr("Edit it in Word. When the plugin has a new one: papka template upgrade {name}").format(
            name=original.document
        )
    )
    return 0


def show_list(shelf: Shelf, *, as_json: bool) -> int:
    """Show the centre's own templates; exit 3 when one of them has faults or something waits in it."""
    found = rows(shelf)
    if as_json:
        show_json([row.as_json() for row in found])
    else:
        if not found:
            click.echo(tr("The centre has no templates of its own."))
        for row in found:
            click.echo(f"{row.file}: {'; '.join(_told(row))}")
    return 3 if any(row.faults or row.waiting for row in found) else 0


def _told(row: Row) -> Iterable[str]:
    if row.document is None:
        yield tr("no installed programme has a document of this name")
        return
    if row.has_news is None:
        yield tr("the plugin's template that it was made from is not kept, so there is nothing to compare")
    else:
        yield tr("made from {plugin} {version}").format(plugin=row.plugin, version=row.version)
        news, none = (
            tr("the plugin's template has changed since"),
            tr("the plugin's template is the same still"),
        )
        yield news if row.has_news else none
    if row.waiting:
        yield tr("{count} changes wait in Word").format(count=row.waiting)
    yield tr("faults: {count}").format(count=row.faults) if row.faults else tr("no faults")


def upgrade(shelf: Shelf, document: str | None, *, every: bool, day: date, as_json: bool) -> int:
    """Upgrade one own template or all; one that cannot be upgraded stops no other."""
    if (document is None) != every:
        raise AskedWrongly(tr("Name one document, or ask for --all."))
    done = [_tried(shelf, own, day) for own in _wanted(shelf, document)]
    if as_json:
        show_json([one.as_json() for one in done])
    else:
        for one in done:
            _show(one)
        if not done:
            click.echo(tr("The centre has no templates of its own."))
    if any(one.state == "failed" for one in done):
        return 1
    return 0 if all(one.is_clean for one in done) else 3


def _wanted(shelf: Shelf, document: str | None) -> list[OwnTemplate]:
    if document is None:
        return shelf.all_own()
    own = shelf.own(shelf.original(document).file)
    if not own.path.is_file():
        words = tr("The centre has no own template of {name}. Begin one: papka template override {name}")
        raise AskedWrongly(words.format(name=document))
    return [own]


def _tried(shelf: Shelf, own: OwnTemplate, day: date) -> Upgraded:
    try:
        return upgrade_one(shelf, own, day)
    except Refused as refused:
        reason = " ".join([str(refused), *(one.message for one in refused.findings[:1])])
        return Upgraded(own.file, "failed", reason=reason)
    except (PapkaError, OSError) as error:
        return Upgraded(own.file, "failed", reason=str(error))


def _show(one: Upgraded) -> None:
    if one.state == "current":
        click.echo(tr("{file}: nothing new in the plugin.").format(file=one.file))
        return
    if one.state != "merged":
        click.echo(tr("{file}: not upgraded: {reason}.").format(file=one.file, reason=one.reason.rstrip(".")))
        return
    words = tr("{file}: {before} → {after}, taken: {taken}, conflicts: {conflicts}")
    counted = {"taken": len(one.taken), "conflicts": len(one.conflicts)}
    click.echo(words.format(file=one.file, before=one.before, after=one.after, **counted))
    for conflict in one.conflicts:
        _show_conflict(conflict)
    if one.is_careful:
        click.echo("    " + tr("Changes of tags did not fit together; yours stand, the plugin's are shown."))
    if one.conflicts:
        click.echo(
            "    "
            + tr(
                "Open the file in Word: accept a change to take the plugin's words, reject it to keep yours."
            )
        )
    if one.old is not None:
        click.echo("    " + tr("The template as it was: {file}").format(file=one.old))
    _show_check(one)


def _show_conflict(one: Conflict) -> None:
    click.echo(f"    {words_of_place(one.place)}:")
    for name, text in ((tr("yours"), one.ours), (tr("the plugin's"), one.theirs)):
        shown = visible(text)
        short = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
        click.echo(f"        {name}: {f'«{short}»' if short else tr('taken out')}")


def _show_check(one: Upgraded) -> None:
    if not one.faults and not one.offered:
        click.echo("    " + tr("Checked: the merge brought no faults."))
        return
    if one.faults:
        click.echo("    " + tr("Checked: the merge brought faults."))
        show_findings(one.faults)
    if one.offered:
        words = tr("Accepting all changes would bring faults: {count}. Check again after you decided.")
        click.echo("    " + words.format(count=len(one.offered)))


__all__ = ["Upgraded", "override", "show_list", "upgrade", "upgrade_one"]
