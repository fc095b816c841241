"""How the end of a workflow's step is told to Slack, where whoever logged the request could not tell it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.portfolio import repository as portfolio
from bot.requests import from_step, repository
from bot.slack import workflow_steps as names
from bot.slack.gateway import Gateway
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.text.markup import link_to_message


def where_it_stands(session: Session, *, workspace_id: str, request_id: UUID) -> str:
    """A link to the card of a request; while there is none, to the channel it will come to."""
    place = repository.card_place(session, workspace_id=workspace_id, request_id=request_id)
    if place is not None:
        return link_to_message(*place)
    request = repository.row(session, workspace_id=workspace_id, request_id=request_id)
    facts = portfolio.facts(session, workspace_id=workspace_id, project_id=request.project_id)
    return f"https://slack.com/archives/{facts.channel_id}" if facts is not None else ""


def _link(session: Session, loaded: Loaded, _: Audience) -> Message | None:
    link = where_it_stands(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    return Message(text=link)


def _sentence(_: Session, loaded: Loaded, __: Audience) -> Message | None:
    return Message(text=str(loaded.facts["sentence"]))


async def _succeed(slack: Gateway, facts: Mapping[str, Any], message: Message) -> None:
    outputs = {names.REFERENCE: str(facts["reference"]), names.LINK: message.text}
    # The step's own token is kept nowhere; ours ends it as well.
    await slack.complete_step(str(facts["execution"]), outputs, token="")


async def _fail(slack: Gateway, facts: Mapping[str, Any], message: Message) -> None:
    await slack.fail_step(str(facts["execution"]), message.text, token="")


STEP_KINDS: dict[str, Kind] = {
    from_step.STEP_DONE: Kind(_link, call=_succeed),
    from_step.STEP_FAILED: Kind(_sentence, call=_fail),
}
