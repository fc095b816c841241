"""Installing over HTTP: off to Slack, back with a code; stopped at once when Slack says so; back again, all still there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, SetupError, handoff
from bot.clock import FrozenClock
from bot.onboarding.service import first_steps
from bot.outbox.models import Notice
from bot.outbox.parking import PARKED_AFTER
from bot.people.models import Actor
from bot.portfolio import forms
from bot.portfolio.service import add_client, add_project
from bot.requests import service
from bot.requests.models import Promise
from bot.sandbox import LocalWorkspace
from bot.slack.pacing import Pacing
from bot.web.app import build_web
from bot.web.operations import Operations
from bot.web.requests import Verifier
from bot.workspaces.erasing import erase_long_gone
from bot.workspaces.installation_models import Installation
from bot.workspaces.models import Workspace
from tests.slack_world import A_WEDNESDAY, ACME, ANA, PETE, TEAM, agency_seed
from tests.tenants.crowd import KEY, settings
from tests.web.asgi import Answer, ask

OTHER_KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
PUBLIC = "https://handoff.example.com"


@dataclass
class Browser:
    """A browser that goes to Slack and comes back; Slack's own page is asked over HTTP."""

    web: Any
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await ask(self.web, path, headers={"cookie": cookie} if cookie else {})
        said = answer.headers.get("set-cookie", "")
        if said:
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer

    async def set_out(self) -> str:
        return (await self.get("/slack/install")).headers["location"]

    async def agree(self, address: str) -> str:
        """What Slack sends the browser back with."""
        async with aiohttp.ClientSession() as session, session.get(address, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return answer.headers["Location"].removeprefix(PUBLIC)

    async def install(self, *, deny: bool = False) -> Answer:
        return await self.get(await self.agree(await self.set_out() + ("&deny=1" if deny else "")))


@dataclass
class Host:
    built: Handoff
    slack: LocalWorkspace
    clock: FrozenClock
    web: Any

    def browser(self) -> Browser:
        return Browser(self.web)

    async def installation(self) -> Installation | None:
        def load(session: Session) -> Installation | None:
            return session.get(Installation, TEAM)

        return await self.built.bot.read(load)

    async def log(self) -> None:
        """Ana logs a request; its card is announced, not delivered yet."""

        def work(session: Session) -> None:
            actor = Actor(TEAM, ANA, self.clock.now())
            client = add_client(session, actor, form=forms.ClientForm(name="Acme", am_id=ANA, currency="EUR"))
            figures = forms.Figures(7_200, 0, None)
            form = forms.ProjectForm(
                client_id=client.id, name="Site", key="ACME", pm_id=PETE, channel_id=ACME, figures=figures
            )
            project = add_project(session, actor, form=form)
            wish = service.Ask(project_id=project.id, title="A sign-up", promise=Promise.NOTHING_SAID)
            service.submit(session, actor, wish)

        for person in (ANA, PETE):
            await self.built.bot.directory.reader(TEAM, person)
        await self.built.bot.run(work)

    async def tell(self, kind: str, **event: Any) -> None:
        """Slack sends an event of the app's life."""
        from slack_bolt.request.async_request import AsyncBoltRequest

        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "event": {"type": kind, **event},
            "event_id": "Ev1",
            "event_time": int(self.clock.now().timestamp()),
            "authorizations": [{"team_id": TEAM, "is_enterprise_install": False}],
        }
        answer = await self.built.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200


@asynccontextmanager
async def hosting(database_url: str, **more: Any) -> AsyncIterator[Host]:
    clock = FrozenClock(A_WEDNESDAY)
    async with LocalWorkspace(agency_seed(client_secret="client-secret"), clock=clock) as slack:
        slack.faults.enforce_rate_limits = False
        chosen = settings(database_url, slack.api_url, handoff_public_url=PUBLIC)
        async with handoff(chosen, clock=clock, pacing=Pacing(seconds_between_posts=0)) as built:

            async def readiness() -> list[str]:
                return []

            verifier = Verifier("signing-secret", clock)
            web = build_web(built.app, verifier, Operations(readiness), doorkeeper=built.doorkeeper)
            yield Host(built, slack, clock, web)


