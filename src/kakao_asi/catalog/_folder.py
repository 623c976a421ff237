"""All the content of the catalogue as one value: as shipped, or with the files of a company's own folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from attrs import evolve, field, frozen

from .._internal.fields import check_kind, check_tuple_of
from ..exceptions import InvalidValue, UnknownId
from ..framework import (
    AdviceRow,
    Candidate,
    ClockRow,
    Guidance,
    HorizonRow,
    Mapping,
    PledgeItem,
    Scheme,
    SchemeCoverage,
    check_unique,
)
from ..principles import Principle
from ._clocks import check_clock_rows, clock_rows, horizon
from ._content import advice, guidance, pledge, screening
from ._crosswalk import check_mappings, coverage_of, crosswalk, schemes, screening_links
from ._files import from_file
from ._rows import principles

__all__ = ["Content", "content", "from_folder"]

T = TypeVar("T")


def _rows(kind: type[Any]) -> Any:
    return field(validator=check_tuple_of(check_kind(kind)))


@frozen(kw_only=True)
class Content:
    """The rows of every scheme; those that name each other are checked together.

    Attributes:
        principles: ethics principles.
        guidance: what the principles ask of developers and users.
        advice: which guidance helps with which blocker.
        screening: candidates of the screening catalogue.
        clocks: rows of law.
        horizon: changes of law ahead.
        schemes: schemes that mappings point into.
        crosswalk: mappings of categories and stages.
        links: mappings of candidates.
        pledge: items of the pledge.
    """

    principles: tuple[Principle, ...] = _rows(Principle)
    guidance: tuple[Guidance, ...] = _rows(Guidance)
    advice: tuple[AdviceRow, ...] = _rows(AdviceRow)
    screening: tuple[Candidate, ...] = _rows(Candidate)
    clocks: tuple[ClockRow, ...] = _rows(ClockRow)
    horizon: tuple[HorizonRow, ...] = _rows(HorizonRow)
    schemes: tuple[Scheme, ...] = _rows(Scheme)
    crosswalk: tuple[Mapping, ...] = _rows(Mapping)
    links: tuple[Mapping, ...] = _rows(Mapping)
    pledge: tuple[PledgeItem, ...] = _rows(PledgeItem)

    def __attrs_post_init__(self) -> None:
        """Refuse rows that name what is not there, and what the checks of each scheme refuse."""
        check_unique(self.screening, "screening rows")
        check_clock_rows(self.clocks)
        check_mappings(self.crosswalk, self.schemes)
        check_mappings(self.links, self.schemes)
        known = {one.id for one in self.principles}
        _check("guidance rows", {row.principle for row in self.guidance} - known, "principles")
        _check("screening rows", {name for row in self.screening for name in row.principles} - known, "principles")
        rows = {one.id for one in self.guidance}
        _check("advice rows", {name for row in self.advice for name in row.guidance} - rows, "guidance rows")
        _check("crosswalk rows", {row.subject for row in self.crosswalk if row.candidate}, "categories or stages")
        candidates = {one.id for one in self.screening}
        _check("screening links", {row.subject for row in self.links if row.candidate not in candidates}, "candidates")

    def coverage(self, scheme: str) -> SchemeCoverage:
        """Return what of our categories and stages the entries of a scheme are mapped to.

        Raises:
            UnknownId: there is no such scheme.
        """
        found = next((one for one in self.schemes if one.id == scheme), None)
        if found is None:
            raise UnknownId("scheme", scheme)
        return coverage_of(found, self.crosswalk)


def _check(name: str, missing: Iterable[str], what: str) -> None:
    lost = sorted(missing)
    if lost:
        raise InvalidValue(name, f"must name {what} that are there, not {', '.join(lost)}", "add them, or name others")


@cache
def content() -> Content:
    """Return all shipped content."""
    return Content(
        principles=principles(),
        guidance=guidance(),
        advice=advice(),
        screening=screening(),
        clocks=clock_rows(),
        horizon=horizon(),
        schemes=schemes(),
        crosswalk=crosswalk(),
        links=screening_links(),
        pledge=pledge(),
    )


_KINDS: Final[dict[str, type[Any]]] = {
    "principles": Principle,
    "guidance": Guidance,
    "advice": AdviceRow,
    "screening": Candidate,
    "clocks": ClockRow,
    "horizon": HorizonRow,
    "schemes": Scheme,
    "crosswalk": Mapping,
    "links": Mapping,
    "pledge": PledgeItem,
}


def _pair(row: Mapping) -> tuple[str, str]:
    return row.subject, row.object


def _id(row: Any) -> str:
    return str(row.id)


def from_folder(folder: str | Path, *, replace: bool = False) -> Content:
    """Return the shipped content with what a company's own folder adds or replaces, under the same checks.

    The folder holds files ``principles.json``, ``guidance.json``, ``advice.json``, ``screening.json``, ``clocks.json``,
    ``horizon.json``, ``schemes.json``, ``crosswalk.json``, ``links.json`` and ``pledge.json``, any of them, each a JSON
    list of rows. A row whose id is shipped takes the place of that row; a mapping is known by its two ends.

    Args:
        folder: the folder.
        replace: a file takes the place of the whole shipped scheme, so that its other rows are gone.

    Raises:
        InvalidValue: a row breaks a rule, or names something that is not there.
        LoadError: a file is malformed, too large, or holds a key or a word that is not known.
        UnknownId: the folder holds another JSON file.
        OSError: the folder cannot be read.
    """
    base = content()
    changed: dict[str, tuple[Any, ...]] = {}
    for file in sorted(Path(folder).glob("*.json")):
        name = file.stem
        if name not in _KINDS:
            raise UnknownId("scheme file", name)
        own = from_file(file, _KINDS[name])
        key = _pair if _KINDS[name] is Mapping else _id
        changed[name] = own if replace else _merged(getattr(base, name), own, key)
    return evolve(base, **changed)


def _merged(shipped: tuple[T, ...], own: tuple[T, ...], key: Callable[[Any], Any]) -> tuple[T, ...]:
    rows = {key(one): one for one in (*shipped, *own)}
    return tuple(rows[name] for name in sorted(rows))
