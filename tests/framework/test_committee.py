"""The committee pack: figures that reconcile, in four forms, the same bytes every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import Finding, Grade, Matter, Verdict, commands, reports
from kakao_asi.exceptions import InvalidValue, UnknownId

FORMS = ("markdown", "html", "json", "csv")
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script> [x](javascript:alert(1)) | `y` @all"


@pytest.fixture
def moved(life: Any) -> Any:
    """A register in which much moved since a point it remembers."""
    for name in ("closes", "merges", "into", "rises", "stays"):
        life.identify(name)
    life.answered(Grade.LOW, "closes")
    life.vote(life.open_case("closes", Matter.CLOSE_OR_LOWER).id)
    life.assess(Grade.LOW, "rises")
    life.assess(Grade.LOW, "stays")
    life.respond("stays")
    life.forward(days=1)
    life.since = life.clock()
    life.register.close("closes", by="pm.oh")
    life.submit(commands.Merge(into="into", risks={"merges"}), by="pm.oh", because="the same thing was seen twice")
    life.assess(Grade.HIGH, "rises")
    life.identify("new", title=HOSTILE)
    return life


def pack(life: Any, form: str = "json", **options: Any) -> str:
    """The pack of the ERM committee since the point the register remembers."""
    wanted = {"body": "erm_committee", "since": life.since, "form": form} | options
    return reports.committee(life.register, **wanted)


def by_name(moved_risk: dict[str, Any]) -> dict[str, Any]:
    """A risk that moved, its parts in one order."""
    return {name: moved_risk[name] for name in ("risk", "before", "now", "reason", "case")}


def test_the_number_of_open_risks_reconciles(moved: Any) -> None:
    """Previous plus new plus reopened, less closed and merged, is what is open now."""
    move = json.loads(pack(moved))["movement"]

    assert {"previous": 6, "new": 1, "reopened": 0, "closed": 1, "merged": 1, "now": 5} == move
    assert move["now"] == len(moved.register.risks(open=True).items)


def test_a_reopened_risk_is_a_movement(moved: Any) -> None:
    """What was closed when the period began and is open now counts as reopened."""
    moved.forward(days=1)
    since = moved.clock()
    moved.register.reopen("closes", "recurrence", by="pm.oh")

    move = json.loads(pack(moved, since=since))["movement"]

    assert (5, 1, 6) == (move["previous"], move["reopened"], move["now"])


def test_the_equation_is_printed(moved: Any) -> None:
    """The pack prints the figures as an equation."""
    assert "6 + 1 + 0 - 1 - 1 = 5" in pack(moved, "markdown")


def test_the_gravest_come_first(moved: Any) -> None:
    """What is not assessed outranks HIGH, and at most five are shown."""
    found = json.loads(pack(moved))

    assert ["into", "new", "r", "rises", "stays"] == [one["risk"] for one in found["top"]]


def test_what_moved_says_why(moved: Any) -> None:
    """A grade that rose says from what to what, and what moved it."""
    expected = {"risk": "rises", "before": "low", "now": "high", "reason": "assessed", "case": None}

    assert [expected] == json.loads(pack(moved))["raised"]


def test_what_a_body_lowered_names_its_case(moved: Any) -> None:
    """A grade that a body lowered says which case decided it."""
    moved.respond("rises")
    moved.verify("rises")
    moved.assess(Grade.LOW, "rises", residual=True)
    moved.forward(days=1)
    since = moved.clock()
    case = moved.decided("rises", Matter.CLOSE_OR_LOWER)

    found = json.loads(pack(moved, since=since))["lowered"]

    assert [("rises", "high", "low", "lowered", case.id)] == [tuple(one.values()) for one in map(by_name, found)]


def test_what_is_asked_says_whether_it_is_within_authority(moved: Any) -> None:
    """A case before the body is listed, and whether the body decides it or forwards it."""
    case = moved.open_case("rises", Matter.RISK)
    asked = json.loads(pack(moved, body="ai_safety"))["asked"]
    not_yet = json.loads(pack(moved))["asked"]
    moved.vote(case.id)
    next_body = json.loads(pack(moved))["asked"]

    assert ([], [case.id], [False], [case.id]) == (
        not_yet,
        [one["case"] for one in asked],
        [one["final"] for one in asked],
        [one["case"] for one in next_body],
    )


@pytest.mark.parametrize(("lang", "words"), [("ko", "아니요, 승인 후"), ("en", "no, approve and forward")])
def test_authority_is_said_in_words(moved: Any, lang: str, words: str) -> None:
    """The pack says in the reader's language what the body may do."""
    moved.open_case("rises", Matter.RISK)

    assert words in pack(moved, "markdown", body="ai_safety", lang=lang)


