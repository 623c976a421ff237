"""Who is in the story: people with their roles and seats, the programs among them, and the system. All made up."""

from __future__ import annotations

from attrs import frozen

import kakao_asi as asi
from kakao_asi.governance import PersonKind, Seat

__all__ = ["CAST", "READER", "ROSTER", "SYSTEM", "UNIT", "Member"]

SYSTEM = "iyagi-chat"
"""The made-up chat service."""

UNIT = "iyagi"
"""The made-up affiliate that answers for it."""


@frozen(kw_only=True)
class Member:
    """Somebody in the story.

    Attributes:
        id: the name the register knows.
        ko: what they do, in Korean.
        en: the same in English.
        roles: roles held; the owner of a risk or of a response is always a role.
        seat: the body they sit in, if any.
        alias: a second name of the same person.
        unit: where they work.
        kind: human, or a program.
    """

    id: str
    ko: str
    en: str
    roles: frozenset[str] = frozenset()
    seat: str | None = None
    alias: str | None = None
    unit: str = UNIT
    kind: PersonKind = PersonKind.HUMAN

    @property
    def person(self) -> asi.Person:
        """The entry in the roster."""
        aliases = {self.alias} if self.alias else frozenset[str]()
        return asi.Person(id=self.id, kind=self.kind, aliases=aliases, roles=self.roles, unit=self.unit)


READER = "reader.baek"
"""Who reads public incidents into the register."""

CAST: tuple[Member, ...] = (
    Member(id="ml.lee", ko="모델 책임", en="answers for the model", roles=frozenset({"model_lead"})),
    Member(id="agent.oh", ko="에이전트 책임", en="answers for the agent", roles=frozenset({"agent_lead"})),
    Member(id="ops.yoon", ko="운영 책임", en="answers for operations", roles=frozenset({"ops_lead"})),
    Member(
        id="trust.seo",
        ko="이용자보호 책임, ERM 위원",
        en="answers for user protection; sits in the ERM committee",
        roles=frozenset({"trust_lead"}),
        seat="erm_committee",
    ),
    Member(id="red.kim", ko="평가 담당(1선)", en="tests and assesses, first line"),
    Member(
        id="safety.han",
        ko="독립 평가·확인 담당(2선)",
        en="assesses and verifies, second line",
        roles=frozenset({"second_line"}),
        unit="ai-safety",
    ),
    Member(id="safety.choi", ko="AI 세이프티", en="AI Safety", seat="ai_safety", unit="ai-safety"),
    Member(
        id="erm.jung",
        ko="ERM 위원",
        en="ERM committee",
        seat="erm_committee",
        alias="jung.mobile",
        unit="risk-office",
    ),
    Member(id="erm.bae", ko="ERM 위원", en="ERM committee", seat="erm_committee", unit="risk-office"),
    Member(id="erm.noh", ko="ERM 위원", en="ERM committee", seat="erm_committee", unit="legal"),
    Member(id="top.kang", ko="최고 의사결정 기구", en="top decision body", seat="top", unit="management"),
    Member(id="watch.bot", ko="감시 프로그램", en="a monitor (a program)", kind=PersonKind.AGENT),
    Member(id=READER, ko="공개 사례 담당", en="reads public incidents", unit="risk-office"),
)
"""Everybody, in the order of the table."""

ROSTER = asi.Roster(
    people=[member.person for member in CAST],
    seats=[Seat(body=member.seat, person=member.id) for member in CAST if member.seat is not None],
)
"""Who exists and who has which seat."""
