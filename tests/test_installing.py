"""A plugin comes to a centre: tried before it is installed, carried in a file that says when it is not whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wheels_by_hand import FILTERS, installed, wheel

import papka
from papka.core.errors import PapkaError
from papka.core.plugging.installed import fingerprint
from papka.core.plugging.plugins import Plugins
from papka.kit.installing import environment
from papka.kit.installing.bundles import made
from papka.kit.installing.environment import Way
from papka.kit.installing.gathering import gathered
from papka.kit.installing.target import Target
from papka.kit.installing.trying import Trial
from papka.kit.installing.trying import loaded as loaded_beside
from papka.kit.installing.wheels import Wheel

BUILT_IN = {"papka.forms", "papka.output", "papka.kit"}
BROKEN = "import nowhere"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with one plugin and what it needs."""
    folder = tmp_path / "made"
    wheels = [
        wheel(folder, needs=("papka>=0.1", "stranger-tools>=2")),
        wheel(folder, "stranger-tools", "2.1", code="", needs=(), plugin=False),
    ]
    target = tmp_path / "good.papka.zip"
    made([Wheel.read(one) for one in wheels], ["stranger-good"], target)
    return target


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages beside the installed ones."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


# --- installing --------------------------------------------------------------------------------------------


def test_a_plugin_is_tried_installed_and_taken_away(
    tmp_path: Path, bundle: Path, environ: Callable[..., dict[str, str]]
) -> None:
    python = own_environment(tmp_path / "env")

    def say(*arguments: str | Path, answer: str = "") -> tuple[int, str]:
        ran = subprocess.run(
            [python, "-m", "papka.core", "plugin", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            env=environ(PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull),
            cwd=tmp_path,
            input=answer,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr

    code, told = say("install", bundle, answer="нет\n")
    assert code == 1
    assert "stranger-good 1.2, from good.papka.zip" in told
    assert "stranger-tools 2.1, from good.papka.zip" in told
    assert "Install?" in told and "Trying" not in told

    office(tmp_path, "plugins:\n- name: kurgan_ipss\n")
    code, told = say("install", bundle, "--yes")
    assert (code, "✓ good 1.2 (stranger-good)" in told) == (0, True), told
    assert "Here it is not loaded: office.yaml" in told and "- name: good" in told

    # An upgrade that is broken leaves what worked as it is.
    code, told = say("install", wheel(tmp_path, version="1.3", code=BROKEN), "--yes")
    assert code == 1
    assert "in the place of 1.2" in told
    assert "The plugin good cannot be used: it needs the module nowhere, which is not installed." in told
    assert "Nothing was installed; all is as it was." in told

    code, told = say("uninstall", "good", answer="да\n")
    assert code == 0 and "stranger-good 1.2" in told
    assert not list(tmp_path.glob("env/**/stranger_good*"))


def own_environment(folder: Path) -> Path:
    """Make an environment of its own in which what is installed here is there too."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    here = next(folder.glob("Lib/site-packages"), None) or next(folder.glob("lib/python*/site-packages"))
    outer = [path for path in sys.path if path.endswith("site-packages")]
    lines = "".join(f"import site; site.addsitedir({path!r})\n" for path in outer)
    (here / "outer.pth").write_text(lines, "utf-8")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


WRONG_WHEELS: dict[str, tuple[dict[str, Any], str]] = {
    "is no plugin": ({"plugin": False}, "stranger-good is no plugin of papka"),
    "is for another computer": (
        {"tag": "cp311-cp311-win_amd64"},
        "is made for cp311 win_amd64, and this is ",
    ),
    "is for another Python": ({"tag": "cp34-none-any"}, "is made for cp34 any, and this is "),
    "says it is another": ({"inside": "stranger-bad"}, "says inside that it is another package"),
    "writes elsewhere": ({"more": {"../../evil.py": b""}}, "would write outside its own folder"),
    "writes elsewhere on Windows": ({"more": {"C:\\evil.py": b""}}, "would write outside its own folder"),
    "writes one file twice": ({"more": {"a.py": b"", "A.py": b""}}, "would write outside its own folder"),
    "fills the disk": ({"more": {"zeros": bytes(60 * 2**20)}}, "is larger than any plugin is"),
}


@pytest.mark.parametrize("name", WRONG_WHEELS)
def test_a_wheel_that_nobody_should_install_is_refused_before_pip_sees_it(
    name: str, tmp_path: Path, here: Callable[..., Any]
) -> None:
    how, said = WRONG_WHEELS[name]
    ran = here("plugin", "install", wheel(tmp_path / "in", **how))
    assert ran.code in (1, 2) and said in ran.err, ran.all
    assert "To be installed" not in ran.out
    assert not list(tmp_path.rglob("evil*"))


def test_a_wheel_that_is_for_others_says_which_bundle_to_ask_for(
    tmp_path: Path, here: Callable[..., Any]
) -> None:
    ran = here(
        "plugin",
        "install",
        wheel(tmp_path, tag="cp311-cp311-win_amd64" if os.name != "nt" else "cp311-cp311-linux_x86_64"),
    )
    assert "Ask for one made with: papka plugin bundle stranger-good --platform " in ran.err
    assert f"--python 3.{sys.version_info.minor}" in ran.err


def test_a_file_that_is_not_what_its_maker_says_is_refused(bundle: Path, here: Callable[..., Any]) -> None:
    ran = here("plugin", "install", bundle, "--sha256", "0" * 64)
    assert ran.code == 1
    assert "is not the file that this SHA-256 stands for. Nothing was installed." in ran.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("no such thing", "is neither a package's name nor a file or folder that is there"),
        ("tula @ https://example.org/tula.whl", "is neither a package's name"),
        ("lost.papka.zip", "There is no file lost.papka.zip"),
        ("lost.whl", "There is no file lost.whl"),
        (".", "holds no package: neither pyproject.toml nor setup.cfg"),
    ],
)
def test_what_cannot_be_installed_is_named(
    asked: str, said: str, here: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here("plugin", "install", asked)
    assert ran.code in (1, 2) and said in ran.err, ran.all


def test_a_python_that_may_not_be_added_to_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Callable[..., Any]
) -> None:
    asked = ("plugin", "install", wheel(tmp_path))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pip", None)
        ran = here(*asked)
        assert ran.code == 1 and "This Python has no pip" in ran.err
        assert "-m ensurepip" in ran.err or "pip" in ran.err.rpartition("Say: ")[2]
    (tmp_path / "EXTERNALLY-MANAGED").touch()
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setattr(environment.sysconfig, "get_path", lambda *_: str(tmp_path))
    ran = here(*asked)
    assert ran.code == 1
    assert "This Python belongs to the operating system. Make a place of papka's own: " in ran.err
    assert "-m venv" in ran.err


def test_a_plugin_that_ends_papka_is_found_out_before_it_is_installed(tmp_path: Path, english: None) -> None:
    installed(tmp_path / "overlay", wheel(tmp_path, code="import os; os._exit(7)"))
    with pytest.raises(PapkaError, match=r"papka would not start any more \(exit code 7\)\."):
        loaded_beside(tmp_path / "overlay")


def test_a_plugin_that_breaks_another_is_not_installed(english: None) -> None:
    sound: dict[str, Any] = {"name": "old", "fault": None, "cure": None, "findings": []}
    broken = sound | {"fault": "it needs the module nowhere, which is not installed", "cure": "Get it."}
    trial = Trial({"old": sound}, {"old": broken, "new": sound | {"name": "new"}}, ("new",))
    said = "The plugin old cannot be used: it needs the module nowhere, which is not installed."
    assert trial.faults() == [said + "\n    What to do: Get it."]
    assert Trial({"old": broken}, {"old": broken, "new": sound | {"name": "new"}}, ("new",)).faults() == []
    assert Trial({}, {}, ("new",)).faults() == ["The plugin new is not found after it was installed."]


def test_a_plugin_for_another_papka_is_refused_with_the_cure(
    tmp_path: Path, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    ran = here("plugin", "install", "--offline", wheel(tmp_path, needs=("papka>=7",)))
    assert ran.code == 1
    assert f"stranger-good is made for papka >=7, and this is papka {papka.__version__}. Install " in ran.err


def test_a_name_that_nobody_has_and_an_index_that_is_away_are_told_apart(
    here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    ran = here("plugin", "install", "papka-nowhere-at-all", "--offline")
    assert ran.code == 1
    assert "there is no papka-nowhere-at-all for this computer, neither in the index nor" in ran.err
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    ran = here("plugin", "install", "papka-nowhere-at-all")
    assert ran.code == 1
    assert "It cannot be found out what has to be installed: the index cannot be reached" in ran.err


def test_what_is_not_there_cannot_be_taken_away(here: Callable[..., Any]) -> None:
    ran = here("plugin", "uninstall", "nobody")
    assert ran.code == 2
    assert "No installed plugin is called nobody. There are: kurgan_ipss, sos_partnership." in ran.err
    for built_in in ("papka", "pydantic"):
        assert here("plugin", "uninstall", built_in).code == 2


def test_what_runs_at_each_start_of_python_is_known(tmp_path: Path) -> None:
    read = Wheel.read(wheel(tmp_path, more={"sly.pth": b"import os", "stranger_good/kept.pth": b""}))
    assert read.at_start == ("sly.pth",)


# --- the bundle --------------------------------------------------------------------------------------------


def test_a_bundle_of_the_same_wheels_has_the_same_bytes_and_shows_what_it_holds(
    tmp_path: Path, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    source = wheel(tmp_path)
    first, second = tmp_path / "first.papka.zip", tmp_path / "second.papka.zip"
    assert here("plugin", "bundle", source, "--into", first).code == 0
    assert here("plugin", "bundle", source, "--into", tmp_path / "second").code == 0
    assert first.read_bytes() == second.read_bytes()

    shown = json.loads(here("plugin", "bundle", "--show", first, "--json").out)
    assert shown["plugins"] == ["stranger-good"]
    assert (shown["python"], shown["platform"], shown["made_on"]) == ("any", "any", "2025-10-09")
    assert [(one["name"], one["version"]) for one in shown["wheels"]] == [("stranger-good", "1.2")]
    said = here("plugin", "bundle", "--show", first).out
    assert shown["sha256"] in said and "stranger-good 1.2" in said
    with zipfile.ZipFile(first) as whole:
        assert whole.read("requirements.txt").decode() == Wheel.read(source).pinned + "\n"


def changed(bundle: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write a bundle anew with other members."""
    with zipfile.ZipFile(bundle) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    change(members)
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, body in members.items():
            whole.writestr(name, body)


def _of(members: dict[str, bytes], part: str) -> str:
    return next(name for name in members if part in name)


def _listed(members: dict[str, bytes], **values: Any) -> None:
    told = json.loads(members["manifest.json"])
    told["wheels"][0] |= values
    members["manifest.json"] = json.dumps(told).encode()


def _flip(members: dict[str, bytes]) -> None:
    name = _of(members, "stranger_good")
    members[name] = members[name][:-30] + bytes([members[name][-30] ^ 1]) + members[name][-29:]


WRONG_BUNDLES: dict[str, tuple[Callable[[dict[str, bytes]], Any], str]] = {
    "one byte was changed": (_flip, "is not what its maker put there"),
    "a wheel was cut": (
        lambda m: m.update({_of(m, "stranger_good"): m[_of(m, "stranger_good")][:-9]}),
        "is not what its maker put there",
    ),
    "a wheel grows without end": (
        lambda m: m.update({_of(m, "stranger_good"): bytes(2**20)}),
        "is not what its maker put there",
    ),
    "a wheel is missing": (
        lambda m: m.pop(_of(m, "stranger_tools")),
        "lacks stranger_tools-2.1-py3-none-any.whl",
    ),
    "a wheel was added": (
        lambda m: m.update({"wheels/evil.whl": b""}),
        "holds what no bundle of papka holds",
    ),
    "a name leads elsewhere": (lambda m: m.update({"../evil": b""}), "holds what no bundle of papka holds"),
    "a listed name leads elsewhere": (
        lambda m: _listed(m, file="../evil.whl"),
        "is no bundle of papka, or it did not come over whole",
    ),
    "the list is no list": (lambda m: m.update({"manifest.json": b"{"}), "is no bundle of papka"),
    "the list is of a later kind": (
        lambda m: m.update(
            {"manifest.json": m["manifest.json"].replace(b'"papka_bundle": 1', b'"papka_bundle": 2')}
        ),
        "is no bundle of papka",
    ),
    "the list names another version": (lambda m: _listed(m, version="9"), "is not what its maker put there"),
    "there is no list": (lambda m: m.pop("manifest.json"), "is no bundle of papka"),
    "it is any zip": (lambda m: m.clear(), "is no bundle of papka"),
}


@pytest.mark.parametrize("name", WRONG_BUNDLES)
def test_a_bundle_that_is_not_as_it_was_made_is_refused_whole(
    name: str, bundle: Path, tmp_path: Path, here: Callable[..., Any]
) -> None:
    change, said = WRONG_BUNDLES[name]
    changed(bundle, change)
    ran = here("plugin", "install", bundle)
    assert ran.code == 1 and said in ran.err, ran.all
    assert "To be installed" not in ran.out
    assert not list(tmp_path.rglob("evil*"))


def test_a_bundle_that_did_not_come_over_whole_is_refused(bundle: Path, here: Callable[..., Any]) -> None:
    bundle.write_bytes(bundle.read_bytes()[:-100])
    ran = here("plugin", "install", bundle)
    assert ran.code == 1
    assert "is no bundle of papka, or it did not come over whole. Copy it once more." in ran.err


def test_a_bundle_that_lacks_what_this_computer_does_not_have_is_refused(
    tmp_path: Path, here: Callable[..., Any]
) -> None:
    path = tmp_path / "poor.papka.zip"
    made([Wheel.read(wheel(tmp_path, needs=("papka>=0.1", "nowhere-to-be>=3")))], ["stranger-good"], path)
    ran = here("plugin", "install", path)
    assert ran.code == 1
    assert "lacks nowhere-to-be>=3, which stranger-good needs and this computer does not have (—)" in ran.err


def test_a_bundle_for_another_papka_is_refused(tmp_path: Path, here: Callable[..., Any]) -> None:
    path = tmp_path / "late.papka.zip"
    made([Wheel.read(wheel(tmp_path, needs=("papka>=7",)))], ["stranger-good"], path)
    ran = here("plugin", "install", path)
    assert ran.code == 1 and "lacks papka>=7, which stranger-good needs" in ran.err
    assert papka.__version__ in ran.err


def test_a_bundle_for_another_computer_holds_what_is_needed_there(tmp_path: Path, site: Path) -> None:
    there = tmp_path / "there"
    installed(site, wheel(tmp_path, needs=("papka>=0.1", 'stranger-colours>=1; sys_platform == "win32"')))
    wheel(there, "stranger-colours", "1.5", code="", needs=(), plugin=False, tag="cp312-cp312-win_amd64")
    wheel(there, "stranger-colours", "1.5", code="", needs=(), plugin=False, tag="cp311-cp311-linux_x86_64")
    target = Target.named("windows", "3.12")
    found, roots = gathered(["good"], tmp_path / "in", target=target, way=Way(True, (there,)))
    assert roots == ["stranger-good"]
    assert sorted(one.path.name for one in found) == [
        "stranger_colours-1.5-cp312-cp312-win_amd64.whl",
        "stranger_good-1.2-py3-none-any.whl",
    ]
    manifest = made(found, roots, tmp_path / "w.papka.zip")
    assert (manifest.python, manifest.platform) == ("cp312", "win_amd64")


def test_what_is_installed_is_packed_without_the_internet_and_only_if_it_is_whole(
    site: Path, tmp_path: Path, here: Callable[..., Any]
) -> None:
    installed(site, wheel(tmp_path, needs=("papka>=0.1", "stranger-tools")))
    installed(site, wheel(tmp_path, "stranger-tools", "2.1", code="", needs=(), plugin=False))
    target = tmp_path / "packed.papka.zip"
    ran = here("plugin", "bundle", "good", "--offline", "--into", target)
    assert ran.code == 0, ran.all
    with zipfile.ZipFile(target) as whole:
        names = sorted(name for name in whole.namelist() if name.startswith("wheels/"))
        whole.extractall(tmp_path / "out")
    assert [name.split("/")[1].split("-")[0] for name in names] == ["stranger_good", "stranger_tools"]
    with zipfile.ZipFile(tmp_path / "out" / names[0]) as again:
        assert again.read("stranger_good/__init__.py").decode() == FILTERS

    (site / "stranger_good" / "__init__.py").write_text("evil = 1")
    ran = here("plugin", "bundle", "good", "--offline", "--into", target)
    assert ran.code == 1
    assert "The file stranger_good/__init__.py is not the one that was installed." in ran.err


def test_what_to_pack_and_where_has_to_be_said(tmp_path: Path, here: Callable[..., Any]) -> None:
    assert here("plugin", "bundle").code == 2
    assert here("plugin", "bundle", "good").code == 2
    ran = here("plugin", "bundle", "good", "--into", tmp_path / "no" / "x.papka.zip")
    assert ran.code == 2 and "There is no folder" in ran.err
    ran = here("plugin", "bundle", "good", "--platform", "amiga", "--into", tmp_path / "x.papka.zip")
    assert ran.code == 2 and "There is no platform amiga. Write: windows, linux, macos" in ran.err


# --- which are loaded here ---------------------------------------------------------------------------------


def office(folder: Path, plugins: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "office.yaml").write_text(f"papka: '1'\n{plugins}", "utf-8")
    return folder


def loaded(folder: Path) -> dict[str, str | None]:
    """Return the plugins that are not built in as they stand in a folder: their faults."""
    return {one.name: one.fault for one in Plugins(start=folder).infos if one.name not in BUILT_IN}


def test_an_office_names_the_plugins_that_it_allows(site: Path, tmp_path: Path, english: None) -> None:
    installed(site, wheel(tmp_path))
    assert "good" in loaded(office(tmp_path / "all", ""))
    assert loaded(office(tmp_path / "none", "plugins: []\n")) == {}
    assert loaded(office(tmp_path / "one", "plugins:\n- name: stranger-good\n")) == {"good": None}
    (tmp_path / "one" / "cases").mkdir()
    assert loaded(tmp_path / "one" / "cases") == {"good": None}
    here = office(tmp_path / "wrong", "plugins:\n- name: god\n")
    assert loaded(here) == {"god": "no installed plugin has this name"}


def test_a_plugin_that_is_not_what_the_office_allows_is_set_aside(
    site: Path, tmp_path: Path, english: None
) -> None:
    installed(site, wheel(tmp_path))
    digest = fingerprint("stranger-good")

    def with_pin(pin: str) -> str | None:
        return loaded(office(tmp_path / "office", f"plugins:\n- name: good\n  {pin}\n"))["good"]

    assert with_pin("version: '1.2'") is None
    assert with_pin(f"sha256: {digest}") is None
    assert with_pin("version: '1.1'") == "the office allows version 1.1 of it, and 1.2 is installed"
    assert with_pin(f"sha256: {'0' * 64}") == "it is not what the office allows: its digest is another"
    (site / "stranger_good" / "__init__.py").write_text("raise SystemExit", "utf-8")
    changed = "its file stranger_good/__init__.py is not the one that was installed"
    assert with_pin(f"sha256: {digest}") == changed


def test_the_digest_of_a_plugin_is_the_same_wherever_it_is_installed(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = wheel(tmp_path)
    installed(site, source)
    first = fingerprint("stranger-good")
    other = tmp_path / "other"
    installed(other, source)
    info = other / "stranger_good-1.2.dist-info"
    (info / "direct_url.json").write_text('{"url": "file:///elsewhere", "archive_info": {}}')
    with (info / "RECORD").open("a") as record:
        record.write(f"{info.name}/direct_url.json,sha256=AAAA,5\n{info.name}/REQUESTED,,\n")
    monkeypatch.syspath_prepend(other)
    assert fingerprint("stranger-good") == first
    with pytest.raises(PapkaError, match="has no digest"):
        fingerprint("papka-kurgan-ipss")


def test_settings_that_cannot_be_read_allow_none(site: Path, tmp_path: Path, english: None) -> None:
    installed(site, wheel(tmp_path))
    found = loaded(office(tmp_path / "office", "plugins:\n- good\n"))
    assert list(found) == ["office.yaml"]
    assert found["office.yaml"] and "cannot be read" in found["office.yaml"]


def test_safe_mode_loads_what_the_office_names_and_else_nothing(
    site: Path, tmp_path: Path, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(site, wheel(tmp_path))
    monkeypatch.setenv("PAPKA_SAFE", "0")
    monkeypatch.chdir(office(tmp_path / "open", ""))
    assert "✓ good" in here("plugins").out
    safe = here("--safe", "plugins")
    assert "Safe mode" in safe.out and "good 1.2" not in safe.out
    assert "Installed and not loaded: good, kurgan_ipss, sos_partnership." in safe.out
    assert {one["name"] for one in json.loads(here("--safe", "plugins", "--json").out)} == BUILT_IN
    monkeypatch.chdir(office(tmp_path / "named", "plugins:\n- name: good\n"))
    assert {one["name"] for one in json.loads(here("--safe", "plugins", "--json").out)} == BUILT_IN | {"good"}


def test_safe_mode_reaches_the_commands_that_plugins_bring(tmp_path: Path, run: Callable[..., Any]) -> None:
    site = tmp_path / "site"
    code = "from papka.core import CommandSpec, hookimpl\n@hookimpl\ndef papka_commands():\n"
    code += "    return [CommandSpec('ripple', 'stranger_good:ripple', {'en': 'Ripple.'})]\n"
    installed(site, wheel(tmp_path, code=code))
    assert "Ripple." in run("--help", python_path=site).out
    assert "Ripple." not in run("--safe", "--help", python_path=site).out
    assert "Ripple." not in run("--help", python_path=site, cwd=office(tmp_path / "o", "plugins: []\n")).out


# --- what is newer, and the list ---------------------------------------------------------------------------


def test_newer_versions_are_found_in_a_folder_and_in_a_bundle(
    site: Path, tmp_path: Path, bundle: Path, here: Callable[..., Any]
) -> None:
    installed(site, wheel(tmp_path / "old", version="1.1"))
    wheel(tmp_path / "new", version="1.10")
    wheel(tmp_path / "new", version="1.9")
    ran = here("plugins", "--outdated", "--from", tmp_path / "new")
    assert "stranger-good 1.1: there is 1.10\n" in ran.out
    assert "To install it: papka plugin install stranger-good --find-links " in ran.out
    found = {
        one["name"]: one for one in json.loads(here("plugins", "--outdated", "--from", bundle, "--json").out)
    }
    assert found["stranger-good"]["newest"] == "1.2" and found["stranger-good"]["outdated"]
    assert found["papka"]["newest"] is None and found["papka"]["fault"]
    assert here("plugins", "--outdated", "--from", tmp_path / "none").code == 2
    assert here("plugins", "--from", tmp_path).code == 2


def test_the_index_is_asked_and_one_that_does_not_answer_is_told(
    tmp_path: Path, run: Callable[..., Any]
) -> None:
    site, index = tmp_path / "site", tmp_path / "index"
    installed(site, wheel(tmp_path))
    newer = wheel(index / "stranger-good", version="1.4")
    (index / "stranger-good" / "index.html").write_text(f'<a href="{newer.name}">{newer.name}</a>')
    asked = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}
    ran = run("plugins", "--outdated", python_path=site, PIP_INDEX_URL=index.as_uri(), **asked)
    assert (ran.code, "stranger-good 1.2: there is 1.4" in ran.out) == (0, True), ran.all
    ran = run("plugins", "--outdated", python_path=site, PIP_INDEX_URL="http://127.0.0.1:9/simple", **asked)
    assert ran.code == 1
    assert "stranger-good 1.2: not known (the index cannot be reached)" in ran.out
    assert "Without internet, compare with a folder or a bundle" in ran.out


def test_the_list_of_an_installation_is_one_that_pip_takes(
    site: Path, tmp_path: Path, here: Callable[..., Any]
) -> None:
    installed(site, wheel(tmp_path, needs=("papka>=0.1", "stranger-tools")))
    installed(site, wheel(tmp_path, "stranger-tools", "2.1", code="", needs=(), plugin=False))
    lines = here("plugins", "--pins").out.splitlines()
    assert {"stranger-good==1.2", "stranger-tools==2.1"} <= set(lines)
    assert any(line.startswith(f"papka=={papka.__version__}") for line in lines)
    assert any(line.startswith("pydantic==") for line in lines)
    listed = tmp_path / "pins.txt"
    listed.write_text("\n".join(lines), "utf-8")
    ran = here("plugin", "install", "--requirement", listed, "--offline")
    assert (ran.code, ran.out) == (0, "All of it is installed already, and there is nothing newer.\n"), (
        ran.all
    )


# --- the page ----------------------------------------------------------------------------------------------


def test_each_command_of_the_page_is_one_that_papka_has(english: None) -> None:
    from papka.core.commands import plugins
    from papka.kit.installing import commands

    text = (Path(papka.__file__).parent / "docs" / "installing.md").read_text("utf-8")
    known = {"plugins": plugins, "plugin install": commands.install}
    known |= {"plugin bundle": commands.bundle, "plugin uninstall": commands.uninstall}
    said = [line.split("#")[0].strip() for line in text.splitlines() if line.startswith("    papka plugin")]
    assert len(said) > 8
    for line in said:
        name = next(one for one in sorted(known, reverse=True) if line.startswith(f"papka {one}"))
        options = {word for one in known[name].params for word in one.opts}
        assert {word for word in line.split() if word.startswith("-")} <= options, line
