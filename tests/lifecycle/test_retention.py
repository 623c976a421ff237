"""Erasing a text: when the governance allows it, what holds forbid, and what is left."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import CommandRefused, Matter, commands
from kakao_asi.catalog import kakao_governance
from kakao_asi.exceptions import IntegrityError, UnknownId
from kakao_asi.framework import RetentionRule
from kakao_asi.governance import Person
from kakao_asi.lifecycle import Facts, LifecycleEngine, StreamKind

WHY = "somebody whose data it is asked for it"
LEGAL = "counsel.yu"


def place_of(life: Any, stream: str = "risk:r", field: str = "risk.title") -> int:
    """Return the position of the first event of a stream that brought a text."""
    return next(one.seq for one in life.register.events(limit=1_000) if one.stream == stream and field in one.texts)


def erasure(life: Any, ground: str = "personal_data", **where: str) -> commands.Erase:
    """Return the command that erases a risk's title, or another text."""
    seq = place_of(life, **where)
    return commands.Erase(seq=seq, field=where.get("field", "risk.title"), ground=ground)


def erase(life: Any, **options: str) -> None:
    """Erase a risk's title, or another text."""
    life.submit(erasure(life, **options), because=WHY)


def hire_counsel(life: Any) -> None:
    """Let somebody with the role legal join."""
    life.submit(commands.ChangePerson(person=Person(id=LEGAL, roles={"legal"})))


def hold(life: Any, name: str, system: str | None = None) -> None:
    """Set a legal hold."""
    life.submit(commands.LegalHold(hold=name, system=system), because=WHY)


def test_erased_words_are_gone_and_the_log_proves_itself(life: Any) -> None:
    """The state reads erased, the event stays, audit and fold agree, and a checkpoint from before still fits."""
    checkpoint = life.register.checkpoint(origin="ours")
    seq = place_of(life)
    erase(life)

    assert life.state().risk.title == "(erased)"
    assert "risk.title" not in life.register.events(after=seq - 1, limit=1).items[0].texts
    assert life.register.audit(checkpoint).sound
    assert life.register.rebuild() == ()


def test_the_event_names_the_text_and_why_it_went(life: Any) -> None:
    """Readers of the log see which text was erased, where it stood and on which ground."""
    seq = place_of(life)
    digest = life.store.read(after=seq - 1, limit=1)[0].envelope.private["risk.title"]
    erase(life)
    event = life.register.events(after=life.size() - 2).items[0].event

    assert (seq, "risk:r", "risk.title", digest, "personal_data") == (
        event.seq,
        event.stream,
        event.field,
        event.digest,
        event.ground.id,
    )


def test_a_risk_whose_title_was_erased_goes_on(life: Any) -> None:
    """It is assessed, decided on and closed as before, and the log stays sound."""
    erase(life)
    life.closed()

    assert life.state().status.id == "closed"
    assert life.register.audit().sound
    assert life.register.rebuild() == ()


def test_erasing_twice_changes_nothing(life: Any) -> None:
    """What is erased already is neither refused nor written again."""
    again = erasure(life)
    erase(life)
    size = life.size()
    life.submit(again, because=WHY)

    assert life.size() == size


@pytest.mark.parametrize(
    ("recorded", "asked", "refused"),
    [
        ("2026-03-02", "2031-02-28", ["retention_runs"]),
        ("2026-03-02", "2031-03-01", ["retention_runs"]),
        ("2026-03-02", "2031-03-02", []),
        ("2028-02-29", "2033-02-28", ["retention_runs"]),
        ("2028-02-29", "2033-03-01", []),
    ],
    ids=["short", "day-before", "same-day", "leap-before", "leap-after"],
)
def test_age_allows_nothing_before_five_years(
    start_life: Callable[..., Any], recorded: str, asked: str, refused: list[str]
) -> None:
    """For its age a text is erased on the day five years after it was recorded, and not before."""
    life = start_life()
    life.clock.forward(dt.datetime.fromisoformat(f"{recorded}T12:00:00Z") - life.clock())
    life.identify("old")
    command = erasure(life, "retention_over", stream="risk:old")
    life.clock.forward(dt.datetime.fromisoformat(f"{asked}T00:00:00Z") - life.clock())

    assert life.can(command, because=WHY) == refused


def test_personal_data_does_not_wait_for_the_retention(life: Any) -> None:
    """Somebody's data may be erased on the day it was written."""
    assert life.can(erasure(life), because=WHY) == []


def test_governance_sets_the_retention(start_life: Callable[..., Any]) -> None:
    """Ten years where the governance says ten."""
    life = start_life(governance=attrs.evolve(kakao_governance(), retention=RetentionRule(years=10)))
    command = erasure(life, "retention_over")
    life.forward(days=365 * 9)

    assert life.can(command, because=WHY) == ["retention_runs"]


@pytest.mark.parametrize("ground", ["personal_data", "retention_over"])
def test_hold_refuses_at_any_age(life: Any, ground: str) -> None:
    """Nothing that a hold covers is erased, however old it is and on whatever ground."""
    hold(life, "lawsuit", "chat")
    command = erasure(life, ground)
    life.forward(days=365 * 20)

    assert life.can(command, because=WHY) == ["on_legal_hold"]
    with pytest.raises(CommandRefused) as refused:
        life.submit(command, because=WHY)
    assert refused.value.refusals[0].missing == ("lawsuit",)


