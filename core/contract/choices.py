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
    PASSPORT_BY = "passport_by", "паспорт гражданина Республики Беларусь"
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


class IncomeLevel(Labelled):
    """Where the family's income stands against the subsistence minimum."""

    BELOW = "below", "ниже прожиточного минимума"
    UP_TO_TWICE = "up_to_twice", "выше прожиточного минимума не более чем на 100 %"
    OTHER = "other", "иное"


class IncomeSource(Labelled):
    """What the family lives on."""

    WAGES = "wages", "заработная плата"
    PENSION = "pension", "пенсия"
    BENEFIT = "benefit", "пособие"
    SCHOLARSHIP = "scholarship", "стипендия"
    ALIMONY = "alimony", "алименты"
    OTHER = "other", "иное"


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
    CITIZEN_MESSAGE = "citizen_message", "сообщение граждан: родственников, соседей"
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
    NOT_MOTIVATED = "not_motivated", "семья не хочет продолжать, изменений нет"
    OTHER = "other", "иное"


class RelationshipType(Labelled):
    """Kinds of working relationship (source text 002)."""

    AGREEMENT = "agreement", "заключение соглашений"
    COOPERATION = "cooperation", "сотрудничество"


# --- problems, engagement, readiness, conflicts ----------------------------------------------------------


class Problem(Labelled):
    """The fourteen problems of the target groups (source text 001, numbers 1-7 and 10-16)."""

    MOTIVATION = "p1", "низкая мотивация к изменению ситуации, неготовность взять ответственность"
    HELP_SEEKING = "p2", "отсутствие навыков обращения за помощью"
    PARENT_EMOTIONAL = "p3", "нарушения психоэмоционального состояния родителя"
    PARENT_COMPETENCE = "p4", "низкая родительская компетентность, низкий воспитательный потенциал"
    CONTACTS = "p5", "слабые социальные контакты, трудности долгосрочных отношений"
    EMPLOYMENT = "p6", "низкий уровень навыков трудоустройства"
    LITERACY = "p7", "низкая финансовая и правовая грамотность"
    LOSS_OF_CARE = "p10", "риск потери ребёнком кровной родительской опеки"
    CHILD_EMOTIONAL = "p11", "нарушения психоэмоционального развития ребёнка"
    DESTRUCTIVE = "p12", "риск деструктивных форм поведения ребёнка"
    CHILD_SUPPORT = "p13", "отсутствие поддерживающего окружения у ребёнка"
    CHILD_RIGHTS = "p14", "нарушение прав ребёнка на образование, медицинскую помощь и других прав"
    MALTREATMENT = "p15", "жестокое обращение с ребёнком или риск его возникновения"
    ADAPTATION = "p16", "трудности социальной адаптации ребёнка"


class WorkerQuality(Labelled):
    """Nine qualities by which families know a helpful specialist (source text 000)."""

    POINT_OF_VIEW = "point_of_view", "находит время понять точку зрения клиента"
    OPEN_TALK = "open_talk", "открыто говорит о потребностях и о том, как можно помочь"
    BELIEF = "belief", "верит, что изменение возможно"
    UNDERSTANDING = "understanding", "достигает взаимопонимания"
    FOLLOWS_THROUGH = "follows_through", "доводит планы до конца, быстро связывает со службами"
    ASKS_PROGRESS = "asks_progress", "выясняет мнение семьи о ходе работы и о том, что делать иначе"
    HARD_TOPICS = "hard_topics", "открыто обсуждает трудные темы, в том числе отобрание ребёнка"
    FAMILY_CHOICE = "family_choice", "семья пользуется властью, контролем и выбором"
    CONCRETE_NEEDS = "concrete_needs", "помогает удовлетворить конкретные нужды"


class Barrier(Labelled):
    """What lowers engagement (source text 000); the last one is the strongest."""

    PREJUDICE = "prejudice", "предубеждения из прошлого опыта"
    CONCLUSIONS = "conclusions", "негативные выводы, сделанные заранее"
    HIDDEN_AIMS = "hidden_aims", "скрытые цели"
    BETRAYAL = "betrayal", "«предательство»: семье не сказали, что рекомендовано комиссии"
    BAD_EXPERIENCE = "bad_experience", "прошлый негативный опыт обращения в службы"


