"""What the register takes of findings: who saw what how often. Facts travel as one erasable text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from attrs import evolve, field, frozen

from .._internal.canonical import MAX_INTEGER
from .._internal.fields import (
    PRIVATE,
    as_utc,
    check_aware,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_whole,
)
from ..exceptions import InvalidValue
from ..findings import Finding, FindingKey, Verdict, check_path
from ..stages import Stage
from ..taxonomy import Actor, RiskCategory

__all__ = ["Sighting", "as_sightings", "merged", "sum_of"]

_LONGEST_NAME = 200
_LONGEST_FACTS = 64_000


@frozen(kw_only=True)
class Sighting:
    """A finding, or several of one group, as the register takes it; ``Sighting.of(finding)`` makes it of a finding.

    Attributes:
        risk: id of the risk it names; None for a signal.
        component: path of the part it was seen in.
        stage: the stage of the system's life it was seen at, if known.
        actor: who it comes from, if known.
        category: the suggested category of a signal.
        verdict: what the control said; never CLEAR, which finds nothing.
        site: the decorated place.
        label: the detector's or the hook's code.
        cause: name of the exception's type.
        run: the activity or training run it belongs to.
        policy: what was really done where a control did not answer.
        facts: the facts as the text of a JSON object; erasable, not shown in ``repr``. Those of the first are kept.
        count: occurrences, from 1.
        suppressed: how many of them were not reported on their own; 0 to ``count``.
        first: when the first of them was seen.
        last: when the last of them was seen; not before ``first``.
    """

    risk: str | None = field(default=None, validator=check_optional(check_id))
    component: str | None = field(default=None, validator=check_optional(check_path))
    stage: Stage | None = field(default=None, validator=check_optional(check_kind(Stage)))
    actor: Actor | None = field(default=None, validator=check_optional(check_kind(Actor)))
    category: RiskCategory | None = field(default=None, validator=check_optional(check_kind(RiskCategory)))
    verdict: Verdict = field(validator=check_kind(Verdict))
    site: str = field(validator=check_text(longest=_LONGEST_NAME))
    label: str | None = field(default=None, validator=check_optional(check_text(longest=_LONGEST_NAME)))
    cause: str | None = field(default=None, validator=check_optional(check_text(longest=_LONGEST_NAME)))
    run: str | None = field(default=None, validator=check_optional(check_id))
    policy: str | None = field(default=None, validator=check_optional(check_id))
    facts: str | None = field(
        default=None, validator=check_optional(check_text(longest=_LONGEST_FACTS)), repr=False, metadata=PRIVATE
    )
    count: int = field(default=1, validator=check_whole(least=1))
    suppressed: int = field(default=0, validator=check_whole())
    first: dt.datetime = field(converter=as_utc, validator=check_aware)
    last: dt.datetime = field(converter=as_utc, validator=check_aware)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no finding, more suppressed than counted, and an end before the beginning."""
        if self.verdict is Verdict.CLEAR:
            raise InvalidValue("Sighting.verdict", "must not be CLEAR: the control found nothing")
        if self.suppressed > self.count:
            raise InvalidValue("Sighting.suppressed", "must be at most Sighting.count")
        if self.last < self.first:
            raise InvalidValue("Sighting.last", "must not be before Sighting.first")

    @classmethod
    def of(cls, finding: Finding) -> Sighting:
        """Return what the register takes of a finding.

        Raises:
            InvalidValue: its verdict is CLEAR.
        """
        first = finding.at if finding.first is None else min(finding.first, finding.at)
        return cls(
            risk=finding.risk,
            component=finding.component,
            stage=finding.stage,
            actor=finding.actor,
            category=finding.category,
            verdict=finding.verdict,
            site=finding.site,
            label=finding.label,
            cause=finding.cause,
            run=finding.run,
            policy=finding.policy,
            facts=json.dumps(dict(finding.facts), sort_keys=True) if finding.facts else None,
            count=finding.count,
            suppressed=finding.suppressed,
            first=first,
            last=finding.at,
        )

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the findings it stands for, which is the id of their group."""
        actor = None if self.actor is None else self.actor.id
        key = FindingKey(self.risk, actor, self.component, self.site, self.cause, self.label, self.verdict.id)
        return key.fingerprint

    def implied_by(self, actor: Actor) -> Sighting:
        """Return it without its actor where that is the actor of the risk it names, which says so already.

        A process that knows the risk tells its actor, and one without a register does not; both are one group.
        """
        return evolve(self, actor=None) if self.actor is actor else self

    @property
    def system(self) -> str | None:
        """Id of the system that the path of the component begins with."""
        return None if self.component is None else self.component.partition("/")[0]


def as_sightings(values: Iterable[Finding | Sighting]) -> tuple[Sighting, ...]:
    """Return findings as the register takes them; anything else is left for the validator to refuse."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        return values
    return tuple(Sighting.of(one) if isinstance(one, Finding) else one for one in values)


def merged(sightings: Iterable[Sighting]) -> dict[str, Sighting]:
    """Return one sighting a group, by fingerprint in the order met; counts add up, and no order changes them."""
    found: dict[str, Sighting] = {}
    for one in sightings:
        name = one.fingerprint
        known = found.get(name)
        found[name] = one if known is None else _together(known, one)
    return found


def sum_of(one: int, other: int) -> int:
    """Return the sum of two counts; the largest number that JSON keeps exactly stands for every larger one."""
    return min(one + other, MAX_INTEGER)


def _together(one: Sighting, other: Sighting) -> Sighting:
    return evolve(
        one,
        count=sum_of(one.count, other.count),
        suppressed=sum_of(one.suppressed, other.suppressed),
        first=min(one.first, other.first),
        last=max(one.last, other.last),
    )
