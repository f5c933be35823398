"""Whether the drawing library stands here; nothing of it is loaded to say so."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

EXTRA = ("matplotlib", "networkx")
"""What the extra `pictures` brings: to draw, and to find the generations of a family."""


def drawing_library() -> str | None:
    """Return the drawing library with its version; nothing, if a part of the extra is not installed."""
    try:
        if all(find_spec(name) is not None for name in EXTRA):
            return f"{EXTRA[0]} {version(EXTRA[0])}"
    except PackageNotFoundError:
        pass
    return None
