"""How our four categories and six stages relate to entries of other schemes, with who says so and how surely."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from attrs import Attribute, field, frozen

from .._internal.fields import check_date, check_id, check_kind, check_text, name_of
from .._internal.words import Lang, OrderedWord, Origin, Word
from ..exceptions import InvalidValue
from ..stages import Stage
from ..taxonomy import RiskCategory

__all__ = [
    "Confidence",
    "Landing",
    "Mapping",
    "MitEntity",
    "MitIntent",
    "MitReading",
    "MitTiming",
    "Predicate",
    "Reference",
    "Scheme",
    "SchemeCoverage",
]

_REFERENCE = re.compile(r"([a-z0-9][a-z0-9._-]{0,63}):([A-Za-z0-9][A-Za-z0-9._()-]{0,63})")
_SCREENING = "asi.screening"
_AGENTIC = re.compile(r"ASI[0-9]{2}")


class Predicate(Word):
    """How two entries relate.

    Source: SKOS mapping properties, as SSSOM uses them.
    """

    EXACT = "exactMatch", "같음", "the same"
    CLOSE = "closeMatch", "거의 같음", "close"
    BROAD = "broadMatch", "더 넓음", "broader"
    NARROW = "narrowMatch", "더 좁음", "narrower"
    RELATED = "relatedMatch", "관련 있음", "related"


class Confidence(OrderedWord):
    """How sure the author of a mapping is (our choice of levels)."""

    LOW = "low", "낮음", "low"
    MEDIUM = "medium", "보통", "medium"
    HIGH = "high", "높음", "high"


@frozen
class Reference:
    """An entry of a scheme, for example ``owasp-llm:LLM01``; never without its scheme.

    Attributes:
        scheme: id of the scheme.
        id: id of the entry in the scheme; keeps its case.
    """

    scheme: str
    id: str

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read ``scheme:id``.

        Raises:
            InvalidValue: the text has no scheme or is no reference at all.
        """
        found = _REFERENCE.fullmatch(text) if isinstance(text, str) else None
        if found is not None:
            return cls(*found.groups())
        if isinstance(text, str) and _AGENTIC.fullmatch(text):
            remedy = f"write 'owasp-agentic:{text}'; without it ASI means the Kakao AI Safety Initiative here"
            raise InvalidValue("reference", "must name its scheme", remedy)
        raise InvalidValue("reference", "must be 'scheme:id'", "write it like 'owasp-llm:LLM01'")

    def __str__(self) -> str:
        """Write ``scheme:id``."""
        return f"{self.scheme}:{self.id}"


def check_reference(instance: Any, field: Attribute[Any], value: Any) -> None:
    """Refuse anything but ``scheme:id``."""
    try:
        Reference.parse(value)
    except InvalidValue as fault:
        raise InvalidValue(name_of(instance, field), fault.rule, fault.remedy) from None


@frozen(kw_only=True)
class Mapping:
    """One entry of ours and one of another scheme.

    Attributes:
        subject: ours, ``asi.categories:<id>``, ``asi.stages:<id>`` or ``asi.screening:<id of a candidate>``.
        predicate: how they relate.
        object: the other entry.
        author: who set it.
        confidence: how sure the author is.
        justification: why, at most 500 characters.
        date: day it was set.
    """

    subject: str = field(validator=check_reference)
    predicate: Predicate = field(validator=check_kind(Predicate))
    object: str = field(validator=check_reference)
    author: str = field(validator=check_id)
    confidence: Confidence = field(validator=check_kind(Confidence))
    justification: str = field(validator=check_text(longest=500))
    date: dt.date = field(validator=check_date)

    def __attrs_post_init__(self) -> None:
        """Refuse a subject that is none of ours; whether a candidate exists is checked by who ships candidates."""
        ours = Reference.parse(self.subject)
        if ours.scheme == _SCREENING:
            return
        members = {"asi.categories": RiskCategory, "asi.stages": Stage}.get(ours.scheme)
        if members is None or ours.id not in {member.id for member in members}:
            remedy = "write 'asi.categories:active_misuse' or 'asi.stages:test'"
            raise InvalidValue("Mapping.subject", "must be one of our categories or stages", remedy)

    @property
    def category(self) -> RiskCategory | None:
        """The category it is about; None for a stage or a candidate."""
        ours = Reference.parse(self.subject)
        return RiskCategory(ours.id) if ours.scheme == "asi.categories" else None

    @property
    def stage(self) -> Stage | None:
        """The stage it is about; None for a category or a candidate."""
        ours = Reference.parse(self.subject)
        return Stage(ours.id) if ours.scheme == "asi.stages" else None

    @property
    def candidate(self) -> str | None:
        """Id of the candidate of the screening catalogue it is about; None for a category or a stage."""
        ours = Reference.parse(self.subject)
        return ours.id if ours.scheme == _SCREENING else None

    @property
    def scheme(self) -> str:
        """The scheme of the other entry."""
        return Reference.parse(self.object).scheme


