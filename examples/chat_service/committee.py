"""The bodies look at findings and decide whether the service may go on: ``python -m examples.chat_service.committee``.

It runs in a process of its own, as a committee's tool does; the service hears of it from the register alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import kakao_asi as asi

from .company import LEAKS, ROSTER, found

__all__ = ["decide", "main", "read_in"]

_WHY = {
    asi.Outcome.REJECT: "resident registration numbers were seen in live replies",
    asi.Outcome.APPROVE: "the output filter was repaired and tested again",
}


def decide(path: Path, outcome: asi.Outcome) -> asi.Case:
    """Bring the risk of the replies before the bodies, let each vote in turn, and return the decided case.

    A rejection ends the case at the first body and shuts the gate; an approval needs every body on its way and opens
    it again.
    """
    with asi.RiskRegister.open(path) as register:
        case = register.escalate(LEAKS, asi.Matter.RISK, by="ml.lee", because=_WHY[outcome])
        while case.outcome is None:
            case = _voted(register, case, outcome)
        return case


def _voted(register: asi.RiskRegister, case: asi.Case, outcome: asi.Outcome) -> asi.Case:
    """Let the people of the body that a case is before vote until the body has decided."""
    body, decided = case.body, len(case.decisions)
    for person in ROSTER.seated(body):
        case = register.decide(case.id, outcome, body=body, by=person.id, because=_WHY[outcome])
        if len(case.decisions) > decided:
            break
    return case


def read_in(folder: Path) -> tuple[str, ...]:
    """Read in what the workers found since the last time, and tell of each kind how often it was seen.

    Each worker writes to a file of its own; reading twice counts nothing twice.
    """
    with asi.RiskRegister.open(folder / "asi.db") as register:
        register.import_spool(folder / "findings", by="ml.lee")
        return tuple(f"{group.count} x {group.sample.label} on {group.risk}" for group in register.findings())


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the register, or decide, and say what came of it."""
    parser = argparse.ArgumentParser(description="decide whether the chat service may go on replying")
    parser.add_argument("what", choices=["found", "findings", "reject", "approve"])
    parser.add_argument("--folder", type=Path, default=Path("chat-output"))
    chosen = parser.parse_args(arguments)
    path = chosen.folder / "asi.db"
    if chosen.what == "found":
        chosen.folder.mkdir(parents=True, exist_ok=True)
        found(path)
        print(f"the register of the company stands in {path}")
        return
    if chosen.what == "findings":
        print("\n".join(read_in(chosen.folder)))
        return
    case = decide(path, asi.Outcome(chosen.what))
    print(f"{case.id}: {case.outcome} by {', '.join(decision.body for decision in case.decisions)}")


if __name__ == "__main__":
    main()
