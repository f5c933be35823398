"""A language of papers is a plugin: a region whose papers are all English, made outside of papka."""

from __future__ import annotations

import importlib
import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

import papka
from papka.core import (
    Blank,
    Choice,
    Missing,
    PersonName,
    Plugins,
    Record,
    Rows,
    Unprintable,
    yamltext,
)
from papka.core.contract import choices
from papka.core.contract.base import Labelled
from papka.core.contract.people import Member
from papka.core.expressions import Language
from papka.core.opening import open_case
from papka.core.plugging.plugins import EntryPoint
from papka.core.rules.situation import Situation
from papka.forms.browser.desk import Desk
from papka.forms.completing import on_case
from papka.forms.shown import Asked
from papka.forms.word.values import scalar, shown
from papka.output.bench.fields import book_of
from papka.output.package import W
from papka.output.registers.paper import to_paper
from papka.output.registers.plain import to_calendar, to_csv
from papka.output.registers.reading import Order
from papka.output.registers.sheets import to_workbook
from papka.output.registers.work import draw
from papka.output.rendering import Press

ROOT = Path(papka.__file__).parent
HOMES = {
    "papka_english": ROOT / "examples" / "languages" / "papka_english",
    "papka_sos_partnership_en": ROOT / "examples" / "regions" / "sos_partnership_en",
}
ENGLISH = EntryPoint("english", "papka_english", "papka-english", "0.1.0")
REGION = EntryPoint("sos_partnership_en", "papka_sos_partnership_en", "papka-sos-partnership-en", "0.1.0")
EXAMPLE = HOMES["papka_sos_partnership_en"] / "examples" / "fairbank.yaml"
LAST_DAY = date(2026, 9, 30)
RUSSIAN = re.compile(r"[А-Яа-яЁё№]+[^<]{0,40}")
RUSSIAN_LETTER = re.compile("[А-Яа-яЁё]")
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The two packages as pip leaves them, in this process for the time of the tests."""
    folder = tmp_path_factory.mktemp("site")
    for point in (ENGLISH, REGION):
        shutil.copytree(
            HOMES[point.value], folder / point.value, ignore=shutil.ignore_patterns("__pycache__")
        )
        info = folder / f"{point.value}-0.1.0.dist-info"
        info.mkdir()
        head = f"Metadata-Version: 2.1\nName: {point.distribution}\nVersion: {point.version}\n"
        (info / "METADATA").write_text(f"{head}Requires-Dist: papka>=0.1\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[papka]\n{point.name} = {point.value}\n", "utf-8")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] in HOMES]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def plugins(site: Path) -> Plugins:
    return Plugins([ENGLISH, REGION])


@pytest.fixture
def say(plugins: Plugins) -> Callable[..., str]:
    """Work an expression out as an English template would, and print it."""
    english = plugins.language_of("en")

    def printed(expression: str, **context: object) -> str:
        return english.printed(english.evaluate(expression, context)).replace(NBSP, " ")

    return printed


def russian_in(word: bytes) -> list[str]:
    """Return the first Russian words in each part of a Word file, also in what nobody sees at first."""
    archive = zipfile.ZipFile(io.BytesIO(word))
    parts = {one: archive.read(one).decode("utf-8") for one in archive.namelist() if one.endswith(".xml")}
    return [f"{name}: {found[0]}" for name, text in parts.items() if (found := RUSSIAN.search(text))]


def russian_in_pdf(file: Path) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(str(file)) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
        texts += [str(pdf.get_metadata_dict()), *(one.get_title() for one in pdf.get_toc())]
    return [found[0] for text in texts if (found := RUSSIAN.search(text))]


# --- papers ------------------------------------------------------------------------------------------------


def test_no_paper_and_no_empty_form_of_an_english_region_holds_a_russian_word(plugins: Plugins) -> None:
    opened = open_case(str(EXAMPLE), Path.cwd(), plugins)
    press = Press(opened.method, opened.language)
    drawn = {one: 0 for one in opened.method.papers}
    for status in opened.documents(LAST_DAY):
        if status.count and not status.missing:
            for paper in press.render(opened.case, status.id, LAST_DAY):
                drawn[status.id] += 1
                assert russian_in(paper.content) == [], paper.name
    for name in opened.method.papers:
        assert russian_in(press.blank(name).content) == [], name

    assert sum(drawn.values()) >= 25 and sum(count > 0 for count in drawn.values()) >= 22


def test_who_writes_an_english_template_reads_its_names_and_their_meaning_in_english(
    plugins: Plugins, english: None
) -> None:
    method = plugins.method("sos_partnership_en")
    book = book_of(method, plugins.language_for(method))

    shown = [words for group in book.groups for words in (group.title, *group.reach)]
    shown += [
        words
        for group in book.groups
        for row in group.rows
        for words in (row.tag, row.label, row.type, row.example, *row.filters)
    ]
    assert [one for one in shown if RUSSIAN_LETTER.search(one)] == []
    assert "{% for child in family.children %} {{ child.… }} {% endfor %}" in shown and "Telephone" in shown


def test_what_is_issued_in_english_is_english_from_the_screen_to_the_packet(
    site: Path, tmp_path: Path, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPKA_LOAD_PLUGINS", "english,sos_partnership_en")
    folder = tmp_path / "office" / "cases" / "fairbank"
    folder.mkdir(parents=True)
    (tmp_path / "office" / "office.yaml").write_text("papka: '1'\n", "utf-8")
    shutil.copy(EXAMPLE, folder / "case.yaml")

    monkeypatch.chdir(tmp_path / "office")

    def papka_does(*arguments: str) -> str:
        ran = here(*arguments)
        assert ran.code == 0, ran.all
        assert re.search("[А-Яа-яЁё]", ran.all) is None, ran.all
        return str(ran.out)

    papka_does("check", "1/2025")
    assert "Stage: Closure of the case" in papka_does("status", "1/2025")
    papka_does("issue", "1/2025", "sos_cooperation_agreement", "--engine", "rdocx")
    papka_does("render", "1/2025", "sos_closure", "--pdf", "--engine", "rdocx")
    papka_does("journal")
    papka_does("packet", "1/2025", "sos_cooperation_agreement", "--engine", "rdocx")

    papers = [one for one in folder.rglob("*") if one.suffix in (".docx", ".pdf")]
    assert len(papers) == 5
    for one in papers:
        found = russian_in(one.read_bytes()) if one.suffix == ".docx" else russian_in_pdf(one)
        assert found == [], one.name
    draft = zipfile.ZipFile(folder / "papers" / "sos_closure.docx")
    assert any(
        'string="DRAFT"' in draft.read(name).decode("utf-8") for name in draft.namelist() if "header" in name
    )
    card = next(folder.rglob("*.json")).read_text("utf-8")
    roles = [one["role"] for one in json.loads(card)["signers"]]
    assert roles[:2] == ["Executive director", "Grandmother, guardian"]


def test_a_wrong_case_of_an_english_region_is_told_by_english_names(
    plugins: Plugins, tmp_path: Path, english: None
) -> None:
    from papka.core.errors import Refused

    wrong = EXAMPLE.read_text("utf-8").replace("custody: guardian", "custody: guradian", 1)
    (tmp_path / "case.yaml").write_text(wrong, "utf-8")

    with pytest.raises(Refused) as refused:
        open_case(str(tmp_path / "case.yaml"), tmp_path, plugins)

    (fault,) = refused.value.findings
    assert fault.place.words == "family → members, 3 → custody"
    assert fault.cure == "Choose one of: parents, guardian, foster, institution."


# --- forms, registers and acts -----------------------------------------------------------------------------


@pytest.fixture
def office(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with the example's case, in which the test stands; only the English plugins are loaded."""
    monkeypatch.setenv("PAPKA_LOAD_PLUGINS", "english,sos_partnership_en")
    folder = tmp_path / "office"
    (folder / "cases" / "fairbank").mkdir(parents=True)
    (folder / "office.yaml").write_text("papka: '1'\n", "utf-8")
    shutil.copy(EXAMPLE, folder / "cases" / "fairbank" / "case.yaml")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def does(office: Path, here: Callable[..., Any]) -> Callable[..., str]:
    """Run a command that has to end well and to speak English."""

    def done(*arguments: str, code: int = 0) -> str:
        ran = here(*arguments)
        assert ran.code == code, ran.all
        assert RUSSIAN_LETTER.search(ran.all) is None, ran.all
        return str(ran.out)

    return done


