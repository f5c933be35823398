"""What has changed since a paper was issued, so that it would come out otherwise today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ...core.contract.case import Case
from ...core.i18n import tr
from ...core.opening import OpenCase
from ...core.paths import Loc, dotted, in_words
from ...core.programmes.programme import Programme
from ...core.rules.views import vocabulary_of
from ...core.vocabulary import RecordType, record_type
from ..issued.issuing import made_with, rules_digest
from ..rendering import Press, Rendered
from .desk import OF_THE_PROGRAMME, worked_out
from .leaves import Then, digester, place
from .sourcemap import SourceMap

if TYPE_CHECKING:
    from ...core.journal.entries import Entry

Kind = Literal["template", "rules", "papka", "case", "field"]
SHOWN = 3


@dataclass(frozen=True)
class Cause:
    """One thing that has changed.

    Attributes:
        kind: ``field`` a field of the case or a number of the centre; ``template``, ``rules`` of the
            programme, ``papka`` itself; ``case`` something in the case, where no more is known.
        path: Of a field.
        words: The same for people: «Семья → Адрес».
    """

    kind: Kind
    path: str | None = None
    words: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"kind": self.kind, "path": self.path, "words": self.words}

    def said(self) -> str:
        """Say it in the reader's language."""
        return (
            self.words
            or {
                "template": tr("the template"),
                "rules": tr("the rules or numbers of the programme"),
                "papka": tr("papka itself"),
                "case": tr("the case"),
                "field": "",
            }[self.kind]
        )


def words_of(at: Loc, programme: Programme) -> str:
    """Say the place of a field in words: «Семья → Члены семьи, 2 → СНИЛС»."""
    known = vocabulary_of(programme)
    case = record_type(Case)
    root = case if len(at) == 1 or known.roots.get(str(at[0])) is case.find(str(at[0])) else None
    return in_words(root or RecordType("", known.roots, known.aliases), at, programme.language)


def causes(
    entry: Entry, noted: SourceMap | None, draft: Rendered | None, opened: OpenCase, press: Press
) -> list[Cause]:
    """Return why an issued paper would come out otherwise today, what can be named first.

    Args:
        draft: The paper as it comes out today; None if it does not.
    """
    found: list[Cause] = []
    if draft is not None and draft.template_digest != entry.made_with.get("template_sha256"):
        found.append(Cause("template"))
    if noted is not None:
        found += _fields(noted, opened, press)
    return found or [Cause(_remains(entry, opened, draft))]


def _fields(noted: SourceMap, opened: OpenCase, press: Press) -> list[Cause]:
    programme = press.method.programme
    asked = press.situation(opened.case, noted.asked)
    then, digest = asked.at(noted.day), digester(noted.salt)
    changed = Then(noted.values, noted.lists, digest).changed(opened.case, then.case)
    if noted.asked_values:
        later = Then(noted.asked_values, noted.asked_lists, digest).changed(opened.case, asked.case)
        changed = list(dict.fromkeys([*changed, *later]))
    now = worked_out(then, noted.worked_out, digest)
    others = [place(text) for text, before in noted.worked_out.items() if now.get(text) != before]
    # What the rules say follows from the fields; only if none of these has changed, it speaks for itself.
    others = [at for at in others if at[0] in OF_THE_PROGRAMME or not changed]
    return [Cause("field", dotted(at), words_of(at, programme)) for at in (*changed, *others)]


def _remains(entry: Entry, opened: OpenCase, draft: Rendered | None) -> Kind:
    """Tell what has changed if no field has, or none is known."""
    before = entry.made_with
    if before.get("rules_sha256") not in (None, rules_digest(opened.method.programme)):
        return "rules"
    now = made_with(opened, draft, None) if draft is not None else before
    return "papka" if before.get("papka") != now.get("papka") else "case"


def told(found: Sequence[Cause]) -> str:
    """Name a few causes and count the rest."""
    words = list(dict.fromkeys(one.said() for one in found))
    said = "; ".join(words[:SHOWN])
    more = len(words) - SHOWN
    return said if more <= 0 else tr("{names} and {count} more").format(names=said, count=more)
