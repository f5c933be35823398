"""A reason that somebody types goes into the journal and stays there: it must not name the family."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr

if TYPE_CHECKING:
    from ...core.contract.case import Case
    from ...core.office import Office

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LONGEST = 600
"""As many letters as the journal keeps of a reason."""


def of_case(reason: str, case: Case) -> str:
    """Return a reason that may go into the journal.

    Raises:
        AskedWrongly: It names somebody of the family, or is empty or too long.
    """
    from ..keeping.replacing import is_common

    said = " ".join(reason.split())
    if not any(sign.isalnum() for sign in said):
        raise AskedWrongly(tr("Say the reason in a few words: it stays in the journal."))
    if len(said) > LONGEST:
        raise AskedWrongly(tr("The reason is too long for the journal: say it in a few words."))
    names = _names(case)
    for word in _WORD.findall(said):
        low = word.lower().replace("ё", "е")
        # «новых» is a word before it is a surname; somebody's name is written large.
        if low in names and not (word.islower() and is_common(word)):
            raise AskedWrongly(
                tr(
                    "The reason names somebody of the family, and the journal keeps it for good. "
                    "Say it without names: «a mistake in the surname», «a new address»."
                )
            )
    return said


def of_paper(reason: str, case: str, office: Office) -> str:
    """Return a reason that may go into the journal, of a paper of a case that may be gone by now.

    Raises:
        AskedWrongly: It names somebody of the family, or is empty or too long.
    """
    from ...core.opening import open_case

    try:
        opened = open_case(case, office.folder)
    except PapkaError:
        return " ".join(reason.split())[:LONGEST]
    return of_case(reason, opened.case)


def _names(case: Case) -> set[str]:
    """Return the names of all people of the family in small letters, declined and as at home."""
    from ..keeping.fictional import Cast
    from ..keeping.replacing import Replacer

    known = Replacer(Cast(random.Random(0), ()), timedelta())
    for one in case.family.members:
        known.person(one)
    return {form.replace("ё", "е") for form in known.forms}
