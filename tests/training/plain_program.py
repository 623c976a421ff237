"""A training loop that prints its losses and ends with a code of its own, watched or not.

    python plain_program.py MODE FOLDER

MODE is ``plain`` (no library at all) or how the monitor's surroundings are broken.
"""

import sys
from pathlib import Path
from typing import Any


def watcher(mode: str, folder: Path) -> Any:
    """Return a monitor in broken surroundings."""
    from kakao_asi import Audience, RiskRegister, System, commands
    from kakao_asi.training import LossSpike, Monitor, NonFinite

    class Raises:
        name, risk = "raises", None

        def __init__(self) -> None:
            from kakao_asi.training import Moment

            self.moments, self.metrics = frozenset({Moment.STEP}), frozenset({"loss"})

        def judge(self, _seen: Any, _memory: Any, /) -> Any:
            raise RuntimeError

    rules: list[Any] = [NonFinite(risk="diverges", on={"far"}), LossSpike(risk="diverges"), Raises()]
    if mode == "sink raises":

        def sink(_finding: Any, /) -> bool:
            raise OSError

        return Monitor("exp-11", system="demo-chat", rules=rules, sink=sink)
    if mode == "register is read-only":
        with RiskRegister.open(folder / "asi.db"):
            pass
        register = RiskRegister.open(folder / "asi.db", read_only=True)

        def write(_finding: Any, /) -> bool:
            system = System(id="x", unit="x", audience=Audience.INTERNAL)
            return register.submit(commands.AddSystem(system=system), by="ml.lee") is not None

        return Monitor("exp-11", system="demo-chat", rules=rules, sink=write)
    import resource
    import signal

    # No file of this process may grow: what a full disk does, for real.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    return Monitor("exp-11", system="demo-chat", rules=rules, spool=folder / "spool")


def free_the_disk() -> None:
    """Let files grow again: what measures this process writes one when it ends."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def main() -> None:
    """Fit a line by plain gradient descent."""
    mode, folder = sys.argv[1], Path(sys.argv[2])
    monitor = None if mode == "plain" else watcher(mode, folder)
    weight = 0.0
    for step in range(1, 1_001):
        x = step % 7 - 3.0
        error = weight * x - 2.5 * x
        loss = error * error
        if monitor is not None:
            monitor.step(step, loss=loss, far=loss if step % 10 else float("inf"))
        weight -= 0.01 * error * x
        if monitor is not None:
            monitor.sync(step)
        print(repr(loss))  # noqa: T201  # what is compared
    if monitor is not None:
        monitor.close()
        free_the_disk()
        health = monitor.health
        print(health.offered, health.stored, health.dropped, file=sys.stderr)  # noqa: T201  # what the test reads
    sys.exit(3)


main()
