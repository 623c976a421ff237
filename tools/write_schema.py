"""Write the JSON Schema of the public types to where the documents offer it."""

from __future__ import annotations

import json
from pathlib import Path

from kakao_asi.serialization import public_schema

TARGET = Path(__file__).parent.parent / "docs" / "assets" / "kakao_asi.schema.json"


def text() -> str:
    """Return the document as it is committed."""
    return json.dumps(public_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
