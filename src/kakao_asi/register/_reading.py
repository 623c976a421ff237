"""Where questions find states: in a store's rows, or folded from its log up to a point."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar, cast

from attrs import field, frozen

from .._internal.canonical import digest_of
from ..exceptions import UnknownId
from ..governance import Case, CaseStatus
from ..lifecycle import (
    GOVERNANCE,
    FindingGroup,
    FindingStatus,
    GovernanceState,
    RiskState,
    RiskStatus,
    SpoolState,
    Stamp,
    StreamKind,
    SystemState,
    apply,
)
from ..serialization import dump
from ..stores import AtMost, Condition, Store, StoredEvent, StoredRow, Where
from ._codec import State, entry_of, lapse_of, state_of
from ._records import Entry, Page, all_pages
from ._sketches import Sketch, sketch_of, sketch_of_row

__all__ = ["FindingsAsked", "FoldedReading", "Governed", "Reading", "StateCache", "StoreReading"]

T = TypeVar("T")

_PAGE = 1_000
_LARGEST_PAGE = 9_999
_KEPT = 20_000
_OPEN = tuple(status.id for status in RiskStatus if status is not RiskStatus.CLOSED)
_OVER = tuple(status.id for status in CaseStatus if status is not CaseStatus.OPEN)
_GOVERNANCE_ID = GOVERNANCE.partition(":")[2]


@frozen(kw_only=True)
class Governed:
    """What governs the register, with the digest of the roster worked out once.

    Attributes:
        state: the governance in force and the roster.
        roster_digest: digest of the roster.
        version: version of the governance stream.
    """

    state: GovernanceState
    roster_digest: str
    version: int


@frozen(kw_only=True)
class FindingsAsked:
    """Which groups of findings are asked for; None matches everything.

    Attributes:
        statuses: where they stand.
        system: the system they were seen in; the empty text asks for those in no system the register knows.
        risk: the risk they are tied to.
    """

    statuses: tuple[FindingStatus, ...] = tuple(FindingStatus)
    system: str | None = None
    risk: str | None = None

    def holds(self, group: FindingGroup) -> bool:
        """Tell whether a group is asked for."""
        return (
            group.status in self.statuses
            and self.system in {None, group.system or ""}
            and self.risk in {None, group.risk}
        )


class Reading(Protocol):
    """States by id, and the log behind them."""

    def risk(self, id: str) -> RiskState | None:  # the word the whole library uses
        """Return a risk's state, or None."""
        ...

    def system(self, id: str) -> SystemState | None:  # the word the whole library uses
        """Return a system's state, or None."""
        ...

    def case(self, id: str) -> Case | None:  # the word the whole library uses
        """Return a case, or None."""
        ...

    def governed(self) -> Governed:
        """Return what governs the register."""
        ...

    def risks(
        self,
        *,
        system: str | None,
        open: bool | None,  # as in the question
        now: str,
        after: str | None,
        limit: int,
    ) -> Page[RiskState]:
        """Return a page of risks, in order of ids; a lapsed acceptance counts as open. ``open`` None: all of them."""
        ...

    def sketches(self, systems: Mapping[str, SystemState], now: dt.datetime) -> Iterator[Sketch]:
        """Yield what foresight asks of every risk, in order of ids."""
        ...

    def systems(self, *, after: str | None, limit: int) -> Page[SystemState]:
        """Return a page of systems, in order of ids."""
        ...

    def cases(
        self,
        *,
        system: str | None,
        subject: str | None,
        open: bool | None,  # as in the question
        after: str | None,
        limit: int,
    ) -> Page[Case]:
        """Return a page of cases, in order of ids; ``open`` None: all of them."""
        ...

    def finding(self, id: str) -> FindingGroup | None:  # the word the whole library uses
        """Return a group of findings, or None."""
        ...

    def findings(self, wanted: FindingsAsked, *, after: str | None, limit: int) -> Page[FindingGroup]:
        """Return a page of groups of findings, in order of ids."""
        ...

    def entries(self, *, after: int, limit: int, stream: str | None) -> tuple[Entry, ...]:
        """Return entries of the log behind a position."""
        ...


