"""The detectors that are shipped: personal information, safety tokens, words, lengths, and adapters."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.exceptions import InvalidValue
from kakao_asi.testing import DETECTOR_RULES, DetectorContract

KEY = b"0123456789abcdef"
PII = hooks.personal_detector(key=KEY)


def item(text: str, *, final: bool = True, turn: hooks.Turn = "assistant") -> hooks.Item:
    """Return a text as a detector sees it."""
    return hooks.Item(text=text, side="output", turn=turn, final=final)


def labels(text: str) -> list[tuple[str | None, str | None]]:
    """Return labels and levels of what is found."""
    return [(one.label, one.score) for one in PII.detect(item(text))]


@pytest.mark.parametrize("rule", DETECTOR_RULES)
@pytest.mark.parametrize(
    "tested",
    [PII, hooks.keyword_detector("words", ["나쁜"], label="bad"), hooks.length_detector("length", most=5)],
    ids=lambda tested: tested.name,
)
def test_every_shipped_detector_keeps_the_contract(tested: hooks.Detector, rule: str) -> None:
    """Answers are detections, spans lie in the text, and nothing is kept."""
    DetectorContract(tested).run(rule)


@pytest.mark.parametrize("pattern", hooks.personal_patterns(), ids=lambda pattern: pattern.label)
def test_every_pattern_finds_its_examples(pattern: hooks.PersonalPattern) -> None:
    """The examples that stand beside a pattern are found under its label."""
    assert [pattern.label] * len(pattern.examples) == [labels(text)[0][0] for text in pattern.examples]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("9001011234567", "1"),
        ("9001011234568", "2"),
        ("900101-1234567", "2"),
        ("900101 - 1234567", "2"),
        ("주민번호는900101-1234567입니다", "3"),
        ("주민번호 9001011234567", "3"),
        ("900101\u20131234567", "2"),
        ("9\u200b00101\u2212123\u00ad4567", "2"),
        ("\u0669\u0660\u0660\u0661\u0660\u0661-1234567", "2"),
        (unicodedata.normalize("NFD", "주민번호") + " 9001011234567", "3"),
    ],
    ids=["bare", "check", "dash", "spaced", "word", "word_bare", "en_dash", "invisible", "arabic", "jamo"],
)
def test_a_resident_number_is_found_with_its_level(text: str, level: str) -> None:
    """Shape, separator or check, and a word nearby make three levels, whatever the characters."""
    assert [("rrn", level)] == labels(text)


@pytest.mark.parametrize(
    "text",
    ["900101-12345678", "1900101-1234567", "901301-1234567", "4111 1111 1111 1112", "a@b", "@example.com"],
    ids=["longer", "earlier", "month", "luhn", "no_domain", "no_name"],
)
def test_what_only_looks_alike_is_not_found(text: str) -> None:
    """Look-arounds, dates and checks keep other numbers out."""
    assert [] == labels(text)


def test_a_number_that_fails_the_check_digit_is_found_all_the_same() -> None:
    """Numbers since October 2020 end in random digits, so the check never rejects."""
    digits = random.Random(1)  # noqa: S311  # an order, no secret
    texts = [f"900101-3{digits.randrange(10**6):06}" for _ in range(200)]

    assert {"rrn"} == {labels(text)[0][0] for text in texts}


def test_spans_point_into_the_raw_text_and_digests_are_keyed() -> None:
    """The place is that of the raw characters; the same number has the same digest under the same key only."""
    raw = "가\u200b나 900\u200b101-1234567 끝"
    span = PII.detect(item(raw))[0].spans[0]
    plain = PII.detect(item("9001011234567"))[0].spans[0]
    other = hooks.personal_detector(key=b"x" * 16).detect(item("900101-1234567"))[0].spans[0]

    assert "900\u200b101-1234567" == raw[span.start : span.end]
    assert (True, False) == (span.digest == plain.digest, span.digest == other.digest)


def test_mail_and_cards_are_found_each_once() -> None:
    """Several kinds in one text come in order, and a place is taken once."""
    text = "메일 kim@example.co.kr, 카드 4111-1111-1111-1111"

    assert [("email", "2"), ("payment_card", "3")] == labels(text)


def test_what_touches_an_unfinished_end_waits() -> None:
    """A number that may go on is looked at again when more has come."""
    assert 0 == len(PII.detect(item("900101-1234567", final=False)))


@pytest.mark.parametrize("label", ["rrn", "email"])
def test_only_the_labels_asked_for_are_found(label: str) -> None:
    """A detector that is made for some labels passes over the others."""
    chosen = hooks.personal_detector(key=KEY, labels=frozenset({label}))

    assert [label] == [one.label for one in chosen.detect(item("900101-1234567 kim@example.com"))]


def test_the_level_that_withholds_can_be_chosen() -> None:
    """By default the bare shape is only reported."""
    strict = hooks.personal_detector(block_from=1)

    assert (asi.Verdict.FLAG, asi.Verdict.BLOCK) == (
        PII.detect(item("9001011234567"))[0].verdict,
        strict.detect(item("9001011234567"))[0].verdict,
    )


@pytest.mark.parametrize(
    "options",
    [{"key": b"short"}, {"name": "No Id"}, {"labels": frozenset({"x"})}, {"block_from": 4}],
    ids=["key", "name", "labels", "level"],
)
def test_a_personal_detector_that_cannot_work_is_refused(options: dict[str, Any]) -> None:
    """Wrong options fail at once."""
    with pytest.raises(InvalidValue):
        hooks.personal_detector(**options)


@given(st.text())
def test_no_text_breaks_the_personal_detector(text: str) -> None:
    """Spans lie in the text, whatever it is."""
    assert all(text[span.start : span.end] for one in PII.detect(item(text)) for span in one.spans)


def test_a_long_run_of_digits_holds_no_number() -> None:
    """Twenty digits or more are no number, and what stands beside them is still found."""
    assert [("rrn", "2")] == labels("1" * 20 + " 900101-1234567 " + "9" * 100_000)


def test_every_number_of_a_long_list_is_found_once() -> None:
    """However many there are, each place is reported once, in order."""
    starts = [one.spans[0].start for one in PII.detect(item("900101-1234567, " * 500))]

    assert [16 * number for number in range(500)] == starts


@pytest.mark.parametrize(
    "before",
    [
        "\u1112\u1161\u11ab",
        "\u200b" * 9,
        "\ufdfa",
        "\u246b",
        "가",
        "\u00ad\u0301",
        "".join(map(chr, range(0x2100, 0x2180))),
    ],
    ids=["jamo", "invisible", "ligature", "number_form", "hangul", "fillers", "many_kinds"],
)
def test_places_are_those_of_the_raw_text(before: str) -> None:
    """Whatever grows, shrinks or goes before a number when it is folded, its place is where it was written."""
    text = before + " 900101-1234567 " + before
    span = PII.detect(item(text))[0].spans[0]

    assert "900101-1234567" == text[span.start : span.end]


# --- safety tokens ---------------------------------------------------------------------------------------------------

M, SIREN, PROMPT = "kanana-safeguard-8b", "kanana-safeguard-siren-8b", "kanana-safeguard-prompt-2.1b"


@pytest.mark.parametrize(
    "raw", ["", "SAFE", "<safe>", "<SAFE", "<SAFE><SAFE>", "safe, I think", "<UNSAFE-S0>", "\u00a0<SAFE>", None],
    ids=["empty", "bare", "case", "cut", "two", "prose", "zero", "nbsp", "none"],
)  # fmt: skip
def test_anything_but_one_token_is_indeterminate(raw: Any) -> None:
    """Nothing that is not exactly a token is ever read as clear."""
    found = hooks.parse_kanana(raw, model=M, turn="user")

    assert (asi.Verdict.INDETERMINATE, ("invalid_output",)) == (found.verdict, found.notes)


def test_safe_is_clear_within_the_scope_of_the_model() -> None:
    """SAFE says: in none of the codes of this model."""
    found = hooks.parse_kanana(" <SAFE>\n", model=SIREN, turn="user")

    assert (asi.Verdict.CLEAR, {"I1", "I2", "I3", "I4"}) == (found.verdict, set(found.scope))


def test_safe_on_a_turn_the_model_is_not_made_for_is_indeterminate() -> None:
    """A model for user turns says nothing about a reply."""
    assert ("out_of_scope",) == hooks.parse_kanana("<SAFE>", model=SIREN, turn="assistant").notes


@pytest.mark.parametrize(
    ("code", "turn", "category"),
    [
        ("S1", "user", asi.RiskCategory.ACTIVE_MISUSE),
        ("S6", "user", None),
        ("S7", "user", None),
        ("S6", "assistant", asi.RiskCategory.MODEL_IMPERFECTION),
        ("I3", "user", asi.RiskCategory.PASSIVE_NEGLIGENCE),
        ("A1", "user", asi.RiskCategory.ACTIVE_MISUSE),
        ("A1", "tool", None),
        ("S4", "tool", asi.RiskCategory.ACTIVE_MISUSE),
    ],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_a_code_suggests_by_who_speaks(code: str, turn: hooks.Turn, category: asi.RiskCategory | None) -> None:
    """The same code points to another category by speaker turn."""
    assert category is hooks.parse_kanana(f"<UNSAFE-{code}>", model=M, turn=turn).category


def test_unknown_and_foreign_codes_flag() -> None:
    """A code nobody knows is flagged, and one of another model is flagged with a note."""
    unknown = hooks.parse_kanana("<UNSAFE-Z9>", model=M, turn="user")
    foreign = hooks.parse_kanana("<UNSAFE-I3>", model=M, turn="user")

    assert ("unknown:Z9", None, "I3", ("contract_mismatch",)) == (
        unknown.label,
        unknown.category,
        foreign.label,
        foreign.notes,
    )


def test_every_principle_a_code_suggests_exists() -> None:
    """Suggested principles are among Kakao's ten."""
    known = {one.id for one in asi.catalog.principles()}
    codes = [f"S{n}" for n in range(1, 8)] + [f"I{n}" for n in range(1, 5)] + ["A1", "A2"]
    suggested = {p for code in codes for p in hooks.parse_kanana(f"<UNSAFE-{code}>", model=M, turn="user").principles}

    assert suggested <= known


