"""Families derived from the rules: what counts as shown, and what the derived families are."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import Run
from docx import Document
from reading import PLUGINS

from papka.core.contract.case import Case
from papka.core.loading import load_case
from papka.core.plugging.plugins import Plugins
from papka.core.programmes.region import Method
from papka.kit.families import Derived, coverage, derive
from papka.kit.families.commands import FOLDER
from papka.kit.families.making import Setting
from papka.kit.families.measuring import Gauge
from papka.kit.families.mending import mended
from papka.kit.families.rules import rules_shown
from papka.kit.families.targets import Key
from papka.kit.families.telling import in_words
from papka.kit.folder import opened
from papka.kit.goldens.drawing import families, told_on
from papka.kit.scaffold.commands import new
from papka.output.bench.preview import with_template
from papka.output.rendering import Press

PAPER, OWN = "krg_request_card", "tula_plan"
BRANCHES = (
    "{%p if семья.телефон %}",
    "Телефон есть",
    "{%p elif семья.доходы %}",
    "Доходы есть",
    "{%p else %}",
    "Ничего нет",
    "{%p endif %}",
    "{%p for ребёнок in семья.дети %}",
    "Ребёнок {{ ребёнок.имя }}",
    "{%p if ребёнок.снилс %}",
    "СНИЛС есть",
    "{%p endif %}",
    "{%p endfor %}",
    "Заявление {{ 'подано' if заявление else 'не подано' }}",
)


def word_file(folder: Path, lines: Sequence[str]) -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "template.docx"
    document.save(path)
    return path


def kurgan(folder: Path, lines: Sequence[str]) -> Method:
    """The Kurgan programme with one paper, drawn by a template of these lines."""
    method = with_template(PLUGINS.method("kurgan_ipss"), PAPER, word_file(folder, lines))
    rules = {"checks": (), "deadlines": (), "repeated": ()}
    few = method.programme.model_copy(update=rules)
    return replace(method, papers={PAPER: method.papers[PAPER]}, programme=few)


def drawn(method: Method, case: Case) -> list[str]:
    press = Press(method, PLUGINS.language_for(method))
    papers = press.render(case, PAPER, told_on(case))
    return [line.text for paper in papers for line in Document(io.BytesIO(paper.content)).paragraphs]


def ways_of(gauge: Gauge, case: Case) -> Callable[[str], set[str]]:
    """Tells the ways that a case went at the tag with some words."""
    shown = gauge.shown(case)
    return lambda what: {one.way for one in gauge.targets if what in one.what and one.key in shown}


def test_what_is_shown_is_what_stands_in_the_paper(tmp_path: Path) -> None:
    method = kurgan(tmp_path, BRANCHES)
    gauge = Gauge.of(method, PLUGINS)
    seen = set()
    for path in method.region.examples():
        case = load_case(path)
        for known in (case, case.model_copy(update={"application": None})):
            lines, ways = drawn(method, known), ways_of(gauge, known)
            assert ("taken" in ways("if семья.телефон")) == ("Телефон есть" in lines)
            elif_ways = {"Доходы есть": "taken", "Ничего нет": "passed"}
            assert ways("elif") == {way for said, way in elif_ways.items() if said in lines}
            children = sum(line.startswith("Ребёнок") for line in lines)
            assert ways("for ребёнок") == {("none", "one")[children] if children < 2 else "many"}
            numbered = lines.count("СНИЛС есть")
            both = {way for way, count in (("taken", numbered), ("passed", children - numbered)) if count}
            assert ways("ребёнок.снилс") == both
            said = {"first": "Заявление подано" in lines, "second": "Заявление не подано" in lines}
            assert ways("if заявление else") == {way for way, is_it in said.items() if is_it}
            seen.add(tuple(lines))
    assert len(seen) > 3


def test_what_the_blocks_around_have_asked_is_not_asked_of_families(tmp_path: Path) -> None:
    lines = (
        "{%p if семья.дети and not семья.телефон %}",
        "{%p for ребёнок in семья.дети %}",
        "{% if семья.телефон %}а{% else %}б{% endif %}",
        "{%p endfor %}",
        "{%p endif %}",
    )
    never = {(one.what, one.way) for one, _ in Gauge.of(kurgan(tmp_path, lines), PLUGINS).never}
    assert never == {("{%p for ребёнок in семья.дети %}", "none"), ("{% if семья.телефон %}", "taken")}


RULED_OUT = (
    (
        "{% if ребёнок.дата_рождения %}а{% endif %}",
        "passed",
        "{%p for ребёнок in семья.дети %}",
        "{%p endfor %}",
    ),
    ("{% for один in семья.члены %}а{% endfor %}", "one", "{%p if семья.члены|число > 1 %}", "{%p endif %}"),
    (
        "{% for один in услуги %}а{% endfor %}",
        "none",
        "{%p if услуги|где('метод', 'crisis') %}",
        "{%p endif %}",
    ),
    ("{% elif чел.пол == 'male' %}", "passed", "{%p for чел in семья.члены %}", "{%p endfor %}"),
    (
        "{% if м.вид == 'final' %}а{% endif %}",
        "passed",
        "{%p for м in мониторинги|где('вид', 'final') %}",
        "{%p endfor %}",
    ),
    ("{% if программа.кратко %}а{% endif %}", "passed", "{%p if заявление %}", "{%p endif %}"),
    ("{% if документ.дата %}а{% endif %}", "passed", "{%p if заявление %}", "{%p endif %}"),
    ("{% for один in мониторинги %}а{% endfor %}", "none", "{%p if документ.пустой %}", "{%p endif %}"),
)


@pytest.mark.parametrize(("tag", "way", "before", "after"), RULED_OUT)
def test_what_no_family_can_show_is_told_apart_with_its_reason(
    tag: str, way: str, before: str, after: str, tmp_path: Path
) -> None:
    line = f"{{% if чел.пол == 'female' %}}а{tag}б{{% endif %}}" if "elif" in tag else tag
    gauge = Gauge.of(kurgan(tmp_path, (before, line, after)), PLUGINS)
    said = {(one.what, one.way): why for one, why in gauge.never}
    assert said[tag.partition("а{%")[0], way]
    assert not [one for one in gauge.targets if one.key in {never.key for never, _ in gauge.never}]


def test_what_a_paper_is_drawn_for_is_always_there(tmp_path: Path) -> None:
    method = kurgan(tmp_path, ("{%p if заявление %}", "Заявление подано", "{%p endif %}"))
    paper = method.papers[PAPER]
    asked = "application and family.applicant"
    never = []
    for changes in ({}, {"given": asked}, {"given": asked, "dated": None}):
        only = replace(paper, type=paper.type.model_copy(update=changes))
        gauge = Gauge.of(replace(method, papers={PAPER: only}), PLUGINS)
        never.append([one.way for one, _ in gauge.never])
    # A paper of an earlier day may not know yet for what it is drawn.
    assert never == [[], [], ["passed"]]


def test_a_missing_branch_is_named_with_its_place(tmp_path: Path) -> None:
    method = kurgan(tmp_path, ("Слова", "{% if семья.телефон == '+7 (900) 111-22-33' %}тот{% endif %}"))
    cases = {path.stem: load_case(path) for path in method.region.examples()}
    missing = [one for one in coverage(method, PLUGINS, cases).missing if one.kind == "branch"]
    assert [(one.way, one.place.file, one.place.paragraph) for one in missing] == [
        ("taken", "template.docx", 2)
    ]


# --- derived families ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new plugin, as papka makes it, with two papers of its own and one that is shared."""
    ran = CliRunner().invoke(
        new, ["tula", "--defaults", "--into", str(tmp_path_factory.mktemp("new"))], catch_exceptions=False
    )
    assert ran.exit_code == 0, ran.output
    return next(path.parent for path in tmp_path_factory.getbasetemp().glob("new*/*/programme.yaml"))


