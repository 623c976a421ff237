"""What goes into a store and what comes out: drafts, stored events, state rows, keys and receipts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from attrs import Attribute, field, frozen

from .._internal.canonical import MAX_INTEGER, Json
from .._internal.fields import (
    as_utc,
    check_aware,
    check_digest,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
    name_of,
)
from .._internal.text import is_id
from ..exceptions import IntegrityError, InvalidValue
from ..serialization import SealedText
from ._envelope import Envelope, read_body, sealed_in

__all__ = [
    "ROW_COLUMNS",
    "AtMost",
    "Condition",
    "Draft",
    "PrivateField",
    "Receipt",
    "RequestKey",
    "Row",
    "StoredEvent",
    "StoredRow",
    "Where",
    "check_where",
    "row_matches",
]

ROW_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "risk": ("status", "grade", "system", "until"),
        "system": ("status", "stage"),
        "case": ("status", "subject", "system", "matter"),
        "governance": (),
        "finding": ("status", "system", "risk"),
        "spool": (),
        "cursor": (),
    }
)
"""The kinds of state rows, and the columns by which each kind can be asked for."""

_COLUMN_RULE: Final = "must hold printable texts, whole numbers or None"
_STREAM = re.compile(r"[a-z_]{1,32}:")


def _as_tuple(values: Iterable[PrivateField]) -> tuple[PrivateField, ...]:
    return tuple(values)


def is_stream(value: object) -> bool:
    """Tell whether a value names a stream: a kind, a colon and an id."""
    head = _STREAM.match(value) if isinstance(value, str) else None
    return head is not None and is_id(head.string[head.end() :])


def _check_stream(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    if not is_stream(value):
        raise InvalidValue(name_of(instance, attribute), "must be a kind, a colon and an id, such as 'risk:leaks-rrn'")


def _check_bytes(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, bytes):
        raise InvalidValue(name_of(instance, attribute), "must be bytes")


PrivateField: TypeAlias = SealedText
"""A text that stands beside the log and can be erased; the log holds only its digest. What ``seal`` returns."""


@frozen(kw_only=True)
class Draft:
    """An event that somebody decided on and no store has taken yet.

    Attributes:
        id: id of the event. That no other event has it is up to the source of ids; a store does not check.
        stream: what it is about, as kind and id: ``risk:leaks-rrn``.
        kind: what happened, in the past tense.
        schema: version of the payload's shape, from 1.
        at: when it happened, as the caller claims it.
        by: who acted.
        auth: how the host knows who acted; ``asserted`` where it only says so.
        cause: the idempotency key or the name of the command that caused it.
        lifecycle: version of the lifecycle that decided.
        governance: digest of the governance in force.
        payload: the event's own data, with ``{"sealed": digest}`` in place of each private text; not in ``repr``.
        because: the reason given, sealed in the same way where it is private; not shown in ``repr``.
        private: the texts that ``payload`` and ``because`` hold sealed.
    """

    id: str = field(validator=check_id)
    stream: str = field(validator=_check_stream)
    kind: str = field(validator=check_text(longest=128))
    schema: int = field(validator=check_whole(least=1))
    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    by: str = field(validator=check_id)
    auth: str = field(default="asserted", validator=check_id)
    cause: str | None = field(default=None, validator=check_optional(check_text(longest=128)))
    lifecycle: int = field(validator=check_whole())
    governance: str | None = field(default=None, validator=check_optional(check_digest))
    payload: Json = field(repr=False)
    because: Json = field(default=None, repr=False)
    private: tuple[PrivateField, ...] = field(
        default=(), converter=_as_tuple, validator=check_tuple_of(check_kind(PrivateField)), repr=False
    )


@frozen(kw_only=True)
class StoredEvent:
    """An event as a store holds it. Its body is read when a part of it is first asked for.

    Every part but ``seq``, ``stream`` and ``version`` comes out of ``body``, the bytes that are hashed.

    Attributes:
        seq: position in the log, from 0, without gaps; the one order events have.
        stream: what it is about.
        version: position in its stream, from 1, without gaps.
        body: the bytes as stored and hashed; not shown in ``repr``.
        leaf: the stored leaf hash of ``body``; :func:`~kakao_asi.stores.audit` computes it anew.
        private: the texts that the body holds sealed and that nobody has erased; not shown in ``repr``.
    """

    seq: int
    stream: str
    version: int
    body: bytes = field(repr=False)
    leaf: bytes = field(repr=False)
    private: tuple[PrivateField, ...] = field(default=(), repr=False)

    @cached_property
    def envelope(self) -> Envelope:
        """The body, read.

        Raises:
            IntegrityError: the body is not what this library writes, or it belongs elsewhere in the log.
        """
        envelope = read_body(self.body, self.seq)
        if (envelope.stream, envelope.version) != (self.stream, self.version):
            message = f"event {self.seq} stands in another stream or version than it was written for; run audit()"
            raise IntegrityError(message)
        return envelope

    @property
    def id(self) -> str:
        """Id of the event."""
        return self.envelope.id

    @property
    def kind(self) -> str:
        """What happened."""
        return self.envelope.kind

    @property
    def schema(self) -> int:
        """Version of the payload's shape."""
        return self.envelope.schema

    @property
    def at(self) -> dt.datetime:
        """When it happened, as the caller claimed it; UTC."""
        return self.envelope.at

    @property
    def recorded_at(self) -> dt.datetime:
        """When the store took it, in UTC; never earlier than that of the event before."""
        return self.envelope.recorded_at

    @property
    def by(self) -> str:
        """Who acted."""
        return self.envelope.by

    @property
    def auth(self) -> str:
        """How the host knew who acted."""
        return self.envelope.auth

    @property
    def cause(self) -> str | None:
        """The idempotency key or the name of the command that caused it."""
        return self.envelope.cause

    @property
    def lifecycle(self) -> int:
        """Version of the lifecycle that decided."""
        return self.envelope.lifecycle

    @property
    def governance(self) -> str | None:
        """Digest of the governance that was in force."""
        return self.envelope.governance

    @property
    def payload(self) -> Json:
        """The event's own data, with ``{"sealed": digest}`` in place of each private text."""
        return self.envelope.payload

    @property
    def because(self) -> Json:
        """The reason given, sealed where it is private; None where there is none."""
        return self.envelope.because

    @property
    def texts(self) -> Mapping[str, str]:
        """The private texts by digest; those that were erased are absent."""
        return {one.digest: one.text for one in self.private}


