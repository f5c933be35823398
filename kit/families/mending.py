"""What a search leaves odd in a family is mended, as far as the family still shows what it is there for.

Who looks for a branch changes one fact and not what goes with it: a mother becomes a man, a child earns
wages, and everybody has died where a list had to be empty. People are trained on these families, and read
their papers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from functools import partial

from ...core.paths import Loc
from .changing import walk
from .growing import Garden
from .making import GROWN_UP, OF_ADULT, OF_CHILD, Setting
from .people import Data
from .recasting import records
from .stock import begins
from .targets import Key

Mend = Callable[[Data], None]

_PAIRS = (
    ("мать", "отец"), ("дочь", "сын"), ("бабушка", "дедушка"), ("внучка", "внук"), ("тётя", "дядя"),
    ("сестра", "брат"), ("мачеха", "отчим"), ("прабабушка", "прадедушка"), ("племянница", "племянник"),
    ("тёща", "тесть"), ("свекровь", "свёкор"), ("жена", "муж"), ("падчерица", "пасынок"),
)  # fmt: skip
"""What a woman is called in a family, and what a man."""

_SAID_OF = (
    ("вдова", "вдовец"), ("замужем", "женат"), ("разведена", "разведён"), ("пенсионерка", "пенсионер"),
)  # fmt: skip
_AT_SCHOOL = re.compile(r"класс|детский сад|ясли")
_TOLD = ("birth_date", "sex", "relation", "died_on", "patronymic", "mother", "father")
"""What a family would not be told without, whoever looks for anything in it."""

_OLD = frozenset({"мать", "отец", "бабушка", "дедушка", "тётя", "дядя", "мачеха", "отчим", "жена", "муж"})
_CHILDREN = frozenset({"дочь", "сын", "внучка", "внук"})
PARENT = 15
"""How many years older than a child its parents are at least."""


def mended(garden: Garden, setting: Setting, wanted: frozenset[Key]) -> Data:
    """Return a family as it would be told by somebody who knows it; it shows what it did."""
    data = setting.data
    for mends in (_as_before, _died, _ages, _kin, _names, _words, _things):
        for mend in list(mends(data, setting)):
            better = deepcopy(data)
            mend(better)
            if better == data:
                continue
            case = garden.raiser.case(better)
            if case is not None and garden.gauge.shows(case, wanted):
                data = better
    return data


# --- as they were ----------------------------------------------------------------------------------------


def _as_before(data: Data, setting: Setting) -> Iterator[Mend]:
    """Tell of the members what was told of them before: of all, of each one, and fact by fact."""
    codes = [str(one["id"]) for one in _members(data)]
    yield partial(_restored, codes=codes, origin=setting.origin)
    for code in codes:
        yield partial(_restored, codes=[code], origin=setting.origin)
    for member in _members(data):
        before = setting.origin.get(str(member["id"]), {})
        for name in _TOLD if before else ():
            if member.get(name) != before.get(name):
                yield _of([str(member["id"])], partial(_fact_restored, before=before, name=name))


def _restored(data: Data, codes: list[str], origin: Mapping[str, Data]) -> None:
    """Restore what is told of members; what was left out of them stays left out."""
    for one in _members(data):
        before = origin.get(str(one["id"]))
        if before is not None and str(one["id"]) in codes:
            kept = {name: value for name, value in before.items() if name in one or name in _TOLD}
            one.clear()
            one.update(deepcopy(kept))


def _fact_restored(member: Data, before: Data, name: str) -> None:
    member.pop(name, None)
    if name in before:
        member[name] = deepcopy(before[name])


# --- who lives -------------------------------------------------------------------------------------------


def _died(data: Data, _: Setting) -> Iterator[Mend]:
    """Let those live who need not have died; where a list has to be empty, somebody is not there at all."""
    dead = [str(one["id"]) for one in _members(data) if "died_on" in one]
    for codes in (dead, *([code] for code in dead)):
        yield _of(codes, partial(_lose, names={"died_on"}))
    yield partial(_leave_out, codes=dead[1:])


def _leave_out(data: Data, codes: list[str]) -> None:
    members = _members(data)
    members[:] = [one for one in members if "died_on" not in one or str(one["id"]) not in codes]


# --- how old everybody is --------------------------------------------------------------------------------


def _ages(data: Data, setting: Setting) -> Iterator[Mend]:
    """Tell of children and of grown-ups what is theirs; parents are older than their children."""
    born = {str(one["id"]): _day(one.get("birth_date")) for one in _members(data)}
    for member in _members(data):
        code, own = str(member["id"]), born[str(member["id"])]
        if own is None:
            continue
        before = setting.origin.get(code, {})
        strange = OF_ADULT if _is_child(own, setting) else OF_CHILD
        odd = {name for name in strange & member.keys() if before.get(name) != member[name]}
        if not _is_child(own, setting) and _AT_SCHOOL.search(str(member.get("education", ""))):
            odd.add("education")
        yield from (
            _of([code], partial(_lose, names=names)) for names in (odd, *({one} for one in sorted(odd)))
        )
        for name in ("mother", "father"):
            parent = born.get(str(member.get(name)))
            if parent is not None and (own - parent).days < PARENT * 365:
                yield _of([code], partial(_lose, names={name}))
        issued = _day(member.get("document", {}).get("issued_on"))
        if issued is not None and issued < own:
            yield _of([code], partial(_issued, on=(own + timedelta(days=20)).isoformat()))


def _issued(member: Data, on: str) -> None:
    member["document"]["issued_on"] = on


# --- what they are called --------------------------------------------------------------------------------


def _kin(data: Data, setting: Setting) -> Iterator[Mend]:
    """Say of each member what fits sex and age, and that who has children here is their parent."""
    parents = {str(one[name]) for one in _members(data) for name in ("mother", "father") if name in one}
    for member in _members(data):
        first, _, rest = str(member.get("relation", "")).partition(" ")
        word = first.rstrip(",")
        pair = next((one for one in _PAIRS if word in one), None)
        if pair is None:
            continue
        born, male = _day(member.get("birth_date")), member.get("sex") == "male"
        child = born is not None and _is_child(born, setting)
        if pair[male] != word and rest.startswith("("):
            rest = ""  # whose mother she is says nothing of a man
        said = f"{pair[male]}{first.removeprefix(word)} {rest}".strip()
        if word in _CHILDREN and not child and str(member["id"]) in parents:
            said = "отец" if male else "мать"
        if word in _OLD and child:
            said = "сын" if male else "дочь"
        yield _of([str(member["id"])], partial(_put, name="relation", said=said))


def _names(data: Data, _: Setting) -> Iterator[Mend]:
    """Give each member a patronymic of his or her own sex."""
    for member in _members(data):
        name, male = str(member.get("patronymic", "")), member.get("sex") == "male"
        for ending, other in (("ович", "овна"), ("евич", "евна")):
            wrong, right = (other, ending) if male else (ending, other)
            if name.endswith(wrong):
                said = name.removesuffix(wrong) + right
                yield _of([str(member["id"])], partial(_put, name="patronymic", said=said))


def _words(data: Data, _: Setting) -> Iterator[Mend]:
    """Say of each member what is said of one of that sex."""
    for member in _members(data):
        male = member.get("sex") == "male"
        for name in ("marital", "employment"):
            words = str(member.get(name, ""))
            for pair in _SAID_OF:
                wrong, right = pair[not male], pair[male]
                if re.search(rf"\b{wrong}\b", words):
                    said = re.sub(rf"\b{wrong}\b", right, words)
                    yield _of([str(member["id"])], partial(_put, name=name, said=said))


# --- things ----------------------------------------------------------------------------------------------


def _things(data: Data, _: Setting) -> Iterator[Mend]:
    """Nobody is married to oneself, and nothing ends before it begins."""
    yield _without_strange_couples
    for loc, _model, record in records(data):
        since, until = _day(record.get(begins(record) or "")), _day(record.get("until"))
        if since is not None and until is not None and until <= since:
            yield partial(_endless, loc=loc)


def _endless(data: Data, loc: Loc) -> None:
    _lose(walk(data, loc), {"until", "reason"})


def _without_strange_couples(data: Data) -> None:
    unions = data.get("family", {}).get("unions", [])
    known: list[set[str]] = []
    for one in list(unions):
        both = {str(one["first"]), str(one["second"])}
        if len(both) < 2 or both in known:
            unions.remove(one)
        known.append(both)


# --- within plain data -----------------------------------------------------------------------------------


def _members(data: Data) -> list[Data]:
    members: list[Data] = data.get("family", {}).get("members", [])
    return members


def _of(codes: list[str], change: Callable[[Data], None]) -> Mend:
    """Return the change of some members."""

    def mend(data: Data) -> None:
        for one in _members(data):
            if str(one["id"]) in codes:
                change(one)

    return mend


def _lose(record: Data, names: Iterable[str]) -> None:
    for name in names:
        record.pop(name, None)


def _put(record: Data, name: str, said: str) -> None:
    record[name] = said


def _is_child(born: date, setting: Setting) -> bool:
    return (setting.opened_on - born).days < GROWN_UP * 365.25


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
