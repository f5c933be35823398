"""Typed values: what a number of a document, a phone or a sum of money has to look like.

Each accepts what people type and keeps one form. The formats and check sums are those that the issuing
bodies publish; a number that only looks right is refused.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError

from .base import Kind, clean_text
from .countries import Country, country_of

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


def _fault(code: str, message: str) -> PydanticCustomError:
    return PydanticCustomError(f"papka_{code}", message)


def _typed(value: Any) -> str:
    """Return what was typed; a list or a group of fields is no value."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticKnownError("string_type")
    return str(value).strip()


# --- days and hours --------------------------------------------------------------------------------------


def _day(value: Any) -> Any:
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise _fault("date", "The value is no date")
    if isinstance(value, date):
        return value
    text = value.strip()
    if written := _WRITTEN.fullmatch(text):
        year, month, day = map(int, written.groups()) if written[1] else map(int, text.split(".")[::-1])
        try:
            return date(year, month, day)
        except ValueError:
            raise _fault("no_day", "There is no such day") from None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}", text):
        raise _fault("no_day", "There is no such day")
    raise _fault("date", "The value is no date")


_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|[0-9]{2}\.[0-9]{2}\.[0-9]{4}")


def _within_reason(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise _fault("date_range", "The date is out of range")
    return value


Day = Annotated[date, BeforeValidator(_day), AfterValidator(_within_reason)]
"""A date, written 2025-02-18 or 18.02.2025."""


def day_of(typed: Any) -> date | None:
    """Return the day that was typed, as a contract would read it; None if it is none."""
    try:
        return _within_reason(_day(typed))
    except PydanticCustomError:
        return None


def _hour(value: Any) -> Any:
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})", _typed(value))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise _fault("time", "The value is no time of day")
    return time(int(match[1]), int(match[2]))


Hour = Annotated[time, BeforeValidator(_hour)]
"""A time of day, written 14:30."""


# --- money and counts ------------------------------------------------------------------------------------


def _roubles(value: Any) -> Any:
    typed = f"{value:f}" if isinstance(value, Decimal) else _typed(value)
    text = re.sub(r"(?i)(руб(лей|ля|ль)?\.?|₽|р\.)$", "", re.sub(r"\s", "", typed))
    if not re.fullmatch(r"[0-9]{1,10}([.,][0-9]{1,2})?", text):
        raise _fault("money", "The value is no sum of money")
    return Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))


Money = Annotated[Decimal, BeforeValidator(_roubles), Kind("money")]
"""A sum in roubles: 7900, 7 900,00 or 7900.50 руб."""


def with_point(value: Any) -> Any:
    """Take a decimal comma for a point, as it is written in Russian."""
    return value.strip().replace(",", ".") if isinstance(value, str) else value


Count = Annotated[int, Field(ge=0, le=100_000)]
Score = Annotated[int, Field(ge=0, le=100)]
Rank = Annotated[int, Field(ge=1, le=5)]


# --- numbers of people and organisations -----------------------------------------------------------------


def _snils(value: Any) -> str:
    text = _typed(value)
    digits = re.sub(r"\D", "", text)
    if len(digits) != 11 or not re.fullmatch(r"[0-9\s\-]+", text):
        raise _fault("snils_form", "A SNILS has 11 digits: 112-233-445 95")
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
    # Numbers up to 001-001-998 were given out before check digits came in.
    if int(digits[:9]) > 1_001_998 and total % 101 % 100 != int(digits[9:]):
        raise _fault("snils_sum", "The check digits of this SNILS are wrong")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


Snils = Annotated[str, BeforeValidator(_snils)]
"""СНИЛС: 11 digits, of which the last two check the others."""


# What is plainly right is seen here; the libraries, slow to load, read what was written in another way,
# and say
# what is wrong. So a number that they would refuse is never taken for right: see the tests.

_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def _is_plain_inn(text: str) -> bool:
    """Tell whether a text is 10 or 12 digits whose check digits are right (source: stdnum.ru.inn)."""
    if re.fullmatch(r"[0-9]{10}(?:[0-9]{2})?", text) is None:
        return False
    checked = (9,) if len(text) == 10 else (10, 11)
    return all(_inn_digit(text[:place]) == text[place] for place in checked)


def _inn_digit(before: str) -> str:
    weights = _INN_WEIGHTS[-len(before) :]
    return str(sum(weight * int(digit) for weight, digit in zip(weights, before, strict=True)) % 11 % 10)


