"""``human_action``: a person's risky step, tied to the case that allows it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .._internal.sites import Site, note_site
from .._internal.text import ID_RULE, is_id
from ..exceptions import GateBlocked, InvalidValue
from ..findings import Scalar, Verdict
from ..governance import Code, GateResult, Refusal
from ..signals import current
from ..taxonomy import Actor
from ._context import enclosing
from ._decorate import D, function_of, name_of_site, wrap, wrapped_with
from ._hook import GO, Always
from ._noting import note
from ._switch import SWITCHED_OFF
from ._trouble import trouble

__all__ = ["human_action"]


def human_action(
    act: str,
    *,
    risk: str,
    reversible: bool,
    dry_run: str | None = None,
    case: str | None = None,
) -> Callable[[D], D]:
    """Report a person's risky step, and let it start only if the case that is named is approved.

    Without a case it only reports. ``by``, the stage and the case may come from the enclosing ``activity``. While the
    parameter named by ``dry_run`` is true, nothing is asked and nothing is reported.

    Args:
        act: id of what is done.
        risk: id of the risk it bears on.
        reversible: whether it can be undone.
        dry_run: name of the Boolean parameter that makes the call a rehearsal.
        case: id of the case that has to be approved, unlapsed and unchanged.

    Example:
        >>> @human_action("drop-index", risk="wrong-index-dropped", reversible=False, dry_run="dry_run")
        ... def drop_index(name: str, *, dry_run: bool = True) -> None: ...
        >>> drop_index("old")

    Raises:
        InvalidValue: an id is none, or the callable has no parameter named by ``dry_run``.
        TypeError: used without parentheses.
    """
    if callable(act):
        raise TypeError("human_action needs the id of the act: @human_action('drop-index', risk=..., reversible=...)")
    for name, value in (("act", act), ("risk", risk), ("case", case)):
        if (value is not None or name != "case") and not is_id(value):
            raise InvalidValue(f"human_action.{name}", ID_RULE)

    def decorate(target: D) -> D:
        function = function_of(target, "human_action")
        if dry_run is not None and dry_run not in inspect.signature(function).parameters:
            raise InvalidValue("human_action.dry_run", "must name a parameter of what it decorates")
        site = note_site(Site(name=name_of_site(function), hook="human_action", risks=(risk,), disabled=SWITCHED_OFF))
        if SWITCHED_OFF:
            return target
        step = _Step(site, act=act, risk=risk, reversible=reversible, dry_run=dry_run, case=case)
        return wrap(target, lambda inner: wrapped_with(inner, door=step))

    return decorate


class _Step:
    """One human step; lives as long as what it decorates."""

    __slots__ = ("_act", "_case", "_dry_run", "_reversible", "_risk", "_site", "replaces", "slot")

    def __init__(  # what a careful person must decide
        self, site: Site, *, act: str, risk: str, reversible: bool, dry_run: str | None, case: str | None
    ) -> None:
        """Bind what is known at decoration."""
        self._site, self._act, self._risk, self._reversible = site, act, risk, reversible
        self._dry_run, self._case = dry_run, case
        self.slot = Always()
        self.replaces = False

    def enter(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask for the case and report the step; raise if the case does not allow it."""
        recorder = current()
        if recorder is None or self._is_rehearsal(function, args, kwargs):
            return GO
        around = enclosing.get()
        case = self._case if self._case is not None or around is None else around.case
        allowed = case is None or (recorder.state is not None and recorder.state.approves(case, recorder.now()))
        facts: dict[str, Scalar] = {"act": self._act, "reversible": self._reversible}
        if case is not None:
            facts["case"] = case
        if around is not None and around.by is not None:
            facts["by"] = around.by
        note(
            self._site,
            risk=self._risk,
            verdict=Verdict.FLAG if allowed else Verdict.BLOCK,
            label="human_action" if allowed else "human_action_refused",
            actor=Actor.HUMAN,
            facts=facts,
        )
        if not allowed and case is not None:
            refusal = Refusal(code=Code.CASE_MISSING, subject=self._risk, missing=(case,), detail=case)
            result = GateResult(system=self._risk, at=recorder.now(), blockers=(refusal,))
            raise GateBlocked(result)
        return GO

    def _is_rehearsal(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        if self._dry_run is None:
            return False
        try:
            bound = inspect.signature(function).bind(*args, **kwargs)
            bound.apply_defaults()
            return bool(bound.arguments[self._dry_run])
        except TypeError:  # a wrong call: Python's own message comes when it starts
            return True
        except Exception as error:  # noqa: BLE001  # unreadable arguments do not make a step a rehearsal
            trouble(self._site, error, current())
            return False
