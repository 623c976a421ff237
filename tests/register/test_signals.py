"""The register as a board: which cases stand, when it is worked out anew, and how far ahead it looks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kakao_asi import Grade, Matter, hooks


def test_an_approved_case_stands_on_the_board(life: Any) -> None:
    """A case that the bodies approved is named with the instant at which its approval lapses."""
    life.answered()
    case = life.decided("r", Matter.CLOSE_OR_LOWER)
    noted = [(one.id, one.until is not None and one.until > life.clock()) for one in life.register.board().cases]

    assert [(case.id, True)] == noted


def test_an_approved_case_leaves_the_board_after_a_material_change(life: Any) -> None:
    """What was decided about another state of the risk allows nothing any more."""
    life.answered()
    life.decided("r", Matter.CLOSE_OR_LOWER)
    life.assess(Grade.HIGH, residual=True)

    assert () == life.register.board().cases


def test_a_board_is_kept_while_nothing_changes(life: Any) -> None:
    """Reading again, with nothing stored and less than a minute gone, gives the same reading."""
    with life.register.active(sink=lambda _finding: True, flush="manual") as receiver:
        first = receiver.state
        hooks.refresh()

        assert first is receiver.state


def test_a_board_is_worked_out_anew_after_a_minute(life: Any) -> None:
    """Grades end by time alone, so a reading grows old."""
    with life.register.active(sink=lambda _finding: True, flush="manual") as receiver:
        first = receiver.state
        life.clock.forward(dt.timedelta(minutes=1))
        hooks.refresh()

        assert first is not receiver.state


def test_a_board_looks_at_most_32_changes_ahead(life: Any) -> None:
    """A component with more changes ahead than that is read again long before they are used up."""
    for number in range(33):
        life.identify(f"leak-{number}", component="reply")
        until = life.clock() + dt.timedelta(hours=number + 1)
        life.register.contain(f"leak-{number}", until=until, by="pm.oh", because="seen live")
    gates = {gate.path: gate for gate in life.register.board().gates}

    assert 32 == len(gates["chat/reply"].steps)
