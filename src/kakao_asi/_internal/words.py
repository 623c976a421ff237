"""Closed sets of words that carry an id and a label in Korean and English, and where a fact comes from."""

from __future__ import annotations

import enum
import unicodedata
from typing import Literal, Self, TypeAlias

from ..exceptions import InvalidValue

__all__ = ["Lang", "OrderedWord", "Origin", "Word"]

Lang: TypeAlias = Literal["ko", "en"]
"""The two languages every shipped text exists in."""


class Word(enum.Enum):
    """A closed set whose members have a stable id (the value) and a Korean and an English label.

    A member is found by its id or by one of its Korean labels: ``Stage("monitoring") is Stage("모니터링")``.
    Only the id is ever stored.
    """

    _value_: str
    ko: str
    en: str
    aliases: tuple[str, ...]
    rank: int
    """The position in the order of definition, from 0."""

    def __new__(cls, value: object, ko: str = "", en: str = "", *aliases: str) -> Self:
        """Build a member from its id, its two labels and further Korean labels it is found by.

        The labels have defaults so that type checkers accept the look-up ``Stage("monitoring")``.
        """
        member = object.__new__(cls)
        member._value_ = str(value)
        member.ko = ko
        member.en = en
        member.aliases = aliases
        member.rank = len(cls.__members__)
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self:
        if isinstance(value, str):
            text = unicodedata.normalize("NFC", value)
            for member in cls:
                if text == member.ko or text in member.aliases:
                    return member
        raise InvalidValue(cls.__name__, "must be one of " + ", ".join(member.id for member in cls))

    def label(self, lang: Lang) -> str:
        """Return the label in the language asked for."""
        return self.ko if lang == "ko" else self.en

    @property
    def id(self) -> str:
        """The stable id, which is what is stored."""
        return self._value_


class OrderedWord(Word):
    """A :class:`Word` whose members are ordered as they are defined; ordinal, so there is no arithmetic."""

    def __lt__(self, other: Self) -> bool:
        """Tell whether this member stands before the other."""
        return self.rank < other.rank if type(other) is type(self) else NotImplemented

    def __le__(self, other: Self) -> bool:
        """Tell whether this member stands before the other or is the same."""
        return self.rank <= other.rank if type(other) is type(self) else NotImplemented

    def __gt__(self, other: Self) -> bool:
        """Tell whether this member stands after the other."""
        return self.rank > other.rank if type(other) is type(self) else NotImplemented

    def __ge__(self, other: Self) -> bool:
        """Tell whether this member stands after the other or is the same."""
        return self.rank >= other.rank if type(other) is type(self) else NotImplemented

    def moved(self, steps: int) -> Self:
        """Return the member ``steps`` further up (negative: down), held at both ends."""
        members = list(type(self))
        return members[min(max(self.rank + steps, 0), len(members) - 1)]


class Origin(Word):
    """Who says so: what Kakao published is never mixed up with what the press, a law or this library says."""

    PUBLISHED = "published", "카카오 공식", "published by Kakao"
    PRESS = "press", "언론 보도", "reported by the press"
    LAW = "law", "법령", "law"
    STANDARD = "standard", "표준", "standard or published framework"
    OURS = "ours", "라이브러리 기본값, 카카오 공식 기준 아님", "library default, not Kakao's"
