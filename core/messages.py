"""What was expected where a value is wrong: one sentence, one cure, one stable id for each kind of fault.

No sentence holds the value itself: it may be a family's.
"""

from __future__ import annotations

import re
from typing import Any

from .i18n import current_language, tr
from .vocabulary import Type

# kind of fault: (stable id, sentence, cure)
_KNOWN: dict[str, tuple[str, str, str]] = {
    "missing": ("F-MISSING", "This field is required and is not there.", "Add the field {field}."),
    "extra_forbidden": (
        "F-UNKNOWN",
        "There is no such field here.",
        "Correct the name, or leave the field out.",
    ),
    "string_type": (
        "F-TEXT",
        "A text is expected here.",
        "Write one value, not a list or a group of fields.",
    ),
    "string_too_long": ("F-LONG", "The text is too long.", "Shorten it to {max_length} characters."),
    "too_long": ("F-LONG", "The text is too long.", "Shorten it to {max_length} characters."),
    "string_too_short": ("F-TEXT", "The text is too short.", "Write the value."),
    "string_pattern_mismatch": (
        "F-CODE",
        "A code is expected here: Latin letters, digits, a dot, a hyphen.",
        "Begin with a letter; no spaces and no Russian letters.",
    ),
    "int_parsing": ("F-NUMBER", "A whole number is expected here.", "Write digits only."),
    "int_type": ("F-NUMBER", "A whole number is expected here.", "Write digits only."),
    "int_from_float": ("F-NUMBER", "A whole number is expected here.", "Write digits only."),
    "int_parsing_size": ("F-RANGE", "The number is too great.", "Write a smaller number."),
    "finite_number": (
        "F-NUMBER",
        "A number is expected here.",
        "Write digits, with a point before fractions.",
    ),
    "decimal_parsing": (
        "F-NUMBER",
        "A number is expected here.",
        "Write digits, with a point before fractions.",
    ),
    "decimal_type": (
        "F-NUMBER",
        "A number is expected here.",
        "Write digits, with a point before fractions.",
    ),
    "greater_than": ("F-RANGE", "The number is too small.", "It has to be greater than {gt}."),
    "greater_than_equal": ("F-RANGE", "The number is too small.", "It has to be at least {ge}."),
    "less_than": ("F-RANGE", "The number is too great.", "It has to be less than {lt}."),
    "less_than_equal": ("F-RANGE", "The number is too great.", "It has to be at most {le}."),
    "enum": ("F-CHOICE", "The value is not in the list.", "Choose one of: {choices}."),
    "literal_error": ("F-CHOICE", "The value is not in the list.", "Choose one of: {expected}."),
    "dict_type": ("F-GROUP", "A group of fields is expected here.", "Write the fields below, indented."),
    "model_type": ("F-GROUP", "A group of fields is expected here.", "Write the fields below, indented."),
    "model_attributes_type": (
        "F-GROUP",
        "A group of fields is expected here.",
        "Write the fields below, indented.",
    ),
    "list_type": (
        "F-LIST",
        "A list is expected here.",
        "Begin each item with a hyphen on a line of its own.",
    ),
    "tuple_type": (
        "F-LIST",
        "A list is expected here.",
        "Begin each item with a hyphen on a line of its own.",
    ),
    "papka_control": ("F-CONTROL", "The text holds a control character.", "Type the text anew."),
    "papka_bidi": (
        "F-BIDI",
        "The text holds an invisible sign that turns the writing direction.",
        "Type the text anew.",
    ),
    "papka_empty": ("F-EMPTY", "The value is empty.", "Write the value, or leave the field out."),
    "papka_one_line": ("F-ONE-LINE", "The value has to stand on one line.", "Take the line break out."),
    "papka_yes_no": ("F-YES-NO", "Yes or no is expected here.", "Write yes or no."),
    "papka_no_day": ("F-DATE", "There is no such day.", "Check the day and the month."),
    "papka_comma": (
        "F-COMMA",
        "A comma or a colon cuts the text in two here.",
        "Put the whole text in quotes: inside {{ }} a comma ends a value.",
    ),
    "papka_inn_sum": (
        "F-INN",
        "The check digits of the INN are wrong.",
        "Compare each digit with the document.",
    ),
    "papka_no_name": (
        "F-NAME",
        "A word that says there is none stands where a name belongs.",
        "If there is no patronymic, leave the field out.",
    ),
    "papka_name_small": ("F-NAME", "A name begins with a capital letter.", "Correct the first letter."),
    "papka_date": ("F-DATE", "A date is expected here.", "Write it as 18.02.2025 or 2025-02-18."),
    "papka_date_range": ("F-DATE", "The year of the date cannot be right.", "Check the year."),
    "papka_time": ("F-TIME", "A time of day is expected here.", "Write it as 14:30."),
    "papka_money": ("F-MONEY", "A sum in roubles is expected here.", "Write it as 7900 or 7900,50."),
    "papka_snils_form": ("F-SNILS", "A SNILS has 11 digits.", "Write it as 112-233-445 95."),
    "papka_snils_sum": (
        "F-SNILS-SUM",
        "The check digits of the SNILS are wrong.",
        "Compare each digit with the document.",
    ),
    "papka_inn": (
        "F-INN",
        "The INN is wrong: it has 10 digits for an organisation, 12 for a person.",
        "Compare each digit with the document.",
    ),
    "papka_ogrn": ("F-OGRN", "The OGRN is wrong: it has 13 digits.", "Compare each digit with the document."),
    "papka_kpp": ("F-KPP", "The KPP is wrong: it has 9 signs.", "Compare each digit with the document."),
    "papka_phone": ("F-PHONE", "A telephone number is expected here.", "Write it as +7 900 000-00-01."),
    "papka_postcode": ("F-POSTCODE", "A postal code has 6 digits.", "Write it as 641700."),
    "papka_email": ("F-EMAIL", "An e-mail address is expected here.", "Write it as name@example.ru."),
    "papka_name": (
        "F-NAME",
        "A part of a name holds letters, hyphens, spaces and apostrophes only.",
        "Write last name, first name and patronymic in their own fields.",
    ),
    "papka_name_mixed": (
        "F-NAME-MIXED",
        "Russian and Latin letters are mixed in a name.",
        "Type the name anew with one keyboard layout.",
    ),
    "papka_passport_series": ("F-PASSPORT", "The series of a passport has 4 digits.", "Write it as 37 11."),
    "papka_passport_number": (
        "F-PASSPORT",
        "The number of a passport has 6 digits.",
        "Write it as '654321'.",
    ),
    "papka_issued_on": ("F-PASSPORT", "The date of issue of the passport is missing.", "Add issued_on."),
    "papka_certificate_series": (
        "F-CERTIFICATE",
        "The series of a birth certificate is a Roman numeral and two Russian letters.",
        "Write it as II-БС.",
    ),
    "papka_passport_by_series": (
        "F-PASSPORT",
        "The series of a passport of Belarus has 2 Latin letters.",
        "Write it as MP.",
    ),
    "papka_passport_by_number": (
        "F-PASSPORT",
        "The number of a passport of Belarus has 7 digits.",
        "Write it as '1234567'.",
    ),
    "papka_personal_no": (
        "F-PERSONAL-NO",
        "A Belarusian identification number has 14 signs.",
        "Write it as 3120489A000PB1: digits and Latin letters.",
    ),
    "papka_personal_no_sum": (
        "F-PERSONAL-NO",
        "The check digit of the identification number is wrong.",
        "Compare each sign with the document.",
    ),
    "papka_personal_no_birth": (
        "F-PERSONAL-NO",
        "The identification number says another date of birth or another sex.",
        "Compare it with the document, and check the date of birth and the sex.",
    ),
    "papka_unp": (
        "F-UNP",
        "The UNP is wrong: it has 9 digits.",
        "Compare each digit with the document.",
    ),
    "papka_unp_sum": (
        "F-UNP",
        "The check digit of the UNP is wrong.",
        "Compare each digit with the document.",
    ),
    "papka_other_country": (
        "F-COUNTRY",
        "An organisation of the programme's country has no such number.",
        "Leave the field out; the programme names its country in programme.yaml.",
    ),
    "papka_certificate_number_BY": (
        "F-CERTIFICATE",
        "The number of a birth certificate of Belarus has 6 or 7 digits.",
        "Write it as '0501122'.",
    ),
    "papka_certificate_number_RU": (
        "F-CERTIFICATE",
        "The number of a birth certificate has 6 digits.",
        "Write it as '501122'.",
    ),
    "papka_dept_code": ("F-PASSPORT", "The department code has 6 digits.", "Write it as 450-012."),
    "papka_period": ("F-PERIOD", "The period ends before it begins.", "Check both dates."),
    "papka_notice": ("F-ORDER", "The notice comes after the meeting it announces.", "Check both dates."),
    "papka_id_twice": ("F-TWICE", "The same code is given to two.", "Give each a code of its own."),
    "papka_no_member": (
        "F-NOBODY",
        "There is no such person among the members of the family.",
        "Use the code of a person in family → members, or add the person.",
    ),
    "papka_no_specialist": (
        "F-NOBODY",
        "There is no such person among the specialists.",
        "Use the code of a person in specialists, or add the person.",
    ),
    "papka_no_person": (
        "F-NOBODY",
        "There is no such person in the case.",
        "Use the code of a member of the family or a specialist, or add the person.",
    ),
    "papka_no_task": ("F-NO-TASK", "There is no such task.", "Use the code of a task, or add the task."),
    "papka_no_decision": (
        "F-NO-DECISION",
        "There is no such decision.",
        "Use the code of a decision, or add the decision.",
    ),
    "papka_no_letter": (
        "F-NO-LETTER",
        "There is no such letter.",
        "Use the code of a letter, or add the letter.",
    ),
    "papka_no_conflict": (
        "F-NO-CONFLICT",
        "There is no such conflict.",
        "Use the code of a conflict, or add the conflict.",
    ),
    "papka_unborn": (
        "F-ORDER",
        "The date of birth lies in the future.",
        "Check the year.",
    ),
    "papka_issued_before_birth": (
        "F-ORDER",
        "The document was issued before its holder was born.",
        "Check the date of birth and the date of issue.",
    ),
    "papka_passport_too_early": (
        "F-ORDER",
        "A passport is issued from the age of 14.",
        "Check the date of birth and the date of issue.",
    ),
    "papka_no_level": (
        "P-LEVEL",
        "A sign or a row of the table names a level that is not there.",
        "Use the id of a level, or add the level.",
    ),
    "papka_no_stage": (
        "P-STAGE",
        "A stage is named here that is not there.",
        "Use the id of a stage, or add the stage.",
    ),
    "papka_no_deadline": (
        "P-DEADLINE",
        "A document names a deadline that is not there.",
        "Use the id of a deadline, or add the deadline.",
    ),
    "papka_columns": (
        "P-COLUMNS",
        "There have to be as many values as columns.",
        "Give a value for each column.",
    ),
    "papka_section": (
        "P-SECTION",
        "A section is either a list (columns) or figures (rows, by).",
        "Keep one of them.",
    ),
    "papka_pattern": (
        "P-PATTERN",
        "The pattern of a number cannot be used.",
        "Write {seq} where the number counts and, if you like, {year}: 01-12/{seq}.",
    ),
    "papka_each": ("P-EACH", "each and alias belong together.", "Give both, or neither."),
    "papka_term": ("P-TERM", "A term has exactly one unit.", "Keep working_days, days or months."),
    "papka_not_dropped": (
        "P-NOT-DROPPED",
        "What is to be taken away is not in the programme that this one is based on.",
        "Correct the code, or leave the entry out.",
    ),
    "papka_not_placed": (
        "P-NOT-PLACED",
        "The entry before which this one is to stand is not there.",
        "Name an entry of the same list.",
    ),
    "papka_twice": ("P-TWICE", "A code stands twice.", "Give each a code of its own."),
}


def expected(code: str, context: dict[str, Any], type_: Type | None) -> tuple[str, str, str]:
    """Return sentence, cure and stable id for a kind of fault."""
    id_, message, cure = _KNOWN.get(
        code, ("F-VALUE", "The value cannot be right.", "Compare it with an example.")
    )
    words = {key: value for key, value in context.items() if key != "input"}
    if type_ is not None and type_.choices:
        # A case file may hold the code or the Russian label.
        russian = current_language() == "ru"
        words["choices"] = ", ".join(label if russian else code for code, label in type_.choices)
    if code == "literal_error":
        # Pydantic joins the values with an English word.
        words["expected"] = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    words.setdefault("choices", str(context.get("expected", "")))
    try:
        return tr(message), tr(cure).format(**words), id_
    except (KeyError, IndexError):
        return tr(message), tr("Compare the value with an example."), id_
