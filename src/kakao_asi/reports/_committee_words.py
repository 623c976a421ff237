"""Words for the codes that indicators and gaps carry, so that a pack in Korean is Korean throughout."""

from __future__ import annotations

from typing import Final

from .._internal.words import Lang
from ..taxonomy import Grade

__all__ = ["word_for"]

_WORDS: Final = {
    "periods": ("기간", "periods"),
    "treated": ("조치 완료", "treated"),
    "open": ("열림", "open"),
    "oldest_open_h": ("가장 오래 열린 시간", "oldest open h"),
    "median_h": ("중앙값(시간)", "median h"),
    "p90_h": ("90백분위(시간)", "p90 h"),
    "reopened": ("재개된 것", "reopened"),
    "second_median_h": ("재개 뒤 중앙값(시간)", "since reopening, median h"),
    "second_p90_h": ("재개 뒤 90백분위(시간)", "since reopening, p90 h"),
    "late": ("기한 초과", "late"),
    "days_late": ("지난 일수 합", "days late"),
    "systems": ("시스템", "systems"),
    "complete": ("완료", "complete"),
    "closed": ("종결", "closed"),
    "recurred": ("다시 나타남", "recurred"),
    "meant": ("의도된 재개", "meant to reopen"),
    "one_period_only": ("한 기간뿐", "one period only"),
    "nothing_treated": ("조치가 끝난 리스크 없음", "nothing treated"),
    "nothing_open": ("열린 대응방안 없음", "nothing open"),
    "no_system": ("시스템 없음", "no system"),
    "nothing_closed": ("종결된 리스크 없음", "nothing closed"),
    "no_risk": ("리스크 없음", "no risk"),
    "unassessed": ("미평가", "not assessed"),
    "no_evidence": ("증빙 없음", "no evidence"),
}


def word_for(code: str, lang: Lang) -> str:
    """Return the words for a code; what follows a colon is an id and stays. An unknown code stays as it is."""
    name, colon, rest = code.partition(":")
    if name in {grade.id for grade in Grade} and not colon:
        return Grade(name).label(lang)
    if name not in _WORDS:
        return code
    ko, en = _WORDS[name]
    return f"{ko if lang == 'ko' else en}{': ' if colon else ''}{rest}"
