"""Every entry of the public lists of risks lands on a candidate of the screening, or is listed as undecided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import catalog
from kakao_asi.exceptions import UnknownId
from kakao_asi.framework import Reference

COUNTS = {"cosai.risks": 36, "ibm.risk-atlas": 99, "nist.ai-600-1": 12, "owasp-agentic": 10}
UNDECIDED = {
    "cosai.risks": {
        "riskAcceleratorAndSystemSideChannels",
        "riskCovertChannelsInModelOutputs",
        "riskDenialOfMLService",
        "riskExcessiveDataHandlingDuringInference",
        "riskMCPTransportHijacking",
    },
    "ibm.risk-atlas": {
        "human-exploitation",
        "impact-environment-agentic",
        "impact-human-dignity-agentic",
        "impact-jobs-agentic",
        "impact-on-jobs",
        "impact-on-the-environment",
        "plagiarism",
    },
    "nist.ai-600-1": {"environmental-impacts"},
    "owasp-agentic": set(),
}
"""What fits none of our candidates, by our reading: hardware and transport, effects on work and the environment."""


@pytest.fixture(scope="module")
def landings(imported: Callable[[str], Any]) -> dict[str, Any]:
    """Where each list lands, by its scheme."""
    pytest.importorskip("yaml", reason="PyYAML reads the public lists and is not installed")
    lists = imported("benchmarks.lists")
    if not lists.DATA.is_dir():
        pytest.skip("the public lists are not in shared/data beside the project")
    return {one.scheme: one for one in lists.landings(lists.DATA)}


@pytest.mark.parametrize("scheme", COUNTS)
def test_every_entry_lands_or_is_listed(landings: dict[str, Any], scheme: str) -> None:
    """No entry is lost: each has candidates or stands among the undecided, which are known by name."""
    found = landings[scheme]

    assert (COUNTS[scheme], UNDECIDED[scheme]) == (len(found.landed) + len(found.undecided), set(found.undecided))


@pytest.mark.parametrize("scheme", COUNTS)
def test_no_link_points_past_its_list(landings: dict[str, Any], scheme: str) -> None:
    """Each shipped link points to an entry that the list has."""
    linked = {Reference.parse(row.object).id for row in catalog.screening_links() if row.scheme == scheme}

    assert linked == {entry for entry, _ in landings[scheme].landed}


def test_an_entry_leads_to_a_stage_and_a_category() -> None:
    """An entry that lands has a stage and a category through its candidates."""
    candidates = {one.id: one for one in catalog.screening()}
    (_, ids), *_ = catalog.landing("ibm.risk-atlas", ["jailbreaking"]).landed

    assert [("test", "active_misuse")] == [(candidates[one].stage.id, candidates[one].category.id) for one in ids]


def test_what_nobody_linked_is_undecided() -> None:
    """An entry that is not known lands nowhere: nothing is guessed from its name."""
    found = catalog.landing("cosai.risks", ["riskPromptInjection", "riskPromptInjectionOfANewKind"])

    assert (1, ("riskPromptInjectionOfANewKind",)) == (len(found.landed), found.undecided)


def test_an_unknown_list_is_refused() -> None:
    """Only schemes that are shipped can be asked for."""
    with pytest.raises(UnknownId, match="elsewhere"):
        catalog.landing("elsewhere", [])
