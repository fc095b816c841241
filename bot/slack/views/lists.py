"""Lists of requests, one request shown whole, and help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.requests.facts import CardFacts, Line, PastEvent
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, VIEW_BLOCKS, clip
from bot.slack.message import Block, Message, Modal, plain
from bot.slack.names import Button, Callback
from bot.slack.text import card as say_card
from bot.slack.text import editing
from bot.slack.text import lists as say
from bot.slack.text.after_yes import work_lines
from bot.slack.text.finding import NEXT, PREVIOUS
from bot.slack.text.markup import clean
from bot.slack.views.elements import actions, button, context, divider, header, section, verbatim
from bot.slack.views.lines import sections

LINES_SHOWN = 10


def mine(
    waiting: Sequence[Line], asked: Sequence[Line], *, waiting_count: int, asked_count: int, today: date
) -> Message:
    """What waits on somebody, and what they asked for."""
    blocks: list[Block] = [section(f"*{say.WAITING_ON_YOU}*")]
    blocks += _lines(waiting, waiting_count, today, name_holder=False, nothing=say.NOTHING_WAITS)
    blocks += [divider(), section(f"*{say.YOU_ASKED}*")]
    blocks += _lines(asked, asked_count, today, name_holder=True, nothing=say.NOTHING_ASKED)
    text = f"{say.many(waiting_count)} waiting on you, {say.many(asked_count)} you asked for."
    return Message(text=text, blocks=tuple(blocks))


@dataclass(frozen=True)
class ListPage:
    """What was typed after `list`, in which channel, and which page of it is shown (from 0)."""

    typed: str = ""
    channel_id: str = ""
    number: int = 0

    def dump(self) -> str:
        """As a button carries it."""
        return f"{self.number}:{self.channel_id}:{self.typed}"

    @classmethod
    def load(cls, value: str) -> ListPage:
        """From a button; the first page where it carries something else."""
        number, _, rest = value.partition(":")
        channel_id, _, typed = rest.partition(":")
        return cls(typed, channel_id, int(number) if number.isdecimal() and len(number) < 5 else 0)


def listing(
    page: ListPage, lines: Sequence[Line], *, count: int, has_more: bool, what: str, today: date
) -> Message:
    """A page of the requests of a project, a client or all, with a way to the others."""
    first = page.number * LINES_SHOWN
    is_all_shown = not page.number and not has_more
    headline = say.found(count, what, None if is_all_shown else (first + 1, first + len(lines)))
    blocks = [section(headline), *_lines(lines, 0, today, name_holder=True, nothing=say.NOTHING_FOUND)]
    ways = [_way(PREVIOUS, page, page.number - 1)] if page.number else []
    ways += [_way(NEXT, page, page.number + 1)] if has_more else []
    if ways:
        blocks.append(actions(*ways))
    names = ", ".join(line.reference for line in lines)
    return Message(
        text=clip(f"{headline}: {names}" if names else headline, MESSAGE_TEXT), blocks=tuple(blocks)
    )


def whole(card: CardFacts, history: Sequence[PastEvent]) -> Message:
    """One request with its history, for one person."""
    return Message(text=clip(say_card.fallback(card), MESSAGE_TEXT), blocks=_whole(card, history))


def whole_modal(card: CardFacts, history: Sequence[PastEvent]) -> Modal:
    """The same in a modal, opened from a card."""
    return Modal(
        callback_id=Callback.INFO,
        title=clip(card.reference, 24),
        close="Close",
        blocks=_whole(card, history)[:VIEW_BLOCKS],
    )


def help_message() -> Message:
    """What can be typed."""
    lines = [f"*{say.HELP_TITLE}*", *(f"`{what}`  {does}" for what, does in say.HELP)]
    return Message(
        text=f"{say.HELP_TITLE}: {', '.join(what for what, _ in say.HELP)}",
        blocks=(
            *sections(lines),
            actions(button("Log a client request", Button.OPEN_ASK, "help", style="primary")),
        ),
    )


def _whole(card: CardFacts, history: Sequence[PastEvent]) -> tuple[Block, ...]:
    blocks: list[Block] = [header(clean(say_card.title(card))), section(say_card.ask_line(card))]
    details = clean(card.details)
    # The whole text, in as many paragraphs as it needs; what a view cannot hold ends in an ellipsis.
    blocks += [
        verbatim(details[start : start + INPUT_TEXT])
        for start in range(0, min(len(details), 10 * INPUT_TEXT), INPUT_TEXT)
    ]
    if len(details) > 10 * INPUT_TEXT:
        blocks.append(context(f"… {len(details) - 10 * INPUT_TEXT:,} more characters are kept"))
    blocks += [context(say_card.promise_line(card)), section(say_card.baseline_lines(card))]
    outcome = say_card.outcome_line(card)
    if outcome is not None:
        blocks.append(section(outcome))
    if before := editing.before_line(card):
        blocks.append(context(before))
    blocks += [context(line) for line in work_lines(card)]
    blocks += [context(say_card.ball_and_rule(card)), divider()]
    blocks += [context(say.event_line(event)) for event in history[-20:]]
    return tuple(blocks)


def _way(words: str, page: ListPage, number: int) -> Block:
    # Two buttons of one message need ids of their own.
    return button(words, f"{Button.LIST_PAGE}:{number}", replace(page, number=number).dump())


def _lines(lines: Sequence[Line], count: int, today: date, *, name_holder: bool, nothing: str) -> list[Block]:
    if not lines:
        return [context(nothing)]
    blocks = [section(say.line(item, today, name_holder=name_holder)) for item in lines]
    if count > len(lines):
        blocks.append(context(say.more(count, len(lines))))
    return blocks


def information(title: str, text: str) -> Modal:
    """A sentence in a modal, where there is nothing to type."""
    return Modal(
        callback_id=Callback.INFO,
        title=title,
        close="Close",
        blocks=({"type": "section", "text": plain(clip(text, INPUT_TEXT))},),
    )


def in_modal(answer: Message) -> Modal:
    """An answer shown in place of the modal that was pressed in."""
    return Modal(
        callback_id=Callback.INFO, title="Handoff", close="Close", blocks=answer.blocks[:VIEW_BLOCKS]
    )
