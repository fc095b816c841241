"""Every delivery gets an answer and leaves no traceback, whatever is wrong with it.

Signed and sent to the web app as Slack would, through the real Bolt app to the real services on SQLite. In the long
form, with `test_parsers`, 100,000 inputs, a tenth of them here:

    HANDOFF_FUZZ=100000 ./handoff test tests/fuzz
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.slack import payloads
from bot.slack.shapes import is_readable
from bot.web.app import build_web
from bot.web.requests import Verifier
from tests.fuzz.deliveries import deliveries
from tests.fuzz.mangling import INPUTS, form_of, mangled
from tests.slack_world import TEAM, World, agency
from tests.web.asgi import Answer, ask
from tests.web.test_requests import signed

SECRET = "a secret of the fuzz test"
FORM = {"content-type": "application/x-www-form-urlencoded"}
# What Slack calls the things that it sends; anything else is none of ours and may be told so.
KNOWN = {
    "block_actions",
    "view_submission",
    "view_closed",
    "message_action",
    "shortcut",
    "block_suggestion",
    "event_callback",
}


class Complaints(logging.Handler):
    """Every error that is logged, and every traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            self.said.append(f"{record.name}: {record.getMessage()}\n{trace}")


async def send(web: Starlette, world: World, body: dict[str, Any]) -> Answer:
    """Sign it and send it as Slack sends this kind of thing."""
    if body.get("type") == "event_callback":
        raw, kind = json.dumps(body), {"content-type": "application/json"}
    elif "command" in body and "type" not in body:
        fields = {name: "" if value is None else str(value) for name, value in body.items()}
        raw, kind = urlencode(fields, errors="replace"), FORM
    else:
        raw, kind = urlencode({"payload": json.dumps(body)}), FORM
    data = raw.encode()
    headers = {**signed(data, at=world.clock.now(), secret=SECRET), **kind}
    return await ask(web, "/slack/events", method="POST", headers=headers, body=data)


@pytest.mark.only_on("sqlite")
async def test_nothing_mangled_goes_unanswered_or_leaves_a_traceback(database_url: str) -> None:
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    try:
        async with agency(database_url) as world:
            await _fuzz(world, complaints)
    finally:
        logging.getLogger().removeHandler(complaints)


async def _fuzz(world: World, complaints: Complaints) -> None:
    async def readiness() -> list[str]:
        return []

    web = build_web(world.handoff.app, Verifier(SECRET, world.clock), readiness)
    requests = [await world.log(f"Add a sign-up {number}") for number in range(4)]
    await world.accept(requests[1])
    await world.decline(requests[2])
    bodies = deliveries([str(one.id) for one in requests], [str(one) for one in world.projects.values()])
    wrong: dict[str, str] = {}
    # Whole ones first: all of them are right, so all of them are understood.
    for number, (name, body) in enumerate(bodies.items()):
        assert is_readable(body), name
        if INPUTS or number % 9 == 0:
            await _check(web, world, name, body, complaints, wrong)
    drawn: list[tuple[str, Any]] = []
    names = sorted(bodies)

    @form_of(0.1, short=60)
    @given(st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), mangled(bodies[name]))))
    def draw(sent: tuple[str, Any]) -> None:
        # Hypothesis calls a plain function: what it draws is gathered, and sent from this loop.
        drawn.append(sent)

    draw()
    for name, body in drawn:
        await _check(web, world, name, body, complaints, wrong)
    assert not wrong, "\n\n".join(wrong.values())


async def _check(
    web: Starlette, world: World, name: str, body: Any, complaints: Complaints, wrong: dict[str, str]
) -> None:
    """Send it; what is wrong with the answer is kept, once for each place it comes from."""
    if payloads.read_happened(body).workspace_id != TEAM:
        # Another tenant's: whether it is let in is told by `authorize`, and tested with the tenants.
        return
    answer = await send(web, world, body)
    is_known = str(body.get("type")) in KNOWN or str(body.get("command")) in {"/ask", "/handoff"}
    allowed = {200} if is_known and is_readable(body) else {200, 400, 404}
    if answer.status not in allowed:
        wrong.setdefault(f"{answer.status}", f"{name}: answered {answer.status}: {body!r:.2000}")
    for said in complaints.said:
        ours = [line.strip() for line in said.splitlines() if "/bot/" in line] or [said]
        wrong.setdefault(ours[-1], f"{name}: {body!r:.1500}\n{said}")
    complaints.said.clear()
