"""What has to hold whenever an approval is written, whoever's press writes it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.errors import WrongFields
from bot.ledger import service as ledger
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Baseline
from bot.requests.approval_figures import Figures, wrong_figures
from bot.requests.goodwill import wrong_goodwill
from bot.requests.holding import Held


@dataclass(frozen=True)
class Basis:
    """What an approval builds on: the present baseline, and what an hour is worth (minor units)."""

    present: Baseline
    rate_minor: int


def checked(session: Session, decider: Actor, held: Held, figures: Figures) -> Basis:
    """What the approval of these figures builds on; the client is held where hours are given away.

    Raises `WrongFields` (hours, fee, delay, funding).
    """
    agreed, present = portfolio.agreed_and_current(
        session, workspace_id=decider.workspace_id, project_id=held.project.id
    )
    rate_minor = ledger.hourly_rate(agreed.budget_minor, agreed.minutes)
    wrong = wrong_figures(figures, rate_minor=rate_minor, due_on=present.due_on)
    if held.client is not None:
        wrong += wrong_goodwill(session, decider, held.client, figures.split.get(Funding.GOODWILL, 0))
    if wrong:
        raise WrongFields(wrong)
    return Basis(present, rate_minor)