class StateCache:
    """Keeps parsed states as long as their stored bytes and texts stay the same; lives with its register."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._parsed: OrderedDict[tuple[str, str], tuple[StoredRow, State]] = OrderedDict()
        self._governed: Governed | None = None

    def state(self, row: StoredRow) -> State:
        """Return the state that a row holds; a row seen before is not parsed again."""
        place = (row.kind, row.id)
        with self._lock:
            found = self._parsed.get(place)
            if found is not None and found[0].state == row.state and found[0].texts == row.texts:
                self._parsed.move_to_end(place)
                return found[1]
        state = state_of(row)
        with self._lock:
            self._parsed[place] = (row, state)
            while len(self._parsed) > _KEPT:
                self._parsed.popitem(last=False)
        return state

    def governed(self, row: StoredRow) -> Governed:
        """Return what governs the register, with the digest of the roster worked out once."""
        state = cast(GovernanceState, self.state(row))  # the kind of the row says so
        with self._lock:
            if self._governed is None or self._governed.state is not state:
                self._governed = _governed(state, row.version)
            return self._governed


def _governed(state: GovernanceState, version: int) -> Governed:
    return Governed(state=state, roster_digest=digest_of(dump(state.roster)), version=version)


class StoreReading:
    """Reads a store's rows; notes the version of everything it read, so that a decision can name it."""

    def __init__(self, store: Store, cache: StateCache) -> None:
        """Read from a store; ``cache`` belongs to the same register."""
        self._store = store
        self._cache = cache
        self.versions: dict[str, int] = {}

    def state(self, stream: str) -> State | None:
        """Return the state of a stream, or None where it does not exist."""
        kind, _, name = stream.partition(":")
        row = self._store.get(kind, name)
        self.versions[stream] = 0 if row is None else row.version
        return None if row is None else self._cache.state(row)

    def _get(self, kind: StreamKind, id: str) -> State | None:  # the word the whole library uses
        return self.state(f"{kind.id}:{id}")

    def risk(self, id: str) -> RiskState | None:  # the word the whole library uses
        """Return a risk's state, or None."""
        state = self._get(StreamKind.RISK, id)
        return state if isinstance(state, RiskState) else None

    def system(self, id: str) -> SystemState | None:  # the word the whole library uses
        """Return a system's state, or None."""
        state = self._get(StreamKind.SYSTEM, id)
        return state if isinstance(state, SystemState) else None

    def case(self, id: str) -> Case | None:  # the word the whole library uses
        """Return a case, or None."""
        state = self._get(StreamKind.CASE, id)
        return state if isinstance(state, Case) else None

    def governed(self) -> Governed:
        """Return what governs the register."""
        row = self._store.get(StreamKind.GOVERNANCE.id, _GOVERNANCE_ID)
        if row is None:
            raise UnknownId("governance", _GOVERNANCE_ID)
        self.versions[GOVERNANCE] = row.version
        return self._cache.governed(row)

    def governance_digest(self) -> str | None:
        """Return the digest of the governance in force; None before the first event."""
        return self.governed().state.digest if self.has_governance() else None

    def has_governance(self) -> bool:
        """Tell whether a governance was ever adopted."""
        return self._store.get(StreamKind.GOVERNANCE.id, _GOVERNANCE_ID) is not None

    def risks(
        self,
        *,
        system: str | None,
        open: bool | None,  # as in the question
        now: str,
        after: str | None,
        limit: int,
    ) -> Page[RiskState]:
        """Return a page of risks, in order of ids; a lapsed acceptance counts as open. ``open`` None: all of them."""
        scope: dict[str, str] = {} if system is None else {"system": system}
        if open is None:
            return self._page(StreamKind.RISK, scope, after, limit, RiskState)
        closed: Where = {**scope, "status": RiskStatus.CLOSED.id}
        if open:
            conditions: tuple[Where, ...] = ({**scope, "status": _OPEN}, {**closed, "until": AtMost(now)})
            rows = [
                row
                for where in conditions
                for row in self._store.rows(StreamKind.RISK.id, where=where, after=after, limit=limit + 1)
            ]
        else:
            rows = self._not_lapsed(closed, now, after, limit)
        return self._paged(StreamKind.RISK, sorted(rows, key=lambda row: row.id), limit, RiskState)

    def _not_lapsed(self, closed: Where, now: str, after: str | None, limit: int) -> list[StoredRow]:
        """Return closed rows, one more than ``limit`` if there are so many, without those whose acceptance lapsed."""
        found: list[StoredRow] = []
        while len(found) <= limit:
            rows = self._store.rows(StreamKind.RISK.id, where=closed, after=after, limit=limit + 1)
            found += [row for row in rows if not _has_lapsed(row.columns["until"], now)]
            if len(rows) <= limit:
                break
            after = rows[-1].id
        return found

    def sketches(self, systems: Mapping[str, SystemState], now: dt.datetime) -> Iterator[Sketch]:
        """Yield what foresight asks of every risk, in order of ids; states are read in full only where they must be."""
        after: str | None = None
        while rows := self._store.rows(StreamKind.RISK.id, after=after, limit=_LARGEST_PAGE):
            for row in rows:
                sketch = sketch_of_row(row)
                if sketch is None:
                    state = cast("RiskState", self._cache.state(row))  # the kind of the row says so
                    sketch = sketch_of(state, systems[state.risk.system], now)
                yield sketch
            after = rows[-1].id

    def systems(self, *, after: str | None, limit: int) -> Page[SystemState]:
        """Return a page of systems, in order of ids."""
        return self._page(StreamKind.SYSTEM, {}, after, limit, SystemState)

    def cases(
        self,
        *,
        system: str | None,
        subject: str | None,
        open: bool | None,  # as in the question
        after: str | None,
        limit: int,
    ) -> Page[Case]:
        """Return a page of cases, in order of ids; ``open`` None: all of them."""
        where: dict[str, Condition] = {}
        if system is not None:
            where["system"] = system
        if subject is not None:
            where["subject"] = subject
        if open is not None:
            where["status"] = CaseStatus.OPEN.id if open else _OVER
        return self._page(StreamKind.CASE, where, after, limit, Case)

    def finding(self, id: str) -> FindingGroup | None:  # the word the whole library uses
        """Return a group of findings, or None."""
        state = self._get(StreamKind.FINDING, id)
        return state if isinstance(state, FindingGroup) else None

    def findings(self, wanted: FindingsAsked, *, after: str | None, limit: int) -> Page[FindingGroup]:
        """Return a page of groups of findings, in order of ids."""
        where: dict[str, Condition] = {"status": tuple(one.id for one in wanted.statuses)}
        if wanted.system is not None:
            where["system"] = wanted.system or None
        if wanted.risk is not None:
            where["risk"] = wanted.risk
        return self._page(StreamKind.FINDING, where, after, limit, FindingGroup)

    def spool_read_to(self, writer: str) -> int:
        """Return the position up to which the file of a process was read in; 0 if it never was."""
        state = self._get(StreamKind.SPOOL, writer)
        return state.next if isinstance(state, SpoolState) else 0

    def all_risks(self, system: str) -> dict[str, RiskState]:
        """Return every risk of a system, by id."""
        states = all_pages(lambda after: self.risks(system=system, open=None, now="", after=after, limit=_PAGE))
        return {state.id: state for state in states}

    def all_cases(self, system: str) -> tuple[Case, ...]:
        """Return every case of a system, in order of opening."""
        states = all_pages(lambda after: self.cases(system=system, subject=None, open=None, after=after, limit=_PAGE))
        return in_order_of_opening(states)

    def stored(self, seq: int) -> StoredEvent | None:
        """Return the event at a position as the store holds it, or None."""
        found = next(iter(self._store.read(after=seq - 1, limit=1)), None)
        return None if found is None or found.seq != seq else found

    def entries(self, *, after: int, limit: int, stream: str | None) -> tuple[Entry, ...]:
        """Return entries of the log behind a position."""
        return tuple(entry_of(one) for one in self._store.read(after=after, limit=limit, stream=stream))

    def _page(self, kind: StreamKind, where: Where, after: str | None, limit: int, type_: type[T]) -> Page[T]:
        rows = self._store.rows(kind.id, where=where, after=after, limit=limit + 1)
        return self._paged(kind, rows, limit, type_)

    def _paged(self, kind: StreamKind, rows: Iterable[StoredRow], limit: int, type_: type[T]) -> Page[T]:
        found = list(rows)
        shown = found[:limit]
        self.versions |= {f"{kind.id}:{row.id}": row.version for row in shown}
        states = (self._cache.state(row) for row in shown)
        items = tuple(state for state in states if isinstance(state, type_))
        return Page(items=items, next=shown[-1].id if len(found) > limit else None)


