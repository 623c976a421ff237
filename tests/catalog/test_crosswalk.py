"""Crosswalks: provenance on each row, ids never without their scheme, candidates instead of forced answers."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import RiskCategory, Stage, catalog
from kakao_asi.exceptions import InvalidValue, UnknownId
from kakao_asi.framework import Mapping, MitEntity, MitIntent, MitTiming, Predicate, Reference, Scheme

AI_MISUSE = "asi.categories:active_misuse"
LICENCES = {
    "Apache-2.0",
    "CC-BY-4.0",
    "LicenseRef-EU-law",
    "LicenseRef-KR-statute",
    "LicenseRef-US-Gov",
    "LicenseRef-facts-only",
    "MIT",
}


def name(row: Mapping) -> str:
    """The ends of a mapping, as the name of a test."""
    return f"{row.subject}-{row.object}"


@pytest.mark.parametrize("row", [*catalog.crosswalk(), *catalog.screening_links()], ids=name)
def test_every_mapping_carries_its_provenance(row: Mapping) -> None:
    """Each mapping says who set it, how surely, why and when, and claims no more than a close relation."""
    assert (True, "kakao_asi", True) == (
        row.predicate in {Predicate.RELATED, Predicate.CLOSE},
        row.author,
        row.date >= dt.date(2026, 11, 23) and bool(row.justification),
    )


@pytest.mark.parametrize("scheme", catalog.schemes(), ids=lambda one: str(one.id))
def test_every_scheme_may_be_named(scheme: Scheme) -> None:
    """Each scheme has a licence on the list, an https source and labels in both languages."""
    assert (True, True, True) == (
        scheme.licence in LICENCES,
        scheme.source_url.startswith("https://"),
        bool(scheme.label("ko")) and bool(scheme.label("en")),
    )


@pytest.mark.parametrize("scheme", ["kr.ai-basic-act", "nist.rmf", "nist.ai-600-1"])
def test_korean_law_and_nist_cover_all_categories_and_stages(scheme: str) -> None:
    """The Korean AI Basic Act and the two NIST documents leave no category and no stage open."""
    found = catalog.coverage(scheme)

    assert ((), ()) == (found.open_categories, found.open_stages)


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        pytest.param("ailuminate", (RiskCategory.UNCONTROLLABILITY,), id="ailuminate"),
        pytest.param("kanana", (RiskCategory.UNCONTROLLABILITY,), id="kanana"),
        pytest.param("owasp-llm", (), id="owasp"),
    ],
)
def test_what_a_scheme_does_not_speak_of_is_a_gap(scheme: str, expected: tuple[RiskCategory, ...]) -> None:
    """A scheme that has nothing on a category leaves it open."""
    assert expected == catalog.coverage(scheme).open_categories


def test_coverage_lists_the_ids_of_a_stage() -> None:
    """Entries of a scheme stand under the stages they are mapped to, sorted."""
    found = dict(catalog.coverage("cosai").stages)

    assert ("data-preparation", "development", "model-training") == found[Stage.DEVELOPMENT]


def test_an_unknown_scheme_has_no_coverage() -> None:
    """A scheme nobody ships mappings for is an unknown id."""
    with pytest.raises(UnknownId, match="nowhere"):
        catalog.coverage("nowhere")


def test_a_bare_agentic_id_is_refused_with_a_hint() -> None:
    """ASI01 alone is refused: OWASP's list shares the prefix, so the scheme has to be named."""
    with pytest.raises(InvalidValue, match="owasp-agentic:ASI01"):
        catalog.mappings_of("ASI01")


@pytest.mark.parametrize("text", ["", "LLM01", "a b:c", "scheme:", 5])
def test_a_reference_names_its_scheme(text: Any) -> None:
    """What is not 'scheme:id' is no reference."""
    with pytest.raises(InvalidValue, match="scheme"):
        Reference.parse(text)


