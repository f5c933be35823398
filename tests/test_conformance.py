"""The kit's checks: a sound plugin passes all of them, and each way to break one is told with place and cure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from tiny_region import CODE, FAMILY, PROGRAMME, WORDS, Brook

from papka.core.errors import AskedWrongly
from papka.core.findings import Finding
from papka.kit.conformance.checks import all_checks
from papka.kit.conformance.personal import suspects
from papka.kit.conformance.reporting import written
from papka.kit.conformance.versions import fits
from papka.kit.folder import opened

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "proving.md").read_text("utf-8")

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def brook(tmp_path: Path) -> Brook:
    return Brook(tmp_path / "papka-brook")


# --- all is well -------------------------------------------------------------------------------------------


def test_a_sound_plugin_passes_every_check_and_its_report_says_so(brook: Brook, tmp_path: Path) -> None:
    outcomes = brook.outcomes()

    assert [one.check.id for one in outcomes] == [f"P-{n:02}" for n in range(1, len(outcomes) + 1)]
    assert [(one.check.id, one.findings) for one in outcomes if one.state == "fails"] == []
    noted = {one.check.id for one in outcomes if one.state in ("noted", "skipped")}
    assert noted <= {"P-19", "P-20", "P-21", "P-22", "P-23", "P-24"}
    written(tmp_path / "report.docx", brook.trial(), outcomes)
    text = "\n".join(one.text for one in Document(str(tmp_path / "report.docx")).paragraphs)
    assert "Плагином можно пользоваться" in text.replace("\u00a0", " ")
    assert "Программа сопровождения «Ручей»" in text.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["kurgan_ipss", "sos_partnership"])
def test_papkas_own_regions_pass_what_is_quickly_looked_at(name: str) -> None:
    from papka.kit.conformance.checks import run
    from papka.kit.conformance.trial import Trial

    trial = Trial(opened(name))
    quick = {"P-01", "P-02", "P-03", "P-04", "P-06", "P-07", "P-08", "P-11", "P-12"}
    found = [run(trial, one) for one in all_checks() if one.id in quick]

    assert [(one.check.id, one.findings) for one in found if one.state != "holds"] == []
    assert all(one.count for one in found)


# --- broken in one place -----------------------------------------------------------------------------------

HOOK = """

@hookimpl
def papka_findings(programme, context):
    return [Finding("BRK-9", "info", {message}, "Посмотрите.")]
"""
FILTER = """

@hookimpl
def papka_filters():
    return [Filter("foam", "пена", ("text",), "text", "Пена на воде.", "{example}", lambda value: {body})]
"""
CODE_WITH_MORE = CODE.replace("import Region", "import Filter, Finding, Region")
YAML = "programme.yaml"


def hook(message: str) -> Callable[[Brook], None]:
    return lambda brook: brook.write("__init__.py", CODE_WITH_MORE + HOOK.format(message=message))


def filter_(example: str, body: str = "value") -> Callable[[Brook], None]:
    return lambda brook: brook.write(
        "__init__.py", CODE_WITH_MORE + FILTER.format(example=example, body=body)
    )


def changed(name: str, old: str, new: str) -> Callable[[Brook], None]:
    return lambda brook: brook.change(name, old, new)


def drawn(*words: str, **looks: object) -> Callable[[Brook], None]:
    return lambda brook: brook.template(*(words or WORDS), **looks)  # type: ignore[arg-type]


def without(name: str) -> Callable[[Brook], None]:
    return lambda brook: (brook.folder / name).unlink()


def numbered_lines(brook: Brook) -> None:
    """Ask for what the engine that comes with papka does not draw."""
    word = Document(str(brook.folder / AGREEMENT))
    numbers = OxmlElement("w:lnNumType")
    numbers.set(qn("w:countBy"), "1")
    word.sections[0]._sectPr.append(numbers)
    word.save(str(brook.folder / AGREEMENT))


def at_the_foot(brook: Brook) -> None:
    word = Document(str(brook.folder / AGREEMENT))
    foot = word.sections[0].footer.paragraphs[0]
    foot.text, foot.alignment = (
        "Центр «Ручей», телефон, адрес и всё, что обычно стоит внизу",
        WD_ALIGN_PARAGRAPH.RIGHT,
    )
    word.save(str(brook.folder / AGREEMENT))


def cut_short(brook: Brook) -> None:
    """Print names by a filter of its own that has room for the example's only."""
    filter_("{{ x|пена }}", "str(value)[:40]")(brook)
    brook.template("{{ organisation.full_name|пена }} {{ agreement.number|линия }}")


