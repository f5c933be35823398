"""What is wrong in the tags of a part: each by itself, its blocks, and names and types of all together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from ..core.expressions import MAX_LOOPS, Language
from ..core.typecheck import Checker, Seen
from ..core.vocabulary import Type, Vocabulary
from .balance import Balance, Step
from .compiling import CompiledPart
from .readings import JINJA, Reader, Reading, Told, one_script
from .script import Script, without_offences

__all__ = ["PartCheck", "Told"]


class PartCheck:
    """Reads the tags of one part."""

    def __init__(self, part: CompiledPart, language: Language) -> None:
        self.language = language
        self.levels = part.levels or [(0, 0)] * len(part.tags)
        reader = Reader(language.filters)
        tags = enumerate(part.tags)
        self.readings = [reader.read(tag, number) for number, tag in tags if tag.kind != "comment"]
        self.told = reader.told
        self._blocks = [one for one in self.readings if one.word in _BLOCKS]
        self.balance = self._balanced(part)
        self._tell_blocks()

    # --- blocks ------------------------------------------------------------------------------------------

    def _balanced(self, part: CompiledPart) -> Balance:
        """Match the blocks; one in the braces of a value counts, unless all comes out even without it."""
        plain = [one for one in self._blocks if part.tags[one.number].kind == "block"]
        if len(plain) < len(self._blocks):
            balance = Balance.of([self._step(one) for one in plain])
            if not balance.faults:
                return balance
        return Balance.of([self._step(one) for one in self._blocks])

    def _step(self, one: Reading) -> Step:
        return Step(one.number, one.word, *self.levels[one.number])

    def _tell_blocks(self) -> None:
        known = {one.number: one for one in self._blocks}
        for fault in self.balance.faults:
            one = self._twin(known[fault.number]) if fault.code == "T-OPEN" else known[fault.number]
            near = one.tag.text.replace(one.word, fault.near) if fault.near else None
            self._whole(fault.code, one, near)
        loops = {
            opener: closer for closer, opener in self.balance.pairs.items() if known[opener].word == "for"
        }
        for opener, closer in loops.items():
            around = sum(begin < opener and closer < end for begin, end in loops.items())
            if around >= MAX_LOOPS:
                self._whole("E-LOOPS", known[opener])

    def _twin(self, opener: Reading) -> Reading:
        """Return, of two blocks that begin with the same words one after the other, the second."""
        level = [one for one in self._blocks if self.levels[one.number] == self.levels[opener.number]]
        inner = level[level.index(opener) :]
        pairs = pairwise(inner)
        twins = [two for one, two in pairs if one.tag.text == two.tag.text and one.word in ("if", "for")]
        return twins[0] if twins else opener

    def _whole(self, code: str, one: Reading, near: str | None = None) -> None:
        if not one.tag.is_broken:
            self.told.append(Told(code, one.tag, one.tag.text, 0, len(one.tag.text), near))

    # --- types -------------------------------------------------------------------------------------------

    def typed(self, vocabulary: Vocabulary, local: Mapping[str, Type]) -> list[Told]:
        """Hold all tags that can be read against the vocabulary."""
        script = Script(self.balance.pairs)
        for one in self.readings:
            script.add(one)
        tree = without_offences(JINJA.parse(script.source()), self.language.filters)
        checker = Checker(
            vocabulary, self.language.filters, {name: Seen(kind, name) for name, kind in local.items()}
        )
        found = [script.told(fault) for fault in checker.template(tree)]
        told = [one for one in found if one and not self._follows(one)]
        return [*told, *self._shadows(vocabulary, local)]

    def _follows(self, told: Told) -> bool:
        """Tell whether a fault is there only because the tag is lost that opened its block."""
        number = next((one.number for one in self.readings if one.tag is told.tag), -1)
        for fault in self.balance.faults:
            if fault.code != "T-NOT-OPEN" or number > fault.number:
                continue
            closer = next(one for one in self._blocks if one.number == fault.number)
            before = [one.number for one in self._blocks if one.number < fault.number]
            level = [one for one in before if self.levels[one] == self.levels[fault.number]]
            near = number > max(level, default=-1) or told.tag.place.paragraph == closer.tag.place.paragraph
            lost = told.code == "T-OPTIONAL" if closer.word != "endfor" else self._is_root(told)
            if near and lost:
                return True
        return False

    @staticmethod
    def _is_root(told: Told) -> bool:
        """Tell whether a name is unknown with which a way begins, as the name that a loop gives."""
        return told.code == "T-NAME" and not told.tag.text[: told.start].rstrip().endswith(".")

    def _shadows(self, vocabulary: Vocabulary, local: Mapping[str, Type]) -> Iterator[Told]:
        for one in self.readings:
            bound = re.match(r"for\s+(\w+)\s+in\b", one.code)
            if bound and (near := one_script(bound[1])):
                yield one.told("T-LOOKALIKE", bound.start(1), bound.end(1), near)
            if bound and (vocabulary.find(bound[1]) is not None or bound[1] in local):
                yield one.told("T-SHADOW", bound.start(1), bound.end(1))


_BLOCKS = frozenset({"if", "elif", "else", "endif", "for", "endfor"})
