"""A new plugin passes its own checks at once, and takes what is new in the scaffold without losing a word."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from papka.core import PapkaError
from papka.core.errors import AskedWrongly
from papka.core.opening import OpenCase, unknown_codes
from papka.core.rules.proving import prove
from papka.core.rules.situation import Situation
from papka.kit.folder import Opened, opened
from papka.kit.scaffold import making, updating
from papka.kit.scaffold.answers import Answers, Base, fitting, one_line, plain_id
from papka.kit.scaffold.merging import merged
from papka.output.rendering import Press

Run = Callable[..., Any]
DAY = date(2026, 1, 15)
TITLE = "Программа «Шаг к дому»: весь путь 'семьи' & её детей #1"
TULA = Answers("tula", TITLE, "Шаг к дому")


@pytest.fixture(scope="module")
def tula(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new region; who changes it takes a copy."""
    return making.make(TULA, tmp_path_factory.mktemp("regions"))


@pytest.fixture(scope="module")
def loaded(tula: Path) -> Opened:
    return opened(tula)


# --- a region ----------------------------------------------------------------------------------------------


def test_the_command_makes_a_plugin_that_is_found_right_and_says_what_comes_next(
    here: Run, tmp_path: Path
) -> None:
    ran = here("plugin", "new", "papka-tula", "--title", TITLE, "--defaults", "--into", tmp_path)

    assert ran.code == 0, ran.all
    assert "papka plugin check ." in ran.out and "pip install -e ." in ran.out
    made = opened(tmp_path / "papka-tula")
    assert (made.info.fault, made.info.findings, made.distribution) == (None, (), "papka-tula")
    assert made.method is not None and made.method.programme.title == TITLE


def test_it_passes_all_checks_of_the_kit_at_once(tula: Path, here: Run) -> None:
    ran = here("plugin", "check", tula)

    assert ran.code == 0, ran.all
    assert "failed: 0" in ran.out and "P-15" in ran.out
    # What is left to do is its author's: families that show every branch.
    assert [line[2:6] for line in ran.out.splitlines() if line.startswith("!")] == ["P-23"], ran.out


def test_who_has_not_installed_it_yet_is_told_where_it_lies_and_what_to_type(tula: Path, here: Run) -> None:
    (example,) = (one for one in (tula / "examples").glob("*.yaml") if not one.stem.startswith("refused"))

    ran = here("render", example)

    assert ran.code == 2 and f"pip install -e {tula}" in ran.err, ran.all


def test_its_example_needs_nothing_and_its_wrong_example_is_refused(loaded: Opened) -> None:
    method = loaded.at_work()
    (example,), (wrong,) = method.region.examples(), method.region.refused_examples()

    found = OpenCase(example, method.region.example(example), loaded.plugins, method).findings(DAY)
    faults = list(unknown_codes(wrong, method.region.example(wrong), method.programme))

    # What was lawful when the story is told may be told apart since: that is worth knowing and no fault.
    assert [one.id for one in found if one.severity != "info"] == []
    assert [one.id for one in faults] == ["F-CODE"]


def test_each_of_its_papers_is_drawn_from_its_example(loaded: Opened) -> None:
    method = loaded.at_work()
    case = method.region.example(method.region.examples()[0])
    press = Press(method, loaded.plugins.language)

    drawn = {name: [one.content for one in press.render(case, name, DAY)] for name in method.papers}

    assert set(drawn) > {"tula_agreement", "tula_plan"} and all(drawn.values())
    for name in ("tula_agreement", "tula_plan"):
        paper = Document(io.BytesIO(drawn[name][0]))
        section = paper.sections[0]
        margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert [round(one.mm) for one in margins if one is not None] == [30, 10, 20, 24]  # 24: the code
        fonts = paper.styles.element.xpath("w:docDefaults//w:rFonts/@w:ascii")
        sizes = paper.styles.element.xpath("w:docDefaults//w:sz/@w:val")
        assert fonts == ["Times New Roman"] and 24 <= int(sizes[0]) <= 28
        text = "\n".join(one.text for one in paper.paragraphs)
        assert "{" not in text and "Кедров" in text + "".join(
            cell.text for table in paper.tables for row in table.rows for cell in row.cells
        )


def test_its_rule_table_is_proven(loaded: Opened) -> None:
    method = loaded.at_work()
    case = method.region.example(method.region.examples()[0])
    example = Situation(case, method.programme, loaded.plugins.language, DAY)

    proofs = prove(method.programme, loaded.plugins.language, [example])

    assert proofs and all(one.holds for one in proofs)


def test_the_folder_holds_what_is_shipped(loaded: Opened) -> None:
    from fnmatch import fnmatch

    assert loaded.project is not None
    patterns = loaded.project.package_data["papka_tula"]
    own = ("setup.cfg", "pyproject.toml", "README.md", "__init__.py", ".papka/")
    names = [one.relative_to(loaded.folder).as_posix() for one in loaded.folder.rglob("*") if one.is_file()]
    data = [one for one in names if not one.startswith(own) and "__pycache__" not in one]

    assert [one for one in data if not any(fnmatch(one, pattern) for pattern in patterns)] == []
    assert len(data) == 7


