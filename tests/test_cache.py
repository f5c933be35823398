"""What is kept between runs saves work and changes nothing: it is never stale, and never somebody else's."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from reading import EXAMPLES, PLUGINS, REGIONS
from test_plugins import GOOD, PROGRAMME, Site, plugins, site  # noqa: F401 - fixtures

import papka
from papka.core import kept
from papka.core.errors import Refused
from papka.core.expressions import Language
from papka.core.loading import load_case
from papka.core.rules.views import vocabulary_of
from papka.output import ready
from papka.output.filling import filled

NAMES = vocabulary_of(REGIONS["kurgan_ipss"].programme)
PLANTED, OWN = "Подложено", "Своё"


@pytest.fixture(autouse=True)
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own; return the folder of its entries."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "cache"))
    monkeypatch.setattr(ready, "_in_memory", {})
    kept._surroundings.cache_clear()
    return tmp_path / "cache" / "papka" / "kept"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return written(tmp_path, OWN)


def written(folder: Path, *words: str) -> Path:
    document = Document()
    for one in (*words, "{{ семья.название|прочерк }}"):
        document.add_paragraph(one)
    folder.mkdir(exist_ok=True)
    document.save(str(folder / "note.docx"))
    return folder / "note.docx"


def drawn(path: Path, language: Language = PLUGINS.language) -> str:
    """Draw a template as a new run would."""
    ready._in_memory.clear()
    made = ready.ready_template(path, language, NAMES, {})
    return filled(made, language, NAMES.blank_context(), proven=True)["word/document.xml"].decode()


def plant(entries: Path, path: Path) -> Path:
    """Put another template's entry, rightly sealed, in the place of a template's own; whoever reads it shows it."""
    assert OWN in drawn(path)
    (own,) = entries.iterdir()
    drawn(written(path.parent / "other", PLANTED))
    (other,) = set(entries.iterdir()) - {own}
    content = kept.recall(other.name)
    assert content is not None
    kept.keep(own.name, content)
    other.unlink()
    return own


def test_the_next_run_takes_what_was_kept(entries: Path, note: Path) -> None:
    plant(entries, note)
    assert PLANTED in drawn(note)


def cut(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-9])


def flip(entry: Path) -> None:
    body = bytearray(entry.read_bytes())
    body[len(body) // 2] ^= 1
    entry.write_bytes(body)


def empty(entry: Path) -> None:
    entry.write_bytes(b"")


def rename(entry: Path) -> None:
    content = kept.recall(entry.name)
    assert content is not None
    kept.keep("0" * 64, content)
    (entry.parent / ("0" * 64)).replace(entry)


def link(entry: Path) -> None:
    entry.replace(entry.parent.parent / "elsewhere")
    entry.symlink_to(entry.parent.parent / "elsewhere")


def open_to_all(entry: Path) -> None:
    entry.chmod(0o666)


def open_folder(entry: Path) -> None:
    entry.parent.chmod(0o777)


def strangers_file(entry: Path) -> None:
    os.chown(entry, 12345, 12345)


def strangers_folder(entry: Path) -> None:
    os.chown(entry.parent, 12345, 12345)


FOREIGN = [link, open_to_all, open_folder, strangers_file, strangers_folder]


@pytest.mark.parametrize("spoil", [cut, flip, empty, rename, *FOREIGN])
def test_what_is_damaged_or_somebody_elses_is_made_anew(
    spoil: Callable[[Path], None], entries: Path, note: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if spoil in FOREIGN and sys.platform == "win32":
        pytest.skip("Windows guards the folder by its own means")
    if spoil in (strangers_file, strangers_folder) and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    entry = plant(entries, note)
    spoil(entry)
    assert OWN in drawn(note)
    assert PLANTED not in drawn(note)
    if spoil not in (open_folder, strangers_folder):
        assert kept.recall(entry.name) is not None
    assert capfd.readouterr() == ("", "")


def test_another_template_language_version_or_vocabulary_is_another_entry(
    entries: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(entries, note)
    known = PLUGINS.language
    changed = Language({**known.filters, "ещё": known.filters["прочерк"]}, known.pack)
    assert PLANTED not in drawn(note, changed)
    written(note.parent, OWN, "И ещё слово")
    assert "И ещё слово" in drawn(note)
    written(note.parent, OWN)
    monkeypatch.setattr(papka, "__version__", "99")
    kept._surroundings.cache_clear()
    assert PLANTED not in drawn(note)
    kept._surroundings.cache_clear()


def test_a_filter_or_name_that_is_gone_is_told_though_the_template_was_kept(note: Path) -> None:
    drawn(note)
    fewer = {name: one for name, one in PLUGINS.language.filters.items() if name != "прочерк"}
    with pytest.raises(Refused) as refused:
        drawn(note, Language(fewer, PLUGINS.language.pack))
    assert {one.id for one in refused.value.findings} >= {"E-FILTER"}

    numbered = REGIONS["kurgan_ipss"].programme
    setting = next(iter(numbered.settings))
    path = written(note.parent / "numbers", "{{ настройки." + setting + " }}")
    assert ready.ready_template(path, PLUGINS.language, vocabulary_of(numbered), {})
    without = numbered.model_copy(update={"settings": {}})
    with pytest.raises(Refused):
        ready.ready_template(path, PLUGINS.language, vocabulary_of(without), {})


def test_a_template_with_faults_is_never_kept(entries: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "{{ нет_такого }}")
    for _ in range(2):
        with pytest.raises(Refused):
            drawn(path)
    assert not entries.exists()


def test_two_processes_at_once_draw_the_same_and_leave_nothing_half_written(
    entries: Path, tmp_path: Path
) -> None:
    example = next(path for path in EXAMPLES if path.name == "chernykh_shevchenko.yaml")
    folders = [tmp_path / "one", tmp_path / "two"]
    order = [
        sys.executable,
        "-m",
        "papka.core",
        "render",
        str(example),
        "krg_agreement",
        "--on",
        "2026-12-31",
    ]
    running = [subprocess.Popen([*order, "--into", str(folder)]) for folder in folders]
    assert [one.wait(timeout=120) for one in running] == [0, 0]
    papers = [(folder / "krg_agreement.docx").read_bytes() for folder in folders]
    subprocess.run([*order, "--into", str(tmp_path / "three")], check=True, timeout=120)
    assert {*papers, (tmp_path / "three" / "krg_agreement.docx").read_bytes()} == {papers[0]}

    assert all(
        not one.name.startswith(".") and kept.recall(one.name) is not None for one in entries.iterdir()
    )
    assert {one.stat().st_mode & 0o077 for one in (entries, *entries.iterdir())} == {0}
    body = b"".join(kept.recall(one.name) or b"" for one in entries.iterdir())
    assert "Договор".encode() in body or "ДОГОВОР".encode() in body
    for word in ("Черных", "Шевченко", "Любовь"):
        assert word.encode() not in body, word


def test_the_oldest_entries_make_room(entries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(6):
        kept.keep(f"{number}", b"x")
        os.utime(entries / f"{number}", (number, number))
    assert sorted(one.name for one in entries.iterdir()) == ["3", "4", "5"]


def test_a_programme_that_was_right_is_examined_anew_when_it_changes(
    site: Site,  # noqa: F811
    plugins: Callable[..., dict[str, dict[str, object]]],  # noqa: F811
) -> None:
    folder = site.plugin("good", GOOD, programme_yaml=PROGRAMME)
    assert [plugins()["good"]["fault"] for _ in range(2)] == [None, None]
    (folder / "programme.yaml").write_text(PROGRAMME.replace("done: closure", "done: closer"), "utf-8")
    assert "closer" in str(plugins()["good"]["fault"])
    (folder / "programme.yaml").write_text(PROGRAMME, "utf-8")
    (folder / "__init__.py").write_text(
        GOOD.replace("счёт_реки", "рябь").replace("river_count", "ripple"), "utf-8"
    )
    assert "river_count" in str(plugins()["good"]["fault"])


# --- the contract ----------------------------------------------------------------------------------------

READ = """
import json, sys
from pathlib import Path
from papka.core.contract.case import Case
from papka.core.errors import Refused
from papka.core.loading import load_case
try:
    found = load_case(Path(sys.argv[1])).family.members[0].last_name
except Refused as refused:
    found = [one.as_json() for one in refused.findings]
print(json.dumps([bool(Case.__pydantic_complete__), found]))
"""


def test_what_reads_a_case_is_kept_and_tells_the_same_faults(tmp_path: Path) -> None:
    right = next(path for path in EXAMPLES if "chernykh" in path.name)
    wrong = tmp_path / "case.yaml"
    text = right.read_text("utf-8")
    wrong.write_text(
        text.replace("birth_date: ", "birth_date: 99.", 1).replace("last_name:", "lst_name:", 1), "utf-8"
    )

    def read(case: Path) -> list[object]:
        surroundings = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PAPKA_LANG": "en"}
        command = [sys.executable, "-c", READ, str(case)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
        assert done.returncode == 0, done.stderr
        found: list[object] = json.loads(done.stdout)
        return found

    made, faults = read(wrong)
    kept, same = read(wrong)

    assert (made, kept) == (True, False)  # the second time pydantic had nothing to work out
    assert faults == same
    assert len(faults) > 1  # type: ignore[arg-type]
    assert read(right) == [False, load_case(right).family.members[0].last_name]
