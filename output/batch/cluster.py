"""A Dask cluster, by its address, as the executor of a batch: its workers see this computer's folders."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, NamedTuple

from ...core.errors import PapkaError
from ...core.i18n import tr
from .working import clear_desks

PATIENCE = 30
"""How many seconds one waits for the cluster to answer."""


class Cluster(NamedTuple):
    """A cluster at work: its executor, and how many cases it does at once."""

    executor: Executor
    hands: int


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """Go to work on the cluster whose scheduler has an address, such as ``tcp://10.0.0.5:8786``.

    Raises:
        PapkaError: distributed is not installed, the cluster does not answer, or a worker lacks papka.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise PapkaError(tr("For a Dask cluster: pip install papka[dask].")) from error
    # What it has to say of lost workers is said by the batch itself.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        words = tr(
            "The Dask cluster {address} does not answer. Begin it: dask scheduler; dask worker ADDRESS."
        )
        raise PapkaError(words.format(address=address)) from error
    try:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            words = tr("The Dask cluster {address} has no workers. On each computer: dask worker {address}")
            raise PapkaError(words.format(address=address))
        _check(client.run(_papka_there, on_error="return"))
        # Threads of one process draw one after another.
        yield Cluster(client.get_executor(pure=False), len(workers))
        client.run(clear_desks, on_error="return")
    finally:
        client.close(timeout=PATIENCE)


def _papka_there() -> str:
    """Say which papka a worker has."""
    from ... import __version__

    return __version__


def _check(versions: dict[str, Any]) -> None:
    from ... import __version__

    for address, known in versions.items():
        if known != __version__:
            words = tr("The worker {address} has another papka, or none. Install papka {version} there.")
            raise PapkaError(words.format(address=address, version=__version__))
