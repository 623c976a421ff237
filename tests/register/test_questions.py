"""What a register answers, now and as of the past; pages, differences and words."""

import datetime as dt
from typing import Any

import pytest

from kakao_asi import Grade, Matter, Stage, System, commands
from kakao_asi.exceptions import IntegrityError, InvalidValue, LoadError, UnknownId
from kakao_asi.register import RegisterView


def test_what_does_not_exist_is_unknown(life: Any) -> None:
    """Every question about it says so."""
    register = life.register
    for ask in (
        register.risk,
        register.system,
        register.case,
        register.history,
        register.state_hash,
        register.explain,
        register.grades,
        register.component_gate,
    ):
        with pytest.raises(UnknownId):
            ask("nobody")


def test_pages_hold_everything_once_in_order(kept: Any) -> None:
    """Over any size of pages: risks, open or not, systems, cases and events."""
    for number in range(7):
        kept.identify(f"risk{number}")
        kept.register.add_system(System(id=f"sys{number}", unit="chat", audience="internal"), by="pm.oh")
        kept.open_case(f"risk{number}", Matter.RISK)
    register = kept.register
    ids = ["r", *(f"risk{n}" for n in range(7))]
    for limit in (1, 2, 3, 8, 9):
        assert ids == [one.id for one in paged(register.risks, limit)]
        assert ids == [one.id for one in paged(register.risks, limit, open=True, system="chat")]
        assert ["chat", *(f"sys{n}" for n in range(7))] == [one.id for one in paged(register.systems, limit)]
        assert [f"risk{n}.risk.1" for n in range(7)] == [one.id for one in paged(register.cases, limit, open=True)]
        found = paged(register.events, limit, key=int)
        assert list(range(kept.size())) == [one.seq for one in found]


def paged(ask: Any, limit: int, *, key: Any = str, **more: Any) -> list[Any]:
    """Return the items of all pages."""
    page = ask(limit=limit, **more)
    found = list(page)
    while page.next is not None:
        page = ask(limit=limit, after=key(page.next), **more)
        found += page
    return found


@pytest.mark.parametrize("limit", [0, -1, 10_000, 1.0, True])
def test_a_page_has_a_size(life: Any, limit: Any) -> None:
    """From one item to 9,999."""
    for ask in (life.register.risks, life.register.systems, life.register.cases, life.register.events):
        with pytest.raises(InvalidValue):
            ask(limit=limit)


def test_risks_are_open_or_not(kept: Any) -> None:
    """Closed for good, closed for a while, lapsed: each stands on one side, over pages of any size."""
    for name in ("a-done", "b-open", "c-accepted", "d-lapsed", "e-done"):
        kept.identify(name, label=name)
    kept.closed("a-done")
    kept.closed("e-done")
    for name, days in (("c-accepted", 60), ("d-lapsed", 10)):
        kept.assess(Grade.MEDIUM, name)
        kept.accepted(name, days=days)
        kept.register.close(name, by="pm.oh")
    kept.forward(days=10)
    expected = {True: ["b-open", "d-lapsed", "r"], False: ["a-done", "c-accepted", "e-done"]}
    view = kept.register.as_of(kept.clock())
    for answers in (kept.register, view):
        for limit in (1, 2, 9):
            for wanted, names in expected.items():
                assert names == [one.id for one in paged(answers.risks, limit, open=wanted)]
        assert sorted(expected[True] + expected[False]) == [one.id for one in answers.risks()]
        assert list(answers.risks(system="another")) == []


def test_cases_are_open_or_over(kept: Any) -> None:
    """By system and subject too."""
    kept.assess()
    kept.decided("r", Matter.RISK)
    kept.open_case("chat", Matter.RELEASE)
    gone = kept.open_case("r", Matter.CLOSE_OR_LOWER)
    kept.submit(commands.WithdrawCase(case=gone.id))
    for answers in (kept.register, kept.register.as_of(kept.clock())):
        assert [one.id for one in answers.cases(open=True)] == ["chat.release.1"]
        assert [one.id for one in answers.cases(open=False)] == ["r.close_or_lower.1", "r.risk.1"]
        assert [one.id for one in answers.cases(subject="r", open=None)] == ["r.close_or_lower.1", "r.risk.1"]
        assert list(answers.cases(system="another")) == []


