"""Which commands there are, known without importing one.

The list is kept between runs and is good for as long as nothing was installed or removed: its key holds the
times of the folders that Python imports from.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from .commandspec import CommandSpec
from .folders import SETTINGS, cache_folder, is_own, office_folder

OWN = (
    CommandSpec(
        "check",
        "papka.core.commands:check",
        {
            "en": "Check a case: what is missing, late or wrong.",
            "ru": "Проверить дело: чего нет, что просрочено.",
        },
    ),
    CommandSpec(
        "edit",
        "papka.core.editing:edit",
        {
            "en": "Change a case in your editor, safely.",
            "ru": "Изменить дело в своём редакторе, ничего не затирая.",
        },
    ),
    CommandSpec(
        "plugins",
        "papka.core.commands:plugins",
        {"en": "List plugins and what is wrong with them.", "ru": "Показать плагины и их неисправности."},
    ),
)


def commands(*, fresh: bool = False) -> dict[str, CommandSpec]:
    """Return all commands by name, from the kept list if it is still good."""
    kept = None if fresh else _kept(_key())
    if kept is None:
        kept = _asked()
        # The key is taken afterwards: to load a plugin for the first time may touch its folder.
        _keep(_key(), kept)
    # The first one keeps its name: papka's own, then the built-in plugins', then those of strangers.
    found = {spec.name: spec for spec in reversed((*OWN, *kept))}
    return dict(sorted(found.items()))


def _asked() -> list[CommandSpec]:
    from .plugging.plugins import Plugins

    return Plugins().commands()


def _key() -> str:
    from .. import __version__

    # The folder of papka itself counts too: in a checkout its commands change without an installation.
    own = Path(__file__).parent.parent
    rooms = [str(own / name) for name in ("output", "forms", "kit")]
    folders = [*filter(None, sys.path), *rooms]
    times = [str(Path(folder).stat().st_mtime_ns) for folder in folders if Path(folder).is_dir()]
    named = [os.environ.get(name, "*") for name in ("PAPKA_LOAD_PLUGINS", "PAPKA_SAFE")]
    return "|".join([__version__, sys.executable, *named, _of_office(), *times])


def _of_office() -> str:
    """Return what the office's settings may say about plugins: all of them, if they say anything."""
    folder = office_folder(Path.cwd())
    with contextlib.suppress(OSError):
        said = (folder / SETTINGS).read_bytes() if folder else b""
        return sha256(said).hexdigest() if b"plugins" in said else "*"
    return "?"


def _file() -> Path:
    return cache_folder() / "commands.json"


def _kept(key: str) -> list[CommandSpec] | None:
    try:
        file = _file()
        # The list names code that will be run: one that somebody else could have written is not believed.
        if not (is_own(file) and is_own(file.parent)):
            return None
        data = json.loads(file.read_text("utf-8"))
        if data["key"] != key:
            return None
        return [CommandSpec(**one) for one in data["commands"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _keep(key: str, found: list[CommandSpec]) -> None:
    """Keep the list; where there is no place for it, the next run asks again."""
    data = {"key": key, "commands": [asdict(spec) for spec in found]}
    with contextlib.suppress(OSError, RuntimeError, TypeError):
        file = _file()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_own(file.parent):
            file.parent.chmod(0o700)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        draft.chmod(0o600)
        draft.replace(file)
