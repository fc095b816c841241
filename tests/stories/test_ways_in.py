"""The other ways in: a mention of the bot, shortcuts, a shared channel, and the step of a workflow."""

from __future__ import annotations

import pytest

from bot.requests.models import ChangeRequest
from bot.sandbox.messages import Message
from tests.slack_world import ACME, OTHER, World
from tests.stories.test_request_to_acceptance import newest

BOT = "U0LOCALBOT"
STEP = "log_client_request_step"


async def logged(world: World) -> ChangeRequest:
    assert (await world.ana.submit()).closed
    await world.settled()
    return await newest(world)


def said_to(world: World, person: str = "U0ANA") -> Message:
    return world.slack.person(person).ephemerals[-1]


# --- a mention


async def test_log_this_in_a_thread_takes_the_first_message_its_author_and_its_link_along(
    office: World,
) -> None:
    root = await office.pete.say(OTHER, "Acme site: Jo wants a newsletter sign-up by Friday, ~3h & more <3")
    await office.ana.say(OTHER, f"<@{BOT}> log this", thread_ts=root.ts)
    await office.settled()
    answer = said_to(office)
    assert answer.thread_ts == root.ts
    assert "the form opens with what was said here" in answer.text
    await office.ana.press(answer, "log_mention")
    assert "newsletter sign-up" in office.ana.typed("title")
    assert office.ana.typed("source") == f"https://slack.com/archives/{OTHER}/p{root.ts.replace('.', '')}"
    assert "Said by pete." in office.ana.typed("details")
    assert office.ana.typed("needed_by") == "2026-11-20"
    await office.ana.fill(project=str(office.projects["ACME"]))
    request = await logged(office)
    assert request.source_url.endswith(root.ts.replace(".", ""))
    assert "Said by pete." in request.details


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "typed",
    [
        f"<@{BOT}> log this: a larger logo ~2h",
        f"<@{BOT}> please log a larger logo ~2h",
        f"log it <@{BOT}> a larger logo ~2h",
    ],
)
async def test_log_this_outside_a_thread_takes_what_stands_behind_it(desk: World, typed: str) -> None:
    await desk.ana.say(ACME, typed)
    await desk.settled()
    await desk.ana.press(said_to(desk), "log_mention")
    assert desk.ana.typed("title") == "A larger logo"
    assert desk.ana.typed("hours") == "2"
    assert desk.ana.typed("source").startswith(f"https://slack.com/archives/{ACME}/p")


@pytest.mark.only_on("sqlite")
async def test_any_other_mention_gets_a_short_help_where_it_was_written(desk: World) -> None:
    root = await desk.pete.say(ACME, "Hello")
    for text in (f"<@{BOT}>", f"<@{BOT}> what can you do?", f"<@{BOT}> logistics are hard"):
        await desk.ana.say(ACME, text, thread_ts=root.ts)
        await desk.settled()
        assert said_to(desk).text.startswith("Write “log this” with my name")
        assert said_to(desk).thread_ts == root.ts
    await desk.ana.press(said_to(desk), "open_ask")
    assert not desk.ana.typed("title")


@pytest.mark.only_on("sqlite")
async def test_without_the_history_scope_the_link_alone_goes_along(desk: World) -> None:
    root = await desk.pete.say(ACME, "A newsletter sign-up")
    desk.slack.faults.missing_scopes |= {"channels:history"}
    await desk.ana.say(ACME, f"<@{BOT}> log this", thread_ts=root.ts)
    await desk.settled()
    assert "I cannot read the message itself here" in said_to(desk).text
    await desk.ana.press(said_to(desk), "log_mention")
    assert not desk.ana.typed("title")
    assert desk.ana.typed("source").endswith(root.ts.replace(".", ""))


@pytest.mark.only_on("sqlite")
async def test_a_message_longer_than_any_form_is_kept_whole(desk: World) -> None:
    words = " ".join(f"word{number}" for number in range(1_500))
    root = await desk.pete.say(ACME, words[:12_000])
    await desk.ana.say(ACME, f"<@{BOT}> log this", thread_ts=root.ts)
    await desk.settled()
    await desk.ana.press(said_to(desk), "log_mention")
    request = await logged(desk)
    assert "word1200" in request.details
    assert request.details.endswith("Said by pete.")


# --- shortcuts, and a channel that the client reads


