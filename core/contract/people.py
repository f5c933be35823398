"""People, their papers and addresses, the organisation and its specialists, the family and its home."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from .. import facts
from ..dayspan import hold, in_years, unwatched
from .base import (
    At,
    Contract,
    Id,
    Kind,
    Line,
    MemberRef,
    OrganisationText,
    PersonRef,
    PositionText,
    RelationText,
    SpecialistRef,
    Text,
    YesNo,
    derived,
    fact,
)
from .choices import (
    ConsentKind,
    Custody,
    DocumentKind,
    IncomeLevel,
    IncomeSource,
    Role,
    Sanitary,
    SexChoice,
    StatusFlag,
    UnionStatus,
    Utility,
)
from .countries import NUMBERED, PAPERS, Country, country_of
from .values import (
    Count,
    Day,
    Email,
    Inn,
    Kpp,
    Money,
    NameText,
    Ogrn,
    PersonalNo,
    Phone,
    Postcode,
    Snils,
    Unp,
    belarus_passport_series,
    birth_certificate_series,
    department_code,
    passport_series,
    with_point,
)

NBSP = facts.NBSP
COMING_OF_AGE = 18


def years_between(birth: date, on: date) -> int:
    """Count the full years between two days; who was born on 29 February is a year older on 1 March."""
    day = unwatched(on)
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    if on is not day:
        hold(on, in_years(birth, years), in_years(birth, years + 1) - timedelta(days=1))
    return years


class CaseForms(Contract):
    """Forms of a word or of words that a person has confirmed; they win over any library."""

    gen: Line | None = fact("родительный", "Родительный падеж (кого? чего?)", None, example="Зайца")
    dat: Line | None = fact("дательный", "Дательный падеж (кому? чему?)", None, example="Зайцу")
    acc: Line | None = fact("винительный", "Винительный падеж (кого? что?)", None, example="Зайца")
    ins: Line | None = fact("творительный", "Творительный падеж (кем? чем?)", None, example="Зайцем")
    prep: Line | None = fact("предложный", "Предложный падеж (о ком? о чём?)", None, example="Зайце")

    def stored(self) -> dict[str, str]:
        """Return the forms that are there, by grammatical case."""
        return {case: form for case in CaseForms.model_fields if (form := getattr(self, case))}


class NameForms(Contract):
    """Confirmed forms of the parts of a name."""

    last: CaseForms | None = fact("фамилия", "Фамилия", None)
    first: CaseForms | None = fact("имя", "Имя", None)
    patronymic: CaseForms | None = fact("отчество", "Отчество", None)

    def stored(self) -> dict[str, dict[str, str]]:
        """Return the forms that are there, by part of the name and grammatical case."""
        parts = {"last": self.last, "first": self.first, "patronymic": self.patronymic}
        return {part: forms.stored() for part, forms in parts.items() if forms}


def _expect(form: str, value: str | None, code: str) -> None:
    if value is None or not re.fullmatch(form, value):
        message = "This part of the document is not written as it is issued"
        raise PydanticCustomError(f"papka_{code}", message)


def _with_sign(sign: str, number: str) -> str:
    """Write «д. 3», whether 3, д. 3, дом 3 or № 3 was typed."""
    bare = re.sub(r"^(?:д(?:ом)?|кв(?:артира)?|№)\.?\s*(?=\d)", "", number, flags=re.IGNORECASE)
    return f"{sign}{NBSP}{bare}"


class Address(Contract):
    """An address in Russia."""

    postcode: Postcode | None = fact("индекс", "Почтовый индекс", None, example="641700")
    region: Line = fact("регион", "Субъект Российской Федерации", example="Курганская область")
    district: Line | None = fact("район", "Район", None, example="Катайский район")
    settlement: Line = fact("населённый_пункт", "Населённый пункт", example="г. Катайск")
    street: Line | None = fact("улица", "Улица", None, example="ул. Заречная")
    house: Line | None = fact("дом", "Дом", None, example="15")
    flat: Line | None = fact("квартира", "Квартира", None, example="4")

    @derived("строкой", "Адрес одной строкой", "641700, Курганская область, г. Катайск, ул. Заречная, д. 15")
    def text(self, at: At) -> str:
        """Join the parts as they stand on an envelope."""
        parts = [self.postcode, self.region, self.district, self.settlement, self.street]
        parts.append(self.house and _with_sign("д.", self.house))
        parts.append(self.flat and _with_sign("кв.", self.flat))
        return ", ".join(part for part in parts if part)


class IdentityDocument(Contract):
    """A document that says who somebody is, or on what ground he acts for a child."""

    kind: DocumentKind = fact("вид", "Вид документа")
    title: Line | None = fact("название", "Название иного документа", None, example="акт органа опеки")
    series: Line | None = fact("серия", "Серия", None, example="37 11", validate_default=True)
    number: Line = fact("номер", "Номер", example="654321")
    issued_on: Day | None = fact("выдан", "Дата выдачи", None, validate_default=True)
    issued_by: Text | None = fact("кем_выдан", "Кем выдан", None, example="УМВД России по Курганской области")
    dept_code: Line | None = fact("код_подразделения", "Код подразделения", None, example="450-012")

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        kept = dict(data)
        kind, series = DocumentKind.of(kept.get("kind")), kept.get("series")
        if series is not None and kind is DocumentKind.PASSPORT_RF:
            kept["series"] = passport_series(str(series)) or series
        if series is not None and kind is DocumentKind.PASSPORT_BY:
            kept["series"] = belarus_passport_series(str(series)) or series
        if series is not None and kind is DocumentKind.BIRTH_CERTIFICATE:
            kept["series"] = birth_certificate_series(str(series)) or series
        if kept.get("dept_code") is not None:
            kept["dept_code"] = department_code(str(kept["dept_code"])) or kept["dept_code"]
        return kept

    # Each field is held against the kind of document by itself, so that all faults are told at once.

    @field_validator("series")
    @classmethod
    def _series_as_issued(cls, series: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("kind") is DocumentKind.PASSPORT_RF:
            _expect(r"[0-9]{2} [0-9]{2}", series, "passport_series")
        if info.data.get("kind") is DocumentKind.PASSPORT_BY:
            _expect(r"[A-Z]{2}", series, "passport_by_series")
        if info.data.get("kind") is DocumentKind.BIRTH_CERTIFICATE:
            _expect(r"[IVXLC]{1,6}-[А-ЯЁ]{2}", series, "certificate_series")
        return series

    @field_validator("number")
    @classmethod
    def _number_as_issued(cls, number: str, info: ValidationInfo) -> str:
        if info.data.get("kind") is DocumentKind.PASSPORT_RF:
            _expect(r"[0-9]{6}", number, "passport_number")
        if info.data.get("kind") is DocumentKind.PASSPORT_BY:
            _expect(r"[0-9]{7}", number, "passport_by_number")
        if info.data.get("kind") is DocumentKind.BIRTH_CERTIFICATE:
            country = country_of(info) or Country.RUSSIA
            least, most = PAPERS[country].certificate_digits
            _expect(f"[0-9]{{{least},{most}}}", number, f"certificate_number_{country.value}")
        return number

    @field_validator("issued_on")
    @classmethod
    def _passport_says_when(cls, issued_on: date | None, info: ValidationInfo) -> date | None:
        passports = (DocumentKind.PASSPORT_RF, DocumentKind.PASSPORT_BY)
        if info.data.get("kind") in passports and issued_on is None:
            raise PydanticCustomError("papka_issued_on", "The date of issue is missing")
        return issued_on

    @field_validator("dept_code")
    @classmethod
    def _code_as_issued(cls, code: str | None) -> str | None:
        if code is not None:
            _expect(r"[0-9]{3}-[0-9]{3}", code, "dept_code")
        return code

    @derived("строкой", "Документ одной строкой", "паспорт серия 37 11 № 654321, выдан 02.08.2011 …")
    def text(self, at: At) -> str:
        """Describe the document as papers do: kind, series, number, who issued it and when."""
        head = [self.short_title(at)]
        if self.series:
            head.append(f"серия{NBSP}{self.series.replace(' ', NBSP)}")
        head.append(f"№{NBSP}{self.number}")
        issued = "выдано" if self.kind is DocumentKind.BIRTH_CERTIFICATE else "выдан"
        parts = [" ".join(head)]
        if self.issued_on:
            parts.append(f"{issued}{NBSP}{self.issued_on:%d.%m.%Y}")
        if self.issued_by:
            parts.append(f"кем {issued}: {self.issued_by}")
        if self.dept_code:
            parts.append(f"код подразделения{NBSP}{self.dept_code}")
        return ", ".join(parts)

    @derived("кратко", "Вид документа коротко", "паспорт")
    def short_title(self, at: At) -> str:
        """Name the kind as it is named inside a sentence."""
        if self.kind is DocumentKind.OTHER and self.title:
            return self.title
        return "паспорт" if self.kind is DocumentKind.PASSPORT_RF else self.kind.label


class Person(Contract):
    """Anybody whose name a paper prints."""

    id: Id = fact("код", "Условное обозначение человека в деле", example="m.lyubov")
    last_name: NameText = fact("фамилия", "Фамилия", example="Черных")
    first_name: NameText = fact("имя", "Имя", example="Любовь")
    patronymic: NameText | None = fact("отчество", "Отчество (при наличии)", None, example="Ильинична")
    sex: SexChoice = fact("пол", "Пол")
    birth_date: Day | None = fact("дата_рождения", "Дата рождения", None)
    phone: Phone | None = fact("телефон", "Телефон", None, example="+7 (900) 000-00-01")
    name_forms: NameForms | None = fact("формы_имени", "Подтверждённые падежные формы имени", None)

    @derived("фио", "Фамилия, имя, отчество", "Черных Любовь Ильинична")
    def name(self, at: At) -> facts.PersonName:
        """Return the name, ready to be declined and shortened."""
        forms = self.name_forms.stored() if self.name_forms else {}
        sex: facts.Sex = "male" if self.sex is SexChoice.MALE else "female"
        return facts.PersonName(self.last_name, self.first_name, self.patronymic, sex, forms)

    @derived("пол_по_отчеству", "Пол, о котором говорит отчество", "женский")
    def sex_by_patronymic(self, at: At) -> SexChoice | None:
        """Return what the end of the patronymic says: Ильинична is a woman's, Ильич a man's."""
        end = (self.patronymic or "").casefold()
        if re.search(r"(?:вна|чна|кызы|гызы)$", end):
            return SexChoice.FEMALE
        return SexChoice.MALE if re.search(r"(?:ич|оглы|углы)$", end) else None

    @derived("кто_это", "Должность специалиста или родство члена семьи", "психолог")
    def capacity(self, at: At) -> facts.Phrase | None:
        """Say as what the person takes part."""
        return None

    @derived("полных_лет", "Возраст, полных лет на дату документа", "12")
    def age(self, at: At) -> int | None:
        """Count the person's full years on the day of the paper."""
        return years_between(self.birth_date, at.on) if self.birth_date else None