def _is_column_value(value: object) -> bool:
    # bool is left out by asking for the exact type.
    if type(value) is int:
        return abs(value) <= MAX_INTEGER
    return value is None or (isinstance(value, str) and value.isprintable())


@frozen(kw_only=True)
class Row:
    """The present state of one thing, folded from its stream, with what it can be asked for.

    Attributes:
        kind: one of :data:`ROW_COLUMNS`.
        id: id of the thing; together with ``kind`` the name of its stream.
        version: version of that stream which the state stands on; for a cursor its position.
        columns: a text, whole number or None for each column of the kind, no more and no less.
        state: the state as bytes, with texts sealed as in events; not shown in ``repr``.
    """

    kind: str
    id: str = field(validator=check_id)
    version: int = field(validator=check_whole())
    columns: Mapping[str, str | int | None] = field(factory=dict[str, "str | int | None"])
    state: bytes = field(validator=_check_bytes, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse columns that the kind does not have, lacks, or that hold something else."""
        declared = columns_of(self.kind)
        if set(self.columns) != set(declared):
            raise InvalidValue("Row.columns", f"must hold exactly {', '.join(declared) or 'nothing'}")
        if not all(map(_is_column_value, self.columns.values())):
            raise InvalidValue("Row.columns", _COLUMN_RULE)


@frozen(kw_only=True)
class StoredRow(Row):
    """A row as a store gives it back.

    Attributes:
        texts: the private texts by digest that ``state`` holds sealed and nobody has erased; not shown in ``repr``.
    """

    texts: Mapping[str, str] = field(factory=dict[str, str], repr=False)


@frozen
class AtMost:
    """A condition on a column: not None, and at most ``value``, inclusive.

    Attributes:
        value: of the column's own type; texts compare by code point, so instants as they are stored compare by time.
    """

    value: str | int


Condition: TypeAlias = "str | int | tuple[str | int | None, ...] | AtMost | None"
"""What a column must be: a value to equal, a tuple of which any one, or :class:`AtMost`."""

Where: TypeAlias = Mapping[str, Condition]
"""Conditions on columns, all of which must hold."""


@frozen(kw_only=True)
class RequestKey:
    """What tells a repeated request from a new one.

    Attributes:
        key: the caller's key.
        digest: digest of the whole request, so that one key cannot stand for two requests.
    """

    key: str = field(validator=check_id)
    digest: str = field(validator=check_digest)


@frozen(kw_only=True)
class Receipt:
    """What an append wrote; the same for a repeated request.

    Attributes:
        first_seq: position of the first event.
        last_seq: position of the last event; one less than ``first_seq`` where there was none.
        versions: the version each written stream has come to.
        recorded_at: the store's time, in UTC.
    """

    first_seq: int
    last_seq: int
    versions: Mapping[str, int]
    recorded_at: dt.datetime


def columns_of(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind of rows.

    Raises:
        InvalidValue: there is no such kind.
    """
    if kind not in ROW_COLUMNS:
        raise InvalidValue("Row.kind", "must be one of " + ", ".join(ROW_COLUMNS))
    return ROW_COLUMNS[kind]


def check_where(kind: str, where: Where) -> None:
    """Refuse conditions on columns that a kind of rows does not have, or for values no column can hold.

    Raises:
        InvalidValue: there is no such kind, column or value.
    """
    if not set(where) <= set(columns_of(kind)):
        raise InvalidValue("where", f"may name {', '.join(columns_of(kind)) or 'nothing'} for rows of kind {kind}")
    if not all(_is_column_value(value) for condition in where.values() for value in _values_of(condition)):
        raise InvalidValue("where", _COLUMN_RULE)


def _values_of(condition: Condition) -> tuple[str | int | None, ...]:
    if isinstance(condition, AtMost):
        return (condition.value,)
    return condition if isinstance(condition, tuple) else (condition,)


def row_matches(row: Row, where: Where) -> bool:
    """Tell whether a row meets all conditions; for stores that keep their rows as values."""
    return all(_holds(row.columns[name], condition) for name, condition in where.items())


def _holds(value: str | int | None, condition: Condition) -> bool:
    if isinstance(condition, AtMost):
        most = condition.value
        if isinstance(most, str):
            return isinstance(value, str) and value <= most
        return isinstance(value, int) and value <= most
    return value in _values_of(condition)


def stored_row(row: Row, texts: Mapping[str, PrivateField]) -> StoredRow:
    """Return a row with those of the texts that its state holds sealed."""
    found = {digest: texts[digest].text for digest in sealed_in(row.state) if digest in texts}
    return StoredRow(kind=row.kind, id=row.id, version=row.version, columns=row.columns, state=row.state, texts=found)
