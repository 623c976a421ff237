"""Commands into a register: what is taken, what is refused, and what a repeated request does."""

import datetime as dt
from typing import Any

import pytest

from kakao_asi import CommandRefused, Grade, Matter, Outcome, Risk, Stage, System, commands
from kakao_asi.exceptions import InvalidValue, KeyReused, StoreUnavailable, UnknownId
from kakao_asi.lifecycle import LinkKind, RiskStatus
from kakao_asi.responses import Coverage
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import FrozenClock


def test_every_verb_works_over_every_store(kept: Any) -> None:
    """One life through all thirteen, and the stored states are the fold of the log."""
    register, clock = kept.register, kept.clock
    kept.answered(Grade.MEDIUM)
    kept.lowered()
    assert register.close("r", by="pm.oh").status is RiskStatus.CLOSED
    assert register.reopen("r", "recurrence", by="pm.oh").cycle == 2
    kept.answered()
    assert register.contain("r", until=clock() + dt.timedelta(hours=1), by="pm.oh").containment is not None
    assert kept.enter(Stage.DEVELOPMENT).stage is Stage.DEVELOPMENT
    assert len(register.stop("chat", "reply", by="ceo").stops) == 1
    kept.decided("chat", Matter.STOP, component="reply")
    assert register.lift("chat", "reply", by="pm.oh").stops == ()

    assert register.rebuild() == ()
    assert register.audit().sound


@pytest.mark.parametrize(
    "command",
    [
        commands.Reword(risk="nobody", title="x"),
        commands.Enter(system="nobody", stage=Stage.TEST),
        commands.Decide(case="nobody", outcome=Outcome.APPROVE, body="top"),
        commands.Escalate(subject="nobody", matter=Matter.RISK),
        commands.Escalate(subject="nobody", matter=Matter.RELEASE),
    ],
    ids=["reword", "enter", "decide", "escalate-risk", "escalate-system"],
)
def test_a_subject_that_does_not_exist_is_unknown(life: Any, command: Any) -> None:
    """It is named, and nothing is written."""
    before = life.size()
    with pytest.raises(UnknownId, match="nobody"):
        life.submit(command)

    assert before == life.size()


@pytest.mark.parametrize("by", ["", "Kim", "a b", "한글", "x" * 129, "a\n"])
def test_a_principal_is_an_id(life: Any, by: str) -> None:
    """Anything else could be a second name for somebody."""
    with pytest.raises(InvalidValue, match="by"):
        life.submit(commands.Reword(risk="r", title="x"), by=by)


@pytest.mark.parametrize(
    "because", ["", "  ", "a\x00b", "a\u202eb", "x" * 4_001], ids=["empty", "blank", "nul", "bidi", "long"]
)
def test_a_reason_is_plain_text(life: Any, because: str) -> None:
    """What cannot be seen or is too long is refused without being repeated."""
    with pytest.raises(InvalidValue) as raised:
        life.submit(commands.Reword(risk="r", title="x"), because=because)

    assert not because.strip() or because not in str(raised.value)


def test_a_reason_is_kept_in_normal_form(life: Any) -> None:
    """However Korean was typed, it is stored composed."""
    decomposed = "\u1100\u1161"
    life.submit(commands.Reword(risk="r", title="x"), because=decomposed)

    assert life.register.history("r")[-1].because == "가"


@pytest.mark.parametrize(
    "at",
    [
        dt.datetime(2026, 3, 2, 0, 30, 0, 1, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 1, 0, 0),  # noqa: DTZ001  # a time without a zone is what is tested
        dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=9))),
    ],
    ids=["future", "naive", "year-1"],
)
def test_what_happened_lies_in_the_past(life: Any, at: dt.datetime) -> None:
    """Not in the future, not without a zone, and not before anything could be recorded."""
    with pytest.raises(InvalidValue, match="at"):
        life.register.identify(Risk(**risk_parts()), by="pm.oh", at=at)


