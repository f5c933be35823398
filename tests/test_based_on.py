"""A variant of a region holds only what differs, and is loaded, checked and drawn like any other region."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from papka.core import Plugins
from papka.core.plugging.plugins import EntryPoint, PluginInfo

Ran = Any

BASE = """\
papka: '1'
id: hill
title: Холмская программа
short_title: Холм
owner: Управление Холмской области
opened_on: referral.received_on
closed_on: closure.decided_on
includes: [com_consent_pd, com_living_act]
settings:
  visit_days: {value: 3, label: Посещение, source: {kind: setting, text: Приказ}}
levels:
  - {id: basic, title: Базовый}
  - {id: crisis, title: Кризисный}
signs:
  - {code: K1, title: Угроза ребёнку, level: crisis}
  - {code: B1, title: Просьба семьи, level: basic}
level_table:
  source: {kind: inferred, text: вымышлено}
  rows:
    - {id: HIL-L1, when: signs.K1, propose: crisis, reason: Есть угроза}
    - {id: HIL-L2, when: 'true', propose: basic, reason: Угрозы нет}
stages:
  - {id: begin, title: Начало, phase: intake, entered_on: referral.received_on}
documents:
  - id: hill_note
    title: Записка
    stage: begin
    deadline: HIL-D1
    source: {kind: inferred, text: вымышлено}
  - id: hill_letter
    title: Письмо
    source: {kind: inferred, text: вымышлено}
deadlines:
  - id: HIL-D1
    title: Первое посещение
    since: referral.received_on
    term: {working_days: visit_days}
    done: (contacts|first).on
    cure: Посетите семью.
    source: {kind: inferred, text: вымышлено}
"""

VARIANT = """\
papka: '1'
id: hill_north
based_on: hill
title: Северный вариант Холмской программы
short_title: Север
"""

REGION = """\
from papka.core import Region, hookimpl

@hookimpl
def papka_programme():
    return Region.of(__name__)
"""

CASE = """\
papka: '1'
programme: hill_north
id: N-1
organisation: {full_name: Центр, short_name: Ц}
family:
  display_name: семья Ткач
  members:
    - {id: m.one, last_name: Ткач, first_name: Вера, sex: female, relation: мать}
referral: {received_on: 2025-03-03, channel: self_appeal, text: просит помочь}
"""


class Site:
    """Packages in a folder, loaded in this process in the order that a test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def put(self, name: str, programme: str, **templates: str) -> Path:
        package = self.folder / f"based_{name}"
        (package / "templates").mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(REGION, "utf-8")
        (package / "programme.yaml").write_text(programme, "utf-8")
        for document, text in templates.items():
            paper = Document()
            paper.add_paragraph(text)
            paper.save(str(package / "templates" / f"{document}.docx"))
        info = self.folder / f"based_{name}-1.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: based-{name}\nVersion: 1\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[papka]\n{name} = based_{name}\n", "utf-8")
        return package

    def load(self, *names: str) -> Plugins:
        importlib.invalidate_caches()
        return Plugins([EntryPoint(name, f"based_{name}", f"based-{name}", "1") for name in names])


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> Iterator[Site]:
    made = Site(tmp_path / "site")
    monkeypatch.syspath_prepend(str(made.folder))
    yield made
    for name in [one for one in sys.modules if one.startswith("based_")]:
        del sys.modules[name]


@pytest.fixture
def hill(site: Site) -> Site:
    site.put("hill", BASE, hill_note="Записка: {{ программа.кратко }}", hill_letter="Письмо области")
    return site


def told(plugins: Plugins, name: str) -> PluginInfo:
    return next(one for one in plugins.infos if one.name == name)


# --- what is merged ----------------------------------------------------------------------------------------


