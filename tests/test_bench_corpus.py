"""Mistakes sown by chance in the templates of both regions: none is silent, each is found where it stands."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from bench_files import DESK
from mistakes import SLIPS, Site, sites, sow
from reading import PLUGINS

from papka.core.findings import Finding
from papka.output.bench.desk import Desk
from papka.output.bench.inspecting import Inspection
from papka.output.package import open_package

EACH = 3
SEED = 20250218


def _is_there(one: Finding, site: Site, typed: str, start: int, end: int) -> bool:
    """Tell whether a finding speaks of the words that are wrong, and of no others than those of the tag."""
    place = one.place
    if (
        (place.part, place.paragraph) != (site.part, site.paragraph)
        or place.start is None
        or place.end is None
    ):
        return False
    begin = site.start + start
    touches = place.start < site.start + end and place.end > begin
    return touches and site.start <= place.start and place.end <= site.start + len(typed)


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """Sow a few mistakes of each kind, each alone in its template, and count what is said of them."""
    chance = random.Random(SEED)
    folder = tmp_path_factory.mktemp("sown")
    sheets = [one for one in Desk(PLUGINS, "kurgan_ipss").all() if one.path.is_file()]
    small = [one for one in sheets if 0 < len(sites(open_package(one.path.read_bytes()))) < 130]
    tags = {one.path: sites(open_package(one.path.read_bytes())) for one in small}
    found: dict[str, Counter[str]] = {}
    for kind, slip in SLIPS.items():
        counts = found[kind] = Counter()
        for path in chance.sample(list(tags), len(tags)):
            if counts["sown"] == EACH:
                break
            for site in chance.sample(tags[path], len(tags[path])):
                sown = slip(chance, site.tag)
                if sown is None:
                    continue
                typed, start, end, meant = sown
                sow(path, site, typed, folder / path.name)
                told = Inspection(DESK.find(str(folder / path.name))).findings
                here = [one for one in told if _is_there(one, site, typed, start, end)]
                counts["sown"] += 1
                counts["told"] += bool(told)
                counts["placed"] += bool(here)
                counts["alone"] += len(told) == 1
                counts["meant"] += meant is not None
                counts["suggested"] += any((one.suggestion or "").strip("|") == meant for one in here)
                break
    return found


def test_each_kind_of_mistake_was_sown(gathered: dict[str, Counter[str]]) -> None:
    assert len(gathered) >= 30
    assert [kind for kind, counts in gathered.items() if not counts["sown"]] == []
    assert sum(counts["sown"] for counts in gathered.values()) >= 80


def test_no_mistake_is_silent(gathered: dict[str, Counter[str]]) -> None:
    assert [kind for kind, counts in gathered.items() if counts["told"] < counts["sown"]] == []


def test_each_mistake_is_found_where_it_stands(gathered: dict[str, Counter[str]]) -> None:
    placed, sown = (sum(counts[one] for counts in gathered.values()) for one in ("placed", "sown"))

    assert placed >= 0.99 * sown, [
        kind for kind, counts in gathered.items() if counts["placed"] < counts["sown"]
    ]


def test_what_was_meant_is_suggested(gathered: dict[str, Counter[str]]) -> None:
    suggested, meant = (sum(counts[one] for counts in gathered.values()) for one in ("suggested", "meant"))

    assert meant >= 25
    assert suggested >= 0.95 * meant


def test_one_mistake_is_one_fault(gathered: dict[str, Counter[str]]) -> None:
    alone, sown = (sum(counts[one] for counts in gathered.values()) for one in ("alone", "sown"))

    assert alone >= 0.95 * sown, [
        kind for kind, counts in gathered.items() if counts["alone"] < counts["sown"]
    ]
