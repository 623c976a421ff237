"""Findings in the register: the questions, any order of arrival, batches, and views of the past."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kakao_asi import Finding, Verdict, commands
from kakao_asi.exceptions import UnknownId

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
WHY = "a known false alarm of the detector"


def finding(label: str = "odd", **parts: Any) -> Finding:
    """A finding on the chat system."""
    return Finding(
        **({"verdict": Verdict.FLAG, "site": "m:f", "component": "chat/reply", "at": START, "label": label} | parts)
    )


@pytest.fixture
def groups(life: Any) -> dict[str, Any]:
    """One group of each kind: known, waiting, dismissed, and waiting in no system."""
    register = life.register
    found = {
        "known": register.record(finding(risk="r"), by="hooks"),
        "waiting": register.record(finding(), by="hooks"),
        "homeless": register.record(finding(component=None), by="hooks"),
    }
    aside = register.record(finding("aside"), by="hooks")
    found["dismissed"] = register.dismiss(aside.id, by="qa.seo", because=WHY)
    return found


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["known", "waiting", "homeless", "dismissed"]),
        ({"open": True}, ["waiting", "homeless"]),
        ({"open": False}, ["known", "dismissed"]),
        ({"known": True}, ["known"]),
        ({"known": False}, ["waiting", "homeless", "dismissed"]),
        ({"known": True, "open": True}, []),
        ({"system": "chat"}, ["known", "waiting", "dismissed"]),
        ({"system": ""}, ["homeless"]),
        ({"risk": "r"}, ["known"]),
        ({"system": "chat", "open": True}, ["waiting"]),
    ],
    ids=str,
)
def test_groups_are_found_by_what_is_asked(
    life: Any, groups: dict[str, Any], asked: dict[str, Any], expected: list[str]
) -> None:
    """Open or not, tied to a risk or not, by system and by risk; now and in a view of now."""
    wanted = {groups[name].id for name in expected}
    view = life.register.as_of(life.clock())

    assert wanted == {one.id for one in life.register.findings(**asked)}
    assert wanted == {one.id for one in view.findings(**asked)}


def test_groups_come_in_pages(life: Any, groups: dict[str, Any]) -> None:
    """In the order of their ids, none twice and none left out."""
    first = life.register.findings(limit=3)
    second = life.register.findings(limit=3, after=first.next)

    assert sorted(one.id for one in groups.values()) == [one.id for one in (*first, *second)]
    assert second.next is None


def test_one_group_is_found_by_its_fingerprint(life: Any, groups: dict[str, Any]) -> None:
    """With its history, and what it takes; an unknown one is an error."""
    known = groups["known"]

    assert known == life.register.finding(known.id) == life.register.as_of(life.clock()).finding(known.id)
    assert ["findings_grouped"] == [entry.kind for entry in life.register.history(known.id)]
    assert commands.DismissFinding in life.register.available(groups["waiting"].id)
    with pytest.raises(UnknownId):
        life.register.finding("0" * 16)


def test_the_same_request_again_counts_once(life: Any) -> None:
    """An idempotency key holds for findings too."""
    for _ in range(2):
        group = life.register.record(finding(), by="hooks", key="once")

    assert 1 == group.count


def test_the_log_proves_the_counts(life: Any, groups: dict[str, Any]) -> None:
    """Folding the log anew gives the stored groups; the audit finds nothing."""
    life.register.record(finding(count=41), by="hooks")

    assert () == life.register.rebuild()
    assert life.register.audit().sound
    assert 42 == life.register.finding(groups["waiting"].id).count
