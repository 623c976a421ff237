"""The one-token answers of safety models of the Kanana Safeguard family, read strictly.

Source: model cards of kakaocorp/kanana-safeguard-8b, -siren-8b and -prompt-2.1b (2025-05). SAFE means: in none of the
categories that the model knows. It does not mean: safe. What each code suggests by speaker turn is our choice.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from inspect import isawaitable, iscoroutinefunction
from typing import Any, Literal, TypeAlias

from attrs import frozen

from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Verdict
from ..taxonomy import RiskCategory
from ._detectors import Detection, Item, Turn

__all__ = ["SafetyModel", "combined", "parse_kanana", "safety_token"]

SafetyModel: TypeAlias = Literal["kanana-safeguard-8b", "kanana-safeguard-siren-8b", "kanana-safeguard-prompt-2.1b"]
"""The models whose codes are known."""

_TOKEN = re.compile(r"<SAFE>|<UNSAFE-([A-Z][1-9][0-9]?)>")
_WHITE = " \t\n\r\x0b\x0c"

_CODES: dict[str, tuple[str, ...]] = {
    "kanana-safeguard-8b": ("S1", "S2", "S3", "S4", "S5", "S6", "S7"),
    "kanana-safeguard-siren-8b": ("I1", "I2", "I3", "I4"),
    "kanana-safeguard-prompt-2.1b": ("A1", "A2"),
}
_TURNS: dict[str, frozenset[str]] = {
    "kanana-safeguard-8b": frozenset({"user", "assistant"}),
    "kanana-safeguard-siren-8b": frozenset({"user"}),
    "kanana-safeguard-prompt-2.1b": frozenset({"user"}),
}
_MISUSE = frozenset({"S1", "S2", "S3", "S4", "S5", "I4", "A1", "A2"})
_NEGLIGENCE = frozenset({"I1", "I2", "I3"})
_FROM_TOOLS = frozenset({"I4", "A1", "A2"})
_PRINCIPLES: dict[str, frozenset[str]] = {
    "S1": frozenset({"human_rights", "non_discrimination"}),
    "S2": frozenset({"human_rights", "user_protection"}),
    "S3": frozenset({"human_rights", "social_ethics"}),
    "S4": frozenset({"human_rights", "social_ethics"}),
    "S5": frozenset({"human_rights", "user_protection"}),
    "S6": frozenset({"user_protection", "user_agency"}),
    "S7": frozenset({"vigilance_adverse_effects"}),
    "I1": frozenset({"user_protection"}),
    "I2": frozenset({"user_agency"}),
    "I3": frozenset({"privacy"}),
    "I4": frozenset({"social_ethics"}),
    "A1": frozenset({"security_safety_independence"}),
    "A2": frozenset({"security_safety_independence"}),
}


def parse_kanana(raw: str, *, model: SafetyModel, turn: Turn) -> Detection:
    """Read the answer of a safety model; never raises on what it answered.

    Args:
        raw: the answer. ASCII white space around it is passed over; anything else but exactly one token, in capitals
            and complete, is INDETERMINATE.
        model: the model that answered.
        turn: whose words it was asked about.

    Returns:
        FLAG for a code, known or not and whatever the model's scope; CLEAR, within the codes of the model, for
        ``<SAFE>`` on a turn that the model is made for; else INDETERMINATE.

    Example:
        >>> parse_kanana("<UNSAFE-I3>", model="kanana-safeguard-siren-8b", turn="user").label
        'I3'

    Raises:
        InvalidValue: the model is not one of those known.
    """
    if model not in _CODES:
        raise InvalidValue("parse_kanana.model", "must be one of " + ", ".join(_CODES))
    match = _TOKEN.fullmatch(raw.strip(_WHITE)) if isinstance(raw, str) else None
    if match is None:
        return Detection(verdict=Verdict.INDETERMINATE, notes=("invalid_output",))
    code = match[1]
    if code is not None:
        return _flagged(code, model, turn)
    if turn not in _TURNS[model]:
        return Detection(verdict=Verdict.INDETERMINATE, notes=("out_of_scope",))
    return Detection(verdict=Verdict.CLEAR, scope=_CODES[model])


def _flagged(code: str, model: str, turn: Turn) -> Detection:
    if code not in _PRINCIPLES:
        return Detection(verdict=Verdict.FLAG, label=f"unknown:{code}")
    notes = () if code in _CODES[model] else ("contract_mismatch",)
    return Detection(
        verdict=Verdict.FLAG, label=code, notes=notes, category=_category(code, turn), principles=_PRINCIPLES[code]
    )


def _category(code: str, turn: Turn) -> RiskCategory | None:
    """Return the category that a code suggests of a speaker; None for a person in danger, or a third party's text."""
    if turn == "assistant":
        return RiskCategory.MODEL_IMPERFECTION
    if code in _NEGLIGENCE:
        return RiskCategory.PASSIVE_NEGLIGENCE
    if code in _MISUSE and not (turn == "tool" and code in _FROM_TOOLS):
        return RiskCategory.ACTIVE_MISUSE
    return None