def test_a_form_goes_out_in_english_on_word_pdf_and_paper(does: Callable[..., str], office: Path) -> None:
    listed = re.findall(r"^  (\w+) {2,}", does("form", "list", "1/2025"), re.MULTILINE)
    assert {"intake", "plan", "closing", "score_sheet"} <= set(listed)

    for name in listed:
        does("form", "blank", name, "--case", "1/2025", "--out", f"{name}.docx")
        word = (office / f"{name}.docx").read_bytes()
        assert russian_in(word) == [], name
        assert b"ru-RU" not in zipfile.ZipFile(io.BytesIO(word)).read("word/styles.xml")
    does("form", "blank", "intake", "--programme", "sos_partnership_en", "--out", "new.docx")
    does("form", "blank", "consents", "--programme", "sos_partnership_en", "--pen", "--out", "pen.pdf")
    does("form", "blank", "consents", "--programme", "sos_partnership_en", "--pdf", "--out", "fields.pdf")

    said = [one.text for one in docx.Document("new.docx").element.body.iter(f"{W}t") if one.text]
    assert {"Surname\u00a0*", "Monthly income, roubles", "Fields marked * must be completed."} <= set(said)
    assert "Fill in for an adult. For example: 7900" not in said  # money shows no example
    assert (
        "Fill in if “How it was received” is “notification from an agency” or “referral by a partner "
        "organisation”. For example: School No. 1"
    ) in said
    assert russian_in_pdf(office / "pen.pdf") == []
    fields = pypdf.PdfReader("fields.pdf").get_fields() or {}
    told = str([(one.get("/TU"), one.get("/Opt"), one.get("/V")) for one in fields.values()])
    assert len(fields) > 10 and RUSSIAN_LETTER.search(told) is None
    assert "Signed by" in told


