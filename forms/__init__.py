"""Data in, and the forms that every region shares."""

from __future__ import annotations

from ..core import FormSet, hookimpl


@hookimpl
def papka_common_forms() -> FormSet:
    """Bring the common forms that lie beside this file."""
    return FormSet.of(__name__)
