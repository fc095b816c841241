"""Starts a local workspace in a process of its own, with people and channels made up: for benchmarks and a look.

The first line printed is JSON: where it listens, its tokens, its people and channels.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.sandbox.clock import WallClock
from bot.sandbox.seeds import AppSeed, ChannelSeed, PersonSeed, WorkspaceSeed
from bot.sandbox.server import LocalWorkspace
from bot.sandbox.wire import dumps, loads

_ZONES = ("Europe/Stockholm", "America/New_York", "Asia/Tokyo", "Etc/UTC")


def _seed(options: argparse.Namespace) -> WorkspaceSeed:
    people = tuple(
        PersonSeed(f"U{number:08d}", f"person{number}", f"Person {number}", tz=_ZONES[number % len(_ZONES)])
        for number in range(1, options.people + 1)
    )
    members = tuple(person.id for person in people)
    channels = tuple(
        ChannelSeed(f"C{number:08d}", f"channel-{number}", members=members)
        for number in range(1, options.channels + 1)
    )
    app = AppSeed()
    if options.manifest:
        app = AppSeed.from_manifest(loads(options.manifest.read_text(encoding="utf-8")))
    return WorkspaceSeed(people, channels, app, request_url=options.request_url)


def _introduction(slack: LocalWorkspace) -> str:
    seed = slack.seed
    return dumps(
        {
            "url": slack.url,
            "api_url": slack.api_url,
            "bot_token": seed.bot_token,
            "app_token": seed.app_token,
            "signing_secret": seed.signing_secret,
            "team_id": seed.team_id,
            "bot_user_id": seed.bot_user_id,
            "people": [person.id for person in seed.people],
            "channels": [channel.id for channel in seed.channels],
        }
    )


async def serve(options: argparse.Namespace) -> None:
    """Serves until the process is told to stop."""
    slack = LocalWorkspace(_seed(options), clock=WallClock(), port=options.port, records=False)
    slack.faults.enforce_rate_limits = not options.no_rate_limits
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    async with slack:
        sys.stdout.write(_introduction(slack) + "\n")
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    """Reads the options and serves."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--manifest", type=Path, help="the app's manifest.json")
    parser.add_argument(
        "--request-url", help="deliver over signed HTTP to this address, not through Socket Mode"
    )
    parser.add_argument("--no-rate-limits", action="store_true")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
