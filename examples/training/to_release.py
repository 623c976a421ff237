"""From a training run to a release: a run's evidence blocks a risk's system, and a better run's evidence releases it.

    python -m examples.training.to_release [FOLDER]

The company, the service and the people are invented; thresholds and bodies are library defaults, not Kakao's.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import kakao_asi as asi
from kakao_asi.assessments import AssessmentKind
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Seat
from kakao_asi.responses import Coverage
from kakao_asi.systems import Pin, PinKind
from kakao_asi.training import Monitor

from . import task
from .plain import trained

SEATS = {"ai_safety": ["safety.kim"], "erm_committee": ["erm.park", "erm.choi", "erm.jung"], "top": ["ceo.yoon"]}
ROSTER = asi.Roster(
    people=[
        *(asi.Person(id=person) for people in SEATS.values() for person in people),
        asi.Person(id="ml.lee", unit="chat", roles={"models"}),
        asi.Person(id="qa.moon", unit="quality"),
        asi.Person(id="safety.han", unit="safety", roles={"second_line"}),
    ],
    seats=[Seat(body=body, person=person) for body, people in SEATS.items() for person in people],
)
RISK = "misses-rude"


def begun(folder: Path) -> asi.RiskRegister:
    """Open a register with the filter, which enters DEVELOPMENT, and what could go wrong with it."""
    register = asi.RiskRegister.open(folder / "asi.db", roster=ROSTER)
    register.add_system(
        asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL, components={"rude-filter"}),
        by="ml.lee",
    )
    register.identify(
        asi.Risk(
            id=RISK,
            title="Rude messages from one region pass the filter",
            category=asi.RiskCategory.MODEL_IMPERFECTION,
            system="demo-chat",
            component="rude-filter",
            principles={"non_discrimination"},
            owner="models",
        ),
        by="ml.lee",
    )
    return register


def run(name: str, folder: Path, *, wrong_in_jeju: float) -> Monitor:
    """Train once; what the monitor found lies in the folder's spool."""
    place = folder / name
    place.mkdir(parents=True)
    data = task.messages(6_400, seed=1, wrong_in_jeju=wrong_in_jeju)
    with task.monitor(name, folder / "spool", data) as monitor:
        trained(monitor, data, place, faults=False)
    return monitor


def measured(register: asi.RiskRegister, monitor: Monitor, *, responses: tuple[str, ...] = ()) -> None:
    """Assess the risk from a run: factors and evidence are the run's own, how bad one failure is a person says."""
    if monitor.evaluation is None:
        raise SystemExit("the run was not evaluated")
    metric = asi.Evidence.of_bytes(
        b"share of rude messages that pass", at=monitor.evaluation.at, kind=EvidenceKind.METRIC
    )
    register.assess(
        RISK,
        monitor.evaluation.factors("wrong", severity=asi.Severity.MAJOR, by="region", coverage_pct=90),
        kind=AssessmentKind.RESIDUAL if responses else AssessmentKind.INHERENT,
        responses=responses,
        evidence=[*monitor.evidence(), metric],
        by="safety.han",
    )


def pinned(register: asi.RiskRegister, monitor: Monitor) -> None:
    """Say which checkpoint is to be released."""
    model = next(one for one in monitor.evidence() if one.kind is EvidenceKind.MODEL)
    pins = [Pin(kind=PinKind.MODEL, digest=model.digest)]
    register.submit(asi.commands.Pin(system="demo-chat", pins=pins), by="ml.lee")


def entered(register: asi.RiskRegister, stage: asi.Stage) -> None:
    """Enter a stage with the decision that it takes."""
    case = register.escalate("demo-chat", asi.Matter.STAGE, stage=stage, by="ml.lee")
    register.decide(case.id, "approve", body="ai_safety", by="safety.kim")
    register.enter("demo-chat", stage, by="ml.lee")


def planned(register: asi.RiskRegister) -> str:
    """Answer the risk: check the labels and train anew; return the id of the response."""
    response = asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD,
        controls=["ai.data_fix", "ai.retrain"],
        owner="models",
        due=dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30),
    )
    return register.respond(RISK, response, by="ml.lee").responses[-1].id


def shown(register: asi.RiskRegister, monitor: Monitor, response: str) -> None:
    """Show that the response works in every region, and assess what is left."""
    results = [one for one in monitor.evidence() if one.kind is EvidenceKind.RESULT]
    coverage = Coverage(done=len(task.REGIONS), of=len(task.REGIONS))
    register.verify(RISK, response, coverage=coverage, effective=True, evidence=results, by="qa.moon")
    measured(register, monitor, responses=(response,))


def decided(register: asi.RiskRegister, subject: str, matter: asi.Matter, *, bodies: tuple[str, ...]) -> None:
    """Ask the bodies, in their order; all approve."""
    case = register.escalate(subject, matter, by="ml.lee", because="the filter was trained anew on checked labels")
    for body in bodies:
        for person in SEATS[body]:
            register.decide(case.id, "approve", body=body, by=person)


def named(grade: asi.Grade | None) -> str:
    """A grade for a reader; unknown is not low."""
    return "unknown" if grade is None else grade.en


def main(folder: Path) -> None:
    """Tell the way from the first run to the release."""
    folder.mkdir(parents=True, exist_ok=True)
    with begun(folder) as register:
        print("== the first run: most labels from one region are wrong")
        first = run("exp-1", folder, wrong_in_jeju=0.6)
        print(*task.told(folder / "spool"), sep="\n")
        measured(register, first)
        print("the risk is assessed as", named(register.grades(RISK).inherent))
        response = planned(register)
        entered(register, asi.Stage.DEVELOPMENT)
        pinned(register, first)
        entered(register, asi.Stage.TEST)
        print(register.gate("demo-chat", asi.Stage.DEPLOYMENT))

        print("== the second run: the labels were checked")
        second = run("exp-2", folder, wrong_in_jeju=0.0)
        pinned(register, second)
        measured(register, second)
        print("by itself lowers nothing: the risk counts as", named(register.risk(RISK).effective))
        shown(register, second, response)
        print("with the response verified, what is left is", named(register.grades(RISK).residual))
        decided(register, RISK, asi.Matter.CLOSE_OR_LOWER, bodies=("top",))
        print("after the decision the risk counts as", named(register.risk(RISK).effective))
        decided(register, "demo-chat", asi.Matter.RELEASE, bodies=("ai_safety", "erm_committee", "top"))
        print(register.gate("demo-chat", asi.Stage.DEPLOYMENT))
        register.enter("demo-chat", asi.Stage.DEPLOYMENT, by="ml.lee")
        print("released:", register.system("demo-chat").stage.en)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "training-output"))