def test_an_entry_leads_to_our_categories() -> None:
    """An entry of another scheme is found from its side, a category from ours."""
    assert (["asi.categories:active_misuse", "asi.screening:test.mu.hidden_instruction"], True) == (
        [row.subject for row in catalog.mappings_of("owasp-agentic:ASI01")],
        any(row.object == "owasp-agentic:ASI01" for row in catalog.mappings_of(AI_MISUSE)),
    )


@pytest.mark.parametrize("subject", ["asi.categories:unknown", "asi.stages:deploy", "nist.rmf:MAP-1.1"])
def test_a_mapping_starts_from_one_of_ours(subject: str) -> None:
    """A mapping whose subject is none of our categories and stages is refused."""
    with pytest.raises(InvalidValue, match="categories or stages"):
        evolve(catalog.crosswalk()[0], subject=subject)


def test_a_mapping_knows_what_it_is_about() -> None:
    """A mapping is about a category or about a stage, never both."""
    of_category = catalog.mappings_of("owasp-llm:LLM06")[0]
    of_stage = catalog.mappings_of("cosai:planning")[0]

    assert ((True, False), (False, True)) == (
        (of_category.category is not None, of_category.stage is not None),
        (of_stage.category is not None, of_stage.stage is not None),
    )


def test_a_mapping_twice_is_refused() -> None:
    """The same pair twice is an error of the data."""
    row = catalog.crosswalk()[0]

    with pytest.raises(InvalidValue, match="twice"):
        catalog.check_mappings([row, row], catalog.schemes())


def test_a_mapping_into_nowhere_is_refused() -> None:
    """A mapping into a scheme that is not known is an error of the data."""
    row = evolve(catalog.crosswalk()[0], object="nowhere:1")

    with pytest.raises(InvalidValue, match="nowhere"):
        catalog.check_mappings([row], catalog.schemes())


def test_a_broken_reference_names_its_field() -> None:
    """A mapping whose object has no scheme says which field is wrong."""
    with pytest.raises(InvalidValue, match=r"Mapping\.object"):
        evolve(catalog.crosswalk()[0], object="LLM01")


MIT = [
    ("ai", "unintentional", None, ["model_imperfection"]),
    ("ai", "intentional", None, ["uncontrollability"]),
    ("ai", "other", "1.1", ["model_imperfection", "uncontrollability"]),
    ("ai", "other", "7.1", ["uncontrollability", "model_imperfection"]),
    ("human", "intentional", None, ["active_misuse"]),
    ("human", "unintentional", None, ["passive_negligence"]),
    ("human", "other", "4.2", ["active_misuse", "passive_negligence"]),
    ("human", "other", "6.5", ["passive_negligence", "active_misuse"]),
    ("other", "intentional", "4.1", []),
]


@pytest.mark.parametrize(("entity", "intent", "domain", "expected"), MIT)
def test_a_causal_triple_gives_candidates(entity: str, intent: str, domain: str | None, expected: list[str]) -> None:
    """Entity and intent give none, one or two categories; the domain only orders two."""
    found = catalog.mit_reading(entity, intent, "other", domain=domain)

    assert (expected, len(expected) == 1) == ([one.id for one in found.categories], found.decided)


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ("pre_deployment", {Stage.DESIGN, Stage.DEVELOPMENT, Stage.TEST}),
        ("post_deployment", {Stage.DEPLOYMENT, Stage.MONITORING, Stage.UPDATE}),
        ("other", set()),
    ],
)
def test_timing_gives_stages(timing: str, expected: set[Stage]) -> None:
    """Before and after deployment give three stages each, anything else gives none."""
    assert expected == catalog.mit_reading("ai", "intentional", timing).stages


def test_no_triple_gives_a_third_actor() -> None:
    """Every triple ends in at most two categories, both of the entity's actor."""
    for entity, intent, timing in product(MitEntity, MitIntent, MitTiming):
        found = catalog.mit_reading(entity, intent, timing)

        assert len({one.actor for one in found.categories}) <= 1
