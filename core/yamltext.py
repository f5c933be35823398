"""YAML read strictly: every scalar stays the text that was typed, and every value knows its place.

Numbers of documents survive (``012345`` stays ``012345``, ``NO`` stays ``NO``); what could carry a bomb or a
surprise (anchors, aliases, tags, doubled keys, great depth or size) is refused where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from .i18n import tr

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 50

Path = tuple[str | int, ...]
Data = dict[str, Any] | list[Any] | str | None

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY = ("", "~", "null", "Null", "NULL")


class Spot(NamedTuple):
    """A place in a text, both counted from 1; each value of thousands of cases has one."""

    line: int
    column: int


class YamlFault(Exception):
    """The text is not the YAML that papka reads; ``code`` says why and ``spot`` where."""

    def __init__(self, code: str, message: str, spot: Spot) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.spot = spot


@dataclass
class Read:
    """What was read: plain data, and the places of keys and values by their path."""

    data: Data
    lines: list[str]
    values: dict[Path, Spot] = field(default_factory=dict)
    keys: dict[Path, Spot] = field(default_factory=dict)
    file: str | None = None

    def holds(self, path: Path) -> bool:
        """Tell whether a value stands at a path."""
        return path in self.values

    def home(self, path: Path) -> Home:
        """Return the text in which a value stands, and the path of the value in it."""
        return self, path

    def spot(self, path: Path, *, of_key: bool = False) -> Spot:
        """Return where a path stands, or else the nearest thing around it that stands anywhere."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
            if path in self.keys:
                return self.keys[path]
        return self.values.get(path, Spot(1, 1))

    def excerpt(self, spot: Spot) -> str:
        """Return the line of a place, as it was typed."""
        return self.lines[spot.line - 1] if 0 < spot.line <= len(self.lines) else ""


Home = tuple[Read, Path]
"""A text that was read, and the path of a value in it."""


def too_large() -> YamlFault:
    """Return the fault of a file that is larger than a case can be."""
    return YamlFault("Y-SIZE", tr("The file is larger than 10 MB."), Spot(1, 1))


def decode(raw: bytes) -> str:
    """Decode the bytes of a file.

    Raises:
        YamlFault: The file is too large, or not written in UTF-8.
    """
    if len(raw) > MAX_BYTES:
        raise too_large()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        spot = Spot(before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
        message = tr("The file is not written in UTF-8.")
        if b"\0" in raw:
            message = tr("The file is written in UTF-16 («Unicode»), not in UTF-8.")
        elif _looks_like_cp1251(raw):
            message = tr("The file is written in the old Windows encoding (1251), not in UTF-8.")
        raise YamlFault("Y-ENCODING", message, spot) from None


def _looks_like_cp1251(raw: bytes) -> bool:
    try:
        text = raw.decode("cp1251")
    except UnicodeDecodeError:
        return False
    letters = [sign for sign in text if sign.isalpha() and ord(sign) > 127]
    # In the other Russian encodings the small letters stand elsewhere.
    return bool(letters) and sum("а" <= sign <= "я" for sign in letters) > 0.5 * len(letters)


def read(raw: bytes) -> Read:
    """Read YAML text into plain data with places.

    Raises:
        YamlFault: The text cannot be read; the fault names the first place where that shows.
    """
    text = decode(raw)
    result = Read(None, split_lines(text))
    try:
        builder = _Builder(result, yaml.parse(text, Loader=_Loader))
        result.data = builder.document()
    except yaml.MarkedYAMLError as error:
        raise _syntax(error, result) from error
    except yaml.YAMLError as error:  # a control character, found before any mark is made
        before = split_lines(_before(text, getattr(error, "position", 0)))
        spot = Spot(len(before), len(before[-1]) + 1)
        raise YamlFault("Y-CONTROL", tr("The file holds a control character."), spot) from error
    if result.data is None:
        raise YamlFault("Y-EMPTY", tr("The file is empty."), Spot(1, 1))
    return result


def split_lines(text: str) -> list[str]:
    """Split a text into lines as YAML counts them."""
    return re.split("\r\n|[\r\n\x85\u2028\u2029]", text)


def _before(text: str, position: int) -> str:
    """Return the text before a position; the fast parser counts bytes, the other one characters."""
    if _Loader is yaml.SafeLoader:
        return text[:position]
    return text.encode()[:position].decode(errors="ignore")


def _syntax(error: yaml.MarkedYAMLError, result: Read) -> YamlFault:
    problem = f"{error.problem or ''} {error.context or ''}"
    if "<document start>" in problem:
        code, words = "Y-MANY", tr("The file holds several documents (---).")
    else:
        code, words = "Y-SYNTAX", _in_words(problem, error, result)
    begun = any(words in problem for words in ("end of stream", "expected ':'", "flow"))
    mark = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
    return YamlFault(code, words, Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1))


