"""The report as Markdown: the same content as the page, in text tables and a Mermaid graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from .._internal.words import Lang
from ..governance import Case, Decision, Refusal
from ..register import Questions
from ..responses import PlannedResponse
from ..stages import Phase
from ..taxonomy import RiskCategory
from ._escape import for_markdown
from ._facts import Facts, RiskFacts, SystemFacts, counts, gathered
from ._ladder import arrow_line, arrows
from ._phrases import (
    acceptance_line,
    asked_lines,
    body_name,
    condition_line,
    cycle_word,
    grade_word,
    mark_line,
    refusal_line,
    response_line,
    risk_flags,
    shape_of,
    short,
    source_rows,
    subject_name,
    system_name,
    vote_reasons,
    way_of,
    who_clears,
    worst,
)
from ._words import Words
from ._writing import written

__all__ = ["markdown"]


def markdown(register: Questions, path: str | Path | None = None, *, lang: Lang = "ko") -> str:
    """Return the report on a register as Markdown, and write it to a file if a path is given.

    Tables are in the form of GitHub; the escalation graph is a Mermaid block and a list. Texts of users stand as they
    are: no markup, link or mention in them is live. The same view gives the same text.

    Args:
        register: a register, or a view of it at a past point.
        path: the file to write, whole or not at all; what is there is replaced. None writes nothing.
        lang: the language of the report.

    Raises:
        OSError: the file cannot be written.
        StoreError: the register cannot be read.

    Example:
        >>> import kakao_asi as asi
        >>> from kakao_asi.stores import MemoryStore
        >>> markdown(asi.RiskRegister.on(MemoryStore()), lang="en").splitlines()[0]
        '# AI risk report'
    """
    facts, w = gathered(register), Words(lang)
    parts = (
        _cover(facts, w),
        _summary(facts, w),
        _gates(facts, w),
        _heat_map(facts, w),
        _register(facts, w),
        _graph(facts, w),
        _cases(facts, w),
        _timeline(facts, w),
        _sources(facts, w),
    )
    return written("\n".join(line for part in parts for line in part) + "\n", path)


def _heading(level: int, text: str) -> tuple[str, str]:
    return f"{'#' * level} {for_markdown(text)}", ""


def _table(w: Words, head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table whose cells are escaped here; without rows it is said that there is nothing."""
    lines = [f"| {' | '.join(for_markdown(one) for one in row)} |" for row in rows]
    if not lines:
        yield from _paragraph(w("nothing_here"))
        return
    titles = [for_markdown(one) for one in head]
    yield f"| {' | '.join(titles)} |"
    yield "|" + " --- |" * len(titles)
    yield from lines
    yield ""


def _paragraph(text: str) -> tuple[str, str]:
    return for_markdown(text), ""


def _item(text: str, *, depth: int = 0) -> str:
    return f"{'  ' * depth}- {for_markdown(text)}"


