"""`papka init`: an office is founded; each setting stands in its file with an explanation beside it."""

from __future__ import annotations

from pathlib import Path

from ..core.folders import SETTINGS
from .saving import write_atomically

_RUSSIAN = """\
# Настройки учреждения. Строка с решёткой — пояснение; уберите решётку, чтобы включить настройку.
papka: '1'
{title}
language: ru

# Свои числа вместо предложенных программой (что есть: docs/rules.md, papka check говорит источник каждого):
# numbers:
#   kurgan_ipss:
#     plan_days: 7

# Свой вид номеров: {{seq}} — порядковый номер, {{year}} — год.
# numbering:
#   outgoing: 01-12/{{seq}}

# Выходные и рабочие дни, которых папка ещё не знает; годы, которые внесены полностью.
# calendar:
#   off: [2028-01-03]
#   working: [2028-02-19]
#   decreed: [2028]

# Журнал лежит в этой папке (journal.db). Для работы с нескольких компьютеров нужен сервер PostgreSQL:
# journal: postgresql+psycopg://papka@server/papka
"""
_ENGLISH = """\
# The settings of the centre. A line that begins with a hash explains; remove the hash to switch a setting on.
papka: '1'
{title}
language: en

# Numbers of your own in place of those that the programme proposes:
# numbers:
#   kurgan_ipss:
#     plan_days: 7

# How numbers are written: {{seq}} counts, {{year}} is the year.
# numbering:
#   outgoing: 01-12/{{seq}}

# Days off and working days that papka does not know yet; years that are entered in full.
# calendar:
#   off: [2028-01-03]
#   working: [2028-02-19]
#   decreed: [2028]

# The journal lies in this folder (journal.db). For work from several computers it needs a PostgreSQL server:
# journal: postgresql+psycopg://papka@server/papka
"""


def found_office(folder: Path, title: str | None, language: str) -> list[Path]:
    """Make the folders and the settings of an office, and return what was made.

    A folder made here is closed to other users of the machine: families' files are written into it.
    """
    import json

    text = _RUSSIAN if language == "ru" else _ENGLISH
    named = f"title: {json.dumps(title, ensure_ascii=False)}" if title else "# title: ГБУ «КЦСОН»"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(folder / SETTINGS, text.format(title=named).encode("utf-8"))
    made = [folder / SETTINGS]
    for name in ("cases", "templates"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        made.append(folder / name)
    return made
