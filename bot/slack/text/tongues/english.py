"""Words for clients in English."""

from __future__ import annotations

from bot.requests.client_words.words_models import Step
from bot.slack.text.tongues.tongue import Phrase, Tongue


def _letter(body: str) -> str:
    return f"Hi {{contact}},\n\n{body}\n\nBest,\n{{am}}"


ENGLISH = Tongue(
    locale="en_US",
    templates={
        Step.HOLDING: _letter(
            "Thank you for your message about “{title}”. We are looking at what it takes, "
            "and I will come back to you with an answer by {date}."
        ),
        Step.ASKED: _letter(
            "We are looking at “{title}” and have one question first:\n\n{question}\n\n"
            "As soon as we know, I can tell you what it takes."
        ),
        Step.COUNTERED: _letter(
            "About “{title}”: here is what we can offer.\n\n{options}\n\n"
            "Which one suits you best? The offer stands until {date}."
        ),
        Step.ACCEPTED: _letter("{opening} {cost} {delivery} {next}"),
        Step.CONDITIONAL: _letter(
            "Good news about “{title}”: we can do it, on one condition: {condition}. {until} {cost} {delivery} {next}"
        ),
        Step.DECLINED: _letter("{opening} {bridge} When can we talk about it?"),
        Step.DEFERRED: _letter(
            "Thank you for asking about “{title}”. We cannot fit it in right now, and it is not forgotten. {again}"
        ),
        Step.REOPENED: _letter(
            "We are taking another look at “{title}”, so please do not count on my last answer yet. "
            "I will come back to you by {date}."
        ),
    },
    phrases={
        Phrase.OUR_ERROR: "“{title}” is our mistake, and we are putting it right at no cost to you.",
        Phrase.THEIR_INPUT: "About “{title}”: we can take it in.",
        Phrase.GOOD_NEWS: "Good news about “{title}”: we can do it.",
        Phrase.NOT_NOW: "Thank you for asking about “{title}”. It does not fit into the project as it stands.",
        Phrase.SPOKE_TOO_SOON: (
            "I spoke too soon about “{title}”, and I am sorry for that: it does not fit into the project as it stands."
        ),
        Phrase.COST_FEE: "It is about {work} of extra work ({fee}).",
        Phrase.COST_FEE_ONLY: "The price is {fee}.",
        Phrase.COST_PARTLY: "It is about {work} of extra work; we charge {fee} and take the rest on us.",
        Phrase.COST_RETAINER: "It takes about {work}, which come out of your retainer.",
        Phrase.COST_SWAP: "So the price stays as it is.",
        Phrase.COST_GOODWILL: "It is about {work} of extra work, which we do at no extra cost this time.",
        Phrase.COST_INCLUDED: "It is about {work} of work, and it fits into the agreed budget.",
        Phrase.DELIVERY_MOVES: "The delivery moves by {days}.",
        Phrase.DELIVERY_MOVES_TO: "The delivery moves by {days}, to {date}.",
        Phrase.DELIVERY_STAYS: "The delivery stays on {date}.",
        Phrase.GO_AHEAD: "Shall we go ahead?",
        Phrase.CONFIRM_FEE: "Please confirm the fee, and we start.",
        Phrase.WILL_TELL: "We will let you know when it is done.",
        Phrase.IN_EXCHANGE: "in exchange we leave out {items}",
        Phrase.LEFT_OUT: "As agreed, we leave out {items} for it.",
        Phrase.AGREED: "Is that all right with you?",
        Phrase.CONDITION_BY: "We need that by {date}.",
        Phrase.OTHER_WAY: "I would like to find another way with you.",
        Phrase.ALTERNATIVE: "What we could do instead: {text}",
        Phrase.CLAUSE: "What we agreed on this: {text}",
        Phrase.YES_FROM: "It would be possible from {date} on.",
        Phrase.YES_LATER: "It would be possible later.",
        Phrase.YES_WITH_BUDGET: "With more budget it would be possible: {text}",
        Phrase.YES_NEXT_PHASE: "It would fit into a later phase: {text}",
        Phrase.YES_WITH_CAPACITY: "It would be possible as soon as the team has room: {text}",
        Phrase.YES_ONCE: "It becomes possible as soon as this is settled: {text}",
        Phrase.YES_IN_EXCHANGE: "It becomes possible when something else goes out for it, such as: {text}",
        Phrase.AGAIN_ON: "I will come back to it on {date}.",
        Phrase.AGAIN_AT_RENEWAL: "I will come back to it when we talk about the next contract.",
        Phrase.AGAIN_LATER: "I will come back to it.",
        Phrase.OPTION_DUE: "by {date}",
    },
    small=("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    minutes_word="minutes",
    hour="one hour",
    hours_word="hours",
    one_day="one day",
    days_word="days",
    day_pattern="d MMMM",
    near_pattern="EEEE d MMMM",
    far_pattern="d MMMM y",
    money_pattern="¤#,##0",
    quote="“{}”",
    and_word="and",
    sample_title="Newsletter sign-up",
    sample_question="Should people confirm their address by e-mail?",
    sample_condition="we have your texts in time",
)
