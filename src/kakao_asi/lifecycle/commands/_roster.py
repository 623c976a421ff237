"""Commands on people and seats."""

from __future__ import annotations

from attrs import field, frozen

from ..._internal.fields import (
    check_bool,
    check_id,
    check_kind,
)
from ...governance import Person

__all__ = ["ChangePerson", "ChangeSeat"]


@frozen(kw_only=True)
class ChangePerson:
    """Say who a person is: new, or in place of what the roster held under that id.

    Attributes:
        person: the person.
    """

    person: Person = field(validator=check_kind(Person))


@frozen(kw_only=True)
class ChangeSeat:
    """Seat a person in a body, or end that.

    Attributes:
        body: id of the body.
        person: id of the person.
        alternate: whether it is an alternate's seat, who steps in for members that are missing or may not vote.
        seated: whether the person has a seat from now on.
    """

    body: str = field(validator=check_id)
    person: str = field(validator=check_id)
    alternate: bool = field(default=False, validator=check_bool)
    seated: bool = field(validator=check_bool)
