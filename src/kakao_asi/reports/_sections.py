"""The further sections of the page: grades, register, graph, cases, timeline and sources."""

from __future__ import annotations

from typing import Final

from ..governance import Case, Decision
from ..responses import PlannedResponse
from ..taxonomy import Actor, Grade, RiskCategory
from ._bars import bars
from ._elements import chip, listed, named, row, scrolling, section, table
from ._escape import Ids, Safe, join, tag
from ._facts import Facts, RiskFacts, SystemFacts
from ._heat_map import heat_map
from ._ladder import arrow_line, arrows, ladder
from ._phrases import (
    acceptance_line,
    body_name,
    condition_line,
    mark_line,
    response_line,
    risk_flags,
    shape_of,
    short,
    source_rows,
    subject_name,
    system_name,
    vote_reasons,
    way_of,
)
from ._timeline import numbered_marks, timeline
from ._words import Words

__all__ = ["cases", "grades", "graph", "register_table", "sources", "timelines"]


def grades(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the heat map, and beside it the bars."""
    nothing = tag("p", w("nothing_here"))
    left = heat_map(facts, w, ids) if facts.systems else nothing
    right = bars(facts, w, ids) or nothing
    return tag(
        "div",
        section("heat_map", w, ids, left, _legend(w), note=w("heat_map_note")),
        section("bars", w, ids, right, note=w("bars_note")),
        class_="pair",
    )


def _legend(w: Words) -> Safe:
    actors = (tag("li", _sign(one), " ", one.label(w.lang)) for one in Actor)
    known = (tag("li", chip(one, w)) for one in Grade)
    unknown = tag("li", tag("span", class_="swatch"), f"{w('unassessed')}: {w('unknown_not_low')}")
    return tag("ul", *actors, *known, unknown, class_="legend", aria_label=w("legend"))


def _sign(actor: Actor) -> Safe:
    return tag("span", shape_of(actor), aria_hidden="true")


_COLUMNS: Final = ("risk", "status", "grades", "owner", "responses", "acceptance")


# --- register --------------------------------------------------------------------------------------------------------


def register_table(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the register: one row a risk, grouped by system and category."""
    head = [w("grade_steps") if key == "grades" else w(key) for key in _COLUMNS]
    groups = [
        _group(system, category, facts, w, ids)
        for system in facts.systems
        for category in RiskCategory
        if system.of(category)
    ]
    shown = table("register", w("register"), head, *groups) if groups else tag("p", w("nothing_here"))
    return section("register", w, ids, shown)


def _group(system: SystemFacts, category: RiskCategory, facts: Facts, w: Words, ids: Ids) -> Safe:
    actor = category.actor
    said = f"{system_name(system.state, w)} · {category.label(w.lang)} · {w('source_actor', actor=actor.label(w.lang))}"
    name = tag("th", _sign(actor), " ", said, colspan="6", scope="rowgroup", class_="group")
    rows = (_risk(one, facts, w) for one in system.of(category))
    return tag("tbody", tag("tr", name), *rows, id=ids.of(w.lang, "rows", system.state.id, category))


def _risk(one: RiskFacts, facts: Facts, w: Words) -> Safe:
    risk = one.state.risk
    part = None if risk.component is None else join(" · ", w("component", component=risk.component))
    flags = (tag("span", flag, class_="flag") for flag in risk_flags(one, w))
    cycle = tag("span", w("cycle", cycle=one.state.cycle), class_="meta")
    status = tag("span", one.state.status.label(w.lang), tag("br"), cycle, class_="steps")
    shown = one.grades
    arrow = tag("span", " → ", aria_hidden="true")
    steps = join(chip(shown.inherent, w), arrow, chip(shown.residual, w), arrow, chip(shown.effective, w))
    responses = [_response(planned, one, w) for planned in one.state.responses]
    return row(
        [w(key) for key in _COLUMNS],
        join(
            tag("span", w.text(risk.title), class_="title"),
            tag("span", tag("code", risk.id), part, class_="meta"),
            *(join(" ", flag) for flag in flags),
        ),
        status,
        tag("span", steps, class_="steps"),
        risk.owner,
        listed(responses) or w("no_response"),
        acceptance_line(one, facts, w) or w("none"),
        kind=None if one.open else "closed",
    )


def _response(planned: PlannedResponse, one: RiskFacts, w: Words) -> Safe:
    late = join(" ", tag("span", w("overdue"), class_="flag")) if planned in one.overdue else None
    return join(response_line(planned, w), late)


# --- graph and cases -------------------------------------------------------------------------------------------------


def graph(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the escalation graph with a case on it, the numbers of its lines and the reasons of the way."""
    case = facts.shown_case
    escalation = facts.governance.graph
    route = None if case is None else escalation.route(case.cell)
    note = w("graph_no_case") if case is None else w("graph_case", case=case.id)
    lines = (
        tag("li", arrow_line(one, facts, w), value=str(one.number), class_="taken" if one.taken else None)
        for one in arrows(escalation, route)
    )
    reasons = () if route is None else escalation.explain(route, lang=w.lang)
    way = (
        tag("details", tag("summary", w("way_reasons")), *(tag("p", one, class_="fine") for one in reasons))
        if reasons
        else None
    )
    right = tag("div", tag("h3", w("edges")), tag("ol", *lines, class_="numbers"), way)
    left = scrolling(ladder(facts, case, w, ids), w("graph"))
    tiers = [body.tier for body in escalation.bodies]
    beside = len(set(tiers)) == len(tiers)
    return section("graph", w, ids, tag("div", left, right, class_="pair" if beside else None), note=note)


def cases(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return every case with its way, and every decision with who made it, when and on which state."""
    if not facts.cases:
        return section("cases", w, ids, tag("p", w("nothing_here")))
    head = [w(key) for key in ("case", "opened", "way", "outcome", "state")]
    opened = (row(head, *_case(one, facts, w)) for one in reversed(facts.cases))
    shown = table("cases", w("cases"), head, tag("tbody", *opened))
    head = [w(key) for key in ("decided_at", "case", "body", "outcome", "voters", "conditions", "state")]
    made = [row(head, *_decision(case, one, facts, w)) for case, one in reversed(facts.decisions)]
    decided = table("decisions", w("decisions"), head, tag("tbody", *made)) if made else tag("p", w("nothing_here"))
    return section("cases", w, ids, shown, tag("h3", w("decisions")), decided)


def _case(case: Case, facts: Facts, w: Words) -> tuple[object, ...]:
    because = facts.opened_because.get(case.id)
    outcome = case.status if case.outcome is None else case.outcome
    steps = [f"{one.name}: {one.says}" for one in way_of(case, facts, w)]
    return (
        join(
            tag("b", case.matter.label(w.lang)),
            f": {subject_name(case, facts, w)} ",
            tag("code", case.id, class_="meta"),
            None if because is None else tag("p", w.text(because), class_="meta"),
        ),
        join(w.instant(case.opened_at), tag("br"), tag("span", case.opened_by, class_="meta")),
        listed(steps),
        tag("b", outcome.label(w.lang), class_="steps"),
        tag("code", short(case.state_hash), class_="steps"),
    )


def _decision(case: Case, decision: Decision, facts: Facts, w: Words) -> tuple[object, ...]:
    conditions = [condition_line(one, w) for one in dict.fromkeys(decision.conditions)]
    reasons = vote_reasons(case, decision.body, facts, w)
    return (
        w.instant(decision.at),
        tag("code", case.id),
        body_name(decision.body, facts, w.lang),
        join(tag("b", decision.outcome.label(w.lang)), *(tag("p", one, class_="meta") for one in reasons)),
        ", ".join(decision.voters),
        listed(conditions) or w("none"),
        tag("code", short(decision.state_hash), class_="steps"),
    )


# --- timeline and sources --------------------------------------------------------------------------------------------


def timelines(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the stages and cycles of every system."""
    cards = (_timeline(system, w, ids) for system in facts.systems)
    shown = tag("div", *cards, class_="cards") if facts.systems else tag("p", w("nothing_here"))
    return section("timeline", w, ids, shown, note=w("timeline_note"))


def _timeline(system: SystemFacts, w: Words, ids: Ids) -> Safe:
    marks = None
    if system.marks:
        lines = (tag("li", mark_line(mark, w), value=str(number)) for number, mark in numbered_marks(system))
        marks = join(tag("h4", w("marks")), tag("ol", *lines, class_="numbers"))
    return tag("div", tag("h3", named(system, w)), timeline(system, w, ids), marks, class_="card")


def sources(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return what the report rests on, with whose word each row is."""
    head = (w("origin"), w("what"), w("source"))
    rows = [
        row(head, origin, listed(said), tag("code", address) if address else w("none"))
        for origin, address, said in source_rows(facts, w)
    ]
    shown = table("sources", w("sources"), head, tag("tbody", *rows))
    closing = (tag("p", w(key), class_="fine") for key in ("independence", "defaults", "no_advice"))
    return tag("footer", section("sources", w, ids, shown, *closing))
