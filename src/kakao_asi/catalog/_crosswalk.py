"""Crosswalks: from our categories and stages to other schemes and back, with provenance."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..exceptions import InvalidValue, UnknownId
from ..framework import Landing, Mapping, MitEntity, MitIntent, MitReading, MitTiming, Reference, Scheme, SchemeCoverage
from ..stages import Stage
from ..taxonomy import RiskCategory
from ._content import screening
from ._files import shipped

__all__ = [
    "check_mappings",
    "coverage",
    "coverage_of",
    "crosswalk",
    "landing",
    "mappings_of",
    "mit_reading",
    "schemes",
    "screening_links",
]

_BEFORE = frozenset({Stage.DESIGN, Stage.DEVELOPMENT, Stage.TEST})
_LOSS_OF_CONTROL = frozenset({"5.2", "7.1", "7.2", "7.6"})


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return the schemes that mappings point into, sorted by id."""
    return shipped("schemes.json", Scheme)


@cache
def crosswalk() -> tuple[Mapping, ...]:
    """Return every shipped mapping, sorted by subject and object; all are ours (``relatedMatch`` at most)."""
    return check_mappings(shipped("crosswalk.json", Mapping), schemes())


@cache
def screening_links() -> tuple[Mapping, ...]:
    """Return how candidates of the screening catalogue relate to entries of public lists of risks, sorted by subject.

    Each was set by hand, both texts read side by side; none by keyword. All are ours (``relatedMatch``).
    """
    rows = check_mappings(shipped("screening_links.json", Mapping), schemes())
    candidates = {one.id for one in screening()}
    lost = sorted({row.subject for row in rows if row.candidate not in candidates})
    if lost:  # pragma: no cover  # shipped data
        raise InvalidValue("screening links", f"must start from candidates of the catalogue, not {', '.join(lost)}")
    return rows


def landing(scheme: str, ids: Iterable[str]) -> Landing:
    """Return where the entries of a list land in the screening catalogue; what nobody linked is undecided.

    Args:
        scheme: id of the scheme the entries are of, for example ``ibm.risk-atlas``.
        ids: ids of the entries.

    Raises:
        UnknownId: there is no such scheme.
    """
    if scheme not in {one.id for one in schemes()}:
        raise UnknownId("scheme", scheme)
    found: dict[str, list[str]] = {}
    for row in screening_links():
        if row.scheme == scheme and row.candidate is not None:
            found.setdefault(Reference.parse(row.object).id, []).append(row.candidate)
    every = tuple(ids)
    return Landing(
        scheme=scheme,
        landed=tuple((one, tuple(sorted(found[one]))) for one in every if one in found),
        undecided=tuple(one for one in every if one not in found),
    )


def check_mappings(rows: Iterable[Mapping], known: Iterable[Scheme]) -> tuple[Mapping, ...]:
    """Return mappings sorted by subject and object, refusing those that point nowhere or stand twice.

    Raises:
        InvalidValue: a mapping stands twice, or its scheme is not known.
    """
    found = tuple(sorted(rows, key=lambda row: (row.subject, row.object)))
    if len({(row.subject, row.object) for row in found}) != len(found):
        raise InvalidValue("crosswalk rows", "must not hold a pair twice")
    missing = sorted({row.scheme for row in found} - {one.id for one in known})
    if missing:
        raise InvalidValue("crosswalk rows", f"must point into known schemes, not {', '.join(missing)}")
    return found


def mappings_of(reference: str, rows: Iterable[Mapping] | None = None) -> tuple[Mapping, ...]:
    """Return the mappings of an entry of another scheme, or of one of ours; empty if there are none.

    Args:
        reference: ``scheme:id``, for example ``owasp-agentic:ASI01`` or ``asi.categories:active_misuse``.
        rows: mappings to look in; all shipped ones by default, those of the screening catalogue last.

    Raises:
        InvalidValue: the reference has no scheme. ``ASI01`` alone is refused with a hint: OWASP's list for agents uses
            the prefix that stands for the Kakao AI Safety Initiative here.
    """
    wanted = str(Reference.parse(reference))
    searched = (*crosswalk(), *screening_links()) if rows is None else rows
    return tuple(row for row in searched if wanted in {row.subject, row.object})


def coverage(scheme: str, rows: Iterable[Mapping] | None = None) -> SchemeCoverage:
    """Return what of our categories and stages the entries of a scheme are mapped to.

    Args:
        scheme: id of the scheme, for example ``nist.rmf``.
        rows: mappings to look in; the shipped ones by default.

    Raises:
        UnknownId: there is no such scheme.
    """
    found = next((one for one in schemes() if one.id == scheme), None)
    if found is None:
        raise UnknownId("scheme", scheme)
    return coverage_of(found, crosswalk() if rows is None else rows)


def coverage_of(scheme: Scheme, rows: Iterable[Mapping]) -> SchemeCoverage:
    """Return what of our categories and stages the entries of a scheme are mapped to by some mappings."""
    mine = [row for row in rows if row.scheme == scheme.id]
    return SchemeCoverage(
        scheme=scheme,
        categories=tuple((one, _ids(row for row in mine if row.category is one)) for one in RiskCategory),
        stages=tuple((one, _ids(row for row in mine if row.stage is one)) for one in Stage),
    )


def _ids(rows: Iterable[Mapping]) -> tuple[str, ...]:
    return tuple(sorted({Reference.parse(row.object).id for row in rows}))


def mit_reading(
    entity: MitEntity | str, intent: MitIntent | str, timing: MitTiming | str, *, domain: str | None = None
) -> MitReading:
    """Return which categories and stages a causal triple of the MIT AI Risk Repository may be.

    Its intent is not the time horizon of ASI, so the answer is a set of candidates: none where the entity is neither
    AI nor human (a person decides, there is no third actor), two where the intent does not tell (the rule is ours).

    Args:
        entity: who causes it.
        intent: whether on purpose.
        timing: when it shows.
        domain: number of its domain, for example ``7.1``; orders two candidates and decides nothing.
    """
    timed = MitTiming(timing)
    stages = frozenset[Stage]()
    if timed is not MitTiming.OTHER:
        stages = _BEFORE if timed is MitTiming.PRE_DEPLOYMENT else frozenset(Stage) - _BEFORE
    return MitReading(categories=_categories(MitEntity(entity), MitIntent(intent), domain or ""), stages=stages)


def _categories(entity: MitEntity, intent: MitIntent, domain: str) -> tuple[RiskCategory, ...]:
    if entity is MitEntity.OTHER:
        return ()
    if entity is MitEntity.AI:
        meant, not_meant = RiskCategory.UNCONTROLLABILITY, RiskCategory.MODEL_IMPERFECTION
        meant_first = domain in _LOSS_OF_CONTROL
    else:
        meant, not_meant = RiskCategory.ACTIVE_MISUSE, RiskCategory.PASSIVE_NEGLIGENCE
        meant_first = domain.partition(".")[0] == "4"
    if intent is MitIntent.OTHER:
        return (meant, not_meant) if meant_first else (not_meant, meant)
    return (meant,) if intent is MitIntent.INTENTIONAL else (not_meant,)
