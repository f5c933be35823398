"""The words that stand around the tables of a register or a report, the same in every format.

They are words of a paper, so they are Russian.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from ...core.facts import NBSP
from ...core.rules.asking import Asked, Value
from ...core.rules.tables import Made, Table
from ..language.dates import date_short
from ..language.numbers import number_text
from ..language.typography import hard_spaces

CONFIDENTIAL = "Конфиденциально. Содержит персональные данные"


@dataclass(frozen=True)
class Front:
    """All that is said of a register or a report before its tables.

    Attributes:
        left_out: How many case files could not be read.
        drawn_on: The day on which it is made; an extract prints it.
    """

    made: Made
    asked: Asked
    organisation: str | None
    left_out: int
    drawn_on: date

    @property
    def title(self) -> str:
        """The title, or that of an extract."""
        title = self.made.definition.title
        if self.asked.addressee is None:
            return title
        if self.made.is_register:
            return f"Выписка: {title[0].lower()}{title[1:]}"
        return f"{title} (выписка)"

    @property
    def source(self) -> str:
        """Where the form comes from: it stands in the properties of the file."""
        source = self.made.definition.source
        return f"Источник: {source.text} ({source.kind})"

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables."""
        return self.made.tables

    @property
    def confidential(self) -> str | None:
        """The mark that stands on every page where single families are spoken of."""
        return CONFIDENTIAL if self.made.personal else None

    @property
    def period(self) -> str:
        """The time that it covers."""
        if self.asked.since is None and self.asked.named_until is None:
            return "за всё время"
        since = f"с {date_short(self.asked.since)} " if self.asked.since else ""
        return f"за период {since}по {date_short(self.asked.until)}"

    def lines(self) -> list[str]:
        """Return the lines under the title."""
        said = [f"Сведения {self.period}, известные на {date_short(self.asked.as_of)}"]
        if self.made.programmes:
            said.append("Программа: " + "; ".join(self.made.programmes))
        said.append(f"{'Семей' if self.made.is_register else 'Рассмотрено дел'}: {self.made.cases}")
        if self.asked.addressee is not None:
            said.append(f"Для кого: {self.asked.addressee.label}. Составлено {date_short(self.drawn_on)}")
            if self.made.withheld:
                said.append(f"Граф и разделов, не предназначенных этому адресату: {self.made.withheld}")
        if self.left_out:
            said.append(f"Не вошли дела, файлы которых не прочитаны: {self.left_out}")
        note = getattr(self.made.definition, "note", None)
        if note:
            said.append(note)
        return [hard_spaces(line) for line in said]

    @property
    def began(self) -> date | None:
        """The day of the first row of a register."""
        days = [day for table in self.tables for day in table.days if day is not None]
        return self.asked.since or min(days, default=None)


def said(value: Value) -> str:
    """Write a cell as a paper shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{date_short(value)} {value:%H:%M}"
    if isinstance(value, date):
        return date_short(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return number_text(value) if isinstance(value, Decimal) else str(value)


def plain(text: str) -> str:
    """Write ordinary spaces for hard ones: who searches or filters a table types ordinary ones."""
    return text.replace(NBSP, " ").replace("\u202f", " ")
