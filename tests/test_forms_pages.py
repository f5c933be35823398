"""The pages of docs/forms say of every paper what the data says, and nothing is left out or left over."""

import os
from pathlib import Path

import confirm_page
import forms_pages
import pytest

STANDING = {path.name for path in forms_pages.FOLDER.glob("*.md")} if forms_pages.FOLDER.is_dir() else set()


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    pages = forms_pages.pages()
    if os.environ.get("PAPKA_WRITE_DOCS"):
        forms_pages.FOLDER.mkdir(exist_ok=True)
        for name in STANDING - set(pages):
            (forms_pages.FOLDER / name).unlink()
        for name, text in pages.items():
            (forms_pages.FOLDER / name).write_text(text, "utf-8")
    return pages


def standing() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in forms_pages.FOLDER.glob("*.md")}


def test_every_document_has_its_page_and_no_page_is_without_a_document(made: dict[str, str]) -> None:
    documents = {name for method in forms_pages.methods() for name in method.papers}

    assert {Path(name).stem for name in standing()} - {"README", "confirm"} == documents


def test_the_pages_are_what_the_data_says(made: dict[str, str]) -> None:
    stale = sorted(name for name, text in standing().items() if made.get(name) != text)

    assert stale == [], "write them anew: PAPKA_WRITE_DOCS=1 pytest tests/test_forms_pages.py"


def test_every_document_says_what_it_is_for(made: dict[str, str]) -> None:
    silent = [name for name, found in forms_pages.uses().items() if not found[0].type.purpose]

    assert silent == []


def test_a_page_names_the_fields_its_template_prints(made: dict[str, str]) -> None:
    page = made["f442_contract.md"]

    assert "| `договор.стоимость` | Стоимость в месяц, руб.; для детей бесплатно |" in page
    assert "| `организация.полное_название` | Полное наименование |" in page


def test_what_is_not_verified_is_told_to_the_one_who_confirms_it(made: dict[str, str]) -> None:
    law, _, rest = made["confirm.md"].partition("## Владелец программы")
    owner, _, centre = rest.partition("## Учреждение")

    assert "f442_contract.md" in law and "по памяти" in law
    for method in forms_pages.methods():
        for paper in method.papers.values():
            kind, text = paper.type.source.kind, paper.type.source.text
            place = {"law_unverified": law, "inferred": owner, "setting": centre}.get(kind)
            assert place is None or text in place
        for name, number in method.programme.settings.items():
            assert (
                f"`{name}` {number.label}" in made["confirm.md"] or number.source.kind not in confirm_page.WHO
            )
