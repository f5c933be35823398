"""Freeze an office of this version of papka: every later one has to open it (tests/test_upgrades.py).

Run once, when a version is released: python tests/eras/make.py. All people in it are fictional. It holds what an
office gathers: comments in its files, issued papers, a corrected one, a number that was taken back, a signature,
answers on their way, a template of the centre's own, and a backup.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PLUGINS = HERE.parent.parent / "plugins"
CASES = {
    "k1": PLUGINS / "kurgan_ipss/examples/rimskie_korsakovy.yaml",
    "s1": PLUGINS / "sos_partnership/examples/kim.yaml",
}
COMMENT = "# Звонить после 18 часов; в среду мать на работе.\n"


def papka(*arguments: object, cwd: Path) -> str:
    """Run the command; what it refuses stops the making."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PAPKA_")} | {"PAPKA_LANG": "en"}
    command = [str(Path(sys.executable).parent / "papka"), *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Make the office and its backup in the folder of this version."""
    from papka import __version__

    home = HERE / __version__
    office = home / "office"
    if office.exists():
        sys.exit(f"{office} is there already: an era is frozen once")
    home.mkdir(exist_ok=True)
    papka("init", office, "--title", "Центр «Проба»", cwd=home)
    for name, source in CASES.items():
        (office / "cases" / name).mkdir()
        text = source.read_text("utf-8")
        (office / "cases" / name / "case.yaml").write_text(COMMENT + text, "utf-8")
    draw = ("--engine", "rdocx", "--json")
    papka("issue", "k1", "krg_agreement", *draw, cwd=office)
    first = json.loads(papka("issue", "s1", "sos_referral", *draw, cwd=office))[0]["entry"]
    papka("sign", first["id"], "--by", "1", "--hand", cwd=office)
    _change(office / "cases/k1/case.yaml")
    papka("issue", "k1", "krg_agreement", "--correct", "описка", *draw, cwd=office)
    _taken_back(office)
    _on_its_way(office / "cases/k1/case.yaml")
    papka("template", "override", "krg_agreement", cwd=office)
    papka("backup", "--out", home / "backup.zip", cwd=office)
    for left in (*office.rglob(".index.db*"), *office.rglob("*.papka-lock")):
        left.unlink()
    with sqlite3.connect(office / "journal.db") as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.execute("PRAGMA journal_mode=DELETE")
    shutil.rmtree(office / "cases/k1/papers", ignore_errors=True)


def _change(case: Path) -> None:
    """Let the paper say something else: the number of the house."""
    text = case.read_text("utf-8")
    assert "house: " in text
    case.write_text(re.sub(r"(?m)^( +house: ).*$", r"\g<1>'77'", text, count=1), "utf-8")


def _taken_back(office: Path) -> None:
    from datetime import date

    from papka.output.api import Job, Journal, Series

    book = Journal.open(office / "journal.db")
    job = Job("NEW-1", "letter", "1", date.today(), "0" * 64, None, Series("outgoing", "01-12/{seq}"))
    book.void(book.reserve(job).id, "не отправлено")
    book.close()


def _on_its_way(case: Path) -> None:
    from papka.forms.completing import on_case

    filling = on_case(str(case), "contact", case.parent)
    number = len(filling.sheet.before.get("contacts", ()))
    filling.sheet.answer(("contacts", number, "on"), "2026-03-03")
    filling.keep()


if __name__ == "__main__":
    main()
