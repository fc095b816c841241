"""Builds the whole: the only place that knows every part. Production, the demo and the tests all start here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.clock import Clock, SystemClock
from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.requests.typed.wording import warm_up
from bot.settings import Settings
from bot.slack.app import build_app
from bot.slack.authorizing import Authorize, authorize_many, authorize_single
from bot.slack.bot import Bot
from bot.slack.delivery import Courier
from bot.slack.delivery.bell import Bell
from bot.slack.directory import Directory
from bot.slack.gateway import Clients, FixedLine, Gateway, GatewayError, Refused, Tenant
from bot.slack.gateways import Gateways, OneGateway
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
from bot.slack.notice_kinds.step_notices import STEP_KINDS
from bot.slack.pacing import Pacing
from bot.slack.routes import ROUTES
from bot.workspaces.installations import sealed_tokens, serve_by_token
from bot.workspaces.models import Workspace
from bot.workspaces.service import WorkspaceFacts, ensure

if TYPE_CHECKING:
    from bot.slack.installing import Doorkeeper
    from bot.workspaces.sealing import Sealer

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
    **STEP_KINDS,
}
NO_INSTALL_PAGE = (
    "SLACK_APP_TOKEN is set, so Slack speaks to us over Socket Mode and no page is served: nobody can install Handoff at "
    "/slack/install. Leave SLACK_APP_TOKEN out to serve it."
)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SetupError(Exception):
    """A setting is missing or refused: the message says which, and how to mend it."""


@dataclass(frozen=True)
class Handoff:
    """The parts that run: Bolt's app for what comes in, the courier for what goes out."""

    settings: Settings
    # Where the token of one workspace is set; none where Handoff is installed in many.
    sole: Workspace | None
    app: AsyncApp
    bot: Bot
    # Installs and stops workspaces; none where the token of one is set.
    doorkeeper: Doorkeeper | None = None

    @property
    def courier(self) -> Courier:
        """Says what the outbox holds."""
        return self.bot.courier

    @property
    def workspace(self) -> Workspace:
        """The only workspace; raises `SetupError` where there are many."""
        if self.sole is None:
            raise SetupError("Handoff serves many workspaces here: say which one with --workspace.")
        return self.sole

    @property
    def bot_id(self) -> str:
        """Who the bot is in Slack; empty where it is somebody else in each workspace."""
        return self.sole.bot_id if self.sole is not None else ""

    @property
    def name(self) -> str:
        """Whom it serves, for the log."""
        return self.sole.name if self.sole is not None else "every workspace that installs it"


@asynccontextmanager
async def handoff(
    settings: Settings, *, clock: Clock | None = None, pacing: Pacing | None = None
) -> AsyncIterator[Handoff]:
    """Everything built and connected to the database and to Slack's Web API; taken down when the block ends.

    Raises `SetupError` when the token is missing or Slack refuses it.
    """
    clock = clock or SystemClock()
    require_way_in(settings)
    runner = Runner(build_engine(settings.database_url))
    bell = Bell(runner.engine)
    try:
        async with slack_clients(settings) as client:
            connect = _connect_many if settings.serves_many else _connect_one
            slack = await connect(settings, client, runner, clock)
            directory = Directory(runner=runner, gateways=slack.gateways, clock=clock)
            courier = Courier(
                runner=runner,
                gateways=slack.gateways,
                directory=directory,
                clock=clock,
                kinds=KINDS,
                draw_home=draw_home,
                pacing=pacing,
                bell=bell,
            )
            bot = Bot(
                runner=runner,
                gateways=slack.gateways,
                directory=directory,
                courier=courier,
                clock=clock,
                stopping=slack.doorkeeper,
            )
            app = build_app(
                client=client(""),
                authorize=slack.authorize,
                signing_secret=plain_secret(settings.slack_signing_secret),
                listeners=Listeners(bot, ROUTES),
            )
            await asyncio.to_thread(warm_up)
            yield Handoff(settings=settings, sole=slack.sole, app=app, bot=bot, doorkeeper=slack.doorkeeper)
            await bot.errands.finish()
    finally:
        await bell.close()
        runner.close()


@dataclass(frozen=True)
class _Slack:
    """How Slack is reached: for one workspace or for many."""

    gateways: Gateways
    authorize: Authorize
    sole: Workspace | None = None
    doorkeeper: Doorkeeper | None = None


async def _connect_one(settings: Settings, client: Clients, runner: Runner, clock: Clock) -> _Slack:
    """One workspace, whose token stands in the settings. Raises `SetupError`."""
    token = require_bot_token(settings)
    facts = await _identify(Gateway(FixedLine(client(token))))
    workspace = await runner.run(_meet, facts, clock.now())
    line = FixedLine(client(token), Tenant(facts.id, facts.enterprise_id))
    return _Slack(OneGateway(workspace.id, line), authorize_single(workspace, token), sole=workspace)


