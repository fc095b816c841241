"""functions.*: how a step of Workflow Builder ended."""

from __future__ import annotations

from bot.sandbox.step_execution import StepExecution
from bot.sandbox.web_api.answers import Arguments, Refused, invalid
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


def _running(workspace: Workspace, arguments: Arguments) -> StepExecution:
    execution = workspace.step_executions.get(arguments.required("function_execution_id"))
    if execution is None:
        raise Refused("function_execution_not_found")
    if execution.state != "running":
        raise Refused("execution_not_in_running_state")
    return execution


@method("functions.completeSuccess")
def complete_success(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Ends a step well, with the outputs that its definition asks for."""
    execution = _running(workspace, arguments)
    outputs = arguments.structure("outputs", "invalid_arguments")
    if not isinstance(outputs, dict):
        raise invalid("invalid_arguments", ["missing required field: outputs"])
    wanted = execution.step.outputs
    wrong = [f"unknown parameter {name}" for name in outputs if name not in wanted]
    wrong += [
        f"missing parameter {name}"
        for name, it in wanted.items()
        if it.get("is_required") and not outputs.get(name)
    ]
    if wrong:
        raise invalid("parameter_validation_failed", wrong)
    execution.state, execution.outputs = "succeeded", outputs
    return {"ok": True}


@method("functions.completeError")
def complete_error(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Ends a step badly, with a sentence for people."""
    execution = _running(workspace, arguments)
    execution.error = arguments.required("error")
    execution.state = "failed"
    return {"ok": True}
