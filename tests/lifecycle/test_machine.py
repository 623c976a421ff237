"""Random histories against an independent model in plain Python, written from the rules and not from the code."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kakao_asi import Grade, Matter, Outcome, Response, Stage, commands
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.exceptions import CommandRefused
from kakao_asi.responses import Coverage

LOW, MEDIUM, HIGH = 1, 2, 3
GRADES = {LOW: Grade.LOW, MEDIUM: Grade.MEDIUM, HIGH: Grade.HIGH}
VALID_DAYS = {LOW: 365, MEDIUM: 180, HIGH: 90}
LONGEST_DAYS = {LOW: 365, MEDIUM: 180, HIGH: 90}
TIERS = ["ai_safety", "erm_committee", "top"]
SEATS = {"ai_safety": ["safety.kim"], "erm_committee": ["erm.a", "erm.b", "erm.c"], "top": ["ceo"]}
QUORUM = {"ai_safety": 1, "erm_committee": 3, "top": 1}
NAMES = {"erm.a.alt": "erm.a"}
STRENGTH = ["approve", "return", "reject", "escalate", "stop"]
SETTLED_BY = {LOW: ["ai_safety"], MEDIUM: ["erm_committee"], HIGH: ["top"]}
DAY = dt.timedelta(days=1)


@dataclass
class MAssessment:
    """One assessment of this cycle, as the rules see it."""

    number: int
    residual: bool
    second: bool
    grade: int
    until: dt.datetime
    by: str
    withdrawn: bool = False


@dataclass
class MRisk:
    """One risk, as the rules see it."""

    status: str = "identified"
    cycle: int = 1
    peak: int | None = None
    assessments: list[MAssessment] = field(default_factory=list)
    made: int = 0
    proofs: list[tuple[bool, int, int] | None] = field(default_factory=list)
    scope: int = 0
    editors: set[str] = field(default_factory=set)
    containment: tuple[dt.datetime, dt.datetime | None] | None = None
    accepted: tuple[int, Any, dt.datetime] | None = None
    accepted_by: str = ""
    on_acceptance: bool = False

    def material(self) -> Any:
        """Return everything an approval of it stands on."""
        assessed = tuple((one.number, one.withdrawn) for one in self.assessments)
        return (self.scope, self.cycle, assessed, tuple(self.proofs), self.containment)

    def standing(self, now: dt.datetime, *, residual: bool) -> int | None:
        """Return the highest over both lines of the latest that is valid."""
        best = None
        for second in (False, True):
            found = [
                one.grade
                for one in self.assessments
                if (one.residual, one.second, one.withdrawn) == (residual, second, False) and now < one.until
            ]
            if found and (best is None or found[-1] > best):
                best = found[-1]
        return best

    def assessed(self, now: dt.datetime) -> bool:
        """Tell whether any grade stands."""
        return any(self.standing(now, residual=kind) is not None for kind in (False, True))

    def lowest(self, now: dt.datetime) -> int | None:
        """Return what a body may lower it to."""
        residual = self.standing(now, residual=True)
        if residual is not None and self.proofs and all(one == (True, 2, 2) for one in self.proofs):
            return residual
        return self.standing(now, residual=False)

    def live(self, now: dt.datetime) -> bool:
        """Tell whether an acceptance covers it as it is."""
        if self.accepted is None or self.peak is None:
            return False
        grade, material, until = self.accepted
        return now < until and material == self.material() and self.peak <= grade

    def for_good(self) -> bool:
        """Tell whether it is closed for good."""
        return self.status == "closed" and not self.on_acceptance

    def open(self, now: dt.datetime) -> bool:
        """Tell whether it counts as open."""
        return self.status != "closed" or (self.on_acceptance and not self.live(now))

    def again(self) -> None:
        """Start the next cycle."""
        self.status, self.cycle, self.assessments, self.on_acceptance = "identified", self.cycle + 1, [], False
        self.proofs = [None for _ in self.proofs]

    def contained(self, now: dt.datetime) -> bool:
        """Tell whether a containment holds."""
        return self.containment is not None and (self.containment[1] is None or now < self.containment[1])


@dataclass
class MCase:
    """One case, as the rules see it."""

    name: str
    matter: str
    subject: str
    way: list[str]
    material: Any
    at: int = 0
    votes: dict[str, tuple[str, str]] = field(default_factory=dict)
    state: str = "open"
    outcome: str = ""
    decided: dt.datetime | None = None
    until: dt.datetime | None = None
    lowers_to: int | None = None

    @property
    def body(self) -> str:
        """The body it is before."""
        return self.way[self.at]


class Histories(RuleBasedStateMachine):
    """One external system with two risks; every command is foretold by the model, then submitted."""

    life_of: Any = None

    @initialize()
    def begin(self) -> None:
        """Start with two risks identified by the product manager."""
        self.life = type(self).life_of()
        self.life.identify("s")
        self.risks = {"r": MRisk(), "s": MRisk()}
        self.cases: list[MCase] = []
        self.stops: list[dt.datetime] = []
        self.lowered_by_decision = False

    # --- the machine -------------------------------------------------------------------------------------------------

    @property
    def now(self) -> dt.datetime:
        """The present instant."""
        return self.life.clock()

    def system(self) -> Any:
        """Return everything an approval of a release stands on."""
        risks = tuple((name, one.material()) for name, one in self.risks.items() if not one.for_good())
        return (tuple(self.stops), risks)

    def act(self, command: Any, allowed: bool, *, by: str = "pm.oh", because: str | None = None) -> bool:
        """Submit a command and compare with what was foretold; a refusal leaves no event."""
        before = self.life.size()
        self.peaks_before = {name: one.peak for name, one in self.risks.items()}
        try:
            self.life.submit(command, by=by, because=because)
        except CommandRefused as refusal:
            refused = str(refusal)
        else:
            refused = ""
        assert allowed is not bool(refused), f"{command} by {by}: {refused or 'was taken'}"
        assert (self.life.size() == before) or allowed
        return allowed

    def case_for(self, matter: str, subject: str) -> MCase | None:
        """Return the latest case that asked this and was not withdrawn."""
        found = [
            one for one in self.cases if (one.matter, one.subject) == (matter, subject) and one.state != "withdrawn"
        ]
        return found[-1] if found else None

    def stands(self, matter: str, subject: str) -> bool:
        """Tell whether a decision stands on the present state."""
        case = self.case_for(matter, subject)
        material = self.risks[subject].material() if subject in self.risks else self.system()
        return (
            case is not None
            and case.outcome == "approve"
            and case.material == material
            and case.decided is not None
            and self.now < case.decided + 30 * DAY
        )

    def open_on(self, subject: str, besides: MCase | None = None) -> bool:
        """Tell whether a case on a subject is open."""
        return any(one.subject == subject and one.state == "open" and one is not besides for one in self.cases)

    # --- what people do ----------------------------------------------------------------------------------------------

    names = st.sampled_from(["r", "s"])

    @rule(minutes=st.sampled_from([1, 60, 24 * 60, 29 * 24 * 60, 31 * 24 * 60, 91 * 24 * 60]))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.life.forward(minutes=minutes)

    @rule(
        name=names,
        grade=st.sampled_from([LOW, MEDIUM, HIGH]),
        residual=st.booleans(),
        who=st.sampled_from(["qa.seo", "audit.han", "erm.b"]),
    )
    def assess(self, name: str, grade: int, residual: bool, who: str) -> None:
        """Assess a risk, inherent or residual."""
        self.life.forward(minutes=1)
        risk = self.risks[name]
        counted = {f"{name}.r{number}" for number in range(1, len(risk.proofs) + 1)} if residual else set()
        command = commands.Assess(
            risk=name,
            factors=self.life.factors(GRADES[grade]),
            kind=AssessmentKind.RESIDUAL if residual else AssessmentKind.INHERENT,
            basis=Basis.EXPERT,
            responses=counted,
        )
        allowed = risk.status != "closed" and (not residual or bool(counted))
        if self.act(command, allowed, by=who, because="looked at in depth, see the evidence"):
            risk.made += 1
            until = self.now + VALID_DAYS[grade] * DAY
            risk.assessments.append(MAssessment(risk.made, residual, who == "audit.han", grade, until, who))
            risk.peak = grade if risk.peak is None else max(risk.peak, grade)
            if residual or risk.status != "responding":
                risk.status = "assessed"

    @rule(name=names, who=st.sampled_from(["qa.seo", "audit.han", "pm.oh"]), back=st.integers(0, 2))
    def withdraw_assessment(self, name: str, who: str, back: int) -> None:
        """Take back one of the latest assessments."""
        risk = self.risks[name]
        number = risk.made - back
        found = [one for one in risk.assessments if one.number == number and not one.withdrawn]
        allowed = risk.status in {"assessed", "responding"} and bool(found) and who in {"audit.han", found[0].by}
        if number > 0 and self.act(
            commands.WithdrawAssessment(risk=name, assessment=f"{name}.a{number}"), allowed, by=who
        ):
            found[0].withdrawn = True

    @rule(name=names, who=st.sampled_from(["pm.oh", "erm.c"]))
    def respond(self, name: str, who: str) -> None:
        """Plan a response."""
        risk = self.risks[name]
        response = Response(
            strategy="change_likelihood", controls=["ai.grounding"], owner="serving", due=self.now.date() + 30 * DAY
        )
        allowed = risk.status in {"assessed", "responding"}
        if self.act(commands.Respond(risk=name, response=response), allowed, by=who):
            risk.proofs.append(None)
            risk.editors.add(who)
            risk.status = "responding"

    @rule(name=names, done=st.sampled_from([1, 2]), effective=st.booleans(), who=st.sampled_from(["qa.seo", "ml.lee"]))
    def verify(self, name: str, done: int, effective: bool, who: str) -> None:
        """Record the effect of the latest response."""
        risk = self.risks[name]
        number = max(len(risk.proofs), 1)
        command = commands.Verify(
            risk=name,
            response=f"{name}.r{number}",
            coverage=Coverage(done=done, of=2),
            effective=effective,
            evidence=[self.life.proof()],
        )
        allowed = risk.status in {"assessed", "responding"} and bool(risk.proofs) and who != "ml.lee"
        if self.act(command, allowed, by=who):
            risk.proofs[number - 1] = (effective, done, 2)

    @rule(name=names)
    def verify_all(self, name: str) -> None:
        """Record that every response works in full."""
        risk = self.risks[name]
        for number in range(1, len(risk.proofs) + 1):
            command = commands.Verify(
                risk=name,
                response=f"{name}.r{number}",
                coverage=Coverage(done=2, of=2),
                effective=True,
                evidence=[self.life.proof()],
            )
            if self.act(command, risk.status in {"assessed", "responding"}, by="qa.seo"):
                risk.proofs[number - 1] = (True, 2, 2)

    @rule(name=names, who=st.sampled_from(["pm.oh", "erm.a.alt"]))
    def rescope(self, name: str, who: str) -> None:
        """Change what a risk is about."""
        risk = self.risks[name]
        if self.act(commands.Rescope(risk=name, owner=f"role{risk.scope}"), risk.status != "closed", by=who):
            risk.scope += 1
            risk.editors.add(who)

    @rule(name=names, text=st.text("abc 가나", min_size=1, max_size=9).filter(str.strip))
    def reword(self, name: str, text: str) -> None:
        """Change the words of a risk."""
        self.act(commands.Reword(risk=name, title=text), self.risks[name].status != "closed")

    @rule(name=names, days=st.sampled_from([None, 1, 5]))
    def contain(self, name: str, days: int | None) -> None:
        """Contain a risk, or give its containment another end."""
        self.life.forward(minutes=1)
        risk = self.risks[name]
        until = None if days is None else self.now + days * DAY
        earlier = False
        if risk.containment is not None and risk.contained(self.now) and until is not None:
            earlier = risk.containment[1] is None or until < risk.containment[1]
        if self.act(commands.Contain(risk=name, until=until), not earlier or self.stands("risk", name)):
            if risk.status == "closed":
                risk.again()
            risk.containment = (self.now, until)

    @rule(name=names)
    def reopen(self, name: str) -> None:
        """Look at a risk again."""
        risk = self.risks[name]
        if self.act(commands.Reopen(risk=name, code="recurrence"), risk.status != "identified"):
            risk.again()

    @rule(name=names)
    def close(self, name: str) -> None:
        """Close a risk on what was decided."""
        risk = self.risks[name]
        live = risk.live(self.now)
        residual = risk.standing(self.now, residual=True)
        works = bool(risk.proofs) and all(one == (True, 2, 2) for one in risk.proofs)
        allowed = (
            risk.status in {"assessed", "responding"}
            and risk.assessed(self.now)
            and (
                live or (works and residual is not None and residual <= MEDIUM and self.stands("close_or_lower", name))
            )
            and not self.open_on(name)
            and not (risk.containment is not None and risk.containment[1] is None)
        )
        if self.act(commands.Close(risk=name), allowed):
            risk.status, risk.on_acceptance = "closed", live
            risk.accepted = risk.accepted if live else None

    @rule(name=names, who=st.sampled_from(["safety.kim", "erm.a.alt", "ceo", "pm.oh"]))
    def revoke(self, name: str, who: str) -> None:
        """Take an acceptance back."""
        risk = self.risks[name]
        body = next((tier for tier in TIERS if NAMES.get(who, who) in SEATS[tier]), None)
        running = risk.accepted is not None and self.now < risk.accepted[2]
        allowed = running and body is not None and TIERS.index(body) >= TIERS.index(risk.accepted_by)
        if self.act(commands.Revoke(risk=name), allowed, by=who):
            assert risk.accepted is not None
            risk.accepted = (*risk.accepted[:2], self.now)
            if risk.status == "closed" and risk.on_acceptance:
                risk.again()

    @rule(who=st.sampled_from(["erm.b", "bot", "pm.oh"]))
    def stop(self, who: str) -> None:
        """Stop the system."""
        self.life.forward(minutes=1)
        if self.act(commands.Stop(system="chat"), who != "pm.oh", by=who) and not self.stops:
            self.stops.append(self.now)

    @rule()
    def lift(self) -> None:
        """Lift the stop that was decided on."""
        if self.act(commands.Lift(system="chat"), bool(self.stops) and self.stands("stop", "chat")):
            self.stops.clear()

    # --- what bodies do ----------------------------------------------------------------------------------------------

    @rule(
        matter=st.sampled_from(["risk", "accept", "close_or_lower", "release", "stop"]),
        name=names,
        days=st.sampled_from([10, 80, 200]),
    )
    def escalate(self, matter: str, name: str, days: int) -> None:
        """Put a question before the bodies."""
        risk = self.risks[name]
        subject = "chat" if matter in {"release", "stop"} else name
        until = self.now + days * DAY if matter == "accept" else None
        asked = any((one.matter, one.subject, one.state) == (matter, subject, "open") for one in self.cases)
        allowed = not asked
        if matter in {"accept", "close_or_lower"}:
            allowed = allowed and risk.assessed(self.now)
        if matter == "accept" and risk.peak is not None:
            allowed = allowed and days <= LONGEST_DAYS[risk.peak]
        if matter == "stop":
            allowed = allowed and bool(self.stops)
        number = 1 + sum((one.matter, one.subject) == (matter, subject) for one in self.cases)
        command = commands.Escalate(subject=subject, matter=Matter(matter), until=until)
        if self.act(command, allowed, because="because we have looked at it in depth"):
            way = {
                "release": TIERS,
                "stop": ["top"],
                "risk": TIERS if risk.peak in {None, HIGH} else TIERS[:2],
            }.get(matter) or SETTLED_BY[risk.peak or HIGH]
            material = risk.material() if subject == name else self.system()
            lowers_to = risk.lowest(self.now) if matter == "close_or_lower" else None
            name_of_case = f"{subject}.{matter}.{number}"
            case = MCase(name_of_case, matter, subject, list(way), material, until=until, lowers_to=lowers_to)
            self.cases.append(case)
            self.life.give_reviews(case.name)

    @precondition(lambda self: any(one.state == "open" for one in self.cases))
    @rule(
        pick=st.integers(0, 50),
        who=st.sampled_from(["safety.kim", "erm.a", "erm.a.alt", "erm.b", "erm.c", "ceo", "bot", "pm.oh"]),
        outcome=st.sampled_from(["approve"] * 6 + ["return", "reject", "escalate", "stop"]),
    )
    def vote(self, pick: int, who: str, outcome: str) -> None:
        """Give one vote on an open case."""
        waiting = [one for one in self.cases if one.state == "open"]
        self.give(waiting[pick % len(waiting)], who, outcome)

    @precondition(lambda self: any(one.state == "open" for one in self.cases))
    @rule(pick=st.integers(0, 50), outcome=st.sampled_from(["approve", "approve", "approve", "reject"]))
    def decide_all(self, pick: int, outcome: str) -> None:
        """Let everybody with a seat vote where the case stands, in turn."""
        waiting = [one for one in self.cases if one.state == "open"]
        case = waiting[pick % len(waiting)]
        body = case.body
        for who in SEATS[body]:
            if case.state == "open" and case.body == body:
                self.give(case, who, outcome)

    def barred(self, case: MCase) -> set[str]:
        """Return who had a hand in what a case is about."""
        about = [self.risks[case.subject]] if case.subject in self.risks else self.risks.values()
        hands: set[str] = set()
        for risk in about:
            if case.subject in self.risks or not risk.for_good():
                hands |= {"pm.oh"} | risk.editors | {one.by for one in risk.assessments}
        return {NAMES.get(one, one) for one in hands}

    def give(self, case: MCase, who: str, outcome: str) -> None:
        """Give one vote, foretold by the rules; no two decisions are made at one instant."""
        self.life.forward(minutes=1)
        person = NAMES.get(who, who)
        risk = self.risks.get(case.subject)
        material = risk.material() if risk is not None else self.system()
        allowed = (
            person in SEATS[case.body]
            and person not in case.votes
            and person not in self.barred(case)
            and case.material == material
        )
        if outcome == "approve" and risk is not None and case.matter in {"accept", "close_or_lower"}:
            allowed = allowed and risk.assessed(self.now)
            if case.matter == "accept":
                assert case.until is not None
                allowed = allowed and self.now < case.until
            else:
                endless = risk.containment is not None and risk.containment[1] is None
                allowed = allowed and not self.open_on(case.subject, case) and not endless
        command = commands.Decide(case=case.name, outcome=Outcome(outcome), body=case.body)
        if not self.act(command, allowed, by=who):
            return
        case.votes[person] = (case.body, outcome)
        given = [one for body, one in case.votes.values() if body == case.body]
        if len(given) >= QUORUM[case.body]:
            self.settle(case, max(given, key=STRENGTH.index))

    def settle(self, case: MCase, outcome: str) -> None:
        """Move a case on, or end it and do what was decided."""
        if outcome in {"approve", "escalate"} and case.at + 1 < len(case.way):
            case.at += 1
            return
        if outcome == "escalate" and case.body != "top":
            case.way.append(TIERS[TIERS.index(case.body) + 1])
            case.at += 1
            return
        case.state, case.outcome, case.decided = "decided", outcome, self.now
        risk = self.risks.get(case.subject)
        if outcome == "stop" and not self.stops:
            self.stops.append(self.now)
        if outcome != "approve" or risk is None or risk.peak is None:
            return
        if case.matter == "accept":
            assert case.until is not None
            risk.accepted, risk.accepted_by = (risk.peak, case.material, case.until), case.body
        if case.matter == "close_or_lower":
            now = risk.lowest(self.now)
            if case.lowers_to is not None and now is not None and max(case.lowers_to, now) < risk.peak:
                risk.peak = max(case.lowers_to, now)
                self.lowered_by_decision = True

    @precondition(lambda self: any(one.state == "open" for one in self.cases))
    @rule(pick=st.integers(0, 50), who=st.sampled_from(["pm.oh", "ml.lee"]))
    def withdraw_case(self, pick: int, who: str) -> None:
        """Withdraw an open case."""
        waiting = [one for one in self.cases if one.state == "open"]
        case = waiting[pick % len(waiting)]
        if self.act(commands.WithdrawCase(case=case.name), who == "pm.oh", by=who):
            case.state = "withdrawn"

    # --- whole pieces of work, so that histories get somewhere -------------------------------------------------------

    @rule(name=names, grade=st.sampled_from([LOW, MEDIUM, HIGH]), left=st.sampled_from([LOW, LOW, MEDIUM, HIGH]))
    def answer(self, name: str, grade: int, left: int) -> None:
        """Assess a risk, respond, verify, and assess what is left."""
        self.assess(name=name, grade=grade, residual=False, who="qa.seo")
        self.respond(name=name, who="pm.oh")
        self.verify_all(name=name)
        self.assess(name=name, grade=left, residual=True, who="qa.seo")

    @rule(
        matter=st.sampled_from(["risk", "accept", "close_or_lower", "release", "stop"]),
        name=names,
        days=st.sampled_from([10, 80]),
        outcome=st.sampled_from(["approve"] * 5 + ["reject", "return"]),
    )
    def ask_and_decide(self, matter: str, name: str, days: int, outcome: str) -> None:
        """Put a question before the bodies and take it through as far as it goes."""
        before = len(self.cases)
        self.escalate(matter=matter, name=name, days=days)
        for case in self.cases[before:]:
            for body in case.way:
                for who in SEATS[body]:
                    if case.state == "open" and case.body == body:
                        self.give(case, who, outcome)

    @rule(name=names, days=st.sampled_from([10, 80]))
    def accept_and_close(self, name: str, days: int) -> None:
        """Live with a risk for a while, and close it on that."""
        self.ask_and_decide(matter="accept", name=name, days=days, outcome="approve")
        self.close(name=name)

    @rule(name=names)
    def lower_and_close(self, name: str) -> None:
        """Let the bodies lower a risk, and close it on that."""
        self.ask_and_decide(matter="close_or_lower", name=name, days=10, outcome="approve")
        self.close(name=name)

    # --- what must hold after every step -----------------------------------------------------------------------------

    @invariant()
    def the_states_agree(self) -> None:
        """Status, cycle, peak and openness of every risk are those of the model."""
        if not hasattr(self, "risks"):
            return
        shown = {one.id: one for one in self.life.register.risks()}
        opened = {one.id for one in self.life.register.risks(open=True)}
        for name, risk in self.risks.items():
            state = shown[name]
            peak = None if risk.peak is None else GRADES[risk.peak]
            assert (risk.status, risk.cycle, peak) == (state.status.id, state.cycle, state.effective)
            assert risk.open(self.now) is (name in opened)
        closed = {one.id for one in self.life.register.risks(open=False)}
        assert closed == set(self.risks) - opened

    @invariant()
    def the_cases_agree(self) -> None:
        """Status, place and outcome of every case are those of the model."""
        for case in getattr(self, "cases", ()):
            found = self.life.register.case(case.name)
            outcome = found.outcome.id if found.outcome is not None else ""
            assert (case.state, case.body, case.outcome) == (found.status.id, found.body, outcome)

    @invariant()
    def the_gates_agree(self) -> None:
        """What keeps the running system shut, and what a release waits for, is what the model says."""
        if not hasattr(self, "risks"):
            return
        assert sorted(self.shut()) == sorted(self.life.blockers(self.life.register.component_gate("chat")))
        found = self.life.blockers(self.life.register.gate("chat", Stage.DEPLOYMENT))
        beside = {"stage_order", "cycle_open", "entry_need_open", "candidate_open"}
        assert sorted(self.unreleased()) == sorted(code for code in found if code not in beside)

    def shut(self) -> list[str]:
        """Return what keeps the running system shut."""
        codes = ["stopped" for _ in self.stops]
        for name, risk in self.risks.items():
            if risk.contained(self.now):
                codes.append("containment_open")
            lapsed = risk.accepted is not None and risk.accepted[2] <= self.now and risk.accepted[0] == HIGH
            if lapsed and risk.peak == HIGH and not risk.live(self.now):
                codes.append("expired")
            final = [
                one
                for one in self.cases
                if one.subject == name
                and one.matter in {"risk", "accept"}
                and one.outcome in {"approve", "reject", "stop"}
            ]
            final.sort(key=lambda one: one.decided or self.now)
            if final and final[-1].outcome != "approve":
                codes.append("rejected")
        return codes

    def unreleased(self) -> list[str]:
        """Return what a release waits for."""
        codes = ["stopped" for _ in self.stops]
        for risk in self.risks.values():
            if risk.for_good():
                continue
            if risk.open(self.now) and not risk.assessed(self.now):
                codes.append("not_assessed")
            if risk.peak == HIGH:
                codes.append("grade_high")
            if risk.accepted is not None:
                _, material, until = risk.accepted
                if until <= self.now and material == risk.material():
                    codes.append("expired")
        return codes + self.undecided()

    def undecided(self) -> list[str]:
        """Return why no decision to release stands."""
        case = self.case_for("release", "chat")
        if case is None or case.outcome in {"return", "escalate"}:
            return ["case_missing"]
        if case.state == "open":
            return ["quorum_open"]
        if case.outcome in {"reject", "stop"}:
            return ["rejected"]
        codes = ["state_changed"] if case.material != self.system() else []
        if case.decided is None or case.decided + 30 * DAY <= self.now:
            codes.append("lapsed")
        return codes

    @invariant()
    def no_grade_falls_without_a_decision(self) -> None:
        """A lower effective grade than before was decided, by a case of that matter."""
        for name, before in getattr(self, "peaks_before", {}).items():
            after = self.risks[name].peak
            if before is not None and (after is None or after < before):
                assert self.lowered_by_decision
                assert self.life.register.history(name)[-1].kind == "peak_lowered"

    def teardown(self) -> None:
        """The states are the fold of the log, and every approved release took five people."""
        if not hasattr(self, "life"):
            return
        assert self.life.register.rebuild() == ()
        for case in self.life.register.cases(subject="chat"):
            if case.matter is Matter.RELEASE and case.approved:
                assert len({voter for one in case.decisions for voter in one.voters}) == 5


@pytest.mark.long
def test_histories_agree_with_the_model(start_life: Any) -> None:
    """Over histories that Hypothesis makes up, every command, state and gate is as the model foretells."""
    Histories.life_of = start_life
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=25, stateful_step_count=30, suppress_health_check=slow)
    )


def walk(start_life: Any, seed: int, steps: int) -> Histories:
    """Take one long history, each step drawn anew, with every invariant after every step."""
    Histories.life_of = start_life
    chance = random.Random(seed)  # noqa: S311  # the same history in every run
    machine = Histories()
    machine.begin()
    pick = chance.choice

    def a_risk() -> str:
        return pick(["r", "s"])

    moves: list[Callable[[], None]] = [
        lambda: machine.wait(minutes=pick([1, 60, 1440, 40_000])),
        lambda: machine.assess(
            name=a_risk(),
            grade=pick([1, 2, 3]),
            residual=pick([True, False]),
            who=pick(["qa.seo", "audit.han", "erm.b"]),
        ),
        lambda: machine.withdraw_assessment(
            name=a_risk(), who=pick(["qa.seo", "audit.han", "pm.oh"]), back=pick([0, 1])
        ),
        lambda: machine.respond(name=a_risk(), who=pick(["pm.oh", "pm.oh", "erm.c"])),
        lambda: machine.verify(
            name=a_risk(), done=pick([1, 2]), effective=pick([True, False]), who=pick(["qa.seo", "ml.lee"])
        ),
        lambda: machine.verify_all(name=a_risk()),
        lambda: machine.rescope(name=a_risk(), who=pick(["pm.oh", "pm.oh", "erm.a.alt"])),
        lambda: machine.reword(name=a_risk(), text=pick(["a", "나"])),
        lambda: machine.contain(name=a_risk(), days=pick([None, 1, 5])),
        lambda: machine.reopen(name=a_risk()),
        lambda: machine.close(name=a_risk()),
        lambda: machine.revoke(name=a_risk(), who=pick(["safety.kim", "erm.a.alt", "ceo", "pm.oh"])),
        lambda: machine.stop(who=pick(["erm.b", "bot", "pm.oh"])),
        machine.lift,
        lambda: machine.escalate(
            matter=pick(["risk", "accept", "close_or_lower", "release", "stop"]),
            name=a_risk(),
            days=pick([10, 80, 200]),
        ),
        lambda: machine.answer(name=a_risk(), grade=pick([1, 2, 3]), left=pick([1, 1, 2, 3])),
        lambda: machine.accept_and_close(name=a_risk(), days=pick([10, 80])),
        lambda: machine.lower_and_close(name=a_risk()),
        lambda: machine.ask_and_decide(
            matter=pick(["risk", "accept", "close_or_lower", "release", "stop"]),
            name=a_risk(),
            days=pick([10, 80]),
            outcome=pick(["approve"] * 5 + ["reject", "return"]),
        ),
    ]
    on_cases: list[Callable[[], None]] = [
        lambda: machine.vote(
            pick=chance.randrange(50), who=pick([*SEATS["erm_committee"], "safety.kim", "ceo", "bot", "erm.a.alt"]),
            outcome=pick(["approve"] * 6 + STRENGTH),
        ),
        lambda: machine.decide_all(pick=chance.randrange(50), outcome=pick(["approve", "approve", "reject"])),
        lambda: machine.withdraw_case(pick=chance.randrange(50), who=pick(["pm.oh", "ml.lee"])),
    ]  # fmt: skip
    for _ in range(steps):
        waiting = any(case.state == "open" for case in machine.cases)
        pick(moves + on_cases * 3 if waiting else moves)()
        machine.the_states_agree()
        machine.the_cases_agree()
        machine.the_gates_agree()
        machine.no_grade_falls_without_a_decision()
    machine.teardown()
    return machine


@pytest.mark.long
def test_long_walks_agree_with_the_model(start_life: Any) -> None:
    """Over long walks too; and together they see every kind of event, and every matter approved."""
    machines = [walk(start_life, seed, 50) for seed in (*range(24), 25)]
    kinds = {entry.kind for one in machines for entry in one.life.register.events(limit=9_999)}
    approved = {case.matter.id for one in machines for case in one.life.register.cases() if case.approved}

    assert kinds >= {"risk_closed", "risk_reopened", "peak_lowered", "accepted", "acceptance_revoked", "lifted"}
    assert approved == {"risk", "accept", "close_or_lower", "release", "stop"}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2_000))
def test_many_long_walks_agree_with_the_model(start_life: Any, seed: int) -> None:
    """The same over thousands of longer walks."""
    walk(start_life, 1_000 + seed, 150)
