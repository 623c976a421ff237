"""Questions on the content: what helps, what could go wrong, what covers what, which clocks run, what is on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from attrs import frozen

from .. import catalog
from .._internal.clock import KST
from ..exceptions import UnknownId
from ..framework import (
    Advice,
    Dismissal,
    DueClock,
    FrameworkFinding,
    Guidance,
    GuidanceAudience,
    Incident,
    IncidentRecord,
    Mapping,
    Record,
    Reference,
    RunningIncident,
    Screened,
    StageEvidence,
    latest_review,
    latest_versions,
    record_findings,
    running,
)
from ..governance import Calendar, GateResult
from ..lifecycle import RiskState, SystemState, fitting_candidates, is_open, waiting_groups
from ..stages import Stage
from ._content import Covered, covered_entries, covered_pledge, covered_principles
from ._finding_facts import waiting_for
from ._indicators import Indicator, indicators
from ._reading import Reading
from ._records import Entry, Screening
from ._reviewing import ReviewDue, Watched, due_reviews

__all__ = ["Disproved", "FrameworkQuestions"]

_PAGE = 500


@frozen(kw_only=True)
class Disproved:
    """A dismissal that a later risk proved wrong.

    Attributes:
        system: id of the system.
        dismissal: the dismissal.
        risks: ids of the risks of the same category and label that were identified after it, sorted.
    """

    system: str
    dismissal: Dismissal
    risks: tuple[str, ...]


class FrameworkQuestions:
    """The questions on the framework; part of ``Questions``."""

    def _source(self) -> Reading:
        raise NotImplementedError  # pragma: no cover  # the register or a view does it

    def _now(self) -> dt.datetime:
        raise NotImplementedError  # pragma: no cover  # the register or a view does it

    def _calendar(self) -> Calendar:
        raise NotImplementedError  # pragma: no cover  # the register or a view does it

    def content(self) -> catalog.Content:
        """Return the content that questions are answered from: as shipped, or a company's own given at opening.

        Guidance and screening of the governance stand before it.
        """
        raise NotImplementedError  # pragma: no cover  # the register or a view does it

    def _today(self) -> dt.date:
        return self._now().astimezone(KST).date()

    def _system(self, id: str) -> SystemState:  # the word the whole library uses
        found = self._source().system(id)
        if found is None:
            raise UnknownId("system", id)
        return found

    def _every_system(self) -> tuple[SystemState, ...]:
        found: list[SystemState] = []
        after: str | None = None
        while True:
            page = self._source().systems(after=after, limit=_PAGE)
            found += page.items
            after = page.next
            if after is None:
                return tuple(found)

    def _every_risk(self, system: str | None = None) -> tuple[RiskState, ...]:
        found: list[RiskState] = []
        after: str | None = None
        while True:
            page = self._source().risks(system=system, open=None, now="", after=after, limit=_PAGE)
            found += page.items
            after = page.next
            if after is None:
                return tuple(found)

    # --- guidance ----------------------------------------------------------------------------------------------------

    def guidance(
        self, system: str, stage: Stage | str | None = None, *, audience: GuidanceAudience | str | None = None
    ) -> tuple[Guidance, ...]:
        """Return what the principles ask for at a stage; those that open risks touch come first.

        Args:
            system: id of the system.
            stage: the stage; None asks about the present one.
            audience: only rows for developers or for users; None for both.

        Raises:
            UnknownId: there is no such system.
        """
        state = self._system(system)
        wanted = state.stage if stage is None else Stage(stage)
        heard = None if audience is None else GuidanceAudience(audience)
        now = self._now()
        touched = {one for risk in self._every_risk(system) if is_open(risk, now) for one in risk.risk.principles}
        rows = [row for row in self._guidance_rows() if row.stage is wanted and heard in {None, row.audience}]
        return tuple(sorted(rows, key=lambda row: (row.principle not in touched, row.id)))

    def _guidance_rows(self) -> tuple[Guidance, ...]:
        return self._source().governed().state.governance.guidance or self.content().guidance

    def advice(self, result: GateResult) -> tuple[Advice, ...]:
        """Return the guidance that helps with each blocker of a gate, in the order of the blockers.

        Rows of the gate's stage and the risk's principles come first, then rows of those principles at other stages; a
        blocker about no risk has the rows of its code (``catalog.advice``), else developers' rows of the stage.

        Args:
            result: the answer of a gate, for example ``error.result`` of ``GateBlocked``.
        """
        stage = result.stage or self._system(result.system).stage
        developers = [row for row in self._guidance_rows() if row.audience is GuidanceAudience.DEVELOPER]
        by_code = {row.id: row.guidance for row in self.content().advice}
        found = []
        for blocker in result.blockers:
            risk = self._source().risk(blocker.subject)
            touched = frozenset[str]() if risk is None else risk.risk.principles
            rows = sorted(
                (row for row in developers if row.principle in touched), key=lambda row: row.stage is not stage
            )
            if not rows:
                named = by_code.get(blocker.code.id, ())
                rows = sorted((row for row in developers if row.id in named), key=lambda row: named.index(row.id))
            rows = rows or [row for row in developers if row.stage is stage] or list(self._guidance_rows())
            found.append(Advice(code=blocker.code.id, subject=blocker.subject, guidance=tuple(rows)))
        return tuple(found)

    # --- screening ---------------------------------------------------------------------------------------------------

    def screen(self, system: str, stage: Stage | str | None = None) -> Screening:
        """Return what could go wrong at a stage: candidates that fit the system and that no risk of it answers.

        Beside them stand the groups of findings in the system that wait for a person, whatever the stage.

        Those of the governance; a governance that screens for nothing is answered from the shipped catalogue, as a
        proposal that no gate waits for. Dismissed ones are in the answer with their dismissal.

        Args:
            system: id of the system.
            stage: the stage; None asks about the present one.

        Raises:
            UnknownId: there is no such system.
        """
        state = self._system(system)
        wanted = state.stage if stage is None else Stage(stage)
        rows = self._source().governed().state.governance.screening or self.content().screening
        here = (one for one in rows if one.stage is wanted)
        candidates = tuple(
            Screened(
                candidate=one,
                assumed=one.assumed(state.system),
                dismissal=next((done for done in state.dismissed if done.answers(one, state.round)), None),
            )
            for one in fitting_candidates(state, self._every_risk(system), here)
        )
        findings = waiting_groups(state, waiting_for(system, self._source()).values())
        return Screening(candidates=candidates, findings=findings)

    def disproved(self, system: str | None = None) -> tuple[Disproved, ...]:
        """Return the dismissals that a later risk of the same category and label proved wrong, in order.

        Args:
            system: only those of this system; None for all.
        """
        rows = {one.id: one for one in self._source().governed().state.governance.screening}
        found = []
        for state in self._every_system() if system is None else (self._system(system),):
            risks = self._every_risk(state.id) if state.dismissed else ()
            for dismissal in state.dismissed:
                row = rows.get(dismissal.candidate)
                later = [
                    risk.id
                    for risk in risks
                    if row is not None
                    and (risk.risk.category, risk.risk.label) == (row.category, row.label)
                    and risk.identified_at > dismissal.at
                ]
                if later:
                    found.append(Disproved(system=state.id, dismissal=dismissal, risks=tuple(sorted(later))))
        return tuple(found)

    # --- coverage and law --------------------------------------------------------------------------------------------

    def coverage(self, scheme: str = "kakao.principles") -> tuple[Covered, ...]:
        """Return item by item which risks, which evidence and which gaps there are; no percentage.

        Args:
            scheme: ``kakao.principles`` for the principles of the governance, ``sabp`` for the Seoul AI Business
                Pledge (self-reported), or the id of a scheme of ``catalog.schemes()``, item by item as mapped.

        Raises:
            UnknownId: there is no such scheme.
        """
        governed = self._source().governed().state
        risks = self._every_risk()
        if scheme == "kakao.principles":
            return covered_principles(governed.governance.principles, risks, self._now())
        if scheme == "sabp":
            return covered_pledge(self.content().pledge, governed, self._every_system(), risks, self._now())
        return covered_entries(self.content().coverage(scheme), risks, self._now())

    def crosswalk(
        self, id: str, *, scheme: str | None = None
    ) -> tuple[Mapping, ...]:  # the word the whole library uses
        """Return how a risk's category, or an entry of another scheme, is mapped.

        Args:
            id: id of a risk, or ``scheme:id`` of an entry.
            scheme: only mappings into this scheme; None for all.

        Raises:
            InvalidValue: it is no risk and names no scheme.
        """
        risk = self._source().risk(id)
        wanted = id if risk is None else str(Reference("asi.categories", risk.risk.category.id))
        rows = (*self.content().crosswalk, *self.content().links)
        return tuple(row for row in catalog.mappings_of(wanted, rows) if scheme in {None, row.scheme})

    def clocks(self, incident: Incident, system: str) -> tuple[DueClock, ...]:
        """Return the law clocks an incident sets off, the earliest first; see ``catalog.clocks``. No legal advice.

        Args:
            incident: what is known about it.
            system: id of the system; what is stated about it counts, what is not counts as true.

        Raises:
            UnknownId: there is no such system.
        """
        rows = self.content().clocks
        return catalog.clocks(incident, self._system(system).system, calendar=self._calendar(), rows=rows)

    def incidents(self, *, open: bool | None = None) -> tuple[RunningIncident, ...]:
        """Return the incidents on record with the law clocks they set off and how each stands, the latest first.

        No legal advice.

        Args:
            open: True for those that are not resolved, run or missed a duty, or want a closed post-mortem; False for
                the rest; None for all.
        """
        records = latest_versions(self._source().governed().state.records, IncidentRecord)
        found = [self._running(one) for one in sorted(records, key=lambda one: (one.facts.aware_at, one.id))]
        return tuple(one for one in reversed(found) if open in {None, one.open})

    def _running(self, record: IncidentRecord) -> RunningIncident:
        return running(record, self.clocks(record.facts, record.system), self._now())

    def duties(self, system: str) -> tuple[DueClock, ...]:
        """Return the standing duties of a system today; see ``catalog.duties``. No legal advice.

        Raises:
            UnknownId: there is no such system.
        """
        return catalog.duties(self._system(system).system, on=self._today(), rows=self.content().clocks)

    # --- records -----------------------------------------------------------------------------------------------------

    def records(self, *, every_version: bool = False) -> tuple[Record, ...]:
        """Return the policies, procedures and the like on record, the latest version of each in the order recorded.

        Args:
            every_version: all versions, in the order recorded.
        """
        records = self._source().governed().state.records
        if every_version:
            return records
        newest = {
            (type(one), one.id, one.version)
            for kind in {type(one) for one in records}
            for one in latest_versions(records, kind)
        }
        return tuple(one for one in records if (type(one), one.id, one.version) in newest)

    def framework_findings(self) -> tuple[FrameworkFinding, ...]:
        """Return what the records lack today: like staffing, it is shown and keeps nobody from working."""
        governed = self._source().governed().state
        now = self._now()
        return record_findings(
            governed.records,
            today=self._today(),
            owners={risk.risk.owner for risk in self._every_risk() if is_open(risk, now)},
            roles={role for person in governed.roster.people for role in person.roles},
            systems=[self._shown(state) for state in self._every_system()],
        )

    def _shown(self, state: SystemState) -> StageEvidence:
        left = [
            (one.at, one.evidence)
            for risk in self._every_risk(state.id)
            for one in (*risk.assessments, *(done.verification for done in risk.responses))
            if one is not None
        ]
        kinds = {piece.kind for at, evidence in left if at >= state.entered_at for piece in evidence}
        return StageEvidence(
            system=state.system,
            stage=state.stage,
            entered_on=state.entered_at.astimezone(KST).date(),
            kinds=frozenset(kinds),
        )

    def reviews_due(self) -> tuple[ReviewDue, ...]:
        """Return why the framework is to be reviewed and by when, the earliest first.

        The next one as planned, and early within 30 days of an incident graded HIGH, an override, a row of
        law that started for a system here, an indicator red twice in a row, or five dismissals proved wrong (our
        choice). What a later review has seen counts no more.
        """
        proved = [
            (min(self._source_risk(risk).identified_at for risk in one.risks), one.dismissal.candidate)
            for one in self.disproved()
        ]
        latest = latest_review(self._source().governed().state.records)
        seen = Watched(systems=self._every_system(), disproved=tuple(proved), clocks=self.content().clocks)
        return due_reviews(self._every_recorded(), latest, seen, self._now())

    def _source_risk(self, id: str) -> RiskState:
        found = self._source().risk(id)
        if found is None:  # pragma: no cover  # asked of risks that were just read
            raise UnknownId("risk", id)
        return found

    def kris(self, *, at: dt.datetime | None = None) -> tuple[Indicator, ...]:
        """Return the key risk indicators from events alone; what is missing says why, and is never 0.

        Args:
            at: the instant they are as of; what was recorded at or after it does not count. None: everything recorded.
        """
        end = self._now() + dt.timedelta(microseconds=1) if at is None else at
        return indicators(self._every_recorded(), at=end)

    def kri_history(self, ends: Iterable[dt.datetime]) -> tuple[tuple[Indicator, ...], ...]:
        """Return the indicators as of several instants, in their order; the log is read once."""
        entries = tuple(self._every_recorded())
        return tuple(indicators(entries, at=one) for one in ends)

    def _every_recorded(self) -> Iterator[Entry]:
        after = -1
        while page := self._source().entries(after=after, limit=_PAGE, stream=None):
            yield from page
            after = page[-1].seq
