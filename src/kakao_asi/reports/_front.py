"""The first part of the page: cover, the numbers at a glance, the decisions asked, and the gates."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ..governance import GateResult, Refusal
from ..lifecycle import SystemStatus
from ..taxonomy import Grade
from ._elements import section, table
from ._escape import Ids, Safe, join, tag
from ._facts import Facts, SystemFacts
from ._phrases import asked_lines, short, system_name, who_clears
from ._words import Words

__all__ = ["SECTIONS", "counts", "cover", "gates", "summary"]

SECTIONS: Final = ("summary", "gates", "heat_map", "bars", "register", "graph", "cases", "timeline", "sources")
"""The sections in their order: what a committee needs first comes first."""

_ENDING: Final = dt.timedelta(days=30)


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


def counts(facts: Facts) -> tuple[tuple[str, int], ...]:
    """Return the numbers at a glance, by the key of their label."""
    open_ = [one for one in facts.risks if one.open]
    live = [one.state.acceptance for one in facts.risks if one.accepted and one.state.acceptance is not None]
    return (
        ("waiting_cases", len(facts.open_cases)),
        ("shut_gates", sum(not gate.passed for system in facts.systems for gate in system.gates)),
        ("open_risks", len(open_)),
        ("high_risks", sum(one.grades.effective is Grade.HIGH for one in open_)),
        ("unassessed_risks", sum(one.grades.unassessed for one in open_)),
        ("overdue_responses", sum(len(one.overdue) for one in facts.risks)),
        ("ending_acceptances", sum(one.until - facts.at <= _ENDING for one in live)),
        ("measures_on", sum(len(one.state.stops) for one in facts.systems) + sum(one.contained for one in facts.risks)),
    )


def summary(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the numbers at a glance and the decisions asked."""
    tiles = (
        tag("li", tag("span", str(count), class_="number"), w(key), class_="zero" if not count else None)
        for key, count in counts(facts)
    )
    rows = [_asked_row(case.id, *asked_lines(case, facts, w)) for case in facts.open_cases]
    head = (w("asks"), w("before"), w("until_due"))
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


def _asked_row(case: str, asks: str, before: str, due: str) -> Safe:
    return tag("tr", tag("td", asks, " ", tag("code", case)), tag("td", before), tag("td", due))


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
        tag("h3", system_name(state, w), " ", tag("code", state.id)),
        tag("p", about, class_="meta"),
        retired,
        *(_gate(gate, facts, w) for gate in system.gates),
        _running(system.running, facts, w),
        class_="card",
    )


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
    said = f"({w('note')}) {one.message(w.lang)}" if warning else one.message(w.lang)
    return tag("li", said, clears, class_="note" if warning else None)
