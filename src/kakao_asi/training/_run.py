"""What a training run rests on: code, data, configuration and the model it starts from, all as digests."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from attrs import Attribute, field, frozen

from .._internal.canonical import Json, digest_of
from .._internal.fields import check_digest, check_id, check_optional, check_text, name_of
from ..evidence import Evidence, EvidenceKind
from ..exceptions import InvalidValue
from ..findings import Scalar, decimal_text
from ..systems import Pin, PinKind

__all__ = ["Run"]

_MOST_SETS = 16


def _as_data(value: Mapping[str, str] | tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        return tuple(sorted(value.items()))
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _as_config(value: Mapping[str, Any] | str | None) -> str | None:
    return value if value is None or isinstance(value, str) else digest_of(_plain(dict(value)))


def _plain(value: object) -> Json:
    """Return a configuration as canonical JSON; what JSON does not know counts by the name of its type."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return decimal_text(value)
    if isinstance(value, Mapping):
        # A key is written as JSON text, because canonical keys are ASCII.
        return {json.dumps(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return type(value).__name__


def _check_data(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, tuple) or len(value) > _MOST_SETS:
        raise InvalidValue(name_of(instance, attribute), f"must map at most {_MOST_SETS} names of data sets to digests")
    for name, digest in value:
        check_id(instance, attribute, name)
        check_digest(instance, attribute, digest)


@frozen(kw_only=True)
class Run:
    """What a training run rests on. A configuration is kept as its digest, never as its values.

    Attributes:
        commit: revision of the code, at most 100 characters.
        data: name of each data set and its ``sha256:`` digest, at most 16; given as a mapping.
        config: the configuration; given as a mapping, kept as the digest of its canonical JSON.
        base_model: digest of the model that training starts from; None if it starts from nothing.
    """

    commit: str | None = field(default=None, validator=check_optional(check_text(longest=100)))
    data: tuple[tuple[str, str], ...] = field(default=(), converter=_as_data, validator=_check_data)
    config: str | None = field(default=None, converter=_as_config, validator=check_optional(check_digest))
    base_model: str | None = field(default=None, validator=check_optional(check_digest))

    def evidence(self, *, at: dt.datetime) -> tuple[Evidence, ...]:
        """Return it as evidence: the data sets by name, the base model, the configuration.

        Args:
            at: when the run began.
        """
        found = [Evidence(digest=digest, kind=EvidenceKind.DATA_SET, at=at, place=name) for name, digest in self.data]
        if self.base_model is not None:
            found.append(Evidence(digest=self.base_model, kind=EvidenceKind.MODEL, at=at, place="base model"))
        if self.config is not None:
            found.append(Evidence(digest=self.config, kind=EvidenceKind.CONFIGURATION, at=at, place=self.commit))
        return tuple(found)

    def sources(self) -> dict[str, Scalar]:
        """Return the digests of all data sets, as ``data.`` and the name, and of the base model."""
        named: dict[str, Scalar] = {f"data.{name}": digest for name, digest in self.data}
        return named if self.base_model is None else {**named, "base_model": self.base_model}

    def facts(self) -> dict[str, Scalar]:
        """Return what each finding of the run says about it."""
        named: dict[str, Scalar] = {f"data.{name}": digest for name, digest in self.data[:8]}
        rest = {"commit": self.commit, "config": self.config, "base_model": self.base_model}
        return {**{name: value for name, value in rest.items() if value is not None}, **named}

    def pins(self, component: str | None = None) -> tuple[Pin, ...]:
        """Return what the run fixes as pins of a system's candidate, for ``commands.Pin``.

        One data set is pinned by its own digest, several by one digest over their names and digests.

        Args:
            component: the part that is trained; None for the whole system.
        """
        found = []
        if self.data:
            several: list[Json] = [[name, digest] for name, digest in self.data]
            digest = self.data[0][1] if len(self.data) == 1 else digest_of(several)
            found.append(Pin(kind=PinKind.DATA, digest=digest, component=component))
        if self.base_model is not None:
            found.append(Pin(kind=PinKind.MODEL, digest=self.base_model, component=component))
        return tuple(found)

    def to_data(self) -> dict[str, Json]:
        """Return the run as JSON holds it."""
        return {"commit": self.commit, "data": dict(self.data), "config": self.config, "base_model": self.base_model}
