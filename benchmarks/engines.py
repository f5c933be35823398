"""One Python engine in a process of its own: it is told a paper and a count, and tells its CPU time.

    python engines.py papka|docxtpl FOLDER CASE DOCUMENT

FOLDER holds the templates and the data. Each order is a line of JSON, and so is each answer. papka is also
asked for the paper "family": DOCUMENT drawn from the case file CASE.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

Draw = Callable[[str], None]
FAMILY = "family"
LATE = date(2026, 12, 31)
"""A day on which all that the example tells has happened."""


def papka(folder: Path, case: str, document: str) -> Draw:
    """Prepare papka: templates compiled once, the data as the plain records that it prints from."""
    from papka.core.facts import Record, Rows
    from papka.core.opening import open_case
    from papka.output.rendering import Press
    from papka.output.saving import write_atomically
    from papka.output.template import Template, proven_parts

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return Record("data", {name: plain(one) for name, one in value.items()}, {})
        return Rows(plain(one) for one in value) if isinstance(value, list) else value

    opened = open_case(case, folder)
    language = opened.plugins.language
    press = Press(opened.method, language)
    contexts = {
        file.stem: {name: plain(one) for name, one in json.loads(file.read_text("utf-8")).items()}
        for file in folder.glob("*.json")
    }

    def draw(kind: str) -> None:
        if kind == FAMILY:
            for paper in press.render(opened.case, document, LATE):
                paper.write(folder / "papka")
            return
        template = Template.open(folder / f"{kind}.jinja.docx")
        changed = proven_parts(template, language, contexts[kind])
        write_atomically(folder / "papka" / f"{kind}.docx", template.package.write(changed))

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
    draw = {"papka": papka, "docxtpl": docxtpl}[name](folder, case, document)
    print(json.dumps({"version": version(name)}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        gc.collect()
        begun = time.process_time()
        for _ in range(order["count"]):
            draw(order["kind"])
        print(json.dumps({"cpu": (time.process_time() - begun) / order["count"]}), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
