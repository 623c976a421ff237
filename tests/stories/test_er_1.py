"""ER-1: the secretary's pack since the last meeting: what is asked, what moved and why, what runs out, what is late."""

import json
from typing import Any

from kakao_asi import Grade, Matter, commands, reports
from kakao_asi.framework import Incident, IncidentRecord


def test_a_month_stands_in_the_pack(life: Any) -> None:
    """Within one month a risk rises, one is accepted for 20 days, a response is late and an incident's clock runs."""
    for name in ("rises", "lives"):
        life.identify(name)
        life.assess(Grade.LOW, name)
    life.respond("rises")
    life.forward(minutes=1)
    since = life.clock()
    first = json.loads(reports.committee(life.register, body="erm_committee", since=since, form="json"))
    life.forward(days=31)
    life.assess(Grade.HIGH, "rises")
    life.accepted("lives", days=20)
    case = life.open_case("rises", Matter.RISK)
    facts = Incident(aware_at=life.clock(), kinds={"leak"}, people=1, unique_id=True, pseudonymised=False)
    life.submit(commands.Record(record=IncidentRecord(id="leak-1", system="chat", facts=facts, risks={"rises"})))

    pack = json.loads(
        reports.committee(life.register, body="ai_safety", since=since, form="json", previous=first["id"])
    )

    assert first["id"] == pack["previous_pack"]
    assert [case.id] == [one["case"] for one in pack["asked"]]
    assert [("rises", "low", "high", "assessed")] == [
        (one["risk"], one["before"], one["now"], one["reason"]) for one in pack["raised"]
    ]
    assert ["lives"] == pack["ending"]
    assert [("response", "rises", 1)] == [(one["kind"], one["subject"], one["days"]) for one in pack["late"]]
    assert {"running"} == {clock["standing"] for one in pack["incidents"] for clock in one["clocks"]}
    assert {"r", "rises"} == {*pack["breaches"]}
