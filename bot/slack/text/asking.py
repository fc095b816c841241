"""The sentences of asking back and of answering: on the card, in its thread, in private, in forms, in refusals."""

from __future__ import annotations

from bot.requests import refusals as no
from bot.requests.facts import CardFacts, QuestionFacts
from bot.slack.text.card import who_acts
from bot.slack.text.labels import STATES
from bot.slack.text.markup import escape, instant_token, one_line, quoted
from bot.slack.text.refusals import Reading, explains

ASK, ANSWER = "Ask for info", "Answer"
QUESTION = "What do you need to know?"
QUESTION_HINT = "The request waits with its account manager until the answer is here. You can still decide."
YOUR_ANSWER = "Your answer"
ANSWER_HINT = "It goes to the thread, and the ball goes back to whoever decides."
# On a card a question and its answer take a line each; they stand whole in the thread and in "Details".
ON_CARD = 400


def on_card(question: QuestionFacts) -> str:
    """The newest question, and its answer once it is there."""
    asked = f"*{escape(question.by.name)} asks:* {escape(one_line(question.text), ON_CARD)}"
    if question.answered_by is None:
        return asked
    answered = f"*{escape(question.answered_by.name)} answers:* {escape(one_line(question.answer), ON_CARD)}"
    return f"{asked}\n{answered}"


def asked_in_thread(card: CardFacts, question: QuestionFacts) -> str:
    """The story's line for a question, with who has the ball now."""
    by, text = escape(question.by.name), escape(question.text, 2500)
    return f"{by} asks: {text}\nBall: {who_acts(card, card.requester)}, to answer."


def answered_in_thread(card: CardFacts, question: QuestionFacts) -> str:
    """The story's line for an answer, with who has the ball now."""
    by = escape(question.answered_by.name if question.answered_by else card.requester.name)
    return f"{by} answers: {escape(question.answer, 2500)}\nBall: {who_acts(card, card.decider)}, to decide."


def in_private(card: CardFacts, question: QuestionFacts) -> str:
    """The question as it comes to whoever is to answer it."""
    about = f"*{escape(card.reference)}* · {escape(one_line(card.title), 200)}"
    return f"{escape(question.by.name)} asks about {about}:\n{quoted(escape(question.text, 2000))}"


def ask_client(card: CardFacts) -> str:
    """What stands above words to ask the client with."""
    return f"If you have to ask {escape(card.client)}, you can send:"


def you_answered(question: QuestionFacts) -> str:
    """What the private message says when there is nothing more to do."""
    if question.answered_at is None or question.answered_by is None:
        return "It needs no answer any more."
    by = escape(question.answered_by.name)
    return (
        f"{by} answered at {instant_token(question.answered_at)}: {escape(one_line(question.answer), 1500)}"
    )


def record_answer(card: CardFacts, question: QuestionFacts) -> str:
    """The private question after a reply of who is asked."""
    return f"Record this as your answer to {escape(question.by.name)} about {escape(card.reference)}?"


def question_shown(question: QuestionFacts) -> str:
    """The question above the field for its answer."""
    return f"*{escape(question.by.name)} asks:*\n{quoted(escape(question.text, 2000))}"


@explains(no.QuestionWaits)
def _(refusal: no.QuestionWaits, reading: Reading) -> str:
    return (
        f"{refusal.asked} was already asked about {refusal.reference} {reading.at(refusal.at)} and has not answered "
        "yet. Write in the thread what you want to add, or decide without it."
    )


@explains(no.NothingAsked)
def _(refusal: no.NothingAsked, _r: Reading) -> str:
    return f"{refusal.reference} is {STATES[refusal.state]} now: no question waits for an answer."


@explains(no.AlreadyAnswered)
def _(refusal: no.AlreadyAnswered, reading: Reading) -> str:
    return f"{refusal.by} answered this question about {refusal.reference} {reading.at(refusal.at)} already."
