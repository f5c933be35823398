"""A YAML file changed in place: what a person has written there, its order and its comments stay.

Only the lines of what has changed are written anew. Every scalar is text, as papka reads it: no number loses
its first zero, and no «нет» becomes a truth value.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

from . import yamltext

_LONGEST_LINE = 10_000
_TAG = "tag:yaml.org,2002:"


class _TextOnly(VersionedResolver):
    """Takes every scalar for text."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        found = super().resolve(kind, value, implicit)
        scalars = {
            f"{_TAG}{name}" for name in ("bool", "int", "float", "timestamp", "null", "merge", "value")
        }
        return Tag(suffix=f"{_TAG}str") if str(found) in scalars else found


def changed(text: str, change: Callable[[Any], None]) -> str:
    """Return a text with what a change does to its data.

    Args:
        change: Gets the whole as ruamel's CommentedMap, whose scalars are text, and changes it in place.

    Raises:
        ruamel.yaml.error.YAMLError: The text cannot be read; `core.yamltext` says why.
    """
    yaml = _yaml(text)
    data = yaml.load(text)
    if data is None:
        data = CommentedMap()
    as_it_was = _dumped(yaml, data)
    change(data)
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
