"""Where each sentence of a paper comes from, and by what a paper became stale."""

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from pydantic import BaseModel
from reading import EXAMPLES, PLUGINS

from papka.core import yamltext
from papka.core.contract.case import Case
from papka.core.errors import PapkaError
from papka.core.loading import load_case
from papka.core.opening import OpenCase, open_case
from papka.core.paths import dotted
from papka.output.explaining.sourcemap import SourceMap
from papka.output.explaining.sources import paragraphs_of, sources_of
from papka.output.issued.issuing import IssueOrder, issue
from papka.output.issued.standing import Standing, standings
from papka.output.letters import visible_text
from papka.output.package import W
from papka.output.rendering import Press, Rendered
from papka.output.template import Template

CHERNYKH = next(one for one in EXAMPLES if one.stem == "chernykh_shevchenko")
DAY = date(2026, 9, 1)
ISSUED = ("krg_agreement", "krg_application", "krg_level_conclusion", "krg_ipss", "com_surroundings_memo")


# --- the map ---------------------------------------------------------------------------------------------


def papers(programme: str) -> Iterator[tuple[OpenCase, Press, Rendered]]:
    """Draw each document of a programme once, each for another of its families in turn.

    Of the forms that regions share, the first programme's are enough.
    """
    first, *_ = PLUGINS.programmes()
    shared = PLUGINS.method(first).papers if programme != first else {}
    files = PLUGINS.programmes()[programme].examples()
    cases = [open_case(str(file), Path.cwd(), PLUGINS) for file in files]
    press = Press(PLUGINS.method(programme), PLUGINS.language)
    for number, document in enumerate(press.method.papers):
        for opened in (*cases[number % len(cases) :], *cases[: number % len(cases)]):
            if document in shared:
                continue
            try:
                *_, last = press.render(opened.case, document, DAY)
            except PapkaError:
                continue
            yield opened, press, last
            break


@cache
def template_words(path: Path, part: str) -> list[str]:
    return [visible_text(one) for one in Template.open(path).package.xml(part).iter(f"{W}p")]


TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def always(words: str) -> list[str]:
    """Return the words of a template's paragraph that stand outside of all tags and blocks."""
    found, depth, at = [], 0, 0
    for tag in TAG.finditer(words):
        found += [words[at : tag.start()]] if depth == 0 else []
        word = re.match(r"\{%-?\s*(?:(?:p|tr|tc|r)\s+)?(\w+)", tag[0])
        depth += {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(word[1], 0) if word else 0
        if depth < 0:  # the block was opened in a paragraph before
            found, depth = [], 0
        at = tag.end()
    return [one for one in [*found, words[at:] if depth == 0 else ""] if one.strip()]


@pytest.mark.parametrize("programme", PLUGINS.programmes())
def test_each_paragraph_of_each_paper_is_found_in_its_template(programme: str) -> None:
    seen = 0
    for opened, press, paper in papers(programme):
        known = SourceMap.of(sources_of(press, opened, paper, DAY))
        assert known is not None, paper.document
        for part, one in known.parts.items():
            texts = paragraphs_of(paper.content, part)
            words = template_words(press.paper(paper.document).template, part)
            assert len(texts) == len(one.paragraphs)
            whole = "\n".join(texts)
            for text, origin in zip(texts, one.paragraphs, strict=True):
                if not origin.paragraph:
                    assert not text.strip()
                    continue
                pieces = always(words[origin.paragraph - 1])
                # What a value has split over several paragraphs stands in one of them.
                assert all(piece in text or piece.strip() in whole for piece in pieces)
                if pieces and not TAG.search(words[origin.paragraph - 1]):
                    assert text == words[origin.paragraph - 1]
                    seen += 1
    assert seen > 100


def with_canaries(model: Any) -> Any:
    """Put a word that nobody else uses into each text and each code of a case."""
    if isinstance(model, tuple):
        return tuple(map(with_canaries, model))
    if type(model) is str:
        return f"{model}кнрк"
    if not isinstance(model, BaseModel):
        return model
    kept = {"papka", "programme", "level", "scale", "code"}
    update = {n: with_canaries(getattr(model, n)) for n in type(model).model_fields if n not in kept}
    return model.model_copy(update=update)


def test_a_map_holds_no_word_and_no_day_of_the_family() -> None:
    opened = open_case(str(CHERNYKH), Path.cwd(), PLUGINS)
    opened = replace(opened, case=with_canaries(opened.case))
    press = Press(opened.method, PLUGINS.language)
    birthdays = {str(one.birth_date) for one in opened.case.family.members}
    for document in ("krg_agreement", "krg_ipss", "krg_case_card", "com_file_cover"):
        paper = next(press.render(opened.case, document, DAY))
        assert any("кнрк" in text for text in paragraphs_of(paper.content, "word/document.xml"))
        told = json.dumps(sources_of(press, opened, paper, DAY), ensure_ascii=False)
        assert "кнрк" not in told
        assert not any(day in told for day in birthdays)


# --- an office -------------------------------------------------------------------------------------------


def found(folder: Path, case: Path, documents: tuple[str, ...]) -> Path:
    from papka.output.issued.founding import found_office

    found_office(folder, "Центр «Проба»", "ru")
    (folder / "cases" / "one").mkdir()
    shutil.copy(case, folder / "cases" / "one" / "case.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = issue(IssueOrder("one", documents, pdf=False, day=DAY))
    assert {one.result for one in done} == {"issued"}
    return folder


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found(tmp_path_factory.mktemp("why") / "office", CHERNYKH, ISSUED)


@pytest.fixture
def office(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    shutil.copytree(founded, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def paper(office: Path) -> Callable[[str], Path]:
    """Give the first paper of a kind; codes are random, the order of writing is not."""
    issued = office / "cases" / "one" / "issued"
    return lambda document: min(issued.glob(f"{document}_*.docx"), key=lambda one: one.stat().st_mtime_ns)


def change(office: Path, old: str, new: str) -> None:
    case = office / "cases" / "one" / "case.yaml"
    text = case.read_text("utf-8")
    assert old in text
    case.write_text(text.replace(old, new, 1), "utf-8")


Paper = Callable[[str], Path]


def test_a_sentence_is_told_its_paragraph_condition_field_line_and_value(here: Run, paper: Paper) -> None:
    ran = here("why", paper("krg_agreement"), "Шевченко Игорь Олегович, 02.03.1988")

    assert ran.code == 0, ran.all
    assert "krg_agreement.docx, paragraph 27" in ran.out
    assert "{%p for сторона in соглашение.стороны %} (paragraph 26)" in ran.out
    assert "Соглашение с семьёй → Кто подписывает от семьи" in ran.out
    lines = CHERNYKH.read_text("utf-8").splitlines()
    line = next(n for n, one in enumerate(lines, start=1) if "birth_date: 1988-03-02" in one)
    assert f"Семья → Члены семьи, 2 → Дата рождения · case.yaml, line {line} · «02.03.1988»" in ran.out
    # Of the other party's turn of the loop nothing is told.
    assert "Члены семьи, 1 →" not in ran.out
    told = here("why", paper("krg_agreement"), "Шевченко Игорь Олегович, 02.03.1988", "--json").out
    assert '"line"' in told and "1988" not in told and "Шевченко" not in told


def test_the_rule_that_spoke_is_named_with_its_source(here: Run, paper: Paper) -> None:
    told = json.loads(here("why", paper("krg_level_conclusion"), "строка KRG-L1", "--json").out)

    assert [one["rule"] for one in told["sentences"][0]["rules"]] == ["KRG-L1"]
    assert told["sentences"][0]["rules"][0]["source"]["kind"] == "inferred"
    assert told["source"]["text"] and told["same_case"] and told["same_template"]


def test_an_else_names_the_condition_that_did_not_hold(here: Run, paper: Paper) -> None:
    told = json.loads(here("why", paper("krg_agreement"), "далее — Центр) в лице", "--json").out)

    conditions = [(one["tag"], one["holds"]) for one in told["sentences"][0]["conditions"]]
    assert conditions == [("{%p if документ.пустой %}", False), ("{%p else %}", True)]


def test_words_are_found_as_they_are_copied_from_a_page(here: Run, paper: Paper) -> None:
    file = paper("krg_agreement")
    code = file.stem.rpartition("_")[2]

    for asked in ("5.1.  участвовать в оцен-\nке своей\u00a0ситуации", "УЧАСТВОВАТЬ в «оценке» своей"):
        told = json.loads(here("why", code, asked, "--json").out)
        assert [one["template"]["text"][:25] for one in told["sentences"]] == [
            "Участвовать в оценке своей"[:25]
        ]
    near = here("why", file, "Участвовать в уценке своей ситуяции")
    assert near.code == 1
    assert "Did you mean: «Участвовать в оценке своей ситуации" in near.out
    assert here("why", file, "…").code == 2


def test_values_are_shown_only_while_the_case_is_as_it_was(here: Run, office: Path, paper: Paper) -> None:
    file = paper("krg_agreement")
    change(office, "last_name: Шевченко", "last_name: Бойко")

    ran = here("why", file, "Шевченко Игорь Олегович, 02.03.1988")

    assert ran.code == 0
    assert "Семья → Члены семьи, 2 → Дата рождения" in ran.out and "«02.03.1988»" not in ran.out
    assert "values are not shown" in ran.out


def test_after_the_template_was_changed_the_tags_of_that_day_are_told(
    here: Run, office: Path, paper: Paper
) -> None:
    file = paper("krg_agreement")
    own = office / "templates" / "krg_agreement.docx"
    edit_template(open_case("one", office).method.papers["krg_agreement"].template, own)

    ran = here("why", file, "Шевченко Игорь Олегович, 02.03.1988")

    assert "{{ сторона.фио }} (paragraph 27)" in ran.out
    assert "The template has changed since" in ran.out
    assert [one.said() for one in state(office)["krg_agreement"].because] == ["the template"]


def edit_template(template: Path, into: Path) -> None:
    from docx import Document

    word = Document(str(template))
    at = next(one for one in word.paragraphs if one.text.startswith("Участвовать в оценке"))
    at.runs[0].text = "Сначала " + at.runs[0].text
    word.save(str(into))


def test_what_was_typed_into_the_paper_by_hand_is_told_as_such(here: Run, office: Path, paper: Paper) -> None:
    from docx import Document

    word = Document(str(paper("krg_agreement")))
    word.paragraphs[8].add_run(" Пеня один процент в день.")
    altered = office / "правка.docx"
    word.save(str(altered))

    ran = here("why", altered, "Пеня один процент")

    assert ran.code == 1
    assert "by hand" in ran.out
    assert here("why", altered, "Участвовать в оценке").code == 0


def test_a_draft_is_explained_while_the_case_still_gives_it(here: Run, office: Path) -> None:
    assert here("render", "one", "krg_agreement").code == 0
    draft = office / "cases" / "one" / "papers" / "krg_agreement.docx"

    ran = here("why", draft, "Шевченко Игорь Олегович, 02.03.1988")
    change(office, "last_name: Шевченко", "last_name: Бойко")
    later = here("why", draft, "Шевченко Игорь Олегович, 02.03.1988")

    assert ran.code == 0 and "a draft" in ran.out and "«02.03.1988»" in ran.out
    assert later.code == 1 and "papka render" in later.all and "1988" not in later.all


# --- why a paper is stale --------------------------------------------------------------------------------


def state(office: Path, opened: OpenCase | None = None) -> dict[str, Standing]:
    from papka.core.journal.journal import Journal

    book = Journal.open(office / "journal.db")
    try:
        known = standings(opened or open_case("one", office, PLUGINS), book, date.today())
    finally:
        book.close()
    return {name: one for name, papers in known.items() for one in papers if one.entry}


def other(value: str, chance: random.Random) -> str | None:
    """Return another value of the same kind."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(days=chance.choice([-1, 1]))).isoformat()
    if re.fullmatch(r"\d+", value):
        return str(int(value) + 1)
    return f"{value} ино" if re.search("[а-я]", value) else None


def is_text(data: Any, loc: tuple[Any, ...]) -> bool:
    for step in loc:
        data = data[step]
    return isinstance(data, str) and bool(loc) and isinstance(loc[-1], str)


def single_changes(case: Path, count: int) -> Iterator[tuple[str, str]]:
    """Go through ways to change one field of a case so that it is still a case: its path, the new file."""
    read, chance = yamltext.read(case.read_bytes()), random.Random(11)
    fields = [(loc, spot) for loc, spot in read.values.items() if is_text(read.data, loc)]
    chance.shuffle(fields)
    for loc, spot in fields:
        found = re.match(r"^(\s*(?:- )?\w+: )([^|>\[{\"'].*)$", read.excerpt(spot))
        new = other(found[2], chance) if found else None
        if found is None or new is None or count == 0:
            continue
        lines = list(read.lines)
        lines[spot.line - 1] = found[1] + new
        case.write_text("\n".join(lines), "utf-8")
        try:
            load_case(case)
        except PapkaError:
            continue
        count -= 1
        yield dotted(loc), new


def test_status_names_exactly_the_field_that_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    # A family with few papers: each change draws all of them again.
    small = next(one for one in EXAMPLES if one.stem == "bezotchestva")
    press = Press(PLUGINS.method("kurgan_ipss"), PLUGINS.language)
    case = open_case(str(small), Path.cwd(), PLUGINS).case
    office = found(tmp_path / "office", small, tuple(drawn(press, case)))
    monkeypatch.chdir(office)
    stale = 0
    for path, new in single_changes(office / "cases" / "one" / "case.yaml", 20):
        try:
            opened = open_case("one", office, PLUGINS)
        except PapkaError:
            continue
        for one in state(office, opened).values():
            if one.word == "stale":
                stale += 1
                assert [cause.path for cause in one.because] == [path], (one.document, path)
                assert len(new) < 5 or new not in one.line()
    assert stale > 10


def drawn(press: Press, case: Case) -> Iterator[str]:
    for document in press.method.papers:
        try:
            yield from {one.document for one in press.render(case, document, DAY)}
        except PapkaError:
            continue


def test_papers_that_do_not_look_at_a_field_stay_issued(here: Run, office: Path) -> None:
    change(office, "street: ул. Заречная", "street: ул. Полевая")

    words = {name: one.word for name, one in state(office).items()}
    shown = here("status", "one").out

    assert words["krg_agreement"] == words["krg_application"] == "stale"
    assert words["com_surroundings_memo"] == "issued"
    assert "stale, for this has changed: Семья → Адрес регистрации → Улица" in shown


def case_text(office: Path) -> str:
    return (office / "cases" / "one" / "case.yaml").read_text("utf-8")


def test_somebody_who_came_or_went_is_told_as_one_change(office: Path, english: None) -> None:
    text = case_text(office)
    first = text.index("  members:\n") + len("  members:\n")
    newborn = (
        "    - id: c.new\n      last_name: Черных\n      first_name: Яна\n      sex: female\n"
        "      birth_date: 2015-01-30\n      relation: дочь\n"
    )
    (office / "cases" / "one" / "case.yaml").write_text(text[:first] + newborn + text[first:], "utf-8")

    because = state(office)["krg_application"].because

    assert [(one.path, one.words) for one in because] == [("family.members", "Семья → Члены семьи")]


def test_many_changes_are_named_in_part_and_counted(office: Path, english: None) -> None:
    text = case_text(office).replace("last_name: Черных", "last_name: Белых")
    (office / "cases" / "one" / "case.yaml").write_text(text.replace("ул. Заречная", "ул. Полевая"), "utf-8")

    one = state(office)["krg_application"]

    assert [cause.words for cause in one.because if "Улица" in (cause.words or "")]
    assert len(one.because) == 4
    assert one.line().count("→ Фамилия") == 2 and one.line().endswith("and 1 more")


def test_a_paper_of_an_older_papka_still_says_what_it_can(
    office: Path, english: None, here: Run, paper: Paper
) -> None:
    file = paper("krg_agreement")
    file.with_suffix("").with_suffix(".card.json").unlink()
    change(office, "street: ул. Заречная", "street: ул. Полевая")

    assert [one.said() for one in state(office)["krg_agreement"].because] == ["the case"]
    assert "older papka" in here("why", file, "Шевченко").all
