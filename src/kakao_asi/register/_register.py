"""The register: the one mutable object most users hold."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .. import catalog
from .._internal.canonical import digest_of
from .._internal.clock import Clock, utc_now
from .._internal.fields import as_nfc
from .._internal.ids import IdSource, uuid7
from .._internal.text import ID_RULE, faults_of_text, is_id
from ..assessments import AssessmentMethod
from ..exceptions import (
    CommandRefused,
    GateBlocked,
    GovernanceDiffers,
    IntegrityError,
    InvalidValue,
    StoreUnavailable,
    UnknownId,
    VersionConflict,
)
from ..governance import Calendar, Code, Governance, Refusal, Roster, WeekdayCalendar
from ..lifecycle import (
    GOVERNANCE,
    Change,
    Command,
    LifecycleEngine,
    Stamp,
    StreamKind,
    apply,
)
from ..lifecycle import commands as c
from ..lifecycle import events as e
from ..serialization import dump
from ..stores import AuditReport, RequestKey, Store, audit, issue_checkpoint, parse_checkpoint
from ._codec import State, draft_of, row_of, sealed_event
from ._delivery import Delivery
from ._planning import Planner, Request, stream_of, subject_of
from ._questions import Questions, RegisterView
from ._reading import FoldedReading, StateCache, StoreReading
from ._records import Entry, Permission
from ._verbs import Verbs

if TYPE_CHECKING:
    from ._aio import AsyncRegister

__all__ = ["RiskRegister"]

_ATTEMPTS = 5
_LONGEST_REASON = 4_000
_PAGE = 1_000
_HOST = "host"
_SALT_BYTES = 32


class RiskRegister(Verbs, Questions):
    """The register of AI risks: what happened is appended to its log, what is true follows from it.

    Lives as long as its store is open; a context manager that closes it. Safe between threads, not shared over fork:
    each process opens its own. ``RiskRegister.open(path)`` keeps it in one SQLite file, ``RiskRegister.on(store)`` in
    any store.
    """

    def __init__(  # what a host may inject
        self,
        store: Store,
        *,
        clock: Clock,
        ids: IdSource,
        observers: Iterable[Callable[[Entry], object]],
        calendar: Calendar,
        authorize: Callable[[str, Command], bool] | None,
        methods: Iterable[AssessmentMethod],
        read_only: bool,
    ) -> None:
        """Use :meth:`open` or :meth:`on` instead."""
        self._store = store
        self._clock = clock
        self._ids = ids
        self._authorize = authorize
        self._read_only = read_only
        self._engine = LifecycleEngine()
        self._planner = Planner(engine=self._engine, calendar=calendar, methods=tuple(methods))
        self._states = StateCache()
        self._delivery = Delivery(store, observers)

    # --- opening and closing -----------------------------------------------------------------------------------------

    @classmethod
    def open(  # what a host may inject
        cls,
        path: str | Path,
        *,
        governance: Governance | None = None,
        roster: Roster | None = None,
        clock: Clock = utc_now,
        ids: IdSource = uuid7,
        observers: Iterable[Callable[[Entry], object]] = (),
        calendar: Calendar | None = None,
        authorize: Callable[[str, Command], bool] | None = None,
        methods: Iterable[AssessmentMethod] = (),
        read_only: bool = False,
        expect: str | None = None,
    ) -> Self:
        """Open the register in a SQLite file, or start one there.

        Args:
            path: the file. A new one is readable and writable by its owner only.
            governance: for a new register, what governs it; by default ``catalog.kakao_governance()``. For an existing
                one it must be the one in force.
            roster: who exists and who has which seat. What differs in an existing register is recorded as events.
            clock: where time comes from.
            ids: where event ids come from.
            observers: called with every entry after it was committed, in the thread that committed it.
            calendar: which days are business days; Monday to Friday by default.
            authorize: may refuse any (principal, command) by returning False; without it, who acts is only asserted.
            methods: the code of a company's own assessment methods that the governance names.
            read_only: refuse every change.
            expect: a checkpoint held elsewhere; a log that does not contain it is refused.

        Raises:
            GovernanceDiffers: another governance is in force.
            IntegrityError: the log does not contain the checkpoint expected.
            StoreError: the file cannot be used.
        """
        from ..stores import SQLiteStore

        store = SQLiteStore(path, clock=clock, read_only=read_only)
        try:
            return cls.on(
                store,
                governance=governance,
                roster=roster,
                clock=clock,
                ids=ids,
                observers=observers,
                calendar=calendar,
                authorize=authorize,
                methods=methods,
                read_only=read_only,
                expect=expect,
            )
        except BaseException:
            store.close()
            raise

    @classmethod
    def on(  # what a host may inject
        cls,
        store: Store,
        *,
        governance: Governance | None = None,
        roster: Roster | None = None,
        clock: Clock = utc_now,
        ids: IdSource = uuid7,
        observers: Iterable[Callable[[Entry], object]] = (),
        calendar: Calendar | None = None,
        authorize: Callable[[str, Command], bool] | None = None,
        methods: Iterable[AssessmentMethod] = (),
        read_only: bool = False,
        expect: str | None = None,
    ) -> Self:
        """Open the register in any store; arguments as in :meth:`open`."""
        register = cls(
            store,
            clock=clock,
            ids=ids,
            observers=observers,
            calendar=calendar if calendar is not None else WeekdayCalendar(),
            authorize=authorize,
            methods=methods,
            read_only=read_only,
        )
        if expect is not None and not audit(store, expect).sound:
            message = "the log does not contain the checkpoint expected; run audit(checkpoint) to see what differs"
            raise IntegrityError(message)
        register._begin(governance, roster)
        return register

    def _begin(self, governance: Governance | None, roster: Roster | None) -> None:
        if self._adopt(governance, roster):
            return
        adopted = self.governance_digest()
        if governance is not None and (passed := digest_of(dump(governance))) != adopted:
            raise GovernanceDiffers(adopted, passed)
        if roster is not None and not self._read_only:
            for command in _roster_changes(self.roster(), roster):
                self.submit(command, by=_HOST)

    def _adopt(self, governance: Governance | None, roster: Roster | None) -> bool:
        """Write the first event of a new register; tell whether it was new."""
        if StoreReading(self._store, self._states).has_governance():
            return False
        if self._read_only:
            message = "the register is empty and opened read-only; open it once for writing"
            raise StoreUnavailable(message)
        first = governance if governance is not None else catalog.kakao_governance()
        adopted = e.GovernanceAdopted(
            governance=first, digest=digest_of(dump(first)), roster=roster if roster is not None else Roster()
        )
        with self._store.exclusive():
            reading = StoreReading(self._store, self._states)
            if reading.has_governance():
                return False
            now = self._clock()
            request = Request(by=_HOST, because=None, at=now, now=now, key=None, cause="Adopt")
            self._append((Change(GOVERNANCE, adopted),), reading, request, None)
        self._delivery.deliver()
        return True

    def release(self) -> None:
        """Release the store; twice is no error. To close a risk there is ``close``."""
        self._store.close()

    def __enter__(self) -> Self:
        """Return the register."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self._store.close()

    # --- changing ----------------------------------------------------------------------------------------------------

    def submit(
        self,
        command: Command,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> State:
        """Decide on a command, store what happens, and return the subject's new frozen state.

        Args:
            command: what should happen.
            by: the principal who acts; that it is really them is the host's job.
            because: why; at most 4,000 characters, erasable.
            at: when it happened, not in the future; now if left out.
            key: an id for the request: the same request again changes nothing and returns the present state.

        Raises:
            CommandRefused: the engine refuses it; every reason is in ``.refusals``, nothing was written.
            GateBlocked: it would enter a stage whose gate is shut; nothing was written.
            UnknownId: its subject does not exist.
            KeyReused: the key stands for another request.
            StoreError: the store could not take it; nothing was written.
        """
        request = self._request(command, by, because, at, key)
        state = self._decided(command, request)
        self._delivery.deliver()
        return state

    def _do(self, command: Command, **who: Any) -> Any:
        return self.submit(command, **who)

    def can(self, command: Command, *, by: str, because: str | None = None) -> Permission:
        """Ask whether :meth:`submit` would take a command now; the same rules, and nothing is written."""
        try:
            request = self._request(command, by, because, None, None)
            self._planner.plan(command, request, StoreReading(self._store, self._states))
        except CommandRefused as refused:
            return Permission(refusals=refused.refusals)
        except GateBlocked as blocked:
            return Permission(refusals=blocked.result.blockers)
        return Permission()

    def available(self, id: str) -> tuple[type[Any], ...]:  # noqa: A002  # the word the whole library uses
        """Return the types of commands that a risk, a system or a case takes in its status; rules still ask.

        Raises:
            UnknownId: nothing has this id.
        """
        source = self._source()
        for kind, state in (
            (StreamKind.RISK, source.risk(id)),
            (StreamKind.SYSTEM, source.system(id)),
            (StreamKind.CASE, source.case(id)),
        ):
            if state is not None:
                return self._engine.available(state, kind)
        raise UnknownId("risk, system or case", id)

    def _request(
        self, command: Command, by: str, because: str | None, at: dt.datetime | None, key: str | None
    ) -> Request:
        if not is_id(by):
            raise InvalidValue("by", ID_RULE, "pass the principal who acts, for example 'ml.lee'")
        now = self._clock()
        happened = now if at is None else at
        if happened.tzinfo is None or happened > now:
            raise InvalidValue("at", "must be an instant with a time zone that is not in the future")
        reason = None if because is None else as_nfc(because)
        if reason is not None and (rule := faults_of_text(reason, longest=_LONGEST_REASON, lines=True)) is not None:
            raise InvalidValue("because", rule, "say why in plain visible text")
        if self._read_only:
            message = "the register was opened read-only; open it without read_only=True to change it"
            raise StoreUnavailable(message)
        if self._authorize is not None and not self._authorize(by, command):
            subject = subject_of(command)
            raise CommandRefused([Refusal(code=Code.NOT_AUTHORIZED, subject=subject, detail=by)])
        cause = type(command).__name__
        return Request(by=by, because=reason, at=happened.astimezone(dt.UTC), key=key, cause=cause, now=now)

    def _decided(self, command: Command, request: Request) -> State:
        for attempt in range(_ATTEMPTS):
            try:
                with self._store.exclusive():
                    return self._decide_once(command, request)
            except VersionConflict:
                if attempt + 1 == _ATTEMPTS:
                    raise
        raise AssertionError  # pragma: no cover  # the loop returns or raises

    def _decide_once(self, command: Command, request: Request) -> State:
        reading = StoreReading(self._store, self._states)
        key = request.taken_as(command)
        if key is not None and self._store.receipt(key) is not None:
            return self._present(command, reading)
        plan = self._planner.plan(command, request, reading)
        if not plan.changes and plan.state is not None:
            return plan.state
        return self._append(plan.changes, reading, request, key)[plan.stream]

    def _present(self, command: Command, reading: StoreReading) -> State:
        """Return the state of what a request taken before is about; for a new case, the latest on its subject."""
        name = subject_of(command)
        if isinstance(command, c.Escalate):
            cases = self._all_cases(None)
            return [one for one in cases if (one.subject, one.matter) == (name, command.matter)][-1]
        if isinstance(command, c.ChangePerson | c.ChangeSeat):
            return reading.governed().state
        found = reading.state(stream_of(command))
        if found is None:
            raise UnknownId("subject", name)
        return found

    def _append(
        self, changes: tuple[Change, ...], reading: StoreReading, request: Request, key: RequestKey | None
    ) -> dict[str, State]:
        """Fold the changes and write events, states and receipt as one; return the states by stream."""
        states: dict[str, State] = {}
        written: dict[str, int] = {}
        drafts = []
        governance = reading.governance_digest()
        for change in changes:
            sealed = sealed_event(change.event, _salt)
            before = states[change.stream] if change.stream in states else reading.state(change.stream)
            after = apply(before, sealed.event, Stamp(request.by, request.at))
            if after is None:
                raise IntegrityError(f"event {sealed.event.kind} does not start '{change.stream}'")
            states[change.stream] = after
            written[change.stream] = written.get(change.stream, 0) + 1
            drafts.append(
                draft_of(
                    sealed,
                    id=self._ids(int(request.now.timestamp() * 1_000_000) * 1_000),
                    stream=change.stream,
                    at=request.at,
                    by=request.by,
                    because=request.because,
                    cause=request.cause,
                    governance=governance,
                    salt=_salt,
                )
            )
        rows = [row_of(name, reading.versions[name] + count, states[name]) for name, count in written.items()]
        self._store.append(drafts, rows, reading.versions, key)
        return states

    # --- asking ------------------------------------------------------------------------------------------------------

    def _source(self) -> StoreReading:
        return StoreReading(self._store, self._states)

    def _now(self) -> dt.datetime:
        return self._clock()

    def _calendar(self) -> Calendar:
        return self._planner.calendar

    def governance_digest(self) -> str:
        """Return the digest of the governance in force."""
        return self._source().governed().state.digest

    def as_of(self, point: dt.datetime | str) -> RegisterView:
        """Return the register as it was.

        Args:
            point: a recorded time, inclusive, or the text of a checkpoint of this log.

        Raises:
            LoadError: the text is no checkpoint.
            UnknownId: the log does not reach so far back or so far ahead.
        """
        size = None if isinstance(point, dt.datetime) else parse_checkpoint(point).size
        entries = []
        for entry in self._every_entry():
            if (size is not None and entry.seq >= size) or (
                isinstance(point, dt.datetime) and entry.recorded_at > point
            ):
                break
            entries.append(entry)
        if not entries or (size is not None and len(entries) < size):
            raise UnknownId("point of the log", "as asked for")
        now = point if isinstance(point, dt.datetime) else entries[-1].recorded_at
        return RegisterView(FoldedReading.of(entries), now, self._calendar())

    def _every_entry(self) -> Iterator[Entry]:
        after = -1
        while page := self._source().entries(after=after, limit=_PAGE, stream=None):
            yield from page
            after = page[-1].seq

    def audit(self, checkpoint: str | None = None) -> AuditReport:
        """Re-read and re-hash the whole log and say in words what is proven and what is not.

        Args:
            checkpoint: one held elsewhere; with it truncation, rollback and rewriting before it are found.
        """
        return audit(self._store, checkpoint)

    def checkpoint(self, *, origin: str) -> str:
        """Return a checkpoint of the log: three lines with origin, size and root, to be kept elsewhere.

        Args:
            origin: what the log is called; from your own configuration, never from the file.

        Raises:
            IntegrityError: the log does not prove itself; nothing is issued then.
        """
        return issue_checkpoint(self._store, origin=origin)

    def rebuild(self) -> tuple[str, ...]:
        """Fold the whole log anew and return the streams whose stored state differs; empty if all agree."""
        folded = FoldedReading.of(self._every_entry())
        source = self._source()
        return tuple(sorted(name for name, state in folded.states.items() if source.state(name) != state))

    def backup(self, path: str | Path) -> None:
        """Write a consistent copy to a file that does not exist yet.

        Raises:
            StoreError: the file exists or cannot be written.
        """
        self._store.backup(path)

    def observe(self, name: str, callback: Callable[[Entry], object]) -> None:
        """Deliver every committed entry to a callable, from where the name's stored cursor stands.

        At least once, in order, in the thread that commits; tell repeats by the entry's id. A callable that raises is
        counted in :meth:`failures` and gets the entry again at the next commit; nothing else is held up.

        Args:
            name: id of the observer; its cursor is kept in the store.
            callback: takes one entry.
        """
        self._delivery.add(name, callback)

    def failures(self) -> dict[str, int]:
        """Return how often each observer raised in this process, by name; ``observers`` are numbered."""
        return self._delivery.failures()

    @property
    def aio(self) -> AsyncRegister:
        """The same verbs and questions as coroutines; the work runs in a thread, so the event loop goes on."""
        from ._aio import AsyncRegister

        return AsyncRegister(self)


def _salt() -> bytes:
    return os.urandom(_SALT_BYTES)


def _roster_changes(present: Roster, wanted: Roster) -> Iterator[Command]:
    """Return the commands that make the roster in force what is wanted; a person left out stays, without a seat."""
    for person in wanted.people:
        if present.person(person.id) != person:
            yield c.ChangePerson(person=person)
    for seat in present.seats:
        if seat not in wanted.seats:
            yield c.ChangeSeat(body=seat.body, person=seat.person, seated=False)
    for seat in wanted.seats:
        if seat not in present.seats:
            yield c.ChangeSeat(body=seat.body, person=seat.person, seated=True)
