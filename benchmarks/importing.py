"""``import kakao_asi``, against ``import attrs``, each in a fresh isolated interpreter."""

from __future__ import annotations

import json
import subprocess
import sys

from .pairing import Ratio, of_pairs

__all__ = ["HEAVY", "loaded_by", "measure"]

HEAVY = ("networkx", "cattrs", "structlog", "asyncio", "sqlite3")
"""What ``import kakao_asi`` must not load."""

_AT_MOST = 1.3

_TIMED = "import time; begun = time.perf_counter_ns(); import {name}; print(time.perf_counter_ns() - begun)"
_LISTED = (
    "import json, sys; before = set(sys.modules); import {name}; print(json.dumps(sorted(set(sys.modules) - before)))"
)


def _child(program: str) -> str:
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    return done.stdout


def _time(name: str) -> float:
    return int(_child(_TIMED.format(name=name))) / 1_000


def loaded_by(name: str) -> tuple[str, ...]:
    """Return the modules that importing a module loads, beyond those a bare interpreter has; sorted."""
    return tuple(json.loads(_child(_LISTED.format(name=name))))


def measure(*, rounds: int) -> tuple[Ratio, ...]:
    """Compare the two imports, children in turns."""
    _time("attrs")
    _time("kakao_asi")
    pairs = []
    for number in range(rounds):
        names = ("kakao_asi", "attrs") if number % 2 else ("attrs", "kakao_asi")
        times = {name: _time(name) for name in names}
        pairs.append((times["kakao_asi"], times["attrs"]))
    return (of_pairs("import kakao_asi", "import attrs", pairs, unit="us", at_most=_AT_MOST),)
