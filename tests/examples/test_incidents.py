"""The public incidents: loaded strictly, replayed in full, and never told as more than our reading."""

import ast
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi.assessments import Basis
from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.serialization import load
from kakao_asi.taxonomy import RiskCategory


@pytest.fixture(scope="module")
def records(imported: Callable[[str], Any]) -> Any:
    """The module that reads the files."""
    return imported("examples.incidents.records")


@pytest.fixture(scope="module")
def incidents(records: Any) -> Any:
    """All incidents, the earliest first."""
    return records.all_incidents()


@pytest.fixture
def one(repository: Path) -> dict[str, Any]:
    """The data of one file, to be spoiled."""
    path = repository / "examples" / "incidents" / "invented-citation-2025.json"
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def named(incident: Any, key: str) -> str:
    """The id of a risk of an incident in the register."""
    return f"{incident.id}.{key}"


def test_there_are_twelve_from_early_to_late(incidents: Any) -> None:
    """Twelve incidents are loaded in the order of their dates."""
    assert len(incidents) == 12
    assert sorted(incident.when for incident in incidents) == [incident.when for incident in incidents]


def test_a_file_is_named_by_its_id(repository: Path, incidents: Any) -> None:
    """Each file bears the id of what it holds."""
    names = {path.stem for path in (repository / "examples" / "incidents").glob("*.json")}

    assert {incident.id for incident in incidents} == names


def test_misuse_needs_established_intent(one: dict[str, Any], records: Any) -> None:
    """A category of malice is refused where no source establishes intent."""
    one["risks"][1]["category"] = "active_misuse"

    with pytest.raises(LoadError):
        load(records.Incident, json.dumps(one))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: data.update(extra=1), id="unknown-key"),
        pytest.param(lambda data: data.pop("sources"), id="missing-key"),
        pytest.param(lambda data: data.update(sources=[]), id="no-source"),
        pytest.param(lambda data: data.update(confidence="certain"), id="unknown-word"),
        pytest.param(
            lambda data: data["risks"][1]["ties"].append({"kind": "causes", "to": "nobody"}), id="tie-to-nobody"
        ),
        pytest.param(
            lambda data: data["risks"][1]["ties"].append({"kind": "causes", "to": "reliance"}), id="tie-to-self"
        ),
        pytest.param(lambda data: data["risks"][0].pop("factors"), id="category-without-factors"),
        pytest.param(lambda data: data["risks"][0].update(candidates=["active_misuse"]), id="category-and-candidates"),
    ],
)
def test_a_spoiled_file_is_refused(one: dict[str, Any], records: Any, spoil: Any) -> None:
    """Loading refuses what does not hold together."""
    spoil(one)

    with pytest.raises(LoadError):
        load(records.Incident, json.dumps(one))


def test_a_risk_without_category_names_candidates(records: Any) -> None:
    """Where no category is claimed, a person is told what to choose from."""
    said = records.Said(ko="말", en="word")

    with pytest.raises(InvalidValue, match="candidates"):
        records.ReadRisk(key="k", title=said, why=said, principles=frozenset(), stages=frozenset())


def test_every_incident_is_a_system_under_management(register: asi.RiskRegister, incidents: Any) -> None:
    """Each incident's system is in the register, taken in while running, with every categorised risk."""
    for incident in incidents:
        state = register.system(incident.id)
        expected = sorted(named(incident, risk.key) for risk in incident.risks if risk.category is not None)
        assert state.adopted
        assert expected == [risk.id for risk in register.risks(system=incident.id)]


def test_every_risk_is_assessed_as_an_assumption_and_answered(register: asi.RiskRegister, incidents: Any) -> None:
    """Each risk has an expert assessment whose reason says what was assumed, and a response."""
    for incident in incidents:
        for risk in (risk for risk in incident.risks if risk.category is not None):
            state = register.risk(named(incident, risk.key))
            assessed = next(entry for entry in register.history(state.id) if entry.kind == "risk_assessed")
            assert [one.basis for one in state.assessments] == [Basis.EXPERT]
            assert assessed.because == risk.assumed.en
            assert len(state.responses) == len(risk.responses) > 0


def test_both_halves_of_a_mixed_cause_are_answered(register: asi.RiskRegister, incidents: Any) -> None:
    """Six incidents have a mixed cause: two linked risks of different actors, each with its own response."""
    pairs = [
        (register.risk(named(incident, risk.key)), register.risk(named(incident, tie.to)), tie)
        for incident in incidents
        for risk in incident.risks
        for tie in risk.ties
    ]

    assert len(pairs) == 6
    for source, target, tie in pairs:
        assert [(link.kind, link.to) for link in source.links] == [(tie.kind, target.id)]
        assert source.risk.actor is not target.risk.actor
        assert source.responses
        assert target.responses


def test_every_categorised_incident_is_escalated(register: asi.RiskRegister, incidents: Any) -> None:
    """Each incident with a category is a case before the bodies, and goes up to the top one."""
    for incident in incidents:
        cases = register.cases(system=incident.id).items
        claimed = any(risk.category is not None for risk in incident.risks)
        assert len(cases) == claimed
        assert all(case.steps[-1].body == "top" for case in cases)


@pytest.mark.parametrize(("language", "words"), [("english", "our reading"), ("korean", "우리의 해석")])
def test_our_reading_stands_beside_every_category(
    request: pytest.FixtureRequest, incidents: Any, language: str, words: str
) -> None:
    """The heading of the column with the category says whose reading it is, for every incident."""
    text = request.getfixturevalue(language).text

    assert text.count(f"({words})") >= len(incidents)


def test_no_public_incident_is_read_as_uncontrollability(incidents: Any) -> None:
    """None of them is, and the account says so rather than stretching one."""
    found = {risk.category for incident in incidents for risk in incident.risks}

    assert RiskCategory.UNCONTROLLABILITY not in found


def test_examples_import_nothing_but_the_run_time_packages(repository: Path) -> None:
    """The examples import the library, attrs and the standard library only, but for those that show it in a host."""
    in_a_host = {"chat_service", "training"}
    found = set()
    for path in (repository / "examples").rglob("*.py"):
        if path.parent.name in in_a_host:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(str(node.module).partition(".")[0])

    assert found - sys.stdlib_module_names == {"attrs", "kakao_asi"}
