"""What pytest finds in the folder of a plugin for papka: the numbered checks, with no test code there.

It is loaded by every run of pytest beside which papka is installed. So nothing of papka is imported here
before a folder is known to announce a plugin, and in any other project nothing happens at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .checks import Check, Outcome
    from .trial import Trial

_TRIAL = pytest.StashKey["Trial"]()
_FILES = ("setup.cfg", "pyproject.toml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let an installed plugin be named."""
    group = parser.getgroup("papka")
    group.addoption("--papka-plugin", metavar="NAME|FOLDER", help="check this plugin for papka")
    group.addoption(
        "--papka-engine", metavar="NAME", help="which engine makes the PDFs: rdocx or libreoffice"
    )
    group.addoption("--no-papka", action="store_true", help="leave the checks of the plugin for papka out")


def pytest_configure(config: pytest.Config) -> None:
    """Add the checks where pytest would look into a folder of tests only."""
    home = _home(config)
    named = config.getoption("papka_plugin", default=None)
    if home is None or (config.args_source is pytest.Config.ArgsSource.ARGS and not named):
        return
    if not any(Path(one).resolve() in (home, home.parent) for one in config.args):
        config.args.append(str(home))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the file that announces the plugin for the place of its checks."""
    if file_path != _home(parent.config):
        return None
    return Suite.from_parent(parent.session, path=file_path, nodeid=file_path.name)


def _home(config: pytest.Config) -> Path | None:
    """Return the file of pytest's root that announces a plugin; None in any other project."""
    if config.getoption("no_papka", default=False):
        return None
    kept = config.stash.get(_HOME, None)
    if kept is None:
        named = config.getoption("papka_plugin", default=None)
        kept = (_file_of(named) if named else _announcing(config.rootpath),)
        config.stash[_HOME] = kept
    return kept[0]


_HOME = pytest.StashKey[tuple[Path | None]]()


def _announcing(folder: Path) -> Path | None:
    """Look for one word in two files before anything else is read or imported."""
    for name in _FILES:
        try:
            if b"papka" in (folder / name).read_bytes():
                break
        except OSError:
            continue
    else:
        return None
    from ..project import announces, project

    return project(folder).file if announces(folder) else None


def _file_of(named: str) -> Path:
    """Return a file of the named plugin under which its checks are shown."""
    from ...core.errors import PapkaError
    from ..folder import opened

    try:
        plugin = opened(named)
    except PapkaError as error:
        raise pytest.UsageError(str(error)) from error
    if plugin.project is not None:
        return plugin.project.file
    data = plugin.folder / "programme.yaml"
    return data if data.is_file() else plugin.folder / "__init__.py"


class Suite(pytest.File):
    """The checks of one plugin."""

    def collect(self) -> Iterator[pytest.Item]:
        """Go through the checks, and through the parts of those that have some."""
        from .checks import all_checks, parts_of

        trial = _trial(self.config)
        for check in all_checks():
            parts = parts_of(trial, check)
            if not parts:
                yield CheckItem.from_parent(self, name=_name(check), check=check, part=None)
            for part in parts:
                yield CheckItem.from_parent(self, name=f"{_name(check)}[{part}]", check=check, part=part)


def _name(check: Check) -> str:
    return f"{check.id} {check.said(check.title)}"


def _trial(config: pytest.Config) -> Trial:
    if _TRIAL not in config.stash:
        from ...core.errors import PapkaError
        from ..folder import opened
        from .trial import ENGINE, Trial

        try:
            plugin = opened(config.getoption("papka_plugin") or config.rootpath)
        except PapkaError as error:
            raise pytest.UsageError(str(error)) from error
        config.stash[_TRIAL] = Trial(plugin, config.getoption("papka_engine") or ENGINE)
    return config.stash[_TRIAL]


class Fault(Exception):
    """A check that does not hold; the text is all there is to say."""


class Note(pytest.PytestWarning):
    """Something that a person should look at; it fails no check."""


class CheckItem(pytest.Item):
    """One check, or one part of it."""

    def __init__(self, *, check: Check, part: str | None, **more: Any) -> None:
        super().__init__(**more)
        self.check = check
        self.part = part

    def runtest(self) -> None:
        """Try it; what only deserves a look is a warning of pytest's."""
        from .checks import run

        outcome = run(_trial(self.config), self.check, self.part)
        if outcome.state == "fails":
            raise Fault(_told(outcome))
        if outcome.state == "skipped":
            raise pytest.skip.Exception(outcome.skipped, _use_item_location=True)
        for one in outcome.of("warning"):
            self.warn(Note(_line(one)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what was found, without the way that led there."""
        if isinstance(excinfo.value, Fault):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the check."""
        return self.path, 0, self.name


def _told(outcome: Outcome) -> str:
    lines = [outcome.check.said(outcome.check.why)]
    lines += [_line(one) for one in (*outcome.of("error"), *outcome.of("warning"))]
    return "\n".join(lines)


def _line(finding: Any) -> str:
    place = finding.place
    where = ":".join(str(part) for part in (place.file, place.line) if part is not None)
    paragraph = f" ¶{place.paragraph}" if place.paragraph else ""
    near = f" ({finding.suggestion}?)" if finding.suggestion else ""
    return f"{where}{paragraph} {finding.id}: {finding.message}{near}\n    → {finding.cure}".strip()
