"""Commands on systems: what is managed, at which stage, with which digests."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from ..._internal.fields import (
    check_date,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
)
from ...stages import Phase, Stage, as_stage
from ...systems import Pin as PinnedDigest
from ...systems import System, as_pins

__all__ = ["AddSystem", "AdoptSystem", "Enter", "Lift", "NotApplicable", "Pin", "Retire", "RollBack", "Stop"]


@frozen(kw_only=True)
class AddSystem:
    """Take a new system under management; it starts in DESIGN.

    Attributes:
        system: the system.
    """

    system: System = field(validator=check_kind(System))


@frozen(kw_only=True)
class AdoptSystem:
    """Take in a system that already runs; it is shown as ungated until a release case decides on its live digests.

    Attributes:
        system: the system.
        stage: the stage it is at.
        live: the digests that serve now.
    """

    system: System = field(validator=check_kind(System))
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    live: tuple[PinnedDigest, ...] = field(
        default=(), converter=as_pins, validator=check_tuple_of(check_kind(PinnedDigest))
    )


@frozen(kw_only=True)
class Retire:
    """End the management of a system; possible once no risk of it is open.

    Attributes:
        system: id of the system.
    """

    system: str = field(validator=check_id)


@frozen(kw_only=True)
class Pin:
    """Say which digests the candidate consists of; a changed one opens a new cycle for every risk it touches.

    Attributes:
        system: id of the system.
        pins: digests to set; places not named keep theirs. At least one, each place once.
    """

    system: str = field(validator=check_id)
    pins: tuple[PinnedDigest, ...] = field(
        converter=as_pins, validator=check_tuple_of(check_kind(PinnedDigest), least=1)
    )


@frozen(kw_only=True)
class NotApplicable:
    """Set the present stage, or one phase of its cycle, aside as not applicable; needs a reason.

    Attributes:
        system: id of the system.
        phase: the phase; None for the whole stage.
        owner: role that answers for it.
        review: day by which it is looked at again.
    """

    system: str = field(validator=check_id)
    phase: Phase | None = field(default=None, validator=check_optional(check_kind(Phase)))
    owner: str = field(validator=check_id)
    review: dt.date = field(validator=check_date)


@frozen(kw_only=True)
class Enter:
    """Enter a stage; refused with every blocker while the stage's gate is shut.

    Attributes:
        system: id of the system.
        stage: the stage to enter.
    """

    system: str = field(validator=check_id)
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))


@frozen(kw_only=True)
class RollBack:
    """Serve again with digests that were live before; that is containment and waits for nobody (our choice).

    Attributes:
        system: id of the system.
        pins: the whole earlier live set.
    """

    system: str = field(validator=check_id)
    pins: tuple[PinnedDigest, ...] = field(
        converter=as_pins, validator=check_tuple_of(check_kind(PinnedDigest), least=1)
    )


@frozen(kw_only=True)
class Stop:
    """Stop a system or one of its components, alone and at once.

    Attributes:
        system: id of the system.
        component: id of the part; None for the whole system.
    """

    system: str = field(validator=check_id)
    component: str | None = field(default=None, validator=check_optional(check_id))


@frozen(kw_only=True)
class Lift:
    """Lift a stop; performs a decided case of matter STOP.

    Attributes:
        system: id of the system.
        component: id of the part; None for the stop on the whole system.
    """

    system: str = field(validator=check_id)
    component: str | None = field(default=None, validator=check_optional(check_id))
