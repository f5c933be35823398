"""Answers written into a case file: what a person has written there, its order and its comments stay.

Only the lines of what has changed are written anew. Every scalar is text, as papka reads it: no number loses
its first zero, and no «нет» becomes a truth value.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString
from ruamel.yaml.tag import Tag

from ..core import yamltext
from ..core.paths import Loc
from .plain import Value

_LONGEST_LINE = 10_000
_TAG = "tag:yaml.org,2002:"
_LOOKS_OTHERWISE = re.compile(
    r"[\s]|.*\s$|$|[-?:,\[\]{}#&*!|>'\"%@`=<]|.*: |.*:$|.* #|(?:~|null|true|false|yes|no|on|off)$|[-+.]?[\d.]"
    r"|(?:да|нет)$",
    re.IGNORECASE | re.DOTALL,
)


class _TextOnly(VersionedResolver):
    """Takes every scalar for text."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        found = super().resolve(kind, value, implicit)
        scalars = {
            f"{_TAG}{name}" for name in ("bool", "int", "float", "timestamp", "null", "merge", "value")
        }
        return Tag(suffix=f"{_TAG}str") if str(found) in scalars else found


def with_answers(text: str, answers: Mapping[Loc, Value | None]) -> str:
    """Return the text of a case file with answers put in; None takes a value out.

    Raises:
        ruamel.yaml.error.YAMLError: The text cannot be read; `core.yamltext` says why.
    """
    yaml = _yaml(text)
    data = yaml.load(text)
    if data is None:
        data = CommentedMap()
    as_it_was = _dumped(yaml, data)
    # What is taken out of a list from behind does not move what stands before it.
    for place in sorted((one for one in answers if answers[one] is None), key=_order, reverse=True):
        _take_out(data, place)
    for place in (one for one in answers if answers[one] is not None):
        _put_in(data, place, _node(answers[place]))
    whole = _dumped(yaml, data)
    mended = _joined(text, as_it_was, whole)
    # Lines put together from two texts have to say what the whole says; if they do not, the whole is taken.
    return mended if _says(mended) == _says(whole) else whole


def _dumped(yaml: YAML, data: Any) -> str:
    written = io.StringIO()
    yaml.dump(data, written)
    return written.getvalue()


def _says(text: str) -> object:
    try:
        return yamltext.read(text.encode("utf-8")).data
    except yamltext.YamlFault:
        return None


def _joined(mine: str, base: str, changed: str) -> str:
    """Return my text with what turns the base into the changed one; a program's own manners stay out."""
    ours, middle, theirs = (one.splitlines(keepends=True) for one in (mine, base, changed))
    in_mine, in_changed = _matches(middle, ours), _matches(middle, theirs)
    said: list[str] = []
    place = (0, 0, 0)
    ends = len(middle), len(ours), len(theirs)
    stable = [(n, in_mine[n], in_changed[n]) for n in range(len(middle)) if n in in_mine and n in in_changed]
    for one in [*stable, ends]:
        untouched = middle[place[0] : one[0]] == theirs[place[2] : one[2]]
        said += ours[place[1] : one[1]] if untouched else theirs[place[2] : one[2]]
        if one is not ends:
            said.append(ours[one[1]])
        place = one[0] + 1, one[1] + 1, one[2] + 1
    return "".join(said)


def _matches(base: list[str], other: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}


def _order(place: Loc) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in place)


def _yaml(text: str) -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _TextOnly
    yaml.preserve_quotes = True
    yaml.width = _LONGEST_LINE
    yaml.allow_unicode = True
    # Lists stand as the person has them: at the edge of their field, or further in.
    inward = re.search(r"^( *)[A-Za-z_]+:[ \t]*(?:#.*)?\n(?:\s*#.*\n)*( *)- ", text, re.MULTILINE)
    offset = len(inward[2]) - len(inward[1]) if inward else 2
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml


def _node(value: Value | None) -> Any:
    if isinstance(value, str):
        return _scalar(value)
    rows = CommentedSeq()
    for one in value or ():
        rows.append(
            CommentedMap((k, _cell(v)) for k, v in one.items()) if isinstance(one, dict) else _scalar(one)
        )
    return rows


def _cell(value: Any) -> Any:
    """Return a cell of a table: text, or what no surface shows and the case held before."""
    if isinstance(value, dict):
        return CommentedMap((name, _cell(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return CommentedSeq(_cell(one) for one in value)
    return _scalar(value) if isinstance(value, str) else value


def _scalar(text: str) -> Any:
    if "\n" in text.strip("\n") and not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|[ \t]\n|^[ \t]", text):
        return LiteralScalarString(text)
    # Quotes are needed by no reading of papka's; other programs would take such a text for something else.
    return DoubleQuotedScalarString(text) if _LOOKS_OTHERWISE.match(text) or "\n" in text else text


def _put_in(data: Any, place: Loc, node: Any) -> None:
    for step, following in pairwise(place):
        below = _child(data, step)
        if not isinstance(below, CommentedMap | CommentedSeq):
            below = CommentedSeq() if isinstance(following, int) else CommentedMap()
            _set(data, step, below)
        data = below
    _set(data, place[-1], node)


def _child(data: Any, step: str | int) -> Any:
    if isinstance(data, CommentedMap):
        return data.get(step)
    return data[step] if isinstance(step, int) and step < len(data) else None


def _set(data: Any, step: str | int, node: Any) -> None:
    if isinstance(data, CommentedSeq) and isinstance(step, int) and step >= len(data):
        data.append(node)
    else:
        data[step] = node


def _take_out(data: Any, place: Loc) -> None:
    owners = [data]
    for step in place[:-1]:
        below = _child(owners[-1], step)
        if not isinstance(below, CommentedMap | CommentedSeq):
            return
        owners.append(below)
    for owner, step in zip(reversed(owners), reversed(place), strict=True):
        if isinstance(owner, CommentedSeq) and isinstance(step, int):
            if step < len(owner):
                del owner[step]
        elif step in owner:
            del owner[step]
        if owner:
            return
