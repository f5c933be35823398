"""A form as a PDF: filled in on a screen and read back, or drawn for a pen."""

import ctypes
import io
import os
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import Run
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reading import PLUGINS, REGIONS
from word_forms import CASES, all_there, answers, fields, sheet_on, typed

from papka.core import yamltext
from papka.core.errors import AskedWrongly, PapkaError
from papka.core.paths import dotted
from papka.forms.pdf.drawing import to_paper, to_pdf_form
from papka.forms.pdf.names import PASSPORT, key_in, name_of
from papka.forms.sheet import Sheet
from papka.forms.word.receiving import receive

pytestmark = pytest.mark.usefixtures("english")
LONG = bool(os.environ.get("PAPKA_LONG"))
_EXAMPLE = CASES["kurgan_ipss"][0].with_name("chernykh_shevchenko.yaml")


@dataclass(frozen=True)
class Made:
    """A form that was made once for all tests of it."""

    case: Path
    sheet: Sheet
    digest: str
    pdf: bytes


@pytest.fixture(scope="module")
def home() -> Made:
    sheet, digest = sheet_on(_EXAMPLE, "home")
    return Made(_EXAMPLE, sheet, digest, to_pdf_form(sheet, digest))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text(
        "papka: '1'\norganisation: {full_name: Центр помощи семье, short_name: Центр}\n", "utf-8"
    )
    (tmp_path / "cases/krg").mkdir(parents=True)
    shutil.copy(_EXAMPLE, tmp_path / "cases/krg/case.yaml")
    return tmp_path


