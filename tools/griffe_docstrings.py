"""A griffe extension that lets Markdown show what docstrings say to ``help()`` and editors.

Sphinx roles become links or code, double backticks single ones, a section ``Example:`` the code that it is, and the
closed sets of words get a table of their members, which have no docstrings of their own.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

import griffe

ROLE = re.compile(r":(?:attr|class|data|exc|func|meth|mod):`(?P<short>~?)(?P<target>[\w.]+)`")
WORDS = frozenset({"Word", "OrderedWord"})
HEAD = "| member | id | Korean | English |\n|---|---|---|---|"


def shown(role: re.Match[str]) -> str:
    """The Markdown for one role; a full name becomes a link, a short one stays code, because its place is not told."""
    target = role["target"]
    label = target.rpartition(".")[2] if role["short"] else target
    return f"[`{label}`][{target}]" if target.startswith("kakao_asi.") else f"`{label}`"


def as_markdown(text: str) -> str:
    """The text with roles, literals, literal blocks and the heading of its example as Markdown and griffe have them."""
    text = ROLE.sub(shown, text)
    text = re.sub(r"::\n\n(?= {4})", "\n\n", text)
    text = re.sub(r"^Example:$", "Examples:", text, flags=re.MULTILINE)
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def members(words: griffe.Class) -> Iterator[str]:
    """One row for each member of a closed set of words."""
    for name, member in words.members.items():
        if not isinstance(member, griffe.Attribute) or member.value is None or not name.isupper():
            continue
        id_, korean, english, *_ = ast.literal_eval(str(member.value))
        cells = (f"`{name}`", f"`{id_}`", korean, english)
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


class Docstrings(griffe.Extension):
    """Rewrites docstrings while the documents are built; lives for one build."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:
        """Add the table of members to a closed set of words; leave out what Python alone calls."""
        for name in [name for name in cls.members if name.startswith("__") and name != "__init__"]:
            del cls.members[name]
        if cls.docstring is not None and WORDS & {str(base) for base in cls.bases}:
            cls.docstring.value += "\n\n" + "\n".join([HEAD, *members(cls)])
