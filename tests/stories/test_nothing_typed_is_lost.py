"""What was typed after `/ask` comes back whole wherever the form could not open."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.portfolio.service import close_project, reopen_project
from bot.sandbox import Fault
from bot.slack.stories import intake
from bot.slack.text.markup import escape
from tests.slack_world import ACME, OTHER, PETE, World
from tests.stories.test_request_to_acceptance import newest

pytestmark = pytest.mark.only_on("sqlite")

LONG = f"acme site: R&D {' '.join(f'word{number}' for number in range(6_000))}"[:40_000].rsplit(" ", 1)[0]


def shown_in(message) -> str:
    texts = [block["text"] for block in message.blocks if block["type"] == "section"]
    return "".join(text["text"] for text in texts if text["type"] == "plain_text")


@pytest.mark.parametrize("fault", ["error:expired_trigger_id", "http_500"])
async def test_forty_thousand_characters_come_back_with_a_button_that_logs_them_all(
    desk: World, fault: str
) -> None:
    desk.slack.faults.add(Fault("views.open", fault))
    await desk.ana.command(OTHER, "/ask", LONG)
    assert shown_in(desk.ana.ephemerals[-1]) == LONG
    await desk.ana.press(desk.ana.ephemerals[-1], "open_kept")
    assert (await desk.ana.submit()).closed
    await desk.settled()
    request = await newest(desk)
    kept = f"{request.title} {request.details}".split()
    assert [word.casefold() for word in kept] == [word.casefold() for word in LONG.split()[2:]]


async def close_all(world: World) -> None:
    def close(session: Session) -> None:
        for project in world.projects.values():
            close_project(session, world.actor(PETE), project_id=project)

    await world.bot.run(close)


@pytest.mark.parametrize("typed", ["a banner & more", "help"])
async def test_where_no_project_is_open_the_words_come_back_with_a_button_for_later(
    desk: World, typed: str
) -> None:
    await close_all(desk)
    await desk.ana.command(ACME, "/ask", typed)
    said = desk.ana.ephemerals[-1]
    assert said.text == (
        "There is no open project to log it on. Type `/handoff client`, then `/handoff project`, and press the button: "
        f"the form opens with what you typed: {escape(typed)}"
    )
    assert shown_in(said) == typed
    await desk.bot.run(reopen_project, desk.actor(PETE), project_id=desk.projects["ACME"])
    await desk.ana.press(said, said.blocks[-1]["elements"][0]["action_id"])
    assert desk.ana.typed("title").casefold() == typed


async def test_where_nothing_was_typed_nothing_comes_back(desk: World) -> None:
    await close_all(desk)
    await desk.ana.command(ACME, "/ask", "")
    assert desk.ana.ephemerals[-1].text.endswith("and ask again.")


async def test_a_command_whose_form_came_too_late_is_given_back_to_be_typed_again(desk: World) -> None:
    desk.slack.faults.add(Fault("views.open", "error:expired_trigger_id"))
    await desk.ana.command(OTHER, "/handoff", "client R&D Labs")
    said = desk.ana.ephemerals[-1]
    assert said.text.startswith("Slack did not let me show this in time. Type it again: /handoff client")
    assert shown_in(said) == "/handoff client R&D Labs"


async def test_a_command_that_broke_gives_every_word_back(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "parse_ask", broken)
        await desk.ana.command(OTHER, "/ask", LONG)
    assert "You typed: acme site: R&amp;D word0" in desk.ana.ephemerals[-1].text
    assert shown_in(desk.ana.ephemerals[-1]) == LONG
