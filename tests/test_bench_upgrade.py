"""A centre's own template wins, follows the plugin at each upgrade, and is whole at every moment."""

from __future__ import annotations

import importlib
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from edits import paragraphs, with_body
from lxml import etree

import papka_kurgan_ipss
from papka.core.errors import AskedWrongly
from papka.core.opening import open_case
from papka.core.plugging.plugins import EntryPoint, Plugins
from papka.output.bench import override as bench
from papka.output.bench.merge import waiting, without_waiting
from papka.output.bench.override import OwnTemplate, Shelf, rows
from papka.output.bench.upgrade import Upgraded, upgrade_one
from papka.output.package import W
from papka.output.rendering import Press

pytestmark = pytest.mark.usefixtures("english")

DAY = date(2025, 3, 4)
NAME = "krg_application"
FILE = f"{NAME}.docx"
SENTENCE = "Согласие на обработку"


@dataclass
class Centre:
    """An office beside a plugin that can be given a new version."""

    folder: Path
    plugin: Path
    version: str = "1.0"

    @property
    def shelf(self) -> Shelf:
        point = EntryPoint("kurgan_next", "papka_kurgan_next", "kurgan-next", self.version)
        return Shelf.here(Plugins([point]), None, self.folder)

    @property
    def own(self) -> OwnTemplate:
        return self.shelf.own(FILE)

    @property
    def base(self) -> Path:
        return self.plugin / "templates" / FILE

    def begin(self) -> None:
        self.shelf.override(NAME)

    def upgrade(self) -> Upgraded:
        return upgrade_one(self.shelf, self.own, DAY)

    def release(self, change: Callable[[etree._Element], None], version: str = "2.0") -> None:
        """Let the plugin have a new version."""
        self.base.write_bytes(with_body(self.base.read_bytes(), change))
        self.version = version

    def edit(self, change: Callable[[etree._Element], None]) -> None:
        """Let the centre edit its own."""
        self.own.path.write_bytes(with_body(self.own.path.read_bytes(), change))

    def files(self) -> dict[str, bytes]:
        return {
            str(p.relative_to(self.folder)): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()
        }


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    plugin = tmp_path / "site" / "papka_kurgan_next"
    shutil.copytree(
        Path(papka_kurgan_ipss.__file__).parent, plugin, ignore=shutil.ignore_patterns("__pycache__")
    )
    office = tmp_path / "office"
    office.mkdir()
    (office / "office.yaml").write_text("papka: '1'\n", "utf-8")
    monkeypatch.syspath_prepend(str(plugin.parent))
    importlib.invalidate_caches()
    yield Centre(office, plugin)
    sys.modules.pop("papka_kurgan_next", None)


def replaced(old: str, new: str) -> Callable[[etree._Element], None]:
    """Write other words in the one run that has them."""

    def change(root: etree._Element) -> None:
        (text,) = [one for one in root.iter(f"{W}t") if old in (one.text or "")]
        text.text = (text.text or "").replace(old, new)

    return change


def added(text: str, before: str = SENTENCE) -> Callable[[etree._Element], None]:
    """Add a paragraph."""

    def change(root: etree._Element) -> None:
        (place,) = [one for one in root.iter(f"{W}p") if before in "".join(one.itertext())]
        new = etree.Element(f"{W}p")
        etree.SubElement(etree.SubElement(new, f"{W}r"), f"{W}t").text = text
        place.addprevious(new)

    return change


OURS, THEIRS = (
    replaced("персональных данных оформляется", "данных семьи оформляется"),
    added("Новая строка плагина."),
)
CLASH = replaced("персональных данных оформляется", "личных данных оформляется")


# --- override --------------------------------------------------------------------------------------------


def test_an_own_template_is_the_plugins_byte_by_byte_with_its_ancestor_and_its_record(centre: Centre) -> None:
    original, own = centre.shelf.override(NAME)
    assert own.path.read_bytes() == own.base.read_bytes() == centre.base.read_bytes()
    record = json.loads((centre.folder / "templates/.base" / f"{FILE}.json").read_text("utf-8"))
    assert (record["document"], record["plugin"], record["version"]) == (NAME, "kurgan_next", "1.0")
    assert record["sha256"] == bench.digest(centre.base.read_bytes()) and original.document == NAME


