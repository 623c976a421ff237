"""Refusals: a closed set of codes, each with a sentence in both languages that formats."""

import datetime as dt
import re
import string
from typing import Any

import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import Code, Refusal

PARTS = {"subject", "missing", "who", "detail", "until"}
FULL = {
    "subject": "subject-1",
    "missing": ("missing-1", "missing-2"),
    "who": ("who-1",),
    "detail": "detail-1",
    "until": dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC),
}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.id)
def test_every_code_has_a_sentence_that_formats(code: Code, lang: Any) -> None:
    """With all parts, and with none but its subject; only known parts are named."""
    named = {name for _, name, _, _ in string.Formatter().parse(code.label(lang)) if name}
    full, bare = Refusal(code=code, **FULL).message(lang), Refusal(code=code, subject="subject-1").message(lang)

    assert named <= PARTS
    assert full.strip()
    assert not re.search(r"[{}]|None", full + bare)
    assert "detail-1" in full or "detail" not in named
    assert "missing-1, missing-2" in full or "missing" not in named


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.id)
def test_both_sentences_name_the_same(code: Code) -> None:
    """Nobody learns less in one language: ids of what is missing, and until when, stand in both."""
    for part in ("missing", "until"):
        assert (f"{{{part}}}" in code.ko) is (f"{{{part}}}" in code.en), part


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.id)
def test_korean_sentences_are_korean(code: Code) -> None:
    """They hold Hangul, and neither of the two words of other laws for a high grade."""
    assert re.search("[가-힣]", code.ko)
    assert not re.search("고위험|고영향", code.ko)
    assert not re.search("[가-힣]", code.en)


def test_what_is_missing_is_said_in_words() -> None:
    """An empty list reads as nothing or nobody, in both languages."""
    refusal = Refusal(code=Code.QUORUM_OPEN, subject="c")

    assert ("없음" in refusal.message("ko"), "해당 없음" in refusal.message("ko")) == (True, True)
    assert ("nothing" in refusal.message("en"), "nobody" in refusal.message("en")) == (True, True)


def test_a_code_is_a_code() -> None:
    """A word is none."""
    with pytest.raises(InvalidValue, match=r"Refusal\.code"):
        Refusal(code="veto", subject="c")  # type: ignore[arg-type]  # what is refused
