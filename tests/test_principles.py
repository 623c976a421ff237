"""A principle, published or a company's own."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.principles import Principle
from kakao_asi.taxonomy import Origin

OWN = Principle(
    id="frugality",
    ko="절약",
    en="Frugality",
    says_ko="꼭 필요한 만큼만 계산한다",
    says_en="No more computing than is needed",
)
SOURCED: dict[str, Any] = {"source": "https://example.org/principles", "retrieved_on": dt.date(2026, 11, 23)}


@pytest.mark.parametrize(("lang", "label"), [("ko", "절약"), ("en", "Frugality")])
def test_a_principle_has_a_label_in_both_languages(lang: Any, label: str) -> None:
    """The label comes in the language asked for."""
    assert label == OWN.label(lang)


def test_a_companys_own_principle_names_no_source() -> None:
    """Without further words a principle is a company's own."""
    assert (OWN.origin, OWN.source) == (Origin.OURS, None)


@pytest.mark.parametrize("origin", [one for one in Origin if one is not Origin.OURS], ids=lambda one: one.id)
def test_a_principle_from_outside_names_its_source(origin: Origin) -> None:
    """With address and date, any origin may be claimed."""
    assert attrs.evolve(OWN, origin=origin, **SOURCED).origin is origin


@pytest.mark.parametrize(
    "changes",
    [{"source": None}, {"source": "http://example.org"}, {"retrieved_on": None}],
    ids=["no-source", "no-https", "no-date"],
)
@pytest.mark.parametrize("origin", [one for one in Origin if one is not Origin.OURS], ids=lambda one: one.id)
def test_an_outside_origin_without_a_source_is_refused(origin: Origin, changes: dict[str, Any]) -> None:
    """Nothing is said to come from elsewhere without an https address and the day it was read."""
    with pytest.raises(InvalidValue, match=r"Principle\.source must be an https address with retrieved_on"):
        attrs.evolve(OWN, origin=origin, **{**SOURCED, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "절약"}, "id"),
        ({"ko": ""}, "ko"),
        ({"en": 3}, "en"),
        ({"says_ko": "가" * 1_001}, "says_ko"),
        ({"says_en": "two\nlines"}, "says_en"),
        ({"origin": "ours"}, "origin"),
        ({"source": "\u1112\u1161\u11ab"}, "source"),
        ({"retrieved_on": dt.datetime(2026, 11, 23, tzinfo=dt.UTC)}, "retrieved_on"),
    ],
    ids=["id", "blank", "number", "too-long", "line-feed", "origin", "decomposed", "instant"],
)
def test_a_principle_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Each field of a principle keeps its rule, and the error names the field."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(OWN, **changes)

    assert caught.value.field == f"Principle.{field}"