def golden_of_old(brook: Brook) -> None:
    from papka.kit.goldens.holding import changes

    for one in changes(opened(brook.folder)):
        one.settle()
    brook.template(*WORDS, "Стороны договорились.")


FORBIDS = """\
checks:
- {id: BRK-C1, when: 'true', blocks: [brook_agreement], message: Нельзя., cure: Подождите.,
   source: {kind: inferred, text: вымышлено}}
"""
REGISTER = """\
registers:
- id: brook_visits
  title: Журнал встреч
  each: contacts
  alias: [visit, встреча]
  columns:
  - {title: Дата, value: visit.on}
  source: {kind: inferred, text: вымышлено}
"""
IVANOVY, AGREEMENT = "examples/ivanovy.yaml", "templates/brook_agreement.docx"
BREAKS: list[tuple[str, Callable[[Brook], None], str, str, str]] = [
    # check, what is broken, where it is told, words of the message, words of the cure
    (
        "P-01",
        changed("__init__.py", "from papka.core", "from papka.corn"),
        "__init__.py:3",
        "set aside",
        "Correct",
    ),
    ("P-01", changed("__init__.py", "of(__name__)", "of("), "__init__.py:8", "SyntaxError", "Correct"),
    ("P-01", changed(YAML, "given: agreement", "given: agreemnt"), YAML, "agreemnt", ""),
    ("P-01", without(AGREEMENT), AGREEMENT, "brook_agreement.docx", "templates"),
    ("P-02", changed(YAML, "id: brook\n", "id: kurgan_ipss\n"), "", "kurgan_ipss", ""),
    (
        "P-03",
        changed("setup.cfg", "install_requires = papka>=0.1,<9", ""),
        "setup.cfg",
        "which papka",
        "install_requires",
    ),
    ("P-03", changed("setup.cfg", ">=0.1,<9", ">=7"), "setup.cfg", "another papka (papka>=7)", "widen"),
    ("P-03", changed("setup.cfg", ",<9", ""), "setup.cfg", "no upper bound", "<0.2"),
    (
        "P-04",
        changed("setup.cfg", "templates/*.docx, ", ""),
        AGREEMENT,
        "not shipped",
        "Add templates/*.docx",
    ),
    (
        "P-04",
        lambda brook: brook.write("more/__init__.py", ""),
        "more/__init__.py",
        "papka_brook.more",
        "packages",
    ),
    ("P-04", changed("setup.cfg", "name = papka-brook", "name = brook"), "setup.cfg", "papka-", "Rename"),
    ("P-05", drawn("{{ organisation.ful_name }}"), AGREEMENT, "ful_name", ""),
    ("P-06", drawn(font="Comic Sans MS"), AGREEMENT, "Comic Sans MS", "Times New Roman"),
    ("P-07", drawn(wide=216), AGREEMENT, "216 × 297", "A4"),
    ("P-07", drawn(left=12), AGREEMENT, "12 mm", "30 mm"),
    ("P-07", drawn(size=9), AGREEMENT, "9 points", "12 to 14"),
    ("P-08", changed(YAML, "title: Базовый", "title: Basic"), f"{YAML}:10", "not Russian", "Russian"),
    ("P-08", changed(YAML, "needs: нет соглашения", "needs: TODO нет"), YAML, "note to oneself", "Finish"),
    (
        "P-09",
        changed(YAML, "when: 'true'", "when: not signs.K1 and signs.K1"),
        YAML,
        "no row is for",
        "'true'",
    ),
    ("P-10", changed(IVANOVY, "2025-03-07", "2025-03-77"), f"{IVANOVY}:", "no such day", ""),
    ("P-10", without(IVANOVY), "examples", "no example family", "papka plugin examples"),
    (
        "P-11",
        lambda brook: brook.write("examples/refused_slip.yaml", FAMILY),
        "examples/refused_slip.yaml",
        "is accepted",
        "fault",
    ),
    ("P-11", without("examples/refused_slip.yaml"), "examples", "what is refused", "slips"),
    ("P-12", changed(IVANOVY, "fictional: да", "fictional: нет"), f"{IVANOVY}:1", "fictional", "real family"),
    (
        "P-12",
        changed(IVANOVY, "Просит помощи", "звонить +7 (921) 345-67-89"),
        f"{IVANOVY}:12",
        "telephone",
        "noughts",
    ),
    (
        "P-13",
        changed(YAML, "given: agreement", "given: plans"),
        f"{YAML}:",
        "brook_agreement",
        "нет соглашения",
    ),
    (
        "P-14",
        lambda brook: brook.write(YAML, PROGRAMME + FORBIDS),
        AGREEMENT,
        "ivanovy needs brook_agreement",
        "example",
    ),
    ("P-15", numbered_lines, AGREEMENT, "ivanovy", "LibreOffice"),
    ("P-16", at_the_foot, AGREEMENT, "right corner of the foot", "24 mm"),
    ("P-17", drawn("Соглашение."), AGREEMENT, "no line to write on", "|линия"),
    ("P-18", cut_short, AGREEMENT, "as it was typed", "organisation"),
    (
        "P-19",
        golden_of_old,
        "goldens/ivanovy/brook_agreement.txt:",
        "otherwise than its golden",
        "papka plugin accept",
    ),
    (
        "P-20",
        lambda brook: brook.write("registers.yaml", REGISTER),
        "registers.yaml",
        "stays empty",
        "example",
    ),
    ("P-21", hook("'Проверьте.'"), "__init__.py", "BRK-9", "if programme != YOUR_ID"),
    ("P-21", hook("str(1 / 0)"), "__init__.py", "failed", "little"),
    ("P-22", filter_("{{ x|пена }}", "value / 0"), "__init__.py", "foam fails", "every value"),
    ("P-22", filter_("{{ x|прочерк }}"), "__init__.py", "does not use it", "example"),
    ("P-22", filter_("{{ x|"), "__init__.py", "cannot be read", "example"),
]


