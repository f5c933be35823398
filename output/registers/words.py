"""The words that stand around the tables of a register or a report, the same in every format.

They are words of a paper, so they are said in the language of its programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from ...core.facts import NBSP
from ...core.filters import LanguagePack
from ...core.rules.asking import Asked, Value
from ...core.rules.tables import Made, Table


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
    def pack(self) -> LanguagePack:
        """The language in which all of it is said."""
        return self.made.pack

    @property
    def title(self) -> str:
        """The title, or that of an extract."""
        title = self.made.definition.title
        if self.asked.addressee is None:
            return title
        if self.made.is_register:
            words = self.pack.on_paper("Extract: {title}")
            return words.format(title=f"{title[0].lower()}{title[1:]}")
        return self.pack.on_paper("{title} (extract)").format(title=title)

    @property
    def source(self) -> str:
        """Where the form comes from: it stands in the properties of the file."""
        source = self.made.definition.source
        words = self.pack.on_paper("Source: {text} ({kind})")
        return words.format(text=source.text, kind=source.kind)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables."""
        return self.made.tables

    @property
    def confidential(self) -> str | None:
        """The mark that stands on every page where single families are spoken of."""
        return self.pack.on_paper("Confidential. Contains personal data") if self.made.personal else None

    @property
    def period(self) -> str:
        """The time that it covers."""
        on_paper, until = self.pack.on_paper, self.pack.short(self.asked.until)
        if self.asked.since is None and self.asked.named_until is None:
            return on_paper("for all the time")
        if self.asked.since is None:
            return on_paper("for the period until {until}").format(until=until)
        since = self.pack.short(self.asked.since)
        return on_paper("for the period from {since} to {until}").format(since=since, until=until)

    def lines(self) -> list[str]:
        """Return the lines under the title."""
        on_paper, short = self.pack.on_paper, self.pack.short
        known = on_paper("Information {period}, as known on {day}")
        said = [known.format(period=self.period, day=short(self.asked.as_of))]
        if self.made.programmes:
            said.append(on_paper("Programme: {names}").format(names="; ".join(self.made.programmes)))
        counted = on_paper("Families: {count}" if self.made.is_register else "Cases considered: {count}")
        said.append(counted.format(count=self.made.cases))
        if self.asked.addressee is not None:
            words = on_paper("For: {addressee}. Drawn up on {day}")
            said.append(words.format(addressee=self.addressee, day=short(self.drawn_on)))
            if self.made.withheld:
                words = on_paper("Columns and sections not meant for this addressee: {count}")
                said.append(words.format(count=self.made.withheld))
        if self.left_out:
            words = on_paper("Cases left out, because their files could not be read: {count}")
            said.append(words.format(count=self.left_out))
        note = getattr(self.made.definition, "note", None)
        if note:
            said.append(note)
        return [self.pack.printed(line) for line in said]

    @property
    def addressee(self) -> str:
        """For whom an extract is made."""
        whom = self.asked.addressee
        return "" if whom is None else self.pack.called(whom)

    @property
    def began(self) -> date | None:
        """The day of the first row of a register."""
        days = [day for table in self.tables for day in table.days if day is not None]
        return self.asked.since or min(days, default=None)


def said(value: Value, pack: LanguagePack) -> str:
    """Write a cell as a paper in a language shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{pack.short(value)} {value:%H:%M}"
    if isinstance(value, date):
        return pack.short(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return pack.printed(value) if isinstance(value, Decimal) else str(value)


def plain(text: str) -> str:
    """Write ordinary spaces for hard ones: who searches or filters a table types ordinary ones."""
    return text.replace(NBSP, " ").replace("\u202f", " ")
