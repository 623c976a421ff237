"""A training loop of a process of its own: saves its monitor beside its checkpoint, and goes on from there.

    python loop_program.py FOLDER LAST

Prints each step when it is over. Every third step is not finite; a state is saved at every tenth.
"""

import json
import math
import os
import sys
import threading
from pathlib import Path

from kakao_asi.training import LossSpike, Monitor, NonFinite


def main() -> None:
    """Train to the last step, from the saved state if there is one."""
    folder, last = Path(sys.argv[1]), int(sys.argv[2])
    state = folder / "monitor.json"
    rules = [NonFinite(risk="diverges"), LossSpike(risk="diverges", warmup=5)]
    if state.exists():
        monitor = Monitor.from_state(json.loads(state.read_text("utf-8")), rules=rules)
        first = json.loads(state.read_text("utf-8"))["step"] + 1
    else:
        monitor = Monitor("exp-11", system="demo-chat", rules=rules, spool=folder / "spool", every=5)
        first = 1
    for step in range(first, last + 1):
        monitor.step(step, loss=math.nan if step % 3 == 0 else 50.0 if step == 40 else 1.0)
        monitor.sync(step)
        if step % 10 == 0:
            half = folder / "monitor.half"
            half.write_text(json.dumps(monitor.state()), "utf-8")
            os.replace(half, state)  # noqa: PTH105  # the same call a training script makes
        print(step, flush=True)  # noqa: T201  # what the parent waits for
    monitor.close()
    print("threads", threading.active_count(), flush=True)  # noqa: T201


main()
