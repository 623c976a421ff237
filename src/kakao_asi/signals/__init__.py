"""Between running code and governance: which gates are shut here, and where findings go from here.

``activate`` makes this process's receiver of a board (what is shut, how grave risks are) and a sink (where findings
go). The register can be both; pods and ranks without a database use a :class:`FileBoard` and a :class:`Spool`.
Nothing here runs before ``activate``: no thread, no file, no handler.
"""

from __future__ import annotations

from ._board import Board, BoardState, CaseNote, ComponentGate, GateStep, RiskNote
from ._counting import Health
from ._file_board import FileBoard, write_board
from ._receiver import BatchSink, Group, Receiver, Sink
from ._runtime import activate, active, deactivate, flush, health, override, refresh
from ._scope import Recorder, current, scoped
from ._slots import Slot, slot_for, slots
from ._spool import Spool
from ._spool_reading import SpoolEntry, SpoolFault, SpoolReading, read_spool, read_spool_file, spool_files

__all__ = [
    "BatchSink",
    "Board",
    "BoardState",
    "CaseNote",
    "ComponentGate",
    "FileBoard",
    "GateStep",
    "Group",
    "Health",
    "Receiver",
    "Recorder",
    "RiskNote",
    "Sink",
    "Slot",
    "Spool",
    "SpoolEntry",
    "SpoolFault",
    "SpoolReading",
    "activate",
    "active",
    "current",
    "deactivate",
    "flush",
    "health",
    "override",
    "read_spool",
    "read_spool_file",
    "refresh",
    "scoped",
    "slot_for",
    "slots",
    "spool_files",
    "write_board",
]
