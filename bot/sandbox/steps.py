"""Workflow Builder runs a step of the app: the event goes out, and the app says how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.sandbox import events
from bot.sandbox.step_execution import StepExecution
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


async def run_step(workspace: Workspace, callback_id: str, inputs: Mapping[str, Any]) -> StepExecution:
    """Runs a step as a workflow would; ends when the app has acked. Raises LookupError for what Slack would not run."""
    steps = {step.callback_id: step for step in workspace.seed.app.steps}
    step = steps.get(callback_id)
    if step is None:
        raise LookupError(f"The app has no step {callback_id!r}: there are {', '.join(steps) or 'none'}.")
    missing = [
        name for name, it in step.inputs.items() if it.get("is_required") and inputs.get(name) in (None, "")
    ]
    unknown = [name for name in inputs if name not in step.inputs]
    if missing or unknown:
        raise LookupError(f"Workflow Builder asks for what is missing ({missing}) and knows no {unknown}.")
    execution = StepExecution(workspace.ids.fresh("Fx"), step, f"xwfp-{workspace.ids.fresh('W')}")
    workspace.step_executions[execution.id] = execution
    deliveries = events.simple(
        workspace,
        "function_executed",
        None,
        function={
            "id": workspace.ids.fresh("Fn"),
            "callback_id": callback_id,
            "title": step.title,
            "description": step.description,
            "type": "app",
            "input_parameters": _described(step.inputs),
            "output_parameters": _described(step.outputs),
            "app_id": workspace.seed.app_id,
            "date_created": workspace.seconds(),
            "date_updated": workspace.seconds(),
            "date_deleted": 0,
        },
        inputs=dict(inputs),
        function_execution_id=execution.id,
        workflow_execution_id=workspace.ids.fresh("Wx"),
        bot_access_token=execution.token,
    )
    if deliveries:
        await asyncio.wait(deliveries)
    return execution


def _described(parameters: Mapping[str, Mapping[str, Any]]) -> list[JsonObject]:
    return [{"is_required": False, **parameter, "name": name} for name, parameter in parameters.items()]