@pytest.fixture
async def host(database_url: str) -> AsyncIterator[Host]:
    async with hosting(database_url) as host:
        yield host


async def test_a_workspace_installs_and_is_served(host: Host) -> None:
    done = await host.browser().install()
    assert done.status == 200
    assert "Handoff is installed in Agency" in done.body.decode()
    row = await host.installation()
    assert row is not None
    assert row.installed_by == ANA
    assert host.slack.seed.bot_token not in str(row.token)
    guided = await host.built.bot.read(first_steps, workspace_id=TEAM, person_id=ANA)
    assert guided is not None, "whoever installed it is guided through the first steps"
    assert not any(guided.done)
    await host.log()
    await host.built.courier.drain()
    assert "A sign-up" in host.slack.channel(ACME).roots[-1].text


async def test_the_cookie_is_kept_from_scripts_and_from_other_pages(host: Host) -> None:
    said = (await host.browser().get("/slack/install")).headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/slack/oauth_redirect" in said
    secure = (await ask(host.web, "/slack/install", scheme="https")).headers["set-cookie"].lower()
    assert "secure" in secure


async def test_a_link_works_once(host: Host) -> None:
    browser = host.browser()
    back = await browser.agree(await browser.set_out())
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status == 200
    browser.cookies = kept
    again = await browser.get(back)
    assert again.status == 400
    assert "used up" in again.body.decode()


async def test_a_link_works_for_ten_minutes(host: Host) -> None:
    browser = host.browser()
    back = await browser.agree(await browser.set_out())
    host.clock.advance(timedelta(minutes=10))
    assert (await browser.get(back)).status == 400
    assert await host.installation() is None


async def test_a_link_works_in_the_browser_that_began_it(host: Host) -> None:
    begun = host.browser()
    back = await begun.agree(await begun.set_out())
    assert "another browser" in (await host.browser().get(back)).body.decode()
    assert "used up" in (await begun.get(back)).body.decode(), (
        "who was lured cannot be made to finish it either"
    )


async def test_who_cancels_reads_that_nothing_was_installed(host: Host) -> None:
    assert "Nothing was installed" in (await host.browser().install(deny=True)).body.decode()
    assert await host.installation() is None


async def test_a_refusal_of_slack_is_shown_with_its_code_and_without_markup(host: Host) -> None:
    browser = host.browser()
    back = await browser.agree(await browser.set_out())
    state = back.partition("state=")[2].partition("&")[0]
    refused = await browser.get(f"/slack/oauth_redirect?state={state}&code=guessed")
    assert refused.status == 502
    assert "invalid_code" in refused.body.decode()
    browser = host.browser()
    state = (await browser.agree(await browser.set_out())).partition("state=")[2].partition("&")[0]
    refused = await browser.get(f"/slack/oauth_redirect?state={state}&error=<script>x</script>")
    assert "<script>" not in refused.body.decode()


async def _parked(host: Host) -> list[Notice]:
    def load(session: Session) -> list[Notice]:
        return list(session.scalars(select(Notice).where(Notice.next_attempt_at > PARKED_AFTER)))

    return await host.built.bot.read(load)


async def test_a_workspace_that_takes_handoff_out_is_left_alone_and_can_come_back(host: Host) -> None:
    await host.browser().install()
    await host.log()
    await host.slack.uninstall()
    host.slack.calls.clear()
    await host.tell("tokens_revoked", tokens={"oauth": [], "bot": ["U0BOT"]})
    await host.tell("app_uninstalled")
    row = await host.installation()
    assert row is not None
    assert row.token is None
    assert len(await _parked(host)) > 0
    for _ in range(3):
        host.clock.advance(timedelta(days=1))
        await host.built.courier.drain()
    assert host.slack.calls == []

    await host.browser().install()
    await host.built.courier.drain()
    assert "A sign-up" in host.slack.channel(ACME).roots[-1].text
    assert await _parked(host) == []
    # The events of the first installation may come again.
    old = {"event_time": int(A_WEDNESDAY.timestamp())}
    assert old["event_time"] < host.clock.now().timestamp()


