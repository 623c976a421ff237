"""Commands on findings: record them, and let a person make a risk of them or set them aside."""

from __future__ import annotations

from attrs import field, frozen

from ..._internal.fields import check_id, check_kind, check_tuple_of, check_whole
from ...exceptions import InvalidValue
from ...risks import Risk
from .._sightings import Sighting, as_sightings

__all__ = ["DismissFinding", "ImportFindings", "LinkFinding", "PromoteFinding", "RecordFindings"]

_MOST = 1_000


@frozen(kw_only=True)
class RecordFindings:
    """Record what hooks saw: each finding joins its group. An agent may do it; it assesses nothing.

    Attributes:
        findings: 1 to 1,000 findings; several of one group count as one with their sum.
    """

    findings: tuple[Sighting, ...] = field(
        converter=as_sightings, validator=check_tuple_of(check_kind(Sighting), least=1, most=_MOST)
    )


@frozen(kw_only=True)
class ImportFindings:
    """Record what a process wrote to a spool; ``register.import_spool`` makes these.

    Attributes:
        spool: id of the process's file.
        start: the position the file was read in to before, from 0; another one is refused, so nothing counts twice.
        end: the position it is read in to now, more than ``start``.
        findings: at most 1,000 findings of the positions between.
    """

    spool: str = field(validator=check_id)
    start: int = field(validator=check_whole())
    end: int = field(validator=check_whole(least=1))
    findings: tuple[Sighting, ...] = field(
        converter=as_sightings, validator=check_tuple_of(check_kind(Sighting), most=_MOST)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a step that goes nowhere."""
        if self.end <= self.start:
            raise InvalidValue("ImportFindings.end", "must be more than ImportFindings.start")


@frozen(kw_only=True)
class PromoteFinding:
    """Make a risk of a group of findings; people only.

    Attributes:
        finding: id of the group.
        risk: the new risk.
    """

    finding: str = field(validator=check_id)
    risk: Risk = field(validator=check_kind(Risk))


@frozen(kw_only=True)
class LinkFinding:
    """Tie a group of findings to a risk that is known; people only.

    Attributes:
        finding: id of the group.
        risk: id of the risk.
    """

    finding: str = field(validator=check_id)
    risk: str = field(validator=check_id)


@frozen(kw_only=True)
class DismissFinding:
    """Set a group of findings aside, with a reason; people only.

    Attributes:
        finding: id of the group.
    """

    finding: str = field(validator=check_id)
