"""The generated pages of the documentation; run as a program, it writes all of them anew.

    python tests/written_pages.py

Each page is made by a module of its own; here stands only which there are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import commands_page
import findings_page
import forms_pages
import hooks_page
import rules_page
import vocabulary_page

WRITTEN: dict[Path, Callable[[], str]] = {
    vocabulary_page.PAGE: vocabulary_page.page,
    rules_page.PAGE: rules_page.page,
    findings_page.PAGE: findings_page.page,
    hooks_page.PAGE: lambda: hooks_page.page(hooks_page.PAGE.read_text("utf-8")),
    **{path: partial(commands_page.page, language) for language, path in commands_page.PAGES.items()},
}


def write() -> Iterator[Path]:
    """Write every generated page that is not as it has to stand, and go through those that changed."""
    import test_docs_templates as templates

    shown = templates.PAGE.read_text("utf-8")
    made = {path: page() for path, page in WRITTEN.items()}
    made[templates.PAGE] = templates.TABLE.sub(lambda _: templates.table(), shown)
    made |= {forms_pages.FOLDER / name: text for name, text in forms_pages.pages().items()}
    for path in forms_pages.FOLDER.glob("*.md"):
        if path not in made:
            path.unlink()
            yield path
    for path, text in made.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            yield path


if __name__ == "__main__":
    for changed in write():
        sys.stdout.write(f"{changed}\n")
