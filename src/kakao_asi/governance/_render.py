"""A graph for people: Mermaid, DOT and plain text. All labels are escaped in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen

from .._internal.words import Lang, Origin
from ._bodies import START, GovernanceBody
from ._dimensions import Matter
from ._edges import Edge, EdgeKind, Withheld
from ._routing import Route, Step
from ._terms import Term
from ._when import When, listed, words_of

__all__ = ["Drawing", "escaped", "explained", "origin_label"]

_PLAIN: Final = frozenset(" .,-:()→·")
_LONGEST_LABEL: Final = 120
_OURS: Final = "†"
"""Marks a library default in an explanation, so that the words stand there once."""

_START: Final = {"ko": "안건을 올리는 팀", "en": "Team that brings the case"}


def escaped(text: str, *, entity: str) -> str:
    """Return text of which only letters, digits and a few plain signs stand as they are; the rest become entities.

    Args:
        text: any text; cut after 120 characters.
        entity: what introduces a numeric entity: ``#`` in Mermaid, ``&#`` in DOT.
    """
    short = text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
    return "".join(one if one.isalnum() or one in _PLAIN else f"{entity}{ord(one)};" for one in short)


def origin_label(origin: Origin | None, lang: Lang) -> str:
    """Say whose rule it is; None is the organisation's own."""
    if origin is not None:
        return origin.label(lang)
    return "조직 자체 규칙" if lang == "ko" else "the organisation's own rule"


@frozen
class Drawing:
    """What is drawn: a graph, in one language, perhaps with one route and the place where a case stands.

    Attributes:
        bodies: the bodies, in order.
        edges: the edges, in order.
        withheld: the withheld rows, in order.
        route: the route to stress; None: none.
        at: id of the body where a case stands; None: nowhere.
        lang: the language of all labels.
    """

    bodies: tuple[GovernanceBody, ...]
    edges: tuple[Edge, ...]
    withheld: tuple[Withheld, ...]
    route: Route | None
    at: str | None
    lang: Lang

    def mermaid(self) -> str:
        """Return a Mermaid flow chart: one node per body and START, one arrow per pair and kind."""
        names = self._names()
        lines = ["flowchart TD"]
        for place, name in names.items():
            opening, closing = ('(["', '"])') if place == START else ('["', '"]')
            lines.append(f"    {name}{opening}{escaped(self._label(place), entity='#')}{closing}")
        for (source, target, kind), edges in self._arrows().items():
            label = escaped(self._arrow_label(kind, edges), entity="#")
            lines.append(f'    {names[source]} {self._mermaid_arrow(kind, edges)}|"{label}"| {names[target]}')
        if self.at is not None:
            lines += ["    classDef here stroke-width:4px", f"    class {names[self.at]} here"]
        return "\n".join(lines) + "\n"

    def dot(self) -> str:
        """Return a Graphviz digraph: one node per body and START, one arrow per pair and kind."""
        names = self._names()
        lines = ["digraph governance {", "    node [shape=box]"]
        for place, name in names.items():
            shape = ", shape=oval" if place == START else ""
            here = ", penwidth=4" if place == self.at else ""
            lines.append(f'    {name} [label="{escaped(self._label(place), entity="&#")}"{shape}{here}]')
        for (source, target, kind), edges in self._arrows().items():
            style = "solid" if kind in (EdgeKind.ESCALATE, EdgeKind.SIGN) else "dashed"
            style = "bold" if self._on_route(edges) else style
            label = escaped(self._arrow_label(kind, edges), entity="&#")
            lines.append(f'    {names[source]} -> {names[target]} [label="{label}", style={style}]')
        return "\n".join([*lines, "}"]) + "\n"

    def text(self) -> str:
        """Return plain text: bodies from the top down, every edge with condition, deadline and origin."""
        lines = []
        for body in sorted(self.bodies, key=lambda one: (-one.tier, one.id)):
            lines.append(self._body_line(body))
            lines += [f"    {self._edge_line(edge)}" for edge in self.edges if edge.source == body.id]
        lines.append(_START[self.lang])
        lines += [f"    {self._edge_line(edge)}" for edge in self.edges if edge.source == START]
        lines += [f"    {_withheld_line(row, self.lang)}" for row in self.withheld]
        return "\n".join(lines) + "\n"

    def _names(self) -> dict[str, str]:
        return {place: f"n{number}" for number, place in enumerate([START, *(one.id for one in self.bodies)], 1)}

    def _label(self, place: str) -> str:
        labels = {body.id: body.label(self.lang) for body in self.bodies}
        here = ("현재 위치" if self.lang == "ko" else "the case is here") if place == self.at else ""
        label = labels.get(place, _START[self.lang])
        return f"{label} ({here})" if here else label

    def _arrows(self) -> dict[tuple[str, str, EdgeKind], list[Edge]]:
        arrows: dict[tuple[str, str, EdgeKind], list[Edge]] = {}
        for edge in self.edges:
            arrows.setdefault((edge.source, edge.target, edge.kind), []).append(edge)
        return arrows

    def _arrow_label(self, kind: EdgeKind, edges: Sequence[Edge]) -> str:
        named = [frozenset(Matter) if edge.when.matter is None else edge.when.matter for edge in edges]
        taken = frozenset[Matter]().union(*named)
        words = When().label(self.lang) if len(taken) == len(Matter) else listed(taken, Matter, self.lang)
        return f"{kind.label(self.lang)}: {words}"

    def _on_route(self, edges: Sequence[Edge]) -> bool:
        if self.route is None:
            return False
        taken = [step.edge for step in (*self.route.steps, *self.route.consulted, *self.route.informed)]
        return any(edge in taken for edge in edges)

    def _mermaid_arrow(self, kind: EdgeKind, edges: Sequence[Edge]) -> str:
        if self._on_route(edges):
            return "==>"
        return "-->" if kind in (EdgeKind.ESCALATE, EdgeKind.SIGN) else "-.->"

    def _body_line(self, body: GovernanceBody) -> str:
        mark = "> " if body.id == self.at else ""
        quorum = f"{body.quorum.votes}/{body.seats}"
        tier, votes = ("단계", "의결 정족수/좌석") if self.lang == "ko" else ("tier", "quorum/seats")
        return f"{mark}{body.label(self.lang)} [{body.id}] {tier} {body.tier}, {votes} {quorum}"

    def _edge_line(self, edge: Edge) -> str:
        mark = "* " if self._on_route([edge]) else ""
        due = f"; {_deadline(edge.within, self.lang)}" if edge.within else ""
        origin = origin_label(edge.origin, self.lang)
        when = edge.when.label(self.lang)
        return f"{mark}{edge.kind.label(self.lang)} {edge.target} ({when}){due} [{origin}]"


