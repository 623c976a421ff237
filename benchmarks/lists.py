"""Where the entries of public lists of risks land in the screening catalogue: figures, read where the lists are there.

The lists are not part of this project; they are looked for in the folder ``shared/data`` beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kakao_asi import catalog
from kakao_asi.framework import Landing

__all__ = ["DATA", "landings", "measure"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where the lists are looked for."""

_NIST = {
    "nist-cbrn-information-or-capabilities": "cbrn",
    "nist-confabulation": "confabulation",
    "nist-dangerous-violent-or-hateful-content": "dangerous-content",
    "nist-data-privacy": "data-privacy",
    "nist-environmental-impacts": "environmental-impacts",
    "nist-harmful-bias-and-homogenization": "harmful-bias",
    "nist-human-ai-configuration": "human-ai-configuration",
    "nist-information-integrity": "information-integrity",
    "nist-information-security": "information-security",
    "nist-intellectual-property": "intellectual-property",
    "nist-obscene-degrading-and-or-abusive-content": "obscene-content",
    "nist-value-chain-and-component-integration": "value-chain",
}
"""Our short ids for the twelve risks of NIST AI 600-1."""


def _entries(file: Path, key: str) -> list[dict[str, Any]]:
    import yaml

    found: list[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))[key]
    return found


def landings(data: Path) -> tuple[Landing, ...]:
    """Return where each list lands: CoSAI, IBM's atlas, NIST AI 600-1 and OWASP's list for agents."""
    nexus = data / "nexus"
    lists = {
        "cosai.risks": [one["id"] for one in _entries(data / "cosai" / "risks.yaml", "risks")],
        "ibm.risk-atlas": [one["tag"] for one in _entries(nexus / "risk_atlas_data.yaml", "entries")],
        "nist.ai-600-1": [_NIST[one["id"]] for one in _entries(nexus / "nist_ai_rmf_data.yaml", "entries")],
        "owasp-agentic": [one["id"][:5].upper() for one in _entries(nexus / "owasp_asi_data.yaml", "entries")],
    }
    return tuple(catalog.landing(scheme, ids) for scheme, ids in lists.items())


def measure(data: Path = DATA) -> str:
    """Say how many entries of each list land, and which are undecided."""
    if not data.is_dir():
        return "public lists: skipped, the folder shared/data is not beside this one"
    try:
        found = landings(data)
    except ImportError:
        return "public lists: skipped, PyYAML is not installed"
    return "\n".join(
        f"{one.scheme}: {len(one.landed)} of {len(one.landed) + len(one.undecided)} entries land on a candidate; "
        f"undecided: {', '.join(one.undecided) or 'none'}"
        for one in found
    )
