"""Public incidents as this project reads them: what the sources say, and beside it what is our reading.

One JSON file per incident; ``README.md`` in this folder describes the fields. Loading is strict: an unknown key, a
missing one or a value of another kind is refused with its place and the rule it breaks.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from kakao_asi.assessments import Factors
from kakao_asi.exceptions import InvalidValue
from kakao_asi.lifecycle import LinkKind
from kakao_asi.responses import Response
from kakao_asi.serialization import load
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience
from kakao_asi.taxonomy import HumanRole, RiskCategory

__all__ = ["Figure", "Incident", "ReadRisk", "Said", "Tie", "all_incidents"]


@frozen(kw_only=True)
class Said:
    """One text in two languages.

    Attributes:
        ko: in Korean.
        en: in English.
    """

    ko: str
    en: str


@frozen(kw_only=True)
class Figure:
    """A number that a source gives.

    Attributes:
        what: what was counted, with its unit.
        value: the number.
        qualifier: whether the source gives it exactly, roughly or as a lower bound.
    """

    what: Said
    value: int
    qualifier: Literal["exact", "about", "at_least"]


@frozen(kw_only=True)
class Tie:
    """What one risk of an incident does to another one of it.

    Attributes:
        kind: causes, amplifies, exploits or masks.
        to: key of the other risk.
    """

    kind: LinkKind
    to: str


@frozen(kw_only=True)
class ReadRisk:
    """One risk as we read it out of an incident. Everything here is our reading, not a finding of an authority.

    Attributes:
        key: what it is called within the incident.
        title: what could go wrong, in one line.
        category: one of the four categories; None where the sources do not carry one and a person has to decide.
        candidates: where there is no category, what a person may choose from.
        human_role: whose act it was; only for risks from humans.
        intent: for risks from humans, whether a source establishes intent.
        why: why we read it so.
        principles: ids of the ethics principles it touches.
        stages: the stages at which it could have been seen.
        factors: assumed by us, because no source gives them; None where there is no category.
        assumed: what was assumed, and why.
        responses: what would answer it; ours as well.
        ties: what it does to other risks of the incident.
    """

    key: str
    title: Said
    category: RiskCategory | None = None
    candidates: tuple[RiskCategory, ...] = ()
    human_role: HumanRole | None = None
    intent: Literal["established", "not_established"] | None = None
    why: Said
    principles: frozenset[str]
    stages: frozenset[Stage]
    factors: Factors | None = None
    assumed: Said | None = None
    responses: tuple[Response, ...] = ()
    ties: tuple[Tie, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse malice that no source establishes, and a category without everything a replay needs."""
        if self.category is RiskCategory.ACTIVE_MISUSE and self.intent != "established":
            rule = "must not be active_misuse unless a source establishes intent"
            raise InvalidValue("ReadRisk.category", rule, "read it as passive_negligence, or leave the category open")
        complete = self.factors is not None and self.assumed is not None and bool(self.responses)
        if (self.category is not None) is not complete:
            rule = "goes with factors, what they assume, and responses"
            raise InvalidValue("ReadRisk.category", rule, "give all of them, or candidates only")
        if (self.category is None) is not bool(self.candidates):
            raise InvalidValue("ReadRisk.candidates", "stand in for a category, and only for that")


@frozen(kw_only=True)
class Incident:
    """A public incident. Organisations and systems are described by kind, never by name.

    Attributes:
        id: stable id.
        title: what it was, in one line.
        when: the date that the sources give: a year and month, or a day.
        when_means: what that date is the date of.
        organisation: the kind of organisation.
        system: the kind of system.
        audience: who the system served.
        what_happened: the facts, in our own words.
        done: what was done about it, as far as we know.
        decided: what an authority or the organisation decided, as far as we know.
        figures: numbers the sources give.
        risks: our reading of it; at least one.
        confidence: high: a decision of an authority in several reports; medium: press; low: secondary sources only.
        notes: what a reader should keep in mind.
        sources: addresses, or where none is known, how to find the source.
        retrieved_on: the day the sources were read.
    """

    id: str
    title: Said
    when: str
    when_means: Said
    organisation: Said
    system: Said
    audience: Audience
    what_happened: Said
    done: Said | None = None
    decided: Said | None = None
    figures: tuple[Figure, ...] = ()
    risks: tuple[ReadRisk, ...] = field()
    confidence: Literal["high", "medium", "low"]
    notes: tuple[Said, ...] = ()
    sources: tuple[str, ...]
    retrieved_on: dt.date

    def __attrs_post_init__(self) -> None:
        """Refuse an incident without risks or sources, and a tie that leads nowhere."""
        if not self.risks or not self.sources:
            raise InvalidValue("Incident.risks", "and sources must each hold at least one entry")
        keys = {risk.key for risk in self.risks}
        if any(tie.to == risk.key or tie.to not in keys for risk in self.risks for tie in risk.ties):
            raise InvalidValue("Incident.risks", "must be tied to other risks of the same incident only")


def all_incidents() -> tuple[Incident, ...]:
    """Load every incident of this folder, the earliest first.

    Raises:
        LoadError: a file breaks a rule.
    """
    files = sorted(Path(__file__).parent.glob("*.json"))
    return tuple(sorted((load(Incident, file.read_bytes()) for file in files), key=lambda one: (one.when, one.id)))