def risk_parts(name: str = "late") -> dict[str, Any]:
    """Return the parts of a risk."""
    parts = {"title": "What was found", "category": "model_imperfection", "system": "chat", "owner": "serving"}
    return {"id": name, "principles": {"privacy"}} | parts


def test_what_happened_earlier_is_recorded_now(life: Any) -> None:
    """Both times stand in the entry, in UTC."""
    seoul = dt.timezone(dt.timedelta(hours=9))
    then = dt.datetime(2026, 3, 1, 18, tzinfo=seoul)
    state = life.register.identify(Risk(**risk_parts()), by="pm.oh", at=then)
    (entry,) = life.register.history("late")

    assert (then, life.clock()) == (entry.at, entry.recorded_at)
    assert (then, dt.UTC) == (state.identified_at, state.identified_at.tzinfo)


def test_a_clock_without_a_zone_is_refused(start_life: Any) -> None:
    """No instant of a register is ambiguous."""
    store = MemoryStore()
    with pytest.raises(InvalidValue, match="clock"):
        start_life(store=store, clock=dt.datetime.now)


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_repeated_request_changes_nothing(kept: Any) -> None:
    """The same key with the same request is taken once, and answered with the present state."""
    first = kept.register.identify(Risk(**risk_parts()), by="pm.oh", key="req-1")
    size = kept.size()
    kept.submit(commands.Reword(risk="late", title="Said better"))
    again = kept.register.identify(Risk(**risk_parts()), by="pm.oh", key="req-1")

    assert (first.id, size + 1) == (again.id, kept.size())
    assert again == kept.state("late")


@pytest.mark.parametrize(("by", "owner"), [("ml.lee", "serving"), ("pm.oh", "console")], ids=["person", "content"])
def test_a_key_stands_for_one_request(kept: Any, by: str, owner: str) -> None:
    """Another principal or content under the same key is refused."""
    kept.register.identify(Risk(**risk_parts()), by="pm.oh", key="req-1")
    size = kept.size()
    with pytest.raises(KeyReused):
        kept.register.identify(Risk(**risk_parts() | {"owner": owner}), by=by, key="req-1")

    assert size == kept.size()


def test_a_repeated_escalation_returns_the_case_it_opened(kept: Any) -> None:
    """Not a later one on the same subject, nor one about another stage."""
    ask = {"by": "pm.oh", "stage": Stage.DEVELOPMENT}
    first = kept.register.escalate("chat", Matter.STAGE, key="req-1", **ask)
    kept.submit(commands.WithdrawCase(case=first.id))
    kept.register.escalate("chat", Matter.STAGE, **ask)
    kept.register.escalate("chat", Matter.STAGE, stage=Stage.TEST, by="pm.oh")
    again = kept.register.escalate("chat", Matter.STAGE, key="req-1", **ask)

    assert again == kept.register.case(first.id)


def test_a_request_that_changed_nothing_changes_nothing_later(kept: Any) -> None:
    """Stopping what was stopped is done with: the same request does not stop it again after it was lifted."""
    kept.register.stop("chat", by="ceo")
    assert kept.register.stop("chat", by="erm.a", key="req-1").stops
    kept.decided("chat", Matter.STOP)
    kept.register.lift("chat", by="pm.oh")

    assert kept.register.stop("chat", by="erm.a", key="req-1").stops == ()


def test_a_repeated_change_of_the_roster_is_taken_once(life: Any) -> None:
    """Its state is the roster in force."""
    command = commands.ChangeSeat(body="top", person="ml.lee", seated=True)
    before = life.size()
    states = [life.register.submit(command, by="host", key="req-1") for _ in range(2)]

    assert (before + 1, states[0]) == (life.size(), states[1])


def test_a_refused_request_leaves_its_key_free(life: Any) -> None:
    """Nothing was taken, so the key stands for nothing."""
    close = commands.Close(risk="r")
    with pytest.raises(CommandRefused):
        life.register.submit(close, by="pm.oh", key="req-1")
    life.answered()
    life.lowered()

    assert life.register.submit(close, by="pm.oh", key="req-1").status is RiskStatus.CLOSED


