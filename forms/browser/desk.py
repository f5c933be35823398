"""A form as the page sees it: its state as plain data, and what the page asks to be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.paths import Loc, in_words
from ...core.vocabulary import record_type
from ..completing import Clashed, Filling
from ..plain import Value, as_answer, follow, items_at, within
from ..sheet import Sheet
from ..shown import Asked, Shown, offered, shown
from ..terminal.asking import yes_or_no
from ..terminal.bookmark import Bookmark
from ..terminal.steps import adds, list_of
from .page import words

_EMPTY = ("F-MISSING", "F-NEEDED")
_MOST_NEW = 50


class Taken(Exception):
    """The form was opened in another window since; this page keeps nothing any more."""


@dataclass
class Desk:
    """One form, filled in on a page.

    Attributes:
        clashes: Places where somebody else has answered meanwhile, and the person has not decided yet.
        version: Grows with each change, so that a second page knows that it is behind.
        written: The form is in the case file.
        stopped: The person has enough for today.
    """

    filling: Filling
    clashes: list[Loc] = field(default_factory=list)
    version: int = 0
    written: bool = False
    stopped: bool = False
    note: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self._lock = RLock()
        self._mark = Bookmark.beside(self.filling.draft.path)

    @property
    def sheet(self) -> Sheet:
        """The sheet as it is now: finishing may have laid a new one."""
        return self.filling.sheet

    def begin(self) -> None:
        """Take the form into this window, and go on from what was kept.

        Raises:
            PapkaError: It is open in another window.
        """
        self._mark.refuse_elsewhere()
        self._mark.take()
        if self.filling.draft.is_begun:
            self._clash(self.filling.draft.resume(self.sheet))
        self._seen()

    def leave(self) -> bool:
        """Let the form go; return whether answers are kept."""
        if self.written or not self._mark.is_ours:
            return True
        self._mark.release()
        if self.filling.draft.is_begun or self._mark.text is not None:
            return True
        self._mark.drop()
        # Nothing was answered: a case that was not begun leaves no folder.
        for folder in (self.filling.draft.path.parent, self.filling.file.parent):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        return False

    # --- what the page asks -----------------------------------------------------------------------------

    def do(self, deeds: Sequence[Any]) -> dict[str, Any]:
        """Do what the page asks, one after another, and return the state after it.

        A page that got no reply asks the same again, so each deed done twice is done once.

        Raises:
            AskedWrongly: The page asks what this form does not have.
            Taken: The form was opened in another window.
        """
        with self._lock:
            if self.written:
                return self.state()
            if not self._mark.is_ours:
                raise Taken
            self.note = None
            for deed in deeds:
                self._one(deed if isinstance(deed, Mapping) else {})
            return self.state()

    def _one(self, deed: Mapping[str, Any]) -> None:
        what = deed.get("do")
        if what == "answer":
            self._answer(_place(deed), _value(deed.get("value")))
        elif what == "unknown":
            self.sheet.skip(self._asked(_place(deed)))
        elif what == "add" or what == "remove":
            self._change_list(deed, remove=what == "remove")
        elif what == "settle":
            self._settle(_place(deed), theirs=deed.get("take") == "theirs")
        elif what == "stop":
            self.stopped = True
            return
        elif what == "finish":
            self._finish()
            return
        else:
            raise AskedWrongly(tr("The page asks for something that papka does not know."))
        self.version += 1
        if clashes := self.filling.look_again():
            self._clash(list(dict.fromkeys([*self.clashes, *clashes])))
        self._seen()
        self.filling.keep()

    def _answer(self, place: Loc, value: Value | None) -> None:
        place = self._asked(place)
        self.sheet.keep(place, value)
        asked = self.sheet.question(place)
        if asked is not None and asked.value is not None and follow(self.sheet.data, place) is None:
            # The person has emptied what stood there from the beginning: it does not come back by itself.
            self.sheet.skip(place)

    def _asked(self, place: Loc) -> Loc:
        """Return a place that the form asks about, now or when another answer brings the question."""
        self._grow(place)
        for part in self.sheet.parts(every=True):
            if any(one.place == place for item in part.items for one in item.questions):
                return place
        raise AskedWrongly(tr("The page asks for something that papka does not know."))

    def _grow(self, place: Loc) -> None:
        """Add the items up to the one that is answered: an empty one is not kept when papka is killed."""
        for part in self.sheet.parts():
            base = list_of(self.sheet, part)
            if (
                not base
                or not adds(self.sheet, part)
                or place[: len(base)] != base
                or len(place) <= len(base)
            ):
                continue
            number, have = place[len(base)], len(items_at(self.sheet.data, base))
            if isinstance(number, int) and have <= number < have + _MOST_NEW:
                for _ in range(number + 1 - have):
                    self.sheet.add(part.index)

    def _change_list(self, deed: Mapping[str, Any], *, remove: bool) -> None:
        part = next((one for one in self.sheet.parts() if one.index == deed.get("part")), None)
        if part is None or not adds(self.sheet, part):
            raise AskedWrongly(tr("The page asks for something that papka does not know."))
        have, number = len(items_at(self.sheet.data, list_of(self.sheet, part))), deed.get("number")
        if deed.get("of") != have:
            return
        if not remove:
            self.sheet.add(part.index)
        elif isinstance(number, int) and 0 <= number < have:
            self.sheet.remove(part.index, number)

    def _settle(self, place: Loc, *, theirs: bool) -> None:
        if place not in self.clashes:
            return
        if theirs:
            self.sheet.keep(place, as_answer(follow(self.sheet.before, place)))
        self._clash([one for one in self.clashes if one != place])

    def _clash(self, places: list[Loc]) -> None:
        self.clashes = places
        if places:
            self.filling.undecided()
        else:
            self.filling.settled()

    def _seen(self) -> None:
        """Take down what stands in answers from the beginning; it may bring questions that have such too."""
        for _ in range(3):
            self.sheet.begun()

    # --- the end ----------------------------------------------------------------------------------------

    def _finish(self) -> None:
        if self.clashes:
            self.note = _note(tr("Two answers stand at one question: choose which is right."))
            return
        unknown = set(self.sheet.unknown)
        try:
            self._mark.drop()
            self.filling.finish()
            self.written = True
            return
        except Refused as refused:
            asked = [one.path for one in self.sheet.questions()]
            others = [
                one for one in refused.findings if not any(within(one.place.path or "", p) for p in asked)
            ]
            self.note = _note(str(refused), others)
        except Clashed as clashed:
            self.note = _note(str(clashed))
            self._clash(clashed.places)
        except PapkaError as error:
            self.note = _note(str(error))
        self.sheet.unknown |= unknown
        self._mark.take()

    @property
    def title(self) -> str:
        """What stands above the page."""
        return self.sheet.form.title

    def whole(self) -> dict[str, Any]:
        """Return all that a page shows that has just come."""
        whose = {"case": self.filling.file.resolve().parent.name, "purpose": self.sheet.form.purpose}
        return {**self.state(), **whose, "words": words()}

    # --- the state --------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Return all that the page shows, as plain data."""
        with self._lock:
            faults, parts = self.sheet.faults(), self.sheet.parts()
            told = [self._part(part, [*faults, *self.sheet.remarks()]) for part in parts]
            asked = [one for part in parts for item in part.items for one in item.questions]
            return {
                "version": self.version,
                "parts": told,
                "answered": sum(1 for one in asked if one.value is not None),
                "asked": len(asked),
                "needed": sum(1 for one in asked if one.needed and one.value is None),
                "clashes": [self._both(place) for place in self.clashes],
                "note": self.note,
                "written": self.written,
                "stopped": self.stopped,
            }

    def _part(self, part: Shown, faults: Sequence[Finding]) -> dict[str, Any]:
        base = list_of(self.sheet, part)
        held = len(items_at(self.sheet.before, base)) if base else 0
        items = [
            {
                "number": item.number,
                "title": item.title,
                "heading": item.heading,
                "held": bool(base) and item.number is not None and item.number < held,
                "questions": [self._question(one, faults) for one in item.questions],
            }
            for item in part.items
        ]
        return {
            "index": part.index,
            "title": part.title,
            "note": part.note,
            "adds": offered(part) if adds(self.sheet, part) else None,
            "of": len(items_at(self.sheet.data, base)) if base else 0,
            "items": items,
        }

    def _question(self, one: Asked, faults: Sequence[Finding]) -> dict[str, Any]:
        mine = [fault for fault in faults if within(fault.place.path or "", one.path)]
        return {
            **_field(one),
            "place": list(one.place),
            "path": one.path,
            "hint": one.hint,
            "value": one.value,
            "unknown": one.place in self.sheet.unknown,
            "rows": one.rows,
            "columns": [_field(column) for column in one.columns],
            "faults": [
                {"path": fault.place.path, "words": _words(fault), "empty": fault.id in _EMPTY}
                for fault in mine
                if fault.severity == "error"
            ],
            "remarks": [_words(fault) for fault in mine if fault.severity != "error"],
        }

    def _both(self, place: Loc) -> dict[str, Any]:
        from ...core.contract.case import Case

        asked = self.sheet.question(place)
        theirs, mine = (as_answer(follow(data, place)) for data in (self.sheet.before, self.sheet.data))
        return {
            "place": list(place),
            "path": asked.path if asked else "",
            "name": in_words(record_type(Case), place),
            "mine": shown(mine, asked),
            "theirs": shown(theirs, asked),
        }


