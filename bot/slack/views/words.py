"""The words for the client as the AM gets them, and the form in which a workspace writes its own."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.portfolio.languages import Language
from bot.requests.client_words.words import LONGEST, PLACEHOLDERS
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal, plain
from bot.slack.names import Button, Callback, Field
from bot.slack.text import words as say
from bot.slack.text.labels import LANGUAGES
from bot.slack.text.markup import escape, instant_token
from bot.slack.views.after_yes import answer_block
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import actions, button, context, copyable, option, section, text_input


def to_send(facts: CardFacts, step: Step, words: str, *, stands: bool) -> Message:
    """What the AM can send on, with one press to say that it is done; or that it no longer fits."""
    if not stands:
        text = say.outdated(facts)
        return Message(text=text, blocks=(context(text),))
    introduction = escape(say.introduction(facts, step))
    decision = facts.decision
    blocks: list[Block] = [section(introduction), copyable(words)]
    if decision is not None and decision.reason:
        blocks.append(context(f"For you only, the reason: {escape(decision.reason, 1500)}"))
    if facts.client_told_at is not None:
        blocks.append(context(f"You told {escape(facts.client)} at {instant_token(facts.client_told_at)}"))
    answer = answer_block(facts) if step is Step.ACCEPTED else None
    if answer is not None:
        blocks.append(answer)
    elif facts.client_told_at is None and step in {Step.ACCEPTED, Step.DECLINED, Step.DEFERRED}:
        told = button(f"I told {facts.client}", Button.TOLD_CLIENT, press_value(facts), style="primary")
        blocks.append(actions(told))
    return Message(text=clip(f"{introduction}\n\n{escape(words)}", MESSAGE_TEXT), blocks=tuple(blocks))


def holding_reply(facts: CardFacts, words: str, *, is_sent: bool) -> Message:
    """What the AM can send while the request is looked at, and one press to say that it was sent."""
    introduction = escape(say.introduction(facts, Step.HOLDING))
    blocks: list[Block] = [section(introduction), copyable(words)]
    if is_sent:
        blocks.append(context(say.holding_sent(facts)))
    else:
        blocks.append(actions(button(say.HOLDING_SENT, Button.HOLDING_SENT, press_value(facts))))
    return Message(text=clip(f"{introduction}\n\n{escape(words)}", MESSAGE_TEXT), blocks=tuple(blocks))


@dataclass(frozen=True)
class WordsPage:
    """Which words the form shows."""

    step: Step = Step.HOLDING
    language: Language = Language.ENGLISH
    # Rises where the field has to show another text than the one typed in it.
    turn: int = 0

    @property
    def field(self) -> str:
        """The block that holds the words: a new one whenever its text is ours to say, since Slack keeps what is typed."""
        return f"{Field.WORDS}-{self.step}-{self.language}-{self.turn}"

    def dump(self) -> str:
        """As private metadata."""
        return json.dumps([self.step, self.language, self.turn])

    @classmethod
    def load(cls, metadata: str) -> WordsPage:
        """From private metadata."""
        try:
            step, language, turn = json.loads(metadata)
            return cls(Step(step), Language(language), int(turn))
        except (ValueError, TypeError):
            return cls()


def words_modal(page: WordsPage, text: str, *, is_own: bool, preview: str = "", trouble: str = "") -> Modal:
    """The form: when and in which language, the words, what may stand in them, and how they read."""
    buttons = [button(say.PREVIEW, Button.WORDS_PREVIEW, page.field)]
    if is_own:
        buttons.append(button(say.RESET, Button.WORDS_RESET, page.field))
    shown: list[Block] = []
    if trouble:
        shown = [context(trouble)]
    elif preview:
        shown = [context(say.SHOWN), copyable(preview)]
    return Modal(
        callback_id=Callback.WORDS,
        title=say.TITLE,
        submit=say.SAVE,
        private_metadata=page.dump(),
        blocks=(
            actions(
                _select(say.WHEN, Button.WORDS_STEP, say.STEPS, page.step),
                _select(say.LANGUAGE, Button.WORDS_LANGUAGE, LANGUAGES, page.language),
                block_id="words-of",
            ),
            context(say.YOURS if is_own else say.OURS),
            text_input(page.field, say.WORDS, initial=text, multiline=True, most=LONGEST),
            context(say.placeholders(PLACEHOLDERS[page.step])),
            actions(*buttons, block_id="words-do"),
            *shown,
        ),
    )


def _select(words: str, action: str, choices: dict[Step, str] | dict[Language, str], chosen: str) -> Block:
    options = [option(label, value) for value, label in choices.items()]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(words),
        "options": options,
        "initial_option": next(choice for choice in options if choice["value"] == chosen),
    }
