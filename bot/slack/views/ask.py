"""The form of a request: required things first, everything that could be understood already filled in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from bot.requests.facts import Line
from bot.requests.models import Priority, Promise, Reason
from bot.slack.limits import INPUT_TEXT, OPTIONS
from bot.slack.message import Block, Modal
from bot.slack.names import Callback, Field
from bot.slack.text import ask as say
from bot.slack.text.labels import PRIORITIES, PROMISES, REASONS
from bot.slack.text.markup import hours_figure
from bot.slack.views.duplicates import hint
from bot.slack.views.elements import (
    choice_input,
    context,
    date_input,
    option,
    option_input,
    radio_input,
    search_input,
    text_input,
    url_input,
)

LONGEST_TITLE = 150


@dataclass(frozen=True)
class ProjectChoice:
    """A project as the form offers it."""

    id: UUID
    label: str

    @cached_property
    def option(self) -> Block:
        """The same in a select: made once for everybody who is offered it."""
        return option(self.label, str(self.id))


@dataclass(frozen=True)
class AskForm:
    """What the form holds when it opens."""

    project: ProjectChoice | None = None
    title: str = ""
    details: str = ""
    needed_by: date | None = None
    minutes: int | None = None
    reason: Reason = Reason.CLIENT_REQUEST
    promise: Promise = Promise.NOTHING_SAID
    priority: Priority = Priority.NORMAL
    source_url: str = ""
    # What it looks like of what is asked for already.
    alike: tuple[Line, ...] = ()
    # What the AM should look at before sending it off.
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskOrigin:
    """Where the form was opened from: travels with it, so that the answer finds its way back."""

    channel_id: str = ""
    response_url: str = ""
    # Words that did not fit into the form, kept in the database.
    overflow_id: str = ""

    def dump(self) -> str:
        """As private metadata."""
        return json.dumps([self.channel_id, self.response_url, self.overflow_id])

    @classmethod
    def load(cls, metadata: str) -> AskOrigin:
        """From private metadata."""
        try:
            channel_id, response_url, overflow_id = json.loads(metadata)
        except (ValueError, TypeError):
            return cls()
        return cls(str(channel_id), str(response_url), str(overflow_id))


def ask_modal(form: AskForm, choices: Sequence[ProjectChoice], origin: AskOrigin) -> Modal:
    """The form; `choices` are the open projects, likeliest first."""
    title, *others = wish_fields(form)
    return Modal(
        callback_id=Callback.ASK,
        title=say.TITLE,
        submit=say.SUBMIT,
        private_metadata=origin.dump(),
        blocks=(
            *(context(remark) for remark in form.remarks),
            _telling(_project(form, choices)),
            _telling(title, as_typed=True),
            *hint(list(form.alike)),
            *others,
        ),
    )


def wish_fields(form: AskForm) -> tuple[Block, ...]:
    """What is asked for, when and why: the same where it is logged and where it is changed."""
    return (
        text_input(
            Field.TITLE,
            say.WISH,
            initial=form.title,
            most=LONGEST_TITLE,
            placeholder=say.WISH_EXAMPLE,
            focus=not form.title,
        ),
        text_input(
            Field.DETAILS,
            say.DETAILS,
            initial=form.details,
            optional=True,
            multiline=True,
            most=INPUT_TEXT,
        ),
        date_input(Field.NEEDED_BY, say.NEEDED_BY, initial=form.needed_by),
        text_input(
            Field.HOURS,
            say.ROUGH_HOURS,
            initial=hours_figure(form.minutes) if form.minutes is not None else None,
            optional=True,
            placeholder=say.HOURS_EXAMPLE,
        ),
        radio_input(Field.PROMISE, say.BELIEVES, list(PROMISES.items()), initial=form.promise),
        choice_input(Field.PRIORITY, say.PRIORITY, list(PRIORITIES.items()), initial=form.priority),
        choice_input(Field.REASON, say.REASON, list(REASONS.items()), initial=form.reason),
        url_input(Field.SOURCE, say.SOURCE, initial=form.source_url),
    )


def _telling(block: Block, *, as_typed: bool = False) -> Block:
    """An input that tells us at once what is chosen in it, or what is typed in each pause."""
    element = block["element"]
    if as_typed:
        element = {**element, "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return {**block, "element": element, "dispatch_action": True}


def no_projects_modal(can_add: str) -> Modal:
    """There is nothing to ask for yet: how to begin."""
    return Modal(callback_id=Callback.INFO, title=say.TITLE, close="Close", blocks=(context(can_add),))


def _project(form: AskForm, choices: Sequence[ProjectChoice]) -> Block:
    if len(choices) > OPTIONS:
        initial = None if form.project is None else (str(form.project.id), form.project.label)
        return search_input(Field.PROJECT, say.PROJECT, initial=initial, placeholder=say.PROJECT_SEARCH)
    return option_input(
        Field.PROJECT,
        say.PROJECT,
        [choice.option for choice in choices],
        initial=None if form.project is None else str(form.project.id),
        placeholder=say.PROJECT_CHOOSE,
    )
