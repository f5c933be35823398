"""The language of templates and rules: what leaves it never runs, and what is wrong in it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
import pytest

from papka.core.contract.assessment import Strength
from papka.core.contract.base import At, Contract, derived, fact
from papka.core.contract.case import Case
from papka.core.expressions import ExpressionError, Language
from papka.core.facts import NBSP, Blank, Choice, Later, Missing, PersonName, Phrase, Record, Rows
from papka.core.loading import load_case
from papka.core.plugging.plugins import Plugins
from papka.core.programmes.programme import Programme
from papka.core.rules.situation import Situation
from papka.core.rules.views import vocabulary_of
from papka.core.typecheck import Checker, Fault
from papka.core.vocabulary import Freezer, Vocabulary

RIVER = {
    "papka": "1",
    "id": "river",
    "title": "Речная программа",
    "short_title": "Река",
    "stages": [],
    "opened_on": "referral.received_on",
    "closed_on": "closure.decided_on",
    "documents": [],
}


@pytest.fixture(scope="module")
def language() -> Language:
    return Plugins([]).language


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(Programme.model_validate(RIVER))


@pytest.fixture
def case(write: Callable[..., Path], case_text: str) -> Case:
    return load_case(write(case_text))


@pytest.fixture
def context(language: Language, case: Case) -> Mapping[str, object]:
    return frozen(language, case)


def frozen(language: Language, case: Case) -> Mapping[str, object]:
    return Situation(case, Programme.model_validate(RIVER), language, date(2025, 3, 1)).context


# --- the sandbox -------------------------------------------------------------------------------------------

HOSTILE_EXPRESSIONS = [
    # published payloads
    "cycler.__init__.__globals__.os.popen('id').read()",
    "lipsum.__globals__['os'].popen('id').read()",
    "joiner.__init__.__globals__",
    "namespace.__init__.__globals__.os",
    "self.__init__.__globals__.__builtins__",
    "self._TemplateReference__context.cycler",
    "''.__class__.__mro__[1].__subclasses__()",
    "''['__class__']['__mro__']",
    "()|attr('__class__')|attr('__base__')",
    "family|attr('__class__')",
    "family['__class__']",
    "family.members[0]['_values']",
    "request.application.__globals__",
    "config.__class__.__init__.__globals__['os']",
    "get_flashed_messages.__globals__.__builtins__",
    "url_for.__globals__['current_app']",
    "x.__init__.__builtins__.exec('import os')",
    "'{0.__class__}'.format(family)",
    "'%s'|format(family.__class__)",
    "family|map(attribute='__class__')|list",
    "family.members|map('attr', '__class__')",
    "'a'|xmlattr",
    "{'a b=1 onload': 1}|xmlattr",
    "dict(mro=1)|list|first",
    "['__cla','ss__']|join",
    # methods of what was frozen
    "case.model_dump_json()",
    "case.parse_file('/etc/passwd')",
    "family.__dict__",
    "family._values",
    "family.items()",
    "family.members.sort()",
    "family.display_name.upper()",
    # what Jinja brings
    "range(10)",
    "range(10**9)",
    "lipsum(1000)",
    "caller()",
    "super()",
    "loop.cycle('a', 'b')",
    "_secret",
    "family._x",
    "family is callable",
    "family is sameas none",
    "'join' is filter",
    "family.members|where(*args)",
    "family.members|where(**args)",
    "family.members|joined(sep=',')",
    "family|unknown",
    "family.display_name if family",
    # what grows without end
    "'a' * 10000000000",
    "9 ** 9 ** 9",
    "'%0999d' % 1",
    "7 // 2",
    "7 / 2",
    "'a' ~ 'a'",
    "+1",
    "{'a': 1}",
    "family.members[0:2]",
    "(" * 200 + "1" + ")" * 200,
    "-" * 3000 + "1",
    "not " * 900 + "1",
    "family" + ".a" * 70,
    " and ".join(["family"] * 80),
    "family.members" + "|first" * 70,
    "1" + "0" * 4000,
    # what is no single expression
    "",
    "   ",
    "family) }}{% set x = 1 %}{{ (family",
    "family) }} text {{ (family",
    "family) -}}{{- (family",
    "family }}",
    "family family",
    "[x for x in family]",
    "lambda: 1",
    "'",
    "1) %}",
]

HOSTILE_TEMPLATES = [
    "{% set x = 1 %}",
    "{% set x %}a{% endset %}",
    "{% macro a() %}{% endmacro %}",
    "{% call a() %}{% endcall %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% autoescape false %}{{ family.display_name }}{% endautoescape %}",
    "{% with a = 1 %}{% endwith %}",
    "{% for a in family.members recursive %}{% endfor %}",
    "{% for i in range(99999) %}{% endfor %}",
    "{% for a in [1, 1] * 99 %}{% endfor %}",
    "{% for a in family.members %}" * 5 + "{% endfor %}" * 5,
    "{% if family %}" * 100 + "{% endif %}" * 100,
    "{% if family %}" * 1000 + "{% endif %}" * 1000,
    "{% do family.clear() %}",
    "{% debug %}",
    "{% trans %}{% endtrans %}",
    "{% break %}",
    "{{ 'a' if family }}",
]


@pytest.mark.parametrize("written", HOSTILE_EXPRESSIONS, ids=lambda text: text[:40] or "nothing")
def test_an_expression_that_leaves_the_language_is_refused_before_it_runs(
    written: str, language: Language
) -> None:
    for read in (language.tree, language.compiled):
        with pytest.raises(ExpressionError) as caught:
            read(written)
        assert caught.value.code in (
            "E-FORBIDDEN",
            "E-FILTER",
            "E-FILTER-ARGS",
            "E-TEST",
            "E-DEPTH",
            "E-LONG",
            "E-SYNTAX",
        )


@pytest.mark.parametrize("written", HOSTILE_TEMPLATES, ids=lambda text: text[:40])
def test_a_template_that_leaves_the_language_is_refused_before_it_runs(
    written: str, language: Language
) -> None:
    for read in (language.environment().parse, language.environment().from_string):
        with pytest.raises((ExpressionError, jinja2.TemplateSyntaxError)):
            read(written)


def test_there_are_enough_hostile_ones() -> None:
    assert len({*HOSTILE_EXPRESSIONS, *HOSTILE_TEMPLATES}) >= 90


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [
        ("range(9)", "E-FORBIDDEN", "a call"),
        ("2 ** 9", "E-FORBIDDEN", "a power"),
        ("'a' ~ 'b'", "E-FORBIDDEN", "~"),
        ("family.__class__", "E-FORBIDDEN", "__class__"),
        ("family['__class__']", "E-FORBIDDEN", "__class__"),
        ("family|upper", "E-FILTER", "upper"),
        ("family is callable", "E-TEST", "callable"),
    ],
)
def test_what_is_refused_is_named(written: str, code: str, name: str, language: Language) -> None:
    with pytest.raises(ExpressionError) as caught:
        language.tree(written)
    assert (caught.value.code, caught.value.name) == (code, name)


def test_four_loops_and_fifty_ifs_are_allowed(language: Language, context: Mapping[str, object]) -> None:
    loops = "{% for a in family.members %}" * 4 + "x" + "{% endfor %}" * 4
    ifs = "{% if family %}" * 50 + "y" + "{% endif %}" * 50
    assert language.environment().from_string(loops + ifs).render(context) == "x" * 16 + "y"


@pytest.mark.parametrize("depth", [*range(1, 260, 7)])
def test_any_depth_of_brackets_is_read_or_refused(depth: int, language: Language) -> None:
    try:
        assert language.compiled("(" * depth + "1" + ")" * depth)({}) == 1
    except ExpressionError as error:
        assert error.code == "E-DEPTH"


@pytest.mark.parametrize(
    "typed", ["{{ 7*7 }}", "{% set x = 1 %}", "{{ cycler.__init__ }}", "<b>&amp;]]></w:t>", "{_{ }_}"]
)
def test_data_is_never_read_as_a_template(
    typed: str, language: Language, write: Callable[..., Path], case_text: str
) -> None:
    case = load_case(write(case_text.replace("просит помочь с кружком", f"'{typed}'")))
    context = frozen(language, case)
    assert language.evaluate("referral.text", context) == typed
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    printed = language.environment().from_string("{{ referral.text }}").render(context)
    assert printed.replace(NBSP, " ") == escaped


class Treasure:
    gold = "украдено"

    def __getitem__(self, name: str) -> str:
        return self.gold


@pytest.mark.parametrize("thing", [Treasure(), Path("/etc"), {"gold": "украдено"}, "украдено", date.today()])
@pytest.mark.parametrize("written", ["thing.gold", "thing['gold']", "thing.name", "thing.year", "thing[0]"])
def test_nothing_but_a_record_answers_to_a_name(thing: object, written: str, language: Language) -> None:
    with pytest.raises(ExpressionError) as caught:
        language.evaluate(written, {"thing": thing})
    assert caught.value.code == "E-NAME"
    assert "украдено" not in str(caught.value)


@pytest.mark.parametrize("written", ["text + text", "text - 1", "[1] + [2]"])
def test_text_and_lists_do_not_grow(written: str, language: Language) -> None:
    with pytest.raises(ExpressionError, match="numbers only"):
        language.evaluate(written, {"text": "тайна"})


def test_an_expression_that_fails_does_not_tell_the_value(language: Language) -> None:
    for written in ("text > 1", "1 < text", "text|money", "text|date_long", "-text"):
        with pytest.raises(ExpressionError) as caught:
            language.evaluate(written, {"text": "тайна"})
        assert "тайна" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("family.display_name", "семья Ткач"),
        ("семья.название", "семья Ткач"),
        ("case.family.display_name == 'семья Ткач'", True),
        ("family.members|count + 1", 3),
        ("(family.members|first).relation.x", None),
        ("referral.channel == 'self_appeal' and referral.channel == 'обращение семьи'", True),
        ("referral.channel in ['hotline', 'self_appeal']", True),
        ("family.phone is none", True),
        ("closure.decided_on", Missing),
        ("closure.decided_on < referral.received_on or closure.decided_on > referral.received_on", False),
        ("contact_family.meetings|count", Missing),
        ("family.members[1].id", "c.one"),
        ("family.members[9].id", Missing),
        ("closure.decided_on or referral.received_on", date(2025, 2, 18)),
    ],
)
def test_an_expression_gives_its_value(
    written: str, value: object, language: Language, context: Mapping[str, object]
) -> None:
    if value is None:
        with pytest.raises(ExpressionError, match="not there"):
            language.evaluate(written, context)
    elif value is Missing:
        assert isinstance(language.evaluate(written, context), Missing)
    else:
        assert language.evaluate(written, context) == value


# --- the type checker --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    code: str
    name: str
    suggestion: str | None = None


def faults(written: str, language: Language, vocabulary: Vocabulary) -> list[Fault]:
    return Checker(vocabulary, language.filters).template(language.environment().parse(written))


OPTIONAL_PHONE = Told("T-OPTIONAL", "family.phone")

WRONG = [
    # names
    ("{{ famly.display_name }}", Told("T-NAME", "famly", "family")),
    ("{{ семя.название }}", Told("T-NAME", "семя", "семья")),
    ("{{ family.dispaly_name }}", Told("T-NAME", "dispaly_name", "display_name")),
    ("{{ семья.названеи }}", Told("T-NAME", "названеи", "название")),
    ("{{ zzz }}", Told("T-NAME", "zzz")),
    ("{{ fаmily.display_name }}", Told("T-LOOKALIKE", "fаmily", "family")),  # а Cyrillic а
    ("{{ family.рhоne|прочерк }}", Told("T-LOOKALIKE", "рhоne", "phone")),
    ("{{ cемья.название }}", Told("T-LOOKALIKE", "cемья", "семья")),  # a Latin c
    ("{{ family.phone.digits|прочерк }}", Told("T-NO-FIELDS", "digits")),
    ("{{ family.members.name|прочерк }}", Told("T-LIST", "family.members")),
    ("{{ m.name }}{% for m in family.members %}{% endfor %}", Told("T-NAME", "m")),
    ("{% for m in family.members %}{% endfor %}{{ m.name }}", Told("T-NAME", "m")),
    # filters
    ("{{ referral.received_on|дательный }}", Told("T-FILTER", "referral.received_on|дательный")),
    ("{{ family.display_name|date_long }}", Told("T-FILTER", "family.display_name|date_long")),
    ("{{ referral.received_on|date_long(1, 2, 3) }}", Told("T-FILTER-ARGS", "date_long")),
    ("{{ family.members|where('relatoin')|count }}", Told("T-NAME", "relatoin", "relation")),
    ("{{ family.members|по_порядку('фамилее')|count }}", Told("T-NAME", "фамилее", "фамилия")),
    ("{{ consents|where('kind', 'photo_vidio')|count }}", Told("T-CHOICE", "photo_vidio", "photo_video")),
    # what cannot be printed
    ("{{ family.members }}", Told("T-LIST", "family.members")),
    ("{{ family.members|where('snils') }}", Told("T-LIST", "family.members|where")),
    ("{{ family }}", Told("T-RECORD", "family")),
    ("{% for m in family.members %}{{ m }}{% endfor %}", Told("T-RECORD", "m")),
    # what may be empty
    ("{{ family.phone }}", OPTIONAL_PHONE),
    ("{{ семья.телефон }}", Told("T-OPTIONAL", "семья.телефон")),
    ("{{ closure.decided_on }}", Told("T-OPTIONAL", "closure.decided_on")),
    ("{{ agreement.signed_on }}", Told("T-OPTIONAL", "agreement.signed_on")),
    ("{{ (family.members|first).name }}", Told("T-OPTIONAL", "family.members|first.name")),
    ("{{ family.members[0].name }}", Told("T-OPTIONAL", "family.members[0].name")),
    ("{% if family.phone %}{% endif %}{{ family.phone }}", OPTIONAL_PHONE),
    ("{% if family.phone %}{% else %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if not family.phone %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if family.phone or family.type %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    (
        "{% if not (family.phone and family.type) %}{% else %}{{ organisation.phone }}{% endif %}",
        Told("T-OPTIONAL", "organisation.phone"),
    ),
    ("{% if family.phone is defined %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if family.phone == none %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if family.phone != '1' %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if family.phone == organisation.phone %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if family.type %}{% elif family.phone %}{% else %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{% if family.phone|прочерк %}{{ family.phone }}{% endif %}", OPTIONAL_PHONE),
    ("{{ family.phone if family.type else '—' }}", Told("T-OPTIONAL", "…")),
    ("{{ family.phone and family.display_name }}", Told("T-OPTIONAL", "…")),
    ("{{ family.phone or family.type }}", Told("T-OPTIONAL", "…")),
    ("{% for m in family.members %}{{ m.phone }}{% endfor %}", Told("T-OPTIONAL", "m.phone")),
    (
        "{% for m in plans if m.number %}{% for m in plans %}{{ m.number }}{% endfor %}{% endfor %}",
        Told("T-OPTIONAL", "m.number"),
    ),
    # comparisons
    ("{% if referral.channel == 'self_apeal' %}{% endif %}", Told("T-CHOICE", "self_apeal", "self_appeal")),
    ("{% if 'hotlin' != referral.channel %}{% endif %}", Told("T-CHOICE", "hotlin", "hotline")),
    ("{% if referral.channel in ['hotline', 'почта'] %}{% endif %}", Told("T-CHOICE", "почта")),
    ("{% if referral.received_on > '2025-01-01' %}{% endif %}", Told("T-COMPARE", "'2025-01-01'")),
    ("{% if referral.received_on == 5 %}{% endif %}", Told("T-COMPARE", "5")),
    ("{% if referral.channel > 'hotline' %}{% endif %}", Told("T-COMPARE", "'hotline'")),
    ("{{ referral.received_on + 1 }}", Told("T-NUMBER", "referral.received_on")),
    ("{{ family.members|count - 'a' }}", Told("T-NUMBER", "'a'")),
    # loops
    ("{% for m in family.display_name %}{% endfor %}", Told("T-NO-LIST", "family.display_name")),
    ("{% for m in family %}{% endfor %}", Told("T-NO-LIST", "family")),
    ("{{ family[1]|прочерк }}", Told("T-NO-LIST", "family")),
    ("{% for m in family.members %}{{ loop.inedx }}{% endfor %}", Told("T-NAME", "inedx", "index")),
    ("{{ loop.index }}", Told("T-NAME", "loop")),
]

RIGHT = [
    "просто текст",
    "{{ family.display_name }} {{ семья.название }} {{ case.family.display_name }} {{ дело.семья.название }}",
    "{{ referral.received_on|date_long }} {{ referral.channel }} {{ 5 }} {{ 'а' }}",
    "{{ family.phone|прочерк }} {{ семья.телефон|линия }} {{ (family.members|first).name|прочерк }}",
    "{% if family.phone %}{{ family.phone }}{% endif %}",
    "{% if семья.телефон %}{{ family.phone }}{% endif %}",
    "{% if family.phone is not none %}{{ family.phone }}{% endif %}",
    "{% if family.phone is none %}{% else %}{{ family.phone }}{% endif %}",
    "{% if not family.phone %}{% else %}{{ family.phone }}{% endif %}",
    "{% if not family.phone %}{% elif family.type %}{{ family.phone }}{{ family.type }}{% endif %}",
    "{% if family.type %}{% elif not family.phone %}{% else %}{{ family.phone }}{% endif %}",
    "{% if family.phone and family.type %}{{ family.phone }}{{ family.type }}{% endif %}",
    "{% if not family.phone or not family.type %}{% else %}{{ family.phone }}{{ family.type }}{% endif %}",
    "{% if family.type == 'неполная' %}{{ family.type }}{% endif %}",
    "{% if closure.reason in ['refusal', 'moved'] %}{{ closure.reason }}{% endif %}",
    "{% if closure.decided_on > referral.received_on %}{{ closure.decided_on }}{% endif %}",
    "{% if agreement.number %}{{ agreement.number }} {{ agreement.signed_on }}{% endif %}",
    "{% if family.members|first %}{{ (family.members|first).name }}{% endif %}",
    "{{ family.phone if family.phone else '—' }} {{ family.phone or family.display_name }}",
    "{% for m in family.members %}{{ loop.index }}/{{ loop.length }} {{ m.name }}{% endfor %}",
    "{% for m in family.members %}{{ m.phone|прочерк }}{% endfor %}",
    "{% for m in family.members if m.phone %}{{ m.phone }}{% else %}никого{% endfor %}",
    "{% for m in contact_family.meetings %}{{ m.topic }}{% endfor %}",
    "{% if family.phone %}{% for m in family.members %}{{ family.phone }}{% endfor %}{% endif %}",
    "{% for m in family.members|where('relation', 'мать')|sort_by('id') %}{{ m.last_name }}{% endfor %}",
    "{{ family.members|pluck('name')|listing|прочерк }} {{ family.members|count + 1 }}",
    "{% if referral.channel == 'self_appeal' or referral.channel == 'обращение семьи' %}да{% endif %}",
    "{{ consents|where('kind', 'photo_video')|count }}",
]


@pytest.mark.parametrize(("written", "told"), WRONG, ids=[row[0] for row in WRONG])
def test_what_is_wrong_in_a_template_is_told_before_a_family_meets_it(
    written: str, told: Told, language: Language, vocabulary: Vocabulary
) -> None:
    found = [Told(one.code, one.name, one.suggestion) for one in faults(written, language, vocabulary)]
    assert told in found
    assert len({one.code for one in found}) == 1 or told.code == "T-FILTER"


@pytest.mark.parametrize("written", RIGHT)
def test_what_the_checker_lets_pass_prints_with_full_empty_and_no_data(
    written: str, language: Language, vocabulary: Vocabulary, context: Mapping[str, object]
) -> None:
    assert faults(written, language, vocabulary) == []
    template = language.environment().from_string(written)
    template.render(context)
    template.render(vocabulary.blank_context())


def test_every_fault_of_a_template_is_told_at_once(language: Language, vocabulary: Vocabulary) -> None:
    found = faults("{{ famly.x }}\n{{ family.phone }}\n{{ family.members }}", language, vocabulary)
    assert [(one.code, one.line) for one in found] == [("T-NAME", 1), ("T-OPTIONAL", 2), ("T-LIST", 3)]


# --- what reaches a template -------------------------------------------------------------------------------

PLAIN = (str, bool, int, Decimal, date, time, PersonName, Phrase, Choice, Missing, Record, Rows, Later)


def everything(value: object, seen: set[int]) -> Iterator[object]:
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    if isinstance(value, Record):
        for name in value:
            yield from everything(value[name], seen)
    elif isinstance(value, Rows):
        for one in value:
            yield from everything(one, seen)


def test_a_context_holds_plain_values_only(context: Mapping[str, object]) -> None:
    seen: set[int] = set()
    found = [one for value in context.values() for one in everything(value, seen)]
    assert len(found) > 150
    assert {type(one) for one in found} <= {*PLAIN}


class Leaky(Contract):
    """A contract whose derived field hands out what it should not."""

    text: str = fact("текст", "Текст", "")

    @derived("тайное", "Тайное", "")
    def secret(self, at: At) -> str:
        leak: str = LEAKS[self.text]
        return leak


LEAKS: dict[str, Any] = {
    "a path": Path("/etc/passwd"),
    "an object": object(),
    "a function": print,
    "a class": Case,
    "a dictionary": {"a": 1},
    "bytes": b"1",
    "a list": ["a"],
    "a str with methods of its own": type("Own", (str,), {})("a"),
}


@pytest.mark.parametrize("what", LEAKS)
def test_nothing_with_methods_can_be_frozen(what: str, case: Case) -> None:
    with pytest.raises(TypeError, match="may not reach a template"):
        _ = Freezer(At(case, date(2025, 3, 1))).record(Leaky(text=what))["secret"]


def test_a_model_is_frozen_into_a_record_wherever_it_stands(case: Case) -> None:
    LEAKS["a model"] = Strength(text="бабушка рядом")
    kept = Freezer(At(case, date(2025, 3, 1))).record(Leaky(text="a model"))["secret"]
    assert isinstance(kept, Record)
    assert not hasattr(kept, "model_dump")


def test_a_record_cannot_be_changed(context: Mapping[str, object]) -> None:
    family: Any = context["family"]
    with pytest.raises(TypeError):
        family["display_name"] = "чужая"
    with pytest.raises(AttributeError):
        family.display_name = "чужая"
    with pytest.raises(TypeError):
        family["members"][0] = None


def test_people_who_refer_to_each_other_are_frozen_once(context: Mapping[str, object]) -> None:
    family: Any = context["family"]
    mother, son = family["members"]
    assert mother["legal_representative_of"][0] is son
    assert son["representatives"][0] is mother


def test_every_name_has_a_line_in_a_paper_without_data(vocabulary: Vocabulary) -> None:
    blank = vocabulary.blank_context()
    assert set(blank) == {*vocabulary.roots, *vocabulary.aliases}
    assert isinstance(blank["семья"]["телефон"], Blank)  # type: ignore[index]
    assert len(blank["family"]["members"]) == 3  # type: ignore[index]
