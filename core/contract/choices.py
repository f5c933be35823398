"""The fixed lists of the contract, each value with the label that papers print.

A list belongs here when it is common to all programmes; what is a region's own stands in its programme.
"""

from __future__ import annotations

from .base import Labelled


class SexChoice(Labelled):
    """Sex; Russian grammar needs it."""

    MALE = "male", "мужской"
    FEMALE = "female", "женский"


class DocumentKind(Labelled):
    """Kinds of identity document."""

    PASSPORT_RF = "passport_rf", "паспорт гражданина Российской Федерации"
    BIRTH_CERTIFICATE = "birth_certificate", "свидетельство о рождении"
    FOREIGN_PASSPORT = "foreign_passport", "паспорт иностранного гражданина"
    RESIDENCE_PERMIT = "residence_permit", "вид на жительство"
    TEMPORARY_ID = "temp_id", "временное удостоверение личности"
    OTHER = "other", "иной документ"


class Custody(Labelled):
    """In whose care a child is."""

    PARENTS = "parents", "воспитывается родителями"
    GUARDIAN = "guardian", "под опекой (попечительством)"
    FOSTER = "foster", "в приёмной семье"
    INSTITUTION = "institution", "в организации для детей"


class StatusFlag(Labelled):
    """Social and legal circumstances of a family."""

    LOW_INCOME = "low_income", "малоимущая"
    SINGLE_PARENT = "single_parent", "неполная"
    SINGLE_PARENT_LEGAL = "single_parent_legal", "неполная де-юре"
    LARGE = "large", "многодетная"
    FOSTER = "foster", "замещающая"
    DISABLED_CHILD = "disabled_child", "с ребёнком-инвалидом"
    MINOR_PARENTS = "minor_parents", "несовершеннолетние родители"
    DEBT = "debt", "имеет долги"
    DANGEROUS_POSITION = "dangerous_position", "находится в социально опасном положении"
    KDN_RECORD = "kdn_record", "на учёте в КДНиЗП"
    PDN_RECORD = "pdn_record", "на учёте в ПДН"
    MIGRANT = "migrant", "вынужденные переселенцы, мигранты"


class Utility(Labelled):
    """What a dwelling is provided with."""

    WATER = "water", "водопровод"
    SEWERAGE = "sewerage", "канализация"
    HEATING = "heating", "центральное отопление"
    STOVE = "stove", "печное отопление"
    GAS = "gas", "газ"
    ELECTRICITY = "electricity", "электричество"


class Sanitary(Labelled):
    """Sanitary state of a dwelling."""

    OK = "ok", "удовлетворительное"
    POOR = "poor", "неудовлетворительное"


class Role(Labelled):
    """What a specialist does in a case."""

    CURATOR = "curator", "куратор случая"
    CASE_MANAGER = "case_manager", "ведущий случая"
    TG_CHAIR = "tg_chair", "председатель территориальной группы"
    TG_SECRETARY = "tg_secretary", "секретарь территориальной группы"
    TG_MEMBER = "tg_member", "член территориальной группы"


class Channel(Labelled):
    """How a request came in."""

    SELF_APPEAL = "self_appeal", "обращение семьи"
    AGENCY_MESSAGE = "agency_message", "сообщение организации"
    PARTNER_REFERRAL = "partner_referral", "направление организации-партнёра"
    HOTLINE = "hotline", "телефон доверия, горячая линия"
    FOUND_BY_CENTRE = "found_by_centre", "выявлено центром"


class IntakeSign(Labelled):
    """Signs of trouble noted with a request."""

    CHILD_MALTREATMENT_FACT = "child_maltreatment_fact", "факт жестокого обращения с ребёнком"
    CHILD_NEGLECT = "child_neglect", "пренебрежение нуждами ребёнка"
    SCHOOL_ABSENCE = "school_absence", "пропуски занятий в школе"
    CHILD_BEHAVIOUR = "child_behaviour", "трудности в поведении ребёнка"
    RISK_OF_REMOVAL = "risk_of_removal", "угроза отобрания ребёнка"
    ALCOHOL = "alcohol", "употребление алкоголя взрослыми"
    DRUGS = "drugs", "употребление наркотических средств"
    DOMESTIC_VIOLENCE = "domestic_violence", "насилие между взрослыми"
    DEBT = "debt", "долги"
    NO_INCOME = "no_income", "отсутствие дохода"
    HOUSING = "housing", "непригодное жильё или его отсутствие"
    DEPRESSION_SUSPECTED = "depression_suspected", "подавленное состояние взрослого"
    DISABILITY = "disability", "инвалидность члена семьи"
    CONFLICT = "conflict", "конфликты в семье"


class ConsentKind(Labelled):
    """Kinds of consent; each is a document of its own."""

    PERSONAL_DATA = "personal_data", "на обработку персональных данных"
    HEALTH = "special_category_health", "на обработку сведений о состоянии здоровья"
    EXCHANGE = "interagency_exchange", "на межведомственный обмен информацией"
    SERVICES = "informed_consent_services", "информированное согласие на участие"
    PHOTO = "photo_video", "на фото- и видеосъёмку"
    CHILD = "assent_child", "согласие ребёнка"


