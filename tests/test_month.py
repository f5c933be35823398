"""A month on paper for six families, from the founding of the office to a restored backup, by the functions alone."""

import shutil
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from reading import EXAMPLES, PLUGINS

from papka.output import api

DAY = date(2025, 9, 15)
FAMILIES = [path for path in EXAMPLES if path.stem != "trofimovy"][:6]
KINDS = ("com_consent_pd", "com_agency_request", "krg_agreement", "sos_cooperation_agreement")


def test_a_month_on_paper_for_six_families(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    folder = tmp_path / "office"
    api.found_office(folder, "Центр", "ru")
    monkeypatch.chdir(folder)
    for number, family in enumerate(FAMILIES, start=1):
        home = folder / "cases" / f"k{number}"
        home.mkdir(mode=0o700)
        shutil.copy(family, home / "case.yaml")
    office = api.find_office(folder)
    assert office is not None

    # Issued: each family gets its agreement and its consents.
    issued = []
    for number in range(1, len(FAMILIES) + 1):
        opened = api.open_case(f"k{number}", folder, PLUGINS)
        known = {one.id for one in opened.documents(DAY) if one.count and not one.missing}
        order = api.IssueOrder(
            f"k{number}", tuple(one for one in KINDS if one in known), engine="rdocx", day=DAY
        )
        outcomes = api.issue(order)
        assert {one.result for one in outcomes} == {"issued"}, [str(one.error) for one in outcomes]
        issued += [one.entry for one in outcomes if one.entry]
    assert len({(one.series, one.year, one.number) for one in issued if one.number}) == sum(
        one.number is not None for one in issued
    )

    # Printed: one packet a family; signed by pen, scanned in one heap, and filed.
    for number in range(1, len(FAMILIES) + 1):
        made = api.packet(
            api.PacketOrder(f"k{number}", engine="rdocx", copies=False, two_sided=False, day=DAY)
        )
        with pypdfium2.PdfDocument(made.file) as pages:
            assert len(pages) > 1
    scans: list[Path] = []
    for entry in issued[:3]:
        with pypdfium2.PdfDocument((folder / str(entry.file)).with_suffix(".pdf")) as pages:
            for page in pages:
                picture = page.render(scale=150 / 72).to_pil().convert("L").rotate(180)
                scans.append(tmp_path / f"{100 - len(scans)}.jpg")
                picture.save(scans[-1], quality=60, dpi=(150, 150))
    journal = api.Journal.open(office.journal_place)
    attached = api.attach(sorted(scans), office, journal)
    assert attached.whole and len(attached.pages) == sum(one.pages or 0 for one in issued[:3])
    # Nobody has signed these sheets: no signature is ticked off, and all of them are waited for.
    assert all(mark.kind == "page" for marks in journal.marks().values() for mark in marks)
    waiting = {one.entry.id for one in api.all_awaited(office, journal)}
    assert {one.id for one in issued} <= waiting

    # Signed by hand, as the worker says; then nothing is missing on this paper.
    with api.open_paper(issued[0].id, folder) as paper:
        for signer in paper.signers:
            api.sign_by_hand(paper, signer.number, DAY)
    assert issued[0].id not in {one.entry.id for one in api.all_awaited(office, journal)}

    # Asked for: where a paper comes from, why a sentence stands in it, how the office stands.
    for entry in issued:
        found = api.verify((folder / str(entry.file)).with_suffix(".pdf"), office, journal)
        assert (found.verdict, found.same_today, found.since) == ("unaltered", True, ())
    consent = next(one for one in issued if one.document == "com_consent_pd")
    answer = api.why(consent.id, "даю согласие оператору")
    assert answer.sentences
    assert len(api.overview(office, DAY, PLUGINS)) == len(FAMILIES)
    assert not [run for run in api.number_runs(office, journal, PLUGINS) if run.holes]
    assert [*journal.faults(), *api.files_changed(office, journal), *api.orphans(office, journal)] == []

    # Saved and brought back: the same papers, the same record, and the numbers go on.
    saved = api.back_up(office, tmp_path / "save.zip")
    before = journal.head()
    journal.close()
    api.restore(saved.file, tmp_path / "again")
    again = api.find_office(tmp_path / "again")
    assert again is not None
    monkeypatch.chdir(again.folder)
    book = api.Journal.open(again.journal_place)
    assert book.head() == before
    assert [*book.faults(), *api.files_changed(again, book)] == []
    book.close()
    assert {
        one.result for one in api.issue(api.IssueOrder("k1", ("com_consent_pd",), pdf=False, day=DAY))
    } == {"already"}
