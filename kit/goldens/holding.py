"""Goldens: what the papers of example families say, held as text in the plugin's folder ``goldens``.

``goldens/FAMILY/DOCUMENT.txt`` holds all papers of one document type of one family. Which families are held,
their folders say: a family with a folder of its own is held whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.findings import Finding, Place
from ...core.i18n import tr, trn
from ...core.programmes.region import Region
from ...core.saving import write_atomically
from ...core.typecheck import nearest
from ...output.pictures.library import drawing_library
from ..folder import Opened
from .drawing import Drawn, Family, drawn, families
from .reading import PICTURE, seen

FOLDER = "goldens"
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Change:
    """A golden that does not say what the papers say.

    Attributes:
        held: What the golden says; None: there is none yet.
        now: What the papers say; None: nobody draws them any more.
        refusal: Why the papers could not be drawn up, though the family needs them.
    """

    family: str
    document: str
    path: Path
    held: str | None
    now: str | None
    refusal: str | None = None

    @property
    def file(self) -> str:
        """The golden's name within the plugin."""
        return f"{FOLDER}/{self.family}/{self.document}.txt"

    @property
    def first(self) -> int:
        """The first line that differs, from 1."""
        held, now = (self.held or "").splitlines(), (self.now or "").splitlines()
        same = (number for number, pair in enumerate(zip(held, now, strict=False)) if pair[0] != pair[1])
        return next(same, min(len(held), len(now))) + 1

    def settle(self) -> None:
        """Write the golden as the papers are now, or take it away; of what was refused it stays."""
        if self.refusal is not None:
            return
        if self.now is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, self.now.encode("utf-8"))
            return
        self.path.unlink(missing_ok=True)
        if not any(self.path.parent.iterdir()):
            self.path.parent.rmdir()


