"""The sentences of `/handoff digest`: the form, what follows it, and why a digest cannot be set."""

from __future__ import annotations

from datetime import datetime

from bot.digests.models import Coverage, DigestKind
from bot.digests.refusals import DigestsStayInside, NotAWeekday, NotAWholeMinute
from bot.slack.text.markup import channel, instant_token
from bot.slack.text.refusals import Reading, explains

TITLE = "Digests here"
SUBMIT = "Save"
SCOPE = "Scope digest"
SCOPE_ON = "Post it here once a week"
SCOPE_TELLS = "What grew, what nobody pays for, what waits"
DEADLINES = "Deadline digest"
DEADLINES_ON = "Post it here every weekday"
DEADLINES_TELLS = "What is late, due, owed to clients, up for renewal"
DAY = "Day"
TIME = "Time"
COVERS = "Speaks of"
ZONE = "Time zone"
ZONE_HINT = "Both times are local times of this zone."
COVERAGES = {Coverage.CHANNEL: "this channel's projects", Coverage.ALL: "all projects"}
WEEKDAYS = {
    1: "Monday",
    2: "Tuesday",
    3: "Wednesday",
    4: "Thursday",
    5: "Friday",
    6: "Saturday",
    7: "Sunday",
}
_NAMES = {DigestKind.SCOPE: "scope digest", DigestKind.DEADLINES: "deadline digest"}


def zone_name(zone: str) -> str:
    """`Berlin (Europe/Berlin)`: the city first, since that is what people look for."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return zone if city == zone else f"{city} ({zone})"


def saved(kind: DigestKind, channel_id: str, *, is_on: bool, next_run_at: datetime) -> str:
    """What was set, and when it comes next, in the reader's own zone."""
    if not is_on:
        return f"The {_NAMES[kind]} is off in {channel(channel_id)}."
    return f"The {_NAMES[kind]} comes to {channel(channel_id)} next at {instant_token(next_run_at)}."


def invite(channel_id: str) -> str:
    """How to let the bot in, so that the digests can come."""
    return f"I am not in {channel(channel_id)} yet: type `/invite @Handoff` there."


@explains(DigestsStayInside)
def _(_refusal: DigestsStayInside, _r: Reading) -> str:
    return (
        "This channel is shared with another company, and digests tell hours, money and other clients. "
        "Set them in a channel of your own."
    )


@explains(NotAWeekday)
def _(_refusal: NotAWeekday, _r: Reading) -> str:
    return "Choose a day from Monday to Sunday."


@explains(NotAWholeMinute)
def _(refusal: NotAWholeMinute, _r: Reading) -> str:
    return f"{refusal.given} is not a time of day. Choose one such as 09:00."
