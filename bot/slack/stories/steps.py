"""A workflow runs our step "Log a client request": it is logged like any other, and the step says where."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Refusal, WrongFields
from bot.logs import new_reference
from bot.people import repository as people
from bot.people.models import Actor, by_the_clock
from bot.people.refusals import UnknownPerson
from bot.requests import repository
from bot.requests.from_step import StepFields, refuse_step, step_ended, submit_from_step
from bot.requests.models import ChangeRequest
from bot.slack import workflow_steps as names
from bot.slack.bot import Bot
from bot.slack.directory import LOOK_UP_SECONDS
from bot.slack.gateway import GatewayError, Refused
from bot.slack.notice_kinds.step_notices import where_it_stands
from bot.slack.payloads import StepRun, Who
from bot.slack.text import general
from bot.slack.text import ways_in as say
from bot.slack.text.markup import link_to_message
from bot.slack.text.refusals import Reading, explain

log = logging.getLogger(__name__)

# The card is posted a moment after the request is logged; Slack waits three seconds for us in all.
CARD_TRIES, CARD_WAIT_SECONDS = 15, 0.1


async def log_request(bot: Bot, run: StepRun) -> None:
    """Log it, and end the step with its reference and link, or with the sentence that says why not."""
    reference = new_reference()
    try:
        request = await _logged(bot, run)
        if request is None:
            # This run was taken before; Slack delivered it again.
            return
    except Refusal as refusal:
        await _fail(bot, run, await _sentence(bot, run, refusal))
        return
    except Exception:
        log.exception("a step of a workflow failed")
        await _fail(bot, run, general.broken(reference))
        return

    async def end() -> None:
        outputs = {names.REFERENCE: request.reference, names.LINK: await _link(bot, request)}
        await bot.gateway(run.workspace_id).complete_step(run.execution_id, outputs, token=run.token)

    await bot.soon(_told(bot, run, end))


async def _fail(bot: Bot, run: StepRun, sentence: str) -> None:
    try:
        await bot.run(refuse_step, _nobody(bot, run), execution_id=run.execution_id, sentence=sentence)
    except SQLAlchemyError:
        # It may be why it failed in the first place.
        log.exception("the end of a workflow's step could not be written down")
    slack = bot.gateway(run.workspace_id)
    await bot.soon(
        _told(bot, run, lambda: slack.fail_step(run.execution_id, sentence, token=run.token)),
    )


async def _told(bot: Bot, run: StepRun, end: Callable[[], Awaitable[None]]) -> None:
    """Tell Slack at once how the step ended; where it does not take it, the outbox does until it takes it."""
    try:
        await end()
    except GatewayError as error:
        log.warning("Slack could not be told that a workflow's step is over, it is told again: %r", error)
        return
    await bot.run(step_ended, _nobody(bot, run), execution_id=run.execution_id)


def _nobody(bot: Bot, run: StepRun) -> Actor:
    return by_the_clock(run.workspace_id, bot.clock.now())


async def _logged(bot: Bot, run: StepRun) -> ChangeRequest | None:
    requester = run.text(names.REQUESTER)
    who = Who(run.workspace_id, requester)
    if await bot.read(people.person, workspace_id=run.workspace_id, person_id=requester) is None:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                await bot.gateway(run.workspace_id).person(requester)
        except Refused as refused:
            raise UnknownPerson(requester) from refused
    await bot.reader(who)
    fields = StepFields(
        project=run.text(names.PROJECT),
        title=run.text(names.TITLE),
        details=run.text(names.DETAILS),
        needed_by=run.text(names.NEEDED_BY),
        hours=run.text(names.HOURS),
        priority=run.text(names.PRIORITY),
        promise=run.text(names.PROMISE),
    )
    return await bot.run(submit_from_step, bot.actor(who), execution_id=run.execution_id, fields=fields)


async def _link(bot: Bot, request: ChangeRequest) -> str:
    """Where the card stands; while it does not, the channel it will come to."""
    here = {"workspace_id": request.workspace_id}
    for _ in range(CARD_TRIES):
        place = await bot.read(repository.card_place, request_id=request.id, **here)
        if place is not None:
            return link_to_message(*place)
        await asyncio.sleep(CARD_WAIT_SECONDS)
    return await bot.read(where_it_stands, request_id=request.id, **here)


async def _sentence(bot: Bot, run: StepRun, refusal: Refusal) -> str:
    if say.is_about_the_requester(refusal):
        return say.NOBODY
    reader = await bot.reader(Who(run.workspace_id, run.text(names.REQUESTER)))
    reading = Reading(reader.zone, bot.clock.now())
    if isinstance(refusal, WrongFields):
        parts = [say.about_input(wrong.field, explain(wrong.why, reading)) for wrong in refusal.fields]
        return " ".join(parts)
    return explain(refusal, reading)
