"""Tokens, scopes and the clock: what Slack says of how we come to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.bootstrap import plain_secret
from bot.checking.findings import Finding, good, note, wrong
from bot.settings import Settings
from bot.slack.gateway import GatewayError, Refused
from bot.slack.gateway.inspecting import Client, TokenFacts, inspect_token, try_app_token
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES

# Slack's signatures are good for five minutes.
SKEW_NOTED, SKEW_WRONG = 10.0, 120.0
_KINDS = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe": "a token that expires (token rotation)",
    "xoxa-": "an old workspace token",
    "xoxs-": "a browser's session",
}
# What does not work without it.
_COSTS = {
    "channels:history": "after an unclear answer it cannot look whether a post in a public channel arrived, and typed decisions are not seen",
    "groups:history": "the same in private channels",
    "im:history": "the same in private messages",
    "im:write": "it cannot open a private conversation before it writes there",
    "dnd:read": "reminders come through people's do-not-disturb",
    "users:read.email": "`handoff import` does not find people by e-mail",
}


def check_kinds(settings: Settings) -> Iterator[Finding]:
    """Whether each token is of the kind its setting wants; asks nobody."""
    bot, app = plain_secret(settings.slack_bot_token), plain_secret(settings.slack_app_token)
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        yield wrong("SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the one with xoxb- is the bot's.")
        return
    if bot and not bot.startswith("xoxb-"):
        yield wrong(
            f"SLACK_BOT_TOKEN is {_kind(bot)}. Copy the *Bot User OAuth Token* (xoxb-…) from *OAuth & Permissions*."
        )
    if app and not app.startswith("xapp-"):
        yield wrong(
            f"SLACK_APP_TOKEN is {_kind(app)}. Make one (xapp-…) under *Basic Information*, *App-Level Tokens*."
        )
    if not app and not plain_secret(settings.slack_signing_secret):
        yield wrong(
            "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: Slack cannot reach us."
        )


async def check_bot_token(client: Client, now: datetime) -> list[Finding]:
    """Whether Slack knows the token, what it may do, and whether the clocks agree; good ones are told, too."""
    facts, findings = await look_at_token(client, "SLACK_BOT_TOKEN")
    return findings if facts is None else [*findings, *check_clock(facts, now)]


async def look_at_token(
    client: Client, name: str, *, mend: str = ""
) -> tuple[TokenFacts | None, list[Finding]]:
    """What Slack says of a token, and what follows; nothing where it refuses it.

    `name` is how the sentences call it, `mend` what helps where it is not a setting to be copied again.
    """
    try:
        facts = await inspect_token(client)
    except Refused as refused:
        return None, [
            wrong(f"Slack refuses {name} ({refused.code}). {mend}" if mend else _refused(name, refused.code))
        ]
    except GatewayError as error:
        where = f"Slack cannot be reached at {client.base_url} ({type(error).__name__}). Is the network open?"
        return None, [wrong(where)]
    return facts, [good(f"Slack knows the bot token: {facts.team}."), *_scopes(facts)]


async def check_app_token(client: Client, token: str) -> Finding:
    """Whether Socket Mode would connect."""
    try:
        await try_app_token(client, token)
    except Refused as refused:
        if refused.code == "missing_scope":
            return wrong(
                "SLACK_APP_TOKEN lacks the scope connections:write. Make a new app-level token with it."
            )
        if refused.code in {"forbidden_team", "socket_mode_not_enabled"}:
            return wrong(
                "Socket Mode is off for this app: switch it on, or take SLACK_APP_TOKEN away to use HTTP."
            )
        return wrong(_refused("SLACK_APP_TOKEN", refused.code))
    except GatewayError as error:
        return wrong(f"Socket Mode could not be tried: {type(error).__name__}.")
    return good("Socket Mode takes the app token.")


def _scopes(facts: TokenFacts) -> Iterator[Finding]:
    if facts.scopes is None:
        yield note("Slack does not say which scopes the bot has.")
        return
    missing = [scope for scope in SCOPES if scope not in facts.scopes]
    if missing:
        yield wrong(
            f"The bot lacks scopes it needs: {', '.join(missing)}. Add them under *OAuth & Permissions* (or paste "
            "`handoff manifest` again), and reinstall the app."
        )
    for scope in OPTIONAL_SCOPES:
        if scope not in facts.scopes:
            yield note(f"Without the optional scope {scope} {_COSTS[scope]}.")


def check_clock(facts: TokenFacts, now: datetime) -> Iterator[Finding]:
    """Whether this machine's clock agrees with Slack's."""
    if facts.server_time is None:
        return
    seconds = (now - facts.server_time).total_seconds()
    how = f"This machine's clock is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} Slack's"
    if abs(seconds) >= SKEW_WRONG:
        yield wrong(f"{how}: signatures look forged and digests come at the wrong time. Switch on NTP.")
    elif abs(seconds) >= SKEW_NOTED:
        yield note(f"{how}. Switch on NTP.")
    else:
        yield good("This machine's clock agrees with Slack's.")


def _refused(name: str, code: str) -> str:
    if code in {"token_revoked", "account_inactive"}:
        return f"{name} was revoked ({code}). Install the app again, and copy the new token."
    if code == "not_allowed_token_type":
        return f"{name} is a token of another kind ({code})."
    return f"Slack refuses {name} ({code}). Copy it again from your app's page, or install the app once more."


def _kind(token: str) -> str:
    return next((kind for start, kind in _KINDS.items() if token.startswith(start)), "no token of Slack's")
