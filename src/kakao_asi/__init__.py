"""AI risk management for other teams' code, after the Kakao AI Safety Initiative (Kakao ASI).

::

    import kakao_asi as asi

    register = asi.RiskRegister.open("asi.db")

The names below are the face; everything else is reached through its module, for example ``asi.commands.Reword``,
``asi.governance.Vote`` or ``asi.catalog.kakao_governance``. Importing the package opens nothing and starts nothing.
The project is independent of Kakao.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .exceptions import AsiError, CommandRefused, GateBlocked

if TYPE_CHECKING:
    from . import assessments as assessments
    from . import catalog as catalog
    from . import evidence as evidence
    from . import exceptions as exceptions
    from . import findings as findings
    from . import framework as framework
    from . import governance as governance
    from . import hooks as hooks
    from . import lifecycle as lifecycle
    from . import observers as observers
    from . import principles as principles
    from . import register as register
    from . import reports as reports
    from . import responses as responses
    from . import risks as risks
    from . import serialization as serialization
    from . import signals as signals
    from . import stages as stages
    from . import stores as stores
    from . import systems as systems
    from . import taxonomy as taxonomy
    from . import testing as testing
    from . import training as training
    from .assessments import (
        Assessment,
        DataClass,
        ImperfectionFactors,
        MisuseFactors,
        NegligenceFactors,
        Severity,
        UncontrollabilityFactors,
    )
    from .evidence import Evidence
    from .findings import Finding, Verdict
    from .governance import (
        Acceptance,
        Case,
        Decision,
        EscalationGraph,
        GateResult,
        Governance,
        GovernanceBody,
        Matter,
        Outcome,
        Person,
        Roster,
    )
    from .hooks import activity, carry, gate, guard, human_action, watch
    from .lifecycle import LifecycleEngine, RiskState, SystemState
    from .lifecycle import commands as commands
    from .principles import Principle
    from .register import RiskRegister
    from .responses import Response, Strategy
    from .risks import Risk
    from .stages import Phase, Stage
    from .systems import Audience, System
    from .taxonomy import Actor, Grade, RiskCategory

    __version__: str

__all__ = [
    "Acceptance",
    "Actor",
    "AsiError",
    "Assessment",
    "Audience",
    "Case",
    "CommandRefused",
    "DataClass",
    "Decision",
    "EscalationGraph",
    "Evidence",
    "Finding",
    "GateBlocked",
    "GateResult",
    "Governance",
    "GovernanceBody",
    "Grade",
    "ImperfectionFactors",
    "LifecycleEngine",
    "Matter",
    "MisuseFactors",
    "NegligenceFactors",
    "Outcome",
    "Person",
    "Phase",
    "Principle",
    "Response",
    "Risk",
    "RiskCategory",
    "RiskRegister",
    "RiskState",
    "Roster",
    "Severity",
    "Stage",
    "Strategy",
    "System",
    "SystemState",
    "UncontrollabilityFactors",
    "Verdict",
    "activity",
    "carry",
    "gate",
    "guard",
    "human_action",
    "watch",
]

_HOMES = {
    "assessments": "Assessment DataClass ImperfectionFactors MisuseFactors NegligenceFactors Severity "
    "UncontrollabilityFactors",
    "evidence": "Evidence",
    "findings": "Finding Verdict",
    "governance": "Acceptance Case Decision EscalationGraph GateResult Governance GovernanceBody Matter Outcome Person "
    "Roster",
    "hooks": "activity carry gate guard human_action watch",
    "lifecycle": "LifecycleEngine RiskState SystemState",
    "principles": "Principle",
    "register": "RiskRegister",
    "responses": "Response Strategy",
    "risks": "Risk",
    "stages": "Phase Stage",
    "systems": "Audience System",
    "taxonomy": "Actor Grade RiskCategory",
}

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

_MODULES = {
    **{home: home for home in _HOMES},
    "catalog": "catalog",
    "commands": "lifecycle.commands",
    "framework": "framework",
    "observers": "observers",
    "reports": "reports",
    "serialization": "serialization",
    "signals": "signals",
    "stores": "stores",
    "testing": "testing",
    "training": "training",
}


def __getattr__(name: str) -> Any:
    """Load a name of the face, or a module, when it is first asked for."""
    if name in _HOME_OF:
        value = getattr(importlib.import_module(f".{_HOME_OF[name]}", __name__), name)
    elif name in _MODULES:
        value = importlib.import_module(f".{_MODULES[name]}", __name__)
    elif name == "__version__":
        from importlib.metadata import version

        value = version("kakao-asi")
    else:
        message = f"module 'kakao_asi' has no attribute '{name}'; its names stand in kakao_asi.__all__"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the face and the modules."""
    return sorted({*__all__, *_MODULES, "__version__"})
