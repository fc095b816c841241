"""The sentences of a bridge: what could be done instead of a yes, for colleagues and for the client."""

from __future__ import annotations

from datetime import date

from bot.ledger.service import value_of
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge, NoBridge, NoRenewalAhead, NotAhead, NotYet
from bot.requests.afterwards.returning import Returning
from bot.requests.facts import CardFacts
from bot.requests.models import State
from bot.slack.text.markup import day, escape, hours, mention, money, one_line
from bot.slack.text.refusals import Reading, explains

INSTEAD = "What could be done instead?"
BRIDGE_TEXT = "In words for the client"
BRIDGE_TEXT_HINT = "The account manager gets them to send on. A later date needs none."
RETURNS_ON = "Comes back to the account manager on"
RETURNS_ON_HINT = "Needed for a later date. That morning it is back with them, with its value."

DEFER, UNTIL, UNTIL_A_DAY = "Defer", "Until when?", "Until a day"
DEFER_WHY, DEFER_DAY = "Why not now?", "The day on which it comes back"
DEFER_MEANING = "Not now: it comes back by itself on a day, or at the client's renewal."
ASK_AGAIN, ASK_AGAIN_MEANING = "Ask again", "What would make it a yes is there: it is decided anew."
LET_GO, LET_GO_MEANING = "Not any more", "The client no longer wants it: it does not come back."
WHAT_CHANGED = "What has changed?"
WHAT_CHANGED_HINT = "For who decides. No day was named on which it comes back, so they want to know."
ASKED, ASKED_SENTENCE = "Asked again", "It waits for a decision again. The card says with whom."
GONE, GONE_SENTENCE = "Let go", "It comes back no more. Its history stays."
SETTLED = "Settled: its card says how it stands."

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
    BridgeKind.CONDITION: "A yes once this holds",
    BridgeKind.SWAP: "A yes once this goes out for it",
}


def full_day(value: date) -> str:
    """`Fri 15 Jan 2027`: far enough ahead that the year matters."""
    return f"{day(value)} {value.year}"


def bridge_line(bridge: Bridge, limit: int = 500) -> str:
    """`A yes with more budget: from €2,000 on · comes back Fri 15 Jan 2027`, for colleagues."""
    words = escape(one_line(bridge.text), limit) if bridge.text else ""
    line = f"{_LINES[bridge.kind]}: {words}" if words else _LINES[bridge.kind]
    return f"{line} · comes back {full_day(bridge.returns_on)}" if bridge.returns_on else line


def until(bridge: Bridge, client: str) -> str:
    """`Fri 15 Jan 2027`, `Acme's renewal, Wed 31 Mar 2027`: until when it is deferred."""
    day_ = full_day(bridge.returns_on) if bridge.returns_on else ""
    return f"{escape(client)}'s renewal, {day_}" if bridge.kind is BridgeKind.RENEWAL else day_


def worth(card: CardFacts) -> str:
    """`about €480 (4 h)`, at the project's rate; hours where it has none; nothing where nobody estimated it."""
    return worth_of(card.estimated_minutes, card.rate_minor, card.currency)


def worth_of(minutes: int | None, rate_minor: int, currency: str) -> str:
    """The same for any estimate."""
    if not minutes:
        return ""
    value = value_of(minutes, rate_minor)
    return f"about {money(value, currency)} ({hours(minutes)})" if value else f"about {hours(minutes)}"


def came_back(card: CardFacts, back: Returning, decided_by: str) -> str:
    """In private, for who logged it: what is back, what it is worth, and what was said."""
    name = f"*{escape(card.reference)} · {escape(one_line(card.title), 200)}*"
    client, value = escape(card.client), worth(card)
    by, when = escape(decided_by), day(back.decided_at.date())
    said = f"“{escape(one_line(back.reason), 800)}”"
    if back.bridge.kind is BridgeKind.RENEWAL:
        opening = f"{name} is back: {client} renews now. {by} deferred it on {when}: {said}"
    elif card.state is State.REJECTED:
        opening = f"{name} may be a yes now. {by} declined it on {when}: {said}\n{bridge_line(back.bridge)}"
    else:
        opening = f"{name} is back, as agreed. {by} deferred it on {when}: {said}"
    return f"{opening}\n{client} · worth {value}" if value else f"{opening}\n{client}"


def asked_again(card: CardFacts, note: str) -> str:
    """The story's line."""
    why = f": {escape(note, 1500)}" if note else "."
    ball = f"Ball: {mention(card.ball.id)}, to decide." if card.ball else ""
    return f"{escape(card.requester.name)} asks again{why}\n{ball}"


@explains(NoRenewalAhead)
def _(refusal: NoRenewalAhead, _r: Reading) -> str:
    return f"{refusal.client} has no renewal ahead. Choose a date; `/handoff client` sets the renewal."


@explains(NotYet)
def _(refusal: NotYet, _r: Reading) -> str:
    return (
        f"{refusal.reference} comes back on {full_day(refusal.day)}. "
        f"Until then only {refusal.decider} can take it up again, with Re-open."
    )


@explains(NoBridge)
def _(refusal: NoBridge, _r: Reading) -> str:
    return f"Nothing is open that could make {refusal.reference} a yes. You can appeal, or log it anew."


@explains(NotAhead)
def _(refusal: NotAhead, _r: Reading) -> str:
    return f"{full_day(refusal.day)} is not ahead. Choose a later day."
