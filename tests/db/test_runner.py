"""Use cases and queries beside the event loop: one transaction each, and answers that are shared and never stale."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot.db.grouping import MOST_AT_ONCE
from bot.db.runner import Runner
from bot.workspaces.models import Workspace


@pytest.fixture
def runner(engine: Engine) -> Iterator[Runner]:
    runner = Runner(engine)
    yield runner
    runner.close()


def add(session: Session, name: str) -> None:
    session.add(Workspace(id=name, name=name, created_at=datetime(2026, 11, 18, tzinfo=UTC)))


class Refused(Exception):
    pass


def add_and_refuse(session: Session) -> None:
    add(session, "refused")
    raise Refused


def names(session: Session) -> set[str]:
    return set(session.scalars(select(Workspace.name)))


@asynccontextmanager
async def a_long_use_case(runner: Runner) -> AsyncIterator[None]:
    """While the block runs the writer is busy: what is asked of it meanwhile waits."""
    has_begun, may_end = threading.Event(), threading.Event()

    def work(_: Session) -> None:
        has_begun.set()
        assert may_end.wait(10)

    working = asyncio.create_task(runner.run(work))
    await asyncio.to_thread(has_begun.wait, 10)
    yield
    # Let those who were started in the block come as far as the queue.
    await asyncio.sleep(0)
    may_end.set()
    await working


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
    with pytest.raises(Refused):
        await runner.run(add_and_refuse)
    assert await runner.read(names) == set()


@pytest.mark.only_on("sqlite")
async def test_those_who_wait_for_the_writer_share_a_commit(runner: Runner) -> None:
    commits: list[object] = []
    event.listen(runner.engine, "commit", commits.append)
    async with a_long_use_case(runner):
        waiting = [asyncio.create_task(runner.run(add, f"T{number}")) for number in range(2 * MOST_AT_ONCE)]
    await asyncio.gather(*waiting)
    # The long one is joined by those who came while it ran, as many as may share.
    assert len(commits) == 3
    assert len(await runner.read(names)) == 2 * MOST_AT_ONCE


@pytest.mark.only_on("sqlite")
async def test_the_writer_keeps_a_connection_that_no_reader_is_lent(runner: Runner) -> None:
    def connection(session: Session) -> int:
        return id(session.connection().connection.dbapi_connection)

    writing = {await runner.run(connection)}
    reading = {await runner.read(connection)}
    async with a_long_use_case(runner):
        reading.add(await runner.read(connection))
    writing.add(await runner.run(connection))
    assert len(writing) == 1
    assert writing.isdisjoint(reading)


async def test_what_one_of_them_is_refused_is_undone_alone(runner: Runner) -> None:
    async with a_long_use_case(runner):
        first = asyncio.create_task(runner.run(add, "T1"))
        refused = asyncio.create_task(runner.run(add_and_refuse))
        last = asyncio.create_task(runner.run(add, "T2"))
    with pytest.raises(Refused):
        await refused
    await asyncio.gather(first, last)
    assert await runner.read(names) == {"T1", "T2"}


async def test_an_error_of_the_database_meets_only_who_caused_it(runner: Runner) -> None:
    await runner.run(add, "T1")
    async with a_long_use_case(runner):
        before = asyncio.create_task(runner.run(add, "T0"))
        twice = asyncio.create_task(runner.run(add, "T1"))
        after = asyncio.create_task(runner.run(add, "T2"))
    with pytest.raises(IntegrityError):
        await twice
    await asyncio.gather(before, after)
    assert await runner.read(names) == {"T0", "T1", "T2"}


@pytest.mark.only_on("sqlite")
async def test_a_commit_that_fails_is_tried_again_for_each_alone(runner: Runner) -> None:
    commits: list[object] = []

    def fail_the_first(connection: object) -> None:
        commits.append(connection)
        if len(commits) == 1:
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(runner.engine, "commit", fail_the_first)
    async with a_long_use_case(runner):
        waiting = [asyncio.create_task(runner.run(add, f"T{number}")) for number in range(3)]
        refused = asyncio.create_task(runner.run(add_and_refuse))
    await asyncio.gather(*waiting)
    with pytest.raises(Refused):
        await refused
    assert await runner.read(names) == {"T0", "T1", "T2"}
    # The shared one, and the three alone (the long one wrote nothing).
    assert len(commits) == 4


@pytest.mark.only_on("sqlite")
async def test_who_waits_hears_of_a_transaction_that_could_not_begin(runner: Runner) -> None:
    tries: list[object] = []

    def is_locked(connection: object) -> None:
        tries.append(connection)
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("disk I/O error"))

    event.listen(runner.engine, "begin", is_locked)
    with pytest.raises(OperationalError):
        await asyncio.wait_for(runner.run(add, "T1"), 5)
    assert len(tries) == 2, "with others, and alone"
    event.remove(runner.engine, "begin", is_locked)
    await runner.run(add, "T2")
    assert await runner.read(names) == {"T2"}


@pytest.mark.only_on("sqlite")
async def test_what_nobody_waits_for_any_more_is_not_begun(runner: Runner) -> None:
    async with a_long_use_case(runner):
        given_up = asyncio.create_task(runner.run(add, "T1"))
        wanted = asyncio.create_task(runner.run(add, "T2"))
        await asyncio.sleep(0)
        given_up.cancel()
    await wanted
    assert await runner.read(names) == {"T2"}
