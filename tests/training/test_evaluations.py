"""Evaluations: limits, regressions and gaps; what is missing is never green."""

import datetime as dt
import hashlib
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.assessments import Slice
from kakao_asi.exceptions import InvalidValue
from kakao_asi.training import EvalRegression, Evaluation, FairnessGap, Limit, Monitor, Rule, Score

Make = Callable[..., Monitor]
TOXIC = "eval/toxicity"
AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 3))


def judged(make: Make, collector: Any, rule: Rule, *evaluations: Any) -> list[tuple[str, str, int]]:
    """Label, verdict and step of what a rule says about evaluations, which are metrics or pairs with groups."""
    collector.findings.clear()
    monitor = make(rule)
    for step, given_ in enumerate(evaluations, 1):
        metrics, groups = given_ if isinstance(given_, tuple) else (given_, None)
        monitor.evaluate(step, metrics, groups=groups)
    return [(one.label, one.verdict.id, one.fact("step")) for one in collector.findings]


def test_limits_are_compared_as_numbers_are(make: Make, collector: Any) -> None:
    """For any number and limits, a finding says on which side it lies beyond; the limit is within."""

    @given(NUMBERS, st.none() | NUMBERS, NUMBERS)
    def check(value: float, above: float | None, below: float) -> None:
        expected = "above" if above is not None and value > above else "below" if value < below else None

        found = judged(make, collector, Limit("m", above=above, below=below), {"m": value})

        assert ([] if expected is None else [(expected, "flag", 1)]) == found

    check()


@pytest.mark.parametrize("metrics", [{}, {"other": 1.0}, {TOXIC: None}, {TOXIC: math.nan}, {TOXIC: math.inf}], ids=str)
@pytest.mark.parametrize("rule", [Limit(TOXIC, above=0.02), EvalRegression(TOXIC, rise=0.01)], ids=["limit", "worse"])
def test_a_missing_number_is_a_failure(make: Make, collector: Any, rule: Rule, metrics: dict[str, Any]) -> None:
    """A number that is missing, or not finite, is never a pass: the rule says that it could not look."""
    assert [("missing", "indeterminate", 1)] == judged(make, collector, rule, metrics)


def test_a_run_without_an_evaluation_says_so_at_its_end(make: Make, collector: Any) -> None:
    """A rule about evaluations that was never asked is a finding when the run closes."""
    with make(Limit(TOXIC, risk="toxic", above=0.02)) as monitor:
        monitor.step(1, loss=1.0)

    assert [("no_evaluation", "indeterminate", "toxic")] == [
        (one.label, one.verdict.id, one.risk) for one in collector.findings
    ]


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (Score.of(failures=0, trials=99), "too_few_trials"),
        (0.0, "too_few_trials"),
        (Score.of(failures=0, trials=100), None),
    ],
    ids=["few", "unknown", "enough"],
)
def test_a_number_on_too_few_cases_is_no_pass(make: Make, collector: Any, score: Any, label: str | None) -> None:
    """Below the limit but on too few cases, or on nobody knows how many, it is indeterminate."""
    found = judged(make, collector, Limit(TOXIC, above=0.02, min_trials=100), {TOXIC: score})

    assert ([] if label is None else [(label, "indeterminate", 1)]) == found


def test_a_limit_may_ask_to_stop(make: Make) -> None:
    """With the action a limit stops the run, at the next sync."""
    monitor = make(Limit(TOXIC, above=0.02, action="stop"))
    monitor.evaluate(1, {TOXIC: 0.5})

    assert monitor.sync(1, now=True).stop


def test_regressions_are_those_of_the_oracle(make: Make, collector: Any) -> None:
    """For any history, a drop is told exactly where a table of the best and the last number shows it."""

    @given(st.lists(st.integers(0, 1_000), max_size=12), st.integers(0, 300), st.sampled_from(["best", "previous"]))
    def check(numbers: list[int], drop: int, against: Any) -> None:
        earlier = [max(numbers[:i]) if against == "best" else numbers[i - 1] for i in range(1, len(numbers))]
        expected = [
            ("worse", "flag", step)
            for step, (before, now) in enumerate(zip(earlier, numbers[1:], strict=True), 2)
            if before - now > drop
        ]
        rule = EvalRegression("acc", drop=drop / 1_000, against=against)

        assert expected == judged(make, collector, rule, *({"acc": number / 1_000} for number in numbers))

    check()


