"""Two answers to one question: what somebody else has written meanwhile, beside what was typed here."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.contract.case import Case
from ...core.i18n import tr
from ...core.paths import Loc, in_words
from ...core.vocabulary import record_type
from ..completing import Filling
from ..plain import as_answer, follow
from ..shown import shown
from .moves import Move
from .window import Window, say


class Stopped(Exception):
    """The person does not go on."""


def settle(filling: Filling, clashes: Sequence[Loc], window: Window) -> None:
    """Show both answers of each clash, and let one be chosen.

    Raises:
        Stopped: The person stops for today; both answers are shown again when the form is opened.
    """
    sheet = filling.sheet
    for place in clashes:
        theirs, mine = as_answer(follow(sheet.before, place)), as_answer(follow(sheet.data, place))
        say()
        say(tr("Somebody has changed the case meanwhile."), look="fault")
        say(in_words(record_type(Case), place), look="label")
        asked = sheet.question(place)
        options = [
            ("mine", tr("In this form: {value}").format(value=shown(mine, asked))),
            ("theirs", tr("In the case now: {value}").format(value=shown(theirs, asked))),
        ]
        chosen = window.pick(options, None)
        while chosen not in ("mine", "theirs"):
            if chosen is Move.PAUSE:
                raise Stopped
            chosen = window.pick(options, None)
        if chosen == "theirs":
            sheet.keep(place, theirs)
    if clashes:
        filling.settled()
        filling.keep()