def test_combining_takes_the_gravest_and_unites_scopes() -> None:
    """FLAG beats INDETERMINATE beats CLEAR, and what nobody looked for is named."""
    clear = hooks.parse_kanana("<SAFE>", model=M, turn="user")
    silent = hooks.parse_kanana("?", model=M, turn="user")
    flag = hooks.parse_kanana("<UNSAFE-S1>", model=M, turn="user")

    assert [asi.Verdict.FLAG, asi.Verdict.INDETERMINATE, asi.Verdict.CLEAR] == [
        hooks.combined(seen).verdict for seen in ([clear, silent, flag], [clear, silent], [clear])
    ]
    assert ("not_covered:a1",) == hooks.combined([clear], required={"S1", "A1"}).notes
    assert asi.Verdict.INDETERMINATE is hooks.combined([]).verdict


def test_a_safety_token_is_a_detector_of_the_callers_function() -> None:
    """The function is asked, sync or async, and its answer is read strictly."""

    async def call(_text: str) -> str:
        """Be awaited by the test."""
        return "<UNSAFE-S1>"

    sync = hooks.safety_token(lambda _text: "<UNSAFE-S1>", model=M)
    aio: Any = hooks.safety_token(call, model=M, turn="user", name="guard")

    assert ("S1", "S1", "guard") == (
        sync.detect(item("x"))[0].label,  # type: ignore[union-attr]  # the sync kind
        asyncio.run(aio.adetect(item("x")))[0].label,
        aio.name,
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda: hooks.parse_kanana("<SAFE>", model="other", turn="user"),  # type: ignore[arg-type]  # wrong on purpose
        lambda: hooks.safety_token(str, model="other"),  # type: ignore[arg-type]  # wrong on purpose
        lambda: hooks.safety_token(str, model=M, name="No Id"),  # type: ignore[arg-type]  # a text, not a literal
        lambda: hooks.keyword_detector("No Id", ["a"], label="x"),
        lambda: hooks.keyword_detector("a", [" "], label="x"),
        lambda: hooks.length_detector("No Id", most=3),
        lambda: hooks.length_detector("a", most=0),
        lambda: hooks.wrap_presidio(SimpleNamespace(), name="No Id"),
        lambda: hooks.wrap_scanner(SimpleNamespace(), name="No Id"),  # type: ignore[arg-type]  # wrong on purpose
        lambda: hooks.Span(start=3, end=2),
        lambda: hooks.Detection(verdict=asi.Verdict.FLAG),
    ],
    ids=["model", "token", "name", "word_name", "blank", "length_name", "most", "presidio", "scanner", "span", "label"],
)
def test_detectors_that_cannot_work_are_refused(act: Any) -> None:
    """Wrong options fail where they are written."""
    with pytest.raises(InvalidValue):
        act()


