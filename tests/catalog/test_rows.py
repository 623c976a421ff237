"""Shipped rows: complete, sourced, in two languages."""

from __future__ import annotations

import unicodedata

import pytest

from kakao_asi import catalog
from kakao_asi.principles import Principle
from kakao_asi.taxonomy import Origin, RiskCategory

ROWS = (*catalog.principle_rows(), *catalog.categories())
LICENCES = {"CC-BY-4.0"}


def _name(row: catalog.SchemeRow) -> str:
    return f"{row.scheme}/{row.id}"


def test_there_are_ten_principles() -> None:
    """Kakao's ethics principles are ten."""
    assert 10 == len(catalog.principles())


def test_the_categories_are_those_of_the_taxonomy() -> None:
    """Each category of the taxonomy has one row, under its id and with its labels."""
    expected = sorted((one.id, one.ko, one.en) for one in RiskCategory)

    assert expected == [(row.id, row.labels.ko, row.labels.en) for row in catalog.categories()]


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_every_text_is_in_normal_form_c(row: catalog.SchemeRow) -> None:
    """Labels and texts are stored in Unicode normal form C."""
    texts = (row.labels.ko, row.labels.en, row.text.ko, row.text.en)

    assert all(unicodedata.is_normalized("NFC", text) for text in texts)


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_every_row_names_its_source_and_licence(row: catalog.SchemeRow) -> None:
    """A row with an outside origin has an https source and a licence that may be used."""
    assert (Origin.PUBLISHED, True, True) == (
        row.origin,
        row.source_url.startswith("https://"),
        row.licence in LICENCES,
    )


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_no_shipped_text_uses_the_words_of_other_laws(row: catalog.SchemeRow) -> None:
    """HIGH is never written with the legal terms for high-risk or high-impact AI."""
    assert not {"고위험", "고영향"} & set((row.labels.ko + row.text.ko).split())


def test_ids_are_unique_in_their_scheme() -> None:
    """No scheme holds an id twice in one version."""
    keys = [(row.scheme, row.version, row.id) for row in ROWS]

    assert len(keys) == len(set(keys))


def test_official_english_labels_that_differ_are_kept() -> None:
    """Where our English label differs from Kakao's, Kakao's stands beside it."""
    official = {row.id: row.labels.en_official for row in catalog.principle_rows() if row.labels.en_official}

    assert {
        "vigilance_adverse_effects": "The boundary of dysfunction",
        "user_agency": "User subjectivity",
    } == official


def test_principles_carry_both_languages() -> None:
    """A principle gives its label in the language asked for."""
    privacy = next(one for one in catalog.principles() if one.id == "privacy")

    assert ("프라이버시", "Privacy", True) == (
        privacy.label("ko"),
        privacy.label("en"),
        isinstance(privacy, Principle),
    )


@pytest.mark.parametrize("preset", [catalog.kakao_governance, catalog.proportional_governance])
@pytest.mark.parametrize("side_bodies", [False, True])
def test_presets_build(preset: object, side_bodies: bool) -> None:
    """Both presets build, with and without their side bodies, and know the ten principles."""
    governance = preset(side_bodies=side_bodies)  # type: ignore[operator]  # a preset is a function

    assert (10, 4) == (len(governance.principles), len(governance.methods))
