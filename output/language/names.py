"""Names of people in a grammatical case.

The rules of pytrovich do the work. A form stored in the case file wins over them; a few forms that they get
wrong are mended here; and the dictionary of pymorphy3 is a second opinion: where the two differ, a person is
asked (`doubtful_forms`), because some names are declined as the family itself does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...core.facts import NBSP, GrammaticalCase, NamePart, PersonName, Sex
from .analyser import CASE_TAGS, OBLIQUE, analyser, like, same_letters

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse
    from pytrovich.detector import PetrovichGenderDetector
    from pytrovich.maker import PetrovichDeclinationMaker

_SONS = ("оглы", "углы", "улы", "уулу", "оглу")
_DAUGHTERS = ("кызы", "гызы", "кизи")
# Words inside a name that are never declined. A word in small letters beside capitalised ones is one too.
_FOREIGN = ("фон", "де", "да", "дер", "ден", "ван", "дель", "ди", "дю", "дос", "ла", "аль", "эль", "ибн")
_PARTICLES = frozenset((*_FOREIGN, *_SONS, *_DAUGHTERS))
_WORD = re.compile(r"[^\s()]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_SEXES: tuple[Sex, ...] = ("male", "female")
_HUSHING = "жшчщц"
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_DICTIONARY_MARKS: Mapping[NamePart, str] = MappingProxyType(
    {"last": "Surn", "first": "Name", "patronymic": "Patr"}
)
_PROPER = frozenset(("Surn", "Name", "Patr", "Geox", "Orgn", "Trad", "Abbr"))


@dataclass(frozen=True, slots=True)
class DoubtfulForm:
    """A form of a name that a person has to confirm before it stands in a paper.

    Attributes:
        proposed: The form that papka prints as long as no form is stored.
        other: The form that would be as good a guess.
    """

    part: NamePart
    case: GrammaticalCase
    proposed: str
    other: str


@dataclass(frozen=True, slots=True)
class _Mended:
    """Right forms of a word that the libraries get wrong, in the order of `OBLIQUE`."""

    forms: Sequence[str]
    certain: bool = True


def _mended(forms: str, *, certain: bool = True) -> _Mended:
    return _Mended(tuple(forms.split()), certain)


_MENDED: Mapping[tuple[NamePart, Sex, str], _Mended] = MappingProxyType(
    {
        # The stress is on the ending, so it is -цом; the dictionary has -цем.
        ("last", "male", "кравец"): _mended("кравца кравцу кравца кравцом кравце"),
        # The vowel stays, as in the noun: «кузнеца», not «кузнца».
        ("last", "male", "кузнец"): _mended("кузнеца кузнецу кузнеца кузнецом кузнеце"),
        ("last", "male", "жнец"): _mended("жнеца жнецу жнеца жнецом жнеце"),
        # The usual form follows the noun; some families keep the vowel («Соловея»), so a person is asked.
        ("last", "male", "соловей"): _mended("соловья соловью соловья соловьем соловье", certain=False),
        ("last", "male", "муравей"): _mended("муравья муравью муравья муравьем муравье", certain=False),
        # French names on a stressed -а or -я do not change.
        ("last", "male", "золя"): _mended("золя золя золя золя золя"),
        ("last", "female", "золя"): _mended("золя золя золя золя золя"),
        # A noun for both sexes, not the wife of a «Сов».
        ("last", "female", "сова"): _mended("совы сове сову совой сове"),
        # A rule for -ек (Витек, Витька) takes this name too.
        ("first", "male", "джек"): _mended("джека джеку джека джеком джеке"),
        # The usual double names: only the second half is declined («Жан-Жака»).
        ("first", "male", "жан-"): _mended("жан жан жан жан жан"),
    }
)
# Foreign surnames on -ин and -ов that are Russian surnames as well: «с Чаплином» of the one and
# «с Чаплиным» of the other are both right, and only the family knows.
_TWO_ORIGINS = frozenset(("чаплин", "грин", "кронин", "бюлов", "вирхов", "флотов"))

# Ordinary surnames of a Родин's or Кузин's wife that look like common nouns; no one need be asked.
_WIVES = frozenset(("родина", "кузина", "долина"))


def decline_name(name: PersonName) -> str:
    """Print a name in its grammatical case and its style.

    A name whose sex is not known, and cannot be told from its parts, stays in the nominative.
    """
    sex = sex_of(name)
    last = _form(name, "last", name.last, name.case, sex)
    if name.style == "full":
        first = _form(name, "first", name.first, name.case, sex)
        patronymic = _form(name, "patronymic", name.patronymic or "", name.case, sex)
        return " ".join(part for part in (last, first, patronymic) if part)
    initials = NBSP.join(part for part in (_initials(name.first), _initials(name.patronymic or "")) if part)
    pair = (last, initials) if name.style == "short" else (initials, last)
    return NBSP.join(part for part in pair if part)


def doubtful_forms(name: PersonName) -> list[DoubtfulForm]:
    """Return the forms of a name that a person has to confirm, because two sources disagree.

    A form that the case file stores is no longer in doubt. When the sex is not known, each form that would
    change is in doubt.
    """
    sex = sex_of(name)
    parts: tuple[tuple[NamePart, str], ...] = (
        ("last", name.last),
        ("first", name.first),
        ("patronymic", name.patronymic or ""),
    )
    found = []
    for part, text in parts:
        for case in OBLIQUE:
            if not text or name.forms.get(part, {}).get(case):
                continue
            proposed = _form(name, part, text, case, sex)
            other = _other_form(part, text, case, sex)
            if other is not None and not same_letters(other, proposed):
                found.append(DoubtfulForm(part, case, proposed, other))
    return found


def sex_of(name: PersonName) -> Sex | None:
    """Tell a person's sex: as it is stored, else by the name itself, else None."""
    if name.sex is not None:
        return name.sex
    for word in _WORD.findall(f"{name.patronymic or ''} {name.last}".lower().replace("-", " ")):
        if word in _SONS:
            return "male"
        if word in _DAUGHTERS:
            return "female"
    surname = _BRACKETS.sub("", name.last).strip() or None
    return _detect(surname, name.first or None, name.patronymic) or _detect(None, name.first or None, None)