def held(region: Region) -> list[str]:
    """Return the families that have goldens."""
    folder = region.folder / FOLDER
    return sorted({path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.txt")})


Draw = Callable[[Family], Drawn]
"""How a family's papers are drawn: who has drawn them already gives what there is."""


def changes(
    plugin: Opened,
    documents: Collection[str] = (),
    wanted: Collection[str] = (),
    draw: Draw | None = None,
) -> Iterator[Change]:
    """Go through the goldens that differ from the papers.

    Args:
        documents: The documents asked for; all if empty.
        wanted: The families asked for; if empty, those that are held, or all while none is.

    Raises:
        AskedWrongly: There is no such document or family.
        Refused: An example family has faults.
    """
    method = plugin.at_work()
    known = families(method.region)
    _known(documents, method.papers)
    _known(wanted, [one.name for one in known])
    chosen = set(wanted or held(method.region) or [one.name for one in known])
    for family in known:
        if family.name in chosen:
            made = draw(family) if draw else drawn(family, method, plugin.plugins, documents)
            refused = {name: _reason(error) for name, error in made.refused.items()}
            yield from _of_family(method.region, family, texts(made), documents, refused)
    for name in sorted(chosen - {one.name for one in known}):
        yield from _of_family(method.region, Family(name, Path()), {}, documents)


def _known(asked: Collection[str], names: Collection[str]) -> None:
    for name in asked:
        if name not in names:
            words = tr("The plugin has neither a document nor an example family {name}.").format(name=name)
            near = nearest(name, list(names))
            raise AskedWrongly(words + (" " + tr("Did you mean {name}?").format(name=near) if near else ""))


def texts(made: Drawn) -> dict[str, str]:
    """Return what is held of a family: its documents as text, each with the day on which it was drawn."""
    found = {}
    for name, papers in made.papers.items():
        lines = [f"# {name} · {papers[0].title} · дело на {made.day:%d.%m.%Y}\n"]
        for number, paper in enumerate(papers, start=1):
            lines += [f"===== бумага {number} =====\n"] if len(papers) > 1 else []
            lines.append(seen(paper.content))
        found[name] = "".join(lines)
    return found


def _of_family(
    region: Region,
    family: Family,
    now: Mapping[str, str],
    documents: Collection[str],
    refused: Mapping[str, str] = _NONE,
) -> Iterator[Change]:
    folder = region.folder / FOLDER / family.name
    files = {path.stem: path for path in sorted(folder.glob("*.txt"))}
    for name in dict.fromkeys([*now, *files, *refused]):
        if documents and name not in documents:
            continue
        text = files[name].read_text("utf-8") if name in files else None
        if text and PICTURE in text and drawing_library() is None:
            # Without the extra, words stand in a picture's place: that is this machine, not the paper.
            continue
        if text != now.get(name) or name in refused:
            yield Change(family.name, name, folder / f"{name}.txt", text, now.get(name), refused.get(name))


def _reason(error: PapkaError) -> str:
    """Say why a paper was refused: the sentence, and the first finding."""
    found = error.findings[0].message if isinstance(error, Refused) and error.findings else ""
    return f"{error} {found}".strip()


# --- findings --------------------------------------------------------------------------------------------


def compared(plugin: Opened, draw: Draw | None = None) -> list[Finding]:
    """Hold the papers of the example families against the goldens of a plugin.

    Findings: ``G-DIFFERS`` a paper says something else; ``G-MISSING`` a paper has no golden beside those of
    its family; ``G-STALE`` a golden of no paper; ``G-REFUSED`` a paper that is not drawn up;
    ``G-NONE`` families, or all papers, without goldens.

    Raises:
        Refused: The plugin was set aside.
    """
    region = plugin.at_work().region
    cure = tr("Look at it; if it is right: papka plugin accept {name}").format(name=_called(plugin))
    known = held(region)
    loose = [one.name for one in families(region) if one.name not in known]
    found: list[Finding] = []
    if known:
        try:
            found += [_told(change, cure) for change in changes(plugin, draw=draw)]
        except PapkaError as error:
            found.append(Finding("G-DIFFERS", "error", str(error), tr("Mend the example first.")))
    if loose:
        found.append(_loose(plugin, loose, some=bool(known)))
    return found


def _called(plugin: Opened) -> str:
    """Return what to call a plugin on the command line: its folder where there is one."""
    if plugin.project is None:
        return plugin.name
    try:
        near = os.path.relpath(plugin.project.folder)
    except ValueError:  # another drive
        near = os.pardir
    shown = str(plugin.project.folder) if near.startswith(os.pardir) else near
    return f'"{shown}"' if " " in shown else shown


def _loose(plugin: Opened, names: list[str], *, some: bool) -> Finding:
    cure = tr("To hold them: papka plugin accept {name}").format(name=_called(plugin))
    place = Place(file=FOLDER)
    if not some:
        return Finding("G-NONE", "info", tr("No golden holds what the papers say."), cure, place=place)
    words = trn(
        "{count} example family is held by no golden.",
        "{count} example families are held by no golden.",
        len(names),
    )
    cure += f" --family {names[0]}"
    return Finding("G-NONE", "info", words.format(count=len(names)), cure, place=place)


def _told(change: Change, cure: str) -> Finding:
    if change.refusal is not None:
        words = tr("The paper could not be drawn up: {reason}").format(reason=change.refusal)
        return Finding(
            "G-REFUSED", "error", words, tr("Mend the template or the example."), place=Place(change.file)
        )
    if change.held is None:
        message = tr("The family has this paper, and no golden holds it.")
        return Finding("G-MISSING", "error", message, cure, place=Place(file=change.file))
    if change.now is None:
        message = tr("Nobody draws this paper any more.")
        return Finding("G-STALE", "warning", message, cure, place=Place(file=change.file))
    message = tr("The paper reads otherwise than its golden.")
    lines = change.held.splitlines()
    excerpt = lines[change.first - 1] if change.first <= len(lines) else None
    place = Place(file=change.file, line=change.first, column=1, excerpt=excerpt)
    return Finding("G-DIFFERS", "error", message, cure, place=place)
