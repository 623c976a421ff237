"""Findings of a run: built from alarms, counted exactly, written once even if the run is resumed."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from .._internal.clock import Clock
from ..findings import Finding, Scalar, Verdict
from ..signals import BoardState, Health, Sink, Spool, current, read_spool
from ..stages import Stage
from ..taxonomy import Actor, RiskCategory
from ._rule import Alarm

__all__ = ["MOST_ONE_BY_ONE", "Notes"]

MOST_ONE_BY_ONE = 1_000
"""So many alarms of one rule, label and metric are findings of their own; later ones are told at 10, 100, ... times
as many, with their count (our choice)."""

_MOST_GROUPS = 4_096
_MOST_FACTS = 12
_SITE = "kakao_asi.training:"

_logger = logging.getLogger("kakao_asi.training")

Key = tuple[int, str, str, str, str]
"""Step, rule, label, metric and risk; with run and rank, which all findings of a writer share, it names a finding."""


@define(kw_only=True)
class _Group:
    alarm: Alarm
    total: int = 0
    unsent: int = 0
    due: int = MOST_ONE_BY_ONE
    first: dt.datetime | None = None
    cause: str | None = None


@define(kw_only=True, eq=False)
class Notes:
    """Takes the alarms of one monitor; lives as long as it."""

    run: str
    component: str | None
    stage: Stage
    folder: Path | None
    sink: Sink | None
    clock: Clock
    facts: dict[str, Scalar]
    rank: int = 0
    since: int = 0
    counts: dict[str, int] = field(factory=dict)
    stirred: set[str] = field(factory=set)
    _groups: dict[tuple[str, str, str, str], _Group] = field(factory=dict)
    _spool: Spool | None = None
    _written: set[Key] | None = None
    _told: set[str] = field(factory=set)

    # --- counting and telling ----------------------------------------------------------------------------------------

    def count(self, name: str, by: int = 1) -> None:
        """Raise a count."""
        self.counts[name] = self.counts.get(name, 0) + by

    def warn(self, what: str, error: Exception | None = None) -> None:
        """Log a warning, once a matter and kind of error; the error's message is not told."""
        cause = "" if error is None else type(error).__name__
        if f"{what}:{cause}" in self._told:
            return
        self._told.add(f"{what}:{cause}")
        try:
            _logger.warning("%s%s in run %s", what, f" ({cause})" if cause else "", self.run)
        except Exception:  # noqa: BLE001  # a handler of the host
            self.count("internal_errors")

    @staticmethod
    def raise_if_strict(error: Exception) -> None:
        """Raise an error of a rule or of ours where the test kit listens; everywhere else it is contained."""
        recorder = current()
        if recorder is not None and recorder.strict:
            raise error

    def health(self) -> Health:
        """Say what became of the findings."""
        pending = sum(group.unsent for group in self._groups.values())
        got = self.counts.get
        return Health(
            active=self.sink is not None or self.folder is not None or current() is not None,
            offered=got("offered", 0),
            stored=got("stored", 0),
            pending=pending,
            dropped=got("dropped", 0),
            suppressed=got("suppressed", 0),
            internal_errors=got("internal_errors", 0),
            control_failures=got("control_failures", 0),
            sink_errors=got("sink_errors", 0),
        )

    # --- taking alarms -----------------------------------------------------------------------------------------------

    def take(
        self,
        alarm: Alarm,
        *,
        rule: str,
        risk: str | None,
        step: int,
        equal: bool,
        cause: str | None = None,
        checkpoint: str | None = None,
    ) -> None:
        """Take one alarm.

        Args:
            alarm: what a rule said.
            rule: its name.
            risk: id of the risk it bears on.
            step: number of the step.
            equal: whether every rank sees the same; rank 0 alone records that.
            cause: name of an exception's type.
            checkpoint: digest of the last checkpoint.
        """
        if risk is not None:
            self.stirred.add(risk)
        if equal and self.rank != 0:
            return
        self.count("offered")
        place = (rule, alarm.label, alarm.metric or "", risk or "")
        group = self._groups.get(place)
        if group is None:
            if len(self._groups) >= _MOST_GROUPS:
                self.count("dropped")
                return
            group = self._groups[place] = _Group(alarm=alarm)
        group.total += 1
        group.unsent += 1
        now = self.clock()
        group.first = group.first or now
        group.alarm, group.cause = evolve(alarm, risk=risk), cause
        if group.total > MOST_ONE_BY_ONE and group.total < group.due:
            self.count("suppressed")
            return
        while group.due <= group.total:
            group.due *= 10
        extra = {} if checkpoint is None else {"checkpoint": checkpoint}
        self._tell(group, rule=rule, step=step, extra=extra, now=now)

    def _tell(self, group: _Group, *, rule: str, step: int, extra: Mapping[str, Scalar], now: dt.datetime) -> None:
        alarm, count, risk = group.alarm, group.unsent, group.alarm.risk
        group.unsent, first, group.first = 0, group.first, None
        key = (step, rule, alarm.label, alarm.metric or "", risk or "")
        if key in self._known():
            self.count("stored", count)
            return
        metric = {} if alarm.metric is None else {"metric": alarm.metric}
        actor, category = self._source(risk)
        finding = Finding(
            risk=risk,
            component=self.component,
            stage=self.stage,
            actor=actor,
            category=category,
            verdict=alarm.verdict,
            site=_SITE + rule,
            label=alarm.label,
            cause=group.cause,
            facts={
                **self.facts,
                **extra,
                **dict(alarm.facts[:_MOST_FACTS]),
                **metric,
                "rank": self.rank,
                "rule": rule,
                "step": step,
            },
            at=now,
            first=first if count > 1 else None,
            run=self.run,
            count=count,
            suppressed=count - 1,
        )
        self.count("stored" if self._hand(finding) else "dropped", count)

    def _source(self, risk: str | None) -> tuple[Actor | None, RiskCategory | None]:
        board = self.board()
        note = None if risk is None or board is None else board.risk(risk)
        return (None, None) if note is None else (note.category.actor, note.category)

    def board(self) -> BoardState | None:
        """Return what this process knows of the register; None without a receiver."""
        recorder = current()
        return None if recorder is None else recorder.state

    # --- handing them on ---------------------------------------------------------------------------------------------

    def _hand(self, finding: Finding) -> bool:
        if self.rank == 0 and self.sink is not None and self._ask(self.sink, finding):
            return True
        if self.folder is not None:
            if self._spool is None:
                self._spool = Spool(self.folder, run=self.run, rank=self.rank)
            return self._ask(self._spool, finding)
        recorder = current()
        if recorder is None or self.sink is not None:
            if recorder is None and self.sink is None:
                self.warn("nothing takes findings")
            return False
        return self._ask(_offered(recorder.offer), finding)

    def _ask(self, sink: Callable[[Finding], bool], finding: Finding) -> bool:
        try:
            taken = bool(sink(finding))
        except Exception as error:  # noqa: BLE001  # a sink is the host's; what it raises is counted
            self.count("sink_errors")
            self.warn("a sink failed", error)
            return False
        if not taken:
            self.count("sink_errors")
            self.warn("a sink takes no findings")
        return taken

    def _known(self) -> set[Key]:
        """Return which findings of this run and rank the spool holds already."""
        if self._written is None:
            self._written = set()
            if self.folder is not None and self.folder.is_dir():
                try:
                    found = read_spool(self.folder).entries
                except OSError as error:
                    self.warn("the spool cannot be read", error)
                    found = ()
                keys = (_key_of(entry.finding) for entry in found if self._is_ours(entry.finding))
                # A resumed run is past the steps before its state: what the spool holds of them never comes again.
                self._written = {key for key in keys if key[0] >= self.since}
        return self._written

    def _is_ours(self, finding: Finding) -> bool:
        return finding.run == self.run and finding.fact("rank") == self.rank and finding.site.startswith(_SITE)

    def close(self, step: int) -> None:
        """Tell what was only counted so far, and close the spool's file."""
        for (rule, *_), group in self._groups.items():
            if group.unsent:
                self._tell(group, rule=rule, step=step, extra={}, now=self.clock())
        if self._spool is not None:
            self._spool.close()

    # --- its state ---------------------------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """Return counts and groups as JSON holds them."""
        groups = [
            {
                "rule": rule,
                "label": label,
                "metric": metric,
                "risk": risk,
                "total": group.total,
                "unsent": group.unsent,
                "verdict": group.alarm.verdict.id,
            }
            for (rule, label, metric, risk), group in self._groups.items()
        ]
        return {"groups": groups, "stirred": sorted(self.stirred), "counts": dict(self.counts)}

    def restore(self, data: Mapping[str, Any], *, since: int) -> None:
        """Take what :meth:`to_data` gave; steps before ``since`` are past."""
        self.since, self._written = since, None
        self._groups = {}
        self.counts = {str(name): int(value) for name, value in data["counts"].items()}
        self.stirred = {str(one) for one in data["stirred"]}
        for one in data["groups"]:
            due = MOST_ONE_BY_ONE
            while due <= one["total"]:
                due *= 10
            rule, label, metric, risk = (str(one[name]) for name in ("rule", "label", "metric", "risk"))
            alarm = Alarm(label=label, metric=metric or None, risk=risk or None, verdict=Verdict(one["verdict"]))
            group = _Group(alarm=alarm, total=int(one["total"]), unsent=int(one["unsent"]), due=due)
            self._groups[rule, label, metric, risk] = group


def _offered(offer: Callable[..., bool]) -> Callable[[Finding], bool]:
    return lambda finding: offer(finding.key, lambda: finding)


def _key_of(finding: Finding) -> Key:
    step = finding.fact("step")
    return (
        step if isinstance(step, int) else -1,
        str(finding.fact("rule")),
        finding.label or "",
        str(finding.fact("metric") or ""),
        finding.risk or "",
    )
