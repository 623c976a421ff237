"""Versions of a scheme: an id keeps its meaning, one that is gone names its successors or is listed."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue, UnknownId
from kakao_asi.framework import SchemeVersion, Succession

FIRST = SchemeVersion(scheme="acme", version="1", ids={"a", "b", "c"})
SECOND = SchemeVersion(
    scheme="acme",
    version="2",
    before="1",
    ids={"a", "b1", "b2"},
    successions=[Succession(id="b", successors=["b1", "b2"])],
)
IDS = st.sets(st.sampled_from("abcdefgh"), min_size=1)


def test_each_id_is_kept_succeeded_or_listed() -> None:
    """An id that stays is kept, one that was split has successors, and one without is unmapped."""
    found = SECOND.migration(FIRST)

    assert (("a",), (("b", ("b1", "b2")),), ("c",)) == (found.kept, found.succeeded, found.unmapped)


@given(IDS, IDS)
def test_no_id_is_lost(before: set[str], after: set[str]) -> None:
    """Whatever two versions hold, each id of the earlier one is in exactly one of the three lists."""
    earlier = SchemeVersion(scheme="acme", version="1", ids=before)
    told = [Succession(id=one, successors=[min(after)]) for one in sorted(before - after) if one < "e"]
    later = SchemeVersion(scheme="acme", version="2", before="1", ids=after, successions=told)

    found = later.migration(earlier)

    every = [*found.kept, *(one for one, _ in found.succeeded), *found.unmapped]
    assert (sorted(before), len(before)) == (sorted(every), len(every))


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"successions": [Succession(id="a", successors=["b1"])]}, id="still-there"),
        pytest.param({"successions": [Succession(id="b", successors=["b1"])] * 2}, id="told-twice"),
        pytest.param({"successions": [Succession(id="b", successors=["b9"])]}, id="leads-nowhere"),
        pytest.param({"before": None}, id="follows-nothing"),
    ],
)
def test_a_succession_is_told_once_and_leads_somewhere(fields: dict[str, Any]) -> None:
    """A succession of an id that stays, told twice, to an id that is not there or from no version is refused."""
    with pytest.raises(InvalidValue, match="SchemeVersion"):
        evolve(SECOND, **fields)


@pytest.mark.parametrize(
    "earlier",
    [
        pytest.param(evolve(FIRST, version="0"), id="other-version"),
        pytest.param(evolve(FIRST, scheme="other"), id="other-scheme"),
        pytest.param(evolve(FIRST, ids={"a"}), id="never-had-it"),
    ],
)
def test_a_version_follows_the_one_it_names(earlier: SchemeVersion) -> None:
    """Only the version before can be migrated from, and only of ids that it had."""
    with pytest.raises(InvalidValue, match="SchemeVersion"):
        SECOND.migration(earlier)


def test_an_id_that_never_was_leads_nowhere() -> None:
    """An id the version before did not have is unknown, not unmapped."""
    with pytest.raises(UnknownId, match="zz"):
        SECOND.migration(FIRST).leads("zz")
