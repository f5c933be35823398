"""The Kurgan papers follow a family through refusals, levels, breaks and returns, and say no more than they may."""

from datetime import date
from functools import cache
from pathlib import Path

from reading import EXAMPLES, LAST_DAY, NBSP, PLUGINS, REGIONS, as_word, words

from papka.core.opening import OpenCase, open_case
from papka.output.rendering import Press
from papka.output.work import ready


@cache
def opened(example: str) -> OpenCase:
    path = next(path for path in EXAMPLES if path.stem == example)
    return open_case(str(path), Path.cwd(), PLUGINS)


@cache
def paper(example: str, document: str, number: int | None = None) -> str:
    """Return the words of one paper of an example family."""
    found = opened(example)
    press = Press(found.method, PLUGINS.language)
    one = next(iter(press.render(found.case, document, LAST_DAY, number)))
    return "\n".join(words(as_word(one))).replace(NBSP, " ")


def test_every_document_is_shown_by_an_example_family() -> None:
    region = REGIONS["kurgan_ipss"]
    families = (open_case(str(path), Path.cwd(), PLUGINS) for path in region.examples())
    drawn = {name for family in families for name in ready(family, LAST_DAY)}

    assert set(PLUGINS.method("kurgan_ipss").papers) - drawn == set()


def test_the_extract_of_a_declined_request_says_why_and_where_to_go() -> None:
    text = paper("rimskie_korsakovy", "krg_tg_extract", 1)

    assert "Случай не открывать: признаков, при которых нужно сопровождение, нет" in text
    assert "женская консультация № 0" in text
    assert "обжаловать" in text


def test_an_extract_holds_the_decision_and_not_what_others_said() -> None:
    whole = paper("rimskie_korsakovy", "krg_tg_protocol", 1)
    extract = paper("rimskie_korsakovy", "krg_tg_extract", 1)

    assert "возьму Варвару на особый учёт" in whole
    assert "особый учёт" not in extract
    assert "Голосование" not in extract


def test_a_record_says_a_change_of_level_a_new_curator_and_the_extension() -> None:
    text = paper("orazovy", "krg_tg_protocol", 3)

    assert "с 02.12.2025 установить уровень — базовый (профилактический)" in text
    assert "Назначить куратором случая Сердюк Рахиль Ильиничну" in text
    assert "Продлить социальное сопровождение семьи до 30.04.2026" in text


def test_a_record_reopens_a_case_until_a_day() -> None:
    text = paper("orazovy", "krg_tg_protocol", 5)

    assert "Открыть повторно случай № 14/2025" in text
    assert "плановый срок окончания — 13.11.2026" in text
    assert "Продление сопровождения" not in text


def test_a_consilium_without_marks_shows_the_tasks_as_they_were_known_that_day() -> None:
    """The roof was mended in March 2026; in October 2025 the record says that it is in work, due in November."""
    text = paper("orazovy", "krg_consilium_protocol", 1)

    assert "Приостановить социальное сопровождение семьи с 06.10.2025" in text
    assert "Крыша над детской отремонтирована" in text
    assert "Срок: 28.11.2025" in text
    assert "В работе" in text


def test_the_notice_names_the_day_of_the_meeting_and_greets_all_who_represent_the_children() -> None:
    text = paper("rimskie_korsakovy", "krg_farewell_notice")

    assert "Здравствуйте, Елизавета Андреевна, Варвара Сергеевна!" in text
    assert "28 мая 2026 г. в 10:00" in text
    assert "С мамой так и не поговорили" not in text


def test_a_paper_of_a_day_before_a_birth_does_not_know_the_child() -> None:
    assert "Матве" not in paper("rimskie_korsakovy", "krg_prelim_assessment", 1).replace("бабушка Матвея", "")
    assert "Римский-Корсаков М. С." in paper("rimskie_korsakovy", "krg_prelim_assessment", 2)


def test_a_mother_of_sixteen_represents_her_own_child_in_the_agreement() -> None:
    text = paper("rimskie_korsakovy", "krg_agreement")

    assert "Римская-Корсакова Варвара Сергеевна, 05.10.2009 года рождения" in text
    assert "законный представитель несовершеннолетнего Римского-Корсакова Матвея Сергеевича" in text


def test_the_final_monitoring_shows_all_eight_aspects() -> None:
    """What was not changed stands with what the first assessment said of it."""
    text = paper("orazovy", "krg_final_monitoring", 2)

    assert "Бабушка старшая из семи детей" in text
    assert "Перемен не отмечено" in text
    assert "список дежурств, помощник рядом" in text


def test_the_case_card_gathers_the_whole_way_of_the_case() -> None:
    text = paper("orazovy", "krg_case_card")

    assert "Оразов Довлет" in text  # the eighth member: a second table of columns
    assert "ИПСС, редакция 4" in text
    assert "Случай уже завершался 23.04.2026" in text


def test_a_reopened_case_is_open_until_it_is_closed_again() -> None:
    assert opened("orazovy").on(date(2026, 6, 1)).progress.closed_on == date(2026, 4, 23)
    again = opened("orazovy").on(date(2026, 9, 1)).progress
    assert again.closed_on is None
    assert again.phase == "support"
    assert opened("orazovy").on(date(2026, 11, 20)).progress.closed_on == date(2026, 11, 12)


def test_nothing_is_overdue_for_the_time_in_which_a_case_was_closed() -> None:
    found = opened("orazovy").findings(date(2026, 9, 1))

    assert [finding.due for finding in found if finding.id == "K-D7"] == [date(2025, 9, 15)]
    assert not [finding for finding in found if finding.id == "K-D8"]


def test_a_crisis_that_came_later_does_not_shorten_the_terms_of_the_request() -> None:
    found = opened("orazovy").findings(date(2025, 10, 1))

    assert not {finding.id for finding in found} & {"K-D2", "K-D4", "K-D4.level", "K-D5", "C-5"}
