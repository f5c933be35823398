"""What becomes of each text of a case in a copy for training: one table, by the contract's own fields.

Typed values are decided by their type: a SNILS is a SNILS wherever it stands. A `Text` of any number of lines
can hold anything, so it is hidden. Each `Line` is named below; one that is not named is hidden as well, so
that a new field cannot slip through.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from ...core.contract import base, values

Treatment = Literal[
    "keep",  # a code of the programme, a number of things, yes or no
    "id",  # the code of somebody or something in this case: may be made of a name
    "level",  # a code of the programme
    "name",  # a part of a person's name
    "day",
    "hour",
    "snils",
    "phone",
    "email",
    "digits",  # a number of a document, an organisation: other digits in the same shape
    "place",  # a part of an address
    "organisation",
    "words",  # words of the trade: kept if each is an ordinary word of the dictionary, else replaced
    "said",  # replaced by words of ours, always
    "free",  # hidden; with --keep-texts kept, the known names in it replaced
    "family",  # what the family is called in the case
    "drop",  # stored grammatical forms of what was replaced
]


def on_paper(words: str) -> str:
    """Mark English words that are said in the language of the copy when they are put in."""
    return words


HIDDEN = on_paper("[text hidden]")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a field, and what stands there when it cannot be kept."""

    treatment: Treatment
    words: str = HIDDEN


def _by_type() -> Mapping[int, Treatment]:
    known: tuple[tuple[Any, Treatment], ...] = (
        (values.Day, "day"),
        (values.Hour, "hour"),
        (values.Snils, "snils"),
        (values.Phone, "phone"),
        (values.Email, "email"),
        (values.Inn, "digits"),
        (values.Unp, "digits"),
        (values.PersonalNo, "digits"),
        (values.Ogrn, "digits"),
        (values.Kpp, "digits"),
        (values.Postcode, "digits"),
        (values.NameText, "name"),
        (base.LevelRef, "level"),
        (base.Text, "free"),
    )
    return {_mark(alias): treatment for alias, treatment in known}


def _mark(alias: Any) -> int:
    """Return what tells one type of the contract from another: its validators are one object each."""
    return hash(tuple(repr(one) for one in get_args(alias)[1:]))


def _named(treatment: Treatment, words: str, fields: str) -> dict[str, Decision]:
    return {name: Decision(treatment, words) for name in fields.split()}


DECIDED: Mapping[str, Decision] = MappingProxyType(
    {
        **_named("keep", "", "Case.papka Case.programme SignMark.code ScoreSheet.scale ScoreItem.code"),
        **_named(
            "id",
            "",
            "Case.id Specialist.id Member.id Person.id Task.id Decision.id Letter.id Conflict.id "
            "SocialContract.id "
            "ContactFamily.id",
        ),
        **_named("family", "", "Family.display_name"),
        **_named(
            "drop",
            "",
            "CaseForms.gen CaseForms.dat CaseForms.acc CaseForms.ins CaseForms.prep",
        ),
        **_named(
            "place",
            "",
            "Address.region Address.district Address.settlement Address.street Address.house Address.flat "
            "Member.birth_place",
        ),
        **_named(
            "digits",
            "",
            "Case.number IdentityDocument.series IdentityDocument.number IdentityDocument.dept_code "
            "Referral.number "
            "Decision.protocol_no Agreement.number Addendum.number Plan.number Letter.number Incoming.number "
            "Incoming.their_number ContactFamily.agreement_no TeamMeeting.number ServiceProgramme.number "
            "ServiceContract.number ServiceContract.programme ServiceAct.number ServiceAct.contract "
            "ContractReport.contract "
            "UrgentService.number SocialContract.number FilePaper.number",
        ),
        **_named(
            "organisation",
            "",
            "Specialist.org Referral.source_org Notification.to ExchangeItem.to Letter.to Incoming.sender "
            "TeamMeeting.organisations Decision.redirects_to ServiceApplication.provider Provider.name "
            "Service.provider",
        ),
        "Organisation.full_name": Decision(
            "said", on_paper("State institution “Training Centre for Help to Families and Children”")
        ),
        "Organisation.short_name": Decision("said", on_paper("Training Centre")),
        "Organisation.provider_register_no": Decision("said", on_paper("No. 000")),
        "IdentityDocument.issued_by": Decision("said", on_paper("authority that issued the document")),
        "ServiceApplication.body": Decision("said", on_paper("social protection authority")),
        "ServiceProgramme.body": Decision("said", on_paper("social protection authority")),
        "ServiceProgramme.body_person": Decision("said", on_paper("authorised person")),
        "Referral.reporter": Decision("said", on_paper("a caller who gave a name")),
        "Notification.taken_by": Decision("said", on_paper("officer on duty")),
        "Letter.to_person": Decision("said", on_paper("head of the organisation")),
        "Letter.taken_by": Decision("said", on_paper("officer on duty")),
        "Letter.learned_from": Decision("said", on_paper("report of an organisation")),
        "Letter.place": Decision("said", on_paper("place named in the case")),
        "Decision.invited": Decision("said", on_paper("invited professional")),
        "Decision.place": Decision("said", on_paper("administration building")),
        "Contact.place": Decision("said", on_paper("at the family’s home or at the centre")),
        "Closure.place": Decision("said", on_paper("at the centre")),
        "ContactMeeting.present": Decision("said", on_paper("participant of the meeting")),
        "Surrounding.name": Decision("said", on_paper("a person close to the family")),
        "SafetyStep.call": Decision("said", on_paper("case curator, duty telephone of the centre")),
        "Provider.contacts": Decision("said", on_paper("address and telephone of the provider")),
        "RefusedService.name": Decision("said", on_paper("social service")),
        "Household.ownership": Decision("said", on_paper("right of use confirmed")),
        "Application.learned_from": Decision("said", on_paper("from a professional")),
        "FilePaper.title": Decision("words", on_paper("paper of the family’s file")),
        "FilePaper.note": Decision("words"),
        "Member.relation": Decision("words", on_paper("family member")),
        "Head.position": Decision("words", on_paper("director")),
        "Specialist.position": Decision("words", on_paper("professional")),
        "Conflict.sides": Decision("words", on_paper("side of the conflict")),
        "Strength.holder": Decision("words", on_paper("family")),
        "DecisionItem.who": Decision("words", on_paper("person responsible")),
        "AdaptationMeasure.by": Decision("words", on_paper("person who carries it out")),
        "Spending.name": Decision("words", on_paper("purchase under the contract")),
        "Spending.paper": Decision("words", on_paper("till receipt")),
        "SupportMeasure.recipient": Decision("words", on_paper("recipient")),
        "Task.client_system": Decision("words", on_paper("family")),
        "Task.target_system": Decision("words", on_paper("family")),
        "Task.action_system": Decision("words", on_paper("professionals")),
        "Task.change_agents": Decision("words", on_paper("professionals")),
        "Household.dwelling": Decision("words", on_paper("house")),
        "Group.name": Decision("words", on_paper("group programme")),
        "IdentityDocument.title": Decision("words", on_paper("other document")),
        "ProgrammeService.name": Decision("words", on_paper("social service")),
        "DoneService.name": Decision("words", on_paper("social service")),
        "SupportMeasure.kind": Decision("words", on_paper("type of support")),
        **_named(
            "words",
            HIDDEN,
            "Head.acts_on Family.type Member.citizenship Member.marital Member.benefits_category "
            "Member.disability "
            "Member.records Notification.by PreliminaryAssessment.methods Aspect.source PsychSummary.methods "
            "AspectChange.source Decision.votes Task.area Task.strengths SafetyPlan.checks "
            "Service.periodicity "
            "Surrounding.who Letter.way ContactFamily.frequency ProgrammeService.volume "
            "ProgrammeService.periodicity "
            "ProgrammeService.term ProgrammeService.done SupportMeasure.done DoneService.volume "
            "DoneService.note "
            "SocialContract.goal",
        ),
    }
)
"""The fields whose type does not decide, as ``Model.field``."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a case as the contract declares it."""

    field: str
    hint: Any


