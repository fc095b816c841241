"""The Home tab: "Waiting on you" first, then "You asked", then projects; an empty one teaches the first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.portfolio.facts import ProjectFacts
from bot.requests.facts import Line
from bot.slack.message import Block, Home
from bot.slack.names import Button
from bot.slack.text import general
from bot.slack.text import home as say
from bot.slack.text import lists as say_lists
from bot.slack.views.elements import actions, button, context, divider, header, section

HOME_LINES = 12
PROJECTS_SHOWN = 20


@dataclass(frozen=True)
class HomeFacts:
    """What one person's Home shows."""

    is_external: bool = False
    waiting: Sequence[Line] = ()
    waiting_count: int = 0
    asked: Sequence[Line] = ()
    asked_count: int = 0
    projects: Sequence[ProjectFacts] = ()


def home(facts: HomeFacts, today: date) -> Home:
    """One person's Home."""
    if facts.is_external:
        return Home(blocks=(section(general.OUTSIDER),))
    log_it = actions(button(say.LOG_ONE, Button.OPEN_ASK, "home", style="primary"))
    if not (facts.waiting or facts.asked or facts.projects):
        return Home(blocks=(header(say.WELCOME), section(say.FIRST_STEP), log_it))
    blocks: list[Block] = [header(say_lists.WAITING_ON_YOU)]
    blocks += _lines(facts.waiting, facts.waiting_count, today, nothing=say_lists.NOTHING_WAITS)
    blocks += [log_it, divider(), header(say.YOU_ASKED)]
    blocks += _lines(facts.asked, facts.asked_count, today, nothing=say.NOTHING_ASKED, name_holder=True)
    if facts.projects:
        blocks += [divider(), header(say.YOUR_PROJECTS)]
        blocks += [section(say.project(project, today)) for project in facts.projects[:PROJECTS_SHOWN]]
        if len(facts.projects) > PROJECTS_SHOWN:
            blocks.append(context(say_lists.more(len(facts.projects) - PROJECTS_SHOWN)))
    blocks.append(context(say.HELP))
    return Home(blocks=tuple(blocks))


def _lines(
    lines: Sequence[Line], count: int, today: date, *, nothing: str, name_holder: bool = False
) -> list[Block]:
    if not lines:
        return [context(nothing)]
    blocks = [section(say_lists.line(item, today, name_holder=name_holder)) for item in lines]
    if count > len(lines):
        blocks.append(context(say_lists.more(count - len(lines))))
    return blocks
