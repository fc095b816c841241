"""The manifest is what the code uses, and what is written down about it is true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sandbox.seeds import AppSeed
from bot.slack.commands.table import SUB_COMMANDS
from bot.slack.manifest import EVENTS, OPTIONAL_SCOPES, SCOPES, manifest
from bot.slack.routes import ROUTES

TOP = Path(__file__).resolve().parents[2]

# The scope without which Slack does not send an event; those without one need none.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_rename": "channels:read",
    "channel_shared": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_unshared": "channels:read",
    "group_archive": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "user_change": "users:read",
}


def test_the_file_is_what_the_code_says() -> None:
    written = json.loads((TOP / "manifest.json").read_text())
    assert written == json.loads(json.dumps(manifest())), "run `handoff manifest > manifest.json`"


def test_every_command_and_shortcut_of_the_manifest_is_answered_and_the_other_way_round() -> None:
    features = manifest()["features"]
    assert {command["command"] for command in features["slash_commands"]} == set(ROUTES.commands)
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == set(ROUTES.shortcuts)


def test_every_event_that_is_asked_for_has_its_scope() -> None:
    granted = set(manifest()["oauth_config"]["scopes"]["bot"])
    missing = {event for event, scope in EVENT_SCOPES.items() if event in EVENTS and scope not in granted}
    assert missing == set()


def test_a_scope_that_may_be_refused_is_asked_for_like_the_others() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert scopes["bot"] == sorted({*SCOPES, *OPTIONAL_SCOPES})
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES)


def test_the_local_workspace_takes_no_manifest_that_marks_a_scope_it_does_not_ask_for() -> None:
    written = manifest()
    written["oauth_config"]["scopes"]["bot"].remove("dnd:read")
    with pytest.raises(ValueError, match="dnd:read"):
        AppSeed.from_manifest(written)


def test_no_event_is_handled_that_is_not_asked_for() -> None:
    assert set(ROUTES.happened) <= set(EVENTS)


def test_the_manifest_keeps_slacks_lengths() -> None:
    written = manifest()
    display = written["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 175 <= len(display["long_description"]) <= 4_000
    for shortcut in written["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_over_http_every_address_leads_to_the_one_path() -> None:
    written = json.dumps(manifest(request_url="https://handoff.example.com/"))
    assert written.count("https://handoff.example.com/slack/events") == 5
    assert manifest(request_url="https://x.example")["settings"]["socket_mode_enabled"] is False


def test_the_readme_names_every_sub_command() -> None:
    readme = (TOP / "README.md").read_text()
    missing = [word for word in SUB_COMMANDS if f"/handoff {word}" not in readme]
    assert missing == []