async def _connect_many(settings: Settings, client: Clients, runner: Runner, clock: Clock) -> _Slack:
    """Every workspace that installs Handoff. Raises `SetupError` where its tokens cannot be read."""
    # Encryption is loaded only where there is something to encrypt.
    from bot.slack.installed import Installed
    from bot.slack.installing import Doorkeeper

    if plain_secret(settings.slack_bot_token):
        log.warning(
            "SLACK_BOT_TOKEN is not used: SLACK_CLIENT_ID is set, so every workspace installs Handoff"
        )
    sealer = sealer_of(settings)
    await runner.read(require_readable, sealer)
    installed = Installed(runner=runner, sealer=sealer, clock=clock, client=client)
    doorkeeper = Doorkeeper(
        installed=installed,
        runner=runner,
        sealer=sealer,
        clock=clock,
        client=client,
        client_id=str(settings.slack_client_id),
        client_secret=plain_secret(settings.slack_client_secret),
        public_url=settings.handoff_public_url,
    )
    return _Slack(installed, authorize_many(installed.served), doorkeeper=doorkeeper)


def sealer_of(settings: Settings) -> Sealer:
    """What seals the tokens of many workspaces; raises `SetupError`."""
    # Encryption is loaded only where there is something to encrypt.
    from bot.workspaces.sealing import BadKey, Sealer

    try:
        return Sealer.of(plain_secret(settings.handoff_encryption_key))
    except BadKey as error:
        raise SetupError(str(error)) from error


def require_readable(session: Session, sealer: Sealer) -> None:
    """Start only where every token can be read; raises `SetupError`, which says how to mend it."""
    # Encryption is loaded only where there is something to encrypt.
    from bot.workspaces.sealing import UnreadableToken

    missing: dict[str, list[str]] = {}
    for workspace_id, sealed in sealed_tokens(session).items():
        try:
            sealer.open(sealed, workspace_id=workspace_id)
        except UnreadableToken as error:
            missing.setdefault(error.key_id, []).append(workspace_id)
    if missing:
        found = "; ".join(
            f"key {key_id} ({len(ids)} of them, the first {ids[0]})" for key_id, ids in missing.items()
        )
        raise SetupError(
            f"HANDOFF_ENCRYPTION_KEY cannot decrypt the tokens of every workspace. Missing: {found}. Put the former "
            "key behind the new one (new,former) and run `handoff workspace rekey`; if it is lost, drop what it sealed "
            "with `handoff workspace rekey --drop-unreadable` and let these workspaces install Handoff again."
        )


@asynccontextmanager
async def slack_clients(settings: Settings) -> AsyncIterator[Clients]:
    """Makes clients over one shared HTTP session, which keeps its connections; nothing is posted twice by itself."""
    async with aiohttp.ClientSession() as session:

        def client(token: str) -> AsyncWebClient:
            made = AsyncWebClient(
                token=token or None,
                base_url=settings.slack_api_url,
                timeout=10,
                session=session,
                # The default handler sends a post again when its answer was lost: it would be there twice.
                retry_handlers=[],
            )
            if urlsplit(settings.slack_api_url).hostname in LOOPBACK:
                # A proxy for the internet does not lead to this machine.
                made.proxy = None
            return made

        yield client


def require_way_in(settings: Settings) -> None:
    """Raises `SetupError` where neither a token nor the means to get tokens are set."""
    if bool(settings.slack_client_id) is not bool(plain_secret(settings.slack_client_secret)):
        raise SetupError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both, or none.")
    if settings.serves_many:
        sealer_of(settings)
    else:
        require_bot_token(settings)


def require_bot_token(settings: Settings) -> str:
    """The token of the app in a workspace.

    Raises `SetupError` when it is not set.
    """
    token = plain_secret(settings.slack_bot_token)
    if not token:
        raise SetupError("SLACK_BOT_TOKEN is not set. The README tells in five minutes where to get one.")
    return token


async def _identify(gateway: Gateway) -> WorkspaceFacts:
    try:
        return await gateway.identify()
    except Refused as refused:
        raise SetupError(
            f"Slack refuses SLACK_BOT_TOKEN ({refused.code}). Copy it again from your app's page, or install the "
            "app once more."
        ) from refused
    except GatewayError as error:
        raise SetupError(f"Slack cannot be reached: {error}") from error


def _meet(session: Session, facts: WorkspaceFacts, now: datetime) -> Workspace:
    workspace = ensure(session, facts, now)
    serve_by_token(session, workspace_id=workspace.id, now=now)
    return workspace


def plain_secret(value: SecretStr | None) -> str:
    """A secret setting as it is; empty when it is not set."""
    return "" if value is None else value.get_secret_value()
