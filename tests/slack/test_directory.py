"""Who people are and what channels are: asked rarely, and never at the price of a leak or a dead trigger."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.people.models import Person
from bot.sandbox import Fault, LocalWorkspace
from bot.slack import directory as directory_module
from bot.slack.directory import Directory
from bot.slack.gateway import GatewayError, Refused
from tests.slack_world import ACME, ANA, OLGA, SECRET, SHARED, TEAM, World


@pytest.fixture
def directory(world: World) -> Directory:
    """A directory that remembers nothing yet, as after a restart."""
    return Directory(runner=world.bot.runner, gateways=world.bot.gateways, clock=world.clock)


async def test_somebody_new_is_learned_from_slack(directory: Directory, slack: LocalWorkspace) -> None:
    olga = await directory.reader(TEAM, OLGA)
    assert (olga.name, str(olga.zone), olga.is_external) == ("olga", "Europe/Riga", True)
    assert len(slack.calls_of("users.info")) == 1


async def test_somebody_known_is_not_asked_about(directory: Directory, slack: LocalWorkspace) -> None:
    await directory.reader(TEAM, ANA)
    await directory.reader(TEAM, ANA)
    assert slack.calls_of("users.info") == []


async def test_after_half_a_day_people_are_looked_at_again(
    world: World, directory: Directory, slack: LocalWorkspace
) -> None:
    world.clock.advance(timedelta(hours=13))
    await directory.reader(TEAM, ANA)
    assert len(slack.calls_of("users.info")) == 1


@pytest.mark.parametrize("kind", ["http_500", "ratelimited", "html", "error:user_not_found"])
async def test_a_slack_that_fails_leaves_people_as_we_know_them(
    world: World, directory: Directory, slack: LocalWorkspace, kind: str
) -> None:
    world.clock.advance(timedelta(hours=13))
    slack.faults.add(Fault("users.info", kind))
    assert (await directory.reader(TEAM, ANA)).name == "ana"


async def test_a_slack_that_is_slow_does_not_hold_up_who_presses(
    directory: Directory, slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_module, "LOOK_UP_SECONDS", 0.05)
    slack.faults.add(Fault("users.info", "slow", seconds=1.0))
    stranger = await asyncio.wait_for(directory.reader(TEAM, OLGA), 0.9)
    assert stranger.name == OLGA


async def test_a_change_of_name_is_known_at_once(living: World) -> None:
    await living.slack.change_person(ANA, real_name="Ana A.", name="ana.a", tz="Asia/Tokyo")
    await living.settled()
    assert str((await living.bot.directory.reader(TEAM, ANA)).zone) == "Asia/Tokyo"

    def load(session: object) -> str:
        return session.get_one(Person, (TEAM, ANA)).zone  # type: ignore[attr-defined,no-any-return]

    assert await living.bot.read(load) == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("channel", "expected"), [(ACME, False), (SHARED, True), (SECRET, False), (ANA, False), ("D0ANA", False)]
)
async def test_who_reads_along(directory: Directory, channel: str, expected: bool) -> None:
    assert await directory.is_external(TEAM, channel) is expected


async def test_a_channel_is_asked_about_once_a_minute(directory: Directory, slack: LocalWorkspace) -> None:
    for _ in range(3):
        await directory.is_external(TEAM, ACME)
    assert len(slack.calls_of("conversations.info")) == 1
    assert directory.remembers_channel(TEAM, ACME)
    directory.forget_channel(TEAM, ACME)
    assert not directory.remembers_channel(TEAM, ACME)
    await directory.is_external(TEAM, ACME)
    assert len(slack.calls_of("conversations.info")) == 2


async def test_a_refusal_to_say_counts_as_external(directory: Directory, slack: LocalWorkspace) -> None:
    slack.faults.missing_scopes |= {"channels:read"}
    assert await directory.is_external(TEAM, ACME)


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "token_expired", "accesslimited"])
async def test_while_the_token_is_refused_nobody_is_taken_for_an_outsider(
    directory: Directory, slack: LocalWorkspace, code: str
) -> None:
    """The card would show outsiders' edition for good, though nobody but the agency reads it."""
    slack.faults.add(Fault("conversations.info", f"error:{code}"))
    with pytest.raises(Refused):
        await directory.is_external(TEAM, ACME)
    assert not await directory.is_external(TEAM, ACME)


async def test_a_channel_we_cannot_see_will_refuse_the_post_itself(directory: Directory) -> None:
    assert not await directory.is_external(TEAM, "C0NOWHERE")


async def test_a_question_without_an_answer_is_raised(directory: Directory, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("conversations.info", "http_500"))
    with pytest.raises(GatewayError):
        await directory.is_external(TEAM, ACME)
