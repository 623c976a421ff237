"""What could go wrong at a stage, before anything did: candidates, and the answer that sets one aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import (
    PRIVATE,
    as_ids,
    as_nfc,
    check_id,
    check_kind,
    check_text,
    check_tuple_of,
    check_whole,
    worded,
)
from .._internal.words import Lang, Origin
from ..exceptions import InvalidValue
from ..stages import Stage, as_stage
from ..systems import System, SystemFact
from ..taxonomy import RiskCategory, as_category

__all__ = ["Candidate", "Dismissal", "Screened"]


def as_facts(values: Iterable[SystemFact | str]) -> frozenset[SystemFact]:
    """Return the members of those ids or Korean labels."""
    return worded(SystemFact, values)


@frozen(kw_only=True)
class Candidate:
    """A risk that a system may have at a stage; people identify it or set it aside with a reason.

    Attributes:
        id: stable id, by our rows ``<stage>.<ai|uc|mu|ng>.<label>``.
        stage: the stage it is asked at.
        category: the category a risk made of it has.
        label: the label a risk made of it takes, so that later findings of that label join it.
        ko: what could go wrong in Korean, 1 to 200 characters.
        en: the same in English.
        principles: ids of the ethics principles it touches; at least one.
        needs: facts a system must have for it to apply; a fact nobody stated counts as true.
        version: version of the catalogue the row belongs to, at least 1; a dismissal holds for one version.
        origin: who says so; the rows of this library and of a team are OURS.
    """

    id: str = field(validator=check_id)
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    category: RiskCategory = field(converter=as_category, validator=check_kind(RiskCategory))
    label: str = field(validator=check_id)
    ko: str = field(converter=as_nfc, validator=check_text())
    en: str = field(converter=as_nfc, validator=check_text())
    principles: frozenset[str] = field(converter=as_ids, validator=check_tuple_of(check_id, least=1, kind=frozenset))
    needs: frozenset[SystemFact] = field(
        default=frozenset(), converter=as_facts, validator=check_tuple_of(check_kind(SystemFact), kind=frozenset)
    )
    version: int = field(default=1, validator=check_whole(least=1))
    origin: Origin = field(default=Origin.OURS, validator=check_kind(Origin))

    def text(self, lang: Lang) -> str:
        """Return what could go wrong, in the language asked for."""
        return self.ko if lang == "ko" else self.en

    def fits(self, system: System) -> bool:
        """Tell whether it applies to a system: no fact it needs is known to be false."""
        return all(system.fact(fact) is not False for fact in self.needs)

    def assumed(self, system: System) -> tuple[SystemFact, ...]:
        """Return the facts it needs that nobody stated about a system, in the order of their definition."""
        return tuple(sorted((fact for fact in self.needs if system.fact(fact) is None), key=lambda fact: fact.rank))


@frozen(kw_only=True)
class Dismissal:
    """A candidate set aside with a reason, for one turn of the cycle.

    Attributes:
        candidate: id of the candidate.
        version: version of the catalogue it belonged to.
        stage: the stage it was asked at.
        round: the round of the system.
        because: why it does not apply; erasable.
        by: the principal who dismissed it.
        at: when.
        ended_at: when a changed fact or digest ended it; None while it was never ended so.
    """

    candidate: str = field(validator=check_id)
    version: int = field(validator=check_whole(least=1))
    stage: Stage = field(validator=check_kind(Stage))
    round: int = field(validator=check_whole(least=1))
    because: str = field(validator=check_text(longest=4_000, lines=True), repr=False, metadata=PRIVATE)
    by: str = field(validator=check_id)
    at: dt.datetime
    ended_at: dt.datetime | None = None

    def answers(self, candidate: Candidate, round: int) -> bool:  # a round of the life cycle
        """Tell whether it is a live answer to a candidate in a round: same catalogue version, and not ended."""
        asked = (candidate.id, candidate.version, candidate.stage, round)
        return self.ended_at is None and asked == (self.candidate, self.version, self.stage, self.round)


@frozen(kw_only=True)
class Screened:
    """A candidate as a system's screening shows it.

    Attributes:
        candidate: the candidate.
        assumed: facts nobody stated, which therefore count as true.
        dismissal: the live dismissal that answers it; None while it is open.
    """

    candidate: Candidate
    assumed: tuple[SystemFact, ...] = ()
    dismissal: Dismissal | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.dismissal is None


def check_unique(candidates: Iterable[Candidate], field_name: str) -> None:
    """Refuse candidates of which two share an id, or a stage, category and label.

    Raises:
        InvalidValue: two of them do.
    """
    seen: set[object] = set()
    for one in candidates:
        keys = {one.id, (one.stage, one.category, one.label)}
        if seen & keys:
            rule = "must not hold an id, or a stage, category and label, twice"
            raise InvalidValue(field_name, rule, f"rename '{one.id}' or raise the version of the row it replaces")
        seen |= keys
