"""The monitor: fed by a training loop, it asks its rules, notes what they say and never ends the run by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .._internal.clock import Clock, format_instant, utc_now
from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Verdict, is_path
from ..signals import Health, Sink
from ..stages import Stage
from ._decision import CONTINUE, Decision
from ._notes import Notes
from ._panel import MONITOR, WANTS, Panel
from ._ranks import Ranks, Reducer, ranks_now
from ._rule import Alarm, Rule
from ._run import Run
from ._values import Number, kept, on_device, read

__all__ = ["Monitor"]

_FORMAT = "kakao_asi.monitor/1"


class Monitor:
    """Watches one training run; lives as long as the process that trains.

    Everything it does beside the constructor is contained: an error in a rule, a sink or the monitor is counted and
    told, and the loop goes on. It opens no thread, and nothing of it outlives the process.

    Example:
        >>> monitor = Monitor("exp-11", system="demo-chat", rules=[NonFinite(action="skip_update")])
        >>> monitor.step(1, loss=float("nan")).skip_update
        True
    """

    def __init__(
        self,
        run: str,
        *,
        system: str,
        component: str | None = None,
        rules: Iterable[Rule],
        evidence: Run | None = None,
        every: int = 50,
        equal: Iterable[str] = (),
        spool: str | Path | None = None,
        sink: Sink | None = None,
        rank: int | None = None,
        world: int | None = None,
        reduce: Reducer | None = None,
        stage: Stage = Stage.DEVELOPMENT,
        clock: Clock = utc_now,
    ) -> None:
        """Name the run and what is asked about it; nothing is written yet.

        Args:
            run: id of the run; a run that goes on keeps it.
            system: id of the system that is trained.
            component: the part that is trained, ids parted by ``/``; None for the whole system.
            rules: what is asked, each with a name of its own.
            evidence: what the run rests on; every finding names it.
            every: ``sync`` decides every so many steps, and numbers on a device are read at least that often; from 1
                (our choice: 50).
            equal: names of numbers that are the same on all ranks, such as a clipped norm or a reduced loss; where
                there are several ranks, a step is skipped on those alone.
            spool: folder on a local disk that findings are written to at once; with it, none is written twice by a
                run that is resumed.
            sink: where rank 0 gives findings; what it does not take goes to the spool.
            rank: number of this process in the whole world, from 0; None asks ``torch.distributed`` if it runs.
            world: how many processes there are; None as for ``rank``.
            reduce: how ranks agree; None takes ``torch.distributed`` if it runs.
            stage: the stage of the system's life.
            clock: where time comes from.

        Without spool and sink, findings go to this process's receiver (``hooks.activate``).

        Raises:
            InvalidValue: an id is none, ``every`` is less than 1, or two rules have one name.
        """
        path = system if component is None else f"{system}/{component}"
        if not is_id(run):
            raise InvalidValue("Monitor.run", ID_RULE)
        if not is_path(path):
            raise InvalidValue("Monitor.component", "must be ids parted by '/'", "write it like 'reply/filter'")
        if type(every) is not int or every < 1:
            raise InvalidValue("Monitor.every", "must be a whole number of at least 1")
        self._run, self._system, self._component, self._path = run, system, component, path
        self._evidence = Run() if evidence is None else evidence
        self._every, self._equal, self._stage, self._clock = every, frozenset(equal), stage, clock
        self._given: tuple[int | None, int | None, Reducer | None] = (rank, world, reduce)
        self._ranks: Ranks | None = None
        if rank is not None or world is not None or reduce is not None:
            ranks_now(rank, world, reduce)
        folder = None if spool is None else Path(spool)
        self._notes = Notes(run=run, component=path, stage=stage, folder=folder, sink=sink, clock=clock,
                            facts=self._evidence.facts())  # fmt: skip
        self._panel = Panel(rules, notes=self._notes, equal=self._equal)
        self._pending: list[tuple[int, dict[str, Number]]] = []
        self._step = self._synced = 0
        self._good: str | None = None
        self._began: dt.datetime = clock()

    # --- what a loop calls -------------------------------------------------------------------------------------------

    def step(self, step: int, /, **values: Number) -> Decision:
        """Look at the numbers of one step, before its optimizer step.

        Args:
            step: number of the step, not less than the one before.
            values: the numbers by name, such as ``loss`` and ``grad_norm``; tensors stay on their device, and what is
                None counts as missing.

        Returns:
            Whether to skip the update; nothing else is decided here.
        """
        try:
            return self._look(step, values)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)
            return CONTINUE

    def sync(self, step: int, /, *, now: bool = False) -> Decision:
        """Decide with all ranks; every rank calls it at the same steps.

        Args:
            step: number of the step. Unless a multiple of ``every`` was passed since the last time, nothing is asked
                and the answer is to go on.
            now: decide in any case, on every rank; for the end of a run, or before it is saved.
        """
        try:
            if not now and step // self._every == self._synced // self._every:
                return CONTINUE
            self._synced = step
            return self._decide(step)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)
            return CONTINUE

    def fail(self, error: BaseException | str, /) -> None:
        """Say that this rank failed; at the next ``sync`` all ranks are told to stop.

        Args:
            error: the exception, of which the name of the type is kept, or a name for what happened.
        """
        try:
            cause = error if isinstance(error, str) else type(error).__name__
            self._start()
            self._panel.wants["failed"] = 1
            self._panel.say(
                Alarm(label="rank_failed"), rule=MONITOR, risk=None, equal=False, step=self._step, cause=cause
            )
        except Exception as trouble:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(trouble)

    def bind(self, *, rank: int, world: int, reduce: Reducer | None = None) -> None:
        """Say which rank this process is, where that is known only after the monitor was made.

        Args:
            rank: number of this process, from 0.
            world: how many there are.
            reduce: how they agree; None takes ``torch.distributed`` if it runs.

        Raises:
            InvalidValue: the world is smaller than 1, or the rank is none of it.
        """
        self._given = (rank, world, reduce)
        self._take_ranks(ranks_now(rank, world, reduce))

    def close(self) -> None:
        """Ask what is left to ask, and tell what was only counted; a run that goes on may be closed again."""
        try:
            self._start()
            self._judge_pending()
            self._notes.close(self._step)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)

    def __enter__(self) -> Self:
        """Return the monitor; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note an exception that leaves the block, and close; it goes on."""
        if isinstance(error, Exception):
            self.fail(error)
        self.close()

    @property
    def health(self) -> Health:
        """What became of the findings: ``offered == stored + dropped + pending``, in occurrences."""
        return self._notes.health()

    @property
    def run(self) -> str:
        """Id of the run."""
        return self._run

    # --- its state ---------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Return what a resumed run needs to go on as if nothing had happened, as JSON holds it.

        Numbers that are still on a device are read for it. Save it with each checkpoint.
        """
        self._judge_pending()
        return {
            "format": _FORMAT,
            "run": self._run,
            "system": self._system,
            "component": self._component,
            "every": self._every,
            "equal": sorted(self._equal),
            "stage": self._stage.id,
            "spool": None if self._notes.folder is None else str(self._notes.folder),
            "evidence": self._evidence.to_data(),
            "began": format_instant(self._began),
            "step": self._step,
            "synced": self._synced,
            "good": self._good,
            "panel": self._panel.to_data(),
            "notes": self._notes.to_data(),
        }

    @classmethod
    def from_state(
        cls,
        saved: Mapping[str, Any],
        *,
        rules: Iterable[Rule],
        evidence: Run | None = None,
        spool: str | Path | None = None,
        sink: Sink | None = None,
        rank: int | None = None,
        world: int | None = None,
        reduce: Reducer | None = None,
        clock: Clock = utc_now,
    ) -> Self:
        """Return a monitor that goes on where ``state`` was taken: no new warm-up, no finding twice.

        Args:
            saved: what ``state`` returned.
            rules: the rules; one that has the name of a saved one takes its memory, another starts anew.
            evidence: what the run rests on from now on; None: what it rested on.
            spool: the folder, if it has moved.
            sink: as for the constructor, as are the others.
            rank: number of this process.
            world: how many there are.
            reduce: how they agree.
            clock: where time comes from.

        Raises:
            InvalidValue: it is no state of a monitor.
        """
        try:
            return cls._restored(saved, rules, evidence, spool, sink=sink, rank=rank, world=world, reduce=reduce,
                                 clock=clock)  # fmt: skip
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise InvalidValue("Monitor.from_state.saved", "must be what Monitor.state() returned") from error

    @classmethod
    def _restored(
        cls, saved: Mapping[str, Any], rules: Iterable[Rule], evidence: Run | None, spool: str | Path | None, **how: Any
    ) -> Self:
        if saved["format"] != _FORMAT:
            raise InvalidValue("Monitor.from_state.saved", f"must have the format {_FORMAT}")
        monitor = cls(
            saved["run"],
            system=saved["system"],
            component=saved["component"],
            rules=rules,
            evidence=Run(**saved["evidence"]) if evidence is None else evidence,
            every=saved["every"],
            equal=saved["equal"],
            spool=saved["spool"] if spool is None else spool,
            stage=Stage(saved["stage"]),
            **how,
        )
        monitor._take_state(saved)
        return monitor

    def resume(self, saved: Mapping[str, Any], /) -> None:
        """Go on where ``state`` was taken, with the rules and places that this monitor was made with.

        For frameworks that hand a saved state to what exists already; :meth:`from_state` makes a monitor of one.

        Args:
            saved: what ``state`` returned, in the same run.

        Raises:
            InvalidValue: it is no state of a monitor, or that of another run.
        """
        try:
            if (saved["format"], saved["run"]) != (_FORMAT, self._run):
                raise InvalidValue("Monitor.resume.saved", f"must have the format {_FORMAT} and be of this run")
            self._take_state(saved)
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidValue("Monitor.resume.saved", "must be what Monitor.state() returned") from error

    def _take_state(self, saved: Mapping[str, Any]) -> None:
        self._pending.clear()
        self._began = dt.datetime.fromisoformat(saved["began"])
        self._step, self._synced = int(saved["step"]), int(saved["synced"])
        self._good = saved["good"]
        self._panel.restore(saved["panel"])
        self._notes.restore(saved["notes"])
        self._notes.since = self._step

    # --- steps -------------------------------------------------------------------------------------------------------

    def _start(self) -> Ranks:
        return self._take_ranks(ranks_now(*self._given)) if self._ranks is None else self._ranks

    def _take_ranks(self, ranks: Ranks) -> Ranks:
        self._ranks = ranks
        self._notes.rank = ranks.rank
        self._panel.take_ranks(ranks)
        return ranks

    def _look(self, step: int, values: dict[str, Number]) -> Decision:
        if self._ranks is None:
            self._start()
        self._step = step
        waits = False
        for name, value in values.items():
            if type(value) is not float:
                if on_device(value):
                    waits = True
                else:
                    values = _plain(values, name)
        panel, decision = self._panel, CONTINUE
        if panel.at_once:
            seen, waits = self._now(values, waits)
            decision = panel.ask_at_once(step, seen)
        if not waits and not self._pending:
            panel.ask_later(step, values)
        else:
            self._pending.append((step, {name: kept(value) for name, value in values.items()}))
            if len(self._pending) >= self._every:
                self._judge_pending()
        return decision

    def _now(self, values: dict[str, Number], waits: bool) -> tuple[dict[str, float], bool]:
        """Return the numbers for the rules that are asked at once, and whether some still wait on a device."""
        if not waits:
            return values, False
        here = {name: value for name, value in values.items() if not on_device(value)}
        if all(not here.keys().isdisjoint(held.metrics) for held in self._panel.at_once):
            return here, True
        values.update(read([values])[0])
        return values, False

    def _judge_pending(self) -> None:
        waiting, self._pending = self._pending, []
        if waiting:
            for (step, _), values in zip(waiting, read([values for _, values in waiting]), strict=True):
                self._panel.ask_later(step, values)

    def _trouble(self, error: Exception) -> None:
        self._notes.count("internal_errors")
        self._notes.warn("the monitor failed inside and let the loop go on", error)

    # --- deciding ----------------------------------------------------------------------------------------------------

    def _decide(self, step: int) -> Decision:
        ranks, panel = self._start(), self._panel
        self._judge_pending()
        panel.say_starved(step)
        try:
            agreed = [int(one) for one in ranks.reduce([*panel.wants.values(), step, -step])]
        except Exception as error:  # noqa: BLE001  # the host's; this rank alone must not stop
            self._notes.warn("the ranks could not agree", error)
            alarm = Alarm(label="reduce_failed", verdict=Verdict.INDETERMINATE)
            panel.say(alarm, rule=MONITOR, risk=None, equal=False, step=step, cause=type(error).__name__)
            return CONTINUE
        save, roll_back, stop, failed = (one > 0 for one in agreed[: len(WANTS)])
        last, first = agreed[len(WANTS)], -agreed[len(WANTS) + 1]
        if first != last:
            alarm = Alarm(
                label="ranks_out_of_step", verdict=Verdict.INDETERMINATE, facts={"first": first, "last": last}
            )
            panel.say(alarm, rule=MONITOR, risk=None, equal=True, step=step)
        reasons, panel.reasons = tuple(panel.reasons), []
        panel.wants = dict.fromkeys(WANTS, 0)
        if not (save or roll_back or stop or failed):
            return CONTINUE
        return Decision(save=save, roll_back=roll_back, stop=stop or failed, failed=failed, checkpoint=self._good,
                        reasons=reasons)  # fmt: skip


def _plain(values: dict[str, Number], name: str) -> dict[str, Number]:
    """Return the numbers of a step with one of them as a float; what is None is left out."""
    value = values[name]
    if value is None:
        return {other: one for other, one in values.items() if other != name}
    return {**values, name: float(value)}