def _in_words(problem: str, error: yaml.MarkedYAMLError, result: Read) -> str:
    if "mapping values are not allowed" in problem:
        mark = error.problem_mark
        line = result.excerpt(Spot(mark.line + 1, 1))[: mark.column] if mark else ""
        if re.fullmatch(r"\s+[\w\-]+", line):
            return tr("The line is indented deeper than its neighbours.")
        return tr("A colon stands inside a value: put the value in quotes.")
    if "tab" in problem or "'\\t'" in problem or "cannot start any token" in problem:
        return tr(
            "A sign that no value can begin with: a tab, @, ` or %. Indent with spaces, quote the value."
        )
    if "quoted scalar" in problem or "end of stream" in problem or "flow" in problem:
        return tr("A quotation mark or a bracket was opened and not closed.")
    if "expected ':'" in problem:
        return tr("A colon is missing after a field name.")
    if "expected" in problem:
        return tr(
            "The lines do not fit together: those of one group begin at one place, and a quoted value ends"
            " with its quotation mark."
        )
    return tr("The text cannot be read as YAML.")


class _Builder:
    """Builds plain data from parser events; an explicit loop over depth keeps the stack small."""

    def __init__(self, result: Read, events: Iterator[Any]) -> None:
        self._result = result
        self._events = events

    def document(self) -> Data:
        data: Data = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlFault("Y-MANY", tr("The file holds several documents (---)."), _at(event))
                data = self._value(next(self._events), (), 0)
        return data

    def _value(self, event: Any, path: Path, depth: int) -> Data:
        spot = self._result.values[path] = _at(event)
        kind = type(event)
        if kind is yaml.AliasEvent or event.anchor or event.tag:
            _plain(event)
        if depth > MAX_DEPTH:
            raise YamlFault("Y-DEPTH", tr("The file is nested too deep."), spot)
        if kind is yaml.ScalarEvent:
            value: str = event.value
            return None if value in _EMPTY and not event.style else value
        if kind is yaml.SequenceStartEvent:
            return self._list(path, depth)
        return self._mapping(path, depth)

    def _list(self, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if type(event) is yaml.SequenceEndEvent:
                break
            items.append(self._value(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        keys = self._result.keys
        for event in self._events:
            kind = type(event)
            if kind is yaml.MappingEndEvent:
                break
            if kind is yaml.AliasEvent or event.anchor or event.tag:
                _plain(event)
            if kind is not yaml.ScalarEvent:
                raise YamlFault("Y-KEY", tr("A field name has to be a word."), _at(event))
            key: str = event.value
            if key in found:
                raise YamlFault("Y-TWICE", tr("This field stands twice."), _at(event))
            here = (*path, key)
            keys[here] = _at(event)
            found[key] = self._value(next(self._events), here, depth + 1)
        return found


def _plain(event: yaml.Event) -> None:
    """Refuse what names, repeats or converts a value."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise YamlFault("Y-ALIAS", tr("Anchors and aliases (& and *) are not used here."), _at(event))
    if getattr(event, "tag", None):
        raise YamlFault("Y-TAG", tr("Tags (!) are not used here."), _at(event))


def _at(event: yaml.Event) -> Spot:
    mark = event.start_mark
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)
