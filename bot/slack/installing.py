"""Installing Handoff in a workspace: from the code that Slack gives to a sealed token; and taking it out again."""

from __future__ import annotations

import enum
import logging
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.onboarding import service as onboarding
from bot.slack.gateway import Clients, Gateway, GatewayError, Refused
from bot.slack.gateway.oauth import exchange, line_of
from bot.slack.installed import Installed
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.workspaces import install_states, installations
from bot.workspaces.install_states import Begun, Return
from bot.workspaces.sealing import Sealer

log = logging.getLogger(__name__)

REDIRECT_PATH = "/slack/oauth_redirect"


class Outcome(enum.StrEnum):
    """What became of an installation."""

    INSTALLED = "installed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    OTHER_BROWSER = "other browser"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Setting:
    """What became of it, and what the page says of it: the workspace's name, Slack's code for a refusal."""

    outcome: Outcome
    name: str = ""
    workspace_id: str = ""
    app_id: str = ""
    is_org: bool = False
    code: str = ""


class Doorkeeper:
    """Lets workspaces in through OAuth, and out when Slack says so."""

    def __init__(
        self,
        *,
        installed: Installed,
        runner: Runner,
        sealer: Sealer,
        clock: Clock,
        client: Clients,
        client_id: str,
        client_secret: str,
        public_url: str | None,
    ) -> None:
        self._installed = installed
        self._runner = runner
        self._sealer = sealer
        self._clock = clock
        self._client = client
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect = f"{public_url.rstrip('/')}{REDIRECT_PATH}" if public_url else None

    async def begin(self) -> tuple[Begun, str]:
        """Somebody wants to install it: what their browser has to keep, and where to send them."""
        begun = await self._runner.run(install_states.begin, self._clock.now())
        asked = {
            "client_id": self._client_id,
            "scope": ",".join([*SCOPES, *OPTIONAL_SCOPES]),
            "state": begun.state,
            **self._redirect_uri(),
        }
        # `https://slack.com/api/` is the Web API; the page where people agree is beside it.
        base = self._client("").base_url.removesuffix("api/")
        return begun, f"{base}oauth/v2/authorize?{urlencode(asked)}"

    async def come_back(self, *, state: str, browser: str, code: str, error: str) -> Setting:
        """Somebody comes back from Slack, with a code or without."""
        now = self._clock.now()
        back = await self._runner.run(install_states.come_back, state=state, browser=browser, now=now)
        if back is not Return.WELCOME:
            return Setting(Outcome.EXPIRED if back is Return.EXPIRED else Outcome.OTHER_BROWSER)
        if error:
            return Setting(Outcome.CANCELLED if error == "access_denied" else Outcome.REFUSED, code=error)
        try:
            return await self._install(code)
        except Refused as refused:
            log.warning("an installation was refused: %s", refused.code)
            return Setting(Outcome.REFUSED, code=refused.code)
        except GatewayError as failure:
            log.warning("an installation could not be finished: %s", failure)
            return Setting(Outcome.UNREACHABLE)

    async def stop(self, workspace_id: str, why: str, *, at: datetime) -> None:
        """Slack says that Handoff was taken out of a workspace: stop all that is done for it, forget its token."""
        await self._installed.token_died(workspace_id, why, at=at)

    async def _install(self, code: str) -> Setting:
        grant = await exchange(
            self._client,
            code,
            client_id=self._client_id,
            client_secret=self._client_secret,
            redirect_uri=self._redirect,
        )
        # What the exchange does not tell: who the bot is there.
        facts = await Gateway(line_of(self._client, grant.token)).identify()
        if not facts.id:
            raise Refused("auth.test", "no_workspace")
        installed = installations.Installed(
            workspace=facts,
            token=self._sealer.seal(grant.token, workspace_id=facts.id),
            app_id=grant.app_id,
            scopes=grant.scopes,
            installed_by=grant.installed_by,
        )
        await self._runner.run(_take_in, installed, self._clock.now())
        self._installed.forget(facts.id)
        log.info("installed in %s", facts.id)
        return Setting(
            Outcome.INSTALLED,
            name=facts.name,
            workspace_id=facts.id,
            app_id=installed.app_id,
            is_org=facts.id == facts.enterprise_id,
        )

    def _redirect_uri(self) -> dict[str, str]:
        return {"redirect_uri": self._redirect} if self._redirect else {}


def _take_in(session: Session, installed: installations.Installed, now: datetime) -> None:
    """The workspace is served from now on, and whoever installed it is guided through the first steps."""
    installations.install(session, installed, now)
    if installed.installed_by:
        onboarding.guide(session, workspace_id=installed.workspace.id, person_id=installed.installed_by)