def test_hold_on_everything_covers_texts_about_no_system(life: Any) -> None:
    """A hold without a system covers the governance's own texts too; one on a system does not."""
    hold(life, "chat-only", "chat")
    life.submit(commands.ChangePerson(person=Person(id="new.one")), because="because she starts on Monday")
    seq = next(one.seq for one in life.register.events(limit=1_000) if one.kind == "person_changed")
    command = commands.Erase(seq=seq, field="because", ground="personal_data")
    before = life.can(command, because=WHY)
    hold(life, "all")

    assert (before, ["on_legal_hold"]) == ([], life.can(command, because=WHY))


@pytest.mark.parametrize("stream", ["risk:r", "system:chat", "case"], ids=["risk", "system", "case"])
def test_hold_on_a_system_covers_its_streams(life: Any, stream: str) -> None:
    """Texts of the system, its risks and its cases are held; those of other systems are not."""
    life.register.stop("chat", by="ceo", because="stopped while we look into it")
    case = life.open_case("chat", Matter.STOP)
    name = f"case:{case.id}" if stream == "case" else stream
    field = "risk.title" if stream == "risk:r" else "because"
    hold(life, "lawsuit", "chat")

    assert life.can(erasure(life, stream=name, field=field), because=WHY) == ["on_legal_hold"]


def test_ended_hold_holds_no_longer(life: Any) -> None:
    """Who has the role legal ends a hold; then erasing is possible, and the hold stays on record."""
    hire_counsel(life)
    hold(life, "lawsuit", "chat")
    life.submit(commands.EndHold(hold="lawsuit"), by=LEGAL, because=WHY)
    found = life.store.rows(StreamKind.GOVERNANCE.id)[0]

    assert life.can(erasure(life), because=WHY) == []
    assert b'"ended_at"' in found.state


@pytest.mark.parametrize(
    ("command", "by", "because", "refused"),
    [
        (commands.EndHold(hold="lawsuit"), "ml.lee", WHY, ["not_authorized"]),
        (commands.EndHold(hold="lawsuit"), "a.stranger", WHY, ["not_authorized"]),
        (commands.EndHold(hold="lawsuit"), LEGAL, "short", ["reason_too_short"]),
        (commands.EndHold(hold="other"), LEGAL, WHY, ["unknown_subject"]),
        (commands.LegalHold(hold="lawsuit"), "pm.oh", WHY, ["hold_exists"]),
        (commands.LegalHold(hold="new", system="none"), "pm.oh", WHY, ["unknown_subject"]),
        (commands.LegalHold(hold="new", system="chat"), "pm.oh", None, ["reason_too_short"]),
    ],
    ids=["no-role", "stranger", "no-reason", "unknown-hold", "again", "unknown-system", "hold-no-reason"],
)
def test_holds_are_set_and_ended_by_rule(
    life: Any, command: Any, by: str, because: str | None, refused: list[str]
) -> None:
    """A hold needs a new id, a known system and a reason; its end the role legal and a reason."""
    hire_counsel(life)
    hold(life, "lawsuit")

    assert life.can(command, by=by, because=because) == refused


@pytest.mark.parametrize(
    ("by", "because", "refused"),
    [("bot", WHY, ["agent_cannot_approve"]), ("pm.oh", None, ["reason_too_short"])],
    ids=["agent", "no-reason"],
)
def test_erasing_needs_a_person_and_a_reason(life: Any, by: str, because: str | None, refused: list[str]) -> None:
    """An agent erases nothing, and nobody does without saying why."""
    assert life.can(erasure(life), by=by, because=because) == refused


@pytest.mark.parametrize(("seq", "field"), [(0, "risk.title"), (10_000, "because")], ids=["no-text", "no-event"])
def test_unknown_text_is_named(life: Any, seq: int, field: str) -> None:
    """There is nothing to erase where no event brought such a text."""
    with pytest.raises(UnknownId):
        life.submit(commands.Erase(seq=seq, field=field, ground="personal_data"), because=WHY)


def test_engine_refuses_an_erasure_without_its_text(life: Any) -> None:
    """A decision that was not given the text refuses for that alone."""
    first = life.register.events(limit=1).items[0]
    engine = LifecycleEngine()
    state = engine.apply(None, first.event, by=first.by, at=first.at)
    answer = engine.decide(
        state,
        commands.Erase(seq=1, field="because", ground="retention_over"),
        attrs.evolve(life.context(because=WHY), facts=Facts()),
    )

    assert [one.code.id for one in answer.refusals] == ["unknown_subject"]


def test_text_that_somebody_took_away_cannot_be_erased_afterwards(life: Any) -> None:
    """A hole in the store is not made right by an erasure: it is an error, and audit goes on reporting it."""
    seq = place_of(life)
    life.store.erase(seq, "risk.title")

    with pytest.raises(IntegrityError):
        life.submit(commands.Erase(seq=seq, field="risk.title", ground="personal_data"), because=WHY)
    assert [one.code.id for one in life.register.audit().findings] == ["text_missing"]
