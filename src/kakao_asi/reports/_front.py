"""The first part of the page: cover, the numbers at a glance, the decisions asked, and the gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..governance import Case, GateResult, Refusal
from ..lifecycle import SystemStatus
from ._elements import named, row, section, table
from ._escape import Ids, Safe, join, tag
from ._facts import Facts, SystemFacts, counts
from ._phrases import asked_lines, refusal_line, short, who_clears
from ._words import Words

__all__ = ["SECTIONS", "cover", "gates", "summary"]

SECTIONS: Final = ("summary", "gates", "heat_map", "bars", "register", "graph", "cases", "timeline", "sources")
"""The sections in their order: what a committee needs first comes first."""


def cover(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the head of the page: what it is about, as of when, under which governance, and what it is not."""
    rows = (
        (w("as_of"), w.instant(facts.at)),
        (w("log"), w("log_size", count=f"{facts.events:,}", at=w.instant(facts.recorded_at))),
        (w("governance"), _governance(facts, w)),
        (w("scope"), _scope(facts, w)),
    )
    links = (tag("li", tag("a", w(key), href=f"#{ids.of(w.lang, 'section', key)}")) for key in SECTIONS)
    return tag(
        "header",
        tag("h1", w("report")),
        tag("dl", *(part for name, said in rows for part in (tag("dt", name), tag("dd", said)))),
        *(tag("p", w(key), class_="fine") for key in ("independence", "defaults", "no_advice")),
        tag("nav", tag("ul", *links, class_="toc"), aria_label=w("contents")),
        class_="cover",
    )


def _governance(facts: Facts, w: Words) -> Safe:
    named = w("governed_by", id=facts.governance.id, version=facts.governance.version)
    return join(named, " · ", tag("code", short(facts.digest)))


def _scope(facts: Facts, w: Words) -> str:
    open_ = sum(one.open for one in facts.risks)
    return w("scope_counts", systems=len(facts.systems), risks=len(facts.risks), open=open_)


def summary(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the numbers at a glance and the decisions asked."""
    tiles = (
        tag("li", tag("span", str(count), class_="number"), w(key), class_="zero" if not count else None)
        for key, count in counts(facts)
    )
    head = (w("asks"), w("before"), w("until_due"))
    rows = [_asked_row(head, case, facts, w) for case in facts.open_cases]
    asked = table("asked", w("asked"), head, tag("tbody", *rows)) if rows else tag("p", w("nothing_here"))
    return section(
        "summary",
        w,
        ids,
        tag("ul", *tiles, class_="tiles"),
        tag("h3", w("asked")),
        asked,
        tag("p", w("undecided"), class_="fine") if rows else None,
    )


def _asked_row(head: tuple[str, ...], case: Case, facts: Facts, w: Words) -> Safe:
    asks, before, due = asked_lines(case, facts, w)
    return row(head, join(asks, " ", tag("code", case.id)), before, due)


def gates(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return what stands between each system and its next stage."""
    cards = tag("div", *(_card(one, facts, w) for one in facts.systems), class_="cards")
    shown = cards if facts.systems else tag("p", w("nothing_here"))
    return section("gates", w, ids, shown, note=w("gates_note"))


def _card(system: SystemFacts, facts: Facts, w: Words) -> Safe:
    state = system.state
    about = " · ".join(
        (
            w("stage_of", stage=state.stage.label(w.lang), round=state.round),
            state.system.audience.label(w.lang),
            w("unit", unit=state.system.unit),
        )
    )
    retired = tag("p", w("retired"), class_="verdict shut") if state.status is SystemStatus.RETIRED else None
    return tag(
        "div",
        tag("h3", named(system, w)),
        tag("p", about, class_="meta"),
        retired,
        *_gates(system.gates, facts, w),
        _running(system.running, facts, w),
        class_="card",
    )


def _gates(gates_: tuple[GateResult, ...], facts: Facts, w: Words) -> Iterator[Safe]:
    """Yield the gate of the usual next stage, and folded those of the others that may follow."""
    yield from (_gate(gate, facts, w) for gate in gates_[-1:])
    others = gates_[:-1]
    if others:
        stages = ", ".join(gate.stage.label(w.lang) for gate in others if gate.stage is not None)
        heading = tag("summary", w("other_stages", stages=stages))
        yield tag("details", heading, *(_gate(gate, facts, w) for gate in others))


def _gate(gate: GateResult, facts: Facts, w: Words) -> Safe:
    place = "" if gate.stage is None else w("to_stage", stage=gate.stage.label(w.lang))
    verdict = w("gate_open") if gate.passed else w.counted("gate_shut", len(gate.blockers))
    return _answer(place, verdict, gate, facts, w)


def _running(gate: GateResult, facts: Facts, w: Words) -> Safe:
    verdict = w("runs") if gate.passed else w.counted("gate_shut", len(gate.blockers))
    return _answer(w("running"), verdict, gate, facts, w)


def _answer(place: str, verdict: str, gate: GateResult, facts: Facts, w: Words) -> Safe:
    reasons = [_reason(one, facts, w, warning=False) for one in gate.blockers]
    notes = [_reason(one, facts, w, warning=True) for one in gate.warnings]
    heading = tag("h4", place, " ", tag("span", verdict, class_="verdict" if gate.passed else "verdict shut"))
    return join(heading, tag("ul", *reasons, *notes, class_="blockers") if reasons or notes else None)


def _reason(one: Refusal, facts: Facts, w: Words, *, warning: bool) -> Safe:
    who = ", ".join(who_clears(one, facts, w))
    clears = tag("span", f"{w('who_clears')}: ", tag("b", who), class_="who") if who and not warning else None
    text = refusal_line(one, facts, w)
    said = f"({w('note')}) {text}" if warning else text
    return tag("li", said, clears, class_="note" if warning else None)
