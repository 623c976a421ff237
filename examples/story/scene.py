"""What every chapter works with: the register, a clock that the story moves forward, and the teller."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from attrs import frozen

import kakao_asi as asi
from kakao_asi.evidence import EvidenceKind
from kakao_asi.testing import FrozenClock

from .cast import SYSTEM
from .telling import Lang, Teller

__all__ = ["KST", "START", "Labelled", "Scene"]

KST = dt.timezone(dt.timedelta(hours=9), "KST")
"""Korean time; the story is told in it."""

START = dt.datetime(2026, 3, 3, 9, 0, tzinfo=KST)
"""When the story begins."""


class Labelled(Protocol):
    """Any word of the library, and any body: it has a label in both languages."""

    def label(self, lang: Lang) -> str:
        """Return the label."""
        ...


@frozen(kw_only=True)
class Scene:
    """The stage of the story; lives as long as one telling.

    Attributes:
        register: the risk register; everything that happens is written there.
        clock: the register's clock. Nobody waits for it: the story moves it.
        teller: prints the account.
    """

    register: asi.RiskRegister
    clock: FrozenClock
    teller: Teller

    def on(self, when: str) -> None:
        """Move on to a Korean date and time, ``2026-03-03 10:00`` or with seconds; never back.

        Raises:
            ValueError: that would be back.
        """
        moment = self.moment(when)
        if moment < self.clock():
            message = f"the story does not go back to {when}"
            raise ValueError(message)
        self.clock.set(moment)

    def moment(self, when: str) -> dt.datetime:
        """Return the instant of a Korean date and time."""
        return dt.datetime.fromisoformat(when).replace(tzinfo=KST)

    def day(self, moment: dt.datetime | None = None) -> str:
        """Write a date for people, in Korean time."""
        return f"{(moment or self.clock()).astimezone(KST):%Y-%m-%d}"

    def hour(self, moment: dt.datetime | None = None) -> str:
        """Write a date and time for people, in Korean time."""
        return f"{(moment or self.clock()).astimezone(KST):%Y-%m-%d %H:%M}"

    def pick(self, *, ko: str, en: str) -> str:
        """Return the text of the account's language."""
        return self.teller.pick(ko=ko, en=en)

    def chapter(self, *, ko: str, en: str) -> None:
        """Start a chapter."""
        self.teller.heading(self.pick(ko=ko, en=en))

    def say(self, *, ko: str, en: str) -> None:
        """Tell a paragraph, dated with the present day."""
        self.teller.paragraph(f"[{self.day()}] " + self.pick(ko=ko, en=en))

    def add(self, *, ko: str, en: str) -> None:
        """Tell a paragraph without a date."""
        self.teller.paragraph(self.pick(ko=ko, en=en))

    def system(self) -> asi.SystemState:
        """Return how the chat service stands."""
        return self.register.system(SYSTEM)

    def risks(self) -> tuple[asi.RiskState, ...]:
        """Return the risks of the chat service, by id."""
        return self.register.risks(system=SYSTEM).items

    def proof(self, name: str, kind: EvidenceKind = EvidenceKind.RESULT) -> asi.Evidence:
        """Return a piece of evidence: in the story a file stands for its name, and only its digest is kept."""
        return asi.Evidence.of_bytes(f"{SYSTEM}/{name}".encode(), at=self.clock(), kind=kind, place=name)

    def label(self, word: Labelled) -> str:
        """Return the label of a word of the library in the account's language."""
        return word.label(self.teller.lang)
