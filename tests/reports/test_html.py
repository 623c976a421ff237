"""The page: what it holds, what it never holds, and that it stands alone."""

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest

import kakao_asi as asi
from kakao_asi.exceptions import StoreBusy
from kakao_asi.governance import EscalationGraph
from kakao_asi.systems import Pin, PinKind

VOID = {"meta", "input", "br"}
SHAPES = {"line", "rect", "circle", "path"}


class Outline(HTMLParser):
    """Reads a page into its elements, attributes and texts; complains about ends that do not fit."""

    def __init__(self, page: str) -> None:
        """Start empty."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that is closed in itself."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    def values(self, name: str) -> list[str | None]:
        """Return the values of an attribute over the whole page."""
        return [value for key, value in self.attributes if key == name]


def text_of(page: str) -> str:
    """Return all words of a page in one line."""
    return " ".join(" ".join(Outline(page).texts).split())


def half(page: str, lang: str) -> str:
    """Return the words of one language of a page."""
    korean, english = page.split("</main>", maxsplit=1)[0].split("<main>")[1].split('<div class="page en"')
    return text_of(korean if lang == "ko" else f'<div class="page en"{english}')


# --- the page stands alone -------------------------------------------------------------------------------------------


def test_page_is_well_formed(story: Any) -> None:
    """Every element of the page is closed in order."""
    assert Outline(asi.reports.html(story.register)).open == []


def test_page_runs_and_fetches_nothing(story: Any) -> None:
    """There is no script, no handler and no address that a browser would load; the policy forbids them besides."""
    page = asi.reports.html(story.register)
    outline = Outline(page)

    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "base", "image", "use"} & set(
        outline.tags
    )
    assert not [name for name, _ in outline.attributes if name.startswith("on") or name in {"src", "style", "srcset"}]
    assert all(value is not None and re.fullmatch(r"#n\d+", value) for value in outline.values("href"))
    assert "default-src 'none'; style-src 'unsafe-inline'" in outline.values("content")


def test_ids_are_counted_and_unique(story: Any) -> None:
    """Ids are n1, n2, ... and the two buttons of the language; no user text becomes one, and every reference is met."""
    outline = Outline(asi.reports.html(story.register))
    ids = outline.values("id")
    named = {value for key in ("aria-labelledby", "aria-describedby", "for") for value in outline.values(key)}
    linked = {str(value)[1:] for value in outline.values("href")}

    assert len(ids) == len(set(ids))
    assert {one for one in ids if one is not None and not re.fullmatch(r"n\d+", one)} == {"ko", "en"}
    assert named | linked <= set(ids)


def test_same_view_gives_the_same_page(story: Any) -> None:
    """Two pages of one state are equal to the byte."""
    assert asi.reports.html(story.register) == asi.reports.html(story.register)


def test_view_of_the_present_gives_the_page_of_the_register(story: Any) -> None:
    """A view and a register answer alike."""
    register = story.register

    assert asi.reports.html(register) == asi.reports.html(register.as_of(register.now()))


def test_view_of_the_past_tells_the_past(story: Any) -> None:
    """A page on a past point holds nothing that came later."""
    past = asi.reports.html(story.register.as_of(dt.datetime(2026, 9, 2, tzinfo=dt.UTC)))

    assert "2026년 9월 2일(수) 09:00 KST" in past
    assert "memo-helper" not in past


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_both_languages_stand_on_the_page_and_one_is_chosen(lang: str, story: Any) -> None:
    """The language asked for is shown first; the other one is a click away."""
    page = asi.reports.html(story.register, lang=lang)  # type: ignore[arg-type]  # a parameter is no literal

    assert f'<html lang="{lang}">' in page
    assert re.findall(r'id="(\w+)" class="switch" checked', page) == [lang]
    assert "AI 리스크 보고서" in half(page, "ko")
    assert "AI risk report" in half(page, "en")


def test_korean_never_uses_terms_of_law_for_a_grade(story: Any) -> None:
    """HIGH is 고 등급; 고위험 and 고영향 mean something else in law."""
    page = asi.reports.html(story.register)

    assert "고 등급" in page
    assert not re.search("고위험|고영향", page)


# --- what it tells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ko", "시스템 3개, 미종결 리스크 7건(전체 8건)"),
        ("en", "3 systems, 7 open risks of 8"),
        ("ko", "kakao 제1판"),
        ("ko", "본 프로젝트는 카카오와 무관합니다"),
        ("ko", "카카오 공식 기준이 아닙니다"),
        ("en", "this project is independent of Kakao"),
        ("en", "library defaults, not Kakao's"),
    ],
)
def test_cover_says_what_it_is_about(lang: str, said: str, story: Any) -> None:
    """The cover names scope and governance, and says whose defaults these are."""
    assert said in half(asi.reports.html(story.register), lang)


def test_summary_counts_what_needs_somebody(story: Any) -> None:
    """The tiles count cases, shut gates, grades, findings, late responses, ending acceptances and measures."""
    page = asi.reports.html(story.register)
    tiles = re.findall(r'class="number">(\d+)</span>', page.split('<div class="page en"')[1])

    assert tiles == ["1", "5", "7", "3", "3", "0", "0", "2", "1", "1"]


def test_decision_asked_names_body_votes_and_deadline(story: Any) -> None:
    """An open case says what it asks, before which body it is, and that its time has passed."""
    said = half(asi.reports.html(story.register), "en")

    assert "Look at a risk: 특정인의 이동 경로를 추적하는 데 쓰임 tracks-people.risk.1" in said
    assert "ERM committee · 0 of 3 votes 2026-10-21 12:00 KST (overdue)" in said


def test_gate_says_what_is_missing_and_who_can_clear_it(story: Any) -> None:
    """A blocker names phases and bodies in words, and who can clear it."""
    korean = half(asi.reports.html(story.register), "ko")

    assert "'route-agent'의 평가 단계가 끝나지 않았습니다: self-prompts 해결할 수 있는 주체: 담당 조직 maps" in korean
    assert "결정 기구: AI 세이프티 해결할 수 있는 주체: AI 세이프티" in korean
    assert "'leaks-rrn'의 긴급 차단이 끝나지 않았습니다. 해결할 수 있는 주체: AI 세이프티" in korean


def test_heat_map_cell_links_to_its_rows(story: Any) -> None:
    """A cell leads to the rows of its system and category."""
    page = asi.reports.html(story.register)
    link = re.search(r'<a href="#(n\d+)" aria-label="생활 도우미 대화 서비스, 모델 불완전성: 고 등급, 1건">', page)

    assert link is not None
    rows = page.split(f'<tbody id="{link[1]}">')[1].split("</tbody>")[0]
    assert "leaks-rrn" in rows


@pytest.mark.parametrize(
    "label",
    [
        "생활 도우미 대화 서비스, 적극적 악용: 중 등급, 1건, 미평가 1건",
        "생활 도우미 대화 서비스, 수동적 부주의: 모두 종결, 1건",
        "사내 회의록 요약 도우미, 수동적 부주의: 미평가, 1건",
        "route-agent, 적극적 악용: 고 등급, 1건",
    ],
)
def test_heat_map_tells_grade_unknown_and_closed_apart(label: str, story: Any) -> None:
    """A cell says its grade; what nobody has assessed is said beside it, and closed risks are no grade."""
    assert f'aria-label="{label}"' in asi.reports.html(story.register)


def test_register_row_holds_the_whole_risk(story: Any) -> None:
    """A row shows title, part, flag, cycle, the three grades, owner, response with coverage and due day."""
    page = asi.reports.html(story.register).split('<div class="page en"')[1]
    row = page.split("<code>leaks-rrn</code>")[1].split("</tr>")[0]
    words = " ".join(re.sub("<[^>]+>", " ", row).split())

    assert words == (
        "· component reply contained assessed cycle 2 HIGH → Unassessed → HIGH serving "
        "Change the likelihood: Filter the output · serving · due 2026-10-20 · covers 2 of 5, works overdue none"
    )


def test_acceptance_says_how_long_it_holds(fresh_story: Any) -> None:
    """A live acceptance names its grade and end; afterwards the page says that it ended."""
    assert "accepted up to HIGH, ends 2026-11-08" in asi.reports.html(fresh_story.register)
    fresh_story.later(20)
    assert "ended 2026-11-08" in asi.reports.html(fresh_story.register)


def test_acceptance_that_was_overtaken_holds_no_longer(fresh_story: Any) -> None:
    """A material change ends an acceptance before its time, and the page says so."""
    fresh_story.register.submit(asi.commands.Rescope(risk="drops-dissent", owner="editing"), by="ml.lee")

    assert "no longer holds (would have ended 2026-11-08)" in asi.reports.html(fresh_story.register)


def test_graph_shows_where_the_open_case_stands(story: Any) -> None:
    """The box of the body before which the case is says so; those before it say what they decided."""
    ladder = asi.reports.html(story.register).split('<svg class="ladder"')[1].split("</svg>")[0]

    assert ">현재 위치 · 표 0/3<" in ladder
    assert ">승인 · 2026-10-20<" in ladder
    assert ">차례 전<" in ladder


def test_graph_shows_the_latest_decision_where_no_case_is_open(fresh_story: Any) -> None:
    """Without an open case the one decided last is drawn."""
    case = fresh_story.register.case("tracks-people.risk.1")
    fresh_story.register.submit(
        asi.commands.WithdrawCase(case=case.id), by="safety.han", because="다른 안건으로 다시 올립니다."
    )
    page = asi.reports.html(fresh_story.register)

    assert "The thick line is the way of case drops-dissent.accept.1." in page
    assert "was not asked" in half(page, "en")


def test_decisions_say_who_decided_on_which_state(story: Any) -> None:
    """A decision names body, voters, reason, each condition once, and the state hash."""
    said = half(asi.reports.html(story.register), "en")
    state = story.register.case("demo-chat.release.1").state_hash[:19]

    reason = "고 등급 리스크의 대응 효과가 아직 확인되지 않았습니다."
    assert f"ERM committee Reject {reason} erm.park, erm.choi, erm.jung none {state}" in said
    assert said.count("배포 후 2주 동안 매일 표본을 점검해 보고 (operations, due 2026-10-31)") == 1


def test_timeline_marks_emergency_measures(story: Any) -> None:
    """Containments, stops and their lifting are numbered on the timeline and told beneath it."""
    said = half(asi.reports.html(story.register), "en")

    assert "2026-10-08 04:00 KST Stop: agent (safety.kim): 결제가 두 번 실행된 사례를 확인했습니다." in said
    assert "2026-10-11 06:00 KST Stop lifted: agent (ml.lee)" in said


def test_timeline_counts_more_measures_than_it_draws(fresh_story: Any) -> None:
    """A stage with more than seven measures says how many more there are."""
    for _ in range(9):
        fresh_story.register.contain("orders-twice", by="ops.seo")
    timeline = asi.reports.html(fresh_story.register).split('<svg class="timeline"')[1].split("</svg>")[0]

    assert ">+3<" in timeline


def test_sources_tell_origins_apart(story: Any) -> None:
    """What Kakao published, what the press reports and what is ours stand in rows of their own."""
    said = half(asi.reports.html(story.register), "en").split("Sources and origins")[-1]

    assert "published by Kakao Risk categories Ethics principles Body: AI Safety" in said
    assert "reported by the press That there are three grades" in said
    assert "library default, not Kakao's" in said


# --- corners ---------------------------------------------------------------------------------------------------------


def test_empty_register_has_a_page(empty_register: asi.RiskRegister) -> None:
    """Nothing to show is said in each section, not left blank."""
    said = half(asi.reports.html(empty_register), "en")

    assert said.count("There is nothing to show.") == 7
    assert "No case was opened yet." in said


def test_retired_system_has_no_gate(empty_register: asi.RiskRegister) -> None:
    """A retired system is shown as such; its next stages are not asked for."""
    empty_register.add_system(asi.System(id="old", unit="chat", audience=asi.Audience.INTERNAL), by="ml.lee")
    empty_register.submit(asi.commands.Retire(system="old"), by="ml.lee", because="더 이상 제공하지 않는 기능입니다.")
    said = half(asi.reports.html(empty_register), "en")

    assert "Retired" in said
    assert "To Development" not in said


@pytest.mark.parametrize("stage", list(asi.Stage), ids=lambda stage: stage.id)
def test_system_taken_in_at_any_stage_has_a_timeline(stage: asi.Stage, empty_register: asi.RiskRegister) -> None:
    """The stages before the one it was taken in at were not entered."""
    pins = [Pin(kind=PinKind.MODEL, digest="sha256:" + "a" * 64)]
    system = asi.System(id="old", unit="chat", audience=asi.Audience.INTERNAL)
    empty_register.submit(asi.commands.AdoptSystem(system=system, stage=stage, live=pins), by="ml.lee")
    said = half(asi.reports.html(empty_register), "en")

    assert f"{stage.en} Now · 09-01 –" in said
    assert said.count("Not entered") == stage.rank


def test_case_of_a_body_that_the_governance_lost_is_shown_by_id(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old case may name a body that a later governance does not have."""
    present = story.register.governance()
    bodies = {body.id: body for body in present.graph.bodies}
    renamed = attrs.evolve(bodies["erm_committee"], id="risk_board", en="Risk board")
    edges = [
        attrs.evolve(
            edge, **{end: "risk_board" for end in ("source", "target") if getattr(edge, end) == "erm_committee"}
        )
        for edge in present.graph.edges
    ]
    graph = EscalationGraph(bodies=[bodies["ai_safety"], renamed, bodies["top"]], edges=edges, apex="top")
    monkeypatch.setattr(story.register, "governance", lambda: attrs.evolve(present, graph=graph))
    said = half(asi.reports.html(story.register), "en")

    assert "erm_committee · 0 of ? votes" in said
    assert "erm_committee" not in asi.reports.markdown(story.register, lang="en").split("```mermaid")[1].split("```")[0]