def _detect(last: str | None, first: str | None, patronymic: str | None) -> Sex | None:
    from pytrovich.enums import Gender

    if not (last or first or patronymic):
        return None
    found = _detector().detect(  # type: ignore[no-untyped-call]
        lastname=last, firstname=first, middlename=patronymic
    )
    if found == Gender.ANDROGYNOUS:
        return None
    return "male" if found == Gender.MALE else "female"


@cache
def _detector() -> PetrovichGenderDetector:
    import logging

    from pytrovich.detector import PetrovichGenderDetector

    # It logs the name itself when the parts disagree, and a family's name has no place in a log.
    logging.getLogger("pytrovich.detector").setLevel(logging.CRITICAL)
    return PetrovichGenderDetector()


@cache
def _maker() -> PetrovichDeclinationMaker:
    import logging

    from pytrovich.maker import PetrovichDeclinationMaker

    # so does this one, when debugging is on
    logging.getLogger("pytrovich.maker").setLevel(logging.CRITICAL)
    return PetrovichDeclinationMaker()


def _initials(given: str) -> str:
    """Give «И.» of «Илья», «Ж.-Ж.» of «Жан-Жак», «Т. Х.» of «Тхи Хоа»; «Гейдар оглы» gives «Г.» alone."""
    words = [word for word in _WORD.findall(given) if word.lower() not in _PARTICLES]
    return NBSP.join("-".join(f"{half[0]}." for half in word.split("-") if half) for word in words)


def _form(name: PersonName, part: NamePart, text: str, case: GrammaticalCase, sex: Sex | None) -> str:
    stored = name.forms.get(part, {}).get(case)
    if stored:
        return stored
    if case == "nom" or sex is None:
        return text
    return _each_word(part, text, sex, partial(_decline_word, part, sex, case))


