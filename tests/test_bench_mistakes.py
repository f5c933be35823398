"""Planted mistakes: each is found at its exact place, with what was meant, in every part of a Word file."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench_files import FILLER, NAME, PLACES, faults, form, ids, marked, planted
from reading import PLUGINS

from papka.output.bench.desk import Desk
from papka.output.bench.inspecting import Inspection

LOOP = "{% for р in семья.дети %}"
FIVE = "{% for а in семья.дети %}{% for б in семья.дети %}{% for в in семья.дети %}{% for г in семья.дети %}"
FIVE += "⟦{% for д in семья.дети %}⟧х" + "{% endfor %}" * 5
COUNT = "{{ семья.дети|число|счёт(%s, 'ребёнка', 'детей') }}"

MISTAKES: list[tuple[str, str, str | None]] = [
    # a name that does not exist
    ("T-NAME", "Семья {{ семья.⟦названеи⟧ }}.", "название"),
    ("T-NAME", "{{ ⟦симья⟧.название }}", "семья"),
    ("T-NAME", "{{ семья.⟦назвние⟧|родительный }}", "название"),
    ("T-NAME", "{{ семья.заявитель.⟦фоио⟧ }}", "фио"),
    ("T-NAME", "{{ семья.⟦названние⟧ }} и {{ семья.название }}", "название"),
    ("T-NAME", "{{ family.⟦display_nmae⟧ }}", "display_name"),
    ("T-NAME", "{{ ⟦familly⟧.display_name }}", "family"),
    ("T-NAME", "{{ organisation.⟦full_nme⟧ }}", "full_name"),
    ("T-NAME", "{% for ребёнок in семья.дети %}{{ ⟦ребенок⟧.фио }}{% endfor %}", "ребёнок"),
    ("T-NAME", LOOP + "{{ р.⟦дата_рожденя⟧ }}{% endfor %}", "дата_рождения"),
    ("T-NAME", LOOP + "{{ loop.⟦indx⟧ }}{% endfor %}", "index"),
    ("T-NAME", "{% for р in семья.⟦детти⟧ %}х{% endfor %}", "дети"),
    ("T-NAME", "{% if семья.⟦дет⟧ %}х{% endif %}", "дети"),
    ("T-NAME", "{{ ⟦Семья⟧.название }}", "семья"),
    ("T-NAME", "{{ ⟦ctvmz⟧.название }}", "семья"),
    ("T-NAME", "{{ ⟦semya⟧.название }}", "семья"),
    ("T-NAME", "{{ ⟦абракадабра⟧ }}", None),
    ("T-OUTSIDE", LOOP + "х{% endfor %}{{ ⟦р⟧.фио }}", None),
    # letters that look alike
    ("T-LOOKALIKE", "{{ семья.⟦нaзвание⟧ }}", "название"),
    ("T-LOOKALIKE", "{{ ⟦fаmily⟧.display_name }}", "family"),
    ("T-LOOKALIKE", "{% for р in семья.⟦дeти⟧ %}х{% endfor %}", "дети"),
    ("E-FILTER", "{{ семья.название|⟦рoдительный⟧ }}", "родительный"),
    ("T-LOOKALIKE", "{% ⟦fоr⟧ р in семья.дети %}х{% endfor %}", "for"),
    ("T-LOOKALIKE", "{% if семья.дети %}х{% ⟦еndif⟧ %}", "endif"),
    # filters
    ("E-FILTER", "{{ семья.название|⟦радительный⟧ }}", "родительный"),
    ("E-FILTER", "{{ family.display_name | ⟦dativ⟧ }}", "dative"),
    ("E-FILTER", "{{ семья.название|родительный|⟦зззз⟧ }}", None),
    ("T-FILTER", "{{ ⟦семья.название|датой⟧ }}", None),
    ("T-FILTER", "{{ ⟦семья.дети|родительный⟧ }}", None),
    ("T-FILTER-ARGS", "{{ семья.название|⟦родительный⟧('х') }}", None),
    # kinds of values
    ("T-LIST", "{{ ⟦семья.дети⟧ }}", None),
    ("T-RECORD", "{{ ⟦семья⟧ }}", None),
    ("T-OPTIONAL", "№ {{ ⟦документ.номер⟧ }}", None),
    ("T-NO-LIST", "{% for р in ⟦семья.название⟧ %}х{% endfor %}", None),
    ("T-NO-FIELDS", "{{ семья.название.⟦имя⟧ }}", None),
    ("T-CHOICE", LOOP + "{% if р.пол == ⟦'женскй'⟧ %}х{% endif %}{% endfor %}", "женский"),
    ("T-CHOICE", LOOP + "{% if р.пол == ⟦'жeнский'⟧ %}х{% endif %}{% endfor %}", "женский"),
    ("T-COMPARE", "{% if документ.номер == ⟦5⟧ %}х{% endif %}", None),
    ("T-NUMBER", "{{ ⟦семья.название⟧ + 1 }}", None),
    ("T-CONST", "{% if ⟦'семья.дети'⟧ %}х{% endif %}", None),
    ("T-CONST", "{{ ⟦'семья.название'⟧ }}", None),
    ("T-RECORD", LOOP + "{{ ⟦loop⟧ }}{% endfor %}", None),
    ("T-FILTER-FEW", COUNT.replace("%s, 'ребёнка', 'детей'", "'ребёнок'").replace("счёт", "⟦счёт⟧"), None),
    ("T-FILTER-FEW", LOOP + "{{ р.пол|⟦флажок⟧ }}{% endfor %}", None),
    ("T-CHOICE", LOOP + "{{ р.пол|флажок(⟦'женскй'⟧) }}{% endfor %}", "женский"),
    ("T-ARGUMENT", "{{ документ.номер|линия(⟦500⟧) }}", None),
    ("T-ARGUMENT", "{{ семья.дети|число|прописью('мужской', ⟦'родительны'⟧) }}", None),
    ("T-SYNTAX", "{{ семья⟦,⟧название }}", "."),
    ("T-RICH", "⟦{{tc семья.название }}⟧", None),
    # blocks
    ("T-OPEN", "⟦{% if семья.дети %}⟧х", None),
    ("T-OPEN", "⟦{% for р in семья.дети %}⟧{% if р.фио %}х{% endif %}", None),
    ("T-OPEN", LOOP + "⟦{% if р.фио %}⟧х{% endfor %}", None),
    ("T-NOT-OPEN", "х⟦{% endif %}⟧", None),
    ("T-NOT-OPEN", "х⟦{% endfor %}⟧", None),
    ("T-NOT-OPEN", "⟦{% else %}⟧х", None),
    ("T-CROSSED", "{% if семья.дети %}" + LOOP + "⟦{% endif %}⟧{% endfor %}", None),
    ("T-ELSE-TWICE", "{% if семья.дети %}а{% else %}б⟦{% else %}⟧в{% endif %}", None),
    ("E-LOOPS", FIVE, None),
    # words of the language
    ("T-CAPITALS", "{% ⟦If⟧ семья.дети %}х{% endif %}", "if"),
    ("T-CAPITALS", "{% if семья.дети %}х{% ⟦EndIf⟧ %}", "endif"),
    ("T-CAPITALS", "{% ⟦For⟧ р in семья.дети %}х{% endfor %}", "for"),
    ("T-OPERATOR", "{% for р ⟦In⟧ семья.дети %}х{% endfor %}", "in"),
    ("T-OPERATOR", "{% if семья.дети ⟦AND⟧ семья.название %}х{% endif %}", "and"),
    ("T-KEYWORD", LOOP + "х{% ⟦endfro⟧ %}", "endfor"),
    ("T-KEYWORD", "{% if семья.дети %}х{% ⟦edif⟧ %}", "endif"),
    ("T-KEYWORD", "{% if семья.дети %}х{% ⟦end if⟧ %}", "endif"),
    ("T-KEYWORD", "{% ⟦если⟧ семья.дети %}х{% endif %}", "if"),
    ("T-OPERATOR", "{% if семья.дети ⟦и⟧ семья.название %}х{% endif %}", "and"),
    ("T-KEYWORD", "{% if семья.дети %}а{% ⟦else if⟧ семья.название %}б{% endif %}", "elif"),
    ("T-OPERATOR", "{% if семья.название ⟦=⟧ 'х' %}х{% endif %}", "=="),
    ("T-OPERATOR", "{% if семья.дети|число ⟦≥⟧ 3 %}х{% endif %}", ">="),
    ("T-OPERATOR", "{{ семья.название⟦||⟧родительный }}", "|"),
    ("T-LOOKALIKE", "{{⟦р⟧ семья.название }}", "p"),
    ("T-WRONG-BRACES", "⟦{% семья.название %}⟧", "{{ семья.название }}"),
    ("T-WRONG-BRACES", "{% if семья.дети %}х⟦{{ endif }}⟧{% endif %}", "{% endif %}"),
    # signs that Word puts in
    ("T-QUOTES", COUNT % "⟦«ребёнок»⟧", '"ребёнок"'),
    ("T-QUOTES", COUNT % "⟦„ребёнок“⟧", '"ребёнок"'),
    ("T-DASH", "{{ семья.дети|число ⟦–⟧ 1 }}", "-"),
    ("T-DASH", "{%⟦–⟧ if семья.дети %}х{% endif %}", "-"),
    ("T-UNSEEN", "{{ семья.назв⟦\u200b⟧ание }}", None),
    ("T-UNSEEN", "{⟦\u200b⟧{ семья.название }}", None),
    ("T-UNSEEN", "{{ семья.название }⟦\ufeff⟧}", None),
    # braces
    ("T-STRAY", "⟦{ семья.название }⟧", "{{ семья.название }}"),
    ("T-STRAY", "⟦{ семья.название|родительный }⟧", "{{ семья.название|родительный }}"),
    ("T-STRAY", "⟦{семья.дети|число}⟧ {{ семья.название }}", "{{ семья.дети|число }}"),
    ("T-STRAY", "семья.название ⟦}}⟧", None),
    ("T-STRAY", "{{ семья.название }}⟦}⟧", None),
    ("T-STRAY", "⟦{⟧ {{ семья.название }}", None),
    ("T-STRAY", "⟦{ { семья.название }}⟧", "{{ семья.название }}"),
    ("T-STRAY", "⟦[[ семья.название ]]⟧", "{{ семья.название }}"),
    ("T-STRAY", "⟦«семья.название»⟧", "{{ семья.название }}"),
    ("T-UNCLOSED", "⟦{{ семья.название } }⟧", "{{ семья.название }}"),
    ("T-UNCLOSED", "⟦{{ семья.название|родительный⟧, и далее", "{{ семья.название|родительный }}"),
    ("T-UNCLOSED", "⟦{% if семья.дети %⟧х", "{% if семья.дети %}"),
    ("T-UNCLOSED", "⟦{{ семья.название }⟧", "{{ семья.название }}"),
    ("T-UNCLOSED", "⟦{{ семья.название }⟧ и {{ семья.название }}", "{{ семья.название }}"),
    ("T-UNCLOSED", "⟦{{ семья.название⟧", None),
    ("T-UNCLOSED", "⟦{% if семья.дети }⟧х", "{% if семья.дети %}"),
    ("T-SYNTAX", "{{ семья.название ⟦название⟧ }}", None),
    # what is not part of the language
    ("E-FORBIDDEN", "{% ⟦set⟧ а = 5 %}", None),
    ("E-FORBIDDEN", "{% ⟦include⟧ 'х.docx' %}", None),
    ("E-FORBIDDEN", "{{ семья.название.upper⟦(⟧) }}", None),
    ("E-FORBIDDEN", "{{ семья.⟦__class__⟧ }}", None),
    ("E-TEST", "{% if семья.дети is ⟦definedd⟧ %}х{% endif %}", None),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("code", "text", "meant"), MISTAKES)
def test_a_mistake_is_found_at_its_exact_place(
    code: str, text: str, meant: str | None, place: str, tmp_path: Path
) -> None:
    plain, start, end = marked(text)
    part, paragraph = planted(plain, place, tmp_path / NAME)

    found = faults(tmp_path / NAME)

    assert ids(found) == [code]
    where = found[0].place
    assert (where.part, where.paragraph, where.start, where.end) == (part, paragraph, start, end)
    if meant is not None:
        assert found[0].suggestion == meant
    assert found[0].message and found[0].cure
    assert (where.table, where.row, where.cell) == ((1, 2, 2) if place == "cell" else (None, None, None))


LIFTED = [
    ("T-GLUED", "{%⟦pif⟧ семья.дети %}", "{%p endif %}", "p if"),
    ("T-LOOKALIKE", "{%⟦р⟧ if семья.дети %}", "{%p endif %}", "p"),
    ("T-LOOKALIKE", "{%⟦P⟧ if семья.дети %}", "{%p endif %}", "p"),
    ("T-LIFT-SPACE", "{% ⟦p⟧ if семья.дети %}", "{%p endif %}", "p"),
    ("T-GLUED", "{%⟦pfor⟧ р in семья.дети %}", "{%p endfor %}", "p for"),
]


@pytest.mark.parametrize(("code", "text", "closer", "meant"), LIFTED)
def test_a_lifting_tag_is_read_as_it_was_meant(
    code: str, text: str, closer: str, meant: str | None, tmp_path: Path
) -> None:
    plain, start, end = marked(text)

    found = faults(form(tmp_path / NAME, "Начало", plain, "Середина", closer))

    assert ids(found) == [code]
    assert (found[0].place.paragraph, found[0].place.start, found[0].place.end) == (2, start, end)
    assert found[0].suggestion == meant


def test_a_lifting_tag_beside_words_is_told(tmp_path: Path) -> None:
    found = faults(form(tmp_path / NAME, "Слова {%p if семья.дети %}", "х", "{%p endif %}"))

    assert [(one.id, one.place.paragraph, one.place.start, one.place.end) for one in found] == [
        ("T-BESIDE", 1, 6, 26)
    ]


def test_a_row_tag_outside_a_row_is_told(tmp_path: Path) -> None:
    found = faults(form(tmp_path / NAME, "{%tr for р in семья.дети %}", "{%tr endfor %}"))

    assert [(one.id, one.place.paragraph) for one in found] == [("T-NO-HOME", 1), ("T-NO-HOME", 2)]


def test_all_faults_are_told_in_one_run(tmp_path: Path) -> None:
    path = form(
        tmp_path / NAME,
        "{{ семья.названеи }} и {% If семья.дети %}х{% endif %}",
        "{{ документ.номер }}",
        "{{ яяя }} { семья.название }",
        "{% for р in семья.дети %}{{ р.фиоо|дательныйй }}{% endfro %}",
        "{% endif %}",
    )

    assert [(one.place.paragraph, one.id) for one in faults(path)] == [
        (1, "T-NAME"),
        (1, "T-CAPITALS"),
        (2, "T-OPTIONAL"),
        (3, "T-NAME"),
        (3, "T-STRAY"),
        (4, "T-NAME"),
        (4, "E-FILTER"),
        (4, "T-KEYWORD"),
        (5, "T-NOT-OPEN"),
    ]


CLEAN = [
    FILLER,
    "{{ семья . название }}, {{семья.название}}, {{- семья.название -}}",
    "{% for и in семья.дети %}{{ и.фио }}{% if not loop.last %}, {% endif %}{% else %}нет{% endfor %}",
    "{% if семья.дети and not документ.номер %}{% elif документ.номер == '5' %}{{ документ.номер }}{% endif %}",
    "{{ документ.номер|прочерк }} {# «заметка» — для себя: {% If %} #}",
    "{{ семья.дети|число|счёт(“ребёнок”, ‘ребёнка’, 'детей') }}",
    "{{ семья['название'] }} {{ 'а' if семья.дети else 'б' }} {{ семья.дети|число - 1 }}",
    "Множество {1, 2}, функция {x | x > 0} и { скобка",
    "{{ документ.дата|датой if документ.дата else '«__» ______ 20__ г.' }}",
]


@pytest.mark.parametrize("text", CLEAN)
@pytest.mark.parametrize("place", PLACES)
def test_a_clean_template_raises_nothing(text: str, place: str, tmp_path: Path) -> None:
    planted(text, place, tmp_path / NAME)

    assert faults(tmp_path / NAME) == []


@pytest.mark.parametrize("one", Desk(PLUGINS).all(), ids=lambda one: one.path.name)
def test_the_templates_of_both_regions_raise_nothing(one) -> None:  # type: ignore[no-untyped-def]
    assert Inspection(one).findings == []


def test_a_loops_own_name_in_two_scripts_is_told_where_the_loop_gives_it(tmp_path: Path) -> None:
    found = faults(form(tmp_path / NAME, "{% for стpока in семья.дети %}{{ строка.фио }}{% endfor %}"))

    assert [(one.id, one.place.start, one.place.end, one.suggestion) for one in found] == [
        ("T-LOOKALIKE", 7, 13, "строка")
    ]


SEQUELS = [
    ("T-NOT-OPEN", "{{ документ.номер }}⟦{% endif %}⟧", None),
    ("T-NOT-OPEN", "{{ р.фио }}, {{ р.пол }}⟦{% endfor %}⟧", None),
    ("T-NOT-OPEN", "а ⟦{% else %}⟧ б {% endif %}", None),
    ("T-CROSSED", "{% if семья.дети %}х⟦{% endfor %}⟧ {% if семья.дети %}у{% endif %}", "{% endif %}"),
    ("T-SYNTAX", "{% if документ.⟦.⟧номер %}{{ документ.номер }}{% endif %}", None),
    ("T-WRONG-BRACES", "⟦{{ for р in семья.дети }}⟧{{ р.фио }}{% endfor %}", "{% for р in семья.дети %}"),
    ("T-OPEN", "{% if семья.дети %}⟦{% if семья.дети %}⟧а{% endif %}", None),
    ("T-NAME", "{% if документ.⟦номр⟧ %}{{ документ.номер }}{% endif %}", "номер"),
    ("T-UNCLOSED", "⟦{% if семья.дети %⟧{# #}х{% endif %}", "{% if семья.дети %}"),
    ("T-STRAY", "⟦if семья.дети %}⟧х{% endif %}", "{% if семья.дети %}"),
    ("T-STRAY", "{% if семья.дети %}х ⟦% endif %}⟧", "{% endif %}"),
    ("T-OPEN", LOOP + "⟦{% if р.фио %}⟧х{% else %}у{% endfor %}", None),
]


@pytest.mark.parametrize(("code", "text", "meant"), SEQUELS)
def test_what_only_follows_from_a_mistake_is_not_told(
    code: str, text: str, meant: str | None, tmp_path: Path
) -> None:
    plain, start, end = marked(text)

    found = faults(form(tmp_path / NAME, FILLER, plain))

    assert [(one.id, one.place.start, one.place.end, one.suggestion) for one in found] == [
        (code, start, end, meant)
    ]