class ChangeFactor(Labelled):
    """Five factors of readiness for change (T. Morton, in source text 004)."""

    DISCOMFORT = "discomfort", "дискомфорт в настоящем"
    SAFETY = "safety", "эмоциональная защищённость"
    RESPONSIBILITY = "responsibility", "принятие на себя ответственности за существующие проблемы"
    READINESS = "readiness", "готовность действовать эффективно"
    VISION = "vision", "видение другого, лучшего будущего"


class Intervention(Labelled):
    """Five motivational interventions (source text 004)."""

    REGARD = "regard", "эмпатическая атмосфера безоговорочно позитивного уважения"
    FEEDBACK = "feedback", "ясная и конкретная обратная связь о поведении, мотивах и ситуации"
    ALTERNATIVES = "alternatives", "структурирование и предоставление альтернативных решений"
    CONTACT = "contact", "поддержание контакта"
    LISTENING = "listening", "активное слушание"


class ConflictCause(Labelled):
    """Ten causes of conflict (source text 002)."""

    PERSONALITY = "personality", "особенности личности"
    INCOMPATIBILITY = "incompatibility", "межличностная несовместимость"
    NORMS = "norms", "нарушение норм морали и права"
    PROFESSIONALISM = "professionalism", "низкий профессионализм"
    QUALITY = "quality", "неудовлетворённость качеством помощи"
    ORGANISATION = "organisation", "нерациональная организация труда"
    INFORMATION = "information", "неполнота или искажение информации"
    COMMUNICATION = "communication", "барьеры коммуникации"
    INNOVATION = "innovation", "страх нового"
    RELATIVES = "relatives", "противоречивое влияние родственников"


class Gesture(Labelled):
    """Eleven gestures of reconciliation (source text 002)."""

    APOLOGY = "apology", "извинения"
    COMPROMISE = "compromise", "компромисс"
    REGRET = "regret", "сожаление о прошлом поведении"
    CONSENT = "consent", "согласие с законностью требования"
    EMOTIONS = "emotions", "раскрытие собственных эмоций"
    OPENNESS = "openness", "просьба об открытости"
    MOTIVES = "motives", "рассказ о мотивах"
    PART_OF_BLAME = "part_of_blame", "ответственность за часть проблемы"
    RESPECT = "respect", "уважение"
    READY_FOR_OFFERS = "ready_for_offers", "готовность к новым предложениям"
    MUTUAL_GAIN = "mutual_gain", "поиск взаимовыгодных решений"


class ConflictMethod(Labelled):
    """How a conflict was looked into (source text 002)."""

    OBSERVATION = "observation", "наблюдение"
    RANKING = "ranking", "ранжирование"
    STATISTICS = "statistics", "анализ статистики"
    CONTENT = "content", "контент-анализ"
    QUESTIONNAIRE = "questionnaire", "анкета"
    EXPERTS = "experts", "опрос экспертов"


class TieStrength(Labelled):
    """How strong a tie of the family's surroundings is, for the ecomap."""

    STRONG = "strong", "крепкая"
    ORDINARY = "ordinary", "обычная"
    WEAK = "weak", "слабая"
    STRESSFUL = "stressful", "напряжённая"
    BROKEN = "broken", "прервана"


class SupportFlow(Labelled):
    """Which way help goes between a family and its surroundings."""

    TO_FAMILY = "to_family", "помогает семье"
    FROM_FAMILY = "from_family", "семья помогает"
    BOTH = "both", "помощь взаимна"
    NONE = "none", "помощи нет"


class UnionStatus(Labelled):
    """How two adults of a family stand to each other."""

    MARRIED = "married", "в браке"
    COHABITING = "cohabiting", "живут вместе без регистрации брака"
    SEPARATED = "separated", "живут раздельно"
    DIVORCED = "divorced", "в разводе"
    WIDOWED = "widowed", "один из супругов умер"


# --- letters ---------------------------------------------------------------------------------------------


class LetterKind(Labelled):
    """Kinds of outgoing letters about a family."""

    REQUEST = "request", "запрос сведений"
    REFERRAL = "referral", "направление за помощью"
    DANGER = "danger", "сообщение о нарушении прав, угрозе жизни и здоровью ребёнка"
    RECOMMENDATION = "recommendation", "рекомендации, сведения о семье"
    REPLY = "reply", "ответ на запрос"
    REPORT = "report", "отчёт об исполнении мероприятий"
    OTHER = "other", "иное"


