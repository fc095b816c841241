"""The sentences around the words for the client: above them for the AM, and where a workspace writes its own."""

from __future__ import annotations

from collections.abc import Iterable

from bot.requests.client_words.promising import AlreadySaid
from bot.requests.client_words.words import UnknownPlaceholder, WordsTooLong
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts
from bot.requests.models import Promise
from bot.slack.text.labels import STATES
from bot.slack.text.markup import day, escape, instant_token
from bot.slack.text.refusals import Reading, explains

TITLE = "Words for clients"
SAVE = "Save"
WHEN = "When"
LANGUAGE = "Language"
WORDS = "Words"
PREVIEW = "Preview"
RESET = "Use ours again"
OURS = "These are Handoff's words."
YOURS = "These are your workspace's words."
SHOWN = "This is how it reads:"
HOLDING_SENT = "I sent it"
STEPS = {
    Step.HOLDING: "Logged: a holding reply",
    Step.ASKED: "We have a question",
    Step.COUNTERED: "Counter-offer",
    Step.ACCEPTED: "Accepted",
    Step.CONDITIONAL: "Accepted on a condition",
    Step.DECLINED: "Declined",
    Step.DEFERRED: "Deferred",
    Step.REOPENED: "Open again",
}
# What each placeholder stands for.
MEANINGS = {
    "contact": "whom you write to",
    "client": "the client's name",
    "title": "what they ask for",
    "am": "the account manager",
    "hours": "the work",
    "fee": "the price",
    "date": "the day",
    "opening": "how we open (sentence)",
    "cost": "work, price and who pays (sentence)",
    "delivery": "when it is delivered (sentence)",
    "next": "what comes next (sentence)",
    "question": "the question",
    "options": "the offers, one a line",
    "condition": "the condition",
    "until": "by when it has to be met (sentence)",
    "bridge": "what could be done instead (sentence)",
    "again": "when you come back to it (sentence)",
}


def placeholders(names: Iterable[str]) -> str:
    """What may stand in curly brackets, and what it stands for."""
    known = " · ".join(f"`{{{name}}}` {MEANINGS[name]}" for name in names)
    return f"{known}\nA sentence whose figure is not known is left out."


def introduction(card: CardFacts, step: Step) -> str:
    """What stands above the words, for the AM alone (plain text)."""
    by = card.decision.by.name if card.decision is not None else card.decider.name
    name = card.reference
    if step is Step.HOLDING:
        return f"{name} is logged. You owe {card.client} an answer by {day(card.answer_owed_on)}. Until then you can send:"
    happened = {
        Step.ASKED: f"{by} has a question about {name}.",
        Step.COUNTERED: f"{by} made an offer on {name}.",
        Step.ACCEPTED: f"{by} accepted {name}.",
        Step.CONDITIONAL: f"{by} accepted {name} on a condition.",
        Step.DECLINED: f"{by} declined {name}.",
        Step.DEFERRED: f"{by} deferred {name}.",
        Step.REOPENED: f"{name} is open again.",
    }[step]
    return f"{happened} Words you can send to {card.client}:"


def outdated(card: CardFacts) -> str:
    """Words that stood here and no longer fit."""
    return f"{escape(card.reference)} is {STATES[card.state]} now: the words for {escape(card.client)} that stood here no longer fit."


def holding_sent(card: CardFacts) -> str:
    """The client knows that somebody looks at it."""
    since = f" at {instant_token(card.promise_at)}" if card.promise_at else ""
    return f"You sent this to {escape(card.client)}{since}."


@explains(UnknownPlaceholder)
def _(refusal: UnknownPlaceholder, _r: Reading) -> str:
    known = ", ".join(f"{{{name}}}" for name in refusal.known)
    return f"I do not know {{{refusal.found[:40]}}} here. You can use {known}."


@explains(WordsTooLong)
def _(refusal: WordsTooLong, _r: Reading) -> str:
    return f"This has {refusal.length:,} characters; {refusal.most:,} is the most."


@explains(AlreadySaid)
def _(refusal: AlreadySaid, reading: Reading) -> str:
    said = "heard yes" if refusal.promise is Promise.PROMISED else "got a holding reply"
    return f"The client {said} about {refusal.reference} {reading.at(refusal.at)} already."
