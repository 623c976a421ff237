"""Where events and states are kept: an append-only log with a Merkle tree, in memory or in one SQLite file.

A store is anything that keeps the promises of :class:`Store`. :func:`seal_events` and :func:`check_versions` do the
delicate part for whoever writes another one, and ``kakao_asi.testing.StoreContract`` tells whether it works.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._audit import AuditReport, LogFault, LogFinding, audit, issue_checkpoint, leaves_of
from ._checkpoint import Checkpoint, checkpoint_text, parse_checkpoint
from ._envelope import sealed_in
from ._log import MAX_PAGE, Sealed, check_page, check_versions, seal_events
from ._memory import MemoryStore
from ._protocol import Store
from ._records import (
    ROW_COLUMNS,
    AtMost,
    Condition,
    Draft,
    PrivateField,
    Receipt,
    RequestKey,
    Row,
    StoredEvent,
    StoredRow,
    Where,
    check_where,
    row_matches,
)
from ._signing import (
    Ed25519Signer,
    Ed25519Verifier,
    HmacKey,
    Signer,
    Verifier,
    sign_checkpoint,
    verify_checkpoint,
)
from ._tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

if TYPE_CHECKING:
    from ._doctor import Hazard, HazardFinding, doctor
    from ._sqlite import SQLiteStore

__all__ = [
    "MAX_PAGE",
    "ROW_COLUMNS",
    "AtMost",
    "AuditReport",
    "Checkpoint",
    "Condition",
    "Draft",
    "Ed25519Signer",
    "Ed25519Verifier",
    "Frontier",
    "Hazard",
    "HazardFinding",
    "HmacKey",
    "LogFault",
    "LogFinding",
    "MemoryStore",
    "PrivateField",
    "Receipt",
    "RequestKey",
    "Row",
    "SQLiteStore",
    "Sealed",
    "Signer",
    "Store",
    "StoredEvent",
    "StoredRow",
    "Verifier",
    "Where",
    "audit",
    "check_page",
    "check_versions",
    "check_where",
    "checkpoint_text",
    "consistency_proof",
    "doctor",
    "inclusion_proof",
    "issue_checkpoint",
    "leaf_hash",
    "leaves_of",
    "parse_checkpoint",
    "row_matches",
    "seal_events",
    "sealed_in",
    "sign_checkpoint",
    "verify_checkpoint",
    "verify_consistency",
    "verify_inclusion",
]


_NEEDS_SQLITE = {"SQLiteStore": "_sqlite", "doctor": "_doctor", "Hazard": "_doctor", "HazardFinding": "_doctor"}


def __getattr__(name: str) -> Any:
    # sqlite3 is loaded with the first file, not with the package.
    if name in _NEEDS_SQLITE:
        return getattr(import_module(f".{_NEEDS_SQLITE[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
