"""The committee pack: what a body is asked, what moved since it last met, and what is late; in five forms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal, TypeAlias, overload

from .._internal.text import is_digest
from .._internal.words import Lang
from ..exceptions import InvalidValue
from ..register import Questions
from ._committee_facts import gathered_for
from ._committee_forms import csv_of, html_of, markdown_of
from ._committee_json import json_of, pack_id
from ._committee_sections import PackProfile, cover_of, sections_of
from ._workbook import workbook_of
from ._writing import written

__all__ = ["PackForm", "PackProfile", "committee"]

PackForm: TypeAlias = Literal["markdown", "html", "json", "csv", "excel"]
"""How a pack is written."""

_LISTS: frozenset[str] = frozenset({"csv", "excel"})
"""Forms that list every risk."""


@overload
def committee(
    register: Questions,
    path: str | Path | None = None,
    *,
    body: str,
    since: dt.datetime,
    lang: Lang = "ko",
    form: Literal["markdown", "html", "json", "csv"] = "markdown",
    profile: PackProfile = "committee",
    checkpoint: str | None = None,
    previous: str | None = None,
) -> str: ...
@overload
def committee(
    register: Questions,
    path: str | Path | None = None,
    *,
    body: str,
    since: dt.datetime,
    lang: Lang = "ko",
    form: Literal["excel"],
    profile: PackProfile = "committee",
    checkpoint: str | None = None,
    previous: str | None = None,
) -> bytes: ...
def committee(
    register: Questions,
    path: str | Path | None = None,
    *,
    body: str,
    since: dt.datetime,
    lang: Lang = "ko",
    form: PackForm = "markdown",
    profile: PackProfile = "committee",
    checkpoint: str | None = None,
    previous: str | None = None,
) -> str | bytes:
    """Return the pack of a body on a register, and write it to a file if a path is given.

    The same view, period and checkpoint give the same bytes on any machine; of a workbook with the same version of
    openpyxl. The number of open risks reconciles: previous + new + reopened - closed - merged = now, and the pack
    prints the equation.

    Args:
        register: a register, or a view of it at a past point.
        path: the file to write, whole or not at all; None writes nothing.
        body: id of the body the pack is for.
        since: start of the period, usually the last meeting; aware.
        lang: the language.
        form: Markdown, a single HTML page, canonical JSON, CSV with one row a risk for a spreadsheet, whose cells can
            be no formula and which starts with a byte order mark, or an Excel workbook with the sections and the list
            of risks as sheets (needs the extra ``excel``). ``rows_of`` reads the rows of the last two back.
        profile: who reads it: ``auditor`` adds the whole index of evidence and the list of risks; ``public`` has counts
            only, and neither CSV nor workbook.
        checkpoint: the text of a checkpoint to print, so that the figures can be traced to it; None prints none.
        previous: id of the pack of the last meeting to print; None prints none. The id of a pack stands on its cover
            and in its JSON; it is the digest of its content, the same in every form and language.

    Raises:
        ImportError: a workbook is asked for and openpyxl is not installed.
        InvalidValue: the start has no time zone, the previous id is no digest, or the public profile is asked for as a
            list of risks.
        UnknownId: the governance has no such body.
        OSError: the file cannot be written.
    """
    if since.tzinfo is None:
        raise InvalidValue("committee.since", "must be a datetime with a time zone")
    if previous is not None and not is_digest(previous):
        raise InvalidValue("committee.previous", "must be the id of a pack", "pass the 'id' of its JSON")
    if profile == "public" and form in _LISTS:
        raise InvalidValue("committee.form", f"must not be {form} in the public profile", "it lists every risk")
    pack = gathered_for(register, body, since)
    if form == "csv":
        return written(csv_of(pack), path)
    if form == "json":
        return written(json_of(pack, profile, checkpoint=checkpoint, previous=previous), path)
    label = register.governance().graph.body(body).label(lang)
    number = pack_id(pack, profile, checkpoint=checkpoint, previous=previous)
    cover = cover_of(pack, label, lang, profile, number=number, checkpoint=checkpoint, previous=previous)
    sections = tuple(sections_of(pack, lang, profile))
    if form == "excel":
        return written(workbook_of(pack, cover, sections, lang), path)
    return written((markdown_of if form == "markdown" else html_of)(cover, sections, lang), path)
