"""The sentences of the list of what may still become a yes."""

from __future__ import annotations

from bot.requests.afterwards.opportunities import ClientWorth, Opportunities, Opportunity, Worth
from bot.requests.models import State
from bot.slack.text.bridges import bridge_line, full_day, until, worth_of
from bot.slack.text.markup import escape, hours, link, link_to_message, money
from bot.slack.text.phrases import listed

NOTHING = "Nothing is deferred, and no ask was declined that could still become a yes."
EARLIER, MORE = "Earlier", "More"


def headline(found: Opportunities, client: str) -> str:
    """How many there are, and what they are worth together."""
    whose = f" · {escape(client, 80)}" if client else ""
    return f"*Opportunities*{whose} · {worth(found.total)}"


def client_line(client: ClientWorth) -> str:
    """One client, with all of its asks summed, and when it renews."""
    renewal = f" · renews {full_day(client.renewal_on)}" if client.renewal_on else ""
    return f"*{escape(client.name, 80)}* · {worth(client.worth)}{renewal}"


def worth(value: Worth) -> str:
    """`3 asks, about €1,200 and $300, 4 h without a rate, 1 not estimated`: money is never summed across currencies."""
    parts = [f"{value.count} ask{'' if value.count == 1 else 's'}"]
    if value.by_currency:
        parts.append(f"about {listed([money(minor, currency) for currency, minor in value.by_currency])}")
    if value.unrated_minutes:
        parts.append(f"{hours(value.unrated_minutes)} without a rate")
    if value.unestimated:
        parts.append(f"{value.unestimated} not estimated")
    return ", ".join(parts)


def line(item: Opportunity, client: str) -> str:
    """One ask: what it is worth, what would make it a yes, and when it comes back."""
    name = link(link_to_message(*item.card), item.reference) if item.card else f"*{escape(item.reference)}*"
    value = worth_of(item.minutes, item.rate_minor, item.currency) or "not estimated"
    return f"{name} {escape(item.title, 120)} · {value}\n{_stands(item, client)}"


def _stands(item: Opportunity, client: str) -> str:
    bridge = item.bridge
    if item.state is State.UNDER_REVIEW:
        return f"Back now: {escape(item.requester, 60)} asks again, or lets it go"
    if item.state is State.DEFERRED:
        return f"Deferred until {until(bridge, client)}"
    said = bridge_line(bridge, 300)
    return f"{said} · due now, with {escape(item.requester, 60)}" if item.is_back else said


def page_of(first: int, last: int, count: int) -> str:
    """`1 to 10 of 24`."""
    return f"{first} to {last} of {count}"


def unknown_client(name: str) -> str:
    """Nobody knows that client."""
    return f"I know no client called “{escape(name, 60)}”. `/handoff client` shows all."
