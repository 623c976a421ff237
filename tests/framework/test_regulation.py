"""Impact assessments, and how long records are kept."""

from __future__ import annotations

import datetime as dt

import pytest

from kakao_asi.framework import ImpactAssessment, RetentionRule

CONTENTS = (
    "affected_people",
    "rights_touched",
    "social_economic_effect",
    "way_of_use",
    "indicators_and_method",
    "prevention_mitigation_recovery",
    "improvement_plan",
)


def test_a_new_assessment_misses_the_seven_contents() -> None:
    """The template holds exactly the seven contents of the law, in its order."""
    assert CONTENTS == ImpactAssessment(system="demo-chat").missing


def test_what_is_filled_in_is_no_longer_missing() -> None:
    """A content that was written is not listed as missing."""
    filled = ImpactAssessment(system="demo-chat").filled(way_of_use="상담 내용을 요약한다")

    assert "way_of_use" not in filled.missing


@pytest.mark.parametrize(("lang", "marker"), [("ko", "(작성 필요)"), ("en", "(missing)")])
def test_the_text_marks_what_is_missing(lang: str, marker: str) -> None:
    """The written template has seven headings and marks each content that is missing."""
    text = ImpactAssessment(system="demo-chat", way_of_use="상담").to_text(lang=lang)  # type: ignore[arg-type]  # parametrised

    assert (7, 6, True) == (text.count("## "), text.count(marker), "상담" in text)


def test_no_content_shows_in_the_representation() -> None:
    """What people wrote does not reach logs through ``repr``."""
    assert "비밀" not in repr(ImpactAssessment(system="demo-chat", way_of_use="비밀"))


@pytest.mark.parametrize(
    ("today", "hold", "expected"),
    [
        pytest.param(dt.date(2031, 10, 24), False, False, id="4-years-11-months"),
        pytest.param(dt.date(2031, 11, 24), False, True, id="5-years"),
        pytest.param(dt.date(2041, 11, 24), True, False, id="legal-hold"),
    ],
)
def test_records_are_kept_for_five_years(today: dt.date, hold: bool, expected: bool) -> None:
    """A record may be purged after five full years, and never while it is on legal hold."""
    assert expected is RetentionRule().may_purge(dt.date(2026, 11, 24), today=today, legal_hold=hold)


def test_a_leap_day_is_kept_a_day_longer() -> None:
    """Where the last year has no 29 February, the record is kept until 1 March."""
    assert dt.date(2029, 3, 1) == RetentionRule(years=5).keeps_until(dt.date(2024, 2, 29))
