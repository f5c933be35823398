"""Forms in a terminal: a whole case from nothing, back and forth, and nothing that was typed is lost."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from conftest import Ran, Run, Write
from form_answers import ScreenKeys, Typist
from hypothesis import given
from hypothesis import strategies as st

from papka.core import Plugins, i18n, yamltext
from papka.core.office import Office
from papka.core.paths import Loc
from papka.forms.completing import Filling, new_case, on_case
from papka.forms.terminal import moves
from papka.forms.terminal.bookmark import Bookmark
from papka.forms.terminal.interview import Interview
from papka.forms.terminal.moves import Move
from papka.forms.terminal.steps import steps

OFFICE = """\
papka: '1'
title: Центр помощи
language: ru
organisation:
  full_name: Центр социальной помощи семье и детям
  short_name: ЦСПС
specialists:
- {id: s.one, last_name: Ёлкина, first_name: Анна, sex: female, position: куратор случая}
"""


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture
def office(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre's folder, in which the worker stands."""
    folder = write(OFFICE, "office/office.yaml").parent
    (folder / "cases").mkdir()
    monkeypatch.chdir(folder)
    return folder


Typed = Callable[..., Ran]


@pytest.fixture
def typed(here: Run, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run a command with lines on its input, as through a pipe."""

    def run_it(lines: list[str], *arguments: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return here(*arguments)

    return run_it


# --- a real terminal ---------------------------------------------------------------------------------------

pty_only = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are driven on POSIX only")

ENTER, UNKNOWN, PAGE_UP, PAGE_DOWN, MISSING, PARTS, CTRL_C = (
    "\r",
    "\x1bOQ",
    "\x1b[5~",
    "\x1b[6~",
    "\x1bOS",
    "\x1bOR",
    "\x03",
)


class Terminal:
    """A person at a terminal of 80 signs by 24 lines, who reads a question before answering."""

    def __init__(self, command: str, environ: Mapping[str, str], folder: Path, *arguments: str) -> None:
        pexpect = pytest.importorskip("pexpect")
        self.end = pexpect.EOF
        self.child = pexpect.spawn(
            command,
            list(arguments),
            cwd=str(folder),
            env={**environ, "TERM": "xterm-256color"},
            encoding="utf-8",
            dimensions=(24, 80),
            timeout=30,
            # Who runs the tests may have chosen to outlive his terminal: this person has not.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.child.delaybeforesend = None

    def sees(self, words: str) -> str:
        """Wait for words, and return what stood between."""
        self.child.expect_exact(words)
        return str(self.child.before)

    def asked(self) -> str:
        """Wait until something is asked, and return the question; at the end of the form, nothing."""
        self.child.expect(r"(Вопрос \d+ из \d+\. |Внести |Вопросы закончились)([^\r\n\x1b]+)")
        if "закончились" in self.child.match.group(1):
            return ""
        question = self.child.match.group(2).strip()
        self.sees("F2 — не знаю")
        return str(question)

    def types(self, keys: str) -> None:
        self.child.send(keys)

    def ends(self) -> int:
        """Wait for the end, and return the exit code."""
        self.child.expect(self.end)
        self.child.close()
        assert self.child.exitstatus is not None
        return int(self.child.exitstatus)

    def dies(self, of: signal.Signals) -> None:
        os.kill(self.child.pid, of)
        self.child.expect(self.end)
        self.child.close()


@pytest.fixture
def terminal(
    command: str, environ: Callable[..., dict[str, str]], office: Path
) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_it(*arguments: str) -> Terminal:
        opened.append(Terminal(command, environ("ru"), office, *arguments))
        return opened[-1]

    yield open_it
    for one in opened:
        one.child.close(force=True)


PEOPLE: tuple[dict[str, str], ...] = (
    {"Фамилия": "Ткач", "Имя": "Вера", "Пол": "жен", "Дата рождения": "11.03.1988", "Родство": "мать"},
    {"Фамилия": "Ткач", "Имя": "Олег", "Пол": "муж", "Дата рождения": "17.06.2014", "Родство": "сын"},
    {"Фамилия": "Ткач", "Имя": "Анна", "Пол": "жен", "Дата рождения": "02.09.2017", "Родство": "дочь"},
    {"Фамилия": "Живаго", "Имя": "Пётр", "Пол": "муж", "Дата рождения": "25.12.2021", "Родство": "сын"},
)
REQUEST = {
    "Как поступил": "обращ",
    "Что произошло": "Мать просит помочь\rс кружком для сына\r",
    "Как семья названа": "семья Ткач",
    "Кого из детей представляет": "Олег Анна Живаго ",
}


def reply(question: str, person: Mapping[str, str]) -> str:
    """Return the keys that answer a question; what is not known is passed by."""
    if question.startswith("Дата поступления"):
        return ENTER
    found = next((keys for words, keys in {**person, **REQUEST}.items() if question.startswith(words)), None)
    return UNKNOWN if found is None else found + ENTER


@pty_only
def test_a_family_with_three_children_from_nothing_to_the_first_papers(
    terminal: Callable[..., Terminal], office: Path, run: Run
) -> None:
    shown = terminal("new", "--programme", "kurgan_ipss")
    shown.sees("Код дела")
    shown.sees("F2")
    shown.types("\x15T-2026-0001" + ENTER)
    people, killed = 0, False
    while question := shown.asked():
        if question.endswith("человека?"):
            people += 1
            shown.types(("Да" if people <= len(PEOPLE) else "Нет") + ENTER)
        elif question.endswith("специалиста?"):
            shown.types("Нет" + ENTER)
        elif question.startswith("Имя") and people == 3 and not killed:
            shown.types("Ан")
            shown.sees("Ан")
            shown.dies(signal.SIGKILL)
            killed = True
            shown = terminal("new", "T-2026-0001")
            shown.sees("Продолжаем с места: Члены семьи — Человек 3: Ткач — Имя")
            assert shown.asked().startswith("Имя")
            shown.types("на" + ENTER)
        else:
            shown.types(reply(question, PEOPLE[people - 1] if 0 < people <= len(PEOPLE) else {}))
    finish(shown)

    case = yamltext.read((office / "cases/T-2026-0001/case.yaml").read_bytes()).data
    names = [one["first_name"] for one in case["family"]["members"]]
    assert killed
    assert names == ["Вера", "Олег", "Анна", "Пётр"]
    checked = run("check", "T-2026-0001", cwd=office)
    assert checked.code == 0, checked.all
    papers = ("krg_request_card", "krg_application", "com_consent_pd_minor")
    drawn = run("render", "T-2026-0001", *papers, cwd=office)
    assert drawn.code == 0, drawn.all
    application = next((office / "cases/T-2026-0001/papers").glob("krg_application*.docx"))
    said = text_of(application)
    assert all(name in said for name in ("Ткач", "Живаго", "17.06.2014"))


def text_of(file: Path) -> str:
    from docx import Document

    document = Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def finish(shown: Terminal) -> None:
    shown.sees("Записать в дело")
    shown.types(ENTER)
    shown.sees("✓ Записано")
    assert shown.ends() == 0


@pty_only
def test_a_lost_connection_loses_no_letter(terminal: Callable[..., Terminal], office: Path) -> None:
    shown = terminal("new", "T-1", "--programme", "kurgan_ipss")
    assert shown.asked().startswith("Дата поступления")
    shown.types(PAGE_DOWN)
    while not (question := shown.asked()).startswith("Что произошло"):
        shown.types("телефон" + ENTER if question.startswith("Как поступил") else ENTER)
    shown.types("Пришла без записи," + ENTER + "просит помощи с")
    shown.sees("просит помощи с")
    shown.dies(signal.SIGHUP)

    again = terminal("form", "fill", "T-1", "intake")

    again.sees("Продолжаем с места: Запрос — Что произошло")
    assert again.asked().startswith("Что произошло")
    again.types(" работой" + ENTER * 2)
    assert again.asked().startswith("Запрос семьи")
    again.types(CTRL_C)
    again.sees("Все ответы сохранены")
    again.sees("papka new T-1")
    assert again.ends() == 3
    kept = begun(office, "T-1").sheet.data["referral"]
    assert kept["text"] == "Пришла без записи,\nпросит помощи с работой"
    assert kept["channel"] == "hotline"


@pty_only
def test_one_goes_back_and_forth_and_a_wrong_answer_stays_to_be_mended(
    terminal: Callable[..., Terminal], office: Path
) -> None:
    shown = terminal("new", "T-1", "--programme", "kurgan_ipss")
    shown.asked()
    shown.types("\x15" + "31.02.2025" + ENTER)
    shown.sees("✗ Такой даты не бывает")
    shown.sees("31.02.2025")
    shown.types("\x7f" * 9 + "0.01.2025" + ENTER)
    assert shown.asked().startswith("Время поступления")
    shown.types("9:30" + PAGE_UP)
    assert shown.asked().startswith("Дата поступления")
    shown.types(PAGE_DOWN)
    assert shown.asked().startswith("Время поступления")
    shown.types(MISSING)
    shown.sees("Как поступил: ")
    assert shown.asked().startswith("Время поступления")
    shown.types(PARTS)
    shown.sees("К какому разделу")
    shown.sees("F2")
    shown.types("Семья" + ENTER)
    assert shown.asked().startswith("Как семья названа")
    shown.types(UNKNOWN)
    assert shown.asked().startswith("Вид семьи")
    shown.types(CTRL_C)

    assert shown.ends() == 3
    assert begun(office, "T-1").sheet.data["referral"] == {"received_on": "30.01.2025", "received_at": "9:30"}


@pty_only
def test_a_typed_wish_to_go_back_is_no_answer_and_enter_on_a_needed_list_chooses_nobody(
    terminal: Callable[..., Terminal], office: Path
) -> None:
    shown = terminal("new", "T-1", "--programme", "kurgan_ipss")
    shown.asked()
    shown.types(PAGE_DOWN)
    assert shown.asked().startswith("Время поступления")
    shown.types("/назад" + ENTER)
    assert shown.asked().startswith("Дата поступления")
    shown.types(PAGE_DOWN)
    assert shown.asked().startswith("Время поступления")
    shown.types(PAGE_DOWN)
    assert shown.asked().startswith("Как поступил")
    shown.types(ENTER)
    shown.sees("Здесь нужен ответ")
    shown.types(CTRL_C)

    assert shown.ends() == 3
    referral = begun(office, "T-1").sheet.data.get("referral", {})
    assert "received_at" not in referral and "channel" not in referral


def test_a_terminal_without_moving_keys_is_asked_line_by_line(
    terminal: Callable[..., Terminal], office: Path
) -> None:
    shown = terminal("new", "T-1", "--programme", "kurgan_ipss", "--plain")
    shown.sees("Дата поступления")
    shown.types("18.02.2025\n")
    shown.sees("Время поступления")
    shown.types("/наз\n")
    shown.sees("Дата поступления")
    shown.sees("Сейчас: 18.02.2025")
    shown.types(CTRL_C)
    shown.sees("Все ответы сохранены")

    assert shown.ends() == 3
    assert begun(office, "T-1").sheet.data["referral"] == {"received_on": "18.02.2025"}


def begun(office: Path, folder: str, form: str = "intake") -> Filling:
    """Return a case that was begun, as its draft has it."""
    filling = new_case(Office(office), folder, "kurgan_ipss", form)
    filling.draft.resume(filling.sheet)
    return filling


# --- the same words, the same values -----------------------------------------------------------------------

WRONG = [
    ("referral.received_on", "31.02.2025"),
    ("referral.received_on", "вчера"),
    ("referral.received_at", "25:00"),
    ("referral.channel", "голубь"),
    ("referral.urgent", "может быть"),
    ("referral.text", "слово " * 4000),
    ("family.phone", "12"),
    ("family.display_name", "д" * 601),
    ("family.members[0].snils", "112-233-445 96"),
    ("family.members[0].birth_date", "1825-01-01"),
    ("family.members[0].income_monthly", "много"),
    ("family.members[0].income_monthly", "-5"),
    ("family.members[0].last_name", "Тка\u202eч"),
    ("referral.taken_by", "s.nobody"),
]


@pytest.mark.parametrize(("path", "value"), WRONG, ids=[f"{path}-{n}" for n, (path, _) in enumerate(WRONG)])
def test_a_wrong_value_is_told_at_its_question_in_the_words_of_check(
    path: str,
    value: str,
    office: Path,
    write: Write,
    case_text: str,
    typed: Typed,
    here: Run,
    plugins: Plugins,
) -> None:
    file = write(case_text, "office/cases/T-1/case.yaml")
    filling = on_case("T-1", "intake", office, plugins)
    place = next(one for one in _places(filling) if filling.sheet.form and _dotted(one) == path)
    ended = [""] if value.startswith("слово") else []

    shown = typed([*_way_to(filling, place), value, *ended, "/pause"], "form", "fill", "T-1", "intake")

    assert shown.code == 3
    with_fault = begun_on(office, plugins)
    file.write_text(_with(file.read_text("utf-8"), place, value), "utf-8")
    said = json.loads(here("check", "T-1", "--json").out)["findings"]
    found = next(one for one in said if (one["place"].get("path") or "").startswith(path))
    assert " ".join(f"✗ {found['message']} {found['cure']}".split()) in " ".join(shown.out.split())
    assert [one.message for one in with_fault.sheet.faults_at(place)] == [found["message"]]


def begun_on(office: Path, plugins: Plugins) -> Filling:
    filling = on_case("T-1", "intake", office, plugins)
    filling.draft.resume(filling.sheet)
    return filling


def _places(filling: Filling) -> list[Loc]:
    return [one.place for one in filling.sheet.questions()]


def _dotted(place: Loc) -> str:
    from papka.core.paths import dotted

    return dotted(place)


def _way_to(filling: Filling, wanted: Loc) -> list[str]:
    """Return the lines that lead a person on a case from the first open question to a place."""
    lines = ["/parts", "1"]
    opened: set[Loc] = set()
    at = 0
    while True:
        way = steps(filling.sheet, opened)
        step = way[at]
        if step.place == wanted:
            return lines
        base = step.place[:-1]
        if step.asked is None and wanted[: len(base)] == base:
            # «Add, go on, change the first one, …»
            lines.append(str(3 + int(wanted[len(base)])))
            opened.add(wanted[: len(base) + 1])
            at = next(
                n for n, one in enumerate(steps(filling.sheet, opened)) if one.item and one.place[:2] == base
            )
        else:
            lines.append("2" if step.asked is None else ">")
            at += 1


def _with(text: str, place: Loc, value: str) -> str:
    from papka.forms.writing import with_answers

    return with_answers(text, {place: value})


FORMS = [("intake", 1), ("intake", 2), ("intake", 3)] + [
    (form, 4)
    for form in ("home", "consents", "contact", "agreement", "plan", "monitoring", "closing", "level_review")
]


@pytest.mark.parametrize(("form", "seed"), FORMS)
def test_what_was_typed_comes_back_exactly(
    form: str, seed: int, office: Path, write: Write, case_text: str, typed: Typed, plugins: Plugins
) -> None:
    command = ["new", "T-1", "--programme", "kurgan_ipss"]
    if form == "intake":
        meant = new_case(Office(office), "T-1", "kurgan_ipss", None, plugins)
    else:
        write(case_text, "office/cases/T-1/case.yaml")
        meant = on_case("T-1", form, office, plugins)
        command = ["form", "fill", "T-1", form]
    lines = Typist(meant.sheet, random.Random(seed)).go()

    shown = typed([*lines, "1"], *command)

    if shown.code == 0:
        assert yamltext.read(meant.file.read_bytes()).data == meant.sheet.data
        return
    # Random answers need not make a whole form: then they are kept, right and wrong ones alike.
    kept = begun(office, "T-1", form) if form == "intake" else on_case("T-1", form, office, plugins)
    kept.draft.resume(kept.sheet)
    assert kept.draft.is_begun
    assert kept.sheet.data == meant.sheet.data


@given(st.text(alphabet="-?<>\\/ abназ", max_size=8))
def test_any_line_can_be_an_answer(answer: str) -> None:
    assert moves.read(moves.written(answer)) == answer


@pytest.mark.parametrize(("line", "move"), [("<", Move.BACK), (" - ", Move.UNKNOWN), ("/pau", Move.PAUSE)])
def test_a_sign_or_the_first_letters_of_a_word_are_a_move(line: str, move: Move, english: None) -> None:
    assert moves.read(line) is move


# --- others at work, and what there is -----------------------------------------------------------------------


def test_an_answer_that_somebody_else_has_changed_is_shown_beside_mine_and_chosen(
    office: Path, write: Write, case_text: str, typed: Typed
) -> None:
    file = write(case_text, "office/cases/T-1/case.yaml")
    to_the_end = ["/missing", "/parts", "6"]
    typed(["/parts", "1", "19.02.2025", "/pause"], "form", "fill", "T-1", "intake")
    file.write_text(case_text.replace("2025-02-18", "2025-02-20").replace("семья Ткач", "Ткачи"), "utf-8")

    shown = typed(["1", *to_the_end, "1"], "form", "fill", "T-1", "intake")

    assert "In this form: 19.02.2025" in shown.out
    assert "In the case now: 2025-02-20" in shown.out
    case = yamltext.read(file.read_bytes()).data
    assert case["referral"]["received_on"] == "19.02.2025"
    assert case["family"]["display_name"] == "Ткачи"


@pty_only
def test_a_colleagues_answer_is_told_while_the_form_is_open(
    terminal: Callable[..., Terminal], office: Path, write: Write, case_text: str
) -> None:
    file = write(case_text, "office/cases/T-1/case.yaml")
    shown = terminal("form", "fill", "T-1", "intake", "--plain")
    shown.sees("Время поступления")
    shown.types("<\n")
    shown.sees("Дата поступления")
    shown.types("19.02.2025\n")
    shown.sees("Время поступления")
    file.write_text(case_text.replace("2025-02-18", "2025-02-20"), "utf-8")
    shown.types("9:30\n")
    shown.sees("В этой форме: 19.02.2025")
    shown.sees("В деле сейчас: 2025-02-20")
    shown.types("2\n")
    shown.sees("Как поступил")
    shown.types(CTRL_C)

    assert shown.ends() == 3
    kept = on_case("T-1", "intake", office)
    assert kept.draft.resume(kept.sheet) == []
    assert kept.sheet.data["referral"]["received_on"] == "2025-02-20"
    assert kept.sheet.data["referral"]["received_at"] == "9:30"


def test_the_list_says_how_far_each_form_of_a_case_is(
    office: Path, write: Write, case_text: str, typed: Typed, here: Run
) -> None:
    write(case_text, "office/cases/T-1/case.yaml")
    typed(["1", "18.02.2025", "/pause"], "form", "fill", "T-1", "consents")

    said = {one["form"]: one for one in json.loads(here("form", "list", "T-1", "--json").out)}

    assert said["consents"]["begun"] is True
    assert said["consents"]["answered"] == 1
    assert said["contact"]["begun"] is False
    assert "begun: 1 of" in here("form", "list", "T-1").out


def test_a_new_case_gets_the_next_code_and_never_a_name(office: Path, typed: Typed, here: Run) -> None:
    year = date.today().year
    (office / f"cases/KRG-{year}-0007").mkdir()

    shown = typed(["1", "Семья Ткач", "", "/pause"], "new")

    assert "Latin letters" in shown.out
    assert f"Now: KRG-{year}-0008" in shown.out
    assert here("new", "семья-Ткач").code == 2
    assert sorted(one.name for one in (office / "cases").iterdir()) == [f"KRG-{year}-0007"]


def test_a_code_that_is_taken_and_a_form_that_is_not_there_are_told(
    office: Path, write: Write, case_text: str, here: Run
) -> None:
    write(case_text, "office/cases/T-1/case.yaml")

    assert "papka form fill T-1 intake" in here("new", "T-1").err
    refused = here("form", "fill", "T-1", "contakt")
    assert refused.code == 2
    assert "contact" in refused.err


@pty_only
def test_two_windows_on_one_form_do_not_overwrite_each_other(
    terminal: Callable[..., Terminal], office: Path
) -> None:
    first = terminal("new", "T-1", "--programme", "kurgan_ipss", "--plain")
    first.sees("Дата поступления")
    first.types("18.02.2025\n")
    first.sees("Время поступления")
    second = terminal("new", "T-1", "--plain")
    second.sees("открыта в другом окне")
    second.types("2\n")
    second.sees("Продолжаем с места: Запрос — Время поступления")
    second.types("9:30\n")
    second.sees("Как поступил")
    first.types("10:45\n")

    first.sees("Форму открыли в другом окне")

    assert first.ends() == 3
    second.types(CTRL_C)
    assert second.ends() == 3
    assert begun(office, "T-1").sheet.data["referral"] == {"received_on": "18.02.2025", "received_at": "9:30"}


@pytest.mark.parametrize(("form", "seed"), [("intake", 5), ("plan", 102), ("contact", 103)])
def test_what_was_typed_with_keys_and_lists_comes_back_exactly(
    form: str, seed: int, office: Path, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = pytest.importorskip("prompt_toolkit.application")
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    from papka.forms.terminal.screen import ScreenWindow

    monkeypatch.setenv("LANGUAGE", "ru")
    i18n.speak("ru")
    meant = new_case(Office(office), "T-1", "kurgan_ipss", form, plugins)
    filling = new_case(Office(office), "T-1", "kurgan_ipss", form, plugins)
    keys = Typist(meant.sheet, random.Random(seed), ScreenKeys()).go()

    with (
        create_pipe_input() as terminal,
        application.create_app_session(input=terminal, output=DummyOutput()),
    ):
        terminal.send_text("".join(keys) + CTRL_C * 2)
        Interview(filling, ScreenWindow(), Bookmark.beside(filling.draft.path)).run()

    again = begun(office, "T-1", form)
    assert again.draft.is_begun
    assert again.sheet.data == meant.sheet.data


def test_letters_of_another_encoding_are_told_at_the_question(
    office: Path, command: str, environ: Callable[..., dict[str, str]]
) -> None:
    lines = ["18.02.2025", "9:30", "1", "Помощь", ""]
    sent = "".join(f"{line}\n" for line in lines).encode() + "Слова\n\n".encode("cp1251") + b"/pause\n"

    shown = subprocess.run(
        [command, "new", "T-1", "--programme", "kurgan_ipss"],
        input=sent,
        capture_output=True,
        cwd=office,
        env=environ("en"),
        check=False,
    )

    assert shown.returncode == 3, shown.stderr
    assert b"Set it to UTF-8" in shown.stdout
    assert begun(office, "T-1").sheet.data["referral"]["text"] == "Помощь"


def test_a_person_who_was_only_begun_stops_no_question(
    office: Path, write: Write, case_text: str, typed: Typed
) -> None:
    """What papka works out of a curator's first day is not known yet: that is no fault."""
    write(case_text, "office/cases/T-1/case.yaml")

    shown = typed(["/parts", "2", "1", "1", "/pause"], "form", "fill", "T-1", "agreement")

    assert shown.code == 3, shown.all
    assert "Куратор 1" in shown.out
    assert "papka form fill T-1 agreement" in shown.out


def test_where_nothing_can_be_kept_that_is_said_and_no_answer_is_called_kept(
    office: Path, write: Write, case_text: str, typed: Typed
) -> None:
    write(case_text, "office/cases/T-1/case.yaml")
    blocked = write("", "office/cases/T-1/.forms")

    shown = typed(["/parts", "1", "19.02.2025", "/pause"], "form", "fill", "T-1", "intake")

    assert shown.code == 1
    assert "The last answers could not be kept." in shown.out
    assert "All answers are kept" not in shown.out
    blocked.unlink()
    assert typed(["/parts", "1", "19.02.2025", "/pause"], "form", "fill", "T-1", "intake").code == 3


def test_a_cell_that_is_lacking_is_named_by_its_row_and_column_and_asked_first(
    office: Path, write: Write, case_text: str, typed: Typed
) -> None:
    write(case_text, "office/cases/T-1/case.yaml")
    review = ["1", "18.02.2025", "1", "1", "лист оценки", "", "-", "со слов матери", ""]

    shown = typed([*review, "/parts", "2", "1", "/pause"], "form", "fill", "T-1", "level_review")

    end = shown.out[shown.out.rindex("Still needed: 1 answer") :]
    signs = [line for line in shown.out.splitlines() if re.match(r"2 of \d+\. ", line)]
    title = signs[0].partition(". ")[2]
    assert f"— {title[:30]}" in end
    assert "Признак есть" in end
    assert re.search(r"\n2 of \d+\. .*\n(.*\n)*?Признак есть", end)
