"""What turning a request away costs, as a share of a good one, in CPU time of the whole process.

    python -m tests.bench.doors

The good one is the cheapest command there is (`/handoff help`), through the web app, Bolt and the services on SQLite; the
bad ones have the same body. No socket is in it: that part is the same for both.
"""

from __future__ import annotations

import asyncio
import math
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette

from bot.db.engine import build_engine
from bot.schema import upgrade
from bot.web.app import build_web
from bot.web.requests import Verifier
from tests.slack_world import ACME, ANA, TEAM, World, agency
from tests.web.asgi import ask
from tests.web.test_requests import signed

SECRET = "a secret of the bench"
# What the issue demands.
LARGEST_SHARE = 0.2
# So many requests of one kind in a row.
A_ROUND = 10
BODY = urlencode(
    {
        "command": "/handoff",
        "text": "help",
        "team_id": TEAM,
        "channel_id": ACME,
        "user_id": ANA,
        "trigger_id": "1.2.3",
    }
).encode()


def requests(world: World) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """By name: the answer's status, the body and the headers of one request of each kind."""
    now = world.clock.now()
    good = signed(BODY, at=now, secret=SECRET)
    json_kind = {"content-type": "application/json"}
    return {
        "good": (200, BODY, good),
        "unsigned": (401, BODY, {}),
        "old": (401, BODY, signed(BODY, at=now - timedelta(minutes=6), secret=SECRET)),
        "forged": (401, BODY, signed(BODY, at=now, secret="guessed")),
        "malformed signature": (401, BODY, {**good, "x-slack-signature": "v0=zz"}),
        "malformed time": (401, BODY, {**good, "x-slack-request-timestamp": "soon"}),
        "malformed body": (400, BODY, {**signed(BODY, at=now, secret=SECRET), **json_kind}),
    }


async def shares(world: World, *, rounds: int) -> dict[str, float]:
    """The CPU time of each kind of bad request over that of a good one, from the least of `rounds` of each.

    Round by round, and the least: whatever else the process does in that time only adds to a round.
    """

    async def readiness() -> list[str]:
        return []

    web = build_web(world.handoff.app, Verifier(SECRET, world.clock), readiness)
    kinds = requests(world)
    spent = dict.fromkeys(kinds, math.inf)
    for _ in range(rounds):
        for name, (status, body, headers) in kinds.items():
            began = time.process_time()
            await _send(web, status, body, headers)
            spent[name] = min(spent[name], time.process_time() - began)
    return {name: seconds / spent["good"] for name, seconds in spent.items() if name != "good"}


async def _send(web: Starlette, status: int, body: bytes, headers: dict[str, str]) -> None:
    for _ in range(A_ROUND):
        answer = await ask(web, "/slack/events", method="POST", headers=headers, body=body)
        assert answer.status == status, answer


async def _measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'doors.db'}"
        engine = build_engine(url)
        upgrade(engine)
        engine.dispose()
        async with agency(url) as world:
            return await shares(world, rounds=100)


def main() -> int:
    """Measure and print; 1 when a limit is broken."""
    found = asyncio.run(_measure())
    for name, share in found.items():
        sys.stdout.write(f"{name:22} {share:6.3f} of a good request (at most {LARGEST_SHARE})\n")
    return 1 if max(found.values()) > LARGEST_SHARE else 0


if __name__ == "__main__":
    sys.exit(main())
