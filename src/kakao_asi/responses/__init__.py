"""Responding to a risk: strategies, controls that fit the actor, and the proof that a response works.

Each category has its own controls, so that malice, carelessness, imperfect output and loss of control are answered
differently. The catalogue is a library default, not Kakao's (라이브러리 기본값, 카카오 공식 기준 아님); a team passes
its own.
"""

from __future__ import annotations

from ._controls import (
    CONTROLS,
    Control,
    Preference,
    controls_for,
)
from ._fit import (
    Misfit,
    misfits,
    people_measures_alone,
)
from ._record import (
    Coverage,
    PlannedResponse,
    Response,
    Verification,
)
from ._strategy import Strategy

__all__ = [
    "CONTROLS",
    "Control",
    "Coverage",
    "Misfit",
    "PlannedResponse",
    "Preference",
    "Response",
    "Strategy",
    "Verification",
    "controls_for",
    "misfits",
    "people_measures_alone",
]
