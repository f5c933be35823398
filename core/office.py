"""The office: a centre's folder with its settings and its cases, readable without papka.

office.yaml             settings
trust/                  certificates of those whose electronic signatures the centre trusts
templates/              the centre's own templates, which win over a plugin's of the same name
cases/<code>/case.yaml  one family
cases/<code>/papers/    what was drawn up for it: drafts
cases/<code>/issued/    what was issued, each paper under its code
journal.db              the record of what was issued
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from . import yamltext
from .contract.base import Contract, Line, fact
from .contract.people import Organisation, Specialist
from .contract.values import Day
from .errors import AskedWrongly
from .folders import SETTINGS, office_folder
from .i18n import tr
from .loading import load
from .migrating.versions import hold_office_against
from .outside import bytes_of
from .workdays import Calendar

CASE_FILE = "case.yaml"
JOURNAL = "journal.db"
SHOWN = 8
"""How many cases a message names."""


class CalendarDays(Contract):
    """What a centre knows of working days that papka does not: a new decree, a day off of its region."""

    off: tuple[Day, ...] = fact("нерабочие", "Нерабочие дни", ())
    working: tuple[Day, ...] = fact("рабочие", "Рабочие дни", ())
    decreed: tuple[int, ...] = fact("годы", "Годы, выходные которых внесены полностью", ())

    def calendar(self) -> Calendar:
        """Return the working days with these changes."""
        return Calendar(frozenset(self.off), frozenset(self.working), frozenset(self.decreed))


class SigningCommand(Contract):
    """A signing tool of the centre: a command as a list, never a line for a shell.

    ``{file}``, ``{signature}`` and ``{folder}`` stand for the paper, its signature and the folder of both.
    """

    title: Line | None = fact("название", "Что это за средство подписи", None)
    sign: tuple[Line, ...] = fact("подписать", "Команда, которая подписывает", min_length=1)
    verify: tuple[Line, ...] = fact("проверить", "Команда, которая проверяет подпись", ())
    embeds: bool = fact("внутри", "Подписывает ли она внутри самого PDF", False)
    seconds: int = fact("секунд", "Сколько секунд ждать ответа", 120, ge=1, le=3600)


class NamedPlugin(Contract):
    """A plugin that a centre allows, if it likes with the version and the digest that it has looked at."""

    name: Line = fact("имя", "Имя плагина или его пакета")
    version: Line | None = fact("версия", "Какая версия разрешена", None)
    sha256: Line | None = fact("отпечаток", "Контрольная сумма установленного", None)


class PdfSettings(Contract):
    """How a centre wants its PDF files drawn."""

    service: Line | None = fact("сервис", "Адрес сервиса преобразования (Gotenberg)", None)
    outside: bool = fact("вне_сети", "Сервис разрешён вне собственной сети учреждения", False)
    archive: bool = fact("архивный", "Делать PDF для долгого хранения: PDF/A-2b", False)


class Settings(Contract):
    """What a centre sets for itself."""

    papka: Line = fact("версия", "Версия правил заполнения")
    title: Line | None = fact("название", "Название учреждения", None)
    organisation: Organisation | None = fact(
        "организация",
        "Организация, чьи это дела",
        None,
    )
    specialists: tuple[Specialist, ...] = fact("специалисты", "Специалисты учреждения", ())
    language: Line | None = fact("язык", "Язык, на котором говорит papka: ru или en", None)
    journal: Line | None = fact("журнал", "Адрес журнала на сервере, если он не в этой папке", None)
    numbering: dict[str, Line] = fact("нумерация", "Свой вид номеров по рядам", {})
    numbers: dict[str, dict[str, int]] = fact("числа", "Числа учреждения по программам", {})
    calendar: CalendarDays = fact("календарь", "Нерабочие дни сверх известных papka", CalendarDays())
    retention_years: int | None = fact(
        "срок_хранения", "Сколько лет хранить дело после закрытия", None, ge=1, le=100
    )
    commission: tuple[Line, ...] = fact("комиссия", "Кто уничтожает данные: должность, имя", ())
    signing: dict[str, SigningCommand] = fact("подписание", "Средства подписи учреждения", {})
    pdf: PdfSettings = fact("pdf", "Как делать файлы PDF", PdfSettings())
    plugins: tuple[NamedPlugin, ...] | None = fact(
        "плагины", "Какие плагины загружать, если не все установленные", None
    )

    @model_validator(mode="after")
    def _head_is_known(self) -> Self:
        head = self.organisation.head if self.organisation else None
        if head is not None and head.person not in {one.id for one in self.specialists}:
            raise PydanticCustomError("papka_no_specialist", "No such specialist", {"field": "organisation"})
        return self


@dataclass(frozen=True)
class Office:
    """A centre's folder."""

    folder: Path

    @property
    def settings(self) -> Settings:
        """The settings, checked; thousands of cases ask for the same."""
        file = self.folder / SETTINGS
        return _settings(file, _bytes(file))

    @property
    def facts(self) -> dict[str, Any]:
        """What the office says for all of its cases, as it was typed: organisation and specialists."""
        return deepcopy(_said(bytes_of(self.folder / SETTINGS)))

    @property
    def journal_place(self) -> Path | str:
        """Where the journal is: a file of the office, or the address of a server.

        The environment wins over office.yaml: an address may hold a password that no file should.
        """
        return os.environ.get("PAPKA_JOURNAL") or self.settings.journal or self.folder / JOURNAL

    @property
    def templates(self) -> Path:
        """The folder of the centre's own templates."""
        return self.folder / "templates"

    def case_files(self) -> list[Path]:
        """Return the case files, in the order of their folders."""
        found = self.folder.glob(f"cases/*/{CASE_FILE}")
        # A folder with a point before its name is leaving: its case is being destroyed.
        return sorted(path for path in found if not path.parent.name.startswith("."))

    def case_file(self, number: str) -> Path | None:
        """Return the file of the case with a code, a number or a family's name, without parsing cases.

        Raises:
            AskedWrongly: Several cases have this number, or several families this name.
        """
        wanted = number.strip()
        if not wanted:
            return None
        typed = rf"(['\"]?){re.escape(wanted)}\1"
        pattern = re.compile(rf"^(?:id|number):[ \t]+{typed}[ \t]*(?:#.*)?\r?$", re.MULTILINE)
        files = self.case_files()
        found = [path for path in files if path.parent.name == wanted] or [
            path for path in files if pattern.search(_text(path))
        ]
        words = tr("Several cases have the number {number}: {folders}. Ask for one by its folder.")
        if not found and any(sign.isalpha() for sign in wanted):
            found = [path for path in files if _is_called(path, wanted)]
            words = tr("Several families are called {number}: {folders}. Ask for one by its folder.")
        if len(found) > 1:
            folders = ", ".join(path.parent.name for path in found)
            raise AskedWrongly(words.format(number=wanted, folders=folders))
        return found[0] if found else None


