"""Fictional people and numbers: the same original always gives the same replacement within one copy.

The lists hold names that are declined without doubt. A father's name and the patronymics of his children stay
together, and so do the surnames of a family.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ...core.contract.people import Person
from ...core.contract.values import personal_check_digit
from ...core.facts import PersonName
from ...core.filters import StandIns


def words(text: str) -> tuple[str, ...]:
    """Return a list that is written as running words."""
    return tuple(text.split())


_SURNAMES = words(
    "Березин Соколов Ветров Лугов Рябинин Калинин Тополев Ромашкин Васильков Родников Зимин Снегирев "
    "Синицын Журавлев Скворцов Лебедев Голубев Дроздов Чижов Воробьев Стрижов Щеглов Уткин Бобров "
    "Барсуков Белкин Ежов Лосев Карасев Окунев Ершов Сомов Щукин Дубов Кленов Вязов Ясенев Грибов "
    "Боровиков Малинин Вишняков Грушин Яблоков Сливин Крыжовников Морошкин Черникин Земляникин "
    "Огурцов Редькин Горохов Бобков Пшеничников Ржанов Овсянкин Гречихин Просов Мельников Пекарев "
    "Хлебников Калачев Пирогов Блинов"
)
_MEN = words(
    "Пётр Степан Глеб Тимофей Матвей Назар Захар Семён Роман Виктор Богдан Ефим Максим Вадим Герман "
    "Родион Артём Кирилл Тихон Прохор Макар Егор Демид Святослав Ярослав Борис Марк Леонид Яков "
    "Филипп Эдуард Станислав Руслан Платон Антон Федот Остап Клим Кондрат Тарас Елисей Алексей Евсей "
    "Авдей"
)
_WOMEN = words(
    "Алина Дарья Зоя Инна Кира Лидия Марина Нина Оксана Полина Раиса Светлана Тамара Ульяна Фаина "
    "Элина Юлия Яна Валентина Галина Екатерина Жанна Злата Ирина Клавдия Лариса Милана Надежда Ольга "
    "Регина Софья Таисия Варвара Агата Богдана Василиса Глафира Елизавета Карина Маргарита Снежана "
    "Стефания"
)
_STREETS = words(
    "Учебная Тетрадная Книжная Карандашная Букварная Страничная Абзацная Заглавная Черновая Прописная"
)
_STEMS = {
    "town": ("Залесск", "Приозёрск", "Заречинск", "Подгорск", "Луговск", "Дубровск"),
    "masc": ("Залесск", "Приозёрск", "Заречинск", "Подгорск", "Луговск", "Дубровск"),
    "third": ("Залесовк", "Приозёровк", "Подгоровк", "Луговк", "Дубровк", "Берёзовк"),
    "soft": ("Залесск", "Приозёрск", "Заречинск", "Подгорск", "Луговск", "Дубровск"),
    "adjective": ("Залесн", "Приозёрн", "Подгорн", "Дубровн"),
    "femn": ("Залесовк", "Приозёровк", "Подгоровк", "Луговк", "Дубровк", "Берёзовк"),
    "neut": ("Залесов", "Приозёров", "Подгоров", "Лугов", "Дубров", "Берёзов"),
}
PET_NAMES = {
    "Александр": "Саш Шур Санек", "Александра": "Саш Шур", "Алексей": "Леш Лёш Алёш", "Анастасия": "Наст",
    "Анатолий": "Тол", "Андрей": "Андрюш", "Анна": "Ан Нюр", "Артем": "Тём", "Борис": "Бор", "Василий": "Вас",
    "Вера": "Веруш", "Виктор": "Вит", "Виктория": "Вик", "Виталий": "Вит", "Владимир": "Волод Вов",
    "Вячеслав": "Слав", "Галина": "Гал", "Геннадий": "Ген", "Георгий": "Гош Жор", "Григорий": "Гриш",
    "Даниил": "Дан", "Данил": "Дан", "Дарья": "Даш", "Дмитрий": "Дим Мит", "Евгений": "Жен", "Евгения": "Жен",
    "Екатерина": "Кат", "Елена": "Лен", "Елизавета": "Лиз", "Иван": "Ван", "Илья": "Илюш", "Ирина": "Ир",
    "Кирилл": "Кирюш", "Константин": "Кост", "Ксения": "Ксюш", "Лариса": "Лар", "Лев": "Лёв", "Лидия": "Лид",
    "Любовь": "Люб", "Людмила": "Люд", "Маргарита": "Рит", "Мария": "Маш Марус", "Михаил": "Миш",
    "Надежда": "Над", "Наталья": "Наташ", "Наталия": "Наташ", "Николай": "Кол", "Ольга": "Ол", "Павел": "Паш",
    "Петр": "Пет", "Полина": "Пол", "Роман": "Ром", "Светлана": "Свет", "Сергей": "Серёж", "Софья": "Сон",
    "София": "Сон", "Степан": "Стёп", "Тамара": "Том", "Татьяна": "Тан", "Тимофей": "Тим", "Федор": "Фед",
    "Юлия": "Юл", "Юрий": "Юр", "Яков": "Яш",
}  # fmt: skip
"""How those are called at home who bear common names: stems."""

_SCHOOLS = (
    (r"школ|сош|оош|гимнази|лице[йя]|интернат", "МБОУ «Учебная школа № {n}»"),
    (r"детск\w+ сад|доу\b|ясли", "МКДОУ «Учебный детский сад № {n}»"),
    (r"колледж|техникум|училищ|институт|университет", "ГБПОУ «Учебный колледж № {n}»"),
    (r"больниц|црб|поликлин|диспансер|медицин|здоровь|фап\b", "ГБУ «Учебная больница № {n}»"),
    (r"занятост", "Учебный центр занятости населения № {n}"),
    (r"опек", "учебный отдел опеки и попечительства № {n}"),
    (r"полици|овд|умвд|мвд|пдн", "учебный отдел полиции № {n}"),
    (r"прокур", "учебная прокуратура № {n}"),
    (r"кдн|комисси", "учебная КДНиЗП № {n}"),
    (r"суд\b|судебн", "учебный суд № {n}"),
    (r"администрац|управлени|департамент|министерств", "учебная администрация № {n}"),
    (r"социальн|кцсон|соцзащит", "ГБУ «Учебный центр социальной помощи № {n}»"),
)


class Cast:
    """Gives people, places and numbers their fictional ones."""

    def __init__(self, chance: random.Random, taken: Iterable[str], names: StandIns | None = None) -> None:
        """Begin.

        Args:
            taken: Words of the original: none of them is given as a replacement.
            names: The names of another language than Russian.
        """
        self._chance = chance
        self._names = names
        self._known: dict[tuple[str, str], str] = {}
        self._taken = {one.lower().replace("ё", "е") for one in taken}
        self._places: list[str] = []
        self._streets: list[str] = []
        self._surnames = self._shuffled(names.surnames if names else _SURNAMES)
        if names:
            self._men, self._women = self._shuffled(names.men), self._shuffled(names.women)
            self._places, self._streets = self._shuffled(names.places), self._shuffled(names.streets)
            return
        fathers = [one for one in _MEN if not self._is_taken(patronymic_of(one, male=False))]
        self._men = self._shuffled(
            [one for one in fathers if not self._is_taken(patronymic_of(one, male=True))]
        )
        self._women = self._shuffled(_WOMEN)

    def _shuffled(self, words: Sequence[str]) -> list[str]:
        free = [one for one in dict.fromkeys(words) if not self._is_taken(one)]
        self._chance.shuffle(free)
        return free or list(words)

    def _is_taken(self, word: str) -> bool:
        plain = word.lower().replace("ё", "е")
        return any(plain.startswith(one[: max(len(one) - 1, 4)]) for one in self._taken if len(one) > 2)

    def _one(self, kind: str, key: str, among: Sequence[str]) -> str:
        if (kind, key) not in self._known:
            given = sum(known == kind for known, _ in self._known)
            self._known[kind, key] = among[given % len(among)]
        return self._known[kind, key]

    # --- people ------------------------------------------------------------------------------------------

    def name_of(self, person: Person) -> PersonName:
        """Return the fictional name of a person, of the same sex; without a patronymic if there was none."""
        male = person.sex.value == "male"
        first = self._first(person.first_name, male=male)
        patronymic = self._patronymic(person.patronymic, male=male) if person.patronymic else None
        return PersonName(
            self.surname(person.last_name, male=male), first, patronymic, "male" if male else "female"
        )

    def surname(self, original: str, *, male: bool) -> str:
        """Return the fictional surname: one for the men and the women of a family."""
        base = self._one("surname", surname_key(original), self._surnames)
        return base if male or self._names else f"{base}а"

    def _patronymic(self, original: str, *, male: bool) -> str:
        if self._names:
            return self._one("middle", original.lower(), self._men if male else self._women)
        return patronymic_of(self._father(original), male=male)

    def _first(self, original: str, *, male: bool) -> str:
        if male:
            return self._one("man", father_key(original), self._men)
        return self._one("woman", original.lower().replace("ё", "е"), self._women)

    def _father(self, patronymic: str) -> str:
        return self._one("man", patronymic_key(patronymic), self._men)

    # --- places, organisations ---------------------------------------------------------------------------

    def stem(self, original: str, kind: str) -> str:
        """Return the stem of a fictional place that takes the same endings: «Катайск-», «Залесск-»."""
        words = _STEMS[kind]
        free = [one for one in words if not self._is_taken(one)] or list(words)
        return self._one(f"place-{kind}", original.lower(), free)

    def place(self, original: str) -> str:
        """Return a fictional place of another language than Russian."""
        return self._one("place", original.lower(), self._places)

    def street(self, original: str) -> str:
        """Return a fictional street."""
        if self._names:
            return self._one("street", original.lower(), self._streets)
        free = [one for one in _STREETS if not self._is_taken(one)] or _STREETS
        return f"ул. {self._one('street', original.lower(), free)}"

    def organisation(self, original: str, plain: str = "учебная организация № {n}") -> str:
        """Return a fictional organisation of the same kind."""
        key = original.lower()
        plain = next((words for form, words in _SCHOOLS if re.search(form, key)), plain)
        known = ("organisation", key)
        if known not in self._known:
            count = sum(one == "organisation" for one, _ in self._known)
            self._known[known] = plain.format(n=count + 901)
        return self._known[known]

    # --- numbers -----------------------------------------------------------------------------------------

    def digits(self, original: str) -> str:
        """Return other digits in the same shape; a year stays, letters stay."""
        known = ("digits", original)
        if known not in self._known:
            shape = re.sub(r"[^\W\d_]{4,}", "", original).strip(" ,.;") or "0"
            if re.fullmatch(r"[IVXLC]+-[А-ЯЁ]{2}", original):
                self._known[known] = f"{self._chance.choice(('IV', 'VI', 'VII', 'IX'))}-УЧ"
                return self._known[known]
            for _ in range(50):
                made = re.sub(r"\d+", self._run, shape)
                if made != original and made not in self._known.values():
                    break
            self._known[known] = made
        return self._known[known]

    def _run(self, found: re.Match[str]) -> str:
        run = found[0]
        if re.fullmatch(r"(19|20)\d\d", run):
            return run
        length = max(len(run), 2)
        return str(self._chance.randint(1, 9)) + "".join(self._chance.choices("0123456789", k=length - 1))

    def snils(self, original: str) -> str:
        """Return a SNILS whose check digits are right, of numbers that are not given out (900-…)."""
        known = ("snils", original)
        if known not in self._known:
            body = f"900{self._chance.randint(100_000, 999_999)}"
            total = sum(int(digit) * weight for digit, weight in zip(body, range(9, 0, -1), strict=True))
            self._known[known] = f"{body[:3]}-{body[3:6]}-{body[6:]} {total % 101 % 100:02}"
        return self._known[known]

    def inn(self, original: str) -> str:
        """Return an INN of an organisation (or of a person) whose check digits are right."""
        from stdnum.ru import inn

        body = "00" + "".join(
            self._chance.choices("0123456789", k=len(original) - (3 if len(original) == 10 else 4))
        )
        ends = [str(n) for n in range(10)] if len(original) == 10 else [f"{n:02}" for n in range(100)]
        return next((body + end for end in ends if inn.is_valid(body + end)), None) or self.inn(original)

    def ogrn(self, original: str) -> str:
        """Return an OGRN whose check digit is right."""
        from stdnum.ru import ogrn

        body = "100" + "".join(self._chance.choices("0123456789", k=9))
        return next((f"{body}{n}" for n in range(10) if ogrn.is_valid(f"{body}{n}")), None) or self.ogrn(
            original
        )

    def unp(self) -> str:
        """Return a UNP whose check digit is right."""
        from stdnum.by import unp

        body = "19" + "".join(self._chance.choices("0123456789", k=6))
        return next((f"{body}{n}" for n in range(10) if unp.is_valid(f"{body}{n}")), None) or self.unp()

    def personal_no(self, original: str, shift: timedelta) -> str:
        """Return an identification number of Belarus for somebody born some days earlier or later.

        Its serial number, 000, is given to nobody.
        """
        century = 1800 + (int(original[0]) - 1) // 2 * 100
        born = date(century + int(original[5:7]), int(original[3:5]), int(original[1:3]))
        then = born + shift
        first = 1 + (then.year - 1800) // 100 * 2 + (int(original[0]) - 1) % 2
        body = f"{first}{then:%d%m%y}{original[7]}000{original[11:13]}"
        return body + personal_check_digit(body)

    def phone(self, original: str) -> str:
        """Return a telephone number of those that belong to nobody (+7 900 000-…)."""
        known = ("phone", re.sub(r"\D", "", original)[-10:])
        if known not in self._known:
            count = sum(one == "phone" for one, _ in self._known)
            self._known[known] = f"+7 (900) 000-{90 + count // 100:02}-{count % 100:02}"
        return self._known[known]


def surname_key(surname: str) -> str:
    """Return what the surnames of a man and of a woman of one family have in common."""
    plain = surname.lower().replace("ё", "е")
    for ending, base in (("ская", "ск"), ("цкая", "цк"), ("ский", "ск"), ("цкий", "цк"), ("ская", "ск")):
        if plain.endswith(ending):
            return plain[: -len(ending)] + base
    return re.sub(r"(?<=[оеи][вн])а$", "", plain)


def father_key(first: str) -> str:
    """Return what a man's name has in common with the patronymics made of it."""
    plain = first.lower().replace("ё", "е")
    plain = {"павел": "павл", "лев": "льв"}.get(plain, plain)
    return re.sub(r"[йьяаи]+$", "", plain)


def patronymic_key(patronymic: str) -> str:
    """Return what a patronymic has in common with the name that it is made of."""
    plain = patronymic.lower().replace("ё", "е")
    plain = re.sub(r"(?:[\s-]*(?:оглы|кызы|улы|угли|уулу|гызы))$", "", plain)
    plain = re.sub(r"(?:ович|евич|инична|овна|евна|ична|ич)$", "", plain)
    return re.sub(r"[йьяаи]+$", "", plain)


def patronymic_of(father: str, *, male: bool) -> str:
    """Make the patronymic of a name of our list."""
    stem = {"Пётр": "Петр", "Семён": "Семен", "Артём": "Артем"}.get(father, father)
    if stem.endswith("ей"):
        return stem[:-1] + ("евич" if male else "евна")
    if stem == "Яков":
        return "Яковлевич" if male else "Яковлевна"
    return stem + ("ович" if male else "овна")
