"""Personal information, Korean and international: found by shape, with a level of confidence, never kept.

Level 1 is the bare shape, level 2 a shape with separators or a valid check, level 3 a word such as 주민 nearby. Only
levels 2 and 3 ask to withhold (our choice): the bare shape of a resident registration number fits 3.7 % of random
numbers of thirteen digits. Its check digit never rejects a number, because numbers given or changed since 2020-10-05
end in random digits; it can only make one more certain.
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
from collections.abc import Callable, Iterator, Sequence

from attrs import field, frozen

from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Verdict
from ._detectors import Detection, Item, Span
from ._folding import folded

__all__ = ["PersonalPattern", "personal_detector", "personal_patterns"]

_NEAR = 40
_SHORTEST_KEY = 16
_LEVELS = (1, 2, 3)


@frozen(kw_only=True)
class PersonalPattern:
    """One kind of personal information as data.

    Attributes:
        label: code of it.
        shape: regular expression over folded text; the work is linear in the length of the text.
        words: words that make a match nearby certain, lower case.
        separated: whether a separator inside the match lifts it to level 2.
        base: level of the bare shape, 1 to 3.
        source: where the shape is described.
        examples: made-up texts that it finds.
    """

    label: str
    shape: re.Pattern[str] = field(repr=False)
    words: tuple[str, ...] = ()
    separated: bool = True
    base: int = 1
    source: str
    examples: tuple[str, ...] = field(repr=False)


# A pattern begins with the class of its first character and looks back after it: so the engine skips, in one sweep,
# whatever cannot begin a match.
_DIGIT = r"[0-9](?<![0-9][0-9])"
_DIGIT_ALONE = r"[0-9](?<![0-9-][0-9])"
_DAY = rf"{_DIGIT}[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_GAP = r"[ ]?-?[ ]?"


def personal_patterns() -> tuple[PersonalPattern, ...]:
    """Return the patterns, in the order they are tried; a place that one has taken is not given to the next."""
    return _PATTERNS


_PATTERNS = (
    PersonalPattern(
        label="rrn",
        shape=re.compile(rf"{_DAY}{_GAP}[0-49][0-9]{{6}}(?![0-9])"),
        words=("주민", "resident registration", "rrn"),
        source="Enforcement Rules of the Resident Registration Act, Article 2",
        examples=(
            "주민번호는900101-1234567입니다",
            "\uff19\uff10\uff10\uff11\uff10\uff11\uff0d\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
        ),
    ),
    PersonalPattern(
        label="foreigner_number",
        shape=re.compile(rf"{_DAY}{_GAP}[5-8][0-9]{{6}}(?![0-9])"),
        words=("외국인", "국내거소", "alien registration", "foreigner registration"),
        source="Enforcement Rules of the Immigration Act, on foreigner registration numbers",
        examples=("외국인등록번호 900101-5234567",),
    ),
    PersonalPattern(
        label="driver_licence",
        shape=re.compile(rf"{_DIGIT_ALONE}[0-9]-[0-9]{{2}}-[0-9]{{6}}-[0-9]{{2}}(?![0-9-])"),
        words=("면허", "licence", "license"),
        source="Korean driver's licence card, 12 digits in groups of 2-2-6-2",
        examples=("운전면허 11-12-345678-90",),
    ),
    PersonalPattern(
        label="passport",
        shape=re.compile(r"[MSRODG](?<![A-Za-z0-9][MSRODG])(?:[0-9]{8}|[0-9]{3}[A-Z][0-9]{4})(?![A-Za-z0-9])"),
        words=("여권", "passport"),
        separated=False,
        source="Korean passport numbers before and since 2021-12-21",
        examples=("여권번호 M12345678", "passport M123A4567"),
    ),
    PersonalPattern(
        label="mobile_phone",
        shape=re.compile(
            r"[+80](?<![0-9][+80])(?:(?<=\+)82[ -]?0?|(?<=8)2[ -]?0?|(?<=0))"
            r"1[016789][ -]?[0-9]{3,4}[ -]?[0-9]{4}(?![0-9])"
        ),
        words=("전화", "휴대", "연락처", "핸드폰", "phone", "mobile"),
        source="Korean numbering plan, mobile prefixes 010 to 019",
        examples=("010-1234-5678", "+82 10 1234 5678"),
    ),
    PersonalPattern(
        label="us_ssn",
        shape=re.compile(r"[0-9](?<![0-9-][0-9])(?<!9)(?<!0(?=00))(?<!6(?=66))[0-9]{2}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])"),
        words=("ssn", "social security"),
        source="US Social Security Administration, randomisation since 2011",
        examples=("SSN 123-45-6789",),
    ),
    PersonalPattern(
        label="payment_card",
        shape=re.compile(
            rf"{_DIGIT}(?:[0-9]{{12,18}}|[0-9]{{3}}(?:[ -][0-9]{{4}}){{3}}"
            r"|(?<=3)[0-9]{3}[ -][0-9]{6}[ -][0-9]{5})(?![0-9])"
        ),
        words=("카드", "card"),
        base=2,
        source="ISO/IEC 7812-1, with the Luhn check",
        examples=("카드 4111 1111 1111 1111", "378282246310005"),
    ),
)  # fmt: skip

# Labels of a domain are taken whole, because none can end inside another: what follows fails at once or not at all.
_AFTER_AT = re.compile(
    r"@(?<=[A-Za-z0-9._%+-]@)[A-Za-z0-9][A-Za-z0-9-]{0,62}+(?:\.[A-Za-z0-9-]{1,63}+){0,3}\.[A-Za-z]{2,24}"
)
_A_DIGIT = re.compile("[0-9]")
_NO_DIGIT = re.compile("[^0-9]+")
_LONG_RUN = re.compile("[0-9]{20,}")
_LOCAL = string.ascii_letters + string.digits + "._%+-"
_LONGEST_LOCAL = 64


@frozen(kw_only=True)
class PersonalDetector:
    """Finds personal information; see :func:`personal_detector`."""

    name: str
    key: bytes = field(repr=False)
    labels: frozenset[str]
    block_from: int
    in_process: bool = True

    def detect(self, item: Item) -> Sequence[Detection]:
        """Return one detection for each place, in order; spans point into the raw text."""
        seen = folded(item.text)
        text = seen.text
        # A mark a character: asking whether a place is free costs the same however many are taken.
        taken = bytearray(len(text))
        found: list[Detection] = []
        for label, start, end, level in _matches(text, self.labels):
            # What touches the end of an unfinished text may go on; it is looked at again when more has come.
            if (not item.final and end == len(text)) or taken.find(1, start, end) >= 0:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(self._detection(label, level, text[start:end], seen.place(start), seen.place(end - 1) + 1))
        return tuple(sorted(found, key=lambda one: one.spans[0].start))

    def _detection(self, label: str, level: int, value: str, start: int, end: int) -> Detection:
        bare = re.sub(r"[ -]", "", value).lower()
        digest = hmac.digest(self.key, f"{label}:{bare}".encode(), "sha256").hex()
        return Detection(
            verdict=Verdict.BLOCK if level >= self.block_from else Verdict.FLAG,
            label=label,
            score=str(level),
            spans=(Span(start=start, end=end, digest=f"hmac-sha256:{digest}"),),
            principles=("privacy",),
        )


def _matches(text: str, labels: frozenset[str]) -> Iterator[tuple[str, int, int, int]]:
    if _A_DIGIT.search(text):
        yield from _numbers(text, labels)
    if "email" in labels:
        yield from _emails(text)


def _numbers(text: str, labels: frozenset[str]) -> Iterator[tuple[str, int, int, int]]:
    # No number begins or ends inside a run of digits longer than the longest of them.
    short = _LONG_RUN.sub(lambda run: "x" * len(run[0]), text)
    lower: str | None = None
    for pattern in _PATTERNS:
        if pattern.label in labels:
            check = _CHECKS.get(pattern.label)
            for match in pattern.shape.finditer(short):
                lower = text.lower() if lower is None else lower
                level = _level(pattern, match, lower, check)
                if level is not None:
                    yield pattern.label, match.start(), match.end(), level


def _level(
    pattern: PersonalPattern, match: re.Match[str], lower: str, check: Callable[[str], bool] | None
) -> int | None:
    valid = check is not None and check(_NO_DIGIT.sub("", match[0]))
    if pattern.label == "payment_card" and not valid:
        return None
    around = lower[max(match.start() - _NEAR, 0) : match.end() + _NEAR]
    if any(word in around for word in pattern.words):
        return 3
    if valid or (pattern.separated and (" " in match[0] or "-" in match[0])):
        return max(pattern.base, 2)
    return pattern.base


def _emails(text: str) -> Iterator[tuple[str, int, int, int]]:
    for after in _AFTER_AT.finditer(text):
        at = after.start()
        before = text[max(at - _LONGEST_LOCAL, 0) : at]
        yield "email", at - len(before) + len(before.rstrip(_LOCAL)), after.end(), 2


def _rrn_check(digits: str) -> bool:
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False)
    )
    return (11 - total % 11) % 10 == int(digits[12])


def _luhn_check(digits: str) -> bool:
    total = sum(map(int, digits[-1::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))
    return total % 10 == 0


# Each digit twice, the digits of that added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")
_CHECKS: dict[str, Callable[[str], bool]] = {"rrn": _rrn_check, "payment_card": _luhn_check}
_LABELS = frozenset({*(pattern.label for pattern in _PATTERNS), "email"})


def personal_detector(
    *,
    key: bytes | None = None,
    name: str = "pii-ko",
    labels: frozenset[str] = _LABELS,
    block_from: int = 2,
) -> PersonalDetector:
    """Make a detector of personal information.

    Full-width and other digits, dashes of every kind, invisible characters and single jamo are seen through. Labels
    are ``rrn``, ``foreigner_number``, ``driver_licence``, ``passport``, ``mobile_phone``, ``us_ssn``,
    ``payment_card`` and ``email``. What is found is reported as label, place, length and a keyed digest, never as text.

    Args:
        key: secret for the digests, at least 16 bytes: such numbers can all be tried out, so a plain hash would give
            them away. By default one that only this detector knows, so that digests compare within it alone.
        name: id of the detector.
        labels: what to look for.
        block_from: lowest level that asks to withhold, 1 to 3; lower levels are reported (our choice: 2).

    Example:
        >>> from kakao_asi.hooks import Item
        >>> text = Item(text="주민번호는900101-1234567입니다", side="output", turn="assistant")
        >>> [one.label for one in personal_detector().detect(text)]
        ['rrn']

    Raises:
        InvalidValue: the name is no id, the key is too short, a label is not known, or the level is none.
    """
    if not is_id(name):
        raise InvalidValue("personal_detector.name", ID_RULE)
    if key is not None and len(key) < _SHORTEST_KEY:
        raise InvalidValue("personal_detector.key", f"must have at least {_SHORTEST_KEY} bytes")
    if not labels <= _LABELS:
        raise InvalidValue("personal_detector.labels", "must be some of " + ", ".join(sorted(_LABELS)))
    if block_from not in _LEVELS:
        raise InvalidValue("personal_detector.block_from", "must be 1, 2 or 3")
    return PersonalDetector(
        name=name, key=secrets.token_bytes(32) if key is None else key, labels=labels, block_from=block_from
    )
