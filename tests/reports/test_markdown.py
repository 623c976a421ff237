"""The Markdown report: the same content in text, and nothing in it that is live."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

import kakao_asi as asi


class Tags(HTMLParser):
    """Counts the elements that a reader of HTML would see in a text."""

    def __init__(self, text: str) -> None:
        """Start empty."""
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append(f"{tag} {attrs}")


def outside_mermaid(report: str) -> str:
    """Return a report without its Mermaid block."""
    before, block = report.split("```mermaid\n")
    return before + block.split("```\n", 1)[1]


def tables(report: str) -> list[list[str]]:
    """Return the tables of a report as runs of lines."""
    found: list[list[str]] = [[]]
    for line in report.splitlines():
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [one for one in found if one]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_rows_of_a_table_have_the_cells_of_its_head(lang: Any, story: Any) -> None:
    """No cell ends early, whatever stands in it."""
    found = tables(asi.reports.markdown(story.register, lang=lang))

    assert len(found) == 9
    for table in found:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_sections_are_those_of_the_page(lang: Any, story: Any) -> None:
    """The two reports have the same sections but the bars, whose grades stand in the register table."""
    headings = re.findall("^## (.+)$", asi.reports.markdown(story.register, lang=lang), re.MULTILINE)
    page = asi.reports.html(story.register).split(f'<div class="page {lang}"')[1].split('<div class="page')[0]

    assert [one for one in re.findall(r"<h2 id=\"n\d+\">(.+)</h2>", page) if one in headings] == headings
    assert len(headings) == 8


@pytest.mark.parametrize(
    "said",
    [
        "- Open risks: 7",
        "- To Test: Shut, 2 reasons",
        "  - the cycle of 'route-agent' is not complete, phase Assess: self-prompts (Who can clear it: unit maps)",
        "| 생활 도우미 대화 서비스 | HIGH, 1 risk | MEDIUM, 1 risk | MEDIUM, 1 risk, 1 unassessed | All closed |",
        "Change the likelihood: Filter the output · serving · due 2026-10-20 · covers 2 of 5, works (overdue) |",
        "| accepted up to HIGH, ends 2026-11-08 |",
        "→ ERM committee: Reject · 2026-09-22 → Top decision body: was not asked | Reject |",
        "| Round 2 | Update | 2026-10-15 – | Open | Complete | Open | Complete |",
        "| Round 1 | Design | 2026-10-19 – | Open | Complete | Open | Set aside |",
        "- 2026-10-11 06:00 KST Stop lifted: agent (ml.lee)",
    ],
)
def test_report_tells_what_the_page_tells(said: str, story: Any) -> None:
    """Numbers, gates, cells, responses, acceptances, ways, cycles and measures are there."""
    assert said in asi.reports.markdown(story.register, lang="en")


def test_mermaid_block_stresses_the_way_of_the_case(story: Any) -> None:
    """The graph is a Mermaid block with the route thick and the body marked where the case stands."""
    block = asi.reports.markdown(story.register, lang="en").split("```mermaid\n")[1].split("```")[0]

    assert block.startswith("flowchart TD\n")
    assert block.count("==>") == 3
    assert "the case is here" in block


def test_no_body_is_marked_where_no_case_is_open(fresh_story: Any) -> None:
    """After the last decision the graph shows the way, and no place."""
    fresh_story.register.submit(
        asi.commands.WithdrawCase(case="tracks-people.risk.1"), by="safety.han", because="다른 안건으로 다시 올립니다."
    )

    assert "the case is here" not in asi.reports.markdown(fresh_story.register, lang="en")


def test_warning_of_a_gate_is_a_note(story: Any) -> None:
    """What only should be known is told apart from what keeps the gate shut."""
    past = story.register.as_of(story.register.case("demo-chat.release.2").decided_at)
    note = "(Note) the approval in 'demo-chat.release.2' has open"

    assert f"- To Deployment: Open\n  - {note}" in asi.reports.markdown(past, lang="en")
    assert note in asi.reports.html(past).replace("&#x27;", "'")


def test_same_view_gives_the_same_text(story: Any) -> None:
    """Two reports of one state are equal to the byte."""
    assert asi.reports.markdown(story.register) == asi.reports.markdown(story.register)


def test_korean_is_the_default(story: Any) -> None:
    """A report is in Korean unless English is asked for."""
    assert asi.reports.markdown(story.register) == asi.reports.markdown(story.register, lang="ko")
    assert asi.reports.markdown(story.register).startswith("# AI 리스크 보고서\n")


def test_empty_register_has_a_report(empty_register: asi.RiskRegister) -> None:
    """Where there is no row it is said, and no empty table stands."""
    report = asi.reports.markdown(empty_register, lang="en")

    assert report.count("There is nothing to show.") == 5
    assert len(tables(report)) == 1


def test_nothing_in_it_is_an_element(story: Any) -> None:
    """A reader of HTML finds no element in the report."""
    assert Tags(asi.reports.markdown(story.register)).found == []