class Specialist(Person):
    """Somebody who works with the family or decides about the case."""

    position: PositionText = fact("должность", "Должность", example="специалист по социальной работе")
    position_forms: CaseForms | None = fact("формы_должности", "Подтверждённые формы должности", None)
    org: OrganisationText | None = fact("организация", "Организация, если не своя", None, example="школа № 1")
    roles: tuple[Role, ...] = fact("роли", "Роли в деле", ())
    qualification: Text | None = fact("квалификация", "Образование, квалификация", None)

    @derived("кто_это", "Должность специалиста или родство члена семьи", "психолог")
    def capacity(self, at: At) -> facts.Phrase:
        """Name the position."""
        forms = self.position_forms.stored() if self.position_forms else {}
        return facts.Phrase(self.position, "position", forms)


class Member(Person):
    """A member of the family, of any age, living with it or apart."""

    relation: RelationText = fact("родство", "Родство, отношение к ребёнку", example="мать")
    mother: MemberRef | None = fact("мать", "Мать (из членов семьи)", None)
    father: MemberRef | None = fact("отец", "Отец (из членов семьи)", None)
    died_on: Day | None = fact("умер", "Дата смерти", None)
    lives_with_family: YesNo = fact("проживает_совместно", "Проживает с семьёй", True)
    address: Address | None = fact("свой_адрес", "Адрес, если не семейный", None)
    birth_place: Line | None = fact("место_рождения", "Место рождения", None, example="г. Курган")
    citizenship: Line | None = fact("гражданство", "Гражданство", None, example="Российская Федерация")
    document: IdentityDocument | None = fact("документ", "Документ, удостоверяющий личность", None)
    snils: Snils | None = fact("снилс", "СНИЛС", None, example="112-233-445 95")
    personal_no: PersonalNo | None = fact(
        "идентификационный_номер", "Идентификационный номер (Беларусь)", None, example="3120489A000PB1"
    )
    email: Email | None = fact("почта", "Электронная почта", None)
    marital: Line | None = fact("семейное_положение", "Семейное положение", None)
    employment: Text | None = fact("занятость", "Место работы, должность", None, example="не работает")
    education: Text | None = fact("образование", "Образование, место учёбы", None, example="школа, 6 класс")
    income_monthly: Money | None = fact("доход", "Доход в месяц, руб.", None, example="7900")
    benefits_category: Line | None = fact("льготная_категория", "Льготная категория", None)
    disability: Line | None = fact("инвалидность", "Инвалидность", None)
    health_notes: Text | None = fact("здоровье", "Состояние здоровья (нужно отдельное согласие)", None)
    records: tuple[Line, ...] = fact("учёт", "На каком учёте состоит", ())
    participation: Text | None = fact("участие_в_воспитании", "Участие в воспитании и содержании", None)
    leisure: Text | None = fact("досуг", "Занятия в свободное время", None)
    legal_representative_of: tuple[MemberRef, ...] = fact(
        "представляет", "Законный представитель кого (дети)", ()
    )
    authority_document: IdentityDocument | None = fact(
        "основание_представительства", "Документ о полномочиях законного представителя", None
    )
    custody: Custody | None = fact("попечение", "На чьём попечении ребёнок", None)

    @derived("кто_это", "Должность специалиста или родство члена семьи", "мать")
    def capacity(self, at: At) -> facts.Phrase:
        """Name the relation."""
        return facts.Phrase(self.relation)

    @derived("ребёнок", "Несовершеннолетний на дату документа", "да")
    def is_child(self, at: At) -> bool:
        """Tell whether the person is under age on the day of the paper."""
        age = self.age(at)
        return age is not None and age < COMING_OF_AGE

    @derived("жив", "Жив на дату документа", "да")
    def is_alive(self, at: At) -> bool:
        """Tell whether the person is alive on the day of the paper."""
        return self.died_on is None or self.died_on > at.on

    @derived("адрес", "Адрес места жительства", "")
    def home(self, at: At) -> Address | None:
        """Return the person's own address, or the family's for who lives with it."""
        return self.address or (at.case.family.home(at) if self.lives_with_family else None)

    @derived("законные_представители", "Законные представители ребёнка; первый — кто дал согласие о нём", "")
    def representatives(self, at: At) -> tuple[Member, ...]:
        """Return those who act for this child by law, first who signed the latest consent about the child."""
        found = (m for m in at.case.family.representatives(at) if self.id in m.legal_representative_of)
        agreed = [c for c in at.case.consents if c.kind is ConsentKind.PERSONAL_DATA and c.subject == self.id]
        signers = [c.signed_by for c in sorted(agreed, key=lambda consent: consent.on, reverse=True)]
        return tuple(sorted(found, key=lambda m: signers.index(m.id) if m.id in signers else len(signers)))

    @derived("нужно_согласие_о_здоровье", "В деле есть сведения о здоровье или согласие на них", "да")
    def health_known(self, at: At) -> bool:
        """Tell whether the case holds facts about the person's health, or a consent to hold them."""
        agreed = (c for c in at.case.consents if c.kind is ConsentKind.HEALTH and c.subject == self.id)
        return bool(self.health_notes or self.disability) or any(agreed)

    @derived("мнение", "Последнее мнение ребёнка", "")
    def last_opinion(self, at: At) -> str | None:
        """Return what the child last said, up to the day of the paper."""
        said = [o for o in at.case.child_opinions if o.child == self.id and o.on <= at.on]
        return max(said, key=lambda opinion: opinion.on).text if said else None


