"""How the pages of the documentation say kinds of sources, terms and severities in Russian."""

from papka.core.findings import SourceKind
from papka.core.programmes.programme import Programme, Term

KINDS: dict[SourceKind, str] = {
    "seed": "источник метода",
    "web": "открытые источники",
    "law_unverified": "закон, текст не сверен",
    "law": "закон",
    "inferred": "вывод составителя",
    "setting": "настройка учреждения",
}
SEVERITIES = {"error": "ошибка", "warning": "предупреждение", "info": "к сведению"}
SAME_DAY = "в тот же день"
_UNITS = {
    "working_days": ("рабочий день", "рабочих дня", "рабочих дней"),
    "days": ("день", "дня", "дней"),
    "months": ("месяц", "месяца", "месяцев"),
}


def term_words(term: Term, programme: Programme) -> str:
    """Say a term: its number, and by which setting a centre replaces it."""
    unit, words = next((unit, words) for unit, words in _UNITS.items() if getattr(term, unit) is not None)
    asked = getattr(term, unit)
    number = asked if isinstance(asked, int) else programme.settings[asked].value
    if number == 0:
        return SAME_DAY
    said = f"{number} {_counted(number, words)}"
    return said if isinstance(asked, int) else f"{said} (настройка `{asked}`)"


def _counted(number: int, words: tuple[str, str, str]) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return words[0]
    if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        return words[1]
    return words[2]
