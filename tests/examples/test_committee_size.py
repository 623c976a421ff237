"""A pack of 120 risks of which 9 moved: at most six pages, and everything a secretary needs is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import reports
from kakao_asi.reports import pack_schema

jsonschema: Any = pytest.importorskip("jsonschema", reason="jsonschema is not installed")


RISKS = 120
MOVED = 9


@pytest.fixture(scope="module")
def packs(imported: Callable[[str], Any]) -> Any:
    """The benchmark that times the same pack."""
    return imported("benchmarks.packs")


@pytest.fixture(scope="module")
def large(packs: Any) -> Any:
    """The register of 120 risks, and the start of its period."""
    return packs.register_of()


def pack(large: Any, **options: Any) -> Any:
    """The pack of AI Safety."""
    register, since = large
    return reports.committee(register, **({"body": "ai_safety", "since": since} | options))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_it_fills_at_most_six_pages(packs: Any, large: Any, lang: str) -> None:
    """A page is 50 lines of 110 columns, a Korean character taking two; a longer line is wrapped."""
    assert packs.pages_of(pack(large, lang=lang)) <= 6


def test_nine_moved_and_the_figures_reconcile(large: Any) -> None:
    """All 120 risks are open, and exactly the nine that changed their grade are movers, each with its reason."""
    found = json.loads(pack(large, form="json"))

    assert (RISKS, MOVED) == (found["movement"]["now"], len(found["raised"]) + len(found["lowered"]))
    assert {"assessed"} == {one["reason"] for one in (*found["raised"], *found["lowered"])}


def test_it_names_at_most_five_decisions_and_counts_the_rest(large: Any) -> None:
    """Five decisions stand in the pack, the others are counted."""
    text = pack(large, lang="en")

    assert (5, True) == (text.count(".risk.1 | Look at a risk"), "2 more wait." in text)


@pytest.mark.parametrize("profile", ["committee", "auditor", "public"])
def test_json_keeps_to_its_schema(large: Any, profile: str) -> None:
    """The pack of each profile is what the published schema says, and nothing besides."""
    found = json.loads(pack(large, form="json", profile=profile))

    assert [] == [one.message for one in jsonschema.Draft202012Validator(pack_schema()).iter_errors(found)]


def test_a_schema_lets_nothing_else_through(large: Any) -> None:
    """A part nobody knows breaks the schema."""
    found = json.loads(pack(large, form="json")) | {"surprise": 1}

    assert not jsonschema.Draft202012Validator(pack_schema()).is_valid(found)


def test_the_auditor_has_every_risk_and_every_piece_of_evidence(large: Any) -> None:
    """The pack for auditors lists all risks and the whole index of evidence with its age."""
    found = json.loads(pack(large, form="json", profile="auditor"))

    assert RISKS == len(found["risks"])
    assert {risk["id"] for risk in found["risks"]} >= {one for piece in found["evidence"] for one in piece["risks"]}
    assert {31} == {piece["age_days"] for piece in found["evidence"]}


@pytest.mark.long
def test_a_pack_has_one_id_in_every_form_and_language(large: Any) -> None:
    """The id in the JSON is the one on the cover of every form and language, and the next pack may name it."""
    number = json.loads(pack(large, form="json"))["id"]
    covers = [pack(large, form=form, lang=lang) for form in ("markdown", "html") for lang in ("ko", "en")]

    assert [] == [one for one in covers if number.replace(":", "&#58;") not in one and number not in one]
    assert number == json.loads(pack(large, form="json", previous=number))["previous_pack"]