def place(one: Finding) -> str:
    return f"{one.place.file or ''}:{one.place.line or ''}"


@pytest.mark.parametrize(
    ("number", "broken", "where", "words", "cure"),
    BREAKS,
    ids=[f"{one[0]}-{n}" for n, one in enumerate(BREAKS)],
)
def test_what_is_broken_is_told_with_its_place_and_cure(
    brook: Brook, number: str, broken: Callable[[Brook], None], where: str, words: str, cure: str
) -> None:
    broken(brook)

    outcome = brook.outcome(number)

    told = [one for one in outcome.findings if one.severity in ("error", "warning")]
    assert outcome.state in ("fails", "noted"), outcome
    assert any(
        where in place(one) and words in one.message and cure in one.cure and one.cure for one in told
    ), [(place(one), one.message, one.cure) for one in told]


def test_a_plugin_that_does_not_load_is_told_once_and_nothing_else_is_tried(brook: Brook) -> None:
    brook.change(YAML, "papka: '1'", "papka: '9'")

    outcomes = {one.check.id: one for one in brook.outcomes()}

    assert outcomes["P-01"].state == "fails"
    assert any("programme.yaml" in place(one) for one in outcomes["P-01"].findings)
    skipped = [one for id_, one in outcomes.items() if one.check.needs_programme]
    assert skipped and all(one.state == "skipped" and "P-01" in one.skipped for one in skipped)


def test_no_finding_repeats_what_stands_in_a_case(brook: Brook) -> None:
    brook.change(IVANOVY, "Просит помощи", "звонить +7 (921) 345-67-89, 123-456-789 64, anna@mail.ru")

    found = brook.outcome("P-12").findings

    assert len(found) == 3
    told = "".join(f"{one.message}{one.cure}{one.as_json()}" for one in found)
    assert not any(said in told for said in ("345-67", "123-456", "mail.ru"))


# --- the command -------------------------------------------------------------------------------------------


