"""The PM asks back, the AM answers: the ball goes there and back, and every round is kept."""

from __future__ import annotations

import copy

import pytest

from bot.requests.models import State
from tests.slack_world import ACME, ANA, OTHER, PETE, World
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


async def ask(world: World, question: str = "Which mailing tool do they use?") -> None:
    await world.pete.press(world.card(), "ask_info")
    await world.pete.fill(question=question)
    assert (await world.pete.submit()).closed
    await world.settled()


async def test_the_pm_asks_the_am_answers_and_the_pm_accepts(office: World) -> None:
    await logged(office)
    await ask(office)
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.NEEDS_INFO, ANA)
    card = str(office.card().blocks)
    assert "*pete asks:* Which mailing tool do they use?" in card
    assert "<@U0ANA>, to answer" in card
    assert "pete asks: Which mailing tool do they use?" in office.card().text
    told = office.replies()[-1].text
    assert told == "pete asks: Which mailing tool do they use?\nBall: <@U0ANA>, to answer."

    private = office.ana.direct_messages[-1]
    assert "pete asks about *ACME-1*" in private.text
    await office.ana.press(private, "answer")
    assert "Which mailing tool" in str(office.ana.modal.blocks if office.ana.modal else "")
    await office.ana.fill(answer="Mailchimp, with <!channel> lists.")
    assert (await office.ana.submit()).closed
    await office.settled()

    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)
    told = office.replies()[-1].text
    assert told == "ana answers: Mailchimp, with &lt;!channel&gt; lists.\nBall: <@U0PETE>, to decide."
    assert "*ana answers:* Mailchimp" in str(office.card().blocks)
    private = office.ana.direct_messages[-1]
    assert "answer" not in [e.get("action_id") for b in private.blocks for e in b.get("elements", [])]
    assert "ana answered at" in str(private.blocks)

    await office.pete.press(office.card(), "accept")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.APPROVED
    await office.more(office.pete, "history")
    whole = str(office.pete.modal.blocks if office.pete.modal else "")
    assert "pete asked: Which mailing tool do they use?" in whole
    assert "ana answered: Mailchimp" in whole


async def test_there_may_be_several_rounds_answered_on_the_card(desk: World) -> None:
    await logged(desk)
    for number, question in enumerate(("Which tool?", "And who pays for it?"), start=1):
        await ask(desk, question)
        await desk.ana.press(desk.card(), "answer")
        await desk.ana.fill(answer=f"Answer {number}.")
        assert (await desk.ana.submit()).closed
        await desk.settled()
    assert "And who pays for it?" in str(desk.card().blocks)
    assert "Which tool?" not in str(desk.card().blocks)
    said = everything_said(desk)
    assert "Answer 1." in said
    assert "Answer 2." in said


async def test_the_pm_may_decide_while_the_question_waits(desk: World) -> None:
    await logged(desk)
    await ask(desk)
    await desk.pete.press(desk.card(), "accept")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    request = await newest(desk)
    assert (request.state, request.ball_holder_id) == (State.APPROVED, ANA)
    private = next(m for m in desk.ana.direct_messages if "asks about" in m.text)
    assert "It needs no answer any more." in str(private.blocks)


@pytest.mark.only_on("sqlite")
async def test_wrong_people_and_wrong_moments_get_a_sentence(desk: World) -> None:
    await logged(desk)
    fresh = copy.deepcopy(desk.card())
    mo = desk.slack.person("U0MO")
    await mo.press(fresh, "ask_info")
    assert mo.ephemerals[-1].text == "Only pete can decide ACME-1 (Acme site)."
    await desk.ana.press(fresh, "ask_info")
    assert "is your own request" in desk.ana.ephemerals[-1].text
    await ask(desk)
    asked = copy.deepcopy(desk.card())
    await desk.pete.press(fresh, "ask_info")
    assert "ana was already asked about ACME-1 at" in desk.pete.ephemerals[-1].text
    await desk.pete.press(asked, "answer")
    assert "only ana can do that" in desk.pete.ephemerals[-1].text
    await desk.ana.press(asked, "answer")
    await desk.ana.fill(answer="Yes.")
    await desk.ana.submit()
    await desk.settled()
    await desk.ana.press(asked, "answer")
    assert "ana answered this question about ACME-1 at" in desk.ana.ephemerals[-1].text
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.submit()
    await desk.settled()
    await desk.pete.press(fresh, "ask_info")
    assert "ACME-1 was already accepted by pete" in desk.pete.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_a_form_that_was_overtaken_says_so_and_keeps_what_was_typed(desk: World) -> None:
    await logged(desk)
    await ask(desk)
    await desk.ana.press(desk.card(), "answer")
    await desk.ana.fill(answer="Mailchimp.")
    await desk.pete.press(desk.card(), "accept")
    await desk.pete.submit()
    refused = await desk.ana.submit()
    assert refused.errors == {"answer": "ACME-1 is accepted now: no question waits for an answer."}
    assert desk.ana.typed("answer") == "Mailchimp."