# --- a variant ---------------------------------------------------------------------------------------------


def test_a_variant_holds_only_what_differs(here: Run, tmp_path: Path) -> None:
    ran = here("plugin", "new", "shadrinsk", "--based-on", "kurgan_ipss", "--defaults", "--into", tmp_path)

    assert ran.code == 0, ran.all
    made = opened(tmp_path / "papka-shadrinsk")
    method = made.at_work()
    base = made.plugins.method("kurgan_ipss")
    assert made.info.based_on == "kurgan_ipss"
    assert set(method.papers) == {*base.papers, "shadrinsk_memo"}
    assert any(one.startswith("papka-kurgan-ipss>=") for one in made.requires)
    text = (made.folder / "programme.yaml").read_text("utf-8")
    assert len([one for one in text.splitlines() if one and not one.lstrip().startswith("#")]) < 30
    own = dict.fromkeys(base.region.programme.settings)
    changed = [name for name in own if method.programme.settings[name] != base.programme.settings[name]]
    assert len(changed) == 1
    case = method.region.example(method.region.examples()[0])
    (memo,) = Press(method, made.plugins.language).render(case, "shadrinsk_memo", DAY)
    shown = "\n".join(one.text for one in Document(io.BytesIO(memo.content)).paragraphs)
    assert method.programme.title in shown and "Липина Вера Ивановна" in shown
    checked = here("plugin", "check", made.folder, "P-01", "P-03", "P-04", "P-08", "P-10", "P-11", "P-12")
    assert checked.code == 0 and "with something to look at: 0, failed: 0" in checked.out, checked.all
    inherited = method.region.inherited_examples()
    assert "chernykh_shevchenko" in [one.stem for one in inherited]
    assert {method.region.example(one).programme for one in inherited} == {"shadrinsk"}


def test_a_base_without_numbers_of_its_own_gives_a_variant_without_that_part() -> None:
    base = Base("hill", "Холм", "papka-hill>=1.0,<2.0", "begin", "hill_note", "Записка", 1)

    programme = making.filled_in(Answers("north", "Север", "Север", base))["programme.yaml"].decode()

    assert "settings:" not in programme and "- {id: hill_note, copies: 2}" in programme


# --- asked wrongly -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("new", "Тула"), "papka plugin new tula"),
        (("new", "1tula"), "Latin letters"),
        (("new", "tula", "--based-on", "kurgan"), "kurgan_ipss"),
        (("new", "kurgan_ipss"), "already"),
        (("new", "tula", "--title", "  "), "1 to 200"),
        (("update", "."), "papka plugin new"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(
    here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = here("plugin", *asked, *(("--defaults",) if asked[0] == "new" else ()))

    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    assert told in ran.err


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "papka-tula").mkdir()

    with pytest.raises(AskedWrongly, match="papka-tula"):
        making.make(TULA, tmp_path)
    assert list(tmp_path.rglob("*")) == [tmp_path / "papka-tula"]


def test_without_the_kit_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "copier", None)

    with pytest.raises(PapkaError, match=r"pip install papka\[kit\]"):
        making.make(TULA, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_names_titles_and_versions() -> None:
    assert [plain_id(one) for one in ("tula", "papka-tula", " Nizhny-Tagil ")] == [
        "tula",
        "tula",
        "nizhny_tagil",
    ]
    assert one_line(" Шаг\n к\tдому ") == "Шаг к дому"
    assert [fitting(one) for one in ("0.1.3", "2.4", "?")] == [">=0.1,<0.2", ">=2.4,<3.0", ""]


# --- a later papka -----------------------------------------------------------------------------------------


def paper(*lines: str) -> bytes:
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def lines_of(content: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(content)).paragraphs]


