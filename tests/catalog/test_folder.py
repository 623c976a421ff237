"""A company's own folder adds to the shipped content or replaces it, under the same checks."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import catalog, reports
from kakao_asi.exceptions import InvalidValue, LoadError, UnknownId
from kakao_asi.framework import Incident

SHIPPED = {
    "advice": "advice.json",
    "clocks": "clocks.json",
    "crosswalk": "crosswalk.json",
    "guidance": "guidance.json",
    "horizon": "horizon.json",
    "links": "screening_links.json",
    "pledge": "pledge.json",
    "schemes": "schemes.json",
    "screening": "screening.json",
}


def shipped(name: str) -> Any:
    """The rows of a shipped file as data."""
    return json.loads(files("kakao_asi.catalog").joinpath(SHIPPED[name]).read_text("utf-8"))


def put(folder: Path, name: str, rows: Any) -> Path:
    """Write a file of the folder."""
    (folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return folder


def clock(**fields: Any) -> dict[str, Any]:
    """The row of a company's own rule: report inside within two hours."""
    row = next(one for one in shipped("clocks") if one["id"] == "kr.pipa.notice.v1")
    own = {"id": "acme.report", "duty": "acme.report", "limit": 2, "origin": "ours", "effective_from": "2020-01-01"}
    return {**row, **own, "effective_to": None, "en": "Tell the desk", "ko": "담당 부서에 알린다", **fields}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_copy_of_a_shipped_file_changes_nothing(tmp_path: Path, name: str) -> None:
    """Every scheme can stand in the folder, and a copy of the shipped one gives the shipped content."""
    assert catalog.content() == catalog.from_folder(put(tmp_path, name, shipped(name)))


def test_principles_of_a_company_join_the_shipped_ones(tmp_path: Path) -> None:
    """A company's own principle is added, and its guidance may name it."""
    principle = {
        "id": "calm",
        "ko": "평온",
        "en": "Calm",
        "says_ko": "재촉하지 않는다",
        "says_en": "It never rushes people.",
    }
    row = {**shipped("guidance")[0], "id": "calm.developer.1", "principle": "calm"}
    put(tmp_path, "principles", [{**principle, "origin": "ours"}])

    found = catalog.from_folder(put(tmp_path, "guidance", [row]))

    assert (11, len(catalog.guidance()) + 1) == (len(found.principles), len(found.guidance))


def test_a_row_with_a_shipped_id_takes_its_place(tmp_path: Path) -> None:
    """A row of the same id replaces the shipped one and leaves the others."""
    row = {**shipped("screening")[0], "en": "In our words", "version": 2}

    found = catalog.from_folder(put(tmp_path, "screening", [row]))

    assert (len(catalog.screening()), "In our words") == (len(found.screening), found.screening[0].en)


def test_a_file_may_take_the_place_of_a_scheme(tmp_path: Path) -> None:
    """With ``replace`` the shipped rows of the scheme are gone."""
    found = catalog.from_folder(put(tmp_path, "clocks", [clock()]), replace=True)

    assert (["acme.report"], catalog.guidance()) == ([one.id for one in found.clocks], found.guidance)


@pytest.mark.parametrize(
    ("name", "rows", "match"),
    [
        pytest.param("guidance", [{**shipped("guidance")[0], "principle": "nobody"}], "principles", id="guidance"),
        pytest.param(
            "screening", [{**shipped("screening")[0], "principles": ["nobody"]}], "principles", id="screening"
        ),
        pytest.param("advice", [{**shipped("advice")[0], "guidance": ["nowhere"]}], "guidance", id="advice"),
        pytest.param("clocks", [clock(duty="kr.pipa.notice")], "live", id="two-live-versions"),
        pytest.param("clocks", [clock(source_url="http://example.com")], "https", id="no-https"),
        pytest.param("crosswalk", [{**shipped("crosswalk")[0], "object": "no:x"}], "schemes", id="scheme"),
        pytest.param("crosswalk", [shipped("links")[0]], "categories", id="candidate-in-crosswalk"),
        pytest.param("links", [{**shipped("links")[0], "subject": "asi.screening:x.y"}], "candidates", id="candidate"),
        pytest.param("screening", [{**shipped("screening")[0], "id": "x"}], "twice", id="same-cell-and-label"),
    ],
)
def test_what_names_nothing_is_refused(tmp_path: Path, name: str, rows: Any, match: str) -> None:
    """A row that names what is not there, or breaks a rule of its scheme, is refused."""
    with pytest.raises((InvalidValue, LoadError), match=match):
        catalog.from_folder(put(tmp_path, name, rows))


def test_a_file_nobody_knows_is_refused(tmp_path: Path) -> None:
    """A misspelt file is not passed over."""
    with pytest.raises(UnknownId, match="leitlinien"):
        catalog.from_folder(put(tmp_path, "leitlinien", []))


def test_an_unknown_scheme_has_no_coverage() -> None:
    """A scheme that the content does not have is an unknown id."""
    with pytest.raises(UnknownId, match="nowhere"):
        catalog.content().coverage("nowhere")


def test_a_register_answers_from_the_content_it_was_given(tmp_path: Path, start_life: Any) -> None:
    """Law clocks, duties and mappings of a company's own folder answer in its register and in a view of it."""
    own = catalog.from_folder(put(tmp_path, "clocks", [clock()]), replace=True)
    life = start_life(content=own)
    incident = Incident(aware_at=life.clock(), kinds={"leak"}, people=1, pseudonymised=False)
    view = life.register.as_of(life.clock())

    assert [["acme.report"]] * 2 == [
        [one.id for one in each.clocks(incident, "chat")] for each in (life.register, view)
    ]
    assert () == life.register.duties("chat")


def test_a_pack_looks_ahead_in_the_content_it_was_given(tmp_path: Path, start_life: Any) -> None:
    """A row of law of a company's own that starts soon stands in the pack."""
    soon = (start_life().clock() + dt.timedelta(days=20)).date().isoformat()
    life = start_life(content=catalog.from_folder(put(tmp_path, "clocks", [clock(effective_from=soon)])))

    assert "Tell the desk" in reports.committee(life.register, body="top", since=life.clock(), lang="en")


def test_evidence_nobody_can_compute_counts_as_nothing(tmp_path: Path, start_life: Any) -> None:
    """A pledge item of a company's own whose computed evidence the register does not know is a gap."""
    item = {**shipped("pledge")[0], "id": "acme:1"}
    item["evidence"] = [{"id": "moon_phase", "source": "computed", "ko": "달의 모양", "en": "phase of the moon"}]
    life = start_life(content=catalog.from_folder(put(tmp_path, "pledge", [item])))

    found = next(one for one in life.register.coverage("sabp") if one.item == "acme:1")

    assert ("gap", ("moon_phase",)) == (found.standing.id, found.gaps)
