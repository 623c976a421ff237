"""The further sections of the page: grades, register, graph, cases, timeline and sources."""

from __future__ import annotations

from collections.abc import Iterator

from ..governance import Case, Decision
from ..taxonomy import Actor, Grade, RiskCategory
from ._bars import bars
from ._drawing import INK, actor_sign
from ._elements import chip, listed, scrolling, section, table
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

__all__ = ["cases", "grades", "graph", "register_table", "risk_flags", "sources", "timelines"]


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


# --- register --------------------------------------------------------------------------------------------------------


def register_table(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the register: one row a risk, grouped by system and category."""
    head = [w(key) for key in ("risk", "status", "grades", "owner", "responses", "acceptance")]
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
    status = join(
        one.state.status.label(w.lang), tag("br"), tag("span", w("cycle", cycle=one.state.cycle), class_="meta")
    )
    shown = one.grades
    arrow = tag("span", " → ", aria_hidden="true")
    steps = join(chip(shown.inherent, w), arrow, chip(shown.residual, w), arrow, chip(shown.effective, w))
    responses = [response_line(planned, one, w) for planned in one.state.responses]
    return tag(
        "tr",
        tag(
            "td",
            tag("span", w.text(risk.title), class_="title"),
            tag("span", tag("code", risk.id), part, class_="meta"),
            *(join(" ", flag) for flag in flags),
        ),
        tag("td", status),
        tag("td", steps, class_="steps"),
        tag("td", risk.owner),
        tag("td", listed(responses) or w("no_response")),
        tag("td", acceptance_line(one, facts, w) or w("none")),
        class_=None if one.open else "closed",
    )


def risk_flags(one: RiskFacts, w: Words) -> tuple[str, ...]:
    """Return what stands out about a risk, in words."""
    found = (
        ("legal_obligation", one.state.risk.legal_obligation),
        ("contained", one.contained),
        ("lines_disagree", one.grades.disagree),
    )
    return tuple(w(key) for key, holds in found if holds)


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
        tag("details", tag("summary", w("way")), *(tag("p", one, class_="fine") for one in reasons))
        if reasons
        else None
    )
    right = tag("div", tag("h3", w("edges")), tag("ol", *lines, class_="numbers"), way)
    left = scrolling(ladder(facts, case, w, ids), w("graph"))
    return section("graph", w, ids, tag("div", left, right, class_="pair"), note=note)


def cases(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return every case with its way, and every decision with who made it, when and on which state."""
    if not facts.cases:
        return section("cases", w, ids, tag("p", w("nothing_here")))
    head = [w(key) for key in ("case", "opened", "way", "outcome", "state")]
    shown = table("wide", w("cases"), head, tag("tbody", *(_case(one, facts, w) for one in reversed(facts.cases))))
    made = [_decision(case, one, facts, w) for case, one in reversed(facts.decisions)]
    head = [w(key) for key in ("decided_at", "case", "body", "outcome", "voters", "conditions", "state")]
    decided = table("wide", w("decisions"), head, tag("tbody", *made)) if made else tag("p", w("nothing_here"))
    return section("cases", w, ids, shown, tag("h3", w("decisions")), decided)


def _case(case: Case, facts: Facts, w: Words) -> Safe:
    because = facts.opened_because.get(case.id)
    outcome = case.status if case.outcome is None else case.outcome
    steps = [f"{one.name}: {one.says}" for one in way_of(case, facts, w)]
    return tag(
        "tr",
        tag(
            "td",
            tag("b", case.matter.label(w.lang)),
            ": ",
            subject_name(case, facts, w),
            tag("br"),
            tag("code", case.id, class_="meta"),
            None if because is None else tag("p", w.text(because), class_="meta"),
        ),
        tag("td", w.instant(case.opened_at), tag("br"), tag("span", case.opened_by, class_="meta")),
        tag("td", listed(steps)),
        tag("td", tag("b", outcome.label(w.lang))),
        tag("td", tag("code", short(case.state_hash))),
    )


def _decision(case: Case, decision: Decision, facts: Facts, w: Words) -> Safe:
    conditions = [condition_line(one, w) for one in dict.fromkeys(decision.conditions)]
    reasons = vote_reasons(case, decision.body, facts, w)
    return tag(
        "tr",
        tag("td", w.instant(decision.at)),
        tag("td", tag("code", case.id)),
        tag("td", body_name(decision.body, facts, w.lang)),
        tag("td", tag("b", decision.outcome.label(w.lang)), *(tag("p", one, class_="meta") for one in reasons)),
        tag("td", ", ".join(decision.voters)),
        tag("td", listed(conditions) or w("none")),
        tag("td", tag("code", short(decision.state_hash))),
    )


# --- timeline and sources --------------------------------------------------------------------------------------------


def timelines(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the stages and cycles of every system."""
    shown = [part for system in facts.systems for part in _timeline(system, w, ids)]
    return section("timeline", w, ids, *(shown or [tag("p", w("nothing_here"))]), note=w("timeline_note"))


def _timeline(system: SystemFacts, w: Words, ids: Ids) -> Iterator[Safe]:
    name = system_name(system.state, w)
    yield tag("h3", name, " ", tag("code", system.state.id))
    yield scrolling(timeline(system, w, ids), f"{w('timeline')}: {name}")
    if system.marks:
        lines = (tag("li", mark_line(mark, w), value=str(number)) for number, mark in numbered_marks(system))
        yield tag("h4", w("marks"))
        yield tag("ol", *lines, class_="numbers")


def sources(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return what the report rests on, with whose word each row is."""
    rows = [
        tag("tr", tag("td", what), tag("td", origin), tag("td", tag("code", address) if address else w("none")))
        for what, origin, address in source_rows(facts, w)
    ]
    head = (w("what"), w("origin"), w("source"))
    shown = table("sources", w("sources"), head, tag("tbody", *rows))
    closing = (tag("p", w(key), class_="fine") for key in ("independence", "defaults", "no_advice"))
    return tag("footer", section("sources", w, ids, shown, *closing))
