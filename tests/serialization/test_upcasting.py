"""Old payloads are brought up to date step by step."""

from __future__ import annotations

from typing import Any

import pytest

from kakao_asi.exceptions import LoadError
from kakao_asi.serialization import Upcasters

UPCASTERS = Upcasters(
    {
        ("a", 1): lambda payload: {**payload, "two": 2} if isinstance(payload, dict) else payload,
        ("a", 2): lambda payload: {**payload, "three": 3} if isinstance(payload, dict) else payload,
    }
)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param(1, {"one": 1, "two": 2, "three": 3}, id="two steps"),
        pytest.param(2, {"one": 1, "three": 3}, id="one step"),
        pytest.param(3, {"one": 1}, id="current"),
    ],
)
def test_payload_takes_every_step_to_the_current_version(schema: int, expected: dict[str, Any]) -> None:
    """A payload goes through the steps from its version to the current one, in order."""
    assert UPCASTERS.to_current("a", schema, {"one": 1}, 3) == expected


@pytest.mark.parametrize(
    ("kind", "schema", "current", "code"),
    [
        pytest.param("b", 1, 2, "unknown_schema", id="no step for the kind"),
        pytest.param("a", 1, 4, "unknown_schema", id="a step is missing"),
        pytest.param("a", 4, 3, "newer_schema", id="written by a newer library"),
    ],
)
def test_version_without_a_way_is_refused(kind: str, schema: int, current: int, code: str) -> None:
    """A payload that cannot be brought to the current version is refused."""
    with pytest.raises(LoadError) as refused:
        UPCASTERS.to_current(kind, schema, {}, current)

    assert refused.value.code == code


def test_table_cannot_be_changed_afterwards() -> None:
    """The table is copied, so a later change of the mapping given has no effect."""
    table: dict[tuple[str, int], Any] = {}
    upcasters = Upcasters(table)
    table["a", 1] = lambda payload: payload

    with pytest.raises(LoadError, match="unknown_schema"):
        upcasters.to_current("a", 1, {}, 2)