def test_decisions_come_in_their_order(life: Any) -> None:
    """Each with its case, over all systems or one."""
    life.assess()
    first = life.open_case("r", Matter.CLOSE_OR_LOWER)
    life.decided("r", Matter.ACCEPT, until=life.in_days(9))
    life.forward(minutes=1)
    life.vote(first.id)
    made = [(case.id, decision.body) for case, decision in life.register.decisions()]

    assert made == [("r.accept.1", "ai_safety"), ("r.close_or_lower.1", "ai_safety")]
    assert life.register.decisions(system="another") == ()


def test_history_is_everything_about_one_thing(life: Any) -> None:
    """Of a risk, a system or a case, in the order of the log, with who, why and when."""
    life.assess()
    life.register.stop("chat", by="ceo", because="it answers in verse")
    life.open_case("r", Matter.RISK)
    kinds = {name: [one.kind for one in life.register.history(name)] for name in ("r", "chat", "r.risk.1")}
    last = life.register.history("chat")[-1]

    assert kinds == {
        "r": ["risk_identified", "risk_assessed"],
        "chat": ["system_added", "stopped"],
        "r.risk.1": ["case_opened"],
    }
    assert ("ceo", "it answers in verse", 2, "system:chat") == (last.by, last.because, last.version, last.stream)


def test_entries_do_not_show_their_words(life: Any) -> None:
    """Neither the reason nor the event stands in the text of an entry."""
    life.submit(commands.Reword(risk="r", title="canary-77"), because="canary-78 in detail")

    assert "canary" not in repr(life.register.history("r")[-1])


# --- as of -----------------------------------------------------------------------------------------------------------


def test_a_view_by_time_answers_as_the_register_did(kept: Any) -> None:
    """Every question at that instant, whatever happened since."""
    kept.assess(Grade.HIGH)
    kept.accepted(days=20)
    kept.register.close("r", by="pm.oh")
    kept.forward(days=1)
    point = kept.clock()
    then = answers(kept.register)
    kept.forward(days=30)
    kept.register.reopen("r", "expiry", by="pm.oh")
    kept.identify("later")
    view = kept.register.as_of(point)

    assert (then, point) == (answers(view), view.as_of)
    assert then != answers(kept.register)


def answers(register: Any) -> list[Any]:
    """Ask a register, or a view, about everything."""
    return [
        list(register.risks()),
        list(register.risks(open=True)),
        list(register.systems()),
        list(register.cases()),
        register.decisions(),
        register.grades("r"),
        register.gate("chat", Stage.DEVELOPMENT),
        register.component_gate("chat"),
        register.cycle("chat"),
        register.state_hash("r"),
        register.state_hash("chat"),
        register.explain("r", lang="ko"),
        register.explain("chat"),
        [entry.id for entry in register.events()],
        [entry.id for entry in register.history("r")],
        register.governance(),
        register.roster(),
        register.now(),
    ]


def test_a_view_by_checkpoint_answers_for_its_last_event(kept: Any) -> None:
    """What was signed can be asked for later."""
    kept.assess(Grade.MEDIUM)
    checkpoint = kept.register.checkpoint(origin="test")
    signed = kept.register.state_hash("r")
    size = kept.size()
    kept.respond()
    view = kept.register.as_of(checkpoint)

    assert isinstance(view, RegisterView)
    assert (signed, size) == (view.state_hash("r"), len(view.events().items))
    assert signed != kept.register.state_hash("r")


def test_a_checkpoint_of_another_log_is_refused(start_life: Any) -> None:
    """A size alone is no proof."""
    life, other = start_life(), start_life()
    other.identify("another")
    life.identify("one")
    with pytest.raises(IntegrityError, match="another log"):
        life.register.as_of(other.register.checkpoint(origin="test"))


def test_a_checkpoint_ahead_of_the_log_is_unknown(life: Any) -> None:
    """The log does not reach so far."""
    text = life.register.checkpoint(origin="test").split("\n")
    text[1] = "999"
    with pytest.raises(UnknownId):
        life.register.as_of("\n".join(text))


@pytest.mark.parametrize("text", ["", "x", "a\nb\nc"])
def test_what_is_no_checkpoint_is_refused(life: Any, text: str) -> None:
    """By the loader's own error."""
    with pytest.raises(LoadError):
        life.register.as_of(text)


