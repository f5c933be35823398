"""A family made hard: names as long as they come, an organisation with all the signs that mean something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...core import yamltext
from ...core.contract.case import Case
from ...core.contract.countries import in_country
from ...core.programmes.programme import Programme

_WOMAN = {
    "last_name": "Рождественская-Крестовоздвиженская",
    "first_name": "Александрина",
    "patronymic": "Константиновна",
}
_MAN = {
    "last_name": "Рождественский-Крестовоздвиженский",
    "first_name": "Севастьян",
    "patronymic": "Константинович",
}
_ORGANISATION = (
    "Государственное бюджетное учреждение социального обслуживания «Комплексный центр помощи семье & детям "
    "<Надежда>» имени {{ 7*7 }} Крестовоздвиженского-Приозёрного муниципального округа № 5"
)
_FAMILY = "семья Рождественских-Крестовоздвиженских & <др.> {% raw %} ]]>"


def hard_case(path: Path, programme: Programme) -> Case:
    """Return the case of a file with hard names in place of its own.

    Raises:
        Refused: The file has faults.
    """
    data: Any = _renamed(yamltext.read(path.read_bytes()).data)
    data["organisation"] = {**data["organisation"], "full_name": _ORGANISATION}
    data["programme"] = programme.id
    data["family"] = {**data["family"], "display_name": _FAMILY}
    return Case.model_validate(data, context=in_country(programme.country))


def marks_of(old: Case, new: Case) -> dict[str, str]:
    """Return what papers may print of both, to be looked for: what it was, and what it has to be."""
    return {
        old.organisation.full_name: new.organisation.full_name,
        old.family.display_name: new.family.display_name,
    }


def _renamed(data: Any) -> Any:
    if isinstance(data, list):
        return [_renamed(one) for one in data]
    if not isinstance(data, dict):
        return data
    kept = {name: _renamed(value) for name, value in data.items() if value not in (None, "")}
    if "last_name" in kept and "first_name" in kept:
        known = _WOMAN if kept.get("sex") == "female" else _MAN
        kept |= {name: text for name, text in known.items() if kept.get(name)}
        kept.pop("forms", None)
    return kept