class AddresseeKind(Labelled):
    """Whom a letter goes to or comes from."""

    GUARDIANSHIP = "guardianship", "орган опеки и попечительства"
    KDN = "kdn", "КДНиЗП"
    POLICE = "police", "орган внутренних дел"
    PROSECUTOR = "prosecutor", "прокуратура"
    COURT = "court", "суд"
    SOCIAL = "social_protection", "орган социальной защиты"
    EDUCATION = "education", "образовательная организация"
    HEALTH = "health", "медицинская организация"
    EMPLOYMENT = "employment", "служба занятости"
    HOUSING = "housing", "жилищная организация"
    NGO = "ngo", "некоммерческая организация"
    OTHER = "other", "иная организация"


# --- work with the family --------------------------------------------------------------------------------


class WorkMethod(Labelled):
    """Theoretical methods of work (source text 001)."""

    PROBLEM_SOLVING = "problem_solving", "решение проблемы"
    PSYCHOSOCIAL = "psychosocial", "психосоциальный"
    TASK_CENTRED = "task_centred", "центрирование на задаче"
    CRISIS = "crisis", "кризисное вмешательство"
    BEHAVIOURAL = "behavioural", "бихевиористский"
    ECLECTIC = "eclectic", "эклектический"
    ECOLOGICAL = "ecological", "экологический"


class GoalKind(Labelled):
    """What a task serves in the end (A. Pincus, A. Minahan, source text 003)."""

    INDEPENDENCE = "independence", "самостоятельность клиента"
    SUPPORT_SOURCES = "support_sources", "источники поддержки"
    POLICY = "policy", "совершенствование социальной политики"


class GoalGroup(Labelled):
    """Groups of goals of a family's development plan (inferred)."""

    CHILDREN = "children", "поддержка детей"
    PARENTS = "parents", "поддержка родителей"
    RELATIONS = "relations", "детско-родительские отношения"
    SURROUNDINGS = "surroundings", "социальное окружение"
    RIGHTS = "rights", "право и финансы"


class GroupDirection(Labelled):
    """Whom a group programme is for (source text 001)."""

    CHILDREN = "children", "дети"
    PARENTS = "parents", "родители"
    RELATIONS = "relations", "детско-родительские отношения"


# --- social services by law (442-FZ) ---------------------------------------------------------------------


class ServiceForm(Labelled):
    """Forms of social service (442-FZ, article 19)."""

    HOME = "home", "на дому"
    HALF = "half", "полустационарная"
    STATIONARY = "stationary", "стационарная"


class ServiceKind(Labelled):
    """Kinds of social services (442-FZ, article 20)."""

    EVERYDAY = "everyday", "социально-бытовые"
    MEDICAL = "medical", "социально-медицинские"
    PSYCHOLOGICAL = "psychological", "социально-психологические"
    PEDAGOGICAL = "pedagogical", "социально-педагогические"
    LABOUR = "labour", "социально-трудовые"
    LEGAL = "legal", "социально-правовые"
    COMMUNICATION = (
        "communication",
        "услуги в целях повышения коммуникативного потенциала получателей социальных услуг",
    )


class Circumstance(Labelled):
    """Circumstances for which somebody is recognised as in need of social service (442-FZ, article 15)."""

    SELF_CARE_LOST = "self_care_lost", "полная или частичная утрата способности к самообслуживанию"
    DISABLED_MEMBER = "disabled_member", "наличие в семье инвалида, нуждающегося в постоянном уходе"
    CHILD_ADAPTATION = "child_adaptation", "наличие ребёнка, испытывающего трудности в социальной адаптации"
    NO_CARE = "no_care", "отсутствие возможности ухода, в том числе временного, отсутствие попечения"
    FAMILY_CONFLICT = (
        "family_conflict",
        "наличие внутрисемейного конфликта, в том числе из-за зависимостей, насилия в семье",
    )
    NO_HOME = "no_home", "отсутствие определённого места жительства"
    NO_WORK = "no_work", "отсутствие работы и средств к существованию"
    OTHER = "other", "иные обстоятельства, установленные законодательством субъекта"
