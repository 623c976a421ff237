"""SC07: data used beyond consent. A rule of one's own refuses a set without a basis before the first step."""

from collections.abc import Iterable
from typing import Any

import pytest

from kakao_asi.training import Alarm, Memory, Moment, Monitor, Run, Seen

SOLD, LOGS = "sha256:" + "a" * 64, "sha256:" + "b" * 64


class ConsentCovers:
    """Stops a run on data whose consent does not name its purpose; a set nobody recorded has none."""

    name = "consent"
    risk = "beyond-consent"
    moments = frozenset({Moment.START})
    metrics = frozenset[str]()

    def __init__(self, purpose: str, scopes: dict[str, frozenset[str]]) -> None:
        """Name the purpose, and what each digest was consented for."""
        self._purpose, self._scopes = purpose, scopes

    def judge(self, seen: Seen, _memory: Memory, /) -> Iterable[Alarm]:
        """Say which set may not be used."""
        for name, digest in seen.facts.items():
            if name.startswith("data.") and self._purpose not in self._scopes.get(str(digest), ()):
                yield Alarm(label="no_basis", metric=name, action="stop")


SCOPES = {SOLD: frozenset({"train:chatbot"}), LOGS: frozenset({"service:improve"})}


@pytest.mark.parametrize(
    ("data", "refused"),
    [({"sold": SOLD}, []), ({"sold": SOLD, "logs": LOGS}, ["data.logs"]), ({"x": "sha256:" + "c" * 64}, ["data.x"])],
    ids=["covered", "other purpose", "not recorded"],
)
def test_a_run_on_data_without_a_basis_stops_before_its_first_step(data: dict[str, str], refused: list[str]) -> None:
    """A general clause is no basis: the first sync stops the run, and the finding names the set."""
    told: list[Any] = []
    rules = [ConsentCovers("train:chatbot", SCOPES)]
    monitor = Monitor(
        "exp-11", system="chat", rules=rules, evidence=Run(data=data), sink=lambda one: not told.append(one)
    )

    decision = monitor.sync(0, now=True)

    assert (bool(refused), refused) == (decision.stop, [one.fact("metric") for one in told])
    assert {"beyond-consent"} >= {one.risk for one in told}
