"""Builds the whole: the only place that knows every part. Production, the demo and the tests all start here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, SystemClock
from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.requests.typed.wording import warm_up
from bot.settings import Settings
from bot.slack.app import authorize_single, build_app
from bot.slack.bot import Bot
from bot.slack.delivery import Courier
from bot.slack.directory import Directory
from bot.slack.gateway import Gateway, GatewayError, Refused
from bot.slack.home_tabs import draw_home
from bot.slack.kinds import Kind
from bot.slack.listening import Listeners
from bot.slack.notice_kinds.absence_notices import ABSENCE_KINDS
from bot.slack.notice_kinds.after_yes_notices import AFTER_YES_KINDS
from bot.slack.notice_kinds.asking_notices import ASKING_KINDS
from bot.slack.notice_kinds.authority_notices import AUTHORITY_KINDS
from bot.slack.notice_kinds.bargaining_notices import BARGAINING_KINDS
from bot.slack.notice_kinds.digest_notices import DIGEST_KINDS
from bot.slack.notice_kinds.notices import REQUEST_KINDS
from bot.slack.notice_kinds.reminder_notices import REMINDER_KINDS
from bot.slack.notice_kinds.returning_notices import RETURNING_KINDS
from bot.slack.pacing import Pacing
from bot.slack.routes import ROUTES
from bot.workspaces.models import Workspace
from bot.workspaces.service import ensure

log = logging.getLogger(__name__)

KINDS: dict[str, Kind] = {
    **REQUEST_KINDS,
    **ASKING_KINDS,
    **BARGAINING_KINDS,
    **ABSENCE_KINDS,
    **AFTER_YES_KINDS,
    **AUTHORITY_KINDS,
    **RETURNING_KINDS,
    **DIGEST_KINDS,
    **REMINDER_KINDS,
}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SetupError(Exception):
    """A setting is missing or refused: the message says which, and how to mend it."""


@dataclass(frozen=True)
class Handoff:
    """The parts that run: Bolt's app for what comes in, the courier for what goes out."""

    settings: Settings
    workspace: Workspace
    app: AsyncApp
    bot: Bot

    @property
    def courier(self) -> Courier:
        """Says what the outbox holds."""
        return self.bot.courier


@asynccontextmanager
async def handoff(
    settings: Settings, *, clock: Clock | None = None, pacing: Pacing | None = None
) -> AsyncIterator[Handoff]:
    """Everything built and connected to the database and to Slack's Web API; taken down when the block ends.

    Raises `SetupError` when the token is missing or Slack refuses it.
    """
    clock = clock or SystemClock()
    runner = Runner(build_engine(settings.database_url))
    try:
        async with slack_client(settings) as client:
            gateway = Gateway(client)
            workspace = await _meet(gateway, runner, clock)
            directory = Directory(runner=runner, gateway=gateway, clock=clock)
            courier = Courier(
                runner=runner,
                gateway=gateway,
                directory=directory,
                clock=clock,
                kinds=KINDS,
                draw_home=draw_home,
                pacing=pacing,
            )
            bot = Bot(
                runner=runner,
                gateway=gateway,
                directory=directory,
                courier=courier,
                clock=clock,
            )
            app = build_app(
                client=_without_token(client),
                authorize=authorize_single(workspace, str(client.token)),
                signing_secret=plain_secret(settings.slack_signing_secret),
                listeners=Listeners(bot, ROUTES),
            )
            await asyncio.to_thread(warm_up)
            yield Handoff(settings=settings, workspace=workspace, app=app, bot=bot)
    finally:
        runner.close()


@asynccontextmanager
async def slack_client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """A client over one shared HTTP session, which keeps its connections; nothing is posted twice by itself.

    Raises `SetupError` without a bot token.
    """
    token = require_bot_token(settings)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=token,
            base_url=settings.slack_api_url,
            timeout=10,
            session=session,
            # The default handler sends a post again when its answer was lost: it would be there twice.
            retry_handlers=[],
        )
        if urlsplit(settings.slack_api_url).hostname in LOOPBACK:
            # A proxy for the internet does not lead to this machine.
            client.proxy = None
        yield client


def _without_token(client: AsyncWebClient) -> AsyncWebClient:
    """The same client for Bolt, which is told the token by `authorize` at each request."""
    bare = AsyncWebClient(
        base_url=client.base_url, timeout=client.timeout, session=client.session, retry_handlers=[]
    )
    bare.proxy = client.proxy
    return bare


def require_bot_token(settings: Settings) -> str:
    """The token of the app in a workspace.

    Raises `SetupError` when it is not set.
    """
    token = plain_secret(settings.slack_bot_token)
    if not token:
        raise SetupError("SLACK_BOT_TOKEN is not set. The README tells in five minutes where to get one.")
    return token


async def _meet(gateway: Gateway, runner: Runner, clock: Clock) -> Workspace:
    try:
        facts = await gateway.identify()
    except Refused as refused:
        raise SetupError(
            f"Slack refuses SLACK_BOT_TOKEN ({refused.code}). Copy it again from your app's page, or install the "
            "app once more."
        ) from refused
    except GatewayError as error:
        raise SetupError(f"Slack cannot be reached: {error}") from error
    return await runner.run(ensure, facts, clock.now())


def plain_secret(value: SecretStr | None) -> str:
    """A secret setting as it is; empty when it is not set."""
    return "" if value is None else value.get_secret_value()
