"""Positions, organisations and relations in a grammatical case.

Of a Russian phrase only the head is declined, together with the adjectives that agree with it: «заместителя
Главы района». So the head is looked for from the left, by the dictionary of pymorphy3; what follows it, and
what stands in quotation marks, stays. A form stored in the case file wins over all that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ...core.facts import GrammaticalCase, Phrase
from .analyser import CASE_TAGS, analyser, like

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_TOKEN = re.compile(r"«[^»]*»|„[^“]*“|\"[^\"]*\"|[\w.№-]*[\w.№]|\s+|.")
_WORD = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_NOT_WORDS = frozenset(("Abbr", "Surn", "Patr"))
_ADJECTIVES = ("ADJF", "PRTF")
# Shortened adjectives stand before the head and do not change: «ст. воспитателя».
_SHORTENED = frozenset(("ст.", "мл.", "гл.", "вед."))
# People whom the dictionary takes for things: it knows the plectrum of a guitar only.
_PEOPLE = frozenset(("медиатор", "тьютор", "модератор", "коуч", "супервайзер"))
# Part of a double word that does not change: «интернет-центра».
# The dictionary knows such shortened first parts too seldom: «соцработник».
_SHORT_FIRST_PARTS = ("соц", "спец", "мед", "зав", "физ", "хоз")
_FIXED_HALVES = frozenset(("интернет", "медиа", "онлайн", "веб", "бизнес"))
_OBLIQUE_TAGS = ("gent", "datv", "ablt", "loct")
# Said for a person in office, and declined by nobody.
_ACTING = frozenset(("врио", "ио", "зам", "замдиректора"))


@dataclass(frozen=True, slots=True)
class _Head:
    """The word that a phrase is about: the gender, number and animacy that its adjectives agree with."""

    parse: Parse
    place: int
    known: bool
    person: bool

    @property
    def animate(self) -> bool:
        # «исполняющий обязанности» and «заведующая» have no noun, but mean people
        return self.person or self.parse.tag.POS in _ADJECTIVES or "anim" in self.parse.tag


def decline_phrase(phrase: Phrase) -> str:
    """Print a phrase in its grammatical case; a stored form wins."""
    if phrase.case == "nom":
        return phrase.forms.get("nom") or phrase.text
    return phrase.forms.get(phrase.case) or _declined(phrase.text, phrase.case, phrase.kind == "position")[0]


def doubtful_phrase(phrase: Phrase) -> bool:
    """Say whether a person should confirm the phrase's form, because its head was not recognised.

    Abbreviations («МБОУ») and names in quotation marks do not change, and nothing about them is in doubt.
    """
    if phrase.case == "nom" or phrase.forms.get(phrase.case):
        return False
    return not _declined(phrase.text, phrase.case, phrase.kind == "position")[1]


@lru_cache(maxsize=4096)
def _declined(text: str, case: GrammaticalCase, person: bool) -> tuple[str, bool]:
    """Return the phrase in a case, and whether its head is a word that the dictionary knows.

    Positions are held by people, which the accusative has to know: «назначить медиатора», not «медиатор».
    """
    tokens = _TOKEN.findall(text)
    capitals = text.isupper()
    start = _first_word(tokens)
    if start is None or _unchanging(tokens[start], capitals):
        return text, start is None or not _WORD.fullmatch(tokens[start]) or tokens[start].isupper()
    head = _decline_group(tokens, start, case, capitals, person)
    if head is None:
        return text, False
    _decline_rest(tokens, head, case, capitals)
    return "".join(tokens), head.known


def _first_word(tokens: list[str]) -> int | None:
    return next((place for place, token in enumerate(tokens) if not token.isspace()), None)


def _unchanging(token: str, capitals: bool) -> bool:
    """Say whether a word is never declined: a quotation, a number, an abbreviation, «и. о.»."""
    if token in _SHORTENED:
        return False
    if not _WORD.fullmatch(token) or token.lower() in _ACTING:
        return True
    if capitals:
        return not all(analyser().word_is_known(half) for half in token.lower().split("-"))
    return any(len(half) > 1 and sum(letter.isupper() for letter in half) > 1 for half in token.split("-"))


def _decline_group(
    tokens: list[str], start: int, case: GrammaticalCase, capitals: bool, person: bool
) -> _Head | None:
    """Decline in place the adjectives and the head that begin at a token, and return the head."""
    found = _find_head(tokens, start, capitals, person)
    if found is None:
        return None
    modifiers, head = found
    for place, parses in modifiers:
        adjective = next((parse for parse in parses if _agrees(parse, head.parse)), parses[0])
        tokens[place] = _inflect_word(tokens[place], adjective, head, case)
    tokens[head.place] = _inflect_word(tokens[head.place], head.parse, head, case)
    return head


_Modifiers = list[tuple[int, list["Parse"]]]


def _find_head(
    tokens: list[str], start: int, capitals: bool, person: bool
) -> tuple[_Modifiers, _Head] | None:
    modifiers: _Modifiers = []
    for place in _words_from(tokens, start):
        token = tokens[place]
        if token in _SHORTENED:
            continue
        if _unchanging(token, capitals):
            break
        adjectives = _parses(token, _ADJECTIVES)
        nouns = [
            noun
            for noun in _parses(token, ("NOUN",))
            if all(any(_agrees(parse, noun) for parse in parses) for _, parses in modifiers)
        ]
        if adjectives and _goes_on(tokens, place, adjectives, capitals):
            modifiers.append((place, adjectives))
        elif adjectives and modifiers and _may_be_oblique(token):
            break  # «заведующий городской библиотекой»
        elif nouns:
            noun = max(nouns, key=lambda parse: ("sing" in parse.tag, parse.is_known, parse.score))
            return modifiers, _Head(noun, place, _is_known(token), person or noun.normal_form in _PEOPLE)
        elif adjectives:
            modifiers.append((place, adjectives))
        elif not (modifiers or _is_adverb(token)):
            return None
        elif modifiers:
            break
    return _adjective_as_head(tokens, modifiers, person)


def _adjective_as_head(
    tokens: list[str], modifiers: _Modifiers, person: bool
) -> tuple[_Modifiers, _Head] | None:
    """Take the last adjective for the head where no noun agrees: «заведующая отделением»."""
    if not modifiers:
        return None
    place, parses = modifiers.pop()
    return modifiers, _Head(parses[0], place, _is_known(tokens[place]), person)


def _may_be_oblique(token: str) -> bool:
    """Say whether a word may depend on another: «областной» is «область's» as well as «(к) областной»."""
    return any(case in parse.tag for parse in analyser().parse(token.lower()) for case in _OBLIQUE_TAGS)