@pytest.mark.only_on("sqlite")
async def test_outsiders_read_no_question_and_the_pm_gets_the_card_again_with_the_answer(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shared site: a new page ~3h")
    await desk.ana.submit()
    await desk.settled()
    before = len(desk.pete.direct_messages)
    await desk.pete.press(desk.pete.direct_messages[-1], "ask_info")
    await desk.pete.fill(question="Do they still owe us money?")
    await desk.pete.submit()
    await desk.settled()
    assert len(desk.pete.direct_messages) == before
    await desk.ana.press(desk.ana.direct_messages[-1], "answer")
    await desk.ana.fill(answer="€9,000.")
    await desk.ana.submit()
    await desk.settled()
    said = everything_said(desk, "shared")
    assert "owe us" not in said
    assert "9,000" not in said
    assert len(desk.pete.direct_messages) == before + 1
    assert "€9,000." in str(desk.pete.direct_messages[-1].blocks)


async def test_an_answer_typed_in_the_thread_is_asked_about_and_recorded_on_a_press(desk: World) -> None:
    await logged(desk)
    await desk.ana.say(ACME, "no questions yet", thread_ts=desk.card().ts)
    await desk.settled()
    assert desk.ana.ephemerals == []
    await ask(desk)
    await desk.slack.person("U0MO").say(ACME, "Mailchimp?", thread_ts=desk.card().ts)
    await desk.ana.say(ACME, "Mailchimp: with <lists> & tags", thread_ts=desk.card().ts)
    await desk.settled()
    assert desk.slack.person("U0MO").ephemerals == []
    question = desk.ana.ephemerals[-1]
    assert question.text == "Record this as your answer to pete about ACME-1?"
    assert (await newest(desk)).state is State.NEEDS_INFO
    await desk.ana.press(question, "record_answer")
    await desk.settled()
    assert (await newest(desk)).state is State.UNDER_REVIEW
    assert "ana answers: Mailchimp: with &lt;lists&gt; &amp; tags" in desk.replies()[-1].text
    assert desk.ana.ephemerals == []


@pytest.mark.only_on("sqlite")
async def test_a_typed_answer_that_no_button_can_carry_opens_the_form(desk: World) -> None:
    await logged(desk)
    await ask(desk)
    await desk.ana.say(ACME, "word " * 600, thread_ts=desk.card().ts)
    await desk.settled()
    await desk.ana.press(desk.ana.ephemerals[-1], "answer")
    assert "pete asks" in str(desk.ana.modal.blocks if desk.ana.modal else "")


@pytest.mark.only_on("sqlite")
async def test_the_pm_may_decide_by_typing_while_the_question_waits(desk: World) -> None:
    await logged(desk)
    await ask(desk)
    await desk.pete.say(ACME, "ok", thread_ts=desk.card().ts)
    await desk.settled()
    assert desk.pete.ephemerals[-1].text.startswith("Record as *Accept* of ACME-1")


@pytest.mark.only_on("sqlite")
async def test_lists_say_who_has_to_answer(desk: World) -> None:
    await logged(desk)
    await ask(desk)
    await desk.pete.command(ACME, "/handoff", "list acme open")
    assert "ana to answer" in str(desk.pete.ephemerals[-1].blocks)
