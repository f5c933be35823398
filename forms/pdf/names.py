"""How a field is called in a PDF: there a dot parts a field from the one above it."""

from __future__ import annotations

PASSPORT = "papka"


def name_of(key: str) -> str:
    """Return the name of a field in a PDF."""
    return key.replace(".", "/")


def key_in(name: str) -> str:
    """Return the key that a name stands for."""
    return name.replace("/", ".")
