"""What the forms that accept say of hours, fee, delay and who pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.portfolio.figures import parse_hours, parse_money
from bot.requests import deciding, repository
from bot.requests.deciding import Figures
from bot.requests.refusals import Missing, NobodyBilled, NotWholeDays, TooMuch
from bot.slack.names import Field
from bot.slack.payloads import Submission
from bot.slack.views.decide import likely_figures


def read_figures(session: Session, actor: Actor, submission: Submission, *, request_id: UUID) -> Figures:
    """What the form that accepts says; the fee that it came with falls away where nobody is asked for one.

    Raises `WrongFields` for everything that cannot be read, and for a fee that was typed and nobody is asked for
    (fee, `NobodyBilled`).
    """
    currency = repository.currency(session, workspace_id=actor.workspace_id, request_id=request_id)
    figures = _typed(submission, currency)
    if not figures.fee_minor or any(part.is_billable for part in figures.split):
        return figures
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    if figures.fee_minor != likely_figures(card).fee_minor:
        raise WrongFields([WrongField(Field.FEE, NobodyBilled())])
    return replace(figures, fee_minor=0)


def _typed(submission: Submission, currency: str) -> Figures:
    wrong: list[WrongField] = []

    def number(field: Field, parse: Callable[[str], int]) -> int:
        typed = submission.text(field).strip()
        try:
            return parse(typed) if typed else 0
        except Refusal as why:
            wrong.append(WrongField(field, why))
            return 0

    minutes = number(Field.HOURS, parse_hours)
    if not submission.text(Field.HOURS).strip():
        wrong.append(WrongField(Field.HOURS, Missing()))
    fee = number(Field.FEE, lambda typed: parse_money(typed, currency))
    delay = number(Field.DELAY, _whole_days)
    other_minutes = number(Field.OTHER_HOURS, parse_hours)
    funding, other = submission.text(Field.FUNDING), submission.text(Field.OTHER_FUNDING)
    if not funding:
        wrong.append(WrongField(Field.FUNDING, Missing()))
    if bool(other) != bool(other_minutes) and not wrong:
        wrong.append(WrongField(Field.OTHER_HOURS if other else Field.OTHER_FUNDING, Missing()))
    if other_minutes > minutes and not wrong:
        wrong.append(WrongField(Field.OTHER_HOURS, TooMuch(most=minutes // 60)))
    if wrong:
        raise WrongFields(wrong)
    split = {Funding(funding): minutes - other_minutes}
    if other:
        split[Funding(other)] = split.get(Funding(other), 0) + other_minutes
    return Figures(minutes=minutes, fee_minor=fee, delay_days=delay, split=split)


def _whole_days(typed: str) -> int:
    if not typed.isdecimal():
        raise NotWholeDays(most=deciding.MOST_DELAY_DAYS)
    if len(typed) > 6:
        raise TooMuch(most=deciding.MOST_DELAY_DAYS)
    return int(typed)