OLD = {
    "same.yaml": b"a: 1\n",
    "untouched.yaml": b"a: 1\n",
    "both.yaml": b"a: 1\nb: 2\nc: 3\nd: 4\n",
    "fight.yaml": b"a: 1\n",
    "gone.md": b"old\n",
    "thrown.md": b"old\n",
    "templates/t.docx": paper("Первый", "Второй", "Третий", "Четвёртый"),
}
NEW = OLD | {
    "untouched.yaml": b"a: 2\n",
    "both.yaml": b"a: 1\nb: 2\nc: 3\nd: 5\n",
    "fight.yaml": b"a: 2\n",
    "thrown.md": b"new\n",
    "added.yaml": b"z: 1\n",
    "mine.yaml": b"y: 1\n",
    "templates/t.docx": paper("Первый", "Второй", "Третий", "Четвёртый новый"),
}
del NEW["gone.md"]


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin that an older papka made, and that its author changed."""
    monkeypatch.setattr(making, "filled_in", lambda answers: OLD)
    folder = making.make(TULA, tmp_path)
    record = folder / ".papka" / "scaffold.json"
    record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | {"papka": "0.0.9"}), "utf-8")
    (folder / "both.yaml").write_bytes(b"a: 0\r\nb: 2\r\nc: 3\r\nd: 4\r\n")
    (folder / "fight.yaml").write_bytes(b"a: 3\n")
    (folder / "mine.yaml").write_bytes(b"x: 1\n")
    (folder / "thrown.md").unlink()
    (folder / "templates" / "t.docx").write_bytes(paper("Первый мой", "Второй", "Третий", "Четвёртый"))
    monkeypatch.setattr(updating, "filled_in", lambda answers: NEW)
    return folder


def test_what_is_new_comes_in_and_no_word_of_the_author_is_lost(old: Path) -> None:
    found = updating.look(old, DAY)
    found.carry_out()

    assert {one.name: one.state for one in found.steps} == {
        "added.yaml": "added",
        "both.yaml": "merged",
        "fight.yaml": "beside",
        "gone.md": "left",
        "mine.yaml": "beside",
        "templates/t.docx": "merged",
        "untouched.yaml": "renewed",
    }
    read = {
        one: (old / one).read_bytes() for one in ("both.yaml", "fight.yaml", "mine.yaml", "untouched.yaml")
    }
    assert read["both.yaml"] == b"a: 0\r\nb: 2\r\nc: 3\r\nd: 5\r\n", "line ends stay the author's"
    assert (read["fight.yaml"], (old / "fight.yaml.new").read_bytes()) == (b"a: 3\n", b"a: 2\n")
    assert (read["mine.yaml"], read["untouched.yaml"]) == (b"x: 1\n", b"a: 2\n")
    assert lines_of((old / "templates" / "t.docx").read_bytes()) == [
        "Первый мой",
        "Второй",
        "Третий",
        "Четвёртый новый",
    ]
    assert not (old / "thrown.md").exists(), "what the author threw away stays away"
    assert (old / ".papka" / "before" / "both.yaml").read_bytes().startswith(b"a: 0")


def test_a_second_update_has_nothing_to_do(old: Path) -> None:
    updating.look(old, DAY).carry_out()

    again = updating.look(old, DAY)

    assert (again.steps, again.is_needed) == ((), False)


def test_the_command_says_what_to_look_at_and_a_dry_run_writes_nothing(
    tula: Path, here: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "papka-tula"
    shutil.copytree(tula, folder)
    assert "Nothing new" in here("plugin", "update", folder).out
    record = making.Record.read(folder)
    before = dict(record.written)
    before["registers.yaml"] = before["registers.yaml"].replace("Подпись".encode(), "Роспись".encode())
    for name, content in making.Record("0.0.9", record.answers, before).files().items():
        (folder / name).write_bytes(content)
    (folder / "registers.yaml").write_bytes(before["registers.yaml"])

    dry = here("plugin", "update", folder, "--dry-run", "--json")
    wet = here("plugin", "update", folder)

    assert [one["state"] for one in json.loads(dry.out)] == ["renewed"]
    assert wet.code == 0, wet.all
    assert "registers.yaml: renewed" in wet.out and "0.0.9 → " in wet.out
    assert "Подпись" in (folder / "registers.yaml").read_text("utf-8")


def test_a_plugin_of_a_newer_papka_or_with_a_spoilt_record_is_left_alone(old: Path) -> None:
    record = old / ".papka" / "scaffold.json"
    known = json.loads(record.read_text("utf-8"))

    record.write_text(json.dumps(known | {"papka": "99.0"}), "utf-8")
    with pytest.raises(AskedWrongly, match=r"99\.0"):
        updating.look(old, DAY)
    record.write_text("{", "utf-8")
    with pytest.raises(PapkaError):
        updating.look(old, DAY)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "together"),
    [
        (b"a\nb\nc\nd\n", b"A\nb\nc\nd\n", b"a\nb\nc\nD\n", b"A\nb\nc\nD\n"),
        (b"a\nb\nc\n", b"x\na\nb\nc\n", b"a\nb\nc\ny\n", b"x\na\nb\nc\ny\n"),
        (b"a\nb\n", b"a\nB\n", b"a\nB\n", b"a\nB\n"),
        (b"a\n", b"b\n", b"c\n", None),
        (b"a\n", b"a\nx\n", b"a\ny\n", None),
        (b"a\nb\n", b"A\nb\n", b"a\nB\n", None),
        (b"a\nb\nc\nd\n", b"\xef\xbb\xbfA\nb\nc\nd\n", b"a\nb\nc\nD\n", b"\xef\xbb\xbfA\nb\nc\nD\n"),
        (b"a\n", b"\xff\n", b"b\n", None),
    ],
)
def test_two_changes_are_put_together_where_they_do_not_touch(
    base: bytes, ours: bytes, theirs: bytes, together: bytes | None
) -> None:
    assert merged(base, ours, theirs) == together
