"""Encryption with age (age-encryption.org): archives that only a key or a passphrase opens.

The extra `crypt` brings it. With keys, data streams through and needs no room of its own; with a passphrase
the library takes the whole archive at once, so that is limited to `PASSPHRASE_LIMIT`.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.outside import bytes_of, opened_file

MAGIC = b"age-encryption.org/v1"
PASSPHRASE = "PAPKA_PASSPHRASE"
PASSPHRASE_LIMIT = 1 << 30
SHORTEST = 10
_SCRYPT = b"-> scrypt "


@dataclass(frozen=True)
class Seal:
    """How an archive is closed: for the holders of keys, or with a passphrase.

    Attributes:
        to: Public keys, age1…; a file of several, one on a line, is taken too.
    """

    to: tuple[str, ...] = ()
    passphrase: str | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is to be encrypted."""
        return bool(self.to or self.passphrase)


@dataclass(frozen=True)
class Opening:
    """What opens an archive: a file with a secret key, or a way to ask for the passphrase."""

    identity: Path | None = None
    passphrase: Callable[[], str] | None = None


def checked(seal: Seal) -> Seal:
    """Return the seal with each key read, before any work is done.

    Raises:
        AskedWrongly: A key cannot be read, the passphrase is too short, or both are given.
    """
    if seal.to and seal.passphrase:
        raise AskedWrongly(tr("Name keys (--to) or a passphrase, not both: age allows one or the other."))
    if seal.passphrase is not None and len(seal.passphrase) < SHORTEST:
        words = tr(
            "The passphrase is too short: {least} signs at least; four words that do not belong together."
        )
        raise AskedWrongly(words.format(least=SHORTEST))
    if seal.to:
        _recipients(seal.to)
    elif seal.passphrase:
        _age()
    return seal


def new_key(file: Path) -> str:
    """Write a new secret key for the owner's eyes only, and return the public one.

    Raises:
        AskedWrongly: The file is there already: a key that is written over opens nothing any more.
    """
    identity = _age().x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AskedWrongly(
            tr("{file} is there already, and a key is never written over.").format(file=file)
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"# public key: {public}\n{identity}\n")
    return public


def sealed(seal: Seal, write: Callable[[IO[bytes]], None], out: IO[bytes]) -> None:
    """Write what `write` gives, encrypted, and keep nothing of it in the clear on the disk.

    Raises:
        PapkaError: It is too large for a passphrase.
    """
    if seal.passphrase:
        with _Bounded() as whole:
            write(cast("IO[bytes]", whole))
            out.write(_age().passphrase.encrypt(whole.taken(), seal.passphrase))
        return
    recipients = _recipients(seal.to)
    read_end, write_end = os.pipe()
    failed: list[BaseException] = []

    def give() -> None:
        try:
            with os.fdopen(write_end, "wb") as pipe:
                write(pipe)
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            failed.append(error)

    giver = threading.Thread(target=give, daemon=True)
    giver.start()
    try:
        with os.fdopen(read_end, "rb") as pipe:
            _age().encrypt_io(pipe, out, recipients)
    finally:
        giver.join()
    if failed:
        raise failed[0]


def is_sealed(file: Path) -> bool:
    """Tell whether a file is an age archive."""
    with opened_file(file) as stream:
        return stream.read(len(MAGIC)) == MAGIC


def opened(file: Path, opening: Opening) -> IO[bytes]:
    """Return what an archive holds in the clear, in a file without a name: it is gone when papka ends.

    Raises:
        PapkaError: It does not open with what was given, or it was damaged.
    """
    age = _age()
    clear = cast("IO[bytes]", tempfile.TemporaryFile(prefix=".papka-"))  # noqa: SIM115 - the caller closes it
    try:
        with opened_file(file) as stream:
            head = stream.read(len(MAGIC) + 1 + len(_SCRYPT))
            stream.seek(0)
            if head.endswith(_SCRYPT):
                if opening.passphrase is None:
                    raise AskedWrongly(tr("The archive opens with a passphrase."))
                clear.write(age.passphrase.decrypt(_bounded(stream), opening.passphrase()))
            else:
                if opening.identity is None:
                    words = tr("The archive opens with a secret key: --identity FILE.")
                    raise AskedWrongly(words)
                age.decrypt_io(stream, clear, _identities(opening.identity))
    except (age.DecryptError, OSError) as error:
        clear.close()
        if isinstance(error, OSError) and error.errno is not None:
            raise
        words = tr("{file} does not open: the key or the passphrase is another one, or the file is damaged.")
        raise PapkaError(words.format(file=file.name)) from error
    except BaseException:
        clear.close()
        raise
    clear.seek(0)
    return clear


def _bounded(stream: IO[bytes]) -> bytes:
    content = stream.read(PASSPHRASE_LIMIT + 1)
    if len(content) > PASSPHRASE_LIMIT:
        raise _too_large()
    return content


class _Bounded(tempfile.SpooledTemporaryFile[bytes]):
    """Takes what is written, in memory only, up to the limit."""

    def __init__(self) -> None:
        super().__init__(max_size=0)

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > PASSPHRASE_LIMIT:
            raise _too_large()
        return super().write(data)

    def taken(self) -> bytes:
        self.seek(0)
        return self.read()


def _too_large() -> PapkaError:
    words = tr("The archive is too large for a passphrase ({limit} MB): use a key, --to age1…")
    return PapkaError(words.format(limit=PASSPHRASE_LIMIT >> 20))


def _recipients(asked: Sequence[str]) -> list[Any]:
    age = _age()
    found = []
    for one in asked:
        lines = [one]
        with suppress(OSError, UnicodeDecodeError):
            if not one.startswith("age1") and Path(one).is_file():
                lines = bytes_of(Path(one)).decode("ascii").split("\n")
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            try:
                found.append(age.x25519.Recipient.from_str(line.strip()))
            except (age.RecipientError, ValueError) as error:
                words = tr(
                    "This is no public key of age: it begins with age1. A new one: papka backup "
                    "--new-key FILE."
                )
                raise AskedWrongly(words) from error
    if not found:
        raise AskedWrongly(tr("This file holds no public key (age1…)."))
    return found


def _identities(file: Path) -> list[Any]:
    age = _age()
    try:
        lines = [line.strip() for line in bytes_of(file).decode("ascii").split("\n")]
        found = [age.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except (OSError, UnicodeDecodeError, age.IdentityError, ValueError) as error:
        raise AskedWrongly(
            tr("{file} is no file with a secret key of age.").format(file=file.name)
        ) from error
    if not found:
        raise AskedWrongly(tr("{file} is no file with a secret key of age.").format(file=file.name))
    return found


def _age() -> Any:
    try:
        import pyrage  # type: ignore[import-untyped, unused-ignore]
    except ModuleNotFoundError as error:
        raise PapkaError(tr("Encryption needs: pip install papka[crypt].")) from error
    return pyrage