def in_viewer(form: bytes, words: Mapping[str, str | bool]) -> bytes:
    """Type into the fields of a PDF as a viewer keeps it: the value and nothing else of ours."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form)))
    left = dict(words)
    for page in writer.pages:
        for reference in page.get("/Annots", []):
            field = reference.get_object()
            said = left.pop(key_in(str(field.get("/T"))), None)
            if isinstance(said, bool):
                state = NameObject("/Yes" if said else "/Off")
                field[NameObject("/V")] = field[NameObject("/AS")] = state
            elif said:
                field[NameObject("/V")] = TextStringObject(said.replace("\n", "\r"))
    assert not left, "a field is lacking"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# --- every value returns ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "form"),
    [(one, form) for one in REGIONS for form in PLUGINS.method(one).questions]
    if LONG
    else [("kurgan_ipss", "intake"), ("sos_partnership", "score_sheet")],
)
def test_whatever_is_typed_into_a_pdf_returns_exactly(region: str, form: str, tmp_path: Path) -> None:
    """Made once, filled in many times: right values and wrong ones, in every kind of field."""
    file = CASES[region][0]
    case = tmp_path / "case.yaml"
    case.write_bytes(file.read_bytes())
    sheet, digest = sheet_on(case, form)
    blank = to_pdf_form(sheet, digest)

    @settings(
        max_examples=120 if LONG else 2,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(20261)
    @given(st.data())
    def every_value_returns(data: st.DataObject) -> None:
        every = fields(sheet)
        picked = random.Random(data.draw(st.integers(0, 2**32))).sample(every, min(len(every), 25))
        said = [(one, data.draw(answers(one))) for one, _ in picked if one.kind != "choices" or one.choices]
        words = {key: text for one, value in said for key, text in typed(one, value).items()}
        reading = receive(in_viewer(blank, words), "case.yaml", tmp_path, PLUGINS).reading
        assert not reading.conflicts
        all_there(sheet, reading.sheet, said, every)

    every_value_returns()


def in_pdfium(form: bytes, texts: Mapping[str, str], boxes: tuple[str, ...]) -> bytes:
    """Fill in a form as a person does in a viewer: click into a field, mark all, type; click on a box; save."""
    pypdfium2, raw = (cast(Any, import_module(name)) for name in ("pypdfium2", "pypdfium2.raw"))
    places = {}
    for number, page in enumerate(PdfReader(io.BytesIO(form)).pages):
        for reference in page.get("/Annots", []):
            field = reference.get_object()
            left, low, right, top = (float(side) for side in field["/Rect"])
            places[key_in(str(field["/T"]))] = (number, (left + right) / 2, (low + top) / 2)
    document = pypdfium2.PdfDocument(form)
    document.init_forms()
    desk = document.formenv
    for key, text in (*texts.items(), *((box, "") for box in boxes)):
        number, x, y = places[key]
        page = document[number]
        raw.FORM_OnMouseMove(desk, page, 0, x, y)
        raw.FORM_OnLButtonDown(desk, page, 0, x, y)
        raw.FORM_OnLButtonUp(desk, page, 0, x, y)
        if text:
            raw.FORM_SelectAllText(desk, page)
            signs = (text.replace("\n", "\r") + "\0").encode("utf-16-le")
            raw.FORM_ReplaceSelection(
                desk, page, (ctypes.c_ushort * (len(signs) // 2)).from_buffer_copy(signs)
            )
        raw.FORM_ForceToKillFocus(desk)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_what_a_person_types_in_a_viewer_returns_exactly(home: Made, office: Path) -> None:
    """With every letter, though the viewer itself draws some of them wrongly."""
    texts = {
        "family.household.dwelling": "Ёлкин дом «№ 5» — щъыьэюя",
        "family.household.child_place": "первая строка\nвторая, ёж",
        "family.household.area_m2": "61,5",
    }
    boxes = ("family.household.utilities=gas", "family.household.utilities=water")
    reading = receive(in_pdfium(home.pdf, texts, boxes), None, office, PLUGINS).reading
    got = {dotted(place): value for place, value in reading.taken.items()}
    before = home.sheet.data["family"]["household"]["utilities"]
    after = got.pop("family.household.utilities")
    assert got == texts
    assert set(before) ^ set(cast(tuple[str, ...], after)) == {"gas", "water"}


# --- what is seen ----------------------------------------------------------------------------------------


def test_what_the_case_knows_is_seen_in_the_fields_with_every_letter(home: Made) -> None:
    """PDFium, of which many browsers are made, draws the fields into the page, and the words can be read there."""
    pypdfium2: Any = import_module("pypdfium2")  # it has no types
    document = pypdfium2.PdfDocument(home.pdf)
    document.init_forms()
    seen = ""
    for number in range(len(document)):
        document[number].flatten()
        seen += " ".join(document[number].get_textpage().get_text_range().split()) + " "
    for words in (
        "одноэтажный бревенчатый жилой дом",
        "Ася учится на «4» и «5»",
        "отчиму старшие насторожены",
    ):
        assert words in seen


def test_a_form_for_a_pen_holds_all_questions_and_no_fields(home: Made) -> None:
    empty = Sheet.on(home.sheet.form, PLUGINS, {"papka": "1", "programme": "kurgan_ipss", "id": "new"})
    reader = PdfReader(io.BytesIO(to_paper(empty)))
    assert not reader.get_fields()
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    labels = [one.label for one, _ in fields(empty)]
    assert len(labels) > 20
    assert [one for one in labels if one not in text] == []
    assert "выберите" not in text


# --- reading ---------------------------------------------------------------------------------------------


def test_a_bad_value_in_a_pdf_is_told_in_the_words_of_check_and_nothing_is_written(
    home: Made, office: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    case = office / "cases/krg/case.yaml"
    before = case.read_bytes()
    (office / "form.pdf").write_bytes(in_viewer(home.pdf, {"family.household.area_m2": "много"}))
    done = here("form", "read", "form.pdf")
    place = ("family", "household", "area_m2")
    words = sheet_on(case, "home")[0].answer(place, "много")[0].message
    assert done.code == 3
    assert words in done.out
    assert case.read_bytes() == before
    copy = (office / "form.checked.pdf").read_bytes()
    assert _notes(copy) == {("family/household/area_m2", words)}
    # The notes are papka's own: they are not taken for something that was written beside the fields.
    mended = in_viewer(copy, {"family.household.area_m2": "60"})
    assert receive(mended, None, office, PLUGINS).reading.remarks == []
    (office / "form.pdf").write_bytes(in_viewer(home.pdf, {"family.household.area_m2": "61,5"}))
    done = here("form", "read", "form.pdf")
    assert done.code == 0, done.out + done.err
    data = yamltext.read(case.read_bytes()).data
    assert isinstance(data, dict)
    assert data["family"]["household"]["area_m2"] == "61,5"


def _notes(pdf: bytes) -> set[tuple[str, str]]:
    """Return over which field each note lies, and its first sentence."""
    found = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        every = [one.get_object() for one in page.get("/Annots", [])]
        for note in (one for one in every if one["/Subtype"] == "/Text"):
            right, top = note["/Rect"][2:]
            field = next(one for one in every if one is not note and one["/Rect"][2:] == [right, top])
            found.add((str(field["/T"]), str(note["/Contents"]).split(" What to do")[0]))
    return found


def test_a_stranger_s_pdf_is_refused(home: Made, office: Path) -> None:
    plain = PdfWriter()
    plain.add_blank_page(100, 100)
    out = io.BytesIO()
    plain.write(out)
    with pytest.raises(AskedWrongly, match="papka form blank"):
        receive(out.getvalue(), None, office, PLUGINS)
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(home.pdf)))
    locked.encrypt("пароль")
    out = io.BytesIO()
    locked.write(out)
    for bad in (out.getvalue(), home.pdf[: len(home.pdf) // 2], b"%PDF-1.7\nrubbish"):
        with pytest.raises(PapkaError):
            receive(bad, None, office, PLUGINS)
    round_and_round = PdfWriter(clone_from=PdfReader(io.BytesIO(home.pdf)))
    form = round_and_round.root_object["/AcroForm"].get_object()
    first = form["/Fields"][0].get_object()  # type: ignore[index]
    first[NameObject("/Kids")] = form["/Fields"]  # type: ignore[index]
    out = io.BytesIO()
    round_and_round.write(out)
    with pytest.raises(PapkaError):
        receive(out.getvalue(), None, office, PLUGINS)


def test_the_names_of_fields_tell_their_places() -> None:
    assert key_in(name_of("family.members[2].sex")) == "family.members[2].sex"
    assert "." not in name_of("a.b[1].c=d") + PASSPORT
