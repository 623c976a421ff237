"""What a method finds: a grade, and the steps that led to it in both languages."""

from __future__ import annotations

from attrs import field, frozen

from .._internal.fields import as_nfc, check_bool, check_id, check_kind, check_optional, check_text, check_tuple_of
from .._internal.words import Lang
from ..exceptions import InvalidValue
from ..taxonomy import Grade
from ._scales import Likelihood, Severity

__all__ = ["Judgement", "Step"]


@frozen(kw_only=True)
class Step:
    """One sentence of the way to a grade: which rule moved what.

    Attributes:
        code: id of the rule, for example ``rate``; stable, for tools.
        ko: the sentence in Korean, 1 to 300 characters.
        en: the sentence in English, 1 to 300 characters.
    """

    code: str = field(validator=check_id)
    ko: str = field(converter=as_nfc, validator=check_text(longest=300))
    en: str = field(converter=as_nfc, validator=check_text(longest=300))

    def text(self, lang: Lang) -> str:
        """Return the sentence in the language asked for."""
        return self.ko if lang == "ko" else self.en


@frozen(kw_only=True)
class Judgement:
    """A grade that explains itself.

    Attributes:
        grade: the grade found.
        likelihood: where it ended after all moves; None where the method works without.
        severity: where it ended after all moves; None where the method works without.
        incident: true for a HIGH that is handled with the fast clocks of an incident. It is no fourth grade.
        steps: the way to the grade, in order; at least one.
    """

    grade: Grade = field(validator=check_kind(Grade))
    likelihood: Likelihood | None = field(default=None, validator=check_optional(check_kind(Likelihood)))
    severity: Severity | None = field(default=None, validator=check_optional(check_kind(Severity)))
    incident: bool = field(default=False, validator=check_bool)
    steps: tuple[Step, ...] = field(validator=check_tuple_of(check_kind(Step), least=1, most=100))

    def __attrs_post_init__(self) -> None:
        """Refuse the incident clocks for anything but HIGH."""
        if self.incident and self.grade is not Grade.HIGH:
            raise InvalidValue(
                "Judgement.incident", "asks for grade HIGH", "an incident is a HIGH, not a grade of its own"
            )

    def text(self, lang: Lang) -> str:
        """Return all sentences in the language asked for, one per line."""
        return "\n".join(step.text(lang) for step in self.steps)
