"""What a new data set or base model means for risks that were assessed on the one before."""

from __future__ import annotations

from collections.abc import Iterator

from .._internal.text import is_id
from ..evidence import Evidence, EvidenceKind
from ..lifecycle import ReopenCode, RiskState, RiskStatus
from ..register import Questions, RiskRegister
from ._provenance import BASE_MODEL, Citation
from ._run import Run

__all__ = ["citations", "open_reviews", "stale"]

_CITED = frozenset({EvidenceKind.DATA_SET, EvidenceKind.MODEL})


def citations(register: Questions, system: str) -> tuple[Citation, ...]:
    """Return which risks of a system rest on which data sets and base models, by risk, name and digest.

    A risk rests on what the evidence of its standing assessments names: for a data set its ``place`` is the name, as
    ``Run.evidence`` writes it. Evidence whose place was erased, or is no name, is told by nothing.

    Args:
        register: a register, or a view of it.
        system: id of the system.

    Raises:
        UnknownId: there is no such system.
    """
    register.system(system)
    found = {
        (risk.id, name, digest): Citation(risk=risk.id, name=name, digest=digest)
        for risk in risks_of(register, system)
        for name, digest in _named(risk)
    }
    return tuple(found[key] for key in sorted(found))


def stale(register: Questions, run: Run, *, system: str) -> tuple[Citation, ...]:
    """Return the citations that a run makes stale: of a data set, or base model, that it uses in another state.

    Args:
        register: a register, or a view of it.
        run: what the run rests on.
        system: id of the system.

    Raises:
        UnknownId: there is no such system.
    """
    now = dict(run.data) | ({} if run.base_model is None else {BASE_MODEL: run.base_model})
    return tuple(one for one in citations(register, system) if now.get(one.name, one.digest) != one.digest)


def open_reviews(register: RiskRegister, run: Run, *, system: str, by: str) -> tuple[RiskState, ...]:
    """Start the next cycle of each risk that a run makes stale; their assessments stay readable and stand no more.

    Each such risk counts as unassessed from then on, which shuts the gates of stages, until it is assessed on the new
    state. A second call with the same run does nothing.

    Args:
        register: the register.
        run: what the run rests on.
        system: id of the system.
        by: the principal who acts.

    Returns:
        The new states of the risks, by id.

    Raises:
        UnknownId: there is no such system.
        CommandRefused: ``by`` may not do it.
    """
    found = stale(register, run, system=system)
    by_data = {one.risk for one in found if one.name != BASE_MODEL}
    return tuple(
        register.reopen(
            risk,
            ReopenCode.DATA_REFRESH if risk in by_data else ReopenCode.NEW_VERSION,
            by=by,
            because=", ".join(f"{one.name}: {one.digest}" for one in found if one.risk == risk),
        )
        for risk in sorted({one.risk for one in found})
    )


def risks_of(register: Questions, system: str) -> Iterator[RiskState]:
    """Iterate over the risks of a system, open or not, by id."""
    after = None
    while True:
        page = register.risks(system=system, after=after)
        yield from page.items
        if page.next is None:
            return
        after = page.next


def _named(risk: RiskState) -> Iterator[tuple[str, str]]:
    if risk.status is RiskStatus.IDENTIFIED or risk.succeeded_by:
        return
    # Of each kind and line the latest stands, so an older one on old data makes nothing stale.
    standing = {(one.kind, one.line): one for one in risk.assessments if not one.withdrawn}
    for assessment in standing.values():
        for one in assessment.evidence:
            if one.kind in _CITED and _is_source(one):
                yield one.place or "", one.digest


def _is_source(one: Evidence) -> bool:
    """Tell whether evidence names what a run starts from: a data set by its name, or the base model."""
    if one.kind is EvidenceKind.MODEL:
        return one.place == BASE_MODEL
    return one.place is not None and is_id(one.place)
