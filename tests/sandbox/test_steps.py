"""Steps of the app in Workflow Builder: the event, and how a step ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import AppSeed, LocalWorkspace, StepSeed
from tests.sandbox.conftest import APP, SteeredClock, a_client, a_seed
from tests.sandbox.kit import refusal
from tests.sandbox.little_app import LittleApp

STEP = StepSeed(
    "greet",
    "Greet",
    inputs={"who": {"type": "slack#/types/user_id", "is_required": True}, "how": {"type": "string"}},
    outputs={"said": {"type": "string", "is_required": True}, "when": {"type": "string"}},
)
WITH_STEP = replace(APP, bot_events=(*APP.bot_events, "function_executed"), steps=(STEP,))


@pytest.fixture
async def slack(clock: SteeredClock):  # type: ignore[no-untyped-def]
    async with LocalWorkspace(a_seed(app=WITH_STEP), clock=clock) as workspace:
        workspace.faults.enforce_rate_limits = False
        yield workspace


async def test_the_app_hears_which_step_runs_with_which_inputs(slack: LocalWorkspace, app: LittleApp) -> None:
    run = await slack.run_step("greet", who="U0MAYA")
    (payload,) = app.payloads("function_executed")
    event = payload["event"]
    assert event["function"]["callback_id"] == "greet"
    assert event["function"]["input_parameters"][0]["name"] == "who"
    assert event["inputs"] == {"who": "U0MAYA"}
    assert event["function_execution_id"] == run.id
    assert event["workflow_execution_id"].startswith("Wx")
    assert event["bot_access_token"] == run.token
    assert run.state == "running"


async def test_a_step_ends_well_with_its_outputs_and_only_once(
    slack: LocalWorkspace, app: LittleApp, client: AsyncWebClient
) -> None:
    run = await slack.run_step("greet", who="U0MAYA", how="loudly")
    incomplete = client.functions_completeSuccess(function_execution_id=run.id, outputs={"when": "now"})
    assert (await refusal(incomplete))["error"] == "parameter_validation_failed"
    async with a_client(slack, run.token) as own:
        await own.functions_completeSuccess(function_execution_id=run.id, outputs={"said": "Hello"})
    assert (run.state, run.outputs) == ("succeeded", {"said": "Hello"})
    again = client.functions_completeError(function_execution_id=run.id, error="Too late")
    assert (await refusal(again))["error"] == "execution_not_in_running_state"


async def test_a_step_ends_badly_with_a_sentence(
    slack: LocalWorkspace, app: LittleApp, client: AsyncWebClient
) -> None:
    run = await slack.run_step("greet", who="U0MAYA")
    await client.functions_completeError(function_execution_id=run.id, error="Nobody is there.")
    assert (run.state, run.error) == ("failed", "Nobody is there.")


async def test_an_unknown_run_is_refused(client: AsyncWebClient) -> None:
    unknown = client.functions_completeError(function_execution_id="Fx0", error="?")
    assert (await refusal(unknown))["error"] == "function_execution_not_found"


async def test_workflow_builder_runs_only_steps_that_are_there_with_what_they_need(
    slack: LocalWorkspace,
) -> None:
    with pytest.raises(LookupError, match="there are greet"):
        await slack.run_step("shout", who="U0MAYA")
    with pytest.raises(LookupError, match="missing"):
        await slack.run_step("greet", how="loudly")


def test_a_manifest_describes_the_steps() -> None:
    manifest = {
        "display_information": {"name": "App"},
        "functions": {
            "greet": {"title": "Greet", "input_parameters": STEP.inputs, "output_parameters": STEP.outputs}
        },
    }
    assert AppSeed.from_manifest(manifest).steps == (STEP,)