def test_before_the_first_event_there_is_nothing(life: Any) -> None:
    """A time before the register is unknown, and a time without a zone is none."""
    with pytest.raises(UnknownId):
        life.register.as_of(life.clock() - dt.timedelta(microseconds=1))
    with pytest.raises(InvalidValue, match="time zone"):
        life.register.as_of(dt.datetime(2026, 3, 2))  # noqa: DTZ001  # a time without a zone is what is tested


def test_a_view_is_inclusive(life: Any) -> None:
    """What was recorded at that very instant is in it."""
    life.forward(hours=1)
    life.identify("then")

    assert life.register.as_of(life.clock()).risk("then") == life.state("then")
    with pytest.raises(UnknownId):
        life.register.as_of(life.clock() - dt.timedelta(microseconds=1)).risk("then")


# --- comparing cycles ------------------------------------------------------------------------------------------------


def test_compare_tells_what_changed_between_two_cycles(kept: Any) -> None:
    """New, modified, closed and unchanged, between the ends of both turns."""
    kept.assess(Grade.HIGH)
    kept.assess(Grade.HIGH, by="audit.han")
    kept.respond()
    kept.verify()
    kept.register.reopen("r", "recurrence", by="pm.oh")
    kept.assess(Grade.MEDIUM)
    kept.respond("r", "ai.grounding")
    difference = kept.register.compare("r", 1, 2)

    assert ("r", 1, 2) == (difference.risk, difference.before, difference.after)
    assert difference.new == ("response:r.r2",)
    assert difference.modified == ("assessment:inherent:first", "response:r.r1")
    assert difference.closed == ("assessment:inherent:second",)
    assert difference.unchanged == ("grade",)
    assert difference == kept.register.as_of(kept.clock()).compare("r", 1, 2)


def test_a_withdrawn_assessment_is_no_item(life: Any) -> None:
    """What stands is compared."""
    life.assess(Grade.HIGH)
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo")
    life.register.reopen("r", "recurrence", by="pm.oh")

    assert life.register.compare("r", 1, 2).closed == ()


@pytest.mark.parametrize("cycle", [0, 2])
def test_a_cycle_that_has_not_come_is_unknown(life: Any, cycle: int) -> None:
    """There is nothing to compare."""
    with pytest.raises(UnknownId):
        life.register.compare("r", 1, cycle)


# --- in words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_everything_is_explained_in_both_languages(life: Any, lang: Any) -> None:
    """A risk, a system and a case: where they stand, why, and who can act; no private word of the risk."""
    life.submit(commands.Reword(risk="r", title="canary title", description="canary text"))
    life.assess(Grade.MEDIUM)
    life.assess(Grade.HIGH, by="audit.han")
    life.respond()
    life.respond("r", "ai.grounding")
    life.verify(done=1, of=3)
    case = life.open_case("chat", Matter.RELEASE)
    texts = {name: life.register.explain(name, lang=lang) for name in ("r", "chat", case.id)}

    assert "canary" not in "".join(texts.values())
    assert "1/3" in texts["r"]
    assert {"ko": "두 검토선", "en": "two lines disagree"}[lang] in texts["r"]
    assert {"ko": "설계", "en": "Design"}[lang] in texts["chat"]
    assert "safety.kim" in texts[case.id]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_what_is_not_assessed_is_said_so(life: Any, lang: Any) -> None:
    """Never as low."""
    life.submit(commands.Rescope(risk="r", owner="nobody-holds-it"))
    text = life.register.explain("r", lang=lang)

    assert {"ko": "미평가", "en": "not assessed"}[lang] in text


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_case_says_who_decided_and_who_is_out(life: Any, lang: Any) -> None:
    """The bodies before, the one it is with, those after, and who is kept out by a duty."""
    life.assess(by="erm.a")
    life.respond()
    case = life.vote(life.open_case("chat", Matter.RELEASE).id)
    text = life.register.explain(case.id, lang=lang)
    assert {"ko": "승인", "en": "Approve"}[lang] in text
    assert "erm.a" in text

    life.submit(commands.WithdrawCase(case=case.id))
    assert {"ko": "철회됨", "en": "Withdrawn"}[lang] in life.register.explain(case.id, lang=lang)


def test_a_withdrawn_assessment_is_not_explained(life: Any) -> None:
    """Only what stands is told."""
    life.assess(Grade.HIGH)
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo")

    assert "r.a1" not in life.register.explain("r")
