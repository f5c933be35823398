"""What a person may do instead of answering: go back, say that it is not known, leave for today."""

from __future__ import annotations

from enum import Enum

from ...core.i18n import tr


class Move(Enum):
    """One way on that is no answer."""

    BACK = "back"
    NEXT = "next"
    UNKNOWN = "unknown"
    PARTS = "parts"
    MISSING = "missing"
    END = "end"
    PAUSE = "pause"
    HELP = "help"


SIGNS = {"<": Move.BACK, ">": Move.NEXT, "-": Move.UNKNOWN, "?": Move.HELP}
"""Signs that stand for a move when a line holds nothing else."""

_AWAY = "\\"


def words() -> dict[str, Move]:
    """Return the words that stand for a move after a slash: signs are hard to find on a Russian keyboard."""
    return {
        tr("back"): Move.BACK,
        tr("next"): Move.NEXT,
        tr("unknown"): Move.UNKNOWN,
        tr("parts"): Move.PARTS,
        tr("missing"): Move.MISSING,
        tr("write"): Move.END,
        tr("pause"): Move.PAUSE,
        tr("help"): Move.HELP,
    }


def read(typed: str) -> str | Move:
    """Tell a move from an answer.

    An answer that looks like a move is typed with a backslash before it, which is taken off: ``\\-``.
    """
    bare = typed.strip()
    if (move := _move(bare)) is not None:
        return move
    inner = bare.lstrip(_AWAY)
    if inner != bare and _move(inner) is not None:
        return typed.replace(_AWAY, "", 1)
    return typed


def written(answer: str) -> str:
    """Return how an answer has to be typed so that `read` gives it back."""
    inner = answer.strip().lstrip(_AWAY)
    if _move(inner) is None:
        return answer
    begin = len(answer) - len(answer.lstrip())
    return answer[:begin] + _AWAY + answer[begin:]


def _move(bare: str) -> Move | None:
    if bare in SIGNS:
        return SIGNS[bare]
    if not bare.startswith("/") or len(bare) < 2:
        return None
    asked = bare[1:].casefold()
    found = {move for word, move in words().items() if word.startswith(asked)}
    return found.pop() if len(found) == 1 else None