def test_a_rise_mirrors_a_drop(make: Make, collector: Any) -> None:
    """For a number that should be low, any history upside down gives the same findings."""

    @given(st.lists(NUMBERS, max_size=8))
    def check(numbers: list[float]) -> None:
        fell = judged(make, collector, EvalRegression("m", drop=1.0), *({"m": number} for number in numbers))
        rose = judged(make, collector, EvalRegression("m", rise=1.0), *({"m": -number} for number in numbers))

        assert fell == rose

    check()


def test_the_released_number_is_a_baseline_from_the_start(make: Make, collector: Any) -> None:
    """Against the released system the very first evaluation can be worse."""
    rule = EvalRegression("acc", drop=0.02, against="released", released=0.93)

    assert [("worse", "flag", 2)] == judged(make, collector, rule, {"acc": 0.91}, {"acc": 0.90})


def groups(**of: tuple[float, int | None]) -> Any:
    """An evaluation by region: value and number of cases of each."""
    scores = {name: {"tpr": Score(value=value, trials=trials)} for name, (value, trials) in of.items()}
    return {}, {"region": scores}


GAP = FairnessGap("tpr", risk="unfair", by="region", max_gap=0.05, min_group=200)


def test_a_gap_between_large_groups_is_told(make: Make, collector: Any) -> None:
    """A gap wider than allowed names both groups."""
    judged(make, collector, GAP, groups(seoul=(0.95, 900), busan=(0.89, 300), jeju=(0.91, 200)))

    (found,) = collector.findings
    assert ("gap", "seoul", "busan") == (found.label, found.fact("high"), found.fact("low"))


@pytest.mark.parametrize(
    ("given_", "labels"),
    [
        (groups(seoul=(0.95, 900), busan=(0.90, 300)), []),
        (groups(seoul=(0.95, 900), busan=(0.94, 199)), ["small_group", "too_few_groups"]),
        (groups(seoul=(0.95, 900), busan=(0.10, None)), ["small_group", "too_few_groups"]),
        (groups(seoul=(0.95, 900)), ["too_few_groups"]),
        (groups(seoul=(0.95, 900), busan=(math.nan, 900)), ["missing"]),
        (groups(seoul=(0.95, 900), busan=(0.80, 900), jeju=(0.1, 3)), ["small_group", "gap"]),
        (({}, {"age": {}}), ["missing"]),
        (({}, {"region": {"seoul": {"acc": 0.1}}}), ["missing"]),
        ({}, ["missing"]),
    ],
    ids=["within", "small", "unknown size", "one", "nan", "small and gap", "other division", "other number", "none"],
)
def test_what_cannot_be_compared_is_never_green(make: Make, collector: Any, given_: Any, labels: list[str]) -> None:
    """Small, missing or lonely groups are findings, each its own."""
    assert labels == [label for label, _, _ in judged(make, collector, GAP, given_)]


def test_the_same_small_groups_are_told_once(make: Make, collector: Any) -> None:
    """Groups that stay small are told once; when others are small they are told again."""
    one, two = groups(a=(0.9, 900), b=(0.9, 900), c=(0.9, 9)), groups(a=(0.9, 900), b=(0.9, 9), c=(0.9, 900))

    found = judged(make, collector, GAP, one, one, two)

    assert [("small_group", 1), ("small_group", 3)] == [(label, step) for label, _, step in found]


def test_order_of_groups_is_irrelevant(make: Make, collector: Any) -> None:
    """For any groups, the order they come in changes no finding."""
    sizes = st.tuples(st.sampled_from([0.7, 0.8, 0.9]), st.sampled_from([10, 300, None]))

    @given(st.dictionaries(st.sampled_from("abcdef"), sizes, max_size=6))
    def check(given_: dict[str, Any]) -> None:
        judged(make, collector, GAP, groups(**given_))
        forth = [(one.label, one.facts) for one in collector.findings]
        judged(make, collector, GAP, groups(**dict(reversed(given_.items()))))

        assert forth == [(one.label, one.facts) for one in collector.findings]

    check()


