"""Readable reports on a register or on a view of it: a single HTML page, Markdown, a committee pack, a drawing."""

from __future__ import annotations

from ._committee import committee
from ._committee_json import pack_schema
from ._graph import graph_svg
from ._html import html
from ._markdown import markdown
from ._workbook import rows_of

__all__ = ["committee", "graph_svg", "html", "markdown", "pack_schema", "rows_of"]
