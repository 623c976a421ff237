"""Commands on the identity of risks: two that are one, one that is several, one that replaces another."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from ..._internal.fields import as_ids, check_id, check_kind, check_tuple_of, tupled
from ...risks import Risk

__all__ = ["Merge", "Split", "Supersede"]


def _as_risks(values: Iterable[Risk]) -> tuple[Risk, ...]:
    return tupled(values)


@frozen(kw_only=True)
class Merge:
    """Say that several risks are one; the others lead to the survivor for ever.

    Attributes:
        into: id of the survivor.
        risks: ids of the others, 1 to 100.
    """

    into: str = field(validator=check_id)
    risks: frozenset[str] = field(
        converter=as_ids, validator=check_tuple_of(check_id, least=1, most=100, kind=frozenset)
    )


@frozen(kw_only=True)
class Split:
    """Say that a risk is several; it leads to its parts for ever, and each part keeps its effective grade.

    Attributes:
        risk: id of the risk.
        parts: the new risks, 2 to 20, of the same system and actor.
    """

    risk: str = field(validator=check_id)
    parts: tuple[Risk, ...] = field(converter=_as_risks, validator=check_tuple_of(check_kind(Risk), least=2, most=20))


@frozen(kw_only=True)
class Supersede:
    """Say that another risk takes a risk's place.

    Attributes:
        risk: id of the risk.
        successor: id of the one that takes its place.
    """

    risk: str = field(validator=check_id)
    successor: str = field(validator=check_id)
