"""Reports of unexpected errors to Sentry, on request: where in the code, in which piece of work, and nothing else.

A report holds no text that people wrote and no token: no variables, no request bodies, no breadcrumbs, and of an
exception only its type and where it was raised, since its message may quote anything.
"""

from __future__ import annotations

from typing import Any

from bot import logs
from bot.telemetry.tracing import NotInstalled

_KEPT = {
    "contexts",
    "environment",
    "event_id",
    "exception",
    "fingerprint",
    "level",
    "logentry",
    "logger",
    "platform",
    "release",
    "sdk",
    "server_name",
    "tags",
    "threads",
    "timestamp",
}
_KEPT_OF_FRAMES = {"abs_path", "filename", "function", "in_app", "lineno", "module"}
_KEPT_CONTEXTS = {"runtime", "trace"}


def switch_on(dsn: str, *, version: str, environment: str = "production", transport: Any = None) -> None:
    """Send what is logged at ERROR to Sentry (or to `transport`).

    Raises `NotInstalled`.
    """
    try:
        # It takes 200 ms and 20 MB: only who asks for it pays.
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError as error:
        raise NotInstalled(
            "SENTRY_DSN is set, and sentry-sdk is not installed. Run "
            "`pip install --require-hashes --no-deps -r deploy/requirements-telemetry.txt`, or take the setting away."
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        release=f"handoff@{version}",
        environment=environment,
        transport=transport,
        before_send=lambda event, hint: scrubbed(event),
        # Integrations of their own accord look into requests, queries and arguments.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None)],
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        traces_sample_rate=None,
    )


def scrubbed(event: Any) -> Any:
    """The same report with nothing in it but the code and the reference."""
    report = {key: value for key, value in event.items() if key in _KEPT}
    report["contexts"] = {
        name: context for name, context in (event.get("contexts") or {}).items() if name in _KEPT_CONTEXTS
    }
    report["tags"] = {key: str(value) for key, value in logs.context().items() if key in _TAGS}
    if "logentry" in report:
        # The sentence as it stands in the code, without what was put into it.
        template = report["logentry"].get("message") or ""
        report["logentry"] = {"message": logs.without_secrets(template)}
    for exception in _exceptions(report):
        exception["value"] = ""
        exception.pop("mechanism", None)
        trace = exception.get("stacktrace") or {}
        trace["frames"] = [
            {key: value for key, value in frame.items() if key in _KEPT_OF_FRAMES}
            for frame in trace.get("frames") or ()
        ]
    report.pop("threads", None)
    return report


_TAGS = {"reference", "workspace", "kind", "name"}


def _exceptions(report: dict[str, Any]) -> list[dict[str, Any]]:
    found = report.get("exception") or {}
    return list(found.get("values") or ())
