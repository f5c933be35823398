"""Writes into docs/hooks.md what core/plugging/hookspecs.py says of each hook, and the names that papka.core keeps for plugins."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from papka import core
from papka.core.plugging import hookspecs

PAGE = Path(__file__).parents[1] / "docs" / "hooks.md"
HOOKS = {name: one for name, one in vars(hookspecs).items() if name.startswith("papka_")}


def signature(name: str) -> str:
    """Return the heading of a hook's section: its name and what it is asked with."""
    return f"{name}({', '.join(inspect.signature(HOOKS[name]).parameters)})"


def page(text: str) -> str:
    """Return the page with what is generated in it as it has to stand."""
    text = _filled(text, "hooks", _hooks())
    text = _filled(text, "names", _names())
    for name, asked in HOOKS.items():
        text = _filled(text, f"asked: {name}", _asked(inspect.getdoc(asked) or ""))
    return text


def _filled(text: str, mark: str, lines: Iterator[str]) -> str:
    said = "\n".join(lines)
    block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark.partition(':')[0]} -->)", re.DOTALL)
    return block.sub(lambda found: f"{found[1]}\n{said}\n\n{found[2]}", text)


def _hooks() -> Iterator[str]:
    yield "| hook | what is asked |\n|---|---|"
    for name, asked in HOOKS.items():
        said = (inspect.getdoc(asked) or "").splitlines()[0]
        yield f"| [{name}](#{re.sub(r'[^a-z_ ]', '', signature(name)).replace(' ', '-')}) | {said} |"


def _asked(doc: str) -> Iterator[str]:
    first, _, rest = doc.partition("\n\n")
    yield first + "\n"
    told, _, arguments = rest.partition("\n\nArgs:\n")
    for said in re.split(r"\n(?=Combined:)", told):
        yield "- " + " ".join(said.replace("``", "`").split())
    for line in re.split(r"\n(?=    \w)", arguments) if arguments else ():
        name, _, what = " ".join(line.split()).partition(": ")
        yield f"- `{name}`: {what}"


def _names() -> Iterator[str]:
    yield "| name | what it is |\n|---|---|"
    for name in core.__all__:
        said = (inspect.getdoc(getattr(core, name)) or "").partition("\n\n")[0]
        yield f"| `{name}` | {' '.join(said.replace('``', '`').split()).replace('|', '/')} |"
