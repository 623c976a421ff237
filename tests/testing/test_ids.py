"""Ids that are the same in every run."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.testing import CountingIds


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=20))
def test_ids_are_ordered_by_time_and_call(times: list[int]) -> None:
    """Ids made at times that do not run backwards are in order and all different."""
    ids = CountingIds()
    made = [ids(now_ns) for now_ns in sorted(times)]

    assert sorted(set(made)) == made


@given(st.integers(0, 2**62))
def test_ids_have_the_shape_of_real_ones(now_ns: int) -> None:
    """An id is a UUID of version 7 that carries the millisecond it was made in."""
    made = uuid.UUID(CountingIds()(now_ns))

    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, now_ns // 1_000_000)


def test_two_runs_make_the_same_ids() -> None:
    """A second source gives the ids of the first."""
    first, second = CountingIds(), CountingIds()

    assert [first(0), first(10**9)] == [second(0), second(10**9)]
