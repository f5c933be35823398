"""`papka init`: an office is founded; each setting stands in its file with an explanation beside it."""

from __future__ import annotations

from pathlib import Path

from ...core.contract.version import CONTRACT_VERSION
from ...core.folders import SETTINGS
from ..saving import write_atomically

_RUSSIAN = """\
# Настройки учреждения. Строка с решёткой — пояснение; уберите решётку, чтобы включить настройку.
papka: '{version}'
{title}
language: ru

# Чьи это дела: реквизиты для шапки и подписей документов. Дело может назвать и свою организацию.
{organisation}

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

# Сколько лет дело хранится после закрытия: считается с 1 января следующего года (номенклатура дел центра).
# Без этого числа papka destroy --reason term ничего не уничтожает. Комиссия стоит в акте об уничтожении.
# retention_years: 5
# commission: ['директор Ткач И. Н.', 'специалист по кадрам Гусь Н. П.']

# Журнал лежит в этой папке (journal.db). Для работы с нескольких компьютеров нужен сервер PostgreSQL:
# journal: postgresql+psycopg://papka@server/papka

# PDF для долгого хранения (PDF/A-2b); сервис преобразования в вашей сети, если он есть (Gotenberg):
# pdf:
#   archive: true
#   service: http://10.0.0.5:3000
"""
_ENGLISH = """\
# The settings of the centre. A line that begins with a hash explains; remove the hash to switch a setting on.
papka: '{version}'
{title}
language: en

# Whose cases these are: what the heads and signatures of papers print. A case may name another organisation.
{organisation}

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

# How many years a case is kept after it was closed, from 1 January of the next year. Without it
# papka destroy --reason term destroys nothing. The commission stands in the act of destruction.
# retention_years: 5
# commission: ['...', '...']

# The journal lies in this folder (journal.db). For work from several computers it needs a PostgreSQL server:
# journal: postgresql+psycopg://papka@server/papka

# PDF files for long keeping (PDF/A-2b); a conversion service in your own network (Gotenberg):
# pdf:
#   archive: true
#   service: http://10.0.0.5:3000
"""


_ORGANISATION_ENGLISH = """\
# organisation:
#   full_name: Hillside Family Support Centre
#   short_name: Hillside Centre
#   address: {region: Northshire, settlement: Hillside, street: Mill Road, house: '1'}
#   phone: +44 20 7946 0000
#   head: {person: s.director, position: director, acts_on: the Charter}
# specialists:
#   - id: s.director
#     last_name: Hill
#     first_name: Ann
#     sex: female
#     position: director"""
_ORGANISATION_RUSSIAN = """\
# organisation:
#   full_name: Государственное бюджетное учреждение «Центр социальной помощи семье и детям»
#   short_name: ГБУ «ЦСПСиД»
#   # inn, kpp, ogrn: каждый своей строкой, если они нужны в документах
#   address: {region: Курганская область, settlement: г. Катайск, street: ул. Примерная, house: '1'}
#   phone: +7 (35251) 2-00-00
#   head: {person: s.director, position: директор, acts_on: Устава}
# specialists:
#   - id: s.director
#     last_name: Ткач
#     first_name: Илья
#     patronymic: Никитич
#     sex: male
#     position: директор"""


def found_office(folder: Path, title: str | None, language: str) -> list[Path]:
    """Make the folders and the settings of an office, and return what was made.

    A folder made here is closed to other users of the machine: families' files are written into it.
    """
    import json

    ours = language == "ru"
    text, organisation = (_RUSSIAN, _ORGANISATION_RUSSIAN) if ours else (_ENGLISH, _ORGANISATION_ENGLISH)
    named = "# title: ГБУ «КЦСОН»" if ours else "# title: Hillside Centre"
    if title:
        named = f"title: {json.dumps(title, ensure_ascii=False)}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(
        folder / SETTINGS,
        text.format(version=CONTRACT_VERSION, title=named, organisation=organisation).encode("utf-8"),
    )
    made = [folder / SETTINGS]
    for name in ("cases", "templates"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        made.append(folder / name)
    return made
