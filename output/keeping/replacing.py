"""Known names, places, numbers and days in running text, in whatever grammatical case they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from ...core.contract.people import Person
from ...core.facts import GrammaticalCase, NamePart, PersonName
from ..language.analyser import analyser, like
from ..language.names import decline_name
from .fictional import PET_NAMES, Cast, surname_key, words

_CASES: tuple[GrammaticalCase, ...] = ("nom", "gen", "dat", "acc", "ins", "prep")
_PET_ENDINGS: Mapping[GrammaticalCase, str] = MappingProxyType(
    {"nom": "а я", "gen": "и ы", "dat": "е", "acc": "у ю", "ins": "ой ей"}
)
_PARTS: tuple[NamePart, ...] = ("last", "first", "patronymic")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PROPER = ("Name", "Surn", "Patr", "Geox", "Orgn", "Init")
_ABBREVIATIONS = frozenset(
    words(
        "овд мвд умвд кдн кднизп пдн загс црб сош фап фсин мфц огбу ггу иппсу ипсс тпмпк пмпк соп снилс "
        "инн рф ано нко фз ст п ч г см кв м мин руб тыс др пр т д"
    )
)
_SOFT = re.compile(r".+н(?:яя|ее|ий|его|ему|ей|юю|ие|их|им)")
"""Верхняя, Нижний: words that stand before the names of many places."""
_GENERIC = frozenset(
    words("республика область край район город село деревня посёлок поселок станица округ улица")
)
_ENDINGS = {
    "third": {"ь": "а", "и": "и", "ью": "ой"},
    "soft": {"й": "", "я": "а", "ю": "у", "ем": "ом"},
    "femn": {"я": "а", "и": "и", "ы": "и", "ю": "у", "ей": "ой"},
}
"""How endings change where the fictional name is declined otherwise than the true one."""
_MONTHS = words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
_DAYS = re.compile(
    r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})\s+("
    + "|".join(_MONTHS)
    + r")\s+(\d{4})"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.])\+?\d[\d ()\-–]{8,}\d(?![\d.])")
_LONG = re.compile(r"(?<![\d.,])\d{6,}(?![\d.,])")
_INSIDE = r"(?<![^\W_])({})(?![^\W_])"


@dataclass
class Replacer:
    """Replaces in a text all that is known of a family."""

    cast: Cast
    shift: timedelta
    forms: dict[str, str] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    initials: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _kinds: dict[str, str] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None
    _pair: re.Pattern[str] | None = None

    # --- learning ----------------------------------------------------------------------------------------

    def person(self, person: Person) -> None:
        """Learn a person's name in each grammatical case, as it is and as it becomes."""
        new = self.cast.name_of(person)
        stored = person.name_forms.stored() if person.name_forms else {}
        for part in _PARTS:
            before = {"last": person.last_name, "first": person.first_name, "patronymic": person.patronymic}[
                part
            ]
            after = getattr(new, part)
            if not before or not after:
                continue
            for case in _CASES:
                told = stored.get(part, {}).get(case)
                self._form(
                    told or declined(part, before, new.sex, case), declined(part, after, new.sex, case)
                )
                self._form(declined(part, before, new.sex, case), declined(part, after, new.sex, case))
        self._surnames(person.last_name)
        self._pet_names(person.first_name, new)
        theirs = PersonName("", person.first_name, person.patronymic, style="short")
        signs = re.sub(r"\s", "", decline_name(theirs))
        ours = decline_name(replace(new, last="", style="short")).strip()
        self.initials.setdefault((surname_key(person.last_name), signs), (new.last, ours))

    def _pet_names(self, first: str, new: PersonName) -> None:
        for stem in PET_NAMES.get(first.replace("ё", "е"), "").split():
            for case, endings in _PET_ENDINGS.items():
                for ending in endings.split():
                    self._form(stem + ending, declined("first", new.first, new.sex, case))

    def _surnames(self, surname: str) -> None:
        """Learn the surname of the others of the family: of a man, a woman, of all together."""
        for base, family in families(surname):
            new = self.cast.surname(surname, male=True)
            for male, word in ((True, base[0]), (False, base[1])):
                for case in _CASES:
                    sex = "male" if male else "female"
                    self._form(
                        declined("last", word, sex, case),
                        declined("last", self.cast.surname(surname, male=male), sex, case),
                    )
            for ending_before, ending_after in zip(family, ("ы", "ых", "ым", "ыми"), strict=True):
                self._form(ending_before, new + ending_after)

    def _form(self, before: str, after: str) -> None:
        for spelling in (before, before.replace("ё", "е").replace("Ё", "Е")):
            self.forms.setdefault(spelling.lower(), after)

    def place(self, original: str) -> None:
        """Learn a place by its stem, so that «Катайского» and «в Катайске» are found too."""
        for word in _WORD.findall(original):
            if word.islower() or len(word) < 4 or _SOFT.fullmatch(word) or word.lower() in _GENERIC:
                continue
            stem, kind = stem_of(word)
            if len(stem) >= 3:
                self.stems.setdefault(stem.lower(), self.cast.stem(stem, kind))
                self._kinds.setdefault(stem.lower(), kind)
            if len(stem) >= 3 and kind not in ("town", "adjective"):
                # «казанский» of «Казань»
                self.stems.setdefault(f"{stem.lower()}ск", self.cast.stem(f"{stem}ск", "town"))
                self._kinds.setdefault(f"{stem.lower()}ск", "town")

    def phrase(self, before: str, after: str) -> None:
        """Learn words that are replaced as they stand: an organisation, an address."""
        if len(before) > 3:
            self.phrases.setdefault(before, after)
            self._pattern = None

    # --- at work -----------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Return a text with all that is known replaced, its days moved and long numbers changed."""
        kept: list[str] = []

        def aside(new: str) -> str:
            kept.append(new)
            return f"\x00{len(kept) - 1}\x00"

        text = _MAIL.sub(lambda _: aside("pochta@example.org"), text)
        text = _DAYS.sub(lambda found: aside(self._day(found)), text)
        text = _PHONE.sub(lambda found: aside(self._number(found[0])), text)
        text = _LONG.sub(lambda found: aside(self.cast.digits(found[0])), text)
        text = self._signed().sub(lambda found: aside(self._signature(found)), text)
        text = self._names().sub(lambda found: aside(self._name(found[0])), text)
        return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], text)

    def _names(self) -> re.Pattern[str]:
        if self._pattern is None:
            longest = sorted({*self.phrases, *self.forms}, key=len, reverse=True)
            whole = "|".join(re.escape(one) for one in longest) or r"(?!)"
            stems = "|".join(re.escape(one) for one in sorted(self.stems, key=len, reverse=True)) or r"(?!)"
            self._pattern = re.compile(_INSIDE.format(rf"{whole}|(?:{stems})[а-яё]{{0,4}}"), re.IGNORECASE)
        return self._pattern

    def _signed(self) -> re.Pattern[str]:
        """Find surnames with initials before or after them."""
        if self._pair is None:
            longest = "|".join(re.escape(one) for one in sorted(self.forms, key=len, reverse=True)) or r"(?!)"
            signs = r"[А-ЯЁ]\.(?:[\s-]*[А-ЯЁ]\.)?"
            self._pair = re.compile(
                rf"(?<!\w)(?:(?P<last>(?i:{longest}))\s+(?P<after>{signs})|(?P<before>{signs})\s*(?P<last2>(?i:{longest}))(?!\w))"
            )
        return self._pair

    def _signature(self, found: re.Match[str]) -> str:
        last, signs = found["last"] or found["last2"], found["after"] or found["before"]
        new = self._name(last)
        key = next(
            (
                one
                for one in self.initials
                if one[1] == re.sub(r"\s", "", signs) and self._bears(one[0], last)
            ),
            None,
        )
        if key is None:
            return new
        name, initials = self.initials[key]
        if surname_key(last) == key[0] and not any(families(last)):
            # The surname is not declined, so the person is told by the initials alone.
            new = like(last, name)
        return f"{new} {initials}" if found["last"] else f"{initials} {new}"

    def _bears(self, key: str, word: str) -> bool:
        return word.lower().replace("ё", "е").startswith(key[: max(len(key) - 2, 3)])

    def _name(self, found: str) -> str:
        if found in self.phrases:
            return self.phrases[found]
        low = found.lower()
        if new := self.forms.get(low) or self.forms.get(low.replace("ё", "е")):
            return found if found.islower() and is_common(found) else like(found, new)
        if found.islower() and is_common(found):
            return found
        if phrase := next((new for old, new in self.phrases.items() if old.lower() == low), None):
            return phrase
        stem = next((one for one in sorted(self.stems, key=len, reverse=True) if low.startswith(one)), None)
        if stem is None:
            return found
        ending = low[len(stem) :]
        return like(found, self.stems[stem] + _ENDINGS.get(self._kinds[stem], {}).get(ending, ending))

    def _number(self, found: str) -> str:
        digits = re.sub(r"\D", "", found)
        if re.fullmatch(r"\d{3}-\d{3}-\d{3} \d{2}", found.strip()):
            return self.cast.snils(found.strip())
        return self.cast.phone(found) if len(digits) in (10, 11) else self.cast.digits(found)

    def _day(self, found: re.Match[str]) -> str:
        try:
            if found[1]:
                return f"{moved(date(int(found[3]), int(found[2]), int(found[1])), self.shift):%d.%m.%Y}"
            if found[4]:
                return moved(date(int(found[4]), int(found[5]), int(found[6])), self.shift).isoformat()
            day = moved(date(int(found[9]), _MONTHS.index(found[8]) + 1, int(found[7])), self.shift)
        except ValueError:
            return "00.00.0000"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def ordinary(self, text: str) -> str | None:
        """Return a text if each of its words is an ordinary one of the dictionary or fictional, else None.

        Of several pieces between semicolons the ordinary ones are kept.
        """
        pieces = [piece.strip() for piece in self.text(text).split(";")]
        good = [piece for piece in pieces if piece and self._is_ordinary(piece)]
        return "; ".join(good) or None

    def _is_ordinary(self, text: str) -> bool:
        if re.search(r"[A-Za-z@«»\"\x00]|\d{4}", text):
            return False
        return all(
            word.lower() in _ABBREVIATIONS or self._is_new(word) or is_common(word)
            for word in _WORD.findall(text)
        )

    def _is_new(self, word: str) -> bool:
        low = word.lower()
        return any(low.startswith(one.lower()) for one in self.stems.values())


