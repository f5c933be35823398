"""The scored risk: the profile of the last assessment by groups, and the total over the assessments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...core.facts import Record
from ...core.vocabulary import BlankRecord
from .reading import day_of, number_of, on, points, record_of, records_of, sentences, text_of
from .speech import on_paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas

WIDTH = 170.0


@dataclass(frozen=True)
class Group:
    """One group of criteria with its points."""

    title: str
    now: int | None
    before: int | None
    highest: int


@dataclass(frozen=True)
class Profile:
    """The groups of the last assessment beside those of the one before."""

    groups: tuple[Group, ...]
    on: date | None = None
    before_on: date | None = None
    total: int | None = None
    highest: int = 0
    risk: str = ""
    blank: bool = False


@dataclass(frozen=True)
class Band:
    """The totals that have one name."""

    risk: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class Point:
    """One assessment."""

    on: date
    total: int
    risk: str


@dataclass(frozen=True)
class Trend:
    """All assessments in the order of their dates."""

    points: tuple[Point, ...]
    highest: int
    bands: tuple[Band, ...]
    blank: bool = False


def profile_of(risk: Record) -> Profile | None:
    """Read the last assessment of the risk; nothing, if there is none."""
    latest = record_of(risk, "latest")
    if latest is None:
        return None
    if isinstance(latest, BlankRecord):
        groups = _groups(risk, "blank_groups")
        empty = tuple(Group(one.title, None, None, one.highest) for one in groups)
        return Profile(empty, highest=sum(one.highest for one in empty), blank=True) if empty else None
    sheets = records_of(risk["sheets"])
    return Profile(
        _groups(latest, "groups"),
        day_of(latest, "on"),
        day_of(sheets[-2], "on") if len(sheets) > 1 else None,
        number_of(latest, "total"),
        number_of(latest, "maximum") or 0,
        text_of(latest, "risk"),
    )


def _groups(record: Record, name: str) -> tuple[Group, ...]:
    return tuple(
        Group(
            text_of(one, "title"),
            number_of(one, "subtotal"),
            number_of(one, "before"),
            number_of(one, "maximum") or 0,
        )
        for one in records_of(record[name])
    )


def trend_of(risk: Record) -> Trend | None:
    """Read all assessments of the risk; nothing, if there is none."""
    if isinstance(record_of(risk, "latest"), BlankRecord):
        highest = sum(one.highest for one in _groups(risk, "blank_groups"))
        return Trend((), highest, (), blank=True) if highest else None
    found = []
    for sheet in records_of(risk["sheets"]):
        day, total = day_of(sheet, "on"), number_of(sheet, "total")
        if day is not None and total is not None:
            found.append(Point(day, total, text_of(sheet, "risk")))
    if not found:
        return None
    bands = tuple(
        Band(text_of(one, "risk"), number_of(one, "lowest") or 0, number_of(one, "highest") or 0)
        for one in records_of(risk["bands"])
    )
    highest = number_of(records_of(risk["sheets"])[-1], "maximum") or 0
    return Trend(tuple(found), highest, bands)


def profile_in_words(shown: Profile) -> str:
    """Say the same in words: the total with its name, then each group."""
    if shown.blank:
        up_to = on_paper("{title}, up to {highest}")
        names = "; ".join(up_to.format(title=one.title, highest=one.highest) for one in shown.groups)
        said = on_paper("An empty profile of the risk, scored by hand: {names}")
        return sentences([said.format(names=names)])
    head = _profile_of(shown.on)
    if shown.total is not None:
        total = on_paper("{points} of {highest} in all")
        head += f": {total.format(points=points(shown.total), highest=shown.highest)}"
    if shown.risk:
        head += ", " + on_paper("risk {risk}").format(risk=shown.risk)
    told = [head]
    for one in shown.groups:
        now = on_paper("not assessed") if one.now is None else _out_of(one.now, one.highest)
        before = "" if one.before is None else f", {_change(one)}"
        told.append(f"{one.title}: {now}{before}")
    if shown.before_on:
        told.append(on_paper("Last assessment: {day}").format(day=on(shown.before_on)))
    return sentences(told)


def _profile_of(day: date | None) -> str:
    return (
        on_paper("Profile of the risk on {day}").format(day=on(day))
        if day
        else on_paper("Profile of the risk")
    )


def _out_of(number: int | str, highest: int) -> str:
    return on_paper("{number} of {highest}").format(number=number, highest=highest)


def _change(group: Group) -> str:
    if group.now == group.before:
        return on_paper("no change")
    words = on_paper("was {before}")
    if group.now is not None and group.before is not None:
        less = group.now < group.before
        words = on_paper("was {before}, less by {by}") if less else on_paper("was {before}, more by {by}")
    return words.format(before=group.before, by=abs((group.now or 0) - (group.before or 0)))


def trend_in_words(shown: Trend) -> str:
    """Say the same in words: each assessment with its date, and what the totals mean."""
    if shown.blank:
        words = on_paper("An empty chart of the risk total, from 0 to {highest}; dates and points by hand.")
        return words.format(highest=shown.highest)
    steps = "; ".join(
        f"{on(one.on)} — {one.total}" + (f", {one.risk}" if one.risk else "") for one in shown.points
    )
    words = on_paper("Total score of the risk out of {highest} possible: {steps}")
    said = [words.format(highest=shown.highest, steps=steps)]
    if len(shown.points) > 1:
        change = shown.points[-1].total - shown.points[0].total
        way = on_paper("Since the first assessment the total has not changed")
        if change:
            rose = on_paper("Since the first assessment the total has risen by {by}")
            way = rose if change > 0 else on_paper("Since the first assessment the total has fallen by {by}")
        said.append(way.format(by=abs(change)))
    if shown.bands:
        band = on_paper("{risk}: from {lowest} to {highest}")
        names = "; ".join(
            band.format(risk=one.risk, lowest=one.lowest, highest=one.highest) for one in shown.bands
        )
        said.append(on_paper("What the total means: {names}").format(names=names))
    if any(_differs(shown, one) for one in shown.points):
        words = on_paper("A risk named above its band follows from a sign of its own and not from the total")
        said.append(words)
    return sentences(said)


def _differs(shown: Trend, point: Point) -> bool:
    """Tell whether an assessment has another name than its total alone would give it."""
    own = next((one.risk for one in shown.bands if one.lowest <= point.total <= one.highest), point.risk)
    return bool(point.risk) and own != point.risk


# --- drawing -----------------------------------------------------------------------------------------------

_LABELS, _VALUES = 47.0, 37.0
_GROUP = 13.0


def draw_profile(shown: Profile) -> tuple[bytes, float, float]:
    """Draw it; return the PNG with its width and height in millimetres."""
    from .canvas import canvas

    height = 24 + _GROUP * len(shown.groups)
    with canvas(WIDTH, height) as sheet:
        _title(sheet, _profile_title(shown))
        axes = sheet.plot(_LABELS, 14, WIDTH - _LABELS - _VALUES, height - 22)
        _bars(axes, shown)
        for index, one in enumerate(shown.groups):
            y = 14 + (height - 22) * (1 - (index + 0.5) / len(shown.groups))
            sheet.text(_LABELS - 2, y, sheet.wrapped(one.title, _LABELS - 3, lines=3), at="right")
            sheet.text(WIDTH - _VALUES + 2, y, _value(one), at="left")
        _profile_legend(sheet, shown)
        return sheet.png(), sheet.width, sheet.height


def _profile_title(shown: Profile) -> str:
    if shown.blank:
        return on_paper("Profile of the risk on ____ ______________ 20__")
    head = f"{_profile_of(shown.on)}: {_out_of(str(shown.total), shown.highest)}"
    return head + (", " + on_paper("risk {risk}").format(risk=shown.risk) if shown.risk else "")


def _title(sheet: Canvas, words: str) -> None:
    sheet.text(1, sheet.height - 3, words, size=9, bold=True, at="left")


def _value(group: Group) -> str:
    if group.now is None:
        return _out_of("____", group.highest)
    now = _out_of(group.now, group.highest)
    if group.before is None:
        return now
    return f"{now} ({on_paper('was {before}').format(before=group.before)})"


def _bars(axes: Axes, shown: Profile) -> None:
    """Draw for each group the greatest sum as a frame, the sum now in black, the one before in hatches."""
    from .canvas import INK, SMALL_PT, THIN, font

    widest = max(one.highest for one in shown.groups)
    axes.set(xlim=(0, widest), ylim=(len(shown.groups) - 0.5, -0.5), yticks=[])
    for row, one in enumerate(shown.groups):
        axes.barh(row, one.highest, 0.66, facecolor="white", edgecolor=INK, linewidth=THIN, clip_on=False)
        if shown.blank:
            axes.vlines(range(1, one.highest), row - 0.33, row + 0.33, colors=INK, linewidth=THIN / 2)
        alone = one.before is None
        if one.now:
            place, thick = (row, 0.66) if alone else (row - 0.16, 0.32)
            axes.barh(place, one.now, thick, facecolor=INK, edgecolor=INK, linewidth=THIN)
        if one.before:
            before = axes.barh(
                row + 0.18, one.before, 0.28, facecolor="white", edgecolor=INK, linewidth=THIN, hatch="//////"
            )
            before.patches[0].set_hatch_linewidth(THIN)
    axes.locator_params(axis="x", integer=True, nbins=12)
    axes.spines[["left", "bottom"]].set_visible(False)
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(SMALL_PT))


def _profile_legend(sheet: Canvas, shown: Profile) -> None:
    from .canvas import SMALL_PT

    entries = [("white", "", on_paper("highest possible total"))]
    if not shown.blank:
        entries.insert(0, ("black", "", on_paper("now") + _when(shown.on)))
        if shown.before_on:
            entries.insert(1, ("white", "//////", on_paper("last assessment") + _when(shown.before_on)))
    x = 2.0
    for filled, hatch, words in entries:
        sheet.box(x, 1.5, 6, 3, ink=0.6, filled=filled, hatch=hatch)
        sheet.text(x + 7.5, 3, words, size=SMALL_PT, at="left")
        x += 7.5 + sheet.broad(words, SMALL_PT) + 6


def _when(day: date | None) -> str:
    return f", {on(day)}" if day else ""


_TREND_HEIGHT, _FOOT, _HEAD, _SIDE, _BANDS = 80.0, 13.0, 9.0, 11.0, 34.0
_BAND_HATCHES = ("", "///", "xxxx", "xxxxxxx")
_DATE_ROOM, _POINT_ROOM = 18.5, 8.0
"""How far apart, in millimetres, two dates in one row and two points have to stand to be read."""


def draw_trend(shown: Trend) -> tuple[bytes, float, float]:
    """Draw it; return the PNG with its width and height in millimetres."""
    from .canvas import canvas

    with canvas(WIDTH, _TREND_HEIGHT) as sheet:
        broad, high = WIDTH - _SIDE - _BANDS, _TREND_HEIGHT - _FOOT - _HEAD
        places, in_scale = _places(shown, broad)
        title = on_paper("Total score of the risk by assessments")
        out = on_paper("(the distances between dates are not in scale)")
        _title(sheet, title if in_scale else f"{title} {out}")
        axes = sheet.plot(_SIDE, _FOOT, broad, high)
        axes.set(xlim=(0, broad), ylim=(0, shown.highest))
        _trend_axes(axes, shown)
        if shown.blank:
            _empty_dates(sheet, broad)
        else:
            _band_names(axes, shown, broad, shown.highest / high)
            axes.plot(places, [one.total for one in shown.points], "o-k", lw=1.6, ms=5, clip_on=False)
            _label_points(axes, shown, places)
            _label_dates(axes, shown, places)
        return sheet.png(), sheet.width, sheet.height


def _trend_axes(axes: Axes, shown: Trend) -> None:
    from .canvas import INK, SMALL_PT, THIN, font

    steps = [band.lowest for band in shown.bands] or list(range(0, shown.highest, max(1, shown.highest // 6)))
    axes.set(xticks=[], yticks=sorted({0, *steps, shown.highest}))
    for label in axes.get_yticklabels():
        label.set_fontproperties(font(SMALL_PT))
    look = (0, (5, 3)) if shown.bands else (0, (1, 3))
    for step in steps:
        axes.axhline(step, color=INK, linewidth=THIN, linestyle=look, zorder=1)


def _band_names(axes: Axes, shown: Trend, broad: float, per_mm: float) -> None:
    """Name the bands at the right, each beside a column of its own hatch."""
    from matplotlib.patches import Rectangle

    from .canvas import INK, SMALL_PT, THIN, font

    for index, band in enumerate(shown.bands):
        top = shown.bands[index + 1].lowest if index + 1 < len(shown.bands) else shown.highest
        column = Rectangle((broad + 2, band.lowest), 5, top - band.lowest, clip_on=False)
        column.set(facecolor="white", edgecolor=INK, linewidth=THIN)
        column.set_hatch(_BAND_HATCHES[min(index, len(_BAND_HATCHES) - 1)])
        column.set_hatch_linewidth(THIN)
        axes.add_patch(column)
        between = "\n" if top - band.lowest > 7 * per_mm else " "
        axes.text(
            broad + 8.5,
            (band.lowest + top) / 2,
            f"{band.risk}{between}{band.lowest}–{band.highest}",
            fontproperties=font(SMALL_PT),
            va="center",
            parse_math=False,
        )


def _places(shown: Trend, broad: float) -> tuple[list[float], bool]:
    """Return where the points stand, and whether as far apart as the days were.

    Dates are written in two rows by turns, so each needs room before the one after the next.
    """
    count, first, last = len(shown.points), 10.0, broad - 10
    days = [(one.on - shown.points[0].on).days for one in shown.points]
    if count < 2 or not days[-1]:
        return [broad / 2] * count, True
    true = [first + (last - first) * day / days[-1] for day in days]
    if _apart(true, 1, _POINT_ROOM) and _apart(true, 2, _DATE_ROOM):
        return true, True
    return [first + (last - first) * index / (count - 1) for index in range(count)], False


def _apart(places: list[float], step: int, room: float) -> bool:
    return all(later - one >= room for one, later in zip(places, places[step:], strict=False))


def _label_points(axes: Axes, shown: Trend, places: list[float]) -> None:
    """Write each total above its point, or below it where the line would run through the figure."""
    from .canvas import font

    totals = [one.total for one in shown.points]
    for index, (place, one) in enumerate(zip(places, shown.points, strict=True)):
        beside = totals[max(0, index - 1) : index] + totals[index + 1 : index + 2]
        valley = bool(beside) and min(beside) > one.total > 0.2 * shown.highest
        below = valley or one.total > 0.88 * shown.highest
        axes.annotate(
            f"{one.total}" + (f"\n{one.risk}" if _differs(shown, one) else ""),
            (place, one.total),
            (0, -6 if below else 6),
            textcoords="offset points",
            ha="center",
            va="top" if below else "bottom",
            fontproperties=font(8.5, bold=True),
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            parse_math=False,
        )


def _label_dates(axes: Axes, shown: Trend, places: list[float]) -> None:
    from .canvas import SMALL_PT, font

    two_rows = not _apart(places, 1, _DATE_ROOM)
    for index, (place, one) in enumerate(zip(places, shown.points, strict=True)):
        axes.annotate(
            on(one.on),
            (place, 0),
            (0, -14 if two_rows and index % 2 else -4),
            textcoords="offset points",
            ha="center",
            va="top",
            fontproperties=font(SMALL_PT),
        )


def _empty_dates(sheet: Canvas, broad: float) -> None:
    """Leave room for the dates of the assessments."""
    from .canvas import SMALL_PT, THIN

    for number in range(6):
        x = _SIDE + broad * (number + 0.5) / 6
        sheet.line([x, x], [_FOOT - 1, _FOOT + 1], THIN)
        sheet.line([x - 8, x + 8], [_FOOT - 7, _FOOT - 7], THIN)
    sheet.text(_SIDE + broad / 2, _FOOT - 10, on_paper("dates of assessments"), size=SMALL_PT)
