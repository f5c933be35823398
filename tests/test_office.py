"""A worker names a case by file, folder, code or number; the office says in which language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from papka.core.errors import AskedWrongly, Refused
from papka.core.office import find_case, find_office
from papka.core.opening import open_case

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def office(tmp_path: Path, case_text: str) -> Path:
    """An office of three families."""
    folder = tmp_path / "office"
    for code, number in (("river", "7/2025"), ("brook", "8/2025"), ("pond", "7")):
        home = folder / "cases" / code
        home.mkdir(parents=True)
        text = case_text.replace("id: T-1", f"id: F-{code}").replace("7/2025", number)
        (home / "case.yaml").write_text(text, "utf-8")
    (folder / "office.yaml").write_text("papka: '1'\nlanguage: ru\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    "asked",
    ["cases/brook/case.yaml", "cases/brook", "brook", "F-brook", "8/2025", " 8/2025 "],
)
@pytest.mark.parametrize("below", [".", "cases", "cases/pond"])
def test_a_case_is_found_from_anywhere_in_its_office(asked: str, below: str, office: Path) -> None:
    if asked.startswith("cases/"):
        below = "."
    found = find_case(asked, office / below)
    assert found.resolve() == office / "cases" / "brook" / "case.yaml"


def test_a_case_is_found_by_where_one_stands(office: Path) -> None:
    here = office / "cases" / "brook"
    for asked in (".", "case.yaml", str(here), str(here / "case.yaml"), "../brook"):
        assert find_case(asked, here).resolve() == here / "case.yaml"


@pytest.mark.parametrize(
    "written",
    ["number: 'Р-5'", 'number: "Р-5"', "number: Р-5   # с января", "number:    Р-5", "number: Р-5\r"],
)
def test_a_number_is_found_however_it_is_written(written: str, office: Path) -> None:
    path = office / "cases" / "pond" / "case.yaml"
    path.write_bytes(path.read_bytes().replace(b"number: 7\n", f"{written}\n".encode()))
    assert find_case("Р-5", office) == path


def test_a_code_on_the_first_line_is_found_after_a_byte_order_mark(office: Path) -> None:
    path = office / "cases" / "pond" / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbfid: first\n" + path.read_bytes())
    assert find_case("first", office) == path


@pytest.mark.parametrize(
    "asked",
    [
        "nobody",
        "",
        " ",
        "7/202",
        "7/20255",
        "/2025",
        ".*",
        "F.brook",
        "Вера",
        "m.one",
        "s.one",
        "kurgan_ipss",
        "../../etc",
        "cases",
        "x" * 5000,
        "a\0b",
    ],
)
def test_a_case_that_is_not_there_is_asked_wrongly(asked: str, office: Path) -> None:
    with pytest.raises(AskedWrongly) as caught:
        find_case(asked, office)
    assert "in the office. The cases here: brook, pond, river." in str(caught.value)


def test_an_empty_number_is_not_the_number_of_a_case_without_one(office: Path) -> None:
    path = office / "cases" / "pond" / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("number: 7\n", "number:\n"), "utf-8")
    with pytest.raises(AskedWrongly):
        find_case("", office)


def test_two_cases_of_one_number_are_both_named_and_neither_is_opened(office: Path) -> None:
    path = office / "cases" / "pond" / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("number: 7\n", "number: 8/2025\n"), "utf-8")
    with pytest.raises(AskedWrongly, match="brook, pond"):
        find_case("8/2025", office)
    assert find_case("pond", office) == path


def test_outside_an_office_a_file_and_a_folder_are_enough(tmp_path: Path, case_text: str) -> None:
    (tmp_path / "case.yaml").write_text(case_text, "utf-8")
    assert find_office(tmp_path) is None
    assert find_case(".", tmp_path) == tmp_path / "case.yaml"
    with pytest.raises(AskedWrongly) as caught:
        find_case("7/2025", tmp_path)
    assert "belongs to no office" in str(caught.value)


def test_the_nearest_office_is_the_one(office: Path) -> None:
    inner = office / "cases" / "river"
    (inner / "office.yaml").write_text("papka: '1'\n", "utf-8")
    found = find_office(inner)
    assert found is not None and found.folder == inner


def test_an_unknown_case_ends_with_two(office: Path, run: Callable[..., Any]) -> None:
    for command in ("check", "status"):
        ran = run(command, "nobody", cwd=office)
        assert (ran.code, ran.out) == (2, "")
        assert "There is no case nobody" in ran.err


def test_the_command_opens_a_case_by_its_number(office: Path, run: Callable[..., Any]) -> None:
    ran = run("status", "8/2025", cwd=office / "cases")
    assert ran.code == 0
    assert "Case 8/2025" in ran.out


# --- language ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "lang", "environment", "russian"),
    [
        ("language: ru\n", None, {}, True),
        ("language: en\n", None, {"LANG": "ru_RU.UTF-8"}, False),
        ("language: 'ru'\n", None, {}, True),
        ("\ufefflanguage: ru\n", None, {}, True),
        ("language: ru\n", "en", {}, False),
        ("language: en\n", "ru", {}, True),
        ("papka: '1'\n", None, {"LANG": "ru_RU.UTF-8"}, True),
        ("papka: '1'\n", None, {"LANG": "C"}, False),
        ("papka: '1'\n", None, {"LANG": "C", "LC_ALL": "ru_RU"}, True),
        ("papka: '1'\n# language: ru\n", None, {"LANG": "C"}, False),
        ("language: {{{\n", None, {"LANG": "C"}, False),
    ],
)
def test_the_office_sets_the_language_and_the_user_may_say_otherwise(
    settings: str,
    lang: str | None,
    environment: dict[str, str],
    russian: bool,
    office: Path,
    run: Callable[..., Any],
) -> None:
    (office / "office.yaml").write_text(settings, "utf-8")
    shown = run("--help", cwd=office / "cases" / "river", lang=lang, **environment).out
    assert ("Проверить дело" in shown) is russian
    assert ("Check a case" in shown) is not russian


def test_in_a_russian_office_refusals_are_russian(office: Path, run: Callable[..., Any]) -> None:
    ran = run("check", "nobody", cwd=office, lang=None)
    assert ran.code == 2
    assert "Ошибка" in ran.err and "Error" not in ran.err


# --- what an office says once for all of its cases ---------------------------------------------------------

STAFF = """\
organisation:
  full_name: Центр помощи «Берег»
  short_name: Центр «Берег»
  head: {person: s.director, position: директор, acts_on: Устава}
