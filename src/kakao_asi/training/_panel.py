"""The rules of one monitor, with their memories: asked in turn, each contained by itself."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..exceptions import InvalidValue
from ..findings import Scalar, Verdict, decimal_text
from ._decision import CONTINUE, Decision
from ._evaluation import Evaluation
from ._notes import Notes
from ._ranks import Ranks
from ._rule import Alarm, Memory, Moment, Rule, Seen
from ._steps import NON_FINITE

__all__ = ["MONITOR", "WANTS", "Panel"]

MONITOR = "monitor"
"""The name under which the monitor itself says something."""

WANTS = ("save", "roll_back", "stop", "failed")
"""What ranks agree on, in this order."""

# Looking a member up on its enum costs more than the rest of a step's bookkeeping.
_UPDATE, _STEP = Moment.UPDATE, Moment.STEP
_NOTHING: tuple[Alarm, ...] = ()
_MOST_REASONS = 100
_LONGEST_CAUSE = 100


class _Held:
    """One rule, with what would cost to ask for at each step."""

    __slots__ = ("fed", "judge", "memory", "metrics", "name", "rule", "starved")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.name = rule.name
        self.metrics = tuple(sorted(rule.metrics))
        self.judge: Callable[[Seen, Memory], Iterable[Alarm]] = rule.judge
        self.memory: Memory = {}
        self.fed = False
        self.starved = False


class Panel:
    """Asks the rules of one monitor; lives as long as it."""

    def __init__(self, rules: Iterable[Rule], *, notes: Notes, equal: frozenset[str]) -> None:
        """Hold the rules; each has a name of its own.

        Raises:
            InvalidValue: two rules have one name, or one has the monitor's.
        """
        self._held = tuple(_Held(rule) for rule in rules)
        names = [held.name for held in self._held]
        if len({*names, MONITOR}) <= len(names):
            raise InvalidValue("Monitor.rules", f"must each have a name of its own, not {MONITOR!r}", "pass name=")
        self._notes, self._equal = notes, equal
        self._alone = True
        self._told: set[str] = set()
        self.at_once: tuple[_Held, ...] = ()
        self._later: tuple[_Held, ...] = ()
        self.bad_at: int | None = None
        self.digest: str | None = None
        self.wants: dict[str, int] = dict.fromkeys(WANTS, 0)
        self.reasons: list[str] = []

    def take_ranks(self, ranks: Ranks) -> None:
        """Sort the rules by when they are asked.

        A rank may not skip a step alone, so there is nothing to read at once for a number that may differ.
        """
        self._alone = ranks.world == 1
        at_once = [held for held in self._held if Moment.UPDATE in held.rule.moments]
        self.at_once = tuple(held for held in at_once if self._alone or not self._equal.isdisjoint(held.metrics))
        self._later = tuple(
            held
            for held in self._held
            if Moment.STEP in held.rule.moments or (held in at_once and held not in self.at_once)
        )

    # --- steps -------------------------------------------------------------------------------------------------------

    def ask_at_once(self, step: int, values: Mapping[str, float]) -> Decision:
        """Ask the rules that may skip the update."""
        seen, skip = Seen(_UPDATE, step, values), False
        reasons: list[str] = []
        for held in self.at_once:
            for alarm in self._ask(held, seen):
                skip |= alarm.action == "skip_update" and (self._alone or alarm.metric in self._equal)
                reasons.append(f"{held.name}:{alarm.label}")
        return Decision(skip_update=skip, reasons=tuple(reasons)) if reasons else CONTINUE

    def ask_later(self, step: int, values: Mapping[str, float]) -> None:
        """Ask the rules that watch each step."""
        if not self._later:
            return
        seen = Seen(_STEP, step, values)
        # Spelled out for each rule: a call more would cost as much as the arithmetic of a rule.
        for held in self._later:
            for metric in held.metrics:
                if metric in values:
                    break
            else:
                if held.metrics:
                    continue
            held.fed = True
            try:
                alarms = held.judge(seen, held.memory)
                if alarms:
                    self._take(alarms, held, seen)
            except Exception as error:  # noqa: BLE001  # a rule is the user's; what it raises is a finding
                self._rule_failed(held, seen, error)

    def _ask(self, held: _Held, seen: Seen) -> Iterable[Alarm]:
        """Ask one rule, note what it says, and contain what it raises."""
        values = seen.values
        for metric in held.metrics:
            if metric in values:
                break
        else:
            if held.metrics:
                return _NOTHING
        held.fed = True
        try:
            alarms = held.judge(seen, held.memory)
            return self._take(alarms, held, seen) if alarms else _NOTHING
        except Exception as error:  # noqa: BLE001  # a rule is the user's; what it raises is a finding
            self._rule_failed(held, seen, error)
            return _NOTHING

    def _take(self, alarms: Iterable[Alarm], held: _Held, seen: Seen) -> tuple[Alarm, ...]:
        said = tuple(alarms)
        for alarm in said:
            self._hear(alarm, held.rule, seen)
        return said

    def say_starved(self, step: int) -> None:
        """Say which rules about steps saw none of their numbers since the last time; the first of a row is told."""
        for held in (*self.at_once, *self._later):
            if held.fed or not held.metrics:
                held.starved = False
            elif not held.starved:
                held.starved = True
                alarm = Alarm(label="missing", verdict=Verdict.INDETERMINATE)
                self.say(alarm, rule=held.name, risk=held.rule.risk, equal=True, step=step)
            held.fed = False

    # --- other moments -----------------------------------------------------------------------------------------------

    def ask_start(self, step: int, facts: Mapping[str, Scalar]) -> None:
        """Ask the rules about what the run rests on."""
        for held in self._at(Moment.START):
            self._ask(held, Seen(Moment.START, step, {}, facts=facts))

    def ask_evaluation(self, evaluation: Evaluation) -> None:
        """Ask the rules about an evaluation; one of which no number is there is told to be missing it."""
        values, step = evaluation.values, evaluation.step
        seen = Seen(Moment.EVALUATION, step, values, evaluation.scores, evaluation.groups)
        for held in self._at(Moment.EVALUATION):
            held.fed = True
            if held.metrics and not any(metric in values for metric in held.metrics):
                metric = held.metrics[0]
                found = evaluation.scores.get(metric)
                facts = {} if found is None else {"value": decimal_text(found.value)}
                alarm = Alarm(label="missing", verdict=Verdict.INDETERMINATE, metric=metric, facts=facts)
                self.say(alarm, rule=held.name, risk=held.rule.risk, equal=True, step=step)
            self._ask(held, seen)

    def ask_checkpoint(self, step: int, facts: Mapping[str, Scalar]) -> list[tuple[str | None, Alarm]]:
        """Ask the rules about a checkpoint; return what shuts its gate, each with the risk it is about."""
        shut: list[tuple[str | None, Alarm]] = []
        board = self._notes.board()
        for held in self._at(Moment.CHECKPOINT):
            risk = held.rule.risk
            known = None if board is None or risk is None else board.risk(risk)
            grade = None if known is None else known.grade
            seen = Seen(Moment.CHECKPOINT, step, {}, facts=facts, grade=grade, stirred=risk in self._notes.stirred)
            shut += [(alarm.risk or risk, alarm) for alarm in self._ask(held, seen) if alarm.action == "shut"]
        return shut

    def say_unevaluated(self, step: int) -> None:
        """Say which rules about evaluations were never asked in the whole run."""
        for held in self._at(Moment.EVALUATION):
            if not held.fed and not held.starved:
                held.starved = True
                alarm = Alarm(label="no_evaluation", verdict=Verdict.INDETERMINATE)
                self.say(alarm, rule=held.name, risk=held.rule.risk, equal=True, step=step)

    def _at(self, moment: Moment) -> Iterator[_Held]:
        return (held for held in self._held if moment in held.rule.moments)

    # --- hearing -----------------------------------------------------------------------------------------------------

    def _hear(self, alarm: Alarm, rule: Rule, seen: Seen) -> None:
        if alarm.action in self.wants:
            self.wants[alarm.action] = 1
        if alarm.label == NON_FINITE:
            self.bad_at = seen.step
        if alarm.report:
            stepwise = seen.moment in {Moment.STEP, Moment.UPDATE}
            risk = rule.risk if alarm.risk is None else alarm.risk
            # A checkpoint may be one rank's own shard; evaluations and what a run rests on are the same everywhere.
            equal = alarm.metric in self._equal if stepwise else seen.moment is not Moment.CHECKPOINT
            self.say(alarm, rule=rule.name, risk=risk, equal=equal, step=seen.step)

    def say(
        self, alarm: Alarm, *, rule: str, risk: str | None, equal: bool, step: int, cause: str | None = None
    ) -> None:
        """Note an alarm; arguments as for ``Notes.take``."""
        if len(self.reasons) < _MOST_REASONS:
            self.reasons.append(f"{rule}:{alarm.label}")
        cause = None if not cause else cause[:_LONGEST_CAUSE]
        self._notes.take(alarm, rule=rule, risk=risk, step=step, equal=equal, cause=cause, checkpoint=self.digest)

    def _rule_failed(self, held: _Held, seen: Seen, error: Exception) -> None:
        cause = type(error).__name__
        self._notes.count("control_failures")
        self._notes.raise_if_strict(error)
        self._notes.warn(f"rule {held.name} failed", error)
        if f"{held.name}:{cause}" not in self._told:
            self._told.add(f"{held.name}:{cause}")
            alarm = Alarm(label="rule_failed", verdict=Verdict.INDETERMINATE)
            self.say(alarm, rule=held.name, risk=held.rule.risk, equal=False, step=seen.step, cause=cause)

    # --- its state ---------------------------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """Return what the rules remember, as JSON holds it."""
        return {
            "memories": {held.name: self._memory_of(held) for held in self._held},
            "fed": [held.name for held in self._held if held.fed],
            "starved": [held.name for held in self._held if held.starved],
            "told": sorted(self._told),
            "bad_at": self.bad_at,
            "digest": self.digest,
            "wants": dict(self.wants),
            "reasons": list(self.reasons),
        }

    def _memory_of(self, held: _Held) -> Memory:
        """Return a copy of what a rule remembers; one that JSON cannot hold is left out, so that a save never fails."""
        try:
            memory: Memory = json.loads(json.dumps(held.memory, allow_nan=False))
        except (TypeError, ValueError, RecursionError) as error:
            self._notes.count("control_failures")
            self._notes.warn(f"rule {held.name} remembers what JSON cannot hold", error)
            return {}
        return memory

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take what :meth:`to_data` gave; a rule whose name is not in it starts anew."""
        for held in self._held:
            held.memory.clear()
            held.memory.update(copy.deepcopy(data["memories"].get(held.name, {})))
            held.fed, held.starved = held.name in data["fed"], held.name in data["starved"]
        self._told = set(data["told"])
        self.bad_at, self.digest = data["bad_at"], data["digest"]
        self.wants = {name: int(data["wants"][name]) for name in WANTS}
        self.reasons = list(data["reasons"])
