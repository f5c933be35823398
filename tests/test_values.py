"""Typed values: each spelling that people use comes to one form, and that form reads back as itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError, ValidationInfo
from stdnum.ru import inn, ogrn

from papka.core.contract import values
from papka.core.contract.base import At, Line, Text, YesNo
from papka.core.contract.values import birth_certificate_series, department_code, passport_series
from papka.core.loading import load_case

NBSP = "\u00a0"
SPACE = st.sampled_from(["", " ", NBSP, "  "])


def read(kind: Any, typed: object) -> Any:
    return TypeAdapter(kind).validate_python(typed)


def fault(kind: Any, typed: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, typed)
    return str(caught.value.errors()[0]["type"])


# --- СНИЛС -------------------------------------------------------------------------------------------------


def snils(number: int) -> str:
    digits = f"{number:09}"
    check = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=True))
    return f"{digits}{check % 101 % 100:02}"


@given(
    st.integers(1_001_999, 999_999_999),
    st.sampled_from(["", " ", "-", NBSP]),
    st.sampled_from(["", " ", "-"]),
)
@example(87_654_302, "-", " ")  # its sum is 101 times something, its check digits are 00
def test_a_snils_in_any_spelling_has_one_form(number: int, between: str, before_last: str) -> None:
    d = snils(number)
    form = f"{d[:3]}-{d[3:6]}-{d[6:9]} {d[9:]}"
    typed = between.join([d[:3], d[3:6], d[6:9]]) + before_last + d[9:]
    assert read(values.Snils, typed) == read(values.Snils, form) == form


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_of_a_snils_is_noticed(number: int, place: int, change: int) -> None:
    digits = snils(number)
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assume(int(wrong[:9]) > 1_001_998)
    # The published check sum is blind to what changes the sum by 101 or turns 100 into 00.
    weight = 9 - place if place < 9 else 0
    assume(place >= 9 or (weight * (int(wrong[place]) - int(digits[place]))) % 101 not in (0, 100, 1))
    assert fault(values.Snils, wrong) == "papka_snils_sum"


@pytest.mark.parametrize(
    "typed", ["", "1", "112-233-445 9", "112-233-445 955", "112.233.445 95", "١١٢٢٣٣٤٤٥٩٥"]
)
def test_what_has_not_the_digits_of_a_snils_is_none(typed: str) -> None:
    assert fault(values.Snils, typed) == "papka_snils_form"


# --- telephones --------------------------------------------------------------------------------------------

NATIONAL = st.integers(9_000_000_000, 9_999_999_999).map(str)


@given(
    NATIONAL,
    st.sampled_from(["+7", "8", "7", "+7 ", "8-", "8 "]),
    st.sampled_from(["", " ", "-", NBSP]),
    st.booleans(),
    st.sampled_from(["", "12", "1234"]),
    st.sampled_from([" доб. ", ", доб.", " доп ", " вн. ", " внутр. ", " ext. ", " x"]),
)
def test_a_telephone_in_any_spelling_has_one_form(
    n: str, prefix: str, between: str, brackets: bool, extension: str, word: str
) -> None:
    code = f"({n[:3]})" if brackets else n[:3]
    typed = prefix + between.join([code, n[3:6], n[6:8], n[8:]]) + (word + extension if extension else "")
    called = "ext." if "ext" in word else "доб."
    form = f"+7 ({n[:3]}) {n[3:6]}-{n[6:8]}-{n[8:]}" + (f", {called} {extension}" if extension else "")
    assert read(values.Phone, typed) == read(values.Phone, form) == form


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("8 (35251) 2-15-43", "+7 (35251) 2-15-43"),
        ("+7 (8112) 00-00-00", "+7 (8112) 00-00-00"),
        ("+7 3522 12-34-56", "+7 (352) 212-34-56"),
        ("+375 29 123-45-67", "+375 29 123-45-67"),
    ],
)
def test_the_code_of_a_town_is_kept_where_it_was_typed(typed: str, form: str) -> None:
    assert read(values.Phone, typed) == read(values.Phone, form) == form


@pytest.mark.parametrize(
    "typed",
    [
        "нет",
        "8900",
        "8-800-FLOWERS",
        "8 900 000-00-01 (мама)",
        "+7 900 000-00-01, +7 900 000-00-02",
        "8 900 000-00-01 доб. 1 доб. 2",
        "+7 900 000 00 01 02",
    ],
)
def test_what_cannot_be_kept_whole_is_no_telephone(typed: str) -> None:
    assert fault(values.Phone, typed) == "papka_phone"


# --- days and hours ----------------------------------------------------------------------------------------


@given(st.dates(values.EARLIEST, values.LATEST))
@example(date(2024, 2, 29))
def test_a_day_reads_back_in_both_spellings(day: date) -> None:
    spellings = (day.isoformat(), f"{day:%d.%m.%Y}", f" {day.day}.{day.month}.{day.year} ", day)
    assert {read(values.Day, typed) for typed in spellings} == {day}


@given(st.dates().filter(lambda day: not values.EARLIEST <= day <= values.LATEST))
@example(values.EARLIEST - timedelta(days=1))
@example(values.LATEST + timedelta(days=1))
def test_a_day_of_another_age_is_refused(day: date) -> None:
    assert fault(values.Day, day) == "papka_date_range"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2025",
        "18.02",
        "18.02.25",
        "18/02/2025",
        "18 февраля 2025",
        "2025-02-18T10:00",
    ],
)
def test_what_is_written_otherwise_is_no_day(typed: str) -> None:
    assert fault(values.Day, typed) == "papka_date"


@pytest.mark.parametrize("typed", ["2025-02-30", "31.04.2025", "29.02.2025", "00.01.2025"])
def test_a_day_that_no_calendar_has_is_told_as_such(typed: str) -> None:
    assert fault(values.Day, typed) == "papka_no_day"


@pytest.mark.parametrize("typed", ["нет", "-", "б/о", "Отсутствует"])
def test_a_word_for_no_patronymic_is_no_name(typed: str) -> None:
    assert fault(values.NameText, typed) == "papka_no_name"


def test_a_name_in_small_letters_is_refused_and_a_particle_is_not() -> None:
    assert fault(values.NameText, "зарема") == "papka_name_small"
    assert read(values.NameText, "фон Берг") == "фон Берг"


@given(st.times().map(lambda one: one.replace(second=0, microsecond=0)))
def test_an_hour_reads_back(hour: Any) -> None:
    for typed in (f"{hour:%H:%M}", f"{hour.hour}.{hour.minute:02}", f" {hour.hour}:{hour.minute:02} ", hour):
        assert read(values.Hour, typed) == hour


@pytest.mark.parametrize("typed", ["24:00", "12:60", "12", "12:3", "12:30:00", "полдень"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    assert fault(values.Hour, typed) == "papka_time"


# --- money -------------------------------------------------------------------------------------------------


@given(
    st.integers(0, 10**12 - 1),
    st.sampled_from([" ", NBSP, "\u202f", ""]),
    st.sampled_from(",."),
    st.sampled_from(["", " руб.", " рублей", " ₽", "р.", " Руб"]),
)
def test_money_in_any_spelling_has_one_form(kopecks: int, between: str, point: str, unit: str) -> None:
    roubles, rest = divmod(kopecks, 100)
    amount = Decimal(kopecks) / 100
    typed = f"{roubles:,}".replace(",", between) + f"{point}{rest:02}{unit}"
    kept = read(values.Money, typed)
    assert kept == amount
    assert f"{kept:f}" == f"{roubles}.{rest:02}"
    assert read(values.Money, kept) == read(values.Money, f"{kept:f}") == kept
    if not rest:
        assert read(values.Money, f"{roubles}{unit}") == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-1",
        "-0",
        "1e5",
        "1_000",
        "7,900.00",
        "1.234",
        "NaN",
        "Infinity",
        "10000000000",
        "сто",
        "٧",
        "7900 $",
    ],
)
def test_what_is_no_sum_of_money_is_refused(typed: str) -> None:
    assert fault(values.Money, typed) == "papka_money"


# --- series ------------------------------------------------------------------------------------------------


@given(st.integers(0, 9999), SPACE, SPACE, SPACE)
def test_a_passport_series_in_any_spelling_has_one_form(number: int, a: str, b: str, c: str) -> None:
    d = f"{number:04}"
    assert passport_series(f"{a}{d[:2]}{b}{d[2:]}{c}") == passport_series(d) == f"{d[:2]} {d[2:]}"


@given(st.integers(0, 999_999), st.sampled_from(["", " ", "-", "–", " - "]))
def test_a_department_code_in_any_spelling_has_one_form(number: int, between: str) -> None:
    d = f"{number:06}"
    assert department_code(f"{d[:3]}{between}{d[3:]}") == f"{d[:3]}-{d[3:]}"


@given(
    st.text("IVXLC", min_size=1, max_size=6),
    st.text("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ", min_size=2, max_size=2),
    st.sampled_from(["-", "–", " - "]),
    st.booleans(),
)
def test_a_certificate_series_in_any_spelling_has_one_form(
    numeral: str, letters: str, between: str, small: bool
) -> None:
    form = f"{numeral}-{letters}"
    typed = f"{numeral.translate(str.maketrans('IXCV', 'ІХСУ'))}{between}{letters}"
    assert birth_certificate_series(typed.lower() if small else typed) == form
    assert birth_certificate_series(form) == form


@given(st.text(max_size=12))
def test_series_of_anything_are_of_their_form_or_nothing(text: str) -> None:
    for function in (passport_series, department_code, birth_certificate_series):
        found = function(text)
        assert found is None or function(found) == found


# --- numbers of organisations ------------------------------------------------------------------------------


def test_a_wrong_check_digit_of_an_organisation_is_noticed() -> None:
    assert read(values.Inn, " 6027000016 ") == "6027000016"
    assert read(values.Ogrn, "1026000000014") == "1026000000014"
    for digit in "123456789":
        assert fault(values.Inn, f"602700001{(6 + int(digit)) % 10}") == "papka_inn_sum"
        assert fault(values.Ogrn, f"102600000001{(4 + int(digit)) % 10}") == "papka_ogrn"
    assert read(values.Kpp, "602701001") == "602701001"
    assert fault(values.Kpp, "60270100") == "papka_kpp"


@pytest.mark.parametrize(
    "kind", [values.Snils, values.Phone, values.Money, values.Inn, values.NameText, values.Hour]
)
@pytest.mark.parametrize("typed", [["1"], {"a": "b"}, None, 1.5, True, b"1"])
def test_what_is_no_text_is_never_turned_into_one(kind: Any, typed: object) -> None:
    assert fault(kind, typed) == "string_type"


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Ткач",
        "Салтыкова-Щедрина",
        "Ахмед кызы",
        "О'Коннор",
        "д’Артаньян",
        "Мария (Мариам)",
        "Оʼзод",
        "Ян",
        "Smith",
    ],
)
def test_names_of_people_are_kept(name: str) -> None:
    assert read(values.NameText, f"  {name} ") == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bера", "name_mixed"),
        ("Вера2", "name"),
        ("Вера, Надежда", "name"),
        ("Ткач/Ткачёв", "name"),
        ("<b>", "name"),
        ("я" * 81, "name"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    assert fault(values.NameText, name) == f"papka_{code}"


# --- text --------------------------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_clean_text_is_clean_and_reads_back(text: str) -> None:
    try:
        kept = read(Text, text)
    except ValidationError:
        return
    assert read(Text, kept) == kept
    assert kept == kept.strip() and kept
    assert not set(kept) & {
        "\r",
        "\t",
        "\x00",
        "\x1b",
        "\x85",
        "\u2028",
        "\u2029",
        "\u200b",
        "\u202e",
        "\ufeff",
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("и\u0306од", "йод"),  # letter and breve become one letter
        ("а\r\nб\rв\u2028г\x85д", "а\nб\nв\nг\nд"),
        ("а\tб", "а б"),
        ("\ufeffа\u200bб", "аб"),
        ("{{ 7*7 }} <b> & ]]>", "{{ 7*7 }} <b> & ]]>"),
    ],
)
def test_text_is_brought_to_one_form(typed: str, kept: str) -> None:
    assert read(Text, typed) == kept


@pytest.mark.parametrize("sign", [*map(chr, (0, 1, 7, 8, 11, 12, 14, 27, 31, 127, 128, 159, 0xFFFE, 0xD800))])
def test_a_control_character_is_refused(sign: str) -> None:
    assert fault(Text, f"а{sign}б") == "papka_control"


@pytest.mark.parametrize(
    "sign", [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
)
def test_a_sign_that_turns_the_writing_direction_is_refused(sign: str) -> None:
    assert fault(Text, f"а{sign}б") == "papka_bidi"


def test_the_longest_text_is_kept_and_one_letter_more_is_not() -> None:
    assert len(read(Text, "я" * 20_000)) == 20_000
    assert fault(Text, "я" * 20_001) == "too_long"
    assert len(read(Line, "я" * 600)) == 600
    assert fault(Line, "а\nб") == "papka_one_line"


@pytest.mark.parametrize(
    ("word", "meant"), [("да", True), ("НЕТ", False), ("yes", True), ("-", False), (" Д ", True)]
)
def test_yes_and_no_in_both_languages(word: str, meant: bool) -> None:
    assert read(YesNo, word) is meant


@pytest.mark.parametrize("word", ["", "может", "2", "оn"])
def test_what_is_neither_yes_nor_no_is_refused(word: str) -> None:
    assert fault(YesNo, word) == "papka_yes_no"


# --- ages --------------------------------------------------------------------------------------------------


def child(write: Callable[..., Path], case_text: str, born: str, on: date) -> tuple[int | None, bool]:
    case = load_case(write(case_text.replace("2014-06-17", born)))
    at = At(case, on)
    return case.family.members[1].age(at), case.family.members[1].is_child(at)


@pytest.mark.parametrize("years", [10, 14, 18])
def test_an_age_is_reached_on_the_birthday_and_not_a_day_before(
    years: int, write: Callable[..., Path], case_text: str
) -> None:
    birthday = date(2007 + years, 6, 17)
    assert child(write, case_text, "2007-06-17", birthday) == (years, years < 18)
    assert child(write, case_text, "2007-06-17", birthday - timedelta(days=1)) == (years - 1, True)


@pytest.mark.parametrize(
    ("on", "age"),
    [
        (date(2026, 2, 28), 17),
        (date(2026, 3, 1), 18),
        (date(2024, 2, 28), 15),
        (date(2024, 2, 29), 16),
        (date(2008, 2, 29), 0),
    ],
)
def test_who_was_born_on_29_february_is_a_year_older_on_1_march(
    on: date, age: int, write: Callable[..., Path], case_text: str
) -> None:
    assert child(write, case_text, "29.02.2008", on) == (age, age < 18)


def test_somebody_without_a_birth_date_is_of_no_age_and_no_child(
    write: Callable[..., Path], case_text: str
) -> None:
    case = load_case(write(case_text))
    mother = case.family.members[0]
    at = At(case, date(2025, 3, 1))
    assert (mother.age(at), mother.is_child(at)) == (None, False)
    assert [one.id for one in case.family.children(at)] == ["c.one"]
    assert [one.id for one in case.family.adults(at)] == ["m.one"]


def test_a_passport_on_the_14th_birthday_itself_is_right(write: Callable[..., Path], case_text: str) -> None:
    fields = [
        "document:",
        "  kind: passport_rf",
        "  series: 37 11",
        "  number: '654321'",
        "  issued_on: 17.06.2028",
    ]
    lines = "".join(f"    {line}\n" for line in fields)
    case = load_case(write(case_text.replace("    relation: сын\n", f"    relation: сын\n{lines}")))
    assert case.family.members[1].document is not None


# --- numbers that are seen to be right without their libraries --------------------------------------------


def test_no_number_is_taken_for_right_that_its_library_would_refuse() -> None:
    chance = random.Random(8)

    def digits(count: int) -> str:
        return "".join(chance.choices("0123456789", k=count))

    right = 0
    for _ in range(1_500):
        ten, twelve, thirteen = digits(10), digits(12), digits(13)
        if chance.random() < 0.5:
            ten = ten[:9] + inn.calc_company_check_digit(ten)
            twelve = twelve[:10] + inn.calc_personal_check_digits(twelve)
            thirteen = thirteen[:12] + ogrn.calc_check_digit(thirteen)
        for text in (ten, twelve):
            assert values._is_plain_inn(text) == inn.is_valid(text)
            right += inn.is_valid(text)
        assert values._is_plain_ogrn(thirteen) == ogrn.is_valid(thirteen)
    assert right > 1_000


def test_a_telephone_is_written_the_same_by_the_quick_way_and_by_the_library() -> None:
    chance = random.Random(8)
    told: ValidationInfo = SimpleNamespace(context={})  # type: ignore[assignment]
    quick = 0
    for _ in range(1_500):
        number = "".join(chance.choices("0123456789", k=10))
        cut, gap = chance.choice((3, 4, 5)), chance.choice(("", " ", "\u00a0"))
        area = f"({number[:cut]})" if chance.random() < 0.7 else number[:cut]
        rest = chance.choice(("", "-", " ")).join((number[cut:-4], number[-4:-2], number[-2:]))
        text = f"{chance.choice(('+7', '8'))}{gap}{area}{gap}{rest}"
        if values._PLAIN_PHONE.fullmatch(text):
            quick += 1
            assert values._phone(text, told) == values._read_phone(text, told)
    assert quick > 200