@pytest.mark.parametrize("key", ["", "a b", "x" * 129])
def test_a_key_is_an_id(life: Any, key: str) -> None:
    """As every name in a register."""
    with pytest.raises(InvalidValue, match="key"):
        life.register.identify(Risk(**risk_parts()), by="pm.oh", key=key)


# --- asking first ----------------------------------------------------------------------------------------------------


def test_can_answers_what_submit_would_do(life: Any) -> None:
    """It is true where the command would be taken, lists every reason where not, and writes nothing."""
    before = life.size()
    yes = life.register.can(commands.Reword(risk="r", title="x"), by="pm.oh")
    no = life.register.can(commands.Close(risk="r"), by="pm.oh")
    shut = life.register.can(commands.Enter(system="chat", stage=Stage.DEVELOPMENT), by="pm.oh")

    assert (bool(yes), bool(no), bool(shut), before) == (True, False, False, life.size())
    assert (yes.refusals, [one.code.id for one in no.refusals]) == ((), ["no_transition"])
    assert shut.refusals == life.register.gate("chat", Stage.DEVELOPMENT).blockers


@pytest.mark.parametrize("name", ["r", "chat", "r.risk.1"])
def test_available_names_the_commands_of_a_status(life: Any, name: str) -> None:
    """For a risk, a system and a case; whoever asks, rules still decide."""
    life.open_case("r", Matter.RISK)
    expected = {"r": commands.Assess, "chat": commands.Pin, "r.risk.1": commands.Decide}[name]

    assert expected in life.register.available(name)


def test_available_of_nothing_is_unknown(life: Any) -> None:
    """There is nothing to do with what does not exist."""
    with pytest.raises(UnknownId):
        life.register.available("nobody")


def test_authorize_may_refuse_anybody_anything(start_life: Any) -> None:
    """The host's own rule is asked first, with the principal and the command."""
    asked: list[tuple[str, str]] = []

    def authorize(principal: str, command: Any) -> bool:
        asked.append((principal, type(command).__name__))
        return not isinstance(command, commands.Reword)

    life = start_life(authorize=authorize)
    before = life.size()
    with pytest.raises(CommandRefused) as raised:
        life.submit(commands.Reword(risk="r", title="x"))

    assert [(one.code.id, one.subject, one.detail) for one in raised.value.refusals] == [
        ("not_authorized", "r", "pm.oh")
    ]
    assert before == life.size()
    assert asked == [("pm.oh", "AddSystem"), ("pm.oh", "Identify"), ("pm.oh", "Reword")]


def test_a_read_only_register_takes_nothing(start_life: Any) -> None:
    """It answers every question; an empty store cannot be opened so."""
    life = start_life()
    reader = type(life.register).on(life.store, clock=life.clock, read_only=True)
    assert reader.risk("r") == life.state()
    with pytest.raises(StoreUnavailable):
        reader.contain("r", by="pm.oh")

    with pytest.raises(StoreUnavailable):
        type(life.register).on(MemoryStore(), read_only=True)


def test_unknown_options_are_named(life: Any) -> None:
    """A misspelt option is no option that does nothing."""
    with pytest.raises(TypeError, match="rooster"):
        type(life.register).on(MemoryStore(), rooster=None)


# --- long names ------------------------------------------------------------------------------------------------------


def test_the_longest_ids_work(kept: Any) -> None:
    """A risk of the longest id is assessed, answered, put before the bodies and closed; names stay apart."""
    names = ["x" * 127 + last for last in "ab"]
    for name in names:
        kept.identify(name)
        kept.answered(risk=name)
        kept.lowered(name)
    cases = [case.id for case in kept.register.cases()]

    assert len(set(cases)) == len(names)
    assert all(len(case) <= 128 and case.endswith(".close_or_lower.1") for case in cases)
    assert kept.register.close(names[0], by="pm.oh").status is RiskStatus.CLOSED


