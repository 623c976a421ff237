"""Titles and reasons are input: whatever they hold, the reports keep their shape and nothing in them comes alive."""

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kakao_asi as asi
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- ",
    "--> <b>",
    "]]><![CDATA[<b>",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1)) ![y](https://example.org/y.png)",
    "<https://example.org> https://example.org www.example.org a@example.org",
    "| a | b | \\| c",
    "\\",
    "`code` ```mermaid ~~~",
    "# not a heading",
    "1. not a list",
    "- not a list",
    "+ not a list",
    "=====",
    "**bold** _it_ ~~gone~~ $x$ @who #1",
    "{{template}} ${x} %s {0}",
    "</style><style>*{display:none}",
    "click n1 call alert() ; n2-->n1",
    "긴 " * 60,
]
PLAIN = "제목"


class Skeleton(HTMLParser):
    """Reads a page into its elements and the names of their attributes; texts are left out."""

    def __init__(self, page: str) -> None:
        """Start empty."""
        super().__init__()
        self.parts: list[object] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element with the names of its attributes."""
        self.parts.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        self.parts.append(tag)

    def handle_comment(self, data: str) -> None:
        """Note a comment; a page has none."""
        self.parts.append(("comment", data))

    def unknown_decl(self, data: str) -> None:
        """Note a declaration; a page has none."""
        self.parts.append(("declaration", data))


def register_with(text: str) -> asi.RiskRegister:
    """Return a register that holds a text wherever people can write one."""
    clock = FrozenClock(dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds())
    register.add_system(
        asi.System(id="s", unit="chat", audience=asi.Audience.EXTERNAL, title=text), by="ml.lee", because=text
    )
    values: dict[str, Any] = {"system": "s", "principles": {"privacy"}, "owner": "serving"}
    register.identify(
        asi.Risk(id="r", title=text, category=asi.RiskCategory.MODEL_IMPERFECTION, description=text, **values),
        by="ml.lee",
    )
    factors = asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.MINOR)
    register.assess("r", factors, by="safety.han", because=text)
    due = dt.date(2026, 9, 3)
    response = asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD, controls=["ai.output_filter"], owner="serving", due=due, note=text
    )
    register.respond("r", response, by="ml.lee")
    register.contain("r", by="ml.lee", because=text)
    register.escalate("r", asi.Matter.RISK, by="ml.lee", because=text)
    return register


def skeleton(text: str) -> list[object]:
    """Return the skeleton of the page on a register that holds a text."""
    return Skeleton(asi.reports.html(register_with(text))).parts


def lines(text: str) -> list[str]:
    """Return the kinds of lines of the Markdown report on a register that holds a text."""
    report = asi.reports.markdown(register_with(text), lang="en")
    return [kind_of(line) for line in report.splitlines()]


def kind_of(line: str) -> str:
    """Return what a line of Markdown is: its marks, and for a table row how many cells it has."""
    cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
    marks = re.match(r"(?:#+ |\||\s*- |```\w*)?", line)
    return f"{marks[0] if marks else ''} {cells if line.startswith('|') else ''} {not line}"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_page_keeps_its_shape(payload: str) -> None:
    """A hostile text adds no element, attribute, comment or declaration, and takes none away."""
    assert skeleton(payload.strip()[:200]) == skeleton(PLAIN)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_keeps_its_shape(payload: str) -> None:
    """A hostile text adds no heading, list, cell or fence."""
    assert lines(payload.strip()[:200]) == lines(PLAIN)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_holds_nothing_live(payload: str) -> None:
    """No element, link, picture, mention, bare address or code stands in the report."""
    report = asi.reports.markdown(register_with(payload.strip()[:200]), lang="en")
    before, block = report.split("```mermaid")
    text = re.sub(r"\\.", "", before + block.split("```", 1)[1])

    assert "<" not in text
    assert not re.search(r"[\[\]`*_~@$]|www\.|://", text)


VISIBLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])


@pytest.mark.long
@given(st.text(VISIBLE, min_size=1, max_size=60) | st.text("<>&\"'`|[]()*_~#\\!-=+.1 ", min_size=1, max_size=40))
def test_no_text_changes_the_shape(text: str) -> None:
    """Whatever a title may hold, page and report keep their shape, and the page shows the title."""
    try:
        asi.System(id="s", unit="chat", audience=asi.Audience.EXTERNAL, title=text)
    except ValueError:
        return

    assert skeleton(text) == skeleton(PLAIN)
    assert lines(text) == lines(PLAIN)
