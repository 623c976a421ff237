"""Detectors around objects of other libraries that the host builds; nothing of theirs is imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from attrs import frozen

from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Verdict, decimal_text
from ._detectors import Detection, Item, Span

__all__ = ["PresidioLike", "ScannerLike", "wrap_presidio", "wrap_scanner"]


class PresidioLike(Protocol):
    """What is used of an analyser of presidio."""

    def analyze(self, text: str, language: str) -> Any:
        """Return results with ``entity_type``, ``start``, ``end`` and ``score``."""
        ...


class ScannerLike(Protocol):
    """What is used of a scanner of llm-guard."""

    @property
    def scan(self) -> Callable[..., tuple[str, bool, float]]:
        """Takes the text, for output scanners after the prompt; returns text, whether it is valid, and a risk score."""
        ...


@frozen(kw_only=True)
class PresidioDetector:
    """See :func:`wrap_presidio`."""

    name: str
    analyzer: PresidioLike
    language: str
    least: float
    verdict: Verdict

    def detect(self, item: Item) -> Sequence[Detection]:
        """Return one detection for each result that is sure enough; an answer that is no list is none."""
        results = self.analyzer.analyze(text=item.text, language=self.language)
        if not isinstance(results, list | tuple):
            return (Detection(verdict=Verdict.INDETERMINATE, notes=("malformed",)),)
        return tuple(
            Detection(
                verdict=self.verdict,
                label=str(one.entity_type),
                score=decimal_text(float(one.score)),
                spans=(Span(start=one.start, end=one.end),),
            )
            for one in results
            if one.score >= self.least
        )


def wrap_presidio(
    analyzer: PresidioLike,
    *,
    language: str = "ko",
    name: str = "presidio",
    least: float = 0.5,
    verdict: Verdict = Verdict.BLOCK,
) -> PresidioDetector:
    """Make a detector of a presidio analyser that the host built; it needs a deadline.

    Args:
        analyzer: the analyser.
        language: the language it is asked in.
        name: id of the detector.
        least: results below this score are passed over, 0 to 1 (our choice: 0.5).
        verdict: what a result means.

    Raises:
        InvalidValue: the name is no id.
    """
    if not is_id(name):
        raise InvalidValue("wrap_presidio.name", ID_RULE)
    return PresidioDetector(name=name, analyzer=analyzer, language=language, least=least, verdict=verdict)


@frozen(kw_only=True)
class ScannerDetector:
    """See :func:`wrap_scanner`."""

    name: str
    scanner: ScannerLike
    verdict: Verdict
    prompt: str | None

    def detect(self, item: Item) -> Sequence[Detection]:
        """Return one detection if the scanner finds the text not valid; its rewritten text is not used."""
        given = (item.text,) if self.prompt is None else (self.prompt, item.text)
        _, valid, score = self.scanner.scan(*given)
        if not isinstance(valid, bool):
            return (Detection(verdict=Verdict.INDETERMINATE, notes=("malformed",)),)
        if valid:
            return ()
        return (Detection(verdict=self.verdict, label=self.name, score=decimal_text(float(score))),)


def wrap_scanner(
    scanner: ScannerLike, *, name: str, verdict: Verdict = Verdict.BLOCK, prompt: str | None = None
) -> ScannerDetector:
    """Make a detector of an llm-guard scanner that the host built; it needs a deadline.

    Args:
        scanner: the scanner.
        name: id of the detector, and its label. Two scanners of one class need two names.
        verdict: what a text that is not valid means.
        prompt: for output scanners, the prompt that is passed before the text.

    Raises:
        InvalidValue: the name is no id.
    """
    if not is_id(name):
        raise InvalidValue("wrap_scanner.name", ID_RULE)
    return ScannerDetector(name=name, scanner=scanner, verdict=verdict, prompt=prompt)
