"""Monitors for training loops: plain Python, fed by the loop, and never its end.

::

    from kakao_asi.training import LossSpike, Monitor, NonFinite

    monitor = Monitor(
        "exp-11",
        system="demo-chat",
        component="model",
        spool="runs/exp-11",
        rules=[NonFinite(risk="diverges", action="skip_update"), LossSpike(risk="diverges")],
    )

No array library is imported. A monitor notes what its rules see as findings; whether a loop skips, saves or stops is
the loop's own act on a :class:`Decision`.
"""

from __future__ import annotations

from ._card import model_card
from ._decision import Decision
from ._evaluation import Evaluation
from ._evaluations import EvalRegression, FairnessGap, Limit
from ._monitor import Monitor
from ._provenance import Checkpoint, Citation, DataRefresh
from ._ranks import Reducer
from ._reviews import citations, open_reviews, stale
from ._rule import Action, Alarm, Memory, Moment, Rule, Seen
from ._run import Run
from ._score import Score
from ._steps import GradNorm, LossSpike, NonFinite
from ._values import Number

__all__ = [
    "Action",
    "Alarm",
    "Checkpoint",
    "Citation",
    "DataRefresh",
    "Decision",
    "EvalRegression",
    "Evaluation",
    "FairnessGap",
    "GradNorm",
    "Limit",
    "LossSpike",
    "Memory",
    "Moment",
    "Monitor",
    "NonFinite",
    "Number",
    "Reducer",
    "Rule",
    "Run",
    "Score",
    "Seen",
    "citations",
    "model_card",
    "open_reviews",
    "stale",
]
