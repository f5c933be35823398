"""A stranger's plugin works from papka.core alone; a broken one is named with its cure and stops nothing."""

from __future__ import annotations

import importlib
import inspect
import json
import locale
import os
import re
import signal
import sys
import textwrap
import typing
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document

import papka
import papka.core
from papka.core.plugging import hookspecs, manners
from papka.core.plugging.plugins import Plugins

ROOT = Path(papka.__file__).parent
HOOKS = [name for name in vars(hookspecs) if name.startswith("papka_")]

PROGRAMME = """\
papka: '1'
id: river
title: Речная программа
short_title: Река
stages:
- id: begin
  title: Начало
  phase: intake
  entered_on: referral.received_on
opened_on: referral.received_on
closed_on: closure.decided_on
documents:
- id: river_note
  title: Записка о реке
  done: closure
  source: {kind: seed, text: вымышлено}
checks:
- id: RIVER-1
  when: family.members|river_count == 2
  message: В семье двое.
  cure: Посмотрите, все ли вписаны.
  source: {kind: seed, text: вымышлено}
"""

REGION = """
from papka.core import Region, hookimpl

@hookimpl
def papka_programme() -> Region:
    return Region.of(__name__)
"""

GOOD = """
from papka.core import (
    Blank, Choice, CommandSpec, Filter, Finding, Missing, PersonName, Phrase, Place, Record, Region, Rows,
    Source, hookimpl,
)

@hookimpl
def papka_programme():
    return Region.of(__name__)

@hookimpl
def papka_filters():
    yield Filter("river_count", "счёт_реки", ("list",), "number", "Сколько их.", "{{ x|счёт_реки }}", len)

@hookimpl
def papka_findings(programme, context):
    if programme == "river":
        name = context["семья"]["члены"][0]["имя"]
        yield Finding("RIVER-2", "info", "The river was asked.", source=Source("seed", type(name).__name__))

@hookimpl
def papka_commands():
    summary = {"en": "Ask the river.", "ru": "Спросить реку."}
    return (CommandSpec("river", f"{__name__}.commands:river", summary),)
"""

COMMAND = """
import click

@click.command()
def river():
    click.echo("Here is the river.")
"""