def test_the_command_runs_the_named_checks_and_its_exit_code_says_how_they_ended(
    brook: Brook, here: Run
) -> None:
    good = here("plugin", "check", brook.folder, "P-01", "p-05")
    brook.template("{{ organisation.ful_name }}")
    bad = here("plugin", "check", brook.folder, "P-05", "--json")
    unknown = here("plugin", "check", brook.folder, "P-99")

    assert good.code == 0 and "✓ P-05 Each template can be filled in (templates: 1)" in good.out
    shown = json.loads(bad.out)
    assert (bad.code, shown["plugin"], shown["summary"]["fails"]) == (3, "brook", 1)
    assert shown["checks"][0]["findings"][0]["place"]["file"] == AGREEMENT
    assert unknown.code == 2 and "There is no check P-99" in unknown.all


@pytest.mark.parametrize("kind", [".docx", ".html", ".md"])
def test_a_director_reads_in_russian_what_is_wrong_and_what_to_do(
    brook: Brook, here: Run, tmp_path: Path, kind: str
) -> None:
    brook.template(*WORDS, left=12)
    report = tmp_path / f"report{kind}"

    ran = here("plugin", "check", brook.folder, "P-01", "P-07", "--report", report)

    text = said_in(report)
    assert ran.code == 3
    assert "Пользоваться плагином рано: не выдержано проверок — 1 из 2 (P-07)." in text
    assert "Поле со стороны подшивки 12 мм: бумагу не подшить." in text and "Сделайте 30 мм" in text
    assert "templates/brook_agreement.docx" in text
    assert "Выведено разработчиком" in text and "учреждению подтвердить или поправить" in text
    assert "What to do" not in text and "binding" not in text


def said_in(report: Path) -> str:
    if report.suffix != ".docx":
        return report.read_text("utf-8")
    word = Document(str(report))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return (
        "\n".join([*(one.text for one in word.paragraphs), *cells])
        .replace("\u00a0", " ")
        .replace("\u2011", "-")
    )


# --- pytest ------------------------------------------------------------------------------------------------


def pytest_in(folder: Path, tmp_path: Path, *arguments: str) -> str:
    """Run pytest itself with the kit's plugin announced as an installed papka announces it."""
    announced = tmp_path / "site" / "papka_probe-0.dist-info"
    announced.mkdir(parents=True, exist_ok=True)
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: papka-probe\nVersion: 0\n", "utf-8")
    told = re.search(r"^pytest11 =\n +(.+)$", (ROOT / "setup.cfg").read_text("utf-8"), re.MULTILINE)
    assert told is not None
    (announced / "entry_points.txt").write_text(f"[pytest11]\n{told[1]}\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment = {**kept, "PYTHONPATH": str(tmp_path / "site"), "PAPKA_LANG": "en", "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=240
    )
    return done.stdout + done.stderr


def test_pytest_finds_the_numbered_checks_in_a_plugin_that_has_no_test_code(
    brook: Brook, tmp_path: Path
) -> None:
    brook.template(*WORDS, left=12)

    shown = pytest_in(brook.folder, tmp_path, "-k", "P-01 or P-05 or P-07 or P-21", "-vv")

    assert re.search(r"P-05 Each template can be filled in\[brook_agreement\] PASSED", shown), shown
    assert re.search(r"P-21 .*SKIPPED", shown)
    assert "templates/brook_agreement.docx P-07: The margin on the side of the binding is 12 mm" in shown
    assert "→ Set it to 30 mm" in shown
    assert "Traceback" not in shown and "1 failed, 2 passed, 1 skipped" in shown


def test_in_any_other_project_pytest_finds_nothing_of_papkas_and_loads_nothing_heavy(tmp_path: Path) -> None:
    project = tmp_path / "other"
    project.mkdir()
    (project / "setup.cfg").write_text(
        "[metadata]\nname = other\n\n[options]\ninstall_requires = papka\n", "utf-8"
    )
    test = "import sys\n\ndef test_one():\n    assert not {'pydantic', 'jinja2', 'docx', 'papka.core.plugging.plugins'} & set(sys.modules)\n"
    (project / "test_other.py").write_text(test, "utf-8")

    shown = pytest_in(project, tmp_path, "-p", "no:hypothesispytest")

    assert "1 passed" in shown and "P-0" not in shown, shown


