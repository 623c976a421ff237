"""Who a risk comes from, what kind of risk it is, and how grave: the taxonomy of Kakao ASI.

ASI splits risks first by their source actor, AI or human, and each actor's risks by a second axis that differs:
the time horizon for AI, the intent for humans. So a category implies its actor, its class and its place on the axis,
and nobody states them a second time. A cause that is both is two linked risks.

Source: Kakao AI Safety Initiative as Kakao describes it in its AI Native showcase, page "AI ethics and risk".
Ids are ours; Korean labels are Kakao's.
"""

from __future__ import annotations

from ._internal.words import OrderedWord, Origin, Word

__all__ = ["Actor", "Axis", "Grade", "HumanRole", "Origin", "RiskCategory", "RiskClass"]


class Actor(Word):
    """Who the risk comes from (리스크 발생 주체). Strictly two.

    Source: Kakao ASI, risk taxonomy.
    """

    AI = "ai", "AI", "AI"
    HUMAN = "human", "인간", "Human"


class RiskClass(Word):
    """What kind of risk an actor brings: technical from AI, ethical from humans.

    Source: Kakao ASI, risk taxonomy.
    """

    TECHNICAL = "technical", "기술적 리스크", "Technical risk"
    ETHICAL = "ethical", "윤리적 리스크", "Ethical risk"


class Axis(Word):
    """The second axis of the taxonomy: time horizon for AI, intent for humans.

    Source: Kakao ASI, risk taxonomy.
    """

    SHORT_TERM = "short_term", "단기", "Short term"
    LONG_TERM = "long_term", "장기", "Long term"
    INTENT = "intent", "의도 있음", "With intent"
    NO_INTENT = "no_intent", "의도 없음", "Without intent"


class RiskCategory(Word):
    """One of the four categories of ASI; it implies actor, class and axis.

    Source: Kakao ASI, risk taxonomy.
    """

    MODEL_IMPERFECTION = "model_imperfection", "모델 불완전성", "Model imperfection"
    """The system gives imperfect output."""
    UNCONTROLLABILITY = "uncontrollability", "통제 불가능", "Uncontrollability"
    """Grown more advanced, the system acts in ways nobody predicted."""
    ACTIVE_MISUSE = "active_misuse", "적극적 악용", "Active misuse"
    """Somebody uses the system on purpose for unethical ends. Claimed only where intent is established."""
    PASSIVE_NEGLIGENCE = "passive_negligence", "수동적 부주의", "Passive negligence"
    """No malice: carelessness, mistakes or lack of management."""

    @property
    def actor(self) -> Actor:
        """Who risks of this category come from."""
        return _IMPLIED[self][0]

    @property
    def risk_class(self) -> RiskClass:
        """Technical for AI, ethical for humans."""
        return _IMPLIED[self][1]

    @property
    def axis(self) -> Axis:
        """The place on the actor's second axis."""
        return _IMPLIED[self][2]


_IMPLIED = {
    RiskCategory.MODEL_IMPERFECTION: (Actor.AI, RiskClass.TECHNICAL, Axis.SHORT_TERM),
    RiskCategory.UNCONTROLLABILITY: (Actor.AI, RiskClass.TECHNICAL, Axis.LONG_TERM),
    RiskCategory.ACTIVE_MISUSE: (Actor.HUMAN, RiskClass.ETHICAL, Axis.INTENT),
    RiskCategory.PASSIVE_NEGLIGENCE: (Actor.HUMAN, RiskClass.ETHICAL, Axis.NO_INTENT),
}


class HumanRole(Word):
    """The part a human plays towards the system; never a person.

    Source: Kakao ASI names people who develop, deploy and use AI; the affected person is our addition.
    """

    DEVELOPER = "developer", "개발자", "Developer"
    DEPLOYER = "deployer", "배포·운영자", "Deployer"
    USER = "user", "이용자", "User"
    AFFECTED = "affected", "영향받는 사람", "Affected person"


class Grade(OrderedWord):
    """How grave a risk is. Ordinal: grades are compared and the highest taken, never averaged or summed.

    Unknown is not low: a risk without an assessment has no grade at all.

    Source: three grades 저·중·고 are known from the press (2024-10-23); what leads to each is not public, so every
    method here is ours.
    """

    LOW = "low", "저 등급", "LOW", "저"
    MEDIUM = "medium", "중 등급", "MEDIUM", "중"
    HIGH = "high", "고 등급", "HIGH", "고"


def as_category(value: RiskCategory | str) -> RiskCategory:
    """Return the member of that id or Korean label."""
    return RiskCategory(value)


def as_grade(value: Grade | str) -> Grade:
    """Return the member of that id or Korean label."""
    return Grade(value)
