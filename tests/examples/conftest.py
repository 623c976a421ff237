"""The story is told three times for all tests of this folder, and read from the folders it leaves."""

import contextlib
import datetime as dt
import importlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import kakao_asi as asi
from kakao_asi.testing import FrozenClock

END = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))


class Telling(NamedTuple):
    """What one telling printed and left behind."""

    lang: str
    folder: Path
    text: str

    def register(self) -> asi.RiskRegister:
        """Open what it left, at the end of the story, for reading only."""
        return asi.RiskRegister.open(self.folder / "asi.db", clock=FrozenClock(END), read_only=True)


@pytest.fixture(scope="session")
def imported(repository: Path) -> Iterator[Callable[[str], Any]]:
    """Import a module of the programs beside the package, whichever way the tests were started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(repository))
        yield importlib.import_module


@pytest.fixture(scope="session")
def tell(imported: Callable[[str], Any]) -> Callable[..., Telling]:
    """Tell the story, or other chapters, into a folder."""
    the_story = imported("examples.story.__main__").CHAPTERS
    desk = imported("examples.story.desk")

    def telling(lang: str, folder: Path, chapters: Any = the_story) -> Telling:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            desk.tell(chapters, lang=lang, out=folder)
        return Telling(lang, folder, printed.getvalue())

    return telling


@pytest.fixture(scope="session")
def english(tell: Callable[..., Telling], tmp_path_factory: pytest.TempPathFactory) -> Telling:
    """The story in English."""
    return tell("en", tmp_path_factory.mktemp("english") / "out")


@pytest.fixture(scope="session")
def korean(tell: Callable[..., Telling], tmp_path_factory: pytest.TempPathFactory) -> Telling:
    """The story in Korean."""
    return tell("ko", tmp_path_factory.mktemp("korean"))


@pytest.fixture
def register(english: Telling) -> Iterator[asi.RiskRegister]:
    """The register that the English story left."""
    with english.register() as register:
        yield register
