"""The register: the one mutable object most users hold."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from attrs import evolve
from typing_extensions import override

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
)
from ..findings import Finding
from ..governance import Calendar, Code, Governance, Matter, Refusal, Roster, WeekdayCalendar
from ..lifecycle import (
    GOVERNANCE,
    Change,
    Command,
    LifecycleEngine,
    StreamKind,
)
from ..lifecycle import commands as c
from ..lifecycle import events as e
from ..serialization import dump
from ..stores import AuditReport, Checkpoint, Frontier, Store, audit, issue_checkpoint, leaves_of, parse_checkpoint
from ._codec import State
from ._delivery import Delivery
from ._finding_verbs import FindingVerbs
from ._planning import Planner, Request, subject_of
from ._questions import RegisterView
from ._reading import FoldedReading, StateCache, StoreReading
from ._records import Entry, Permission, all_pages
from ._signals import Signals
from ._ticking import case_commands, risk_commands, system_commands
from ._verbs import Verbs, Who
from ._writing import Writer

if TYPE_CHECKING:
    from ._aio import AsyncRegister

__all__ = ["Options", "RiskRegister"]

_LONGEST_REASON = 4_000
_TICKS = 100
_PAGE = 1_000
_HOST = "host"
_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Options(TypedDict, total=False):
    """What a host may inject when it opens a register; all of it may be left out.

    Attributes:
        governance: for a new register, what governs it; by default ``catalog.kakao_governance()``. For an existing one
            it must be the one in force.
        roster: who exists and who has which seat. What differs in an existing register is recorded as events.
        clock: where time comes from; the system's clock by default.
        ids: where event ids come from; version 7 UUIDs by default.
        observers: called with every entry after it was committed, in the thread that committed it.
        calendar: which days are business days; Monday to Friday by default.
        authorize: may refuse any (principal, command) by returning False; without it, who acts is only asserted.
        methods: the code of a company's own assessment methods that the governance names.
        content: what questions on guidance, law, mappings and the pledge are answered from; ``catalog.content()`` by
            default, a company's own from ``catalog.from_folder``. It decides nothing.
        read_only: refuse every change.
        expect: a checkpoint held elsewhere; a log that does not contain it is refused.
    """

    governance: Governance | None
    roster: Roster | None
    clock: Clock
    ids: IdSource
    observers: Iterable[Callable[[Entry], object]]
    calendar: Calendar
    authorize: Callable[[str, Command], bool] | None
    methods: Iterable[AssessmentMethod]
    content: catalog.Content
    read_only: bool
    expect: str | None


def _check_options(options: Options) -> None:
    unknown = sorted(options.keys() - Options.__annotations__.keys())
    if unknown:
        message = f"there is no option {', '.join(unknown)}; the options are {', '.join(Options.__annotations__)}"
        raise TypeError(message)


class RiskRegister(Verbs, FindingVerbs, Signals):
    """The register of AI risks: what happened is appended to its log, what is true follows from it.

    Lives as long as its store is open; a context manager that closes it. Safe between threads, not shared over fork:
    each process opens its own. ``RiskRegister.open(path)`` keeps it in one SQLite file, ``RiskRegister.on(store)`` in
    any store.
    """

    def __init__(self, store: Store, **options: Unpack[Options]) -> None:
        """Use :meth:`open` or :meth:`on` instead."""
        self._clock = options.get("clock", utc_now)
        self._authorize = options.get("authorize")
        self._read_only = options.get("read_only", False)
        self._known = options.get("content")
        planner = Planner(
            engine=LifecycleEngine(),
            calendar=options.get("calendar", WeekdayCalendar()),
            methods=tuple(options.get("methods", ())),
        )
        self._writer = Writer(store=store, states=StateCache(), planner=planner, ids=options.get("ids", uuid7))
        self._delivery = Delivery(store, options.get("observers", ()))

    # --- opening and closing -----------------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: str | Path, **options: Unpack[Options]) -> Self:
        """Open the register in a SQLite file, or start one there.

        Args:
            path: the file. A new one is readable and writable by its owner only.
            **options: see :class:`Options`.

        Raises:
            GovernanceDiffers: another governance is in force.
            IntegrityError: the log does not contain the checkpoint expected.
            StoreError: the file cannot be used.
            TypeError: there is no such option.
        """
        _check_options(options)
        from ..stores import SQLiteStore

        store = SQLiteStore(path, clock=options.get("clock", utc_now), read_only=options.get("read_only", False))
        try:
            return cls.on(store, **options)
        except BaseException:
            store.close()
            raise

    @classmethod
    def on(cls, store: Store, **options: Unpack[Options]) -> Self:
        """Open the register in any store; options and errors as in :meth:`open`."""
        _check_options(options)
        register = cls(store, **options)
        expect = options.get("expect")
        if expect is not None and not audit(store, expect).sound:
            message = "the log does not contain the checkpoint expected; run audit(checkpoint) to see what differs"
            raise IntegrityError(message)
        register._begin(options.get("governance"), options.get("roster"))
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
        if self._source().has_governance():
            return False
        if self._read_only:
            message = "the register is empty and opened read-only; open it once for writing"
            raise StoreUnavailable(message)
        first = governance if governance is not None else catalog.kakao_governance()
        adopted = e.GovernanceAdopted(
            governance=first, digest=digest_of(dump(first)), roster=roster if roster is not None else Roster()
        )
        with self._writer.store.exclusive():
            reading = self._source()
            if reading.has_governance():
                return False
            now = self._now()
            request = Request(by=_HOST, because=None, at=now, now=now, key=None, cause="Adopt")
            self._writer.append((Change(GOVERNANCE, adopted),), reading, request, None)
        self._delivery.deliver()
        return True

    def release(self) -> None:
        """Release the store; twice is no error. To close a risk there is ``close``."""
        self._writer.store.close()

    def __enter__(self) -> Self:
        """Return the register."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self._writer.store.close()

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
        state = self._writer.decide(command, request)
        self._delivery.deliver()
        return state

    @override
    def _do(self, command: Command, **who: Unpack[Who]) -> Any:
        return self.submit(command, **who)

    def can(self, command: Command, *, by: str, because: str | None = None) -> Permission:
        """Ask whether :meth:`submit` would take a command now; the same rules, and nothing is written."""
        try:
            request = self._request(command, by, because, None, None)
            self._writer.planner.plan(command, request, self._source())
        except CommandRefused as refused:
            return Permission(refusals=refused.refusals)
        except GateBlocked as blocked:
            return Permission(refusals=blocked.result.blockers)
        return Permission()

    def tick(self) -> tuple[Command, ...]:
        """Do what time asks for, and return it; call it from any scheduler, as often as you like, from any process.

        Bodies are reminded at half and four fifths of their time. A case whose body let its time pass moves up one
        tier, once; at the apex it is overdue. Of one that a body did not say in time that it knows of, the body above
        is told, once. A condition that was missed opens its decision again. A risk closed by an acceptance that has
        ended starts its next cycle. An overdue response without a case is put before the bodies. Nothing is ever
        approved by time.
        """
        done: list[Command] = []
        for _ in range(_TICKS):
            found = tuple(self._due())
            for command in found:
                # Another process may have been faster; then the command is no longer due, and refused.
                with contextlib.suppress(CommandRefused):
                    self.submit(command, by=_HOST)
                    done.append(command)
            if not any(isinstance(command, c.MissDeadline) for command in found):
                break
        return tuple(done)

    def _due(self) -> Iterator[Command]:
        now = self._now()
        open_cases = all_pages(lambda after: self.cases(open=True, after=after))
        yield from case_commands(open_cases, now)
        asked = frozenset(case.subject for case in open_cases if case.matter is Matter.RISK)
        yield from system_commands(all_pages(lambda after: self.systems(after=after)), now)
        yield from risk_commands(all_pages(lambda after: self.risks(open=True, after=after)), asked, now)

    def available(self, id: str) -> tuple[type[Any], ...]:  # the word the whole library uses
        """Return the types of commands a risk, system, case or group of findings takes in its status; guards still ask.

        Raises:
            UnknownId: nothing has this id.
        """
        source = self._source()
        for kind, state in (
            (StreamKind.RISK, source.risk(id)),
            (StreamKind.SYSTEM, source.system(id)),
            (StreamKind.CASE, source.case(id)),
            (StreamKind.FINDING, source.finding(id)),
        ):
            if state is not None:
                return self._writer.planner.engine.available(state, kind)
        raise UnknownId("risk, system, case or group of findings", id)

    def _request(
        self, command: Command, by: str, because: str | None, at: dt.datetime | None, key: str | None
    ) -> Request:
        if not is_id(by):
            raise InvalidValue("by", ID_RULE, "pass the principal who acts, for example 'ml.lee'")
        now = self._now()
        happened = now if at is None else at
        if happened.tzinfo is None or not _EARLIEST <= happened <= now:
            raise InvalidValue("at", "must be an instant with a time zone, from 1970 on, and not in the future")
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

    # --- asking ------------------------------------------------------------------------------------------------------

    @override
    def _source(self) -> StoreReading:
        return self._writer.reading()

    @override
    def _now(self) -> dt.datetime:
        now = self._clock()
        if now.tzinfo is None:
            raise InvalidValue("clock", "must return instants with a time zone", "return datetime.now(datetime.UTC)")
        return now.astimezone(dt.UTC)

    @override
    def record_all(self, findings: Sequence[Finding], *, by: str) -> None:
        """Record at most 1,000 findings in one transaction; errors as in :meth:`submit`."""
        self.submit(c.RecordFindings(findings=findings), by=by)

    @override
    def _spool_read_to(self, writer: str) -> int:
        return self._source().spool_read_to(writer)

    @override
    def _length(self) -> int:
        return self._writer.store.frontier().size

    @override
    def _calendar(self) -> Calendar:
        return self._writer.planner.calendar

    @override
    def content(self) -> catalog.Content:
        """Return the content given at opening, else the shipped one; what the governance holds stands before it."""
        return catalog.content() if self._known is None else self._known

    def governance_digest(self) -> str:
        """Return the digest of the governance in force."""
        return self._source().governed().state.digest

    def as_of(self, point: dt.datetime | str) -> RegisterView:
        """Return the register as it was.

        Args:
            point: a recorded time, inclusive, or the text of a checkpoint of this log.

        Raises:
            IntegrityError: the checkpoint is of another log.
            InvalidValue: the time has no time zone.
            LoadError: the text is no checkpoint.
            UnknownId: the log does not reach so far back or so far ahead.
        """
        if isinstance(point, dt.datetime):
            entries = self._recorded_until(point)
        else:
            entries = self._seen_by(parse_checkpoint(point))
        if not entries:
            raise UnknownId("point of the log", "as asked for")
        now = point if isinstance(point, dt.datetime) else entries[-1].recorded_at
        return RegisterView(FoldedReading.of(entries), now, self._calendar(), self.content())

    def _recorded_until(self, point: dt.datetime) -> list[Entry]:
        if point.tzinfo is None:
            raise InvalidValue("as_of", "must be an instant with a time zone", "pass tzinfo=datetime.UTC")
        return list(itertools.takewhile(lambda entry: entry.recorded_at <= point, self._every_entry()))

    def _seen_by(self, held: Checkpoint) -> list[Entry]:
        """Return the entries that a checkpoint stands for; empty where the log has fewer."""
        leaves = leaves_of(self._writer.store, held.size)
        if len(leaves) < held.size:
            return []
        if Frontier().extended(leaves, None).root() != held.root:
            message = "the checkpoint is of another log; run audit(checkpoint) to see what differs"
            raise IntegrityError(message)
        return list(itertools.islice(self._every_entry(), held.size))

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
        return audit(self._writer.store, checkpoint)

    def checkpoint(self, *, origin: str) -> str:
        """Return a checkpoint of the log: three lines with origin, size and root, to be kept elsewhere.

        Args:
            origin: what the log is called; from your own configuration, never from the file.

        Raises:
            IntegrityError: the log does not prove itself; nothing is issued then.
        """
        return issue_checkpoint(self._writer.store, origin=origin)

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
        self._writer.store.backup(path)

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


