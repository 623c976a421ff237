"""The two sides of a guarded call: which texts are looked at, what the answers do to them, and what is withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen

from ..exceptions import GuardBlocked, GuardUnavailable
from ._detectors import Item, Side, Turn
from ._judging import Judge, Judgement, all_new
from ._running import Answer, Runner
from ._streams import Stream, StreamSession, masked

__all__ = ["NO_TEXT", "Sides", "Withheld"]

NO_TEXT = "no_text"
"""The failure of a side that holds nothing to check."""


class Withheld(Exception):  # noqa: N818  # never leaves this package
    """A side is withheld; carries what the caller may see instead."""

    def __init__(self, error: GuardBlocked | GuardUnavailable, *, instead: bool) -> None:
        super().__init__()
        self.error, self.instead = error, instead


@frozen(kw_only=True)
class Sides:
    """One guard of one callable; lives as long as what it decorates."""

    component: str
    judge: Judge
    ins: tuple[Runner, ...]
    outs: tuple[Runner, ...]
    fallback: Callable[..., Any] | None
    stream: Stream
    input_text: Callable[..., str | Iterable[str] | None] | None
    output_text: Callable[[Any], str | None]
    turn: Turn

    # --- the input ---------------------------------------------------------------------------------------------------

    def texts(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[int | str | None, str]]:
        """Return the texts that go in, each with the argument it came from; none at all is a failure of the control."""
        if self.input_text is not None:
            found = self._selected(args, kwargs)
        else:
            given: list[tuple[int | str | None, Any]] = [*enumerate(args), *kwargs.items()]
            found = [(key, one) for key, one in given if isinstance(one, str)]
        if not found:
            self.fail("input", NO_TEXT)
        return found

    def _selected(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[int | str | None, str]]:
        try:
            chosen = self.input_text(*args, **kwargs) if self.input_text is not None else None
            texts = [chosen] if isinstance(chosen, str) else list(chosen or ())
        except Exception:  # noqa: BLE001  # a selector never breaks the call; the policy answers
            return []
        return [(None, one) for one in texts if isinstance(one, str)]

    def let_in(
        self,
        found: list[tuple[int | str | None, str]],
        answers: list[list[tuple[Runner, Answer]]],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Judge the answers on each text; return the arguments, transformed texts replaced."""
        new_args, new_kwargs = list(args), dict(kwargs)
        for (key, text), of_text in zip(found, answers, strict=True):
            judged = self.judge.judge("input", of_text, fresh=all_new, mode="call")
            self.enforce("input", judged)
            if judged.transforms and key is not None:
                if isinstance(key, int):
                    new_args[key] = masked(text, judged.transforms)
                else:
                    new_kwargs[key] = masked(text, judged.transforms)
        return tuple(new_args), new_kwargs

    def item(self, text: str, side: Side) -> Item:
        """Return a text as detectors see it."""
        return Item(text=text, side=side, turn=self.turn if side == "input" else "assistant")

    # --- the output --------------------------------------------------------------------------------------------------

    def text_out(self, result: Any) -> str | None:
        """Return the text of a result; None, after the policy has let it pass, if there is none."""
        try:
            text = self.output_text(result)
        except Exception:  # noqa: BLE001  # a selector never breaks the call; the policy answers
            text = None
        if not isinstance(text, str):
            self.fail("output", NO_TEXT)
            return None
        return text

    def let_out(self, result: Any, answers: list[tuple[Runner, Answer]]) -> Any:
        """Judge the answers on a result and return it, transformed where it is a text."""
        judged = self.judge.judge("output", answers, fresh=all_new, mode="call")
        self.enforce("output", judged)
        if judged.transforms:
            if not isinstance(result, str):
                labels = tuple(sorted({one.label or "" for one in judged.transforms}))
                raise Withheld(GuardBlocked(self.component, "output", labels), instead=True)
            return masked(result, judged.transforms)
        return result

    # --- withholding -------------------------------------------------------------------------------------------------

    def enforce(self, side: Side, judged: Judgement) -> None:
        """Raise where something is withheld."""
        if judged.blocked:
            raise Withheld(GuardBlocked(self.component, side, judged.blocked), instead=True)
        if judged.silent:
            self._unavailable(side, judged.silent, fall_back=judged.policy == "fallback")

    def fail(self, side: Side, failure: str) -> None:
        """Report that a side cannot be checked at all, and do what the policy says."""
        self.judge.report_failure(side, failure, failure, "call")
        policy = self.judge.policy(side)
        if policy != "allow":
            self._unavailable(side, (failure,), fall_back=policy == "fallback")

    def _unavailable(self, side: Side, names: tuple[str, ...], *, fall_back: bool) -> None:
        raise Withheld(GuardUnavailable(self.component, side, names), instead=fall_back)

    def instead(self, withheld: Withheld, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return the caller's replacement, or raise what says why there is no result."""
        if withheld.instead and self.fallback is not None:
            return self.fallback(*args, **kwargs)
        raise withheld.error from None

    def session(self) -> StreamSession:
        """Start the state of one stream."""
        return StreamSession(self.stream, side="output", turn="assistant", text_of=self._text_of)

    def _text_of(self, item: Any) -> str | None:
        try:
            return self.output_text(item)
        except Exception:  # noqa: BLE001  # a selector never breaks the call; the policy answers
            return None

    def pass_on(self, session: StreamSession, item: Item, answers: list[tuple[Runner, Answer]]) -> None:
        """Judge the answers on a part of a stream: mask or withhold, then let the rest leave."""
        mode = self.stream.mode or "holdback"
        judged = self.judge.judge(
            "output", answers, fresh=lambda name, seen: session.fresh(name, item, seen), mode=mode
        )
        session.checked()
        if mode == "observe":
            return
        session.mask(judged.transforms)
        if judged.blocked and self.stream.on_flag == "mask" and session.can_mask():
            session.mask(judged.blocking)
        elif judged.blocked and self.stream.on_flag != "note":
            raise Withheld(GuardBlocked(self.component, "output", judged.blocked), instead=False)
        if judged.silent:
            self._unavailable("output", judged.silent, fall_back=False)