def test_parts_of_one_evaluation_are_judged_together(make: Make, collector: Any) -> None:
    """An evaluation that comes in parts is whole with the last one; nothing is missing before."""
    monitor = make(Limit("a", above=1), Limit("b", above=1))
    monitor.evaluate(1, {"a": 2.0}, partial=True)
    before = list(collector.labels)
    monitor.evaluate(1, {"b": 0.5})

    assert ([], ["above"]) == (before, collector.labels)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Limit("m"),
        lambda: Limit("m", above=math.nan),
        lambda: Limit("m", above=1, name=" "),
        lambda: Limit("m", above=1, action="skip_update"),
        lambda: EvalRegression("m"),
        lambda: EvalRegression("m", drop=1, rise=1),
        lambda: EvalRegression("m", drop=-1),
        lambda: EvalRegression("m", drop=1, against="last"),
        lambda: EvalRegression("m", drop=1, against="released"),
        lambda: EvalRegression("m", drop=1, released=1.0),
        lambda: FairnessGap("m", by="region", max_gap=0.1, min_group=0),
        lambda: Score(value="0.1"),
        lambda: Score(value=0.1, failures=1),
        lambda: Score.of(failures=2, trials=1),
        lambda: Score.of(failures=0, trials=0),
    ],
    ids=range(15),
)
def test_a_rule_that_means_nothing_is_refused(wrong: Callable[[], object]) -> None:
    """A rule or score that contradicts itself is refused when it is made."""
    with pytest.raises((InvalidValue, ValueError)):
        wrong()


def test_factors_come_from_an_evaluation(make: Make) -> None:
    """Failures, trials and slices of an assessment are those of the evaluation."""
    monitor = make()
    by_region = {"seoul": {TOXIC: Score.of(failures=1, trials=600)}, "부산": {TOXIC: Score.of(failures=2, trials=400)}}
    monitor.evaluate(9, {TOXIC: Score.of(failures=3, trials=1_000)}, groups={"region": by_region})
    found = monitor.evaluation

    assert found is not None
    factors = found.factors(TOXIC, severity="major", by="region", metric_fixed_at=found.at)
    named = "group-" + hashlib.sha256("부산".encode()).hexdigest()[:8]
    slices = (Slice(id=named, failures=2, trials=400), Slice(id="seoul", failures=1, trials=600))
    assert (3, 1_000, slices, found.at) == (factors.failures, factors.trials, factors.slices, factors.tested_at)


@pytest.mark.parametrize("metrics", [{}, {TOXIC: 0.003}, {TOXIC: Score(value=0.003, trials=1_000)}], ids=str)
def test_what_was_not_counted_is_unknown_not_zero(make: Make, metrics: dict[str, Any]) -> None:
    """Without counts of failures the factors are missing, so that no grade follows from them."""
    monitor = make()
    monitor.evaluate(9, metrics)
    found = monitor.evaluation

    assert found is not None
    assert ("failures", "trials") == found.factors(TOXIC, severity="major").missing


def test_of_many_groups_the_worst_are_slices(make: Make) -> None:
    """Of more groups than an assessment holds, those with the highest rates stay; those without counts are left out."""
    monitor = make()
    groups = {f"g{number:03}": {"m": Score.of(failures=number, trials=1_000)} for number in range(100)}
    monitor.evaluate(1, {}, groups={"by": groups | {"uncounted": {"m": Score(value=1.0)}, "other": {"n": 1.0}}})
    found = monitor.evaluation

    assert found is not None
    assert [f"g{number:03}" for number in range(36, 100)] == [
        one.id for one in found.factors("m", severity="minor", by="by").slices
    ]


def test_an_evaluation_keeps_every_name_and_number() -> None:
    """Whatever names and numbers an evaluation has, its data gives it back."""
    names = st.text(max_size=5)
    scores = st.dictionaries(names, st.floats(allow_nan=False).map(lambda value: Score(value=value)), max_size=3)

    @given(scores, st.dictionaries(names, st.dictionaries(names, scores, max_size=2), max_size=2))
    def check(whole: dict[str, Score], groups: dict[str, Any]) -> None:
        before = Evaluation(run="r", step=1, at=AT, scores=whole, groups=groups)

        assert before == Evaluation.from_data(json.loads(before.payload()))

    check()


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (Limit("m", above=1), "limit:m"),
        (EvalRegression("m", drop=1), "regression:m"),
        (FairnessGap("m", by="age", max_gap=0), "gap:m:age"),
        (Limit("m", above=1, name="own"), "own"),
    ],
    ids=["limit", "regression", "gap", "own"],
)
def test_a_rule_is_named_by_what_it_looks_at(rule: Rule, name: str) -> None:
    """Rules on several metrics live in one monitor without being named; a name that is given stands."""
    assert name == rule.name
