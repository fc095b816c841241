"""Who may import what, where one name is at stake; the order of the layers is in pyproject.toml (import-linter)."""

from __future__ import annotations

import ast

from tests.architecture.sources import Source, found, program

# Files that may hold a client of Slack's Web API; everyone else asks the gateway, which narrows its answers.
# (`app.py` only hands the client on to Bolt.)
SLACK_CLIENTS = ("bot/slack/gateway.py", "bot/slack/gateway/", "bot/slack/app.py", "bot/bootstrap.py")
SLACK_LIBRARIES = ("bot/slack/", "bot/web/", "bot/bootstrap.py")
EDGE = (
    "bot/slack/",
    "bot/web/",
    "bot/sandbox/",
    "bot/scheduler.py",
    "bot/bootstrap.py",
    "bot/running.py",
    "bot/vitals.py",
    "bot/office.py",
    "bot/digest_by_hand.py",
    "bot/demo/",
    "bot/demo.py",
)
CLIENT_NAMES = {"AsyncWebClient", "WebClient", "AsyncWebhookClient", "WebhookClient"}


def importing(*modules: str, but_not_in: tuple[str, ...]) -> list[str]:
    """`file:line imports name` for each import of these modules outside the given places."""
    return [
        f"{source.path}:{line} imports {name}"
        for source in program()
        if not source.is_in(*but_not_in)
        for name, line in source.imports()
        if any(name == module or name.startswith(f"{module}.") for module in modules)
    ]


def test_slacks_libraries_are_imported_only_at_the_edge() -> None:
    strays = importing("slack_sdk", "slack_bolt", but_not_in=SLACK_LIBRARIES)
    assert not strays, f"Slack's libraries belong in bot/slack/ and bot/web/ only:{found(strays)}"


def test_only_the_gateway_calls_slack() -> None:
    strays = [
        f"{source.path}:{line} imports {name}"
        for source in program()
        if not source.is_in(*SLACK_CLIENTS)
        for name, line in source.imports()
        if name.rpartition(".")[2] in CLIENT_NAMES
        or (
            name.startswith(("slack_sdk.web", "slack_sdk.webhook"))
            and not name.startswith("slack_sdk.web.async_slack_response")
        )
    ]
    assert not strays, (
        f"Calls to Slack go through bot/slack/gateway.py, which narrows errors and times out:{found(strays)}"
    )


def test_the_sandbox_stands_alone() -> None:
    strays = [
        f"{source.path}:{line} imports {name}"
        for source in program()
        if source.is_in("bot/sandbox/")
        for name, line in source.imports()
        if name.partition(".")[0] == "bot" and not name.startswith("bot.sandbox")
    ]
    assert not strays, f"The sandbox is a stand-in for Slack and must not know Handoff:{found(strays)}"


def test_only_the_demo_knows_the_sandbox() -> None:
    strays = importing(
        "bot.sandbox", but_not_in=("bot/sandbox/", "bot/demo/", "bot/demo.py", "bot/cli.py", "bot/cli/")
    )
    assert not strays, f"Handoff must not be able to tell the sandbox from Slack:{found(strays)}"


def test_the_core_is_plain_synchronous_code() -> None:
    strays = importing(
        "asyncio",
        "aiohttp",
        "starlette",
        "uvicorn",
        but_not_in=(*EDGE, "bot/db/runner.py", "bot/cli.py", "bot/cli/"),
    )
    assert not strays, (
        f"Rules and rows are synchronous; the event loop ends at bot/db/runner.py:{found(strays)}"
    )


def test_every_import_stands_at_the_top_or_says_why_not() -> None:
    strays = [
        f"{source.path}:{node_line}"
        for source in program()
        for node_line in late_imports(source)
        if not has_a_reason(source, node_line)
    ]
    assert not strays, (
        f"An import inside a function has its reason as a comment on it or above it:{found(strays)}"
    )


def late_imports(source: Source) -> list[int]:
    """Lines of imports inside functions."""
    functions = [n for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return sorted(inside)


def has_a_reason(source: Source, line: int) -> bool:
    """Whether the line, or the lines of imports and comments just above it, hold a comment."""
    lines = source.text.splitlines()
    while line > 0:
        text = lines[line - 1].strip()
        if "#" in text:
            return True
        if not text.startswith(("import ", "from ")):
            return False
        line -= 1
    return False