specialists:
- {id: s.director, last_name: Ткач, first_name: Илья, sex: male, position: директор}
- {id: s.one, last_name: Другая, first_name: Анна, sex: female, position: юрист}
"""


def test_an_office_names_itself_and_its_people_once_for_all_cases(office: Path, case_text: str) -> None:
    (office / "office.yaml").write_text(f"papka: '1'\n{STAFF}", "utf-8")
    case = office / "cases" / "brook" / "case.yaml"
    text = case.read_text("utf-8")
    own = text[text.index("organisation:") : text.index("specialists:")]
    case.write_text(text.replace(own, ""), "utf-8")

    found = open_case("brook", office).case
    assert found.organisation.full_name == "Центр помощи «Берег»"
    # Somebody whom the case itself names is as the case says.
    assert {one.id: one.last_name for one in found.specialists} == {"s.one": "Ёлкина", "s.director": "Ткач"}
    # A case that names another organisation keeps it.
    assert open_case("river", office).case.organisation.short_name == "ЦСПС"


def test_an_office_whose_head_nobody_knows_is_told(office: Path) -> None:
    (office / "office.yaml").write_text(
        f"papka: '1'\n{STAFF}".replace("id: s.director", "id: s.head"), "utf-8"
    )

    with pytest.raises(Refused) as refused:
        open_case("river", office)
    assert [(one.place.file, one.place.path) for one in refused.value.findings if one.place] == [
        (str(office / "office.yaml"), "organisation")
    ]
