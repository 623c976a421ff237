"""Measure what this library costs, as ratios against plain-Python twins in the same run.

    python -m benchmarks

The table is printed and saved as ``benchmarks/results/latest.json``.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

import attrs

from . import foresight, importing, lists, memory, packs, routing, storing, training, transitions
from .pairing import Ratio

_RESULTS = Path(__file__).parent / "results"


def measured() -> tuple[Ratio, ...]:
    """Run every comparison."""
    return (
        *transitions.measure(rounds=41, calls=500),
        *routing.measure(rounds=21, calls=20),
        *foresight.measure(rounds=5),
        *importing.measure(rounds=21),
        *memory.measure(rounds=5, count=20_000),
        *storing.measure(rounds=15, calls=10),
        *training.measure(rounds=41, calls=20),
    )


def _lines(ratio: Ratio) -> str:
    aim = "" if ratio.at_most is None else f"; aim at most {ratio.at_most:.2f}x: {'met' if ratio.met else 'missed'}"
    return (
        f"{ratio.ratio:8.3f}x  [{ratio.low:.3f} to {ratio.high:.3f}]  {ratio.name}{aim}\n"
        f"           {ratio.ours_per_call:,.2f} against {ratio.twin_per_call:,.2f} {ratio.unit} ({ratio.twin})"
    )


def main() -> None:
    """Measure, print and save."""
    print(f"CPython {platform.python_version()}, {platform.machine()}; medians of paired rounds, quartiles in brackets")
    ratios = measured()
    for ratio in ratios:
        print(_lines(ratio))
    loaded = importing.loaded_by("kakao_asi")
    own = [name for name in loaded if name.startswith("kakao_asi")]
    heavy = [name for name in importing.HEAVY if name in loaded]
    print(f"import kakao_asi loads {len(loaded)} modules: {', '.join(loaded)}")
    print(f"of these {len(own)} of its own; of the heavy ones: {', '.join(heavy) or 'none'}")
    print(packs.measure())
    print(lists.measure())
    saved = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "ratios": [attrs.asdict(ratio) for ratio in ratios],
        "loaded": loaded,
    }
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / "latest.json").write_text(json.dumps(saved, indent=2) + "\n", "utf-8")
    print("saved as benchmarks/results/latest.json")


if __name__ == "__main__":
    main()
