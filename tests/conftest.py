"""What several tests share: a small valid case, a place to write, and the command itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

CASE = """\
programme: kurgan_ipss
id: T-1
number: 7/2025
organisation:
  full_name: Центр социальной помощи семье
  short_name: ЦСПС
specialists:
- id: s.one
  last_name: Ёлкина
  first_name: Анна
  sex: female
  position: психолог
family:
  display_name: семья Ткач
  members:
  - id: m.one
    last_name: Ткач
    first_name: Вера
    sex: female
    relation: мать
    legal_representative_of: [c.one]
  - id: c.one
    last_name: Ткач
    first_name: Олег
    sex: male
    birth_date: 2014-06-17
    relation: сын
referral:
  received_on: 2025-02-18
  channel: self_appeal
  text: просит помочь с кружком
"""

Write = Callable[..., Path]


@pytest.fixture
def case_text() -> str:
    """The smallest case that looks like a family; it has no fault."""
    return CASE


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the test's own folder and return its path."""

    def write_it(content: str | bytes, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_it


@dataclass(frozen=True)
class Ran:
    """What a person has before them after a command."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


Run = Callable[..., Ran]


@pytest.fixture
def environ(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, str]]:
    """Make the environment of a command: the tests' own cache, its own language, plugins of this test."""
    cache = str(tmp_path_factory.getbasetemp() / "cache")

    def make(lang: str | None = "en", python_path: Path | None = None, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PAPKA_", "LC_", "LANG"))}
        kept |= {"PYTHONUTF8": "1", "XDG_CACHE_HOME": cache, "LANG": "C.UTF-8"}
        kept |= {"LOCALAPPDATA": cache}
        if lang:
            kept["PAPKA_LANG"] = lang
        if python_path:
            kept["PYTHONPATH"] = str(python_path)
        return kept | more

    return make


@pytest.fixture
def command() -> str:
    """Where the installed command lies."""
    found = shutil.which("papka", path=str(Path(sys.executable).parent))
    assert found, "papka is not installed beside this Python"
    return found


@pytest.fixture
def run(command: str, environ: Callable[..., dict[str, str]], tmp_path: Path) -> Run:
    """Run the real command in a process of its own."""

    def run_it(
        *arguments: str | Path,
        cwd: Path | None = None,
        lang: str | None = "en",
        python_path: Path | None = None,
        **more: str,
    ) -> Ran:
        done = subprocess.run(
            [command, *map(str, arguments)],
            capture_output=True,
            cwd=cwd or tmp_path,
            encoding="utf-8",
            env=environ(lang, python_path, **more),
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_it


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let papka speak English inside this process."""
    monkeypatch.setenv("PAPKA_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def here(english: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command's own `main` inside this process: the same words, without the start-up."""
    from papka.core.cli import main

    def run_it(*arguments: str | Path) -> Ran:
        with pytest.raises(SystemExit) as stop:
            main([str(one) for one in arguments])
        shown = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Ran(stop.value.code, shown.out, shown.err)

    return run_it
