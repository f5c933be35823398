"""What the documentation shows is what works: its package is built from the page itself and run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from papka.core import hookspecs

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "plugins.md").read_text("utf-8")
HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("papka_"))


def block(language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


def signature(name: str) -> str:
    import inspect

    return f"### {name}({', '.join(inspect.signature(getattr(hookspecs, name)).parameters)})"


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_has_a_section_with_its_signature(name: str) -> None:
    assert signature(name) in PAGE


def test_the_page_names_no_hook_that_is_not_asked() -> None:
    assert set(re.findall(r"^### (papka_\w+)\(", PAGE, re.MULTILINE)) == set(HOOKS)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the documentation's own words, announced as pip would announce it."""
    site = tmp_path_factory.mktemp("site")
    package = site / "papka_tula"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text(block("python", 0), "utf-8")
    (package / "programme.yaml").write_text(block("yaml"), "utf-8")
    announced = site / "papka_tula-0.1.0.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: papka-tula\nVersion: 0.1.0\n")
    entry = re.search(r"\[options\.entry_points\]\n(papka =\n    .*\n)", block("ini"))
    assert entry is not None
    name = entry[1].splitlines()[1].strip()
    (announced / "entry_points.txt").write_text(f"[papka]\n{name}\n")
    template = Document()
    shown = re.search(r"write its name in double braces:\n\n((?:    .*\n)+)", PAGE)
    assert shown is not None
    for line in shown[1].splitlines():
        template.add_paragraph(line.strip())
    template.save(str(package / "templates" / "tula_agreement.docx"))
    return site


def papka(site: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "PAPKA_LANG": "en"}
    command = [sys.executable, "-m", "papka.core", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd or site)


CASE = block("yaml", 2)


def test_the_package_of_the_page_is_loaded(stranger: Path) -> None:
    result = papka(stranger, "plugins")

    assert "✓ tula 0.1.0 (papka-tula)" in result.stdout
    assert "programme: tula, documents: 2" in result.stdout


def test_the_fuller_programme_of_the_page_works(stranger: Path, tmp_path: Path) -> None:
    import shutil

    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    whole = block("yaml", 0) + block("yaml", 1)
    (site / "papka_tula" / "programme.yaml").write_text(whole, "utf-8")
    noted = "level_reviews: [{on: 2025-03-05, by: p.x, signs: [{code: K1, present: да}]}]\n"
    people = "specialists: [{id: p.x, last_name: Гусь, first_name: Анна, sex: female, position: психолог}]\n"
    (tmp_path / "ivanovy.yaml").write_text(CASE + noted + people, "utf-8")

    status = papka(site, "status", "ivanovy.yaml", "--as-of", "2025-06-01", cwd=tmp_path)
    check = papka(site, "check", "ivanovy.yaml", "--as-of", "2025-06-01", cwd=tmp_path)

    assert "Кризисный (TUL-L1)" in status.stdout, status.stdout + status.stderr
    assert "TUL-D1" in check.stdout and "TUL-D2" in check.stdout


def test_a_sign_that_the_programme_does_not_have_is_refused(stranger: Path, tmp_path: Path) -> None:
    noted = "level_reviews: [{on: 2025-03-05, by: p.x, signs: [{code: K9, present: да}]}]\n"
    people = "specialists: [{id: p.x, last_name: Гусь, first_name: Анна, sex: female, position: психолог}]\n"
    (tmp_path / "ivanovy.yaml").write_text(CASE + noted + people, "utf-8")

    result = papka(stranger, "check", "ivanovy.yaml", cwd=tmp_path)

    assert result.returncode == 3
    assert "The programme does not have this code." in result.stderr


