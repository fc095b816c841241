"""users.*, usergroups.list, dnd.info, bots.info, team.info: who is who."""

from __future__ import annotations

from bot.sandbox.people import Member
from bot.sandbox.rate_limits import TIER_2, TIER_4
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.paging import page_of
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


def _shown(workspace: Workspace, member: Member) -> JsonObject:
    return member.as_user(workspace.now(), with_email="users:read.email" in workspace.scopes)


@method("users.info", "users:read", per_minute=TIER_4)
def info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns one person."""
    member = workspace.members.get(arguments.required("user"))
    if member is None:
        raise Refused("user_not_found")
    return {"ok": True, "user": _shown(workspace, member)}


@method("users.list", "users:read", per_minute=TIER_2)
def list_(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists the members of the workspace; Slack Connect outsiders are not among them."""
    members = [member for member in workspace.members.values() if not member.is_external]
    page, cursor = page_of(members, arguments, default=len(members), most=1000)
    return {
        "ok": True,
        "members": [_shown(workspace, member) for member in page],
        "cache_ts": workspace.seconds(),
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Finds a person by e-mail."""
    wanted = arguments.required("email").casefold()
    for member in workspace.members.values():
        if member.email.casefold() == wanted and not (member.deleted or member.is_external):
            return {"ok": True, "user": _shown(workspace, member)}
    raise Refused("users_not_found")


@method("usergroups.list", "usergroups:read", per_minute=TIER_2)
def usergroups(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists user groups: a local workspace has none."""
    return {"ok": True, "usergroups": []}


@method("dnd.info", "dnd:read")
def dnd(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Tells whether somebody is not to be disturbed; of another person's snooze it says nothing."""
    user = arguments.text("user")
    if user and user not in workspace.members:
        raise Refused("user_not_found")
    start, end = workspace.undisturbed.get(user, (1, 1))
    return {
        "ok": True,
        "dnd_enabled": user in workspace.undisturbed,
        "next_dnd_start_ts": start,
        "next_dnd_end_ts": end,
    }


@method("bots.info", "users:read")
def bot_info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns the app's bot."""
    bot = workspace.bot
    if arguments.text("bot", bot.bot_id) != bot.bot_id:
        raise Refused("bot_not_found")
    shown = {
        "id": bot.bot_id,
        "deleted": False,
        "name": bot.real_name,
        "updated": bot.updated,
        "app_id": bot.app_id,
        "user_id": bot.id,
        "icons": {},
    }
    return {"ok": True, "bot": shown}


@method("team.info", "team:read")
def team_info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns the workspace."""
    seed = workspace.seed
    team = {
        "id": seed.team_id,
        "name": seed.team_name,
        "url": f"{workspace.url}/",
        "domain": seed.team_domain,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    return {"ok": True, "team": team}
