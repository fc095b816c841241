"""The card of a request: everything needed to decide, and after that what was decided."""

from __future__ import annotations

from bot.requests.facts import CardFacts
from bot.requests.models import Promise, State
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message
from bot.slack.text import asking, conditions, duplicates, editing, reopening
from bot.slack.text import card as say
from bot.slack.text.after_yes import work_lines
from bot.slack.text.markup import clean, link
from bot.slack.text.phrases import sentence
from bot.slack.views import offers
from bot.slack.views.card_actions import card_buttons
from bot.slack.views.elements import context, header, section, verbatim

# A card is read without scrolling; the whole text is behind "Details".
DETAILS_SHOWN = 600


def card(facts: CardFacts) -> Message:
    """The full card, for people of this company."""
    blocks: list[Block] = [header(clean(say.title(facts))), section(say.ask_line(facts))]
    if facts.details:
        blocks.append(verbatim(clean(facts.details), DETAILS_SHOWN))
    if facts.source_url:
        blocks.append(context(link(facts.source_url, "Where it was said")))
    if facts.state not in {State.WITHDRAWN, State.VOID}:
        promise = say.promise_line(facts)
        blocks.append(section(promise) if facts.promise is Promise.PROMISED else context(promise))
    blocks.append(section(say.baseline_lines(facts)))
    blocks += _first_yes(facts)
    outcome = say.outcome_line(facts)
    if outcome is not None:
        blocks.append(section(outcome))
    blocks += [section(line) for line in conditions.lines(facts)]
    if facts.question is not None:
        blocks.append(section(asking.on_card(facts.question)))
    if facts.appeal is not None:
        blocks.append(section(reopening.appeal_on_card(facts.appeal)))
    if facts.duplicates:
        blocks.append(context(duplicates.also_asked(facts)))
    if before := editing.before_line(facts):
        blocks.append(context(before))
    blocks += offers.on_card(facts)
    blocks += [context(line) for line in work_lines(facts)]
    blocks.append(context(say.ball_and_rule(facts)))
    blocks.append(card_buttons(facts))
    return Message(text=clip(say.fallback(facts), MESSAGE_TEXT), blocks=tuple(blocks))


def _first_yes(facts: CardFacts) -> list[Block]:
    first = facts.first_yes
    return [] if first is None else [section(say.first_yes_line(facts, first))]


def safe_card(facts: CardFacts) -> Message:
    """The card for a channel that another company reads too."""
    blocks = [header(clean(say.title(facts))), section(sentence(say.safe_line(facts)))]
    return Message(text=clip(say.safe_fallback(facts), MESSAGE_TEXT), blocks=tuple(blocks))
