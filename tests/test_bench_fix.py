"""`papka template fix`: what is safe is repaired, each change is told, and nothing else is touched."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from bench_files import FILLER, NAME, PLACES, W, faults, form, planted, sheet
from docx import Document
from lxml import etree

from papka.output.bench.fixing import Fixer
from papka.output.tags import visible_text

LOOP = "{% for р in семья.дети %}"
REPAIRED: list[tuple[str, str]] = [
    ("{{ семья.нaзвание }}", "{{ семья.название }}"),
    ("{{ fаmily.display_name }}", "{{ family.display_name }}"),
    ("{{ семья.названеи }}", "{{ семья.название }}"),
    ("{{ Семья.Название }}", "{{ семья.название }}"),
    (
        "{% for ребёнок in семья.дети %}{{ ребенок.фио }}{% endfor %}",
        LOOP.replace(" р ", " ребёнок ") + "{{ ребёнок.фио }}{% endfor %}",
    ),
    ("{{ семья.название|рoдительный }}", "{{ семья.название|родительный }}"),
    ("{{ семья.название|родительныйй }}", "{{ семья.название|родительный }}"),
    (LOOP + "{{ р.фиоо|дательныйй }}{% endfor %}", LOOP + "{{ р.фио|дательный }}{% endfor %}"),
    (
        LOOP + "{% if р.пол == 'женcкий' %}х{% endif %}{% endfor %}",
        LOOP + "{% if р.пол == 'женский' %}х{% endif %}{% endfor %}",
    ),
    (
        "{{ семья.дети|число|счёт(«ребёнок», „ребёнка“, “детей”) }}",
        '{{ семья.дети|число|счёт("ребёнок", "ребёнка", “детей”) }}',
    ),
    ("{{ семья.дети|число – 1 }}", "{{ семья.дети|число - 1 }}"),
    ("{% If семья.дети %}х{% EndIf %}", "{% if семья.дети %}х{% endif %}"),
    ("{% For р In семья.дети %}х{% EndFor %}", "{% for р in семья.дети %}х{% endfor %}"),
    ("{% fоr р in семья.дети %}х{% endfro %}", "{% for р in семья.дети %}х{% endfor %}"),
    ("{% if семья.дети %}х{% end if %}", "{% if семья.дети %}х{% endif %}"),
    ("{{ семья.назв\u200bание }}", "{{ семья.название }}"),
    ("{\u200b{ семья.название }\ufeff}", "{{ семья.название }}"),
    ("{ семья.название }", "{{ семья.название }}"),
    ("{ семья.название|родительный }", "{{ семья.название|родительный }}"),
    ("{{ семья.название }", "{{ семья.название }}"),
    ("{ семья.название }}", "{{ семья.название }}"),
    ("{{ семья.название } и {{ семья.название }}", "{{ семья.название }} и {{ семья.название }}"),
    (LOOP + "{ р.фио }{% endfor %}", LOOP + "{{ р.фио }}{% endfor %}"),
    ("{% if семья.дети }х{% endif %}", "{% if семья.дети %}х{% endif %}"),
]
LEFT = [
    "{ неизвестное.поле }",
    "{ и просто слова }",
    "{{ абракадабра }}",
    "{% если семья.дети %}х{% endif %}",
    "{% if семья.дети = 5 %}х{% endif %}",
    "{{ документ.номер }}",
    "«Слова» — с тире, „лапками“ и \u200bневидимым знаком, If и EndFor",
    "{# «Заметка» – If #}",
]


def texts(content: Path, part: str) -> list[str]:
    with zipfile.ZipFile(content) as archive:
        root = etree.fromstring(archive.read(part))
    return [visible_text(paragraph) for paragraph in root.iter(f"{W}p")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("text", "meant"), REPAIRED)
def test_what_is_safe_is_repaired_and_checks_clean(text: str, meant: str, place: str, tmp_path: Path) -> None:
    part, paragraph = planted(text, place, tmp_path / NAME)

    fixed = Fixer(sheet(tmp_path / NAME)).fix()

    out = tmp_path / "out" / NAME
    out.parent.mkdir()
    out.write_bytes(fixed.content)
    assert texts(out, part)[paragraph - 1] == meant
    assert faults(out) == []
    assert {(one.part, one.paragraph) for one in fixed.changes} >= {(part, paragraph)}


@pytest.mark.parametrize("text", LEFT)
def test_what_is_not_certain_is_left_to_the_person(text: str, tmp_path: Path) -> None:
    form(tmp_path / NAME, FILLER, text)

    fixed = Fixer(sheet(tmp_path / NAME)).fix()

    assert fixed.changes == []
    out = tmp_path / "out.docx"
    out.write_bytes(fixed.content)
    assert texts(out, "word/document.xml")[:2] == [FILLER, text]


@pytest.mark.parametrize(
    "parts",
    [
        "{%pif семья.дети %}|{%p endif %}",
        "{%р if семья.дети %}|{%P endif %}",
        "{% p if семья.дети %}|{%pendif %}",
    ],
)
def test_a_lifting_tag_lifts_again(parts: str, tmp_path: Path) -> None:
    opened, closed = parts.split("|")
    form(tmp_path / NAME, opened, "х", closed)

    fixed = Fixer(sheet(tmp_path / NAME)).fix()

    out = tmp_path / "out" / NAME
    out.parent.mkdir()
    out.write_bytes(fixed.content)
    assert texts(out, "word/document.xml")[:3] == ["{%p if семья.дети %}", "х", "{%p endif %}"]
    assert faults(out) == []


def test_all_other_xml_is_as_it_was(tmp_path: Path) -> None:
    """Every element and attribute stands where it stood; only letters of broken tags differ."""
    for place in PLACES:
        path = tmp_path / f"{place}.docx"
        part, paragraph = planted(
            "Слова «тут» – {{ семья.нaзваниее|родительныйй }} {% If семья.дети %}х{% EndIf %}", place, path
        )
        fixed = Fixer(sheet_of(path)).fix()
        out = tmp_path / f"{place}.out.docx"
        out.write_bytes(fixed.content)
        with zipfile.ZipFile(path) as before, zipfile.ZipFile(out) as after:
            assert before.namelist() == after.namelist()
            for name in before.namelist():
                if name != part:
                    assert before.read(name) == after.read(name)
            assert shape(before.read(part)) == shape(after.read(part))
        old, new = texts(path, part), texts(out, part)
        changed = [n for n, (a, b) in enumerate(zip(old, new, strict=True), start=1) if a != b]
        assert paragraph in changed and all(old[n - 1] == old[paragraph - 1] for n in changed)
        assert new[paragraph - 1].startswith("Слова «тут» – {{ семья.название|родительный }} {% if")


def sheet_of(path: Path):  # type: ignore[no-untyped-def]
    from bench_files import DESK

    return DESK.find(str(path), "krg_application")


def shape(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    space = "{http://www.w3.org/XML/1998/namespace}space"
    return [
        (str(one.tag), {str(k): str(v) for k, v in one.attrib.items() if k != space})
        for one in etree.fromstring(xml).iter()
    ]


def test_a_clean_template_is_not_touched_and_no_copy_is_written(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, FILLER)

    done = here("template", "fix", path)

    assert done.code == 0
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == [NAME]


def test_each_change_is_told_and_what_is_left_too(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, "{{ семья.названеи }} {{ абракадабра }}")
    before = path.read_bytes()

    done = here("template", "fix", path, "--json")

    data = json.loads(done.out)
    assert done.code == 3
    assert [(one["before"], one["after"]) for one in data["changes"]] == [
        ("{{ семья.названеи }}", "{{ семья.название }}")
    ]
    assert [one["id"] for one in data["findings"]] == ["T-NAME"]
    assert data["written"] == str(tmp_path / "krg_application.fixed.docx")
    assert path.read_bytes() == before
    assert Document(data["written"]).paragraphs[0].text == "{{ семья.название }} {{ абракадабра }}"
    told = here("template", "fix", path).out
    assert "- {{ семья.названеи }}" in told and "+ {{ семья.название }}" in told


def test_the_fixed_file_is_written_where_it_is_asked_for(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = form(tmp_path / NAME, "{{ семья.названеи }}")

    assert here("template", "fix", path, tmp_path / "новый.docx").code == 0
    assert Document(str(tmp_path / "новый.docx")).paragraphs[0].text == "{{ семья.название }}"