# --- words, lengths, adapters ----------------------------------------------------------------------------------------


def test_words_are_found_in_any_width_and_case() -> None:
    """A word inside another and in full-width letters is found, at its raw place."""
    found = hooks.keyword_detector("words", ["Bad"], label="bad").detect(item("아\uff22\uff21\uff24이 bad"))

    assert ([(1, 4), (6, 9)], "bad") == ([(span.start, span.end) for span in found[0].spans], found[0].label)


def test_a_length_counts_from_the_start_of_a_stream() -> None:
    """What went before counts."""
    short = hooks.length_detector("short", most=5)
    later = hooks.Item(text="abc", side="output", turn="assistant", offset=3)

    assert (0, 1) == (len(short.detect(item("abc"))), len(short.detect(later)))


def test_presidio_results_become_detections() -> None:
    """Results that are sure enough are taken over with label, place and score."""
    results = [SimpleNamespace(entity_type="KR_RRN", start=0, end=3, score=score) for score in (0.85, 0.1)]
    analyzer = SimpleNamespace(analyze=lambda text, language: results if (text, language) == ("abc", "ko") else [])
    found = hooks.wrap_presidio(analyzer).detect(item("abc"))

    assert [("KR_RRN", "0.85", 3)] == [(one.label, one.score, one.spans[0].end) for one in found]


@pytest.mark.parametrize(
    ("answer", "verdict"), [((True), None), (False, asi.Verdict.BLOCK), ("yes", asi.Verdict.INDETERMINATE)], ids=str
)
def test_scanners_become_detectors(answer: Any, verdict: asi.Verdict | None) -> None:
    """A text that is not valid is blocked, and an answer of another shape is none."""
    scanner = SimpleNamespace(scan=lambda *_texts: ("", answer, 0.7))
    found = [hooks.wrap_scanner(scanner, name="toxic", prompt=prompt).detect(item("x")) for prompt in (None, "q")]

    assert [verdict] * 2 == [one[0].verdict if one else None for one in found]


def test_a_detector_behind_a_network_needs_a_deadline() -> None:
    """Adapters may wait, so a guard without a deadline refuses them."""
    scanner = hooks.wrap_scanner(SimpleNamespace(scan=lambda text: (text, True, 0.0)), name="toxic")
    with pytest.raises(InvalidValue, match="deadline"):
        hooks.guard("demo-chat/reply", input=[scanner])

    assert hooks.guard("demo-chat/reply", input=[scanner], deadline=dt.timedelta(seconds=1))