def _cover(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(1, w("report"))
    open_ = sum(one.open for one in facts.risks)
    governed = w("governed_by", id=facts.governance.id, version=facts.governance.version)
    yield _item(f"{w('as_of')}: {w.instant(facts.at)}")
    yield _item(f"{w('log')}: {w('log_size', count=f'{facts.events:,}', at=w.instant(facts.recorded_at))}")
    yield _item(f"{w('governance')}: {governed} · {short(facts.digest)}")
    yield _item(f"{w('scope')}: {w('scope_counts', systems=len(facts.systems), risks=len(facts.risks), open=open_)}")
    yield ""
    for key in ("independence", "defaults", "no_advice"):
        yield from _paragraph(w(key))


def _summary(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("summary"))
    yield from (_item(f"{w(key)}: {count}") for key, count in counts(facts))
    yield ""
    yield from _heading(3, w("asked"))
    rows = [
        (f"{asks} [{case.id}]", before, due)
        for case in facts.open_cases
        for asks, before, due in [asked_lines(case, facts, w)]
    ]
    yield from _table(w, (w("asks"), w("before"), w("until_due")), rows)
    yield from _paragraph(w("undecided"))


def _gates(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("gates"))
    yield from _paragraph(w("gates_note"))
    for system in facts.systems:
        state = system.state
        yield from _heading(3, f"{system_name(state, w)} ({state.id})")
        stage = w("stage_of", stage=state.stage.label(w.lang), round=state.round)
        yield from _paragraph(f"{stage} · {state.system.audience.label(w.lang)} · {w('unit', unit=state.system.unit)}")
        for gate in system.gates:
            place = "" if gate.stage is None else w("to_stage", stage=gate.stage.label(w.lang))
            verdict = w("gate_open") if gate.passed else w.counted("gate_shut", len(gate.blockers))
            yield _item(f"{place}: {verdict}")
            yield from _reasons(gate.blockers, gate.warnings, facts, w)
        running = system.running
        verdict = w("runs") if running.passed else w.counted("gate_shut", len(running.blockers))
        yield _item(f"{w('running')}: {verdict}")
        yield from _reasons(running.blockers, running.warnings, facts, w)
        yield ""


def _reasons(blockers: Iterable[Refusal], warnings: Iterable[Refusal], facts: Facts, w: Words) -> Iterator[str]:
    for one in blockers:
        who = ", ".join(who_clears(one, facts, w))
        yield _item(refusal_line(one, facts, w) + (f" ({w('who_clears')}: {who})" if who else ""), depth=1)
    for one in warnings:
        yield _item(f"({w('note')}) {refusal_line(one, facts, w)}", depth=1)


def _heat_map(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("heat_map"))
    head = [w("system"), *(f"{shape_of(one.actor)} {one.label(w.lang)}" for one in RiskCategory)]
    rows = (
        [system_name(one.state, w), *(_cell(one, category, w) for category in RiskCategory)] for one in facts.systems
    )
    yield from _table(w, head, rows)
    yield from _paragraph(w("unknown_not_low"))


def _cell(system: SystemFacts, category: RiskCategory, w: Words) -> str:
    risks = system.of(category)
    counting = [one for one in risks if one.open]
    if not counting:
        return w("all_closed") if risks else w("none_identified")
    grade = worst(counting)
    unknown = sum(one.grades.unassessed for one in counting)
    said = f"{grade_word(grade, w)}, {w.counted('risk_count', len(counting))}"
    return f"{said}, {w('unassessed_count', count=unknown)}" if unknown and grade is not None else said


def _register(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("register"))
    keys = (
        "risk",
        "system",
        "category",
        "status",
        "inherent",
        "residual",
        "effective",
        "owner",
        "responses",
        "acceptance",
    )
    rows = (_risk(system, risk, facts, w) for system in facts.systems for risk in system.risks)
    yield from _table(w, (w(key) for key in keys), rows)


def _risk(system: SystemFacts, one: RiskFacts, facts: Facts, w: Words) -> tuple[str, ...]:
    risk = one.state.risk
    flags = "".join(f" · {flag}" for flag in risk_flags(one, w))
    responses = " / ".join(_response(planned, one, w) for planned in one.state.responses)
    return (
        f"{w.text(risk.title)} ({risk.id}){flags}",
        system_name(system.state, w),
        f"{shape_of(risk.actor)} {risk.category.label(w.lang)}",
        f"{one.state.status.label(w.lang)}, {w('cycle', cycle=one.state.cycle)}",
        *(grade_word(grade, w) for grade in (one.grades.inherent, one.grades.residual, one.grades.effective)),
        risk.owner,
        responses or w("no_response"),
        acceptance_line(one, facts, w) or w("none"),
    )


def _response(planned: PlannedResponse, one: RiskFacts, w: Words) -> str:
    said = response_line(planned, w)
    return f"{said} ({w('overdue')})" if planned in one.overdue else said


def _graph(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("graph"))
    graph, case = facts.governance.graph, facts.shown_case
    route = None if case is None else graph.route(case.cell)
    stands = case is not None and case in facts.open_cases and case.body in graph.by_id
    at = case.body if case is not None and stands else None
    yield from _paragraph(w("graph_no_case") if case is None else w("graph_case", case=case.id))
    yield "```mermaid"
    yield graph.to_mermaid(route, at=at, lang=w.lang).rstrip("\n")
    yield from ("```", "")
    yield from (_item(one) for one in (arrow_line(one, facts, w) for one in arrows(graph, route)))
    yield ""
    if route is not None:
        yield from _heading(3, w("way_reasons"))
        yield from (_item(one) for one in graph.explain(route, lang=w.lang))
    yield ""


def _cases(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("cases"))
    rows = (_case(one, facts, w) for one in reversed(facts.cases))
    yield from _table(w, (w(key) for key in ("case", "opened", "way", "outcome", "state")), rows)
    yield from _heading(3, w("decisions"))
    keys = ("decided_at", "case", "body", "outcome", "voters", "conditions", "state")
    made = (_decision(case, one, facts, w) for case, one in reversed(facts.decisions))
    yield from _table(w, (w(key) for key in keys), made)


def _case(case: Case, facts: Facts, w: Words) -> tuple[str, ...]:
    because = facts.opened_because.get(case.id)
    said = "" if because is None else f" - {w.text(because)}"
    return (
        f"{case.matter.label(w.lang)}: {subject_name(case, facts, w)} [{case.id}]{said}",
        f"{w.instant(case.opened_at)}, {case.opened_by}",
        " → ".join(f"{one.name}: {one.says}" for one in way_of(case, facts, w)),
        (case.status if case.outcome is None else case.outcome).label(w.lang),
        short(case.state_hash),
    )


def _decision(case: Case, decision: Decision, facts: Facts, w: Words) -> tuple[str, ...]:
    reasons = " / ".join(vote_reasons(case, decision.body, facts, w))
    outcome = decision.outcome.label(w.lang)
    return (
        w.instant(decision.at),
        case.id,
        body_name(decision.body, facts, w.lang),
        f"{outcome} - {reasons}" if reasons else outcome,
        ", ".join(decision.voters),
        " / ".join(condition_line(one, w) for one in dict.fromkeys(decision.conditions)) or w("none"),
        short(decision.state_hash),
    )


def _timeline(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("timeline"))
    yield from _paragraph(w("timeline_note"))
    for system in facts.systems:
        yield from _heading(3, f"{system_name(system.state, w)} ({system.state.id})")
        rows = (
            (
                w("round", round=one.round),
                one.stage.label(w.lang),
                w.day(one.started_at) + " – " + ("" if one.ended_at is None else w.day(one.ended_at)),
                cycle_word(one, w),
                *(_phase(phase.set_aside, phase.complete, w) for phase in one.phases),
            )
            for one in system.records
        )
        yield from _table(w, (w("in_round"), w("stage"), w("span"), w("status"), *_phase_names(w)), rows)
        yield from (_item(mark_line(mark, w)) for mark in system.marks)
        yield ""


def _phase_names(w: Words) -> Iterator[str]:
    return (phase.label(w.lang) for phase in Phase)


def _phase(set_aside: bool, complete: bool, w: Words) -> str:
    return w("set_aside") if set_aside else w("complete" if complete else "open")


def _sources(facts: Facts, w: Words) -> Iterator[str]:
    yield from _heading(2, w("sources"))
    rows = ((origin, "; ".join(said), address or w("none")) for origin, address, said in source_rows(facts, w))
    yield from _table(w, (w("origin"), w("what"), w("source")), rows)