class Site:
    """A folder of packages as pip leaves them: a module, and beside it what announces it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def plugin(self, name: str, code: str, needs: str = "papka>=0.1", **files: str | bytes) -> Path:
        package = self.folder / f"stranger_{name}"
        package.mkdir()
        (package / "__init__.py").write_text(textwrap.dedent(code), "utf-8")
        for path, text in files.items():
            file = package / path.replace("__", "/").replace("_yaml", ".yaml").replace("_py", ".py")
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(text.encode() if isinstance(text, str) else text)
        self.announce(name, f"[papka]\n{name} = stranger_{name}\n", needs)
        return package

    def announce(self, name: str, entry_points: str, needs: str = "papka>=0.1", version: str = "1.2") -> None:
        info = self.folder / f"stranger_{name}-{version}.dist-info"
        info.mkdir()
        head = f"Metadata-Version: 2.1\nName: stranger-{name}\nVersion: {version}\nRequires-Dist: {needs}\n"
        (info / "METADATA").write_text(head, "utf-8")
        (info / "entry_points.txt").write_text(entry_points, "utf-8")

    def good(self) -> Path:
        package = self.plugin("good", GOOD, programme_yaml=PROGRAMME, commands_py=COMMAND)
        (package / "templates").mkdir()
        Document().save(str(package / "templates" / "river_note.docx"))
        return package


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


@pytest.fixture
def plugins(site: Site, run: Callable[..., Any]) -> Callable[..., dict[str, dict[str, Any]]]:
    """Ask the command for all plugins, by their names."""

    def ask(**more: str) -> dict[str, dict[str, Any]]:
        ran = run("plugins", "--json", python_path=site.folder, **more)
        assert (ran.code, ran.err) == (0, ""), ran.all
        return {one["name"]: one for one in json.loads(ran.out)}

    return ask


# --- a good one --------------------------------------------------------------------------------------------


def test_a_strangers_plugin_works_from_papka_core_alone(
    site: Site,
    plugins: Callable[..., Any],
    run: Callable[..., Any],
    write: Callable[..., Path],
    case_text: str,
) -> None:
    site.good()
    assert plugins()["good"] == {
        "name": "good",
        "origin": "stranger-good",
        "version": "1.2",
        "hooks": ["papka_commands", "papka_filters", "papka_findings", "papka_programme"],
        "documents": 1,
        "programme": "river",
        "based_on": None,
        "missing": [],
        "fault": None,
        "cure": None,
        "findings": [],
        "folder": str(site.folder),
        "linked": False,
        "sha256": None,
    }
    path = write(case_text.replace("kurgan_ipss", "river"))
    found = json.loads(run("check", path, "--json", python_path=site.folder).out)["findings"]
    assert {"RIVER-1", "RIVER-2", "DOC-river_note"} <= {one["id"] for one in found}
    assert run("river", python_path=site.folder).out == "Here is the river.\n"
    for lang, words in (("en", "Ask the river."), ("ru", "Спросить реку.")):
        assert words in run("--help", python_path=site.folder, lang=lang).out


def test_a_plugin_that_is_gone_takes_its_commands_along(site: Site, run: Callable[..., Any]) -> None:
    site.good()
    assert "river" in run("--help", python_path=site.folder).out
    assert "river" not in run("--help").out
    assert "There is no command river." in run("river").err


# --- broken ones -------------------------------------------------------------------------------------------


def programme(old: str, new: str, *, whole: str = PROGRAMME) -> dict[str, str | bytes]:
    plain = whole.replace("river_count", "count").replace("id: river\n", "id: brook\n")
    assert plain.count(old) == 1, old
    return {"programme_yaml": plain.replace(old, new)}


HOOK = "from papka.core import hookimpl\n@hookimpl\ndef "
BROKEN: dict[str, tuple[str, dict[str, str | bytes], str]] = {
    "imports_what_is_not_there": (
        "import nowhere",
        {},
        "it needs the module nowhere, which is not installed",
    ),
    "asks_for_a_word_that_is_gone": (
        "from papka.core import Gone",
        {},
        "it asks for papka.core.Gone, which this papka does not have",
    ),
    "asks_for_a_room_that_is_gone": (
        "import papka.attic",
        {},
        "it asks for papka.attic, which this papka does not have",
    ),
    "is_for_a_newer_papka": ("", {"needs": "papka>=7,<8"}, "it is made for papka >=7,<8, and this is papka "),
    "is_for_an_older_papka": (
        "",
        {"needs": "papka (<0.0.1)"},
        "it is made for papka <0.0.1, and this is papka ",
    ),
    "calls_itself_without_end": ("def me(): me()\nme()", {}, "it cannot be imported (RecursionError)"),
    "raises_what_few_catch": (
        "class Gone(BaseException): ...\nraise Gone('тайна')",
        {},
        "it cannot be imported (Gone)",
    ),
    "is_no_text": ("\0", {}, "it cannot be imported ("),
    "has_a_syntax_error": ("def (", {}, "it cannot be imported (SyntaxError)"),
    "leaves_at_import": ("import sys; sys.exit(0)", {}, "it cannot be imported (SystemExit)"),
    "raises_at_import": ("raise ValueError('тайна')", {}, "it cannot be imported (ValueError)"),
    "misspells_a_hook": (f"{HOOK}papka_programe(): ...", {}, "papka asks no hook papka_programe"),
    "asks_too_much": (
        f"{HOOK}papka_filters(family): ...",
        {},
        "a hook takes arguments that papka does not give",
    ),
    "wraps_others": (
        "from papka.core import hookimpl\n@hookimpl(wrapper=True)\ndef papka_findings(): yield",
        {},
        "papka_findings wraps the answers of other plugins",
    ),
    "wraps_others_in_the_old_way": (
        "from papka.core import hookimpl\n@hookimpl(hookwrapper=True)\ndef papka_findings(): yield",
        {},
        "papka_findings wraps the answers of other plugins",
    ),
    "raises_in_a_hook": (
        f"{HOOK}papka_filters(): raise ValueError('тайна')",
        {},
        "its hook papka_filters failed (ValueError)",
    ),
    "leaves_in_a_hook": (
        f"{HOOK}papka_commands():\n    import sys; sys.exit(0)",
        {},
        "its hook papka_commands failed (SystemExit)",
    ),
    "raises_while_it_yields": (
        f"{HOOK}papka_commands():\n    yield 1/0",
        {},
        "its hook papka_commands failed (ZeroDivisionError)",
    ),
    "returns_nothing": (f"{HOOK}papka_filters(): ...", {}, "papka_filters has to return: Filter"),
    "returns_text": (
        f"{HOOK}papka_commands(): return 'river'",
        {},
        "papka_commands has to return: CommandSpec",
    ),
    "returns_no_region": (
        f"{HOOK}papka_programme(): return {{}}",
        {},
        "papka_programme has to return: Region",
    ),
    "returns_no_forms": (
        f"{HOOK}papka_common_forms(): return []",
        {},
        "papka_common_forms has to return: FormSet",
    ),
    "returns_no_language": (
        f"{HOOK}papka_languages(): return [1]",
        {},
        "papka_languages has to return: LanguagePack",
    ),
    "returns_half_a_command": (
        "from papka.core import CommandSpec, hookimpl\n"
        "@hookimpl\ndef papka_commands(): return [CommandSpec(5, None, {'en': 7})]",
        {},
        "papka_commands has to return: CommandSpec",
    ),
    "takes_a_filter": (
        "from papka.core import Filter, hookimpl\n@hookimpl\ndef papka_filters():\n"
        "    return [Filter('mine', 'прочерк', ('any',), 'text', '', '', str)]",
        {},
        "its filter прочерк is there already (papka.output)",
    ),
    "has_broken_forms": (
        "from papka.core import FormSet, hookimpl\n"
        "@hookimpl\ndef papka_common_forms(): return FormSet.of(__name__)",
        {"common_yaml": "documents:\n- id: x\n"},
        "common.yaml:2:3: documents[0].title: This field is required and is not there. (+1)",
    ),
    "has_no_programme": (REGION, {}, "There is no file "),
    "has_an_unclosed_quote": (
        REGION,
        programme("title: Реч", 'title: "Реч'),
        "programme.yaml:3:8: A quotation mark",
    ),
    "has_a_misspelt_key": (
        REGION,
        programme("short_title", "shrot_title"),
        "programme.yaml:1:1: short_title: This field is required and is not there. (+1)",
    ),
    "has_a_wrong_phase": (
        REGION,
        programme("phase: intake", "phase: begining"),
        "programme.yaml:8:10: stages[0].phase: The value is not in the list.",
    ),
    "has_a_wrong_name_in_a_rule": (
        REGION,
        programme("when: family", "when: famly"),
        "programme.yaml:19:9: checks[RIVER-1].when: The expression is wrong at «famly».",
    ),
    "calls_in_a_rule": (
        REGION,
        programme("done: closure", "done: closure.clear()"),
        "programme.yaml:15:9: documents[river_note].done: The expression is wrong at «a call».",
    ),
    "has_a_rule_that_is_two": (
        REGION,
        programme("done: closure", "done: 'closure) }}{{ (closure'"),
        "programme.yaml:15:9: documents[river_note].done: The expression is wrong at ",
    ),
    "has_a_rule_without_end": (
        REGION,
        programme("when: family", "when: (family"),
        "programme.yaml:19:9: checks[RIVER-1].when: The expression is wrong at ",
    ),
    "counts_from_what_is_no_day": (
        REGION,
        programme("opened_on: referral.received_on", "opened_on: family.display_name"),
        "programme.yaml:10:12: opened_on: The expression has to give a day.",
    ),
    "has_the_name_of_a_device": (
        REGION,
        {"programme_yaml": PROGRAMME.replace("river_count", "count").replace("id: river\n", "id: con\n")},
        "programme.yaml:2:5: id: Windows cannot have a file of the name con.",
    ),
    "has_a_document_that_is_a_device": (
        REGION,
        programme("id: river_note", "id: nul"),
        "programme.yaml:13:7: documents[nul].id: Windows cannot have a file of the name nul.",
    ),
    "is_written_in_an_old_encoding": (
        REGION,
        {"programme_yaml": PROGRAMME.encode("cp1251")},
        "programme.yaml:",
    ),
    "refers_to_itself": (
        REGION,
        programme("title: Речная программа", "title: &a Речная\nlegal: *a"),
        "programme.yaml:3:8: ",
    ),
    "includes_a_form_of_nobody": (
        REGION,
        programme("checks:", "includes: [nobodys_form]\nchecks:"),
        "the programme includes the form nobodys_form, which no plugin brings",
    ),
}


def test_each_broken_plugin_is_named_with_its_cure_and_stops_nothing(
    site: Site,
    plugins: Callable[..., Any],
    run: Callable[..., Any],
    write: Callable[..., Path],
    case_text: str,
) -> None:
    for name, (code, files, _) in BROKEN.items():
        site.plugin(name, code, **files)
    site.good()
    found = plugins()
    for name, (_, _, fault) in BROKEN.items():
        assert (found[name]["fault"] or "works").startswith(fault), name
        assert found[name]["cure"], name
    assert "тайна" not in json.dumps(found, ensure_ascii=False)
    working = {name for name, one in found.items() if one["fault"] is None}
    assert working == {"papka.forms", "papka.output", "papka.kit", "kurgan_ipss", "sos_partnership", "good"}

    shown = run("plugins", python_path=site.folder).out
    for name, (_, _, fault) in BROKEN.items():
        assert f"✗ {name} 1.2 (stranger-{name})" in shown
        assert f"set aside: {fault}" in shown
    assert shown.count("set aside: ") == len(BROKEN)
    assert shown.count("What to do: ") >= len(BROKEN)

    ran = run("check", write(case_text.replace("kurgan_ipss", "river")), "--json", python_path=site.folder)
    assert "RIVER-2" in {one["id"] for one in json.loads(ran.out)["findings"]}
    assert "river" in run("--help", python_path=site.folder).out


IN_ITS_HOOK = "from papka.core import hookimpl\n@hookimpl\ndef papka_commands():\n    {code}\n    return []"
MEDDLES = {
    "goes_elsewhere": ("import os; os.chdir('/')", "the current folder"),
    "shadows_modules": ("import sys; sys.path.insert(0, '/nowhere')", "where Python looks for modules"),
    "replaces_the_path": ("import sys; sys.path = []", "where Python looks for modules"),
    "counts_otherwise": ("import locale; locale.setlocale(locale.LC_ALL, 'C')", "the locale"),
    "speaks_otherwise": ("import os; os.environ['LANGUAGE'] = 'ru'", "the environment"),
    "takes_warnings_for_errors": (
        "import warnings; warnings.simplefilter('error')",
        "warnings, which became errors",
    ),
    "cannot_be_stopped": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "how papka is stopped",
    ),
    "hides_faults": ("import sys; sys.excepthook = print", "what happens when papka fails"),
    "hides_answers": ("import io, sys; sys.stdout = io.StringIO()", "where papka writes"),
    "goes_deep": ("import sys; sys.setrecursionlimit(54321)", "how deep Python may go"),
}


def test_what_a_plugin_changes_for_all_is_put_back_and_told(
    site: Site, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    for name, (code, _) in MEDDLES.items():
        site.plugin(name, code)
        site.plugin(f"{name}_later", IN_ITS_HOOK.format(code=code))
    site.plugin("hushes_its_own", "import warnings; warnings.filterwarnings('ignore', module='stranger')")
    monkeypatch.syspath_prepend(site.folder)
    before = shared()
    infos = {one.name: one for one in Plugins().infos}
    assert shared() == before
    for name, (_, changed) in MEDDLES.items():
        # What a hook puts in the place of papka's own output is undone before anybody could see it.
        for plugin in (name,) if name == "hides_answers" else (name, f"{name}_later"):
            told = [one for one in infos[plugin].findings if changed in one.message]
            assert infos[plugin].fault is None and len(told) == 1, plugin
            assert told[0].severity == "warning" and told[0].cure
    assert not any("changed" in one.message for one in infos["hushes_its_own"].findings)


def shared() -> list[object]:
    handlers = [signal.getsignal(signal.SIGINT), sys.excepthook, sys.stdout, sys.stderr]
    errors = [one for one in warnings.filters if one[0] == "error"]
    state = [Path.cwd(), list(sys.path), locale.setlocale(locale.LC_ALL), os.environ["LANGUAGE"], errors]
    return [*state, *handlers, sys.getrecursionlimit()]


def test_a_plugin_that_loads_slowly_is_told_and_works(
    site: Site, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    clock = ModuleType("river_clock")
    clock.now = 0.0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "river_clock", clock)
    monkeypatch.setattr(manners, "clock", lambda: clock.now)
    site.plugin("slow", "import river_clock; river_clock.now += 61")
    site.plugin("slow_hook", IN_ITS_HOOK.format(code="import river_clock; river_clock.now += 62"))
    site.plugin("quick", IN_ITS_HOOK.format(code="import river_clock; river_clock.now += 1"))
    monkeypatch.syspath_prepend(site.folder)
    infos = {one.name: one for one in Plugins().infos}
    told = {name: [one.message for one in info.findings] for name, info in infos.items()}
    assert "It takes 61 seconds to load." in told["slow"]
    assert told["slow_hook"] == ["It takes 62 seconds to load."]
    assert told["quick"] == []


def test_what_does_not_stop_a_plugin_is_told_with_its_cure(
    site: Site, plugins: Callable[..., Any], run: Callable[..., Any]
) -> None:
    (site.good() / "templates" / "river_note.docx").write_bytes(b"no Word file")
    site.plugin("mute", "def papka_programme(): ...")
    site.announce("mute", "[papka]\nmute = stranger_mute\n", version="1.1")
    site.plugin("tested", "")
    site.announce("tested_too", "[pytest11]\ntested = nowhere\n")
    found = plugins()
    told = {name: [(one["severity"], one["message"]) for one in found[name]["findings"]] for name in found}
    assert told["good"] == [("error", "The template is no Word file.")]
    assert found["good"]["findings"][0]["place"]["file"] == "templates/river_note.docx"
    assert told["mute"][0] == (
        "warning",
        "It brings nothing: none of its functions is marked with @hookimpl.",
    )
    twice = "It is installed more than once; beside this version there is: "
    assert [words.startswith(twice) for _, words in told["mute"]] == [False, True]
    assert all(one["cure"] for name in ("good", "mute") for one in found[name]["findings"])
    shown = run("plugins", python_path=site.folder).out
    assert f"! good 1.2 (stranger-good)\n    installed in {site.folder}" in shown
    assert "error: templates/river_note.docx: The template is no Word file." in shown
    assert f"linked to the folder {ROOT / 'plugins' / 'kurgan_ipss'}" in shown


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_alone_leaves_the_others_to_their_work(
    name: str, site: Site, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    code, files, _ = BROKEN[name]
    site.plugin(name, code, **files)
    monkeypatch.syspath_prepend(site.folder)
    loaded = Plugins()
    assert [one.name for one in loaded.infos if one.fault] == [name]
    assert {"kurgan_ipss", "sos_partnership"} <= set(loaded.programmes())
    assert "прочерк" in loaded.language.filters


def test_two_programmes_of_one_id_name_both_plugins(site: Site, plugins: Callable[..., Any]) -> None:
    plain = PROGRAMME.replace("river_count", "count")
    site.plugin("first", REGION, programme_yaml=plain)
    site.plugin("second", REGION, programme_yaml=plain)
    found = plugins()
    assert found["first"]["fault"] is None
    assert found["second"]["fault"] == "its programme river is brought by the plugin first already"


def test_two_filters_of_one_name_name_both_plugins(site: Site, plugins: Callable[..., Any]) -> None:
    code = (
        "from papka.core import Filter, hookimpl\n@hookimpl\ndef papka_filters():\n"
        "    return [Filter('ripple', 'рябь', ('any',), 'text', '', '', str)]"
    )
    site.plugin("first", code)
    site.plugin("second", code)
    found = plugins()
    assert found["first"]["fault"] is None
    assert found["second"]["fault"] == "its filter ripple is there already (first)"


def test_a_missing_template_is_named_and_the_programme_works(
    site: Site,
    plugins: Callable[..., Any],
    run: Callable[..., Any],
    write: Callable[..., Path],
    case_text: str,
) -> None:
    (site.good() / "templates" / "river_note.docx").unlink()
    assert plugins()["good"]["missing"] == ["river_note.docx"]
    shown = run("plugins", python_path=site.folder).out
    assert "templates that are not there: river_note.docx" in shown
    assert "What to do: " in shown
    path = write(case_text.replace("kurgan_ipss", "river"))
    assert "RIVER-1" in run("check", path, python_path=site.folder).out


def test_a_plugin_that_fails_at_a_case_is_a_finding_without_the_familys_data(
    site: Site, run: Callable[..., Any], write: Callable[..., Path], case_text: str
) -> None:
    hooks = {
        "raises": "raise ValueError(context['family']['display_name'])",
        "leaves": "raise SystemExit(0)",
        "yields": "yield 1",
        "mutates": "context['family'] = None",
        "paints": "return [Finding('X', 'purple', 'A colour.')]",
    }
    for name, body in hooks.items():
        site.plugin(
            name,
            f"from papka.core import Finding, hookimpl\n@hookimpl\ndef papka_findings(context):\n    {body}",
        )
    site.good()
    path = write(case_text.replace("kurgan_ipss", "river"))
    ran = run("check", path, "--json", python_path=site.folder)
    found = json.loads(ran.out)["findings"]
    told = [one for one in found if one["id"] == "X-PLUGIN"]
    assert [one["severity"] for one in told] == ["warning"] * 5
    for name in hooks:
        assert any(f"The plugin {name} could not look at this case" in one["message"] for one in told)
    assert "семья Ткач" not in ran.all
    assert "RIVER-2" in {one["id"] for one in found}


def test_a_strangers_command_does_not_take_a_name_of_papka(site: Site, run: Callable[..., Any]) -> None:
    site.plugin(
        "thief",
        """
        from papka.core import CommandSpec, hookimpl
        @hookimpl
        def papka_commands():
            names = ("check", "render", "theft")
            return [CommandSpec(name, "stranger_thief.commands:river", {"en": "Stolen."}) for name in names]
        """,
        commands_py=COMMAND,
    )
    shown = run("--help", python_path=site.folder).out
    assert shown.count("Stolen.") == 1
    assert run("theft", python_path=site.folder).out == "Here is the river.\n"
    assert "river" not in run("check", "--help", python_path=site.folder).out


@pytest.mark.parametrize(
    "target", ["stranger_lost.nowhere:river", "stranger_lost:nothing", "stranger_lost:hookimpl"]
)
def test_a_command_that_cannot_be_loaded_is_named(target: str, site: Site, run: Callable[..., Any]) -> None:
    site.plugin(
        "lost",
        f"from papka.core import CommandSpec, hookimpl\n@hookimpl\n"
        f"def papka_commands(): return [CommandSpec('lost', '{target}')]",
    )
    ran = run("lost", python_path=site.folder)
    assert ran.code == 1
    assert target in ran.err and "Traceback" not in ran.err
    assert run("check", "--help", python_path=site.folder).code == 0


def test_an_announcement_that_is_wrong_stops_nobody(site: Site, plugins: Callable[..., Any]) -> None:
    site.announce("attribute", "[papka]\nattribute = nowhere:thing [extra]\n")
    site.announce("absent", "[papka]\nabsent = stranger_absent\n")
    # Python itself stops at a file of entry points that is no text.
    site.announce("unread", "")
    (site.folder / "stranger_unread-1.2.dist-info" / "entry_points.txt").write_bytes(b"[papka]\nx = \xff\n")
    site.good()
    found = plugins()
    assert found["good"]["fault"] is None
    assert found["attribute"]["fault"].startswith("its entry point names more than a module: nowhere:thing")
    assert found["absent"]["fault"] == "its entry point names the module stranger_absent, which is not there"
    assert found["stranger_unread"]["fault"] == "what it announces cannot be read"
    assert all(found[name]["cure"] for name in ("attribute", "absent", "stranger_unread"))


def test_a_plugin_that_prints_does_not_spoil_what_scripts_read(site: Site, run: Callable[..., Any]) -> None:
    site.plugin(
        "talks",
        "print('hello')\nfrom papka.core import hookimpl\n@hookimpl\ndef papka_filters(): print('hello'); return []",
    )
    ran = run("plugins", "--json", python_path=site.folder)
    assert "talks" in {one["name"] for one in json.loads(ran.out)}
    assert set(ran.err.split()) == {"hello"}


# --- which are loaded --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "loaded"),
    [
        ("", set()),
        (" , ", set()),
        ("good", {"good"}),
        ("stranger-good", {"good"}),
        ("good, papka-kurgan-ipss", {"good", "kurgan_ipss"}),
    ],
)
def test_the_list_narrows_what_is_loaded_and_empty_means_none(
    listed: str, loaded: set[str], site: Site, plugins: Callable[..., Any]
) -> None:
    site.good()
    site.plugin("mark", "from pathlib import Path\nPath(__file__).with_name('imported').touch()")
    assert set(plugins(PAPKA_LOAD_PLUGINS=listed)) - {"papka.forms", "papka.output", "papka.kit"} == loaded
    assert not (site.folder / "stranger_mark" / "imported").exists()


def test_a_name_of_the_list_that_nobody_has_is_told(site: Site, plugins: Callable[..., Any]) -> None:
    site.good()
    found = plugins(PAPKA_LOAD_PLUGINS="good,nobody")
    assert found["nobody"]["fault"] == "no installed plugin has this name"
    assert found["good"]["fault"] is None


def test_without_the_list_every_installed_plugin_is_loaded(site: Site, plugins: Callable[..., Any]) -> None:
    site.good()
    assert {"good", "kurgan_ipss", "sos_partnership"} <= set(plugins())


def test_without_a_plugin_for_its_programme_a_case_names_what_there_is(
    run: Callable[..., Any], write: Callable[..., Path], case_text: str
) -> None:
    ran = run(
        "check", write(case_text.replace("kurgan_ipss", "nowhere")), PAPKA_LOAD_PLUGINS="sos_partnership"
    )
    assert ran.code == 2
    assert "nowhere" in ran.err and "There are: sos_partnership." in ran.err


# --- the house rules ---------------------------------------------------------------------------------------


def test_what_a_plugin_may_lean_on_is_what_can_be_imported() -> None:
    assert sorted(papka.core.__all__) == list(papka.core.__all__) == dir(papka.core)
    for name in papka.core.__all__:
        assert getattr(papka.core, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        papka.core.nothing  # noqa: B018
    written = (ROOT / "core" / "__init__.py").read_text("utf-8")
    typed = re.findall(r"^    from \.[\w.]+ import (.+)$", written, re.MULTILINE)
    assert sorted(", ".join(typed).split(", ")) == list(papka.core.__all__)


def test_naming_papka_core_loads_nothing_of_it(run: Callable[..., Any]) -> None:
    import subprocess

    code = "import sys, papka.core; print([m for m in sys.modules if m.startswith('papka.core.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_only_one_module_touches_the_hooks_of_pluggy() -> None:
    sources = [
        path
        for folder in ("core", "forms", "kit", "output", "plugins")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert len(sources) > 40
    touching = {
        path.relative_to(ROOT).as_posix()
        for path in sources
        if re.search(r"\.hook\b", path.read_text("utf-8"))
    }
    assert touching == {"core/plugging/plugins.py"}
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in sources
        if re.search(r"^import pluggy|^from pluggy", path.read_text("utf-8"), re.M)
    }
    assert importing == {"core/plugging/plugins.py", "core/plugging/hookspecs.py"}


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_says_when_it_is_called_and_has_a_typed_door(hook: str) -> None:
    specification = getattr(hookspecs, hook)
    text = inspect.getdoc(specification) or ""
    assert re.search(r"^Called: \S", text, re.MULTILINE)
    assert re.search(r"^Combined: \S", text, re.MULTILINE)
    arguments = [name for name in inspect.signature(specification).parameters]
    assert set(specification.__annotations__) == {*arguments, "return"}
    for name in arguments:
        assert re.search(rf"^    {name}: \S", text, re.MULTILINE)
    door = getattr(Plugins, {"papka_programme": "programmes"}.get(hook, hook.removeprefix("papka_")))
    hints = typing.get_type_hints(door, vars(importlib.import_module("papka.core.plugging.plugins")))
    assert "return" in hints and hints["return"] is not Any
    assert set(arguments) == set(inspect.signature(door).parameters) - {"self"}


def test_the_built_in_parts_come_through_the_same_hooks(plugins: Callable[..., Any]) -> None:
    found = plugins(PAPKA_LOAD_PLUGINS="")
    assert set(found) == {"papka.forms", "papka.output", "papka.kit"}
    for one in found.values():
        assert one["hooks"] and set(one["hooks"]) <= set(HOOKS)
        assert one["fault"] is None
