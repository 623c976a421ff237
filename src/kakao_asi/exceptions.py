"""Every error this library raises, in one tree.

::

    AsiError
    ├── InvalidValue        (ValueError)   a value breaks a rule of its field
    ├── LoadError           (ValueError)   stored or received data cannot be loaded
    ├── UnknownId           (LookupError)  no such risk, system, case, body, ...
    ├── CommandRefused                     the engine refuses a command; all reasons are in .refusals
    ├── GateBlocked                        a stage or a component is shut; see .result
    ├── GuardBlocked                       a guard withholds an input or an output
    ├── GuardUnavailable                   a guard's control did not answer, and its policy is to block
    ├── GovernanceInvalid   (ValueError)   the escalation graph cannot work; see .findings
    ├── GovernanceDiffers                  another governance is in force in this register
    └── StoreError
        ├── VersionConflict                somebody else wrote first; the register decides anew by itself
        ├── KeyReused       (ValueError)   an idempotency key was used for another request
        ├── StoreBusy       (TimeoutError) another process holds the file for too long
        ├── StoreFull       (OSError)      no space left; nothing was written
        ├── StoreUnavailable (OSError)     the file cannot be read or written
        └── IntegrityError                 stored bytes are not what was written

Messages say what is wrong, which rule it breaks and what to do next. They may show ids; they never show
texts, evidence or loaded values. Parts of a message are attributes too, and every error can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .governance import GateResult, GraphFinding, Refusal

__all__ = [
    "AsiError",
    "CommandRefused",
    "GateBlocked",
    "GovernanceDiffers",
    "GovernanceInvalid",
    "GuardBlocked",
    "GuardUnavailable",
    "IntegrityError",
    "InvalidValue",
    "KeyReused",
    "LoadError",
    "StoreBusy",
    "StoreError",
    "StoreFull",
    "StoreUnavailable",
    "UnknownId",
    "VersionConflict",
]


class AsiError(Exception):
    """The root of every error this library raises."""


class InvalidValue(AsiError, ValueError):  # noqa: N818  # the tree names what happened, as the domain says it
    """A value breaks a rule of its field; nothing was created or changed.

    Attributes:
        field: the field as ``Type.name``.
        rule: what the field asks for.
        remedy: what to do next.
    """

    def __init__(self, field: str, rule: str, remedy: str = "") -> None:
        super().__init__(field, rule, remedy)
        self.field = field
        self.rule = rule
        self.remedy = remedy

    def __str__(self) -> str:
        """Say field, rule and remedy; never the value."""
        text = f"{self.field} {self.rule}"
        return f"{text}; {self.remedy}" if self.remedy else text


class LoadError(AsiError, ValueError):
    """Data cannot be loaded: it is malformed, too large, or breaks a rule.

    Attributes:
        path: where, as a JSON path that starts with ``$``; keys of unknown names are not repeated.
        code: one stable word, for example ``unknown_key``.
        expected: what was expected there. Never what was found.
    """

    def __init__(self, path: str, code: str, expected: str) -> None:
        super().__init__(path, code, expected)
        self.path = path
        self.code = code
        self.expected = expected

    def __str__(self) -> str:
        """Say where, which rule and what was expected."""
        return f"cannot load {self.path}: {self.code}; expected {self.expected}"


class UnknownId(AsiError, LookupError):  # noqa: N818  # see InvalidValue
    """Nothing has this id.

    Attributes:
        kind: what was looked for, for example ``risk``.
        id: the id asked for.
    """

    def __init__(self, kind: str, id: str) -> None:  # the word the whole library uses
        super().__init__(kind, id)
        self.kind = kind
        self.id = id

    def __str__(self) -> str:
        """Say what is unknown and how to list what exists."""
        return f"there is no {self.kind} '{self.id}'; check the id, or list what the register holds"


class CommandRefused(AsiError):  # noqa: N818  # see InvalidValue
    """The engine refuses a command; nothing was written.

    Attributes:
        refusals: every reason, in a stable order, each with code, message and who can clear it.
    """

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals: tuple[Refusal, ...] = tuple(refusals)
        super().__init__(self.refusals)

    def __str__(self) -> str:
        """List every reason in English."""
        return "refused: " + " | ".join(f"[{one.code.id}] {one.message('en')}" for one in self.refusals)


class GateBlocked(AsiError):  # noqa: N818  # see InvalidValue
    """A stage may not be entered, or a component may not run.

    Attributes:
        result: the gate's answer, with every blocker and who can clear it.
    """

    def __init__(self, result: GateResult) -> None:
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        """List every blocker in English."""
        return self.result.to_text(lang="en")


class GuardBlocked(AsiError):  # noqa: N818  # see InvalidValue
    """A guard withholds an input or an output.

    Attributes:
        component: path of the guarded component.
        side: ``input`` or ``output``.
        labels: the detectors' codes for what was seen, sorted; never the text.
    """

    def __init__(self, component: str, side: str, labels: Iterable[str]) -> None:
        self.component = component
        self.side = side
        self.labels: tuple[str, ...] = tuple(labels)
        super().__init__(component, side, self.labels)

    def __str__(self) -> str:
        """Say which guard, which side and which codes."""
        return f"the guard of '{self.component}' withholds this {self.side}: {', '.join(self.labels)}"


class GuardUnavailable(AsiError):  # noqa: N818  # see InvalidValue
    """A guard's control did not answer, and the policy is to block then.

    Attributes:
        component: path of the guarded component.
        side: ``input`` or ``output``.
        detectors: names of the detectors that did not answer, sorted.
    """

    def __init__(self, component: str, side: str, detectors: Iterable[str]) -> None:
        self.component = component
        self.side = side
        self.detectors: tuple[str, ...] = tuple(detectors)
        super().__init__(component, side, self.detectors)

    def __str__(self) -> str:
        """Say which guard, which side and which detectors."""
        names = ", ".join(self.detectors)
        return f"the guard of '{self.component}' cannot check this {self.side}: no answer from {names}"


class GovernanceInvalid(AsiError, ValueError):  # noqa: N818  # see InvalidValue
    """An escalation graph or governance cannot work as it is built.

    Attributes:
        findings: what is wrong, each with one concrete example.
    """

    def __init__(self, findings: Iterable[GraphFinding]) -> None:
        self.findings: tuple[GraphFinding, ...] = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        """List every finding."""
        return "the governance cannot work: " + " | ".join(f"[{one.code}] {one.text}" for one in self.findings)


class GovernanceDiffers(AsiError):  # noqa: N818  # see InvalidValue
    """The register holds another governance than the one passed to ``open``.

    Attributes:
        adopted: digest of the governance in force.
        passed: digest of the governance passed.
    """

    def __init__(self, adopted: str, passed: str) -> None:
        super().__init__(adopted, passed)
        self.adopted = adopted
        self.passed = passed

    def __str__(self) -> str:
        """Name both digests and the way to change a governance."""
        return (
            f"the register is governed by {self.adopted}, not by {self.passed}; open it without governance=, "
            "and put the change before the bodies with commands.ProposeGovernance"
        )


class StoreError(AsiError):
    """The root of everything that can go wrong with the event store."""


class VersionConflict(StoreError):  # noqa: N818  # see InvalidValue
    """A stream moved on after it was read; nothing was written.

    Attributes:
        stream: the stream, for example ``risk:leaks-rrn``.
        expected: the version the decision was made on; 0 for a stream that should not exist.
        actual: the version found.
    """

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(stream, expected, actual)
        self.stream = stream
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        """Say which stream moved and between which versions."""
        return f"'{self.stream}' is at version {self.actual}, not {self.expected}; read it again and decide anew"


class KeyReused(StoreError, ValueError):  # noqa: N818  # see InvalidValue
    """An idempotency key came back with another request.

    Attributes:
        key: the key.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        """Say which key and what a key is for."""
        return f"key '{self.key}' already stands for another request; use a new key for a new request"


class StoreBusy(StoreError, TimeoutError):  # noqa: N818  # see InvalidValue
    """Another process or thread holds the store; nothing was written and a retry is safe."""


class StoreFull(StoreError, OSError):  # noqa: N818  # see InvalidValue
    """No space is left; nothing was written, and the next write after space returns works."""


class StoreUnavailable(StoreError, OSError):  # noqa: N818  # see InvalidValue
    """The store cannot be opened, read or written as it is."""


class IntegrityError(StoreError):
    """Stored bytes are not what this library wrote, or not in a format it knows."""
