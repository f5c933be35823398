"""What is known of a template's pieces says of each paper what reading the whole paper would say."""

import io
from pathlib import Path
from xml.parsers import expat

import pytest
from docx import Document
from docx.document import Document as Word
from docx.shared import Pt
from reading import EXAMPLES, LAST_DAY, PLUGINS, REGIONS
from test_against_docxtpl import CONTEXT, language, ours_of, saved

from papka.core.errors import PapkaError
from papka.core.loading import load_case
from papka.output import filling
from papka.output.flat import Flat, needs_mending, parse_strictly, said_by, words
from papka.output.package import PackageFault
from papka.output.pieces import pieces_of, put_together, with_bytes
from papka.output.rendering import Press
from papka.output.template import Template, proven_parts

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FLAT = Flat((), (), {})


@pytest.mark.parametrize("region", REGIONS)
def test_bones_and_words_of_pieces_are_those_of_the_whole_part(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = next(path for path in EXAMPLES if path in REGIONS[region].examples())
    case, press = load_case(example), Press(PLUGINS.method(region), PLUGINS.language)
    seen: list[tuple[int, int]] = []
    flats: list[tuple[Flat, frozenset[str]]] = []
    flat_of_part = filling._Filling._flat

    def noted(self: object, part: filling.ReadyPart, *rest: object, **more: object) -> object:
        if part.flat is not None:
            flats.append((part.flat, part.mends))
        return flat_of_part(self, part, *rest, **more)  # type: ignore[arg-type]

    def held(drawn: list[str], *known: object, has_signs: bool) -> tuple[bytes, bytes, bytes] | None:
        made = put_together(drawn, *known, has_signs=has_signs)  # type: ignore[arg-type]
        if made is not None:
            body, bones, said = made
            flat, mends = flats[-1]
            if not has_signs:
                assert body == "".join(drawn).encode()
            assert words(said) == words(said_by(body, flat))
            assert needs_mending(body, bones, flat, mends) == needs_mending(body, body, flat, mends)
            for each in (body, bones):
                expat.ParserCreate().Parse(each, True)
            seen.append((len(bones), len(body)))
        return made

    monkeypatch.setattr(filling._Filling, "_flat", noted)
    monkeypatch.setattr(filling, "put_together", held)
    for name in list(press.method.papers)[1::8]:
        try:
            list(press.render(case, name, LAST_DAY))
        except PapkaError:  # not due, or the case is incomplete
            continue
    assert len(seen) > 2
    assert sum(bones for bones, _ in seen) < sum(body for _, body in seen) / 2


def known(source: str) -> object:
    return pieces_of(language().environment().compile(f"<w:body {NAMES}>{source}</w:body>"), FLAT)


TEXT = '<w:t xml:space="preserve">'


def test_a_tag_between_words_leaves_pieces_that_are_known() -> None:
    assert known(f"<w:p><w:r>{TEXT}До {{{{ name }}}} и</w:t></w:r></w:p>") is not None


@pytest.mark.parametrize(
    "source",
    [
        '<w:p><w:r w:x="{{ name }}"><w:t>а</w:t></w:r></w:p>',
        f"<w:p w:x='1' w:x='2'><w:r>{TEXT}{{{{ name }}}}</w:t></w:r></w:p>",
        "<w:p><w:r><w:instrText>{{ name }}</w:instrText></w:r></w:p>",
        "<w:p><w:r><w:t>{{ name }}</w:t></w:r></w:p>",
        f"<w:tbl><w:tr><w:tc></w:tc></w:tr></w:tbl><w:p><w:r>{TEXT}{{{{ name }}}}</w:t></w:r></w:p>",
        f"<w:p><w:r>{TEXT}{{{{ name }}}}</w:t></w:r></w:p>&nothing;<w:p/>",
    ],
    ids=["in-an-attribute", "twice", "in-a-field", "spaces-dropped", "hollow-cell", "entity"],
)
def test_what_pieces_cannot_tell_is_looked_at_as_a_whole(source: str) -> None:
    assert known(source) is None


def test_elements_that_cross_between_pieces_are_found_in_the_bones() -> None:
    code = (
        language()
        .environment()
        .compile(f"<w:body {NAMES}><w:p><w:r>{TEXT}{{{{ name }}}}</w:r></w:t></w:p></w:body>")
    )
    found = pieces_of(code, FLAT)
    assert found is not None
    pieces = list(found[0])
    drawn = [
        *(one for one in pieces if "<w:body" in one),
        "слова",
        *(one for one in pieces if "</w:body" in one),
    ]

    made = put_together(drawn, with_bytes(found[0]), has_signs=False)

    assert made is not None
    with pytest.raises(PackageFault):
        parse_strictly(made[1], "word/document.xml", len(made[0]))


def test_a_value_that_would_break_the_xml_is_never_a_piece(tmp_path: Path) -> None:
    template = Template.open(saved(lambda word: word.add_paragraph("«{{ name }}»"), tmp_path))
    context = {**CONTEXT, "name": "</w:t></w:r></w:p><w:p/> & ]]>"}

    (body,) = proven_parts(template, language(), context).values()

    assert b"&lt;/w:t&gt;" in body
    assert put_together(["<w:p>"], {}, has_signs=False) is None


# --- runs that look alike --------------------------------------------------------------------------------


def drawn(build: object, tmp_path: Path) -> list[list[tuple[str, bool]]]:
    paper = Document(io.BytesIO(ours_of(saved(build, tmp_path))))  # type: ignore[arg-type]
    return [[(run.text, bool(run.bold)) for run in one.runs] for one in paper.paragraphs]


def test_runs_that_look_alike_become_one_and_others_stay(tmp_path: Path) -> None:
    def build(word: Word) -> None:
        home = word.add_paragraph()
        for text in ("Имя: ", "{{ na", "me }}", ", и\tвсё "):
            home.add_run(text)
        home.add_run("{{ number }}").bold = True
        home.add_run(" раз")

    assert drawn(build, tmp_path) == [[("Имя: Иванова & <Ко>, и\tвсё ", False), ("5", True), (" раз", False)]]


def test_what_stands_between_two_runs_keeps_them_apart(tmp_path: Path) -> None:
    def build(word: Word) -> None:
        home = word.add_paragraph("один ")
        home.add_run("{{ number }}").font.size = Pt(20)
        mark = home._p.makeelement(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}bookmarkStart", {}
        )
        home.add_run(" три")
        home._p.append(mark)
        home.add_run(" четыре")

    (runs,) = drawn(build, tmp_path)
    assert [text for text, _ in runs] == ["один ", "5", " три", " четыре"]
