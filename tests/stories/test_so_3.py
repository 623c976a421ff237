"""SO-3: a label that becomes two in the next version changes no risk; what has no successor is listed."""

from typing import Any

from kakao_asi import reports
from kakao_asi.framework import SchemeVersion, Succession

FIRST = SchemeVersion(scheme="acme.labels", version="1.0", ids={"privacy.leak", "toxicity", "slow"})
SECOND = SchemeVersion(
    scheme="acme.labels",
    version="1.1",
    before="1.0",
    ids={"privacy.leak_reply", "privacy.leak_log", "toxicity"},
    successions=[Succession(id="privacy.leak", successors=["privacy.leak_reply", "privacy.leak_log"])],
)
LABELS = {"r1": "privacy.leak", "r2": "toxicity", "r3": "slow", "r4": "privacy.leak"}


def labelled(life: Any) -> Any:
    """A register with risks under the labels of the first version."""
    for name, label in LABELS.items():
        life.identify(name, label=label, component=name)
    return life


def test_every_risk_keeps_its_id_and_its_history(start_life: Any) -> None:
    """Each risk leads to itself, to two successors or is listed as unmapped; none of them was touched."""
    life = labelled(start_life(risk=False))
    size = life.size()
    migration = SECOND.migration(FIRST)

    found = {risk.id: migration.leads(risk.risk.label) for risk in life.register.risks()}

    both = ("privacy.leak_reply", "privacy.leak_log")
    assert {"r1": both, "r2": ("toxicity",), "r3": (), "r4": both} == found
    assert (("slow",), size) == (migration.unmapped, life.size())


def test_old_reports_rebuild_unchanged(start_life: Any) -> None:
    """A report of the day before the new version is the same afterwards, whatever risks are identified under it."""
    life = labelled(start_life(risk=False))
    at = life.clock()
    before = [reports.markdown(life.register), reports.html(life.register)]
    life.forward(days=1)
    life.identify("r5", label="privacy.leak_log")
    view = life.register.as_of(at)

    assert before == [reports.markdown(view), reports.html(view)]