def _roster_changes(present: Roster, wanted: Roster) -> Iterator[Command]:
    """Return the commands that make the roster in force what is wanted; a person left out stays, without a seat.

    Seats are left first, and names given up before others take them, so that no step on the way is refused.

    Raises:
        InvalidValue: a name in the roster wanted belongs to somebody who stays.
    """
    new = {person.id: person for person in wanted.people}
    old = {person.id: person for person in present.people}
    Roster(people=(*new.values(), *(person for person in present.people if person.id not in new)))
    for body, person, alternate in sorted(_seats(present) - _seats(wanted)):
        yield c.ChangeSeat(body=body, person=person, seated=False, alternate=alternate)
    for name in sorted(old.keys() & new.keys()):
        kept = old[name].aliases & new[name].aliases
        if kept != old[name].aliases:
            yield c.ChangePerson(person=evolve(old[name], aliases=kept))
    for name, wanted_person in new.items():
        if old.get(name) != wanted_person:
            yield c.ChangePerson(person=wanted_person)
    for body, person, alternate in sorted(_seats(wanted) - _seats(present)):
        yield c.ChangeSeat(body=body, person=person, seated=True, alternate=alternate)


def _seats(roster: Roster) -> set[tuple[str, str, bool]]:
    return {(seat.body, roster.by_name[seat.person].id, seat.alternate) for seat in roster.seats}
