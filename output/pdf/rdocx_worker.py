"""Draws Word files with rdocx: ``python -P rdocx_worker.py [--archive] FOLDER FILE…``.

Run apart by `embedded.Rdocx`. Imports nothing of papka, so that it starts at once. A paper that cannot be
drawn leaves no file; a crash ends this process only.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

LIMIT = 4 * 2**30
_RUN = re.compile(
    r"<w:r(?: [^>]*)?>(<w:rPr>(?:(?!</?w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?>([^<]*)</w:t></w:r>", re.DOTALL
)
_RUNS = re.compile(f"(?:{_RUN.pattern}){{2,}}", re.DOTALL)
_TEXTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")


def main(out: Path, papers: list[Path], *, archive: bool = False) -> None:
    """Draw each paper into the folder, under its own name; for the archive as PDF/A-2b."""
    _limit_memory()
    from rdocx import Document, RdocxError

    for paper in papers:
        try:
            document = Document.from_bytes(joined(paper.read_bytes()))
            pdf = document.to_pdfa_deterministic("pdfa-2b") if archive else document.to_pdf()
        except (RdocxError, ValueError, zipfile.BadZipFile):
            continue
        temporary = out / f".{paper.stem}"
        temporary.write_bytes(pdf)
        temporary.replace(out / f"{paper.stem}.pdf")


def joined(paper: bytes) -> bytes:
    """Return a paper whose neighbouring runs of one look are one run.

    rdocx may break a line wherever a run ends, and a filled tag is a run of its own: «№» would stay at the
    end of a line without its number, and a comma would begin one. The words and their look stay as they are.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paper)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            if _TEXTS.fullmatch(name):
                data = _RUNS.sub(_join, data.decode("utf-8")).encode("utf-8")
            new.writestr(name, data)
    return out.getvalue()


def _join(found: re.Match[str]) -> str:
    looks: list[tuple[str, list[str]]] = []
    for run in _RUN.finditer(found[0]):
        if not looks or looks[-1][0] != (run[1] or ""):
            looks.append((run[1] or "", []))
        looks[-1][1].append(run[2])
    return "".join(
        f'<w:r>{look}<w:t xml:space="preserve">{"".join(texts)}</w:t></w:r>' for look, texts in looks
    )


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))


if __name__ == "__main__":
    words = sys.argv[1:]
    archival = words[0] == "--archive"
    main(Path(words[archival]), [Path(name) for name in words[archival + 1 :]], archive=archival)
