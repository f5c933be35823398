"""What a new plugin is called and what it is based on: the answers from which the scaffold is filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.plugging.plugins import PluginInfo, Plugins
from ...core.programmes.region import Method
from ...core.spelling import in_latin

LONGEST = 30
_NAME = re.compile(rf"[a-z][a-z0-9_]{{1,{LONGEST - 1}}}")


@dataclass(frozen=True)
class Base:
    """What a variant has to know of the programme that it is based on.

    Attributes:
        package: The distribution that brings it, with the versions that fit.
        stage: The id of its first stage.
        document: The id of its first document.
        setting: The name of a number of its own; empty if it has none.
    """

    base: str
    base_title: str
    base_package: str
    stage: str
    document: str
    document_title: str
    copies: int
    setting: str = ""
    setting_label: str = ""
    setting_value: int = 0

    @classmethod
    def of(cls, method: Method, info: PluginInfo) -> Self:
        """Look at an installed programme."""
        programme = method.region.programme
        document = programme.documents[0]
        told = cls(
            programme.id,
            programme.short_title,
            f"{info.origin}{fitting(info.version)}",
            programme.stages[0].id,
            document.id,
            document.title,
            document.copies,
        )
        name, number = next(iter(programme.settings.items()), ("", None))
        known = asdict(told)
        if number is not None:
            known |= {"setting": name, "setting_label": number.label, "setting_value": number.value}
        return cls(**known)


@dataclass(frozen=True)
class Answers:
    """What the scaffold is filled in with.

    Attributes:
        id: The id of the programme; the package and the distribution are called after it.
        base: What it is based on; None for a region of its own.
    """

    id: str
    title: str
    short_title: str
    base: Base | None = None

    @property
    def kind(self) -> str:
        """Which of the two templates it is made from."""
        return "variant" if self.base else "region"

    @property
    def folder(self) -> str:
        """What its folder and its distribution are called."""
        return f"papka-{self.id.replace('_', '-')}"

    @property
    def code(self) -> str:
        """What the codes of its rules begin with."""
        return re.sub(r"[^A-Z]", "", self.id.upper())[:3]

    def as_data(self) -> dict[str, Any]:
        """Return them as the template asks for them."""
        from ... import __version__

        base = asdict(self.base) if self.base else {"base": ""}
        own = {"id": self.id, "title": self.title, "short_title": self.short_title, "code": self.code}
        return own | base | {"papka": fitting(__version__)}

    def as_json(self) -> dict[str, Any]:
        """Return them as they are kept with the plugin."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept with the plugin.

        Raises:
            PapkaError: It is not what papka wrote.
        """
        try:
            base = Base(**kept["base"]) if kept["base"] else None
            return cls(plain_id(kept["id"]), kept["title"], kept["short_title"], base)
        except (KeyError, TypeError, AskedWrongly) as error:
            raise PapkaError(tr("The file .papka/scaffold.json is not as papka wrote it.")) from error


def plain_id(name: str) -> str:
    """Return the id of a programme for the name that somebody gives it.

    Raises:
        AskedWrongly: No id can be made of it.
    """
    id_ = re.sub(r"^papka[-_]", "", name.strip().casefold()).replace("-", "_")
    if _NAME.fullmatch(id_):
        return id_
    words = tr("A plugin is called by Latin letters, digits and _, and begins with a letter.")
    near = re.sub(r"[^a-z0-9_]", "", in_latin(id_).replace(" ", "_"))
    if _NAME.fullmatch(near):
        words += " " + tr("For example: papka plugin new {name}").format(name=near)
    raise AskedWrongly(words)


def one_line(text: str) -> str:
    """Return a title on one line, without what cannot stand in a title.

    Raises:
        AskedWrongly: Nothing is left, or it is too long.
    """
    title = re.sub(r"\s+", " ", "".join(one if one.isprintable() else " " for one in text)).strip()
    if not title or len(title) > 200:
        raise AskedWrongly(tr("A title has 1 to 200 letters."))
    return title


def base_of(plugins: Plugins, id_: str) -> Base:
    """Look at the programme that a variant is to be based on.

    Raises:
        AskedWrongly: No installed plugin brings it.
    """
    method = plugins.method(id_)
    info = next(one for one in plugins.infos if one.programme == id_)
    return Base.of(method, info)


def fitting(version: str) -> str:
    """Return the versions that fit where one does: its series, in which nothing is taken away."""
    found = re.match(r"(\d+)\.(\d+)", version)
    if found is None:
        return ""
    major, minor = int(found[1]), int(found[2])
    above = f"{major + 1}.0" if major else f"0.{minor + 1}"
    return f">={major}.{minor},<{above}"