def test_a_final_decision_is_said_in_words(moved: Any) -> None:
    """The body that decides reads that it does."""
    moved.open_case("stays", Matter.CLOSE_OR_LOWER)

    assert "yes, final" in pack(moved, "markdown", body="ai_safety", lang="en")


def test_overdue_responses_are_listed(moved: Any) -> None:
    """A response past its due day is listed with its days."""
    moved.forward(days=40)

    assert ([("stays", "stays.r1", 11)], True) == (
        [(one["subject"], one["item"], one["days"]) for one in json.loads(pack(moved))["late"]],
        "| response | stays | stays.r1 | serving | 11 |" in pack(moved, "markdown", lang="en"),
    )


def test_acceptances_that_end_are_listed(moved: Any) -> None:
    """An acceptance that ends soon is listed, and one that has ended as well."""
    moved.register.reopen("stays", "recurrence", by="pm.oh")
    moved.assess(Grade.LOW, "stays")
    case = moved.open_case("stays", Matter.ACCEPT, until=moved.in_days(20))
    moved.vote(case.id)
    ending = json.loads(pack(moved))
    moved.forward(days=21)
    lapsed = json.loads(pack(moved))

    assert (["stays"], [], [], ["stays"]) == (
        ending["ending"],
        ending["lapsed"],
        lapsed["ending"],
        lapsed["lapsed"],
    )
    assert "| Ended or no longer fitting, open | 1 | stays |" in pack(moved, "markdown", lang="en")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_view_gives_the_same_bytes(moved: Any, form: str) -> None:
    """A pack of a past point is the same, whatever happened since."""
    at = moved.clock()
    first = pack(moved, form)
    moved.forward(days=1)
    moved.identify("later")

    again = reports.committee(
        moved.register.as_of(at),
        body="erm_committee",
        since=moved.since,
        form=form,  # type: ignore[arg-type]  # parametrised
    )

    assert first == again


def test_nothing_in_html_is_live(moved: Any) -> None:
    """A title is text and no markup, and the page runs no script."""
    page = pack(moved, "html")

    assert (False, True, True) == ("<script" in page, "&lt;script&gt;" in page, "default-src &#x27;none&#x27;" in page)


def test_nothing_in_markdown_is_live(moved: Any) -> None:
    """A title opens no link, no cell and no tag."""
    text = pack(moved, "markdown")

    assert (False, False) == ("<script" in text, "[x](javascript" in text)


def test_csv_holds_one_row_a_risk_and_no_formula(moved: Any) -> None:
    """Every risk is one row, ids come back, and no cell starts a formula."""
    text = pack(moved, "csv")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))

    assert (True, sorted(one.id for one in moved.register.risks()), []) == (
        text.startswith("\ufeff"),
        [row[0] for row in rows[1:]],
        [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell],
    )


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_the_public_extract_names_nobody_and_nothing(moved: Any, form: str) -> None:
    """The public extract has counts, and no risk, title, role or system."""
    moved.forward(days=40)
    text = pack(moved, form, profile="public")

    assert [] == [word for word in ("rises", "stays", "serving", "chat", "cmd") if word in text]


@pytest.mark.parametrize(("lang", "words"), [("ko", "(회사가 적을 것)"), ("en", "(for the company to say)")])
def test_the_public_extract_has_the_items_of_the_law(moved: Any, lang: str, words: str) -> None:
    """The public extract names the deciding bodies in their order and marks the two items only a company can fill."""
    text = pack(moved, "markdown", profile="public", lang=lang)
    label = moved.register.governance().graph.body("erm_committee").label(lang)

    assert (2, True) == (text.count(words), f" → {label} → " in text)


