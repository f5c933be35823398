"""What was found out about a region by examining its programme, kept until its data change.

To hold every expression of a programme against the vocabulary takes longer than to draw a paper. A programme
that was found right is marked; the next run loads it only if a case asks for it. A fault is never kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import kept
from ..outside import bytes_of
from .region import FormSet, Region


@dataclass(frozen=True, slots=True)
class Examined:
    """A region that was found right.

    Attributes:
        programme: The id of its programme.
        documents: How many documents the programme has, with those that it includes.
        missing: Templates that its own documents name and that are not there.
    """

    programme: str
    documents: int
    missing: tuple[str, ...]

    def keep(self, key: str | None) -> None:
        """Keep it for the next run."""
        if key:
            kept.keep(key, json.dumps(asdict(self)).encode("utf-8"))


def key_of(region: Region, forms: Sequence[FormSet], names: Mapping[str, str]) -> str | None:
    """Return the key of all that is looked at; None if more than data decides about it, or a file is none.

    Args:
        names: The names of the filters of each language of papers, by its code.
    """
    if type(region) is not Region or any(type(one) is not FormSet for one in forms):
        return None
    folders = [*region.folders, *(one.folder for one in forms)]
    try:
        return kept.key_of("programme", [list(_data(one)) for one in folders], dict(names))
    except OSError:
        return None  # a file that cannot be read is told when it is read


def _data(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("scales/*.yaml"))):
        yield path.name, bytes_of(path)
    for path in sorted(folder.glob("templates/*")):
        yield path.name, b""


def recalled(key: str | None) -> Examined | None:
    """Return what was kept."""
    content = kept.recall(key) if key else None
    if content is None:
        return None
    known = json.loads(content)
    return Examined(known["programme"], known["documents"], tuple(known["missing"]))
