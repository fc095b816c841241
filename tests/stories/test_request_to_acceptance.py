"""The main job, walked as two people would: the AM asks, the PM accepts, the client hears of it."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from bot.requests import repository
from bot.requests.models import ChangeRequest, State
from tests.slack_world import ACME, OTHER, TEAM, World


async def logged(world: World, text: str = "add a newsletter sign-up by Friday ~3h") -> ChangeRequest:
    await world.ana.command(ACME, "/ask", text)
    assert (await world.ana.submit()).closed
    await world.settled()
    return await newest(world)


async def newest(world: World) -> ChangeRequest:
    def load(session):  # type: ignore[no-untyped-def]
        lines = repository.project_lines(session, workspace_id=TEAM, project_ids=[], states=None, limit=1)
        found = session.get_one(ChangeRequest, (TEAM, lines[0].id))
        session.expunge_all()
        return found

    return await world.bot.read(load)


def everything_said(world: World, channel: str = ACME) -> str:
    return "\n".join(f"{message.text}\n{message.blocks}" for message in world.slack.channel(channel).messages)


async def test_a_request_is_asked_accepted_and_answered(office: World) -> None:
    answer = await office.ana.command(OTHER, "/ask", "acme add a newsletter sign-up by Friday ~3h")
    assert answer.error is None
    assert answer.response is None
    assert office.ana.typed("title") == "Add a newsletter sign-up"
    assert office.ana.typed("needed_by") == "2026-11-20"
    assert office.ana.typed("hours") == "3"
    await office.ana.fill(
        details="Double opt-in, synced with their mailing tool.", promise="already_promised"
    )
    assert (await office.ana.submit()).closed
    await office.settled()

    card = office.card(ACME)
    assert "ACME-1 · Add a newsletter sign-up" in str(card.blocks)
    assert "<@U0PETE>" in card.text
    assert "Acme was already told yes by ana" in str(card.blocks)
    assert "+3 h with this one (2 %)" in str(card.blocks)
    assert "ACME-1" in office.ana.ephemerals[-1].text

    await office.pete.press(card, "accept")
    assert office.pete.typed("hours") == "3"
    assert office.pete.typed("fee") == "360"
    assert office.pete.typed("funding")["value"] == "change_order"
    assert (await office.pete.submit()).closed
    await office.settled()

    card = office.card(ACME)
    assert "*Accepted* by pete" in str(card.blocks)
    assert "3 h, €360, no delay, change order" in str(card.blocks)
    assert "accept" not in [element["action_id"] for element in card.blocks[-1]["elements"]]
    assert "pete accepted this: 3 h, €360, no delay, change order." in office.replies()[-1].text
    words = office.ana.direct_messages[-1]
    assert "Hi Jo," in words.text
    assert "(€360)" in words.text
    assert "Best,\nana" in words.text

    await office.ana.press(words, "sent_to_client")
    assert office.ana.typed("valid_until") == "2026-12-02"
    assert (await office.ana.submit()).closed
    await office.settled()
    assert "Acme was told at" in str(office.card(ACME).blocks)
    assert "Change order: with Acme, valid until Wed 2 Dec 2026" in str(office.card(ACME).blocks)
    assert (await newest(office)).ball_holder_id == "U0ANA"
    await office.ana.press(office.ana.direct_messages[-1], "client_accepted")
    await office.settled()
    assert "client_accepted" not in str(office.ana.direct_messages[-1].blocks)
    assert "Acme accepted the change order. Ball: <@U0PETE>, to deliver it." in office.replies(ACME)[-1].text
    request = await newest(office)
    assert request.state is State.APPROVED
    assert request.ball_holder_id == "U0PETE"


async def test_a_request_is_declined_with_a_reason_and_the_words_do_not_give_it_away(office: World) -> None:
    await logged(office)
    await office.pete.press(office.card(), "decline")
    missing = await office.pete.submit()
    assert not missing.closed
    await office.pete.fill(why="We do not have the budget left, and they never pay on time.")
    assert set((await office.pete.submit()).errors) == {"bridge"}
    await office.pete.fill(bridge="budget", bridge_text="A smaller form fits from €500 on")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert "never pay on time" in office.replies()[-1].text
    assert "A yes with more budget: A smaller form fits from €500 on" in office.replies()[-1].text
    assert "A yes with more budget: A smaller form fits from €500 on" in str(office.card().blocks)
    words = str(office.ana.direct_messages[-1].blocks[1])
    assert "never pay on time" not in words
    assert "With more budget it would be possible: A smaller form fits from €500 on." in words


async def test_the_am_withdraws_and_the_pm_is_told(desk: World) -> None:
    await logged(desk)
    await desk.ana.press(desk.card(), "withdraw")
    await desk.ana.fill(why="The client changed their mind.")
    assert (await desk.ana.submit()).closed
    await desk.settled()
    assert "*Withdrawn* by ana" in str(desk.card().blocks)
    assert "The client changed their mind." in desk.replies()[-1].text
    await desk.pete.press(desk.card(), "history")
    assert "withdrew it" in str(desk.pete.modal.blocks if desk.pete.modal else "")


@pytest.mark.only_on("sqlite")
async def test_the_home_channel_knows_the_project(desk: World) -> None:
    await desk.ana.command(ACME, "/ask", "make the logo bigger")
    assert desk.ana.typed("project")["value"] == str(desk.projects["ACME"])
    assert desk.ana.typed("title") == "Make the logo bigger"


@pytest.mark.only_on("sqlite")
async def test_who_may_not_decide_is_told_who_does(desk: World) -> None:
    await logged(desk)
    await desk.slack.person("U0MO").press(desk.card(), "accept")
    assert desk.slack.person("U0MO").ephemerals[-1].text == "Only pete can decide ACME-1 (Acme site)."
    await desk.ana.press(desk.card(), "accept")
    assert "is your own request, so pete decides it" in desk.ana.ephemerals[-1].text
    await desk.pete.press(desk.card(), "withdraw")
    assert "only ana can do that" in desk.pete.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_a_second_decision_is_refused_with_the_first_one_named(desk: World) -> None:
    await logged(desk)
    old_card = copy.deepcopy(desk.card())
    await desk.pete.press(old_card, "accept")
    await desk.pete.submit()
    await desk.settled()
    await desk.pete.press(old_card, "decline")
    assert "ACME-1 was already accepted by pete" in desk.pete.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_wrong_figures_are_marked_and_nothing_typed_is_lost(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.fill(hours="three-ish", fee="1.200,50,3", delay="soon")
    refused = await desk.pete.submit()
    assert set(refused.errors) == {"hours", "fee", "delay"}
    assert desk.pete.typed("hours") == "three-ish"
    await desk.pete.fill(hours="4", fee="100", delay="2")
    form = desk.pete.modal
    assert form is not None
    await desk.pete.press(form, "split")
    assert (desk.pete.typed("hours"), desk.pete.typed("fee"), desk.pete.typed("delay")) == ("4", "100", "2")
    await desk.pete.fill(other_funding="goodwill", other_hours="9")
    assert set((await desk.pete.submit()).errors) == {"other_hours"}
    await desk.pete.fill(other_hours="1.5")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert "2.5 h change order, 1.5 h goodwill" in str(desk.card().blocks)


NOBODY_BILLED = (
    "A fee needs hours on a change order: otherwise nobody is asked for it. Leave it out, or change who pays."
)


@pytest.mark.only_on("sqlite")
async def test_a_typed_fee_that_nobody_is_asked_for_is_marked_and_the_prefilled_one_falls_away(
    desk: World,
) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "accept")
    assert desk.pete.typed("fee") == "360"
    await desk.pete.fill(funding="retainer", fee="250")
    assert (await desk.pete.submit()).errors == {"fee": NOBODY_BILLED}
    await desk.pete.fill(fee="360")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert "retainer" in desk.card().text
    assert "€360" not in desk.card().text


@pytest.mark.only_on("sqlite")
async def test_a_delay_is_asked_for_in_whole_days(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.fill(delay="1.5")
    assert (await desk.pete.submit()).errors == {"delay": "Whole days, 0 to 3,650."}


@pytest.mark.only_on("sqlite")
async def test_goodwill_above_the_limit_is_refused_with_what_is_left(desk: World) -> None:
    await logged(desk, "something large ~9h")
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.fill(funding="goodwill")
    refused = await desk.pete.submit()
    assert refused.errors == {
        "funding": "Acme has 8 h of 8 h goodwill left this month, and this is 9 h. Only the director can give more."
    }


@pytest.mark.only_on("sqlite")
async def test_a_submission_that_slack_delivers_twice_logs_one_request(desk: World) -> None:
    from bot.sandbox import DeliveryFault  # a fault of this one test

    await desk.ana.command(ACME, "/ask", "only once")
    desk.slack.faults.deliveries.add(DeliveryFault("duplicate", "interactive"))
    await desk.ana.submit()
    await desk.settled()
    assert len(desk.slack.channel(ACME).roots) == 1


@pytest.mark.only_on("sqlite")
async def test_the_card_waits_until_the_bot_is_invited(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shut site: a new page")
    await desk.ana.submit()
    await desk.settled()
    assert "/invite @Handoff" in desk.ana.direct_messages[-1].text
    assert desk.slack.channel("shut").roots == []
    await desk.slack.invite_bot("shut")
    await desk.settled()
    assert "SHUT-1 · A new page" in str(desk.slack.channel("shut").roots[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_in_a_shared_channel_no_money_no_hours_no_reason_is_shown(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shared site: a new page ~3h")
    await desk.ana.submit()
    await desk.settled()
    private = desk.pete.direct_messages[-1]
    assert "+3 h with this one" in str(private.blocks)
    assert "+€360 with this one" in str(private.blocks)
    await desk.pete.press(private, "decline")
    await desk.pete.fill(why="They still owe us €9,000.", bridge="clause", bridge_text="§ 4: €20 a page")
    await desk.pete.submit()
    await desk.settled()
    said = everything_said(desk, "shared")
    assert "SHARED-1" in said
    for secret in ("3 h", "120 h", "€", "9,000", "eclined", "owe us"):
        assert secret not in said, secret
    assert "*Declined* by pete" in str(desk.pete.direct_messages[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_an_outsider_who_presses_is_refused_politely(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shared site: a new page ~3h")
    await desk.ana.submit()
    await desk.settled()
    olga = desk.slack.person("U0OLGA")
    root = desk.slack.channel("shared").roots[-1]
    assert "accept" not in str(root.blocks)
    reply = await olga.say("shared", "ok", thread_ts=root.ts)
    await desk.settled()
    assert reply.text == "ok"
    assert olga.ephemerals == []
    assert (await newest(desk)).state is State.UNDER_REVIEW


@pytest.mark.only_on("sqlite")
async def test_an_expired_trigger_gives_the_words_back_with_a_button_that_opens_the_form(desk: World) -> None:
    from bot.sandbox import Fault  # a fault of this one test

    desk.slack.faults.add(Fault("views.open", "error:expired_trigger_id"))
    answer = await desk.ana.command(ACME, "/ask", "the words <3 & more ~2h")
    assert answer.error is None
    said = desk.ana.ephemerals[-1]
    assert "the words" in said.text
    await desk.ana.press(said, "open_ask")
    assert desk.ana.typed("title") == "The words <3 & more"
    assert desk.ana.typed("hours") == "2"


@pytest.mark.only_on("sqlite")
async def test_past_dates_are_refused_in_the_form(desk: World) -> None:
    await desk.ana.command(ACME, "/ask", "a thing by 16/11")
    assert "is in the past" in str(desk.ana.modal.blocks if desk.ana.modal else "")
    await desk.ana.fill(needed_by="2026-11-16")
    refused = await desk.ana.submit()
    assert refused.errors == {"needed_by": "Mon 16 Nov 2026 is in the past. When is it needed?"}
    await desk.ana.fill(hours="three-ish")
    # All that is wrong is marked at once.
    assert set((await desk.ana.submit()).errors) == {"needed_by", "hours"}


@pytest.mark.only_on("sqlite")
async def test_forty_thousand_characters_are_kept_whole(desk: World) -> None:
    text = " ".join(f"word{number}" for number in range(5_000))[:40_000]
    await desk.ana.command(ACME, "/ask", text)
    assert "39," in str(desk.ana.modal.blocks if desk.ana.modal else "")
    await desk.ana.submit()
    await desk.settled()
    request = await newest(desk)
    kept = f"{request.title} {request.details}".replace("\n", " ")
    assert [word.casefold() for word in text.split()] == [word.casefold() for word in kept.split()]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "hostile",
    [
        "<!channel> <!here> <!everyone> ping",
        "=cmd|' /C calc'!A0",
        "*bold* _it_ ~no~ `code` ```block``` > quote",
        "\u202eevil\u202c עברית العربية",
        "emoji 👩🏽‍💻🏳️‍🌈 ﷽",
        "zero\x00 bell\x07 esc\x1b[31m",
        "<https://evil.example|click> &lt;!channel&gt;",
    ],
)
async def test_hostile_text_is_only_text(desk: World, hostile: str) -> None:
    await desk.ana.command(ACME, "/ask", hostile)
    await desk.ana.fill(details=hostile)
    assert (await desk.ana.submit()).closed
    await desk.settled()
    card = desk.card()
    for pinging in ("<!channel>", "<!here>", "<!everyone>", "<https://evil"):
        assert pinging not in card.text
        assert pinging not in str([b for b in card.blocks if b.get("text", {}).get("type") == "mrkdwn"])


@pytest.mark.only_on("sqlite")
async def test_a_typed_ok_by_the_decider_is_asked_about_and_recorded_on_a_press(desk: World) -> None:
    await logged(desk)
    await desk.pete.say(ACME, "ok", thread_ts=desk.card().ts)
    await desk.settled()
    question = desk.pete.ephemerals[-1]
    assert question.text == "Record as *Accept* of ACME-1: 3 h, €360?"
    assert (await newest(desk)).state is State.UNDER_REVIEW
    await desk.pete.press(question, "record_typed")
    await desk.settled()
    assert (await newest(desk)).state is State.APPROVED
    assert desk.pete.ephemerals == []


@pytest.mark.only_on("sqlite")
async def test_other_talk_and_other_people_are_left_alone(desk: World) -> None:
    await logged(desk)
    await desk.pete.say(ACME, "ok, but let us talk about the budget first", thread_ts=desk.card().ts)
    await desk.slack.person("U0MO").say(ACME, "approved", thread_ts=desk.card().ts)
    await desk.pete.say(ACME, "ok")
    await desk.settled()
    assert desk.pete.ephemerals == []
    assert desk.slack.person("U0MO").ephemerals == []


@pytest.mark.only_on("sqlite")
async def test_a_message_can_be_logged_with_its_words_and_link(desk: World) -> None:
    message = await desk.ana.say(ACME, "Could you also do the footer by Friday?")
    await desk.ana.shortcut("log_client_message", message=message)
    assert desk.ana.typed("title") == "Could you also do the footer"
    assert message.ts.replace(".", "") in desk.ana.typed("source")


@pytest.mark.only_on("sqlite")
async def test_a_failed_commit_keeps_the_form_with_all_that_was_typed(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.requests import service  # the use case that breaks here

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    await desk.ana.command(ACME, "/ask", "do not lose me")
    with monkeypatch.context() as patch:
        patch.setattr(service, "submit", broken)
        refused = await desk.ana.submit()
    assert "Nothing you typed is lost" in str(refused.errors)
    assert desk.ana.typed("title") == "Do not lose me"
    assert (await desk.ana.submit()).closed


@pytest.mark.only_on("sqlite")
async def test_the_home_shows_what_waits_and_teaches_a_newcomer(desk: World) -> None:
    await desk.slack.person("U0MO").open_home()
    await desk.settled()
    assert "Welcome to Handoff" in str(desk.slack.person("U0MO").home)
    await logged(desk)
    await desk.pete.open_home()
    await desk.settled()
    assert "ACME-1" in str(desk.pete.home)


@pytest.mark.only_on("sqlite")
async def test_the_weekly_digest_comes_on_monday(desk: World) -> None:
    from bot.digests import service as digests  # the clock's job

    await logged(desk)
    await desk.ana.command(ACME, "/handoff", "digest")
    assert (await desk.ana.submit()).closed
    await desk.settled()
    assert "comes to" in desk.ana.ephemerals[-1].text
    desk.clock.advance(timedelta(days=5))
    await desk.bot.run(digests.run_due, desk.clock.now())
    await desk.settled()
    assert any("*Scope" in str(message.blocks) for message in desk.slack.channel(ACME).roots)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mine", "0 waiting on you"),
        ("list acme open", "1 request"),
        ("list acme declined", "0 requests"),
        ("list acme deferred", "*0 requests* · Acme, deferred"),
        ("list acme opne", "Did you mean `/handoff list acme open`?"),
        ("list nowhere", "no project or client"),
        ("show acme-1", "ACME-1"),
        ("show ACME-99", "no request ACME-99"),
        ("show", "Which request?"),
        ("help", "/ask"),
        ("", "/ask"),
        ("lits", "Did you mean `/handoff list`?"),
        ("qwertz", "I do not know"),
        # Slack escapes what is typed, and shows “R&D” for “R&amp;D”.
        ("R&D", "I do not know “R&amp;D”"),
        ("list R&D", "called “R&amp;D”"),
        ("find R&amp;D", "has “r amp d”"),
        ("opportunities R&amp;D", "called “R&amp;amp;D”"),
        ("show R&D-1", "no request R&amp;D-1 "),
    ],
)
async def test_every_word_after_handoff_is_answered(desk: World, typed: str, said: str) -> None:
    await logged(desk)
    await desk.ana.command(ACME, "/handoff", typed)
    assert said in desk.ana.ephemerals[-1].text


async def test_a_command_that_says_payload_works(office: World) -> None:
    answer = await office.ana.command(ACME, "/ask", "my payload is big")
    assert answer.error is None
    assert office.ana.typed("title") == "My payload is big"


async def test_what_is_accepted_is_delivered_and_then_over(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.submit()
    await desk.settled()
    assert "done" not in str(desk.card().blocks[-1])
    await desk.ana.press(desk.ana.direct_messages[-1], "client_accepted")
    await desk.settled()
    await desk.ana.press(desk.card(), "done")
    assert "only pete can say how far ACME-1 is" in desk.ana.ephemerals[-1].text
    await desk.pete.press(desk.card(), "done_as_estimated")
    await desk.settled()
    request = await newest(desk)
    assert request.state is State.IMPLEMENTED
    assert not request.is_open
    assert request.ball_holder_id is None


@pytest.mark.only_on("sqlite")
async def test_work_is_done_only_once(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.submit()
    await desk.settled()
    await desk.ana.press(desk.ana.direct_messages[-1], "client_accepted")
    await desk.settled()
    agreed = copy.deepcopy(desk.card())
    await desk.pete.press(agreed, "done_as_estimated")
    await desk.settled()
    await desk.pete.press(agreed, "done")
    assert "ACME-1 is done, so there is nothing to mark as done." in desk.pete.ephemerals[-1].text
