"""The Kurgan model programme of social support of families with children."""

from __future__ import annotations

from papka.core import Region, hookimpl


@hookimpl
def papka_programme() -> Region:
    """Bring the programme that lies beside this file."""
    return Region.of(__name__)
