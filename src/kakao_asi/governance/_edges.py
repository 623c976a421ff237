"""The edges between bodies: where a case goes next, who signs, who is asked and who is told."""

from __future__ import annotations

from attrs import field, frozen

from .._internal.fields import as_nfc, as_nfc_or_none, check_bool, check_id, check_kind, check_optional, check_text
from .._internal.words import Lang, Origin, Word
from ..exceptions import InvalidValue
from ._bodies import START, check_source
from ._terms import Term
from ._when import When

__all__ = ["Edge", "EdgeKind", "Withheld"]


class EdgeKind(Word):
    """What an edge does with a case (our choice of kinds)."""

    ESCALATE = "escalate", "상신", "Passes the case on to"
    """The source approves and passes the case on; the target decides next."""
    SIGN = "sign", "결재", "Needs the signature of"
    """The target must approve too, directly after the source."""
    CONSULT = "consult", "자문", "Asks the opinion of"
    """The target is asked for an opinion; it approves nothing."""
    INFORM = "inform", "통보", "Informs"
    """The target is told; nothing waits for it."""


def _as_kind(value: EdgeKind | str) -> EdgeKind:
    return EdgeKind(value)


@frozen(kw_only=True)
class Edge:
    """One conditional edge of the graph.

    Attributes:
        source: id of the body it leaves from; ``START`` for an entry edge.
        target: id of the body it leads to.
        kind: what it does.
        when: which cases take it; by default all that stand at the source.
        within: how long the target has to decide; None: no deadline. When the time starts is the engine's to say.
        why_ko: the reason in Korean, at most 500 characters; None: not given.
        why_en: the reason in English, at most 500 characters; None: not given.
        origin: who says that cases take this way; None: the organisation itself. A deadline has its own origin.
        source_url: https address of the document that says so.
    """

    source: str = field(validator=check_id)
    target: str = field(validator=check_id)
    kind: EdgeKind = field(default=EdgeKind.ESCALATE, converter=_as_kind, validator=check_kind(EdgeKind))
    when: When = field(factory=When, validator=check_kind(When))
    within: Term | None = field(default=None, validator=check_optional(check_kind(Term)))
    why_ko: str | None = field(
        default=None, converter=as_nfc_or_none, validator=check_optional(check_text(longest=500))
    )
    why_en: str | None = field(
        default=None, converter=as_nfc_or_none, validator=check_optional(check_text(longest=500))
    )
    origin: Origin | None = field(default=None, validator=check_optional(check_kind(Origin)))
    source_url: str | None = field(default=None, validator=check_optional(check_text(longest=500)))

    def __attrs_post_init__(self) -> None:
        """Refuse an edge to its own source or back to the start, and an origin without a source."""
        if self.target in (self.source, START):
            raise InvalidValue("Edge.target", "must be another body than the source", "name the body the case goes to")
        check_source("Edge.source_url", self.origin, self.source_url)

    def why(self, lang: Lang) -> str | None:
        """Return the reason in the language asked for, or in the other one if only that is given."""
        return (self.why_ko or self.why_en) if lang == "ko" else (self.why_en or self.why_ko)


@frozen(kw_only=True)
class Withheld:
    """Cells for which no case is possible, said openly so that they are no gap.

    Attributes:
        when: which cells.
        needless: True: no case is needed, guards alone judge. False: nobody may approve, for example a release that
            must wait until its grade is lowered.
        why_ko: the reason in Korean, at most 500 characters.
        why_en: the reason in English, at most 500 characters.
        origin: who says so; None: the organisation itself.
        source_url: https address of the document that says so.
    """

    when: When = field(validator=check_kind(When))
    needless: bool = field(validator=check_bool)
    why_ko: str = field(converter=as_nfc, validator=check_text(longest=500))
    why_en: str = field(converter=as_nfc, validator=check_text(longest=500))
    origin: Origin | None = field(default=None, validator=check_optional(check_kind(Origin)))
    source_url: str | None = field(default=None, validator=check_optional(check_text(longest=500)))

    def __attrs_post_init__(self) -> None:
        """Refuse an origin without a source."""
        check_source("Withheld.source_url", self.origin, self.source_url)

    def why(self, lang: Lang) -> str:
        """Return the reason in the language asked for."""
        return self.why_ko if lang == "ko" else self.why_en
