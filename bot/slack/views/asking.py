"""Asking back and answering: the forms, what the thread tells, and the question as it comes in private."""

from __future__ import annotations

from bot.requests.facts import CardFacts, QuestionFacts
from bot.requests.models import State
from bot.slack.limits import BUTTON_VALUE, INPUT_TEXT, MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import asking as say
from bot.slack.text.decide import NO, YES, about
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import actions, button, context, copyable, section, text_input


def ask_info_modal(card: CardFacts) -> Modal:
    """One question."""
    return Modal(
        callback_id=Callback.ASK_INFO,
        title=say.ASK,
        submit="Ask",
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            text_input(
                Field.QUESTION,
                say.QUESTION,
                multiline=True,
                most=INPUT_TEXT,
                hint=say.QUESTION_HINT,
                focus=True,
            ),
        ),
    )


def answer_modal(card: CardFacts, question: QuestionFacts) -> Modal:
    """The question, and a field for its answer."""
    return Modal(
        callback_id=Callback.ANSWER,
        title=say.ANSWER,
        submit=say.ANSWER,
        private_metadata=f"{press_value(card)}:{question.number}",
        blocks=(
            section(about(card)),
            section(say.question_shown(question)),
            text_input(
                Field.ANSWER,
                say.YOUR_ANSWER,
                multiline=True,
                most=INPUT_TEXT,
                hint=say.ANSWER_HINT,
                focus=True,
            ),
        ),
    )


def asked(card: CardFacts, question: QuestionFacts) -> Message:
    """The question, told in the thread."""
    text = say.asked_in_thread(card, question)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def answered(card: CardFacts, question: QuestionFacts) -> Message:
    """The answer, told in the thread."""
    text = say.answered_in_thread(card, question)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def question_in_private(card: CardFacts, question: QuestionFacts, words: str = "") -> Message:
    """The question, for whoever is to answer it; while it waits, with a button, and words to ask the client with."""
    text = say.in_private(card, question)
    blocks: list[Block] = [section(text)]
    if is_open(card, question):
        label = f"Answer the question about {card.reference}"
        blocks.append(
            actions(button(say.ANSWER, Button.ANSWER, press_value(card), style="primary", label=label))
        )
        if words:
            blocks += [context(say.ask_client(card)), copyable(words)]
    else:
        blocks.append(context(say.you_answered(question)))
    return Message(text=clip(text, MESSAGE_TEXT), blocks=tuple(blocks))


def typed_answer(card: CardFacts, question: QuestionFacts, words: str) -> Message:
    """The private question whether a typed reply is the answer; what no button can carry goes into the form."""
    text = say.record_answer(card, question)
    value = f"{press_value(card)}:{question.number}:{words}"
    if len(value) > BUTTON_VALUE:
        label = f"Answer the question about {card.reference}"
        yes = button(say.ANSWER, Button.ANSWER, press_value(card), style="primary", label=label)
    else:
        yes = button(YES, Button.RECORD_ANSWER, value, style="primary")
    no = button(NO, Button.JUST_TALKING, press_value(card))
    return Message(text=text, blocks=(section(text), actions(yes, no)))


def is_open(card: CardFacts, question: QuestionFacts) -> bool:
    """Whether this question waits for its answer."""
    newest = card.question
    return card.state is State.NEEDS_INFO and newest is not None and newest.number == question.number
