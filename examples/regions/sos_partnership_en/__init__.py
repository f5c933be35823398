"""The SOS Children's Villages model of proactive partnership, with all its papers in English."""

from __future__ import annotations

from papka.core import Region, hookimpl


@hookimpl
def papka_programme() -> Region:
    """Bring the programme that lies beside this file."""
    return Region.of(__name__)