def small(plugin: Path) -> tuple[Method, Plugins]:
    """The new plugin's programme with one paper and few rules."""
    found = opened(plugin)
    method = found.at_work()
    programme = method.programme
    rules = {"checks": tuple(one for one in programme.checks if one.id in ("C-AGE18", "C-DUE", "C-CHILD"))}
    few = programme.model_copy(update={**rules, "repeated": ()})
    return replace(method, papers={OWN: method.papers[OWN]}, programme=few), found.plugins


@pytest.fixture(scope="module")
def derived(plugin: Path) -> Derived:
    return derive(*small(plugin))


def cases(derived: Derived, folder: Path) -> dict[str, Case]:
    """The derived families, each read from its file as any case is."""
    found = {}
    for name, text in derived.families:
        file = folder / f"{name}.yaml"
        file.write_text(text, "utf-8")
        found[name] = load_case(file)
    return found


def test_derived_families_show_what_the_written_ones_do_not(derived: Derived) -> None:
    before, after = derived.before, derived.coverage
    assert len(after.missing) * 3 < len(before.missing)
    assert {one.kind for one in before.missing} - {"branch", "loop"}
    assert not [one for one in after.missing if one.kind in ("row", "stage", "paper")]


def test_each_family_shows_what_no_other_shows(derived: Derived, plugin: Path, tmp_path: Path) -> None:
    (method, plugins), families = small(plugin), cases(derived, tmp_path)
    written = {path.stem: load_case(path) for path in method.region.examples()}
    whole = coverage(method, plugins, written | families)
    alone = {names[0] for names in whole.shown.values() if len(names) == 1}
    assert {one.key for one in whole.missing} == {one.key for one in derived.coverage.missing}
    assert set(families) <= alone