def test_a_variant_says_only_what_differs(hill: Site) -> None:
    hill.put(
        "north",
        VARIANT
        + """\
settings: {visit_days: {value: 5}}
includes: [com_refusal]
documents:
  - {id: hill_letter, title: Письмо Севера}
  - {id: north_act, title: Акт, source: {kind: inferred, text: вымышлено}}
deadlines:
  - {id: HIL-D1, term: {days: visit_days}}
""",
        north_act="Акт",
    )

    plugins = hill.load("hill", "north")

    assert told(plugins, "north").fault is None
    method = plugins.method("hill_north")
    programme = method.programme
    assert [(one.id, one.title) for one in programme.documents] == [
        ("hill_note", "Записка"),
        ("hill_letter", "Письмо Севера"),
        ("north_act", "Акт"),
    ]
    assert (programme.settings["visit_days"].value, programme.settings["visit_days"].label) == (
        5,
        "Посещение",
    )
    assert [one.id for one in programme.includes] == ["com_consent_pd", "com_living_act", "com_refusal"]
    assert (
        programme.deadlines[0].term.days == "visit_days" and programme.deadlines[0].term.working_days is None
    )
    assert programme.owner is None, "whose programme it is, is not taken over"
    assert plugins.method("hill").programme.settings["visit_days"].value == 3
    assert [one.title for one in plugins.method("hill").programme.documents] == ["Записка", "Письмо"]


def test_an_entry_is_taken_away_and_a_row_is_put_before_the_one_that_always_holds(hill: Site) -> None:
    hill.put(
        "north",
        VARIANT
        + """\
includes: [{id: com_living_act, dropped: да}]
documents: [{id: hill_letter, dropped: да}]
level_table:
  rows:
    - {id: NOR-L1, when: signs.B1, reason: Решают специалисты, placed_before: HIL-L2}
""",
    )

    method = hill.load("hill", "north").method("hill_north")

    assert set(method.papers) == {"hill_note", "com_consent_pd"}
    assert method.programme.level_table is not None
    assert [row.id for row in method.programme.level_table.rows] == ["HIL-L1", "NOR-L1", "HIL-L2"]
    assert method.programme.level_table.source.text == "вымышлено"


def test_a_second_edition_of_a_rule_stands_beside_the_first(hill: Site) -> None:
    rule = BASE[BASE.index("  - id: HIL-D1") :].replace("HIL-D1\n", "HIL-D1\n    valid_from: 2026-01-01\n")
    hill.put("north", VARIANT + "deadlines:\n  - {id: HIL-D1, valid_to: 2025-12-31}\n" + rule)

    deadlines = hill.load("hill", "north").method("hill_north").programme.deadlines

    assert [(str(one.valid_from), str(one.valid_to)) for one in deadlines] == [
        ("None", "2025-12-31"),
        ("2026-01-01", "None"),
    ]


def test_registers_forms_and_scales_are_laid_over_too(hill: Site) -> None:
    base, north = hill.folder / "based_hill", hill.put("north", VARIANT)
    source = "source: {kind: inferred, text: вымышлено}"
    column = "columns: [{title: День, value: referral.received_on}]"
    (base / "registers.yaml").write_text(
        f"includes: [com_due_report]\nregisters:\n  - {{id: hill_list, title: Список, {column}, {source}}}\n"
        f"  - {{id: hill_other, title: Другой, {column}, {source}}}\n",
        "utf-8",
    )
    (north / "registers.yaml").write_text(
        "registers: [{id: hill_list, title: Северный список}, {id: hill_other, dropped: да}]\n", "utf-8"
    )
    part = "parts: [{title: Запрос, ask: [referral.text]}]"
    (base / "forms.yaml").write_text(f"forms: [{{id: ask, title: Вопросы, {part}, {source}}}]\n", "utf-8")
    (north / "forms.yaml").write_text("forms: [{id: ask, title: Северные вопросы}]\n", "utf-8")
    (base / "scales").mkdir()
    (north / "scales").mkdir()
    group = "groups: [{code: g, title: Жильё, items: [{code: a, title: Тепло}, {code: b, title: Свет}]}]"
    (base / "scales" / "risk.yaml").write_text(f"{{id: risk, title: Риск, {source}, {group}}}\n", "utf-8")
    (north / "scales" / "risk.yaml").write_text(
        "{id: risk, highest: 5, groups: [{code: g, items: [{code: b, title: Вода}]}]}\n", "utf-8"
    )

    method = hill.load("hill", "north").method("hill_north")

    assert {name: one.title for name, one in method.tables.items() if name.startswith("hill")} == {
        "hill_list": "Северный список"
    }
    assert "com_due_report" in method.tables
    assert method.questions["ask"].title == "Северные вопросы"
    (scale,) = method.programme.scales
    assert (scale.title, scale.maximum, [one.title for one in scale.groups[0].items]) == (
        "Риск",
        10,
        ["Тепло", "Вода"],
    )


