"""What a local workspace starts with: people, channels, the app as its manifest describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PersonSeed:
    """A member of the workspace, or a Slack Connect outsider (is_external, with a team of their own)."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Etc/UTC"
    email: str = ""
    color: str = ""
    is_external: bool = False
    team_id: str | None = None
    is_restricted: bool = False
    deleted: bool = False
    is_admin: bool = False


@dataclass(frozen=True)
class ChannelSeed:
    """A channel and who is in it."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    is_ext_shared: bool = False
    members: tuple[str, ...] = ()
    has_bot: bool = True
    is_archived: bool = False
    # In an organisation: the workspace it is in, where that is not this one.
    team_id: str = ""


@dataclass(frozen=True)
class CommandSeed:
    """A slash command of the app."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class ShortcutSeed:
    """A shortcut of the app; type is "global" or "message"."""

    type: str
    name: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True)
class StepSeed:
    """A step of the app for Workflow Builder: its inputs and outputs by name, as the manifest describes them."""

    callback_id: str
    title: str
    description: str = ""
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class AppSeed:
    """The app as its manifest describes it: what it may do and what it is told."""

    name: str = "App"
    commands: tuple[CommandSeed, ...] = ()
    shortcuts: tuple[ShortcutSeed, ...] = ()
    bot_scopes: tuple[str, ...] = ()
    bot_events: tuple[str, ...] = ()
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = True
    messages_tab_read_only: bool = False
    interactivity: bool = True
    steps: tuple[StepSeed, ...] = ()

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> AppSeed:
        """Reads a manifest (version 1 or 2); optional bot scopes count as granted.

        Raises `ValueError` for an optional scope that the app does not ask for: Slack takes them for marks on `bot`.
        """
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {})
        unasked = set(scopes.get("bot_optional", ())) - set(scopes.get("bot", ()))
        if unasked:
            raise ValueError(f"bot_optional names what bot does not: {', '.join(sorted(unasked))}")
        home = features.get("app_home", {})
        bot_user = features.get("bot_user", {})
        return cls(
            name=bot_user.get("display_name") or manifest["display_information"]["name"],
            commands=tuple(_command(entry) for entry in features.get("slash_commands", ())),
            shortcuts=tuple(_shortcut(entry) for entry in features.get("shortcuts", ())),
            bot_scopes=tuple(scopes.get("bot", ())),
            bot_events=tuple(settings.get("event_subscriptions", {}).get("bot_events", ())),
            home_tab_enabled=bool(home.get("home_tab_enabled", False)),
            messages_tab_enabled=bool(home.get("messages_tab_enabled", False)),
            messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
            interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
            steps=tuple(_step(name, entry) for name, entry in manifest.get("functions", {}).items()),
        )


def _command(entry: Mapping[str, Any]) -> CommandSeed:
    return CommandSeed(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape", False)),
    )


def _step(callback_id: str, entry: Mapping[str, Any]) -> StepSeed:
    return StepSeed(
        callback_id=callback_id,
        title=entry["title"],
        description=entry.get("description", ""),
        inputs=entry.get("input_parameters", {}),
        outputs=entry.get("output_parameters", {}),
    )


def _shortcut(entry: Mapping[str, Any]) -> ShortcutSeed:
    return ShortcutSeed(
        type=entry["type"],
        name=entry["name"],
        callback_id=entry["callback_id"],
        description=entry.get("description", ""),
    )


@dataclass(frozen=True)
class WorkspaceSeed:
    """All of it; request_url set means delivery over signed HTTP instead of Socket Mode."""

    people: tuple[PersonSeed, ...]
    channels: tuple[ChannelSeed, ...]
    app: AppSeed = field(default_factory=AppSeed)
    team_id: str = "T0LOCAL000"
    team_name: str = "Local workspace"
    team_domain: str = "local"
    bot_token: str = "xoxb-local-workspace"
    app_token: str = "xapp-local-workspace"
    signing_secret: str = "local-signing-secret"
    verification_token: str = "local-verification-token"
    bot_user_id: str = "U0LOCALBOT"
    bot_id: str = "B0LOCALBOT"
    app_id: str = "A0LOCALAPP"
    client_id: str = "1.2"
    client_secret: str = "local-client-secret"
    request_url: str | None = None
    # The organisation the workspace is in, its other workspaces, and whether the app is installed for all of it.
    enterprise_id: str = ""
    enterprise_name: str = ""
    sister_teams: tuple[str, ...] = ()
    is_org_install: bool = False

    @property
    def teams(self) -> tuple[str, ...]:
        """Every workspace of the organisation, this one first."""
        return (self.team_id, *self.sister_teams)
