"""The commands of keeping: `papka backup`, `restore`, `anonymise`, `destroy`, `export`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.i18n import tr
from ..commands import ENGINES

if TYPE_CHECKING:
    from ...core.office import Office
    from .acts import Lot
    from .backing import Saved
    from .sealing import Opening, Seal

_FILE = click.Path(path_type=Path)


def _office() -> Office:
    from ...core.errors import AskedWrongly
    from ...core.office import find_office

    office = find_office(Path.cwd())
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or begin with papka demo."))
    return office


def _asked_twice(what: str) -> str:
    """Return a passphrase from the environment, or typed twice unseen."""
    from .sealing import PASSPHRASE

    given = os.environ.get(PASSPHRASE)
    return given or str(click.prompt(what, hide_input=True, confirmation_prompt=tr("Once more"), err=True))


def seal_of(to: tuple[str, ...], passphrase: bool) -> Seal:
    """Return how a file is closed, as the options say; a passphrase is asked for."""
    from .sealing import Seal, checked

    if to:
        # Both at once are refused, and nobody is asked for a passphrase before.
        return checked(Seal(to, "not asked for" if passphrase else None))
    return checked(Seal((), _asked_twice(tr("Passphrase")) if passphrase else None))


def _opening(identity: Path | None) -> Opening:
    from .sealing import PASSPHRASE, Opening

    def ask() -> str:
        return os.environ.get(PASSPHRASE) or str(click.prompt(tr("Passphrase"), hide_input=True, err=True))

    return Opening(identity, ask)


@click.command(
    help=tr("Save the office as one file: settings, templates, cases, issued papers, the journal.")
)
@click.option("--out", type=_FILE, help=tr("The file to write; by default beside the office's folder."))
@click.option(
    "--to", multiple=True, metavar=tr("KEY"), help=tr("Encrypt for the holder of this key; may be repeated.")
)
@click.option("--passphrase", is_flag=True, help=tr("Encrypt with a passphrase that is asked for."))
@click.option("--check", type=_FILE, metavar=tr("FILE"), help=tr("Read a backup through: is it whole?"))
@click.option(
    "--identity", type=_FILE, metavar=tr("FILE"), help=tr("The secret key that opens the backup to check.")
)
@click.option(
    "--new-key",
    type=_FILE,
    metavar=tr("FILE"),
    help=tr("Make a pair of keys: the secret one into this file."),
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def backup(
    out: Path | None,
    to: tuple[str, ...],
    passphrase: bool,
    check: Path | None,
    identity: Path | None,
    new_key: Path | None,
    as_json: bool,
) -> int:
    """Write a backup, or read one through; exit 3 if its journal was changed."""
    from ...core.findings import blocks
    from .backing import back_up, check_backup
    from .sealing import new_key as make_key

    if new_key is not None:
        public = make_key(new_key)
        click.echo(tr("The public key, for --to: {key}").format(key=public))
        click.echo(
            tr("Keep {file} apart from the backups: without it they do not open.").format(file=new_key)
        )
        return 0
    if check is not None:
        saved = check_backup(check, _opening(identity))
    else:
        saved = back_up(_office(), out, seal_of(to, passphrase))
    if as_json:
        from ...core.report import show_json

        show_json(saved.as_json())
    else:
        _told(saved, checked=check is not None)
    return 3 if blocks(saved.findings) else 0


def _told(saved: Saved, *, checked: bool) -> None:
    from ...core.report import show_findings

    show_findings(saved.findings)
    click.echo(f"✓ {saved.file}")
    words = tr("Cases: {cases}, issued papers: {papers}, files: {files}, events of the journal: {events}.")
    click.echo(words.format(cases=saved.cases, papers=saved.papers, files=saved.files, events=saved.events))
    if saved.left_out:
        words = tr("Left out: {count} (links to elsewhere, names that no other computer can read).")
        click.echo(words.format(count=saved.left_out))
    if checked:
        click.echo(tr("Every file is as it was saved, and the journal is whole."))
        return
    click.echo(tr("Last hash of the journal: {hash}").format(hash=saved.head))
    if not saved.encrypted:
        click.echo(
            tr("The file is not encrypted: keep it where only you can read it, or use --to or --passphrase.")
        )
    click.echo(tr("To see whether it can be read: papka backup --check FILE."))


@click.command(help=tr("Put an office in place from a backup, into a new folder."))
@click.argument("file", type=_FILE)
@click.argument("target", type=_FILE, metavar=tr("FOLDER"))
@click.option("--identity", type=_FILE, metavar=tr("FILE"), help=tr("The secret key that opens the backup."))
@click.option(
    "--journal", metavar="URL", help=tr("An empty database for the journal; by default a file of the office.")
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def restore(file: Path, target: Path, identity: Path | None, journal: str | None, as_json: bool) -> int:
    """Restore an office, or nothing."""
    from .backing import restore as put_back

    done = put_back(file, target, _opening(identity), journal or os.environ.get("PAPKA_JOURNAL") or None)
    if as_json:
        from ...core.report import show_json

        show_json(done.as_json())
        return 0
    from datetime import datetime

    from ...core.report import show_findings

    show_findings(done.saved.findings)
    click.echo(f"✓ {done.folder}")
    words = tr("Cases: {cases}, issued papers: {papers}, files: {files}, events of the journal: {events}.")
    saved = done.saved
    click.echo(words.format(cases=saved.cases, papers=saved.papers, files=saved.files, events=saved.events))
    words = tr("The office as it stood at {at}; the journal is whole. What was done later is not in it.")
    made = datetime.fromisoformat(saved.made_at).astimezone() if saved.made_at else None
    click.echo(words.format(at=f"{made:%d.%m.%Y %H:%M}" if made else "—"))
    if done.from_server:
        click.echo(
            tr(
                "The journal was on a server; here it is a file of the office, and the line journal: in "
                "office.yaml is switched off, so that two offices never share one journal."
            )
        )
    click.echo(tr("Next: cd {folder} and papka journal --check.").format(folder=done.folder))
    return 0


@click.command(help=tr("Copy a case for training: fictional people, moved days, texts hidden."))
@click.argument("case")
@click.argument("out", type=_FILE)
@click.option(
    "--keep-texts", is_flag=True, help=tr("Keep free texts with the known names replaced; read them through!")
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def anonymise(case: str, out: Path, keep_texts: bool, as_json: bool) -> int:
    """Write the copy, or nothing if something of the family would remain."""
    from .anonymising import anonymise as copy_of

    done = copy_of(case, out, keep_texts=keep_texts)
    if as_json:
        from ...core.report import show_json

        show_json(done.as_json())
        return 0
    click.echo(f"✓ {done.file}")
    words = tr("People renamed: {people}. Texts replaced by neutral words: {hidden}.")
    click.echo(words.format(people=done.people, hidden=done.hidden))
    if done.kept_texts:
        click.secho(
            tr("Read the file through before you give it away: a free text may hold what papka cannot know."),
            fg="yellow",
        )
    return 0


@click.command(
    help=tr("Destroy the personal data of a case: an act is issued, then its files are deleted for good.")
)
@click.argument("case")
@click.option(
    "--reason",
    type=click.Choice(("withdrawal", "term")),
    required=True,
    help=tr("The consent was withdrawn, or the term of keeping is over."),
)
@click.option("--yes", is_flag=True, help=tr("Do not ask."))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def destroy(case: str, reason: str, yes: bool, engine: str | None, as_json: bool) -> int:
    """Destroy, when there is a ground and the number of the case was typed; exit 1 if it was not."""
    from .destroying import Order
    from .destroying import destroy as destroy_case

    order = Order(
        case, "term" if reason == "term" else "withdrawal", (lambda *_: True) if yes else _meant, engine
    )
    done = destroy_case(order, _office())
    if done is None:
        click.echo(tr("Nothing was destroyed."))
        return 1
    if as_json:
        from ...core.report import show_json

        show_json(done.as_json())
        return 0
    if done.finished:
        click.echo(tr("An earlier run was stopped; this one has ended it."))
    words = tr("✓ Act № {number} of {day} · {code}. Files deleted: {files}.")
    act = done.act
    click.echo(words.format(number=act.number, day=f"{act.day:%d.%m.%Y}", code=act.id, files=done.files))
    click.echo(f"    {done.docx}" + (f"  {done.pdf.name}" if done.pdf else ""))
    click.echo(tr("Sign the act. What papka cannot reach:"))
    for name in done.elsewhere.naming:
        click.echo(
            tr("  {file} names the family: take it out of there, or delete the file;").format(file=name)
        )
    if done.elsewhere.folders:
        words = tr(
            "  files outside the cases ({folders}): look through those in which words cannot be read, "
            "scans above all; draw reports anew;"
        )
        folders = ", ".join(f"{_folder(name)}: {count}" for name, count in done.elsewhere.folders)
        click.echo(words.format(folders=folders))
    click.echo(tr("  backups made before: they still hold the data until you delete them;"))
    click.echo(
        tr("  printed papers, files sent by mail or copied elsewhere, letters to other organisations.")
    )
    return 0


def _folder(name: str) -> str:
    return tr("the office's own folder") if name == "." else name


def _meant(lot: Lot, number: str) -> bool:
    from .acts import named_kinds

    click.echo(tr("This cannot be undone. Of case {case} will be destroyed:").format(case=lot.case))
    for kind, count in named_kinds(lot, tr):
        click.echo(f"    {kind}: {count}")
    words = tr("Issued papers: {papers}; their numbers and digests stay in the journal.")
    click.echo(words.format(papers=sum(one.state in ("issued", "replaced") for one in lot.papers)))
    click.echo(tr("If the law or a contract makes you keep them (accounts, social services), stop here."))
    typed = click.prompt(tr("Type the number of the case to go on"), default="", show_default=False)
    return str(typed).strip() == number


@click.command(
    help=tr("Encrypt a case or a paper that leaves the house: an age archive, or a PDF with a password.")
)
@click.argument("what", metavar=tr("CASE|CODE"))
@click.option("--out", type=_FILE, required=True, help=tr("The file to write."))
@click.option(
    "--to", multiple=True, metavar=tr("KEY"), help=tr("Encrypt for the holder of this key; may be repeated.")
)
@click.option("--passphrase", is_flag=True, help=tr("Encrypt with a passphrase that is asked for."))
@click.option("--password", is_flag=True, help=tr("One PDF that opens with a password (AES-256)."))
@click.option(
    "--open",
    "unpack",
    is_flag=True,
    help=tr("Open an archive that was sent (instead of CASE) into the folder --out."),
)
@click.option("--identity", type=_FILE, metavar=tr("FILE"), help=tr("The secret key that opens the archive."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def export(
    what: str,
    out: Path,
    to: tuple[str, ...],
    passphrase: bool,
    password: bool,
    unpack: bool,
    identity: Path | None,
    as_json: bool,
) -> int:
    """Write what is sent, encrypted; there is no way to write it in the clear."""
    from ...core.errors import AskedWrongly
    from ...core.office import find_office
    from ...core.report import show_json
    from .exporting import export_archive, export_pdf, open_archive

    if unpack:
        count = open_archive(Path(what), out, _opening(identity))
        if as_json:
            show_json({"folder": str(out), "files": count})
        else:
            click.echo(tr("✓ {folder}: files {count}").format(folder=out, count=count))
        return 0
    if bool(to or passphrase) == password:
        words = tr(
            "Say how it is encrypted: --to age1… or --passphrase (an archive), or --password (one PDF)."
        )
        raise AskedWrongly(words)
    office = find_office(Path.cwd())
    if password:
        done = export_pdf(what, out, _asked_twice(tr("Password")), office)
    else:
        done = export_archive(what, out, seal_of(to, passphrase), office)
    if as_json:
        show_json(done.as_json())
        return 0
    click.echo(tr("✓ {file}: files {count}, encrypted.").format(file=done.file, count=done.files))
    if done.lacking:
        words = tr("Without PDF, so not in it: {codes}.")
        click.echo(words.format(codes=", ".join(done.lacking)))
    if not to:
        click.echo(
            tr("Tell the password by telephone or in person, never in the letter that brings the file.")
        )
    return 0
