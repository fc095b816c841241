"""The sentences of duplicates: likely ones while somebody types, marked ones on cards, in threads, in refusals."""

from __future__ import annotations

from bot.requests import refusals as no
from bot.requests.facts import CardFacts, Line, LinkedRequest
from bot.slack.text.labels import STATES
from bot.slack.text.markup import escape, instant_token, link, link_to_message, mention, one_line
from bot.slack.text.phrases import listed
from bot.slack.text.refusals import Reading, explains

MARK = "Mark as duplicate"
MARK_MEANING = (
    "Another request of the client asks for the same: this one is put away, and each links to the other."
)
SUBMIT = "Mark"
ORIGINAL = "Which request asks for the same?"
ORIGINAL_SEARCH = "A reference or a few letters"
ORIGINAL_HINT = "Requests of the same client; what looks like this one comes first."


def looks_like(lines: list[Line]) -> str:
    """`Looks like ACME-7 · Newsletter sign-up (waiting with Pete)`: what may be asked for already."""
    return f"Looks like {' and '.join(_likely(line) for line in lines)}. Log it only if it is something else."


def option(line: Line) -> str:
    """A request as the form offers it, plain text."""
    return f"{line.reference} · {one_line(line.title)}"


def duplicate_line(card: CardFacts) -> str:
    """What a request that was put away is a duplicate of."""
    when = f" at {instant_token(card.closed_at)}" if card.closed_at else ""
    of = f" of {named(card.duplicate_of)}" if card.duplicate_of else ""
    return f"*Duplicate*{of}, put away{when}"


def also_asked(card: CardFacts) -> str:
    """What was put away for this one."""
    return f"Also asked as {listed([named(other) for other in card.duplicates])}"


def marked_in_thread(card: CardFacts, by: str, original: LinkedRequest) -> str:
    """The story's line where it was put away."""
    return (
        f"{escape(by)} marked this as a duplicate of {named(original)}, where it goes on. "
        f"Nothing more to do here, {mention(card.decider.id)}."
    )


def found_in_thread(by: str, duplicate: LinkedRequest) -> str:
    """The story's line where it goes on."""
    return f"{escape(by)} found that {named(duplicate)} asks for the same: it was put away, and this one stands for both."


def named(other: LinkedRequest) -> str:
    """Another request by its reference, as a link to its card where that is known."""
    return link(link_to_message(*other.card), other.reference) if other.card else escape(other.reference)


def _likely(line: Line) -> str:
    who = f" with {escape(line.ball.name, 60)}" if line.ball and line.state.awaits_decision else ""
    name = named(LinkedRequest(line.reference, line.card))
    return f"*{name}* · {escape(one_line(line.title), 100)} ({STATES[line.state]}{who})"


@explains(no.NotTheirs)
def _(refusal: no.NotTheirs, _r: Reading) -> str:
    who = f"{refusal.requester}, who logged {refusal.reference}, and {refusal.decider}, who decides it,"
    return f"Only {who} can mark it as a duplicate."


@explains(no.SameRequest)
def _(_refusal: no.SameRequest, _r: Reading) -> str:
    return "That is this very request. Choose the other one."


@explains(no.NotAnOriginal)
def _(refusal: no.NotAnOriginal, _r: Reading) -> str:
    if STATES[refusal.state] == "duplicate":
        return f"{refusal.reference} is a duplicate itself. Choose the request that it is a duplicate of."
    return f"{refusal.reference} is {STATES[refusal.state]}, so nothing goes on there. Choose another one."


@explains(no.OtherClient)
def _(refusal: no.OtherClient, _r: Reading) -> str:
    return f"{refusal.reference} is another client's. Choose a request of the same client."
