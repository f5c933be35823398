"""Pictures in papers: they stand there, they say the same as the words, and they live through a copier."""

import io
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from reading import PLUGINS, REGIONS, as_word, words

from papka.core import Picture, Record, load_case
from papka.core.opening import open_case
from papka.core.rules.situation import Situation
from papka.core.rules.views import vocabulary_of
from papka.core.typecheck import Checker
from papka.output.pictures import filters
from papka.output.rendering import Press, Rendered

KIM = REGIONS["sos_partnership"].folder / "examples" / "kim.yaml"
CHERNYKH = REGIONS["kurgan_ipss"].folder / "examples" / "chernykh_shevchenko.yaml"
DAY = date(2026, 5, 6)
BLACK = 128

CLAN = """\
  unions:
  - {first: g1, second: g2, status: divorced}
  - {first: g3, second: g4, status: widowed}
  - {first: m, second: f, status: divorced}
  - {first: m, second: s, status: cohabiting}
  members:
  - {id: old, last_name: Салтыкова-Щедрина, first_name: Агриппина, sex: female, relation: прабабушка,
     birth_date: 1930-01-02, died_on: 2020-05-05}
  - {id: g1, last_name: Константинопольский, first_name: Владимир, sex: male, relation: дедушка,
     birth_date: 1955-01-02, lives_with_family: false}
  - {id: g2, last_name: Константинопольская, first_name: Нина, sex: female, relation: бабушка, mother: old,
     birth_date: 1957-01-02}
  - {id: g3, last_name: Ким, first_name: Олег, sex: male, relation: дедушка, died_on: 2021-02-03}
  - {id: g4, last_name: Ким, first_name: Галина, sex: female, relation: бабушка, lives_with_family: false}
  - {id: m, last_name: Преображенская, first_name: Екатерина, sex: female, relation: мать, mother: g2,
     father: g1, birth_date: 1985-01-02, legal_representative_of: [c1, c2, c3]}
  - {id: aunt, last_name: Орлова, first_name: Мария, sex: female, relation: тётя, mother: g2, father: g1,
     lives_with_family: false}
  - {id: f, last_name: Ким, first_name: Александр, sex: male, relation: отец, mother: g4, father: g3,
     lives_with_family: false}
  - {id: s, last_name: Гусь, first_name: Сергей, sex: male, relation: отчим}
  - {id: c2, last_name: Ким, first_name: Лия, sex: female, relation: дочь, mother: m, father: f,
     birth_date: 2014-03-03}
  - {id: c1, last_name: Ким, first_name: Артём, sex: male, relation: сын, mother: m, father: f,
     birth_date: 2011-03-03}
  - {id: c3, last_name: Гусь, first_name: Пётр, sex: male, relation: сын, mother: m, father: s,
     birth_date: 2024-03-03}
"""


@cache
def paper(example: Path, document: str, index: int) -> Rendered:
    opened = open_case(str(example), Path.cwd(), PLUGINS)
    press = Press(opened.method, PLUGINS.language)
    return next(iter(press.render(opened.case, document, DAY, index)))


def facts(path: Path, day: date = DAY) -> Mapping[str, object]:
    case = load_case(path)
    return Situation(case.as_of(day), REGIONS[case.programme].programme, PLUGINS.language, day).context


def record(found: object) -> Record:
    assert isinstance(found, Record)
    return found


def picture(made: object) -> Picture:
    assert isinstance(made, Picture)
    return made


