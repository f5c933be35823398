"""From a programme to its families: measured, grown, chosen, and written as case files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...core.loading import load_case
from ...core.plugging.plugins import Plugins
from ...core.programmes.region import Method
from .choosing import brought_together
from .growing import Garden
from .measuring import Coverage, Gauge, written_examples
from .raising import undisturbed
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
    with undisturbed():
        return _derived(Gauge.of(method, plugins), seed)


def _derived(gauge: Gauge, seed: int) -> Derived:
    examples = written_examples(gauge.method)
    garden = Garden(gauge, list(examples.values()), seed)
    garden.sow()
    garden.grow()
    chosen = brought_together(garden, garden.families)
    shown = {name: known for name, (_, known) in zip(examples, garden.written, strict=True)}
    before = gauge.coverage(shown)
    families = []
    for number, one in enumerate(chosen, start=1):
        others = set().union(*(two.shown for two in chosen if two is not one))
        own = (one.shown & garden.universe) - others
        data = one.setting.data | {"papka": "1", "fictional": "да", "id": f"DERIVED-{number:02}"}
        if "number" in data:
            data["number"] = f"{'У' if gauge.method.programme.language == 'ru' else 'T'}-{number}"
        name = f"{number:02}-{about(own)}"
        shown[name] = one.shown
        targets = [target for target in gauge.targets if target.key in own]
        families.append((name, written(data, targets, gauge.method.programme.language)))
    return Derived(tuple(families), gauge.coverage(shown), before)


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
