"""Two people changing the portfolio at the same moment: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.db.transaction import reading, transaction
from bot.errors import Refusal, WrongFields
from bot.portfolio import repository, service
from bot.portfolio.baselines import approve_change
from bot.portfolio.forms import Figures
from bot.portfolio.refusals import FiguresApproved, KeyTaken, NameTaken
from tests.portfolio.agency import (
    ANA,
    HERE,
    MAX,
    NOW,
    PETE,
    a_client,
    a_client_form,
    a_project,
    a_project_form,
    by,
    open_agency,
)

TIMES = 6


def at_once(engine: Engine, *use_cases: Callable[[Session], Any]) -> list[Any]:
    """What each gave or refused, all started together on threads of their own."""
    start = Barrier(len(use_cases))
    runner = Runner(engine)

    def run(use_case: Callable[[Session], Any]) -> Any:
        start.wait()
        try:
            return runner.run_now(use_case)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(use_cases)) as pool:
        return list(pool.map(run, use_cases))


def refused(results: list[Any]) -> list[Refusal]:
    return [wrong.why for found in results if isinstance(found, WrongFields) for wrong in found.fields]


def test_a_name_is_given_to_one_client(engine: Engine) -> None:
    open_agency(engine)
    for number in range(TIMES):
        form = a_client_form(name=f"Acme {number}")
        results = at_once(
            engine,
            *(partial(service.add_client, actor=by(who), form=form) for who in (ANA, PETE, MAX)),
        )
        assert refused(results) == [NameTaken(form.name)] * 2


def test_a_key_is_given_to_one_project(engine: Engine) -> None:
    open_agency(engine)
    with transaction(engine) as session:
        client_id = a_client(session)
    for number in range(TIMES):
        form = a_project_form(client_id, key=f"ACME{number}")
        results = at_once(
            engine, *(partial(service.add_project, actor=by(who), form=form) for who in (ANA, PETE))
        )
        assert refused(results) == [KeyTaken(form.key, "Acme Website")]


def test_approvals_at_once_add_up(engine: Engine) -> None:
    open_agency(engine)
    with transaction(engine) as session:
        project_id = a_project(session, a_client(session))

    def approve(session: Session) -> None:
        approve_change(
            session,
            workspace_id=HERE,
            project_id=project_id,
            request_id=uuid4(),
            minutes=60,
            fee_minor=100_00,
            delay_days=1,
            now=NOW,
        )

    results = at_once(engine, *[approve] * TIMES)
    assert results == [None] * TIMES
    with reading(engine) as session:
        facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
        assert facts is not None
        assert (facts.minutes, facts.baseline_version) == (7200 + TIMES * 60, 1 + TIMES)


def test_a_correction_and_an_approval_at_once_do_not_lose_each_other(engine: Engine) -> None:
    open_agency(engine)
    for number in range(TIMES):
        with transaction(engine) as session:
            client_id = a_client(session, name=f"Acme {number}")
            project_id = a_project(session, client_id, key=f"ACME{number}")
        corrected = a_project_form(client_id, key=f"ACME{number}", figures=Figures(6000, 0, None))
        results = at_once(
            engine,
            partial(service.edit_project, actor=by(PETE), project_id=project_id, form=corrected),
            partial(
                approve_change,
                workspace_id=HERE,
                project_id=project_id,
                request_id=uuid4(),
                minutes=60,
                fee_minor=0,
                delay_days=0,
                now=NOW,
            ),
        )
        with reading(engine) as session:
            facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
            assert facts is not None
            if refused(results):
                assert set(refused(results)) == {FiguresApproved("Acme Website")}
                assert (facts.agreed_minutes, facts.minutes) == (7200, 7260)
            else:
                assert (facts.agreed_minutes, facts.minutes) == (6000, 6060)
