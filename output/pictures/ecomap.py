"""The ecomap: the family in the middle, around it the people and places it is tied to, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.facts import Record, Rows
from ...core.vocabulary import BlankRecord
from .reading import code_of, name_of, record_of, records_of, sentences, short_name, text_of
from .speech import on_paper

if TYPE_CHECKING:
    from .canvas import Canvas

WIDTH, _HEAD, _FOOT = 170.0, 8.0, 15.0
MOST = 16
"""So many ties have room around one family."""


def _ties() -> dict[str, str]:
    return {
        "strong": on_paper("strong tie"),
        "ordinary": on_paper("ordinary"),
        "weak": on_paper("weak"),
        "stressful": on_paper("stressful"),
        "broken": on_paper("broken"),
        "": on_paper("tie not named"),
    }


def _help() -> dict[str, str]:
    return {
        "to_family": on_paper("helps the family"),
        "from_family": on_paper("the family helps"),
        "both": on_paper("both help"),
        "none": on_paper("no help"),
    }


@dataclass(frozen=True)
class Tie:
    """Somebody or something around the family."""

    name: str
    who: str
    tie: str
    support: str
    role: str


@dataclass(frozen=True)
class Ecomap:
    """What the picture shows."""

    family: str
    home: tuple[str, ...]
    ties: tuple[Tie, ...]
    blank: bool = False


def ecomap_of(family: Record, surroundings: object) -> Ecomap | None:
    """Read the family and its surroundings; nothing, if nobody is named around it."""
    if isinstance(family, BlankRecord):
        return Ecomap("", (), (), blank=True)
    ties = tuple(_tie(one) for one in records_of(surroundings))
    if not ties:
        return None
    found = family["together"]
    home = (
        tuple(name.first for one in records_of(found) if (name := name_of(one)))
        if isinstance(found, Rows)
        else ()
    )
    return Ecomap(text_of(family, "display_name"), home, ties)


def _tie(one: Record) -> Tie:
    member = record_of(one, "member")
    name = text_of(one, "name") or (short_name(member) if member else "")
    return Tie(name, text_of(one, "who"), code_of(one, "tie"), code_of(one, "support"), text_of(one, "role"))


def ecomap_in_words(shown: Ecomap) -> str:
    """Say the same in words: one sentence for each tie, in the order of the case."""
    if shown.blank:
        return on_paper(
            "An empty field for an ecomap: the family in the middle, those around it;"
            " drawn by hand with the family."
        )
    ties, helps = _ties(), _help()
    said = [
        on_paper("Ecomap: {family}").format(family=shown.family)
        + (f" ({', '.join(shown.home)})" if shown.home else "")
    ]
    for one in shown.ties:
        who = f" ({one.who})" if one.who and one.who.casefold() not in one.name.casefold() else ""
        tie = ties[one.tie]
        parts = [tie if one.tie in ("strong", "") else on_paper("tie: {tie}").format(tie=tie)]
        parts += [helps[one.support]] if one.support in helps else []
        parts += [on_paper("role: {role}").format(role=one.role.rstrip("."))] if one.role else []
        said.append(f"{one.name}{who} — {', '.join(parts)}")
    return sentences(said)


# --- drawing -----------------------------------------------------------------------------------------------

_BOX, _MIDDLE = (37.0, 15.0), (25.0, 14.0)


def draw_ecomap(shown: Ecomap) -> tuple[bytes, float, float]:
    """Draw it; return the PNG with its width and height in millimetres."""
    from .canvas import SMALL_PT, canvas

    ties = shown.ties[:MOST]
    field = 128.0 if shown.blank else 88.0 if len(ties) <= 6 else 112.0 if len(ties) <= 10 else 160.0
    with canvas(WIDTH, _HEAD + field + _FOOT) as sheet:
        title = on_paper("Ecomap of the family ____________________________, drawn on ____ ____________ 20__")
        if not shown.blank:
            title = on_paper("Ecomap: {family}").format(family=shown.family)
            more = on_paper("(the first {count} ties of {all})").format(count=MOST, all=len(shown.ties))
            title += f" {more}" if len(shown.ties) > MOST else ""
        words = sheet.wrapped(title, WIDTH - 4, 9, 1, bold=True)
        sheet.text(1, sheet.height - 3, words, size=9, bold=True, at="left")
        middle = (WIDTH / 2, _FOOT + field / 2)
        if shown.blank:
            sheet.box(1, _FOOT + 1, WIDTH - 2, field - 1, ink=0.8)
        for tie, spot in zip(ties, _spots(len(ties), middle, field), strict=True):
            _draw_tie(sheet, tie, middle, spot)
        _family(sheet, shown, middle)
        _legend(sheet, SMALL_PT)
        return sheet.png(), sheet.width, sheet.height


def _spots(count: int, middle: tuple[float, float], field: float) -> list[tuple[float, float]]:
    """Return the middles of the boxes: around the edge of the sheet, clockwise from the top.

    A step along the upper and lower edge is longer than one along the sides, since boxes are broad and low.
    """
    wide, high = WIDTH / 2 - _BOX[0] / 2 - 2, field / 2 - _BOX[1] / 2 - 2
    across, along = wide / (_BOX[0] + 2), high / (_BOX[1] + 2)
    corners = ((0.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0), (0.0, 1.0))
    lengths = (across, 2 * along, 2 * across, 2 * along, across)
    spots = []
    for number in range(count):
        left = sum(lengths) * number / count
        leg = 0
        while left > lengths[leg] + 1e-9:
            left -= lengths[leg]
            leg += 1
        (x, y), (to_x, to_y), share = corners[leg], corners[leg + 1], left / lengths[leg]
        spots.append(
            (middle[0] + wide * (x + share * (to_x - x)), middle[1] + high * (y + share * (to_y - y)))
        )
    return spots


def _family(sheet: Canvas, shown: Ecomap, middle: tuple[float, float]) -> None:
    from matplotlib.patches import Ellipse

    from .canvas import SMALL_PT

    sheet.shape(Ellipse(middle, 2 * _MIDDLE[0], 2 * _MIDDLE[1]), ink=1.6)
    if shown.blank:
        sheet.line([middle[0] - 18, middle[0] + 18], [middle[1]] * 2, 0.6, zorder=4)
        sheet.text(middle[0], middle[1] - 3, on_paper("the family"), size=SMALL_PT)
        return
    name = sheet.wrapped(shown.family, 1.7 * _MIDDLE[0], 8, lines=2, bold=True)
    sheet.text(middle[0], middle[1] + 1, name, size=8, bold=True, level="bottom")
    home = sheet.wrapped(", ".join(shown.home), 1.5 * _MIDDLE[0], SMALL_PT, lines=2)
    sheet.text(middle[0], middle[1] - 0.5, home, size=SMALL_PT, level="top")


def _draw_tie(sheet: Canvas, tie: Tie, middle: tuple[float, float], spot: tuple[float, float]) -> None:
    from matplotlib.patches import FancyBboxPatch

    from .canvas import SMALL_PT

    left, bottom = spot[0] - _BOX[0] / 2, spot[1] - _BOX[1] / 2
    shape = FancyBboxPatch((left, bottom), *_BOX, boxstyle="round,pad=0,rounding_size=4")
    drawn = sheet.shape(shape, ink=1.0)
    if tie.tie == "broken":
        drawn.set_linestyle((0, (3, 2)))
    room = _BOX[0] - 3
    name = sheet.wrapped(tie.name, room, SMALL_PT, lines=3)
    left_over = 4 - name.count("\n") - 1
    who = tie.who if tie.who.casefold() not in tie.name.casefold() else ""
    words = [name] + ([sheet.wrapped(who, room, SMALL_PT, lines=max(1, left_over))] if who else [])
    sheet.text(*spot, "\n".join(words), size=SMALL_PT)
    start, end = _rim(middle, spot), _edge(spot, middle)
    _tie_line(sheet, tie.tie, start, end)
    _arrows(sheet, tie.support, start, end, size=26 if tie.tie == "strong" else 14)


def _rim(middle: tuple[float, float], spot: tuple[float, float]) -> tuple[float, float]:
    """Return where the way to a spot leaves the ellipse of the family."""
    dx, dy = spot[0] - middle[0], spot[1] - middle[1]
    share = ((dx / _MIDDLE[0]) ** 2 + (dy / _MIDDLE[1]) ** 2) ** -0.5
    return middle[0] + share * dx, middle[1] + share * dy


def _edge(spot: tuple[float, float], middle: tuple[float, float]) -> tuple[float, float]:
    """Return where the way from the middle reaches the box at a spot."""
    dx, dy = middle[0] - spot[0], middle[1] - spot[1]
    share = min(_BOX[0] / 2 / abs(dx) if dx else 9, _BOX[1] / 2 / abs(dy) if dy else 9)
    return spot[0] + share * dx, spot[1] + share * dy


def _tie_line(sheet: Canvas, tie: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a tie: thick is strong, thin dashes weak, ticks across it stressful, a bar across a gap broken."""
    from matplotlib.patheffects import Normal, TickedStroke

    xs, ys = [start[0], end[0]], [start[1], end[1]]
    if tie == "strong":
        sheet.line(xs, ys, 3.6)
    elif tie == "weak":
        sheet.line(xs, ys, 0.8, linestyle=(0, (6, 4)))
    elif tie == "stressful":
        across = [TickedStroke(spacing=5, angle=angle, length=0.55) for angle in (60, -120)]
        sheet.line(xs, ys, 1.3, path_effects=[Normal(), *across])
    elif tie == "broken":
        for a, b in ((0.0, 0.4), (0.6, 1.0)):
            part = [(one + a * (two - one), one + b * (two - one)) for one, two in (xs, ys)]
            sheet.line(list(part[0]), list(part[1]), 1.3)
        length = ((xs[1] - xs[0]) ** 2 + (ys[1] - ys[0]) ** 2) ** 0.5 or 1.0
        nx_, ny = -(ys[1] - ys[0]) / length * 2.2, (xs[1] - xs[0]) / length * 2.2
        for share in (0.4, 0.6):
            x, y = xs[0] + share * (xs[1] - xs[0]), ys[0] + share * (ys[1] - ys[0])
            sheet.line([x - nx_, x + nx_], [y - ny, y + ny], 1.6)
    elif tie == "ordinary":
        sheet.line(xs, ys, 1.4)
    else:
        sheet.line(xs, ys, 0.8, linestyle=(0, (1, 2)))


