"""Coverage in words: a table for the screen, plain data for scripts, names for files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ...core.i18n import tr
from .measuring import Coverage
from .targets import Key, Kind, Target, Way

SHOWN = 12
"""How many places are named on the screen; the JSON has all."""


def kinds() -> dict[Kind, str]:
    """Return what is counted apart, in words."""
    return {
        "branch": tr("branches of templates"),
        "loop": tr("loops: none, one, many"),
        "row": tr("rows of rule tables"),
        "rule": tr("deadlines and checks"),
        "stage": tr("stages"),
        "paper": tr("documents"),
    }


def ways() -> dict[Way, str]:
    """Return the ways in words."""
    return {
        "taken": tr("the condition holds"),
        "passed": tr("the condition does not hold"),
        "first": tr("the first of two values"),
        "second": tr("the second of two values"),
        "left out": tr("the loop leaves something out"),
        "none": tr("an empty list"),
        "one": tr("a list of one"),
        "many": tr("a list of several"),
        "drawn": tr("the paper is drawn"),
        "needed": tr("the paper is needed"),
        "not needed": tr("the paper is not needed"),
        "made": tr("the paper is made"),
        "chosen": tr("the row is chosen"),
        "kept": tr("in time"),
        "late": tr("late"),
        "found": tr("found"),
        "not found": tr("not found"),
        "reached": tr("reached"),
    }


def in_words(target: Target) -> str:
    """Say a target in one line: where it stands, what it asks, and which way it is to go."""
    what = " ".join(target.what.split())
    return f"{target.owner}: {what} — {ways()[target.way]}"


def place_in_words(target: Target) -> str:
    """Say where a target stands."""
    place = target.place
    if place.part is None:
        return f"{place.file}: {place.path}"
    parts = [place.file or "", place.part]
    if place.paragraph:
        parts.append(tr("paragraph {number}").format(number=place.paragraph))
    return ", ".join(parts)


def table(coverage: Coverage) -> Iterator[str]:
    """Go through the lines of the coverage table."""
    words = kinds()
    width = max(map(len, words.values()))
    all_of = Counter(one.kind for one in coverage.targets)
    missing = Counter(one.kind for one in coverage.missing)
    for kind, name in words.items():
        if all_of[kind]:
            shown = all_of[kind] - missing[kind]
            share = 1000 * shown // all_of[kind] / 10
            yield f"{name:{width}}  {shown:>5} / {all_of[kind]:<5} {share:5.1f} %"


def by_document(coverage: Coverage) -> Iterator[str]:
    """Go through the lines of a table: each document with its branches, loops and conditions."""
    names = list(
        dict.fromkeys(one.owner for one in coverage.targets if one.kind in ("branch", "loop", "paper"))
    )
    all_of = Counter((one.owner, one.kind) for one in coverage.targets)
    missing = Counter((one.owner, one.kind) for one in coverage.missing)
    kinds: tuple[Kind, ...] = ("branch", "loop", "paper")
    heads = (tr("document"), tr("branches"), tr("loops"), tr("conditions"))
    width = max((len(name) for name in (heads[0], *names)), default=0)
    yield f"{heads[0]:{width}}  " + "  ".join(f"{head:>13}" for head in heads[1:])
    for name in sorted(names):
        counts = [(all_of[name, kind] - missing[name, kind], all_of[name, kind]) for kind in kinds]
        cells = (f"{shown:>5} / {whole:<5}" if whole else f"{'—':>13}" for shown, whole in counts)
        yield f"{name:{width}}  " + "  ".join(cells)


def reasons(coverage: Coverage) -> Iterator[str]:
    """Go through the reasons why some things are not counted, each with their number."""
    for reason, count in Counter(reason for _, reason in coverage.never).most_common():
        yield f"{count:>5}  {reason}"


def as_json(coverage: Coverage) -> dict[str, Any]:
    """Return a coverage as plain data."""
    missing = Counter(one.kind for one in coverage.missing)
    return {
        "counts": {
            kind: {"all": count, "shown": count - missing[kind]}
            for kind, count in Counter(one.kind for one in coverage.targets).items()
        },
        "missing": [_plain(one) for one in coverage.missing],
        "never": [{**_plain(one), "reason": reason} for one, reason in coverage.never],
    }


def _plain(target: Target) -> dict[str, Any]:
    place = target.place.as_json()
    return {
        "kind": target.kind,
        "owner": target.owner,
        "what": target.what,
        "way": target.way,
        "place": place,
    }


def about(keys: Iterable[Key]) -> str:
    """Return a short name for a family: the document or rule for which it is most there."""
    counted = Counter(key[1] for key in sorted(keys))
    owner = counted.most_common(1)[0][0] if counted else "family"
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in owner.lower()).strip("-")
