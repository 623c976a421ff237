"""Opening a register: its governance, its people, and a company's own methods."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from kakao_asi import Grade, NegligenceFactors, RiskCategory, RiskRegister, commands
from kakao_asi.assessments import Basis, GridImperfection, Judgement, Step
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.evidence import Evidence, EvidenceKind
from kakao_asi.exceptions import CommandRefused, GovernanceDiffers, IntegrityError, InvalidValue, StoreUnavailable
from kakao_asi.governance import NamedMethod, Person, PersonKind, Roster, Seat
from kakao_asi.stores import MemoryStore
from kakao_asi.systems import PinKind
from kakao_asi.testing import CountingIds, FrozenClock


def people(*names: str, **aliases: set[str]) -> list[Person]:
    """Return people, some with aliases."""
    return [Person(id=name, aliases=aliases.get(name, set())) for name in names]


def opened(store: Any, roster: Roster | None = None, **options: Any) -> RiskRegister:
    """Open a register in a store."""
    return RiskRegister.on(store, ids=CountingIds(), **({} if roster is None else {"roster": roster}), **options)


@pytest.fixture
def store() -> MemoryStore:
    """An empty store."""
    return MemoryStore(clock=FrozenClock(dt.datetime(2026, 3, 2, tzinfo=dt.UTC)))


def test_the_first_event_is_the_governance(store: MemoryStore) -> None:
    """By default the catalogue's, with nobody seated."""
    register = opened(store)
    (entry,) = register.events()

    assert ("governance_adopted", "host") == (entry.kind, entry.by)
    assert (kakao_governance(), Roster()) == (register.governance(), register.roster())


def test_without_a_governance_the_adopted_one_holds(store: MemoryStore) -> None:
    """Opening again adds nothing."""
    opened(store, governance=proportional_governance())
    again = opened(store)

    assert (proportional_governance(), 1) == (again.governance(), store.frontier().size)
    assert opened(store, governance=proportional_governance()).governance_digest() == again.governance_digest()


def test_another_governance_is_refused(store: MemoryStore) -> None:
    """Both digests are named, and the way to change it."""
    adopted = opened(store).governance_digest()
    with pytest.raises(GovernanceDiffers, match="ProposeGovernance") as raised:
        opened(store, governance=proportional_governance())

    assert adopted == raised.value.adopted != raised.value.passed
    assert store.frontier().size == 1


def test_a_refused_file_is_released(tmp_path: Path) -> None:
    """After a refusal the file can be opened again at once."""
    path = tmp_path / "asi.db"
    RiskRegister.open(path).release()
    with pytest.raises(GovernanceDiffers):
        RiskRegister.open(path, governance=proportional_governance())
    with RiskRegister.open(path) as register:
        assert register.governance() == kakao_governance()


def test_a_released_register_takes_nothing(tmp_path: Path) -> None:
    """Leaving the block releases it, and twice is no error."""
    with RiskRegister.open(tmp_path / "asi.db") as register:
        pass
    register.release()
    with pytest.raises(StoreUnavailable):
        register.risks()


def test_a_log_without_the_checkpoint_expected_is_refused(store: MemoryStore) -> None:
    """One that contains it opens."""
    checkpoint = opened(store).checkpoint(origin="test")
    assert opened(store, expect=checkpoint).roster() == Roster()

    other = MemoryStore()
    opened(other)
    with pytest.raises(IntegrityError, match="checkpoint expected"):
        opened(other, expect=checkpoint)


# --- people ----------------------------------------------------------------------------------------------------------

BEFORE = Roster(
    people=people("ann", "bob", "cho", ann={"a1", "a2"}),
    seats=[
        Seat(body="top", person="ann"),
        Seat(body="erm_committee", person="bob"),
        Seat(body="ai_safety", person="a1"),
    ],
)


@pytest.mark.parametrize(
    "after",
    [
        Roster(people=people("ann", "bob", "cho", ann={"a1"}), seats=BEFORE.seats),
        Roster(people=people("ann", "bob", bob={"a1", "a2"}), seats=[Seat(body="top", person="a1")]),
        Roster(people=people("ann", "a1"), seats=[Seat(body="top", person="a1")]),
        Roster(people=people("bob", "ann", bob={"b1"}, ann={"a2"}), seats=[Seat(body="ai_safety", person="b1")]),
        Roster(people=[Person(id="ann", kind=PersonKind.AGENT, roles={"serving"}, unit="chat")]),
        Roster(),
    ],
    ids=["name-given-up", "names-move", "name-becomes-somebody", "seats-move", "changed", "nobody"],
)
def test_a_roster_at_open_is_recorded_as_events(store: MemoryStore, after: Roster) -> None:
    """Whatever changes hands, the roster in force is the one given; who is left out stays, without a seat."""
    opened(store, BEFORE)
    register = opened(store, after)
    given = {person.id for person in after.people}
    kinds = {entry.kind for entry in register.events()} - {"governance_adopted"}

    assert [one for one in register.roster().people if one.id in given] == list(after.people)
    for body in ("ai_safety", "erm_committee", "top"):
        assert [one.id for one in register.roster().seated(body)] == [one.id for one in after.seated(body)]
    assert {person.id for person in BEFORE.people} <= {person.id for person in register.roster().people}
    assert kinds <= {"person_changed", "seat_changed"}
    assert register.rebuild() == ()


def test_the_same_roster_adds_nothing(store: MemoryStore) -> None:
    """Also where a seat is given under an alias."""
    opened(store, BEFORE)
    opened(store, BEFORE)

    assert store.frontier().size == 1


def test_a_name_of_somebody_who_stays_is_refused_before_anything_is_written(store: MemoryStore) -> None:
    """One name cannot come to mean two people."""
    opened(store, BEFORE)
    with pytest.raises(InvalidValue, match="one person only"):
        opened(store, Roster(people=people("ann", "dan", dan={"bob"})))

    assert store.frontier().size == 1


def test_a_read_only_register_keeps_its_roster(store: MemoryStore) -> None:
    """Nothing is recorded."""
    opened(store, BEFORE)
    register = opened(store, Roster(), read_only=True)

    assert (1, 1) == (len(register.roster().seated("top")), store.frontier().size)


@pytest.mark.parametrize("name", ["ann", "a1", "a2"])
def test_a_seat_is_found_under_every_name(store: MemoryStore, name: str) -> None:
    """Given under an alias, it ends under the id, and the other way round."""
    register = opened(store, BEFORE)
    for body in ("top", "ai_safety"):
        register.submit(commands.ChangeSeat(body=body, person=name, seated=False), by="host")
        assert register.roster().seated(body) == ()
    register.submit(commands.ChangeSeat(body="top", person=name, seated=True), by="host")

    assert [Seat(body="top", person="ann")] == [one for one in register.roster().seats if one.body == "top"]


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (commands.ChangeSeat(body="board", person="ann", seated=True), ("board",)),
        (commands.ChangeSeat(body="top", person="dan", seated=True), ("dan",)),
        (commands.ChangeSeat(body="board", person="dan", seated=True), ("board", "dan")),
        (commands.ChangePerson(person=Person(id="bob", aliases={"a1"})), ("aliases",)),
        (commands.ChangePerson(person=Person(id="a1")), ("aliases",)),
    ],
    ids=["body", "person", "both", "alias-taken", "id-taken"],
)
def test_a_roster_stays_a_roster(store: MemoryStore, command: Any, missing: tuple[str, ...]) -> None:
    """Seats are of known people in known bodies, and a name is of one person."""
    refusals = opened(store, BEFORE).can(command, by="host").refusals

    assert [("unknown_subject", missing)] == [(one.code.id, one.missing) for one in refusals]


# --- methods ---------------------------------------------------------------------------------------------------------


class Strict:
    """A company's own method: whatever fails at all is HIGH."""

    id = "strict"
    category = RiskCategory.MODEL_IMPERFECTION
    needs = GridImperfection().needs

    def __init__(self, version: int = 1) -> None:
        """Be of a version."""
        self.version = version

    def unassessable(self, factors: Any, touches: Any) -> tuple[str, ...]:  # noqa: ARG002  # the protocol's own
        """Ask for the failures."""
        return ("failures",) if factors.failures is None else ()

    def judge(self, factors: Any, **_: Any) -> Judgement:
        """Judge by failures alone."""
        grade = Grade.HIGH if factors.failures else Grade.LOW
        return Judgement(grade=grade, steps=(Step(code="strict", ko="엄격하게", en="Strictly"),))


def strict_governance() -> Any:
    """Return a governance that names the method."""
    base = kakao_governance()
    named = NamedMethod(id="strict", version=1, category=RiskCategory.MODEL_IMPERFECTION)
    rest = [one for one in base.methods if one.category is not RiskCategory.MODEL_IMPERFECTION]
    return attrs.evolve(base, methods=(named, *rest))


def test_a_company_assesses_by_its_own_method(start_life: Callable[..., Any]) -> None:
    """The governance names it, its code is passed at open, and its name stands on the assessment."""
    life = start_life(governance=strict_governance(), methods=[Strict(2), Strict()])
    state = life.assess(Grade.MEDIUM)
    (one,) = state.assessments

    assert (Grade.HIGH, "strict", 1) == (state.effective, one.method, one.method_version)
    assert life.register.rebuild() == ()
    factors = attrs.evolve(life.factors(), failures=None)
    assert life.can(commands.Assess(risk="r", factors=factors)) == ["factor_missing"]


def test_a_method_without_its_code_assesses_nothing(start_life: Callable[..., Any]) -> None:
    """The version counts; what to pass is said."""
    life = start_life(governance=strict_governance(), methods=[Strict(2)])
    with pytest.raises(InvalidValue, match=r"methods.*'strict' version 1"):
        life.assess()
    assert life.register.gate("chat", "development").blockers


def test_another_method_is_another_state(start_life: Callable[..., Any]) -> None:
    """What an assessment was made by is material."""
    lives = [start_life(), start_life(governance=strict_governance(), methods=[Strict()])]
    for life in lives:
        life.assess(Grade.LOW)

    assert len({life.register.state_hash("r") for life in lives}) == 2


# --- assessing by the rules of the method ----------------------------------------------------------------------------


def test_a_measured_assessment_needs_its_digests(life: Any) -> None:
    """What is missing is named; a pinned model counts as one."""
    command = commands.Assess(risk="r", factors=life.factors(), basis=Basis.MEASURED)
    (refusal,) = life.register.can(command, by="qa.seo").refusals
    assert ("evidence_missing", ("data_set", "metric", "model", "result")) == (refusal.code.id, refusal.missing)

    life.submit(commands.Pin(system="chat", pins=[life.pin("v1"), life.pin("p1", kind=PinKind.PROMPT)]))
    (refusal,) = life.register.can(command, by="qa.seo").refusals
    assert refusal.missing == ("data_set", "metric", "result")


def test_factors_of_another_category_are_refused(life: Any) -> None:
    """Named are those that fit, and nothing else is looked at."""
    factors = NegligenceFactors(
        opportunities_30d=1, errors=0, observed=1, caught_pct=0, severity=None, recovery_h=None, recurrences_30d=0
    )
    (refusal,) = life.register.can(commands.Assess(risk="r", factors=factors), by="qa.seo").refusals

    assert ("factors_do_not_fit", ("ImperfectionFactors",)) == (refusal.code.id, refusal.missing)


def test_a_basis_that_is_not_named_is_found(life: Any) -> None:
    """Measured where all digests are there, else the default, which is one band worse."""
    state = life.register.assess("r", life.factors(Grade.LOW), by="qa.seo")
    assert state.assessments[-1].basis.id == "default"

    kinds = (EvidenceKind.RESULT, EvidenceKind.DATA_SET, EvidenceKind.MODEL, EvidenceKind.METRIC)
    evidence = [Evidence.of_bytes(b"x", at=life.clock(), kind=kind) for kind in kinds]
    state = life.register.assess("r", life.factors(Grade.LOW), evidence=evidence, by="qa.seo")
    assert state.assessments[-1].basis.id == "measured"


def test_a_refusal_at_open_leaves_the_register_usable(store: MemoryStore) -> None:
    """Nothing is half-open."""
    opened(store, BEFORE)
    with pytest.raises(CommandRefused):
        opened(store, Roster(), authorize=lambda _, command: not isinstance(command, commands.ChangeSeat))

    assert opened(store).roster().seated("top")
