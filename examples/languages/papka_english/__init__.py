"""English as a language of papka's papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from papka.core import FormSet, LanguagePack, hookimpl


@hookimpl
def papka_languages() -> Sequence[LanguagePack]:
    """Bring English, as it is written in Britain."""
    from .choices import CHOICES
    from .filters import FILTERS
    from .labels import EXAMPLES, LABELS
    from .printing import printed
    from .stand_ins import STAND_INS
    from .texts import TEXTS

    return [
        LanguagePack(
            "en",
            printed,
            FILTERS,
            choices=CHOICES,
            texts=TEXTS,
            labels=LABELS,
            examples=EXAMPLES,
            tag="en-GB",
            stand_ins=STAND_INS,
        )
    ]


@hookimpl
def papka_common_forms() -> FormSet:
    """Bring the shared forms in English."""
    return FormSet(Path(__file__).parent / "forms")
