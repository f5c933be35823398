"""Which names can be given to a file on every computer that papka runs on."""

from __future__ import annotations

from collections.abc import Iterator

from .findings import Finding, Place
from .i18n import tr
from .programmes.programme import Programme

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def is_forbidden(name: str) -> bool:
    """Tell whether Windows refuses the name: that of a device with any ending, or one that ends with a point.

    Source: "Naming Files, Paths, and Namespaces" of Microsoft's documentation.
    """
    return name.split(".")[0].rstrip(" ").casefold() in _DEVICES or name.endswith((".", " "))


def id_faults(programme: Programme) -> list[Finding]:
    """Find ids of a programme and of its documents that cannot become names of files."""
    return list(_found(programme))


def _found(programme: Programme) -> Iterator[Finding]:
    cure = tr("Give it another id.")
    own = [("id", programme.id), *((f"documents[{one.id}].id", one.id) for one in programme.documents)]
    for path, name in own:
        if is_forbidden(name):
            message = tr("Windows cannot have a file of the name {name}.").format(name=name)
            yield Finding("F-FILENAME", "error", message, cure, place=Place("programme.yaml", path=path))
    seen: dict[str, str] = {}
    for path, name in own[1:]:
        twin = seen.setdefault(name.casefold(), name)
        if twin != name:
            words = tr("{name} and {other} are one file where large and small letters are the same.")
            message = words.format(name=name, other=twin)
            yield Finding("F-FILENAME", "error", message, cure, place=Place("programme.yaml", path=path))