def _arrows(
    sheet: Canvas, support: str, start: tuple[float, float], end: tuple[float, float], size: float = 14
) -> None:
    """Draw arrow heads at the side to which help goes."""
    look = {
        "arrowstyle": "-|>",
        "color": "black",
        "lw": 0.8,
        "mutation_scale": size,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    if support in ("to_family", "both"):
        sheet.axes.annotate("", start, _towards(start, end), arrowprops=look, zorder=6)
    if support in ("from_family", "both"):
        sheet.axes.annotate("", end, _towards(end, start), arrowprops=look, zorder=6)


def _towards(tip: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the spot from which a short arrow to its tip begins."""
    dx, dy = other[0] - tip[0], other[1] - tip[1]
    length = (dx**2 + dy**2) ** 0.5 or 1.0
    return tip[0] + 4.5 * dx / length, tip[1] + 4.5 * dy / length


def _legend(sheet: Canvas, size: float) -> None:
    """Explain each line, and the arrows."""
    x, y = 2.0, 9.5
    for tie in ("strong", "ordinary", "weak", "stressful", "broken"):
        _tie_line(sheet, tie, (x, y), (x + 12, y))
        sheet.text(x + 13.5, y, _ties()[tie], size=size, at="left")
        x += 13.5 + sheet.broad(_ties()[tie], size) + 4
    x, y = 2.0, 3.5
    for support in ("to_family", "from_family", "both"):
        # In the legend the family is at the left, as it is in the middle of the picture.
        sheet.line([x, x + 12], [y, y], 1.0)
        _arrows(sheet, support, (x, y), (x + 12, y))
        sheet.text(x + 13.5, y, _help()[support], size=size, at="left")
        x += 13.5 + sheet.broad(_help()[support], size) + 4
    sheet.text(x, y, on_paper("(at the left: the family)"), size=size, at="left")