def _inn(value: Any) -> str:
    text = _typed(value)
    return text if _is_plain_inn(text) else _read_inn(text)


def _read_inn(text: str) -> str:
    from stdnum.exceptions import InvalidChecksum
    from stdnum.ru import inn

    try:
        return str(inn.validate(text))
    except InvalidChecksum:
        raise _fault("inn_sum", "The check digits of this INN are wrong") from None
    except ValueError:
        raise _fault("inn", "The INN is wrong: 10 digits for an organisation, 12 for a person") from None


Inn = Annotated[str, BeforeValidator(_inn)]


def _is_plain_ogrn(text: str) -> bool:
    """Tell whether a text is 13 digits of which the last checks the others (source: stdnum.ru.ogrn)."""
    return re.fullmatch(r"[1-9][0-9]{12}", text) is not None and text[-1] == str(int(text[:-1]) % 11 % 10)


def _ogrn(value: Any) -> str:
    text = _typed(value)
    return text if _is_plain_ogrn(text) else _read_ogrn(text)


def _read_ogrn(text: str) -> str:
    from stdnum.ru import ogrn

    try:
        return str(ogrn.validate(text))
    except ValueError:
        raise _fault("ogrn", "The OGRN is wrong: 13 digits, the last of which checks the others") from None


Ogrn = Annotated[str, BeforeValidator(_ogrn)]


def _kpp(value: Any) -> str:
    text = _typed(value)
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", text):
        raise _fault("kpp", "A KPP has 9 signs")
    return text


Kpp = Annotated[str, BeforeValidator(_kpp)]


# Russian letters that look like Latin ones, typed where a Belarusian number has Latin letters.
_LATIN_LOOKALIKES = str.maketrans("АВЕКМНОРСТХІ", "ABEKMHOPCTXI")


def latin(text: str) -> str:
    """Return a number of a paper with capital Latin letters, whichever keyboard it was typed on."""
    return re.sub(r"\s", "", text).upper().translate(_LATIN_LOOKALIKES)


def _unp(value: Any) -> str:
    from stdnum.by import unp
    from stdnum.exceptions import InvalidChecksum

    text = _typed(value)
    try:
        return str(unp.validate(text))
    except InvalidChecksum:
        raise _fault("unp_sum", "The check digit of this UNP is wrong") from None
    except ValueError:
        raise _fault("unp", "A UNP has 9 digits, the last of which checks the others") from None


Unp = Annotated[str, BeforeValidator(_unp)]
"""УНП, by which Belarus knows a payer of taxes: 9 signs, of which the last checks the others."""


def personal_check_digit(body: str) -> str:
    """Return the digit that checks the first 13 signs: weights 7, 3, 1; a letter counts from A = 10."""
    return str(sum(int(sign, 36) * (7, 3, 1)[n % 3] for n, sign in enumerate(body)) % 10)


def _personal_no(value: Any) -> str:
    text = latin(_typed(value))
    if not re.fullmatch(r"[1-6][0-9]{6}[ABCHKEM][0-9]{3}[A-Z]{2}[0-9]", text):
        raise _fault("personal_no", "A Belarusian identification number has 14 signs: 3120489A000PB1")
    if text[-1] != personal_check_digit(text[:-1]):
        raise _fault("personal_no_sum", "The check digit of this identification number is wrong")
    return text


PersonalNo = Annotated[str, BeforeValidator(_personal_no)]
"""Идентификационный номер of a citizen of Belarus: sex, birth date, region, serial number, check digit."""


_PLAIN_PHONE = re.compile(
    r"(?:\+7|8)[ \xa0]?(\([3-69][0-9]{2,4}\)|[3-69][0-9]{2})[ \xa0]?([0-9][0-9- ]{4,8}[0-9])"
)


def _phone(value: Any, info: ValidationInfo) -> str:
    text = _typed(value)
    plain = _PLAIN_PHONE.fullmatch(text) if country_of(info) in (None, Country.RUSSIA) else None
    if plain is not None and "--" not in text and "  " not in text:
        area, rest = plain[1].strip("()"), re.sub("[- ]", "", plain[2])
        if len(area) + len(rest) == 10:
            return f"+7 ({area}) {rest[:-4]}-{rest[-4:-2]}-{rest[-2:]}"
    return _read_phone(text, info)


