"""Every order of acts in a small company, and no forbidden approval among them; seeded faults in the rules are found.

The oracle reads the log only: who did what, in which order. It knows nothing of the engine's guards.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import attrs
import pytest

from kakao_asi import Audience, Grade, LifecycleEngine, Matter, Risk, Stage, System, commands
from kakao_asi.assessments import Basis
from kakao_asi.catalog import kakao_governance
from kakao_asi.governance import Code, Person, PersonKind, PerspectiveNeed, Quorum, Roster, Seat, WeekdayCalendar
from kakao_asi.lifecycle import UNDECLARED, Context, Decided, Facts, reads
from kakao_asi.lifecycle import events as e

NOW = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)
WHY = "looked at in depth, see the evidence"
ROLE = "review.technical"

PEOPLE = (
    Person(id="kim", aliases={"kim.alt"}, roles={ROLE}),
    Person(id="lee", roles={ROLE}),
    Person(id="han", roles={ROLE, "serving"}),
    Person(id="bot", kind=PersonKind.AGENT, roles={ROLE}),
)
SEATS = (
    *(Seat(body="ai_safety", person=name) for name in ("kim", "lee", "bot", "han")),
    *(Seat(body="erm_committee", person=name) for name in ("kim", "lee")),
    Seat(body="top", person="lee"),
)
ROSTER = Roster(people=PEOPLE, seats=SEATS)


@cache
def governance() -> Any:
    """Return three bodies of one vote each, that wait for one opinion."""
    rules = kakao_governance()
    bodies = [attrs.evolve(one, seats=4, quorum=Quorum(votes=1)) for one in rules.graph.bodies]
    need = PerspectiveNeed(perspectives={"technical"})
    return attrs.evolve(rules, graph=attrs.evolve(rules.graph, bodies=bodies), perspectives=(need,))


Log = tuple[tuple[str, str, Any], ...]
World = dict[str, Any]


def context(world: World, by: str, command: Any) -> Context:
    """Return what a decision may know."""
    declared = reads(command)
    risks = {name: state for name, state in world.items() if name.startswith("risk:")}
    cases = tuple(state for name, state in world.items() if name.startswith("case:"))
    return Context(
        now=NOW,
        by=by,
        because=WHY,
        governance=governance(),
        governance_digest="sha256:" + "0" * 64,
        roster=ROSTER,
        roster_digest="sha256:" + "1" * 64,
        calendar=WeekdayCalendar(),
        facts=Facts(
            system=world.get("system:chat"),
            risks={state.id: state for state in risks.values()} if "risks" in declared else UNDECLARED,
            cases=cases if "cases" in declared else (),
        ),
    )


def step(engine: LifecycleEngine, world: World, by: str, command: Any, on: str) -> tuple[World, Log] | None:
    """Return the world after a command and what was written; None if it was refused or changes nothing."""
    answer = engine.decide(world.get(on), command, context(world, by, command))
    if not isinstance(answer, Decided) or not answer.changes:
        return None
    after = dict(world)
    for change in answer.changes:
        after[change.stream] = engine.apply(after.get(change.stream), change.event, by=by, at=NOW)
    return after, tuple((by, change.stream, change.event) for change in answer.changes)


def begin() -> tuple[World, Log]:
    """Return a company with one risk, identified by kim under an alias, and a case on it."""
    world: World = {}
    log: Log = ()
    engine = LifecycleEngine()
    risk = Risk(
        id="r", title="made up", category="model_imperfection", system="chat", principles={"privacy"}, owner="serving"
    )
    for by, command, on in (
        ("pm.oh", commands.AddSystem(system=System(id="chat", unit="chat", audience=Audience.EXTERNAL)), "system:chat"),
        ("kim.alt", commands.Identify(risk=risk), "risk:r"),
        ("pm.oh", commands.Escalate(subject="r", matter=Matter.RISK), "case:none"),
    ):
        done = step(engine, world, by, command, on)
        assert done is not None
        world, log = done[0], log + done[1]
    return world, log


NAMES = ("kim", "kim.alt", "lee", "han", "bot")


def acts(world: World, factors: Any) -> Iterator[tuple[str, Any, str]]:
    """Yield everything anybody may try."""
    yield "lee", commands.Rescope(risk="r", stages={Stage.TEST}), "risk:r"
    yield "han", commands.Assess(risk="r", factors=factors, basis=Basis.EXPERT), "risk:r"
    yield "pm.oh", commands.Close(risk="r"), "risk:r"
    yield "pm.oh", commands.Object(risk="r", block_requested=True), "risk:r"
    yield "pm.oh", commands.Rebase(case="r.risk.1"), "case:r.risk.1"
    yield "host", commands.MissDeadline(case="r.risk.1"), "case:r.risk.1"
    case = world["case:r.risk.1"]
    for by in NAMES:
        yield by, commands.Decide(case=case.id, outcome="approve", body=case.body), "case:r.risk.1"
        yield by, _opinion(case.id), "case:r.risk.1"
        yield by, commands.ResolveObjection(risk="r", objection="r.o1", upheld=False), "risk:r"
    for by, to in (("lee", "kim.alt"), ("lee", "bot"), ("lee", "han"), ("kim", "han"), ("han", "kim")):
        lent = commands.Delegate(case=case.id, body=case.body, to=to, until=NOW + dt.timedelta(days=1))
        yield by, lent, "case:r.risk.1"
    yield "lee", commands.Recuse(case=case.id), "case:r.risk.1"


def _opinion(case: str) -> commands.Review:
    return commands.Review(case=case, perspective="technical", assessment_adequate=True, response_adequate=True)


# --- the oracle ------------------------------------------------------------------------------------------------------


class Oracle:
    """Follows a log and names each rule that it breaks."""

    def __init__(self) -> None:
        """Start before the first entry; han owns the risk."""
        self.hands, self.partial = {"han"}, {"han"}
        self.votes: list[str] = []
        self.opinions: list[str] = []
        self.recused: set[str] = set()
        self.lent: dict[str, set[str]] = {}
        self.changed = False

    def broken(self, by: str, event: Any) -> Iterator[str]:
        """Yield the rules that the next entry breaks."""
        person = ROSTER.person(by)
        who = person.id if person else by
        trusted = person is not None and person.kind is PersonKind.HUMAN
        for kind, judge in JUDGES.items():
            if isinstance(event, kind):
                yield from (rule for rule, holds in judge(self, who, trusted, event) if not holds)

    def on_work(self, who: str, _trusted: bool, event: Any) -> Iterator[tuple[str, bool]]:
        """Whoever works on the risk has a hand in it."""
        self.hands.add(who)
        self.partial |= {who} if isinstance(event, e.RiskAssessed) else set()
        self.changed = True
        return iter(())

    def on_pin(self, _who: str, _trusted: bool, _event: Any) -> Iterator[tuple[str, bool]]:
        """A case that is opened or rebased stands on the present, and nothing was given on it."""
        self.changed, self.votes, self.opinions = False, [], []
        return iter(())

    def on_recused(self, who: str, _trusted: bool, _event: Any) -> Iterator[tuple[str, bool]]:
        """Whoever stepped back has neither vote nor seat."""
        self.recused.add(who)
        self.votes = [one for one in self.votes if one != who]
        return iter(())

    def on_delegated(self, who: str, _trusted: bool, event: Any) -> Iterator[tuple[str, bool]]:
        """A seat is lent by and to people without a hand in it."""
        one = event.delegation
        self.lent.setdefault(one.body, set()).add(one.to)
        barred = self.hands | self.recused | {"bot"}
        yield "a seat is not lent to somebody in conflict", one.to not in barred
        yield "a seat is lent by its owner, who is not in conflict", one.of == who not in barred

    def on_reviewed(self, who: str, trusted: bool, _event: Any) -> Iterator[tuple[str, bool]]:
        """An opinion is a person's, neither assessor nor owner."""
        self.opinions.append(who)
        yield "an opinion is a person's", trusted
        yield "an opinion is not the assessor's or owner's", who not in self.partial

    def on_resolved(self, who: str, trusted: bool, _event: Any) -> Iterator[tuple[str, bool]]:
        """An objection is resolved from above, by somebody without a hand in it."""
        above = {one.id for body in ("erm_committee", "top") for one in ROSTER.seated(body)}
        yield "an objection is resolved from above", trusted and who in above
        yield "an objection is resolved by no hand in it", who not in self.hands

    def on_voted(self, who: str, trusted: bool, event: Any) -> Iterator[tuple[str, bool]]:
        """A vote is that of a seated person, once, without a hand in it, on the present, after the opinions."""
        seated = {one.id for one in ROSTER.seated(event.vote.body)} | self.lent.get(event.vote.body, set())
        yield "a vote is a person's", trusted
        yield "a vote is that of a seat", who in seated
        yield "a vote is no hand's in it", who not in self.hands | self.recused
        yield "a person votes once", who not in self.votes
        yield "a vote is on the present", not self.changed
        yield "a vote comes after the opinions", bool(self.opinions)
        self.votes.append(who)

    def on_decided(self, _who: str, _trusted: bool, event: Any) -> Iterator[tuple[str, bool]]:
        """A body decides by the votes that were given."""
        yield "a decision is made of votes", set(event.decision.voters) <= set(self.votes)

    def on_settled(self, _who: str, _trusted: bool, _event: Any) -> Iterator[tuple[str, bool]]:
        """No case on closing, lowering or accepting is open here, so nothing of that kind may happen."""
        yield "nothing is settled without its case", False


