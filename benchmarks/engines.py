"""One Python engine in a process of its own: it is told a paper and a count, and tells its CPU time.

    python engines.py papka|floor|docxtpl FOLDER CASE DOCUMENT

FOLDER holds the templates and the data. Each order is a line of JSON, and so is each answer. papka is also
asked for the paper "family": DOCUMENT drawn from the opened case CASE, and for "another case": read first.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

Draw = Callable[[str], None]
UNFLUSHED = "papka, not flushed"
FAMILY, FRESH = "family", "another case"
LATE = date(2026, 12, 31)
"""A day on which all that the example tells has happened."""


def papka(folder: Path, case: str, document: str, *, flushed: bool = True) -> Draw:
    """Prepare papka: templates compiled once, the data as the plain records that it prints from.

    Args:
        flushed: Whether a file is flushed to the disk before it takes its name, as papka does.
    """
    from papka.core.opening import open_case
    from papka.output.rendering import Press
    from papka.output.saving import write_atomically
    from papka.output.template import Template, proven_parts

    opened = open_case(case, folder)
    language = opened.plugins.language
    press = Press(opened.method, language)
    contexts = _records(folder)

    def draw(kind: str) -> None:
        if kind in (FAMILY, FRESH):
            # A copy, so that nothing that was worked out of the case before is found again.
            known = opened if kind == FAMILY else open_case(case, folder, opened.plugins)
            for paper in press.render(known.case.model_copy(), document, LATE):
                paper.write(folder / "papka")
            return
        template = Template.open(folder / f"{kind}.jinja.docx")
        changed = proven_parts(template, language, contexts[kind])
        content = template.package.write(changed)
        if flushed:
            write_atomically(folder / "papka" / f"{kind}.docx", content)
        else:
            (folder / UNFLUSHED / f"{kind}.docx").write_bytes(content)

    return draw


def _records(folder: Path) -> dict[str, dict[str, Any]]:
    from papka.core.facts import Record, Rows

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return Record("data", {name: plain(one) for name, one in value.items()}, {})
        return Rows(plain(one) for one in value) if isinstance(value, list) else value

    return {
        file.stem: {name: plain(one) for name, one in json.loads(file.read_text("utf-8")).items()}
        for file in folder.glob("*.json")
    }


def floor(folder: Path, case: str, document: str) -> Draw:
    """Prepare the least that papka could do: what Jinja has compiled is run, joined, packed and written."""
    from papka.core.expressions import PRINTER
    from papka.core.plugging.plugins import Plugins
    from papka.output.flat import DECLARATION
    from papka.output.ready import bound_to
    from papka.output.template import Template

    language = Plugins(start=folder).language
    contexts = {kind: {**data, PRINTER: language.printed} for kind, data in _records(folder).items()}
    known: dict[str, Any] = {}

    def draw(kind: str) -> None:
        if kind not in known:
            ready = Template.open(folder / f"{kind}.jinja.docx").ready(language)
            parts = {one.name: bound_to(one, language.press).draw for one in ready.parts}
            known[kind] = ready.package, parts
        package, parts = known[kind]
        changed = {}
        for name, part in parts.items():
            text = "".join(part.root_render_func(part.new_context(contexts[kind])))
            changed[name] = DECLARATION + text.encode("utf-8")
        (folder / "floor" / f"{kind}.docx").write_bytes(package.write(changed))

    return draw


def docxtpl(folder: Path, case: str, document: str) -> Draw:
    """Prepare docxtpl, used as its documentation shows it."""
    from docxtpl import DocxTemplate

    contexts = {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}

    def draw(kind: str) -> None:
        template = DocxTemplate(str(folder / f"{kind}.jinja.docx"))
        template.render(contexts[kind], autoescape=True)
        template.save(str(folder / "docxtpl" / f"{kind}.docx"))

    return draw


def serve(name: str, folder: Path, case: str, document: str) -> None:
    """Answer orders until there are no more."""
    (folder / name).mkdir(exist_ok=True)
    ways = {"papka": papka, UNFLUSHED: partial(papka, flushed=False), "floor": floor, "docxtpl": docxtpl}
    draw = ways[name](folder, case, document)
    print(json.dumps({"version": version(name) if name in ("papka", "docxtpl") else ""}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        gc.collect()
        begun = time.process_time()
        for _ in range(order["count"]):
            draw(order["kind"])
        print(json.dumps({"cpu": (time.process_time() - begun) / order["count"]}), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