async def test_a_delivery_that_meets_a_dead_token_stops_the_workspace(host: Host) -> None:
    await host.browser().install()
    await host.log()
    host.slack.workspace.is_installed = False
    await host.built.courier.drain()
    row = await host.installation()
    assert row is not None
    assert (row.token, row.stopped_why) == (None, "account_inactive")
    host.slack.calls.clear()
    host.clock.advance(timedelta(days=2))
    await host.built.courier.drain()
    assert host.slack.calls == []


async def test_tokens_of_people_are_not_ours(host: Host) -> None:
    await host.browser().install()
    await host.tell("tokens_revoked", tokens={"oauth": [ANA], "bot": []})
    row = await host.installation()
    assert row is not None
    assert row.stopped_at is None


async def test_an_old_farewell_does_not_end_a_new_installation(host: Host) -> None:
    await host.browser().install()
    clock_then = host.clock.now()
    host.clock.advance(timedelta(minutes=5))
    await host.slack.uninstall()
    await host.browser().install()
    host.clock.move_to(clock_then)
    await host.tell("app_uninstalled")
    host.clock.advance(timedelta(minutes=5))
    row = await host.installation()
    assert row is not None
    assert row.stopped_at is None


async def test_the_data_goes_after_the_set_time(host: Host) -> None:
    await host.browser().install()
    await host.log()
    await host.tell("app_uninstalled")

    async def gone(after: timedelta) -> str | None:
        host.clock.advance(after)
        return await host.built.bot.runner.run(erase_long_gone, host.clock.now(), timedelta(days=30))

    assert await gone(timedelta(days=29)) is None
    assert await gone(timedelta(days=1)) == TEAM
    assert await gone(timedelta(days=1)) is None

    def left(session: Session) -> list[Workspace]:
        return list(session.scalars(select(Workspace)))

    assert await host.built.bot.read(left) == []


async def test_another_process_hears_of_it_within_seconds(host: Host, database_url: str) -> None:
    await host.browser().install()
    other = settings(database_url, host.slack.api_url)
    async with handoff(other, clock=host.clock) as elsewhere:
        assert await elsewhere.bot.gateway(TEAM).identify()
        await host.tell("app_uninstalled")
        held = elsewhere.bot.gateways._held[TEAM]  # type: ignore[attr-defined]
        held.read_at -= 31
        with pytest.raises(Exception, match="handoff_not_installed"):
            await elsewhere.bot.gateway(TEAM).identify()


async def test_an_installation_begun_in_one_process_is_finished_in_another(
    host: Host, database_url: str
) -> None:
    chosen = settings(database_url, host.slack.api_url, handoff_public_url=PUBLIC)
    async with handoff(chosen, clock=host.clock) as elsewhere:

        async def readiness() -> list[str]:
            return []

        verifier = Verifier("signing-secret", host.clock)
        web = build_web(elsewhere.app, verifier, Operations(readiness), doorkeeper=elsewhere.doorkeeper)
        browser = host.browser()
        back = await browser.agree(await browser.set_out())
        browser.web = web
        assert (await browser.get(back)).status == 200
        assert await elsewhere.bot.gateway(TEAM).identify()
    assert await host.installation() is not None


async def test_a_key_that_is_missing_is_said_with_how_to_mend_it(host: Host, database_url: str) -> None:
    await host.browser().install()
    chosen = settings(database_url, host.slack.api_url)
    chosen.handoff_encryption_key = SecretStr(OTHER_KEY)
    with pytest.raises(SetupError, match=rf"the first {TEAM}\).*Put the former"):
        async with handoff(chosen):
            pass
    chosen.handoff_encryption_key = SecretStr(f"{OTHER_KEY},{KEY}")
    async with handoff(chosen, clock=host.clock) as elsewhere:
        assert (await elsewhere.bot.gateway(TEAM).identify()).id == TEAM


def test_without_a_key_it_does_not_begin(tmp_path: Any) -> None:
    chosen = settings(f"sqlite:///{tmp_path}/x.db", "http://127.0.0.1/api/")
    chosen.handoff_encryption_key = None
    from bot.bootstrap import require_way_in

    with pytest.raises(SetupError, match="openssl rand -base64 32"):
        require_way_in(chosen)