def test_the_public_extract_is_no_list(moved: Any) -> None:
    """There is no public CSV: it would list every risk."""
    with pytest.raises(InvalidValue, match="csv"):
        pack(moved, "csv", profile="public")


def test_a_checkpoint_is_printed(moved: Any) -> None:
    """A checkpoint that is passed stands on the cover."""
    mark = moved.register.checkpoint(origin="acme")

    assert ("acme" in pack(moved, "markdown", checkpoint=mark), mark) == (
        True,
        json.loads(pack(moved, checkpoint=mark))["checkpoint"],
    )


def test_a_pack_is_written_to_a_file(moved: Any, tmp_path: Path) -> None:
    """With a path the pack is written there as well."""
    target = tmp_path / "pack.md"
    text = reports.committee(moved.register, target, body="top", since=moved.since)

    assert text == target.read_text("utf-8")


def test_an_unknown_body_is_refused(moved: Any) -> None:
    """A pack is for a body of the governance."""
    with pytest.raises(UnknownId, match="board"):
        pack(moved, body="board")


def test_a_period_needs_a_time_zone(moved: Any) -> None:
    """The start of the period is an instant with a time zone."""
    with pytest.raises(InvalidValue, match="time zone"):
        pack(moved, since=moved.since.replace(tzinfo=None))


def test_a_period_that_begins_now_moved_nothing(moved: Any) -> None:
    """A period in which nothing was recorded has no movement."""
    move = json.loads(pack(moved, since=moved.clock() + dt.timedelta(days=1)))["movement"]

    assert (5, 0, 5) == (move["previous"], move["new"], move["now"])


def test_every_open_case_is_asked(start_life: Any) -> None:
    """However many cases wait, each is asked of its body, the most urgent first."""
    life = start_life(risk=False)
    life.since = life.clock()
    for number in range(101):
        life.identify(f"r{number:03}")
        life.assess(Grade.LOW, f"r{number:03}")
        life.open_case(f"r{number:03}", Matter.RISK)

    assert 101 == len(json.loads(pack(life, body="ai_safety"))["asked"])


def found(life: Any, **parts: Any) -> Any:
    """Record a finding of now."""
    whole = {"verdict": Verdict.FLAG, "site": "m:f", "component": "chat/reply", "at": life.clock()}
    return life.register.record(Finding(**(whole | parts)), by="hooks")


def pack_of(life: Any, **options: Any) -> str:
    """Return the pack of the first body on a register."""
    since = life.clock() - dt.timedelta(days=30)
    return reports.committee(life.register, body="ai_safety", since=since, **({"lang": "en"} | options))


def test_groups_that_wait_are_in_the_pack_and_on_the_board(life: Any) -> None:
    """Those of most occurrences first, those in no known system too; the report counts them at a glance."""
    small = found(life, label="odd|<b>")
    large = found(life, risk="ghost", component=None, cause="TimeoutError", count=50_000)
    pack = pack_of(life)

    assert 0 < pack.index(large.id) < pack.index(small.id)
    assert "not known" in pack
    assert "<b>" not in pack
    assert "Groups of findings waiting" in reports.markdown(life.register, lang="en")


def test_a_pack_names_ten_groups_and_counts_the_rest(life: Any) -> None:
    """However many wait, the pack stays short and the sum is there."""
    groups = [found(life, label=f"l{number}", count=3) for number in range(13)]
    pack = pack_of(life)

    assert "| groups: 3 |" in pack
    assert "| 9 |" in pack
    assert 10 == sum(one.id in pack for one in groups)


def test_risks_that_findings_ask_to_assess_again_are_in_the_pack(life: Any) -> None:
    """With the group that asks, and whether for one grade up."""
    life.answered()
    known = found(life, risk="r", count=3)
    pack, once = pack_of(life), pack_of(life, form="json")

    assert f"| r | {known.id} |" in pack
    assert '"asked_again":["r"]' in once


def test_the_public_pack_counts_groups_and_names_none(life: Any) -> None:
    """Two figures, and nothing of what was seen."""
    group = found(life, label="odd", count=7)
    texts = [pack_of(life, profile="public", form=form) for form in ("markdown", "json")]

    assert "| groups: 1 |" in texts[0]
    assert '"findings":1' in texts[1]
    assert not [text for text in texts if group.id in text or "odd" in text]
