"""Use cases and queries beside the event loop: one transaction each, and answers that are shared and never stale."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.workspaces.models import Workspace


@pytest.fixture
def runner(engine: Engine) -> Iterator[Runner]:
    runner = Runner(engine)
    yield runner
    runner.close()


def add(session: Session, name: str) -> None:
    session.add(Workspace(id=name, name=name, created_at=datetime(2026, 11, 18, tzinfo=UTC)))


class Asking:
    """A query that counts how often it was really asked; equal to itself only, as a module's function is."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, session: Session, *, workspace_id: str) -> int:
        self.times += 1
        return int(session.execute(text("SELECT count(*) FROM workspaces")).scalar_one())


async def test_what_many_ask_at_once_is_asked_of_the_database_once(runner: Runner) -> None:
    asking = Asking()
    answers = await asyncio.gather(*(runner.read_together(asking, workspace_id="T1") for _ in range(20)))
    assert answers == [0] * 20
    assert asking.times == 1


async def test_who_wrote_something_reads_it(runner: Runner) -> None:
    asking = Asking()
    for number in range(1, 6):
        await runner.run(add, f"T{number}")
        assert await runner.read_together(asking, workspace_id="T1") == number


async def test_other_questions_have_other_answers(runner: Runner) -> None:
    asking = Asking()
    await asyncio.gather(*(runner.read_together(asking, workspace_id=f"T{number}") for number in range(3)))
    assert asking.times == 3


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others(runner: Runner) -> None:
    asking = Asking()
    first = asyncio.create_task(runner.read_together(asking, workspace_id="T1"))
    second = asyncio.create_task(runner.read_together(asking, workspace_id="T1"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 0


async def test_a_failed_read_is_told_to_all_and_not_kept(runner: Runner) -> None:
    class Broken(Exception):
        pass

    def broken(session: Session) -> int:
        raise Broken

    answers = await asyncio.gather(*(runner.read_together(broken) for _ in range(3)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {Broken}


async def test_a_refused_use_case_leaves_nothing_behind(runner: Runner) -> None:
    class Refused(Exception):
        pass

    def add_and_refuse(session: Session) -> None:
        add(session, "T1")
        raise Refused

    with pytest.raises(Refused):
        await runner.run(add_and_refuse)
    assert await runner.read(Asking(), workspace_id="T1") == 0
