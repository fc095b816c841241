"""What is counted and timed while the bot works, read as Prometheus reads it."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY, generate_latest

from bot.logs import JsonLines
from bot.sandbox.faults import Fault
from bot.scheduler import build_scheduler
from bot.telemetry import work
from bot.telemetry.switches import ErrorCount
from bot.vitals import Vitals
from tests.slack_world import World, agency, live


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with agency(database_url) as world:
        yield world


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_what_comes_in_and_goes_out_is_counted(world: World) -> None:
    asked = {"kind": "command", "outcome": "answered"}
    said = {"kind": "card", "outcome": "said"}
    acks, deliveries = value("handoff_acks_total", **asked), value("handoff_deliveries_total", **said)
    timed = value("handoff_ack_seconds_count", kind="command")
    posts = value("handoff_slack_calls_total", method="chat.postMessage", outcome="ok")
    async with live(world):
        await world.ana.command("acme", "/handoff", "help")
        await world.log()
        await world.settled()
    assert value("handoff_acks_total", **asked) == acks + 1
    assert value("handoff_ack_seconds_count", kind="command") == timed + 1
    assert value("handoff_deliveries_total", **said) == deliveries + 1
    assert value("handoff_slack_calls_total", method="chat.postMessage", outcome="ok") >= posts + 1
    assert value("handoff_use_case_seconds_count", use_case="requests.service.submit") >= 1


@pytest.mark.only_on("sqlite")
async def test_a_limit_of_slack_is_counted_by_its_method(world: World) -> None:
    before = value("handoff_slack_rate_limited_total", method="chat.postMessage")
    world.slack.faults.add(Fault("chat.postMessage", "ratelimited"))
    await world.log()
    await world.deliver()
    assert value("handoff_slack_rate_limited_total", method="chat.postMessage") == before + 1


async def test_the_backlog_and_its_age_are_told(world: World) -> None:
    await world.log()
    world.clock.advance(waited := timedelta(minutes=5))
    await Vitals(world.handoff).measure()
    assert value("handoff_outbox_backlog", state="pending") >= 1
    assert value("handoff_outbox_backlog_oldest_seconds", state="pending") == waited.total_seconds()
    assert value("handoff_database_pool_limit") > 0


@pytest.mark.only_on("sqlite")
async def test_no_label_holds_what_people_or_workspaces_bring_along(world: World) -> None:
    async with live(world):
        await world.ana.command("acme", "/handoff", "my payload")
        await world.accept(await world.log("Secret title"))
        await world.settled()
    told = generate_latest(REGISTRY).decode()
    assert not re.search(r"\b[TUCGD]0[A-Z]+|Secret|payload|ACME", told), told
    assert len(told.splitlines()) < 3000


@pytest.mark.only_on("sqlite")
async def test_a_tick_tells_how_long_it_took_and_when_it_failed(world: World) -> None:
    scheduler = build_scheduler(world.bot)
    done = value("handoff_clock_ticks_total", tick="tidy", outcome="done")
    job = scheduler.get_job("tidy") or next(job for job in scheduler.get_jobs() if job.id == "tidy")
    await job.func()
    assert value("handoff_clock_ticks_total", tick="tidy", outcome="done") == done + 1
    assert value("handoff_clock_last_tick_timestamp_seconds") > 0


async def test_an_error_is_counted_with_the_reference_to_look_for() -> None:
    before = value("handoff_errors_total", logger="bot.somewhere")

    @work.received("command")
    async def fails() -> None:
        record = logging.LogRecord("bot.somewhere", logging.ERROR, __file__, 1, "no", (), None)
        ErrorCount().emit(record)
        raise ValueError

    with pytest.raises(ValueError):
        await fails()
    assert value("handoff_errors_total", logger="bot.somewhere") == before + 1


async def test_a_line_says_whose_what_and_how_long(caplog: pytest.LogCaptureFixture) -> None:
    written: list[Callable[[], None]] = []

    @work.received("press", afterwards=written.append)
    async def press() -> None:
        work.is_about("accept", "T1")
        with work.UseCase(press, {"request_id": "R1"}):
            work.was_refused()

    with caplog.at_level(logging.INFO, "bot.telemetry"):
        await press()
        # Nobody waits for a line to be written.
        assert not caplog.records
        (write,) = written
        write()
        line = json.loads(JsonLines().format(caplog.records[-1]))
    assert (line["kind"], line["name"], line["workspace"]) == ("press", "accept", "T1")
    assert (line["request"], line["outcome"]) == ("R1", "refused")
    assert line["ms"] >= 0
    assert line["reference"].startswith("H-")


def test_it_costs_microseconds_an_ack(caplog: pytest.LogCaptureFixture) -> None:
    async def nothing() -> None: ...

    counted = work.received("command")(nothing)

    def run(times: int) -> float:
        began = time.process_time()
        for _ in range(times):
            coroutine = counted()
            with contextlib.suppress(StopIteration):
                coroutine.send(None)
            with work.UseCase(nothing, {}):
                pass
            with work.Call("chat.update"):
                pass
        return (time.process_time() - began) / times

    with caplog.at_level(logging.WARNING):
        assert min(run(300) for _ in range(5)) < 300e-6
