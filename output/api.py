"""The verbs of the command line as functions, for scripts: what a command does, its function does too.

They raise `papka.core.errors.PapkaError` with a sentence for a person, print nothing, and return plain values
whose ``as_json()`` is what the command prints with ``--json``.
"""

from __future__ import annotations

from ..core.journal.entries import Entry, Job, Mark, Series
from ..core.journal.journal import Journal
from ..core.office import Office, find_office
from ..core.opening import OpenCase, open_case
from .batch.order import BatchOrder
from .batch.running import BatchReport, batch
from .explaining.why import why
from .issued.founding import found_office
from .issued.gaps import number_runs
from .issued.issuing import IssueOrder, Outcome, issue
from .issued.overview import overview
from .issued.standing import standings
from .issued.verifying import Verified, files_changed, orphans, verify
from .keeping.backing import back_up, check_backup, restore
from .keeping.upgrading import upgrade
from .packets.packet import Packet, packet
from .packets.packet_choice import PacketOrder
from .scanning.attaching import Attached, attach
from .scanning.awaiting import all_awaited
from .signing.acts import sign_by_hand, sign_with_key, sign_with_provider, take_back, waive
from .signing.paper import open_paper

__all__ = [
    "Attached",
    "BatchOrder",
    "BatchReport",
    "Entry",
    "IssueOrder",
    "Job",
    "Journal",
    "Mark",
    "Office",
    "OpenCase",
    "Outcome",
    "Packet",
    "PacketOrder",
    "Series",
    "Verified",
    "all_awaited",
    "attach",
    "back_up",
    "batch",
    "check_backup",
    "files_changed",
    "find_office",
    "found_office",
    "issue",
    "number_runs",
    "open_case",
    "open_paper",
    "orphans",
    "overview",
    "packet",
    "restore",
    "sign_by_hand",
    "sign_with_key",
    "sign_with_provider",
    "standings",
    "take_back",
    "upgrade",
    "verify",
    "waive",
    "why",
]
