"""A program that tests start as a process of its own: it votes on a case, or looks at the clock, again and again.

Arguments: the file, the instant its clock stands at, ``vote`` or ``tick``, who it is, and how often. It answers a line
when it is ready, waits for one, and answers how many of its tries were taken.
"""

import datetime as dt
import sys

from kakao_asi import RiskRegister, commands
from kakao_asi.exceptions import CommandRefused
from kakao_asi.testing import FrozenClock

BALLOT = commands.Decide(case="r.accept.1", outcome="approve", body="ai_safety")


def tried(register: RiskRegister, what: str, who: str) -> int:
    """Try once; return how much was taken."""
    if what == "tick":
        return len(register.tick())
    try:
        register.submit(BALLOT, by=who)
    except CommandRefused:
        return 0
    return 1


def main(path: str, at: str, what: str, who: str, count: str) -> None:
    """Try as often as told; with a tick the clock jumps a day back and forth again."""
    clock = FrozenClock(dt.datetime.fromisoformat(at))
    with RiskRegister.open(path, clock=clock) as register:
        print("ready", flush=True)  # noqa: T201  # it speaks to the test
        sys.stdin.readline()
        taken = 0
        for _ in range(int(count)):
            taken += tried(register, what, who)
            if what == "tick":
                clock.forward(dt.timedelta(days=-1))
                taken += tried(register, what, who)
                clock.forward(dt.timedelta(days=1))
        print(taken, flush=True)  # noqa: T201


main(*sys.argv[1:])
