"""The genogram: the family over its generations, in the signs that genograms have everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .kinship import PARENTS_ONLY, Couple, Kin, Person, arranged, seniority
from .reading import sentences, years
from .speech import counted, on_paper

if TYPE_CHECKING:
    from .canvas import Canvas

WIDTH = 170.0
_MARGIN, _HEAD = 3.0, 8.0
_SIZE = 11.0
"""Side of a man's square, and width of a woman's circle."""
_ROW, _LINE = 22.5, 3.3
"""From one generation to the next, without the lines of the names between them."""
_GAP, _PARENTS_GAP, _NARROWEST = 23.0, 27.0, 12.5
_LEVEL, _LEVELS = 2.4, 4
_BLANK_HEIGHT = 150.0


def _unions() -> dict[str, str]:
    return {
        "married": on_paper("marriage"),
        "cohabiting": on_paper("together unmarried"),
        "separated": on_paper("live apart"),
        "divorced": on_paper("divorce"),
        PARENTS_ONLY: on_paper("children together"),
    }


def genogram_in_words(kin: Kin) -> str:
    """Say the same in words: each person with parents, then the couples, then who shares the home."""
    if kin.blank:
        return on_paper(
            "An empty field for a genogram with its signs; drawn by hand together with the family."
        )
    ids = kin.by_id()
    said = [_heading(kin)]
    said += [_person_in_words(one, ids) for one in sorted(kin.people, key=seniority)]
    for couple in kin.couples:
        names = on_paper("{first} and {second}").format(
            first=ids[couple.first].name, second=ids[couple.second].name
        )
        said.append(f"{names}: {couple.said or on_paper('children together')}")
    home = [one.name for one in kin.people if one.together]
    if home:
        said.append(on_paper("Living together: {names}").format(names=", ".join(home)))
    return sentences(said)


def _person_in_words(one: Person, ids: Mapping[str, Person]) -> str:
    words = one.name + (f" — {one.relation}" if one.relation else "")
    if one.dead:
        words += f", {_died(one)}"
    elif one.age is not None:
        words += f", {years(one.age)}"
    for parent in one.parents:
        father = ids[parent].male
        if one.male:
            said = on_paper("his father: {name}") if father else on_paper("his mother: {name}")
        else:
            said = on_paper("her father: {name}") if father else on_paper("her mother: {name}")
        words += f"; {said.format(name=ids[parent].name)}"
    return words


def _died(one: Person) -> str:
    if one.age is None:
        return on_paper("died (he)") if one.male else on_paper("died (she)")
    if one.male:
        return counted("he died aged {count}\u00a0year", "he died aged {count}\u00a0years", one.age)
    return counted("she died aged {count}\u00a0year", "she died aged {count}\u00a0years", one.age)


def _heading(kin: Kin) -> str:
    return on_paper("Genogram: {family}").format(family=kin.title) if kin.title else on_paper("Genogram")


# --- where everything stands -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Where people stand, in millimetres: x and y of each, the narrowest distance; and the names in lines."""

    rows: tuple[tuple[str, ...], ...]
    names: Mapping[str, str]
    x: Mapping[str, float]
    y: Mapping[str, float]
    gap: float
    height: float

    def between(self, first: str, second: str) -> tuple[str, ...]:
        """Return who stands between two people of a generation, with the two, from left to right."""
        row = next(row for row in self.rows if first in row)
        if second not in row:
            return (first, second)
        left, right = sorted((row.index(first), row.index(second)))
        return row[left : right + 1]


def laid_out(kin: Kin, foot: float, wrapped: Callable[[str, float], str]) -> Layout:
    """Find places for everybody: children below the middle of their parents, nobody on anybody.

    Args:
        foot: Room for the legend.
        wrapped: Breaks a name into lines of a width.
    """
    rows = arranged(kin)
    x = _columns(kin, rows)
    least, most = min(x.values()), max(x.values())
    room = WIDTH - 2 * _MARGIN - _GAP
    scale = min(1.0, room / (most - least)) if most > least else 1.0
    shift = WIDTH / 2 - scale * (least + most) / 2
    x = {one: scale * place + shift for one, place in x.items()}
    steps = [x[b] - x[a] for row in rows for a, b in pairwise(row)]
    gap = max(min([*steps, _GAP]), _NARROWEST)
    names = {one.id: wrapped(one.name, gap - 2.6) for one in kin.people}
    below = _LINE * (1 + max(name.count("\n") for name in names.values()))
    row = _ROW + below
    height = _HEAD + 3 + _SIZE + row * (len(rows) - 1) + below + 6 + foot
    top = height - _HEAD - 3 - _SIZE / 2
    y = {one: top - row * level for level, ids in enumerate(rows) for one in ids}
    return Layout(tuple(map(tuple, rows)), names, x, y, gap, height)