def combined(detections: Iterable[Detection], *, required: Iterable[str] = ()) -> Detection:
    """Combine the detections of one turn: FLAG beats INDETERMINATE beats CLEAR, and scopes unite.

    Args:
        detections: of one speaker turn; CLEAR never crosses to another.
        required: codes that must have been looked for; one that nobody looked for makes it INDETERMINATE.
    """
    seen = tuple(detections)
    scope = frozenset().union(*(one.scope for one in seen))
    for one in seen:
        if one.verdict in {Verdict.FLAG, Verdict.BLOCK, Verdict.TRANSFORM}:
            return one
    missing = sorted(frozenset(required) - scope)
    silent = [one for one in seen if one.verdict is Verdict.INDETERMINATE]
    if silent or missing or not seen:
        notes = {note for one in silent for note in one.notes} | {f"not_covered:{code.lower()}" for code in missing}
        return Detection(verdict=Verdict.INDETERMINATE, scope=scope, notes=tuple(sorted(notes)))
    return Detection(verdict=Verdict.CLEAR, scope=scope)


@frozen(kw_only=True)
class SafetyToken:
    """A detector around a function that asks a safety model; see :func:`safety_token`."""

    name: str
    call: Callable[[str], Any]
    model: SafetyModel
    turn: Turn | None

    def detect(self, item: Item) -> Sequence[Detection]:
        """Ask the model and read its answer."""
        return (parse_kanana(self.call(item.text), model=self.model, turn=self.turn or item.turn),)


@frozen(kw_only=True)
class AsyncSafetyToken:
    """A detector around a coroutine function that asks a safety model; see :func:`safety_token`."""

    name: str
    call: Callable[[str], Any]
    model: SafetyModel
    turn: Turn | None

    async def adetect(self, item: Item) -> Sequence[Detection]:
        """Ask the model and read its answer."""
        answer = self.call(item.text)
        raw = await answer if isawaitable(answer) else answer
        return (parse_kanana(raw, model=self.model, turn=self.turn or item.turn),)


def safety_token(
    call: Callable[[str], str] | Callable[[str], Awaitable[str]],
    *,
    model: SafetyModel,
    turn: Turn | None = None,
    name: str | None = None,
) -> SafetyToken | AsyncSafetyToken:
    """Make a detector of a function that asks a safety model; how it is reached is the caller's.

    Args:
        call: takes a text and returns the model's raw answer; a coroutine function only guards coroutines.
        model: which model answers.
        turn: whose words it is asked about; None: as the guard says, side by side.
        name: id of the detector; by default the model's.

    Raises:
        InvalidValue: the model is not known, or the name is no id.
    """
    if model not in _CODES:
        raise InvalidValue("safety_token.model", "must be one of " + ", ".join(_CODES))
    chosen = model if name is None else name
    if not is_id(chosen):
        raise InvalidValue("safety_token.name", ID_RULE)
    kind = AsyncSafetyToken if iscoroutinefunction(call) else SafetyToken
    return kind(name=chosen, call=call, model=model, turn=turn)
