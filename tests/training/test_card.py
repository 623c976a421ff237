"""The section of a model card: whatever the names are, its front matter is YAML and its tables are tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi import Stage
from kakao_asi.exceptions import UnknownId
from kakao_asi.training import Evaluation, Run, Score, model_card

yaml = pytest.importorskip("yaml", reason="PyYAML reads the front matter; it comes with the documents' tools")


def front(text: str) -> Any:
    """Read the front matter of a card."""
    return yaml.safe_load(text.split("---\n")[1])


def test_front_matter_and_tables_survive_any_name(life: Any) -> None:
    """Any text as the name of a metric, a division or a group stands in the YAML as it is and breaks no table."""
    names = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
        ["a: b", "|", "- x", "\u2028", "#", "'\""]
    )

    @given(names, names)
    def check(metric: str, group: str) -> None:
        score = Score.of(failures=1, trials=4)
        found = Evaluation(
            run="exp-11", step=1, at=life.clock(), scores={metric: score}, groups={"by": {group: {metric: score}}}
        )
        text = model_card(life.register, "chat", evaluation=found, lang="en")
        rows = [line for line in text.splitlines() if line.startswith("|") and "0\\.25" in line]

        (result,) = front(text)["model-index"][0]["results"]
        assert [(metric, 0.25, False)] == [(one["name"], one["value"], one["verified"]) for one in result["metrics"]]
        assert 2 == len(rows)

    check()


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_card_without_a_run_claims_nothing(start_life: Callable[..., Any], lang: Any) -> None:
    """Without risks, evaluation and digests each of these is said to be missing, not passed over."""
    text = model_card(start_life(risk=False).register, "chat", lang=lang)

    missing = {"ko": ["등록된 리스크가 없습니다", "결과는 합격이 아닙니다", "알 수 없음"],
               "en": ["No risk is registered", "A missing one is no pass", "unknown"]}  # fmt: skip
    assert {"tags": ["kakao-asi"]} == front(text)
    assert all(one in text for one in missing[lang])


def test_a_card_tells_responses_and_pins(life: Any, tmp_path: Path) -> None:
    """Responses are told with what was verified of them, pins with their digests; the file holds what was returned."""
    life.answered()
    life.identify("second")
    life.assess(risk="second")
    life.respond("second")
    life.live()
    life.register.stop("chat", by="safety.kim")
    run = Run(commit="0c0ffee", data={"train": "sha256:" + "a" * 64}, base_model="sha256:" + "b" * 64)
    text = model_card(life.register, "chat", tmp_path / "card.md", run=run, titles=True, lang="en")

    for said in (
        "1 of 1 verified",
        "effect not verified",
        life.pin("v1").digest,
        "What r is about",
        "0c0ffee",
        "running: 1",
    ):
        assert said in text
    assert Stage.DEPLOYMENT.label("en") in text
    assert text == (tmp_path / "card.md").read_text("utf-8")


def test_a_card_of_an_unknown_system_is_refused(life: Any) -> None:
    """A typing error is no empty card."""
    with pytest.raises(UnknownId):
        model_card(life.register, "chta")
