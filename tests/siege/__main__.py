"""Fire everything: ``python -m siege [WORD[,WORD] [N]]`` from `tests/`.

A word keeps the shots whose name holds it; a number keeps each so-many-th of them.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from .firing import Range, ready_office
from .shots import every


def main() -> int:
    word, each, *_ = *sys.argv[1:], *("", "1")[len(sys.argv) - 1 :]
    met = 0
    folder = Path(tempfile.mkdtemp(prefix="papka-siege-"))
    ground = Range(folder, ready_office(folder), slack=2)
    told: Counter[str] = Counter()
    slowest = []
    for shot in every(ground):
        if not any(one in shot.name for one in word.split(",")):
            continue
        met += 1
        if met % int(each):
            continue
        outcome = ground.fire(shot)
        told[f"exit {outcome.code}"] += 1
        slowest.append((outcome.cpu, outcome.memory >> 20, shot.name))
        if outcome.wrong:
            told["wrong"] += 1
            print(f"✗ {shot.name}: {'; '.join(outcome.wrong)}", flush=True)
            print(
                "   ",
                " ".join(shot.arguments),
                "|",
                outcome.said.strip().replace("\n", " ⏎ ")[-300:],
                flush=True,
            )
    ground.close()
    for cpu, memory, name in sorted(slowest, reverse=True)[:8]:
        print(f"  {cpu:.1f} s CPU, {memory} MiB: {name}")
    print("  most memory:", max((m, n) for _, m, n in slowest))
    print(", ".join(f"{name}: {count}" for name, count in told.items()))
    return 1 if told["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
