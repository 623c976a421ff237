"""Coverage: principle, entry or promise against risks, evidence and gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kakao_asi import (
    Evidence,
    Grade,
    ImperfectionFactors,
    Matter,
    NegligenceFactors,
    Severity,
    System,
    catalog,
    commands,
)
from kakao_asi.assessments import AssessmentKind, Basis, Slice
from kakao_asi.evidence import EvidenceKind
from kakao_asi.exceptions import UnknownId
from kakao_asi.framework import Accountability, Attestation, FrameworkReview, Incident, Standing
from kakao_asi.responses import Response, Strategy

TODAY = dt.date(2026, 3, 2)
DIGEST = "sha256:" + "0" * 64


def covered(life: Any, item: str, scheme: str = "kakao.principles") -> Any:
    """How one item stands."""
    return next(one for one in life.register.coverage(scheme) if one.item == item)


def test_a_principle_without_a_risk_is_a_gap(life: Any) -> None:
    """A principle under which no risk was ever identified is a gap."""
    found = covered(life, "inclusiveness")

    assert (Standing.GAP, ("no_risk",)) == (found.standing, found.gaps)


def test_an_unassessed_risk_is_a_gap(life: Any) -> None:
    """A risk nobody assessed leaves its principle without evidence."""
    found = covered(life, "privacy")

    assert (Standing.GAP, ("r",), ("unassessed:r",)) == (found.standing, found.risks, found.gaps)


def test_an_assessment_without_evidence_is_a_gap(life: Any) -> None:
    """A grade without a digest behind it is no evidence."""
    life.assess(Grade.LOW)

    assert ("no_evidence:r",) == covered(life, "privacy").gaps


def test_evidence_covers_a_principle(life: Any) -> None:
    """An assessment and a verification with digests are evidence."""
    life.assess(Grade.LOW, evidence=[life.proof("one")])
    life.respond()
    life.verify()

    found = covered(life, "privacy")

    assert (Standing.EVIDENCED, 2, ()) == (found.standing, len(found.evidence), found.gaps)


def test_evidence_of_an_expired_assessment_is_stale(life: Any) -> None:
    """Once the assessment has expired its evidence counts no longer."""
    life.assess(Grade.LOW, evidence=[life.proof()])
    life.forward(days=400)

    assert Standing.STALE is covered(life, "privacy").standing


def test_entries_of_other_schemes_are_covered_by_category(life: Any) -> None:
    """An entry of another scheme is covered by the risks of the categories it is mapped to."""
    assert (("r",), ()) == (
        covered(life, "owasp-llm:LLM09", "owasp-llm").risks,
        covered(life, "owasp-llm:LLM01", "owasp-llm").risks,
    )


def test_an_unknown_scheme_is_an_unknown_id(life: Any) -> None:
    """Coverage of a scheme nobody knows is refused."""
    with pytest.raises(UnknownId):
        life.register.coverage("nowhere")


def test_a_risk_shows_how_its_category_is_mapped(life: Any) -> None:
    """The crosswalk of a risk is that of its category; an entry is looked up by its reference."""
    of_risk = life.register.crosswalk("r", scheme="owasp-llm")
    of_entry = life.register.crosswalk("owasp-llm:LLM06")

    assert (
        {"owasp-llm:LLM05", "owasp-llm:LLM08", "owasp-llm:LLM09"},
        {"asi.categories:uncontrollability", "asi.categories:passive_negligence"},
    ) == ({one.object for one in of_risk}, {one.subject for one in of_entry})


def test_clocks_and_duties_are_asked_of_a_system(life: Any) -> None:
    """The register answers with the facts of its system and its calendar."""
    incident = Incident(aware_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), kinds={"leak"}, people=1_000)

    assert (["kr.pipa.notice.v1", "kr.pipa.report.v1"], True) == (
        [one.id for one in life.register.clocks(incident, "chat")],
        "kr.aiba.label" in [one.id for one in life.register.duties("chat")],
    )


# --- the pledge ------------------------------------------------------------------------------------------------------


def rules(life: Any) -> set[str]:
    """The rules of the pledge that hold now."""
    return {name for item in life.register.coverage("sabp") for name in item.evidence}


def attest(life: Any, rule: str) -> None:
    """Put evidence on record."""
    record = Attestation(id=rule, rule=rule, digest=DIGEST, place="wiki", attested_on=TODAY, owner="serving")
    life.submit(commands.Record(record=record))


def test_every_promise_has_its_words_and_evidence() -> None:
    """The pledge has three promises in two languages, each with evidence that can be computed or attested."""
    items = catalog.pledge()

    assert (["sabp:1", "sabp:2", "sabp:3"], True) == (
        [one.id for one in items],
        all(
            one.label("ko") != one.label("en") and rule.text("ko") != rule.text("en")
            for one in items
            for rule in one.evidence
        ),
    )


def test_intentions_count_as_nothing(life: Any) -> None:
    """A register with nothing but seats has no other evidence."""
    assert {"seats_filled"} == rules(life)


def test_an_empty_seat_is_no_evidence(life: Any) -> None:
    """A body with an empty seat is no inner governance."""
    life.submit(commands.ChangeSeat(body="top", person="ceo", seated=False))

    assert "seats_filled" not in rules(life)


def test_an_attestation_counts_and_goes_stale(life: Any) -> None:
    """An attestation evidences its promise for a year, after that the promise is stale."""
    attest(life, "open_release")
    now = covered(life, "sabp:2", "sabp").standing
    life.forward(days=365)

    assert (Standing.EVIDENCED, Standing.STALE) == (now, covered(life, "sabp:2", "sabp").standing)


def test_a_promise_without_evidence_is_a_gap(life: Any) -> None:
    """A promise nothing speaks for is a gap."""
    assert Standing.GAP is covered(life, "sabp:3", "sabp").standing


def test_reviews_and_labels_on_record_are_evidence(life: Any) -> None:
    """A review in time and somebody accountable for labels count."""
    review = FrameworkReview(
        id="r1",
        held_on=TODAY,
        body="erm_committee",
        since=TODAY,
        none_because="nothing had to change this time",
        next_on=TODAY + dt.timedelta(days=180),
    )
    label = Accountability(id="l", duty="law:kr.aiba.label", accountable="serving", unit="chat", start=TODAY)
    for record in (review, label):
        life.submit(commands.Record(record=record))

    assert {"reviews_in_time", "output_label_met"} <= rules(life)


def test_training_that_is_verified_is_evidence(start_life: Any) -> None:
    """Training counts once its effect is verified."""
    life = start_life(risk=False)
    life.identify("n", category="passive_negligence")
    factors = NegligenceFactors(
        opportunities_30d=10,
        errors=0,
        observed=1000,
        recurrences_30d=0,
        caught_pct=100,
        recovery_h=1,
        trained_days=10,
        severity=Severity.MINOR,
    )
    life.register.assess("n", factors, by="qa.seo", basis=Basis.EXPERT, because="looked at in depth, see evidence")
    due = life.in_days(30).date()
    response = Response(
        strategy=Strategy.CHANGE_LIKELIHOOD, controls=["ng.training", "ng.two_person"], owner="serving", due=due
    )
    life.register.respond("n", response, by="pm.oh")
    before = rules(life)
    life.verify("n")

    assert ("training_verified" in before, "training_verified" in rules(life)) == (False, True)


def sliced(*, vulnerable: bool = False) -> ImperfectionFactors:
    """Factors measured for two groups."""
    return ImperfectionFactors(
        failures=0,
        trials=30_000,
        severity=Severity.MINOR,
        coverage_pct=100,
        vulnerable_group=vulnerable,
        slices=[Slice(id="old", failures=0, trials=30_000), Slice(id="young", failures=0, trials=30_000)],
    )


def test_slices_are_evidence_of_fairness(start_life: Any) -> None:
    """A fairness risk counts once it is assessed group by group."""
    life = start_life(risk=False)
    life.identify("f", principles={"non_discrimination"})
    before = rules(life)
    life.register.assess("f", sliced(), by="qa.seo", basis=Basis.EXPERT, because="looked at in depth, see evidence")

    assert ("fairness_assessed" in before, "fairness_assessed" in rules(life)) == (False, True)


def test_an_overdue_response_for_vulnerable_people_is_no_evidence(life: Any) -> None:
    """Where vulnerable people are concerned, an overdue response takes the evidence away."""
    life.register.assess(
        "r", sliced(vulnerable=True), by="qa.seo", basis=Basis.EXPERT, because="looked at in depth, see evidence"
    )
    life.respond()
    before = rules(life)
    life.forward(days=31)

    assert ("vulnerable_in_time" in before, "vulnerable_in_time" in rules(life)) == (True, False)


def test_a_measured_assessment_of_every_open_risk_is_evidence(life: Any) -> None:
    """Every open risk has to be measured."""
    evidence = [Evidence.of_bytes(kind.id.encode(), kind=kind, at=life.clock()) for kind in EvidenceKind]
    life.register.assess(
        "r", life.factors(), evidence=evidence, basis=Basis.MEASURED, kind=AssessmentKind.INHERENT, by="qa.seo"
    )
    all_measured = rules(life)
    life.identify("s")

    assert ("measured_assessments" in all_measured, "measured_assessments" in rules(life)) == (True, False)


@pytest.mark.long
def test_a_register_of_several_pages_is_covered_in_full(start_life: Any) -> None:
    """Coverage and findings look at every risk and system, however many pages they fill."""
    life = start_life(risk=False)
    for number in range(501):
        life.register.add_system(System(id=f"s{number}", unit="chat", audience="internal"), by="pm.oh")
        life.identify(f"r{number}", system=f"s{number}", owner=f"role.{number}")

    assert (501, 501) == (len(covered(life, "privacy").risks), len(life.register.framework_findings()))


def test_an_accepted_risk_that_was_closed_still_counts(life: Any) -> None:
    """A closed risk keeps the evidence it was closed on."""
    life.answered(Grade.LOW)
    life.vote(life.open_case("r", Matter.CLOSE_OR_LOWER).id)
    life.register.close("r", by="pm.oh")

    assert Standing.EVIDENCED is covered(life, "privacy").standing
