"""Traces: one for each delivery from Slack, with everything it led to."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.telemetry import tracing
from tests.slack_world import agency, live

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.switch_on("http://127.0.0.1:9", version="1", exporter=exporter)
    yield exporter
    tracing.switch_off()


async def test_a_delivery_its_use_cases_and_its_calls_are_one_trace(
    database_url: str, spans: InMemorySpanExporter
) -> None:
    async with agency(database_url) as world, live(world):
        spans.clear()
        await world.ana.command("acme", "/handoff", "mine")
        await world.ana.command("acme", "/ask", "Secret words")
        await world.settled()
    finished = spans.get_finished_spans()
    commands = [span for span in finished if span.name == "slack command"]
    assert len(commands) == 2
    opened = next(span for span in finished if span.name == "slack.com views.open")
    root = next(span for span in commands if span.context.trace_id == opened.context.trace_id)
    assert root.attributes is not None
    assert opened.attributes is not None
    assert root.attributes["handoff.name"] == "/ask"
    assert root.attributes["handoff.reference"] == opened.attributes["handoff.reference"]
    assert any(
        span.name.startswith("use case ") and span.context.trace_id == root.context.trace_id
        for span in finished
    )
    assert "Secret" not in " ".join(span.to_json() for span in finished)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(tracing.NotInstalled, match=r"requirements-telemetry\.txt"):
        tracing.switch_on("http://127.0.0.1:9", version="1")
