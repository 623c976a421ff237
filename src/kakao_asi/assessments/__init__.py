"""Assessing a risk by the factors of its category: scales, factors, methods, and the grade that explains itself.

Each category of ASI asks for other factors and is judged by another method, so that the split by actor changes what
people do. A grade comes with the sentences that led to it, in Korean and English. Kakao's likelihood and impact scales
and thresholds are not public: every number here is a library default, not Kakao's (라이브러리 기본값, 카카오 공식 기준
아님), and every one can be replaced.
"""

from __future__ import annotations

from ._factors import (
    Factors,
    ImperfectionFactors,
    MisuseFactors,
    NegligenceFactors,
    Slice,
    UncontrollabilityFactors,
)
from ._grid import (
    GridImperfection,
    GridMisuse,
    GridNegligence,
)
from ._judgement import (
    Judgement,
    Step,
)
from ._method import (
    FAIRNESS,
    SLICES_FOR_FAIRNESS,
    AssessmentMethod,
    assessable,
    unassessable,
)
from ._rate import (
    MAX_TRIALS,
    rate_ppm,
)
from ._record import (
    VALIDITY,
    VALIDITY_AFTER_INCIDENT,
    Assessment,
    default_methods,
    validity,
)
from ._scales import (
    GRID,
    Access,
    AssessmentKind,
    Basis,
    DataClass,
    ErrorKind,
    Grid,
    Likelihood,
    Line,
    Reversibility,
    Severity,
    Skill,
    Uplift,
)
from ._threshold import ThresholdUncontrollability

__all__ = [
    "FAIRNESS",
    "GRID",
    "MAX_TRIALS",
    "SLICES_FOR_FAIRNESS",
    "VALIDITY",
    "VALIDITY_AFTER_INCIDENT",
    "Access",
    "Assessment",
    "AssessmentKind",
    "AssessmentMethod",
    "Basis",
    "DataClass",
    "ErrorKind",
    "Factors",
    "Grid",
    "GridImperfection",
    "GridMisuse",
    "GridNegligence",
    "ImperfectionFactors",
    "Judgement",
    "Likelihood",
    "Line",
    "MisuseFactors",
    "NegligenceFactors",
    "Reversibility",
    "Severity",
    "Skill",
    "Slice",
    "Step",
    "ThresholdUncontrollability",
    "UncontrollabilityFactors",
    "Uplift",
    "assessable",
    "default_methods",
    "rate_ppm",
    "unassessable",
    "validity",
]
