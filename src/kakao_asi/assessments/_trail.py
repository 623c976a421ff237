"""The way of one judgement over likelihood and severity to a grade, told while it is walked."""

from __future__ import annotations

from ..taxonomy import Grade
from ._factors import Factors
from ._judgement import Judgement, Step
from ._scales import Basis, DataClass, Grid, Likelihood, Severity

__all__ = ["Trail", "band_of", "exposures"]

_PROTECTED = "취약계층", "Vulnerable group"


def band_of(value: int, bands: tuple[int, ...]) -> Likelihood:
    """Return the likelihood whose band holds a value; each band includes its upper end."""
    return list(Likelihood)[sum(value > top for top in bands)]


def exposures(factors: Factors) -> tuple[tuple[str, str, bool], ...]:
    """Return Korean label, English label and "is among the gravest" for all that is exposed, in order of definition."""
    data = [(one.ko, one.en, one is not DataClass.PERSONAL) for one in DataClass if one in factors.exposes]
    return (*data, (*_PROTECTED, True)) if factors.vulnerable_group else tuple(data)


class Trail:
    """Collects what moves likelihood and severity, and why; lives for one call of ``judge``."""

    def __init__(self, likelihood: Likelihood, severity: Severity, first: Step) -> None:
        self.likelihood = likelihood
        self.severity = severity
        self.steps = [first]

    def say(self, code: str, ko: str, en: str) -> None:
        """Add a sentence that moves nothing."""
        self.steps.append(Step(code=code, ko=ko, en=en))

    def shift(self, bands: int, code: str, ko: str, en: str) -> None:
        """Move the likelihood some bands up (negative: down) and say why; it is held at both ends."""
        before, self.likelihood = self.likelihood, self.likelihood.moved(bands)
        self._say_moved(code, (ko, en), ("발생 가능성", "likelihood"), before, self.likelihood)

    def set_severity(self, after: Severity, code: str, ko: str, en: str) -> None:
        """Put the severity where a rule asks for it and say why."""
        before, self.severity = self.severity, after
        self._say_moved(code, (ko, en), ("심각도", "severity"), before, after)

    def _say_moved(
        self,
        code: str,
        reason: tuple[str, str],
        scale: tuple[str, str],
        before: Likelihood | Severity,
        after: Likelihood | Severity,
    ) -> None:
        if before is after:
            self.say(code, f"{reason[0]}: {scale[0]} ‘{after.ko}’ 유지", f"{reason[1]}: {scale[1]} stays {after.en}")
        else:
            ko = f"{reason[0]}: {scale[0]} ‘{before.ko}’ → ‘{after.ko}’"
            self.say(code, ko, f"{reason[1]}: {scale[1]} moves from {before.en} to {after.en}")

    def stand_on(self, basis: Basis) -> None:
        """Move the likelihood one band up where nothing carries the factors."""
        if basis is Basis.DEFAULT:
            ko, en = "측정 증빙도 전문가 판단도 없음", "Neither measured nor judged by an expert"
            self.shift(1, "basis", ko, en)

    def expose(self, factors: Factors) -> None:
        """Raise the severity to what the exposed data or people ask for; the last rule on severity."""
        for ko, en, gravest in exposures(factors):
            floor = Severity.SEVERE if gravest else Severity.MODERATE
            if self.severity < floor:
                self.set_severity(floor, "exposes", f"{ko} 관련 피해", f"{en} at stake")

    def graded(self, grid: Grid) -> Grade:
        """Look the grade up and say so."""
        grade = grid.grade(self.likelihood, self.severity)
        ko = f"{grid.id}: 발생 가능성 ‘{self.likelihood.ko}’ × 심각도 ‘{self.severity.ko}’ = {grade.ko}"
        en = f"{grid.id}: likelihood {self.likelihood.en} with severity {self.severity.en} gives {grade.en}"
        self.say("grid", ko, en)
        return grade

    def end(self, grade: Grade) -> Judgement:
        """Close the way: a HIGH of at least LIKELY and MAJOR takes the clocks of an incident."""
        frequent = self.likelihood >= Likelihood.LIKELY and self.severity >= Severity.MAJOR
        incident = grade is Grade.HIGH and frequent
        if incident:
            self.say(
                "incident",
                f"발생 가능성 ‘{Likelihood.LIKELY.ko}’ 이상, 심각도 ‘{Severity.MAJOR.ko}’ 이상: 사고 기한 적용",
                f"At least {Likelihood.LIKELY.en} and {Severity.MAJOR.en}: handled with the clocks of an incident",
            )
        return Judgement(
            grade=grade,
            likelihood=self.likelihood,
            severity=self.severity,
            incident=incident,
            steps=tuple(self.steps),
        )