Area = Annotated[Decimal, BeforeValidator(with_point), Field(gt=0, lt=10_000)]
"""An area in square metres."""


class Household(Contract):
    """The home in which the family lives."""

    dwelling: Line = fact("жильё", "Вид жилья", example="жилой дом")
    ownership: Line | None = fact("право", "Собственник, наниматель, право пользования", None)
    area_m2: Annotated[Decimal, BeforeValidator(with_point), Field(gt=0, lt=10_000)] | None = fact(
        "площадь", "Общая площадь, кв. м", None
    )
    rooms: Count | None = fact("комнат", "Число комнат", None, example="3")
    utilities: tuple[Utility, ...] = fact("удобства", "Благоустройство", ())
    sanitary: Sanitary | None = fact("санитарное_состояние", "Санитарное состояние", None)
    child_place: Text | None = fact("место_ребёнка", "Место ребёнка: для сна, игр, занятий", None)
    debts: Money | None = fact("долги", "Долги, руб.", None, example="148000")
    notes: Text | None = fact("примечание", "Иное о жилье", None)


class Couple(Contract):
    """How two adults of a family stand to each other; the genogram shows it."""

    first: MemberRef = fact("первый", "Один")
    second: MemberRef = fact("второй", "Другой")
    status: UnionStatus = fact("состояние", "В каких отношениях")
    since: Day | None = fact("с", "С какого дня", None)
    until: Day | None = fact("по", "По какой день", None)


