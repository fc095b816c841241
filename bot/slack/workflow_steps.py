"""The step "Log a client request" as Workflow Builder offers it."""

from __future__ import annotations

from typing import Any

PROJECT, TITLE, DETAILS, NEEDED_BY, REQUESTER = "project", "title", "details", "needed_by", "requester"
HOURS, PRIORITY, PROMISE = "hours", "priority", "promise"
REFERENCE, LINK = "reference", "link"


def log_step() -> dict[str, Any]:
    """Its inputs and outputs, for the manifest."""
    return {
        "title": "Log a client request",
        "description": "Logs what a client asks for, and routes it to whoever decides it",
        "input_parameters": {
            PROJECT: _parameter("string", PROJECT, "Project", "Its key or its name", required=True),
            TITLE: _parameter("string", TITLE, "What does the client ask for?", "One line", required=True),
            DETAILS: _parameter("string", DETAILS, "Details", "Everything else that was said"),
            NEEDED_BY: _parameter("slack#/types/date", NEEDED_BY, "Needed by", "The day it is needed"),
            HOURS: _parameter("string", HOURS, "Hours, about", "Such as 3 or 1.5"),
            PRIORITY: _parameter("string", PRIORITY, "Priority", "normal, high or urgent"),
            PROMISE: _parameter("string", PROMISE, "What the client was told", "nothing, holding or yes"),
            REQUESTER: _parameter(
                "slack#/types/user_id",
                REQUESTER,
                "Account manager",
                "In whose name it is logged",
                required=True,
            ),
        },
        "output_parameters": {
            REFERENCE: _parameter("string", REFERENCE, "Reference", "Such as ACME-12", required=True),
            LINK: _parameter("string", LINK, "Link", "Where its card stands", required=True),
        },
    }


def _parameter(
    kind: str, name: str, title: str, description: str, *, required: bool = False
) -> dict[str, Any]:
    return {"type": kind, "name": name, "title": title, "description": description, "is_required": required}
