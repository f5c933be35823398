"""A template made ready: checked, compiled, and kept so that the next run need not do it again.

A template that is ready is its parts as the Python code that Jinja has written, once for the words of the
paper and once for the second reading that the proof wants. That code holds nothing of any case, and nothing
was worked out while it was made. So it stays good while the template, the language and papka's own code stay.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from ..core import kept
from ..core.errors import Refused
from ..core.expressions import Language
from ..core.findings import blocks
from ..core.i18n import tr
from ..core.vocabulary import Type, Vocabulary
from .flat import Flat
from .package import Package
from .zipping import Packed


@dataclass(frozen=True, slots=True)
class ReadyPart:
    """One part of a template, ready to be filled in.

    Attributes:
        code: Draws the part.
        reading: Draws its second reading.
        mends: What has to be looked after when the part was drawn.
        flat: What has to be known to read it without a tree; None if only a tree will do.
        is_signed: Whether signs stand in it that have to be followed whatever the values are.
    """

    name: str
    code: CodeType
    reading: CodeType
    mends: frozenset[str]
    flat: Flat | None
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """A template that is ready to be filled in.

    Attributes:
        name: The name of its file.
        digest: SHA-256 of its file.
    """

    name: str
    digest: str
    package: Package
    parts: tuple[ReadyPart, ...]


_in_memory: dict[str, Ready] = {}


def ready_template(
    path: Path, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]
) -> Ready:
    """Return a template that is ready to be filled in: remembered, or opened, checked and compiled.

    Args:
        local: Names that its document type adds.

    Raises:
        Refused: The file cannot be used, or its tags have faults; the findings say which.
    """
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    key = kept.key_of("template", path.name, data, language.names, vocabulary.names, sorted(local.items()))
    ready = _in_memory.get(key) or recalled(path.name, kept.recall(key))
    if ready is None:
        ready = _made(path, language, vocabulary, local)
        kept.keep(key, as_bytes(ready))
    if len(_in_memory) > 500:
        _in_memory.clear()
    _in_memory[key] = ready
    return ready


def _made(path: Path, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]) -> Ready:
    from .template import Template

    template = Template.open(path)
    faults = template.check(language, vocabulary, local)
    if blocks(faults):
        words = tr("The template {file} has faults; nothing was drawn up.")
        raise Refused(words.format(file=path.name), faults)
    return template.ready(language)


def as_bytes(ready: Ready) -> bytes:
    """Return a template that is ready as it is kept."""
    members = [(name, one.crc, one.size, one.deflated) for name, one in ready.package.packed.items()]
    parts = [
        (one.name, one.code, one.reading, sorted(one.mends), _flat_as_plain(one.flat), one.is_signed)
        for one in ready.parts
    ]
    return marshal.dumps((ready.digest, members, parts))


def _flat_as_plain(flat: Flat | None) -> tuple[Any, ...] | None:
    return (flat.endings, flat.numbered, dict(flat.things)) if flat else None


def recalled(name: str, content: bytes | None) -> Ready | None:
    """Return what was kept; `kept` answers for its being the user's own and whole."""
    if content is None:
        return None
    digest, members, parts = marshal.loads(content)
    package = Package.unpacked({title: Packed(*known) for title, *known in members})
    return Ready(
        name,
        digest,
        package,
        tuple(
            ReadyPart(part, code, reading, frozenset(mends), Flat(*flat) if flat else None, is_signed)
            for part, code, reading, mends, flat, is_signed in parts
        ),
    )
