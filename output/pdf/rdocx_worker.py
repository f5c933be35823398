"""Draws Word files with rdocx: ``python -P rdocx_worker.py FOLDER FILE…``; run apart by `engines.Rdocx`.

Imports nothing of papka, so that it starts at once. A paper that cannot be drawn leaves no file; a crash ends
this process only.
"""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 4 * 2**30


def main(out: Path, papers: list[Path]) -> None:
    """Draw each paper into the folder, under its own name."""
    _limit_memory()
    from rdocx import Document, RdocxError

    for paper in papers:
        try:
            pdf = Document.from_bytes(paper.read_bytes()).to_pdf()
        except (RdocxError, ValueError):
            continue
        temporary = out / f".{paper.stem}"
        temporary.write_bytes(pdf)
        temporary.replace(out / f"{paper.stem}.pdf")


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