def test_a_derived_family_is_an_invented_one_with_a_name_of_its_own(derived: Derived, tmp_path: Path) -> None:
    families = cases(derived, tmp_path).values()
    assert all(case.fictional for case in families)
    titles = [case.family.display_name for case in families if case.family.members]
    assert len(set(titles)) == len(titles)
    assert all(text.startswith("# ") and "вымышлен" in text.split("\n")[0] for _, text in derived.families)


def test_all_papers_of_a_derived_family_can_be_drawn(derived: Derived, plugin: Path, tmp_path: Path) -> None:
    method, plugins = small(plugin)
    press = Press(method, plugins.language_for(method))
    families = cases(derived, tmp_path)
    giving = [name for name in derived.coverage.shown["paper", OWN, 0, "drawn"] if name in families]
    assert giving
    for name in giving:
        assert list(press.render(families[name], OWN, told_on(families[name])))


ODD = {
    "family": {
        "display_name": "семья",
        "members": [
            {"id": "m1", "last_name": "Сомов", "first_name": "Глеб", "patronymic": "Петровна", "sex": "male",
             "birth_date": "1980-01-02", "relation": "мать, вдова", "marital": "вдова", "died_on": "2025-03-01"},
            {"id": "m2", "last_name": "Сомова", "first_name": "Яна", "sex": "female", "relation": "бабушка",
             "birth_date": "2015-01-02", "mother": "m1", "employment": "повар", "died_on": "2025-03-01"},
            {"id": "m3", "last_name": "Сомова", "first_name": "Зоя", "sex": "female", "relation": "мать",
             "birth_date": "2018-01-02", "mother": "m2"},
        ],
        "unions": [{"first": "m1", "second": "m1", "status": "married"}],
    },
    "referral": {"received_on": "2025-02-03"},
}  # fmt: skip


def mended_family(shows: Callable[[dict[str, Any]], bool], before: dict[str, Any]) -> dict[str, Any]:
    """A family as it is mended where only that counts which a test asks for."""
    gauge = SimpleNamespace(shows=lambda data, _: shows(data))
    garden = SimpleNamespace(gauge=gauge, raiser=SimpleNamespace(case=lambda data: data))
    setting = Setting(deepcopy(ODD), None, None, origin=before)  # type: ignore[arg-type]
    return mended(garden, setting, frozenset())["family"]  # type: ignore[arg-type, no-any-return]


def test_what_a_search_left_odd_in_a_family_is_mended() -> None:
    family = mended_family(lambda _: True, {})
    father, daughter, baby = family["members"]
    assert (father["relation"], father["marital"], father["patronymic"]) == (
        "отец, вдова",
        "вдовец",
        "Петрович",
    )
    assert (daughter["relation"], baby["relation"]) == ("дочь", "дочь")
    assert "employment" not in daughter and daughter["mother"] == "m1" and "mother" not in baby
    assert not any("died_on" in one for one in family["members"]) and family["unions"] == []
    before = {"m2": ODD["family"]["members"][1] | {"birth_date": "1950-05-05", "employment": "швея"}}  # type: ignore[index]
    assert mended_family(lambda _: True, before)["members"][1]["birth_date"] == "1950-05-05"


