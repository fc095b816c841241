"""Modals: triggers that live three seconds and work once, the stack, what is typed and what an ack may say."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import LocalWorkspace
from tests.sandbox.conftest import SteeredClock
from tests.sandbox.kit import (
    actions,
    button,
    field,
    home,
    modal,
    options,
    plain,
    refusal,
    section,
    select,
    text_field,
)
from tests.sandbox.little_app import LittleApp


async def a_trigger(slack: LocalWorkspace, app: LittleApp) -> str:
    """Lets Maya run a command and returns its trigger id."""
    await slack.person("maya").command("C0ACME", "/ask")
    return str(app.payloads("command")[-1]["trigger_id"])


async def opened(slack: LocalWorkspace, app: LittleApp, view: dict[str, Any]) -> dict[str, Any]:
    answer = await app.web.views_open(trigger_id=await a_trigger(slack, app), view=view)
    shown: dict[str, Any] = answer["view"]
    return shown


# -- triggers ----------------------------------------------------------------------------------------


async def test_a_trigger_opens_one_view(slack: LocalWorkspace, app: LittleApp) -> None:
    trigger = await a_trigger(slack, app)
    view = (await app.web.views_open(trigger_id=trigger, view=modal()))["view"]
    assert view["state"] == {"values": {"field": {"text": {"type": "plain_text_input", "value": None}}}}
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["app_installed_team_id"] == slack.seed.team_id
    again = await refusal(app.web.views_open(trigger_id=trigger, view=modal()))
    assert again["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(
    slack: LocalWorkspace, app: LittleApp, clock: SteeredClock
) -> None:
    trigger = await a_trigger(slack, app)
    clock.advance(seconds=3.1)
    assert (await refusal(app.web.views_open(trigger_id=trigger, view=modal())))[
        "error"
    ] == "expired_trigger_id"
    assert (await refusal(app.web.views_open(trigger_id="1.2.x", view=modal())))[
        "error"
    ] == "invalid_trigger_id"


async def test_a_view_that_is_refused_does_not_spend_the_trigger(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    trigger = await a_trigger(slack, app)
    body = await refusal(app.web.views_open(trigger_id=trigger, view=modal(title=plain("a" * 25))))
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    await app.web.views_open(trigger_id=trigger, view=modal())


async def test_a_view_of_more_than_250_kb_is_too_large(slack: LocalWorkspace, app: LittleApp) -> None:
    heavy = modal(*[section("å" * 3000) for _ in range(45)])
    assert (await refusal(app.web.views_open(trigger_id=await a_trigger(slack, app), view=heavy)))[
        "error"
    ] == "view_too_large"


# -- updates -----------------------------------------------------------------------------------------


async def test_what_was_typed_survives_an_update_of_the_same_field(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    maya = slack.person("maya")
    view = await opened(slack, app, modal(field(text_field()), field(text_field("b"), "second")))
    await maya.fill(text="Typed", second="Kept?")
    more = modal(
        section("Found it"), field(text_field(initial_value="Other")), field(text_field("new"), "second")
    )
    await app.web.views_update(view_id=view["id"], view=more)
    assert maya.typed("field") == "Typed"
    assert maya.typed("second") is None


async def test_an_update_with_an_old_hash_is_refused(slack: LocalWorkspace, app: LittleApp) -> None:
    view = await opened(slack, app, modal())
    newer = await app.web.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert newer["view"]["hash"] != view["hash"]
    stale = app.web.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert (await refusal(stale))["error"] == "hash_conflict"


async def test_a_view_is_found_by_its_external_id_which_is_unique(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    view = await opened(slack, app, modal(external_id="mine"))
    await app.web.views_update(external_id="mine", view=modal(title=plain("New"), external_id="mine"))
    maya = slack.person("maya")
    assert maya.modal is not None
    assert (maya.modal.id, maya.modal.title) == (view["id"], "New")
    await slack.person("ben").command("C0ACME", "/ask")
    trigger = app.payloads("command")[-1]["trigger_id"]
    twice = app.web.views_open(trigger_id=trigger, view=modal(external_id="mine"))
    assert (await refusal(twice))["error"] == "duplicate_external_id"


async def test_a_closed_view_cannot_be_updated(slack: LocalWorkspace, app: LittleApp) -> None:
    view = await opened(slack, app, modal())
    await slack.person("maya").close_modal()
    assert (await refusal(app.web.views_update(view_id=view["id"], view=modal())))["error"] == "not_found"


# -- the stack ---------------------------------------------------------------------------------------


async def test_three_views_stack_and_a_fourth_is_refused(slack: LocalWorkspace, app: LittleApp) -> None:
    maya = slack.person("maya")
    await opened(slack, app, modal(actions(button("deeper"))))

    async def push(payload: dict[str, Any]) -> None:
        deeper = modal(actions(button("deeper")))
        await app.web.api_call("views.push", json={"trigger_id": payload["trigger_id"], "view": deeper})

    app.listener = push
    await maya.choose("deeper")
    await maya.choose("deeper")
    assert maya.modal is not None
    assert maya.modal.depth == 3

    app.listener = None
    await maya.choose("deeper")
    trigger = app.payloads("block_actions")[-1]["trigger_id"]
    assert (await refusal(app.web.views_push(trigger_id=trigger, view=modal())))[
        "error"
    ] == "push_limit_reached"


async def test_a_push_needs_a_trigger_from_inside_a_modal(slack: LocalWorkspace, app: LittleApp) -> None:
    trigger = await a_trigger(slack, app)
    assert (await refusal(app.web.views_push(trigger_id=trigger, view=modal())))["error"] == "not_found"


async def test_closing_the_top_shows_the_one_below_and_the_x_closes_all(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    maya = slack.person("maya")
    root = await opened(slack, app, modal(field(text_field()), notify_on_close=True))

    async def push(payload: dict[str, Any]) -> Any:
        return {"response_action": "push", "view": modal(title=plain("Top"))}

    app.listener = push
    await maya.fill(text="a")
    await maya.submit()
    assert maya.modal is not None
    assert maya.modal.title == "Top"
    await maya.close_modal()
    assert maya.modal.id == root["id"]
    await maya.submit()
    await maya.close_modal(whole_stack=True)
    assert maya.modal is None
    (closed,) = app.payloads("view_closed")
    assert closed["is_cleared"]
    assert closed["view"]["id"] == root["id"]
    assert "trigger_id" not in closed


# -- submitting --------------------------------------------------------------------------------------


async def test_the_client_itself_asks_for_what_is_missing(slack: LocalWorkspace, app: LittleApp) -> None:
    maya = slack.person("maya")
    await opened(
        slack,
        app,
        modal(
            field(text_field()),
            field(text_field("short", max_length=3), "short_block"),
            field(
                {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "1"},
                "number",
            ),
            field(text_field("free"), "free_block", optional=True),
        ),
    )
    await maya.fill(short="abcd", number="0")
    result = await maya.submit()
    assert set(result.errors) == {"field", "short_block", "number"}
    assert app.payloads("view_submission") == []


async def test_every_kind_of_value_reaches_the_app(slack: LocalWorkspace, app: LittleApp) -> None:
    maya = slack.person("maya")
    await opened(
        slack,
        app,
        modal(
            field(text_field(), "words"),
            field(select(3), "one"),
            field({"type": "checkboxes", "action_id": "a", "options": options(3)}, "many"),
            field({"type": "datepicker", "action_id": "a"}, "day"),
            field({"type": "users_select", "action_id": "a"}, "who"),
            field({"type": "conversations_select", "action_id": "a"}, "where"),
            field(text_field("empty"), "nothing", optional=True),
        ),
    )
    await maya.fill(
        words="å <b>", one="Option 2", many=["v0", "Option 1"], day="2026-03-06", who="U0BEN", where="C0ACME"
    )
    assert (await maya.submit()).closed
    (payload,) = app.payloads("view_submission")
    values = payload["view"]["state"]["values"]
    assert values["words"]["text"]["value"] == "å <b>"
    assert values["one"]["choose"]["selected_option"]["value"] == "v2"
    assert [entry["value"] for entry in values["many"]["a"]["selected_options"]] == ["v0", "v1"]
    assert values["day"]["a"]["selected_date"] == "2026-03-06"
    assert values["who"]["a"]["selected_user"] == "U0BEN"
    assert values["where"]["a"]["selected_conversation"] == "C0ACME"
    assert values["nothing"]["empty"] == {"type": "plain_text_input", "value": None}


async def submitted(slack: LocalWorkspace, app: LittleApp, answer: Any) -> Any:
    maya = slack.person("maya")
    await opened(slack, app, modal())

    async def reply(payload: dict[str, Any]) -> Any:
        return answer

    app.listener = reply
    await maya.fill(text="Typed")
    return await maya.submit()


async def test_errors_keep_the_modal_open_with_everything_typed(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    result = await submitted(slack, app, {"response_action": "errors", "errors": {"field": "Not that."}})
    maya = slack.person("maya")
    assert not result.closed
    assert result.errors == {"field": "Not that."}
    assert maya.typed("text") == "Typed"
    assert slack.problems == []


async def test_an_update_in_the_ack_replaces_the_view(slack: LocalWorkspace, app: LittleApp) -> None:
    result = await submitted(slack, app, {"response_action": "update", "view": modal(title=plain("Done"))})
    maya = slack.person("maya")
    assert not result.closed
    assert maya.modal is not None
    assert maya.modal.title == "Done"


async def test_clear_closes_everything(slack: LocalWorkspace, app: LittleApp) -> None:
    assert (await submitted(slack, app, {"response_action": "clear"})).closed
    assert slack.person("maya").modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "No."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"field": ""}},
        {"response_action": "update", "view": modal(title=plain("a" * 25))},
        {"response_action": "dance"},
        {"text": "Saved"},
    ],
)
async def test_an_ack_that_slack_would_refuse_is_reported(
    slack: LocalWorkspace, app: LittleApp, answer: dict[str, Any]
) -> None:
    result = await submitted(slack, app, answer)
    assert result.error_text == "We had some trouble connecting. Try again?"
    assert [problem.kind for problem in slack.problems] == ["invalid_ack"]
    assert slack.person("maya").typed("text") == "Typed"


async def test_a_submission_nobody_acks_leaves_the_modal_open(slack: LocalWorkspace, app: LittleApp) -> None:
    slack.socket_mode.ack_seconds = 0.05
    result = await submitted(slack, app, LittleApp.silent)
    assert (result.acked, result.error) == (False, "operation_timeout")
    assert slack.person("maya").typed("text") == "Typed"
    assert [problem.kind for problem in slack.problems] == ["no_ack"]


# -- inside a view -----------------------------------------------------------------------------------


async def test_an_input_tells_the_app_only_with_dispatch_action(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    maya = slack.person("maya")
    await opened(slack, app, modal(field(select(2), "quiet"), field(select(2), "loud", dispatch_action=True)))
    await maya.choose("choose", "v1", block_id="quiet")
    assert app.payloads("block_actions") == []
    await maya.choose("choose", "v1", block_id="loud")
    (payload,) = app.payloads("block_actions")
    assert payload["container"]["type"] == "view"
    assert payload["actions"][0]["selected_option"]["value"] == "v1"
    assert payload["view"]["state"]["values"]["quiet"]["choose"]["selected_option"]["value"] == "v1"
    assert "response_url" not in payload


async def test_an_external_select_asks_the_app_for_options(slack: LocalWorkspace, app: LittleApp) -> None:
    maya = slack.person("maya")
    await opened(
        slack, app, modal(field({"type": "external_select", "action_id": "find", "min_query_length": 0}))
    )

    async def suggest(payload: dict[str, Any]) -> Any:
        if payload["type"] != "block_suggestion":
            return None
        return {"options": options(2) if payload["value"] == "op" else []}

    app.listener = suggest
    assert [entry["value"] for entry in await maya.suggestions("find", "op")] == ["v0", "v1"]
    assert await maya.suggestions("find", "zz") == []
    assert slack.problems == []


async def test_a_home_is_published_for_one_person_and_shown_when_opened(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    async def publish(payload: dict[str, Any]) -> None:
        event = payload.get("event", {})
        if event.get("type") == "app_home_opened":
            await app.web.views_publish(user_id=event["user"], view=home(actions(button("more"))))

    app.listener = publish
    maya = slack.person("maya")
    assert maya.home is None
    await maya.open_home()
    await slack.settled()
    assert maya.home is not None
    assert slack.person("ben").home is None
    await maya.press(maya.home, "more")
    (payload,) = app.payloads("block_actions")
    assert payload["view"]["type"] == "home"
    assert (await refusal(app.web.views_publish(user_id="U0NOBODY", view=home())))[
        "error"
    ] == "user_not_found"
    assert (await refusal(app.web.views_publish(user_id="U0BEN", view=modal())))[
        "error"
    ] == "invalid_arguments"


async def test_what_cannot_be_done_says_what_is_there(slack: LocalWorkspace, app: LittleApp) -> None:
    maya = slack.person("maya")
    with pytest.raises(LookupError, match="no modal open"):
        await maya.submit()
    await opened(slack, app, modal(field(select(2))))
    with pytest.raises(LookupError, match=r"no field 'nothing'.*field/choose"):
        await maya.fill(nothing="a")
    with pytest.raises(LookupError, match=r"no option 'v9'.*v0 \(Option 0\)"):
        await maya.fill(field="v9")
