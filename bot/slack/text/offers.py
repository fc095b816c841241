"""The sentences of a counter-offer: in its form, on the card, in the thread, in private, in refusals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.requests.bargaining import bargaining_refusals as no
from bot.requests.facts import CardFacts, OfferFacts
from bot.slack.text.labels import FUNDINGS_SHORT
from bot.slack.text.markup import day, escape, hours, instant_token, mention, money, one_line
from bot.slack.text.phrases import counted
from bot.slack.text.refusals import Reading, explains

COUNTER_OFFER, OFFER = "Counter-offer", "Offer"
ADD = "Add another option"
WHAT, HOURS, DUE, READY, UNTIL = (
    "What",
    "Hours",
    "The project is then due on",
    "Ready on",
    "Can be taken until",
)
WHAT_FIRST = "What do you offer?"
DUE_HINT = "Empty: no delay."
UNTIL_HINT = "To the end of that day, where you are."
LEFT_OUT = "Leave an option empty to leave it out."
NONE, NONE_WHY = "None of these", "Why not?"
NONE_HINT = "The request goes back to whoever decides it."
ON_CARD, IN_THREAD = 150, 900


def take(option: OfferFacts) -> str:
    """`Take A`."""
    return f"Take {option.letter}"


def option_title(position: int) -> str:
    """`*Option B*`, above its fields."""
    return f"*Option {'ABC'[position - 1]}*"


def prefilled(card: CardFacts) -> str:
    """Where the project stands now, above the form."""
    parts = [f"{money(card.rate_minor, card.currency)} an hour, from the agreed budget and hours"]
    parts = parts if card.rate_minor else []
    if card.due_on:
        parts.append(f"the project is due {day(card.due_on)}")
    return " · ".join(parts)


def offered(card: CardFacts, options: Sequence[OfferFacts]) -> str:
    """`pete offers three options`."""
    return f"{escape(options[0].by.name)} offers {counted(len(options), 'option')}"


def column(card: CardFacts, option: OfferFacts, limit: int) -> str:
    """One option, as one of the columns that stand side by side."""
    lines = [f"*{option.letter} · {escape(one_line(option.what), limit)}*", *_lines(card, option)]
    return "\n".join(lines)


def in_one_line(card: CardFacts, option: OfferFacts, limit: int = 300) -> str:
    """The same in a breath, for lock screens and screen readers."""
    return f"{option.letter}: {escape(one_line(option.what), limit)} ({', '.join(_lines(card, option))})"


def _lines(card: CardFacts, option: OfferFacts) -> list[str]:
    price = [hours(option.minutes)]
    if option.fee_minor:
        price.append(money(option.fee_minor, card.currency))
    price.append(FUNDINGS_SHORT[option.funding])
    until = f"until {day(option.valid_until)}"
    return [
        " · ".join(price),
        _when(card.due_on, option),
        f"{until}: its time is over" if option.is_over and option.taken_at is None else until,
    ]


def _when(due_on: date | None, option: OfferFacts) -> str:
    if option.ready_on is not None:
        return f"ready {day(option.ready_on)}"
    if not option.delay_days:
        return "no delay"
    later = f"{option.delay_days} day{'s' if option.delay_days != 1 else ''} later"
    new_day = option.due_on(due_on)
    return f"{later}, {day(new_day)}" if new_day else later


def all_over(card: CardFacts, options: Sequence[OfferFacts]) -> str:
    """The time of every option is over: what to do now."""
    by = escape(options[0].by.name)
    return (
        f"The time of {'this offer' if len(options) == 1 else 'these offers'} is over. {by} can make a new "
        f"counter-offer; “{NONE}” hands the request back."
    )


def in_thread(card: CardFacts, options: Sequence[OfferFacts]) -> str:
    """The story's line for a counter-offer, with who has the ball now."""
    return f"{offered(card, options)}. Ball: {mention(card.requester.id)}, to choose."


def in_private(card: CardFacts, options: Sequence[OfferFacts]) -> str:
    """The counter-offer as it comes to whoever is to choose."""
    return f"{offered(card, options)} on *{escape(card.reference)}* · {escape(one_line(card.title), 200)}"


def taken_in_thread(card: CardFacts, option: OfferFacts, figures: str) -> str:
    """The story's line for an option that was taken."""
    taker = escape(option.taken_by.name if option.taken_by else card.requester.name)
    return (
        f"{taker} took option {option.letter} of {escape(option.by.name)}'s counter-offer, "
        f"{escape(one_line(option.what), IN_THREAD)}: {figures}. "
        f"Ball: {mention(card.requester.id)}, to tell {escape(card.client)} by {day(card.answer_owed_on)}."
    )


def refused_in_thread(card: CardFacts, reason: str) -> str:
    """The story's line when none was taken."""
    why = f": {escape(reason, 1500)}" if reason else "."
    return f"{escape(card.requester.name)} wants none of these{why}\nBall: {mention(card.decider.id)}, to decide."


def over_in_thread(card: CardFacts, options: Sequence[OfferFacts]) -> str:
    """The story's line when the time of all of them is over."""
    return f"{all_over(card, options)}\nBall: {mention(card.requester.id)}."


def how_it_ended(card: CardFacts, options: Sequence[OfferFacts]) -> str:
    """What a message with these options says once nobody can choose any more."""
    for option in options:
        if option.taken_by is not None and option.taken_at is not None:
            at = instant_token(option.taken_at)
            return f"{escape(option.taken_by.name)} took option {option.letter} at {at}."
    if card.offer_round > options[0].round:
        return "There was another counter-offer after this one."
    return "None of these was taken."


def taken_on_card(option: OfferFacts) -> str:
    """Where the decision came from."""
    taker = f", taken by {escape(option.taken_by.name)}" if option.taken_by else ""
    return f"Option {option.letter} of {escape(option.by.name)}'s counter-offer{taker}: {escape(one_line(option.what), 300)}"


@explains(no.OfferGone)
def _(refusal: no.OfferGone, _r: Reading) -> str:
    return f"These options for {refusal.reference} are not on the table any more. Its card shows where it stands now."


@explains(no.OwnOffer)
def _(refusal: no.OwnOffer, _r: Reading) -> str:
    return (
        f"Nobody takes an option of their own, so {refusal.requester} chooses when they are back. "
        f"If it cannot wait, press “{NONE}” and decide {refusal.reference} yourself."
    )


@explains(no.OfferOver)
def _(refusal: no.OfferOver, _r: Reading) -> str:
    return (
        f"Option {refusal.option} of {refusal.reference} could be taken until {day(refusal.valid_until)}. "
        f"Take another one, or press “{NONE}” and ask {refusal.by} for a new offer."
    )


@explains(no.NotAnOption)
def _(_refusal: no.NotAnOption, _r: Reading) -> str:
    return "A swap needs what goes out instead: choose who pays, or accept it as a swap."


@explains(no.TooEarly)
def _(refusal: no.TooEarly, _r: Reading) -> str:
    return (
        f"The project is due {day(refusal.due_on)}. Leave this empty if it stays so, or choose a later day."
    )
