"""`papka template check`: on the screen, as JSON, and as Word comments on the exact words."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bench_files import NAME, PLACES, SOFFICE, W, faults, form, ids, planted
from docx import Document
from lxml import etree

TYPO = "Семья {{ семья.названеи }} живёт здесь."


def comments(path: Path) -> list[Any]:
    return list(Document(str(path)).comments)


def commented(path: Path) -> dict[str, str]:
    """Return the words between the ends of each comment's range, by its number."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    found: dict[str, str] = {}
    open_: list[str] = []
    for element in root.iter():
        number = element.get(f"{W}id") or ""
        if element.tag == f"{W}commentRangeStart":
            open_.append(number)
            found[number] = ""
        elif element.tag == f"{W}commentRangeEnd":
            open_.remove(number)
        elif element.tag == f"{W}t":
            for one in open_:
                found[one] += element.text or ""
    assert open_ == []
    return found


def formatted(path: Path) -> list[tuple[str, bool]]:
    """Return each letter of the text with whether it is bold."""
    word: Any = Document(str(path))
    return [(sign, bool(r.bold)) for p in word.paragraphs for r in p.runs for sign in r.text]


def test_the_comment_stands_on_the_exact_words_with_cure_and_suggestion(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, "Начало", TYPO)

    done = here("template", "check", path, "--word")

    out = tmp_path / "krg_application.checked.docx"
    assert done.code == 3
    assert commented(out) == {"0": "названеи"}
    (comment,) = comments(out)
    assert (comment.author, comment.initials) == ("papka", "п")
    assert "названеи" in comment.text and "название" in comment.text and "What to do" in comment.text


def test_runs_are_cut_and_formatting_stays(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, "Начало", TYPO, "{{ яяя }}{{ ююю }}", "")

    here("template", "check", path, "--word", tmp_path / "out.docx")

    assert formatted(tmp_path / "out.docx") == formatted(path)
    assert list(commented(tmp_path / "out.docx").values()) == ["названеи", "яяя", "ююю"]


def test_faults_that_overlap_have_a_comment_each(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, "{% for р in семья.дети %}{{ р.фиоо|дательныйй }}")

    here("template", "check", path, "--word", tmp_path / "out.docx")

    assert set(commented(tmp_path / "out.docx").values()) == {
        "{% for р in семья.дети %}",
        "фиоо",
        "дательныйй",
    }