def _each_word(part: NamePart, text: str, sex: Sex, change: Callable[[str], str]) -> str:
    """Change each word of a part of a name that can be declined, and leave the rest as it stands."""
    able = set(_declinable(part, text, sex))
    return _WORD.sub(lambda found: change(found[0]) if found.start() in able else found[0], text)


def _declinable(part: NamePart, text: str, sex: Sex) -> Iterator[int]:
    """Find where the words begin that are declined.

    The words in brackets are a name of their own: «Иванова (Петрова)». Of several words outside (or inside)
    brackets none is declined unless the dictionary knows every one: «Анна Мария», but not «Тхи Хоа».
    """
    if text.lower().replace("-", " ").split()[-1:] in [[word] for word in _SONS + _DAUGHTERS]:
        return
    inside = [range(found.start(), found.end()) for found in _BRACKETS.finditer(text)]
    groups: dict[int, list[re.Match[str]]] = {}
    for found in _WORD.finditer(text):
        bracket = next((number for number, place in enumerate(inside) if found.start() in place), -1)
        if not _stands_still(found[0], text):
            groups.setdefault(bracket, []).append(found)
    for words in groups.values():
        if len(words) == 1 or all(_known(part, word[0], sex) for word in words):
            yield from (word.start() for word in words)


def _stands_still(word: str, text: str) -> bool:
    if word.endswith("."):
        return True
    if word.islower():
        return not text.islower()
    return word.isupper() and word.lower() in _PARTICLES and " " in text


def _known(part: NamePart, word: str, sex: Sex) -> bool:
    return all(_proper_parses(part, half, sex) for half in word.split("-"))


def _decline_word(part: NamePart, sex: Sex, case: GrammaticalCase, word: str) -> str:
    """Decline one word, which may be double: «Петрова-Водкина»."""
    halves = word.split("-")
    forms = _by_rules(part, sex, case, word).split("-")
    for number, half in enumerate(halves):
        if half.islower() and half in _PARTICLES:
            forms[number] = half
            continue
        mended = _mended_half(part, sex, halves, number)
        if mended:
            forms[number] = like(half, mended.forms[OBLIQUE.index(case)])
        elif case == "ins" and part == "last":
            forms[number] = _stressed_as_noun(half, forms[number], sex)
    return "-".join(forms)


def _mended_half(part: NamePart, sex: Sex, halves: Sequence[str], number: int) -> _Mended | None:
    """Find a word, or the half of a double one, among the mended forms; «жан-» is the first half of one."""
    word = halves[number].lower()
    first_of_two = _MENDED.get((part, sex, f"{word}-")) if number < len(halves) - 1 else None
    return first_of_two or _MENDED.get((part, sex, word))


def _by_rules(part: NamePart, sex: Sex, case: GrammaticalCase, word: str) -> str:
    from pytrovich.enums import Case, Gender
    from pytrovich.enums import NamePart as Part

    cases = {
        "gen": Case.GENITIVE,
        "dat": Case.DATIVE,
        "acc": Case.ACCUSATIVE,
        "ins": Case.INSTRUMENTAL,
        "prep": Case.PREPOSITIONAL,
    }
    parts = {"last": Part.LASTNAME, "first": Part.FIRSTNAME, "patronymic": Part.MIDDLENAME}
    gender = Gender.MALE if sex == "male" else Gender.FEMALE
    # The rules add small letters to capitals («ИВАНОВА» gives «ИВАНОВой»), so they see small ones only.
    capitals = word.isupper() and len(word) > 1
    form = _maker().make(parts[part], gender, cases[case], word.lower() if capitals else word)
    return form.upper() if capitals else form


