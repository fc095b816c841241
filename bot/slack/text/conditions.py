"""The sentences of conditions and of swaps: in forms, on the card, in the thread, in private, in refusals."""

from __future__ import annotations

from bot.requests.bargaining import bargaining_refusals as no
from bot.requests.bargaining.condition_models import ConditionKind, ConditionOutcome
from bot.requests.facts import CardFacts, ConditionFacts, SwapFacts
from bot.slack.text.markup import day, escape, hours, instant_token, mention, one_line, quoted
from bot.slack.text.refusals import Reading, explains

ACCEPT_CONDITION, ON_CONDITION = "Accept with a condition", "On a condition"
ACCEPT_CONDITION_MEANING = (
    "Your yes counts once somebody confirms the condition. Until then nothing is funded."
)
CONDITION, CONFIRMER, CONDITION_BY = "The condition", "Who confirms it?", "By when?"
CONDITION_HINT = "The client reads it, too, in the words that the account manager sends."
CONDITION_BY_HINT = "To the end of that day, where you are. Without an answer it is declined."
ACCEPT_SWAP, AS_SWAP = "Accept as a swap", "As a swap"
ACCEPT_SWAP_MEANING = "Something else goes out for it. It counts once the client agreed to that."
OUT_REQUESTS, OUT_REQUESTS_HINT = "Accepted requests that go out", "Each goes out as a whole."
REST_PAYS = "Who pays for the rest?"
NOTHING_TO_SWAP = "The project has no scope items and no accepted requests that could go out."
MET, NOT_MET = "Condition met", "Not met"
AGREED, NOT_AGREED = "Client agreed", "Client did not"
WHY_NOT = "Why not?"
WHY_NOT_HINT = "The request is then declined, and whoever logged it is told."
ON_CARD, IN_THREAD = 400, 1500


def lines(card: CardFacts) -> list[str]:
    """What a card says of conditions and swaps; nothing where there are none."""
    said = [on_card(card, card.condition)] if card.condition is not None else []
    return [went_out(card), *said] if card.swapped_for else said


def on_card(card: CardFacts, condition: ConditionFacts) -> str:
    """What the decision depends on, or came from."""
    if condition.kind is ConditionKind.SWAP:
        return f"{swap_line(card, condition)} · {_swap_ended(card, condition)}"
    text = escape(one_line(condition.text), ON_CARD)
    if condition.outcome is None:
        return f"*On the condition:* {text} · {escape(condition.confirmer.name)} confirms it{_by(condition)}"
    return f"{_ended(condition)}: {text}"


def swap_line(card: CardFacts, condition: ConditionFacts) -> str:
    """`Swap: +12 h −10 h = +2 h · out: the blog (10 h)`."""
    decision = card.decision
    into = decision.minutes if decision and decision.minutes else None
    out = sum(part.minutes for part in condition.out)
    sums = f"−{hours(out)}" if into is None else f"+{hours(into)} −{hours(out)} = {_signed(into - out)}"
    return f"*Swap:* {sums} · out: {', '.join(_part(part) for part in condition.out)}"


def _signed(minutes: int) -> str:
    return f"{'−' if minutes < 0 else '+'}{hours(abs(minutes))}" if minutes else "0 h"


def _part(part: SwapFacts) -> str:
    return f"{escape(one_line(part.name), 100)} ({hours(part.minutes)})"


def _by(condition: ConditionFacts) -> str:
    return f" by {day(condition.due_on)}" if condition.due_on else ""


def _ended(condition: ConditionFacts) -> str:
    by = escape(condition.settled_by.name) if condition.settled_by else ""
    match condition.outcome:
        case ConditionOutcome.MET:
            return f"{by} confirmed the condition"
        case ConditionOutcome.NOT_MET:
            return f"{by} says that the condition is not met"
        case _:
            return f"Nobody confirmed the condition{_by(condition)}"


def _swap_ended(card: CardFacts, condition: ConditionFacts) -> str:
    client = escape(card.client)
    if condition.outcome is None:
        return f"{client} has to agree"
    return f"{client} agreed" if condition.outcome is ConditionOutcome.MET else f"{client} did not agree"


def accepted_in_thread(card: CardFacts, condition: ConditionFacts, by: str, figures: str) -> str:
    """The story's line for an acceptance that depends on something."""
    who = mention(condition.confirmer.id)
    if condition.kind is ConditionKind.SWAP:
        asks = f"to say whether {escape(card.client)} agrees"
        return f"{by} accepts this as a swap: {figures}.\n{swap_line(card, condition)}\nBall: {who}, {asks}."
    text = escape(condition.text, IN_THREAD)
    return f"{by} accepts this on a condition: {text}\n{figures}. Ball: {who}, to confirm it{_by(condition)}."


