"""A derived family as a case file, with the branches for which it is there on top."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from ...core.contract.case import Case
from ...core.i18n import current_language, speak, tr
from ...core.vocabulary import Type, record_type
from .people import Data
from .targets import Target
from .telling import in_words

NAMED = 6
"""How many branches the head of a file names."""


def written(data: Data, targets: Sequence[Target], language: str) -> str:
    """Return the text of a case file.

    Args:
        targets: What no other family shows; it stands on top, the first ones in words.
        language: That of the programme's papers; whoever derives the families gets the same bytes.
    """
    before = current_language()
    speak(language)
    try:
        on_top = head(targets)
    finally:
        speak(before)
    lines = [*(f"# {line}" for line in on_top), *_mapping(data, Case, "")]
    if language != "ru":
        lines = [_ANSWER.sub(lambda said: f": {_SAID[said[1]]}", line) for line in lines]
    return "".join(f"{line}\n" for line in lines)


_ANSWER = re.compile(r": (да|нет)$")
_SAID = {"да": "true", "нет": "false"}


def head(targets: Sequence[Target]) -> list[str]:
    """Return the lines on top of a derived family's file."""
    lines = [
        tr("Derived from the rules and templates by papka plugin examples; the people are invented."),
        tr("Do not edit it: change the rules, the templates or the written examples, and derive anew."),
        tr("It is there for ({count}):").format(count=len(targets)),
    ]
    lines += [f"- {in_words(one)}" for one in targets[:NAMED]]
    if len(targets) > NAMED:
        lines.append(tr("… and {count} more").format(count=len(targets) - NAMED))
    return [line.replace("\n", " ") for line in lines]


# --- plain YAML ------------------------------------------------------------------------------------------


def _mapping(data: Data, model: type[BaseModel], inward: str) -> Iterator[str]:
    """Write a record, its fields in the order of the contract."""
    fields = record_type(model).fields
    for name in sorted(data, key=list(fields).index):
        value, type_ = data[name], fields[name].type.item or fields[name].type
        if isinstance(value, dict) and not value and not model.model_fields[name].is_required():
            continue
        if isinstance(value, dict):
            yield f"{inward}{name}:"
            yield from _mapping(value, _model(type_), f"{inward}  ")
        elif not isinstance(value, list):
            yield f"{inward}{name}: {_scalar(value)}"
        elif any(isinstance(one, dict) for one in value):
            yield f"{inward}{name}:"
            for one in value:
                first, *others = list(_mapping(one, _model(type_), f"{inward}  ")) or ["{}"]
                yield f"{inward}- {first.strip()}"
                yield from others
        elif all(_CODE.fullmatch(str(one)) for one in value):
            yield f"{inward}{name}: [{', '.join(map(str, value))}]"
        else:
            yield f"{inward}{name}:"
            yield from (f"{inward}- {_scalar(one)}" for one in value)


def _model(type_: Type) -> type[BaseModel]:
    assert type_.model is not None
    return type_.model


_CODE = re.compile(r"[A-Za-z][\w.\-]*|\d{4}-\d\d-\d\d")
_PLAIN = re.compile(r"[\w«(№+](?:[^:#\n\[\]{}&*!|>'\"%@`\\]*[^:#\s\n\[\]{}&*!|>'\"%@`\\])?")


def _scalar(value: object) -> str:
    text = str(value)
    return (
        text
        if _PLAIN.fullmatch(text) and text.lower() not in ("null", "")
        else json.dumps(text, ensure_ascii=False)
    )