def _stressed_as_noun(word: str, form: str, sex: Sex) -> str:
    """Choose between -ом and -ем, -ой and -ей after a hushing consonant, which the stress decides.

    The rules do not know the stress. A surname that is also a common noun has the noun's: «с Ткачом»,
    «с Грушей».
    """
    if word[-1:].lower() not in _HUSHING and word[-2:-1].lower() not in _HUSHING:
        return form
    for noun in _noun_parses(word, sex):
        right = _inflected(noun, "ins")
        if right and right[:-2] == form[:-2].lower() and right[-1:] == form[-1:].lower():
            return like(word, right.replace("ё", "е"))
    return form


def _other_form(part: NamePart, text: str, case: GrammaticalCase, sex: Sex | None) -> str | None:
    if sex is None:
        forms = (_each_word(part, text, maybe, partial(_decline_word, part, maybe, case)) for maybe in _SEXES)
        return next((form for form in forms if form != text), None)
    return _each_word(part, text, sex, partial(_second_opinion, part, sex, case))


def _second_opinion(part: NamePart, sex: Sex, case: GrammaticalCase, word: str) -> str:
    """Return the dictionary's form of a word where it differs from ours, else our own form."""
    halves = word.split("-")
    forms = _decline_word(part, sex, case, word).split("-")
    for number, half in enumerate(halves):
        mended = _mended_half(part, sex, halves, number)
        if mended is None:
            other = _dispute(part, sex, case, half, forms[number])
        else:
            other = None if mended.certain else _by_rules(part, sex, case, half)
        if other is not None:
            forms[number] = like(half, other)
    return "-".join(forms)


def _dispute(part: NamePart, sex: Sex, case: GrammaticalCase, word: str, form: str) -> str | None:
    if part == "last" and sex == "male" and case == "ins" and word.lower() in _TWO_ORIGINS:
        return form[:-2] + ("ом" if form.endswith("ым") else "ым")
    parses = _proper_parses(part, word, sex)
    if not parses and part == "last":
        parses = _noun_parses(word, sex)
    forms = [inflected for parse in parses if (inflected := _inflected(parse, case))]
    if not forms or any(same_letters(form, known) for known in forms):
        return None
    return forms[0]


def _inflected(parse: Parse, case: GrammaticalCase) -> str | None:
    if "Fixd" in parse.tag:
        return str(parse.word)
    # A surname out of the name of a thing belongs to a person: «вижу Базара», not «вижу базар».
    person = case == "acc" and "inan" in parse.tag and parse.tag.gender == "masc"
    form = parse.inflect({CASE_TAGS["gen" if person else case], "sing"})
    return str(form.word) if form else None


def _proper_parses(part: NamePart, word: str, sex: Sex) -> list[Parse]:
    """Look a word up among the names of the dictionary.

    Where the dictionary lets a surname stand still against the grammar, it has a gap and is not asked: a
    man's surname on a consonant is declined, and a woman's on -а is declined when the same man's is.
    """
    parses = [
        parse
        for parse in analyser().parse(word.lower())
        if parse.is_known
        and _DICTIONARY_MARKS[part] in parse.tag
        and "nomn" in parse.tag
        and "sing" in parse.tag
    ]
    gender = "masc" if sex == "male" else "femn"
    fitting = [parse for parse in parses if parse.tag.gender is None or parse.tag.gender == gender]
    moving = [parse for parse in parses if "Fixd" not in parse.tag]
    if part == "last" and fitting and all("Fixd" in parse.tag for parse in fitting):
        if sex == "male" and word[-1].lower() in _CONSONANTS:
            return []
        if sex == "female" and word[-1].lower() in "ая" and moving:
            return moving
    return fitting


def _noun_parses(word: str, sex: Sex) -> list[Parse]:
    """Look a surname up among the common nouns: «Заяц», «Калина».

    A woman's surname on a consonant is not declined, whatever the noun does.
    """
    if sex == "female" and (word[-1:].lower() not in "ая" or word.lower() in _WIVES):
        return []
    return [
        parse
        for parse in analyser().parse(word.lower())
        if parse.is_known
        and parse.tag.POS == "NOUN"
        and "nomn" in parse.tag
        and "sing" in parse.tag
        and not _PROPER & parse.tag.grammemes
    ]
