"""Spaces that hold a line together where an official paper must not break it."""

from __future__ import annotations

import re

from ...core.facts import NBSP

_GAP = "[ \u00a0]"
_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
_UNITS = (
    "г\\.|гг\\.|год|года|году|годом|лет|месяц|месяца|месяцев|мес\\.|день|дня|дней|дн\\.|час|часа|часов"
    "|мин\\.|минут[аы]?|руб\\.|рубл(?:ь|я|ей)|коп\\.|копе(?:йка|йки|ек)|тыс\\.|млн|млрд|чел\\.|человека?"
    "|экз\\.|шт\\.|л\\.|стр\\.|%|₽|м|км|см|мм|кг|кв\\.(?=[ \u00a0]м)|м²"
)
# Each pattern ends, or begins, with the one space that is to hold; a run of spaces is somebody's
# layout and is left alone. A space that holds already counts as a space in what stands around.
_SHORT = "ул|кв|ст|пп|ч|пос|дер|обл|пер|пр|просп|наб|бул|корп|стр|оф|каб|ком|абз|подп|гл|рис|табл"
_HOLD = tuple(
    (re.compile(hint), tuple(re.compile(pattern) for pattern in patterns))
    for hint, patterns in (
        ("[№§] ", ("(?<=[№§]) (?=\\S)",)),
        (
            f"(?<!\\w)(?:[А-ЯЁгдспт]|{_SHORT})\\. ",
            (
                # г. Катайск, but not the end of «2025 г. Директор»
                f"(?<!\\w)(?<!\\d{_GAP})г\\. (?=[А-ЯЁ])",
                # ул. Ленина, д. 5, кв. 12, ст. 9, п. 3; but not the end of «и т. д. Центр»
                f"(?<!\\w)(?<!т\\.)(?<!т\\.{_GAP})(?:д|с|п)\\. (?=[А-ЯЁ\\d])",
                f"(?<!\\w)(?:{_SHORT})\\. (?=[А-ЯЁ\\d«])",
                "(?<!\\w)т\\. (?=[депкн]\\.)",
                # И. О. Фамилия
                "(?<!\\w)[А-ЯЁ]\\. (?=[А-ЯЁ]\\.)",
                f"(?<!\\w)[А-ЯЁ]\\.(?:{_GAP}|-)?[А-ЯЁ]\\. (?=[А-ЯЁ][а-яё])",
            ),
        ),
        (
            "[\\d»] ",
            (
                f"(?<=\\d) (?=(?:{_UNITS})(?!\\w))",
                f"(?<=[\\d»]) (?=(?:{_MONTHS})(?!\\w))",
                # the groups of three in 1 234 567
                "(?:(?<=(?<!\\w)\\d)|(?<=(?<!\\w)\\d\\d)|(?<=(?<!\\w)\\d\\d\\d)|(?<=[ \u00a0]\\d\\d\\d))"
                " (?=\\d\\d\\d(?!\\d))",
            ),
        ),
        # +7 (900) 000-00-01
        (
            f"\\+\\d{_GAP}\\(",
            (
                "(?<=\\+\\d) (?=\\(\\d{3,5}\\))",
                f"(?:(?<=\\+\\d{_GAP}\\(\\d{{3}}\\))|(?<=\\+\\d{_GAP}\\(\\d{{4}}\\))|(?<=\\+\\d{_GAP}\\(\\d{{5}}\\)))"
                " (?=\\d)",
            ),
        ),
        # Фамилия И. О., unless the surname comes after the initials
        (
            "[а-яё] [А-ЯЁ]\\.",
            (f"(?<=[а-яё]) (?=[А-ЯЁ]\\.{_GAP}?[А-ЯЁ]\\.(?!{_GAP}[А-ЯЁ][а-яё]|[А-ЯЁ]))",),
        ),
    )
)
"""What to look for, and what to hold where it was found: most values have nothing of the kind."""


def hard_spaces(text: str) -> str:
    """Replace the spaces where an official line must not break by hard ones.

    They stand between initials and surname, after «№», «г.», «ул.», «д.», «кв.», «ст.», «п.», between a
    number and its unit, between day and month, within a telephone number. No other character is touched, and
    doing it twice changes nothing more.
    """
    if " " not in text:
        return text
    for hint, patterns in _HOLD:
        if hint.search(text):
            for pattern in patterns:
                text = pattern.sub(_held, text)
    return text


def _held(found: re.Match[str]) -> str:
    return found[0].replace(" ", NBSP)
