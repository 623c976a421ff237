"""Looking ahead: another governance over 100,000 risks, and the largest graph there can be, checked.

The twin of ``what_if`` is ``json.loads`` of the same stored states: whoever reads them at all pays at least that. The
twin of building and checking is asking networkx for a cycle in an equal graph.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json

import networkx as nx

import kakao_asi as asi
from kakao_asi.catalog import proportional_governance
from kakao_asi.governance import (
    START,
    Edge,
    EscalationGraph,
    GovernanceBody,
    Person,
    Quorum,
    Reason,
    Roster,
    Seat,
    Term,
    When,
)
from kakao_asi.stores import Draft, MemoryStore, Row
from kakao_asi.testing import CountingIds, FrozenClock

from .pairing import Ratio, paired
from .subjects import NOW

__all__ = ["measure"]

_PER_SYSTEM = 1_000
_BODIES = 1_000


def _first(store: MemoryStore) -> asi.RiskRegister:
    register = asi.RiskRegister.on(store, clock=FrozenClock(NOW), ids=CountingIds())
    register.add_system(asi.System(id="s0000", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
    risk = asi.Risk(
        id="r0000000",
        title="A made-up risk",
        category=asi.RiskCategory.MODEL_IMPERFECTION,
        system="s0000",
        principles={"privacy"},
        owner="serving",
    )
    register.identify(risk, by="ml.lee")
    factors = asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.SEVERE)
    register.assess(risk.id, factors, by="safety.han")
    due = dt.date(2026, 12, 30)
    response = asi.Response(strategy="change_likelihood", controls=["ai.output_filter"], owner="serving", due=due)
    register.respond(risk.id, response, by="ml.lee")
    return register


def _filled(count: int) -> tuple[asi.RiskRegister, list[bytes]]:
    """Return a register of so many risks, all written like its first one, and their stored states."""
    store = MemoryStore(clock=FrozenClock(NOW))
    register = _first(store)
    risk, system = store.get("risk", "r0000000"), store.get("system", "s0000")
    if risk is None or system is None:
        message = "the first risk and its system are not where they were written"
        raise RuntimeError(message)
    states = [risk.state]
    for number in range(count // _PER_SYSTEM):
        name = f"s{number:04d}"
        rows = []
        if number:
            state = system.state.replace(b"s0000", name.encode())
            rows.append(Row(kind="system", id=name, version=1, columns=system.columns, state=state))
        for place in range(number * _PER_SYSTEM, (number + 1) * _PER_SYSTEM):
            if place:
                own = f"r{place:07d}"
                state = risk.state.replace(b"r0000000", own.encode()).replace(b"s0000", name.encode())
                columns = {**risk.columns, "system": name}
                rows.append(Row(kind="risk", id=own, version=1, columns=columns, state=state))
                states.append(state)
        note = Draft(
            id=f"n{number}", stream="note:bulk", kind="note", schema=1, at=NOW, by="host", lifecycle=1, payload={}
        )
        store.append([note], rows, {}, None)
    return register, states


def _parts() -> tuple[list[GovernanceBody], list[Edge], Roster]:
    """Return a chain of 1,000 bodies with ten disjoint edges between each two, and somebody in every seat."""
    names = [f"b{number:03d}" for number in range(_BODIES)]
    bodies = [
        GovernanceBody(id=name, ko="기구", en="Body", tier=tier, seats=1, quorum=Quorum())
        for tier, name in enumerate(names, 1)
    ]
    calm, *others = [{Reason.LEVEL, Reason.MISSING_EVIDENCE}, *({one} for one in list(Reason)[2:])]
    halves = set(list(asi.Matter)[:4]), set(list(asi.Matter)[4:])
    boxes = [When(matter=half, reason=reason) for half in halves for reason in (calm, *others)]
    edges = [
        Edge(source=source, target=target, when=when, within=Term(hours=4))
        for source, target in itertools.pairwise((START, *names))
        for when in boxes
    ]
    roster = Roster(
        people=[Person(id=f"p-{name}") for name in names], seats=[Seat(body=name, person=f"p-{name}") for name in names]
    )
    return bodies, edges, roster


def measure(*, rounds: int, risks: int = 100_000) -> tuple[Ratio, ...]:
    """Compare ``what_if`` over many risks, and building with checking of 1,000 bodies and 10,000 edges."""
    register, states = _filled(risks)
    other = proportional_governance()
    bodies, edges, roster = _parts()
    equal: nx.DiGraph[str] = nx.DiGraph((edge.source, edge.target) for edge in edges)

    def looked_ahead() -> None:
        register.what_if(other)

    def only_read() -> None:
        for state in states:
            json.loads(state)

    def checked() -> None:
        EscalationGraph(bodies=bodies, edges=edges, apex=bodies[-1].id).check(roster)

    def only_a_cycle() -> None:
        nx.is_directed_acyclic_graph(equal, backend="networkx")

    name = f"{len(bodies):,} bodies with {len(edges):,} edges built and checked with their roster"
    ahead = f"what_if over {risks:,} risks"
    return (
        paired(ahead, looked_ahead, "json.loads of their states", only_read, rounds=rounds, calls=1),
        paired(name, checked, "networkx looks for a cycle", only_a_cycle, rounds=rounds, calls=1),
    )
