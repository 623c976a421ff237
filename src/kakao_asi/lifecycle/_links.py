"""How one risk bears on another."""

from __future__ import annotations

from attrs import frozen

from .._internal.words import Word

__all__ = ["Link", "LinkKind"]


class LinkKind(Word):
    """What one risk does to another (our choice of kinds)."""

    CAUSES = "causes", "일으킴", "causes"
    AMPLIFIES = "amplifies", "키움", "amplifies"
    EXPLOITS = "exploits", "이용함", "exploits"
    MASKS = "masks", "가림", "masks"


@frozen(kw_only=True)
class Link:
    """A link from one risk to another.

    Attributes:
        kind: what the first does to the second.
        to: id of the second.
    """

    kind: LinkKind
    to: str


def as_link_kind(value: LinkKind | str) -> LinkKind:
    """Return the member of that id or Korean label."""
    return LinkKind(value)