def test_its_document_is_drawn_up_with_names_in_their_grammatical_case(
    stranger: Path, tmp_path: Path
) -> None:
    (tmp_path / "ivanovy.yaml").write_text(CASE, "utf-8")

    result = papka(stranger, "render", "ivanovy.yaml", "tula_agreement", "--into", "out", cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    text = "\n".join(p.text for p in Document(str(tmp_path / "out" / "tula_agreement.docx")).paragraphs)
    assert "Соглашение № 3 от «07»\u00a0марта\u00a02025\u00a0г." in text
    assert "Центр помощи семье «Ясная & <Поляна>»" in text
    assert "Иванова Льва, 04.05.2016" in text
    assert "{" not in text


def test_its_blank_form_is_drawn_up_without_a_case(stranger: Path, tmp_path: Path) -> None:
    result = papka(stranger, "render", "tula", "--blank", "--into", "out", cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    text = "\n".join(p.text for p in Document(str(tmp_path / "out" / "tula_agreement_blank.docx")).paragraphs)
    assert "____" in text


def test_the_register_and_the_report_of_the_page_are_drawn(stranger: Path, tmp_path: Path) -> None:
    import shutil

    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    (site / "papka_tula" / "registers.yaml").write_text(block("yaml", 3), "utf-8")
    visit = "contacts: [{on: 2025-04-02, form: home}]\n"
    (tmp_path / "ivanovy.yaml").write_text(CASE + visit, "utf-8")
    asked = ("ivanovy.yaml", "--as-of", "2025-12-01", "--json")

    register = papka(site, "report", "tula_register_visits", *asked, cwd=tmp_path)
    report = papka(site, "report", "tula_half_year", *asked, cwd=tmp_path)

    assert register.returncode == 0, register.stderr
    assert json.loads(register.stdout)[0]["tables"][0]["rows"] == [
        [1, "2025-04-02", "семья Ивановых", "Иванов Л.", None]
    ]
    flow = json.loads(report.stdout)[0]["tables"][0]["rows"]
    assert [row[1:4] for row in flow] == [[1, None, None], [1, 1, 100]]


def test_a_wrong_name_in_a_register_is_found_at_its_line_when_the_plugin_is_loaded(
    stranger: Path, tmp_path: Path
) -> None:
    import shutil

    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    text = block("yaml", 3).replace("value: visit.on,", "value: visit.onn,")
    (site / "papka_tula" / "registers.yaml").write_text(text, "utf-8")
    line = 1 + text[: text.index("visit.onn")].count("\n")

    shown = papka(site, "plugins").stdout

    assert f"registers.yaml:{line}:" in shown and "Did you mean on?" in shown


def test_the_filter_of_the_page_works(stranger: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "papka_loud").mkdir(parents=True)
    (site / "papka_loud" / "__init__.py").write_text(block("python", 1), "utf-8")
    announced = site / "papka_loud-1.0.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: papka-loud\nVersion: 1.0\n")
    (announced / "entry_points.txt").write_text("[papka]\nloud = papka_loud\n")
    code = (
        "from papka.core import Plugins\n"
        "print(Plugins().language.evaluate(\"word|громко\", {'word': 'тише'}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)

    assert result.stdout.strip() == "ТИШЕ"


def test_the_page_of_the_vocabulary_is_what_the_contract_says() -> None:
    import vocabulary_page

    if os.environ.get("PAPKA_WRITE_DOCS"):
        vocabulary_page.PAGE.write_text(vocabulary_page.page(), "utf-8")

    assert vocabulary_page.PAGE.read_text("utf-8") == vocabulary_page.page()


def test_the_page_of_rules_says_what_the_programmes_say() -> None:
    import rules_page

    if os.environ.get("PAPKA_WRITE_DOCS"):
        rules_page.PAGE.write_text(rules_page.page(), "utf-8")

    assert rules_page.PAGE.read_text("utf-8") == rules_page.page()


def test_a_filter_that_fails_stops_one_paper_and_names_itself_and_its_plugin(
    stranger: Path, tmp_path: Path
) -> None:
    import shutil

    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    package = site / "papka_tula"
    code = block("python", 0) + block("python", 1).replace("str(value).upper()", "1 / 0")
    (package / "__init__.py").write_text(code, "utf-8")
    template = Document()
    template.add_paragraph("{{ семья.название|громко }}")
    template.save(str(package / "templates" / "tula_agreement.docx"))
    (tmp_path / "ivanovy.yaml").write_text(CASE, "utf-8")

    result = papka(site, "render", "ivanovy.yaml", "--into", "out", cwd=tmp_path)

    assert "the filter shout of the plugin tula failed (ZeroDivisionError)" in result.stderr
    assert (tmp_path / "out" / "com_consent_pd_1.docx").exists()
    assert "Ивановых" not in result.stderr


def test_all_faults_of_a_programme_are_shown_with_the_nearest_right_names(
    stranger: Path, tmp_path: Path
) -> None:
    import shutil

    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    broken = block("yaml", 0).replace("numbered: agreement.number", "numbered: agreement.numbr")
    broken = broken.replace("dated: agreement.signed_on", "dated: agreement.signd_on")
    (site / "papka_tula" / "programme.yaml").write_text(broken, "utf-8")

    shown = papka(site, "plugins").stdout

    assert "✗ tula" in shown
    assert "Did you mean number?" in shown and "Did you mean signed_on?" in shown
    assert shown.count("programme.yaml:") >= 2