def test_side_bodies_stand_on_the_rung_of_their_tier(side_bodies: asi.RiskRegister) -> None:
    """A graph with signatures, opinions and notices is drawn with all its bodies and numbered lines."""
    page = asi.reports.html(side_bodies)
    ladder = page.split('<svg class="ladder"')[2].split("</svg>")[0]

    for body in side_bodies.governance().graph.bodies:
        assert f">{body.en[:16]}" in ladder
    assert 'stroke-dasharray="5 4"' in ladder


def test_body_without_a_deadline_says_so(timeless: asi.RiskRegister) -> None:
    """A case before a body without a term has no deadline."""
    assert "AI Safety · 0 of 1 votes no deadline" in half(asi.reports.html(timeless), "en")


def test_missed_deadline_is_said_on_the_way(fresh_story: Any) -> None:
    """A body that let its time pass is shown as passed over, and the case before the next one."""
    fresh_story.later(30)
    fresh_story.register.tick()
    said = half(asi.reports.html(fresh_story.register), "en")

    assert "ERM committee: let its time pass; moved up" in said
    assert "Top decision body · 0 of 1 votes" in said


def test_roll_back_is_marked(roll_back: Any) -> None:
    """Going back to what served before is an emergency measure of its stage."""
    page = asi.reports.html(roll_back.register)

    assert "Rolled back: old-search (safety.kim)" in half(page, "en")
    assert 'r="10" fill="#ffffff"' in page.split('<svg class="timeline"')[1].split("</svg>")[0]


