"""Social services for families by the Russian federal law 442-FZ: the data lies beside this file."""

from papka.core import Region, hookimpl


@hookimpl
def papka_programme() -> Region:
    """Bring the programme that lies beside this file."""
    return Region.of(__name__)
