"""How the tasks of a plan go: from when to when each was planned, what was moved, what is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ...core.facts import Record, Rows
from .reading import code_of, day_of, number_of, on, record_of, records_of, sentences, text_of
from .speech import on_paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas

MOST = 60
"""So many tasks have room on one page."""
_CLOSED = ("achieved", "partially", "not_achieved", "cancelled")


@dataclass(frozen=True)
class Step:
    """One task.

    Attributes:
        dues: The dates by which it was to be done, in the order in which they were set; the last one holds.
    """

    number: int
    title: str
    since: date | None
    dues: tuple[date, ...]
    status: str
    said: str
    closed_on: date | None

    @property
    def days(self) -> tuple[date, ...]:
        """Return every date of the task."""
        return tuple(day for day in (self.since, *self.dues, self.closed_on) if day)


@dataclass(frozen=True)
class Progress:
    """The tasks on a day."""

    steps: tuple[Step, ...]
    on: date | None

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many tasks are in each state, by the word for it."""
        return Counter(step.said for step in self.steps)


def progress_of(tasks: Rows, day: object = None, plans: object = None) -> Progress | None:
    """Read tasks, or the marks that a monitoring has given them; nothing, if there is none with a date.

    Args:
        day: The day of the paper, drawn as a line.
        plans: The plan's versions; they say since when a task stands that has no day of its own.
    """
    began = {number_of(plan, "version"): day_of(plan, "on") for plan in records_of(plans)}
    steps = [_step(number, one, began) for number, one in enumerate(records_of(tasks), start=1)]
    known = tuple(step for step in steps if step is not None)
    return Progress(known, day if isinstance(day, date) else None) if known else None


def _step(number: int, one: Record, began: Mapping[int | None, date | None]) -> Step | None:
    """Read one task; what a monitoring says of it holds on the monitoring's day."""
    task = record_of(one, "task") if one.kind == "TaskMark" else one
    due = day_of(task, "due") if task else None
    if task is None or due is None:
        return None
    moved = task["moved_from"]
    earlier = [day for day in moved if isinstance(day, date)] if isinstance(moved, Rows) else []
    status = code_of(one, "status")
    return Step(
        number,
        text_of(task, "title"),
        day_of(task, "added_on") or began.get(number_of(task, "plan")),
        (*earlier, due),
        status,
        text_of(one, "status"),
        day_of(task, "closed_on") if status in _CLOSED else None,
    )


def progress_in_words(shown: Progress) -> str:
    """Say the same in words: how many tasks are how far, then each with its dates."""
    counts = ", ".join(f"{said} — {count}" for said, count in shown.counts.items())
    words = on_paper("{head}: {count} in all, of these {counts}")
    said = [words.format(head=_head(shown), count=len(shown.steps), counts=counts)]
    for step in shown.steps:
        due = on_paper("due {day}").format(day=on(step.dues[-1]))
        if len(step.dues) > 1:
            days = ", ".join(on(day) for day in step.dues[:-1])
            due += " " + on_paper("(moved from {days})").format(days=days)
        closed = f" {on(step.closed_on)}" if step.closed_on else ""
        said.append(f"{step.number}) {step.title.rstrip('.')} — {due}, {step.said}{closed}")
    return sentences(said)


# --- drawing -----------------------------------------------------------------------------------------------

WIDTH, _LABELS, _STATES, _HEAD, _FOOT = 170.0, 62.0, 29.0, 9.0, 16.0
_TALLEST = 232.0
_MARKS: Mapping[str, Mapping[str, Any]] = {
    "achieved": {"marker": "o", "mfc": "black"},
    "partially": {"marker": "o", "fillstyle": "left", "mfc": "black", "mfcalt": "white"},
    "not_achieved": {"marker": "X", "mfc": "white"},
    "cancelled": {"marker": "_", "mew": 2.0},
}


def _mark_words() -> dict[str, str]:
    return {
        "achieved": on_paper("achieved"),
        "partially": on_paper("in part"),
        "not_achieved": on_paper("not achieved"),
        "cancelled": on_paper("cancelled"),
    }


