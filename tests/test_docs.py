"""What the documentation shows is what works: its package is built from the page itself and run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import commands_page
import findings_page
import hooks_page
import pytest
import written_pages
from docx import Document

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGE = (DOCS / "plugins.md").read_text("utf-8")


def block(language: str, number: int = 0, page: str = "plugins") -> str:
    text = (DOCS / f"{page}.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[number]


def example(hook: str, language: str = "python", number: int = 0) -> str:
    """Return what the page of hooks shows of one: a block of its section."""
    section = hooks_page.PAGE.read_text("utf-8").partition(f"\n## {hooks_page.signature(hook)}\n")[2]
    return re.findall(rf"```{language}\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)[number]


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
    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    (site / "papka_tula" / "registers.yaml").write_text(block("yaml", 0, "registers"), "utf-8")
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
    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    text = block("yaml", 0, "registers").replace("value: visit.on,", "value: visit.onn,")
    (site / "papka_tula" / "registers.yaml").write_text(text, "utf-8")
    line = 1 + text[: text.index("visit.onn")].count("\n")

    shown = papka(site, "plugins").stdout

    assert f"registers.yaml:{line}:" in shown and "Did you mean on?" in shown


def test_the_filter_of_the_page_works(stranger: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "papka_loud").mkdir(parents=True)
    (site / "papka_loud" / "__init__.py").write_text(example("papka_filters"), "utf-8")
    announced = site / "papka_loud-1.0.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: papka-loud\nVersion: 1.0\n")
    (announced / "entry_points.txt").write_text("[papka]\nloud = papka_loud\n")
    code = (
        "from papka.core import Plugins\n"
        "from papka.core import Missing\n"
        "say = lambda word: Plugins().language.evaluate(\"word|громко\", {'word': word})\n"
        "print(say('тише'), type(say(Missing('слово'))).__name__)"
    )
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)

    assert result.stdout.strip() == "ТИШЕ Missing", result.stderr


def test_a_filter_that_fails_stops_one_paper_and_names_itself_and_its_plugin(
    stranger: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    package = site / "papka_tula"
    code = block("python", 0) + example("papka_filters").replace("str(value).upper()", "1 / 0")
    (package / "__init__.py").write_text(code, "utf-8")
    template = Document()
    template.add_paragraph("{{ семья.название|громко }}")
    template.save(str(package / "templates" / "tula_agreement.docx"))
    (tmp_path / "ivanovy.yaml").write_text(CASE, "utf-8")

    result = papka(site, "render", "ivanovy.yaml", "--into", "out", cwd=tmp_path)

    assert "the filter shout of the plugin tula failed (ZeroDivisionError)" in result.stderr
    assert "E-FILTER-FAILED" in result.stderr and "Tell who maintains the plugin" in result.stderr
    assert (tmp_path / "out" / "com_consent_pd_1.docx").exists()
    assert "Ивановых" not in result.stderr


def test_all_faults_of_a_programme_are_shown_with_the_nearest_right_names(
    stranger: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(stranger, site)
    broken = block("yaml", 0).replace("numbered: agreement.number", "numbered: agreement.numbr")
    broken = broken.replace("dated: agreement.signed_on", "dated: agreement.signd_on")
    (site / "papka_tula" / "programme.yaml").write_text(broken, "utf-8")

    shown = papka(site, "plugins").stdout

    assert "✗ tula" in shown
    assert "Did you mean number?" in shown and "Did you mean signed_on?" in shown
    assert shown.count("programme.yaml:") >= 2


# --- generated pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", written_pages.WRITTEN, ids=lambda path: path.stem)
def test_a_generated_page_is_what_its_source_says(page: Path) -> None:
    made = written_pages.WRITTEN[page]()
    if os.environ.get("PAPKA_WRITE_DOCS"):
        page.write_text(made, "utf-8")

    assert page.read_text("utf-8") == made, "write it anew: python tests/written_pages.py"


def test_each_id_in_the_code_has_its_line_and_each_line_its_id() -> None:
    found = {
        id_
        for room in findings_page.ROOMS
        for path in (ROOT / room).rglob("*.py")
        for id_ in re.findall(
            rf"[\"']({findings_page.ID.pattern.replace('(', '(?:')})[\"']", path.read_text("utf-8")
        )
    }
    listed = re.findall(r"^\| `([^`]+)`", findings_page.PAGE.read_text("utf-8"), re.MULTILINE)
    wanted = {one for one in found - findings_page.NO_IDS if not findings_page.CHECK.fullmatch(one)}

    assert sorted(listed) == sorted(wanted | {"DOC-…"})


def test_no_line_of_the_page_of_findings_is_without_its_sentence() -> None:
    rows = re.findall(r"^\| (`[^`]+`|) \| (.*?) \|", findings_page.PAGE.read_text("utf-8"), re.MULTILINE)

    assert rows and [code for code, said in rows if not re.search(r"[а-я]{3}", said)] == []


def commands() -> dict[str, set[str]]:
    """Return the options of each command that papka has without a stranger's plugin."""
    from papka.core.cli import build

    root = click.Context(build(), info_name="papka")
    known = {one.command_path: one for one in commands_page.all_of(root)}
    return {
        path: {
            "--help",
            *(option for param in one.command.params for option in param.opts + param.secondary_opts),
        }
        for path, one in known.items()
    }


