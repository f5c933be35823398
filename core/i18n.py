"""Which language papka speaks, and the words in it.

One gettext domain serves papka's own sentences and click's, so that help and errors are of one piece.
"""

from __future__ import annotations

import gettext as _gettext
import os
import sys
from collections.abc import Callable
from pathlib import Path

DOMAIN = "papka"
_LOCALES = str(Path(__file__).parent / "locale")


def language_of_user() -> str:
    """Tell the user's language from the environment: ``ru`` or ``en``."""
    for variable in ("PAPKA_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "ru" if value.lower().startswith("ru") else "en"
    if sys.platform != "win32":
        return "en"
    import ctypes

    russian = 0x19  # the primary language id LANG_RUSSIAN
    interface = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return "ru" if interface & 0x3FF == russian else "en"


def speak(language: str | None = None) -> str:
    """Choose the language of all that papka says from here on, and return it.

    Click looks its own sentences up in gettext's current domain, so that domain is set too.
    """
    chosen = language or language_of_user()
    os.environ["LANGUAGE"] = chosen
    _gettext.bindtextdomain(DOMAIN, _LOCALES)
    _gettext.textdomain(DOMAIN)
    return chosen


def current_language() -> str:
    """Return the language that `speak` chose, or the user's."""
    return "ru" if (os.environ.get("LANGUAGE") or language_of_user()).startswith("ru") else "en"


def tr(message: str) -> str:
    """Say an English sentence in the chosen language."""
    return _gettext.dgettext(DOMAIN, message)


def trn(one: str, many: str, count: int) -> str:
    """Say a sentence that counts, in the chosen language."""
    return _gettext.dngettext(DOMAIN, one, many, count)


def said_in(language: str) -> Callable[[str], str]:
    """Return what says papka's own English sentences in a language, whatever language the screen speaks."""

    def said(sentence: str) -> str:
        return _gettext.translation(DOMAIN, _LOCALES, [language], fallback=True).gettext(sentence)

    return said


def counted_in(language: str) -> Callable[[str, str, int], str]:
    """Return what says a sentence that counts in a language, as `said_in` does."""

    def said(one: str, many: str, count: int) -> str:
        return _gettext.translation(DOMAIN, _LOCALES, [language], fallback=True).ngettext(one, many, count)

    return said
