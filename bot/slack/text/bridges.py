"""The sentences of a bridge: what could be done instead of a yes, for colleagues and for the client."""

from __future__ import annotations

from datetime import date

from bot.requests.bridge_models import BridgeKind
from bot.requests.bridges import Bridge, NotAhead
from bot.slack.text.markup import day, escape, one_line
from bot.slack.text.refusals import Reading, explains

INSTEAD = "What could be done instead?"
BRIDGE_TEXT = "In words for the client"
BRIDGE_TEXT_HINT = "The account manager gets them to send on. A later date needs none."
RETURNS_ON = "Comes back to the account manager on"
RETURNS_ON_HINT = "Needed for a later date. That morning it is back with them, with its value."

# What the form offers.
BRIDGES = {
    BridgeKind.ALTERNATIVE: "Something else that we can do",
    BridgeKind.DATE: "A yes from a later date on",
    BridgeKind.BUDGET: "A yes with more budget",
    BridgeKind.PHASE: "A yes in a later phase",
    BridgeKind.CAPACITY: "A yes when the team has room",
    BridgeKind.CLAUSE: "Nothing: the agreement rules it out",
}

_LINES = {
    BridgeKind.ALTERNATIVE: "Instead",
    BridgeKind.CLAUSE: "The agreement",
    BridgeKind.DATE: "A yes later",
    BridgeKind.BUDGET: "A yes with more budget",
    BridgeKind.PHASE: "A yes in a later phase",
    BridgeKind.CAPACITY: "A yes when the team has room",
    BridgeKind.RENEWAL: "At the renewal",
}


def full_day(value: date) -> str:
    """`Fri 15 Jan 2027`: far enough ahead that the year matters."""
    return f"{day(value)} {value.year}"


def bridge_line(bridge: Bridge, limit: int = 500) -> str:
    """`A yes with more budget: from €2,000 on · comes back Fri 15 Jan 2027`, for colleagues."""
    words = escape(one_line(bridge.text), limit) if bridge.text else ""
    line = f"{_LINES[bridge.kind]}: {words}" if words else _LINES[bridge.kind]
    return f"{line} · comes back {full_day(bridge.returns_on)}" if bridge.returns_on else line


@explains(NotAhead)
def _(refusal: NotAhead, _r: Reading) -> str:
    return f"{full_day(refusal.day)} is not ahead. Choose a later day."
