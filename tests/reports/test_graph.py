"""The escalation graph as a picture of its own: the drawing of the page, with a case where it stands."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import kakao_asi as asi
from kakao_asi.exceptions import UnknownId
from kakao_asi.stores import MemoryStore

SVG = "{http://www.w3.org/2000/svg}"


def drawn(register: Any, **more: Any) -> ET.Element:
    """Return the picture as a tree."""
    return ET.fromstring(asi.reports.graph_svg(register, **more))  # noqa: S314  # what this library wrote itself


def said(picture: ET.Element) -> list[str]:
    """Return the texts of a picture, in order."""
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize(("lang", "name"), [("ko", "AI 세이프티"), ("en", "AI Safety")])
def test_the_graph_alone_shows_every_body(lang: str, name: str, story: Any) -> None:
    """Each body and the team stand on it, in the language asked for, and nobody is framed."""
    picture = drawn(story.register, lang=lang)
    frames = {one.get("stroke-width") for one in picture.iter(f"{SVG}rect")}

    assert name in said(picture)
    assert 4 == len(list(picture.iter(f"{SVG}rect")))
    assert {"1"} == frames


def test_a_case_stands_where_it_is_now(story: Any) -> None:
    """One box is framed: that of the body the case is before; with its votes."""
    case = next(one for one in story.register.cases(open=True))
    picture = drawn(story.register, case=case.id, lang="en")
    framed = [one for one in picture.iter(f"{SVG}rect") if one.get("stroke-width") == "5"]

    assert 1 == len(framed)
    assert any(case.id in (one.text or "") for one in picture.iter(f"{SVG}desc"))
    assert any(text.startswith("The case is here") or "here" in text.lower() for text in said(picture))


def test_a_case_that_is_over_stands_nowhere(story: Any) -> None:
    """Its way is thick, and nothing is framed."""
    case = next(one for one in story.register.cases(open=False) if one.outcome is not None)
    picture = drawn(story.register, case=case.id)

    assert "5" not in {one.get("stroke-width") for one in picture.iter(f"{SVG}rect")}
    assert "4.5" in {one.get("stroke-width") for one in picture.iter(f"{SVG}path")}


def test_the_picture_is_written_and_the_same_each_time(story: Any, tmp_path: Path) -> None:
    """The file holds what is returned."""
    text = asi.reports.graph_svg(story.register, tmp_path / "graph.svg")

    assert text == (tmp_path / "graph.svg").read_text("utf-8") == asi.reports.graph_svg(story.register)


def test_a_case_nobody_knows_is_refused() -> None:
    """Its id is named."""
    with pytest.raises(UnknownId, match=r"nobody\.risk\.1"):
        asi.reports.graph_svg(asi.RiskRegister.on(MemoryStore()), case="nobody.risk.1")
