"""Saving a case: whole or not at all, over what was seen and over nothing else; `papka edit`."""

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import Run
from reading import EXAMPLES

from papka.core import saving
from papka.core.editing import differences
from papka.core.errors import PapkaError
from papka.core.saving import Changed, digest_of, save

CASE = next(one for one in EXAMPLES if one.stem == "bezotchestva")
Editor = Callable[[str], None]


@pytest.fixture
def case(here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    assert here("init", folder).code == 0
    (folder / "cases" / "one").mkdir()
    monkeypatch.chdir(folder)
    return Path(shutil.copy(CASE, folder / "cases" / "one" / "case.yaml"))


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Make an editor of a few lines of Python that change `text` of the file `path`."""

    def of(lines: str) -> None:
        script = tmp_path / "editor.py"
        head = "import sys, pathlib, os, time\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text('utf-8')\n"
        script.write_text(f"{head}{lines}\npath.write_text(text, 'utf-8')\n", "utf-8")
        monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"')

    return of


def others(case: Path) -> list[str]:
    return sorted(one.name for one in case.parent.iterdir() if one != case)


# --- the function ----------------------------------------------------------------------------------------


def test_a_save_over_what_was_seen_replaces_it_and_keeps_who_may_read_it(case: Path) -> None:
    case.chmod(0o640)
    save(case, b"new", digest_of(CASE.read_bytes()))

    assert case.read_bytes() == b"new" and stat.S_IMODE(case.stat().st_mode) == 0o640
    assert others(case) == []


def test_a_save_against_a_changed_file_is_refused_and_both_versions_are_there(case: Path) -> None:
    seen = digest_of(case.read_bytes())
    case.write_bytes(b"a: theirs\nb: same\n")

    with pytest.raises(Changed) as refused:
        save(case, b"a: mine\nb: same\n", seen)

    mine = refused.value.mine
    assert case.read_bytes() == b"a: theirs\nb: same\n"
    assert mine.parent == case.parent and mine.read_bytes() == b"a: mine\nb: same\n"
    assert stat.S_IMODE(mine.stat().st_mode) == 0o600
    assert "theirs" not in str(refused.value) and mine.name in str(refused.value)
    shown = [line for line, _ in differences(b"a: theirs\nb: same\n", b"a: mine\nb: same\n")]
    assert any(line.startswith("  - ") and "theirs" in line for line in shown)
    assert any(line.startswith("  + ") and "mine" in line for line in shown)


def test_a_file_that_came_or_went_meanwhile_counts_as_changed(case: Path) -> None:
    with pytest.raises(Changed):
        save(case, b"new", None)
    seen = digest_of(case.read_bytes())
    case.unlink()
    with pytest.raises(Changed):
        save(case, b"new", seen)
    assert not case.exists()


def test_of_many_who_save_at_the_same_instant_one_wins_and_no_text_is_lost(case: Path) -> None:
    seen = digest_of(case.read_bytes())

    def one(number: int) -> str:
        try:
            save(case, b"version %d" % number, seen)
        except Changed:
            return "refused"
        return "saved"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(one, range(8)))

    assert sorted(results) == ["refused"] * 7 + ["saved"]
    kept = {path.read_bytes() for path in case.parent.glob("case*.yaml")}
    assert kept == {b"version %d" % number for number in range(8)}
    assert all(name.startswith("case.mine-") for name in others(case))


def test_a_lock_that_a_killed_program_left_holds_nobody_up(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock = case.with_name(f".case.yaml{saving.LOCK}")
    seen = digest_of(case.read_bytes())
    # Of this computer: one sees that it is dead. Of another one, or killed before it wrote its name: one waits.
    for held in (f"{saving.socket.gethostname()} {dead.pid} x", "elsewhere 1 x", ""):
        lock.write_text(held)
        save(case, held.encode(), seen)
        seen = digest_of(held.encode())
        monkeypatch.setattr(saving, "PATIENCE", 0.2)
    assert others(case) == []


def test_whenever_a_saving_program_is_killed_the_case_is_whole(case: Path) -> None:
    old, new = case.read_bytes(), b"new " * 400_000
    code = (
        "import sys; from pathlib import Path; from papka.core.saving import *; p = Path(sys.argv[1]);"
        "c = p.read_bytes(); n = b'new ' * 400_000; print('go', flush=True)\n"
        "while True: save(p, n, digest_of(c)); save(p, c, digest_of(n))"
    )
    for wait in (0.01, 0.05, 0.12):
        running = subprocess.Popen([sys.executable, "-c", code, str(case)], stdout=subprocess.PIPE)
        assert running.stdout is not None and running.stdout.readline()
        time.sleep(wait)
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.stdout.close()
        assert case.read_bytes() in (old, new)
        save(case, old, digest_of(case.read_bytes()))


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are another thing on Windows")
def test_a_folder_that_cannot_be_written_says_so_and_loses_nothing(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(30, "read-only")

    if os.geteuid():
        case.parent.chmod(0o500)
    else:  # root may write anywhere
        monkeypatch.setattr(saving.os, "open", refuse)
    before = case.read_bytes()
    with pytest.raises(PapkaError, match=r"case\.yaml"):
        save(case, b"new", digest_of(before))
    case.parent.chmod(0o700)
    assert case.read_bytes() == before


# --- the command -----------------------------------------------------------------------------------------


def test_what_was_edited_is_saved(here: Run, case: Path, editor: Editor) -> None:
    editor("text = text + '# note\\n'")
    ran = here("edit", "one")
    assert ran.code == 0, ran.all
    assert case.read_text("utf-8").endswith("# note\n") and others(case) == []

    editor("pass")
    assert here("edit", "one").code == 0 and others(case) == []


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(here: Run, case: Path, editor: Editor) -> None:
    editor(f"text += '# mine\\n'; case = pathlib.Path({str(case)!r}); case.write_text('id: theirs\\n')")

    ran = here("edit", "one")

    assert ran.code == 3
    assert case.read_text() == "id: theirs\n"
    (mine,) = others(case)
    assert mine in ran.all and (case.parent / mine).read_text("utf-8").endswith("# mine\n")
    assert "id: theirs" not in ran.all  # no terminal, no values
    assert mine in here("edit", "one").err  # the next time it is named


def test_faults_are_shown_and_what_was_typed_is_kept(
    here: Run, case: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = case.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    editor("text = text.replace('family:', 'famly:', 1)")

    ran = here("edit", "one")  # nobody answers the question whether to go back

    assert ran.code == 3 and "famly" in ran.all
    assert "What you typed has faults: 2. The case is not changed yet." in ran.all
    assert "Go back to the editor? [Y/n]" in ran.all
    assert case.read_bytes() == before
    (copy,) = others(case)
    assert copy in ran.all and "famly:" in (case.parent / copy).read_text("utf-8")
    # The next one who opens the case hears of it.
    editor("pass")
    assert copy in here("edit", "one").all and others(case) == [copy]


def test_who_goes_back_to_the_editor_finds_what_was_typed(
    here: Run, case: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    editor(
        "text = text.replace('famly:', 'family:') + '# mended\\n' if 'famly:' in text"
        " else text.replace('family:', 'famly:', 1)"
    )

    assert here("edit", "one").code == 0
    assert case.read_text("utf-8").endswith("# mended\n") and others(case) == []


def test_an_editor_that_fails_changes_nothing(
    here: Run, case: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = case.read_bytes()
    editor("sys.exit(7)")
    ran = here("edit", "one")
    assert ran.code == 1 and "7" in ran.all
    monkeypatch.setenv("VISUAL", "no-such-editor-anywhere")
    assert "no-such-editor-anywhere" in here("edit", "one").all
    assert case.read_bytes() == before and others(case) == []
