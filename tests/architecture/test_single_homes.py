"""What lives in one place only: the clock, the environment, the commit, the sentences."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, found, program

WALL_CLOCK = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.ctime",
    "time.gmtime",
    "time.localtime",
    "time.strftime",
    "time.time",
    "time.time_ns",
}
TELLS_THE_TIME = {
    "bot/clock.py": "the one clock",
    "bot/sandbox/clock.py": "the stand-in's own: it knows nothing of Handoff",
    "bot/sandbox/delivery/http.py": "a receiver checks a signature's age against the machine's clock, wherever ours stands",
    "bot/db/ids.py": "an id rises with time and is never read as one",
}
# Measuring how long something takes, or waiting for it, is not telling the time; still, few places need it.
STOPWATCH = {"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"}
MEASURES = (
    # Whether the clock itself can be trusted.
    "bot/clock.py",
    "bot/slack/",
    "bot/web/",
    "bot/sandbox/",
    "bot/scheduler.py",
    "bot/telemetry/",
    "bot/outbox/",
    "bot/bootstrap.py",
    "bot/demo/",
)

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
SENTENCES = ("bot/slack/text/", "bot/slack/text.py", "bot/cli.py", "bot/cli/", "bot/sandbox/")
SENTENCE_LENGTH = 25


def using(names: set[str], but_not_in: tuple[str, ...]) -> list[str]:
    """`file:line uses name` for each use of one of these names outside the given places."""
    return [
        f"{source.path}:{line} uses {name}"
        for source in program()
        if not source.is_in(*but_not_in)
        for name, line in source.mentions
        if name in names
    ]


def test_only_the_clock_tells_the_time() -> None:
    strays = using(WALL_CLOCK, but_not_in=tuple(TELLS_THE_TIME))
    assert not strays, f"Take a `now` (or a bot.clock.Clock) as an argument:{found(strays)}"


def test_only_named_places_hold_a_stopwatch() -> None:
    strays = using(STOPWATCH, but_not_in=MEASURES)
    assert not strays, f"The core works with instants it is given; it measures nothing:{found(strays)}"


def test_nothing_sleeps_on_a_thread() -> None:
    strays = using({"time.sleep"}, but_not_in=())
    assert not strays, f"Wait on an event that a shutdown can set:{found(strays)}"


def test_only_the_settings_read_the_environment() -> None:
    strays = using(ENVIRONMENT, but_not_in=("bot/settings.py",))
    assert not strays, (
        f"A setting belongs in bot/settings.py, where all of them are checked and listed:{found(strays)}"
    )


def test_only_the_transaction_commits() -> None:
    strays = [
        f"{source.path}:{node.lineno}"
        for source in program()
        if not source.is_in("bot/db/transaction.py", "bot/sandbox/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not strays, (
        f"One use case is one transaction, committed by bot/db/transaction.py alone:{found(strays)}"
    )


def test_sentences_people_read_in_slack_are_kept_together() -> None:
    strays = [
        f"{source.path}:{line}"
        for source in program()
        if not source.is_in(*SENTENCES)
        for line in sentences_given_as_text(source)
    ]
    assert not strays, (
        f"What people read in Slack is written in bot/slack/text/, one place to translate:{found(strays)}"
    )


def sentences_given_as_text(source: Source) -> Iterator[int]:
    """Lines where a sentence is written as `text=…` or `"text": …`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg == "text" and is_sentence(node.value):
            yield node.value.lineno
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "text" and is_sentence(value):
                    yield value.lineno


def is_sentence(node: ast.expr) -> bool:
    """Whether a literal is long enough, and has spaces enough, to be meant for people."""
    if isinstance(node, ast.JoinedStr):
        pieces = [part.value for part in node.values if isinstance(part, ast.Constant)]
    elif isinstance(node, ast.Constant):
        pieces = [node.value]
    else:
        return False
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    return len(words) > SENTENCE_LENGTH and words.count(" ") > 2
