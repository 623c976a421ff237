"""What a hook or a monitor saw: a verdict with facts about it, never the payload itself.

A finding is not a risk. Findings group, and a person ties a group to a risk or makes a new one of it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from attrs import Attribute, field, frozen

from ._internal.canonical import MAX_INTEGER, Json, digest_of
from ._internal.clock import format_instant, parse_instant
from ._internal.fields import (
    as_utc,
    as_utc_or_none,
    check_aware,
    check_id,
    check_kind,
    check_optional,
    check_whole,
    name_of,
)
from ._internal.text import faults_of_text
from ._internal.words import Word
from .exceptions import InvalidValue, LoadError
from .stages import Stage
from .taxonomy import Actor, RiskCategory

__all__ = [
    "Finding",
    "FindingKey",
    "Scalar",
    "Verdict",
    "as_facts",
    "check_path",
    "decimal_text",
    "is_decimal",
    "is_path",
]

Scalar: TypeAlias = bool | int | str | None
"""What a fact can hold: a number that is not whole is decimal text, or ``nan``, ``inf``, ``-inf``."""

_LONGEST_FACT = 200
_LONGEST_NAME = 200
_MOST_FACTS = 32
_PATH = re.compile(r"[a-z0-9][a-z0-9._:@-]{0,127}(?:/[a-z0-9][a-z0-9._:@-]{0,127}){0,7}")
_SCORE = re.compile(r"nan|-?inf|-?[0-9]{1,400}(?:\.[0-9]{1,1100})?")


class Verdict(Word):
    """What a control says about one thing it looked at.

    INDETERMINATE is a verdict of its own: a control that did not answer is never read as clear.
    """

    CLEAR = "clear", "이상 없음", "Clear"
    """The control looked and found nothing within its scope."""
    FLAG = "flag", "주의", "Flagged"
    """The control found something; the call went on."""
    BLOCK = "block", "차단", "Blocked"
    """The control asks to withhold it."""
    TRANSFORM = "transform", "변환", "Transformed"
    """The control asks to replace parts of it."""
    INDETERMINATE = "indeterminate", "판단 불가", "Indeterminate"
    """The control did not answer, or not in a way that can be read."""


class FindingKey(NamedTuple):
    """What makes findings one group. Findings of different actors never share one; versions are no part of it."""

    risk: str | None
    actor: str | None
    component: str | None
    site: str
    cause: str | None
    label: str | None
    verdict: str

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that stand for the key, the same in every process."""
        return digest_of(list(self))[7:23]


def as_scalar(value: object) -> Scalar:
    """Return a fact's value in a form JSON keeps exactly; what is no scalar becomes the name of its type.

    A float or ``Decimal`` turns into decimal text, with an exponent only beyond 200 characters; a text is cut at 200
    characters (our choice).
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value[:_LONGEST_FACT]
    if isinstance(value, int):
        return int(value) if abs(value) <= MAX_INTEGER else str(int(value))[:_LONGEST_FACT]
    if isinstance(value, float | Decimal):
        text = decimal_text(value)
        return text if len(text) <= _LONGEST_FACT else str(float(value))
    return type(value).__name__


def decimal_text(value: float | Decimal) -> str:
    """Write a number as plain decimal text; ``nan``, ``inf`` and ``-inf`` stay words."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return format(Decimal(repr(value)) if isinstance(value, float) else value, "f")


def as_facts(facts: Mapping[str, object] | tuple[tuple[str, Scalar], ...]) -> tuple[tuple[str, Scalar], ...]:
    """Return facts as pairs sorted by name; anything else is left for the validator to refuse."""
    pairs = facts.items() if isinstance(facts, Mapping) else facts
    if not isinstance(facts, Mapping | tuple):
        return facts
    return tuple(sorted((name, as_scalar(value)) for name, value in pairs))


