"""Rules: what a monitor asks about each step, evaluation and checkpoint, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from attrs import field, frozen

from .._internal.fields import check_bool, check_id, check_kind, check_optional, check_text
from .._internal.words import Word
from ..exceptions import InvalidValue
from ..findings import Scalar, Verdict, as_facts
from ..taxonomy import Grade
from ._score import Score

__all__ = [
    "ACTIONS",
    "Action",
    "Alarm",
    "Memory",
    "Moment",
    "Rule",
    "Seen",
    "check_action",
    "check_label",
    "moments_of",
]

Action: TypeAlias = Literal["note", "skip_update", "save", "roll_back", "stop", "shut"]
"""What a rule asks for: nothing, one of the fields of a :class:`Decision`, or to shut the gate of a checkpoint."""

ACTIONS = frozenset({"note", "skip_update", "save", "roll_back", "stop", "shut"})

Memory: TypeAlias = dict[str, Any]
"""A rule's own memory: a dict of what JSON can hold, kept by the monitor and saved with its state."""


class Moment(Word):
    """When a rule is asked (our choice of moments)."""

    START = "start", "시작", "Start"
    """Once, before the first step; again when a saved run goes on."""
    UPDATE = "update", "갱신 직전", "Before the update"
    """In each step, at once: the rule may ask to skip the update. A number that is on a device is read for it."""
    STEP = "step", "단계", "Step"
    """For each step, in order; where numbers are on a device, later, for many steps together."""
    EVALUATION = "evaluation", "평가", "Evaluation"
    """For each evaluation."""
    CHECKPOINT = "checkpoint", "체크포인트", "Checkpoint"
    """For each checkpoint that was written."""


class Seen(NamedTuple):
    """What a rule is shown.

    Attributes:
        moment: when it is asked.
        step: number of the step.
        values: the numbers of a step or an evaluation by name; missing is missing, never 0.
        scores: those of an evaluation with their counts, where they were given.
        groups: scores by division, group and metric, for example ``groups["region"]["busan"]["tpr"]``.
        facts: what else is known at the moment: digests of the run, or facts of a checkpoint.
        grade: the effective grade of the rule's risk as the board knows it; None where it is not known.
        stirred: whether a finding on the rule's risk was made in this run.
    """

    moment: Moment
    step: int
    values: Mapping[str, float]
    scores: Mapping[str, Score] = MappingProxyType({})
    groups: Mapping[str, Mapping[str, Mapping[str, Score]]] = MappingProxyType({})
    facts: Mapping[str, Scalar] = MappingProxyType({})
    grade: Grade | None = None
    stirred: bool = False


def _as_facts(value: Mapping[str, object] | tuple[tuple[str, Scalar], ...]) -> tuple[tuple[str, Scalar], ...]:
    return as_facts(value)


def check_action(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but the word of an action."""
    if value not in ACTIONS:
        raise InvalidValue(
            f"{type(instance).__name__}.{attribute.name}", "must be one of " + ", ".join(sorted(ACTIONS))
        )


check_label = check_text(longest=100)
"""Refuse anything but a name of a metric or a rule: 1 to 100 visible characters."""


@frozen(kw_only=True)
class Alarm:
    """What a rule has to say.

    Attributes:
        label: a short code for it, part of what makes findings one group.
        verdict: FLAG for what was seen, INDETERMINATE for what could not be looked at.
        action: what is asked for.
        metric: the number it is about; None for none.
        risk: id of the risk, where it is another one than the rule's.
        report: whether it becomes a finding; the second and later of a row need not.
        facts: named scalars, at most 12.
    """

    label: str = field(validator=check_id)
    verdict: Verdict = field(default=Verdict.FLAG, validator=check_kind(Verdict))
    action: Action = field(default="note", validator=check_action)
    metric: str | None = field(default=None, validator=check_optional(check_label))
    risk: str | None = field(default=None, validator=check_optional(check_id))
    report: bool = field(default=True, validator=check_bool)
    facts: tuple[tuple[str, Scalar], ...] = field(default=(), converter=_as_facts)


class Rule(Protocol):
    """What a monitor asks. Write your own: four things to state and one method.

    A rule keeps nothing in itself: what it has to remember goes into the memory it is given, so that a run that is
    resumed goes on as if it had not been interrupted.
    """

    @property
    def name(self) -> str:
        """1 to 100 characters, unique within a monitor and the same in every run: part of a finding's group."""
        ...

    @property
    def risk(self) -> str | None:
        """Id of the risk it bears on; None for a signal."""
        ...

    @property
    def moments(self) -> frozenset[Moment]:
        """When it is asked."""
        ...

    @property
    def metrics(self) -> frozenset[str]:
        """The numbers it looks at; where all of them are missing, the monitor says so and does not ask."""
        ...

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say what there is to say; nothing, if all is well within what the rule can see.

        What it raises is contained: it becomes a finding that the rule did not answer, and the run goes on.
        """
        ...


def moments_of(action: Action) -> frozenset[Moment]:
    """Return when a rule about steps is asked: at once only if it may ask to skip the update."""
    return frozenset({Moment.UPDATE if action == "skip_update" else Moment.STEP})