class Family(Contract):
    """The family whose case it is."""

    display_name: Line = fact("название", "Как семья названа в деле", example="семья Черных — Шевченко")
    type: Line | None = fact("вид", "Вид семьи", None, example="неполная")
    status_flags: tuple[StatusFlag, ...] = fact("обстоятельства", "Социальный и правовой статус", ())
    address_registration: Address | None = fact("адрес_регистрации", "Адрес регистрации", None)
    address_actual: Address | None = fact("адрес_проживания", "Адрес проживания, если другой", None)
    phone: Phone | None = fact("телефон", "Телефон", None, example="+7 (900) 000-00-01")
    members: tuple[Member, ...] = fact("члены", "Члены семьи", ())
    unions: tuple[Couple, ...] = fact("союзы", "Браки и союзы взрослых", ())
    household: Household | None = fact("жильё", "Жилищные условия", None)
    income_per_person: Money | None = fact("доход_на_человека", "Средний доход на члена семьи, руб.", None)
    income_level: IncomeLevel | None = fact("уровень_дохода", "Доход против прожиточного минимума", None)
    income_sources: tuple[IncomeSource, ...] = fact("источники_дохода", "Источники доходов", ())
    income_notes: Text | None = fact("доходы", "Структура доходов семьи", None)

    @derived("адрес", "Адрес, по которому семья живёт", "")
    def home(self, at: At) -> Address | None:
        """Return where the family lives; if not said, where it is registered."""
        return self.address_actual or self.address_registration

    @derived("дети", "Несовершеннолетние дети", "")
    def children(self, at: At) -> tuple[Member, ...]:
        """Return the members under age on the day of the paper."""
        return tuple(member for member in self._alive(at) if member.is_child(at))

    @derived("взрослые", "Взрослые члены семьи", "")
    def adults(self, at: At) -> tuple[Member, ...]:
        """Return the members of age; somebody without a birth date counts as of age."""
        return tuple(member for member in self._alive(at) if not member.is_child(at))

    @derived("представители", "Законные представители детей", "")
    def representatives(self, at: At) -> tuple[Member, ...]:
        """Return those who act for at least one child by law."""
        return tuple(member for member in self._alive(at) if member.legal_representative_of)

    @derived("заявитель", "Законный представитель, указанный первым", "")
    def applicant(self, at: At) -> Member | None:
        """Return the first legal representative: the person with whom the centre signs."""
        return next(iter(self.representatives(at)), None)

    @derived("живут_вместе", "Члены семьи, живущие вместе", "")
    def together(self, at: At) -> tuple[Member, ...]:
        """Return the members that live in one home."""
        return tuple(member for member in self._alive(at) if member.lives_with_family)

    def _alive(self, at: At) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.is_alive(at))