# --- papers ------------------------------------------------------------------------------------------------


def test_its_own_template_wins_over_that_of_the_base(
    hill: Site, run: Callable[..., Ran], tmp_path: Path
) -> None:
    hill.put("north", VARIANT, hill_letter="Письмо Севера")
    (tmp_path / "case.yaml").write_text(CASE, "utf-8")

    drawn = run("render", "case.yaml", "hill_note", "hill_letter", "--into", "out", python_path=hill.folder)

    assert drawn.code == 0, drawn.all
    said = {
        one: "\n".join(p.text for p in Document(str(tmp_path / "out" / f"{one}.docx")).paragraphs)
        for one in ("hill_note", "hill_letter")
    }
    assert "Записка: Север" in said["hill_note"]
    assert "Письмо Севера" in said["hill_letter"]


def test_the_list_of_plugins_says_on_what_a_variant_is_based(hill: Site, run: Callable[..., Ran]) -> None:
    hill.put("north", VARIANT)

    assert (
        "hill_north, документов: 4, на основе hill\n"
        in run("plugins", lang="ru", python_path=hill.folder).out
    )
    data = json.loads(run("plugins", "--json", python_path=hill.folder).out)
    assert {one["name"]: one["based_on"] for one in data if one["programme"]}["north"] == "hill"


# --- order, chains, circles --------------------------------------------------------------------------------


def test_the_order_of_loading_does_not_matter_and_a_chain_is_followed(hill: Site) -> None:
    hill.put("north", VARIANT + "settings: {visit_days: {value: 5}}\n")
    village = VARIANT.replace("hill_north", "village").replace("on: hill", "on: hill_north")
    hill.put("a_village", village + "documents: [{id: hill_letter, dropped: да}]\n")

    plugins = hill.load("a_village", "north", "hill")

    assert [one.fault for one in plugins.infos] == [None] * len(plugins.infos)
    programme = plugins.method("village").programme
    assert (programme.settings["visit_days"].value, [one.id for one in programme.documents]) == (
        5,
        ["hill_note"],
    )
    assert plugins.method("village").papers["hill_note"].template.parts[-3] == "based_hill"


def test_a_circle_sets_aside_those_who_are_in_it_and_nobody_else(hill: Site) -> None:
    hill.put("north", VARIANT.replace("on: hill", "on: hill_south"))
    hill.put("south", VARIANT.replace("hill_north", "hill_south").replace("on: hill\n", "on: hill_north\n"))

    plugins = hill.load("hill", "north", "south")

    assert told(plugins, "hill").fault is None
    fault = told(plugins, "north").fault or ""
    assert "hill_north → hill_south → hill_north" in fault
    assert list(plugins.programmes()) == ["hill"]


def test_a_base_that_is_not_installed_is_named_with_what_to_install(hill: Site) -> None:
    package = hill.put("north", VARIANT.replace("on: hill", "on: far_valley"))
    info = hill.folder / "based_north-1.dist-info" / "METADATA"

    guessed = told(hill.load("hill", "north"), "north")
    info.write_text(
        info.read_text("utf-8") + "Requires-Dist: papka\nRequires-Dist: valley-papers>=1\n", "utf-8"
    )
    stated = told(hill.load("hill", "north"), "north")

    assert "far_valley" in (guessed.fault or "") and "papka plugin install papka-far-valley" in (
        guessed.cure or ""
    )
    assert "papka plugin install valley-papers" in (stated.cure or "")
    assert package.is_dir()


def test_a_broken_base_is_named_as_what_has_to_be_put_right_first(hill: Site) -> None:
    hill.put("hill", BASE.replace("short_title: Холм\n", ""))
    hill.put("north", VARIANT)

    plugins = hill.load("north", "hill")

    assert "short_title" in (told(plugins, "hill").fault or "")
    assert (told(plugins, "north").fault, told(plugins, "north").cure) == (
        "the programme hill, on which it is based, was set aside itself",
        "Put the plugin hill right first.",
    )


