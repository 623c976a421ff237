"""The monitor: fed by a training loop, it asks its rules, notes what they say and never ends the run by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .._internal.clock import Clock, format_instant, utc_now
from .._internal.text import ID_RULE, is_id
from ..evidence import Evidence, EvidenceKind
from ..exceptions import InvalidValue
from ..findings import Verdict, is_path
from ..governance import Code, GateResult, Refusal
from ..signals import Health, Sink
from ..stages import Stage
from ._decision import CONTINUE, Decision
from ._evaluation import Evaluation, scores_of
from ._intake import Intake
from ._notes import Notes
from ._panel import MONITOR, WANTS, Panel
from ._ranks import Ranks, Reducer, ranks_now
from ._rule import Alarm, Rule
from ._run import Run
from ._score import Score
from ._values import Number, are_finite
from ._written import definition_of, digest_of_path

__all__ = ["Monitor"]

_FORMAT = "kakao_asi.monitor/1"


class Monitor:
    """Watches one training run; lives as long as the process that trains.

    Everything it does beside the constructor is contained: an error in a rule, a sink or the monitor is counted and
    told, and the loop goes on; only the test kit (``kakao_asi.testing.capture``) has them raised. It opens no thread,
    and nothing of it outlives the process. It belongs to the one thread that trains.

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
        stage: Stage | str = Stage.DEVELOPMENT,
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
        self._every, self._equal, self._stage, self._clock = every, frozenset(equal), Stage(stage), clock
        self._given: tuple[int | None, int | None, Reducer | None] = (rank, world, reduce)
        self._ranks: Ranks | None = None
        if rank is not None or world is not None or reduce is not None:
            ranks_now(rank, world, reduce)
        folder = None if spool is None else Path(spool)
        self._notes = Notes(
            run=run,
            component=path,
            stage=self._stage,
            folder=folder,
            sink=sink,
            clock=clock,
            facts=self._evidence.facts(),
        )
        self._rules = tuple(rules)
        self._panel = Panel(self._rules, notes=self._notes, equal=self._equal)
        self._intake = Intake(self._panel, most=every)
        self._partial: dict[str, Score] = {}
        self._partial_groups: dict[str, dict[str, dict[str, Score]]] = {}
        self._evaluation: Evaluation | None = None
        self._checkpoint: Evidence | None = None
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
            if self._ranks is None:
                self._start()
            self._step = step
            return self._intake.take(step, values)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)
            return CONTINUE

    def evaluate(
        self,
        step: int,
        metrics: Mapping[str, Any],
        /,
        *,
        groups: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
        partial: bool = False,
    ) -> None:
        """Look at an evaluation; every rank may call it with the same numbers, and rank 0 records.

        A rule whose number is missing, or not finite, says so: that is a failure of the evaluation, never a pass.

        Args:
            step: after which step.
            metrics: a :class:`Score`, or a bare number, by name.
            groups: the same by division, group and metric: ``{"region": {"busan": {"tpr": Score(...)}}}``.
            partial: whether the same evaluation goes on in a further call; the last one has it judged as a whole.
        """
        try:
            self._start()
            self._step = max(self._step, step)
            self._partial.update(scores_of(metrics))
            for by, found in (groups or {}).items():
                for group, one in found.items():
                    self._partial_groups.setdefault(by, {}).setdefault(group, {}).update(scores_of(one))
            if not partial:
                self._evaluation = self._gathered(step)
                self._partial, self._partial_groups = {}, {}
                self._intake.flush()
                self._panel.ask_evaluation(self._evaluation)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)

    def checkpoint(
        self,
        path: str | Path,
        /,
        *,
        step: int | None = None,
        tensors: Mapping[str, Any] | Iterable[Any] | None = None,
        digest: str | None = None,
    ) -> GateResult:
        """Look at a checkpoint that was written; the rank that wrote it calls it.

        Args:
            path: the file, or the folder of files.
            step: after which step; None: the last one seen.
            tensors: what was written, such as a state dict, to see whether it is finite; None: nobody looks.
            digest: its digest, where it is known; None: the files are read and hashed.

        Returns:
            The answer of its gate: shut by the board, for this component, or by a rule. It stops nothing by itself.
        """
        try:
            self._start()
            self._step = step = self._step if step is None else step
            self._intake.flush()
            return self._judge_checkpoint(str(path), step, tensors, digest)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)
            return GateResult(system=self._system, component=self._component, at=self._clock())

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
        ranks = ranks_now(rank, world, reduce)
        if self._ranks is not None:
            self._take_ranks(ranks)

    def flush(self) -> None:
        """Judge the numbers that still wait on a device, such as at the end of a training that is evaluated later."""
        try:
            self._start()
            self._intake.flush()
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the loop
            self._trouble(error)

    def close(self) -> None:
        """Ask what is left to ask, and tell what was only counted; a run that goes on may be closed again."""
        try:
            self._start()
            self._intake.flush()
            self._panel.say_unevaluated(self._step)
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

    def evidence(self) -> tuple[Evidence, ...]:
        """Return what an assessment of this run rests on, each piece once.

        Its data sets, its base model and its configuration; its rules, which fix what is measured and its limits; the
        last good checkpoint; the last evaluation.
        """
        found = list(self._evidence.evidence(at=self._began))
        if self._rules:
            digest = definition_of(self._rules)
            found.append(Evidence(digest=digest, kind=EvidenceKind.METRIC, at=self._began, place="rules"))
        if self._checkpoint is not None:
            found.append(self._checkpoint)
        if self._evaluation is not None:
            found.append(self._evaluation.evidence())
        return tuple(dict.fromkeys(found))

    @property
    def began(self) -> dt.datetime:
        """When the run began, also if it was resumed since; its rules, and so metrics and limits, are fixed then."""
        return self._began

    @property
    def evaluation(self) -> Evaluation | None:
        """The last whole evaluation; an assessment takes its factors from it."""
        return self._evaluation

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
        self._intake.flush()
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
            "stepped": self._intake.stepped,
            "good": self._good,
            "checkpoint": None
            if self._checkpoint is None
            else [self._checkpoint.digest, format_instant(self._checkpoint.at)],
            "evaluation": None if self._evaluation is None else self._evaluation.to_data(),
            "partial": self._gathered(self._step).to_data(),
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
                sink=sink,
                rank=rank,
                world=world,
                reduce=reduce,
                clock=clock,
            )
        except (KeyError, TypeError) as error:
            raise InvalidValue("Monitor.from_state.saved", "must be what Monitor.state() returned") from error
        monitor.resume(saved)
        return monitor

    def resume(self, saved: Mapping[str, Any], /) -> None:
        """Go on where ``state`` was taken, with the rules and places that this monitor was made with.

        For frameworks that hand a saved state to what exists already; :meth:`from_state` makes a monitor of one.

        Args:
            saved: what ``state`` of a monitor of this run returned.

        Raises:
            InvalidValue: it is no state of a monitor of this run; then nothing was taken from it.
        """
        field = "Monitor.resume.saved"
        if not isinstance(saved, Mapping) or saved.get("format") != _FORMAT or saved.get("run") != self._run:
            raise InvalidValue(field, f"must be what Monitor.state() returned for this run, in format {_FORMAT}")
        try:
            began = dt.datetime.fromisoformat(saved["began"])
            step, synced, good, checkpoint = (
                int(saved["step"]),
                int(saved["synced"]),
                saved["good"],
                saved["checkpoint"],
            )
            held = None if checkpoint is None else _evidence_of(checkpoint[0], dt.datetime.fromisoformat(checkpoint[1]))
            found = None if saved["evaluation"] is None else Evaluation.from_data(saved["evaluation"])
            partial = Evaluation.from_data(saved["partial"])
            stepped = bool(saved["stepped"])
            self._panel.restore(saved["panel"])
            self._notes.restore(saved["notes"], since=step)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise InvalidValue(field, "must be what Monitor.state() returned") from error
        self._intake.clear()
        self._began, self._step, self._synced, self._intake.stepped = began, step, synced, stepped
        self._good, self._checkpoint, self._evaluation = good, held, found
        self._partial = dict(partial.scores)
        self._partial_groups = {
            by: {name: dict(one) for name, one in groups.items()} for by, groups in partial.groups.items()
        }
        if self._ranks is not None:
            self._panel.ask_start(step, self._evidence.sources())

    # --- steps -------------------------------------------------------------------------------------------------------

    def _start(self) -> Ranks:
        if self._ranks is None:
            ranks = ranks_now(*self._given)
            self._take_ranks(ranks)
            self._panel.ask_start(self._step, self._evidence.sources())
            return ranks
        return self._ranks

    def _take_ranks(self, ranks: Ranks) -> None:
        self._ranks = ranks
        self._notes.rank = ranks.rank
        self._panel.take_ranks(ranks)

    def _trouble(self, error: Exception) -> None:
        self._notes.count("internal_errors")
        self._notes.raise_if_strict(error)
        self._notes.warn("the monitor failed inside and let the loop go on", error)

    def _gathered(self, step: int) -> Evaluation:
        scores, groups = self._partial, self._partial_groups
        return Evaluation(run=self._run, step=step, at=self._clock(), scores=scores, groups=groups)

    # --- checkpoints -------------------------------------------------------------------------------------------------

    def _judge_checkpoint(
        self, path: str, step: int, tensors: Mapping[str, Any] | Iterable[Any] | None, digest: str | None
    ) -> GateResult:
        panel, now = self._panel, self._clock()
        finite = None if tensors is None else are_finite(tensors)
        try:
            panel.digest = digest_of_path(Path(path)) if digest is None else digest
        except OSError as error:
            panel.digest = None
            alarm = Alarm(label="unreadable", verdict=Verdict.INDETERMINATE)
            panel.say(alarm, rule=MONITOR, risk=None, equal=False, step=step, cause=type(error).__name__)
        shut = panel.ask_checkpoint(step, {} if finite is None else {"finite": finite})
        if finite or (finite is None and panel.bad_at != step):
            self._good, self._checkpoint = path, _evidence_of(panel.digest, now)
        board = self._notes.board()
        held = () if board is None else board.blockers(self._path, now)
        asked = [
            Refusal(
                code=Code.CHECKPOINT_OPEN,
                subject=risk or self._run,
                detail=str(dict(alarm.facts).get("grade", alarm.label)),
            )
            for risk, alarm in shut
        ]
        return GateResult(
            system=self._system,
            component=self._component,
            at=now,
            blockers=(*held, *asked),
            next_change=None if board is None else board.next_change(self._path, now),
        )

    # --- deciding ----------------------------------------------------------------------------------------------------

    def _decide(self, step: int) -> Decision:
        ranks, panel = self._start(), self._panel
        self._intake.flush()
        if self._intake.stepped:
            panel.say_starved(step)
            self._intake.stepped = False
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
        return Decision(
            save=save, roll_back=roll_back, stop=stop or failed, failed=failed, checkpoint=self._good, reasons=reasons
        )


def _evidence_of(digest: str | None, at: dt.datetime) -> Evidence | None:
    return None if digest is None else Evidence(digest=digest, kind=EvidenceKind.MODEL, at=at, place="checkpoint")
