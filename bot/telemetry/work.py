"""One piece of work from its beginning to its end: counted, timed, traced, and told in one line of the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import partial, wraps
from types import CodeType, TracebackType
from typing import Any, ParamSpec, TypeVar

from prometheus_client import Counter

from bot import logs
from bot.telemetry import metrics, tracing

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

ANSWERED = "answered"
REFUSED = "refused"
FAILED = "failed"
RATE_LIMITED = "rate_limited"

# Kinds that people wait for get a line at INFO; Slack's stream of events would drown it.
_AT_INFO = {"command", "press", "submission", "shortcut"}
# When the delivery under way reached us, before anybody knew what it was.
_arrived_at: ContextVar[float] = ContextVar("arrived_at", default=0.0)
_under_way: ContextVar[_Delivery | None] = ContextVar("under_way", default=None)


def arrived() -> None:
    """A delivery from Slack has reached this process: its time runs from here."""
    _arrived_at.set(time.perf_counter())


def is_about(name: str, workspace_id: str) -> None:
    """What the delivery under way is (a command, a button, an event), and in which workspace."""
    delivery = _under_way.get()
    if delivery is not None:
        delivery.name = name
    logs.about(name=name, workspace=workspace_id)
    tracing.describe(name=name, workspace=workspace_id)


def was_refused() -> None:
    """The answer to the delivery under way is a "no" with a reason."""
    delivery = _under_way.get()
    if delivery is not None:
        delivery.outcome = REFUSED


def has_failed() -> None:
    """The delivery under way met an error nobody expected; whoever sent it is told so."""
    delivery = _under_way.get()
    if delivery is not None:
        delivery.outcome = FAILED


def _at_once(write: Callable[[], None]) -> None:
    write()


def received(
    kind: str, *, afterwards: Callable[[Callable[[], None]], object] = _at_once
) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """A listener for one kind of delivery from Slack: all that is done in it carries a reference of its own.

    The answer leaves when the listener is over, and a line in the log takes as long to write as the answer to send:
    `afterwards` is given what writes it.
    """

    def wrap(listener: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        # Bolt looks through this at the names of the listener's arguments.
        @wraps(listener)
        async def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
            with _Delivery(kind, afterwards):
                return await listener(*args, **kwargs)

        return wrapped

    return wrap


class _Delivery:
    """One delivery from Slack, from its arrival to its answer."""

    __slots__ = ("_afterwards", "_began", "_kind", "_span", "name", "outcome")

    def __init__(self, kind: str, afterwards: Callable[[Callable[[], None]], object]) -> None:
        self._kind = kind
        self._afterwards = afterwards
        self.name = ""
        self.outcome = ANSWERED

    def __enter__(self) -> None:
        # What arrived unnoticed (a test's own call) begins here.
        self._began = _arrived_at.get() or time.perf_counter()
        _arrived_at.set(0.0)
        reference = logs.new_reference(kind=self._kind)
        self._span = tracing.span(f"slack {self._kind}", reference=reference, kind=self._kind)
        self._span.__enter__()
        _under_way.set(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.outcome = FAILED
        tracing.describe(outcome=self.outcome)
        self._span.__exit__(kind, error, trace)
        seconds = time.perf_counter() - self._began
        metrics.ACKS.labels(self._kind, self.outcome).inc()
        metrics.ACK_SECONDS.labels(self._kind).observe(seconds)
        level = logging.INFO if self._kind in _AT_INFO or self.outcome == FAILED else logging.DEBUG
        if log.isEnabledFor(level):
            self._afterwards(partial(self._tell, level, round(seconds * 1000, 1)))

    def _tell(self, level: int, ms: float) -> None:
        extra = {"fields": {"outcome": self.outcome, "ms": ms}}
        log.log(level, "%s %s %s in %s ms", self._kind, self.name, self.outcome, ms, extra=extra)


class UseCase:
    """One use case or query, as a block: timed by its name in the code."""

    __slots__ = ("_began", "_name", "_span")

    def __init__(self, function: Any, known: dict[str, Any]) -> None:
        self._name = name_of(function)
        request_id = known.get("request_id")
        if request_id is not None:
            logs.about(request=str(request_id))

    def __enter__(self) -> None:
        self._began = time.perf_counter()
        self._span = tracing.span(f"use case {self._name}")
        self._span.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._span.__exit__(kind, error, trace)
        metrics.USE_CASE_SECONDS.labels(self._name).observe(time.perf_counter() - self._began)


class Call:
    """One call to Slack's Web API, as a block; whoever learns how it failed says so in `outcome`."""

    __slots__ = ("_began", "_method", "_span", "outcome")

    def __init__(self, method: str) -> None:
        self._method = method
        self.outcome = "ok"

    def __enter__(self) -> Call:
        self._began = time.perf_counter()
        self._span = tracing.span(f"slack.com {self._method}")
        self._span.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self.outcome == "ok":
            self.outcome = "broken_off"
        tracing.describe(outcome=self.outcome)
        self._span.__exit__(kind, error, trace)
        metrics.SLACK_CALLS.labels(self._method, self.outcome).inc()
        metrics.SLACK_CALL_SECONDS.labels(self._method).observe(time.perf_counter() - self._began)
        if self.outcome == RATE_LIMITED:
            metrics.SLACK_RATE_LIMITED.labels(self._method).inc()


class Delivery:
    """One try to say a notice, or to bring a message up to date; told in the log with what it is about."""

    __slots__ = ("_began", "_counter", "_kind", "_span", "outcome")

    def __init__(self, counter: Counter, kind: str, workspace_id: str, subject_id: object = None) -> None:
        self._counter = counter
        self._kind = kind
        self.outcome = "given_up"
        fields = {"kind": kind, "workspace": workspace_id}
        # A task of its own: what it is about is not what led to it is about.
        logs.part(**fields, **({"request": str(subject_id)} if subject_id else {}))

    def __enter__(self) -> Delivery:
        self._began = time.perf_counter()
        self._span = tracing.span(f"deliver {self._kind}")
        self._span.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tracing.describe(outcome=self.outcome)
        self._span.__exit__(kind, error, trace)
        self._counter.labels(self._kind, self.outcome).inc()
        if log.isEnabledFor(logging.DEBUG):
            ms = round((time.perf_counter() - self._began) * 1000, 1)
            extra = {"fields": {"outcome": self.outcome, "ms": ms}}
            log.debug("%s %s in %s ms", self._kind, self.outcome, ms, extra=extra)


class Tick:
    """One run of one of the clock's ticks, as a block."""

    __slots__ = ("_began", "_name", "_outcome")

    def __init__(self, name: str) -> None:
        self._name = name
        self._outcome = "done"

    def has_failed(self) -> None:
        """It ended in an error; the next run tries again."""
        self._outcome = FAILED

    def __enter__(self) -> Tick:
        logs.new_reference(kind="tick", name=self._name)
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        metrics.TICKS.labels(self._name, self._outcome).inc()
        metrics.TICK_SECONDS.labels(self._name).observe(time.perf_counter() - self._began)
        metrics.LAST_TICK.set_to_current_time()


_names: dict[CodeType, str] = {}


def name_of(function: Any) -> str:
    """What a function is called in the code: `requests.deciding.accept`; the same for all its closures."""
    code = getattr(function, "__code__", None)
    if code is None:
        return type(function).__name__
    name = _names.get(code)
    if name is None:
        module = str(function.__module__).removeprefix("bot.")
        name = _names[code] = f"{module}.{function.__qualname__.replace('.<locals>', '')}"
    return name
