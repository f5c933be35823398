"""Bringing an office up: once it is laid ready, it is carried out to its end, however often it is stopped.

All new files are laid ready aside and flushed to the disk; then the folder that holds them takes its name,
and from that moment the office is closed until each of them is in its place and the journal is brought up.
Moving them there needs no room on the disk.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..aside import own_name
from ..errors import PapkaError
from ..folders import SETTINGS
from ..i18n import tr
from ..oserrors import not_written, why
from ..outside import is_below, json_of
from ..saving import ASIDE, digest_of, locked, write_atomically
from .planning import Change, changed
from .versions import KNOWN, UNDER_WAY, version_in

_LIST = "list.json"


def lay_ready(folder: Path, changes: Sequence[Change]) -> None:
    """Write what is going to change aside, whole; then the office is closed until all of it is in place.

    Raises:
        PapkaError: The office cannot be written to, and nothing has changed; or somebody else is at it.
    """
    room = folder / own_name(ASIDE)
    files = []
    try:
        room.mkdir(mode=0o700)
        for n, one in enumerate(changes):
            _lay(room / f"{n}", one.after)
            files.append({"name": one.name, "before": one.before, "after": digest_of(one.after)})
        told = json.dumps({"to": KNOWN, "files": files}, ensure_ascii=False, indent=1)
        _lay(room / _LIST, told.encode("utf-8"))
        # A folder that holds something is not replaced.
        room.rename(folder / UNDER_WAY)
    except OSError as error:
        if (folder / UNDER_WAY).is_dir():
            raise PapkaError(
                tr("Somebody else is bringing this office up just now; look again in a minute.")
            ) from error
        words = tr("The office could not be brought up: {reason}. Nothing was changed.")
        raise PapkaError(words.format(reason=why(error))) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _lay(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def is_under_way(folder: Path) -> bool:
    """Tell whether an upgrade was laid ready and is not in place yet."""
    return (folder / UNDER_WAY).is_dir()


def carry_out(folder: Path) -> int:
    """Put all that was laid ready in its place, and return how many files that were in all.

    It may be stopped and called again, by two at once even. The journal has to be brought up before.

    Raises:
        PapkaError: The office cannot be written to; what is not in place yet waits.
    """
    ready = folder / UNDER_WAY
    try:
        files = _told(ready)
        for n, one in enumerate(files):
            _put(folder, ready / f"{n}", one)
        gone = folder / own_name(ASIDE)
        with suppress(FileNotFoundError):
            ready.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    except OSError as error:
        words = tr(
            "The upgrade of the office was stopped: {reason}. Nothing is lost: mend that and run "
            "papka upgrade again, it goes on from here."
        )
        raise PapkaError(words.format(reason=why(error))) from error
    return len(files)


def put_settings(folder: Path) -> None:
    """Put office.yaml in its place before all else: an earlier papka stops there from now on.

    Raises:
        PapkaError: It cannot be written.
    """
    ready = folder / UNDER_WAY
    try:
        for n, one in enumerate(_told(ready)):
            if one["name"] == SETTINGS:
                _put(folder, ready / f"{n}", one)
    except OSError as error:
        raise not_written(SETTINGS, error) from error


def _told(ready: Path) -> list[dict[str, Any]]:
    try:
        read = json_of(ready / _LIST)
    except FileNotFoundError:
        return []  # somebody else has just ended it
    except ValueError as error:
        raise _not_papkas() from error
    if not isinstance(read, dict) or not isinstance(read.get("to"), int):
        raise _not_papkas()
    if read["to"] > KNOWN:
        words = tr(
            "A newer papka was bringing this office up (version {found}; this one knows {known}): "
            "end it with that papka."
        )
        raise PapkaError(words.format(found=read["to"], known=KNOWN))
    files = read.get("files")
    if not isinstance(files, list) or not all(map(_is_told, files)):
        raise _not_papkas()
    return files


def _is_told(one: object) -> bool:
    """Tell whether the list names a file of the office: it may have been written by anybody."""
    known = one if isinstance(one, dict) else {}
    texts = all(isinstance(known.get(key), str) for key in ("name", "before", "after"))
    return texts and is_below(known["name"])


def _not_papkas() -> PapkaError:
    words = tr(
        "The folder {folder} is not as papka laid it: take the office from the copy that was saved before "
        "the upgrade (papka restore)."
    )
    return PapkaError(words.format(folder=UNDER_WAY))


def _put(folder: Path, laid: Path, one: dict[str, Any]) -> None:
    path = folder / one["name"]
    if not path.exists():
        return  # its case was destroyed meanwhile
    with locked(path):
        now = path.read_bytes()
        if digest_of(now) == one["after"]:
            return
        if digest_of(now) == one["before"]:
            laid.chmod(path.stat().st_mode & 0o777)
            laid.replace(path)
            return
        # Somebody saved it with an earlier papka at the last moment: what he wrote is brought up too.
        version = version_in(now) if path.suffix == ".yaml" else KNOWN - 1
        again = changed(folder, one["name"], version)
        if again is not None:
            write_atomically(path, again.after)
