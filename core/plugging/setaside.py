"""What is said of a plugin that cannot be imported, and what to do about it."""

from __future__ import annotations

import re

from ..i18n import tr
from .announced import Refusal, other_papka


def reinstall(origin: str) -> str:
    """Return the cure for a plugin that came broken."""
    return tr("Install it anew, or uninstall it: papka plugin uninstall {name}.").format(name=origin)


def not_imported(error: BaseException, module: str, origin: str) -> Refusal:
    """Say why a plugin's module could not be imported, and nothing of the error's own text."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and f"{module}.".startswith(f"{missing}."):
        fault = tr("its entry point names the module {name}, which is not there")
        return Refusal(fault.format(name=module), reinstall(origin))
    if missing and not missing.startswith("papka."):
        fault = tr("it needs the module {name}, which is not installed").format(name=missing)
        cure = tr("Install it anew with what it needs: papka plugin install {name}.")
        return Refusal(fault, cure.format(name=origin))
    if isinstance(error, ImportError) and (error.name or "").startswith("papka."):
        # Only the names are taken from the error: those that the plugin's author wrote.
        found = re.search(r"cannot import name '(\w+)'", str(error))
        name = f"{error.name}.{found[1]}" if found else error.name
        fault = tr("it asks for {name}, which this papka does not have").format(name=name)
        return Refusal(fault, other_papka())
    fault = tr("it cannot be imported ({error})").format(error=type(error).__name__)
    return Refusal(fault, reinstall(origin))