def in_private(card: CardFacts, condition: ConditionFacts, figures: str) -> str:
    """What it comes to for whoever confirms."""
    by = escape(card.decision.by.name if card.decision else card.decider.name)
    about = f"*{escape(card.reference)}* · {escape(one_line(card.title), 200)}"
    if condition.kind is ConditionKind.SWAP:
        return (
            f"{by} accepts {about} if {escape(card.client)} agrees to what goes out for it.\n"
            f"{swap_line(card, condition)}"
        )
    price = f" ({figures})" if figures else ""
    text = quoted(escape(condition.text, IN_THREAD))
    return f"{by} accepts {about}{price} on a condition, which you confirm{_by(condition)}:\n{text}"


def settled(condition: ConditionFacts) -> str:
    """What the private message says when there is nothing more to do."""
    if condition.outcome is None or condition.settled_at is None:
        return "It depends on this no more."
    at = instant_token(condition.settled_at)
    if condition.kind is ConditionKind.SWAP:
        agreed = "agreed" if condition.outcome is ConditionOutcome.MET else "did not agree"
        return f"The client {agreed}: noted at {at}."
    return f"{_ended(condition)}, at {at}."


def settled_in_thread(card: CardFacts, condition: ConditionFacts, figures: str) -> str:
    """The story's line for how it ended, with who has the ball now."""
    ball = f"Ball: {mention(card.requester.id)}, to tell {escape(card.client)} by {day(card.answer_owed_on)}."
    by = escape(condition.settled_by.name) if condition.settled_by else ""
    is_swap = condition.kind is ConditionKind.SWAP
    if condition.outcome is ConditionOutcome.MET:
        what = f"{by}: {escape(card.client)} agreed to the swap" if is_swap else _ended(condition)
        return f"{what}. This is accepted: {figures}. {ball}"
    if condition.outcome is ConditionOutcome.EXPIRED:
        return f"{_ended(condition)}, so this is declined. {ball}"
    what = f"{by}: {escape(card.client)} did not agree to the swap" if is_swap else _ended(condition)
    return f"{what}: {escape(condition.reason, IN_THREAD)}\nThis is declined. {ball}"


def shown(card: CardFacts, condition: ConditionFacts) -> str:
    """What it is about, above the field for why it is not met."""
    if condition.kind is ConditionKind.SWAP:
        return swap_line(card, condition)
    return f">{escape(one_line(condition.text), IN_THREAD)}"


@explains(no.ConditionGone)
def _(refusal: no.ConditionGone, _r: Reading) -> str:
    return f"{refusal.reference} does not depend on this any more. Its card shows where it stands now."


@explains(no.ConditionOver)
def _(refusal: no.ConditionOver, _r: Reading) -> str:
    return (
        f"The condition of {refusal.reference} could be confirmed until {day(refusal.due_on)}, so it counts as declined. "
        "Whoever decided it can take it up again."
    )


@explains(no.ConditionSettled)
def _(refusal: no.ConditionSettled, reading: Reading) -> str:
    if refusal.outcome is ConditionOutcome.EXPIRED:
        return f"Nobody confirmed {refusal.reference} in time: it was declined {reading.at(refusal.at)}."
    said = "confirmed it" if refusal.outcome is ConditionOutcome.MET else "said that it is not met"
    return f"{refusal.by} already {said} for {refusal.reference} {reading.at(refusal.at)}."


@explains(no.NotTheConfirmer)
def _(refusal: no.NotTheConfirmer, _r: Reading) -> str:
    return f"Only {refusal.confirmer}, or whoever decides {refusal.reference}, can say that."


def out_hours(item: str) -> str:
    """The label of the hours that a scope item gives up (plain text)."""
    return f"Hours out of: {one_line(item)[:120]}"


def went_out(card: CardFacts) -> str:
    """On the card of what went out."""
    return f"*Went out* for {escape(card.swapped_for)}, in a swap that the client agreed to"


def swapped_in_thread(other: str, ball: str, *, is_out: bool) -> str:
    """The story's line on the other side of a swap."""
    if is_out:
        return f"This goes out for {escape(other)}: its hours are for that one now. Nothing more to do."
    return f"The swap with {escape(other)} is undone, so this is open again. {ball}."


@explains(no.NothingGoesOut)
def _(_refusal: no.NothingGoesOut, _r: Reading) -> str:
    return "Say what goes out for it, with its hours; or accept it without a swap."


@explains(no.NotSwappable)
def _(refusal: no.NotSwappable, _r: Reading) -> str:
    return f"{refusal.what or 'This'} cannot go out: it is not accepted any more, or its work has begun. Choose something else."


@explains(no.SwapTooLarge)
def _(refusal: no.SwapTooLarge, _r: Reading) -> str:
    return f"{hours(refusal.out)} would go out, but only {hours(refusal.into)} come in. Let less go out."
