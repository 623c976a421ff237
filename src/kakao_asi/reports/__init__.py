"""Readable reports on a register or on a view of it: a single HTML page, and Markdown."""

from __future__ import annotations

from ._html import html
from ._markdown import markdown

__all__ = ["html", "markdown"]