def check_facts(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    """Refuse anything but at most 32 named scalars."""
    if not isinstance(value, tuple) or len(value) > _MOST_FACTS:
        raise InvalidValue(name_of(instance, attribute), f"must map at most {_MOST_FACTS} names to scalars")
    for name, _ in value:
        check_id(instance, attribute, name)


def is_decimal(value: object) -> bool:
    """Tell whether a value is decimal text, ``nan``, ``inf`` or ``-inf``."""
    return isinstance(value, str) and _SCORE.fullmatch(value) is not None


def is_path(value: object) -> bool:
    """Tell whether a value is the path of a component: a system's id and up to seven ids below it."""
    return isinstance(value, str) and _PATH.fullmatch(value) is not None


def check_path(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    """Refuse anything but the id of a system and up to seven ids below it, parted by ``/``."""
    if not is_path(value):
        rule = "must be a system's id and the ids of its parts, parted by '/'"
        raise InvalidValue(name_of(instance, attribute), rule, "write it like 'demo-chat/reply'")


def _check_name(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, str) or faults_of_text(value, longest=_LONGEST_NAME) is not None:
        raise InvalidValue(name_of(instance, attribute), f"must be a name of 1 to {_LONGEST_NAME} visible characters")


def _check_score(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    if not is_decimal(value):
        raise InvalidValue(name_of(instance, attribute), "must be decimal text, 'nan', 'inf' or '-inf'")


def _as_score(value: float | Decimal | str | None) -> str | None:
    if value is None or isinstance(value, str | bool):
        return value
    return decimal_text(Decimal(value) if isinstance(value, int) else value)


@frozen(kw_only=True)
class Finding:
    """One thing a hook or a monitor saw, or several alike.

    Types, lengths, offsets, counts and digests may stand in it; arguments, results, messages and texts never.

    Attributes:
        risk: id of the risk it bears on; None for a signal, which waits until a person ties it to a risk.
        component: path of the part it was seen in, ``system/component``; None if the hook names none.
        stage: the stage of the system's life it was seen at, if known.
        actor: who it comes from, if known; a suggestion on a signal.
        category: the suggested category, on a signal; the category of a risk is the risk's own.
        verdict: what the control said.
        site: the decorated place, ``module:qualified name``, 1 to 200 characters.
        label: the detector's or the hook's code for what was seen, 1 to 200 characters.
        score: decimal text between what the detector calls least and most sure; ``nan``, ``inf`` and ``-inf`` are kept.
        cause: name of the exception's type.
        facts: named scalars, sorted by name, at most 32.
        at: when it was seen, for several the last time; UTC.
        first: for several, when the first of them was seen; None for one.
        run: the activity or training run it belongs to.
        count: how many occurrences this finding stands for, from 1. Counts of findings of one group add up.
        suppressed: how many of them were not reported on their own when they occurred; 0 to ``count``.
        policy: what was really done where a control did not answer: ``block``, ``allow`` or ``fallback``.
    """

    risk: str | None = field(default=None, validator=check_optional(check_id))
    component: str | None = field(default=None, validator=check_optional(check_path))
    stage: Stage | None = field(default=None, validator=check_optional(check_kind(Stage)))
    actor: Actor | None = field(default=None, validator=check_optional(check_kind(Actor)))
    category: RiskCategory | None = field(default=None, validator=check_optional(check_kind(RiskCategory)))
    verdict: Verdict = field(validator=check_kind(Verdict))
    site: str = field(validator=_check_name)
    label: str | None = field(default=None, validator=check_optional(_check_name))
    score: str | None = field(default=None, converter=_as_score, validator=check_optional(_check_score))
    cause: str | None = field(default=None, validator=check_optional(_check_name))
    facts: tuple[tuple[str, Scalar], ...] = field(default=(), converter=as_facts, validator=check_facts)
    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    first: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=check_optional(check_aware))
    run: str | None = field(default=None, validator=check_optional(check_id))
    count: int = field(default=1, validator=check_whole(least=1))
    suppressed: int = field(default=0, validator=check_whole())
    policy: str | None = field(default=None, validator=check_optional(check_id))

    def __attrs_post_init__(self) -> None:
        """Refuse an actor that the category rules out, and more suppressed than counted."""
        if self.category is not None and self.actor not in {None, self.category.actor}:
            raise InvalidValue("Finding.actor", f"must be {self.category.actor.id}, as the category implies")
        if self.suppressed > self.count:
            raise InvalidValue("Finding.suppressed", "must be at most Finding.count")

    @property
    def key(self) -> FindingKey:
        """What puts it into one group with others."""
        return FindingKey(
            self.risk,
            None if self.actor is None else self.actor.id,
            self.component,
            self.site,
            self.cause,
            self.label,
            self.verdict.id,
        )

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that are the same for all findings of one group, in every process."""
        return self.key.fingerprint

    def fact(self, name: str) -> Scalar:
        """Return one fact; None if it was not seen."""
        return dict(self.facts).get(name)

    def to_data(self) -> dict[str, Json]:
        """Return the finding as JSON holds it: ids for members, text for instants; what is unset is left out."""
        plain: dict[str, Json] = {
            "risk": self.risk,
            "component": self.component,
            "stage": None if self.stage is None else self.stage.id,
            "actor": None if self.actor is None else self.actor.id,
            "category": None if self.category is None else self.category.id,
            "verdict": self.verdict.id,
            "site": self.site,
            "label": self.label,
            "score": self.score,
            "cause": self.cause,
            "facts": dict(self.facts) or None,
            "at": format_instant(self.at),
            "first": None if self.first is None else format_instant(self.first),
            "run": self.run,
            "count": self.count,
            "suppressed": self.suppressed or None,
            "policy": self.policy,
        }
        return {name: value for name, value in plain.items() if value is not None}

    @classmethod
    def from_data(cls, data: object, *, path: str = "$") -> Finding:
        """Read what :meth:`to_data` wrote.

        Args:
            data: the parsed JSON.
            path: where it stands, for the message of an error.

        Raises:
            LoadError: it is no finding; the message names the place and the rule, never the value.
        """
        if not isinstance(data, dict) or not data.keys() <= _FIELDS.keys():
            raise LoadError(path, "not_a_finding", "an object with the fields of a finding and no others")
        try:
            return cls(**{name: _FIELDS[name](value) for name, value in data.items() if value is not None})
        except (InvalidValue, TypeError, ValueError) as error:
            rule = f"{error.field} {error.rule}" if isinstance(error, InvalidValue) else "valid fields of a finding"
            raise LoadError(path, "not_a_finding", rule) from None


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _pairs(value: Any) -> dict[str, Scalar]:
    # What the constructor would turn into a scalar stood in no finding that was written.
    if type(value) is not dict or any(as_scalar(held) != held for held in value.values()):
        raise TypeError
    return value


_FIELDS: dict[str, Any] = {
    **dict.fromkeys(("risk", "component", "site", "label", "cause", "run", "count", "suppressed", "policy"), _same),
    "score": _text,
    "facts": _pairs,
    "stage": Stage,
    "actor": Actor,
    "category": RiskCategory,
    "verdict": Verdict,
    "at": parse_instant,
    "first": parse_instant,
}
