"""One right delivery for every route there is: what the mangling starts from."""

from __future__ import annotations

from typing import Any

from bot.portfolio.forms import ClientField, ProjectField
from bot.slack.names import Callback, Field
from bot.slack.routes import ROUTES
from tests.slack_world import ACME, ANA, PETE, TEAM

# An element of every kind, as a view's state holds it.
TYPED: dict[str, dict[str, Any]] = {
    "text": {"type": "plain_text_input", "value": "Add a sign-up, 3 h, €360"},
    "number": {"type": "plain_text_input", "value": "3"},
    "date": {"type": "datepicker", "selected_date": "2026-12-01"},
    "time": {"type": "timepicker", "selected_time": "09:00"},
    "user": {"type": "users_select", "selected_user": PETE},
    "option": {"type": "static_select", "selected_option": {"value": "change_order"}},
    "options": {"type": "multi_static_select", "selected_options": [{"value": "1"}, {"value": "2"}]},
    "nothing": {"type": "plain_text_input", "value": None},
}
OF_FIELD: dict[str, str] = {
    **dict.fromkeys([Field.NEEDED_BY, Field.RETURNS_ON, Field.CONDITION_BY, Field.VALID_UNTIL], "date"),
    **dict.fromkeys([Field.AWAY_FROM, Field.AWAY_TO, Field.UNTIL], "date"),
    **dict.fromkeys([Field.FROM, Field.TO, Field.SCOPE_AT, Field.DEADLINES_AT], "time"),
    **dict.fromkeys([Field.PERSON, Field.DELEGATE, Field.CONFIRMER, Field.DIRECTOR], "user"),
    **dict.fromkeys([Field.FUNDING, Field.OTHER_FUNDING, Field.REASON, Field.PROMISE], "option"),
    **dict.fromkeys([Field.DAYS, Field.OUT_REQUESTS], "options"),
    **dict.fromkeys([Field.HOURS, Field.FEE, Field.DELAY, Field.OTHER_HOURS], "number"),
}


def deliveries(request_ids: list[str], project_ids: list[str]) -> dict[str, dict[str, Any]]:
    """By name, a whole and right body for each command, press, form, shortcut, select, event and step."""
    shown = f"{request_ids[0]}:1"
    found: dict[str, dict[str, Any]] = {}
    for name in ROUTES.commands:
        for text in (
            "",
            "acme newsletter by friday ~3h urgent",
            "list acme open",
            "show ACME-1",
            "find sign",
        ):
            found[f"{name} {text}"] = _command(name, text)
    for action in ROUTES.presses:
        for number, request_id in enumerate(request_ids):
            found[f"press {action} {number}"] = _press(action, f"{request_id}:1")
        found[f"press {action} in a view"] = _press(action, shown, view=_view("modal", shown, project_ids[0]))
        found[f"press {action} at home"] = _press(action, shown, view=_view("home", "", project_ids[0]))
    for callback in ROUTES.submissions:
        for metadata in (shown, f"{shown}:1", project_ids[0], ACME, ""):
            view = {**_view("modal", metadata, project_ids[0]), "callback_id": callback}
            found[f"form {callback} {metadata}"] = {**_by(PETE), "type": "view_submission", "view": view}
    found |= _others(shown, project_ids[0])
    found["closed"] = {**_by(ANA), "type": "view_closed", "view": _view("modal", "", project_ids[0])}
    return found


def _others(shown: str, project_id: str) -> dict[str, dict[str, Any]]:
    """What is neither typed nor pressed nor sent off."""
    found: dict[str, dict[str, Any]] = {}
    for callback in ROUTES.shortcuts:
        found[f"shortcut {callback}"] = _shortcut(callback)
    for field in ROUTES.suggestions:
        found[f"select {field}"] = _suggestion(field, shown)
    for kind in (*ROUTES.happened, "message", "reaction_added"):
        found[f"event {kind}"] = _event(kind)
    for step in ROUTES.steps:
        found[f"step {step}"] = _step(step, project_id)
    return found