def pictures_in(content: bytes) -> tuple[list[bytes], list[str]]:
    """The pictures that a Word file holds, and what a screen reader says of them, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        media = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/papka")]
        shown = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', archive.read("word/document.xml").decode())
    return media, shown


def ink(png: bytes) -> Image.Image:
    """What a printer leaves on paper that knows black and white only."""
    return Image.open(io.BytesIO(png)).convert("L").point(lambda grey: 0 if grey < BLACK else 255)


def family(write: Callable[..., Path], case_text: str, members: str) -> Record:
    head, rest = case_text.split("  members:\n")
    tail = rest[rest.index("referral:") :]
    return record(facts(write(head + members + tail))["family"])


# --- in the papers -----------------------------------------------------------------------------------------

PLACES = (
    (KIM, "sos_needs_triangle", 1, ("Потребности развития ребёнка, 11 баллов из 21", "острая (3) — доход")),
    (
        KIM,
        "sos_deep_assessment",
        1,
        ("её мать — Эльмира Цой", "Орган опеки и попечительства — связь напр", "27"),
    ),
    (KIM, "sos_monitoring", 2, ("04.03.2026 — 11, низкий", "Полная занятость матери — срок 31.03.2026")),
    (KIM, "sos_closure", 1, ("13.04.2026 — 7, низкий", "снизилась на 20")),
    (CHERNYKH, "krg_final_monitoring", 1, ("достигнута частично — 1", "перенесён с 30.05.2025")),
)


@pytest.mark.parametrize(("example", "document", "index", "told"), PLACES, ids=[one[1] for one in PLACES])
def test_a_paper_shows_its_pictures_and_says_each_in_words(
    example: Path, document: str, index: int, told: tuple[str, ...]
) -> None:
    media, said = pictures_in(paper(example, document, index).content)

    assert len(media) == len(said) > 0
    for phrase in told:
        assert phrase in " ".join(said).replace("\u00a0", " ")


def test_the_words_beside_a_picture_are_those_a_screen_reader_says() -> None:
    drawn = paper(KIM, "sos_deep_assessment", 2)
    printed = list(words(as_word(drawn)))
    genogram, ecomap, profile = pictures_in(drawn.content)[1]

    assert [text for text in printed if text in (genogram, ecomap)] == [genogram, ecomap]
    totals = re.findall(r"критерии: (\d+) из (\d+)", profile)
    table = [printed[at + 1 : at + 4] for at, text in enumerate(printed) if text.endswith("критерии")]
    assert totals == [(row[1], row[2]) for row in table[-4:]]


def test_the_same_facts_give_the_same_bytes_and_other_facts_another_picture() -> None:
    before, now = facts(KIM, date(2025, 10, 1)), facts(KIM)
    once = picture(filters.trend_picture(now["risk"]))
    filters._drawn.cache_clear()

    assert picture(filters.trend_picture(facts(KIM)["risk"])).png == once.png
    assert picture(filters.trend_picture(before["risk"])).png != once.png


def all_pictures(now: Mapping[str, object]) -> list[Picture]:
    triangles, cards = now["needs_triangles"], now["monitoring"]
    assert isinstance(triangles, tuple) and isinstance(cards, tuple)
    return [
        picture(one)
        for one in (
            filters.triangle_picture(triangles[0]),
            filters.risk_picture(now["risk"]),
            filters.trend_picture(now["risk"]),
            filters.genogram_picture(now["family"]),
            filters.ecomap_picture(now["family"], now["surroundings"]),
            filters.progress_picture(record(cards[-1])["tasks"], DAY, now["plans"]),
        )
    ]


def test_a_picture_has_its_size_at_300_dots_an_inch_and_nothing_of_its_maker() -> None:
    for one in all_pictures(facts(KIM)):
        width, height = struct.unpack(">II", one.png[16:24])
        image = Image.open(io.BytesIO(one.png))

        assert (width, height) == (round(one.width_mm / 25.4 * 300), round(one.height_mm / 25.4 * 300))
        assert one.width_mm == pytest.approx(170, abs=0.1)
        assert set(image.info) == {"dpi"} and image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


# --- black and white ---------------------------------------------------------------------------------------


def test_no_picture_needs_grey() -> None:
    # Letters and slanting lines have soft edges; what is wider than those is a surface in grey.
    for one in all_pictures(facts(KIM)):
        grey = Image.open(io.BytesIO(one.png)).point(lambda shade: 255 if 60 < shade < 200 else 0)
        assert grey.filter(ImageFilter.MinFilter(5)).getbbox() is None, one.text[:30]


def test_what_is_now_and_what_was_before_differ_without_any_colour() -> None:
    from papka.output.pictures.risk import Group, Profile, draw_profile

    def darkest(group: Group) -> float:
        png, _, _ = draw_profile(Profile((group,), date(2026, 1, 2), date(2025, 1, 2), 9, 12))
        image = ink(png)
        box = image.crop((int(image.width * 0.3), 0, int(image.width * 0.7), int(image.height * 0.62)))
        rows = [box.crop((0, y, box.width, y + 20)) for y in range(0, box.height - 20, 10)]
        return max(row.histogram()[0] / row.width / row.height for row in rows)

    black, hatched = darkest(Group("Группа", 12, None, 12)), darkest(Group("Группа", 0, 12, 12))
    assert black > 0.95
    assert 0.1 < hatched < 0.6


def test_every_kind_of_tie_and_every_direction_of_help_looks_its_own_way() -> None:
    from papka.output.pictures.ecomap import Ecomap, Tie, draw_ecomap

    kinds = [(tie, "none") for tie in ("strong", "ordinary", "weak", "stressful", "broken", "")]
    kinds += [("ordinary", help_) for help_ in ("to_family", "from_family", "both")]
    seen = set()
    for tie, help_ in kinds:
        image = ink(draw_ecomap(Ecomap("семья Ткач", (), (Tie("школа", "", tie, help_, ""),)))[0])
        # Between the box above and the family in the middle.
        seen.add(image.crop((940, 290, 1070, 470)).tobytes())
    assert len(seen) == len(kinds)


# --- the genogram ------------------------------------------------------------------------------------------


def test_twelve_people_of_four_generations_stand_in_order(write: Callable[..., Path], case_text: str) -> None:
    from papka.output.pictures.genogram import laid_out
    from papka.output.pictures.kinship import kin_of

    kin = kin_of(family(write, case_text, CLAN))
    assert kin is not None
    layout = laid_out(kin, 14, lambda name, _: name.replace(" ", "\n"))

    level = {one: number for number, row in enumerate(layout.rows) for one in row}
    assert [level[one] for one in ("old", "g1", "m", "c1")] == [0, 1, 2, 3]
    for row in layout.rows:
        assert all(layout.x[b] - layout.x[a] >= 12 for a, b in pairwise(row))
    assert layout.x["c1"] < layout.x["c2"] < layout.x["c3"]
    for a, b in (("g1", "g2"), ("g3", "g4"), ("m", "f"), ("m", "s")):
        assert layout.between(a, b) in ((a, b), (b, a))
    middle = (layout.x["m"] + layout.x["f"]) / 2
    assert middle == pytest.approx((layout.x["c1"] + layout.x["c2"]) / 2, abs=0.1)
    assert all(8 < x < 162 for x in layout.x.values())


def test_a_genogram_says_who_died_who_parted_and_who_lives_together(
    write: Callable[..., Path], case_text: str
) -> None:
    made = picture(filters.genogram_picture(family(write, case_text, CLAN)))
    said = made.text.replace("\u00a0", " ")

    assert "Агриппина Салтыкова-Щедрина — прабабушка, умерла в возрасте 90 лет" in said
    assert "Екатерина Преображенская и Александр Ким: в разводе" in said
    assert "Лия Ким — дочь, 12 лет; её мать — Екатерина Преображенская; её отец — Александр Ким" in said
    home = said[said.index("Живут вместе") :]
    assert "Сергей Гусь" in home and "Александр Ким" not in home and "Агриппина" not in home


def test_a_parent_is_not_invented(write: Callable[..., Path], case_text: str) -> None:
    members = """\
  members:
  - {id: m, last_name: Ткач, first_name: Вера, sex: female, relation: мать, legal_representative_of: [c]}
  - {id: p, last_name: Гусь, first_name: Иван, sex: male, relation: сожитель матери}
  - {id: c, last_name: Ткач, first_name: Олег, sex: male, relation: сын}
  - {id: g, last_name: Ткач, first_name: Лия, sex: female, relation: дочь}
"""
    said = picture(filters.genogram_picture(family(write, case_text, members))).text

    assert "Олег Ткач — сын; его мать — Вера Ткач." in said
    assert "Лия Ткач — дочь." in said
    assert "отец" not in said


def test_facts_that_go_round_in_a_circle_still_give_a_genogram(
    write: Callable[..., Path], case_text: str
) -> None:
    from papka.output.pictures.kinship import Couple, Kin, Person, arranged

    def person(own: str, *parents: str) -> Person:
        return Person(own, own, "", True, None, False, True, None, parents)

    kin = Kin((person("a", "c"), person("b", "a"), person("c", "b")), (Couple("a", "b", "married"),))
    assert sorted(one for row in arranged(kin) for one in row) == ["a", "b", "c"]


# --- the other ends ----------------------------------------------------------------------------------------


def test_a_risk_above_its_band_is_named_at_its_point(tmp_path: Path) -> None:
    text = KIM.read_text("utf-8")
    at = text.index("scores:")
    changed = text[:at] + text[at:].replace("  scale: risk\n", "  scale: risk\n  life_threat: true\n", 1)
    path = tmp_path / "case.yaml"
    path.write_text(changed, "utf-8")
    said = picture(filters.trend_picture(facts(path)["risk"])).text

    assert "26.03.2025 — 27, высокий" in said
    assert "средний — от 16 до 31" in said
    assert "следует из отдельного признака" in said


def test_where_there_is_nothing_to_show_the_words_say_so(write: Callable[..., Path], case_text: str) -> None:
    bare = facts(write(case_text.replace("kurgan_ipss", "sos_partnership")))

    assert filters.trend_picture(bare["risk"]) == "Оценок риска пока нет, показать нечего."
    assert "указано" in str(filters.ecomap_picture(bare["family"], bare["surroundings"]))
    assert filters.progress_picture(bare["tasks"]) == "Задач пока нет, показать нечего."


def test_thirty_tasks_and_sixteen_ties_fit_a_page() -> None:
    from papka.output.pictures.ecomap import Ecomap, Tie, draw_ecomap
    from papka.output.pictures.progress import Progress, Step, draw_progress

    steps = tuple(
        Step(n, "Длинное название задачи " * 5, None, (date(2026, 1, n),), "planned", "не начата", None)
        for n in range(1, 31)
    )
    ties = tuple(Tie("Комплексный центр социального обслуживания", "", "", "", "") for _ in range(20))

    for _, _, height in (draw_progress(Progress(steps, DAY)), draw_ecomap(Ecomap("семья", (), ties))):
        assert height < 250


def test_an_empty_form_has_room_to_draw_by_hand() -> None:
    press = Press(PLUGINS.method("sos_partnership"), PLUGINS.language)
    media, said = pictures_in(press.blank("sos_deep_assessment").content)
    printed = " ".join(words(as_word(press.blank("sos_deep_assessment"))))

    assert len(media) == 3 and all(one.startswith("Пуст") for one in said)
    assert "Пустое поле" not in printed


@pytest.mark.parametrize(
    ("tag", "fits"),
    [
        ("{{ семья|генограмма }}", True),
        ("{{ риск|генограмма }}", False),
        ("{{ семья|рисунок_риска }}", False),
        ("{{ задачи|ход_задач }}", True),
        ("{{ контакты|ход_задач }}", False),
        ("{{ семья|генограмма|описание }}", True),
        ("{{ семья.название|описание }}", False),
    ],
)
def test_a_picture_of_another_record_is_found_in_the_template(tag: str, fits: bool) -> None:
    language = PLUGINS.language
    vocabulary = vocabulary_of(REGIONS["sos_partnership"].programme)
    found = Checker(vocabulary, language.filters).template(language.environment().parse(tag))

    assert [fault.code for fault in found] == ([] if fits else ["T-FILTER"])


WITHOUT = """\
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("matplotlib", "networkx", "kiwisolver", "numpy"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
import importlib.util as util
known = util.find_spec
util.find_spec = lambda name, package=None: None if name in ("matplotlib", "networkx") else known(name, package)
from papka.core.cli import main
main(sys.argv[1:])
"""


def test_without_the_drawing_library_the_words_stand_in_the_place_of_a_picture(
    environ: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT, *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environ(),
            check=False,
        )
        assert done.returncode in (0, 3), done.stdout + done.stderr
        return done.stdout + done.stderr

    run("render", KIM, "sos_deep_assessment:1", "--on", "2026-05-06", "--into", tmp_path)
    content = next(tmp_path.glob("*.docx")).read_bytes()
    printed = list(words(as_word(Rendered("", "", "", content, ""))))

    assert pictures_in(content) == ([], [])
    assert sum(text.startswith("Генограмма: семья Ким.") for text in printed) == 1
    assert sum(text.startswith("Профиль риска на") for text in printed) == 1
    assert "pip install matplotlib networkx" in run("doctor")


def test_papers_without_pictures_load_no_drawing_library(tmp_path: Path) -> None:
    probe = (
        "import sys\nfrom papka.core.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print(sorted({'matplotlib', 'networkx', 'numpy'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", probe, "render", str(KIM), "sos_statement", "--into", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert list(tmp_path.glob("*.docx"))
    assert done.stdout.splitlines()[-1] == "[]"
