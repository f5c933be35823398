"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from pathlib import Path

from ..core.errors import PapkaError
from ..core.i18n import tr
from ..core.oserrors import why


def write_atomically(path: Path, content: bytes) -> None:
    """Write bytes under a temporary name in the same folder, flush them to the disk, then rename.

    The file is readable by its owner only: it may hold a family's data.

    Raises:
        PapkaError: The folder cannot be written to; what stood there before stands unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".papka-")
    except OSError as error:
        raise _cannot(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        _settle(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _cannot(path, error) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def keep_changed(path: Path) -> Path | None:
    """Move a paper that somebody changed after papka drew it out of the way, and return its new place.

    Word and LibreOffice write their own name into what they save; a paper that bears papka's is untouched.
    """
    if not path.exists() or _is_untouched(path):
        return None
    number = 1
    while (kept := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        raise _cannot(path, error) from error
    return kept


def _is_untouched(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return b"<Application>papka</Application>" in archive.read("docProps/app.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def _settle(folder: Path) -> None:
    """Make the rename itself last; Windows has no way to ask for that."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot(path: Path, error: OSError) -> PapkaError:
    words = tr("{file} could not be written: {reason}. Close it if it is open, and check the folder.")
    return PapkaError(words.format(file=path.name, reason=why(error)))
