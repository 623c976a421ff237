"""What a decision may know besides the state of its own stream."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from ..assessments import AssessmentMethod
from ..exceptions import InvalidValue
from ..framework import Record
from ..governance import Calendar, Case, CaseStatus, Governance, NamedMethod, Person, Roster
from ..taxonomy import RiskCategory
from ._finding_states import FindingGroup
from ._states import RiskState, SystemState

__all__ = ["Context", "Facts", "KeptText"]


@frozen(kw_only=True)
class KeptText:
    """A text that came with an event and stands beside the log.

    Attributes:
        stream: the stream of its event.
        system: id of the system the stream is about; None where it is about none.
        digest: what the log holds in its place, 64 hexadecimal digits.
        recorded_at: when the store took it, UTC.
        erased: whether it is erased already.
    """

    stream: str
    system: str | None
    digest: str
    recorded_at: dt.datetime
    erased: bool


@frozen(kw_only=True)
class Facts:
    """A snapshot of what the guards of a command read beside their own stream.

    Attributes:
        system: the system the command is about; None if it is not known.
        risks: every risk of that system, by id.
        cases: every case of that system, in order of opening.
        taken: the ids the command would give that name something of another kind already, sorted.
        findings: groups of findings by id: those that a command records more of; for a gate, those of the system that
            wait for a person, and those that wait and belong to no system the register knows.
        known_systems: ids of the systems that the findings of a command name and the register knows.
        text: the text that would be erased; None for any other command.
    """

    system: SystemState | None = None
    risks: Mapping[str, RiskState] = field(factory=dict)
    cases: tuple[Case, ...] = ()
    taken: tuple[str, ...] = ()
    findings: Mapping[str, FindingGroup] = field(factory=dict)
    known_systems: frozenset[str] = frozenset()
    text: KeptText | None = None

    def cases_on(self, subject: str) -> tuple[Case, ...]:
        """Return the cases on a subject, in order of opening."""
        return tuple(case for case in self.cases if case.subject == subject)

    def open_cases_on(self, subject: str) -> tuple[Case, ...]:
        """Return the cases on a subject that are not over, in order of opening."""
        return tuple(case for case in self.cases_on(subject) if case.status is CaseStatus.OPEN)


@frozen(kw_only=True)
class Context:
    """Everything a decision may know: the present, who asks, the governance, and the facts.

    Attributes:
        now: the present instant, UTC.
        by: the principal who asks.
        because: the reason given; None if none was.
        governance: the governance in force.
        governance_digest: its digest.
        roster: who exists and who has which seat.
        roster_digest: its digest.
        calendar: which days are business days.
        methods: the code of a company's own assessment methods.
        proposed_digest: digest of the governance that the command proposes; empty for any other command.
        facts: the snapshot.
        records: the company's policies, procedures and the like on record, every version.
    """

    now: dt.datetime
    by: str
    because: str | None = None
    governance: Governance
    governance_digest: str
    roster: Roster
    roster_digest: str
    calendar: Calendar
    methods: tuple[AssessmentMethod, ...] = ()
    proposed_digest: str = ""
    facts: Facts = field(factory=Facts)
    records: tuple[Record, ...] = ()

    @property
    def person(self) -> Person | None:
        """The person behind the principal, if the roster knows one."""
        return self.roster.person(self.by)

    @property
    def is_second_line(self) -> bool:
        """Whether whoever asks assesses for the second line: its role, in another unit than the system's."""
        person, system = self.person, self.facts.system
        if person is None or system is None:
            return False
        return self.governance.second_line_role in person.roles and person.unit != system.system.unit

    def method_for(self, category: RiskCategory) -> AssessmentMethod:
        """Return the method that assesses a category.

        Raises:
            InvalidValue: the governance names a company's own method whose code was not passed to ``open``.
        """
        entry = self.governance.method_for(category)
        if not isinstance(entry, NamedMethod):
            return entry
        for method in self.methods:
            if (method.id, method.version) == (entry.id, entry.version):
                return method
        rule = f"must include '{entry.id}' version {entry.version}, which the governance names"
        raise InvalidValue("RiskRegister.methods", rule, "pass its code to RiskRegister.open(methods=...)")

    def hands_behind(self, principals: Iterable[str]) -> frozenset[str]:
        """Return the ids of the persons behind principals, and of those who had the name before."""
        names = tuple(principals)
        former = (self.roster.by_former.get(name, frozenset()) for name in names)
        return self.names_behind(names).union(*former)

    def names_behind(self, principals: Iterable[str]) -> frozenset[str]:
        """Return the ids of the persons behind principals; a principal nobody knows stands for itself."""
        return frozenset(
            person.id if (person := self.roster.person(principal)) else principal for principal in principals
        )
