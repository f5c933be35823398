"""`papka form blank` and `papka form read`: forms that go out as files and come back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ...core.contract.version import CONTRACT_VERSION
from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.findings import as_json
from ...core.i18n import tr
from ...core.office import find_office
from ...core.oserrors import not_opened
from ...core.outside import bytes_of
from ...core.plugging.plugins import Plugins
from ...core.report import show_findings, show_json, summary, visible
from ...core.saving import write_atomically
from ..completing import form_of, on_case
from ..plain import Value
from ..sheet import Sheet
from ..shown import Asked
from .drawing import to_word
from .receiving import Received, receive
from .taking import Conflict, Reading
from .values import labels, shown

CHECKED = ".checked"
_MOST = 30 * 2**20


# --- blank -----------------------------------------------------------------------------------------------


def blank(
    form: str,
    case: str | None,
    programme: str | None,
    out: Path | None,
    spare: int | None,
    *,
    pdf: bool,
    pen: bool,
) -> int:
    """Make a form as a file: Word, PDF to be filled in, or paper for a pen."""
    plugins = Plugins()
    sheet, digest = _sheet(form, case, programme, plugins)
    name = f"{form}-{sheet.data['id']}" if digest else form
    file = out or Path(f"{name}{'-pen' if pen else ''}.{'pdf' if pdf or pen else 'docx'}")
    if pdf or pen:
        from ..pdf.drawing import to_paper, to_pdf_form

        made = to_paper(sheet, digest, spare) if pen else to_pdf_form(sheet, digest, spare)
    else:
        made = to_word(sheet, digest, spare)
    _write_new(file, made)
    click.echo(tr("✓ Form: {file}").format(file=file))
    if not pen:
        more = "" if digest else f" --case {tr('CASE')}"
        click.echo(tr("When it comes back: {command}").format(command=f"papka form read {file}{more}"))
    return 0


def _sheet(form: str, case: str | None, programme: str | None, plugins: Plugins) -> tuple[Sheet, str | None]:
    if case is not None:
        filling = on_case(case, form, Path.cwd(), plugins)
        return filling.sheet, filling.seen
    chosen = programme or _programme_with(form, plugins)
    found = form_of(plugins, chosen, form)
    office = find_office(Path.cwd())
    # A form of no case yet: its code is never written down.
    data = {"papka": CONTRACT_VERSION, "programme": chosen, "id": "new"}
    sheet = Sheet.on(found, plugins, data, office.facts if office else {})
    return sheet, None


def _programme_with(form: str, plugins: Plugins) -> str:
    every = list(plugins.programmes())
    having = [name for name in every if form in plugins.method(name).questions]
    if len(having) == 1:
        return having[0]
    if not having and every:
        form_of(plugins, every[0], form)
    words = tr("Several programmes have this form: {names}. Say which: --programme, or --case.")
    raise AskedWrongly(words.format(names=", ".join(having)))


def _write_new(file: Path, content: bytes) -> None:
    if file.exists():
        words = tr("{file} is there already, perhaps filled in. Name another one: --out FILE.")
        raise AskedWrongly(words.format(file=file))
    write_atomically(file, content)


# --- read ------------------------------------------------------------------------------------------------


def read(
    file: Path, case: str | None, take: Sequence[str], *, only_known: bool, dry: bool, as_json_: bool
) -> int:
    """Read a form that came back and write its answers into the case; exit 3 if a person has to look."""
    received = receive(_content(file), case, Path.cwd(), only_known=only_known)
    reading = received.reading
    _settle(reading, take, ask=not as_json_ and sys.stdin.isatty() and sys.stdout.isatty())
    reading.look()
    done = not reading.conflicts and not reading.faults
    if done and not dry and reading.taken:
        done = _finished(received)
    copy = _copy_for(file, received)
    if as_json_:
        show_json(_as_data(received, copy, written=done and not dry))
    else:
        _show(received, copy, done=done, dry=dry)
    return 0 if done else 3


def _finished(received: Received) -> bool:
    """Write the answers, or tell what refuses them; the file itself holds them, so no draft stays."""
    try:
        received.filling.finish()
    except Refused as refused:
        received.reading.tell(refused.findings)
        return False
    finally:
        received.filling.draft.drop()
    return True


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST:
            raise PapkaError(tr("The file {file} is too large for a form.").format(file=file.name))
        return bytes_of(file, _MOST)
    except OSError as error:
        raise not_opened(file.name, error) from error


def _settle(reading: Reading, take: Sequence[str], *, ask: bool) -> None:
    """Decide each conflict as it was said on the command line, or by asking."""
    chosen = dict(_choice(one) for one in take)
    paths = {one.asked.path for one in reading.conflicts}
    wrong = sorted(set(chosen) - paths - {""})
    if wrong:
        words = tr("--take names {path}, and there is no conflict at this place.")
        raise AskedWrongly(words.format(path=wrong[0]))
    for one in list(reading.conflicts):
        side = chosen.get(one.asked.path, chosen.get(""))
        if side is None and ask:
            _show_conflict(one)
            letters = click.Choice([tr("f"), tr("c")], case_sensitive=False)
            said = click.prompt(tr("Which one is right: of the form (f) or of the case (c)?"), type=letters)
            side = "form" if said.casefold() == tr("f") else "case"
        if side == "form":
            reading.settle(one)
        elif side == "case":
            reading.conflicts.remove(one)


def _choice(said: str) -> tuple[str, str]:
    path, equals, side = said.rpartition("=")
    if side not in ("form", "case"):
        raise AskedWrongly(tr("--take is form or case, or PATH=form, PATH=case for one field."))
    return (path if equals else "", side)


def _copy_for(file: Path, received: Received) -> Path | None:
    """Write the copy with what has to be mended said at the fields, if there is something."""
    reading = received.reading
    beside = (one for one in (*reading.remarks, *reading.advice) if one.place.paragraph)
    # Advice alone makes no copy: there is nothing that has to be mended.
    told = [*reading.faults, *beside] if reading.faults or reading.remarks else []
    if not told:
        return None
    copy = file.with_name(f"{file.stem.removesuffix(CHECKED)}{CHECKED}{file.suffix}")
    write_atomically(copy, received.commented([(reading.key_of(one.place), one) for one in told]))
    return copy


def _as_data(received: Received, copy: Path | None, *, written: bool) -> dict[str, Any]:
    reading = received.reading
    return {
        "form": reading.sheet.form.id,
        "case": reading.sheet.data["id"],
        "taken": sorted(_paths(reading)),
        "conflicts": [{"path": one.asked.path, "words": one.words} for one in reading.conflicts],
        **as_json([*reading.faults, *reading.remarks, *reading.advice]),
        "checked": str(copy) if copy else None,
        "written": written and bool(reading.taken),
    }


def _paths(reading: Reading) -> list[str]:
    from ...core.paths import dotted

    return [dotted(place) for place in reading.taken]


def _show(received: Received, copy: Path | None, *, done: bool, dry: bool) -> None:
    reading = received.reading
    show_findings([*reading.faults, *reading.remarks, *reading.advice])
    for one in reading.remarks:
        if one.place.excerpt:
            click.echo(f"    «{visible(one.place.excerpt)}»")
    for conflict in reading.conflicts:
        _show_conflict(conflict)
    if reading.conflicts:
        click.echo(tr("Say which is right: --take form, --take case, or --take PATH=form for one field."))
    if copy is not None:
        click.echo(tr("What has to be mended stands at the fields, as comments: {file}").format(file=copy))
    if reading.faults:
        click.echo(summary(reading.faults))
    if not done:
        click.echo(tr("Nothing was written: mend the form and read it again."))
    elif not reading.taken:
        click.echo(tr("There is nothing new in the form."))
    elif dry:
        click.echo(tr("Would be taken over: {count}.").format(count=len(reading.taken)))
    else:
        click.echo(
            tr("✓ Taken over: {count}. {file}").format(count=len(reading.taken), file=received.filling.file)
        )


def _show_conflict(one: Conflict) -> None:
    """Show both answers beside each other; they are a family's and go to the terminal only."""
    click.secho(
        tr("{field}: the case was changed since the form was made.").format(field=one.words), fg="yellow"
    )
    click.echo(f"    {one.asked.path}")
    click.echo(f"    {tr('in the case'):<12}│ {_said(one.asked, one.in_case)}")
    click.echo(f"    {tr('in the form'):<12}│ {_said(one.asked, one.in_form)}")


def _said(asked: Asked, value: Value | None) -> str:
    if value is None:
        return "—"
    if asked.kind == "choices" and not isinstance(value, str):
        named = labels(asked)
        return visible("; ".join(named.get(str(one), str(one)) for one in value))
    if asked.kind == "table" and not isinstance(value, str):
        return visible(" | ".join("; ".join(one.values()) for one in value if isinstance(one, dict)))
    return visible(shown(asked, value).replace("\n", " ⏎ "))
