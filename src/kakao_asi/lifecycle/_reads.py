"""Which facts each command's decision reads beside its own stream and the system it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from . import commands as c
from ._states import RiskState

__all__ = ["UNDECLARED", "reads"]

_RISKS = frozenset({"risks"})
_CASES = frozenset({"cases"})
_BOTH = _RISKS | _CASES
_GATE = _BOTH | {"findings"}

_READS: dict[type[Any], frozenset[str]] = {
    c.Pin: _RISKS,
    c.Enter: _GATE,
    c.Stop: _RISKS,
    c.Lift: _BOTH,
    c.Retire: _RISKS,
    c.Dismiss: _RISKS,
    c.Record: _CASES,
    c.Identify: _RISKS,
    c.Relate: _RISKS,
    c.Contain: _BOTH,
    c.Reopen: _RISKS,
    c.Close: _BOTH,
    c.Merge: _BOTH,
    c.Split: _BOTH,
    c.Supersede: _BOTH,
    c.Revoke: _CASES,
    c.Escalate: _BOTH,
    c.Decide: _BOTH,
    c.Rebase: _BOTH,
    c.ResolveObjection: _RISKS,
    c.Review: _BOTH,
    c.Recuse: _BOTH,
    c.Delegate: _BOTH,
    c.MissCondition: _BOTH,
    c.MissSystemCondition: _BOTH,
    c.ProposeGovernance: _CASES,
    c.PromoteFinding: _RISKS,
    c.LinkFinding: _RISKS,
}


def reads(command: c.Command) -> frozenset[str]:
    """Return what a decision on the command reads of its system: ``risks``, ``cases``, ``findings`` or nothing."""
    return _READS.get(type(command), frozenset())


class _Undeclared(Mapping[str, RiskState]):
    """Risks that a decision did not declare it reads; touching them is a fault of this library, never silent."""

    def _refuse(self) -> NoReturn:
        message = "a guard reads risks that its command does not declare; add it to lifecycle._reads"
        raise RuntimeError(message)

    def __getitem__(self, key: str) -> RiskState:
        self._refuse()

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def __len__(self) -> int:  # noqa: PLE0303  # it never returns
        self._refuse()


UNDECLARED: Mapping[str, RiskState] = _Undeclared()
"""Stands in for risks that were not loaded."""
