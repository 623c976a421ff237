"""Where the account is written: a fresh register, the chapters, the reports, and the files put in their place."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import kakao_asi as asi
from kakao_asi.testing import CountingIds, FrozenClock

from .cast import ROSTER
from .scene import START, Scene
from .telling import Lang, Teller

__all__ = ["FILES", "tell"]

FILES = ("asi.db", "report.md", "report.html")
"""What a telling leaves in its folder."""

_LEFT_BY_SQLITE = ("asi.db-journal", "asi.db-wal", "asi.db-shm")


def tell(chapters: Iterable[Callable[[Scene], None]], *, lang: Lang, out: Path) -> None:
    """Tell chapters in one language and put register and reports into a folder.

    What an earlier telling left there is replaced only once everything is written.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    out.mkdir(parents=True, exist_ok=True)
    teller = Teller(lang=lang)
    with tempfile.TemporaryDirectory(dir=out, prefix=".telling-") as folder:
        draft = Path(folder)
        _write(chapters, teller, draft)
        _replace(draft, out)
    _name_the_files(teller, out)


def _write(chapters: Iterable[Callable[[Scene], None]], teller: Teller, draft: Path) -> None:
    clock = FrozenClock(START)
    with asi.RiskRegister.open(draft / "asi.db", roster=ROSTER, clock=clock, ids=CountingIds()) as register:
        scene = Scene(register=register, clock=clock, teller=teller)
        _open_the_book(scene)
        for chapter in chapters:
            chapter(scene)
        _close_the_book(scene)
        asi.reports.markdown(register, draft / "report.md", lang=teller.lang)
        asi.reports.html(register, draft / "report.html")


def _replace(draft: Path, out: Path) -> None:
    # A journal of the old register would be played into the new one.
    for name in _LEFT_BY_SQLITE:
        (out / name).unlink(missing_ok=True)
    for name in FILES:
        (draft / name).replace(out / name)


def _open_the_book(scene: Scene) -> None:
    scene.teller.write(
        scene.pick(ko="이야기샘: 설계에서 두 번째 버전까지", en="Iyagi Chat: from design to version two")
    )
    scene.add(
        ko="가상의 대화 서비스가 카카오 AI 세이프티 이니셔티브(ASI)의 방식으로 관리되는 아홉 달의 이야기입니다. 회사도 "
        "서비스도 사람도 지어낸 것입니다. 여기 나오는 기준·정족수·기한은 라이브러리 기본값이며 카카오의 공식 기준이 "
        "아닙니다. 본 프로젝트는 카카오와 무관합니다.",
        en="Nine months of a made-up chat service that is managed after the Kakao AI Safety Initiative (ASI). The "
        "company, the service and the people are invented. Thresholds, quorums and deadlines are defaults of this "
        "library, not Kakao's. The project is independent of Kakao.",
    )


def _close_the_book(scene: Scene) -> None:
    scene.chapter(ko="끝: 기록은 스스로를 증명하는가", en="The end: does the record prove itself")
    report = scene.register.audit()
    scene.add(ko=report.verdict_ko, en=report.verdict_en)
    differing = len(scene.register.rebuild())
    scene.add(
        ko=f"기록을 처음부터 다시 계산해 저장된 상태와 견주었습니다. 다른 항목: {differing}건.",
        en=f"The whole log was computed anew and compared with the stored states. Differences: {differing}.",
    )


def _name_the_files(teller: Teller, out: Path) -> None:
    told = {
        "asi.db": teller.pick(ko="리스크 관리대장 (SQLite)", en="the register (SQLite)"),
        "report.md": teller.pick(ko="보고서 (Markdown)", en="the report as Markdown"),
        "report.html": teller.pick(
            ko="보고서 (한 파일 HTML, 오프라인에서 열림)", en="the report as one HTML file, opens offline"
        ),
    }
    teller.paragraph(teller.pick(ko="파일을 남겼습니다:", en="Written:"))
    for name in FILES:
        teller.write(f"  {out / name}  {told[name]}")
