"""Laws of writing and reading, for every public value: equal after a round trip, one form, described by its schema."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kakao_asi.assessments import ImperfectionFactors, MisuseFactors, Severity
from kakao_asi.evidence import Evidence, EvidenceKind
from kakao_asi.governance import Cell, Level, Matter, Person, PersonKind, Reason
from kakao_asi.principles import Principle
from kakao_asi.risks import Risk
from kakao_asi.serialization import dump, dump_bytes, json_schema, load, load_json, seal, structure
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience, Pin, PinKind, System
from kakao_asi.taxonomy import Actor, HumanRole, Origin, RiskCategory

INVISIBLE: Any = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
FILLERS = "\u115f\u1160\u3164\uffa0"

ids = st.from_regex(r"[a-z0-9][a-z0-9._:@-]{0,15}", fullmatch=True)
digests = st.binary(min_size=32, max_size=32).map(lambda raw: "sha256:" + raw.hex())
instants = st.datetimes(timezones=st.just(dt.UTC))
days = st.dates()
wholes = st.integers(0, 2**53 - 1)


def texts(longest: int = 200) -> st.SearchStrategy[str]:
    """Visible text in NFC that is not blank."""
    characters = st.characters(exclude_categories=INVISIBLE, exclude_characters=FILLERS)
    return (
        st.text(characters, min_size=1, max_size=min(longest, 40))
        .map(lambda text: unicodedata.normalize("NFC", text))
        .filter(lambda text: bool(text.strip()) and len(text) <= longest)
    )


def perhaps(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or None."""
    return st.none() | strategy


@st.composite
def risks(draw: st.DrawFn) -> Risk:
    """Risks from AI and from humans."""
    category = draw(st.sampled_from(RiskCategory))
    human = category.actor is Actor.HUMAN
    return Risk(
        id=draw(ids),
        title=draw(texts()),
        category=category,
        system=draw(ids),
        component=draw(perhaps(ids)),
        label=draw(perhaps(ids)),
        stages=draw(st.frozensets(st.sampled_from(Stage), min_size=1)),
        principles=draw(st.frozensets(ids, min_size=1, max_size=4)),
        owner=draw(ids),
        human_role=draw(perhaps(st.sampled_from(HumanRole))) if human else None,
        legal_obligation=draw(st.booleans()),
        description=draw(perhaps(texts(4_000))),
    )


@st.composite
def imperfections(draw: st.DrawFn) -> ImperfectionFactors:
    """Factors with counts that add up."""
    trials = draw(st.integers(1, 10**6))
    return ImperfectionFactors(
        failures=draw(perhaps(st.integers(0, trials))),
        trials=trials,
        severity=draw(perhaps(st.sampled_from(Severity))),
        coverage_pct=draw(perhaps(st.integers(0, 100))),
        vulnerable_group=draw(st.booleans()),
    )


VALUES: dict[type, st.SearchStrategy[Any]] = {
    Risk: risks(),
    System: st.builds(
        System,
        id=ids,
        unit=ids,
        audience=st.sampled_from(Audience),
        title=perhaps(texts()),
        components=st.frozensets(ids, max_size=4),
    ),
    Pin: st.builds(Pin, kind=st.sampled_from(PinKind), digest=digests, component=perhaps(ids)),
    Evidence: st.builds(
        Evidence, digest=digests, kind=st.sampled_from(EvidenceKind), at=instants, place=perhaps(texts(300))
    ),
    Principle: st.builds(
        Principle,
        id=ids,
        ko=texts(),
        en=texts(),
        says_ko=texts(),
        says_en=texts(),
        origin=st.sampled_from(Origin),
        source=st.just("https://example.invalid/principles"),
        retrieved_on=days,
    ),
    Person: st.builds(
        Person,
        id=ids,
        kind=st.sampled_from(PersonKind),
        aliases=st.frozensets(ids, max_size=3),
        roles=st.frozensets(ids, max_size=3),
        unit=perhaps(ids),
    ),
    Cell: st.builds(
        Cell,
        matter=st.sampled_from(Matter),
        level=st.sampled_from(Level),
        category=st.sampled_from(RiskCategory),
        stage=st.sampled_from(Stage),
        audience=st.sampled_from(Audience),
        reason=st.sampled_from(Reason),
    ),
    ImperfectionFactors: imperfections(),
}
SCHEMAS = {kind: Draft202012Validator(json_schema(kind)) for kind in VALUES}

anything = st.sampled_from(list(VALUES)).flatmap(VALUES.__getitem__)
free = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | texts(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ids, inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_value_survives_the_round_trip(kind: type, data: st.DataObject) -> None:
    """What is written reads back as an equal value and is written the same again."""
    value = data.draw(VALUES[kind])
    written = dump_bytes(value)

    again: Any = load(kind, written)

    assert again == value
    assert dump_bytes(again) == written


@given(value=anything)
def test_sealed_value_survives_the_round_trip(value: Any) -> None:
    """A sealed value reads back with the texts at hand, and holds its digests still."""
    sealed, taken = seal(value, lambda: b"\x07" * 32)
    written = dump_bytes(sealed, sealed=True)

    again = load(type(value), written, texts={one.digest: one.text for one in taken})

    assert again == value
    assert dump_bytes(again, sealed=True) == written


@given(value=anything)
def test_written_value_fits_its_schema(value: Any) -> None:
    """The schema accepts whatever is written, open and sealed."""
    sealed, _ = seal(value, lambda: b"\x07" * 32)

    assert list(SCHEMAS[type(value)].iter_errors(dump(value))) == []
    assert list(SCHEMAS[type(value)].iter_errors(dump(sealed, sealed=True))) == []


@given(value=anything, data=st.data())
def test_order_of_keys_and_spaces_change_nothing(value: Any, data: st.DataObject) -> None:
    """Keys in any order and white space around them read as the same value."""
    written = dump(value)
    assert isinstance(written, dict)
    turned = {key: written[key] for key in data.draw(st.permutations(list(written)))}

    assert load(type(value), json.dumps(turned, indent=data.draw(st.integers(0, 4)))) == value


@given(value=free)
def test_free_json_reads_as_the_standard_library_reads_it(value: Any) -> None:
    """JSON within the limits is read as what it says."""
    assert load_json(json.dumps(value)) == value
    assert load_json(json.dumps(value, ensure_ascii=False)) == value


@given(kind=st.sampled_from(list(VALUES)), value=free)
def test_foreign_json_is_refused_or_fits_the_schema(kind: type, value: Any) -> None:
    """Whatever is not refused is described by the schema; there is no third way and no other error."""
    try:
        structure(kind, value)
    except ValueError:
        return
    assert SCHEMAS[kind].is_valid(value)


@given(value=anything, data=st.data())
def test_one_changed_field_is_refused_or_survives(value: Any, data: st.DataObject) -> None:
    """Putting any JSON into one field gives a refusal or a value that is written as that JSON says."""
    written = dump(value)
    assert isinstance(written, dict)
    changed: Any = {**written, data.draw(st.sampled_from(sorted(written))): data.draw(free)}

    try:
        again = structure(type(value), changed)
    except ValueError:
        return
    assert structure(type(value), dump(again)) == again
    assert SCHEMAS[type(value)].is_valid(changed)


def test_factors_without_an_answer_are_left_out() -> None:
    """A factor nobody knows is absent from the data and None again after loading."""
    factors = MisuseFactors(
        successes=None, attempts=None, severity=None, access=None, skill=None, uplift=None, known_campaign=None
    )

    written = dump(factors)

    assert written == {"exposes": [], "vulnerable_group": False}
    assert structure(MisuseFactors, written) == factors