# --- opening -----------------------------------------------------------------------------------------------


def test_a_folder_is_opened_beside_the_installed_plugins_and_leaves_them_as_they_were(brook: Brook) -> None:
    import papka_kurgan_ipss

    plugin = opened(brook.folder)
    assert (plugin.name, plugin.distribution, plugin.version) == ("brook", "papka-brook", "0.1.0")
    assert plugin.folder == brook.folder.resolve() and plugin.requires == ("papka>=0.1,<9",)
    assert {"brook", "kurgan_ipss"} <= set(plugin.plugins.programmes())
    assert "kurgan_ipss" not in plugin.alone().programmes()

    copy = brook.folder.parent / "copy"
    home = Path(papka_kurgan_ipss.__file__).parent
    for name in ("setup.cfg", "__init__.py", "programme.yaml", "registers.yaml", "forms.yaml"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_bytes((home / name).read_bytes())
    other = opened(copy)
    assert other.folder == copy.resolve() and opened("kurgan_ipss").folder == home
    assert sys.modules["papka_kurgan_ipss"] is papka_kurgan_ipss


@pytest.mark.parametrize("name", ["kurgan_ipss", "papka-kurgan-ipss", "papka_kurgan_ipss"])
def test_an_installed_plugin_is_opened_by_any_of_its_names(name: str) -> None:
    assert opened(name).point.distribution == "papka-kurgan-ipss"


def test_what_is_no_plugin_is_told_with_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match=r"no installed plugin river.*kurgan_ipss"):
        opened("river")
    with pytest.raises(AskedWrongly, match="announces no plugin"):
        opened(tmp_path)


def test_a_plugin_that_only_has_a_pyproject_is_opened_too(brook: Brook) -> None:
    (brook.folder / "setup.cfg").unlink()
    toml = (
        '[project]\nname = "papka-brook"\nversion = "0.2"\ndependencies = ["papka>=0.1"]\n'
        '[project.entry-points.papka]\nbrook = "papka_brook"\n'
        '[tool.setuptools]\npackages = ["papka_brook"]\npackage-dir = {papka_brook = "."}\n'
        '[tool.setuptools.package-data]\npapka_brook = ["programme.yaml", "templates/*.docx", "examples/*.yaml"]\n'
    )
    brook.write("pyproject.toml", toml)

    assert opened(brook.folder).version == "0.2"
    assert brook.outcome("P-04").state == "holds"


# --- small parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "fitting"),
    [
        ("papka", True),
        ("papka>=0.1,<0.2", True),
        ("papka <0.2, >=0.1", True),
        ("papka[kit]~=0.1.0; python_version > '3'", True),
        ("papka==0.1.*", True),
        ("papka==0.1", False),
        ("papka!=0.1.5", False),
        ("papka>=0.1.6", False),
        ("papka~=0.2", False),
    ],
)
def test_a_version_is_held_against_what_is_asked_for(wanted: str, fitting: bool) -> None:
    assert fits("0.1.5", wanted) is fitting


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("snils: 900-005-001 01", 0),
        ("snils: 112-233-445 95", 0),
        ("snils: 123-456-789 64", 1),
        ("snils: 123-456-789 65", 0),  # its check digits are wrong: it is nobody's
        ("phone: +7 (900) 000-00-01", 0),
        ("phone: 8 921 345 67 89", 1),
        ("горячая линия 8-800-200-01-22", 0),
        ("ogrn: '1024500000018', number: 01-12/97", 0),
        ("email: anna@example.org, centr@primer.example", 0),
        ("email: anna@mail.ru", 1),
    ],
)
def test_what_may_be_a_real_persons_is_told_from_what_is_an_example(text: str, count: int) -> None:
    assert len(list(suspects(text))) == count


def test_the_page_of_plugins_lists_each_check_as_it_is_called() -> None:
    listed = re.findall(r"^\| (P-\d\d) \| ([^|]+) \|", PAGE, re.MULTILINE)

    assert listed == [(one.id, one.title[0]) for one in all_checks()]
