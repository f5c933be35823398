"""`papka edit`: a case in the worker's own editor, checked on leaving, saved over nobody's work."""

from __future__ import annotations

import difflib
import os
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from .confirming import agrees
from .errors import AskedWrongly, PapkaError, Refused
from .i18n import tr
from .office import find_case
from .outside import bytes_of
from .saving import MINE, Changed, digest_of, save, write_atomically

COPY = "editing"
_CONTEXT = 1
_MOST_LINES = 200


@click.command(help=tr("Change a case in your editor; it is checked before it is saved."))
@click.argument("case")
def edit(case: str) -> int:
    """Open a copy, check what was typed, save it if nobody else has changed the case; exit 3 if not."""
    path = find_case(case, Path.cwd())
    _tell_left_over(path)
    before = _read(path)
    copy = _copy_of(path, before)
    if not _edited(copy, before):
        copy.unlink(missing_ok=True)
        click.echo(tr("Nothing was changed."))
        return 0
    typed = copy.read_bytes()
    try:
        save(path, typed, digest_of(before))
    except Changed as changed:
        copy.unlink(missing_ok=True)
        show_both(changed)
        return 3
    except PapkaError:
        _tell_kept(copy)
        raise
    copy.unlink(missing_ok=True)
    click.echo(tr("✓ Saved: {file}").format(file=path))
    return 0


def _read(path: Path) -> bytes:
    from .oserrors import not_opened

    try:
        return bytes_of(path)
    except OSError as error:
        raise not_opened(path, error) from error


def _copy_of(path: Path, content: bytes) -> Path:
    """Lay a copy beside the case, where a family's data may lie, and not among the temporary files."""
    copy = path.with_name(
        f"{path.stem}.{COPY}-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}{path.suffix}"
    )
    write_atomically(copy, content)
    return copy


def _tell_left_over(path: Path) -> None:
    """Name what lies beside the case with somebody's typing in it: copies left open, versions refused."""
    for one in sorted(path.parent.glob(f"{path.stem}.{COPY}-*{path.suffix}")):
        words = tr("An unfinished change lies here: {file}. It is another worker's, or papka was stopped.")
        click.echo(words.format(file=one), err=True)
    for one in sorted(path.parent.glob(f"{path.stem}.{MINE}-*{path.suffix}")):
        words = tr("A version that was not saved lies here: {file}. Bring its lines over, then delete it.")
        click.echo(words.format(file=one), err=True)


def _edited(copy: Path, before: bytes) -> bool:
    """Let the worker edit until the case has no faults; tell whether anything was changed.

    Raises:
        PapkaError: The editor cannot be started, or the worker leaves with faults; the copy stays.
    """
    while True:
        _open_editor(copy, before)
        if copy.read_bytes() == before:
            return False
        refused = _faults(copy)
        if refused is None:
            return True
        from .report import show_findings

        click.echo(tr("Error: {text}").format(text=_told(refused, copy)), err=True)
        show_findings(refused.findings, err=True)
        click.echo("", err=True)
        if not _asks_back():
            _tell_kept(copy)
            raise Refused(tr("The case is as it was: what you typed has faults."))


def _faults(copy: Path) -> Refused | None:
    from .opening import open_case

    try:
        open_case(str(copy.absolute()), Path.cwd())
    except Refused as refused:
        return refused
    return None


def _told(refused: Refused, copy: Path) -> str:
    """Say whose fault it is: of what was typed, or of the office's own settings."""
    count = len(refused.findings)
    if any(one.place.file != str(copy.absolute()) for one in refused.findings):
        return str(refused)
    return tr("What you typed has faults: {count}. The case is not changed yet.").format(count=count)


def _asks_back() -> bool:
    try:
        return agrees(tr("Go back to the editor?"), default=True)
    except click.Abort:
        click.echo("", err=True)
        return False


def _tell_kept(copy: Path) -> None:
    click.echo(tr("What you typed is kept here: {file}").format(file=copy), err=True)
    click.echo(tr("Bring it over with papka edit, then delete this file."), err=True)


def _open_editor(copy: Path, before: bytes) -> None:
    command = [*_editor(), str(copy)]
    try:
        code = subprocess.call(command)
    except OSError as error:
        copy.unlink(missing_ok=True)
        words = tr("The editor {name} cannot be started. Name another one in the variable EDITOR.")
        raise AskedWrongly(words.format(name=command[0])) from error
    if code != 0:
        if copy.read_bytes() == before:
            copy.unlink(missing_ok=True)
        else:
            _tell_kept(copy)
        words = tr("The editor {name} ended with an error ({code}); the case was not changed.")
        raise PapkaError(words.format(name=command[0], code=code))


def _editor() -> list[str]:
    """Return the worker's editor: VISUAL, EDITOR, or what the system has."""
    for name in ("VISUAL", "EDITOR"):
        said = os.environ.get(name, "").strip()
        if said:
            return shlex.split(said) if sys.platform != "win32" else [said.strip('"')]
    known = ("notepad",) if sys.platform == "win32" else ("sensible-editor", "nano", "vi")
    found = next((path for one in known if (path := shutil.which(one))), None)
    if found is None:
        raise AskedWrongly(tr("No editor was found. Name one in the variable EDITOR."))
    return [found]


# --- both versions ---------------------------------------------------------------------------------------


def show_both(changed: Changed) -> None:
    """Say that a save was refused, and show on a terminal where both versions differ."""
    click.echo(tr("Error: {text}").format(text=changed), err=True)
    if sys.stderr.isatty():
        lines = list(differences(changed.theirs or b"", changed.ours))
        for line, colour in lines[:_MOST_LINES]:
            click.secho(line, fg=colour, err=True)
        if len(lines) > _MOST_LINES:
            click.echo("…", err=True)


def differences(theirs: bytes, ours: bytes) -> Iterator[tuple[str, str | None]]:
    """Go through the places where two versions differ: what stands in the case now, then what was typed.

    They hold a family's data: for a terminal only.
    """
    from .report import visible

    left, right = (one.decode("utf-8-sig", errors="replace").splitlines() for one in (theirs, ours))
    for group in difflib.SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(_CONTEXT):
        yield "", None
        yield tr("line {line}").format(line=group[0][1] + 1), "blue"
        for kind, first, last, begin, end in group:
            if kind == "equal":
                yield from ((f"    {'':<9}{visible(line)}", None) for line in left[first:last])
                continue
            there, yours = tr("in case"), tr("yours")
            yield from ((f"  - {there:<9}{visible(line)}", "red") for line in left[first:last])
            yield from ((f"  + {yours:<9}{visible(line)}", "green") for line in right[begin:end])
    yield "", None
