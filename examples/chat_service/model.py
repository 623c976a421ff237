"""A model for the example: no network, no weights, and one reply that it should not give."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

__all__ = ["tokens"]

_LEAK = ("고객님의 주민번호는 900101-", "1234567 입니다", ".")


async def tokens(question: str) -> AsyncIterator[str]:
    """Yield a reply in pieces; asked who the customer is, it repeats a made-up number, split over two pieces."""
    reply = _LEAK if "누구" in question else ("You ", "asked: ", *question)
    for piece in reply:
        await asyncio.sleep(0)
        yield piece