def draw_progress(shown: Progress) -> tuple[bytes, float, float]:
    """Draw it; return the PNG with its width and height in millimetres."""
    from .canvas import LINE_MM, SMALL_PT, canvas

    steps = shown.steps[-MOST:]
    row = min(8.6, (_TALLEST - _HEAD - _FOOT) / len(steps))
    lines = 2 if row > 2 * LINE_MM else 1
    high = row * len(steps)
    with canvas(WIDTH, _HEAD + high + _FOOT) as sheet:
        sheet.text(1, sheet.height - 3, _title(shown, len(steps)), size=9, bold=True, at="left")
        axes = sheet.plot(_LABELS, _FOOT, WIDTH - _LABELS - _STATES, high)
        _time_axis(axes, steps, shown.on)
        for index, step in enumerate(steps):
            y = _FOOT + high - row * (index + 0.5)
            label = sheet.wrapped(f"{step.number}. {step.title}", _LABELS - 4, SMALL_PT, lines=lines)
            sheet.text(1, y, label, size=SMALL_PT, at="left")
            said = step.said if lines > 1 else _mark_words().get(step.status, step.said)
            state = sheet.wrapped(said, _STATES - 4, SMALL_PT, lines=lines)
            sheet.text(WIDTH - _STATES + 3, y, state, size=SMALL_PT, at="left")
            _bar(axes, index, step)
        _legend(sheet, steps)
        return sheet.png(), sheet.width, sheet.height


def _title(shown: Progress, count: int) -> str:
    head = _head(shown)
    if count == len(shown.steps):
        return head
    return on_paper("{head} (the last {count} of {all})").format(head=head, count=count, all=len(shown.steps))


def _head(shown: Progress) -> str:
    if shown.on is None:
        return on_paper("Progress of the tasks")
    return on_paper("Progress of the tasks on {day}").format(day=on(shown.on))


def _time_axis(axes: Axes, steps: tuple[Step, ...], day: date | None) -> None:
    """Set the axis of dates; the day of the paper is a dashed line."""
    from matplotlib.dates import AutoDateLocator, DateFormatter, date2num

    from .canvas import INK, NORMAL, SMALL_PT, font

    days = [one for step in steps for one in step.days] + ([day] if day else [])
    first, last = (float(date2num(one)) for one in (min(days), max(days)))
    room = max(20.0, 0.04 * (last - first))
    axes.set(xlim=(first - room, last + room), ylim=(len(steps) - 0.5, -0.5), yticks=[])
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))
    axes.xaxis.set_major_formatter(DateFormatter("%m.%Y"))
    axes.spines["left"].set_visible(False)
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(SMALL_PT))
    if day:
        axes.axvline(float(date2num(day)), color=INK, linewidth=NORMAL, linestyle=(0, (4, 2)), zorder=1)


def _bar(axes: Axes, row: int, step: Step) -> None:
    """Draw the planned time as a bar, what was moved as a dashed one, and the end as a mark of its own."""
    from matplotlib.dates import date2num

    from .canvas import INK, THIN

    stops = [float(date2num(day)) for day in step.dues]
    start = float(date2num(step.since)) if step.since else stops[0] - 10
    for index, (left, right) in enumerate(zip([start, *stops], stops, strict=False)):
        bar = axes.barh(row, right - left, 0.42, left, facecolor="white", edgecolor=INK, linewidth=THIN)
        if index:
            bar.patches[0].set_linestyle((0, (2, 1.5)))
        elif step.status in ("achieved", "partially"):
            bar.patches[0].set_hatch("//////" if step.status == "achieved" else "///")
            bar.patches[0].set_hatch_linewidth(THIN)
    if len(stops) > 1:
        axes.vlines(stops[:-1], row - 0.32, row + 0.32, colors=INK, linewidth=1.6)
    if step.closed_on and step.status in _MARKS:
        look = {"color": INK, "ms": 6, "mec": INK, "mew": 0.8, "linestyle": "none", **_MARKS[step.status]}
        axes.plot([float(date2num(step.closed_on))], [row], zorder=4, **look)


def _legend(sheet: Canvas, steps: tuple[Step, ...]) -> None:
    """Explain the signs that the picture uses, and no others."""
    from .canvas import INK, SMALL_PT, THIN

    x, y = 2.0, 3.0
    kinds: list[tuple[str, str]] = [("plan", on_paper("planned time"))]
    if any(len(step.dues) > 1 for step in steps):
        kinds.append(("moved", on_paper("moved")))
    closed = {step.status for step in steps if step.closed_on}
    kinds += [(code, words) for code, words in _mark_words().items() if code in closed]
    for kind, words in kinds:
        if kind in _MARKS:
            look = {"color": INK, "ms": 6, "mec": INK, "mew": 0.8, "linestyle": "none", **_MARKS[kind]}
            sheet.axes.plot([x + 2], [y], **look)
            x += 5.5
        else:
            box = sheet.box(x, y - 1.5, 7, 3, ink=THIN)
            if kind == "moved":
                box.set_linestyle((0, (2, 1.5)))
                sheet.line([x, x], [y - 2.2, y + 2.2], 1.6, zorder=4)
            x += 9
        sheet.text(x, y, words, size=SMALL_PT, at="left")
        x += sheet.broad(words, SMALL_PT) + 5