@pytest.mark.parametrize("place", PLACES)
def test_where_word_allows_no_comment_the_first_paragraph_names_the_place(
    here, place: str, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    planted(TYPO, place, tmp_path / NAME)

    here("template", "check", tmp_path / NAME, "--word", tmp_path / "out.docx")

    (words,) = commented(tmp_path / "out.docx").values()
    (comment,) = comments(tmp_path / "out.docx")
    if place in ("body", "cell"):
        assert words == "названеи"
    else:
        assert words.startswith("Обычные слова")
        assert "paragraph" in comment.text.splitlines()[0]
        assert place == "box" or place in comment.text


def test_checking_the_copy_again_replaces_the_comments(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, TYPO, "{{ яяя }}")
    here("template", "check", path, "--word")
    copy = tmp_path / "krg_application.checked.docx"

    here("template", "check", copy, "--word")

    assert sorted(commented(copy).values()) == ["названеи", "яяя"]
    assert not (tmp_path / "krg_application.checked.checked.docx").exists()


def test_after_the_fault_is_mended_no_comment_is_left(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, "Начало", TYPO)
    here("template", "check", path, "--word")
    copy = tmp_path / "krg_application.checked.docx"
    word: Any = Document(str(copy))
    first, *rest = word.paragraphs[1]._p.iter(f"{W}t")
    first.text = TYPO.replace("названеи", "название")
    for letters in rest:
        letters.text = ""
    word.save(str(copy))

    done = here("template", "check", copy, "--word")

    assert done.code == 0, done.all
    assert comments(copy) == [] and commented(copy) == {}
    with zipfile.ZipFile(copy) as archive:
        assert b"commentReference" not in archive.read("word/document.xml")


def test_the_comments_of_people_stay(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word: Any = Document()
    word.add_comment(
        word.add_paragraph("Слова").runs[0], text="Спросить юриста", author="Методист", initials="М"
    )
    word.add_paragraph(TYPO)
    word.save(str(tmp_path / NAME))

    here("template", "check", tmp_path / NAME, "--word")
    copy = tmp_path / "krg_application.checked.docx"
    here("template", "check", copy, "--word")

    assert [one.author for one in comments(copy)] == ["Методист", "papka"]
    assert len({one.comment_id for one in comments(copy)}) == 2


def test_the_template_itself_is_never_written_over(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, TYPO)
    before = path.read_bytes()

    done = here("template", "check", path, "--word", path)

    assert done.code == 2
    assert path.read_bytes() == before


@SOFFICE
def test_libreoffice_opens_the_file_and_keeps_the_comments(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for number, place in enumerate(PLACES):
        folder = tmp_path / place
        folder.mkdir()
        planted(TYPO, place, folder / NAME)
        here("template", "check", folder / NAME, "--word", tmp_path / f"{number}.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    soffice = shutil.which("soffice")
    assert soffice
    files = [str(tmp_path / f"{number}.docx") for number in range(len(PLACES))]
    command = [soffice, profile, "--headless", "--convert-to", "odt", "--outdir", str(tmp_path), *files]
    subprocess.run(command, capture_output=True, timeout=180, check=True)

    for number in range(len(PLACES)):
        with zipfile.ZipFile(tmp_path / f"{number}.odt") as archive:
            text = archive.read("content.xml").decode()
        assert text.count("<office:annotation ") == 1
        assert "названеи" in text.partition("<office:annotation ")[2]
        assert "papka" in text


def test_the_screen_marks_the_words_and_says_what_was_meant(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = here("template", "check", form(tmp_path / NAME, "Начало", TYPO))

    assert done.code == 3
    line, marks = done.out.splitlines()[3:5]
    start = marks.index("^")
    assert line[start : start + marks.count("^")] == "названеи"
    assert "paragraph 2" in done.out and "Did you mean название?" in done.out


def test_json_is_the_documented_shape(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = here("template", "check", form(tmp_path / NAME, TYPO), "--json")

    data = json.loads(done.out)
    (finding,) = data["findings"]
    assert data["summary"] == {"errors": 1, "warnings": 0, "infos": 0}
    assert finding["suggestion"] == "название"
    assert finding["place"]["part"] == "word/document.xml"
    assert (finding["place"]["start"], finding["place"]["end"]) == (15, 23)
    assert finding["place"]["text"] == "{{ семья.названеи }}"


def test_a_document_is_checked_by_its_name_and_all_at_once(here) -> None:  # type: ignore[no-untyped-def]
    assert here("template", "check", "krg_ipss").code == 0
    done = here("template", "check", "--all", "--json")

    data = json.loads(done.out)
    assert (done.code, data["findings"]) == (0, [])
    assert "krg_ipss" in {one["document"] for one in data["files"]}


def test_a_document_that_is_not_there_is_answered_with_the_nearest(here) -> None:  # type: ignore[no-untyped-def]
    done = here("template", "check", "krg_ips")

    assert done.code == 2
    assert "Did you mean krg_ipss?" in done.err


def test_a_file_of_no_programme_asks_for_one(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / "новый.docx", TYPO)

    assert here("template", "check", path).code == 2
    assert here("template", "check", path, "--programme", "kurgan_ipss").code == 3


def test_the_names_of_a_documents_own_are_known_even_where_its_name_is_not(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / "новый.docx", "{{ план.номер|прочерк }}")

    assert here("template", "check", path, "--programme", "kurgan_ipss").code == 0


def test_the_list_names_every_document(here) -> None:  # type: ignore[no-untyped-def]
    rows = json.loads(here("template", "list", "--json").out)

    assert {"krg_ipss", "com_consent_pd", "sos_closure"} <= {row["document"] for row in rows}
    assert {row["state"] for row in rows} == {"clean"}
    assert all(row["tags"] > 0 and row["title"] for row in rows)
    assert "krg_ipss.docx" in here("template", "list").out


def test_a_damaged_file_is_told_in_one_sentence(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / NAME).write_bytes(b"PK\3\4 nothing")

    done = here("template", "check", tmp_path / NAME, "--word")

    assert done.code == 3
    assert "D-DAMAGED" in done.out
    assert ids(faults(tmp_path / NAME)) == ["D-DAMAGED"]