_FAMILY = re.compile(r"^family:[ \t]*(?:#.*)?\r?\n((?:[ \t#].*\r?\n|\r?\n)*)", re.MULTILINE)
_CALLED = re.compile(
    r"(?:^|[{,])[ \t-]*(?:display_name|last_name):[ \t]+(?:'([^'\r\n]+)'|\"([^\"\r\n]+)\"|([^'\"#,}\r\n]+))",
    re.MULTILINE,
)


def _is_called(path: Path, name: str) -> bool:
    """Tell whether a family, or somebody of it, bears a name: «Черных», «семья Черных — Шевченко»."""
    wanted = name.casefold().replace("ё", "е")
    family = _FAMILY.search(_text(path) + "\n")
    found = ("".join(one) for one in _CALLED.findall(family[1] if family else ""))
    said = (one.strip().casefold().replace("ё", "е") for one in found)
    return any(wanted in (one, one.removeprefix("семья ")) for one in said)


def _text(path: Path) -> str:
    return bytes_of(path).decode("utf-8-sig", errors="replace")


def _bytes(file: Path) -> bytes | None:
    try:
        return bytes_of(file)
    except OSError:
        return None


@lru_cache(maxsize=4)
def _settings(file: Path, raw: bytes | None) -> Settings:
    # Without bytes it is read once more: what is wrong is told as of any file.
    # Each case says by its programme in which country the organisation works.
    return load(file, Settings, raw=raw, country=None)


@lru_cache(maxsize=4)
def _said(raw: bytes) -> dict[str, Any]:
    """Return what an office says for all of its cases, as it was typed."""
    text = yamltext.read(raw)
    said = text.data if isinstance(text.data, dict) else {}
    return {name: said[name] for name in ("organisation", "specialists") if name in said}


def find_office(start: Path) -> Office | None:
    """Return the office that a folder lies in, if it lies in one.

    Raises:
        PapkaError: Another version of papka wrote it.
    """
    folder = office_folder(start)
    if folder is None:
        return None
    hold_office_against(folder)
    return Office(folder)


def find_case(asked: str, start: Path) -> Path:
    """Return the case file that a worker named: by file, by folder, or by code or number in the office.

    Raises:
        AskedWrongly: There is no such case.
    """
    path = start / asked
    for file in (path, path / CASE_FILE):
        # A name too long for the file system is no file either.
        with suppress(OSError):
            if asked and file.is_file():
                return Path(asked) / file.relative_to(path) if start == Path.cwd() else file
    office = find_office(start)
    found = office.case_file(asked) if office else None
    if found is None:
        raise AskedWrongly(_no_case(asked, office))
    return found


def _no_case(asked: str, office: Office | None) -> str:
    """Say that there is no such case, and which there are or where to look for them."""
    if office is None:
        words = tr("There is no case {asked} here, and this folder belongs to no office (office.yaml).")
        return words.format(asked=asked) + " " + tr("Go to the office's folder, or begin with papka demo.")
    names = [path.parent.name for path in office.case_files()]
    words = tr("There is no case {asked} in the office.").format(asked=asked)
    if not names:
        return words + " " + tr("A case is a folder with its file: {file}.").format(file="cases/…/case.yaml")
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return words + " " + tr("The cases here: {names}.").format(names=shown)
