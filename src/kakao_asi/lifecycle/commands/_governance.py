"""Commands that change the governance, and that bring running cases over to the present one."""

from __future__ import annotations

from attrs import field, frozen

from ..._internal.fields import check_id, check_kind
from ...governance import Governance
from ...stages import Stage, as_stage

__all__ = ["CheckOff", "ProposeGovernance", "Rebase"]


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


@frozen(kw_only=True)
class CheckOff:
    """Check an item of a stage's checklist off, for the candidate as it is pinned now.

    Attributes:
        system: id of the system.
        stage: the stage to enter.
        item: id of the item.
    """

    system: str = field(validator=check_id)
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    item: str = field(validator=check_id)