class AspectCode(Labelled):
    """Aspects of the preliminary assessment of a family (source text 004)."""

    CHILDREN = "children_functioning", "функционирование детей"
    ADULTS = "adults_functioning", "функционирование взрослых"
    CARE = "parental_care", "общий родительский уход"
    DISCIPLINE = "discipline", "дисциплина"
    MALTREATMENT = (
        "maltreatment",
        "жестокое обращение с ребёнком и обстоятельства, сопутствующие этому",
    )
    CHILDHOOD = "adults_childhood_history", "история детства взрослых"
    FAMILY = "family_functioning", "функционирование семьи"
    LIVELIHOOD = "livelihood", "средства к существованию"


class InstrumentKind(Labelled):
    """The six kinds of instrument of a deep assessment (source text 001)."""

    TALKS = "talks", "беседы и наблюдения"
    HOUSING = "housing", "оценка условий проживания"
    PSYCHOLOGICAL = "psychological", "психологическая диагностика ребёнка и взрослых"
    TRIANGLE = "needs_triangle", "треугольник потребностей"
    GRAPHIC = "graphic", "интерактивные графические методы (генограмма, экокарта)"
    PARTNERS = "partners", "сбор информации от партнёров и ближайшего окружения"


class Dimension(Labelled):
    """Dimensions of the needs triangle, in its three directions."""

    HEALTH = "health", "здоровье"
    EDUCATION = "education", "образование"
    EMOTIONAL = "emotional_behavioural", "эмоциональное и поведенческое развитие"
    IDENTITY = "identity", "идентичность"
    RELATIONSHIPS = "family_social_relationships", "семейные и социальные отношения"
    PRESENTATION = "social_presentation", "социальная презентация"
    SELF_CARE = "self_care", "навыки самообслуживания"
    BASIC_CARE = "basic_care", "базовый уход"
    SAFETY = "safety", "безопасность"
    WARMTH = "emotional_warmth", "эмоциональное тепло"
    STIMULATION = "stimulation", "стимулирование"
    GUIDANCE = "guidance_boundaries", "руководство и границы"
    STABILITY = "stability", "стабильность"
    FAMILY_HISTORY = "family_history", "история и функционирование семьи"
    WIDER_FAMILY = "wider_family", "расширенная семья"
    DWELLING = "housing", "жильё"
    EMPLOYMENT = "employment", "занятость"
    INCOME = "income", "доход"
    INTEGRATION = "social_integration", "социальная интеграция"
    COMMUNITY = "community_resources", "ресурсы сообщества"


class BodyKind(Labelled):
    """Who decides."""

    TERRITORIAL_GROUP = "territorial_group", "территориальная группа"
    CONSILIUM = "consilium", "консилиум"
    TEAM = "team", "междисциплинарная команда"
    KDN = "kdn", "КДНиЗП"
    HEAD = "head", "руководитель"


class Direction(Labelled):
    """The five directions of help (source text 004)."""

    MEDICAL = "medical", "медицинские"
    PSYCHOLOGICAL = "psychological", "психологические"
    PEDAGOGICAL = "pedagogical", "педагогические"
    LEGAL = "legal", "юридические"
    SOCIAL = "social", "социальные"


class TaskStatus(Labelled):
    """How far a task has come."""

    PLANNED = "planned", "не начата"
    IN_PROGRESS = "in_progress", "в работе"
    ACHIEVED = "achieved", "достигнута"
    PARTIALLY = "partially", "достигнута частично"
    NOT_ACHIEVED = "not_achieved", "не достигнута"
    CANCELLED = "cancelled", "снята"


class ContactForm(Labelled):
    """Where a specialist and a family met."""

    HOME = "home", "посещение на дому"
    OFFICE = "office", "приём в учреждении"
    PHONE = "phone", "телефонный разговор"
    SCHOOL = "school", "встреча в школе (детском саду)"
    ONLINE = "online", "видеосвязь, переписка"


class MonitoringKind(Labelled):
    """Kinds of monitoring."""

    CURRENT = "current", "текущий"
    SEMIANNUAL = "semiannual", "полугодовой"
    FINAL = "final", "итоговый"


class MonitoringOutcome(Labelled):
    """What a monitoring concludes."""

    CONTINUE = "continue", "продолжать работу по плану"
    AMEND = "amend", "изменить план"
    CONSILIUM = "consilium", "вынести на консилиум"
    CHANGE_LEVEL = "change_level", "предложить смену уровня"
    PREPARE_FINAL = "prepare_final", "готовить завершение"
    CLOSE = "close", "завершить сопровождение"
    EXTEND = "extend", "продлить сопровождение"
    TRANSFER = "transfer", "передать в другую службу"


class OpinionForm(Labelled):
    """How a child said what it thinks."""

    ORAL = "oral", "устно"
    WRITTEN = "written", "письменно"
    DRAWING = "drawing", "рисунок"


class ClosureReason(Labelled):
    """Why a case is closed."""

    GOALS_ACHIEVED = "goals_achieved", "цели достигнуты"
    SELF_RELIANCE = "self_reliance_achieved", "семья стала самодостаточной"
    REFUSAL = "refusal", "отказ семьи"
    MOVED = "moved", "переезд семьи"
    TRANSFERRED = "transferred", "передача в другую службу"
    CHILD_PLACED = "child_placed", "помещение ребёнка, изменение его правового статуса"
    OF_AGE = "of_age", "совершеннолетие"
    OTHER = "other", "иное"


class RelationshipType(Labelled):
    """Kinds of working relationship (source text 002)."""

    AGREEMENT = "agreement", "заключение соглашений"
    COOPERATION = "cooperation", "сотрудничество"
