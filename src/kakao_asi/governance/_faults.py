"""What can be wrong with an escalation graph, as data with one concrete example."""

from __future__ import annotations

from attrs import frozen

from .._internal.words import Lang, Word
from ._dimensions import Cell

__all__ = ["FindingKind", "GraphFinding"]


class FindingKind(Word):
    """What follows from a finding about a graph (our choice)."""

    STRUCTURE = "structure", "구조", "Structure"
    """The graph cannot work; it is not built."""
    STAFFING = "staffing", "인원", "Staffing"
    """The graph works, but people are missing; everything can be recorded and routed, a decision waits."""
    NOTE = "note", "참고", "Note"
    """Worth a look; nothing follows."""


@frozen(kw_only=True)
class GraphFinding:
    """One thing that is wrong with a graph, or worth a look.

    Attributes:
        code: stable word for the kind of fault, for example ``gap``.
        severity: what follows from it.
        ids: the bodies or people it is about; for a cycle its path.
        text: what is wrong, with one concrete example, in English.
        text_ko: the same in Korean.
        example: one cell that shows it; None where it does not depend on the case.
    """

    code: str
    severity: FindingKind
    ids: tuple[str, ...]
    text: str
    text_ko: str
    example: Cell | None = None

    def message(self, lang: Lang) -> str:
        """Return the text in the language asked for."""
        return self.text_ko if lang == "ko" else self.text
