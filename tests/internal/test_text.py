"""Korean particles, and the text that can be erased."""

import copy
import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi._internal.text import PrivateText, josa

PAIRS = ["은/는", "이/가", "을/를", "과/와", "으로/로"]
NO_FINAL, RIEUL = 0, 8
FINALS = range(28)
DIGITS = {"0": 21, "1": 8, "2": 0, "3": 16, "4": 0, "5": 0, "6": 1, "7": 8, "8": 8, "9": 0}


def expected(particle: str, final: int) -> str:
    """The form that grammar asks for after a final."""
    closed, open_ = particle.split("/")
    takes_open = final == NO_FINAL or (particle == "으로/로" and final == RIEUL)
    return open_ if takes_open else closed


@pytest.mark.parametrize("final", FINALS)
@pytest.mark.parametrize("particle", PAIRS)
def test_a_particle_follows_the_final_of_a_syllable(particle: str, final: int) -> None:
    """For each of the 28 finals each pair takes the form that grammar asks for."""
    word = "등" + chr(0xAC00 + final)

    assert word + expected(particle, final) == josa(word, particle)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("particle", PAIRS)
def test_a_particle_follows_the_sound_of_a_digit(particle: str, digit: str) -> None:
    """A digit is read in Korean, so 3 has a final and 2 has none."""
    assert f"v{digit}" + expected(particle, DIGITS[digit]) == josa(f"v{digit}", particle)


@pytest.mark.parametrize("word", ["GPT", "demo-chat", "", "ㄱ", "(가)", "\u1100\u1161"])
@pytest.mark.parametrize("particle", PAIRS)
def test_both_forms_stand_where_the_ending_does_not_tell(particle: str, word: str) -> None:
    """After Latin letters, signs, single jamo or nothing both forms are written."""
    closed, open_ = particle.split("/")

    assert f"{word}{closed}({open_})" == josa(word, particle)


@given(st.text(), st.sampled_from(PAIRS))
def test_a_particle_is_only_appended(word: str, particle: str) -> None:
    """Whatever the word, it stays as it is in front."""
    assert josa(word, particle).startswith(word)


@given(st.text())
def test_private_text_is_the_text_it_holds(text: str) -> None:
    """It equals its text, and so do its plain form and its copies."""
    private = PrivateText(text, "ab" * 32)

    assert text == private == str(private) == copy.deepcopy(private)


def test_the_plain_form_of_private_text_is_plain() -> None:
    """Turned into a string it carries no digest any more."""
    assert type(str(PrivateText("제목", "ab" * 32))) is str


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301  # our own bytes
def test_private_text_keeps_its_digest(again: object) -> None:
    """Copies and pickles carry the digest along."""
    assert again(PrivateText("제목", "ab" * 32)).digest == "ab" * 32  # type: ignore[operator]  # a callable


def test_normal_forms_of_a_syllable_end_alike() -> None:
    """A composed syllable tells its ending; templates therefore compose before they ask."""
    assert josa(unicodedata.normalize("NFC", "\u1112\u1161\u11ab"), "은/는") == "한은"
