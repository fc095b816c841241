"""The guide through the first steps: what is done as one calm line each, what is next with its press."""

from __future__ import annotations

from collections.abc import Iterator

from bot.onboarding.service import FirstSteps
from bot.slack.message import Block
from bot.slack.names import Button
from bot.slack.text import first_steps as say
from bot.slack.views.elements import actions, button, context, divider, header, section


def first_steps(steps: FirstSteps) -> list[Block]:
    """The guide, for the top of a Home."""
    done = list(_done(steps))
    blocks: list[Block] = [
        header(say.TITLE),
        section(say.WHAT_IT_IS),
        context(say.progress(len(done), len(steps.done))),
    ]
    if done:
        blocks.append(section("\n".join(done)))
    blocks.append(divider())
    blocks += _open(steps)
    hide = button(say.HIDE, Button.HIDE_STEPS, "all", label=say.HIDE_LABEL)
    return [*blocks, actions(hide)]


def _done(steps: FirstSteps) -> Iterator[str]:
    if steps.client is not None:
        yield say.client_done(steps.client)
    if steps.project is not None:
        yield say.project_done(steps.project)
    if steps.is_in_channel and steps.project is not None:
        yield say.invited(steps.project.channel_id)
    if steps.request is not None:
        yield say.asked(steps.request)
    if steps.digest_channel_id is not None:
        yield say.digest_done(steps.digest_channel_id)


def _open(steps: FirstSteps) -> Iterator[Block]:
    """The steps that can be taken now, the first of them in colour; below them those that come later."""
    project = steps.project
    if project is None:
        first = steps.client is None
        yield (
            _step(say.CLIENT.format(1), _add_client())
            if first
            else _step(say.PROJECT.format(2), _add_project())
        )
        later = say.LATER if first else say.LATER[1:]
        yield context(
            "\n".join(words.format(number) for number, words in enumerate(later, 2 if first else 3))
        )
        return
    in_turn = [
        (steps.is_in_channel, say.invite(3, project.channel_id), say.LOOK_AGAIN, Button.LOOK_AGAIN),
        (steps.request is not None, say.ask(4, project), say.LOG_ONE, Button.OPEN_ASK),
        (steps.digest_channel_id is not None, say.DIGESTS.format(5), say.SET_DIGESTS, Button.SET_DIGESTS),
    ]
    style: str | None = "primary"
    for is_done, words, press, action in in_turn:
        if not is_done:
            # What would be typed after `/ask`: the form opens on the project.
            value = project.key.lower() if action is Button.OPEN_ASK else project.channel_id
            yield _step(words, button(press, action, value, style=style))
            style = None


def _step(words: str, press: Block) -> Block:
    return section(words, accessory=press)


def _add_client() -> Block:
    return button(say.ADD_CLIENT, Button.ADD_CLIENT, "new", style="primary")


def _add_project() -> Block:
    return button(say.ADD_PROJECT, Button.ADD_PROJECT, "new", style="primary")