def test_stage_set_aside_is_said(roll_back: Any) -> None:
    """A stage that was set aside as a whole is told apart from a complete one."""
    timeline = asi.reports.html(roll_back.register).split('<svg class="timeline"')[2].split("</svg>")[0]

    assert ">Round 2 · Set aside<" in timeline


def test_erased_title_is_said_to_be_erased(fresh_story: Any) -> None:
    """Where a text was erased its word stands, in each language."""
    entry = next(one for one in fresh_story.register.events() if one.stream == "risk:orders-twice" and one.version == 1)
    fresh_story.store.erase(entry.seq, "risk.title")
    page = asi.reports.html(fresh_story.register)

    assert "에이전트가 확인 없이" not in page
    assert "(삭제됨)" in half(page, "ko")
    assert "(erased)" in half(page, "en")


# --- a register that moves -------------------------------------------------------------------------------------------


class Restless:
    """Writes to a register each time somebody reads its events, as often as it is told to."""

    def __init__(self, register: asi.RiskRegister, times: int) -> None:
        """Start empty."""
        self.register, self.left, self.read = register, times, register.events

    def __call__(self, **how: Any) -> Any:
        """Answer, and add a system."""
        page = self.read(**how)
        if self.left:
            self.left -= 1
            system = asi.System(id=f"s{self.left}", unit="chat", audience=asi.Audience.INTERNAL)
            self.register.add_system(system, by="ml.lee")
        return page


def test_report_never_mixes_two_states(empty_register: asi.RiskRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register that was written to while it was read is read again."""
    monkeypatch.setattr(empty_register, "events", Restless(empty_register, 2))

    assert "3 events" in asi.reports.html(empty_register)


def test_register_that_never_rests_is_refused(
    empty_register: asi.RiskRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A register that moves on each time it is read is refused with what to do instead."""
    monkeypatch.setattr(empty_register, "events", Restless(empty_register, 1_000))
    with pytest.raises(StoreBusy, match="as_of"):
        asi.reports.html(empty_register)


def test_pages_of_any_size_give_the_same_report(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Log, systems, risks and cases are read to their ends, however small the pages are that they come in."""
    register = story.register
    whole = asi.reports.html(register)
    for name in ("events", "systems", "risks", "cases"):
        ask = getattr(register, name)
        monkeypatch.setattr(register, name, lambda ask=ask, **how: ask(**{"limit": 2, **how}))

    assert asi.reports.html(register) == whole
