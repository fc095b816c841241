"""JSON on the wire: its types, and how it is written and read. Nothing here knows Slack."""

from __future__ import annotations

import json
from typing import Any

JsonObject = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(value: object) -> str:
    """Writes compact JSON."""
    return _encode(value)


def loads(text: str | bytes) -> Any:
    """Reads JSON. Raises ValueError where it is not JSON."""
    return json.loads(text)
