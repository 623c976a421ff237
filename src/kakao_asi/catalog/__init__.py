"""Shipped data: the ten ethics principles, the four categories, and two governances to start from."""

from __future__ import annotations

from ._graphs import kakao_graph, proportional_graph
from ._presets import kakao_governance, proportional_governance
from ._rows import Labels, SchemeRow, Text, Wording, categories, principle_rows, principles

__all__ = [
    "Labels",
    "SchemeRow",
    "Text",
    "Wording",
    "categories",
    "kakao_governance",
    "kakao_graph",
    "principle_rows",
    "principles",
    "proportional_governance",
    "proportional_graph",
]
