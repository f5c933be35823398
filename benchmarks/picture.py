"""The picture of a run: ratios as bars, growth as lines, one below the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from measuring import Bars, Lines

WIDTH, _LEFT, _HIGH = 760, 250, 20
_OURS, _OTHERS = "#1b7f5c", ("#9aa5b1", "#c26d3f", "#3f6dc2", "#8a5fb0")


def picture(drawn: Sequence[Bars | Lines]) -> str:
    """Return the picture as SVG."""
    lines: list[str] = []
    top = 10.0
    for one in drawn:
        made, high = _bars(one, top) if isinstance(one, Bars) else _lines(one, top)
        lines += made
        top += high
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top:.0f}" font-family="sans-serif"'
        f' font-size="13"><rect width="100%" height="100%" fill="white"/>' + "\n".join(lines) + "</svg>\n"
    )


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(words)}</text>'


def _bars(one: Bars, top: float) -> tuple[list[str], float]:
    begun = top
    lines = [_text(10, top + 14, one.title, ' font-weight="bold"')]
    top += 26
    for title, group in one.groups.items():
        unit = (WIDTH - _LEFT - 80) / max(group.values())
        lines.append(_text(10, top + 12, title, ' font-style="italic"'))
        top += 18
        for name, ratio in group.items():
            colour = _OURS if name.startswith(one.ours) else _OTHERS[0]
            bar = max(ratio * unit, 1)
            lines.append(_text(_LEFT - 8, top + 13, name, ' text-anchor="end"'))
            lines.append(
                f'<rect x="{_LEFT}" y="{top:.1f}" width="{bar:.1f}" height="{_HIGH - 4}" fill="{colour}"/>'
            )
            lines.append(_text(_LEFT + bar + 6, top + 13, f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"))
            top += _HIGH
        top += 8
    return lines, top - begun + 16


def _lines(one: Lines, top: float) -> tuple[list[str], float]:
    high, wide = 180.0, WIDTH - _LEFT - 80.0
    every = [point for points in one.points.values() for point in points]
    low, far = (math.log10(pick(x for x, _ in every)) for pick in (min, max))
    most = max(y for _, y in every) or 1.0
    lines = [_text(10, top + 14, one.title, ' font-weight="bold"')]
    top += 30

    def spot(x: float, y: float) -> tuple[float, float]:
        share = (math.log10(x) - low) / (far - low) if far > low else 0.5
        return _LEFT + share * wide, top + high * (1 - y / most)

    lines.append(
        f'<path d="M{_LEFT} {top} V{top + high} H{_LEFT + wide}" fill="none" stroke="#555" stroke-width="1"/>'
    )
    lines += [
        _text(spot(x, 0)[0], top + high + 16, f"{x:,.0f}", ' text-anchor="middle"')
        for x in sorted({x for x, _ in every})
    ]
    lines.append(_text(_LEFT + wide + 10, top + high + 16, one.across))
    lines += list(_curves(one, spot))
    return lines, high + 60


def _curves(one: Lines, spot: object) -> Iterator[str]:
    assert callable(spot)
    colours = (_OURS, *_OTHERS[1:], _OTHERS[0])
    for number, (name, points) in enumerate(one.points.items()):
        colour = colours[number % len(colours)]
        corners = [spot(x, y) for x, y in sorted(points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in corners)
        x, y = corners[-1]
        yield _text(_LEFT - 8, y + 4, name, f' text-anchor="end" fill="{colour}"')
        yield _text(x + 8, y + 4, f"{sorted(points)[-1][1]:.3g}", f' fill="{colour}"')
