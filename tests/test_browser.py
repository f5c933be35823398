"""Forms in a browser: a case from nothing by keyboard, the same words and values, and a door for one."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import Page, Serving, axe_findings, started_browser
from conftest import CASE, Run, Write
from form_answers import right_answer

from papka.core import Plugins, yamltext
from papka.core.office import Office
from papka.forms.browser import server
from papka.forms.browser.desk import Desk
from papka.forms.browser.door import Door
from papka.forms.completing import Filling, new_case, on_case
from papka.forms.plain import as_answer, follow
from papka.forms.terminal.bookmark import Bookmark

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

EXAMPLES = Path(__file__).parents[1] / "plugins"

Open = Callable[..., Serving]
See = Callable[[Serving], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    driver = started_browser()
    yield driver
    driver.quit()


@pytest.fixture
def office(write: Write) -> Path:
    """A centre's folder, in which the worker stands."""
    folder = write(OFFICE, "office/office.yaml").parent
    write(CASE, "office/cases/T-1/case.yaml")
    return folder


@pytest.fixture
def opened(command: str, environ: Callable[..., dict[str, str]], office: Path) -> Iterator[Open]:
    """Serve a form, as a person does in a terminal."""
    begun: list[Serving] = []

    def open_it(*arguments: str) -> Serving:
        begun.append(Serving(command, environ("ru"), office, *arguments))
        return begun[-1]

    yield open_it
    for one in begun:
        one.dies()


@pytest.fixture
def see(browser: Any) -> Iterator[See]:
    yield lambda serving: Page(browser, serving.address)
    browser.get("about:blank")


# --- a case from nothing, by keyboard alone ----------------------------------------------------------------

PEOPLE: tuple[dict[str, str], ...] = (
    {"Фамилия": "Ткач", "Имя": "Вера", "Пол": "жен", "Дата рождения": "11.03.1988", "Родство": "мать"},
    {"Фамилия": "Ткач", "Имя": "Олег", "Пол": "муж", "Дата рождения": "17.06.2014", "Родство": "сын"},
    {"Фамилия": "Ткач", "Имя": "Анна", "Пол": "жен", "Дата рождения": "02.09.2017", "Родство": "дочь"},
    {"Фамилия": "Живаго", "Имя": "Пётр", "Пол": "муж", "Дата рождения": "25.12.2021", "Родство": "сын"},
)
REQUEST = {
    "Как поступил": "обращ",
    "Что произошло": "Мать просит помочь\nс кружком для сына",
    "Как семья названа": "семья Ткач",
    "Кого из детей представляет": "Олег Анна Живаго",
}
TAB, SPACE, DOWN, ENTER, F2 = "\ue004", " ", "\ue015", "\ue007", "\ue032"


def test_a_family_with_three_children_from_nothing_by_keyboard_alone(
    opened: Open, see: See, office: Path, run: Run
) -> None:
    serving = opened("new", "T-2026-0001", "--programme", "kurgan_ipss", "--browser")
    page = see(serving)
    people, killed = 0, False
    for _ in range(400):
        page.types(TAB)
        here = page.here
        if here["id"] == "write":
            break
        if here["name"].startswith("Внести") and here["name"].endswith("человека") and people < len(PEOPLE):
            people += 1
            page.types(ENTER)
            here = page.comes_to_item(f"Человек {people}")
        wanted = {**REQUEST, **(PEOPLE[people - 1] if here["part"] == "Члены семьи" else {})}
        keys = next((keys for words, keys in wanted.items() if here["question"].startswith(words)), "")
        if keys and here["question"] == "Имя" and people == 3 and not killed:
            killed = True
            page.saved()
            serving.dies()
            page.types(keys)
            page.sees("papka не отвечает. Набранное остаётся на этой странице")
            assert page.here["question"] == "Имя"
            serving = opened("form", "open", "T-2026-0001", "intake")
            page.saved()
        elif keys:
            answer_by_keys(page, here, keys)
    page.types(ENTER)
    page.sees("Форма записана в дело")

    code, said = serving.ends()
    assert code == 0
    assert "✓ Записано" in said
    case = yamltext.read((office / "cases/T-2026-0001/case.yaml").read_bytes()).data
    assert killed
    assert [one["first_name"] for one in case["family"]["members"]] == ["Вера", "Олег", "Анна", "Пётр"]
    assert case["family"]["members"][0]["legal_representative_of"] == ["m.2", "m.3", "m.4"]
    assert case["referral"]["text"] == "Мать просит помочь\nс кружком для сына"
    checked = run("check", "T-2026-0001", cwd=office)
    assert checked.code == 0, checked.all
    assert not (office / "cases/T-2026-0001/.forms").exists()


def test_a_new_case_gets_its_programme_and_its_code_on_the_page(
    opened: Open, browser: Any, office: Path
) -> None:
    serving = opened("new", "--browser")
    page = Page(browser, serving.address, "Открыть дело")
    page.types(SPACE)
    page.run("document.getElementById('code').value = 'семья'")
    page.run("document.getElementById('open').click()")
    page.sees("не годится для кода дела")
    page.run("document.getElementById('code').value = 'T-7'")
    page.run("document.getElementById('open').click()")
    page.sees("Конец формы")
    page.presses("Внести человека")
    page.comes_to_item("Человек 1")
    page.types("Ткач")
    page.saved()
    serving.stops()

    assert serving.ends()[0] == 3
    assert filled_in_draft(office, "T-7") == [{"id": "m.1", "last_name": "Ткач", "lives_with_family": "да"}]


def filled_in_draft(office: Path, folder: str) -> Any:
    """Return the people of a case that was only begun."""
    filling = new_case(Office(office), folder, "kurgan_ipss")
    filling.draft.resume(filling.sheet)
    return filling.sheet.data["family"]["members"]


def answer_by_keys(page: Page, here: dict[str, str], keys: str) -> None:
    if here["kind"] == "radio":
        page.types(SPACE)
        while not page.here["name"].startswith(keys):
            page.types(DOWN)
    elif here["kind"] == "checkbox":
        while page.here["kind"] == "checkbox":
            if any(word in page.here["name"] for word in keys.split()):
                page.types(SPACE)
            page.types(ENTER)
    else:
        page.types(keys)


# --- what is wrong is told at its field, in the words of the check -----------------------------------------

WRONG = {
    "referral.received_on": "31.02.2025",
    "referral.received_at": "25:00",
    "referral.text": "слово " * 4000,
    "family.phone": "12",
    "family.display_name": "д" * 601,
    "family.members[0].snils": "112-233-445 96",
    "family.members[1].birth_date": "вчера",
    "family.members[0].income_monthly": "много",
    "family.members[0].last_name": "Тка\u202eч",
}


def test_each_wrong_answer_is_told_beside_its_field_in_the_words_of_the_check(
    opened: Open, see: See, office: Path, run: Run
) -> None:
    page = see(opened("form", "open", "T-1", "intake"))
    for path, value in WRONG.items():
        page.answers(path, value)
    page.saved()
    for path in WRONG:
        page.until(lambda path=path: page.error(path), f"a fault at {path}")
    told = {path: page.error(path) for path in WRONG}
    described = page.run(
        "return Object.fromEntries(arguments[0].map((path) => {const one = document.getElementById(`q:${path}`);"
        "return [path, one.getAttribute('aria-invalid') === 'true'"
        " && one.getAttribute('aria-describedby').includes(`q:${path}!`)]}))",
        list(WRONG),
    )

    file = office / "cases/T-1/case.yaml"
    data = yamltext.read(file.read_bytes()).data
    for path, value in WRONG.items():
        *above, last = [int(one) if one.isdigit() else one for one in re.findall(r"\w+", path)]
        follow(data, tuple(above))[last] = value
    file.write_text(json.dumps(data), encoding="utf-8")
    checked = json.loads(run("check", "T-1", "--json", cwd=office, lang="ru").out)["findings"]
    expected = {
        path: f"{one['message']} {one['cure']}".strip()
        for path in WRONG
        for one in checked
        if one["place"].get("path") == path
    }
    assert told == expected
    assert all(described.values())
    assert page.run("return document.querySelectorAll('#form .error:not(:empty)').length") == len(WRONG)


def test_a_wrong_cell_is_told_at_the_cell(opened: Open, see: See, office: Path) -> None:
    example = EXAMPLES / "sos_partnership/examples/kim.yaml"
    (office / "cases/T-1/case.yaml").write_bytes(example.read_bytes())
    page = see(opened("form", "open", "T-1", "score_sheet"))
    page.presses("Заполнить ")
    here = page.comes_to_item("Лист")
    path = here["path"].replace(".on", ".items")
    codes = page.run("return questions.get(arguments[0]).asked.rows.map((row) => row[0])", path)

    page.answers(path, [{"code": codes[2], "score": "2"}, {"code": codes[5], "score": "много"}])

    rows = "return [...questions.get(arguments[0]).node.querySelectorAll('.row')].map((row) => row.innerText)"
    page.until(lambda: "число" in page.run(rows, path)[5], "the fault at its cell")
    assert [at for at, words in enumerate(page.run(rows, path)) if "число" in words] == [5]
    assert page.error(path) == ""


def test_what_is_missing_is_told_at_the_end_and_one_key_leads_there(opened: Open, see: See) -> None:
    page = see(opened("form", "open", "T-1", "contact"))
    page.presses("Записать встречу")
    page.comes_to_item("")
    page.saved()
    assert page.run("return document.querySelectorAll('#form .question .error:not(:empty)').length") == 0

    page.run("document.getElementById('write').focus()")
    page.types(ENTER)
    page.sees("Форма не готова")
    page.types(TAB + ENTER)

    here = page.here
    assert here["path"].startswith("contacts[")
    assert page.error(here["path"])


# --- nothing is lost, nothing is mixed up ------------------------------------------------------------------


def test_a_question_comes_and_goes_without_taking_the_focus(opened: Open, see: See) -> None:
    page = see(opened("form", "open", "T-1", "intake"))
    asked = "return questions.has('family.members[0].document.number')"
    page.goes_to("family.members[0].document.kind")
    assert not page.run(asked)
    page.types("пас")
    page.until(lambda: page.run(asked), "the question that follows")
    assert page.here["path"] == "family.members[0].document.kind"
    page.types(F2)
    page.until(lambda: not page.run(asked), "the question to go")
    assert page.here["path"] == "family.members[0].document.kind"


def test_what_was_added_is_taken_out_when_pressed_twice_and_the_rest_waits_for_another_day(
    opened: Open, see: See, office: Path
) -> None:
    serving = opened("form", "open", "T-1", "intake")
    page = see(serving)
    for number, name in ((3, "Лишний"), (4, "Нужный")):
        page.presses("Внести ещё одного человека")
        page.comes_to_item(f"Человек {number}")
        page.types(name)
        page.saved()
    page.presses("Убрать: Человек 3")
    assert "Убрать вместе с ответами?" in page.text
    page.presses("Убрать вместе")
    page.sees("Человек 3: Нужный")
    page.presses("Отложить на другой день")
    page.sees("На сегодня всё")

    assert serving.ends()[0] == 3
    kept = filled_in(office / "cases/T-1/case.yaml")
    kept.draft.resume(kept.sheet)
    assert [one["last_name"] for one in kept.sheet.data["family"]["members"]] == ["Ткач", "Ткач", "Нужный"]


def test_a_form_that_was_taken_into_another_window_is_left_alone(
    opened: Open, see: See, office: Path
) -> None:
    page = see(opened("form", "open", "T-1", "intake"))
    draft = office / "cases/T-1/.forms/intake.json"
    Bookmark.beside(draft).take()

    page.answers("family.type", "неполная")

    page.sees("Форму открыли в другом окне")
    assert page.run("return document.getElementById('q:family.type').value") == "неполная"
    assert not draft.exists()


def test_another_answer_given_meanwhile_is_shown_beside_ones_own(
    opened: Open, see: See, office: Path
) -> None:
    serving = opened("form", "open", "T-1", "intake")
    page = see(serving)
    page.answers("referral.text", "помочь с работой")
    page.answers("family.type", "неполная")
    page.saved()
    file = office / "cases/T-1/case.yaml"
    file.write_text(
        CASE.replace("просит помочь с кружком", "просит помочь с лагерем # слова матери")
        .replace("position: психолог", "position: юрист"),
        encoding="utf-8",
    )  # fmt: skip
    page.run("document.getElementById('write').click()")
    page.sees("Тем временем на это ответил кто-то ещё")
    # Nobody has decided yet: the next window asks again.
    serving.dies()
    page = see(opened("form", "open", "T-1", "intake"))
    beside = page.run("return questions.get('referral.text').node.innerText")
    assert "В этой форме: помочь с работой" in beside
    assert "В деле сейчас: просит помочь с лагерем" in beside

    page.run("questions.get('referral.text').node.querySelectorAll('.clash button')[1].click()")
    page.until(lambda: "Тем временем" not in page.text, "the clash to go")
    page.run("document.getElementById('write').click()")
    page.sees("Форма записана в дело")
    written = file.read_text(encoding="utf-8")
    assert "text: просит помочь с лагерем # слова матери" in written
    assert "position: юрист" in written
    assert "type: неполная" in written


def test_words_of_a_case_are_words_on_the_page(opened: Open, see: See, office: Path) -> None:
    nasty = "<script>document.title='взлом'</script>\"><img src=x onerror=\"document.title='взлом'\">'&amp;"
    file = office / "cases/T-1/case.yaml"
    data = yamltext.read(CASE.encode()).data
    data["family"]["members"][0]["last_name"] = data["family"]["display_name"] = nasty
    data["family"]["members"][1]["id"] = "c.one"
    data["referral"]["channel"] = nasty
    data["referral"]["urgent"] = ["да", nasty]
    data["referral"]["signs"] = {"a": nasty}
    file.write_text(json.dumps(data), encoding="utf-8")
    page = see(opened("form", "open", "T-1", "intake"))

    assert page.run("return document.getElementById('q:family.display_name').value") == nasty
    assert f"Человек 1: {nasty} Вера" in page.text
    assert page.run("return document.getElementById('q:referral.channel').value") == nasty
    assert page.error("referral.channel")
    assert page.browser.title == "Первичный приём — papka"
    assert page.run("return document.querySelectorAll('img').length") == 0
    assert page.run("return document.querySelectorAll('body script').length") == 0


@pytest.mark.parametrize("seed", range(200 if os.environ.get("PAPKA_LONG") else 2))
def test_random_answers_come_back_exactly(seed: int, opened: Open, see: See, office: Path) -> None:
    dice = random.Random(seed)
    examples = sorted(EXAMPLES.glob("*/examples/[!r]*.yaml"))
    file = office / "cases/T-1/case.yaml"
    file.write_bytes(dice.choice(examples).read_bytes())
    shadow = filled_in(file)
    form = dice.choice(list(shadow.sheet.plugins.method(shadow.sheet.programme.id).questions))
    shadow = filled_in(file, form)
    page = see(opened("form", "open", "T-1", form))
    shadow.sheet.begun()
    for part in shadow.sheet.parts():
        if part.adds and shadow.sheet.form.parts[part.index].among is None and dice.random() < 0.6:
            number = shadow.sheet.add(part.index)
            page.run("parts.get(arguments[0]).more.click()", part.index)
            page.has_item(part.index, number)
            shadow.sheet.begun()
    for asked in list(shadow.sheet.questions()):
        if shadow.sheet.question(asked.place) is None or dice.random() < 0.4:
            continue
        value = right_answer(shadow.sheet, asked, dice)
        # «false» of a file is «нет» on the page: who chooses «нет» there has changed nothing.
        if value is None or (asked.kind in ("table", "yes_no") and asked.value):
            continue
        page.has_question(asked.path)
        page.answers(asked.path, value)
        shadow.sheet.answer(asked.place, value)
        shadow.sheet.begun()
    page.saved()

    kept = filled_in(file, form)
    kept.draft.resume(kept.sheet)
    kept.sheet.begun()
    assert {one.path: one.value for one in kept.sheet.questions()} == {
        one.path: one.value for one in shadow.sheet.questions()
    }
    if not shadow.sheet.faults() and not shadow.sheet.others():
        page.run("document.getElementById('write').click()")
        page.sees("Форма записана в дело")
        written = yamltext.read(file.read_bytes()).data
        for one in shadow.sheet.questions():
            assert as_answer(follow(written, one.place)) == one.value, one.path


def filled_in(file: Path, form: str = "intake") -> Filling:
    return on_case(str(file), form, file.parent, Plugins())


# --- everybody can use it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("example", "form"),
    [
        ("kurgan_ipss/examples/chernykh_shevchenko.yaml", "intake"),
        ("sos_partnership/examples/kim.yaml", "score_sheet"),
    ],
)
def test_axe_finds_nothing_and_all_fits_a_telephone(
    opened: Open, see: See, office: Path, example: str, form: str
) -> None:
    (office / "cases/T-1/case.yaml").write_bytes((EXAMPLES / example).read_bytes())
    page = see(opened("form", "open", "T-1", form))
    page.presses("Внести" if form == "intake" else "Заполнить")
    page.comes_to_item("")
    page.run("document.getElementById('write').click()")
    page.sees("Форма не готова")
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.run("return document.querySelectorAll('.question .error:not(:empty)').length") > 0
    assert axe_findings(page.browser) == []
    for width in (360, 640, 1280):
        page.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        assert page.run("return document.documentElement.scrollWidth <= innerWidth"), width
    page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


# --- a door for one ----------------------------------------------------------------------------------------


class Caller:
    """Somebody who speaks to papka without a browser."""

    def __init__(self, address: str) -> None:
        self.parts = urlsplit(address)
        self.base = self.parts.path
        self.own = {"Host": self.parts.netloc}

    def asks(
        self, path: str, method: str = "GET", body: str = "", **headers: str
    ) -> http.client.HTTPResponse:
        said = {**self.own, **{name.replace("_", "-"): value for name, value in headers.items()}}
        line = http.client.HTTPConnection("127.0.0.1", self.parts.port, timeout=20)
        line.putrequest(method, path, skip_host=True)
        for name, value in {**said, "Content-Length": str(len(body))}.items():
            line.putheader(name, value)
        line.endheaders(body.encode())
        return line.getresponse()


def test_the_door_opens_once_for_one_browser_of_this_computer(opened: Open, office: Path) -> None:
    serving = opened("form", "open", "T-1", "intake")
    caller = Caller(serving.address)
    key = f"{caller.base}?{caller.parts.query}"

    assert caller.asks(f"{caller.base}?key=wrong").status == 403
    assert caller.asks(key, Host=f"evil.example:{caller.parts.port}").status == 403
    let_in = caller.asks(key)
    assert let_in.status == 303
    cookie = let_in.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path={caller.base}" in cookie
    assert caller.asks(key).status == 403

    mine = {"Cookie": cookie.split(";")[0]}
    assert caller.asks(f"{caller.base}state").status == 403
    assert caller.asks(f"{caller.base}state", **mine, Host="localhost").status == 403
    told = caller.asks(f"{caller.base}state", **mine)
    assert "семья Ткач" in told.read().decode()
    assert told.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in told.headers["Content-Security-Policy"]
    page = caller.asks(caller.base, **mine).read().decode()
    assert "Ткач" not in page
    assert not re.search(r"https?://|<style|<script>|\son\w+=", page.replace("http://www.w3.org", ""))

    deed = json.dumps({"deeds": [{"do": "answer", "place": ["family", "phone"], "value": "8-900-000-00-00"}]})
    right = {**mine, "Content_Type": "application/json", "Origin": f"http://{caller.parts.netloc}"}
    to = f"{caller.base}do"
    assert caller.asks(to, "POST", deed, **{**right, "Origin": "http://evil.example"}).status == 403
    assert (
        caller.asks(to, "POST", deed, **{name: one for name, one in right.items() if name != "Origin"}).status
        == 403
    )
    assert caller.asks(to, "POST", deed, **{**right, "Content_Type": "text/plain"}).status == 403
    assert caller.asks(to, "POST", deed, **{**right, "Cookie": "papka=guess"}).status == 403
    assert caller.asks(to, "POST", deed.replace("phone", "papka"), **right).status == 400
    assert not (office / "cases/T-1/.forms/intake.json").exists()
    assert caller.asks(to, "POST", deed, **right).status == 200

    serving.stops()
    code, said = serving.ends()
    assert code == 3
    assert "Все ответы сохранены" in said
    assert "Ткач" not in said
    assert "8-900" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of files are POSIX ones")
def test_what_lies_beside_a_form_is_for_its_owner_only(opened: Open, office: Path) -> None:
    opened("form", "open", "T-1", "intake")
    kept = list((office / "cases/T-1/.forms").iterdir())
    assert kept
    assert all(one.stat().st_mode & 0o077 == 0 for one in kept)


def test_the_door_closes_when_nobody_is_there(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_CLOSED", 0.0)
    served = server.Server(Desk(filled_in(office / "cases/T-1/case.yaml")), Door())
    served.run()
    with pytest.raises(OSError):
        http.client.HTTPConnection("127.0.0.1", served.door.port, timeout=5).connect()


def test_one_form_is_open_in_one_window(opened: Open, office: Path, run: Run) -> None:
    opened("form", "open", "T-1", "intake")
    second = run("form", "open", "T-1", "intake", "--no-window", cwd=office, lang="ru")
    assert second.code == 1
    assert "открыта в другом окне" in second.err
