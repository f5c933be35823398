"""The steps by which files of an earlier office become those of this papka.

There is none yet: no file of an office has changed since the first version. A later papka that cannot read a
file as it was raises `CONTRACT_VERSION` and adds its step here; steps are never taken away, so that an office
of any version comes all the way. `docs/releasing.md` says what belongs to a step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step forward of the files.

    Attributes:
        to: The version that they are of after it.
        change: Gets the name of a file in the office (``cases/k1/case.yaml``) and its bytes, and returns what
            it holds from now on; what does not concern it, it returns as it is. It is asked for office.yaml,
            case files, answers on their way, cards of issued papers and the centre's own templates, and never
            for an issued paper.
    """

    to: int
    change: Callable[[str, bytes], bytes]


STEPS: tuple[Step, ...] = ()


def in_yaml(content: bytes, change: Callable[[Any], None]) -> bytes:
    """Change the data of a YAML file; its comments, its order, its line ends and its first mark stay.

    Args:
        change: Gets the whole as ruamel's CommentedMap, whose scalars are text, and changes it in place.

    Raises:
        UnicodeDecodeError, ruamel.yaml.error.YAMLError: The text cannot be read.
    """
    from ..roundtrip import changed

    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content[len(mark) :].decode("utf-8")
    ends = "\r\n" if "\r\n" in text else "\n"
    done = changed(text.replace("\r\n", "\n"), change)
    return mark + done.replace("\n", ends).encode("utf-8")


def renamed(data: Any, before: str, after: str) -> None:
    """Call a key of a CommentedMap otherwise: it stays in its place, and so do the words beside it."""
    if before not in data:
        return
    place, comment = list(data).index(before), data.ca.items.pop(before, None)
    data.insert(place, after, data.pop(before))
    if comment is not None:
        data.ca.items[after] = comment


def with_version(content: bytes, version: int) -> bytes:
    """Return a YAML file whose line ``papka:`` says a version."""

    def say(data: Any) -> None:
        if "papka" in data:
            data["papka"] = str(version)
        else:
            data.insert(0, "papka", str(version))

    return in_yaml(content, say)