@frozen(kw_only=True)
class Scheme:
    """A scheme that mappings point into.

    Attributes:
        id: its id.
        version: the version the ids belong to.
        ko: what it is called in Korean.
        en: what it is called in English.
        licence: licence of the source.
        source_url: https address of the source.
        origin: who publishes it.
        retrieved_on: day it was read.
    """

    id: str = field(validator=check_id)
    version: str = field(validator=check_text(longest=20))
    ko: str = field(validator=check_text())
    en: str = field(validator=check_text())
    licence: str = field(validator=check_text(longest=50))
    source_url: str = field(validator=check_text(longest=500))
    origin: Origin = field(validator=check_kind(Origin))
    retrieved_on: dt.date = field(validator=check_date)

    def label(self, lang: Lang) -> str:
        """Return what it is called, in the language asked for."""
        return self.ko if lang == "ko" else self.en


@frozen(kw_only=True)
class SchemeCoverage:
    """What of our categories and stages a scheme's entries are mapped to.

    Attributes:
        scheme: the scheme.
        categories: each category with the ids mapped to it, sorted; in the order of the taxonomy.
        stages: each stage with the ids mapped to it, sorted; in the order of life.
    """

    scheme: Scheme
    categories: tuple[tuple[RiskCategory, tuple[str, ...]], ...]
    stages: tuple[tuple[Stage, tuple[str, ...]], ...]

    @property
    def open_categories(self) -> tuple[RiskCategory, ...]:
        """The categories nothing of the scheme is mapped to."""
        return tuple(category for category, ids in self.categories if not ids)

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        """The stages nothing of the scheme is mapped to."""
        return tuple(stage for stage, ids in self.stages if not ids)


class MitEntity(Word):
    """Who causes a risk, in the causal taxonomy of the MIT AI Risk Repository."""

    AI = "ai", "AI", "AI"
    HUMAN = "human", "인간", "human"
    OTHER = "other", "기타", "other"


class MitIntent(Word):
    """Whether a risk is caused on purpose, in the causal taxonomy of the MIT AI Risk Repository."""

    INTENTIONAL = "intentional", "의도적", "intentional"
    UNINTENTIONAL = "unintentional", "비의도적", "unintentional"
    OTHER = "other", "기타", "other"


class MitTiming(Word):
    """When a risk shows, in the causal taxonomy of the MIT AI Risk Repository."""

    PRE_DEPLOYMENT = "pre_deployment", "배포 전", "pre-deployment"
    POST_DEPLOYMENT = "post_deployment", "배포 후", "post-deployment"
    OTHER = "other", "기타", "other"


@frozen(kw_only=True)
class MitReading:
    """What a causal triple of the MIT AI Risk Repository may be here: candidates, never one forced answer.

    Attributes:
        categories: no, one or two candidates, the likelier first.
        stages: the stages its timing points to; empty where it does not tell.
    """

    categories: tuple[RiskCategory, ...] = ()
    stages: frozenset[Stage] = frozenset()

    @property
    def decided(self) -> bool:
        """Whether exactly one category is left; in any other case a person decides."""
        return len(self.categories) == 1


@frozen(kw_only=True)
class Landing:
    """Where the entries of a list of others land in the screening catalogue.

    Attributes:
        scheme: id of the scheme the entries are of.
        landed: each entry that is linked, with ids of its candidates, sorted; in the order asked.
        undecided: the entries nobody linked, in the order asked; people decide, nothing is guessed.
    """

    scheme: str
    landed: tuple[tuple[str, tuple[str, ...]], ...]
    undecided: tuple[str, ...]
