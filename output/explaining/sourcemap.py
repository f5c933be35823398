"""The map of a paper as it lies on its card: short lines of plain JSON, and the way back from them.

"tags":       "10 {%p if соглашение.подопечные %}"      paragraph of the template, the tag
"around":     {"11": "0/3,4"}                            paragraph, the branches that it stands in
"paragraphs": "11 9f3c… 5:12,13;6:14 0:7"               paragraph of the template, digest of the words,
                                                         which tag printed which fields, which asked which
"lists":      {"family.members": "0:1b2c… 1:77e0…"}      number of the item, digest of what it is known by
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

VERSION = 1
Reads = Mapping[int, Sequence[int]]
Branches = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one paragraph of a paper comes from.

    Attributes:
        paragraph: Its number in the template; 0 if papka put it there.
        digest: Of its words.
        prints: Numbers of the fields that its words come from, by the number of the tag.
        asked: Numbers of the fields that let it in, by the number of the tag.
    """

    paragraph: int
    digest: str
    prints: Reads = field(default_factory=dict)
    asked: Reads = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartMap:
    """Where the paragraphs of one part of a paper come from, in their order.

    Attributes:
        tags: Each tag of the template with the number of its paragraph there.
        around: For a paragraph of the template, the branches that it stands in, the outer ones first; each
            is the tags that are asked for it, the last one being its own: of an ``else`` the ``if`` before.
    """

    tags: Sequence[tuple[int, str]]
    around: Mapping[int, Branches]
    paragraphs: Sequence[Origin]


@dataclass(frozen=True)
class SourceMap:
    """Where a paper comes from, and by what a later change is seen.

    Attributes:
        day: The day of the paper.
        asked: The day that was asked for when it was issued.
        template: The file of the template and its SHA-256.
        source: Where the document type comes from; ``deadline`` its term, ``rules`` the rules that spoke.
        fields: The fields that the paper looks at; other parts of the map give their numbers here.
        values: Digests of the typed values that the paper depends on.
        lists: Digests of what the items of the lists are known by.
        asked_values: The same of what the paper looks at as of the day that was asked for.
        worked_out: Digests of what the rules and the programme said.
    """

    document: str
    day: date
    asked: date
    template: tuple[str, str]
    case_sha256: str
    salt: str
    source: Mapping[str, str] | None
    deadline: Mapping[str, Any] | None
    rules: Mapping[str, Mapping[str, Any]]
    fields: Sequence[str]
    values: Mapping[str, str]
    lists: Mapping[str, Sequence[tuple[int, str]]]
    asked_values: Mapping[str, str]
    asked_lists: Mapping[str, Sequence[tuple[int, str]]]
    worked_out: Mapping[str, str]
    parts: Mapping[str, PartMap]

    def as_json(self) -> dict[str, Any]:
        """Return it as it lies on the card."""
        return {
            "version": VERSION,
            **{name: getattr(self, name) for name in _AS_THEY_ARE},
            "day": self.day.isoformat(),
            "asked": self.asked.isoformat(),
            "template": {"file": self.template[0], "sha256": self.template[1]},
            "fields": list(self.fields),
            "lists": _lists(self.lists),
            "asked_lists": _lists(self.asked_lists),
            "parts": {name: _part(one) for name, one in self.parts.items()},
        }

    @classmethod
    def of(cls, data: object) -> SourceMap | None:
        """Read a map from a card; None if there is none, or one that this papka does not know."""
        if not isinstance(data, dict) or data.get("version") != VERSION:
            return None
        try:
            found = cls(
                **{name: data[name] for name in _AS_THEY_ARE},
                fields=data["fields"],
                day=date.fromisoformat(data["day"]),
                asked=date.fromisoformat(data["asked"]),
                template=(data["template"]["file"], data["template"]["sha256"]),
                lists={name: list(_items(text)) for name, text in data["lists"].items()},
                asked_lists={name: list(_items(text)) for name, text in data["asked_lists"].items()},
                parts={name: _read_part(one) for name, one in data["parts"].items()},
            )
            return found if _is_sound(found) else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


_AS_THEY_ARE = (
    "document",
    "case_sha256",
    "salt",
    "source",
    "deadline",
    "rules",
    "values",
    "asked_values",
    "worked_out",
)


def _is_sound(known: SourceMap) -> bool:
    """Tell whether a map from a disk is such as papka writes: texts are texts, numbers lead somewhere."""
    texts = [known.document, known.case_sha256, known.salt, *known.template, *known.fields]
    for one in (known.values, known.asked_values, known.worked_out, known.source or {}):
        texts += one.values()
    for rule in known.rules.values():
        texts += [rule["rule"], *(rule["source"] or {}).values()]
    paths = (*known.fields, *known.values, *known.asked_values, *known.worked_out)
    fields = isinstance(known.fields, list) and all(map(_STEP.match, paths))
    others = known.source is None or known.source.keys() >= _SOURCE
    term = known.deadline is None or isinstance(known.deadline, dict)
    whole = all(_leads(one, len(known.fields)) for one in known.parts.values())
    return fields and others and term and whole and all(isinstance(one, str) for one in texts)


def _leads(part: PartMap, fields: int) -> bool:
    """Tell whether the numbers in a part of a map lead to its tags and to its fields."""
    tags = range(len(part.tags))
    reads = [one for origin in part.paragraphs for one in (origin.prints, origin.asked)]
    return (
        all(tag in tags for branches in part.around.values() for branch in branches for tag in branch)
        and all(tag in tags for one in reads for tag in one)
        and all(0 <= number < fields for one in reads for used in one.values() for number in used)
        and all(origin.paragraph >= 0 for origin in part.paragraphs)
    )


_SOURCE = frozenset({"kind", "text"})
_STEP = re.compile(r"[^\W\d]")


def _lists(lists: Mapping[str, Sequence[tuple[int, str]]]) -> dict[str, str]:
    return {name: " ".join(f"{n}:{one}" for n, one in items) for name, items in lists.items()}


def _part(one: PartMap) -> dict[str, Any]:
    return {
        "tags": [f"{number} {text}" for number, text in one.tags],
        "around": {
            str(number): "/".join(",".join(map(str, branch)) for branch in branches)
            for number, branches in one.around.items()
            if branches
        },
        "paragraphs": [
            f"{origin.paragraph} {origin.digest} {_reads(origin.prints)} {_reads(origin.asked)}"
            for origin in one.paragraphs
        ],
    }


def _reads(reads: Reads) -> str:
    return ";".join(f"{tag}:{','.join(map(str, fields))}" for tag, fields in reads.items()) or "-"


def _read_part(data: Mapping[str, Any]) -> PartMap:
    tags = (text.split(" ", 1) for text in data["tags"])
    origins = (text.split(" ") for text in data["paragraphs"])
    return PartMap(
        [(int(number), text) for number, text in tags],
        {
            int(number): tuple(tuple(map(int, branch.split(","))) for branch in text.split("/"))
            for number, text in data["around"].items()
        },
        [
            Origin(int(number), digest, _back(prints), _back(asked))
            for number, digest, prints, asked in origins
        ],
    )


def _back(text: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one in text.split(";") if text != "-" else ():
        tag, _, fields = one.partition(":")
        found[int(tag)] = [int(number) for number in fields.split(",") if number]
    return found


def _items(text: str) -> Iterator[tuple[int, str]]:
    for one in text.split():
        number, _, digest = one.partition(":")
        yield int(number), digest
