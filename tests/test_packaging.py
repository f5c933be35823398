"""What the packaging ships is what the folders hold."""

import configparser
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOMES = ("core", "forms", "kit", "output")
PLUGINS = ("kurgan_ipss", "sos_partnership")


def read(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(path, encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def cfg() -> configparser.ConfigParser:
    return read(ROOT / "setup.cfg")


def shipped(package: str, file: str, cfg: configparser.ConfigParser) -> bool:
    patterns = cfg["options.package_data"].get(package, "").split(",")
    return any(fnmatchcase(file, pattern.strip()) for pattern in patterns)


def test_every_package_folder_is_listed(cfg: configparser.ConfigParser) -> None:
    listed = set(cfg["options"]["packages"].split()) - {"papka"}
    found = {
        "papka." + ".".join(init.parent.relative_to(ROOT).parts)
        for home in HOMES
        for init in (ROOT / home).rglob("__init__.py")
    }

    assert listed == found


def test_every_data_file_of_papka_is_shipped(cfg: configparser.ConfigParser) -> None:
    lost = [
        file.relative_to(ROOT).as_posix()
        for home in HOMES
        for file in (ROOT / home).rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc", ".po"}
        if not shipped(f"papka.{home}", file.relative_to(ROOT / home).as_posix(), cfg)
    ]

    assert lost == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_data_file_of_a_plugin_is_shipped(plugin: str) -> None:
    folder = ROOT / "plugins" / plugin
    cfg = read(folder / "setup.cfg")
    own = {"setup.cfg", "pyproject.toml", "README.md"}
    lost = [
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc"} and file.name not in own
        # Goldens hold a region's papers for who changes it; no centre that installs it asks for them.
        if not {"build", "goldens", f"papka_{plugin}.egg-info"} & set(file.relative_to(folder).parts)
        if not shipped(f"papka_{plugin}", file.relative_to(folder).as_posix(), cfg)
    ]

    assert lost == []


def test_the_root_holds_no_stray_module() -> None:
    assert [file.name for file in ROOT.glob("*.py")] == ["__init__.py"]


def test_naming_papka_imports_nothing_of_it() -> None:
    code = "import sys, papka; print([name for name in sys.modules if name.startswith('papka.')])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "[]"


def test_the_list_of_commands_needs_no_heavy_library(tmp_path: Path) -> None:
    probe = (
        "import sys\n"
        "from papka.core.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'pydantic', 'jinja2', 'lxml', 'docx', 'docxtpl', 'yaml', 'rich', 'pypdf', 'pymorphy3'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    cache, here = tmp_path / "cache", tmp_path / "here"
    here.mkdir()
    environment = {"PATH": "", "XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache)}
    shown = [
        subprocess.run(
            [sys.executable, "-c", probe],
            check=True,
            env=environment,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        ).stdout.splitlines()
        for _ in range(2)
    ]

    # The first run asks the plugins for their commands and keeps the list; the second reads it.
    assert shown[1][-1] == "[]"
    assert shown[0][:-1] == shown[1][:-1]


def test_core_imports_neither_forms_nor_output_nor_a_region() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {line}"
        for file in (ROOT / "core").rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if line.strip().startswith(("from", "import"))
        and any(word in line for word in ("..forms", "..output", "..kit", "papka_kurgan", "papka_sos"))
    ]

    assert wrong == []


def test_output_imports_neither_forms_nor_the_kit_and_forms_do_not_import_the_kit() -> None:
    borders = {"output": ("..forms", "..kit"), "forms": ("..kit",)}
    wrong = [
        file
        for home, names in borders.items()
        for file in (ROOT / home).rglob("*.py")
        if any(name in file.read_text("utf-8") for name in names)
    ]

    assert wrong == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_region_leans_on_what_a_stranger_may_use(plugin: str) -> None:
    lines = (ROOT / "plugins" / plugin / "__init__.py").read_text("utf-8").splitlines()
    imports = [line for line in lines if line.startswith(("from", "import")) and "__future__" not in line]

    assert all(line.startswith("from papka.core import ") for line in imports)