def moved(day: date, by: timedelta) -> date:
    """Return a day moved by whole weeks; one at the very edge of the calendar stays."""
    try:
        return day + by
    except OverflowError:
        return day


def declined(part: NamePart, word: str, sex: str | None, case: GrammaticalCase) -> str:
    """Return one part of a name in a grammatical case."""
    parts = {"last": "", "first": "", "patronymic": None, part: word}
    known = "male" if sex == "male" else "female"
    return decline_name(PersonName(**parts, sex=known, case=case))  # type: ignore[arg-type]


def families(surname: str) -> Iterator[tuple[tuple[str, str], tuple[str, str, str, str]]]:
    """Return the surname as a man and as a woman bears it, and of all together, if it has such forms."""
    if found := re.fullmatch(r"(.+(?:[оеё]в|[иы]н))а?", surname):
        stem = found[1]
        yield (stem, f"{stem}а"), (f"{stem}ы", f"{stem}ых", f"{stem}ым", f"{stem}ыми")
    elif found := re.fullmatch(r"(.+(?:ск|цк))(?:ий|ая)", surname):
        stem = found[1]
        yield (f"{stem}ий", f"{stem}ая"), (f"{stem}ие", f"{stem}их", f"{stem}им", f"{stem}ими")


def stem_of(word: str) -> tuple[str, str]:
    """Return the part of a place's name that stays, and how the rest changes."""
    if found := re.fullmatch(r"(.+[сц]к)(?:ий|ая|ое|ие|ого|ому|им|ом|ой|ую|их|ими|[ауе])?", word):
        # «Катайск», «Катайский», «Катайского»: a town and its district have one stem.
        return found[1], "town"
    if found := re.fullmatch(r"(.+[^аеёиоуыэюя])(?:ый|ой|ая|ое|ые|ого|ому|ым|ом|ую|ых|ыми)", word):
        return found[1], "adjective"
    if word[-1] in "ьй":
        return word[:-1], "third" if word[-1] == "ь" else "soft"
    if word[-1] in "ая":
        return word[:-1], "femn"
    if word[-1] in "оеиы":
        return word[:-1], "neut"
    return word, "masc"


def is_common(word: str) -> bool:
    """Tell whether a word is an ordinary one of the dictionary, and no name of anybody or of a place."""
    halves = word.split("-")
    return all(_is_common_half(half) for half in halves)


def _is_common_half(word: str) -> bool:
    if len(word) == 1:
        return not word.isupper() or word in "ВКСОУИАЯ"
    parses = analyser().parse(word)
    best = parses[0]
    if not best.is_known:
        return False
    proper = [one for one in parses if any(mark in one.tag for mark in _PROPER)]
    if word[:1].isupper():
        return not any(one.score > 0.03 for one in proper)
    return best not in proper


def words_of(texts: Iterable[str]) -> set[str]:
    """Return the words of texts."""
    return {word for text in texts for word in _WORD.findall(text)}
