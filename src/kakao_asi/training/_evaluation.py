"""One evaluation of a run, and what an assessment can take from it."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from .._internal.canonical import Json, canonical_bytes
from .._internal.clock import format_instant
from .._internal.fields import as_utc, check_aware, check_id, check_whole
from .._internal.text import is_id
from ..assessments import DataClass, ImperfectionFactors, Severity, Slice
from ..evidence import Evidence
from ..findings import decimal_text
from ._score import Score

__all__ = ["Evaluation", "Groups", "Scores", "scores_of"]

Scores = Mapping[str, Score]
Groups = Mapping[str, Mapping[str, Scores]]

_MOST_SLICES = 64


def scores_of(values: Mapping[str, Any]) -> dict[str, Score]:
    """Return scores by name; a bare number is one without counts, and what is None is left out."""
    return {
        name: value if isinstance(value, Score) else Score(value=float(value))
        for name, value in values.items()
        if value is not None
    }


def _as_scores(value: Mapping[str, Any]) -> dict[str, Score]:
    return scores_of(value)


def _as_groups(value: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, dict[str, Score]]]:
    return {by: {group: scores_of(one) for group, one in groups.items()} for by, groups in value.items()}


@frozen(kw_only=True)
class Evaluation:
    """What one evaluation found.

    Attributes:
        run: id of the run.
        step: after which step.
        at: when it was complete; UTC.
        scores: what was found, by metric.
        groups: the same by division, group and metric, for example ``groups["region"]["busan"]["toxic"]``.
    """

    run: str = field(validator=check_id)
    step: int = field(validator=check_whole())
    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    scores: Mapping[str, Score] = field(converter=_as_scores)
    groups: Mapping[str, Mapping[str, Mapping[str, Score]]] = field(converter=_as_groups, factory=dict)

    @property
    def values(self) -> dict[str, float]:
        """The numbers that are finite; the others count as missing."""
        return {name: score.value for name, score in self.scores.items() if math.isfinite(score.value)}

    def to_data(self) -> dict[str, Json]:
        """Return it as JSON holds it, numbers as decimal text."""
        groups: dict[str, Json] = {
            _key(by): {_key(group): _plain(one) for group, one in groups.items()} for by, groups in self.groups.items()
        }
        return {
            "run": self.run,
            "step": self.step,
            "at": format_instant(self.at),
            "scores": _plain(self.scores),
            "groups": groups,
        }

    def payload(self) -> bytes:
        """Return the bytes whose digest :meth:`evidence` holds; keep them where evidence is kept."""
        return canonical_bytes(self.to_data())

    def evidence(self, *, place: str | None = None) -> Evidence:
        """Return it as evidence of kind RESULT.

        Args:
            place: where its payload is kept, for people.
        """
        return Evidence.of_bytes(self.payload(), at=self.at, place=place)

    def factors(
        self,
        metric: str,
        *,
        severity: Severity | str | None,
        by: str | None = None,
        metric_fixed_at: dt.datetime | None = None,
        coverage_pct: int | None = None,
        calls_30d: int | None = None,
        exposes: Iterable[DataClass] = (),
        vulnerable_group: bool = False,
    ) -> ImperfectionFactors:
        """Return the factors of a risk of model imperfection, filled from this evaluation.

        A metric that is missing, or has no count of failures, gives factors that are missing: no grade follows from
        them, because unknown is not low.

        Args:
            metric: whose failures and trials are taken.
            severity: how bad one failure is; an evaluation does not know that.
            by: the division whose groups become slices; None: none. Groups without counts are left out, names that
                are no ids become ``group-`` and the beginning of their digest, and of more than 64 those with the
                highest rates are kept.
            metric_fixed_at: when metric and limit were fixed; then ``tested_at`` is the time of the evaluation.
            coverage_pct: how much of the intended use it covers, 0 to 100.
            calls_30d: how often the system is called in 30 days.
            exposes: data about people that a failure exposes.
            vulnerable_group: true if a failure meets children or others who need protection.

        Raises:
            InvalidValue: a factor breaks its rule.
        """
        score = self.scores.get(metric)
        counted = score is not None and score.failures is not None and bool(score.trials)
        return ImperfectionFactors(
            failures=score.failures if counted and score is not None else None,
            trials=score.trials if counted and score is not None else None,
            severity=None if severity is None else Severity(severity),
            slices=self._slices(metric, by),
            coverage_pct=coverage_pct,
            calls_30d=calls_30d,
            tested_at=None if metric_fixed_at is None else self.at,
            metric_fixed_at=metric_fixed_at,
            exposes=frozenset(exposes),
            vulnerable_group=vulnerable_group,
        )

    def _slices(self, metric: str, by: str | None) -> tuple[Slice, ...]:
        found: list[Slice] = []
        for group, scores in sorted(self.groups.get(by or "", {}).items()):
            score = scores.get(metric)
            if score is not None and score.failures is not None and score.trials:
                found.append(Slice(id=_slice_id(group), failures=score.failures, trials=score.trials))
        worst = sorted(found, key=lambda one: (-one.failures / one.trials, one.id))
        return tuple(sorted(worst[:_MOST_SLICES], key=lambda one: one.id))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Evaluation:
        """Read what :meth:`to_data` wrote.

        Raises:
            KeyError, TypeError, ValueError: it is no evaluation.
        """
        return cls(
            run=data["run"],
            step=data["step"],
            at=dt.datetime.fromisoformat(data["at"]),
            scores=_read(data["scores"]),
            groups={
                _name(by): {_name(group): _read(one) for group, one in groups.items()}
                for by, groups in data["groups"].items()
            },
        )


def _slice_id(group: str) -> str:
    """Return a group's name where it is an id, else one that is the same in every evaluation."""
    return group if is_id(group) else "group-" + hashlib.sha256(group.encode()).hexdigest()[:8]


def _key(name: str) -> str:
    """Write a name as ASCII, because canonical keys are."""
    return name.encode("unicode_escape").decode("ascii")


def _name(key: str) -> str:
    return key.encode("ascii").decode("unicode_escape")


def _plain(scores: Mapping[str, Score]) -> dict[str, Json]:
    return {_key(name): [decimal_text(one.value), one.trials, one.failures] for name, one in scores.items()}


def _read(data: Mapping[str, Any]) -> dict[str, Score]:
    return {_name(key): Score(value=float(one[0]), trials=one[1], failures=one[2]) for key, one in data.items()}
