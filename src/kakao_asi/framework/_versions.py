"""Versions of a scheme: ids keep their meaning, an id that was split names its successors, what is left is listed."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import as_ids, check_id, check_kind, check_optional, check_text, check_tuple_of, tupled
from ..exceptions import InvalidValue, UnknownId

__all__ = ["Migration", "SchemeVersion", "Succession"]


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    return tupled(values)


@frozen(kw_only=True)
class Succession:
    """What became of an id of the version before.

    Attributes:
        id: the id; it is in the version before and no longer in this one.
        successors: ids of this version that take its place, at least one; two or more where it was split.
    """

    id: str = field(validator=check_id)
    successors: tuple[str, ...] = field(converter=_ids, validator=check_tuple_of(check_id, least=1))


def _successions(values: Iterable[Succession]) -> tuple[Succession, ...]:
    return tupled(values)


@frozen(kw_only=True)
class SchemeVersion:
    """One version of a scheme of ids that risks carry, for example labels; a later one never rewrites an earlier one.

    Attributes:
        scheme: id of the scheme.
        version: its version.
        before: the version it follows; None for the first.
        ids: the ids it has. An id that an earlier version had too means the same.
        successions: what became of ids of the version before that are gone; none for an id that nothing takes the
            place of.
    """

    scheme: str = field(validator=check_id)
    version: str = field(validator=check_text(longest=20))
    before: str | None = field(default=None, validator=check_optional(check_text(longest=20)))
    ids: frozenset[str] = field(converter=as_ids, validator=check_tuple_of(check_id, least=1, kind=frozenset))
    successions: tuple[Succession, ...] = field(
        default=(), converter=_successions, validator=check_tuple_of(check_kind(Succession))
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a succession of an id that is still there, one told twice, and successors that are not there."""
        gone = [one.id for one in self.successions]
        if len(set(gone)) != len(gone) or set(gone) & self.ids:
            rule = "must tell of each id once, and of none that this version still has"
            raise InvalidValue("SchemeVersion.successions", rule, "an id that stays keeps its meaning")
        if {name for one in self.successions for name in one.successors} - self.ids:
            raise InvalidValue("SchemeVersion.successions", "must lead to ids of this version")
        if self.successions and self.before is None:
            raise InvalidValue("SchemeVersion.before", "must name the version that ids were taken over from")

    def migration(self, earlier: SchemeVersion) -> Migration:
        """Return what becomes of each id of the version before.

        Raises:
            InvalidValue: it is not the version this one follows, or an id is told of that it did not have.
        """
        if (earlier.scheme, earlier.version) != (self.scheme, self.before):
            raise InvalidValue("SchemeVersion.before", "must be the version passed", "migrate one version at a time")
        if {one.id for one in self.successions} - earlier.ids:
            raise InvalidValue("SchemeVersion.successions", "must tell of ids that the version before had")
        told = {one.id: one.successors for one in self.successions}
        left = earlier.ids - self.ids
        return Migration(
            scheme=self.scheme,
            from_version=earlier.version,
            to_version=self.version,
            kept=tuple(sorted(earlier.ids & self.ids)),
            succeeded=tuple((name, told[name]) for name in sorted(left & told.keys())),
            unmapped=tuple(sorted(left - told.keys())),
        )


@frozen(kw_only=True)
class Migration:
    """What becomes of the ids of a version in the next; nothing that was recorded is rewritten.

    Attributes:
        scheme: id of the scheme.
        from_version: the version before.
        to_version: the version after.
        kept: ids that stay and mean the same, sorted.
        succeeded: ids that are gone with what takes their place, sorted; a person chooses where there are several.
        unmapped: ids that are gone and have no successor, sorted; a person decides.
    """

    scheme: str
    from_version: str
    to_version: str
    kept: tuple[str, ...]
    succeeded: tuple[tuple[str, tuple[str, ...]], ...]
    unmapped: tuple[str, ...]

    def leads(self, id: str) -> tuple[str, ...]:  # the word the whole library uses
        """Return where an id of the version before leads: itself, its successors, or nothing.

        Raises:
            UnknownId: the version before did not have it.
        """
        if id in self.kept:
            return (id,)
        if id in self.unmapped:
            return ()
        found = dict(self.succeeded).get(id)
        if found is None:
            raise UnknownId("id of the version", id)
        return found
