"""A template made ready: checked, compiled, and kept so that the next run need not do it again.

A template that is ready is its parts as the Python code that Jinja has written, once for the words of the
paper and once for the second reading that the proof wants. That code holds nothing of any case, and nothing
was worked out while it was made. So it stays good while the template, the language and papka's own code stay.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2

from ..core import kept
from ..core.errors import Refused
from ..core.expressions import Environment, Language
from ..core.findings import blocks
from ..core.i18n import tr
from ..core.outside import bytes_of
from ..core.vocabulary import Type, Vocabulary
from .flat import Flat
from .package import Package
from .pieces import Bodies, Known, with_bytes
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
        pieces: What is known of the XML between its tags; None if it has to be looked at as a whole.
        bones: What has to be looked at in their bones.
        bound: What was bound to be drawn, by the identity of the environment.
    """

    name: str
    code: CodeType
    reading: CodeType
    mends: frozenset[str]
    flat: Flat | None
    is_signed: bool
    pieces: Known | None = None
    bones: Flat | None = None
    bound: dict[int, Bound] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bound:
    """A part at work in one language: what draws it, what draws its second reading, what its pieces are.

    Attributes:
        environment: Kept, so that no other one can have its identity.
    """

    environment: Environment
    draw: jinja2.Template
    read: jinja2.Template
    pieces: Bodies | None


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


def bound_to(part: ReadyPart, environment: Environment) -> Bound:
    """Bind a part to an environment; it is kept bound, for the next paper."""
    known = part.bound.get(id(environment))
    if known is None:
        draw, read = (
            jinja2.Template.from_code(environment, code, {}, None) for code in (part.code, part.reading)
        )
        pieces = with_bytes(part.pieces) if part.pieces is not None else None
        if len(part.bound) > MOST_BOUND:
            part.bound.clear()
        known = part.bound[id(environment)] = Bound(environment, draw, read, pieces)
    return known


MOST_BOUND = 8
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
        data = bytes_of(path)
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
        (
            one.name,
            one.code,
            one.reading,
            sorted(one.mends),
            _flat_as_plain(one.flat),
            one.is_signed,
            one.pieces and dict(one.pieces),
            _flat_as_plain(one.bones),
        )
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
            ReadyPart(part, code, reading, frozenset(mends), _flat(flat), is_signed, pieces, _flat(bones))
            for part, code, reading, mends, flat, is_signed, pieces, bones in parts
        ),
    )


def _flat(plain: tuple[Any, ...] | None) -> Flat | None:
    return Flat(*plain) if plain else None
