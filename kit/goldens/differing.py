"""What a new version of a plugin changes: in the papers of example families, and in what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from .reading import seen
from .telling import Told
from .tracking import tracked

Kind = Literal["changed", "added", "removed", "look"]


@dataclass(frozen=True, slots=True)
class PaperChange:
    """A paper that is not the same.

    Attributes:
        kind: ``changed`` its words; ``added`` and ``removed``: only one version draws it; ``look``: it says
            the same and looks otherwise.
        lines: How many lines were taken out and how many came.
        content: The file that shows it; None where there is nothing to show.
        is_tracked: Whether that file shows tracked changes; else it is the paper as one version has it.
        has_edges: Whether headers and footers are among what it shows.
    """

    family: str
    document: str
    title: str
    name: str
    kind: Kind
    lines: tuple[int, int] = (0, 0)
    content: bytes | None = field(default=None, repr=False)
    is_tracked: bool = False
    has_edges: bool = True

    @property
    def file(self) -> str | None:
        """The name of the file that shows it."""
        if self.content is None:
            return None
        mark = "" if self.kind == "changed" else f"-{self.kind}"
        return f"{self.family.replace('/', '-')}-{self.name}{mark}.docx"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("family", "document", "title", "name", "kind", "file", "is_tracked", "has_edges")
        data = {name: getattr(self, name) for name in names}
        return {**data, "lines": {"removed": self.lines[0], "added": self.lines[1]}}


@dataclass(frozen=True, slots=True)
class Move:
    """What the rules say otherwise of a family at one point.

    Attributes:
        what: ``level``, ``rule`` (the same level by another row), ``risk``, ``stage``, ``finding``,
            ``document``, ``term``, ``family`` (only one version accepts its file), ``refused`` (a document
            that the family needs and that is not drawn).
        about: Which: the day of the review, the code of the rule or of the document.
        old: What the old version says; None: nothing.
    """

    family: str
    what: str
    about: str
    title: str
    old: str | None
    new: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side.

    Attributes:
        old: Name and version; likewise `new`.
        papers: How many papers both versions draw together.
        own_files: Families whose file the old version does not accept, so that its own older one was taken.
    """

    old: Mapping[str, str]
    new: Mapping[str, str]
    families: tuple[str, ...]
    papers: int
    changes: tuple[PaperChange, ...]
    moves: tuple[Move, ...]
    own_files: tuple[str, ...] = ()

    def of(self, kind: Kind) -> list[PaperChange]:
        """Return the papers of one sort of change."""
        return [one for one in self.changes if one.kind == kind]

    def moved(self, what: str) -> list[str]:
        """Return the families of which something is said otherwise."""
        return list(dict.fromkeys(one.family for one in self.moves if one.what == what))

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        kinds = Counter(one.kind for one in self.changes)
        counts = {kind: kinds[kind] for kind in ("changed", "added", "removed", "look")}
        return {
            "old": dict(self.old),
            "new": dict(self.new),
            "families": list(self.families),
            "summary": {
                "papers": self.papers,
                **counts,
                "same": self.papers - sum(counts.values()),
                "families_that_move_level": self.moved("level"),
            },
            "papers": [one.as_json() for one in self.changes],
            "moves": [one.as_json() for one in self.moves],
            "families_with_own_old_file": list(self.own_files),
        }


def comparison(old: Told, new: Told, day: date) -> Comparison:
    """Compare what two versions tell of the same families.

    Args:
        day: The day that the tracked changes bear.
    """
    names = list(dict.fromkeys([*old["families"], *new["families"]]))
    changes: list[PaperChange] = []
    moves: list[Move] = []
    papers = 0
    for name in names:
        was, now = old["families"][name], new["families"][name]
        before, after = _papers(was), _papers(now)
        papers += len(before.keys() | after.keys())
        changes += _changes(name, before, after, day)
        moves += _moves(name, was, now)
    own = tuple(name for name in names if old["families"][name].get("is_own"))
    first, second = ({key: told[key] for key in ("name", "version", "programme")} for told in (old, new))
    return Comparison(first, second, tuple(names), papers, tuple(changes), tuple(moves), own)


# --- papers ----------------------------------------------------------------------------------------------

_Papers = dict[tuple[str, str], Told]


def _papers(told: Told) -> _Papers:
    """Return papers by document and by what each is made for: their number may change, that does not."""
    return {(one["document"], one["item"]): one for one in told["papers"]}


