"""What a control shows of an answer, and which answer a control holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ...core.contract.values import Day
from ..fields import Kind
from ..plain import Value, stripped
from ..shown import Asked, says

_NBSP = "\u00a0"
Say = Callable[[str], str]
"""Says papka's own words, given in English, in the language of a form."""


@cache
def prompts(on_paper: Say) -> Mapping[Kind, str]:
    """Return what stands in an empty control, by the kind of the field.

    Spaces do not break, a word ends in dots: nobody types it by chance.
    """
    said: dict[Kind, str] = {
        "line": on_paper("enter text"),
        "text": on_paper("enter text"),
        "lines": on_paper("enter one on each line"),
        "number": on_paper("number …"),
        "money": on_paper("amount …"),
        "time": on_paper("hh:mm"),
        "date": on_paper("dd.mm.yyyy"),
        "yes_no": on_paper("yes or no"),
        "choice": on_paper("choose one"),
    }
    return {kind: words.replace(" ", _NBSP) for kind, words in said.items()}


def prompt_for_others(on_paper: Say) -> str:
    """Return what stands on the empty line beside check boxes."""
    return on_paper("who else, separated by semicolons").replace(" ", _NBSP)


_OF_WORD = frozenset(
    {
        "Место для ввода текста.", "Место для ввода даты.", "Выберите элемент.",
        "Click or tap here to enter text.", "Click or tap to enter a date.", "Choose an item.",
        "Click here to enter text.", "Click here to enter a date.",
    }
)  # fmt: skip
"""What Word itself writes into a control that was emptied."""

_DAY: TypeAdapter[Any] = TypeAdapter(Day)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHECKED = frozenset("☒☑✓✔✗✘xXхХvV+")


@cache
def _ours(on_paper: Say) -> tuple[str, ...]:
    return (*sorted(set(prompts(on_paper).values()), key=len, reverse=True), prompt_for_others(on_paper))


def emptied(text: str, on_paper: Say) -> str:
    """Return what a person typed: a prompt is nothing, also where it was left beside the words."""
    if text.strip() in _OF_WORD:
        return ""
    for prompt in _ours(on_paper):
        text = text.replace(prompt, "")
    return text


def writable(text: str) -> str:
    """Return a text as XML can hold it."""
    return _ILLEGAL.sub("\ufffd", re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text))


def is_checked(text: str, said: bool | None) -> bool:
    """Tell whether a box is checked: what a person sees counts, and then what the file says."""
    seen = text.strip()
    if any(sign in _CHECKED for sign in seen):
        return True
    return False if seen in ("☐", "□") else bool(said)


def labels(asked: Asked) -> dict[str, str]:
    """Return what each choice is called on paper; two people of one name are told apart by their codes."""
    names = [label for _, label in asked.choices]
    return {code: f"{label} ({code})" if names.count(label) > 1 else label for code, label in asked.choices}


def shown(asked: Asked, value: Value | None) -> str:
    """Return the text of a control; choices of several stand in boxes of their own."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return writable("\n".join(one for one in value if isinstance(one, str)))
    if asked.kind == "choice":
        code = code_of(asked, value)
        return writable(labels(asked).get(code or "", value))
    if asked.kind == "date":
        day = _read(_DAY, value)
        return f"{day:%d.%m.%Y}" if day else writable(value)
    if asked.kind == "yes_no":
        said = says(value)
        (_, yes), (_, no) = asked.yes_and_no
        return writable(value) if said is None else yes if said else no
    return writable(value)


def others(asked: Asked, value: Value | None) -> str:
    """Return what stands on the line beside check boxes: what is none of the choices."""
    if not isinstance(value, tuple):
        return ""
    return writable("; ".join(one for one in value if isinstance(one, str) and code_of(asked, one) is None))


def ticked(asked: Asked, value: Value | None) -> set[str]:
    """Return the codes of the boxes that are checked."""
    said = value if isinstance(value, tuple) else (value,) if value else ()
    return {code for one in said if isinstance(one, str) and (code := code_of(asked, one))}


def code_of(asked: Asked, text: str) -> str | None:
    """Return the code of what was chosen or typed: a code, a label, or a name that means one person only."""
    said = _even(text)
    if any(code == said for code, _ in asked.choices):
        return said
    named = [code for code, label in labels(asked).items() if _even(label).casefold() == said.casefold()]
    if len(named) == 1:
        return named[0]
    words = said.casefold().split() if asked.refers else []
    near = [
        code for code, label in asked.choices if words and label.casefold().split()[: len(words)] == words
    ]
    return near[0] if len(near) == 1 else None


def scalar(asked: Asked, text: str) -> str | None:
    """Return the answer that a control's text is; None: it is empty."""
    said = emptied(text, asked.on_paper)
    if not said.strip():
        return None
    if asked.kind == "choice":
        return code_of(asked, said) or said
    if asked.kind == "yes_no":
        word = said.strip().casefold()
        return next((code for code, label in asked.yes_and_no if word == label.casefold()), said)
    return said


def several(asked: Asked, codes: Sequence[str], more: str) -> Value | None:
    """Return the answer that check boxes and the line beside them are."""
    typed = [one.strip() for one in re.split("[;\n]", emptied(more, asked.on_paper)) if one.strip()]
    added = [code_of(asked, one) or one for one in typed]
    return stripped(tuple(dict.fromkeys((*codes, *added))))


def many_lines(asked: Asked, text: str) -> Value | None:
    """Return the answer of several lines."""
    return stripped(tuple(one for one in emptied(text, asked.on_paper).split("\n") if one.strip()))


def by_new_names(asked: Asked, value: Value) -> Value:
    """Put codes for names that mean somebody by now; who was chosen stays, whatever he is called now."""
    if isinstance(value, str):
        return (code_of(asked, value) or value) if asked.refers and asked.kind == "choice" else value
    columns = {str(one.place[-1]): one for one in asked.columns}
    rows = tuple(
        {
            name: str(by_new_names(columns[name], text)) if name in columns else text
            for name, text in row.items()
        }
        for row in value
        if isinstance(row, dict)
    )
    if rows:
        return rows
    codes = (code_of(asked, one) or one for one in value if isinstance(one, str))
    return tuple(codes) if asked.refers else value


def even(asked: Asked, value: Value | None) -> Any:
    """Return what an answer says, however it is written: by code or by label, with either kind of date."""
    if value is None:
        return None
    if isinstance(value, str):
        return _even_text(asked, value)
    if asked.kind == "table":
        columns = {str(one.place[-1]): one for one in asked.columns}
        rows = (one for one in value if isinstance(one, dict))
        return [
            {name: _even_text(columns[name], text) for name, text in sorted(row.items()) if name in columns}
            for row in rows
        ]
    said = [code_of(asked, one) or _even(one) for one in value if isinstance(one, str)]
    return sorted(said) if asked.kind == "choices" else said


def _even_text(asked: Asked, text: str) -> Any:
    if asked.kind == "choice":
        return code_of(asked, text) or _even(text)
    if asked.kind in ("date", "yes_no"):
        found = _read(_DAY, text) if asked.kind == "date" else says(text)
        return _even(text) if found is None else str(found)
    if asked.kind == "choices":
        return sorted(ticked(asked, text)) or _even(text)
    return _even(text)


def _even(text: str) -> str:
    return unicodedata.normalize("NFC", writable(text)).strip()


def _read(adapter: TypeAdapter[Any], text: str) -> Any:
    try:
        return adapter.validate_python(text)
    except ValidationError:
        return None
