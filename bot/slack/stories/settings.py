"""The workspace's settings: director, zone, currency."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.people.lines import put_lines
from bot.people.models import Actor
from bot.people.settings import change_settings
from bot.requests.service import reroute_all
from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.names import Field
from bot.slack.payloads import Command, Submission
from bot.slack.views.lines_form import Values, read_lines
from bot.slack.views.settings import settings_modal
from bot.workspaces import repository as workspaces
from bot.workspaces.lines import Lines


async def settings(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff settings`: open the form."""
    await bot.reader(command.who)
    workspace = await bot.read(workspaces.workspace, workspace_id=command.who.workspace_id)
    assert workspace is not None
    modal = settings_modal(
        director_id=workspace.director_id,
        zone=workspace.zone,
        currency=workspace.currency,
        lines=Lines.of(workspace),
    )
    await bot.gateway(command.who.workspace_id).open(command.trigger_id, modal)
    return None


async def settings_changed(bot: Bot, submission: Submission) -> None:
    """The form was sent off."""
    director = submission.text(Field.DIRECTOR)
    await bot.reader(submission.who)
    if director:
        # Whoever is named becomes known: the service asks whether they may hold the post.
        await bot.directory.reader(submission.who.workspace_id, director)
    await bot.run(
        _change,
        bot.actor(submission.who),
        values=submission.values,
        director_id=director or None,
        zone=submission.text(Field.ZONE) or None,
        currency=submission.text(Field.CURRENCY).strip().upper() or None,
    )


def _change(
    session: Session,
    actor: Actor,
    *,
    values: Values,
    director_id: str | None,
    zone: str | None,
    currency: str | None,
) -> None:
    workspace = change_settings(session, actor, director_id=director_id, zone=zone, currency=currency)
    lines = read_lines(values, workspace.currency)
    if lines != Lines.of(workspace):
        put_lines(workspace, lines)
    # What waited for the former director, or could be decided by nobody else, goes to the new one.
    reroute_all(session, actor)
