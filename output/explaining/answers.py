"""What `papka why` answers: sentences of a paper, each with its tags, fields and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ...core.findings import Source
from ..letters import TagPlace
from .sourcemap import SourceMap

if TYPE_CHECKING:
    from ...core.journal.entries import Entry

State = Literal["issued", "altered", "draft"]


@dataclass(frozen=True)
class FieldUse:
    """A field that a sentence looks at.

    Attributes:
        line: Where it stands in the case file.
        value: What stands there; only while the case is as it was.
    """

    path: str
    words: str
    line: int | None = None
    value: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data, without the value."""
        return {"path": self.path, "words": self.words, "line": self.line}


@dataclass(frozen=True)
class TagUse:
    """A tag of the template that made a sentence, or let it in.

    Attributes:
        word: ``if``, ``elif``, ``else``, ``for``, or nothing for a value.
        inside: Whether it stands in the paragraph itself.
        holds: Whether it is the branch in which the sentence stands; of an ``else`` the ``if`` before is not.
    """

    text: str
    paragraph: int
    word: str
    fields: tuple[FieldUse, ...]
    inside: bool = False
    holds: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "tag": self.text,
            "paragraph": self.paragraph,
            "word": self.word or None,
            "inside": self.inside,
            "holds": self.holds,
            "fields": [one.as_json() for one in self.fields],
        }


@dataclass(frozen=True)
class Spoken:
    """A rule that spoke in what a sentence looks at, with its source."""

    rule: str
    source: Source | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"rule": self.rule, "source": source_json(self.source)}


@dataclass(frozen=True)
class Sentence:
    """One paragraph of a paper that holds the words, and where it comes from.

    Attributes:
        text: Its words in the paper.
        place: Where it stands in the template; no number: papka put it there.
        template: The words of the template, if the template at hand is the one that drew the paper.
        conditions: What let it in, the outermost first.
        prints: Where its words come from.
    """

    text: str
    part: str
    number: int
    place: TagPlace | None
    template: str | None
    conditions: tuple[TagUse, ...] = ()
    prints: tuple[TagUse, ...] = ()
    rules: tuple[Spoken, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data; the words of the paper are left out."""
        at = self.place
        where = ("paragraph", "table", "row", "cell")
        return {
            "part": self.part,
            "paragraph": self.number,
            "template": {name: getattr(at, name) for name in where} | {"text": self.template} if at else None,
            "conditions": [one.as_json() for one in self.conditions],
            "prints": [one.as_json() for one in self.prints],
            "rules": [one.as_json() for one in self.rules],
        }


@dataclass(frozen=True)
class Answer:
    """What is known of words on a paper.

    Attributes:
        state: ``issued`` as the journal knows it, ``altered`` since, or a ``draft``.
        sentences: The paragraphs that hold the words.
        by_hand: Whether the words stand only in the altered file: somebody typed them in.
        near: The nearest paragraph, if the words were not found.
        same_case: Whether the case is as it was; None: it is not there.
        same_template: Whether the template at hand is the one that drew the paper.
    """

    state: State
    title: str
    document: str
    file: str
    map: SourceMap
    entry: Entry | None
    sentences: tuple[Sentence, ...]
    by_hand: bool = False
    near: Sentence | None = None
    same_case: bool | None = None
    same_template: bool = True

    @property
    def made_with(self) -> dict[str, str]:
        """What made the paper."""
        return dict(self.entry.made_with) if self.entry else {}

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data: no value, and no word of the paper."""
        deadline = self.map.deadline
        return {
            "state": self.state,
            "document": self.document,
            "title": self.title,
            "id": self.entry.id if self.entry else None,
            "template": {"file": self.map.template[0], "sha256": self.map.template[1]},
            "same_template": self.same_template,
            "same_case": self.same_case,
            "made_with": self.made_with,
            "source": self.map.source,
            "deadline": deadline,
            "by_hand": self.by_hand,
            "sentences": [one.as_json() for one in self.sentences],
            "near": self.near.as_json() if self.near else None,
        }


def source_json(source: Source | None) -> dict[str, str] | None:
    """Return a source as plain data."""
    return {"kind": source.kind, "text": source.text} if source else None
