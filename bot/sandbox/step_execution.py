"""One run of a step of a workflow, as Slack keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.seeds import StepSeed
from bot.sandbox.wire import JsonObject


@dataclass
class StepExecution:
    """One run of a step."""

    id: str
    step: StepSeed
    token: str
    state: Literal["running", "succeeded", "failed"] = "running"
    outputs: JsonObject = field(default_factory=dict)
    error: str = ""