async def test_our_am_logs_the_clients_message_from_a_shared_channel_and_the_client_sees_nothing(
    office: World,
) -> None:
    asked = await office.slack.person("U0OLGA").say("shared", "Could we have a newsletter sign-up by Friday?")
    before = len(office.slack.channel("shared").messages)
    await office.ana.shortcut("log_client_message", message=asked, channel="shared")
    assert "newsletter sign-up" in office.ana.typed("title")
    assert "Said by olga." in office.ana.typed("details")
    assert office.ana.typed("source").endswith(asked.ts.replace(".", ""))
    await office.ana.fill(project=str(office.projects["ACME"]), hours="3", promise="nothing_said")
    request = await logged(office)
    assert request.reference == "ACME-1"
    assert len(office.slack.channel("shared").messages) == before
    assert office.slack.person("U0OLGA").ephemerals == []
    assert office.slack.person("U0OLGA").direct_messages == []
    assert "ACME-1" in said_to(office).text
    assert "I will come back to you" in str(office.ana.direct_messages[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_the_client_can_neither_log_nor_be_answered_by_a_mention(desk: World) -> None:
    olga = desk.slack.person("U0OLGA")
    root = await olga.say("shared", f"<@{BOT}> log this: a sign-up")
    await desk.settled()
    assert olga.ephemerals == []
    # Slack itself keeps an app's shortcuts from people of another company.
    answer = await olga.shortcut("log_client_message", message=root, channel="shared")
    assert answer.error == "not_allowed"
    assert olga.modal is None


@pytest.mark.only_on("sqlite")
async def test_the_global_shortcut_opens_an_empty_form(desk: World) -> None:
    await desk.ana.shortcut("log_client_request")
    assert not desk.ana.typed("title")
    assert not desk.ana.typed("source")


# --- a step of a workflow


async def test_a_workflow_logs_a_request_and_gets_its_reference_and_link(office: World) -> None:
    run = await office.slack.run_step(
        STEP,
        project="acme site",
        title="Newsletter sign-up",
        details="Double opt-in",
        needed_by="2026-11-27",
        hours="3",
        priority="Urgent",
        promise="yes",
        requester="U0ANA",
    )
    await office.settled()
    assert run.state == "succeeded", run.error
    card = office.card(ACME)
    assert run.outputs == {
        "reference": "ACME-1",
        "link": f"https://slack.com/archives/{ACME}/p{card.ts.replace('.', '')}",
    }
    request = await newest(office)
    assert (request.requester_id, request.decider_id) == ("U0ANA", "U0PETE")
    assert (request.estimated_minutes, request.priority, request.promise) == (
        180,
        "urgent",
        "already_promised",
    )
    assert "needed by Fri 27 Nov" in str(card.blocks)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"project": "nothing"}, "Project: I know no project called “nothing”. Give its key or its name."),
        ({"project": "site"}, "Project: “site” could be ACME, OTHER, SECRET, SHARED, SHUT."),
        ({"needed_by": "2026-11-16"}, "Needed by: Mon 16 Nov 2026 is in the past. When is it needed?"),
        ({"needed_by": "soon"}, "Needed by: “soon” is not a date"),
        ({"hours": "some"}, "Hours, about: "),
        ({"priority": "ASAP"}, "Priority: I do not know “ASAP”. Write normal, high or urgent."),
        ({"promise": "?"}, "What the client was told: I do not know “?”. Write nothing, holding or yes."),
        ({"requester": "U0OLGA"}, "The account manager in whose name this is logged is not known here"),
        ({"requester": "U0NOBODY"}, "The account manager in whose name this is logged is not known here"),
        ({"title": " \u0000 "}, "What does the client ask for?: This is needed."),
    ],
)
async def test_what_a_workflow_cannot_log_ends_its_step_with_a_sentence(
    desk: World, inputs: dict[str, str], sentence: str
) -> None:
    good = {"project": "ACME", "title": "Newsletter sign-up", "requester": "U0ANA"}
    run = await desk.slack.run_step(STEP, **(good | inputs))
    assert run.state == "failed"
    assert sentence in run.error
    assert desk.slack.channel(ACME).roots == []


@pytest.mark.only_on("sqlite")
async def test_a_step_that_slack_delivers_twice_logs_one_request(desk: World) -> None:
    from bot.sandbox import DeliveryFault  # a fault of this one test

    desk.slack.faults.deliveries.add(DeliveryFault("duplicate", "event"))
    run = await desk.slack.run_step(STEP, project="ACME", title="Only once", requester="U0ANA")
    await desk.settled()
    assert run.state == "succeeded"
    assert len(desk.slack.channel(ACME).roots) == 1


@pytest.mark.only_on("sqlite")
async def test_where_the_card_waits_for_an_invitation_the_link_leads_to_the_channel(desk: World) -> None:
    run = await desk.slack.run_step(STEP, project="SHUT", title="A page", requester="U0ANA")
    await desk.settled()
    await desk.bot.errands.finish()
    assert run.outputs["link"] == "https://slack.com/archives/C0SHUT"
