"""In which language a picture speaks: that of the paper on which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ...core.contract.base import Labelled
from ...core.filters import LanguagePack
from ...core.i18n import counted_in, said_in

_PACK: ContextVar[LanguagePack | None] = ContextVar("pack", default=None)


@contextmanager
def speaking(pack: LanguagePack | None) -> Iterator[None]:
    """Speak the language of a paper, while inside; where there is no paper, Russian."""
    token = _PACK.set(pack)
    try:
        yield
    finally:
        _PACK.reset(token)


def on_paper(sentence: str) -> str:
    """Say an English sentence in the language of the paper."""
    pack = _PACK.get()
    return pack.on_paper(sentence) if pack else said_in("ru")(sentence)


def counted(one: str, many: str, count: int) -> str:
    """Say a sentence with a number in the language of the paper."""
    pack = _PACK.get()
    words = pack.counted(one, many, count) if pack else counted_in("ru")(one, many, count)
    return words.format(count=count)


def label_of(choice: Labelled) -> str:
    """Return what a value of a fixed list is called in the language of the paper."""
    pack = _PACK.get()
    return choice.label if pack is None else pack.called(choice)
