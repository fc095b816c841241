"""An Enterprise organisation around the workspace: whose app it is, and what payloads and answers say of it.

Where the app is installed for the whole organisation, payloads carry no team, events no team in their authorization,
and methods that list things want to be told in which workspace.
"""

from __future__ import annotations

from bot.sandbox.seeds import WorkspaceSeed
from bot.sandbox.wire import JsonObject

# Under the token of an organisation Slack refuses these without a team.
NEED_TEAM = frozenset(
    {
        "bots.info",
        "chat.scheduledMessages.list",
        "conversations.list",
        "dnd.info",
        "files.list",
        "reactions.list",
        "team.info",
        "usergroups.list",
        "users.conversations",
        "users.list",
    }
)


def enterprise_of(seed: WorkspaceSeed) -> JsonObject | None:
    """Returns the organisation as payloads name it; nothing for a workspace that stands alone."""
    return {"id": seed.enterprise_id, "name": seed.enterprise_name} if seed.enterprise_id else None


def team_of(seed: WorkspaceSeed, team_id: str) -> JsonObject | None:
    """Returns the team of an interaction; nothing where the app is installed for the whole organisation."""
    if seed.is_org_install:
        return None
    team: JsonObject = {
        "id": team_id,
        "domain": seed.team_domain if team_id == seed.team_id else team_id.lower(),
    }
    if seed.enterprise_id and team_id in seed.teams:
        team.update(enterprise_id=seed.enterprise_id, enterprise_name=seed.enterprise_name)
    return team


def installed_team(seed: WorkspaceSeed) -> str:
    """Returns where the app is installed, as views name it."""
    return seed.enterprise_id if seed.is_org_install else seed.team_id


def authorization(seed: WorkspaceSeed) -> JsonObject:
    """Returns the installation for which an event is sent."""
    return {
        "enterprise_id": seed.enterprise_id or None,
        "team_id": None if seed.is_org_install else seed.team_id,
        "user_id": seed.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": seed.is_org_install,
    }