def _words_from(tokens: list[str], start: int) -> Iterator[int]:
    """Walk over the words from a token on, as long as nothing but spaces stands between them."""
    for place in range(start, len(tokens)):
        if not tokens[place].isspace():
            yield place


def _goes_on(tokens: list[str], place: int, adjectives: list[Parse], capitals: bool) -> bool:
    """Say whether the next word agrees with this adjective, so that it is not the head itself.

    «Участковый» is a noun too, but in «участковый уполномоченный» it is an adjective.
    """
    following = next(_words_from(tokens, place + 1), None)
    if following is None or _unchanging(tokens[following], capitals):
        return False
    candidates = _parses(tokens[following], ("NOUN", *_ADJECTIVES))
    return any(_agrees(first, second) for first in adjectives for second in candidates)


def _agrees(adjective: Parse, other: Parse) -> bool:
    """Say whether an adjective in the nominative agrees with another word in it."""
    if adjective.tag.number != other.tag.number:
        return False
    if "plur" in adjective.tag or "ms-f" in other.tag or "GNdr" in other.tag:
        return True
    return bool(other.tag.gender is None or adjective.tag.gender == other.tag.gender)


def _parses(word: str, parts_of_speech: Iterable[str]) -> list[Parse]:
    """Look up a word, or the last half of a double one, in the nominative."""
    wanted = tuple(parts_of_speech)
    key = word.split("-")[-1] if "-" in word and not analyser().word_is_known(word.lower()) else word
    return [
        parse
        for parse in analyser().parse(key.lower())
        if parse.tag.POS in wanted and "nomn" in parse.tag and not _NOT_WORDS & parse.tag.grammemes
    ]


def _is_known(token: str) -> bool:
    def known(word: str) -> bool:
        starts = (start for start in ("", *_SHORT_FIRST_PARTS) if word.startswith(start))
        return any(analyser().word_is_known(word.removeprefix(start)) for start in starts)

    return known(token.lower()) or all(known(half) for half in token.lower().split("-"))


def _is_adverb(token: str) -> bool:
    return any(parse.tag.POS == "ADVB" for parse in analyser().parse(token.lower()))


