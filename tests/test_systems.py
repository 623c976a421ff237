"""The system under management and the digests it is made of."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.systems import Audience, Pin, PinKind, System, pins_changed

CHAT = System(id="demo-chat", unit="chat", audience=Audience.EXTERNAL, title="데모 챗봇", components={"reply", "image"})
ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64

PINS = st.lists(
    st.builds(
        Pin,
        kind=st.sampled_from(list(PinKind)),
        digest=st.sampled_from([ONE, TWO]),
        component=st.sampled_from([None, "reply", "image"]),
    ),
    max_size=6,
    unique_by=lambda pin: pin.place,
)


def pin(kind: PinKind = PinKind.MODEL, digest: str = ONE, component: str | None = None) -> Pin:
    """A pin of the model of the whole system, unless told otherwise."""
    return Pin(kind=kind, digest=digest, component=component)


@pytest.mark.parametrize("word", ["external", "외부 공개", Audience.EXTERNAL], ids=["id", "korean", "member"])
def test_the_audience_is_stated_by_id_label_or_member(word: Any) -> None:
    """All three ways name the same audience."""
    assert attrs.evolve(CHAT, audience=word).audience is Audience.EXTERNAL


def test_components_come_in_any_iterable() -> None:
    """Components are kept as a frozen set."""
    assert attrs.evolve(CHAT, components=["reply", "reply"]).components == frozenset({"reply"})


@pytest.mark.parametrize("title", ["한\u3000글", "Chat\u00a0bot"], ids=["wide-space", "no-break-space"])
def test_spaces_between_words_are_text(title: str) -> None:
    """A space of another width is visible by its effect and is kept."""
    assert attrs.evolve(CHAT, title=title).title == title


def test_the_title_is_not_shown() -> None:
    """Private words stay out of the representation."""
    assert "데모" not in repr(CHAT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "데모"}, "System.id"),
        ({"id": ""}, "System.id"),
        ({"id": "-chat"}, "System.id"),
        ({"id": "c" * 129}, "System.id"),
        ({"unit": "Chat"}, "System.unit"),
        ({"audience": "everyone"}, "Audience"),
        ({"title": "\u3164"}, "System.title"),
        ({"title": "\ud800"}, "System.title"),
        ({"title": 3}, "System.title"),
        ({"title": "x" * 201}, "System.title"),
        ({"components": "reply"}, "System.components"),
        ({"components": 3}, "System.components"),
        ({"components": [3]}, "System.components"),
        ({"components": [f"c{n}" for n in range(1_001)]}, "System.components"),
    ],
    ids=[
        "korean-id",
        "empty-id",
        "dash-first",
        "long-id",
        "upper-case",
        "audience",
        "filler",
        "surrogate",
        "number",
        "long-title",
        "one-text",
        "no-iterable",
        "number-inside",
        "too-many",
    ],
)
def test_a_system_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Each field of a system keeps its rule, and the error names the field."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(CHAT, **changes)

    assert caught.value.field == field


@pytest.mark.parametrize("name", ["hidden", "비밀"])
def test_an_error_never_shows_the_value(name: str) -> None:
    """What was refused is not repeated in the message."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(CHAT, title=f"{name}\u200b")

    assert name not in str(caught.value)


@pytest.mark.parametrize(
    ("pinned", "asked", "touched"),
    [
        (None, None, True),
        (None, "reply", True),
        ("reply", None, True),
        ("reply", "reply", True),
        ("reply", "image", False),
    ],
    ids=["whole-whole", "whole-part", "part-whole", "same-part", "other-part"],
)
def test_a_pin_touches_its_part_and_the_whole(pinned: str | None, asked: str | None, touched: bool) -> None:
    """A pin bears on everything but risks of another part."""
    assert touched is pin(component=pinned).touches(asked)


def test_a_new_digest_at_a_known_place_is_a_change() -> None:
    """Another digest of the same kind and component is reported as it is now."""
    assert pins_changed([pin()], [pin(digest=TWO)]) == (pin(digest=TWO),)


@pytest.mark.parametrize(
    "after",
    [[], [pin()], [pin(), pin(PinKind.PROMPT, TWO)], [pin(), pin(component="reply", digest=TWO)]],
    ids=["gone", "same", "new-kind", "new-part"],
)
def test_what_is_new_or_gone_is_no_change(after: list[Pin]) -> None:
    """Only a place that held another digest before has changed."""
    assert pins_changed([pin()], after) == ()


@given(PINS, PINS, st.randoms())
def test_changed_pins_come_in_one_order(before: list[Pin], after: list[Pin], random: Any) -> None:
    """The order in which pins are passed plays no part."""
    shuffled = random.sample(after, len(after))

    assert pins_changed(before, after) == pins_changed(before, shuffled)


@given(PINS)
def test_nothing_changes_without_a_change(pins: list[Pin]) -> None:
    """A set of pins compared with itself has no changed one."""
    assert pins_changed(pins, pins) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "model"}, "kind"), ({"digest": "1" * 64}, "digest"), ({"component": "Reply"}, "component")],
    ids=["kind", "digest", "component"],
)
def test_a_pin_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Each field of a pin keeps its rule, and the error names the field."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(pin(), **changes)

    assert caught.value.field == f"Pin.{field}"
