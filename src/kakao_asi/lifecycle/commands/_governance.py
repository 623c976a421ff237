"""Commands that change the governance, and that bring running cases over to the present one."""

from __future__ import annotations

from attrs import field, frozen

from ..._internal.fields import check_id, check_kind
from ...governance import Governance

__all__ = ["ProposeGovernance", "Rebase"]


@frozen(kw_only=True)
class ProposeGovernance:
    """Put another governance before the bodies; it is decided under the one in force, and holds for later cases.

    Attributes:
        governance: what would govern.
    """

    governance: Governance = field(validator=check_kind(Governance))


@frozen(kw_only=True)
class Rebase:
    """Bring an open case to the present state and governance; the votes, reviews and decisions given on it are void.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)
