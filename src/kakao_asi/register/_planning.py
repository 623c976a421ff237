"""From a command to what it would change: find its subject, gather the facts, ask the engine."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from attrs import frozen

from .._internal.canonical import Json, digest_of
from ..assessments import AssessmentMethod
from ..exceptions import CommandRefused, GateBlocked, UnknownId
from ..framework import IncidentRecord
from ..governance import Calendar, Case, Matter
from ..lifecycle import (
    GOVERNANCE,
    GOVERNANCE_SUBJECT,
    RISK_MATTERS,
    UNDECLARED,
    Change,
    Command,
    Context,
    Facts,
    LifecycleEngine,
    Refused,
    RiskState,
    StreamKind,
    SystemState,
    reads,
    stage_gate,
    stream,
)
from ..lifecycle import commands as c
from ..serialization import dump, seal
from ..stores import RequestKey
from ._codec import State
from ._finding_facts import facts_of_promotion, facts_of_recording, waiting_for
from ._keeping import facts_of_keeping
from ._reading import StoreReading

__all__ = ["Plan", "Planner", "Request", "known", "stream_of", "subject_of"]

T = TypeVar("T")


@frozen(kw_only=True)
class Request:
    """Who asks for a command, why and when.

    Attributes:
        by: the principal.
        because: the reason, or None.
        at: when it happened, UTC.
        now: when it is asked, UTC.
        key: the idempotency key, or None.
        cause: name of the command.
    """

    by: str
    because: str | None
    at: dt.datetime
    now: dt.datetime
    key: str | None
    cause: str

    def taken_as(self, command: Command) -> RequestKey | None:
        """Return the key a store knows the request by; the same key with another command or principal is refused."""
        if self.key is None:
            return None
        told = _without_words(dump(seal(command, _no_salt)[0], sealed=True))
        digest = digest_of({"by": self.by, "cause": self.cause, "command": told})
        return RequestKey(key=self.key, digest=digest)


def _no_salt() -> bytes:
    return bytes(32)


def _without_words(value: Json) -> Json:
    """Leave private texts out: a receipt is never erased, and a digest of a short text can be guessed."""
    if isinstance(value, list):
        return [_without_words(one) for one in value]
    if isinstance(value, dict):
        return {} if set(value) == {"sealed"} else {name: _without_words(one) for name, one in value.items()}
    return value


@frozen(kw_only=True)
class Plan:
    """What a command would change.

    Attributes:
        stream: the stream whose state is returned.
        state: the state of that stream before; None where it does not exist yet.
        changes: what happens, in order.
    """

    stream: str
    state: State | None
    changes: tuple[Change, ...]


@frozen
class _Subject:
    """What a command is about: its own stream and state, and the system it belongs to."""

    stream: str
    state: State | None
    system: str | None


def subject_of(command: Command) -> str:
    """Return the id a command is about."""
    if isinstance(command, c.Escalate):
        return command.subject
    if isinstance(command, c.ProposeGovernance):
        return GOVERNANCE_SUBJECT
    if isinstance(command, c.Merge):
        return command.into
    if isinstance(command, c.RecordFindings):
        return command.findings[0].fingerprint
    if isinstance(command, c.Erase):
        return f"event-{command.seq}"
    for name in ("hold", "finding", "risk", "system", "case", "body", "person", "record", "spool"):
        value = getattr(command, name, None)
        if value is not None:
            return value if isinstance(value, str) else str(value.id)
    raise AssertionError(type(command).__name__)  # pragma: no cover  # every command names its subject


def stream_of(command: Command) -> str:
    """Return the stream a command moves; a new case has none yet."""
    name = subject_of(command)
    match command:
        case (
            c.AddSystem()
            | c.AdoptSystem()
            | c.Retire()
            | c.Pin()
            | c.NotApplicable()
            | c.Enter()
            | c.RollBack()
            | c.CheckOff()
            | c.Stop()
            | c.Lift()
            | c.Dismiss()
            | c.StateFacts()
            | c.MeetCondition()
            | c.MissSystemCondition()
        ):
            return stream(StreamKind.SYSTEM, name)
        case (
            c.Review()
            | c.Recuse()
            | c.Delegate()
            | c.EndDelegation()
            | c.Acknowledge()
            | c.Rebase()
            | c.Decide()
            | c.WithdrawCase()
            | c.Remind()
            | c.MissDeadline()
            | c.MissAcknowledgement()
        ):
            return stream(StreamKind.CASE, name)
        case c.ChangePerson() | c.ChangeSeat() | c.Record() | c.Erase() | c.LegalHold() | c.EndHold():
            return GOVERNANCE
        case c.RecordFindings() | c.PromoteFinding() | c.LinkFinding() | c.DismissFinding():
            return stream(StreamKind.FINDING, name)
        case c.ImportFindings():
            return stream(StreamKind.SPOOL, name)
        case _:
            return stream(StreamKind.RISK, name)


@frozen(kw_only=True)
class Planner:
    """Asks the engine with the facts a command declares.

    Attributes:
        engine: the engine.
        calendar: which days are business days.
        methods: the code of a company's own assessment methods.
    """

    engine: LifecycleEngine
    calendar: Calendar
    methods: tuple[AssessmentMethod, ...]

    def plan(self, command: Command, request: Request, reading: StoreReading) -> Plan:
        """Return what a command would change.

        Raises:
            CommandRefused: the engine refuses it.
            GateBlocked: it would enter a stage whose gate is shut.
            UnknownId: its subject does not exist.
        """
        subject = _find(command, reading)
        context = self._context(command, request, reading, subject)
        answer = self.engine.decide(subject.state, command, context)
        if isinstance(answer, Refused):
            if isinstance(command, c.Enter) and isinstance(subject.state, SystemState):
                raise GateBlocked(stage_gate(subject.state, command.stage, context))
            raise CommandRefused(answer.refusals)
        opened = subject.stream or answer.changes[0].stream
        return Plan(stream=opened, state=subject.state, changes=answer.changes)

    def _context(self, command: Command, request: Request, reading: StoreReading, subject: _Subject) -> Context:
        governed = reading.governed()
        return Context(
            now=request.now,
            by=request.by,
            because=request.because,
            governance=governed.state.governance,
            governance_digest=governed.state.digest,
            roster=governed.state.roster,
            roster_digest=governed.roster_digest,
            calendar=self.calendar,
            methods=self.methods,
            proposed_digest=_proposed(command),
            facts=_facts(command, reading, subject),
            records=governed.state.records,
        )


def _proposed(command: Command) -> str:
    return digest_of(dump(command.governance)) if isinstance(command, c.ProposeGovernance) else ""


def _facts(command: Command, reading: StoreReading, subject: _Subject) -> Facts:
    if isinstance(command, c.Erase | c.LegalHold):
        return facts_of_keeping(command, reading)
    declared = reads(command)
    if isinstance(command, c.RecordFindings | c.ImportFindings):
        return facts_of_recording(command, reading)
    if isinstance(command, c.PromoteFinding | c.LinkFinding):
        return facts_of_promotion(command, reading)
    if subject.system is None and not isinstance(command, c.Record):
        return Facts(taken=_taken(command, reading))
    if subject.system is None or _on_governance(command, subject):
        # Nothing keeps a company from calling a system 'governance'; its cases are none of these.
        cases = reading.all_cases(GOVERNANCE_SUBJECT)
        return Facts(
            system=_system_with_incident(command, reading),
            cases=tuple(case for case in cases if case.matter is Matter.GOVERNANCE),
        )
    return Facts(
        system=reading.system(subject.system),
        risks=reading.all_risks(subject.system) if "risks" in declared else UNDECLARED,
        cases=reading.all_cases(subject.system) if "cases" in declared else (),
        taken=_taken(command, reading),
        findings=waiting_for(subject.system, reading) if "findings" in declared else {},
    )


def _taken(command: Command, reading: StoreReading) -> tuple[str, ...]:
    """Return the ids a command would give that name something of another kind; what was read is noted."""
    if isinstance(command, c.AddSystem | c.AdoptSystem):
        name = command.system.id
        return (name,) if reading.risk(name) or reading.case(name) else ()
    given = [command.risk.id] if isinstance(command, c.Identify) else []
    given += [part.id for part in command.parts] if isinstance(command, c.Split) else []
    return tuple(sorted(name for name in given if reading.system(name) or reading.case(name)))


def _system_with_incident(command: Command, reading: StoreReading) -> SystemState | None:
    if isinstance(command, c.Record) and isinstance(command.record, IncidentRecord):
        return reading.system(command.record.system)
    return None


def _on_governance(command: Command, subject: _Subject) -> bool:
    if isinstance(command, c.ProposeGovernance):
        return True
    return isinstance(subject.state, Case) and subject.state.matter is Matter.GOVERNANCE


def _find(command: Command, reading: StoreReading) -> _Subject:
    """Return the subject of a command.

    Raises:
        UnknownId: a command that needs a subject names one that does not exist.
    """
    if isinstance(command, c.Escalate):
        return _Subject("", None, _system_behind(command, reading))
    if isinstance(command, c.ProposeGovernance):
        return _Subject("", None, GOVERNANCE_SUBJECT)
    name = stream_of(command)
    if isinstance(command, c.RecordFindings):
        # Findings of several groups come together; the command moves none of them more than the others.
        return _Subject("", None, None)
    state = reading.state(name)
    if state is None and not isinstance(command, c.Identify | c.AddSystem | c.AdoptSystem | c.ImportFindings):
        raise UnknownId(name.partition(":")[0], subject_of(command))
    return _Subject(name, state, _system_of(command, state))


def _system_of(command: Command, state: State | None) -> str | None:
    if isinstance(command, c.Identify):
        return command.risk.system
    if isinstance(state, RiskState):
        return state.risk.system
    if isinstance(state, Case):
        return state.system
    return state.id if isinstance(state, SystemState) else None


def _system_behind(command: c.Escalate, reading: StoreReading) -> str:
    if command.matter in RISK_MATTERS:
        return known(reading.risk(command.subject), "risk", command.subject).risk.system
    return known(reading.system(command.subject), "system", command.subject).id


def known(value: T | None, kind: str, id: str) -> T:  # the word the whole library uses
    """Return a value that has to exist.

    Raises:
        UnknownId: it does not.
    """
    if value is None:
        raise UnknownId(kind, id)
    return value
