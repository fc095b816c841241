"""The Home tab: "Waiting on you" first, then "You asked", then projects and clients; an empty one teaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from bot.db.paging import Page
from bot.onboarding.service import FirstSteps
from bot.requests.facts import CardFacts
from bot.requests.models import State
from bot.requests.overviews.overview import HeldCard, Overview, Pages
from bot.slack.limits import VIEW_BLOCKS
from bot.slack.message import Block, Home
from bot.slack.names import Button
from bot.slack.text import general
from bot.slack.text import home as say
from bot.slack.views.after_yes import answer_buttons
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import actions, button, context, divider, header, section
from bot.slack.views.first_steps import first_steps
from bot.slack.views.home_actions import home_buttons
from bot.slack.views.offers import on_card as offers_on_card
from bot.slack.views.returning import returning_buttons


def home(facts: Overview, person_id: str, today: date, *, steps: FirstSteps | None = None) -> Home:
    """One person's Home; on top, for whoever sets Handoff up, the first steps."""
    guide = first_steps(steps) if steps is not None else []
    asks = facts.held.items or facts.asked.items
    if guide and not asks:
        # Lists with nothing in them would only hide what is to be done.
        return Home(blocks=(*guide, context(say.HELP)))
    if not (asks or facts.projects.items or facts.clients.items):
        return _first_home(has_projects=facts.has_projects)
    lists = _lists(facts, person_id, today, is_guided=bool(guide))
    blocks = [*guide, divider(), *lists] if guide else lists
    return Home(blocks=tuple(blocks[:VIEW_BLOCKS]))


def _lists(facts: Overview, person_id: str, today: date, *, is_guided: bool) -> list[Block]:
    pages = Pages(
        held=facts.held.number,
        asked=facts.asked.number,
        projects=facts.projects.number,
        clients=facts.clients.number,
    )
    style = None if facts.held.items or is_guided else "primary"
    log_it = button(say.LOG_ONE, Button.OPEN_ASK, "home", style=style)
    blocks: list[Block] = [header(say.headline(say.WAITING_ON_YOU, facts.held_count))]
    for item in facts.held.items:
        blocks += _held(item, person_id, today)
    blocks += _turning(facts.held, pages, "held", say.WAITING_ON_YOU) or (
        [] if facts.held.items else [context(say.NOTHING_WAITS)]
    )
    blocks += [divider(), header(say.headline(say.YOU_ASKED, facts.asked_count))]
    blocks += [section(say.asked(line, today)) for line in facts.asked.items] or [context(say.NOTHING_ASKED)]
    blocks.append(actions(*_turns(facts.asked, pages, "asked", say.YOU_ASKED), log_it))
    if facts.projects.items:
        title = say.ALL_PROJECTS if facts.is_director else say.YOUR_PROJECTS
        blocks += [divider(), header(title)]
        blocks += [section(say.project(item, today, person_id)) for item in facts.projects.items]
        blocks += _turning(facts.projects, pages, "projects", title)
    if facts.clients.items:
        blocks += [divider(), header(say.YOUR_CLIENTS)]
        blocks += [section(say.client(item, today)) for item in facts.clients.items]
        blocks += _turning(facts.clients, pages, "clients", say.YOUR_CLIENTS)
    if facts.away:
        blocks += [divider(), header(say.AWAY), context(say.away(facts.away, person_id, today))]
    blocks.append(context(say.HELP))
    return blocks


def outsiders_home() -> Home:
    """The Home of somebody from another company."""
    return Home(blocks=(section(general.OUTSIDER),))


def pages_in(value: str) -> dict[str, int]:
    """The pages that a button which turns one carries; the first of each where it carries something else."""
    known = asdict(Pages())
    for part in value.split(","):
        name, _, number = part.partition("=")
        if name in known and number.isdecimal() and len(number) < 4:
            known[name] = int(number)
    return known


def stored_pages(stored: Mapping[str, int]) -> Pages:
    """The pages as they were written down, perhaps by another version."""
    return Pages(**{name: stored.get(name, number) for name, number in asdict(Pages()).items()})


def _first_home(*, has_projects: bool) -> Home:
    if has_projects:
        words, press = say.FIRST_STEP, button(say.LOG_ONE, Button.OPEN_ASK, "home", style="primary")
    else:
        words, press = say.FIRST_PROJECT, button(say.ADD_CLIENT, Button.ADD_CLIENT, "new", style="primary")
    return Home(blocks=(header(say.WELCOME), section(words), actions(press)))


def _held(item: HeldCard, person_id: str, today: date) -> list[Block]:
    """A request that waits for the reader, and what they can do about it at once."""
    buttons = home_buttons(item.card, person_id)
    offers = _offers(item.card) if item.card.state is State.COUNTERED else []
    if item.card.requester.id == person_id:
        buttons[:0] = _of_requester(item.card)
    return [section(say.held(item, today, person_id)), *offers, actions(*buttons)]


def _offers(card: CardFacts) -> list[Block]:
    """The options as the card has them; on a Home several may stand, so each block is named after its request."""
    return [
        block | {"block_id": f"{block['block_id']}:{card.id}"} if "block_id" in block else block
        for block in offers_on_card(card)
    ]


def _of_requester(card: CardFacts) -> list[Block]:
    """What only who logged it can do, and is what it waits for."""
    if card.is_back:
        return returning_buttons(card)
    if card.client_answer.is_outstanding:
        # The likely ones; the others are behind "More", and a row is not two.
        return answer_buttons(card)[: 1 if card.client_told_at is None else 2]
    return (
        [button(say.told(card.client), Button.TOLD_CLIENT, press_value(card))] if _is_to_be_told(card) else []
    )


def _is_to_be_told(card: CardFacts) -> bool:
    return card.decision is not None and not card.awaits_decision and card.client_told_at is None


def _turning(page: Page[Any], pages: Pages, name: str, where: str) -> list[Block]:
    turns = _turns(page, pages, name, where)
    return [actions(*turns)] if turns else []


def _turns(page: Page[Any], pages: Pages, name: str, where: str) -> Sequence[Block]:
    """The buttons that show the page before and after, where there is one."""
    turns = []
    if page.number > 1:
        turns.append(_turn(say.PREVIOUS, pages, name, page.number - 1, where))
    if page.has_more:
        turns.append(_turn(say.NEXT, pages, name, page.number + 1, where))
    return turns


def _turn(words: str, pages: Pages, name: str, number: int, where: str) -> Block:
    wanted = replace(pages, **{name: number})
    value = ",".join(f"{list_name}={page}" for list_name, page in asdict(wanted).items())
    # Two buttons of one row need ids of their own; what answers them is the part before the colon.
    return button(words, f"{Button.HOME_PAGE}:{words.lower()}", value, label=say.page_label(words, where))
