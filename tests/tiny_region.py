"""A region as small as one can be that passes all checks, to be broken in one place at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.shared import Mm, Pt

from papka.kit.conformance.checks import Outcome, all_checks, run
from papka.kit.conformance.trial import Trial
from papka.kit.folder import opened

CFG = """\
[metadata]
name = papka-brook
version = 0.1.0

[options]
install_requires = papka>=0.1,<9
package_dir =
    papka_brook = .
packages = papka_brook

[options.package_data]
papka_brook = programme.yaml, templates/*.docx, examples/*.yaml

[options.entry_points]
papka =
    brook = papka_brook
"""
CODE = '''\
"""The papers of the brook."""

from papka.core import Region, hookimpl


@hookimpl
def papka_programme():
    return Region.of(__name__)
'''
PROGRAMME = """\
papka: '1'
id: brook
title: Программа сопровождения «Ручей» (вымышленная)
short_title: Ручей
opened_on: agreement.signed_on
closed_on: closure.decided_on
legal_basis:
- {title: Приказ центра № 1, source: {kind: inferred, text: вымышлено}}
levels:
- {id: basic, title: Базовый, source: {kind: inferred, text: вымышлено}}
- {id: crisis, title: Кризисный, source: {kind: inferred, text: вымышлено}}
signs:
- {code: K1, title: Угроза ребёнку, level: crisis, source: {kind: inferred, text: вымышлено}}
level_table:
  source: {kind: inferred, text: вымышлено}
  rows:
  - {id: BRK-L1, when: signs.K1, propose: crisis, reason: Есть угроза}
  - {id: BRK-L2, when: 'true', reason: Решают специалисты}
stages:
- {id: intake, title: Приём, phase: intake, entered_on: referral.received_on, source: {kind: inferred, text: вымышлено}}
documents:
- id: brook_agreement
  title: Соглашение
  stage: intake
  given: agreement
  needs: нет соглашения
  dated: agreement.signed_on
  done: agreement.signed_on
  source: {kind: inferred, text: вымышлено}
"""
FAMILY = """\
papka: '1'
programme: brook
id: BRK-1
fictional: да
organisation: {full_name: Центр помощи семье «Ручей», short_name: Центр «Ручей»}
family:
  display_name: семья Ивановых
  members:
  - {id: m.anna, last_name: Иванова, first_name: Анна, sex: female, birth_date: 1990-01-02,
     relation: мать, legal_representative_of: [c.lev]}
  - {id: c.lev, last_name: Иванов, first_name: Лев, sex: male, birth_date: 2016-05-04, relation: сын}
referral: {received_on: 2025-03-03, channel: self_appeal, text: Просит помощи}
agreement: {number: '3', signed_on: 2025-03-07, parties: [m.anna]}
"""
REFUSED = FAMILY.replace("received_on: 2025-03-03", "recieved_on: 2025-03-03")
WORDS = (
    "Соглашение № {{ agreement.number|линия }} от {{ agreement.signed_on|датой|линия }}",
    "{{ organisation.full_name }} помогает семье: {{ family.display_name }}, и обе стороны с этим согласны, "
    "о чём и составлено настоящее соглашение в двух экземплярах.",
)


class Brook:
    """The region in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = {
            "setup.cfg": CFG,
            "__init__.py": CODE,
            "README.md": "Ручей",
            "programme.yaml": PROGRAMME,
            "examples/ivanovy.yaml": FAMILY,
            "examples/refused_slip.yaml": REFUSED,
        }
        for name, text in files.items():
            self.write(name, text)
        self.template(*WORDS)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text("utf-8")
        assert old in text, old
        self.write(name, text.replace(old, new))

    def template(
        self, *words: str, font: str = "Times New Roman", size: int = 12, left: int = 30, wide: int = 210
    ) -> None:
        made = Document()
        section = made.sections[0]
        section.page_width, section.page_height = Mm(wide), Mm(297)
        section.left_margin, section.right_margin = Mm(left), Mm(10)
        section.top_margin, section.bottom_margin = Mm(20), Mm(26)
        made.styles["Normal"].font.name, made.styles["Normal"].font.size = font, Pt(size)
        for line in words:
            made.add_paragraph(line)
        (self.folder / "templates").mkdir(exist_ok=True)
        made.save(str(self.folder / "templates" / "brook_agreement.docx"))

    def trial(self) -> Trial:
        return Trial(opened(self.folder))

    def outcomes(self, wanted: Sequence[str] = ()) -> list[Outcome]:
        trial = self.trial()
        return [run(trial, one) for one in all_checks() if not wanted or one.id in wanted]

    def outcome(self, number: str) -> Outcome:
        return self.outcomes([number])[0]
