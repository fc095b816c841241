"""Accepting on a condition, and saying whether it is met."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.requests import deciding, repository
from bot.requests.bargaining import conditional
from bot.requests.bargaining.conditional import Depends
from bot.requests.facts import CardFacts, ConditionFacts
from bot.requests.refusals import Missing, NoSuchRequest
from bot.slack.bot import Bot
from bot.slack.gateway import GatewayError
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Submission
from bot.slack.stories.deciding import to_decide
from bot.slack.stories.figures import read_figures
from bot.slack.stories.forms import finished, is_first_submission, once, open_form, pressed, shown, value_of
from bot.slack.text.conditions import AGREED, MET
from bot.slack.views.conditions import not_met_modal, on_condition_modal


async def on_condition_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that accepts on a condition, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    card, left = await bot.read(to_decide, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, on_condition_modal(card, left))
    return None


async def accepted_on_condition(bot: Bot, submission: Submission) -> Modal | None:
    """The form that accepts on a condition was sent off."""
    request_id, revision = shown(submission.private_metadata)
    confirmer = submission.text(Field.CONFIRMER)
    if confirmer:
        # Where nobody can say who that is, the service refuses whom it does not know.
        with suppress(GatewayError):
            await bot.directory.reader(submission.who.workspace_id, confirmer)
    await bot.run(
        _accept, bot.actor(submission.who), request_id=request_id, revision=revision, submission=submission
    )
    return None


async def met_pressed(bot: Bot, press: Press) -> Message | None:
    """The condition is met, or the client agreed to the swap."""
    request_id, revision = pressed(press)
    actor, number = bot.actor(press.who), number_in(value_of(press))
    await bot.run(conditional.condition_met, actor, request_id=request_id, revision=revision, number=number)
    await finished(bot, press, MET, AGREED)
    return None


async def not_met_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that says why it is not met, for who confirms it."""
    request_id, revision = pressed(press)
    card, condition = await bot.read(
        _to_confirm,
        bot.actor(press.who),
        request_id=request_id,
        revision=revision,
        number=number_in(value_of(press)),
    )
    await open_form(bot, press, not_met_modal(card, condition))
    return None


async def not_met(bot: Bot, submission: Submission) -> Modal | None:
    """It is not met, and why."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: conditional.condition_failed(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            number=number_in(submission.private_metadata),
            reason=submission.text(Field.WHY),
        ),
    )
    return None


def number_in(value: str) -> int:
    """The number of the condition behind the request and its revision.

    Raises `NoSuchRequest` for what no button of ours carries.
    """
    number = value.rpartition(":")[2]
    if not number.isdecimal():
        raise NoSuchRequest(reference=value[:40])
    return int(number)


def _accept(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, submission: Submission
) -> None:
    if not is_first_submission(session, actor, submission):
        return
    try:
        figures = read_figures(session, actor, submission, request_id=request_id)
        if not submission.text(Field.CONDITION).strip():
            raise WrongFields([WrongField(Field.CONDITION, Missing())])
    except WrongFields:
        # Who may not decide is told so, whatever was typed.
        deciding.require_decidable(session, actor, request_id=request_id, revision=revision)
        raise
    by = submission.text(Field.CONDITION_BY)
    depends = Depends(
        text=submission.text(Field.CONDITION),
        confirmer_id=submission.text(Field.CONFIRMER),
        due_on=date.fromisoformat(by) if by else None,
    )
    conditional.accept_on_condition(
        session, actor, request_id=request_id, revision=revision, figures=figures, depends=depends
    )


def _to_confirm(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, number: int
) -> tuple[CardFacts, ConditionFacts]:
    conditional.require_confirmable(session, actor, request_id=request_id, revision=revision, number=number)
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    assert card.condition is not None, "the condition that waits is on the card"
    return card, card.condition
