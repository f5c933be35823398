"""From a programme to its families: measured, grown, chosen, and written as case files."""

from __future__ import annotations

from collections.abc import Mapping, Set
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from ...core.contract.case import Case
from ...core.loading import load_case
from ...core.plugging.plugins import Plugins
from ...core.programmes.region import Method
from .choosing import fewest, lighten
from .growing import Garden, Grown
from .measuring import Coverage, Gauge
from .people import Household
from .recasting import repaired
from .targets import Key
from .telling import about
from .writing import written

SEED = 1


@dataclass(frozen=True)
class Derived:
    """Families that show what a programme's written examples do not.

    Attributes:
        families: Name and text of each case file.
        coverage: What the written examples and these families show together.
        before: What the written examples show alone.
    """

    families: tuple[tuple[str, str], ...]
    coverage: Coverage
    before: Coverage


def derive(method: Method, plugins: Plugins, seed: int = SEED) -> Derived:
    """Derive the families of a programme; the same seed and programme give the same bytes.

    Raises:
        Refused: A template or an example cannot be used.
    """
    gauge = Gauge.of(method, plugins)
    examples = written_examples(method)
    garden = Garden(gauge, list(examples.values()), seed)
    garden.sow()
    garden.grow()
    chosen = fewest(garden.families, garden.universe)
    lighten(garden, chosen)
    chosen = fewest(chosen, garden.universe)
    shown = {name: known for name, (_, known) in zip(examples, garden.written, strict=True)}
    before = gauge.coverage(shown)
    families = []
    for number, one in enumerate(chosen, start=1):
        others = set().union(*(two.shown for two in chosen if two is not one))
        own = (one.shown & garden.universe) - others
        renamed(garden, one, number, own)
        name = f"{number:02}-{about(own)}"
        shown[name] = one.shown
        targets = [target for target in gauge.targets if target.key in own]
        families.append((name, written(one.setting.data, targets, method.programme.language)))
    return Derived(tuple(families), gauge.coverage(shown), before)


def renamed(garden: Garden, one: Grown, number: int, own: Set[Key]) -> None:
    """Give a family people of its own: those that grew from one family bear one name until now.

    Where it is there for its people's names, they stay.
    """
    data = deepcopy(one.setting.data) | {"papka": "1", "fictional": "да"}
    data |= {"id": f"DERIVED-{number:02}", "number": f"У-{number}"}
    household = Household(garden.cast, 1000 + number)
    members = data["family"].get("members", [])
    before = deepcopy(data)
    for member in members:
        member.update({name: text for name, text in household.named(member).items() if name in member})
    data["family"]["display_name"] = household.title(members)
    for plain in (data, before):
        case = repaired(plain, garden.gauge.country)
        shown = garden.gauge.shown(case) if case is not None else frozenset()
        if case is not None and own <= shown:
            one.setting.data, one.case, one.shown = plain, case, shown
            return


def written_examples(method: Method) -> Mapping[str, Case]:
    """Return the written examples of a programme, by the names of their files."""
    region = method.region
    return {path.stem: region.example(path) for path in (*region.inherited_examples(), *region.examples())}


def measured(method: Method, plugins: Plugins, folder: Path) -> Derived:
    """Measure the written examples of a programme, and the derived families that lie in a folder.

    Raises:
        Refused: A template or an example cannot be used.
    """
    gauge = Gauge.of(method, plugins)
    shown = {name: gauge.shown(case) for name, case in written_examples(method).items()}
    before = gauge.coverage(shown)
    files = sorted(folder.glob("*.yaml"))
    shown |= {
        path.stem: gauge.shown(load_case(path, country_of=lambda _: method.programme.country))
        for path in files
    }
    families = tuple((path.stem, path.read_text("utf-8")) for path in files)
    return Derived(families, gauge.coverage(shown), before)
