"""Guidance for developers and users, and what helps with a blocker."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import Stage, catalog
from kakao_asi.exceptions import UnknownId
from kakao_asi.framework import Guidance, GuidanceAudience
from kakao_asi.governance import Code, GateResult, Refusal
from kakao_asi.taxonomy import Origin

ROWS = catalog.guidance()


def test_thirty_four_rows_are_shipped() -> None:
    """The guidance holds thirty-four rows."""
    assert 34 == len(ROWS)


def test_every_principle_speaks_to_both_audiences() -> None:
    """Each principle has guidance for developers and for users."""
    expected = {(one.id, audience) for one in catalog.principles() for audience in GuidanceAudience}

    assert expected == {(row.principle, row.audience) for row in ROWS}


def test_every_stage_has_two_rows_for_developers() -> None:
    """No stage leaves developers with fewer than two rows."""
    counted = Counter(row.stage for row in ROWS if row.audience is GuidanceAudience.DEVELOPER)

    assert all(counted[stage] >= 2 for stage in Stage)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.id))
def test_every_row_says_whose_words_it_is(row: Guidance) -> None:
    """A row is ours, based on its principle, and says so in both languages."""
    assert (Origin.OURS, f"kakao.principles:{row.principle}", True, True) == (
        row.origin,
        row.based_on,
        row.principle in row.footer("ko"),
        row.footer("en").endswith(f"our words, based on principle {row.principle}"),
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.id))
def test_every_row_speaks_both_languages(row: Guidance) -> None:
    """A row for users speaks to the person, one for developers states one thing to do."""
    ending = ("요.", "하세요.", "니다.") if row.audience is GuidanceAudience.USER else ("다.",)

    assert (True, True, False) == (
        row.text("ko").endswith(ending),
        row.text("en").endswith((".", "?")),
        "최선을 다한다" in row.text("ko"),
    )


def test_rows_that_open_risks_touch_come_first(life: Any) -> None:
    """Guidance of the principles of open risks comes before the rest."""
    rows = life.register.guidance("chat", Stage.DEVELOPMENT)

    assert "privacy" == rows[0].principle


def test_guidance_is_for_one_stage_and_audience(life: Any) -> None:
    """Only rows of the stage and the audience asked for come back; the present stage is the default."""
    rows = life.register.guidance("chat", audience="developer")

    assert {(Stage.DESIGN, GuidanceAudience.DEVELOPER)} == {(row.stage, row.audience) for row in rows}


def test_a_company_replaces_the_rows(start_life: Any) -> None:
    """A governance with guidance of its own is answered from it."""
    own = evolve(ROWS[0], id="own.developer.1", stage=Stage.DESIGN)
    life = start_life(governance=evolve(catalog.kakao_governance(), guidance=(own,)))

    assert (own,) == life.register.guidance("chat")


def test_an_unknown_system_has_no_guidance(life: Any) -> None:
    """Guidance is for a system the register knows."""
    with pytest.raises(UnknownId):
        life.register.guidance("nobody")


# --- what helps with a blocker ---------------------------------------------------------------------------------------


def test_every_code_named_by_advice_exists() -> None:
    """Advice names codes and rows that exist."""
    ids = {row.id for row in ROWS}

    assert ([], []) == (
        [row.id for row in catalog.advice() if row.id not in {code.id for code in Code}],
        [name for row in catalog.advice() for name in row.guidance if name not in ids],
    )


@pytest.mark.parametrize("code", Code, ids=lambda code: str(code.id))
@pytest.mark.parametrize("stage", [Stage.DEPLOYMENT, None], ids=["stage", "component"])
def test_no_blocker_is_left_without_a_row(life: Any, code: Code, stage: Stage | None) -> None:
    """Whatever shuts a gate, some guidance helps."""
    result = GateResult(system="chat", stage=stage, at=life.clock(), blockers=(Refusal(code=code, subject="chat"),))

    (found,) = life.register.advice(result)

    assert (code.id, "chat", True) == (found.code, found.subject, bool(found.guidance))


def test_a_blocker_about_a_risk_has_the_rows_of_its_principles(life: Any) -> None:
    """The principles of the risk choose the rows; those of the gate's stage come first."""
    result = GateResult(
        system="chat",
        stage=Stage.MONITORING,
        at=life.clock(),
        blockers=(Refusal(code=Code.NOT_ASSESSED, subject="r"),),
    )

    (found,) = life.register.advice(result)

    assert [("privacy", Stage.MONITORING), ("privacy", Stage.DEVELOPMENT)] == [
        (row.principle, row.stage) for row in found.guidance
    ]


def test_a_governance_for_users_only_still_helps(start_life: Any) -> None:
    """Where a company's own rows speak to users only, those are what there is."""
    own = next(row for row in ROWS if row.audience is GuidanceAudience.USER)
    life = start_life(governance=evolve(catalog.kakao_governance(), guidance=(own,)))

    (first, *_) = life.register.advice(life.register.gate("chat", Stage.DEVELOPMENT))

    assert (own,) == first.guidance