def _deadline(term: Term, lang: Lang) -> str:
    within, origin = term.label(lang), origin_label(term.origin, lang)
    return f"기한 {within} ({origin})" if lang == "ko" else f"within {within} ({origin})"


def _withheld_line(row: Withheld, lang: Lang) -> str:
    if lang == "ko":
        what = "안건 불필요" if row.needless else "승인 불가"
    else:
        what = "No case needed" if row.needless else "No case possible"
    address = f" {row.source_url}" if row.source_url else ""
    return f"{what} ({row.when.label(lang)}): {row.why(lang)} [{origin_label(row.origin, lang)}{address}]"


def explained(route: Route, bodies: Mapping[str, GovernanceBody], lang: Lang) -> tuple[str, ...]:
    """Say a route in words, one line per step: who, what matched, why, by when, whose rule.

    What is a library default bears a mark, and one last line says what the mark means.
    """
    head = (
        f"안건 유형 - {words_of(route.cell, 'ko')}" if lang == "ko" else f"Kind of case - {words_of(route.cell, 'en')}"
    )
    if route.withheld is not None:
        return head, _withheld_line(route.withheld, lang)
    steps = [f"{number}. {_step_line(step, bodies[step.body], lang)}" for number, step in enumerate(route.steps, 1)]
    sides = [f"- {_step_line(step, bodies[step.body], lang)}" for step in (*route.consulted, *route.informed)]
    lines = (head, *steps, *sides)
    marked = any(_OURS in line for line in lines)
    return (*lines, f"{_OURS} {Origin.OURS.label(lang)}") if marked else lines


def _sign(origin: Origin | None, edge: Edge, lang: Lang) -> str:
    """Mark a library default; of any other rule say whose it is only where the edge's own is somebody else's."""
    if origin is Origin.OURS:
        return _OURS
    return "" if origin is edge.origin else f" ({origin_label(origin, lang)})"


def _step_line(step: Step, body: GovernanceBody, lang: Lang) -> str:
    edge = step.edge
    korean = lang == "ko"
    parts = [body.label(lang) + _part(edge, body, lang)]
    parts.append(f"해당 조건: {edge.when.label(lang)}" if korean else f"matched: {edge.when.label(lang)}")
    why = edge.why(lang)
    if why is not None:
        parts.append(f"이유: {why}" if korean else f"why: {why}")
    parts.append(_term(edge, lang))
    address = f" {edge.source_url}" if edge.source_url else ""
    own = ("라이브러리" if korean else "this library") + _OURS
    whose = own if edge.origin is Origin.OURS else origin_label(edge.origin, lang)
    parts.append(f"{'근거' if korean else 'whose rule'}: {whose}{address}")
    return " | ".join(parts)


def _term(edge: Edge, lang: Lang) -> str:
    if edge.within is None:
        return "기한 없음" if lang == "ko" else "no deadline"
    term, sign = edge.within.label(lang), _sign(edge.within.origin, edge, lang)
    return f"기한 {term}{sign}" if lang == "ko" else f"within {term}{sign}"


def _part(edge: Edge, body: GovernanceBody, lang: Lang) -> str:
    kind = edge.kind
    if kind is EdgeKind.CONSULT:
        return " 의견 조회" if lang == "ko" else " is asked for an opinion"
    if kind is EdgeKind.INFORM:
        return " 통보" if lang == "ko" else " is told"
    votes, sign = body.quorum.votes, _sign(body.quorum.origin, edge, lang)
    verb = (
        ("결재" if kind is EdgeKind.SIGN else "승인")
        if lang == "ko"
        else "signs"
        if kind is EdgeKind.SIGN
        else "approves"
    )
    if lang == "ko":
        return f" {verb}, 의결 정족수 {votes}명{sign}"
    return f" {verb}, quorum {votes}{sign}"