def test_an_own_template_is_never_written_over(centre: Centre) -> None:
    centre.begin()
    centre.edit(OURS)
    before = centre.files()
    with pytest.raises(AskedWrongly, match="It was not touched"):
        centre.begin()
    assert centre.files() == before


def test_an_own_template_wins(centre: Centre, case_text: str) -> None:
    centre.begin()
    (centre.folder / "cases/one").mkdir(parents=True)
    (centre.folder / "cases/one/case.yaml").write_text(case_text, "utf-8")
    opened = open_case("one", centre.folder, centre.shelf.plugins)
    assert opened.method.papers[NAME].template == centre.own.path


def test_an_unknown_document_is_asked_wrongly_with_the_nearest_name(centre: Centre) -> None:
    with pytest.raises(AskedWrongly, match=f"Did you mean {NAME}"):
        centre.shelf.override("krg_aplication")
    with pytest.raises(AskedWrongly, match=r"office\.yaml"):
        Shelf.here(centre.shelf.plugins, None, centre.plugin)


def test_a_shared_form_is_overridden_too(centre: Centre) -> None:
    original, own = centre.shelf.override("com_consent_pd")
    assert original.plugin == "papka.forms" and own.path.is_file()


def test_the_list_says_what_is_new_what_waits_and_what_is_wrong(centre: Centre) -> None:
    centre.begin()
    (row,) = rows(centre.shelf)
    assert (row.document, row.version, row.has_news, row.waiting, row.faults) == (NAME, "1.0", False, 0, 0)
    centre.release(THEIRS)
    centre.edit(replaced(SENTENCE, SENTENCE + " {{ nmae }}"))
    (row,) = rows(centre.shelf)
    assert (row.has_news, row.faults) == (True, 1)
    (centre.folder / "templates" / "nobodys.docx").write_bytes(centre.base.read_bytes())
    assert rows(centre.shelf)[-1].document is None


# --- upgrade ---------------------------------------------------------------------------------------------


def test_an_upgrade_takes_what_is_new_and_keeps_what_is_the_centres(centre: Centre) -> None:
    centre.begin()
    centre.edit(OURS)
    before = centre.own.path.read_bytes()
    centre.release(THEIRS)
    done = centre.upgrade()
    text = paragraphs(centre.own.path.read_bytes())
    assert (done.state, len(done.taken), done.conflicts, done.faults) == ("merged", 1, (), ())
    assert (done.before, done.after) == ("1.0", "2.0")
    assert "Новая строка плагина." in text and any("данных семьи" in one for one in text)
    assert (
        done.old is not None
        and done.old.name == f"{NAME}.2025-03-04.docx"
        and done.old.read_bytes() == before
    )
    assert centre.own.base.read_bytes() == centre.base.read_bytes()


def test_a_second_upgrade_changes_nothing(centre: Centre) -> None:
    centre.begin()
    centre.edit(OURS)
    centre.release(THEIRS)
    centre.upgrade()
    before = centre.files()
    assert centre.upgrade().state == "current"
    assert centre.files() == before


def test_an_untouched_template_becomes_the_new_one(centre: Centre) -> None:
    centre.begin()
    centre.release(THEIRS)
    centre.upgrade()
    assert paragraphs(centre.own.path.read_bytes()) == paragraphs(centre.base.read_bytes())


def test_a_conflict_waits_in_word_with_a_comment_and_is_not_merged_over(centre: Centre) -> None:
    centre.begin()
    centre.edit(OURS)
    centre.release(CLASH)
    done = centre.upgrade()
    content = centre.own.path.read_bytes()
    (conflict,) = done.conflicts
    assert (conflict.ours, conflict.theirs) == ("данных семьи", "личных данных") and conflict.place.paragraph
    assert waiting(content) == 2 and not done.is_clean
    (comment,) = Document(io.BytesIO(content)).comments
    assert "kurgan_next 2.0" in comment.text and "Accept the change" in comment.text
    assert any("данных семьи оформляется" in one for one in paragraphs(without_waiting(content)))
    assert any("личных данных оформляется" in one for one in paragraphs(content))
    centre.release(THEIRS, "3.0")
    before = centre.files()
    assert centre.upgrade().state == "waiting"
    assert centre.files() == before


