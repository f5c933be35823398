"""Goldens hold what a reader sees of a region's papers; two versions of a region are compared paper by paper."""

import io
import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Ran, Run
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reading import LAST_DAY, PLUGINS

from papka.core.errors import AskedWrongly
from papka.core.loading import load_case
from papka.core.programmes.region import Region
from papka.kit.folder import opened
from papka.kit.goldens import holding
from papka.kit.goldens.comparing import write
from papka.kit.goldens.differing import Comparison, PaperChange
from papka.kit.goldens.drawing import told_on
from papka.kit.goldens.holding import compared
from papka.kit.goldens.reading import body_of, seen
from papka.kit.goldens.tracking import readings, tracked
from papka.kit.goldens.versions import version_of
from papka.output.rendering import Press

PROGRAMME = """\
papka: '1'
id: tula
title: Программа сопровождения семей Тульской области
short_title: Тульская программа
opened_on: agreement.signed_on
closed_on: closure.decided_on
levels:
  - {id: basic, title: Базовый}
  - {id: crisis, title: Кризисный}
signs:
  - {code: K1, title: Угроза ребёнку, level: crisis}
  - {code: B1, title: Семья просит о поддержке, level: basic}
level_table:
  source: {kind: inferred, text: Проект центра}
  rows:
    - {id: TUL-L1, when: signs.K1, propose: crisis, reason: Есть угроза ребёнку}
    - {id: TUL-L2, when: signs.B1, propose: basic, reason: Семья просит о поддержке}
    - {id: TUL-L3, when: 'true', reason: 'Признаков нет, решают специалисты'}
stages:
  - {id: intake, title: Приём, phase: intake, entered_on: referral.received_on}
  - {id: support, title: Сопровождение, phase: support, entered_on: agreement.signed_on}
deadlines:
  - id: TUL-D1
    title: Соглашение с семьёй
    since: referral.received_on
    term: {days: 3}
    done: agreement.signed_on
    cure: Заключите соглашение.
    source: {kind: inferred, text: Проект центра}
documents:
"""
DOCUMENT = """\
  - id: {id}
    title: {title}
    stage: intake
    given: agreement
    dated: agreement.signed_on
    source: {{kind: inferred, text: Проект центра}}
"""
PAPERS = {"tula_agreement": "Соглашение", "tula_memo": "Памятка", "tula_plan": "План", "tula_note": "Записка"}
LINES = {
    "tula_agreement": (
        "Соглашение от {{ документ.дата|датой|линия }}",
        "Центр помогает семье {{ семья.название }} бесплатно.",
        "Уровень: {{ уровень.предложен.название|прочерк }}.",
    ),
    "tula_memo": ("Памятка", "Телефон доверия: 8-800-2000-122"),
    "tula_plan": ("План", "Посещения раз в неделю."),
    "tula_note": ("Записка", "Здесь ничего не меняется."),
}
FAMILY = """\
papka: '1'
programme: tula
id: TUL-{number}
fictional: да
organisation: {{full_name: Центр помощи семье, short_name: Центр}}
specialists: [{{id: p.x, last_name: Гусь, first_name: Анна, sex: female, position: психолог}}]
family:
  display_name: семья {name}
  members:
    - {{id: m.anna, last_name: Лось, first_name: Анна, sex: female, birth_date: 1990-01-02, relation: мать}}
referral: {{received_on: 2025-03-03, channel: self_appeal, text: Просит помощи}}
agreement: {{number: '3', signed_on: 2025-03-07, parties: [m.anna]}}
level_reviews: [{{on: 2025-03-05, by: p.x, signs: {signs}}}]
"""
BOTH_SIGNS = "[{code: K1, present: да}, {code: B1, present: да}]"
ONE_SIGN = "[{code: B1, present: да}]"


def template(folder: Path, name: str, lines: tuple[str, ...], *, bold: bool = False) -> None:
    word = Document()
    for line in lines:
        word.add_paragraph().add_run(line).bold = bold
    word.save(str(folder / "templates" / f"{name}.docx"))


