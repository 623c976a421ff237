"""Commands on objections: raise one, and resolve it in writing."""

from __future__ import annotations

from attrs import field, frozen

from ..._internal.fields import check_bool, check_id

__all__ = ["Object", "ResolveObjection"]


@frozen(kw_only=True)
class Object:
    """Object to how a risk is dealt with. Anybody may, with a reason.

    Attributes:
        risk: id of the risk.
        block_requested: whether the system should not go on to DEPLOYMENT until the objection is resolved.
    """

    risk: str = field(validator=check_id)
    block_requested: bool = field(default=False, validator=check_bool)


@frozen(kw_only=True)
class ResolveObjection:
    """Resolve an objection in writing: somebody above the body that would launch says what follows from it.

    Attributes:
        risk: id of the risk.
        objection: id of the objection.
        upheld: whether it was right.
    """

    risk: str = field(validator=check_id)
    objection: str = field(validator=check_id)
    upheld: bool = field(validator=check_bool)
