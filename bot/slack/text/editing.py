"""The sentences of a changed request: its form, what changed, and decisions that no longer stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.requests import refusals as no
from bot.requests.facts import CardFacts, ClearedDecision, PastEvent
from bot.requests.models import Outcome, Priority, Promise, Reason
from bot.slack.text.labels import OUTCOMES, PRIORITIES, PROMISES, REASONS
from bot.slack.text.markup import day, escape, hours, instant_token, mention, one_line
from bot.slack.text.refusals import Reading, explains

EDIT = "Edit"
SAVE = "Save"
EDIT_MEANING = "Change what the client asks for. It is then decided on what it says now."
DECIDED_ANEW = "What was decided no longer stands when you save a change: it is decided anew."


def overflow(shown: int, length: int) -> str:
    """The details are longer than a form holds."""
    return f"The form shows the first {shown:,} of {length:,} characters of the details; the rest stays as it is."


def edited_in_thread(card: CardFacts, event: PastEvent) -> str:
    """The story's line for an edit: what changed, what no longer stands, who has the ball."""
    said = f"{escape(event.by.name)} changed this (revision {event.facts.get('revision')}): {changes(event, 300)}"
    cleared = event.facts.get("cleared")
    if isinstance(cleared, str):
        said += f"\nIt was {OUTCOMES[Outcome(cleared)]} before; that no longer stands."
    return f"{said}\nBall: {mention(card.decider.id)}, to decide."


def changes(event: PastEvent, most: int) -> str:
    """`hours 3 h → 5 h; needed by Fri 20 Nov → Mon 23 Nov`, each value clipped to `most` characters."""
    found = event.facts.get("changes")
    if not isinstance(found, Mapping):
        return ""
    return "; ".join(
        f"{label} {_value(show, old, most)} → {_value(show, new, most)}"
        for name, (label, show) in _FIELDS.items()
        if name in found
        for old, new in [found[name]]
    )


def cleared_line(cleared: tuple[ClearedDecision, ...]) -> str:
    """`Declined before by Pete, Mon 14:10`: what was decided and no longer stands."""
    parts = [
        f"{OUTCOMES[before.outcome]} before by {escape(before.by.name)} at {instant_token(before.at)}"
        for before in cleared
    ]
    parts[0] = parts[0][:1].upper() + parts[0][1:]
    return " · ".join(parts)


def revision_line(card: CardFacts) -> str:
    """That it was changed since it was logged."""
    return f"Revision {card.revision}: changed by {escape(card.requester.name)} since it was logged"


def before_line(card: CardFacts) -> str:
    """What it was before: changed, and decided otherwise; empty where it was not."""
    parts = [revision_line(card)] if card.revision > 1 else []
    if card.cleared:
        parts.append(cleared_line(card.cleared))
    return " · ".join(parts)


def _value(show: Callable[[Any], str], value: Any, most: int) -> str:
    return "nothing" if value is None or value == "" else escape(one_line(show(value)), most)


def _quoted(value: str) -> str:
    return f"“{value}”"


# By the request's own names, in the order of the form: what it is called, and how a value of it is shown.
_FIELDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "title": ("wish", _quoted),
    "details": ("details", _quoted),
    "needed_by": ("needed by", lambda value: day(date.fromisoformat(value))),
    "estimated_minutes": ("hours", hours),
    "promise": ("client was told", lambda value: PROMISES[Promise(value)].lower()),
    "priority": ("priority", lambda value: PRIORITIES[Priority(value)].lower()),
    "reason": ("why", lambda value: REASONS[Reason(value)].lower()),
    "source_url": ("source", str),
}


@explains(no.NothingChanged)
def _(refusal: no.NothingChanged, _r: Reading) -> str:
    return f"Nothing here differs from what {refusal.reference} says already. Change something, or cancel."
