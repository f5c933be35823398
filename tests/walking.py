"""Walks a page of the documentation as its reader would: types its commands, makes its changes, and looks for what it shows.

What a page may hold, in its own order:

- an indented line that begins with ``papka`` or ``cd`` is typed; what only prepares a computer (``pip``, ``python3``) is not;
- a block ``text`` shows lines that the last commands have to have said, in this order;
- a block after ``<!-- FILE: in place of "LINE" -->``, ``below "LINE"`` or ``at the end`` changes a file;
- a block after ``<!-- FILE.docx: like OTHER.docx -->`` is typed into a copy of a Word file, a paragraph a line;
- a block ``text`` after ``<!-- FILE.docx -->`` shows what has to stand in a Word file;
- a block ``text`` after ``<!-- typed -->`` shows what the last command asks and, after ``> ``, what is answered
  (``Enter`` is an empty answer, ``Enter ×3`` three of them): so that command is typed only when its answers are known.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from docx import Document

_PIECE = re.compile(
    r"(?:<!-- (?P<mark>[^>]+?) -->\n)?```(?P<kind>\S+)\n(?P<block>.*?)```|(?P<typed>(?:^    \S[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
_NOT_TYPED = ("pip", "python3", ".", "py")
_CHANGE = re.compile(r'(?P<file>\S+): (?P<how>in place of|below|at the end)(?: "(?P<line>.*)")?')
_LIKE = re.compile(r"(?P<file>\S+): like (?P<other>\S+)")


class Walk:
    """A page on its way.

    Attributes:
        said: What the last commands said.
        typed: The commands that were typed.
    """

    def __init__(self, page: Path, folder: Path, environ: Mapping[str, str]) -> None:
        self.text = page.read_text("utf-8")
        self.folder, self.environ = folder, environ
        self.said = ""
        self.typed: list[str] = []
        self.talk = ""

    def go(self) -> None:
        """Walk the whole page.

        Raises:
            AssertionError: Something is not as the page shows it.
        """
        pieces = list(_PIECE.finditer(self.text))
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
            mark, block = piece["mark"] or "", piece["block"] or ""
            if piece["typed"]:
                self.talk = following["block"] if following and following["mark"] == "typed" else ""
                self._type(piece["typed"])
            elif change := _CHANGE.fullmatch(mark):
                self._change(change["file"], change["how"], change["line"], block)
            elif like := _LIKE.fullmatch(mark):
                self._write(self.folder / like["file"], like["other"], block)
            elif mark == "typed":
                self._sees(self.said, re.sub(r"(?m)^> .*\n", "", block), self.typed[-1])
            elif mark:
                self._sees(_words(self.folder / mark), block, mark)
            elif piece["kind"] == "text":
                self._sees(self.said, block, self.typed[-1])

    def _type(self, lines: str) -> None:
        self.said = ""
        for line in lines.splitlines():
            # What stands after two spaces explains the command.
            words = shlex.split(re.split(r"\s{2,}", line.strip())[0])
            if words[0] == "cd":
                self.folder = self.folder / words[1]
            elif words[0] == "papka":
                self.said += self._run(words[1:])
            else:
                assert words[0] in _NOT_TYPED, f"nobody knows how to type: {line}"

    def _run(self, words: list[str]) -> str:
        # A warm LibreOffice is not this test's matter; both engines draw what the page shows.
        engine = (
            ["--engine", "rdocx"]
            if "--pdf" in words or words[:2] == ["plugin", "check"] or words[0] in ("issue", "packet")
            else []
        )
        answers = _answers(self.talk)
        done = subprocess.run(
            [sys.executable, "-m", "papka.core", *words, *engine],
            capture_output=True, text=True, encoding="utf-8", cwd=self.folder, env={**os.environ, **self.environ},
            input="".join(f"{one}\n" for one in answers), timeout=300,
        )  # fmt: skip
        said = done.stdout + done.stderr
        # A case or a template may have faults that the page goes on to mend; nothing else may fail.
        fine = (0, 3) if words[0] == "check" or words[:2] == ["template", "check"] else (0,)
        assert done.returncode in fine and "Traceback" not in said, f"papka {shlex.join(words)}\n{said}"
        self.typed.append("papka " + shlex.join(words))
        return said

    def _change(self, name: str, how: str, line: str, block: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        if how == "at the end":
            path.write_text(text + block, "utf-8")
            return
        assert f"\n{line}\n" in text, f"{name} has no line {line!r}"
        kept = f"{line}\n" if how == "below" else ""
        path.write_text(text.replace(f"\n{line}\n", f"\n{kept}{block}", 1), "utf-8")

    def _write(self, path: Path, other: str, block: str) -> None:
        document = Document(str(path.with_name(other)))
        body = document.element.body
        for one in [one for one in body if not one.tag.endswith("}sectPr")]:
            body.remove(one)
        for line in block.splitlines():
            document.add_paragraph(line)
        document.save(str(path))

    def _sees(self, said: str, block: str, where: str) -> None:
        rest = " ".join(said.split())
        for line in filter(None, (" ".join(one.split()) for one in block.splitlines())):
            for words in filter(None, (one.strip() for one in line.split("…"))):
                _, found, rest = rest.partition(words)
                assert found, f"{where} does not show (after what was found) {words!r}:\n{said}"


def _answers(talk: str) -> list[str]:
    found: list[str] = []
    for line in re.findall(r"(?m)^> (.*)$", talk):
        empty = re.fullmatch(r"Enter(?: ×(\d+))?", line)
        found += [""] * int(empty[1] or 1) if empty else [line]
    return found


def _words(path: Path) -> str:
    return "\n".join(one.text for one in Document(str(path)).paragraphs)
