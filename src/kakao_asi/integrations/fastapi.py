"""FastAPI: a dependency that answers 503 before the body starts, where a gate is shut."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from ..hooks import gate
from .asgi import REFUSED

__all__ = ["require_open"]


def require_open(component: str, *, status: int = 503, detail: str = "temporarily unavailable") -> Callable[[], None]:
    """Return a dependency that refuses the request while a component's gate is shut.

    A gated generator alone refuses only when the status 200 is already on its way; this refuses before. The middleware
    does not take the refusal for a server error.

    Args:
        component: path of the component.
        status: status of the refusal.
        detail: what the client reads; the reasons stay inside.

    Raises:
        InvalidValue: the component is no path.
    """
    door = gate(component)
    name, value = (part.decode() for part in REFUSED)

    def is_open() -> None:
        if not door.check().passed:
            # By name, so that neither a type checker nor an installer takes FastAPI for a dependency of ours.
            raise importlib.import_module("fastapi").HTTPException(
                status_code=status, detail=detail, headers={name: value}
            )

    return is_open