@cache
def hints_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """Return the declared types of a model's fields, marks and all."""
    return typing.get_type_hints(model, include_extras=True)


def parts_of(hint: Any) -> Iterator[Any]:
    """Go through the types that may stand in a field: out of optionals, lists and mappings."""
    origin = get_origin(hint)
    if origin in (typing.Union, UnionType, tuple, dict):
        for one in get_args(hint):
            if one not in (type(None), Ellipsis):
                yield from parts_of(one)
    else:
        yield hint


def is_model(hint: Any) -> bool:
    """Tell whether a group of fields stands there."""
    return isinstance(hint, type) and issubclass(hint, BaseModel)


@cache
def _types() -> Mapping[int, Treatment]:
    return _by_type()


def decision_of(model: type[BaseModel], name: str) -> Decision:
    """Return what becomes of a field; of a text that nobody decided on: it is hidden."""
    for cls in model.__mro__:
        if found := DECIDED.get(f"{cls.__name__}.{name}"):
            return found
    hint = next(parts_of(hints_of(model)[name]))
    if get_origin(hint) is not Annotated:
        kept = isinstance(hint, type) and issubclass(hint, Enum | bool | int)
        return Decision("keep") if kept or get_origin(hint) is Literal else Decision("free")
    if any(isinstance(one, base.RefersTo) for one in get_args(hint)[1:]) and _mark(hint) != _mark(
        base.LevelRef
    ):
        return Decision("id")
    if treatment := _types().get(_mark(hint)):
        return Decision(treatment)
    return Decision("free") if get_args(hint)[0] is str else Decision("keep")


def undecided(root: type[BaseModel]) -> list[str]:
    """Return the texts below a model on which neither their type nor the table decides."""
    seen: set[type[BaseModel]] = set()
    found: list[str] = []

    def walk(model: type[BaseModel]) -> None:
        seen.add(model)
        for name in model.model_fields:
            for hint in parts_of(hints_of(model)[name]):
                if is_model(hint):
                    if hint not in seen:
                        walk(hint)
                elif not _is_decided(model, name, hint):
                    found.append(f"{model.__name__}.{name}")

    walk(root)
    return found


def _is_decided(model: type[BaseModel], name: str, hint: Any) -> bool:
    if any(f"{cls.__name__}.{name}" in DECIDED for cls in model.__mro__):
        return True
    if get_origin(hint) is not Annotated:
        return hint is not str
    marks = get_args(hint)[1:]
    return (
        get_args(hint)[0] is not str
        or _mark(hint) in _types()
        or any(isinstance(m, base.RefersTo) for m in marks)
    )