def test_what_a_family_is_there_for_stays_however_odd_it_is() -> None:
    def shows(data: dict[str, Any]) -> bool:
        return sum("died_on" in one for one in data["family"]["members"]) == 1

    family = mended_family(shows, {})
    assert len(family["members"]) == 3
    assert shows({"family": family})


def test_the_same_seed_gives_the_same_bytes_whatever_language_is_spoken(
    derived: Derived, plugin: Path, english: None
) -> None:
    assert derive(*small(plugin)).families == derived.families


# --- the families that lie in the regions ----------------------------------------------------------------------

REGIONS = Path(__file__).parents[1] / "examples" / "regions"
SOCIAL = str(REGIONS / "social_contract")
UNSHOWN = {"kurgan_ipss": 11, "sos_partnership": 26, SOCIAL: 2}
"""How much no family showed when those of a region were derived; more is a loss."""


def read(name: str) -> tuple[Method, Plugins, dict[str, Case]]:
    """A region and its families, the written and the derived ones."""
    found = opened(name)
    method = found.at_work()
    cases = {one.name: method.region.example(one.path) for one in families(method.region)}
    assert any(name.startswith("derived/") for name in cases)
    return method, found.plugins, cases


@pytest.mark.parametrize("name", UNSHOWN)
def test_the_families_of_a_region_show_all_they_did_and_nothing_that_is_called_impossible(name: str) -> None:
    method, plugins, cases = read(name)
    gauge = Gauge.of(method, plugins)
    shown: dict[str, set[Key]] = {}
    for family, case in cases.items():
        now = gauge.situation(case)
        drawn = {key for document in method.papers for key in gauge.shown_by_paper(now, document)}
        shown[family] = drawn | set(rules_shown(now, method))
    missing = gauge.coverage(shown).missing
    assert len(missing) <= UNSHOWN[name], [(in_words(one), one.place.paragraph) for one in missing]
    found = set().union(*shown.values())
    never = {one.key: in_words(one) for one, _ in gauge.never}
    assert never
    assert [words for key, words in never.items() if key in found] == []


@pytest.mark.parametrize("name", UNSHOWN)
def test_the_families_of_a_region_are_light_and_could_be_told_of(name: str) -> None:
    method, _, cases = read(name)
    files = [one.path for one in families(method.region) if one.name.startswith("derived/")]
    assert sum(path.stat().st_size for path in files) < 430_000
    assert max(path.stat().st_size for path in files) < 60_000
    for family, case in cases.items():
        members = {one.id: one for one in case.family.members}
        assert [one for one in case.family.unions if one.first == one.second] == [], family
        for child in members.values():
            for parent in filter(None, (members.get(child.mother or ""), members.get(child.father or ""))):
                if child.birth_date and parent.birth_date:
                    assert (child.birth_date - parent.birth_date).days > 14 * 365, family


def test_the_families_of_an_english_region_are_english() -> None:
    files = list((REGIONS / "sos_partnership_en" / FOLDER).glob("*.yaml"))
    texts = [path.read_text("utf-8") for path in files]
    assert len(texts) > 10
    assert [
        path.name for path, text in zip(files, texts, strict=True) if re.search("[А-Яа-яЁё№]", text)
    ] == []
    assert all("\nfictional: true\n" in text for text in texts)


@pytest.mark.skipif("PAPKA_LONG" not in os.environ, reason="PAPKA_LONG=1 asks for the long trial")
@pytest.mark.parametrize("name", UNSHOWN)
def test_the_families_of_a_region_are_those_that_papka_derives(name: str) -> None:
    found = opened(name)
    method = found.at_work()
    there = {path.stem: path.read_text("utf-8") for path in (method.region.folder / FOLDER).glob("*.yaml")}
    assert dict(derive(method, found.plugins).families) == there


def test_the_command_measures_and_names_what_nobody_shows(here: Run, plugin: Path) -> None:
    told = json.loads(here("plugin", "examples", plugin, "--check", "--json").out)
    counts = told["counts"]["branch"]
    assert 0 < counts["shown"] < counts["all"]
    drawn = next(one for one in told["missing"] if one["kind"] == "branch")
    assert {"file", "part", "paragraph"} <= set(drawn["place"])
    shown = here("plugin", "examples", plugin, "--check")
    assert shown.code == 3
    assert told["missing"][0]["owner"] in shown.out