def _read_phone(text: str, info: ValidationInfo) -> str:
    import phonenumbers

    bare = re.split(r"(?i)[,;]?\s*(?:доб|доп|вн|ext|x)[^\W\d]*\.?\s*", text)
    if len(bare) > 2 or not re.fullmatch(r"[0-9+\s().\-–]+", bare[0]):
        # The library would drop what it does not understand.
        raise _fault("phone", "The value is no telephone number")
    try:
        number = phonenumbers.parse(bare[0], (country_of(info) or Country.RUSSIA).value)
    except phonenumbers.NumberParseException:
        raise _fault("phone", "The value is no telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise _fault("phone", "The value is no telephone number")
    extension = re.sub(r"\D", "", bare[1]) if len(bare) > 1 else ""
    # It is called as it was typed: a paper in another language prints it too.
    called = "ext." if re.search(r"(?i)\bext", text) else "доб."
    return _written(number, text) + (f", {called} {extension}" if extension else "")


def _written(number: Any, typed: str) -> str:
    import phonenumbers

    national = str(number.national_number)
    if number.country_code != 7 or len(national) != 10:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    # The code of a town is longer than that of its region: what was typed in brackets is kept.
    bracketed = re.search(r"\((\d{3,5})\)", typed)
    area = len(bracketed[1]) if bracketed and national.startswith(bracketed[1]) else 3
    rest = national[area:]
    return f"+7 ({national[:area]}) {rest[:-4]}-{rest[-4:-2]}-{rest[-2:]}"


Phone = Annotated[str, BeforeValidator(_phone)]
"""A telephone number, kept as +7 (900) 000-00-01; without the code of a country it is the programme's."""


def _postcode(value: Any) -> str:
    text = _typed(value)
    if not re.fullmatch(r"[0-9]{6}", text):
        raise _fault("postcode", "A postal code has 6 digits")
    return text


Postcode = Annotated[str, BeforeValidator(_postcode)]


def _email(value: Any) -> str:
    text = _typed(value)
    if not re.fullmatch(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]+", text):
        raise _fault("email", "The value is no e-mail address")
    return text


Email = Annotated[str, BeforeValidator(_email)]


_NO_NAME = {"-", "—", "–", "нет", "б/о", "без отчества", "не имеет", "отсутствует", "прочерк"}


def _name_part(value: Any) -> str:
    text = re.sub(r"\s+", " ", clean_text(_typed(value)))
    if text.casefold() in _NO_NAME:
        raise _fault("no_name", "A word that says there is none stands where a name belongs")
    if len(text) > 80 or not re.fullmatch(r"[^\W\d_]['’ʼ.]?(?:[ \-’'ʼ.()]{0,2}[^\W\d_])*[).]?", text):
        raise _fault("name", "A name holds letters, hyphens, spaces and apostrophes only")
    if re.search(r"[А-Яа-яЁё]", text) and re.search(r"[A-Za-z]", text):
        raise _fault("name_mixed", "The name mixes Russian and Latin letters")
    if text.islower():
        raise _fault("name_small", "A name begins with a capital letter")
    return text


NameText = Annotated[str, BeforeValidator(_name_part)]
"""One part of a person's name."""


# --- series and numbers of identity documents ------------------------------------------------------------

# Cyrillic letters and the digit one, typed where a Roman numeral stands.
_ROMAN_LOOKALIKES = str.maketrans("ІХСУ1", "IXCVI")


def passport_series(text: str) -> str | None:
    """Return ``37 11`` for any spelling of four digits, else None."""
    digits = re.sub(r"\s", "", text)
    return f"{digits[:2]} {digits[2:]}" if re.fullmatch(r"[0-9]{4}", digits) else None


def belarus_passport_series(text: str) -> str | None:
    """Return ``MP`` in Latin letters for any spelling of two letters, else None."""
    series = latin(text)
    return series if re.fullmatch(r"[A-Z]{2}", series) else None


def birth_certificate_series(text: str) -> str | None:
    """Return ``II-БС`` with a Latin numeral and Cyrillic letters, else None."""
    match = re.fullmatch(r"\s*([IVXLCІХСУ1]{1,6})\s*[-–]\s*([А-ЯЁ]{2})\s*", text.upper())
    if not match:
        return None
    return f"{match[1].translate(_ROMAN_LOOKALIKES)}-{match[2]}"


def department_code(text: str) -> str | None:
    """Return ``450-012`` for any spelling of six digits, else None."""
    digits = re.sub(r"[\s\-–]", "", text)
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{6}", digits) else None