def test_a_paper_keeps_the_centres_words_while_a_conflict_waits(centre: Centre, case_text: str) -> None:
    centre.begin()
    centre.edit(OURS)
    centre.release(CLASH)
    assert centre.upgrade().conflicts
    (centre.folder / "cases/one").mkdir(parents=True)
    (centre.folder / "cases/one/case.yaml").write_text(case_text, "utf-8")
    opened = open_case("one", centre.folder, centre.shelf.plugins)
    content = Press(opened.method, opened.plugins.language).blank(NAME).content
    assert any("данных семьи оформляется" in one for one in paragraphs(content))
    assert not any("личных данных оформляется" in one for one in paragraphs(content))
    assert waiting(content) == 0


def test_after_the_methodologist_decided_the_next_version_comes_in(centre: Centre) -> None:
    centre.begin()
    centre.edit(OURS)
    centre.release(CLASH)
    centre.upgrade()
    centre.own.path.write_bytes(without_waiting(centre.own.path.read_bytes()))
    centre.release(THEIRS, "3.0")
    done = centre.upgrade()
    assert (done.state, done.conflicts, len(done.taken)) == ("merged", (), 1)
    text = paragraphs(centre.own.path.read_bytes())
    assert any("данных семьи" in one for one in text) and "Новая строка плагина." in text


def test_changes_that_make_no_template_together_are_shown_and_not_taken(centre: Centre) -> None:
    frame = ["{%p if документ.пустой %}", "В рамке.", "{%p endif %}"]

    def framed(*texts: str) -> Callable[[etree._Element], None]:
        def change(root: etree._Element) -> None:
            for one in [one for one in root.iter(f"{W}p") if "".join(one.itertext()) == "В рамке."]:
                for near in (one.getprevious(), one, one.getnext()):
                    near.getparent().remove(near)  # type: ignore[union-attr]
            for text in texts:
                added(text)(root)

        return change

    centre.release(framed(*frame), "1.0")
    centre.begin()
    centre.edit(framed("В рамке."))
    centre.release(framed(*frame[:2], "{%p else %}", "Иначе так.", frame[2]))
    done = centre.upgrade()
    assert done.is_careful and not done.faults and done.conflicts
    stands = centre.folder / FILE
    stands.write_bytes(without_waiting(centre.own.path.read_bytes()))
    assert centre.shelf.faults(centre.shelf.original(NAME), stands) == []
    assert "В рамке." in paragraphs(stands.read_bytes())


def test_a_template_without_its_ancestor_is_left_alone(centre: Centre) -> None:
    centre.begin()
    centre.release(THEIRS)
    centre.own.base.write_bytes(b"altered")
    before = centre.files()
    assert centre.upgrade().state == "no_ancestor"
    assert centre.files() == before


def test_a_backup_is_never_written_over(centre: Centre) -> None:
    centre.begin()
    kept = set()
    for number in range(3):
        centre.edit(added(f"Наша строка {number}."))
        centre.release(added(f"Совсем другое слово {number}."), f"{number}.1")
        kept.add(centre.own.path.read_bytes())
        centre.upgrade()
    assert {one.read_bytes() for one in (centre.folder / "templates/.old").iterdir()} == kept


# --- stopped at any moment -------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for the plug that is pulled."""


