"""Which block each tag opens, parts and closes; and which tag is to blame where that is not even.

A block opens and closes at one level of the document: both in the text of paragraphs, or both between the
rows of one table. So each level is matched by itself. Where it is uneven, that tag is told which leaves, once
it is mended, the fewest others to mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WANTED = {"elif": ("if",), "else": ("if", "for"), "endif": ("if",), "endfor": ("for",)}
"""For each word that parts or closes a block, the words that open such blocks."""


@dataclass(frozen=True, slots=True)
class Step:
    """A tag that opens, parts or closes a block.

    Attributes:
        number: Number of the tag in its part.
        level: Where in the document it stands; a block stays in one.
        inside: Which fields of Word's are around it.
    """

    number: int
    word: str
    level: int
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Uneven:
    """A tag that does not fit; ``near`` is the word that would."""

    code: str
    number: int
    near: str | None = None


@dataclass(slots=True)
class _Open:
    step: Step
    kind: str
    has_else: bool = False
    is_guess: bool = False


@dataclass
class Balance:
    """The blocks of a part.

    Attributes:
        pairs: For each tag that closes a block, the tag that opens it.
        faults: What is uneven.
    """

    pairs: dict[int, int] = field(default_factory=dict)
    faults: list[Uneven] = field(default_factory=list)

    @classmethod
    def of(cls, steps: Sequence[Step]) -> Balance:
        """Match the blocks of a part."""
        made = cls()
        levels: dict[int, list[Step]] = {}
        for step in steps:
            levels.setdefault(step.level, []).append(step)
        for level in levels.values():
            _Level(level, made).run()
        made._join_levels({step.number: step for step in steps})
        made._hold_to_fields({step.number: step for step in steps})
        made.faults.sort(key=lambda one: one.number)
        return made

    def _join_levels(self, steps: dict[int, Step]) -> None:
        """Make one fault of a block that opens at one level and closes at another."""
        for closer in [one for one in self.faults if one.code == "T-NOT-OPEN"]:
            wanted = WANTED[steps[closer.number].word]
            openers = [
                one
                for one in self.faults
                if one.code == "T-OPEN" and one.number < closer.number and steps[one.number].word in wanted
            ]
            if openers:
                opener = openers[-1]
                self.faults.remove(opener)
                self.faults.remove(closer)
                self.faults.append(Uneven("T-DEPTH", closer.number))
                if steps[closer.number].word.startswith("end"):
                    self.pairs[closer.number] = opener.number

    def _hold_to_fields(self, steps: dict[int, Step]) -> None:
        for closer, opener in self.pairs.items():
            one, other = steps.get(closer), steps.get(opener)
            if one and other and one.level == other.level and one.inside != other.inside:
                self.faults.append(Uneven("T-FIELD", closer))


class _Level:
    """Matches the tags of one level."""

    def __init__(self, steps: Sequence[Step], found: Balance) -> None:
        self.steps = steps
        self.found = found
        self.stack: list[_Open] = []
        self.done: set[int] = set()

    def run(self) -> None:
        for at, step in enumerate(self.steps):
            if at in self.done:
                continue
            if step.word not in WANTED:
                self.stack.append(_Open(step, step.word))
            elif step.word.startswith("end"):
                self._end(at, step)
            else:
                self._branch(at, step)
        for left in self.stack:
            self._tell_open(left)

    # --- closing -----------------------------------------------------------------------------------------

    def _end(self, at: int, step: Step) -> None:
        if self.stack and self.stack[-1].kind in WANTED[step.word]:
            self._close(step)
            return
        ways = sorted(self._ways(at, step), key=lambda way: way[0])
        getattr(self, ways[0][1])(at, step)

    def _ways(self, at: int, step: Step) -> Iterator[tuple[int, str]]:
        """Go through what the tag may be meant for, each with the number of faults that it leaves."""
        kinds = [one.kind for one in self.stack]
        kind = WANTED[step.word][0]
        rest = self.steps[at + 1 :]
        following = self._next_end(at)
        ended = WANTED[self.steps[following].word][0] if following is not None else ""
        if following is not None and kinds[-2:] == [kind, ended]:
            yield 1 + _cost(kinds[:-2], self.steps[following + 1 :]), "_cross"
        if kind in kinds:
            place = len(kinds) - 1 - kinds[::-1].index(kind)
            yield len(kinds) - 1 - place + _cost(kinds[:place], rest), "_close_outer"
        yield 1 + _cost(kinds, rest), "_leave"
        if kinds:
            yield 1 + _cost(kinds[:-1], rest), "_close_other"

    def _next_end(self, at: int) -> int | None:
        following = at + 1
        is_end = following < len(self.steps) and self.steps[following].word.startswith("end")
        return following if is_end else None

    def _close(self, step: Step) -> None:
        top = self.stack.pop()
        if not top.is_guess:
            self.found.pairs[step.number] = top.step.number

    def _cross(self, at: int, step: Step) -> None:
        self.found.faults.append(Uneven("T-CROSSED", step.number))
        following = self._next_end(at)
        assert following is not None
        self.done.add(following)
        self._close(step)
        self._close(self.steps[following])

    def _close_outer(self, at: int, step: Step) -> None:
        while self.stack[-1].kind not in WANTED[step.word]:
            self._tell_open(self.stack.pop())
        self._close(step)

    def _close_other(self, at: int, step: Step) -> None:
        self.found.faults.append(Uneven("T-CROSSED", step.number, f"end{self.stack[-1].kind}"))
        self._close(step)

    def _leave(self, at: int, step: Step) -> None:
        self.found.faults.append(Uneven("T-NOT-OPEN", step.number))

    def _tell_open(self, left: _Open) -> None:
        if not left.is_guess:
            self.found.faults.append(Uneven("T-OPEN", left.step.number))

    # --- parting -----------------------------------------------------------------------------------------

    def _branch(self, at: int, step: Step) -> None:
        wanted = WANTED[step.word]
        if self.stack and self.stack[-1].kind not in wanted:
            self._give_up_inner(at, wanted)
        if not self.stack or self.stack[-1].kind not in wanted:
            # What opened the block is lost: what closes it is not told once more.
            self.found.faults.append(Uneven("T-NOT-OPEN", step.number))
            self.stack.append(_Open(step, "if", has_else=step.word == "else", is_guess=True))
            return
        top = self.stack[-1]
        if top.has_else and not top.is_guess:
            self._second_else(at, step)
        elif step.word == "else":
            top.has_else = True

    def _give_up_inner(self, at: int, wanted: tuple[str, ...]) -> None:
        kinds = [one.kind for one in self.stack]
        places = [place for place, kind in enumerate(kinds) if kind in wanted]
        rest = self.steps[at + 1 :]
        if not places or len(kinds) - 1 - places[-1] + _cost(kinds[: places[-1] + 1], rest) > 1 + _cost(
            [*kinds, "if"], rest
        ):
            return
        while self.stack[-1].kind not in wanted:
            self._tell_open(self.stack.pop())

    def _second_else(self, at: int, step: Step) -> None:
        kinds = [one.kind for one in self.stack]
        rest = self.steps[at + 1 :]
        if _cost([*kinds, "if"], rest) < _cost(kinds, rest):
            self.found.faults.append(Uneven("T-NOT-OPEN", step.number))
            self.stack.append(_Open(step, "if", has_else=step.word == "else", is_guess=True))
        else:
            self.found.faults.append(Uneven("T-ELSE-TWICE", step.number))


def _cost(open_: Sequence[str], steps: Sequence[Step]) -> int:
    """Count the faults that are left when the rest of a level is matched in the plainest way."""
    stack, cost = list(open_), 0
    for step in steps:
        if step.word not in WANTED:
            stack.append(step.word)
        elif step.word.startswith("end"):
            kind = WANTED[step.word][0]
            if kind not in stack:
                cost += 1
                continue
            while stack.pop() != kind:
                cost += 1
    return cost + len(stack)