JUDGES: dict[Any, Callable[[Oracle, str, bool, Any], Iterator[tuple[str, bool]]]] = {
    (e.RiskIdentified, e.RiskRescoped, e.RiskAssessed): Oracle.on_work,
    (e.CaseOpened, e.CaseRebased): Oracle.on_pin,
    e.Recused: Oracle.on_recused,
    e.Delegated: Oracle.on_delegated,
    e.Reviewed: Oracle.on_reviewed,
    e.ObjectionResolved: Oracle.on_resolved,
    e.Voted: Oracle.on_voted,
    e.BodyDecided: Oracle.on_decided,
    (e.RiskClosed, e.PeakLowered, e.Accepted): Oracle.on_settled,
}
"""What is asked of each kind of entry."""


def forbidden(log: Log) -> set[str]:
    """Return the rules that a log breaks."""
    oracle = Oracle()
    return {rule for by, _, event in log for rule in oracle.broken(by, event)}


def search(engine: LifecycleEngine, factors: Any, depth: int) -> tuple[set[str], int]:
    """Try everything breadth first; return the rules broken and how many different worlds were seen."""
    world, log = begin()
    seen = {_key(world, log)}
    front = [(world, log)]
    broken: set[str] = set()
    for _ in range(depth):
        following = []
        for here, said in front:
            for by, command, on in acts(here, factors):
                done = step(engine, here, by, command, on)
                if done is None:
                    continue
                after, written = done
                whole = said + written
                broken |= forbidden(whole)
                key = _key(after, whole)
                if key not in seen and len(written) and not _too_long(after):
                    seen.add(key)
                    following.append((after, whole))
        front = following
    return broken, len(seen)


