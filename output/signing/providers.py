"""Signing tools of the centre: those of plugins, and commands that stand in the office's settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.office import Office, SigningCommand
from ...core.signatures import SignatureProvider

_SIGNATURES = (".sig", ".sgn", ".p7s", ".p7b", ".pdf")


def providers(office: Office) -> dict[str, SignatureProvider]:
    """Return all by name; what the office's settings say wins over a plugin."""
    from ...core.plugging.plugins import Plugins

    own = {name: of_command(name, one) for name, one in office.settings.signing.items()}
    return Plugins().signers() | own


def provider_named(name: str, office: Office) -> SignatureProvider:
    """Return one provider.

    Raises:
        AskedWrongly: There is none of that name.
    """
    known = providers(office)
    if name not in known:
        words = tr(
            "There is no way to sign {name} here. Known: {known}. One is added under signing in office.yaml."
        )
        raise AskedWrongly(words.format(name=name, known=", ".join(sorted(known)) or "—"))
    return known[name]


def of_command(name: str, command: SigningCommand) -> SignatureProvider:
    """Make a provider of a command of the office's settings."""

    def sign(file: Path, folder: Path) -> Path:
        signature = folder / ("signed.pdf" if command.embeds else f"{file.name}.sig")
        before = set(folder.iterdir())
        code = _run(name, command, command.sign, file, signature)
        if code != 0:
            words = tr(
                "The signing tool {name} ended with the code {code} and signed nothing. Run its command by "
                "hand to see what it says."
            )
            raise PapkaError(words.format(name=name, code=code))
        return _written(name, signature, set(folder.iterdir()) - before)

    def verify(file: Path, signature: Path) -> bool | None:
        return _run(name, command, command.verify, file, signature) == 0

    looks = verify if command.verify else None
    return SignatureProvider(name, command.title or name, sign, looks, command.embeds)


def _run(name: str, command: SigningCommand, words: Sequence[str], file: Path, signature: Path) -> int:
    """Run a command without a shell; what it prints may tell of a family and is not shown.

    Raises:
        PapkaError: It cannot be started, or does not end in its time.
    """
    from ..pdf.running import run_watched

    # A password that papka was given is no business of another program.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPKA_")}
    known = {"{file}": str(file), "{signature}": str(signature), "{folder}": str(signature.parent)}
    ended = run_watched(
        [_filled(one, known) for one in words], environment, signature.parent, lambda: None, command.seconds
    )
    if ended.stalled:
        said = tr("The signing tool {name} did not end within {seconds} seconds and was stopped.")
        raise PapkaError(said.format(name=name, seconds=command.seconds))
    if ended.returncode is None:
        said = tr("The signing tool {program} cannot be started. Correct signing.{name} in office.yaml.")
        raise PapkaError(said.format(program=words[0], name=name))
    return ended.returncode


def _filled(word: str, known: dict[str, str]) -> str:
    for placeholder, value in known.items():
        word = word.replace(placeholder, value)
    return word


def _written(name: str, signature: Path, new: set[Path]) -> Path:
    """Find the signature that a command wrote: under the name it was given, or the one new file."""
    found = [one for one in new if one.is_file() and one.suffix.lower() in _SIGNATURES and one.stat().st_size]
    if signature in found:
        return signature
    if len(found) == 1:
        return found[0]
    raise PapkaError(tr("The signing tool {name} ended without a signature.").format(name=name))