def plugin(folder: Path) -> Path:
    """Write a region of three documents and two families, as a folder that announces it."""
    for name in ("templates", "examples"):
        (folder / name).mkdir(parents=True)
    (folder / "setup.cfg").write_text(
        "[metadata]\nname = papka-tula\nversion = 0.1.0\n[options]\npackage_dir =\n    papka_tula = .\n"
        "packages = papka_tula\n[options.entry_points]\npapka =\n    tula = papka_tula\n"
    )
    (folder / "__init__.py").write_text(
        "from papka.core import Region, hookimpl\n\n\n@hookimpl\ndef papka_programme() -> Region:\n"
        "    return Region.of(__name__)\n"
    )
    documents = "".join(DOCUMENT.format(id=name, title=title) for name, title in PAPERS.items())
    (folder / "programme.yaml").write_text(PROGRAMME + documents, "utf-8")
    for name, lines in LINES.items():
        template(folder, name, lines)
    for number, (name, signs) in enumerate((("losevy", BOTH_SIGNS), ("zajcevy", ONE_SIGN)), start=1):
        text = FAMILY.format(number=number, name=name.title(), signs=signs)
        (folder / "examples" / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def changed(old: Path, new: Path) -> Path:
    """Make a new version: another sentence, another look, a row moved up, a longer term, a paper gone."""
    shutil.copytree(old, new)
    cfg = (new / "setup.cfg").read_text()
    (new / "setup.cfg").write_text(cfg.replace("0.1.0", "0.2.0"))
    text = (new / "programme.yaml").read_text("utf-8")
    rows = [line for line in text.splitlines(keepends=True) if "id: TUL-L" in line]
    text = text.replace("".join(rows), "".join([rows[1], rows[0], rows[2]])).replace("days: 3", "days: 5")
    text = text.replace(DOCUMENT.format(id="tula_plan", title="План"), "")
    (new / "programme.yaml").write_text(text, "utf-8")
    memo = ("Памятка", "Телефон доверия, бесплатно и без имени: 8-800-2000-122")
    template(new, "tula_memo", memo)
    template(new, "tula_agreement", LINES["tula_agreement"], bold=True)
    return new


def as_wheel(folder: Path, file: Path) -> Path:
    """Pack a folder as pip's own format, without the tools that build it."""
    with zipfile.ZipFile(file, "w") as wheel:
        for one in sorted(folder.rglob("*")):
            if one.is_file() and "__pycache__" not in one.parts:
                wheel.write(one, f"papka_tula/{one.relative_to(folder).as_posix()}")
        told = "papka_tula-0.2.0.dist-info"
        wheel.writestr(f"{told}/METADATA", "Metadata-Version: 2.1\nName: papka-tula\nVersion: 0.2.0\n")
        wheel.writestr(f"{told}/entry_points.txt", "[papka]\ntula = papka_tula\n")
    return file


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the installed regions out where a region of this test is opened: it is not about them."""
    monkeypatch.setenv("PAPKA_LOAD_PLUGINS", "tula,kurgan_ipss,sos_partnership")


@pytest.fixture
def tula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAPKA_LOAD_PLUGINS", "tula")
    return plugin(tmp_path / "tula")


# --- what a reader sees ----------------------------------------------------------------------------------


def paper() -> Document:
    word = Document()
    word.sections[0].header.paragraphs[0].text = "Центр помощи семье"
    word.add_paragraph("Согласие № 3\u00a0от «__» ________ 20__ г.")
    word.add_paragraph("получать помощь", style="List Number")
    word.add_paragraph("видеть своё дело", style="List Number")
    run = word.add_paragraph("отмечено: ").add_run()
    box = OxmlElement("w:sym")
    box.set(qn("w:font"), "Wingdings")
    box.set(qn("w:char"), "F0FE")
    run._r.append(box)
    table = word.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Имя", "Анна", "Возраст", "☐"), strict=True
    ):
        cell.text = text
    word.add_paragraph("на другой").add_run().add_break(WD_BREAK.PAGE)
    word.add_paragraph("Подпись ____________").runs[0].font.hidden = False
    word.add_paragraph("не печатается").runs[0].font.hidden = True
    return word


def saved(word: Document) -> bytes:
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def test_a_golden_reads_as_the_paper_does() -> None:
    assert seen(saved(paper())).splitlines() == [
        "Согласие № 3 от «____» ____ 20____ г.",
        "1. получать помощь",
        "2. видеть своё дело",
        "отмечено: ☒",
        "[таблица]",
        "| Имя | Анна |",
        "| Возраст | ☐ |",
        "[конец таблицы]",
        "на другой",
        "————— новая страница —————",
        "Подпись ____",
        "[верх страницы]",
        "Центр помощи семье",
    ]


def test_a_golden_does_not_know_how_word_cut_and_packed_the_words() -> None:
    cut = paper()
    first = cut.paragraphs[0]
    text, first.text = first.text, ""
    for sign in text:
        first.add_run(sign)
    cut.core_properties.author = "Методист"

    assert saved(cut) != saved(paper())
    assert seen(saved(cut)) == seen(saved(paper()))


@pytest.mark.parametrize(
    "path", [one for r in PLUGINS.programmes().values() for one in r.examples()], ids=lambda p: p.stem
)
def test_a_family_is_drawn_on_the_day_on_which_its_story_is_known(path: Path) -> None:
    case = load_case(path)
    day = told_on(case)

    assert case.as_of(day) == case.as_of(date(2999, 1, 1))
    assert case.as_of(day - timedelta(days=1)) != case.as_of(day)


# --- goldens of a plugin ---------------------------------------------------------------------------------


def accepted(here: Run, folder: Path, *more: str) -> Ran:
    return here("plugin", "accept", folder, *more)


def test_goldens_are_written_when_somebody_says_so(tula: Path, here: Run) -> None:
    asked = accepted(here, tula)
    written_yet = (tula / "goldens").exists()
    done = accepted(here, tula, "--yes")
    again = accepted(here, tula)

    assert asked.code == 3 and "goldens/losevy/tula_memo.txt: new" in asked.out
    assert not written_yet
    assert done.code == 0
    assert (tula / "goldens/losevy/tula_memo.txt").read_text("utf-8").splitlines() == [
        "# tula_memo · Памятка · дело на 07.03.2025",
        "Памятка",
        "Телефон доверия: 8-800-2000-122",
    ]
    assert again.code == 0 and "All goldens say what the papers say." in again.out


def test_a_paper_that_reads_otherwise_is_told_with_its_line_and_shown_before_it_is_accepted(
    tula: Path, here: Run
) -> None:
    accepted(here, tula, "--yes")
    template(tula, "tula_memo", ("Памятка", "Телефон доверия: 112"))

    found = compared(opened(tula))
    shown = accepted(here, tula, "tula_memo", "--yes")

    assert [(one.id, one.severity, one.place.file, one.place.line) for one in found] == [
        ("G-DIFFERS", "error", f"goldens/{family}/tula_memo.txt", 3) for family in ("losevy", "zajcevy")
    ]
    assert all("papka plugin accept" in one.cure for one in found)
    assert not any("8-800" in one.message + one.cure for one in found)
    assert "lines taken out: 1, added: 1" in shown.out
    assert "- Телефон доверия: 8-800-2000-122" in shown.out and "+ Телефон доверия: 112" in shown.out
    assert compared(opened(tula)) == []


def test_a_golden_that_is_missing_and_one_of_no_paper_are_told(tula: Path, here: Run) -> None:
    accepted(here, tula, "--yes", "--family", "losevy")
    (tula / "goldens/losevy/tula_plan.txt").rename(tula / "goldens/losevy/tula_gone.txt")

    found = {one.id: one.place.file for one in compared(opened(tula))}

    assert found == {
        "G-MISSING": "goldens/losevy/tula_plan.txt",
        "G-STALE": "goldens/losevy/tula_gone.txt",
        "G-NONE": "goldens",
    }
    assert accepted(here, tula, "--yes").code == 0
    assert sorted(path.stem for path in (tula / "goldens").rglob("*.txt")) == sorted(PAPERS)


def test_the_golden_of_a_paper_that_is_refused_stays(tula: Path, here: Run) -> None:
    accepted(here, tula, "--yes")
    template(tula, "tula_memo", ("{{ нет_такого }}",))

    found = compared(opened(tula))
    tried = accepted(here, tula, "--yes")

    assert {one.id for one in found} == {"G-REFUSED"}
    assert tried.code == 3
    assert "8-800" in (tula / "goldens/losevy/tula_memo.txt").read_text("utf-8")


def test_a_name_that_is_not_there_is_told_with_the_nearest(tula: Path, here: Run) -> None:
    tried = accepted(here, tula, "tula_meno")

    assert tried.code == 2
    assert "Did you mean tula_memo?" in tried.err


@pytest.mark.parametrize("name", ["kurgan_ipss", "sos_partnership"])
def test_the_papers_of_the_house_say_what_their_goldens_hold(name: str) -> None:
    found = [one for one in compared(opened(name)) if one.severity != "info"]

    assert [(one.id, one.place.file, one.place.line) for one in found] == []


def test_the_page_shows_commands_as_they_are(here: Run) -> None:
    page = (Path(__file__).parents[1] / "docs" / "proving.md").read_text("utf-8")
    section = page.partition("## Hold your papers, compare versions")[2].partition("\n## ")[0]
    shown = re.findall(r"^    papka plugin (accept|diff)(.*)$", section, re.MULTILINE)
    ids = set(re.findall(r"^\| `(G-\w+)`", section, re.MULTILINE))
    code = (Path(holding.__file__)).read_text("utf-8")

    assert shown
    for name in ("accept", "diff"):
        helped = here("plugin", name, "--help").out
        options = {option for one, rest in shown if one == name for option in re.findall(r"--\w+", rest)}
        assert options and all(option in helped for option in options)
    assert ids == set(re.findall(r'"(G-[A-Z]+)"', code))


# --- two versions ----------------------------------------------------------------------------------------


def test_a_new_version_is_compared_in_its_papers_and_its_rules(tula: Path, tmp_path: Path, run: Run) -> None:
    new = as_wheel(changed(tula, tmp_path / "new"), tmp_path / "papka_tula-0.2.0-py3-none-any.whl")
    into = tmp_path / "into"

    done = run("plugin", "diff", tula, new, "--into", into, "--json", PAPKA_LOAD_PLUGINS="tula")

    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["old"]["version"], told["new"]["version"]) == ("0.1.0", "0.2.0")
    assert told["summary"] == {
        "papers": 8,
        "changed": 3,
        "added": 0,
        "removed": 2,
        "look": 1,
        "same": 2,
        "families_that_move_level": ["losevy"],
    }
    moves = {(one["family"], one["what"], one["about"], one["old"], one["new"]) for one in told["moves"]}
    assert ("losevy", "level", "2025-03-05", "Кризисный (TUL-L1)", "Базовый (TUL-L2)") in moves
    assert ("losevy", "term", "TUL-D1", "2025-03-06", "2025-03-10") in moves
    assert ("zajcevy", "document", "tula_plan", "План", None) in moves
    assert sorted(path.name for path in into.iterdir()) == [
        "changes.json",
        "losevy-tula_agreement.docx",
        "losevy-tula_memo.docx",
        "losevy-tula_plan-removed.docx",
        "overview.docx",
        "zajcevy-tula_memo.docx",
        "zajcevy-tula_plan-removed.docx",
    ]
    before, after = readings((into / "losevy-tula_memo.docx").read_bytes())
    assert before.splitlines()[1:] == ["Телефон доверия: 8-800-2000-122"]
    assert after.splitlines()[1:] == ["Телефон доверия, бесплатно и без имени: 8-800-2000-122"]
    overview = seen((into / "overview.docx").read_bytes())
    assert "Слова изменились в 3 бумагах из 8." in overview
    assert "другое оформление — в 1 бумаге из 8, файлов для них нет: Соглашение." in overview
    assert "Предлагаемый уровень изменился у 1 семьи из 2." in overview
    assert "| losevy | 05.03.2025 | Кризисный (TUL-L1) | Базовый (TUL-L2) |" in overview


def test_a_version_may_be_an_archive_and_must_hold_a_plugin(tula: Path, tmp_path: Path) -> None:
    archive, empty, broken = (tmp_path / name for name in ("tula-0.1.tar.gz", "empty.zip", "broken.whl"))
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(tula, "papka_tula-0.1")
    zipfile.ZipFile(empty, "w").close()
    broken.write_bytes(b"PK\3\4 and no more")

    version = version_of(str(archive), tmp_path / "room")

    assert opened(Path(version.name)).at_work().programme.id == "tula"
    for file in (empty, broken):
        with pytest.raises(AskedWrongly, match=file.name):
            version_of(str(file), tmp_path / f"room-{file.stem}")


def test_a_version_that_cannot_be_loaded_is_named(tula: Path, tmp_path: Path, here: Run) -> None:
    new = changed(tula, tmp_path / "new")
    (new / "programme.yaml").write_text("papka: '1'\nid: tula\n", "utf-8")

    done = here("plugin", "diff", tula, new, "--into", tmp_path / "into")

    assert done.code != 0
    assert str(new) in done.err and "cannot be used" in done.err
    assert not (tmp_path / "into").exists()


def comparison(*changes: PaperChange) -> Comparison:
    version = {"name": "tula", "version": "1", "programme": "Тульская программа"}
    return Comparison(version, version, ("losevy",), 9, changes, ())


def test_what_an_earlier_comparison_left_goes_and_what_somebody_edited_stays(tmp_path: Path) -> None:
    press = Press(PLUGINS.method("sos_partnership"), PLUGINS.language)
    content = press.blank("sos_referral").content
    names = ("losevy", "tula_memo", "Памятка")
    first, second = (PaperChange(*names, f"m{n}", "changed", (1, 1), content, True) for n in (1, 2))
    write(comparison(first, second), tmp_path)
    Document().save(str(tmp_path / "losevy-m2.docx"))  # another program saved it
    (tmp_path / "own.docx").write_bytes(content)

    write(comparison(), tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "changes.json",
        "losevy-m2.kept-1.docx",
        "overview.docx",
        "own.docx",
    ]


# --- tracked changes -------------------------------------------------------------------------------------


def both(region: Region, document: str, one: str, other: str) -> tuple[bytes, bytes]:
    """Draw one document of two families: two papers that say almost nothing alike."""
    press = Press(PLUGINS.method(region.programme.id), PLUGINS.language)
    paths = {path.stem: path for path in region.examples()}
    drawn = [next(press.render(load_case(paths[name]), document, LAST_DAY)).content for name in (one, other)]
    return drawn[0], drawn[1]


UNLIKE = [
    ("kurgan_ipss", "krg_tg_protocol", "chernykh_shevchenko", "orazovy"),
    ("kurgan_ipss", "krg_ipss", "orazovy", "rimskie_korsakovy"),
    ("sos_partnership", "sos_needs_triangle", "kim", "orlovy"),
]


@pytest.mark.parametrize(("programme", "document", "one", "other"), UNLIKE)
def test_both_papers_come_out_of_the_tracked_changes(
    programme: str, document: str, one: str, other: str
) -> None:
    old, new = both(PLUGINS.programmes()[programme], document, one, other)

    found = tracked(old, new, date(2026, 1, 1))

    assert found.content is not None and found.grain == "words" and found.has_edges
    assert readings(found.content) == (seen(old), seen(new))
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        body = archive.read("word/document.xml").decode()
    assert 'w:author="papka" w:date="2026-01-01T00:00:00Z"' in body


def of_one_page(*, foot: str = "", columns: int = 2, new_page: bool = False) -> bytes:
    word = Document()
    word.sections[0].header.paragraphs[0].text = "Центр"
    if foot:
        word.sections[0].footer.paragraphs[0].text = foot
    word.add_paragraph("Первый пункт соглашения", style="List Number")
    word.add_paragraph(
        "Второй пункт соглашения", style="List Number"
    ).paragraph_format.page_break_before = new_page
    table = word.add_table(1, columns)
    for number, cell in enumerate(table.rows[0].cells):
        cell.text = f"графа {number}"
    return saved(word)


@pytest.mark.parametrize(
    ("change", "grain", "has_edges"),
    [
        ({"columns": 3}, "words", True),
        ({"new_page": True}, "paragraphs", True),
        ({"foot": "Новый низ"}, "words", False),
    ],
)
def test_what_is_no_word_is_exchanged_or_told(change: dict[str, object], grain: str, has_edges: bool) -> None:
    old, new = of_one_page(), of_one_page(**change)  # type: ignore[arg-type]

    for pair in ((old, new), (new, old)):
        found = tracked(*pair, date(2026, 1, 1))

        assert found.content is not None
        assert (found.grain, found.has_edges) == (grain, has_edges)
        shown = [body_of(one) for one in readings(found.content)]
        assert shown == [body_of(seen(one)) for one in pair]


PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("settle_in_libreoffice.py")


def has_libreoffice() -> bool:
    if shutil.which("soffice") is None or not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", "import uno"], capture_output=True).returncode == 0


@pytest.mark.skipif(not has_libreoffice(), reason="LibreOffice with its Python bridge does not stand here")
def test_an_office_suite_shows_the_changes_and_settles_them(tmp_path: Path) -> None:
    old, new = both(PLUGINS.programmes()["kurgan_ipss"], "krg_application", "chernykh_shevchenko", "orazovy")
    content = tracked(old, new, date(2026, 1, 1)).content
    assert content is not None
    names: Callable[[str], Path] = lambda name: tmp_path / f"{name}.docx"  # noqa: E731
    names("tracked").write_bytes(content)

    done = subprocess.run(
        [PYTHON, str(SCRIPT), *(str(names(one)) for one in ("tracked", "accepted", "rejected"))],
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert int(done.stdout.strip().splitlines()[-1]) > 20, done.stderr
    assert seen(names("accepted").read_bytes()) == seen(new)
    assert seen(names("rejected").read_bytes()) == seen(old)
