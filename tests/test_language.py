"""Russian on paper: the right form of every name, position, number and date, or a question to a person."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papka.core.expressions import Language
from papka.core.facts import (
    NBSP,
    Blank,
    Choice,
    GrammaticalCase,
    Missing,
    NameStyle,
    PersonName,
    Phrase,
    Record,
    Rows,
    Sex,
)
from papka.core.filters import Filter, LanguagePack
from papka.output.language import filters as f
from papka.output.language import numbers
from papka.output.language.dates import (
    age,
    age_text,
    date_in_words,
    date_long,
    date_plain,
    date_short,
    month_year,
)
from papka.output.language.filters import FILTERS
from papka.output.language.gender import agree
from papka.output.language.names import decline_name, doubtful_forms, sex_of
from papka.output.language.numbers import (
    Gender,
    in_words,
    money,
    money_in_words,
    number_text,
    ordinal_in_words,
    plural,
    with_unit,
)
from papka.output.language.phrases import decline_phrase, doubtful_phrase
from papka.output.language.printing import Unprintable, to_text
from papka.output.language.typography import hard_spaces

OBLIQUE: tuple[GrammaticalCase, ...] = ("gen", "dat", "acc", "ins", "prep")
STYLES: tuple[NameStyle, ...] = ("full", "short", "signature")
MALE: Sex = "male"
FEMALE: Sex = "female"


def name(
    full: str,
    sex: Sex | None = None,
    *,
    forms: Mapping[str, Mapping[str, str]] | None = None,
    case: GrammaticalCase = "nom",
) -> PersonName:
    """Make a name of «Фамилия|Имя|Отчество»."""
    last, first, patronymic = [*full.split("|"), "", ""][:3]
    return PersonName(last, first, patronymic or None, sex, forms or {}, case=case)


def all_cases(one: PersonName) -> list[str]:
    return [decline_name(one.in_case(case)) for case in OBLIQUE]


# --- names -------------------------------------------------------------------------------------------------

FULL_NAMES = [
    # name, sex, genitive, dative, accusative, instrumental, prepositional
    ("Иванова|Мария|Петровна", None, "Ивановой Марии Петровны", "Ивановой Марии Петровне",
     "Иванову Марию Петровну", "Ивановой Марией Петровной", "Ивановой Марии Петровне"),
    ("Ткач|Илья|Никитич", None, "Ткача Ильи Никитича", "Ткачу Илье Никитичу", "Ткача Илью Никитича",
     "Ткачом Ильёй Никитичем", "Ткаче Илье Никитиче"),
    ("Черных|Лев|Игоревич", None, "Черных Льва Игоревича", "Черных Льву Игоревичу", "Черных Льва Игоревича",
     "Черных Львом Игоревичем", "Черных Льве Игоревиче"),
    ("Черных|Любовь|Ильинична", None, "Черных Любови Ильиничны", "Черных Любови Ильиничне",
     "Черных Любовь Ильиничну", "Черных Любовью Ильиничной", "Черных Любови Ильиничне"),
    ("Гусь|Наталья|Петровна", None, "Гусь Натальи Петровны", "Гусь Наталье Петровне", "Гусь Наталью Петровну",
     "Гусь Натальей Петровной", "Гусь Наталье Петровне"),
    ("Гусь|Павел|Фомич", None, "Гуся Павла Фомича", "Гусю Павлу Фомичу", "Гуся Павла Фомича",
     "Гусем Павлом Фомичом", "Гусе Павле Фомиче"),
    ("Шевченко|Пётр|Ильич", None, "Шевченко Петра Ильича", "Шевченко Петру Ильичу", "Шевченко Петра Ильича",
     "Шевченко Петром Ильичом", "Шевченко Петре Ильиче"),
    ("Салтыкова-Щедрина|Анна|Львовна", None, "Салтыковой-Щедриной Анны Львовны",
     "Салтыковой-Щедриной Анне Львовне", "Салтыкову-Щедрину Анну Львовну",
     "Салтыковой-Щедриной Анной Львовной", "Салтыковой-Щедриной Анне Львовне"),
    ("ПЕТРОВА-ВОДКИНА|АННА|ЛЬВОВНА", None, "ПЕТРОВОЙ-ВОДКИНОЙ АННЫ ЛЬВОВНЫ", "ПЕТРОВОЙ-ВОДКИНОЙ АННЕ ЛЬВОВНЕ",
     "ПЕТРОВУ-ВОДКИНУ АННУ ЛЬВОВНУ", "ПЕТРОВОЙ-ВОДКИНОЙ АННОЙ ЛЬВОВНОЙ", "ПЕТРОВОЙ-ВОДКИНОЙ АННЕ ЛЬВОВНЕ"),
    ("ТКАЧ|ИЛЬЯ|НИКИТИЧ", None, "ТКАЧА ИЛЬИ НИКИТИЧА", "ТКАЧУ ИЛЬЕ НИКИТИЧУ", "ТКАЧА ИЛЬЮ НИКИТИЧА",
     "ТКАЧОМ ИЛЬЁЙ НИКИТИЧЕМ", "ТКАЧЕ ИЛЬЕ НИКИТИЧЕ"),
    ("Алиев|Чингиз|Гейдар оглы", None, "Алиева Чингиза Гейдар оглы", "Алиеву Чингизу Гейдар оглы",
     "Алиева Чингиза Гейдар оглы", "Алиевым Чингизом Гейдар оглы", "Алиеве Чингизе Гейдар оглы"),
    ("Асанова|Айгуль|Кыдыр кызы", None, "Асановой Айгуль Кыдыр кызы", "Асановой Айгуль Кыдыр кызы",
     "Асанову Айгуль Кыдыр кызы", "Асановой Айгуль Кыдыр кызы", "Асановой Айгуль Кыдыр кызы"),
    ("Иванова (Петрова)|Анна|Львовна", None, "Ивановой (Петровой) Анны Львовны",
     "Ивановой (Петровой) Анне Львовне", "Иванову (Петрову) Анну Львовну",
     "Ивановой (Петровой) Анной Львовной", "Ивановой (Петровой) Анне Львовне"),
    ("фон Берг|Карл|Карлович", None, "фон Берга Карла Карловича", "фон Бергу Карлу Карловичу",
     "фон Берга Карла Карловича", "фон Бергом Карлом Карловичем", "фон Берге Карле Карловиче"),
    ("Нгуен|Тхи Хоа|", FEMALE, *["Нгуен Тхи Хоа"] * 5),
]  # fmt: skip

GENITIVES = [
    ("Белоконь|Анна|Кузьминична", None, "Белоконь Анны Кузьминичны"),
    ("Лебедь|Мария|Львовна", None, "Лебедь Марии Львовны"),
    ("Лебедь|Савва|Львович", None, "Лебедя Саввы Львовича"),
    ("Ким|Ольга|Сергеевна", None, "Ким Ольги Сергеевны"),
    ("Ким|Олег|Сергеевич", None, "Кима Олега Сергеевича"),
    ("Цой|Элла|", None, "Цой Эллы"),
    ("Цой|Виктор|", None, "Цоя Виктора"),
    ("Ткач|Ольга|Ильинична", None, "Ткач Ольги Ильиничны"),
    ("Ковалюк|Ольга|Ильинична", None, "Ковалюк Ольги Ильиничны"),
    ("Ковалюк|Пётр|Ильич", None, "Ковалюка Петра Ильича"),
    ("Живаго|Юрий|Андреевич", None, "Живаго Юрия Андреевича"),
    ("Дубяго|Инна|Андреевна", None, "Дубяго Инны Андреевны"),
    ("Долгих|Егор|Лукич", None, "Долгих Егора Лукича"),
    ("Белых|Рахиль|Саввична", None, "Белых Рахили Саввичны"),
    ("Седых|Нинель|Фоминична", None, "Седых Нинели Фоминичны"),
    ("Мицкевич|Ева|Адамовна", None, "Мицкевич Евы Адамовны"),
    ("Мицкевич|Адам|Адамович", None, "Мицкевича Адама Адамовича"),
    ("Дюма|Александр|", None, "Дюма Александра"),
    ("Золя|Эмиль|", None, "Золя Эмиля"),
    ("Глинка|Михаил|Иванович", None, "Глинки Михаила Ивановича"),
    ("Толстая|Софья|Андреевна", None, "Толстой Софьи Андреевны"),
    ("Достоевский|Фёдор|Михайлович", None, "Достоевского Фёдора Михайловича"),
    ("Бондарь|Саша|", FEMALE, "Бондарь Саши"),
    ("Руссо|Жан-Жак|", MALE, "Руссо Жан-Жака"),
    ("Лондон|Джек|", MALE, "Лондона Джека"),
    ("Соловей|Олег|Ильич", None, "Соловья Олега Ильича"),
    ("Кузнец|Олег|Ильич", None, "Кузнеца Олега Ильича"),
    ("Сова|Ольга|Ильинична", None, "Совы Ольги Ильиничны"),
    ("Гарсиа Маркес|Анна Мария|", FEMALE, "Гарсиа Маркес Анны Марии"),
    ("де ла Крус|Хуан|", MALE, "де ла Круса Хуана"),
    ("аль-Асад|Башар|", MALE, "аль-Асада Башара"),
    ("Бюль-Бюль оглы|Полад|", None, "Бюль-Бюль оглы Полада"),
    ("Иванова (до брака Петрова)|Анна|Львовна", None, "Ивановой (до брака Петровой) Анны Львовны"),
    ("Иванов|И.|П.", MALE, "Иванова И. П."),
    ("Бонч-Бруевич|Владимир|Дмитриевич", None, "Бонч-Бруевича Владимира Дмитриевича"),
    ("Гусь-Петрова|Нина|Львовна", None, "Гусь-Петровой Нины Львовны"),
]

INSTRUMENTALS = [
    ("Грач|Лев|Саввич", None, "Грачом Львом Саввичем"),
    ("Груша|Олег|Кузьмич", None, "Грушей Олегом Кузьмичом"),
    ("Кравец|Олег|Лукич", None, "Кравцом Олегом Лукичом"),
    ("Швец|Олег|Ильич", None, "Швецом Олегом Ильичом"),
    ("Шульц|Олег|Ильич", None, "Шульцем Олегом Ильичом"),
    ("Грин|Александр|", MALE, "Грином Александром"),
    ("Сидорин|Павел|Павлович", None, "Сидориным Павлом Павловичем"),
    ("Абрамович|Рахиль|Львовна", None, "Абрамович Рахилью Львовной"),
    ("Абрамович|Лев|Львович", None, "Абрамовичем Львом Львовичем"),
]


@pytest.mark.parametrize(("full", "sex", "forms"), [(row[0], row[1], row[2:]) for row in FULL_NAMES])
def test_a_name_in_all_cases(full: str, sex: Sex | None, forms: tuple[str, ...]) -> None:
    assert all_cases(name(full, sex)) == list(forms)


@pytest.mark.parametrize(("full", "sex", "expected"), GENITIVES)
def test_a_name_in_the_genitive(full: str, sex: Sex | None, expected: str) -> None:
    assert decline_name(name(full, sex, case="gen")) == expected


@pytest.mark.parametrize(("full", "sex", "expected"), INSTRUMENTALS)
def test_a_name_in_the_instrumental(full: str, sex: Sex | None, expected: str) -> None:
    assert decline_name(name(full, sex, case="ins")) == expected


@pytest.mark.parametrize(
    ("full", "short", "signature"),
    [
        ("Ткач|Илья|Никитич", "Ткачу И. Н.", "И. Н. Ткачу"),
        ("Черных|Любовь|Ильинична", "Черных Л. И.", "Л. И. Черных"),
        ("Руссо|Жан-Жак|", "Руссо Ж.-Ж.", "Ж.-Ж. Руссо"),
        ("Алиев|Чингиз|Гейдар оглы", "Алиеву Ч. Г.", "Ч. Г. Алиеву"),
        ("Ким||", "Ким", "Ким"),
    ],
)
def test_initials_do_not_break_from_the_surname(full: str, short: str, signature: str) -> None:
    one = name(full, case="dat")
    assert decline_name(one.styled("short")) == short.replace(" ", NBSP)
    assert decline_name(one.styled("signature")) == signature.replace(" ", NBSP)


def test_a_stored_form_wins_over_every_rule() -> None:
    stored = {"last": {"gen": "Зайца", "ins": "Зайцем"}}
    one = name("Заяц|Олег|Ильич", forms=stored)
    assert decline_name(one.in_case("gen")) == "Зайца Олега Ильича"
    assert decline_name(one.in_case("ins").styled("short")) == f"Зайцем{NBSP}О.{NBSP}И."
    assert decline_name(one.in_case("dat")) == "Заяцу Олегу Ильичу"
    assert {form.case for form in doubtful_forms(one)} == {"dat", "acc", "prep"}


@pytest.mark.parametrize(
    ("full", "sex"),
    [
        ("Мамедов|Рашид|Али оглы", MALE),
        ("Мамедова|Лейла|Али кызы", FEMALE),
        ("Асанов|Бакыт|Кыдыр уулу", MALE),
        ("Сейтов|Ержан|Болат улы", MALE),
        ("Гаджиева|Лейла|Ариф гызы", FEMALE),
        ("Гусь|Наталья|", FEMALE),
        ("Ткач|Саша|", None),
    ],
)
def test_sex_is_told_from_the_name_where_it_can_be(full: str, sex: Sex | None) -> None:
    assert sex_of(name(full)) == sex


def test_a_name_of_unknown_sex_stays_in_the_nominative_and_is_in_doubt() -> None:
    one = name("Ткач|Саша|")
    assert all_cases(one) == ["Ткач Саша"] * 5
    assert {(form.part, form.case) for form in doubtful_forms(one)} >= {("last", "gen"), ("first", "gen")}


def test_no_name_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        all_cases(name("Ткачёва|Пётр|"))
    assert not caplog.records


ORDINARY = [
    "Иванов",
    "Смирнов",
    "Кузнецов",
    "Попов",
    "Васильев",
    "Петров",
    "Соколов",
    "Михайлов",
    "Новиков",
    "Фёдоров",
    "Морозов",
    "Волков",
    "Алексеев",
    "Лебедев",
    "Семенов",
    "Егоров",
    "Павлов",
    "Козлов",
    "Степанов",
    "Николаев",
    "Орлов",
    "Андреев",
    "Макаров",
    "Никитин",
    "Захаров",
    "Зайцев",
    "Соловьев",
    "Борисов",
    "Яковлев",
    "Григорьев",
    "Романов",
    "Воробьев",
    "Сергеев",
    "Кузьмин",
    "Фролов",
    "Александров",
    "Дмитриев",
    "Королев",
    "Гусев",
    "Киселев",
    "Ильин",
    "Максимов",
    "Поляков",
    "Сорокин",
    "Виноградов",
    "Ковалев",
    "Белов",
    "Медведев",
    "Антонов",
    "Тарасов",
    "Жуков",
    "Баранов",
    "Родин",
    "Филиппов",
    "Комаров",
    "Давыдов",
    "Беляев",
    "Герасимов",
    "Богданов",
    "Осипов",
    "Сидоров",
    "Матвеев",
    "Титов",
    "Кузин",
    "Пушкин",
]
NEIGHBOURS = [
    "Шевченко",
    "Бондаренко",
    "Кравченко",
    "Бойко",
    "Мельник",
    "Шевчук",
    "Ковальчук",
    "Мороз",
    "Савчук",
    "Ткачук",
    "Бондарь",
    "Ким",
    "Цой",
    "Пак",
    "Ли",
    "Шмидт",
    "Миллер",
    "Шульц",
    "Гусь",
    "Белоконь",
    "Лебедь",
    "Черных",
    "Белых",
    "Долгих",
    "Мицкевич",
    "Глинка",
    "Дюма",
    "Жук",
    "Ткач",
    "Кравец",
    "Кучма",
    "Мкртчян",
    "Петросян",
    "Берия",
    "Данелия",
    "Каримов",
    "Алиев",
    "Дудник",
    "Базар",
    "Маслюк",
    "Гайдар",
]


@pytest.mark.parametrize("surname", ORDINARY)
def test_no_doubt_about_an_ordinary_name(surname: str) -> None:
    assert doubtful_forms(name(f"{surname}|Илья|Ильич", MALE)) == []
    assert doubtful_forms(name(f"{surname}а|Любовь|Львовна", FEMALE)) == []


@pytest.mark.parametrize("surname", NEIGHBOURS)
def test_no_doubt_about_a_common_surname_of_another_kind(surname: str) -> None:
    assert doubtful_forms(name(f"{surname}|Пётр|Фомич", MALE)) == []
    assert doubtful_forms(name(f"{surname}|Юлия|Фоминична", FEMALE)) == []


@pytest.mark.parametrize(
    ("full", "sex", "case", "proposed", "other"),
    [
        ("Заяц", MALE, "gen", "Заяца", "Зайца"),
        ("Соловей", MALE, "gen", "Соловья", "Соловея"),
        ("Муравей", MALE, "dat", "Муравью", "Муравею"),
        ("Хохол", MALE, "gen", "Хохола", "Хохла"),
        ("Чаплин", MALE, "ins", "Чаплиным", "Чаплином"),
        ("Грин", MALE, "ins", "Грином", "Гриным"),
        ("Калина", FEMALE, "gen", "Калиной", "Калины"),
        ("Кваша", MALE, "ins", "Квашой", "Квашей"),
        ("ЗАЯЦ", MALE, "gen", "ЗАЯЦА", "ЗАЙЦА"),
        ("Петров-Заяц", MALE, "gen", "Петрова-Заяца", "Петрова-Зайца"),
    ],
)
def test_a_person_is_asked_where_sources_disagree(
    full: str, sex: Sex, case: GrammaticalCase, proposed: str, other: str
) -> None:
    found = {form.case: (form.proposed, form.other) for form in doubtful_forms(name(full, sex))}
    assert found[case] == (proposed, other)


@given(st.text("АБаеёийоькс.-() «I", max_size=12), st.sampled_from([MALE, FEMALE, None]))
@settings(max_examples=150, deadline=None)
def test_any_text_for_a_name_is_printed(text: str, sex: Sex | None) -> None:
    one = PersonName(text, text, text, sex)
    for style in STYLES:
        for case in OBLIQUE:
            assert isinstance(decline_name(one.in_case(case).styled(style)), str)
    doubtful_forms(one)


# --- phrases -----------------------------------------------------------------------------------------------

GENITIVE_PHRASES = [
    ("заместитель Главы Катайского района по социальным вопросам",
     "заместителя Главы Катайского района по социальным вопросам"),
    ("специалист по социальной работе", "специалиста по социальной работе"),
    ("социальный педагог", "социального педагога"),
    ("главный специалист отдела опеки и попечительства",
     "главного специалиста отдела опеки и попечительства"),
    ("ответственный секретарь КДНиЗП", "ответственного секретаря КДНиЗП"),
    ("исполняющий обязанности директора", "исполняющего обязанности директора"),
    ("временно исполняющий обязанности директора", "временно исполняющего обязанности директора"),
    ("заведующая отделением", "заведующей отделением"),
    ("заведующий городской библиотекой", "заведующего городской библиотекой"),
    ("директор", "директора"),
    ("директор городской школы", "директора городской школы"),
    ("врач областной больницы", "врача областной больницы"),
    ("психолог", "психолога"),
    ("юрист", "юриста"),
    ("руководитель программы укрепления семьи", "руководителя программы укрепления семьи"),
    ("врач-психиатр", "врача-психиатра"),
    ("врач-психиатр детский участковый", "врача-психиатра детского участкового"),
    ("участковый уполномоченный полиции", "участкового уполномоченного полиции"),
    ("педагог-психолог", "педагога-психолога"),
    ("ведущий специалист-эксперт", "ведущего специалиста-эксперта"),
    ("ст. воспитатель", "ст. воспитателя"),
    ("и. о. директора", "и. о. директора"),
    ("зам. директора", "зам. директора"),
    ("инспектор ПДН ОМВД России по Катайскому району", "инспектора ПДН ОМВД России по Катайскому району"),
    ("Государственное бюджетное учреждение «Комплексный центр социального обслуживания населения по "
     "Катайскому району» (вымышленные реквизиты)",
     "Государственного бюджетного учреждения «Комплексный центр социального обслуживания населения по "
     "Катайскому району» (вымышленные реквизиты)"),
    ("Обособленное подразделение благотворительной организации «Детские деревни SOS» в Псковской области",
     "Обособленного подразделения благотворительной организации «Детские деревни SOS» в Псковской области"),
    ("орган опеки и попечительства", "органа опеки и попечительства"),
    ("Устав", "Устава"),
    ("УСТАВ", "УСТАВА"),
    ("доверенность от 09.01.2025 № 3", "доверенности от 09.01.2025 № 3"),
    ("МБОУ «Примерная СОШ»", "МБОУ «Примерная СОШ»"),
    ("«Детские деревни SOS»", "«Детские деревни SOS»"),
    ("социально-реабилитационный центр для несовершеннолетних",
     "социально-реабилитационного центра для несовершеннолетних"),
    ("мать", "матери"),
    ("отец", "отца"),
    ("бабушка (мать матери), проживает отдельно", "бабушки (матери матери), проживает отдельно"),
    ("родитель (законный представитель)", "родителя (законного представителя)"),
    ("брат (полнородный)", "брата (полнородного)"),
    ("мать и отец", "матери и отца"),
    ("директор, учредитель и психолог", "директора, учредителя и психолога"),
    ("специалист по социальной работе, куратор семьи", "специалиста по социальной работе, куратора семьи"),
    ("директор, действующий на основании Устава", "директора, действующего на основании Устава"),
    ("семья, находящаяся в социально опасном положении", "семьи, находящейся в социально опасном положении"),
    ("дети, оставшиеся без попечения родителей", "детей, оставшихся без попечения родителей"),
    ("ребенок", "ребенка"),
    ("ребёнок-инвалид", "ребёнка-инвалида"),
    ("мать-одиночка", "матери-одиночки"),
    ("приёмная мать", "приёмной матери"),
    ("несовершеннолетние", "несовершеннолетних"),
    ("иное лицо, проживающее совместно", "иного лица, проживающего совместно"),
    ("Глава Катайского района", "Главы Катайского района"),
    ("город Псков", "города Пскова"),
    ("Учреждение (далее — Центр)", "Учреждения (далее — Центр)"),
    ("соцработник", "соцработника"),
    ("2-й секретарь", "2-й секретарь"),
    ("", ""),
]  # fmt: skip

OTHER_PHRASES = [
    ("социальный педагог", "dat", "социальному педагогу"),
    ("заместитель Главы района", "dat", "заместителю Главы района"),
    ("заведующая отделением", "acc", "заведующую отделением"),
    ("заведующая отделением", "ins", "заведующей отделением"),
    ("участковый уполномоченный полиции", "acc", "участкового уполномоченного полиции"),
    ("участковый уполномоченный полиции", "ins", "участковым уполномоченным полиции"),
    ("социально-реабилитационный центр", "acc", "социально-реабилитационный центр"),
    ("медиатор", "acc", "медиатора"),
    ("бабушка (мать матери)", "ins", "бабушкой (матерью матери)"),
    ("Глава района", "acc", "Главу района"),
    ("мировой судья", "ins", "мировым судьёй"),
    ("дети", "ins", "детьми"),
    ("директор", "prep", "директоре"),
    ("Комиссия по делам несовершеннолетних", "prep", "Комиссии по делам несовершеннолетних"),
    ("врач-психиатр", "ins", "врачом-психиатром"),
    ("старшая медсестра", "dat", "старшей медсестре"),
]


@pytest.mark.parametrize(("text", "expected"), GENITIVE_PHRASES)
def test_a_phrase_in_the_genitive(text: str, expected: str) -> None:
    assert decline_phrase(Phrase(text, case="gen")) == expected


@pytest.mark.parametrize(("text", "case", "expected"), OTHER_PHRASES)
def test_a_phrase_in_other_cases(text: str, case: GrammaticalCase, expected: str) -> None:
    assert decline_phrase(Phrase(text, case=case)) == expected


def test_a_position_is_held_by_a_person() -> None:
    assert decline_phrase(Phrase("координатор-модератор", "position", case="acc")).endswith("модератора")


def test_a_stored_form_of_a_phrase_wins() -> None:
    phrase = Phrase("директор", forms={"gen": "директрисы"}, case="gen")
    assert decline_phrase(phrase) == "директрисы"
    assert not doubtful_phrase(phrase)


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("директор", False),
        ("МБОУ «Примерная СОШ»", False),
        ("«Надежда»", False),
        ("и. о. директора", False),
        ("соцработник", False),
        ("тьюторка", True),
        ("не работает", True),
    ],
)
def test_a_phrase_without_a_known_head_is_in_doubt(text: str, doubtful: bool) -> None:
    assert doubtful_phrase(Phrase(text, case="gen")) is doubtful


@given(st.text('АМбеёийокнцыя,.-() «»№1"', max_size=20), st.sampled_from(OBLIQUE))
@settings(max_examples=150, deadline=None)
def test_any_text_for_a_phrase_is_printed(text: str, case: GrammaticalCase) -> None:
    printed = decline_phrase(Phrase(text, case=case))
    kept = [sign for sign in text if not sign.isalpha()]
    assert [sign for sign in printed if not sign.isalpha()] == kept


# --- numbers, money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("gender", ["masc", "fem", "neut"])
@pytest.mark.parametrize("case", ["nom", "gen", "dat", "acc", "ins", "prep"])
def test_small_numbers_are_in_papka_what_they_are_in_the_library(
    gender: Gender, case: GrammaticalCase
) -> None:
    for number in range(9):
        assert in_words(number, gender, case) == numbers._spelt(number, "cardinal", gender, case)


@pytest.mark.parametrize(
    ("number", "gender", "case", "expected"),
    [
        (0, "masc", "nom", "ноль"),
        (1, "fem", "nom", "одна"),
        (1, "neut", "nom", "одно"),
        (2, "fem", "nom", "две"),
        (2, "masc", "acc", "два"),
        (21, "fem", "gen", "двадцати одной"),
        (40, "masc", "ins", "сорока"),
        (5, "masc", "ins", "пятью"),
        (2001, "fem", "acc", "две тысячи одну"),
        (1000, "masc", "nom", "одна тысяча"),
        (121, "masc", "prep", "ста двадцати одном"),
    ],
)
def test_numbers_in_words(number: int, gender: Gender, case: GrammaticalCase, expected: str) -> None:
    assert in_words(number, gender, case) == expected


def test_ordinals_in_words() -> None:
    assert ordinal_in_words(18, "neut") == "восемнадцатое"
    assert ordinal_in_words(2025, "masc", "gen") == "две тысячи двадцать пятого"


@pytest.mark.parametrize(
    ("amount", "figures", "words"),
    [
        ("7900", "7 900,00 руб.", "семь тысяч девятьсот рублей 00 копеек"),
        ("1", "1,00 руб.", "один рубль 00 копеек"),
        ("21001.01", "21 001,01 руб.", "двадцать одна тысяча один рубль 01 копейка"),
        ("2.52", "2,52 руб.", "два рубля 52 копейки"),
        ("0", "0,00 руб.", "ноль рублей 00 копеек"),
        ("1234567.5", "1 234 567,50 руб.", None),
        ("0.005", "0,01 руб.", "ноль рублей 01 копейка"),
        ("-5", "-5,00 руб.", "минус пять рублей 00 копеек"),
    ],
)
def test_money(amount: str, figures: str, words: str | None) -> None:
    assert money(Decimal(amount)) == figures.replace(" ", NBSP)
    if words:
        assert money_in_words(Decimal(amount)).replace(NBSP, " ") == words


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "детей"),
        (1, "ребёнок"),
        (2, "ребёнка"),
        (5, "детей"),
        (11, "детей"),
        (21, "ребёнок"),
        (104, "ребёнка"),
    ],
)
def test_a_noun_goes_with_its_number(number: int, expected: str) -> None:
    assert plural(number, "ребёнок", "ребёнка", "детей") == expected
    assert with_unit(number, "ребёнок", "ребёнка", "детей") == f"{number}{NBSP}{expected}"


def test_a_fraction_takes_the_genitive() -> None:
    assert plural(Decimal("1.5"), "год", "года", "лет") == "года"


# --- dates -------------------------------------------------------------------------------------------------

DAY = date(2025, 2, 18)


def test_dates() -> None:
    assert date_short(DAY) == "18.02.2025"
    assert date_long(DAY) == "«18» февраля 2025 г.".replace(" ", NBSP)
    assert date_long(date(2025, 5, 5)) == "«05» мая 2025 г.".replace(" ", NBSP)
    assert date_plain(date(2025, 5, 5)) == "5 мая 2025 г.".replace(" ", NBSP)
    assert date_in_words(DAY) == "восемнадцатое февраля две тысячи двадцать пятого года"
    assert date_in_words(DAY, "gen") == "восемнадцатого февраля две тысячи двадцать пятого года"
    assert date_in_words(date(2000, 3, 3)) == "третье марта двухтысячного года"
    assert month_year(DAY) == f"февраль{NBSP}2025{NBSP}г."
    assert [month_year(date(2025, month, 1), "prep").split(NBSP)[0] for month in (1, 3, 5, 6, 12)] == [
        "январе",
        "марте",
        "мае",
        "июне",
        "декабре",
    ]


@pytest.mark.parametrize(
    ("birth", "on", "expected"),
    [
        (date(2013, 2, 18), DAY, "12 лет"),
        (date(2013, 2, 19), DAY, "11 лет"),
        (date(2024, 2, 18), DAY, "1 год"),
        (date(2003, 1, 1), DAY, "22 года"),
        (date(2024, 7, 18), DAY, "7 месяцев"),
        (date(2024, 2, 19), DAY, "11 месяцев"),
        (date(2025, 1, 18), DAY, "1 месяц"),
        (date(2025, 2, 6), DAY, "12 дней"),
        (DAY, DAY, "0 дней"),
    ],
)
def test_age_in_words(birth: date, on: date, expected: str) -> None:
    assert age_text(birth, on) == expected.replace(" ", NBSP)


def test_age_on_the_birthday_and_the_leap_day() -> None:
    assert age(date(2007, 2, 18), DAY) == 18
    assert age(date(2007, 2, 19), DAY) == 17
    assert age(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age(date(2004, 2, 29), date(2022, 3, 1)) == 18
    with pytest.raises(ValueError, match="before the birth"):
        age(DAY, date(2025, 2, 17))


# --- gender ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("masculine", "feminine", "both"),
    [
        ("ознакомлен", "ознакомлена", "ознакомлен(а)"),
        ("действующий", "действующая", "действующий(ая)"),
        ("согласен", "согласна", "согласен(на)"),
        ("действующего", "действующей", "действующего(ей)"),
        ("действующим", "действующей", "действующим(ей)"),
        ("именуемый", "именуемая", "именуемый(ая)"),
        ("именуемого", "именуемой", "именуемого(ой)"),
        ("именуемому", "именуемой", "именуемому(ой)"),
        ("родившийся", "родившаяся", "родившийся(аяся)"),
        ("обратился", "обратилась", "обратился(ась)"),
        ("должен", "должна", "должен(на)"),
        ("гражданин", "гражданка", "гражданин(ка)"),
        ("мог", "могла", "мог(ла)"),
        ("пришёл", "пришла", "пришёл/пришла"),
        ("один", "одна", "один/одна"),
        ("отец", "мать", "отец/мать"),
        ("его", "её", "его/её"),
        ("ознакомлен и согласен", "ознакомлена и согласна", "ознакомлен(а) и согласен(на)"),
        ("сам", "сама лично", "сам/сама лично"),
        ("родитель", "родитель", "родитель"),
    ],
)
def test_words_agree_with_sex(masculine: str, feminine: str, both: str) -> None:
    assert agree("male", masculine, feminine) == masculine
    assert agree("female", masculine, feminine) == feminine
    assert agree(None, masculine, feminine) == both


def test_sex_is_one_of_two_or_unknown() -> None:
    with pytest.raises(ValueError, match="sex"):
        agree("other", "он", "она")


# --- typography --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Договор № 5 от 18 февраля 2025 г. Директор", "Договор №~5 от 18~февраля 2025~г. Директор"),
        ("выдал И. О. Фамилия семье", "выдал И.~О.~Фамилия семье"),
        ("Ткачу И. Н. выдано", "Ткачу~И.~Н. выдано"),
        ("И.О. Фамилия", "И.О.~Фамилия"),
        ("Ж.-Ж. Руссо", "Ж.-Ж.~Руссо"),
        ("г. Катайск, ул. Ленина, д. 5, кв. 12", "г.~Катайск, ул.~Ленина, д.~5, кв.~12"),
        ("п. 3 ч. 2 ст. 9", "п.~3 ч.~2 ст.~9"),
        ("7 900,00 руб. за 5 лет", "7~900,00~руб. за 5~лет"),
        ("1 234 567 руб.", "1~234~567~руб."),
        ("«18» февраля 2025 г.", "«18»~февраля 2025~г."),
        ("и т. д. Центр", "и т.~д. Центр"),
        ("в дом и из дома к ним", "в дом и из дома к ним"),
        ("а\n5\nлет\tб  в", "а\n5\nлет\tб  в"),
        ("2025 годовой отчёт", "2025 годовой отчёт"),
        ("тел. +7 (900) 000-00-01, +7 (35251) 2-00-00", "тел. +7~(900)~000-00-01, +7~(35251)~2-00-00"),
        ("2 + 7 (900) рублей", "2 + 7 (900) рублей"),
    ],
)
def test_spaces_that_hold(text: str, held: str) -> None:
    assert hard_spaces(text) == held.replace("~", NBSP)


_PIECES = re.findall(r"\S+", "№ г. ул. д. т. 5 12 900 И. О. - Ткач февраля лет руб. ст. п. «18» , в м кв.")
_LINE = st.lists(st.sampled_from([" ", "  ", NBSP, "\n", "\t", *_PIECES]), max_size=14).map("".join)


@given(st.one_of(_LINE, st.text(max_size=40)))
@settings(max_examples=500, deadline=None)
def test_hard_spaces_touch_nothing_but_spaces(text: str) -> None:
    held = hard_spaces(text)
    assert len(held) == len(text)
    assert all(new == old or (old, new) == (" ", NBSP) for old, new in zip(text, held, strict=True))
    assert hard_spaces(held) == held


# --- printing ----------------------------------------------------------------------------------------------

PLAIN = st.one_of(
    st.text(),
    st.integers(),
    st.decimals(-(10**9), 10**9, allow_nan=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.booleans(),
    st.builds(Choice, st.text(), st.text()),
    st.builds(Blank, st.sampled_from(["text", "date"]), st.integers(0, 40)),
    st.builds(
        PersonName,
        st.text("Абв-", max_size=6),
        st.text("Где", max_size=6),
        st.none() | st.text("Жз", max_size=5),
        st.sampled_from([MALE, FEMALE, None]),
        style=st.sampled_from(["full", "short", "signature"]),
        case=st.sampled_from(["nom", *OBLIQUE]),
    ),
    st.builds(Phrase, st.text("Абвно -", max_size=12), case=st.sampled_from(["nom", *OBLIQUE])),
)


@given(PLAIN)
@settings(deadline=None)
def test_every_plain_value_has_a_text(value: object) -> None:
    assert isinstance(to_text(value), str)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("как есть ", "как есть "),
        (7, "7"),
        (Decimal("7900"), f"7{NBSP}900"),
        (DAY, "18.02.2025"),
        (datetime(2025, 2, 18, 9, 5), "18.02.2025 09:05"),
        (time(14, 30), "14:30"),
        (True, "да"),
        (False, "нет"),
        (Choice("home", "на дому"), "на дому"),
        (Blank("text", 3), "___"),
    ],
)
def test_how_values_print(value: object, text: str) -> None:
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("value", "reason", "where"),
    [
        (Missing("Телефон"), "missing", "Телефон"),
        (None, "missing", ""),
        (Record("Member", {}, {}), "record", ""),
        (Rows(), "list", ""),
        (1.5, "unknown", ""),
        (object(), "unknown", ""),
    ],
)
def test_what_has_no_text_says_why(value: object, reason: str, where: str) -> None:
    with pytest.raises(Unprintable) as caught:
        to_text(value)
    assert (caught.value.reason, caught.value.where) == (reason, where)


# --- filters -----------------------------------------------------------------------------------------------

MOTHER = name("Черных|Любовь|Ильинична", FEMALE)
SEX = Choice("female", "женский")


def row(**values: object) -> Record:
    return Record("Visit", values, {"вид": "kind", "дата": "date", "имя": "name"})


HOME = row(kind=Choice("home", "на дому"), date=date(2025, 3, 1), name="Ёлкин", done=True)
OFFICE = row(kind=Choice("office", "в центре"), date=date(2025, 1, 1), name="Егоров", done=False)
CALL = row(kind=Choice("call", "по телефону"), date=Missing("Дата"), name="Жуков", done=Missing("Сделано"))
VISITS = Rows([HOME, OFFICE, CALL])
EMPTY_PAPER = Rows(row(kind=Blank("choice"), date=Blank("date"), name=Blank("text", 5)) for _ in range(3))


def test_filters_of_names_and_words_compose() -> None:
    assert to_text(f.short(f.dative(MOTHER))) == f"Черных{NBSP}Л.{NBSP}И."
    assert to_text(f.full(f.instrumental(f.signature(MOTHER)))) == "Черных Любовью Ильиничной"
    assert to_text(f.genitive("директор")) == "директора"
    assert to_text(f.accusative(Choice("mother", "мать"))) == "мать"
    assert to_text(f.prepositional(Phrase("орган опеки"))) == "органе опеки"
    assert f.capital(f.genitive(Phrase("директор"))) == "Директора"
    assert f.lower_first("Устав") == "устав"


def test_filters_of_dates_and_numbers() -> None:
    assert f.date_long(datetime(2025, 2, 18, 10, 0)) == date_long(DAY)
    assert f.date_plain(DAY) == date_plain(DAY)
    assert f.month_year(DAY, "предложный") == f"феврале{NBSP}2025{NBSP}г."
    assert f.in_words(21, "женский", "родительный") == "двадцати одной"
    assert f.in_words(DAY, "masc", "gen") == date_in_words(DAY, "gen")
    assert f.in_words(Decimal("7900")) == money_in_words(Decimal(7900))
    assert f.money(7900) == f.money(Decimal("7900.00")) == money(Decimal(7900))
    assert f.plural(3, "ребёнок", "ребёнка", "детей") == f"3{NBSP}ребёнка"
    assert f.age(date(2013, 1, 1), DAY) == f"12{NBSP}лет"


def test_agree_takes_a_sex_or_nothing() -> None:
    words = ("ознакомлен", "ознакомлена")
    assert f.agree(SEX, *words) == f.agree("female", *words) == f.agree(MOTHER, *words) == "ознакомлена"
    assert f.agree(Missing("Пол"), *words) == f.agree(Blank("choice"), *words) == "ознакомлен(а)"
    with pytest.raises(TypeError, match="sex"):
        f.agree(Choice("home", "на дому"), *words)


def test_empty_values_are_met() -> None:
    assert f.dash(Missing("Телефон")) == f.dash(" ") == f.dash(Rows()) == "—"
    assert f.dash(MOTHER) == "Черных Любовь Ильинична"
    assert f.dash(False) == "нет"
    assert f.dash(Blank("text", 4)) == "____"
    assert f.line(Missing("Телефон"), 5) == "_____"
    assert f.line(Blank("date")) == str(Blank("date"))
    assert f.line("8-900") == "8-900"
    assert [f.checkbox(one) for one in (True, False, Missing("Да?"), Blank("bool"))] == ["☒", "☐", "☐", "☐"]
    assert (f.checkbox(SEX, "female"), f.checkbox(SEX, "мужской")) == ("☒", "☐")
    assert f.checkbox(Rows([SEX]), "женский") == "☒"
    assert f.yes_no(True) == "да"


def test_lists_are_chosen_from_and_sorted() -> None:
    assert f.where(VISITS, "kind", "home") == f.where(VISITS, "вид", "на дому") == Rows([HOME])
    assert f.where(VISITS, "done") == Rows([HOME])
    assert f.without(VISITS, "kind", "home") == Rows([OFFICE, CALL])
    assert f.without(Rows(["а", "б"]), "а") == Rows(["б"])
    assert f.sort_by(VISITS, "date") == Rows([OFFICE, HOME, CALL])
    assert f.pluck(f.sort_by(VISITS, "имя"), "name") == Rows(["Егоров", "Ёлкин", "Жуков"])
    assert (f.first(VISITS), f.last(VISITS), f.count(VISITS)) == (HOME, CALL, 3)
    assert isinstance(f.first(Rows()), Missing)
    assert f.has(f.pluck(VISITS, "kind"), "home") is True
    assert f.has("многодетная семья", "многодетная") is True


def test_lists_are_printed() -> None:
    names = f.pluck(VISITS, "name")
    assert f.listing(names) == "Ёлкин, Егоров и Жуков"
    assert f.listing(Rows(["А", "Б"])) == "А и Б"
    assert f.listing(Rows([MOTHER])) == "Черных Любовь Ильинична"
    assert f.joined(names, "; ") == "Ёлкин; Егоров; Жуков"
    assert f.lines(names) == "Ёлкин\nЕгоров\nЖуков"
    assert f.dash(f.listing(Rows())) == "—"
    with pytest.raises(Unprintable, match="Дата"):
        f.listing(f.pluck(VISITS, "date"))


def test_a_paper_without_data_keeps_its_rows_and_lines() -> None:
    assert f.where(EMPTY_PAPER, "kind", "home") == EMPTY_PAPER
    assert f.where(VISITS, "kind", Blank("choice")) == VISITS
    assert f.without(EMPTY_PAPER, "kind", "home") == EMPTY_PAPER
    assert f.sort_by(EMPTY_PAPER, "date") == EMPTY_PAPER
    assert f.count(EMPTY_PAPER) == Blank("number", 4)
    assert f.has(EMPTY_PAPER, "home") is False
    assert f.lines(f.pluck(EMPTY_PAPER, "name")) == "_____\n_____\n_____"
    assert isinstance(f.listing(f.pluck(EMPTY_PAPER, "name")), Blank)
    assert f.plural(Blank("number", 4), "ребёнок", "ребёнка", "детей") == f"____{NBSP}детей"
    assert isinstance(f.age(Blank("date"), DAY), Blank)
    assert f.date_long(Blank("date")) == Blank("date")
    assert f.genitive(Blank("name")) == Blank("name")


ARGUMENTS = {
    "plural": ("год", "года", "лет"),
    "age": (DAY,),
    "agree": ("он", "она"),
    "joined": ("; ",),
    "where": ("kind", "home"),
    "without": ("kind", "home"),
    "sort_by": ("date",),
    "pluck": ("kind",),
    "has": ("home",),
    "from_day": ("date", DAY),
    "to_day": ("date", DAY),
    "turns": (18,),
}


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_every_filter_takes_a_line_and_hands_a_missing_value_on(one: Filter) -> None:
    arguments = ARGUMENTS.get(one.name, ())
    to_text(one.function(Blank("text"), *arguments) or "нет")
    missing = Missing("Телефон")
    if one.meets_missing:
        assert isinstance(one.function(missing, *arguments), str | Rows)
    else:
        assert one.function(missing, *arguments) is missing


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_every_filter_refuses_what_it_does_not_take_without_telling_it(one: Filter) -> None:
    secret = row(kind="тайна", date="тайна", name="тайна")
    refusal = Unprintable if one.name in ("dash", "line") else TypeError
    with pytest.raises(refusal) as caught:
        one.function(secret, *ARGUMENTS.get(one.name, ()))
    assert "тайна" not in str(caught.value)


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_every_filter_is_described_and_its_example_can_be_read(one: Filter) -> None:
    assert one.summary.endswith((".", "?"))
    assert f"|{one.russian}" in one.example
    language = Language.of(LanguagePack("ru", to_text, FILTERS))
    language.environment().from_string(one.example)


def test_a_wrong_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="has no field"):
        f.where(VISITS, "knid", "home")
    with pytest.raises(TypeError, match="these words"):
        f.in_words(5, "мужицкий")
    with pytest.raises(TypeError, match="number"):
        f.date_long(5)
    with pytest.raises(TypeError, match="no common order"):
        f.sort_by(Rows(["а", 5]))
    with pytest.raises(TypeError, match="length"):
        f.line(Missing("Телефон"), 10_000)


def test_a_template_uses_the_filters() -> None:
    environment = Language.of(LanguagePack("ru", to_text, FILTERS)).environment()
    template = environment.from_string(
        "{{ мать|дательный|кратко }} {{ пол|род('он', 'она') }}, {{ визиты|где('вид', 'home')|число }}"
    )
    printed = template.render({"мать": MOTHER, "пол": SEX, "визиты": VISITS})
    assert printed == f"Черных{NBSP}Л.{NBSP}И. она, 1"


def test_money_shows_kopecks_and_another_number_the_decimals_it_has() -> None:
    assert money(Decimal("5.1")) == f"5,10{NBSP}руб."
    assert number_text(Decimal("46")) == "46"
    assert number_text(Decimal("46.5")) == "46,5"


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, papka.output.language.filters\n"
        "print([m for m in ('pymorphy3', 'pytrovich', 'babel', 'num2words', 'jinja2') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
