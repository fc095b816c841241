"""The courier itself: it never dies, it idles cheaply, it stops cleanly, and it keeps network and database apart."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.outbox.due import LATE_ARRIVAL
from bot.outbox.models import NoticeState
from bot.sandbox import Fault, LocalWorkspace
from bot.slack.delivery import Courier, stopping
from bot.slack.delivery import courier as loop_module
from bot.slack.kinds import Kind
from tests.outbox.office import CARD, ONCE, PostOffice
from tests.slack_world import ACME, TEAM


@asynccontextmanager
async def at_work(courier: Courier) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(courier.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 (the stand-in counts, and sets no event)
            await asyncio.sleep(0.005)


async def test_a_database_that_is_away_for_a_while_is_waited_for_and_logged_once(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    await office.announce("hello")
    engine = office.world.bot.runner.engine
    left = [6]

    def away(*_: object) -> None:
        if left[0]:
            left[0] -= 1
            raise OperationalError("BEGIN", {}, Exception("the database is away"))

    posted = office.called("chat.postMessage")
    event.listen(engine, "begin", away)
    with caplog.at_level(logging.WARNING):
        async with at_work(office.courier):
            await asyncio.wait_for(posted.wait(), 10)
            await office.world.settled()
    event.remove(engine, "begin", away)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors] == ["the outbox cannot be read; trying until it can"]
    assert "can be read again" in caplog.text
    assert office.said() == ["hello"]


async def test_whatever_a_kind_raises_the_courier_goes_on(office: PostOffice) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RecursionError

    kinds = {
        **office.kinds(),
        "disaster": Kind(fail),
        "after": Kind(office._card, mirrors=True, when_shut_out=fail, after_external=fail),
    }
    office.courier = office.new_courier(kinds=kinds)
    async with at_work(office.courier) as task:
        await office.announce("disaster", kind="disaster")
        await office.announce("told in vain", to="C0SHUT", kind="after")
        await office.announce("shared", to="C0SHARED", kind="after")
        await office.announce("hello")
        office.courier.wake()
        await office.world.settled()
        assert not task.done()
    assert office.said() == ["hello"]
    assert (await office.notice("told in vain")).state is NoticeState.HELD
    assert (await office.notice("shared")).state is NoticeState.SENT


async def test_what_another_process_wrote_is_found_without_a_wake(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_module, "IDLE_SECONDS", 0.05)
    posted = office.called("chat.postMessage")
    async with at_work(office.courier):
        await asyncio.sleep(0.02)
        await office.announce("from elsewhere")
        await asyncio.wait_for(posted.wait(), 10)
        await office.world.settled()


async def test_an_idle_courier_only_reads(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "IDLE_SECONDS", 0.01)
    statements: list[str] = []
    engine = office.world.bot.runner.engine

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement.split()[0])

    async with at_work(office.courier), asyncio.timeout(30):
        event.listen(engine, "before_cursor_execute", note)
        # What it does when it begins is not what it does when it is idle.
        while not statements or not set(statements) <= {"SELECT", "BEGIN"}:
            statements.clear()
            await asyncio.sleep(0.1)
        event.remove(engine, "before_cursor_execute", note)


async def test_told_to_stop_it_finishes_what_is_under_way(office: PostOffice, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("chat.postMessage", "slow", seconds=0.1))
    asked = office.called("chat.postMessage")
    await office.announce("hello", kind=ONCE)
    task = asyncio.create_task(office.courier.run())
    await asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await office.notice("hello")).state is NoticeState.SENT


async def test_told_to_stop_it_hands_back_at_once_what_has_not_begun(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("card", kind=CARD)
    await office.deliver()
    slack.faults.add(Fault("conversations.info", "slow", seconds=1, times=2))
    office.world.bot.directory.forget_channel(TEAM, ACME)
    await office.announce("hello", kind=ONCE)
    await office.change(card, "changed")
    task = asyncio.create_task(office.courier.run())
    await until(lambda: slack._api.in_progress == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    notice, posting = await office.notice("hello"), await office.posting(card)
    assert (notice.state, notice.lease, notice.attempts) == (NoticeState.PENDING, None, 0)
    assert posting.is_stale
    assert posting.lease is None
    slack.faults.clear()
    office.courier = office.new_courier()
    await office.deliver()
    assert office.said() == ["changed", "hello"], "another process says it at once"


async def test_told_to_stop_while_slack_hangs_it_leaves_a_post_to_be_looked_for(
    office: PostOffice, slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "FINISH_SECONDS", 0.05)
    slack.faults.add(Fault("chat.postMessage", "slow", seconds=0.5))
    await office.announce("hello", kind=ONCE)
    task = asyncio.create_task(office.courier.run())
    await until(lambda: slack._api.in_progress > 0 and bool(slack.calls_of("conversations.info")))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    notice = await office.notice("hello")
    assert (notice.state, notice.lease) == (NoticeState.UNCLEAR, None)
    await until(lambda: slack._api.in_progress == 0)
    office.courier = office.new_courier()
    await office.deliver(after=LATE_ARRIVAL.total_seconds())
    assert office.said() == ["hello"]
    assert len(slack.calls_of("conversations.history")) == 1


async def test_stopped_while_it_takes_it_hands_back_what_it_took(office: PostOffice) -> None:
    await office.announce("hello", kind=ONCE)
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(office.courier.run())
    # The taking is written in its thread, and before the courier hears of it, it is told to stop.
    event.listen(
        office.world.bot.runner.engine,
        "commit",
        lambda _: loop.call_soon_threadsafe(task.cancel),
        once=True,
    )
    await asyncio.gather(task, return_exceptions=True)
    notice = await office.notice("hello")
    assert (notice.state, notice.lease) == (NoticeState.PENDING, None)


async def test_no_call_is_made_while_a_transaction_is_open(office: PostOffice, slack: LocalWorkspace) -> None:
    used: set[Any] = set()
    open_at_call: list[tuple[str, bool]] = []

    def is_open(connection: Any) -> bool:
        if isinstance(connection, sqlite3.Connection):
            return connection.in_transaction
        return connection.info.transaction_status is not TransactionStatus.IDLE

    class Watched(list[Any]):
        def append(self, call: Any) -> None:
            super().append(call)
            open_at_call.append((call.method, any(map(is_open, used))))

    # Also who keeps a connection between two use cases (SQLite's writer) holds nothing open on it.
    engine = office.world.bot.runner.engine
    event.listen(engine, "begin", lambda begun: used.add(begun.connection.dbapi_connection))
    event.listen(engine, "close", lambda closed, _: used.discard(closed))

    slack._api.calls = Watched()
    card = await office.announce("card", kind=CARD)
    await office.deliver()
    await office.change(card, "changed")
    await office.deliver()
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("lost")
    await office.deliver()
    await office.deliver(after=1)
    methods = {method for method, _ in open_at_call}
    assert methods >= {"conversations.info", "chat.postMessage", "chat.update", "conversations.history"}
    assert used
    assert [method for method, is_in_transaction in open_at_call if is_in_transaction] == []


async def test_no_statement_runs_on_the_thread_of_the_event_loop(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    threads: set[int] = set()
    event.listen(
        office.world.bot.runner.engine,
        "before_cursor_execute",
        lambda *_: threads.add(threading.get_ident()),
    )
    async with at_work(office.courier):
        card = await office.announce("card", kind=CARD)
        office.courier.wake()
        await office.world.settled()
        await office.courier.carry_out(office.refresh_now, card)
        await office.world.settled()
    assert slack.calls_of("chat.update")
    assert threads
    assert threading.get_ident() not in threads


async def test_draining_sees_what_becomes_due_while_it_looks(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await office.announce("a card", kind=CARD)

    def change_meanwhile() -> None:
        office.on_draw = lambda: None
        office.wall[card] = "a changed card"
        office.world.bot.runner.run_now(office.refresh_now, card)

    office.on_draw = change_meanwhile
    look = office.courier._take

    async def slow_look() -> Any:
        taken = await look()
        if not (taken.notices or taken.postings) and office.courier._saying:
            # The card arrives after the look at the outbox, and before whoever looked goes on.
            await asyncio.wait(office.courier._saying)
            await asyncio.sleep(0)
        return taken

    monkeypatch.setattr(office.courier, "_take", slow_look)
    await office.deliver()
    assert office.said() == ["a changed card"]
