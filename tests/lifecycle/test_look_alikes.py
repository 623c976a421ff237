"""Nobody is a second person: no look-alike, alias or case of a name counts twice; and no switch turns the rules off."""

import subprocess
import sys
import textwrap
from itertools import islice, product
from typing import Any

import pytest

from kakao_asi import Matter, commands
from kakao_asi.exceptions import CommandRefused, InvalidValue

LETTERS = {
    "s": "sS\uff53\u0455\U0001d42c",
    "a": "aA\uff41\u0430\u03b1\U0001d41a",
    "f": "fF\uff46",
    "e": "eE\uff45\u0435\u00e9",
    "t": "tT\uff54",
    "y": "yY\uff59\u0443",
    ".": ".\uff0e\u3002",
    "k": "kK\uff4b\u043a",
    "i": "iI\uff49\u0456\u0131",
    "m": "mM\uff4d",
}
"""Letters that look like, or fold to, those of ``safety.kim``; the first is the letter itself."""

HIDDEN = ("", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", " ", "\t")
"""What cannot be seen behind a name."""


def look_alikes() -> list[str]:
    """Return 5,000 names that look like ``safety.kim`` and are spelled otherwise."""
    spelled = ("".join(one) for one in product(*(LETTERS[letter] for letter in "safety.kim")))
    hidden = (f"{name}{tail}" for name in spelled for tail in HIDDEN)
    return list(islice((name for name in hidden if name != "safety.kim"), 5_000))


@pytest.fixture
def asked(life: Any) -> Any:
    """Return a register with a case that ``safety.kim`` may not decide, having identified its risk."""
    life.identify("mine", by="safety.kim")
    life.open_case("mine", Matter.RISK)
    return life


def test_no_look_alike_is_a_second_person(asked: Any) -> None:
    """Of 5,000 spellings none gets a vote: each is no name at all, or that of nobody with a seat."""
    command = commands.Decide(case="mine.risk.1", outcome="approve", body="ai_safety")
    names = look_alikes()
    counted = []
    for name in names:
        try:
            asked.register.submit(command, by=name)
        except (InvalidValue, CommandRefused):
            continue
        counted.append(name)

    assert (5_000, []) == (len(set(names)), counted)


CHILD = """
    import datetime as dt
    import attrs
    attrs.validators.set_disabled({disabled})
    import kakao_asi as asi
    from kakao_asi import commands
    from kakao_asi.exceptions import CommandRefused
    from kakao_asi.governance import Person, PersonKind, Roster, Seat
    from kakao_asi.stores import MemoryStore

    people = [Person(id="kim", aliases={{"kim.alt"}}), Person(id="lee"), Person(id="bot", kind=PersonKind.AGENT)]
    seats = [Seat(body="ai_safety", person=name) for name in ("kim", "lee", "bot")]
    register = asi.RiskRegister.on(MemoryStore(), roster=Roster(people=people, seats=seats))
    register.add_system(asi.System(id="chat", unit="chat", audience=asi.Audience.EXTERNAL), by="pm")
    risk = asi.Risk(id="r", title="made up", category=asi.RiskCategory.MODEL_IMPERFECTION, system="chat",
                    principles=frozenset({{"privacy"}}), owner="serving")
    register.identify(risk, by="kim")
    register.escalate("r", asi.Matter.RISK, by="pm")
    vote = commands.Decide(case="r.risk.1", outcome=asi.Outcome.APPROVE, body="ai_safety")
    print([one.code.id for name in ("kim", "kim.alt", "bot", "pm") for one in register.can(vote, by=name).refusals])
    print(bool(register.can(vote, by="lee")), register.gate("chat", asi.Stage.DEPLOYMENT).passed)
    release = commands.Escalate(subject="chat", matter=asi.Matter.GOVERNANCE)
    print([one.code.id for one in register.can(release, by="lee").refusals])
"""


@pytest.mark.long
@pytest.mark.parametrize("disabled", [False, True], ids=["-OO", "validators disabled"])
def test_no_switch_turns_the_rules_off(disabled: bool) -> None:
    """Without asserts and docstrings, and without attrs' validators, the same votes are refused."""
    options = [] if disabled else ["-OO"]
    source = textwrap.dedent(CHILD).format(disabled=disabled)
    done = subprocess.run([sys.executable, *options, "-c", source], capture_output=True, text=True, check=True)

    refused = "['conflict_of_interest', 'conflict_of_interest', 'agent_cannot_approve', 'authority']"
    assert done.stdout.splitlines() == [refused, "True False", "['case_not_possible']"]
