"""What a guard does with its detectors' answers: report, withhold, mask, or apply its failure policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias

from attrs import frozen

from .._internal.sites import Site
from ..findings import Scalar, Verdict
from ..signals import current
from ..signals._counting import counts
from ..taxonomy import Grade
from ._detectors import Detection, Side
from ._noting import note
from ._running import Answer, Runner

__all__ = ["Judge", "Judgement", "OnIndeterminate"]

OnIndeterminate: TypeAlias = Literal["block", "allow", "fallback"]
"""What happens when a control does not answer."""


@frozen(kw_only=True)
class Judgement:
    """What is to happen with one text.

    Attributes:
        blocked: labels for which it is withheld, sorted.
        blocking: the detections behind them.
        transforms: detections whose spans are to be replaced.
        silent: names of detectors that did not answer, sorted, where the policy is not to let it pass.
        policy: what is done where a detector did not answer; None if all did.
    """

    blocked: tuple[str, ...] = ()
    blocking: tuple[Detection, ...] = ()
    transforms: tuple[Detection, ...] = ()
    silent: tuple[str, ...] = ()
    policy: OnIndeterminate | None = None


@frozen(kw_only=True)
class Judge:
    """Judges for one guard; lives as long as what it decorates.

    Attributes:
        site: the decorated place.
        risks: risk ids by side or label; a label wins.
        enforces: whether the guard may change anything.
        on_indeterminate: the policy configured; None: by the grade of the risk.
        side_effects: whether the body does what cannot be undone.
        stream_mode: of a stream, its mode.
    """

    site: Site
    risks: Mapping[str, str]
    enforces: bool
    on_indeterminate: OnIndeterminate | None
    side_effects: bool

    def risk_of(self, side: Side, label: str | None = None) -> str | None:
        """Return the risk a label or else a side is mapped to; None makes it a signal."""
        found = self.risks.get(label) if label is not None else None
        return found if found is not None else self.risks.get(side)

    def policy(self, side: Side) -> OnIndeterminate:
        """Return the policy in effect.

        A guard that only observes lets pass. Unless configured, a guard blocks where its risk is graded HIGH or not
        assessed, or where the body has side effects, and lets pass elsewhere (our choice).
        """
        if not self.enforces:
            return "allow"
        if self.on_indeterminate is not None:
            return self.on_indeterminate
        recorder, risk = current(), self.risk_of(side)
        known = None if recorder is None or recorder.state is None or risk is None else recorder.state.risk(risk)
        grave = known is None or known.grade in {None, Grade.HIGH}
        return "block" if grave or self.side_effects else "allow"

    def judge(
        self,
        side: Side,
        answers: Iterable[tuple[Runner, Answer]],
        *,
        fresh: Callable[[str, Iterable[Detection]], list[Detection]],
        mode: str,
    ) -> Judgement:
        """Report what was seen and say what is to happen. A BLOCK stands, whatever another detector failed at."""
        blocking: list[Detection] = []
        transforms: list[Detection] = []
        silent: list[str] = []
        for runner, answer in answers:
            for one in fresh(runner.name, answer.detections):
                if one.verdict in {Verdict.CLEAR, Verdict.INDETERMINATE}:
                    continue
                self._report(side, runner.name, one, mode)
                if one.verdict is Verdict.BLOCK:
                    blocking.append(one)
                elif one.verdict is Verdict.TRANSFORM:
                    transforms.append(one)
            if answer.failure is not None:
                silent.append(runner.name)
                self.report_failure(side, runner.name, answer.failure, mode)
        policy = self.policy(side) if silent else None
        if not silent:
            counts.add("guarded_calls")
        if not self.enforces:
            return Judgement(policy=policy)
        return Judgement(
            blocked=tuple(sorted({one.label or "" for one in blocking})),
            blocking=tuple(blocking),
            transforms=tuple(transforms),
            silent=() if policy == "allow" else tuple(sorted(silent)),
            policy=policy,
        )

    def _report(self, side: Side, detector: str, one: Detection, mode: str) -> None:
        facts: dict[str, Scalar] = {"detector": detector, "side": side, "mode": mode, "spans": len(one.spans)}
        if one.spans:
            first = one.spans[0]
            facts |= {"offset": first.start, "length": first.end - first.start}
            if first.digest is not None:
                facts["digest"] = first.digest
        if one.notes:
            facts["notes"] = ",".join(one.notes)
        if one.principles:
            facts["principles"] = ",".join(sorted(one.principles))
        note(
            self.site,
            risk=self.risk_of(side, one.label),
            verdict=one.verdict,
            label=one.label,
            score=one.score,
            facts=facts,
            category=one.category,
        )

    def report_failure(self, side: Side, detector: str, failure: str, mode: str) -> None:
        """Report that a control did not answer, with the policy that really is in effect."""
        policy = self.policy(side)
        counts.add("control_failures")
        if policy == "allow":
            counts.add("unguarded_calls")
        note(
            self.site,
            risk=self.risk_of(side),
            verdict=Verdict.INDETERMINATE,
            label=f"control_failure:{detector}",
            cause=failure[:100],
            facts={"detector": detector, "side": side, "mode": mode, "unguarded": policy == "allow"},
            policy=policy,
        )


def all_new(_detector: str, detections: Iterable[Detection]) -> list[Detection]:
    """Take every detection: outside of streams nothing was reported before."""
    return list(detections)


def text_of_item(item: Any) -> str | None:
    """Return the text of a result or of an item of a stream; None if it holds none."""
    return item if isinstance(item, str) else None