def _inflect_word(token: str, parse: Parse, head: _Head, case: GrammaticalCase) -> str:
    """Put one word, which may be double («врач-психиатр»), into the case."""
    halves = token.split("-")
    if len(halves) == 1 or parse.word.replace("ё", "е") == token.lower().replace("ё", "е"):
        return _inflect(token, parse, head, case)
    halves[-1] = _inflect(halves[-1], parse, head, case)
    if parse.tag.POS == "NOUN" and len(halves) == 2:
        first = [noun for noun in _parses(halves[0], ("NOUN",)) if noun.is_known and "Fixd" not in noun.tag]
        if first and halves[0].lower() not in _FIXED_HALVES:
            halves[0] = _inflect(halves[0], first[0], head, case)
    return "-".join(halves)


def _inflect(word: str, parse: Parse, head: _Head, case: GrammaticalCase) -> str:
    wanted = {CASE_TAGS[case]}
    if case == "acc" and parse.tag.POS in _ADJECTIVES and ("plur" in parse.tag or "masc" in parse.tag):
        wanted.add("anim" if head.animate else "inan")
    elif case == "acc" and head.animate and "inan" in parse.tag and "masc" in parse.tag:
        wanted = {CASE_TAGS["gen"]}
    form = parse.inflect(wanted) or parse.inflect({CASE_TAGS[case]})
    if form is None:
        return word
    text = str(form.word)
    # who writes «ребенок» writes «ребенка»: ё comes in only where it was
    if "ё" in parse.word and "ё" not in word.lower():
        text = text.replace("ё", "е")
    return like(word, text)


def _decline_rest(tokens: list[str], head: _Head, case: GrammaticalCase, capitals: bool) -> None:
    """Decline what goes on agreeing with the head after it.

    That is an adjective right behind («врач-психиатр детский»), a second head («опекун и попечитель»,
    «родитель (законный представитель)», «психолог, куратор случая») and a participle after a comma («лицо,
    проживающее совместно»). All else depends on the head in a case of its own and stays.
    """
    place = head.place + 1
    while (following := next(_words_from(tokens, place), None)) is not None:
        behind = _agreeing_behind(tokens[following], head, capitals)
        if behind is None:
            break
        tokens[following] = _inflect_word(tokens[following], behind, head, case)
        place = following + 1
    directly = True
    while place < len(tokens):
        token, end = tokens[place], None
        if token == "," or (directly and token in ("и", "(", "/", "или")):
            end = _decline_second(tokens, place, head, case, capitals)
        directly = end is not None or (directly and token.isspace())
        place = place + 1 if end is None else end


def _agreeing_behind(token: str, head: _Head, capitals: bool) -> Parse | None:
    """Find the parse by which a word right behind the head agrees with it: «детский», «(город) Псков».

    «Врач областной больницы»: a word that may be oblique depends on what follows it.
    """
    if _unchanging(token, capitals):
        return None
    if head.parse.normal_form == "город":
        return next((parse for parse in _parses(token, ("NOUN",)) if "Geox" in parse.tag), None)
    if _may_be_oblique(token):
        return None
    return next((parse for parse in _parses(token, _ADJECTIVES) if _agrees(parse, head.parse)), None)


def _decline_second(
    tokens: list[str], place: int, head: _Head, case: GrammaticalCase, capitals: bool
) -> int | None:
    """Decline what follows a comma, an «и» or a bracket, if it agrees; return the place where it ends."""
    start = next(_words_from(tokens, place + 1), None)
    if start is None or _unchanging(tokens[start], capitals):
        return None
    bracketed = tokens[place] == "(" and tokens[start + 1 : start + 2] == [")"]
    kinds = ("PRTF",) if tokens[place] == "," else _ADJECTIVES if bracketed else ()
    agreeing = [parse for parse in _parses(tokens[start], kinds) if _agrees(parse, head.parse)]
    if agreeing and not _may_be_oblique(tokens[start]):
        tokens[start] = _inflect_word(tokens[start], agreeing[0], head, case)
        return start + 1
    found = _find_head(tokens, start, capitals, person=False)
    if found is None:
        return None
    second = found[1]
    same = second.parse.tag.number == head.parse.tag.number
    if not (head.animate and second.animate and same and second.known and second.parse.tag.POS == "NOUN"):
        return None
    _decline_group(tokens, start, case, capitals, person=False)
    return second.place + 1
