"""The form that changes a request, and how a change is told."""

from __future__ import annotations

from bot.requests.facts import CardFacts, PastEvent
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, clip
from bot.slack.message import Message, Modal
from bot.slack.names import Callback
from bot.slack.text import editing as say
from bot.slack.text.decide import about
from bot.slack.views.ask import AskForm, wish_fields
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import context, section


def edit_modal(card: CardFacts) -> Modal:
    """The form of the request as it was logged, filled with what it says now."""
    remarks = [say.DECIDED_ANEW] if card.decision is not None else []
    shown, rest = split_details(card.details)
    if rest:
        remarks.append(say.overflow(len(shown), len(card.details)))
    form = AskForm(
        title=card.title,
        details=shown,
        needed_by=card.needed_by,
        minutes=card.estimated_minutes,
        reason=card.reason,
        promise=card.promise,
        priority=card.priority,
        source_url=card.source_url,
    )
    return Modal(
        callback_id=Callback.EDIT,
        title=say.EDIT,
        submit=say.SAVE,
        private_metadata=press_value(card),
        blocks=(section(about(card)), *(context(remark) for remark in remarks), *wish_fields(form)),
    )


def split_details(details: str) -> tuple[str, str]:
    """What of the details a form can hold, and the rest, which begins with its blank; together they are the whole."""
    if len(details) <= INPUT_TEXT:
        return details, ""
    cut = details.rfind(" ", INPUT_TEXT // 2, INPUT_TEXT)
    cut = cut if cut > 0 else INPUT_TEXT
    return details[:cut], details[cut:]


def edited(card: CardFacts, event: PastEvent) -> Message:
    """The change, told in the thread."""
    text = say.edited_in_thread(card, event)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))
