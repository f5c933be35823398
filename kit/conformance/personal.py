"""What in a text might be a real person's: a SNILS, a telephone, an e-mail address.

The contract refuses a SNILS whose check digits are wrong, so an example needs a right one: from 900 on none
was given out yet. Telephones of examples have four noughts in a row, e-mail addresses end in a domain that
RFC 2606 keeps for examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from ...core.contract.values import PersonalNo, Snils
from ...core.i18n import tr

_SNILS = re.compile(r"(?<![\d-])(\d{3}-\d{3}-\d{3}[ -]\d{2}|\d{11})(?![\d-])")
_PHONE = re.compile(r"(?<![\d.,-])(?:\+7|8)[\s(-]{0,2}\d{3,5}[\s)-]{0,2}\d[\d\s-]{4,9}\d(?![\d-])")
_PHONE_BY = re.compile(r"\+375[\s(-]{0,2}\d{2,4}[\s)-]{0,2}\d[\d\s-]{2,9}\d(?![\d-])")
_PERSONAL_NO = re.compile(r"(?<!\w)[1-6]\d{6}[A-Z]\d{3}[A-Z]{2}\d(?!\w)")
_MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_MAIL_OF_NOBODY = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost|пример|example\.(?:org|com|net|ru))$", re.IGNORECASE
)
_SPECIMEN = "112-233-445 95"
"""The number on the specimen of the insurance certificate, printed everywhere."""

_CHECKED: TypeAdapter[str] = TypeAdapter(Snils)
_CHECKED_NO: TypeAdapter[str] = TypeAdapter(PersonalNo)
EXAMPLE = "3120489A000PB1"
"""A Belarusian identification number of nobody: serial numbers begin with 001."""


class Suspect(NamedTuple):
    """Something that might be a real person's; what it is, never its value."""

    line: int
    what: str
    cure: str


def suspects(text: str) -> Iterator[Suspect]:
    """Go through a text line by line."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _SNILS.finditer(line):
            if _is_somebodys_snils(found[1]):
                cure = tr("Take one from 900 on with right check digits, such as 900-005-001 01.")
                yield Suspect(number, tr("a SNILS that may have been given to somebody"), cure)
        for phone in (*_PHONE.finditer(line), *_PHONE_BY.finditer(line)):
            if _rings_somewhere(phone[0]):
                cure = tr("Take one with four noughts: +7 (900) 000-00-01.")
                yield Suspect(number, tr("a telephone that may ring at somebody's"), cure)
        for found in _PERSONAL_NO.finditer(line):
            if _is_given(found[0]):
                cure = tr("Take one whose serial number is 000, such as {example}.").format(example=EXAMPLE)
                yield Suspect(number, tr("an identification number that may be somebody's"), cure)
        for mail in _MAIL.finditer(line):
            if not _MAIL_OF_NOBODY.search(mail[1]):
                cure = tr("Take an address at example.org.")
                yield Suspect(number, tr("an e-mail address that may be somebody's"), cure)


def _is_somebodys_snils(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    if digits[0] == "9" or digits == re.sub(r"\D", "", _SPECIMEN):
        return False
    if "-" not in text and int(digits[:9]) <= 1_001_998:
        # Eleven digits in a row that bear no check digits: it may be any number.
        return False
    try:
        _CHECKED.validate_python(text)
    except ValidationError:
        return False
    return "-" in text or digits[0] not in "78"


def _is_given(text: str) -> bool:
    """Tell whether a Belarusian identification number could be somebody's."""
    if text[8:11] == "000":
        return False
    try:
        _CHECKED_NO.validate_python(text)
    except ValidationError:
        return False
    return True


def _rings_somewhere(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    # A line that is free of charge belongs to an organisation, and families are told to call it.
    return len(digits) in (11, 12) and "0000" not in digits and digits[1:4] != "800"