def killed_at(centre: Centre, moment: int, *, after: bool, patch: pytest.MonkeyPatch) -> bool:
    """Upgrade, and stop before or after the write of a number; False if there are fewer writes."""
    write, count = bench.write_atomically, 0

    def counted(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == moment and not after:
            raise Killed
        write(path, content)
        if count == moment:
            raise Killed

    with patch.context() as own:
        own.setattr(bench, "write_atomically", counted)
        try:
            centre.upgrade()
        except Killed:
            return True
    return False


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("clash", [False, True])
def test_an_upgrade_stopped_at_any_moment_leaves_a_whole_template_and_is_finished_later(
    clash: bool, after: bool, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.begin()
    centre.edit(OURS)
    start = centre.files()
    centre.release(CLASH if clash else THEIRS)
    centre.upgrade()
    finished = centre.files()
    moments = 0
    while True:
        shutil.rmtree(centre.folder)
        for name, content in start.items():
            (centre.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (centre.folder / name).write_bytes(content)
        if not killed_at(centre, moments + 1, after=after, patch=monkeypatch):
            break
        moments += 1
        stands = centre.own.path.read_bytes()
        assert stands in (start[f"templates/{FILE}"], finished[f"templates/{FILE}"])
        assert Plugins and centre.upgrade().state in ("merged", "current", "waiting")
        assert centre.files() == finished
    assert moments >= 5


def test_an_edit_after_an_interrupted_upgrade_is_read_as_what_it_is(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.begin()
    centre.edit(OURS)
    centre.release(THEIRS)
    for moment, is_merged in ((4, False), (6, True)):
        content = {name: body for name, body in centre.files().items() if "/.old/" not in name}
        assert killed_at(centre, moment, after=False, patch=monkeypatch)
        assert ("Новая строка плагина." in paragraphs(centre.own.path.read_bytes())) is is_merged
        centre.edit(added("Поздняя наша строка."))
        centre.upgrade()
        text = paragraphs(centre.own.path.read_bytes())
        assert text.count("Новая строка плагина.") == text.count("Поздняя наша строка.") == 1
        assert waiting(centre.own.path.read_bytes()) == 0
        for name, body in content.items():
            (centre.folder / name).write_bytes(body)


# --- the command -----------------------------------------------------------------------------------------


@pytest.fixture
def command(centre: Centre, run: Callable[..., Any]) -> Callable[..., Any]:
    """Run papka in the office with the centre's plugin alone, installed as pip would."""
    site = centre.plugin.parent / "kurgan_next-1.0.dist-info"
    site.mkdir()
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: kurgan-next\nVersion: 1.0\n", "utf-8")
    (site / "entry_points.txt").write_text("[papka]\nkurgan_next = papka_kurgan_next\n", "utf-8")

    def call(*words: str) -> Any:
        more = {"PAPKA_LOAD_PLUGINS": "kurgan_next"}
        return run("template", *words, cwd=centre.folder, python_path=centre.plugin.parent, **more)

    return call


def test_the_commands_tell_what_they_did(centre: Centre, command: Callable[..., Any]) -> None:
    ran = command("override", NAME)
    assert ran.code == 0 and "From now on" in ran.out
    assert command("override", NAME).code == 2
    assert command("upgrade", "krg_ipss").code == 2
    assert command("upgrade").code == 2
    ran = command("upgrade", "--all")
    assert (ran.code, ran.out.strip()) == (0, f"{FILE}: nothing new in the plugin.")
    centre.edit(OURS)
    centre.release(CLASH)
    ran = command("upgrade", NAME, "--on", "2025-03-04")
    assert ran.code == 3, ran.all
    assert "taken: 0, conflicts: 1" in ran.out and "yours: «данных семьи»" in ran.out
    assert "the plugin's: «личных данных»" in ran.out and "paragraph " in ran.out and ".old" in ran.out
    ran = command("override", "--list", "--json")
    (row,) = json.loads(ran.out)
    assert (ran.code, row["waiting"], row["has_news"]) == (3, 2, False)
    ran = command("upgrade", "--all", "--json")
    (one,) = json.loads(ran.out)
    assert (ran.code, one["state"]) == (3, "waiting")


def test_a_broken_own_template_is_told_and_stops_no_other(
    centre: Centre, command: Callable[..., Any]
) -> None:
    centre.begin()
    centre.shelf.override("krg_agreement")
    centre.edit(OURS)
    (centre.folder / "templates/krg_agreement.docx").write_bytes(b"PK\3\4 broken")
    agreement = centre.plugin / "templates/krg_agreement.docx"
    with zipfile.ZipFile(agreement, "a") as archive:
        archive.writestr("docProps/note.txt", "new")
    centre.release(THEIRS)
    ran = command("upgrade", "--all", "--json")
    states = {one["file"]: one["state"] for one in json.loads(ran.out)}
    assert (ran.code, states) == (1, {"krg_agreement.docx": "failed", FILE: "merged"})
    assert (centre.folder / "templates/krg_agreement.docx").read_bytes() == b"PK\3\4 broken"