def test_every_command_that_a_page_shows_is_there_with_its_options() -> None:
    known = commands()
    wrong = []
    for path in (*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        text = path.read_text("utf-8")
        for line in re.findall(r"(?:^    |`)(papka [^`\n]*)", text, re.MULTILINE):
            words = re.split(r"\s{2,}", line.strip())[0].split()
            if words[1].startswith(("-", "…")) or not words[1].isascii() or words[1].isupper():
                continue
            name = " ".join(words[:3]) if " ".join(words[:3]) in known else " ".join(words[:2])
            options = {option.partition("=")[0] for option in words if option.startswith("--")}
            if name not in known or not options <= known[name]:
                wrong.append(f"{path.name}: {line}")

    assert wrong == []


# --- hooks -------------------------------------------------------------------------------------------------


def test_the_page_of_hooks_has_a_section_for_each_and_for_no_other() -> None:
    text = hooks_page.PAGE.read_text("utf-8")

    assert set(re.findall(r"^## (papka_.*)$", text, re.MULTILINE)) == {
        *map(hooks_page.signature, hooks_page.HOOKS)
    }
    assert all(f"<!-- asked: {name} -->" in text for name in hooks_page.HOOKS)


@pytest.fixture(scope="module")
def guests(stranger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each example of the page of hooks as a package of its own, beside the region."""
    site = tmp_path_factory.mktemp("guests") / "site"
    shutil.copytree(stranger, site)
    shown = {name: example(name) for name in hooks_page.HOOKS if name != "papka_programme"}
    shown["papka_commands_of_a_case"] = example("papka_commands", number=1)
    for name, text in shown.items():
        package = site / f"guest_{name}"
        (package / "templates").mkdir(parents=True)
        (package / "__init__.py").write_text(text, "utf-8")
        announced = site / f"guest_{name}-1.0.dist-info"
        announced.mkdir()
        (announced / "METADATA").write_text(f"Metadata-Version: 2.1\nName: guest-{name}\nVersion: 1.0\n")
        (announced / "entry_points.txt").write_text(f"[papka]\n{name} = guest_{name}\n")
    shared = site / "guest_papka_common_forms"
    (shared / "common.yaml").write_text(example("papka_common_forms", "yaml"), "utf-8")
    document = Document()
    document.add_paragraph("{{ семья.название }}")
    document.save(str(shared / "templates" / "shared_memo.docx"))
    programme = site / "papka_tula" / "programme.yaml"
    programme.write_text(
        programme.read_text("utf-8").replace("includes: [", "includes: [shared_memo, "), "utf-8"
    )
    return site


def test_every_example_of_a_hook_works_from_a_package_of_its_own(guests: Path, tmp_path: Path) -> None:
    children = "".join(
        f"    - {{id: c.{n}, last_name: Иванов, first_name: Лев, sex: male, birth_date: 2016-05-0{n}, relation: сын}}\n"
        for n in (5, 6)
    )
    case = CASE.replace("referral:", f"{children}referral:").replace("agreement:", "# agreement:")
    (tmp_path / "ivanovy.yaml").write_text(case, "utf-8")

    listed = papka(guests, "plugins")
    checked = papka(guests, "check", "ivanovy.yaml", cwd=tmp_path)
    drawn = papka(guests, "render", "ivanovy.yaml", "shared_memo", "--into", "out", cwd=tmp_path)
    spoken = papka(guests, "motto")
    counted = papka(guests, "visits", "ivanovy.yaml", cwd=tmp_path)
    refused = papka(guests, "visits", "nobody.yaml", cwd=tmp_path)
    signer = subprocess.run(
        [sys.executable, "-c", "from papka.core import Plugins; print(*Plugins().signers())"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(guests)},
    )  # fmt: skip

    assert "✗" not in listed.stdout and listed.stdout.count("✓ papka_") == len(hooks_page.HOOKS)
    assert "warning TUL-X1: Семья многодетная, а соглашения нет." in checked.stdout
    assert drawn.returncode == 0 and (tmp_path / "out" / "shared_memo.docx").exists(), drawn.stderr
    assert spoken.stdout == "Семья рядом.\n"
    assert counted.stdout.endswith(": 0\n") and refused.returncode == 2, counted.stderr + refused.stderr
    assert "tula_token" in signer.stdout.split()