def _too_long(world: World) -> bool:
    risk, case = world["risk:r"], world["case:r.risk.1"]
    return len(risk.assessments) > 1 or len(risk.objections) > 1 or len(case.delegations) > 1


def _key(world: World, log: Log) -> tuple[Any, ...]:
    """Return what makes two worlds the same for the oracle too."""
    return (
        *(world[name] for name in sorted(world)),
        frozenset(by for by, _, event in log if isinstance(event, e.Voted)),
    )


# --- seeded faults ---------------------------------------------------------------------------------------------------


def forgetting(command: type[Any], *codes: Code) -> LifecycleEngine:
    """Return an engine whose guards on a command forget some reasons to refuse."""

    def mutant(guard: Callable[..., Iterable[Any]]) -> Callable[..., Iterable[Any]]:
        return lambda state, asked, ctx: [one for one in guard(state, asked, ctx) if one.code not in codes]

    rows = [
        attrs.evolve(row, guards=tuple(mutant(one) for one in row.guards)) if row.command is command else row
        for row in LifecycleEngine().table.values()
    ]
    return LifecycleEngine.of(rows)


FAULTS = [
    (commands.Decide, (Code.AGENT_CANNOT_APPROVE,)),
    (commands.Decide, (Code.CONFLICT_OF_INTEREST,)),
    (commands.Decide, (Code.AUTHORITY,)),
    (commands.Decide, (Code.STATE_CHANGED,)),
    (commands.Decide, (Code.PERSPECTIVE_MISSING,)),
    (commands.Review, (Code.AGENT_CANNOT_APPROVE,)),
    (commands.Review, (Code.CONFLICT_OF_INTEREST,)),
    (commands.Delegate, (Code.AGENT_CANNOT_APPROVE,)),
    (commands.Delegate, (Code.CONFLICT_OF_INTEREST,)),
    (commands.ResolveObjection, (Code.AGENT_CANNOT_APPROVE,)),
    (commands.ResolveObjection, (Code.AUTHORITY,)),
    (commands.ResolveObjection, (Code.CONFLICT_OF_INTEREST,)),
    (commands.Close, (Code.CASE_MISSING, Code.CASE_OPEN, Code.NOT_ASSESSED, Code.RESPONSE_MISSING,
                      Code.RESIDUAL_ABOVE_TOLERANCE)),
]  # fmt: skip
"""One line of the rules forgotten each: the command, and what it no longer refuses for."""


@pytest.mark.long
def test_no_order_of_acts_lets_a_forbidden_approval_through(life: Any) -> None:
    """To the last new world: whatever three people, an alias and an agent try, nothing forbidden happens."""
    broken, worlds = search(LifecycleEngine(), life.factors(Grade.LOW), depth=30)

    assert broken == set()
    assert worlds > 1_000


@pytest.mark.parametrize(("command", "codes"), FAULTS, ids=[f"{one.__name__}-{c[0].id}" for one, c in FAULTS])
def test_every_seeded_fault_is_found(life: Any, command: type[Any], codes: tuple[Code, ...]) -> None:
    """Forgetting one reason to refuse lets something forbidden through, and the search sees it."""
    broken, _ = search(forgetting(command, *codes), life.factors(Grade.LOW), depth=3)

    assert broken
