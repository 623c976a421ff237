"""Rules about what a run starts from and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import (
    check_bool,
    check_digest,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
    tupled,
)
from ..findings import Verdict
from ..taxonomy import Grade
from ._rule import Alarm, Memory, Moment, Seen, check_label

__all__ = ["Checkpoint", "Citation", "DataRefresh"]

BASE_MODEL = "base model"
"""What the base model is called among the things a run rests on."""


@frozen(kw_only=True)
class Citation:
    """A risk whose assessment rests on one state of a data set or a base model.

    Attributes:
        risk: id of the risk.
        name: name of the data set; ``base model`` for that.
        digest: digest of the state it rests on.
    """

    risk: str = field(validator=check_id)
    name: str = field(validator=check_label)
    digest: str = field(validator=check_digest)


def _as_citations(values: Iterable[Citation]) -> tuple[Citation, ...]:
    return tupled(values)


@frozen(kw_only=True)
class DataRefresh:
    """Says when a run starts from other data, or another base model, than what was assessed or than it started from.

    It compares digests: it cannot see what has changed in the data, nor data that the run does not name.

    Attributes:
        citations: which risks rest on which data; ``training.citations(register, system)`` reads them. One finding
            for each risk that rests on another state of a data set of that name.
        name: part of what makes findings one group.
    """

    citations: tuple[Citation, ...] = field(
        default=(), converter=_as_citations, validator=check_tuple_of(check_kind(Citation), most=100_000)
    )
    name: str = field(default="data_refresh", validator=check_label)

    @property
    def risk(self) -> str | None:
        """None of its own: each citation names its risk, and a change within the run is a signal."""
        return None

    @property
    def moments(self) -> frozenset[Moment]:
        """When a run starts, and when it goes on."""
        return frozenset({Moment.START})

    @property
    def metrics(self) -> frozenset[str]:
        """It looks at digests, not at numbers."""
        return frozenset()

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say what was assessed, or begun, on another state; once for each new state."""
        now = _sources(seen)
        found = [
            self._changed(name, memory[name], digest, None)
            for name, digest in now.items()
            if name in memory and memory[name] != digest
        ]
        for cited in self.citations:
            digest = now.get(cited.name)
            if digest is not None and digest != cited.digest and memory.get(cited.name) != digest:
                found.append(self._changed(cited.name, cited.digest, digest, cited.risk))
        memory.update(now)
        return found

    def _changed(self, name: str, old: str, new: str, risk: str | None) -> Alarm:
        label = "model_refresh" if name == BASE_MODEL else "data_refresh"
        return Alarm(label=label, metric=name, risk=risk, facts={"old": old, "new": new})


def _sources(seen: Seen) -> dict[str, str]:
    found = {name.removeprefix("data."): str(value) for name, value in seen.facts.items() if name.startswith("data.")}
    if "base_model" in seen.facts:
        found[BASE_MODEL] = str(seen.facts["base_model"])
    return found


@frozen(kw_only=True)
class Checkpoint:
    """Says whether a checkpoint's numbers are finite, and shuts its gate while its risk stands too high.

    A shut gate stops nothing: it is the answer of ``Monitor.checkpoint``, and what to do with the file is the loop's
    choice. Only tensors that are handed over are looked at; without them nobody knows whether they are finite.

    Attributes:
        risk: id of the risk it bears on.
        require_finite: whether a checkpoint has to be known to be finite.
        block_at: the gate is shut while a finding of this run bears on the risk and its effective grade is this or
            more; a grade that is not known counts as more. None: a grade shuts nothing.
        name: part of what makes findings one group.
    """

    risk: str | None = field(default=None, validator=check_optional(check_id))
    require_finite: bool = field(default=True, validator=check_bool)
    block_at: Grade | None = field(default=None, validator=check_optional(check_kind(Grade)))
    name: str = field(default="checkpoint", validator=check_label)

    @property
    def moments(self) -> frozenset[Moment]:
        """At each checkpoint."""
        return frozenset({Moment.CHECKPOINT})

    @property
    def metrics(self) -> frozenset[str]:
        """It looks at no number of a step."""
        return frozenset()

    def judge(self, seen: Seen, _memory: Memory, /) -> Iterable[Alarm]:
        """Say that the checkpoint is not finite, or that nobody knows, or that its risk stands too high."""
        finite = seen.facts.get("finite")
        found: list[Alarm] = []
        if self.block_at is not None and seen.stirred and (seen.grade is None or seen.grade >= self.block_at):
            grade = "unassessed" if seen.grade is None else seen.grade.id
            found.append(Alarm(label="risk_open", action="shut", facts={"grade": grade}))
        if self.require_finite and finite is False:
            found.append(Alarm(label="not_finite", action="shut"))
        elif self.require_finite and finite is None:
            found.append(Alarm(label="finite_unknown", verdict=Verdict.INDETERMINATE))
        return found
