"""A member of the workspace as the Web API shows them. Bots are members too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.seeds import PersonSeed, WorkspaceSeed
from bot.sandbox.wire import JsonObject

_COLORS = ("4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "9f69e7", "2b6836", "d58247")


@dataclass(slots=True)
class Member:
    """A person, or the app's bot user."""

    id: str
    name: str
    real_name: str
    team_id: str
    title: str = ""
    tz: str = "Etc/UTC"
    email: str = ""
    color: str = ""
    is_bot: bool = False
    is_external: bool = False
    is_restricted: bool = False
    deleted: bool = False
    is_admin: bool = False
    bot_id: str = ""
    app_id: str = ""
    updated: int = 0
    # The organisation of ours that they are in, if there is one.
    enterprise_id: str = ""

    @property
    def initials(self) -> str:
        """Returns up to two letters to draw in place of a portrait."""
        words = self.real_name.split() or [self.name]
        return "".join(word[0] for word in words[:2]).upper()

    def as_user(self, now: datetime, *, with_email: bool) -> JsonObject:
        """Returns the user object of users.info; e-mail only with its scope, never for outsiders."""
        profile: JsonObject = {
            "title": self.title,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": self.team_id,
            "status_text": "",
            "status_emoji": "",
            "avatar_hash": "local",
        }
        if with_email and self.email and not self.is_external:
            profile["email"] = self.email
        if self.is_bot:
            profile.update(bot_id=self.bot_id, api_app_id=self.app_id, always_active=True)
        user: JsonObject = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        offset = zone_of(self.tz).utcoffset(now)
        user.update(
            color=self.color,
            real_name=self.real_name,
            tz=self.tz,
            tz_label=self.tz.rsplit("/", 1)[-1].replace("_", " "),
            tz_offset=int(offset.total_seconds()) if offset is not None else 0,
            is_admin=self.is_admin,
            is_owner=False,
            is_primary_owner=False,
            is_restricted=self.is_restricted,
            is_ultra_restricted=False,
            is_email_confirmed=True,
        )
        if self.is_external:
            user["is_stranger"] = True
        if self.enterprise_id:
            user["enterprise_user"] = {
                "id": self.id,
                "enterprise_id": self.enterprise_id,
                "is_admin": False,
                "is_owner": False,
                "teams": [self.team_id],
            }
        return user


def zone_of(name: str) -> ZoneInfo:
    """Returns a time zone; an unknown name counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def member_of(seed: PersonSeed, workspace: WorkspaceSeed, position: int) -> Member:
    """Makes the member a seed describes; an outsider without a team gets one of their own."""
    team = seed.team_id or ("T0OUTSIDE0" if seed.is_external else workspace.team_id)
    is_external = seed.is_external or team not in workspace.teams
    return Member(
        id=seed.id,
        name=seed.name,
        real_name=seed.real_name,
        team_id=team,
        title=seed.title,
        tz=seed.tz,
        email=seed.email,
        color=(seed.color or _COLORS[position % len(_COLORS)]).lstrip("#"),
        is_external=is_external,
        enterprise_id="" if is_external else workspace.enterprise_id,
        is_restricted=seed.is_restricted,
        deleted=seed.deleted,
        is_admin=seed.is_admin,
    )


def bot_member(workspace: WorkspaceSeed) -> Member:
    """Makes the bot user of the app."""
    return Member(
        id=workspace.bot_user_id,
        name=workspace.app.name.lower().replace(" ", ""),
        real_name=workspace.app.name,
        team_id=workspace.team_id,
        color="1f9d92",
        is_bot=True,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
    )