# --- every kind of change --------------------------------------------------------------------------------------------


def test_rewording_keeps_what_is_not_named(life: Any) -> None:
    """A title alone leaves the description, and the other way round."""
    life.submit(commands.Reword(risk="r", description="More of it"))
    state = life.submit(commands.Reword(risk="r", title="Said better"))

    assert ("Said better", "More of it") == (state.risk.title, state.risk.description)


def test_rescoping_keeps_what_is_not_named(life: Any) -> None:
    """Only what is given changes, and who changed it is an editor."""
    state = life.submit(commands.Rescope(risk="r", legal_obligation=True, stages={"모니터링"}))

    assert (True, {Stage.MONITORING}, {"privacy"}, "serving") == (
        state.risk.legal_obligation,
        state.risk.stages,
        state.risk.principles,
        state.risk.owner,
    )
    assert state.editors == {"pm.oh"}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"system": "nobody"}, ("nobody",)),
        ({"principles": {"kindness", "privacy"}}, ("kindness",)),
        ({"system": "parts", "component": "imgae"}, ("imgae",)),
        ({"system": "gone"}, ("gone",)),
        ({"system": "nobody", "principles": {"kindness"}}, ("nobody", "kindness")),
    ],
    ids=["system", "principle", "component", "retired", "both"],
)
def test_a_risk_names_what_is_known(life: Any, changes: dict[str, Any], missing: tuple[str, ...]) -> None:
    """System, component and principles exist; what does not is named."""
    life.register.add_system(System(id="parts", unit="chat", audience="internal", components={"image"}), by="pm.oh")
    life.register.add_system(System(id="gone", unit="chat", audience="internal"), by="pm.oh")
    life.submit(commands.Retire(system="gone"))
    with pytest.raises(CommandRefused) as raised:
        life.register.identify(Risk(**risk_parts() | changes), by="pm.oh")

    assert [("unknown_subject", missing)] == [(one.code.id, one.missing) for one in raised.value.refusals]


def test_a_component_of_a_system_that_names_none_is_free(life: Any) -> None:
    """Systems need not list their parts."""
    assert life.identify("part", component="anything").risk.component == "anything"


def test_an_active_risk_refuses_its_double(life: Any) -> None:
    """Same system, actor, category, component and label; once closed it makes room."""
    life.identify("one", label="leak")
    with pytest.raises(CommandRefused) as raised:
        life.identify("two", label="leak")
    assert [("duplicate_active", ("one",))] == [(one.code.id, one.missing) for one in raised.value.refusals]

    life.identify("three", label="leak", component="reply")
    life.closed("one")
    assert life.identify("two", label="leak").id == "two"


@pytest.mark.parametrize("to", ["r", "nobody"])
def test_a_link_leads_to_another_known_risk(life: Any, to: str) -> None:
    """Not to itself, not to nothing."""
    assert life.can(commands.Relate(risk="r", kind=LinkKind.CAUSES, to=to)) == ["unknown_subject"]


def test_changed_principles_are_known(life: Any) -> None:
    """A risk cannot come to name one that is not."""
    assert life.can(commands.Rescope(risk="r", principles={"kindness"})) == ["unknown_subject"]


def test_a_proof_is_evidence(life: Any) -> None:
    """Without any the kinds are named."""
    life.assess()
    life.respond()
    command = commands.Verify(risk="r", response="r.r1", coverage=Coverage(done=1, of=1), effective=True, evidence=())

    assert life.can(command) == ["evidence_missing"]


def test_a_later_clock_is_not_needed(start_life: Any) -> None:
    """A clock that is set back changes nothing that was decided; the log keeps its own order."""
    life = start_life(clock=FrozenClock(start_life.start))
    life.answered()
    life.forward(days=-10)
    life.lowered()

    assert life.register.close("r", by="pm.oh").status is RiskStatus.CLOSED
    assert life.register.rebuild() == ()
