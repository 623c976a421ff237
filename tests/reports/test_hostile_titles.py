"""Five thousand hostile titles through every form, in ten registers: nothing comes alive, and none is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from attrs import evolve

import kakao_asi as asi
from kakao_asi import catalog, reports
from kakao_asi.governance import Edge, EdgeKind
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

MANY = 5_000
SHARE = 500
FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
STARTS = ["", "=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'", '"', "#", "|", "> ", "1. ", "~~~", "```"]
HEARTS = [
    "cmd|'/c calc'!A1",
    'HYPERLINK("https://example.org","x")',
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "</td></tr></table><h1>x</h1>",
    "</style><style>*{display:none}",
    "[x](javascript:alert(1))",
    "![x](https://example.org/y.png)",
    "<https://example.org> www.example.org a@example.org",
    "#N/A",
    "1+1",
    'click n1 call alert() "]; n1-->n2',
    "%% end\\",
    "<!-- x -->]]>",
    "&lt;b&gt;&#60;b&#62;",
    "`code` **b** ~~s~~ $x$ @who",
    "한글 제목",
]
ENDS = ["", '"', "'", "|", "\\", ">", "-->", ")", "``", ",", ";"]
AT = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
ELEMENTS = re.compile(r"script|iframe|object|embed|img|link|base|form")


def titles(count: int) -> dict[str, str]:
    """Return so many different hostile titles by a made-up id, the same ones each time."""
    drawn = random.Random(26)  # noqa: S311  # makes texts, keeps no secret
    draw = drawn.choice
    return {
        f"r{number:04}": f"{draw(STARTS)}{draw(HEARTS)}{draw(ENDS)} {number}{draw(ENDS)}" for number in range(count)
    }


def register_with(given: dict[str, str]) -> asi.RiskRegister:
    """Return a register with a risk for each title."""
    clock = FrozenClock(AT)
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds())
    for number, (name, title) in enumerate(given.items()):
        system = f"s{number // 25:03}"
        if number % 25 == 0:
            register.add_system(asi.System(id=system, unit="chat", audience="external"), by="ml.lee")
        values: dict[str, Any] = {"category": "model_imperfection", "principles": {"privacy"}, "owner": "serving"}
        register.identify(asi.Risk(id=name, title=title, system=system, **values), by="ml.lee")
    return register


class Reading(HTMLParser):
    """Reads a page: its elements, the names of their attributes, and the texts of row heads."""

    def __init__(self, page: str) -> None:
        """Start empty."""
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.other: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element with the names of its attributes."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_comment(self, data: str) -> None:
        """Note a comment; a page has none."""
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        """Note a declaration; a page has none."""
        self.other.append(data)


def live_in_page(page: str) -> list[str]:
    """Return what could run or fetch in a page."""
    read = Reading(page)
    bad = [one for one in read.elements if ELEMENTS.fullmatch(one)]
    return bad + [one for one in read.attributes if one.startswith("on") or one == "src"] + read.other


def live_in_markdown(text: str) -> list[str]:
    """Return what Markdown outside a Mermaid block would not show as it is."""
    plain = re.sub(r"```mermaid.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"[\[\]`*~@$<]|www\.|://", re.sub(r"\\.", "", plain))


def pack(register: asi.RiskRegister, form: str) -> Any:
    """The pack of the ERM committee."""
    return reports.committee(register, body="erm_committee", since=AT, form=form)  # type: ignore[call-overload]


@pytest.fixture(scope="module", params=range(0, MANY, SHARE))
def written(request: pytest.FixtureRequest) -> tuple[dict[str, str], asi.RiskRegister]:
    """A share of the titles, and a register with a risk for each of them."""
    given = dict(list(titles(MANY).items())[request.param : request.param + SHARE])
    return given, register_with(given)


Written = tuple[dict[str, str], asi.RiskRegister]


@pytest.mark.long
def test_titles_stay_texts_in_pages(written: Written) -> None:
    """In the page and in the page of a pack no title is live, and every risk is there."""
    given, register = written
    page = reports.html(register)

    assert ([], set(given)) == (
        live_in_page(page) + live_in_page(pack(register, "html")),
        {*re.findall(r"\br\d{4}\b", page)},
    )


@pytest.mark.long
def test_titles_stay_texts_in_markdown(written: Written) -> None:
    """In the report and in the pack no title is live, and every risk is there."""
    given, register = written
    report = reports.markdown(register, lang="en")

    assert ([], set(given)) == (
        live_in_markdown(report) + live_in_markdown(pack(register, "markdown")),
        {*re.findall(r"\br\d{4}\b", report)},
    )


@pytest.mark.long
def test_titles_stay_texts_in_csv(written: Written) -> None:
    """In CSV no cell starts a formula, and every title is read back as it was."""
    given, register = written
    text = pack(register, "csv")
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]

    assert ([], given) == (
        [cell for cell in cells if cell.lstrip().startswith(FORMULA)],
        {row["id"]: row["title"] for row in reports.rows_of(text)},
    )


@pytest.mark.long
def test_titles_stay_texts_in_a_workbook(written: Written) -> None:
    """In a workbook every title is read back as the text it is."""
    pytest.importorskip("openpyxl", reason="the extra 'excel' is not installed")
    given, register = written

    assert given == {row["id"]: row["title"] for row in reports.rows_of(pack(register, "excel"))}


def mermaid_of(labels: list[str]) -> str:
    """Draw a graph that informs a side body of each label."""
    graph = catalog.kakao_graph()
    like = graph.body(graph.apex)
    bodies = [
        evolve(like, id=f"side{number}", ko=one, en=one, decides=(), tier=like.tier + 1)
        for number, one in enumerate(labels)
    ]
    edges = [Edge(source=graph.apex, target=one.id, kind=EdgeKind.INFORM) for one in bodies]
    return evolve(graph, bodies=(*graph.bodies, *bodies), edges=(*graph.edges, *edges)).to_mermaid(lang="ko")


@pytest.mark.long
def test_five_thousand_labels_stay_labels_in_a_graph() -> None:
    """In Mermaid 5,000 hostile labels add no line, arrow or call, and each stands in a node of its own."""
    labels = list(titles(MANY).values())
    plain = mermaid_of(["plain"] * 50).splitlines()
    for start in range(0, MANY, 50):
        drawn = mermaid_of(labels[start : start + 50]).splitlines()
        bare = [re.sub(r'"[^"]*"', '""', line) for line in drawn]

        assert [re.sub(r'"[^"]*"', '""', line) for line in plain] == bare
        assert [] == re.findall(r"[<>`\\\[\]{}%|@$]", "".join(re.findall(r'"([^"]*)"', "\n".join(drawn))))
