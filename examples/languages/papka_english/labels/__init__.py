"""What the contract's fields are called on English forms, and what is written into them for example."""

from __future__ import annotations

from collections.abc import Mapping

from .intake import ASSESSMENT, INTAKE
from .people import PEOPLE
from .planning import PLANNING
from .services import SERVICES
from .support import CLOSING, LETTERS, SUPPORT

_PARTS = (PEOPLE, INTAKE, ASSESSMENT, PLANNING, SUPPORT, LETTERS, CLOSING, SERVICES)

LABELS: Mapping[str, str] = {
    f"{record}.{name}": label
    for part in _PARTS
    for record, fields in part.items()
    for name, label in fields.items()
}

EXAMPLES: Mapping[str, str] = {
    "Person.last_name": "Fairbank",
    "Person.first_name": "Helen",
    "Person.phone": "+7 (900) 000-00-01",
    "Specialist.position": "social worker",
    "Specialist.org": "School No. 1",
    "Member.relation": "mother",
    "Member.birth_place": "Kurgan",
    "Member.citizenship": "Russian Federation",
    "Member.snils": "112-233-445 95",
    "Member.employment": "does not work",
    "Member.education": "school, year 6",
    "Member.income_monthly": "7900",
    "IdentityDocument.title": "order of the guardianship authority",
    "IdentityDocument.series": "37 11",
    "IdentityDocument.number": "654321",
    "IdentityDocument.issued_by": "Department of Internal Affairs of the Kurgan Region",
    "IdentityDocument.dept_code": "450-012",
    "Address.postcode": "641700",
    "Address.region": "Kurgan Region",
    "Address.district": "Kataisk District",
    "Address.settlement": "Kataisk",
    "Address.street": "Zarechnaya St",
    "Address.house": "15",
    "Address.flat": "4",
    "Family.display_name": "Fairbank family",
    "Family.type": "single-parent",
    "Family.phone": "+7 (900) 000-00-01",
    "Household.dwelling": "house",
    "Household.rooms": "3",
    "Household.debts": "148000",
    "Referral.number": "12",
    "Referral.source_org": "School No. 1",
    "Notification.to": "commission on juvenile affairs",
    "Notification.by": "by telephone",
    "ExchangeItem.to": "School No. 1",
    "Agreement.number": "7",
    "Plan.version": "1",
    "Plan.number": "7",
    "Contact.minutes": "60",
    "Letter.to": "School No. 1",
    "Letter.way": "by hand",
    "ContactFamily.frequency": "twice a month",
    "Surrounding.who": "neighbour",
    "ScoreItem.score": "2",
    "DimensionMark.score": "1",
    "Decision.protocol_no": "3",
    "Decision.votes": "unanimous",
    "Task.area": "work",
    "Strength.text": "a grandmother lives near by",
}