def _changes(family: str, before: _Papers, after: _Papers, day: date) -> Iterator[PaperChange]:
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        shown = now or was
        assert shown is not None
        names = (family, shown["document"], shown["title"], shown["name"])
        contents = [Path(one["file"]).read_bytes() if one else None for one in (was, now)]
        old, new = contents
        if old is None or new is None:
            yield PaperChange(*names, "added" if old is None else "removed", content=new or old)
        elif old != new:
            yield _changed(names, old, new, day)


def _changed(names: tuple[str, str, str, str], old: bytes, new: bytes, day: date) -> PaperChange:
    before, after = seen(old).splitlines(), seen(new).splitlines()
    if before == after:
        return PaperChange(*names, "look")
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    found = tracked(old, new, day)
    content = new if found.content is None else found.content
    lines = (len(before) - same, len(after) - same)
    return PaperChange(*names, "changed", lines, content, found.content is not None, found.has_edges)


# --- rules -----------------------------------------------------------------------------------------------


def _moves(family: str, was: Told, now: Told) -> Iterator[Move]:
    if "refused" in was or "refused" in now:
        if was.get("refused") != now.get("refused"):
            yield Move(family, "family", "", "", was.get("refused"), now.get("refused"))
        return
    yield from _levels(family, was["levels"], now["levels"])
    if was["stage"] != now["stage"]:
        yield Move(family, "stage", "", "", was["stage"], now["stage"])
    if was["risk"] != now["risk"]:
        yield Move(family, "risk", "", "", _risk(was["risk"]), _risk(now["risk"]))
    yield from _findings(family, was["findings"], now["findings"])
    yield from _named(family, "document", was["documents"], now["documents"])
    yield from _terms(family, was["terms"], now["terms"])
    yield from _refusals(family, was["not_drawn"], now["not_drawn"])


def _levels(family: str, was: list[Told], now: list[Told]) -> Iterator[Move]:
    """Compare the level that the table proposes at each review."""
    before, after = ({one["on"]: one for one in side} for side in (was, now))
    for day in sorted(before.keys() | after.keys()):
        one, other = before.get(day), after.get(day)
        levels = [side["proposed"] if side else None for side in (one, other)]
        said = [_level(side) if side else None for side in (one, other)]
        if levels[0] != levels[1]:
            yield Move(family, "level", day, "", said[0], said[1])
        elif said[0] != said[1]:
            yield Move(family, "rule", day, "", said[0], said[1])


def _level(told: Told) -> str:
    return f"{told['proposed'] or '—'} ({told['rule'] or '—'})"


def _risk(told: Told | None) -> str | None:
    return f"{told['risk'] or '—'}, {told['total']} ({told['rule'] or '—'})" if told else None


def _findings(family: str, was: list[Told], now: list[Told]) -> Iterator[Move]:
    """Tell findings that came and went; papers that are missing are told as documents."""
    before, after = (
        Counter((one["id"], one["severity"], one["message"]) for one in side if one["id"][:4] != "DOC-")
        for side in (was, now)
    )
    for code, severity, message in (before - after).elements():
        yield Move(family, "finding", code, message, severity, None)
    for code, severity, message in (after - before).elements():
        yield Move(family, "finding", code, message, None, severity)


def _named(family: str, what: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Move]:
    for name in dict.fromkeys([*was, *now]):
        if (name in was) != (name in now):
            title = now.get(name) or was.get(name) or ""
            yield Move(family, what, name, title, was.get(name), now.get(name))


def _terms(family: str, was: list[Told], now: list[Told]) -> Iterator[Move]:
    """Compare the last days of the terms, rule by rule and thing by thing."""
    before, after = _by_rule(was), _by_rule(now)
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key, []), after.get(key, [])
        title = (new or old)[0]["title"]
        days = [[one["due"] for one in side] for side in (old, new)]
        gone, come = (
            [one for one, n in _less(*pair).items() for _ in range(n)] for pair in (days, days[::-1])
        )
        for place in range(max(len(gone), len(come))):
            pair = [side[place] if place < len(side) else None for side in (gone, come)]
            yield Move(family, "term", key[0], title, pair[0], pair[1])


def _less(one: list[str], other: list[str]) -> Counter[str]:
    return Counter(one) - Counter(other)


def _by_rule(terms: list[Told]) -> dict[tuple[str, str | None], list[Told]]:
    found: dict[tuple[str, str | None], list[Told]] = {}
    for one in terms:
        found.setdefault((one["rule"], one["path"]), []).append(one)
    return found


def _refusals(family: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Move]:
    for name in dict.fromkeys([*was, *now]):
        if was.get(name) != now.get(name):
            yield Move(family, "refused", name, "", was.get(name), now.get(name))
