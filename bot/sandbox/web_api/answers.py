"""Refusals of the Web API, and the arguments of one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.wire import JsonObject, loads


class Refused(Exception):
    """Slack answers ok: false with this error and these further fields."""

    def __init__(self, error: str, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.fields = fields

    def as_json(self) -> JsonObject:
        """Returns the body of the answer."""
        return {"ok": False, "error": self.error, **self.fields}


def invalid(error: str, messages: list[str]) -> Refused:
    """Makes the refusal of something that does not fit its schema."""
    return Refused(
        error,
        errors=messages,
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )


class Arguments:
    """What came with a call: JSON values as they are, form values as strings."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        """Tells whether an argument was given at all."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Returns a text argument."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (dict, list)):
            raise invalid("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
        return str(value)

    def required(self, name: str) -> str:
        """Returns a text argument that must be there."""
        value = self.text(name)
        if not value:
            raise invalid("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Returns a yes or no: true, "true", 1, "1"."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value is True or str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """Returns a whole number."""
        value = self.text(name)
        if not value:
            return default
        try:
            return int(float(value))
        except ValueError:
            raise invalid("invalid_arguments", [f"must be an integer [json-pointer:/{name}]"]) from None

    def structure(self, name: str, error: str) -> Any:
        """Returns a JSON argument, which in a form is a JSON string; None where it is absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return loads(value)
            except ValueError:
                raise Refused(error) from None
        return value
