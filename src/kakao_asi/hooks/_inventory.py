"""Which hooks there are in this process, and whether they and the register know of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from .._internal.sites import known_sites

if TYPE_CHECKING:
    from ..lifecycle import RiskState, SystemState
    from ..register import Page, RegisterView, RiskRegister

__all__ = ["Inventory", "InventoryCheck", "SiteNote", "inventory"]


@frozen(kw_only=True)
class SiteNote:
    """One decorated place.

    Attributes:
        site: ``module:qualified name``.
        hook: ``watch``, ``gate``, ``guard``, ``activity`` or ``human_action``.
        risks: ids of the risks it names.
        component: path of the component it names, if any.
        disabled: whether hooks were switched off when it was decorated.
    """

    site: str
    hook: str
    risks: tuple[str, ...]
    component: str | None
    disabled: bool


@frozen(kw_only=True)
class InventoryCheck:
    """What does not fit between hooks and register; empty everywhere: all fits.

    Attributes:
        without_hook: ids of open risks that no hook names, sorted. No hook is no proof that all is well.
        unknown_risks: ids that hooks name and the register does not know, sorted.
        unknown_systems: systems that hooks name and the register does not know, sorted.
        disabled: places that are switched off, sorted.
    """

    without_hook: tuple[str, ...]
    unknown_risks: tuple[str, ...]
    unknown_systems: tuple[str, ...]
    disabled: tuple[str, ...]


@frozen(kw_only=True)
class Inventory:
    """Every decorated place of this process that still exists.

    Attributes:
        sites: in order of their names.
    """

    sites: tuple[SiteNote, ...]

    def check(self, register: RiskRegister | RegisterView) -> InventoryCheck:
        """Compare with a register, which is only read."""
        named = {risk for site in self.sites for risk in site.risks}
        systems = {site.component.partition("/")[0] for site in self.sites if site.component is not None}
        known = set(_ids(lambda after: register.risks(after=after)))
        opened = set(_ids(lambda after: register.risks(open=True, after=after)))
        known_systems = set(_ids(lambda after: register.systems(after=after)))
        return InventoryCheck(
            without_hook=tuple(sorted(opened - named)),
            unknown_risks=tuple(sorted(named - known)),
            unknown_systems=tuple(sorted(systems - known_systems)),
            disabled=tuple(site.site for site in self.sites if site.disabled),
        )


def _ids(page_after: Callable[[str | None], Page[RiskState] | Page[SystemState]]) -> Iterator[str]:
    page = page_after(None)
    yield from (state.id for state in page)
    while page.next is not None:
        page = page_after(page.next)
        yield from (state.id for state in page)


def inventory() -> Inventory:
    """List the decorated places of this process, the disabled ones included."""
    return Inventory(
        sites=tuple(
            SiteNote(
                site=site.name,
                hook=site.hook,
                risks=site.risks,
                component=site.component,
                disabled=site.disabled,
            )
            for site in known_sites()
        )
    )
