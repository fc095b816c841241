"""Traces in OpenTelemetry's form, on request: a delivery from Slack, its use cases, and the calls to Slack they led to.

Until `switch_on` was called a span costs one comparison, and OpenTelemetry is not even imported. Attributes are ids and
words of the code, never text that people wrote.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from bot import logs

_NOTHING: AbstractContextManager[Any] = nullcontext()
# OpenTelemetry's own types are known only where it is installed.
_tracer: Any = None
_provider: Any = None


class NotInstalled(Exception):
    """A setting asks for a library that is not there: the message says which, and how to install it."""


def switch_on(endpoint: str, *, version: str, exporter: Any = None) -> None:
    """Send traces to an OTLP collector at `endpoint` (http, without a path), or to `exporter`.

    Raises `NotInstalled`.
    """
    try:
        # Only who asks for traces pays for it.
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

        if exporter is None:
            # The same.
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

            sent: Any = BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
        else:
            sent = SimpleSpanProcessor(exporter)
    except ImportError as error:
        raise NotInstalled(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed. Run "
            "`pip install --require-hashes --no-deps -r deploy/requirements-telemetry.txt`, or take the setting away."
        ) from error
    global _tracer, _provider  # noqa: PLW0603 (there is one process, and it is traced or not)
    _provider = TracerProvider(
        resource=Resource.create({"service.name": "handoff", "service.version": version})
    )
    _provider.add_span_processor(sent)
    _tracer = _provider.get_tracer("handoff")


def switch_off() -> None:
    """Send what is left, and trace no more."""
    global _tracer, _provider  # noqa: PLW0603 (as above)
    if _provider is not None:
        _provider.shutdown()
    _tracer = _provider = None


def span(name: str, **attributes: str) -> AbstractContextManager[Any]:
    """A part of the work under way, from here to the end of the block; carries the reference of the work."""
    if _tracer is None:
        return _NOTHING
    attributes.setdefault("reference", logs.reference())
    named = {f"handoff.{key}": value for key, value in attributes.items()}
    spanned: AbstractContextManager[Any] = _tracer.start_as_current_span(
        # What an exception says may hold what somebody wrote.
        name,
        attributes=named,
        record_exception=False,
        set_status_on_exception=False,
    )
    return spanned


def describe(**attributes: str) -> None:
    """Say more about the part under way."""
    if _tracer is None:
        return
    # Only where it is switched on, it is imported already.
    from opentelemetry.trace import get_current_span

    current = get_current_span()
    for key, value in attributes.items():
        current.set_attribute(f"handoff.{key}", value)
