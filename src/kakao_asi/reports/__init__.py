"""Readable reports on a register or on a view of it: a single HTML page, Markdown, and a committee pack."""

from __future__ import annotations

from ._committee import committee
from ._committee_json import pack_schema
from ._html import html
from ._markdown import markdown
from ._workbook import rows_of

__all__ = ["committee", "html", "markdown", "pack_schema", "rows_of"]