def _by(person: str) -> dict[str, Any]:
    user = {"id": person, "team_id": TEAM, "username": "x", "name": "x"}
    return {
        "team": {"id": TEAM, "domain": "agency"},
        "user": user,
        "api_app_id": "A1",
        "trigger_id": "1.2.3",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _command(name: str, text: str) -> dict[str, Any]:
    return {
        "command": name,
        "text": text,
        "team_id": TEAM,
        "channel_id": ACME,
        "user_id": ANA,
        "user_name": "ana",
        "trigger_id": "1.2.3",
        "response_url": "",
        "is_enterprise_install": "false",
    }


def _press(action: str, value: str, *, view: dict[str, Any] | None = None) -> dict[str, Any]:
    body = {**_by(PETE), "type": "block_actions"}
    pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value, "action_ts": "1.1"}
    body["actions"] = [pressed]
    if view is not None:
        return {**body, "view": view, "container": {"type": "view", "view_id": "V1"}}
    return {
        **body,
        "channel": {"id": ACME, "name": "acme"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": ACME, "is_ephemeral": False},
        "message": {"ts": "1.1", "text": "card", "blocks": []},
    }


def _view(kind: str, metadata: str, project_id: str) -> dict[str, Any]:
    names = [*Field, *ClientField, *ProjectField]
    values = {str(name): {str(name): TYPED[OF_FIELD.get(name, "text")]} for name in names}
    values[Field.PROJECT] = {
        Field.PROJECT: {"type": "external_select", "selected_option": {"value": project_id}}
    }
    return {
        "id": "V1",
        "type": kind,
        "team_id": TEAM,
        "callback_id": Callback.ASK,
        "private_metadata": metadata,
        "hash": "1.a",
        "previous_view_id": None,
        "state": {"values": values},
        "blocks": [{"type": "input", "block_id": str(name), "element": {}} for name in names],
    }


def _shortcut(callback: str) -> dict[str, Any]:
    is_message = callback == Callback.LOG_MESSAGE
    body = {**_by(ANA), "type": "message_action" if is_message else "shortcut", "callback_id": callback}
    if is_message:
        body |= {
            "channel": {"id": ACME, "name": "acme"},
            "message": {"ts": "1.1", "text": "Can we have this by Friday?", "user": PETE},
            "message_ts": "1.1",
            "response_url": "",
        }
    return body


def _suggestion(field: str, metadata: str) -> dict[str, Any]:
    return {
        **_by(ANA),
        "type": "block_suggestion",
        "action_id": field,
        "block_id": field,
        "value": "ac",
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": "modal", "private_metadata": metadata},
    }


def _event(kind: str) -> dict[str, Any]:
    inner: dict[str, Any] = {
        "type": kind,
        "user": ANA,
        "channel": ACME,
        "text": "<@U0BOT> log this by Friday",
        "ts": "1.2",
        "thread_ts": "1.1",
        "event_ts": "1.2",
        "tab": "home",
        "channel_type": "channel",
    }
    if kind == "user_change":
        inner["user"] = {"id": ANA, "team_id": TEAM, "name": "ana", "tz": "Europe/Madrid", "profile": {}}
    if kind.endswith("_rename"):
        inner["channel"] = {"id": ACME, "name": "acme", "created": 1}
    return _callback(inner)


def _step(callback: str, project_id: str) -> dict[str, Any]:
    return _callback(
        {
            "type": "function_executed",
            "function": {"callback_id": callback, "id": "Fn1", "type": "app"},
            "function_execution_id": "Fx1",
            "inputs": {
                "project": project_id,
                "title": "A",
                "needed_by": "2026-12-01",
                "account_manager": ANA,
            },
            "bot_access_token": "xwfp-1",
            "event_ts": "1.1",
        }
    )


def _callback(inner: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event": inner,
        "event_id": "Ev1",
        "event_time": 1,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": "U0BOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }
