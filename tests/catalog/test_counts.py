"""What is shipped, counted against the tables that the content was planned in; a number that changes is a decision."""

from __future__ import annotations

from collections import Counter

from kakao_asi import RiskCategory, Stage, catalog
from kakao_asi.framework import ClockKind, EvidenceSource, GuidanceAudience
from kakao_asi.governance import Matter

ROWS = {
    "principles": 10,  # domain §2
    "guidance": 34,  # framework §1, «34 rows»
    "screening": 73,  # framework §3, «24 cells, 73 candidates»
    "pledge": 3,  # framework §4, «3 items»
    "horizon": 3,  # domain §8, «Horizon»
}
CLOCKS = {"kr.pipa.": 6, "kr.aiba.": 8, "eu.aia.": 5, "eu.cop.": 9}
"""Domain §8 lists 6 rows of the privacy act, 7 of the AI Basic Act, 2 of the EU Act and 2 of the code of practice.

A row there that holds several limits is one row for each limit here: the label of realistic media, the limits of an
incident, logs and documents, and the reports and reviews that follow.
"""
CROSSWALK = {
    "mit.domain": (7, 4, 5, 3),
    "nist.rmf": (7, 5, 3, 9),
    "nist.ai-600-1": (4, 2, 5, 3),
    "owasp-llm": (3, 1, 4, 4),
    "owasp-agentic": (1, 3, 4, 3),
    "ailuminate": (3, 0, 7, 1),
    "iso42001": (7, 3, 4, 7),
    "kanana": (7, 0, 8, 3),
    "kr.ai-basic-act": (3, 3, 1, 4),
    "eu.ai-act": (3, 3, 3, 4),
    "frontier": (0, 3, 3, 0),
}
"""Entries of each row of the table of domain §9, by its four columns."""


def test_every_table_is_shipped_whole() -> None:
    """Each scheme has as many rows as its table."""
    content = catalog.content()

    assert ROWS == {name: len(getattr(content, name)) for name in ROWS}


def test_every_clock_of_the_page_is_a_row() -> None:
    """The rows of law are counted by law."""
    assert CLOCKS == {law: sum(one.id.startswith(law) for one in catalog.clock_rows()) for law in CLOCKS}


def test_an_incident_clock_has_a_limit() -> None:
    """Each row for an incident says how long it leaves."""
    assert [] == [one.id for one in catalog.clock_rows() if one.kind is ClockKind.INCIDENT and one.limit is None]


def test_guidance_speaks_to_both_in_every_principle() -> None:
    """Each of the ten principles has rows for developers and for users, each stage at least two for developers."""
    rows = catalog.guidance()
    developers = Counter(one.stage for one in rows if one.audience is GuidanceAudience.DEVELOPER)

    assert (20, True) == (
        len({(one.principle, one.audience) for one in rows}),
        min(developers[one] for one in Stage) >= 2,
    )


def test_screening_fills_every_cell() -> None:
    """Each of the 24 cells of stage and category has 2 to 4 candidates, and each principle is in 3 or more."""
    cells = Counter((one.stage, one.category) for one in catalog.screening())
    touched = Counter(name for one in catalog.screening() for name in one.principles)

    assert (24, True) == (len(cells), set(cells.values()) <= {2, 3, 4})
    assert min(touched[one.id] for one in catalog.principles()) >= 3


def test_the_pledge_has_its_evidence() -> None:
    """The three items have the computed and attested evidence of their table (framework §4)."""
    found = {one.id: Counter(rule.source for rule in one.evidence) for one in catalog.pledge()}

    assert {"sabp:1": (5, 3), "sabp:2": (2, 2), "sabp:3": (2, 3)} == {
        name: (counted[EvidenceSource.COMPUTED], counted[EvidenceSource.ATTESTED]) for name, counted in found.items()
    }


def test_the_crosswalk_has_every_entry_of_its_table() -> None:
    """Each scheme is mapped to each category as often as the table says, and no other scheme is."""
    counted = Counter((one.scheme, one.category) for one in catalog.crosswalk() if one.category is not None)
    schemes = {scheme for scheme, _ in counted}

    assert CROSSWALK == {scheme: tuple(counted[scheme, one] for one in RiskCategory) for scheme in schemes}


def test_every_category_and_matter_is_named() -> None:
    """There are four categories and eight matters, and the categories' rows have their ids (domain §1, §7)."""
    assert ({one.id for one in RiskCategory}, 8) == ({one.id for one in catalog.categories()}, len(Matter))
