"""What is new in the scaffold comes into a plugin made from it, and no word of its author's is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.oserrors import why
from .making import KEPT, Record, filled_in
from .merging import merged, same_text

State = Literal["added", "renewed", "merged", "conflicts", "beside", "left"]
BEFORE = f"{KEPT}/before"
NEW = ".new"


@dataclass(frozen=True)
class Step:
    """What becomes of one file.

    Attributes:
        name: Its path below the folder of the plugin.
        state: `added` the scaffold has it now; `renewed` nobody had touched it; `merged` both changes are in
            it; `conflicts` a Word file in which some changes wait to be accepted; `beside` the new version
            lies beside the author's; `left` the scaffold has it no more.
        content: What is written; None if nothing is.
        before: What stood there.
    """

    name: str
    state: State
    content: bytes | None = None
    before: bytes | None = None
    waiting: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        beside = f"{self.name}{NEW}" if self.state == "beside" else None
        return {"file": self.name, "state": self.state, "waiting": self.waiting, "beside": beside}


@dataclass(frozen=True)
class Update:
    """What an update does with a plugin.

    Attributes:
        was: How the plugin was made; `now` as this papka would make it.
    """

    folder: Path
    was: Record
    now: Record
    steps: tuple[Step, ...]

    @property
    def is_needed(self) -> bool:
        """Tell whether there is anything new."""
        return self.was != self.now

    def carry_out(self) -> None:
        """Write the files; what stood there before lies in ``.papka/before``."""
        for step in self.steps:
            if step.content is None:
                continue
            if step.before is not None and step.state != "beside":
                _write(self.folder / BEFORE / step.name, step.before)
            name = step.name + NEW if step.state == "beside" else step.name
            _write(self.folder / name, step.content)
        for name, content in self.now.files().items():
            _write(self.folder / name, content)


def look(folder: Path, day: date) -> Update:
    """Compare a plugin with what this papka would make, and write nothing.

    Raises:
        AskedWrongly: The folder is no plugin that papka made, or a newer papka made it.
        PapkaError: What it keeps of its making was altered.
    """
    from ... import __version__

    was = Record.read(folder)
    if _numbers(was.papka) > _numbers(__version__):
        words = tr("The plugin was made by papka {made}; this is the older {own}. Install the newer one.")
        raise AskedWrongly(words.format(made=was.papka, own=__version__))
    now = replace(was, papka=__version__, written=filled_in(was.answers))
    return Update(folder, was, now, tuple(_steps(folder, was, now, day)))


def _steps(folder: Path, was: Record, now: Record, day: date) -> Iterator[Step]:
    for name in sorted({*was.written, *now.written}):
        file = folder / name
        mine = file.read_bytes() if file.is_file() else None
        step = _step(name, was.written.get(name), mine, now.written.get(name), day)
        if step is not None:
            yield step


def _step(name: str, was: bytes | None, mine: bytes | None, new: bytes | None, day: date) -> Step | None:
    if new is None:
        return Step(name, "left") if mine is not None else None
    if mine is None:
        # What the author threw away stays away.
        return Step(name, "added", new) if was is None else None
    if new == was or same_text(mine, new):
        return None
    if was is None:
        return Step(name, "beside", new, mine)
    if same_text(mine, was):
        return Step(name, "renewed", new, mine)
    if name.endswith(".docx"):
        return _word(name, was, mine, new, day)
    together = merged(was, mine, new)
    return Step(name, "merged", together, mine) if together is not None else Step(name, "beside", new, mine)


def _word(name: str, was: bytes, mine: bytes, new: bytes, day: date) -> Step:
    from ...output.bench.merge import merge, waiting
    from ...output.package import PackageFault

    try:
        if waiting(mine):
            return Step(name, "beside", new, mine)
        made = merge(was, mine, new, day, Path(name).name)
    except (PackageFault, PapkaError):
        return Step(name, "beside", new, mine)
    count = len(made.conflicts)
    return Step(name, "conflicts" if count else "merged", made.content, mine, count)


def _write(file: Path, content: bytes) -> None:
    # Not as a case is written: who works on a plugin together has to be able to read it.
    draft = file.with_name(f".{file.name}.papka")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        words = tr("{file} cannot be written: {reason}.")
        raise PapkaError(words.format(file=file, reason=why(error))) from error


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", version)[:3])
