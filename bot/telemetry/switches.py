"""Switches on what the settings ask for, once for the whole process."""

from __future__ import annotations

import logging

from bot import __version__, logs
from bot.settings import Settings
from bot.telemetry import crash_reports, metrics, tracing

# Of other people's code the library is name enough.
_OURS = "bot."


class ErrorCount(logging.Handler):
    """Counts what is logged at ERROR, by the module that logged it, with a reference to look for."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line."""
        name = record.name if record.name.startswith(_OURS) else record.name.partition(".")[0]
        reference = logs.reference()
        metrics.ERRORS.labels(name).inc(exemplar={"reference": reference} if reference else None)


def switch_on(settings: Settings) -> None:
    """Count errors; send traces and crash reports where the settings name a place for them.

    Raises `NotInstalled`.
    """
    metrics.BUILD.labels(__version__).set(1)
    root = logging.getLogger()
    if not any(isinstance(handler, ErrorCount) for handler in root.handlers):
        root.addHandler(ErrorCount())
    if settings.otel_exporter_otlp_endpoint:
        tracing.switch_on(settings.otel_exporter_otlp_endpoint, version=__version__)
    if settings.sentry_dsn is not None:
        crash_reports.switch_on(settings.sentry_dsn.get_secret_value(), version=__version__)
