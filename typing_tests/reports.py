"""What users write to have a report, and what it gives back; read by type checkers, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

import kakao_asi as asi
from kakao_asi import catalog
from kakao_asi.framework import Migration, RunningIncident, SchemeVersion
from kakao_asi.register import Indicator, ReviewDue


def packs(register: asi.RiskRegister, since: dt.datetime) -> None:
    """A pack is a text, but for a workbook, which is bytes."""
    assert_type(asi.reports.committee(register, body="top", since=since), str)
    assert_type(asi.reports.committee(register, "pack.html", body="top", since=since, form="html"), str)
    assert_type(asi.reports.committee(register, body="top", since=since, form="excel"), bytes)
    assert_type(asi.reports.rows_of(""), tuple[dict[str, str], ...])

    asi.reports.committee(register, body="top", since=since, form="word")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    asi.reports.committee(register, body="top", since=since, profile="all")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


def questions(register: asi.RiskRegister, now: dt.datetime, before: SchemeVersion, after: SchemeVersion) -> None:
    """Questions on incidents, reviews, indicators and versions give records."""
    assert_type(register.incidents(open=True), tuple[RunningIncident, ...])
    assert_type(register.reviews_due(), tuple[ReviewDue, ...])
    assert_type(register.kri_history([now]), tuple[tuple[Indicator, ...], ...])
    assert_type(register.content(), catalog.Content)
    assert_type(after.migration(before), Migration)
