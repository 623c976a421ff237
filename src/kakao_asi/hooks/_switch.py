"""The one switch: ``KAKAO_ASI_HOOKS=off``, read once, when hooks are imported."""

from __future__ import annotations

import os

__all__ = ["SWITCHED_OFF"]

SWITCHED_OFF = os.environ.get("KAKAO_ASI_HOOKS", "").strip().lower() == "off"
"""Whether decorators return what they are given."""
