"""Accepting as a swap: a press opens the form, and what is sent off waits for the client's yes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.portfolio import repository as portfolio
from bot.portfolio.figures import parse_hours
from bot.requests import deciding, repository
from bot.requests.bargaining import swapping
from bot.requests.bargaining.swapping import GoesOut
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Submission
from bot.slack.stories.deciding import to_decide
from bot.slack.stories.figures import read_figures
from bot.slack.stories.forms import is_first_submission, open_form, pressed, shown
from bot.slack.views.swaps import ITEM, swap_modal


async def swap_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that accepts as a swap, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    modal = await bot.read(_form, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, modal)
    return None


async def swapped(bot: Bot, submission: Submission) -> Modal | None:
    """The form that accepts as a swap was sent off."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        _accept, bot.actor(submission.who), request_id=request_id, revision=revision, submission=submission
    )
    return None


def read_out(submission: Submission) -> GoesOut:
    """What goes out, as the form says.

    Raises `WrongFields` for hours that cannot be read.
    """
    items, wrong = [], []
    for name in submission.values:
        typed = submission.text(name).strip()
        if name.startswith(ITEM) and typed:
            try:
                items.append((UUID(name.removeprefix(ITEM)), parse_hours(typed)))
            except Refusal as why:
                wrong.append(WrongField(name, why))
    if wrong:
        raise WrongFields(wrong)
    chosen = submission.values.get(Field.OUT_REQUESTS)
    requests = [UUID(value) for value in chosen] if isinstance(chosen, list) else []
    return GoesOut(items=tuple((item, minutes) for item, minutes in items if minutes), requests=requests)


def _form(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> Modal:
    card, left = to_decide(session, actor, request_id=request_id, revision=revision)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    items = portfolio.scope_items(session, workspace_id=actor.workspace_id, project_id=request.project_id)
    included = [(item.id, item.text) for item in items if item.is_included]
    return swap_modal(card, left, included, swapping.swappable(session, request))


def _accept(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, submission: Submission
) -> None:
    if not is_first_submission(session, actor, submission):
        return
    try:
        figures = read_figures(session, actor, submission, request_id=request_id)
        out = read_out(submission)
    except WrongFields:
        # Who may not decide is told so, whatever was typed.
        deciding.require_decidable(session, actor, request_id=request_id, revision=revision)
        raise
    rest = Funding(submission.text(Field.FUNDING))
    swapping.accept_swap(
        session, actor, request_id=request_id, revision=revision, figures=figures, rest=rest, out=out
    )