def _field(one: Asked) -> dict[str, Any]:
    return {
        "name": str(one.place[-1]),
        "label": one.label,
        "kind": one.kind,
        "example": one.example,
        "choices": yes_or_no(one) if one.kind == "yes_no" else one.choices,
        "needed": one.needed,
    }


def _words(fault: Finding) -> str:
    return f"{fault.message} {fault.cure}".strip()


def _note(words: str, findings: Sequence[Finding] = ()) -> dict[str, Any]:
    said = [f"{one.place.words}: {_words(one)}" if one.place.words else _words(one) for one in findings]
    return {"words": words, "more": said}


def _place(deed: Mapping[str, Any]) -> Loc:
    place = deed.get("place")
    if not isinstance(place, list) or not all(isinstance(step, str | int) for step in place):
        raise AskedWrongly(tr("The page asks for something that papka does not know."))
    return tuple(place)


def _value(raw: Any) -> Value | None:
    """Return an answer as it came; letters that no file can hold are taken for a question mark."""
    if raw is None:
        return None
    if isinstance(raw, str):
        return _text(raw)
    if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
        return tuple(_text(one) for one in raw)
    if isinstance(raw, list) and all(isinstance(one, dict) for one in raw):
        return tuple({name: _text(str(text)) for name, text in one.items()} for one in raw)
    raise AskedWrongly(tr("The page asks for something that papka does not know."))


def _text(raw: str) -> str:
    return raw.encode("utf-8", "replace").decode("utf-8")
