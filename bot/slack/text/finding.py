"""The sentences of `/handoff find`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.requests.facts import Line
from bot.slack.text.lists import stands
from bot.slack.text.markup import dated, escape, link, link_to_message, one_line

PREVIOUS, NEXT = "Previous", "Next"
WHAT = (
    "What do you look for? For example `/handoff find newsletter`, or with a client and a state: "
    "`/handoff find newsletter client:acme state:open`."
)


def headline(count: str, terms: Iterable[str], client: str, state: str, which: tuple[int, int] | None) -> str:
    """How many were found, of what, and which of them these are."""
    what = " · ".join(escape(part, 120) for part in (" ".join(terms), client, state) if part)
    requests = f"*{count} request{'s' if count != '1' else ''}*"
    pages = f" ({which[0]} to {which[1]})" if which else ""
    return f"{requests}{pages} · {what}"


def nothing(terms: Iterable[str], client: str, state: str) -> str:
    """Nothing holds these words."""
    words = " ".join(terms)
    where = "".join([f" of {escape(client, 60)}" if client else "", f", {state}" if state else ""])
    sought = f"No request{where} has “{escape(words, 120)}”" if words else f"There is no request{where}"
    looked = " in its title, details, offers, conditions, reasons or answers." if words else "."
    return f"{sought}{looked} Fewer words, or only their beginnings, find more."


def unknown_client(typed: str) -> str:
    """A client that is not there."""
    return f"I know no client called “{escape(typed, 60)}”. `/handoff client` shows all."


def unknown_state(typed: str, known: Iterable[str], meant: str | None) -> str:
    """A state that is not one; `meant` is what to type for the one that was probably meant."""
    hint = f" Did you mean `{escape(meant, 120)}`?" if meant else ""
    return f"I do not know the state “{escape(typed, 40)}”.{hint} It can be {', '.join(known)}."


def result(item: Line, today: date) -> str:
    """One request as a small card: what it is, whose, who has the ball."""
    title = escape(one_line(item.title), 150)
    name = link(link_to_message(*item.card), item.reference) if item.card else escape(item.reference)
    parts = [
        f"*{escape(item.client, 60)}*",
        escape(item.project, 60),
        stands(item, name_holder=True),
        f"asked by {escape(item.requester.name, 60)}",
    ]
    if item.needed_by is not None:
        parts.append(f"needed {'by ' if item.needed_by != today else ''}{dated(item.needed_by, today)}")
    return f"*{name}* {title}\n{' · '.join(parts)}"
