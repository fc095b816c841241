"""Secrets are planted in everything that Slack answers and everything that goes wrong; nothing that leaves us holds one.

The whole bot at work, with logs at DEBUG, traces and crash reports switched on.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sentry_sdk
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, generate_latest

from bot import logs
from bot.exchange.service import export_workspace
from bot.portfolio import repository as portfolio
from bot.sandbox import Fault
from bot.telemetry import crash_reports, tracing
from tests.slack_world import ACME, ANA, PETE, TEAM, World, agency, agency_seed, live, settings
from tests.telemetry.test_crash_reports import Kept

# Of shapes that no pattern knows, and one as Slack makes them, which stands in no setting.
BOT, APP, SIGNING = "planted-bot-token", "planted-app-token", "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e"
OTHERS = "xoxb-112233445566-abcdefABCDEF"
SECRETS = (BOT, APP, SIGNING, OTHERS)
EVERYTHING = " ".join(SECRETS)


@dataclass
class Outside:
    """Where all of it goes."""

    log: io.StringIO
    spans: InMemorySpanExporter
    crashes: Kept


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: log.level for name, log in _loggers()})
    monkeypatch.setattr(logs, "_kept", set())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("DEBUG")
    spans, crashes = InMemorySpanExporter(), Kept()
    tracing.switch_on("http://127.0.0.1:9", version="1", exporter=spans)
    crash_reports.switch_on("http://key@127.0.0.1:9/1", version="1", transport=crashes)
    yield Outside(written, spans, crashes)
    tracing.switch_off()
    sentry_sdk.get_client().close()
    # Without arguments it would patch Starlette, asyncio and others for all tests that come after.
    sentry_sdk.init(default_integrations=False, auto_enabling_integrations=False)
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, log in _loggers():
        log.setLevel(before[2].get(name, logging.NOTSET))


def _loggers() -> list[tuple[str, logging.Logger]]:
    known = logging.Logger.manager.loggerDict.items()
    return [(name, log) for name, log in known if isinstance(log, logging.Logger)]


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.only_on("sqlite")
async def test_whatever_fails_nothing_that_leaves_holds_a_secret(
    database_url: str, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = agency_seed(bot_token=BOT, app_token=APP, signing_secret=SIGNING)
    async with agency(database_url, seed=seed) as world:
        chosen = settings(database_url, world.slack)
        logs.keep_secret(*chosen.secrets())
        async with live(world):
            await _everything_fails(world, monkeypatch)
        exported = await world.bot.read(export_workspace, workspace_id=TEAM)
        said = json.dumps([call.args for call in world.slack.calls], default=str)
        shown = f"{chosen!r} {world.handoff!r} {world.bot.gateway(TEAM)!r}"
    sentry_sdk.flush()
    log = outside.log.getvalue()
    assert log.count('"level": "error"') >= 2
    assert '"trace"' in log
    assert "[secret]" in log, "they were there, and were blacked out"
    assert outside.crashes.reports
    assert outside.spans.get_finished_spans()
    assert told(log) == []
    assert told(json.dumps(outside.crashes.reports, default=str)) == []
    assert told(" ".join(span.to_json() for span in outside.spans.get_finished_spans())) == []
    assert told(exported) == []
    assert told(said) == [], "nothing of it was shown to anybody in Slack"
    assert told(shown) == []
    assert told(generate_latest(REGISTRY).decode()) == []


async def _everything_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = world.slack.faults
    for method in ("views.open", "views.publish", "chat.postMessage", "users.info", "conversations.info"):
        faults.add(Fault(method, f"error:{EVERYTHING}"))
    await world.ana.command(ACME, "/ask", "acme a sign-up")
    await world.ana.command(ACME, "/ask", "acme a sign-up")
    await world.ana.submit()
    await world.ana.open_home()
    await world.slack.settled()
    faults.add(Fault("views.open", "http_500"))
    await world.ana.command(ACME, "/ask", "acme a menu")

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"cannot use {EVERYTHING}")

    monkeypatch.setattr(portfolio, "known_projects", broken)
    monkeypatch.setattr(portfolio, "clients", broken)
    for person in (ANA, PETE):
        await world.slack.person(person).command(ACME, "/ask", "acme a logo")
        await world.slack.person(person).command(ACME, "/handoff", "client")
    await world.slack.settled()
