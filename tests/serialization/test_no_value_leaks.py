"""No loaded value ever stands in a message, a traceback or a chained error."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import field, frozen

from kakao_asi.evidence import Evidence
from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.risks import Risk
from kakao_asi.serialization import SealedText, dump, load, load_json, seal
from kakao_asi.systems import Pin, System

CANARY = "canary\u2014Zx9"
HOSTILE: dict[str, Any] = {
    "text": CANARY,
    "hidden": CANARY + "\u202e",
    "item": [CANARY],
    "key": {CANARY: CANARY},
    "ascii key": {"canary-Zx9": 1.5},
    "float in": [CANARY, 1.5],
    "sealed": {"sealed": CANARY},
}
GOOD: dict[type, dict[str, Any]] = {
    Risk: {
        "id": "a",
        "title": "t",
        "category": "active_misuse",
        "system": "s",
        "component": "c",
        "label": "l",
        "stages": ["test"],
        "principles": ["privacy"],
        "owner": "o",
        "human_role": "user",
        "legal_obligation": False,
    },
    System: {"id": "a", "unit": "u", "audience": "internal", "components": ["c"]},
    Pin: {"kind": "model", "digest": "sha256:" + "0" * 64, "component": "c"},
    Evidence: {"digest": "sha256:" + "0" * 64, "kind": "result", "at": "2026-11-23T10:00:00.000000Z"},
}


def attacks() -> Iterator[Any]:
    """Every field of every class with every hostile value, and unknown keys."""
    for kind, good in GOOD.items():
        for name in sorted(good.keys() - {"title"}):
            for what, value in HOSTILE.items():
                yield pytest.param(kind, good | {name: value}, id=f"{kind.__name__}.{name} {what}")
        yield pytest.param(kind, good | {CANARY: 1}, id=f"{kind.__name__} unknown key")
        yield pytest.param(kind, good | {"canary-Zx9": CANARY}, id=f"{kind.__name__} unknown ascii key")


def assert_nothing_leaks(error: BaseException) -> None:
    """Fail if the canary stands in anything an error shows or carries."""
    shown = "".join(traceback.format_exception(error)) + str(error) + repr(error) + repr(vars(error))

    assert "Zx9" not in shown
    assert error.__context__ is None
    assert error.__cause__ is None
    assert not getattr(error, "__notes__", [])


@pytest.mark.parametrize(("kind", "data"), list(attacks()))
def test_refused_value_is_not_repeated(kind: type, data: dict[str, Any]) -> None:
    """A refusal names place and rule; the value is in none of its parts."""
    with pytest.raises(LoadError) as refused:
        load(kind, json.dumps(data))

    assert_nothing_leaks(refused.value)


@pytest.mark.parametrize("text", [f'{{"{CANARY}"', f'{{"a":"{CANARY}"}} x', f'["{CANARY}",1.5]', f'{{"{CANARY}":1}}'])
def test_malformed_text_is_not_repeated(text: str) -> None:
    """The parser's own error, which holds the whole text, is not chained."""
    with pytest.raises(LoadError) as refused:
        load_json(text)

    assert_nothing_leaks(refused.value)


def _fussy(value: str) -> str:
    message = f"cannot use {value}"
    raise RuntimeError(message)


@frozen(kw_only=True)
class Fussy:
    """A class whose converter repeats the value in an error of its own."""

    name: str = field(converter=_fussy)


def test_error_of_a_converter_is_not_repeated() -> None:
    """Whatever a converter raises becomes the one error type without its words."""
    with pytest.raises(LoadError) as refused:
        load(Fussy, json.dumps({"name": CANARY}))

    assert (refused.value.path, refused.value.code) == ("$", "rule")
    assert_nothing_leaks(refused.value)


@frozen(kw_only=True)
class Secret:
    """A class with an erasable text."""

    words: str = field(repr=False, metadata={"kakao_asi.private": True})


def test_writing_refuses_without_the_words() -> None:
    """A value that cannot be written is refused by its place alone."""
    with pytest.raises(InvalidValue) as refused:
        dump(Secret(words=CANARY), sealed=True)

    assert refused.value.field == "Secret.words"
    assert_nothing_leaks(refused.value)


def test_sealed_text_does_not_show_its_words() -> None:
    """The record of a text taken out hides text and salt."""
    _, (taken,) = seal(Secret(words=CANARY), lambda: b"s" * 32)

    assert isinstance(taken, SealedText)
    assert CANARY not in repr(taken)
    assert "sss" not in repr(taken)
