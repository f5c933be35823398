"""`papka sign`: who signs a paper, who has, and the ways to sign it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr

if TYPE_CHECKING:
    from .acts import Signed
    from .checks import SignatureCheck
    from .paper import SignablePaper

PASSWORD = "PAPKA_P12_PASSWORD"


@click.command(help=tr("Show who signs a paper, have it signed, look at its signatures."))
@click.argument("paper", metavar=tr("CODE|FILE"))
@click.option("--by", type=int, metavar="N", help=tr("Which of the paper's signers: the number in the list."))
@click.option(
    "--p12",
    type=click.Path(path_type=Path),
    help=tr("Sign in the PDF with the key in this file (.p12, .pfx); the password is asked for."),
)
@click.option(
    "--detached",
    type=click.Path(path_type=Path),
    help=tr("Attach a detached signature that was made elsewhere (.sig, .sgn, .p7s)."),
)
@click.option(
    "--provider",
    metavar=tr("NAME"),
    help=tr(
        "Sign with a signing tool of the centre; with --detached or --check have it look at the signature."
    ),
)
@click.option("--hand", is_flag=True, help=tr("Record that the signer has signed with a pen."))
@click.option("--waived", is_flag=True, help=tr("Record that this signature is not needed."))
@click.option(
    "--undo", is_flag=True, help=tr("Take back what was recorded by mistake: by hand, by a scan, or waived.")
)
@click.option(
    "--reason", metavar=tr("REASON"), help=tr("With --waived or --undo: why, without names; it stays.")
)
@click.option("--on", "day", type=DayType(), help=tr("With --hand: the day of signing; today if not given."))
@click.option("--check", is_flag=True, help=tr("Look at all electronic signatures of the paper."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def sign(
    paper: str,
    by: int | None,
    p12: Path | None,
    detached: Path | None,
    provider: str | None,
    hand: bool,
    waived: bool,
    undo: bool,
    reason: str | None,
    day: date | None,
    check: bool,
    as_json: bool,
) -> int:
    """List the signers of a paper, sign it, or look at its signatures; exit 3 if one does not hold."""
    from ...core.errors import AskedWrongly
    from .paper import open_paper

    ways = [bool(one) for one in (p12, detached, provider and not detached and not check, hand, waived, undo)]
    if sum(ways) > 1 or (check and (by is not None or sum(ways))):
        words = tr("Choose one way to sign: --p12, --detached, --provider, --hand, --waived or --undo.")
        raise AskedWrongly(words)
    if by is None and any(ways):
        raise AskedWrongly(
            tr("Say who signs: --by N. The signers of the paper: papka sign {id}.").format(id=paper)
        )
    if by is not None and not any(ways):
        words = tr(
            "Say what is recorded of signer {number}: "
            "--p12, --detached, --provider, --hand, --waived, --undo."
        )
        raise AskedWrongly(words.format(number=by))
    if day is not None and not hand:
        raise AskedWrongly(tr("--on goes with --hand: an electronic signature bears its own day."))
    if (waived or undo) != (reason is not None):
        raise AskedWrongly(tr("--waived and --undo go with --reason: why, in a few words and without names."))
    with open_paper(paper, Path.cwd()) as opened:
        if check:
            return _check(opened, provider, as_json)
        if by is None:
            return _list(opened, as_json)
        if undo or waived:
            done = _by_word(opened, by, reason or "", undo=undo)
        else:
            done = _sign(opened, by, p12, detached, provider, day)
    _report(done, as_json)
    return 0


def _sign(
    paper: SignablePaper,
    number: int,
    p12: Path | None,
    detached: Path | None,
    provider: str | None,
    day: date | None,
) -> Signed:
    from .acts import attach, may_sign, sign_by_hand, sign_with_key, sign_with_provider
    from .pades import needs_pyhanko, open_key
    from .providers import provider_named

    if p12 is not None:
        needs_pyhanko()
        may_sign(paper, number)
        return sign_with_key(paper, number, open_key(p12, _password(p12)))
    named = provider_named(provider, paper.office) if provider else None
    if detached is not None:
        return attach(paper, number, detached, named)
    if named is not None:
        return sign_with_provider(paper, number, named)
    return sign_by_hand(paper, number, day)


def _by_word(paper: SignablePaper, number: int, reason: str, *, undo: bool) -> Signed:
    """Record what somebody says and no signature shows; why, stays in the journal with it."""
    from ..issued.reasons import of_paper
    from .acts import take_back, waive

    why = of_paper(reason, paper.entry.case, paper.office)
    return take_back(paper, number, why) if undo else waive(paper, number, why)


def _password(file: Path) -> str:
    """Return the password of a key: from the environment, else asked for without being shown."""
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    words = tr("Password of {file}").format(file=file.name)
    return str(click.prompt(words, hide_input=True, default="", show_default=False, err=True))


def _report(done: Signed, as_json: bool) -> None:
    from .acts import said_of

    if as_json:
        from ...core.report import show_json

        show_json(done.as_json())
        return
    if done.mark.how == "undone":
        words = tr("✓ Signer {number}: what was recorded is taken back; the place is open again.")
        click.echo(words.format(number=done.mark.name))
        return
    words = tr("✓ Signer {number}: {how}")
    click.echo(words.format(number=done.mark.name, how=said_of(done.mark)))
    if done.file is not None:
        click.echo(f"    {done.file}")
    for one in done.checks:
        _show(one, whole=done.mark.how == "cms")
    if done.file is not None and not done.checks:
        click.echo(
            "    "
            + tr("The signature was kept and not read; to read it: {cure}").format(
                cure="pip install papka[sign]"
            )
        )


def _list(paper: SignablePaper, as_json: bool) -> int:
    from .acts import said_of
    from .looking import unlike_the_journal

    if as_json:
        from ...core.report import show_json

        show_json(paper.as_json())
        return 0
    marks, signers = paper.marks(), {one.number: one for one in paper.signers}
    click.echo(_named(paper))
    for number in sorted(set(signers) | set(marks)):
        one = signers.get(number)
        role = one.role if one and one.role else "—"
        page = tr(", page {page}").format(page=one.page) if one and one.page else ""
        how = said_of(marks[number]) if number in marks else tr("not signed")
        click.echo(f"  {number}. {role}{page}: {how}")
    if not signers and not marks:
        click.echo(tr("The card of the paper names no signers; --by 1 stands for the first."))
    for words in unlike_the_journal(paper):
        click.echo(f"✗ {words}")
    return 0


def _named(paper: SignablePaper) -> str:
    from ...core.plugging.plugins import Plugins
    from ..issued.overview import titles_of

    entry = paper.entry
    title = titles_of(Plugins()).get(entry.document)
    number = f" № {entry.number}" if entry.number else ""
    return f"{title} [{entry.document}]{number} · {entry.id}" if title else f"{entry.document} · {entry.id}"


def _check(paper: SignablePaper, provider: str | None, as_json: bool) -> int:
    from .looking import look_at_all, unlike_the_journal
    from .providers import provider_named

    named = provider_named(provider, paper.office) if provider else None
    found, unlike = look_at_all(paper, named), unlike_the_journal(paper)
    if as_json:
        from ...core.report import show_json

        files = [
            {"file": path.name, "signatures": [one.as_json() for one in checks]} for path, checks in found
        ]
        show_json({"files": files, "unlike_the_journal": unlike})
    else:
        for path, checks in found:
            click.echo(path.name)
            for one in checks:
                _show(one)
        for words in unlike:
            click.echo(f"✗ {words}")
        if not found:
            click.echo(tr("The paper bears no electronic signature."))
    broken = unlike or any(one.holds is False for _, checks in found for one in checks)
    return 3 if broken else 0


def _show(check: SignatureCheck, *, whole: bool = True) -> None:
    sign = {True: "✓", False: "✗", None: "?"}[check.holds]
    click.echo(f"  {sign} {check.headline()}")
    for one in check.sentences() if whole else ():
        click.echo(f"      {one}")