class Head(Contract):
    """Who heads the organisation, and on what ground he signs."""

    person: SpecialistRef = fact("человек", "Руководитель")
    position: PositionText = fact("должность", "Должность руководителя", example="директор")
    position_forms: CaseForms | None = fact("формы_должности", "Подтверждённые формы должности", None)
    acts_on: Line = fact("действует_на_основании", "Действует на основании (чего?)", example="Устава")


class Organisation(Contract):
    """The organisation that works with the family and whose papers these are."""

    full_name: OrganisationText = fact("полное_название", "Полное наименование")
    full_name_forms: CaseForms | None = fact("формы_названия", "Подтверждённые формы наименования", None)
    short_name: Annotated[Line, Kind("organisation")] = fact(
        "название", "Сокращённое наименование", example="ГБУ «КЦСОН»"
    )
    inn: Inn | None = fact("инн", "ИНН", None)
    kpp: Kpp | None = fact("кпп", "КПП", None)
    ogrn: Ogrn | None = fact("огрн", "ОГРН", None)
    unp: Unp | None = fact("унп", "УНП (Беларусь)", None)
    address: Address | None = fact("адрес", "Адрес", None)
    phone: Phone | None = fact("телефон", "Телефон", None)
    email: Email | None = fact("почта", "Электронная почта", None)
    bank: Text | None = fact("банковские_реквизиты", "Банковские реквизиты", None)
    provider_register_no: Line | None = fact("номер_в_реестре", "Номер в реестре поставщиков услуг", None)
    mandate: Text | None = fact("полномочия", "Полномочия организации", None)
    head: Head | None = fact("руководитель", "Руководитель", None)

    @field_validator(*sorted(NUMBERED))
    @classmethod
    def _given_in_its_country(cls, number: str | None, info: ValidationInfo) -> str | None:
        country = country_of(info)
        if number is not None and country is not None and info.field_name not in PAPERS[country].organisation:
            raise PydanticCustomError("papka_other_country", "This number is given in another country")
        return number