# --- faults at their place ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "file", "line", "code"),
    [
        ("documents: [{id: hill_note, titel: X}]", "north", "titel", "F-UNKNOWN"),
        ("documents:\n- {id: new_one, title: Новый}", "north", "new_one", "F-MISSING"),
        ("documents: [{id: hill_nota, dropped: да}]", "north", "hill_nota", "P-NOT-DROPPED"),
        ("stages: [{id: x, placed_before: bigin}]", "north", "bigin", "P-NOT-PLACED"),
        ("deadlines: [{id: HIL-D1, dropped: да}]", "hill", "deadline: HIL-D1", "P-DEADLINE"),
        ("deadlines: [{id: HIL-D1, since: referral.recieved_on}]", "north", "recieved_on", "T-NAME"),
        ("settings: {visit_days: {value: три}}", "north", "три", "F-NUMBER"),
        ("levels: [{id: crisis, dropped: да}]", "north", "levels", "P-LEVEL"),
    ],
)
def test_a_fault_is_told_where_the_value_stands(
    hill: Site, said: str, file: str, line: str, code: str
) -> None:
    package = hill.put("north", f"{VARIANT}{said}\n")

    info = told(hill.load("north", "hill"), "north")

    found = {one.id: one for one in info.findings}
    assert code in found, [*found, info.fault]
    path = package.parent / f"based_{file}" / "programme.yaml"
    place = found[code].place
    assert Path(place.file or "") == path
    assert line in path.read_text("utf-8").splitlines()[(place.line or 0) - 1]
    if file == "hill":
        assert "based_hill/programme.yaml:" in (info.fault or "")


def test_the_nearest_code_is_offered_for_one_that_is_not_there(hill: Site) -> None:
    hill.put("north", VARIANT + "documents: [{id: hill_nota, dropped: да}]\n")

    assert told(hill.load("hill", "north"), "north").findings[0].suggestion == "hill_note"


def test_a_variant_has_to_say_who_it_is(hill: Site) -> None:
    hill.put("north", "papka: '1'\nid: hill_north\nbased_on: hill\n")

    found = told(hill.load("hill", "north"), "north").findings

    assert {one.place.path for one in found} == {"title", "short_title"}


# --- what is kept between runs -----------------------------------------------------------------------------


def test_a_change_of_the_base_reaches_the_variant_at_once(
    hill: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    hill.put("north", VARIANT)
    assert hill.load("hill", "north").method("hill_north").programme.settings["visit_days"].value == 3

    hill.put("hill", BASE.replace("{value: 3", "{value: 8"))
    assert hill.load("hill", "north").method("hill_north").programme.settings["visit_days"].value == 8

    hill.put("hill", BASE.replace("done: (contacts|first).on", "done: (contacts|fist).on"))
    assert told(hill.load("hill", "north"), "north").fault is not None
    hill.put("hill", BASE)
    shutil.rmtree(hill.folder / "based_hill" / "templates")
    assert told(hill.load("hill", "north"), "north").missing == ("hill_note.docx", "hill_letter.docx")


# --- the page ----------------------------------------------------------------------------------------------


def test_the_variant_of_the_page_works(site: Site) -> None:
    page = (Path(__file__).parents[1] / "docs" / "variants.md").read_text("utf-8")
    shown = next(one for one in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "based_on:" in one)
    site.put("shadrinsk", shown, shadrinsk_memo="Памятка")
    kurgan = EntryPoint("kurgan_ipss", "papka_kurgan_ipss", "papka-kurgan-ipss", "1")

    plugins = Plugins([EntryPoint("shadrinsk", "based_shadrinsk", "based-shadrinsk", "1"), kurgan])

    info = told(plugins, "shadrinsk")
    assert (info.fault, info.missing) == (None, ())
    base, method = plugins.method("kurgan_ipss"), plugins.method("shadrinsk")
    assert set(base.papers) - set(method.papers) == {"krg_farewell_notice", "f442_urgent_act"}
    assert set(method.papers) - set(base.papers) == {"shadrinsk_memo"}
    assert method.programme.level_table is not None
    rows = [row.id for row in method.programme.level_table.rows]
    assert rows.index("SHA-L1") == rows.index("KRG-L3") - 1
