"""Random answers to a form, right ones, made by asking the contract itself; and the lines that type them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from papka.forms.plain import Value, stripped
from papka.forms.sheet import Sheet
from papka.forms.shown import Asked
from papka.forms.terminal.moves import written
from papka.forms.terminal.steps import Step, steps, stop_at

LINES = (
    "Ткач",
    "Иванова-Ёлкина",
    "-",
    "?",
    "<",
    "\\-",
    "/назад",
    "да",
    "null",
    "007",
    "1e3",
    "a: b # c",
    "- пункт",
    "[1, 2]",
    "«Слова» — и 'ещё' \"раз\"",
    "{{ семья.адрес }}",
    "№ 5 § 3 % & *",
    "0x1F",
    "~",
    "12:30",
    "мама 👩‍👧 и дочь",
    "  с краёв  ",
)


def right_answer(sheet: Sheet, asked: Asked, dice: random.Random) -> Value | None:
    """Return an answer that the contract takes at this place; None if none was found."""
    for _ in range(4):
        value = _rows(sheet, asked, dice) if asked.kind == "table" else _any(asked, dice)
        if stripped(value) is not None and not _trial(sheet).answer(asked.place, value):
            return value
    example = asked.example
    return example if example and not _trial(sheet).answer(asked.place, example) else None


def _trial(sheet: Sheet) -> Sheet:
    from copy import deepcopy

    return replace(sheet, data=deepcopy(sheet.data), unknown=set(sheet.unknown))


def _any(asked: Asked, dice: random.Random) -> Value | None:
    simple: dict[str, Callable[[], Value]] = {
        "line": lambda: dice.choice(LINES),
        "text": lambda: _text(dice),
        "lines": lambda: tuple(dice.choice(LINES) for _ in range(dice.randint(1, 3))),
        "date": lambda: f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}.{dice.randint(2000, 2026)}",
        "time": lambda: f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}",
        "number": lambda: str(dice.randint(0, 12)),
        "money": lambda: f"{dice.randint(0, 99999)},{dice.randint(0, 99):02}",
        "yes_no": lambda: dice.choice(("да", "нет")),
    }
    if asked.kind in ("choice", "choices"):
        codes = [code for code, _ in asked.choices]
        if not codes:
            return None
        return (
            dice.choice(codes) if asked.kind == "choice" else tuple(c for c in codes if dice.random() < 0.4)
        )
    return simple[asked.kind]()


def _text(dice: random.Random) -> str:
    return "\n".join(dice.choice((*LINES, "", "\\")) for _ in range(dice.randint(1, 4))).strip("\n")


def _rows(sheet: Sheet, asked: Asked, dice: random.Random) -> Value:
    rows: list[dict[str, str]] = []
    codes = [code for code, _ in asked.rows]
    key = str(asked.columns[0].place[-1])
    for number in range(len(codes) or dice.randint(0, 3)):
        row = {key: codes[number]} if codes else {}
        for column in asked.columns[1:] if codes else asked.columns:
            value = _any(column, dice)
            if isinstance(value, str) and value.strip() and (column.needed or dice.random() < 0.8):
                more = {**row, str(column.place[-1]): value}
                row = row if _trial(sheet).answer(asked.place, (more,)) else more
        rows += [row] if set(row) - ({key} if codes else set()) else []
    return tuple(rows)


@dataclass
class Typist:
    """Goes through a form as the terminal does, and writes down what is typed, line by line."""

    sheet: Sheet
    dice: random.Random
    keys: Keys = field(default_factory=lambda: PlainKeys())
    lines: list[str] = field(default_factory=list)
    opened: set[Any] = field(default_factory=set)
    most_items: int = 2

    def go(self) -> list[str]:
        """Answer to the end, and stop for today there or write."""
        at = 0
        while at < len(way := steps(self.sheet, self.opened)):
            step = way[at]
            at = self._stop(step, at)
        return self.lines

    def _stop(self, step: Step, at: int) -> int:
        if step.asked is None:
            return self._more(step, at)
        value = right_answer(self.sheet, step.asked, self.dice)
        if value is None or (not step.asked.needed and self.dice.random() < 0.2):
            # A table is left empty cell by cell, or without adding a row.
            table = step.asked.kind == "table"
            self.lines += self.keys.typed(step.asked, ()) if table else [self.keys.unknown]
            self.sheet.skip(step.place)
        else:
            self.lines += self.keys.typed(step.asked, value)
            self.sheet.answer(step.place, value)
        now = stop_at(steps(self.sheet, self.opened), step.place)
        return (at if now is None else now) + 1

    def _more(self, step: Step, at: int) -> int:
        if len(step.part.items) >= self.dice.randint(0, self.most_items):
            self.lines.append(self.keys.go_on)
            return at + 1
        self.lines.append(self.keys.add)
        place = (*step.place[:-1], self.sheet.add(step.part.index))
        way = steps(self.sheet, self.opened)
        return next(n for n, one in enumerate(way) if one.place[: len(place)] == place)


class Keys:
    """How a kind of window is answered; what differs is below."""

    unknown: str
    add: str
    go_on: str

    def simple(self, asked: Asked, value: Value) -> Iterator[str]:
        """Give what is typed for an answer that is no table, when there is none yet."""
        raise NotImplementedError

    def row(self, *, more: bool) -> str:
        """Give what adds a row to a table, or goes on."""
        raise NotImplementedError

    def typed(self, asked: Asked, value: Value) -> list[str]:
        """Return what is typed for an answer, when there is none yet."""
        if asked.kind != "table":
            return list(self.simple(asked, value))
        return list(self._rows(asked, [one for one in value if isinstance(one, dict)]))

    def _rows(self, asked: Asked, rows: list[dict[str, str]]) -> Iterator[str]:
        by_code = {row.get(str(asked.columns[0].place[-1])): row for row in rows}
        for code, _ in asked.rows:
            yield from self._cells(asked.columns[1:], by_code.get(code, {}))
        if asked.rows:
            return
        for number, row in enumerate(rows):
            yield self.row(more=True) if number or not asked.needed else self.add
            yield from self._cells(asked.columns, row)
        yield self.row(more=False)

    def _cells(self, columns: tuple[Asked, ...], row: dict[str, str]) -> Iterator[str]:
        for column in columns:
            value = row.get(str(column.place[-1]))
            yield from [self.unknown] if value is None else self.simple(column, value)


class PlainKeys(Keys):
    """Whole lines."""

    unknown, add, go_on = "-", "1", "2"

    def simple(self, asked: Asked, value: Value) -> Iterator[str]:
        """Give lines."""
        if asked.kind == "choices":
            yield " ".join(str(n) for n, (code, _) in enumerate(asked.choices, 1) if code in value) or "0"
        elif asked.kind in ("text", "lines"):
            first, *others = value.split("\n") if isinstance(value, str) else [str(one) for one in value]
            yield from (_hidden(written(first)), *map(_hidden, others), "")
        elif asked.kind in ("choice", "yes_no"):
            yield str(_codes(asked).index(str(value)) + 1)
        else:
            yield written(str(value))

    def row(self, *, more: bool) -> str:
        """Give the number of a choice, or the sign that goes on."""
        return "2" if more else "-"


class ScreenKeys(Keys):
    """Keys of a terminal; lists are gone through with the arrow, texts of several lines are pasted."""

    unknown, add, go_on = "\x1bOQ", "Да\r", "Нет\r"

    def simple(self, asked: Asked, value: Value) -> Iterator[str]:
        """Give keys."""
        if asked.kind == "choices":
            at = 0
            for number, (code, _) in enumerate(asked.choices):
                if code in value:
                    yield DOWN * (number - at) + " "
                    at = number
            # That nothing is marked is said twice.
            yield "\r" if value else "\r\r"
        elif asked.kind in ("text", "lines"):
            lines = value if isinstance(value, str) else "\n".join(str(one) for one in value)
            yield f"\x1b[200~{written(lines)}\x1b[201~\x1b\r"
        elif asked.kind in ("choice", "yes_no"):
            # A list without an answer begins with a line that chooses nothing.
            before = 1 if asked.value is None else 0
            at = _codes(asked).index(str(asked.value)) if asked.value is not None else 0
            steps_down = _codes(asked).index(str(value)) + before - at
            # What is typed ahead of a list ends its lines like this.
            yield (DOWN * steps_down if steps_down >= 0 else UP * -steps_down) + "\n"
        else:
            yield "\x15" + written(str(value)) + "\r"

    def row(self, *, more: bool) -> str:
        """Give the letters of a choice."""
        return "Добавить\r" if more else "Дальше\r"


UP, DOWN = "\x1b[A", "\x1b[B"


def _codes(asked: Asked) -> list[str]:
    return ["да", "нет"] if asked.kind == "yes_no" else [code for code, _ in asked.choices]


def _hidden(line: str) -> str:
    return "\\" + line if not line.strip("\\") else line