class CuratorTerm(Contract):
    """Who led the case, from when to when."""

    specialist: SpecialistRef = fact("специалист", "Специалист")
    since: Day = fact("с", "С какого дня")
    until: Day | None = fact("по", "По какой день", None)
    reason: Text | None = fact("причина", "Причина смены", None)

    @field_validator("until")
    @classmethod
    def _ends_after_it_starts(cls, until: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if until and since and until < since:
            raise PydanticCustomError("papka_period", "The period ends before it starts")
        return until


class ContactMeeting(Contract):
    """A meeting of a family with its contact family."""

    on: Day = fact("дата", "Дата")
    topic: Text = fact("тема", "Что делали, о чём говорили")
    present: tuple[Line, ...] = fact("участники", "Кто был", ())
    important: Text | None = fact("важное", "Что было важного", None)
    feedback: Text | None = fact("отзыв", "Что сказала семья", None)


class ContactFamily(Contract):
    """A family that has lived through a crisis and stands by another (source text 001)."""

    id: Id = fact("код", "Условное обозначение")
    members: tuple[Person, ...] = fact("члены", "Взрослые контактной семьи", ())
    experience: Text | None = fact("опыт", "Какой опыт преодолела", None)
    trained_on: Day | None = fact("обучение", "Дата подготовки", None)
    agreement_no: Line | None = fact("номер_соглашения", "Номер соглашения", None)
    agreement_on: Day | None = fact("соглашение", "Дата соглашения", None)
    valid_until: Day | None = fact("действует_до", "Соглашение действует до", None)
    coordinator: SpecialistRef | None = fact("координатор", "Кто координирует от организации", None)
    frequency: Line | None = fact("частота", "Как часто встречаются", None, example="2 раза в месяц")
    ended_on: Day | None = fact("завершено", "Когда помощь контактной семьи закончилась", None)
    meetings: tuple[ContactMeeting, ...] = fact("встречи", "Встречи", ())


__all__ = [
    "Address",
    "CaseForms",
    "ContactFamily",
    "ContactMeeting",
    "CuratorTerm",
    "Family",
    "Head",
    "Household",
    "IdentityDocument",
    "Member",
    "NameForms",
    "Organisation",
    "Person",
    "PersonRef",
    "Specialist",
    "years_between",
]
