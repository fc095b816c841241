"""The app's manifest: what Slack is told about Handoff. `manifest.json` at the top is this, printed."""

from __future__ import annotations

from typing import Any

from bot.slack.names import Callback, WorkflowStep
from bot.slack.workflow_steps import log_step

# Without these Handoff does not work.
SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "groups:read",
    "users:read",
)
# With these it does more: it looks whether a post arrived, asks about a typed "ok", finds people by e-mail,
# keeps reminders back from who wants to be left alone.
OPTIONAL_SCOPES = (
    "channels:history",
    "dnd:read",
    "groups:history",
    "im:history",
    "im:write",
    "users:read.email",
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_id_changed",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "function_executed",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "tokens_revoked",
    "user_change",
)


def manifest(*, request_url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode; with `request_url` (https, without a path) for HTTP."""
    url = None if request_url is None else f"{request_url.rstrip('/')}/slack/events"
    # Slack asks for what stands under `bot`; `bot_optional` marks those of them that may be refused at the install.
    scopes = {"bot": sorted([*SCOPES, *OPTIONAL_SCOPES]), "bot_optional": list(OPTIONAL_SCOPES)}
    oauth: dict[str, Any] = {"scopes": scopes}
    settings: dict[str, Any] = {
        "event_subscriptions": {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True},
        # Slack takes steps for Workflow Builder only from apps that could be installed for an organisation.
        "org_deploy_enabled": True,
        "function_runtime": "remote",
        "socket_mode_enabled": url is None,
        "token_rotation_enabled": False,
    }
    if url is not None:
        settings["event_subscriptions"]["request_url"] = url
        settings["interactivity"] |= {"request_url": url, "message_menu_options_url": url}
        oauth["redirect_urls"] = [f"{str(request_url).rstrip('/')}/slack/oauth_redirect"]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Handoff",
            "description": "The account manager's promise, the project manager's decision and the money, in one thread.",
            "background_color": "#1f3a4d",
            "long_description": (
                "The client asks for one small thing. The account manager logs it with /ask; it becomes a change "
                "request with a card in the project's channel, with the hours and the budget beside it. The project "
                "manager accepts or declines it there, the account manager gets words for the client, and every "
                "week a digest tells the channel what is growing and what is due."
            ),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Handoff", "always_online": True},
            "shortcuts": [
                {
                    "name": "Log as client request",
                    "type": "message",
                    "callback_id": Callback.LOG_MESSAGE,
                    "description": "Turns this message into a request to the project manager",
                },
                {
                    "name": "Log a client request",
                    "type": "global",
                    "callback_id": Callback.LOG_GLOBAL,
                    "description": "Log what a client asks for",
                },
            ],
            "slash_commands": [
                _command(
                    "/ask", "Log what a client asks for", "acme add a newsletter sign-up by Friday ~3h", url
                ),
                _command(
                    "/handoff",
                    "Your requests, clients, projects and digests",
                    "mine | list | show | help",
                    url,
                ),
            ],
        },
        "functions": {WorkflowStep.LOG: log_step()},
        "oauth_config": oauth,
        "settings": settings,
    }


def _command(name: str, description: str, hint: str, url: str | None) -> dict[str, Any]:
    command: dict[str, Any] = {
        "command": name,
        "description": description,
        "usage_hint": hint,
        # Mentions then come as ids, whatever people are called.
        "should_escape": True,
    }
    if url is not None:
        command["url"] = url
    return command