def test_a_form_that_was_filled_in_in_english_is_read_back(does: Callable[..., str], office: Path) -> None:
    does("form", "blank", "contact", "--case", "1/2025", "--out", "contact.docx")
    written = {
        "contacts[0].on": "12.05.2025",
        "contacts[0].form": "home visit",
        "contacts[0].purpose": "To see how the morning goes",
        "contacts[0].danger_signs": "no",
    }
    fill_in(office / "contact.docx", written)

    assert "Taken over: 4." in does("form", "read", "contact.docx")

    text = (office / "cases" / "fairbank" / "case.yaml").read_text("utf-8")
    assert RUSSIAN_LETTER.search(text) is None
    (contact,) = yamltext.read(text.encode()).data["contacts"]
    assert contact == {
        "on": "12.05.2025",
        "form": "home",
        "purpose": "To see how the morning goes",
        "danger_signs": "no",
    }
    # What was not filled in holds prompts of the form, and they are no answers.
    assert "There is nothing new in the form." in does("form", "read", "contact.docx")


def fill_in(file: Path, written: dict[str, str]) -> None:
    """Type into the controls of a Word form."""
    form = docx.Document(str(file))
    controls = {one.get(f"{W}val"): one.getparent().getparent() for one in form.element.iter(f"{W}tag")}
    for tag, words in written.items():
        first, *rest = controls[tag].find(f"{W}sdtContent").iter(f"{W}t")
        first.text = words
        assert not rest
    form.save(str(file))


def test_a_form_is_asked_in_english_on_the_screen(
    does: Callable[..., str], office: Path, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["", "", "", "1", "", "/pause"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(answers) + "\n"))
    shown = does("form", "fill", "1/2025", "contact", "--plain", code=3)
    assert "Question 3 of 13. Form of contact *\n   1. home visit" in shown

    for name, form in plugins.method("sos_partnership_en").questions.items():
        filling = on_case("1/2025", name, office, plugins)
        for state in (Desk(filling).state(), form.model_dump_json()):
            assert RUSSIAN_LETTER.search(str(state)) is None, name


def test_no_register_and_no_report_of_an_english_office_holds_a_russian_word(
    does: Callable[..., str], office: Path, plugins: Plugins
) -> None:
    names = list(plugins.method("sos_partnership_en").tables)
    filled = 0
    for name in names:
        drawn = draw(Order(name, as_of=date(2025, 11, 1), today=date(2025, 11, 1)), plugins, office)
        for _, front in drawn.fronts(Order(name)):
            filled += bool(front.tables[0].rows)
            assert russian_in(to_paper(front)) == [] == russian_in(to_workbook(front)), name
            assert RUSSIAN_LETTER.search((to_csv(front) + to_calendar(front)).decode()) is None, name
    assert len(names) >= 25 and filled >= 16

    does("report", "com_register_families", "--as-of", "2025-11-01", "--out", "families.docx")
    book = docx.Document("families.docx")
    said = [one.text.replace(NBSP, " ") for one in book.paragraphs]
    assert "REGISTER OF FAMILIES RECEIVING SOCIAL SUPPORT" in said
    assert "Information for all the time, as known on 1 Nov 2025" in said
    cells = [one.text.replace(NBSP, " ") for one in book.tables[0].rows[2].cells]
    assert cells[7:9] == ["No. 1/2025 of 10 Mar 2025", "medium risk as of 27 Mar 2025"]
    does(
        "report", "com_register_families", "--for", "guardianship", "--format", "csv", "--out", "extract.csv"
    )
    assert "For: guardianship authority. Drawn up on" in Path("extract.csv").read_text("utf-8-sig")
    assert "guardianship authority" in does("report")
    assert "Review of the plan" in does("due", "--as-of", "2025-11-01")


def test_an_english_case_is_destroyed_by_an_english_act(does: Callable[..., str], office: Path) -> None:
    file = office / "cases" / "fairbank" / "case.yaml"
    withdrawn = ", withdrawn_on: 2026-10-01, withdrawn_by: m.margaret, withdrawal_reason: the work is over}"
    given = re.sub(r"(- \{kind: personal_data.*)\}", rf"\1{withdrawn}", file.read_text("utf-8"))
    file.write_text(given, "utf-8")

    does("destroy", "1/2025", "--reason", "withdrawal", "--yes", "--engine", "rdocx")

    (act,) = (office / "acts").glob("*.docx")
    assert russian_in(act.read_bytes()) == [] == russian_in_pdf(act.with_suffix(".pdf"))
    said = [one.text.replace(NBSP, " ") for one in docx.Document(str(act)).paragraphs]
    assert f"RECORD No. 1/{date.today().year}\nof the destruction of personal data" in said
    assert (
        "Reason for the destruction: withdrawal of consent to the processing of personal data (Federal Law "
        "No. 152-FZ of 27 July 2006, article 21, part 5); the ground has stood since 1 Oct 2026."
    ) in said


def test_a_copy_for_training_of_an_english_case_is_english(
    does: Callable[..., str], office: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.yaml"
    does("anonymise", "1/2025", str(copy))

    text = copy.read_text("utf-8")
    assert RUSSIAN_LETTER.search(text) is None
    assert re.search("Fairbank|Whitlock|Harper|Novgorod|School No", text) is None
    said = yamltext.read(text.encode()).data
    assert re.fullmatch(r"the \w+ family", said["family"]["display_name"])
    surnames = {one["last_name"] for one in said["family"]["members"]}
    assert (
        len(surnames) < len(said["family"]["members"])
        and said["specialists"][1]["position"] == "professional"
    )
    does("check", str(copy))
    # In running English papka knows neither names in their forms nor days: it keeps no such text.
    told = does("anonymise", "1/2025", str(tmp_path / "texts.yaml"), "--keep-texts", code=2)
    assert told == "" and not (tmp_path / "texts.yaml").exists()


def test_what_a_language_leaves_unsaid_is_told_by_the_kit(does: Callable[..., str], tmp_path: Path) -> None:
    lame = tmp_path / "papka-english"
    shutil.copytree(HOMES["papka_english"], lame, ignore=shutil.ignore_patterns("__pycache__"))
    whole = does("plugin", "check", str(lame), "P-24")
    assert "✓ P-24 A language has words for all that papka asks and prints" in whole

    people = lame / "labels" / "people.py"
    text = (
        people.read_text("utf-8").replace('"last_name": "Surname",', "").replace('"relation":', '"relatoin":')
    )
    people.write_text(text, "utf-8")
    lists = lame / "choices.py"
    lists.write_text(lists.read_text("utf-8").replace('"foster": "in a foster family",', ""), "utf-8")
    told = does("plugin", "check", str(lame), "P-24", code=3)

    assert "no words for 2 fields of the contract; forms show: Member.relation; Person.last_name." in told
    assert "no words for 1 values of fixed lists; papers show: Custody.foster." in told
    assert "has words for Member.relatoin, which the contract does not have." in told


def test_a_field_that_a_language_does_not_name_is_called_by_its_english_name(plugins: Plugins) -> None:
    pack = replace(plugins.languages()["en"], labels={"Person.last_name": "Surname"}, code="kk")

    assert pack.label(Member, "last_name", "Фамилия") == "Surname"
    assert pack.label(Member, "birth_date", "Дата рождения") == "birth date"
    assert replace(pack, code="ru").label(Member, "birth_date", "Дата рождения") == "Дата рождения"


def test_a_yes_in_a_language_that_a_case_does_not_read_is_written_as_it_reads_it() -> None:
    kazakh = {"yes": "иә", "no": "жоқ"}
    asked = Asked(("family", "urgent"), "Шұғыл", "yes_no", on_paper=lambda said: kazakh.get(said, said))

    assert [scalar(asked, word) for word in ("иә", "Жоқ", "yes")] == ["yes", "no", "yes"]
    assert (shown(asked, "yes"), shown(asked, "no")) == ("иә", "жоқ")


# --- the pack ----------------------------------------------------------------------------------------------


def test_a_region_without_its_language_says_which_package_is_lacking(site: Path, english: None) -> None:
    alone = Plugins([REGION])

    (info,) = [one for one in alone.infos if one.name == "sos_partnership_en"]
    assert info.fault is not None and "No plugin brings the language of papers en" in info.fault
    assert "Install the package that brings it" in info.fault
    assert "sos_partnership_en" not in alone.programmes()


def test_shared_forms_are_those_of_the_programmes_own_language(plugins: Plugins) -> None:
    method = plugins.method("sos_partnership_en")

    assert method.papers["com_consent_pd"].type.title == "Consent to the Processing of Personal Data"
    assert "papka_english" in str(method.papers["com_consent_pd"].template)


def test_english_calls_the_values_of_each_fixed_list(plugins: Plugins) -> None:
    called = plugins.languages()["en"].choices
    lists = [one for one in vars(choices).values() if isinstance(one, type) and issubclass(one, Labelled)]

    for one in lists:
        assert one is Labelled or set(called[one.__name__]) <= {member.value for member in one}
    assert not RUSSIAN.search(str(called))


def test_a_value_that_a_language_does_not_name_is_called_by_its_code(plugins: Plugins) -> None:
    opened = open_case(str(EXAMPLE), Path.cwd(), plugins)
    bare = Language.of(replace(opened.language.pack, choices={}), plugins.filters())

    now = Situation(opened.case, opened.method.programme, bare, LAST_DAY)

    assert str(now.ask("closure.reason")) == "self reliance achieved"


def test_the_pack_of_the_documentation_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "hooks.md").read_text("utf-8")
    code = re.findall(r"```python\n(.*?)```", page[page.index("## papka_languages()") :], re.DOTALL)[0]
    (tmp_path / "papka_kazakh.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    kazakh = Plugins([EntryPoint("kazakh", "papka_kazakh", "papka-kazakh", "1")]).language_of("kk")

    assert kazakh.evaluate("day|date_long", {"day": date(2025, 2, 18)}) == "2025 жылғы 18 ақпан"
    assert kazakh.evaluate("days|joined('; ')", {"days": Rows([date(2025, 2, 18), True])}) == "18.02.2025; иә"
    assert (kazakh.pack.on_paper("DRAFT"), kazakh.pack.code) == ("ЖОБА", "kk")


VERA = PersonName("Los", "Vera", "Ivanovna", "female")
DAY = date(2025, 2, 18)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("day", "18 February 2025"),
        ("day|date_long", "18 February 2025"),
        ("day|date_short", "18 Feb 2025"),
        ("day|month_year", "February 2025"),
        ("day|in_words", "the eighteenth of February, twenty twenty-five"),
        ("21|in_words", "twenty-one"),
        ("3|ordinal", "3rd"),
        ("money", "7,900.50"),
        ("money|money", "RUB 7,900.50"),
        ("money|in_words", "seven thousand, nine hundred roubles 50 kopecks"),
        ("name", "Vera Ivanovna Los"),
        ("name|short", "V. I. Los"),
        ("name|signature", "V. I. Los"),
        ("name|possessive", "Vera Ivanovna Los’s"),
        ("'the parents'|possessive", "the parents’"),
        ("name|agree('he', 'she')", "she"),
        ("nobody|agree('he', 'she')", "he/she"),
        ("names|listing", "A, B and C"),
        ("['A', 'B']|listing", "A and B"),
        ("days|joined('; ')", "18 February 2025; 1 May 2025"),
        ("1|plural('child', 'children')", "1 child"),
        ("5|plural('child', 'children')", "5 children"),
        ("born|age(day)", "11 years"),
        ("later|age(day)", "17 days"),
        ("true|yes_no", "yes"),
        ("nobody|dash", "—"),
        ("nobody|line(5)", "_____"),
        ("'a deed done'|capital", "A deed done"),
        ("'he signed the contract'|measurable|yes_no", "yes"),
        ("'to be better'|measurable|yes_no", "no"),
    ],
)
def test_english_prints(expression: str, words: str, say: Callable[..., str]) -> None:
    context = {
        "day": DAY,
        "born": date(2013, 5, 1),
        "later": date(2025, 2, 1),
        "money": Decimal("7900.50"),
        "name": VERA,
        "nobody": Missing("phone"),
        "names": Rows(["A", "B", "C"]),
        "days": Rows([DAY, date(2025, 5, 1)]),
    }

    assert say(expression, **context) == words


def test_english_refuses_to_print_what_is_no_value_and_draws_a_line_for_a_day(plugins: Plugins) -> None:
    printed = plugins.languages()["en"].printed

    for value in (Missing("phone"), None, Rows(), Record("Person", {}, {})):
        with pytest.raises(Unprintable):
            printed(value)
    assert printed(Blank("date")).startswith("____") and not RUSSIAN.search(printed(Blank("date")))
    assert printed(Choice("foster", "in a foster family")) == "in a foster family"
