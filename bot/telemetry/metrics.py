"""Everything that is counted and timed, in Prometheus' form: one place, so that names and labels stay few and alike.

A label takes only words that the code itself has (kinds, methods, use cases), never what people or workspaces bring
along: the number of series does not grow with those who use it. What is asked of the database at each scrape
(`*_backlog*`, `*_overdue*`) is the same in every process on that database: take the maximum over processes.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# When each series began would double their number, and nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]

# Slack gives up after three seconds.
_ACK_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_USE_CASE_BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 3.0)
# Our own calls give up after ten seconds.
_CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TICK_BUCKETS = (0.01, 0.1, 1.0, 10.0, 60.0)

# ---- what comes in

ACKS = Counter("handoff_acks", "Deliveries from Slack that were answered.", ["kind", "outcome"])
ACK_SECONDS = Histogram(
    "handoff_ack_seconds",
    "From the arrival of a delivery from Slack to its answer.",
    ["kind"],
    buckets=_ACK_BUCKETS,
)
USE_CASE_SECONDS = Histogram(
    "handoff_use_case_seconds",
    "A use case in its transaction, with its wait for a turn at the database.",
    ["use_case"],
    buckets=_USE_CASE_BUCKETS,
)

# ---- what goes out

DELIVERIES = Counter("handoff_deliveries", "Tries to say a notice in Slack.", ["kind", "outcome"])
REFRESHES = Counter(
    "handoff_refreshes", "Tries to bring a message (or a Home) up to date.", ["kind", "outcome"]
)
DIGESTS = Counter("handoff_digests_posted", "Digests that stand in a channel.", ["kind"])
SLACK_CALLS = Counter("handoff_slack_calls", "Calls to Slack's Web API.", ["method", "outcome"])
SLACK_CALL_SECONDS = Histogram(
    "handoff_slack_call_seconds", "How long Slack took to answer.", ["method"], buckets=_CALL_BUCKETS
)
SLACK_RATE_LIMITED = Counter(
    "handoff_slack_rate_limited", "Calls that Slack answered with 429: later.", ["method"]
)
BACKLOG = Gauge(
    "handoff_outbox_backlog", "Notices and refreshes that still have to reach Slack, by state.", ["state"]
)
BACKLOG_AGE = Gauge(
    "handoff_outbox_backlog_oldest_seconds",
    "How long the oldest of them has waited: a notice since it was written, a refresh since it was due.",
    ["state"],
)

# ---- the clock

TICKS = Counter("handoff_clock_ticks", "Ticks of the clock that ran.", ["tick", "outcome"])
TICK_SECONDS = Histogram(
    "handoff_clock_tick_seconds", "How long a tick took.", ["tick"], buckets=_TICK_BUCKETS
)
CLOCK_LAG = Gauge("handoff_clock_lag_seconds", "How late the newest run of a tick began.", ["tick"])
LAST_TICK = Gauge(
    "handoff_clock_last_tick_timestamp_seconds", "When a tick ran last in this process (Unix time)."
)
DIGESTS_OVERDUE = Gauge(
    "handoff_digests_overdue_seconds",
    "By how much the digest that is due longest is late, by the database.",
)

# ---- the process

ERRORS = Counter(
    "handoff_errors",
    "Lines of the log at ERROR or above, by the module that wrote them; the exemplar is a reference.",
    ["logger"],
)
POOL_IN_USE = Gauge("handoff_database_pool_in_use", "Connections to the database that are in use.")
POOL_LIMIT = Gauge("handoff_database_pool_limit", "Connections this process may open at most.")
LOOP_LAG = Gauge(
    "handoff_event_loop_lag_seconds", "How late the event loop came back to what was due, at worst."
)
SOCKETS_OPEN = Gauge("handoff_socket_mode_connections", "Open Socket Mode connections to Slack.")
BUILD = Gauge("handoff_build_info", "Always 1; which version runs.", ["version"])
