"""`papka template preview` and `diff`: what a template becomes, at each save, and what a change does to it."""

from __future__ import annotations

import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from bench_files import NAME, form
from docx import Document
from reading import PLUGINS, REGIONS

TEMPLATE = PLUGINS.method("kurgan_ipss").papers["krg_application"].template
ENGINE = ("--engine", "rdocx")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "моё" / NAME
    path.parent.mkdir()
    shutil.copyfile(TEMPLATE, path)
    return path


def with_words(path: Path, words: str) -> None:
    word: Any = Document(str(path))
    word.paragraphs[-1].insert_paragraph_before(words)
    word.save(str(path))


def test_a_template_becomes_word_pdf_and_pictures(here, template: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with_words(template, "Проба пера: {{ семья.название }}")

    done = here("template", "preview", template, "--out", tmp_path / "out", *ENGINE)

    assert done.code == 0, done.all
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"krg_application.docx", "krg_application.pdf", "krg_application-1.png"} <= made
    text = "\n".join(p.text for p in Document(str(tmp_path / "out" / NAME)).paragraphs)
    assert "Проба пера: семья" in text and "{{" not in text
    picture = (tmp_path / "out" / "krg_application-1.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and picture.endswith(b"IEND\xaeB`\x82")
    with pypdfium2.PdfDocument(str(tmp_path / "out" / "krg_application.pdf")) as pdf:
        assert len(pdf) == len([name for name in made if name.endswith(".png")])


def test_the_picture_can_be_read(here, template: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    image = pytest.importorskip("PIL.Image")
    here("template", "preview", template, "--out", tmp_path / "out", *ENGINE)

    with image.open(tmp_path / "out" / "krg_application-1.png") as picture:
        picture.load()
        assert picture.mode == "RGB" and picture.width > 800
        assert len(picture.getcolors(1 << 20)) > 10


def test_pictures_of_pages_that_are_gone_are_taken_away(here, template: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "out").mkdir()
    for number in range(1, 9):
        (tmp_path / "out" / f"krg_application-{number}.png").write_bytes(b"old")

    here("template", "preview", template, "--out", tmp_path / "out", *ENGINE)

    left = sorted((tmp_path / "out").glob("*.png"))
    assert 0 < len(left) < 8 and all(path.read_bytes() != b"old" for path in left)


def test_a_case_of_ones_own_is_drawn(here, template: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    case = PLUGINS.programmes()["kurgan_ipss"].folder / "examples" / "bezotchestva.yaml"

    done = here("template", "preview", template, "--case", case, "--out", tmp_path / "out", *ENGINE)

    assert done.code == 0 and "bezotchestva.yaml" in done.out


def test_a_template_with_faults_is_shown_with_them_and_not_drawn(
    here, template: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    with_words(template, "{{ семья.названеи }}")

    done = here("template", "preview", template, "--out", tmp_path / "out", *ENGINE)

    assert done.code == 3
    assert "Did you mean название?" in done.out
    assert not (tmp_path / "out").exists()


# --- watching --------------------------------------------------------------------------------------------


class Watched:
    """A preview that runs, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, stream: Any) -> None:
        for line in stream:
            self._lines.put(line)

    def wait_for(self, words: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.said.append(self._lines.get(timeout=0.2))
            except queue.Empty:
                assert self.process.poll() is None, "".join(self.said)
                continue
            if words in self.said[-1]:
                return
        raise AssertionError(f"never said: {words}\n{''.join(self.said)}")


@pytest.fixture
def watched(command: str, environ, template: Path, tmp_path: Path) -> Iterator[Watched]:  # type: ignore[no-untyped-def]
    arguments = ["template", "preview", str(template), "--watch", "--out", str(tmp_path / "out"), *ENGINE]
    process = subprocess.Popen(
        [command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environ(),
        cwd=tmp_path,
    )
    yield Watched(process)
    process.kill()
    process.wait(timeout=30)


def drawn(tmp_path: Path) -> str:
    return "\n".join(p.text for p in Document(str(tmp_path / "out" / NAME)).paragraphs)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a process in another way there")
def test_watching_draws_at_each_save_and_outlives_what_word_does(
    watched: Watched, template: Path, tmp_path: Path
) -> None:
    watched.wait_for("Waiting for the next save")
    assert "Проба" not in drawn(tmp_path)

    (template.parent / f"~${NAME[2:]}").write_bytes(b"lock")
    with_words(template, "Проба первая")
    watched.wait_for("Waiting for the next save")
    assert "Проба первая" in drawn(tmp_path)

    whole = template.read_bytes()
    template.write_bytes(whole[: len(whole) // 2])
    watched.wait_for("D-DAMAGED")
    template.unlink()
    time.sleep(0.5)
    draft = template.with_suffix(".tmp")
    draft.write_bytes(whole)
    with_words(draft, "Проба вторая")
    draft.replace(template)
    watched.wait_for("✓")
    watched.wait_for("Waiting for the next save")
    assert "Проба вторая" in drawn(tmp_path)

    with_words(template, "{{ семья.названеи }}")
    watched.wait_for("Did you mean название?")
    assert "Проба вторая" in drawn(tmp_path)

    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(timeout=30) == 0
    watched.said += list(watched._lines.queue)
    assert "Traceback" not in "".join(watched.said)


# --- comparing -------------------------------------------------------------------------------------------


def test_the_same_template_differs_in_nothing(here, template: Path) -> None:  # type: ignore[no-untyped-def]
    data = json.loads(here("template", "diff", "krg_application", template, "--json").out)

    assert data["differences"] == [] and data["results"] == []


def test_words_and_tags_are_told_apart(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "b").mkdir()
    first = form(
        tmp_path / NAME,
        "Семья {{ семья.название }} живёт.",
        "Остаётся",
        "Уходит совсем",
        "Тег {{ семья.название }}",
    )
    second = form(
        tmp_path / "b" / NAME,
        "Семья {{ семья.название }} проживает.",
        "Остаётся",
        "Тег {{ семья.название|родительный }}",
        "Приходит новое",
    )

    data = json.loads(here("template", "diff", first, second, "--json").out)

    told = [(one["kind"], one["words_changed"], one["tags"]) for one in data["differences"]]
    assert told == [
        ("changed", True, {"removed": [], "added": []}),
        ("removed", True, {"removed": [], "added": []}),
        (
            "changed",
            False,
            {"removed": ["{{ семья.название }}"], "added": ["{{ семья.название|родительный }}"]},
        ),
        ("added", True, {"removed": [], "added": []}),
    ]
    assert data["differences"][0]["paragraph"] == {"a": 1, "b": 1}


def test_the_result_for_each_example_is_compared(here, template: Path) -> None:  # type: ignore[no-untyped-def]
    with_words(template, "Итого детей: {{ семья.дети|число }}")

    data = json.loads(here("template", "diff", "krg_application", template, "--json").out)

    examples = {path.name for path in REGIONS["kurgan_ipss"].examples()}
    assert {one["case"] for one in data["results"]} == examples
    for one in data["results"]:
        assert [change["kind"] for change in one["differences"]] == ["added"]
        assert one["differences"][0]["b"].startswith("Итого детей: ")


def test_a_template_that_cannot_be_drawn_is_told_with_the_reason(here, template: Path) -> None:  # type: ignore[no-untyped-def]
    with_words(template, "{{ семья.названеи }}")

    data = json.loads(here("template", "diff", "krg_application", template, "--json").out)

    assert all(set(one["refused"]) == {"b"} for one in data["results"])
    shown = here("template", "diff", "krg_application", template).out
    assert "+ {{ семья.названеи }}" in shown and "B was not drawn up" in shown
