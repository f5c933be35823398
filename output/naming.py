"""Names whose grammatical forms a person has to confirm: the two libraries do not agree on them.

The forms that are confirmed stand in the case file, as `name_forms`, and win over any library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..core.facts import PersonName, Record, Rows
from ..core.findings import Finding, Place, Source
from ..core.i18n import tr
from .language.names import DoubtfulForm, doubtful_forms

_GROUPS = (("specialists", "specialists"), ("family.members", "members"))


@dataclass(frozen=True)
class DoubtfulName:
    """A person whose name has forms in doubt.

    Attributes:
        path: Where the person stands in the case file.
    """

    path: str
    name: PersonName
    forms: tuple[DoubtfulForm, ...]

    def as_yaml(self) -> Iterator[str]:
        """Give the lines that confirm the proposed forms, to be put below the person in the case file."""
        yield "name_forms:"
        parts = dict.fromkeys(form.part for form in self.forms)
        for part in parts:
            said = ", ".join(f"{form.case}: {form.proposed}" for form in self.forms if form.part == part)
            yield f"  {part}: {{{said}}}"


def doubtful_names(context: Mapping[str, object]) -> list[DoubtfulName]:
    """Return the people of a case whose names have forms in doubt."""
    found = []
    for path, person in _people(context):
        name = person["name"]
        forms = tuple(doubtful_forms(name)) if isinstance(name, PersonName) else ()
        if forms and isinstance(name, PersonName):
            found.append(DoubtfulName(path, name, forms))
    return found


def _people(context: Mapping[str, object]) -> Iterator[tuple[str, Record]]:
    for path, key in _GROUPS:
        owner = context["family"] if path.startswith("family") else context
        rows = owner[key] if isinstance(owner, Mapping) else Rows()
        for index, person in enumerate(rows if isinstance(rows, Rows) else ()):
            if isinstance(person, Record):
                yield f"{path}[{index}]", person


def findings(context: Mapping[str, object]) -> Sequence[Finding]:
    """Ask for a look at each doubtful name; the finding itself names nobody."""
    return [
        Finding(
            "N-FORMS",
            "info",
            tr("The grammatical forms of a name are not certain."),
            tr("See papka names CASE, and write the right forms into the case file."),
            place=Place(path=one.path),
            source=Source("inferred", tr("two dictionaries of names disagree")),
        )
        for one in doubtful_names(context)
    ]
