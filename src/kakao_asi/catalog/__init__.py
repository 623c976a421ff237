"""Shipped data: principles, categories, guidance, screening, law clocks, crosswalks, and two governances."""

from __future__ import annotations

from ._clocks import check_clock_rows, clock_rows, clocks, duties, horizon
from ._content import advice, guidance, pledge, screening
from ._crosswalk import (
    check_mappings,
    coverage,
    crosswalk,
    landing,
    mappings_of,
    mit_reading,
    schemes,
    screening_links,
)
from ._files import from_file
from ._folder import Content, content, from_folder
from ._graphs import kakao_graph, proportional_graph
from ._presets import kakao_governance, proportional_governance
from ._rows import Labels, SchemeRow, Text, Wording, categories, principle_rows, principles

__all__ = [
    "Content",
    "Labels",
    "SchemeRow",
    "Text",
    "Wording",
    "advice",
    "categories",
    "check_clock_rows",
    "check_mappings",
    "clock_rows",
    "clocks",
    "content",
    "coverage",
    "crosswalk",
    "duties",
    "from_file",
    "from_folder",
    "guidance",
    "horizon",
    "kakao_governance",
    "kakao_graph",
    "landing",
    "mappings_of",
    "mit_reading",
    "pledge",
    "principle_rows",
    "principles",
    "proportional_governance",
    "proportional_graph",
    "schemes",
    "screening",
    "screening_links",
]
