"""The escalation graph as a picture of its own, with a case where it stands now."""

from __future__ import annotations

from pathlib import Path

from .._internal.words import Lang
from ..register import Questions
from ._escape import Ids
from ._facts import gathered
from ._ladder import ladder
from ._words import Words
from ._writing import written

__all__ = ["graph_svg"]


def graph_svg(
    register: Questions, path: str | Path | None = None, *, case: str | None = None, lang: Lang = "ko"
) -> str:
    """Return the escalation graph in force as SVG, and write it to a file if a path is given.

    It is the drawing of the HTML report: one rung a tier, the team at the foot, the apex on top. With a case its way is
    thick, each box says what the body did or how many votes it has, and a frame stands where the case is. Beside it
    ``EscalationGraph.to_mermaid``, ``to_dot`` and ``to_text`` draw the graph alone. The same view gives the same text.

    Args:
        register: a register, or a view of it at a past point.
        path: the file to write, whole or not at all; what is there is replaced. None writes nothing.
        case: id of the case to show on its way; None: the graph alone.
        lang: the language of all labels.

    Raises:
        OSError: the file cannot be written.
        StoreError: the register cannot be read.
        UnknownId: there is no such case.

    Example:
        >>> import kakao_asi as asi
        >>> from kakao_asi.stores import MemoryStore
        >>> graph_svg(asi.RiskRegister.on(MemoryStore()), lang="en")[:38]
        '<svg xmlns="http://www.w3.org/2000/svg'
    """
    shown = None if case is None else register.case(case)
    drawn = ladder(gathered(register), shown, Words(lang), Ids(), alone=True)
    return written(str(drawn), path)