def _columns(kin: Kin, rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """Ask a constraint solver: order and distance are required, middles wanted, short lines preferred."""
    import kiwisolver as kiwi

    solver = kiwi.Solver()
    x = {one: kiwi.Variable(one) for row in rows for one in row}
    units = kin.units()
    with_children = {frozenset(parents) for parents in units}
    for row in rows:
        solver.addConstraint(x[row[0]] >= 0)
        solver.addConstraint((x[row[0]] == 0) | "weak")
        for left, right in pairwise(row):
            gap = _PARENTS_GAP if frozenset((left, right)) in with_children else _GAP
            solver.addConstraint(x[right] - x[left] >= gap)
            solver.addConstraint((x[right] - x[left] == gap) | "weak")
    for parents, kids in units.items():
        middle = sum((x[one] for one in parents[1:]), x[parents[0]] + 0) / len(parents)
        ends = (x[kids[0].id] + x[kids[-1].id]) / 2
        solver.addConstraint((middle == ends) | "strong")
    solver.updateVariables()
    return {one: float(place.value()) for one, place in x.items()}


# --- drawing -----------------------------------------------------------------------------------------------


def draw_genogram(kin: Kin) -> tuple[bytes, float, float]:
    """Draw it; return the PNG with its width and height in millimetres."""
    from .canvas import SMALL_PT, canvas

    signs = _signs(kin)
    with canvas(WIDTH, 40) as trial:
        foot = _legend(trial, signs)
        if not kin.blank:
            layout = laid_out(kin, foot, lambda name, width: trial.wrapped(name, width, SMALL_PT, lines=4))
    if kin.blank:
        with canvas(WIDTH, _BLANK_HEIGHT) as sheet:
            sheet.box(1, foot + 2, WIDTH - 2, sheet.height - foot - _HEAD - 3, ink=0.8)
            words = on_paper(
                "Genogram of the family ____________________________, drawn on ____ ____________ 20__"
            )
            _title(sheet, words)
            _legend(sheet, signs)
            return sheet.png(), sheet.width, sheet.height
    with canvas(WIDTH, layout.height) as sheet:
        _title(sheet, _heading(kin))
        if any(one.together for one in kin.people):
            _home(sheet, kin, layout)
        for couple in kin.couples:
            _couple(sheet, couple, layout)
        _children(sheet, kin, layout)
        for one in kin.people:
            _person(sheet, one, layout)
        _legend(sheet, signs)
        return sheet.png(), sheet.width, sheet.height


def _title(sheet: Canvas, words: str) -> None:
    sheet.text(
        1, sheet.height - 3, sheet.wrapped(words, WIDTH - 4, 9, 1, bold=True), size=9, bold=True, at="left"
    )


def _symbol(sheet: Canvas, x: float, y: float, *, male: bool, dead: bool, size: float = _SIZE) -> None:
    """Draw a square for a man, a circle for a woman, crossed out for the dead."""
    from matplotlib.patches import Ellipse

    half = size / 2
    if male:
        sheet.box(x - half, y - half, size, size, ink=1.3)
    else:
        sheet.shape(Ellipse((x, y), size, size), ink=1.3)
    reach = half if male else half * 0.707
    if dead:
        sheet.line([x - reach, x + reach], [y - reach, y + reach], zorder=4)
        sheet.line([x - reach, x + reach], [y + reach, y - reach], zorder=4)


def _person(sheet: Canvas, one: Person, layout: Layout) -> None:
    from .canvas import SMALL_PT

    x, y = layout.x[one.id], layout.y[one.id]
    size = min(_SIZE, layout.gap - 2)
    _symbol(sheet, x, y, male=one.male, dead=one.dead, size=size)
    if one.age is not None:
        sheet.text(x, y, str(one.age), size=9, bold=True, clear=one.dead)
    sheet.text(x, y - _SIZE / 2 - 1.2, layout.names[one.id], size=SMALL_PT, level="top", clear=True)


def _couple(sheet: Canvas, couple: Couple, layout: Layout) -> None:
    """Draw the line of a couple with its slashes; over the heads of others, if somebody stands between."""
    look = _line_look(couple.status)
    between = layout.between(couple.first, couple.second)
    left, right = between[0], between[-1]
    a, b, y = layout.x[left], layout.x[right], layout.y[left]
    if len(between) == 2 and layout.y[right] == y:
        sheet.line([a, b], [y, y], **look)
        _slashes(sheet, couple.status, a + 0.36 * (b - a), y)
        return
    over = max(y, layout.y[right]) + _SIZE / 2 + 2.2
    sheet.line([a, a, b, b], [y, over, over, layout.y[right]], **look)
    _slashes(sheet, couple.status, a + 0.2 * (b - a), over)


def _line_look(status: str) -> dict[str, Any]:
    dashes = {"cohabiting": (0, (5, 3)), PARENTS_ONLY: (0, (6, 2, 1, 2))}
    return {"ink": 1.1, "linestyle": dashes.get(status, "-")}


def _slashes(sheet: Canvas, status: str, x: float, y: float) -> None:
    for number in range({"divorced": 2, "separated": 1}.get(status, 0)):
        middle = x + 1.5 * number - (0.75 if status == "divorced" else 0)
        sheet.line([middle - 0.9, middle + 0.9], [y - 2.2, y + 2.2], 1.3)


def _children(sheet: Canvas, kin: Kin, layout: Layout) -> None:
    """Draw what leads from parents to children; lines of two families never lie on each other."""
    taken: dict[float, list[tuple[float, float, int]]] = {}
    pairs = {one.pair for one in kin.couples}
    for parents, kids in sorted(kin.units().items(), key=lambda one: min(layout.x[kid.id] for kid in one[1])):
        start, x = _drop(parents, pairs, layout)
        spots = [layout.x[kid.id] for kid in kids]
        least, most = min([x, *spots]), max([x, *spots])
        row = layout.y[kids[0].id]
        used = {
            level for left, right, level in taken.get(row, ()) if least - 1.5 < right and left < most + 1.5
        }
        level = next((one for one in range(_LEVELS) if one not in used), 0)
        taken.setdefault(row, []).append((least, most, level))
        bar = row + _SIZE / 2 + 4.2 + _LEVEL * level
        sheet.line([x, x], [start, bar], 1.0)
        sheet.line([least, most], [bar, bar], 1.0)
        for kid in kids:
            sheet.line([layout.x[kid.id]] * 2, [bar, layout.y[kid.id] + _SIZE / 2], 1.0)


def _drop(parents: Sequence[str], pairs: set[frozenset[str]], layout: Layout) -> tuple[float, float]:
    """Return the height and the x at which the line to the children begins."""
    if len(parents) == 2 and frozenset(parents) in pairs:
        between = layout.between(*parents)
        first, second = between[0], between[1]
        middle = (layout.x[first] + layout.x[second]) / 2
        if len(between) == 2:
            return layout.y[first], middle
        return layout.y[first] + _SIZE / 2 + 2.2, middle
    return layout.y[parents[0]] - _SIZE / 2, layout.x[parents[0]]


# --- the home ----------------------------------------------------------------------------------------------

_GRID = 0.5
_AROUND = 2.4


def _home(sheet: Canvas, kin: Kin, layout: Layout) -> None:
    """Draw a dotted line around those who live together, and around nobody else.

    The line is where the distance from them reaches a value: the drawing library finds it on a grid.
    """
    import numpy as np

    xs, ys = np.meshgrid(np.arange(0, WIDTH, _GRID), np.arange(0, layout.height, _GRID))

    def far(left: str, right: str) -> Any:
        """Return how far each spot is from two neighbours and all between them; or from one person."""
        half = max(layout.gap / 2 - 2, _SIZE / 2)
        lines = max(layout.names[one].count("\n") + 1 for one in (left, right))
        low = layout.y[left] - _SIZE / 2 - 1.2 - _LINE * lines
        high = layout.y[left] + _SIZE / 2
        across = np.maximum(layout.x[left] - half - xs, xs - layout.x[right] - half)
        along = np.maximum(low - ys, ys - high)
        return np.hypot(np.maximum(across, 0), np.maximum(along, 0))

    def near(a: str, b: str) -> Any:
        """Return how far each spot is from the way between two people of two generations."""
        start, way = (layout.x[a], layout.y[a]), (layout.x[b] - layout.x[a], layout.y[b] - layout.y[a])
        share = ((xs - start[0]) * way[0] + (ys - start[1]) * way[1]) / (way[0] ** 2 + way[1] ** 2)
        share = np.clip(share, 0, 1)
        return np.hypot(xs - start[0] - share * way[0], ys - start[1] - share * way[1])

    inside = [one.id for one in kin.people if one.together]
    parts = [far(one, one) for one in inside]
    for a, b in _ways(inside, layout):
        left, right = sorted((a, b), key=layout.x.__getitem__)
        parts.append(far(left, right) if layout.y[a] == layout.y[b] else near(a, b) - 1.6)
    field = np.minimum.reduce(parts) - _AROUND
    strangers = [far(one.id, one.id) for one in kin.people if not one.together]
    if strangers:
        field = np.maximum(field, 0.8 - np.minimum.reduce(strangers))
    drawn = sheet.axes.contour(xs, ys, field, levels=[0], colors="black", linewidths=1.3, zorder=0)
    drawn.set_linestyle((0, (1, 2.2)))


def _ways(inside: Sequence[str], layout: Layout) -> list[tuple[str, str]]:
    """Join the people of a home by the shortest ways that keep clear of everybody else."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(inside)
    for index, a in enumerate(inside):
        for b in inside[index + 1 :]:
            length = abs(layout.x[a] - layout.x[b]) + abs(layout.y[a] - layout.y[b])
            blocked = layout.y[a] == layout.y[b] and any(one not in inside for one in layout.between(a, b))
            graph.add_edge(a, b, weight=length + (500 if blocked else 0))
    return list(nx.minimum_spanning_edges(graph, data=False))


# --- legend ------------------------------------------------------------------------------------------------


def _signs(kin: Kin) -> list[tuple[str, str]]:
    """Return the signs to be explained: on an empty sheet all, else those that are used."""
    signs = [("male", on_paper("man")), ("female", on_paper("woman")), ("age", on_paper("age"))]
    if kin.blank or any(one.dead for one in kin.people):
        signs.append(("dead", on_paper("has died")))
    used = {"married" if one.status == "widowed" else one.status for one in kin.couples}
    for status, words in _unions().items():
        if (
            status in used
            or (kin.blank and status != PARENTS_ONLY)
            or (status == "married" and "widowed" in used)
        ):
            signs.append((status, words))
    if kin.blank or any(one.together for one in kin.people):
        signs.append(("home", on_paper("live together")))
    return signs


def _legend(sheet: Canvas, signs: Sequence[tuple[str, str]]) -> float:
    """Draw the legend from the foot upwards; return its height."""
    from .canvas import SMALL_PT

    lines: list[list[tuple[str, str]]] = [[]]
    x = 0.0
    for sign in signs:
        broad = 12 + sheet.broad(sign[1], SMALL_PT) + 4
        if x + broad > WIDTH - 4 and lines[-1]:
            lines.append([])
            x = 0.0
        lines[-1].append(sign)
        x += broad
    for number, line in enumerate(reversed(lines)):
        x, y = 2.0, 3.5 + 6.0 * number
        for kind, words in line:
            _sign(sheet, kind, x, y)
            sheet.text(x + 10.5, y, words, size=SMALL_PT, at="left")
            x += 12 + sheet.broad(words, SMALL_PT) + 4
    return 6.0 * len(lines) + 2


def _sign(sheet: Canvas, kind: str, x: float, y: float) -> None:
    if kind in ("male", "female", "dead", "age"):
        _symbol(sheet, x + 5, y, male=kind in ("male", "dead"), dead=kind == "dead", size=4.4)
        if kind == "age":
            sheet.text(x + 5, y, "12", size=7.5)
    elif kind == "home":
        sheet.line([x, x + 9], [y, y], 1.3, linestyle=(0, (1, 2.2)))
    else:
        sheet.line([x, x + 9], [y, y], **_line_look(kind))
        _slashes(sheet, kind, x + 4.5, y)
