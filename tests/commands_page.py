"""Writes docs/commands.md and docs/commands-en.md out of the commands themselves; a test holds the pages against them.

The words of a command are chosen when its module is loaded, so each language is asked for in a process of its own,
without any plugin but papka's own rooms.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"ru": DOCS / "commands.md", "en": DOCS / "commands-en.md"}
HEADS = {
    "ru": """\
# Команды

Все команды папки со всеми параметрами. То же говорит сама папка: `papka --help`, `papka КОМАНДА --help`. Эта страница составлена по
самим командам (`python tests/written_pages.py` пишет её заново).

Папка говорит по-русски, если так настроены учреждение (`language` в `office.yaml`) или компьютер; иначе помогает `PAPKA_LANG=ru`.

| код выхода | что он значит |
|---|---|
| 0 | сделано |
| 1 | не получилось; почему и что делать, сказано |
| 2 | не то спросили: такой команды, дела или документа нет |
| 3 | есть ошибки, которые не дают составить документ или принять файл |

| команда | что она делает |
|---|---|
""",
    "en": """\
# Commands

Every command with all its options, as `papka --help` and `papka COMMAND --help` say them too. This page is made from the commands
themselves (`python tests/written_pages.py` writes it anew).

Papka speaks Russian where the office (`language` in `office.yaml`) or the computer does; `PAPKA_LANG=en` or `ru` chooses.

| exit code | what it means |
|---|---|
| 0 | done |
| 1 | could not be done; it is said why, and what to do |
| 2 | asked wrongly: there is no such command, case or document |
| 3 | faults that block a paper or refuse a file |

| command | what it does |
|---|---|
""",
}
COLUMNS = {
    "ru": "| параметр | что он значит |\n|---|---|",
    "en": "| option | what it means |\n|---|---|",
}


def page(language: str) -> str:
    """Return a page as it has to stand, asked of a process that speaks the language."""
    environment = {
        **os.environ, "PAPKA_LANG": language, "PAPKA_LOAD_PLUGINS": "", "PYTHONIOENCODING": "utf-8"
    }  # fmt: skip
    environment.pop("LANGUAGE", None)
    made = subprocess.run(
        [sys.executable, __file__, language], capture_output=True, env=environment, cwd=DOCS, check=True
    )
    return made.stdout.decode("utf-8").replace("\r\n", "\n")


def _page(language: str) -> Iterator[str]:
    from papka.core import commandline, i18n
    from papka.core.cli import build

    i18n.speak(language)
    root = click.Context(build(), info_name="papka")
    found = [*all_of(root)]
    summaries = {name: spec.line(language) for name, spec in commandline.commands(fresh=True).items()}
    rows = [f"| [{one.command_path}](#{_anchor(one)}) | {_line(one, summaries)} |" for one in found]
    yield HEADS[language] + "\n".join(rows) + "\n"
    yield f"## {'Параметры самой папки' if language == 'ru' else 'Options of papka itself'}\n"
    yield from _options(root, language)
    for one in found:
        yield from _command(one, language)


def all_of(owner: click.Context) -> Iterator[click.Context]:
    """Go through the commands below one, each before those below it."""
    assert isinstance(owner.command, click.Group)
    for name in owner.command.list_commands(owner):
        command = owner.command.get_command(owner, name)
        assert command is not None
        one = click.Context(command, parent=owner, info_name=name)
        yield one
        if isinstance(command, click.Group):
            yield from all_of(one)


def _anchor(one: click.Context) -> str:
    return one.command_path.replace(" ", "-")


def _line(one: click.Context, summaries: dict[str, str]) -> str:
    said = one.command.help or one.command.short_help or summaries[one.command_path.split()[-1]]
    return _cell(said.strip().partition("\n\n")[0])


def _command(one: click.Context, language: str) -> Iterator[str]:
    yield f"## {one.command_path}\n"
    usage = " ".join(one.command.collect_usage_pieces(one))
    yield f"    {one.command_path} {usage}\n"
    if one.command.help:
        yield "\n\n".join(_escaped(" ".join(part.split())) for part in one.command.help.split("\n\n")) + "\n"
    yield from _options(one, language)


def _options(one: click.Context, language: str) -> Iterator[str]:
    records = [found for param in one.command.params if (found := param.get_help_record(one))]
    rows = [f"| `{_bars(name)}` | {_cell(said)} |" for name, said in records if said]
    if rows:
        yield COLUMNS[language]
        yield "\n".join(rows) + "\n"


def _bars(text: str) -> str:
    return text.replace("|", "\\|")


def _cell(text: str) -> str:
    return _bars(_escaped(" ".join(text.split())))


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


if __name__ == "__main__":
    sys.stdout.write("\n".join(_page(sys.argv[1])))
