"""The weak table of decorated places: one of the two ambient things of this library."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

from attrs import define, field

__all__ = ["Site", "disabled_sites", "known_sites", "note_site"]

_MOST_DISABLED = 10_000


@define(eq=False, kw_only=True, weakref_slot=True)
class Site:
    """One decorated place; lives as long as what was decorated.

    Attributes:
        name: ``module:qualified name``.
        hook: what decorates it: ``watch``, ``gate``, ``guard``, ``activity`` or ``human_action``.
        risks: ids of the risks it names.
        component: path of the component it names, if any.
        disabled: whether hooks were switched off when it was decorated.
        noted: what was logged about it already, so that each thing is logged once.
    """

    name: str
    hook: str
    risks: tuple[str, ...] = ()
    component: str | None = None
    disabled: bool = False
    noted: set[str] = field(factory=set, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as what it names; in the other process it is noted there."""
        return _restored, (self.name, self.hook, self.risks, self.component, self.disabled)


_sites: weakref.WeakSet[Site] = weakref.WeakSet()
# Nothing else keeps a disabled site: what was decorated came back as it was.
_disabled: dict[tuple[str, str], Site] = {}


def note_site(site: Site) -> Site:
    """Put a site into the table and return it."""
    _sites.add(site)
    if site.disabled and len(_disabled) < _MOST_DISABLED:
        _disabled.setdefault((site.name, site.hook), site)
    return site


def known_sites() -> Iterator[Site]:
    """Iterate over the sites that still exist, in order of their names."""
    return iter(sorted(_sites, key=lambda site: (site.name, site.hook)))


def disabled_sites() -> int:
    """Return how many places were decorated while hooks were switched off, at most 10,000."""
    return len(_disabled)


def _restored(
    name: str, hook: str, risks: tuple[str, ...], component: str | None, disabled: bool
) -> Site:  # positional: what pickle stores
    return note_site(Site(name=name, hook=hook, risks=risks, component=component, disabled=disabled))