def in_order_of_opening(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return cases in the order they were opened; those of one instant by number, then id."""
    return tuple(sorted(cases, key=lambda case: (case.opened_at, case.number, case.id)))


def _has_lapsed(until: str | int | None, now: str) -> bool:
    return isinstance(until, str) and until <= now


@frozen(kw_only=True)
class FoldedReading:
    """States folded from the log up to a point; answers the same questions as a store's rows.

    Attributes:
        states: state by stream.
        log: the entries up to the point, in order.
    """

    states: dict[str, State] = field(repr=False)
    log: tuple[Entry, ...] = field(repr=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> FoldedReading:
        """Fold entries, in the order of the log."""
        log = tuple(entries)
        states: dict[str, State] = {}
        for entry in log:
            if entry.event is None:
                continue
            state = apply(states.get(entry.stream), entry.event, Stamp(entry.by, entry.at))
            if state is not None:
                states[entry.stream] = state
        return cls(states=states, log=log)

    def risk(self, id: str) -> RiskState | None:  # the word the whole library uses
        """Return a risk's state, or None."""
        state = self.states.get(f"{StreamKind.RISK.id}:{id}")
        return state if isinstance(state, RiskState) else None

    def system(self, id: str) -> SystemState | None:  # the word the whole library uses
        """Return a system's state, or None."""
        state = self.states.get(f"{StreamKind.SYSTEM.id}:{id}")
        return state if isinstance(state, SystemState) else None

    def case(self, id: str) -> Case | None:  # the word the whole library uses
        """Return a case, or None."""
        state = self.states.get(f"{StreamKind.CASE.id}:{id}")
        return state if isinstance(state, Case) else None

    def governed(self) -> Governed:
        """Return what governs the register."""
        state = cast(GovernanceState, self.states[GOVERNANCE])  # the first event of every log
        version = sum(entry.stream == GOVERNANCE for entry in self.log)
        return _governed(state, version)

    def risks(
        self,
        *,
        system: str | None,
        open: bool | None,  # as in the question
        now: str,
        after: str | None,
        limit: int,
    ) -> Page[RiskState]:
        """Return a page of risks, in order of ids; a lapsed acceptance counts as open. ``open`` None: all of them."""

        def wanted(state: RiskState) -> bool:
            if system is not None and state.risk.system != system:
                return False
            is_open = state.status is not RiskStatus.CLOSED or _has_lapsed(lapse_of(state), now)
            return open in {None, is_open}

        return _paged((one for one in self._all(RiskState) if wanted(one)), after, limit)

    def sketches(self, systems: Mapping[str, SystemState], now: dt.datetime) -> Iterator[Sketch]:
        """Yield what foresight asks of every risk, in order of ids."""
        for state in sorted(self._all(RiskState), key=lambda one: one.id):
            yield sketch_of(state, systems[state.risk.system], now)

    def systems(self, *, after: str | None, limit: int) -> Page[SystemState]:
        """Return a page of systems, in order of ids."""
        return _paged(self._all(SystemState), after, limit)

    def cases(
        self,
        *,
        system: str | None,
        subject: str | None,
        open: bool | None,  # as in the question
        after: str | None,
        limit: int,
    ) -> Page[Case]:
        """Return a page of cases, in order of ids; ``open`` None: all of them."""
        found = (
            case
            for case in self._all(Case)
            if system in {None, case.system}
            and subject in {None, case.subject}
            and open in {None, case.status is CaseStatus.OPEN}
        )
        return _paged(found, after, limit)

    def finding(self, id: str) -> FindingGroup | None:  # the word the whole library uses
        """Return a group of findings, or None."""
        state = self.states.get(f"{StreamKind.FINDING.id}:{id}")
        return state if isinstance(state, FindingGroup) else None

    def findings(self, wanted: FindingsAsked, *, after: str | None, limit: int) -> Page[FindingGroup]:
        """Return a page of groups of findings, in order of ids."""
        return _paged((one for one in self._all(FindingGroup) if wanted.holds(one)), after, limit)

    def entries(self, *, after: int, limit: int, stream: str | None) -> tuple[Entry, ...]:
        """Return entries of the log behind a position."""
        found = [one for one in self.log if one.seq > after and stream in {None, one.stream}]
        return tuple(found[:limit])

    def _all(self, kind: type[T]) -> Iterator[T]:
        return (state for state in self.states.values() if isinstance(state, kind))


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_HasId)


def _paged(found: Iterable[N], after: str | None, limit: int) -> Page[N]:
    items = sorted((one for one in found if after is None or one.id > after), key=lambda one: one.id)
    shown = tuple(items[:limit])
    return Page(items=shown, next=shown[-1].id if len(items) > limit else None)
