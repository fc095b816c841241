"""Between Bolt and the stories: reads the payload, answers in time, and lets no exception out.

Each function here is one of Bolt's listeners. It turns a delivery into a plain value, finds who answers it, and
turns the answer (or the refusal, or the unexpected error) into what Slack takes. A press is never ignored.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot.errors import Refusal, WrongFields
from bot.logs import reference as current_reference
from bot.people.refusals import ExternalPerson
from bot.requests.refusals import Outdated
from bot.slack import payloads, unanswered
from bot.slack.authorizing import must_be_served
from bot.slack.bot import Bot
from bot.slack.errands import when_there_is_time
from bot.slack.gateway import GatewayError, Refused
from bot.slack.limits import clip
from bot.slack.message import Message, Modal
from bot.slack.outdated import present_card, show_beside
from bot.slack.payloads import Press, Shortcut, Submission, Who
from bot.slack.routing import Routes, SubmissionAnswer
from bot.slack.text import general
from bot.slack.text.markup import one_line, shield
from bot.slack.text.refusals import Reading, explain
from bot.slack.views.elements import section
from bot.slack.views.lists import in_modal, information
from bot.telemetry import work
from bot.telemetry.work import has_failed, is_about, was_refused

log = logging.getLogger(__name__)

Body = Mapping[str, Any]
Context = Mapping[str, Any]
Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
_EXPIRED = {
    "expired_trigger_id",
    "exchanged_trigger_id",
    "invalid_trigger_id",
    "trigger_expired",
    "trigger_exchanged",
}
# What a value of a button or a form does that ours never have: of another version, or of nobody's making.
_NOT_OURS = (ValueError, OverflowError)
received = partial(work.received, afterwards=when_there_is_time)


class Listeners:
    """Bolt's listeners over one bot and its routes."""

    def __init__(self, bot: Bot, routes: Routes) -> None:
        self._bot = bot
        self._routes = routes

    @received("command")
    async def command(self, ack: Ack, body: Body, context: Context) -> None:
        """A slash command: answered in the ack itself, to who typed it alone."""
        reference = current_reference()
        command = payloads.read_command(body)
        is_about(command.name, command.who.workspace_id)
        try:
            must_be_served(context)
            handler = self._routes.commands.get(command.name)
            answer = (
                _sentence(general.OLD_BUTTON)
                if handler is None
                else await self._answer(
                    command.who, handler(self._bot, command), partial(unanswered.too_late, command)
                )
            )
        except GatewayError as error:
            log.warning("%s failed: %s", command.name, error)
            answer = unanswered.broken(command, reference)
        except Exception:
            has_failed()
            log.exception("%s failed", command.name)
            answer = unanswered.broken(command, reference)
        await ack(**_as_answer(answer)) if answer is not None else await ack()

    @received("press")
    async def press(self, ack: Ack, body: Body, context: Context, respond: Respond) -> None:
        """A press: acked when its effect is committed; a refusal is shown to who pressed."""
        reference = current_reference()
        press = payloads.read_press(body)
        is_about(press.action_id.partition(":")[0], press.who.workspace_id)
        handler = self._routes.presses.get(press.action_id.partition(":")[0])
        answer: Message | None
        if await _is_broken(context, ack, respond):
            return
        try:
            if handler is None:
                answer = None if press.view_id else _sentence(general.OLD_BUTTON)
            else:
                answer = await self._answer(press.who, handler(self._bot, press))
        except GatewayError as error:
            log.warning("a press failed: %s: %s", press.action_id, error)
            answer = _sentence(general.broken(reference))
        except _NOT_OURS as error:
            log.warning("a press was not read: %s: %s", press.action_id, _place_of(error))
            answer = _sentence(general.OLD_BUTTON)
        except Exception:
            has_failed()
            log.exception("a press failed: %s", press.action_id)
            answer = _sentence(general.broken(reference))
        await ack()
        if answer is not None:
            await self._bot.soon(self._show(press, answer))

    @received("submission")
    async def submission(self, ack: Ack, body: Body, context: Context) -> None:
        """A modal sent off: acked when its effect is committed; what is wrong is marked, and nothing typed is lost."""
        reference = current_reference()
        submission = payloads.read_submission(body)
        is_about(submission.callback_id, submission.who.workspace_id)
        answer: SubmissionAnswer
        outdated: Outdated | None = None
        try:
            must_be_served(context)
            answer, outdated = await self._answer_submission(submission)
        except GatewayError as error:
            log.warning("a submission failed: %s: %s", submission.callback_id, error)
            answer = _on_first_input(submission, general.not_saved(reference))
        except _NOT_OURS as error:
            log.warning("a submission was not read: %s: %s", submission.callback_id, _place_of(error))
            answer = _on_first_input(submission, general.not_saved(reference))
        except Exception:
            has_failed()
            log.exception("a submission failed: %s", submission.callback_id)
            answer = _on_first_input(submission, general.not_saved(reference))
        if answer is None:
            await (ack(response_action="clear") if submission.is_on_top else ack())
        elif isinstance(answer, Modal):
            await ack(response_action="update", view=answer.payload())
        else:
            await ack(response_action="errors", errors=dict(answer))
        if outdated is not None:
            await self._bot.soon(self._show_present(submission.who, outdated))

    @received("closed")
    async def closed(self, ack: Ack) -> None:
        """A modal closed: nothing is to be done."""
        await ack()

    @received("shortcut")
    async def shortcut(self, ack: Ack, body: Body, context: Context, respond: Respond) -> None:
        """A shortcut: it opens a form."""
        reference = current_reference()
        shortcut = payloads.read_shortcut(body)
        is_about(shortcut.callback_id, shortcut.who.workspace_id)
        handler = self._routes.shortcuts.get(shortcut.callback_id)
        answer: Message | None
        if await _is_broken(context, ack, respond):
            return
        try:
            if handler is None:
                answer = _sentence(general.UNKNOWN_SHORTCUT)
            else:
                answer = await self._answer(shortcut.who, handler(self._bot, shortcut))
        except GatewayError as error:
            log.warning("a shortcut failed: %s: %s", shortcut.callback_id, error)
            answer = _sentence(general.broken(reference))
        except Exception:
            has_failed()
            log.exception("a shortcut failed: %s", shortcut.callback_id)
            answer = _sentence(general.broken(reference))
        await ack()
        if answer is not None:
            await self._bot.soon(self._tell(shortcut, answer))

    @received("suggestion")
    async def suggestion(self, ack: Ack, body: Body, context: Context) -> None:
        """Letters typed into a select: the options that fit."""
        asked = payloads.read_suggestion(body)
        is_about(asked.action_id, asked.who.workspace_id)
        handler = self._routes.suggestions.get(asked.action_id)
        options: list[dict[str, Any]] = []
        try:
            must_be_served(context)
            if handler is not None and not await self._is_outsider(asked.who):
                choices = await handler(self._bot, asked)
                options = [
                    {"text": {"type": "plain_text", "text": clip(words, 75)}, "value": value}
                    for value, words in choices[:100]
                ]
        except (GatewayError, Refusal) as error:
            log.warning("suggestions failed: %s: %s", asked.action_id, error)
        except _NOT_OURS as error:
            log.warning("suggestions were not read: %s: %s", asked.action_id, _place_of(error))
        except Exception:
            has_failed()
            log.exception("suggestions failed: %s", asked.action_id)
        await ack(options=options)

    @received("event")
    async def event(self, body: Body, context: Context) -> None:
        """Any event. It is acked when this returns; what we know nothing of is simply taken."""
        event = body.get("event") or {}
        is_about(str(event.get("type") or ""), str(body.get("team_id") or ""))
        # Not taken, Slack brings it again.
        must_be_served(context)
        try:
            membership = payloads.read_membership(body, self._bot.clock.now())
            if membership is not None:
                await self._bot.gateways.belongs_to(*membership)
            if event.get("type") == "message":
                said = payloads.read_said(body)
                if self._routes.said is not None and said.is_plain and not await self._is_outsider(said.who):
                    await self._routes.said(self._bot, said)
                return
            if event.get("type") == "function_executed":
                run = payloads.read_step(body)
                step = self._routes.steps.get(run.callback_id)
                if step is not None:
                    await step(self._bot, run)
                return
            happened = payloads.read_happened(body)
            handler = self._routes.happened.get(happened.kind)
            if handler is not None:
                await handler(self._bot, happened)
        except (GatewayError, Refusal) as error:
            log.warning("%s was not answered: %s", event.get("type"), error)
        except Exception:
            # Slack delivers an event again when it is not taken: a second look is right for what went wrong here.
            has_failed()
            log.exception("an event failed: %s", event.get("type"))
            raise

    async def _answer(
        self, who: Who, work: Awaitable[Message | None], too_late: Callable[[], Message] | None = None
    ) -> Message | None:
        """The story's answer, or the sentence for its refusal, or for a trigger that died on the way."""
        is_outsider = True
        try:
            is_outsider = await self._is_outsider(who)
        finally:
            if is_outsider:
                # It was made but is never started: closed, nobody wonders about it.
                work.close()  # type: ignore[attr-defined]
        if is_outsider:
            was_refused()
            return _sentence(general.OUTSIDER)
        try:
            return await work
        except Outdated as outdated:
            was_refused()
            sentence = shield(await self._explain(who, outdated))
            return (await present_card(self._bot, who, outdated.reference, sentence)).message
        except Refusal as refusal:
            was_refused()
            # Names in it are somebody's text: in a message they must not become mentions or links.
            return _sentence(shield(await self._explain(who, refusal)))
        except Refused as refused:
            if refused.code in _EXPIRED:
                return too_late() if too_late is not None else _sentence(general.TRY_AGAIN)
            raise

    async def _answer_submission(self, submission: Submission) -> tuple[SubmissionAnswer, Outdated | None]:
        """The story's answer; and what was outdated, if the form was."""
        handler = self._routes.submissions.get(submission.callback_id)
        if handler is None:
            return information("Handoff", general.OLD_BUTTON), None
        if await self._is_outsider(submission.who):
            return _on_first_input(submission, general.OUTSIDER), None
        try:
            return await handler(self._bot, submission), None
        except WrongFields as wrong:
            was_refused()
            reading = await self._reading(submission.who)
            marked = {field.field: explain(field.why, reading) for field in wrong.fields}
            return _marked(submission, marked), None
        except Refusal as refusal:
            was_refused()
            sentence = await self._explain(submission.who, refusal)
            outdated = refusal if isinstance(refusal, Outdated) else None
            return _on_first_input(submission, sentence), outdated

    async def _is_outsider(self, who: Who) -> bool:
        """Whether somebody is of another company, as far as the payload or, in an organisation, Slack tells."""
        if not who.is_from_elsewhere:
            return who.is_outsider
        return (await self._bot.reader(who)).is_external

    async def _explain(self, who: Who, refusal: Refusal) -> str:
        if isinstance(refusal, ExternalPerson):
            return general.OUTSIDER
        return explain(refusal, await self._reading(who))

    async def _show_present(self, who: Who, outdated: Outdated) -> None:
        """The form says why it was refused; the card as it is now stands beside it, for them alone."""
        try:
            sentence = shield(await self._explain(who, outdated))
            await show_beside(
                self._bot, who, await present_card(self._bot, who, outdated.reference, sentence)
            )
        except GatewayError as error:
            log.warning("the present card of %s could not be shown: %s", outdated.reference, error)
        except Exception:
            log.exception("the present card of %s could not be shown", outdated.reference)

    async def _reading(self, who: Who) -> Reading:
        reader = await self._bot.reader(who)
        return Reading(reader.zone, self._bot.clock.now())

    async def _show(self, press: Press, answer: Message) -> None:
        """Show an answer to who pressed: through the press's own address, else beside the message, else in private."""
        try:
            if press.is_in_modal and not press.values:
                await self._bot.gateway(press.who.workspace_id).redraw(press.view_id, in_modal(answer))
            elif press.response_url:
                await self._bot.gateway(press.who.workspace_id).answer(press.response_url, answer)
            elif press.is_on_home:
                await self._bot.gateway(press.who.workspace_id).open(press.trigger_id, in_modal(answer))
            elif press.channel_id:
                await self._bot.gateway(press.who.workspace_id).whisper(
                    press.channel_id, press.who.person_id, answer
                )
            else:
                await self._bot.gateway(press.who.workspace_id).post(press.who.person_id, answer)
        except GatewayError as error:
            log.warning("an answer could not be shown the first way: %s", error)
            await self._in_private(press.who, answer)

    async def _tell(self, shortcut: Shortcut, answer: Message) -> None:
        try:
            if shortcut.channel_id:
                await self._bot.gateway(shortcut.who.workspace_id).whisper(
                    shortcut.channel_id, shortcut.who.person_id, answer
                )
                return
        except GatewayError as error:
            log.warning("an answer could not be shown in the channel: %s", error)
        await self._in_private(shortcut.who, answer)

    async def _in_private(self, who: Who, answer: Message) -> None:
        try:
            await self._bot.gateway(who.workspace_id).post(who.person_id, answer)
        except GatewayError as error:
            log.warning("an answer could not be shown at all: %s", error)


def _sentence(text: str) -> Message:
    return Message(text=text, blocks=(section(text),))


async def _is_broken(context: Context, ack: Ack, respond: Respond) -> bool:
    """Whether nobody can say if the workspace is served, so there is no token to answer with; said where it can be."""
    try:
        must_be_served(context)
    except GatewayError as error:
        log.warning("not answered by its story: %s", error)
        # Where no address came along this raises, and Slack itself says that it failed.
        await respond(**_as_answer(_sentence(general.broken(current_reference()))), replace_original=False)
        await ack()
        return True
    return False


def _as_answer(message: Message) -> dict[str, Any]:
    answer: dict[str, Any] = {"text": message.text, "response_type": "ephemeral"}
    if message.blocks:
        answer["blocks"] = list(message.blocks)
    return answer


def _marked(submission: Submission, errors: Mapping[str, str]) -> SubmissionAnswer:
    """Errors under the inputs they belong to; what has no input of its own goes under the first."""
    if not submission.inputs:
        return information("Handoff", " ".join(errors.values()))
    marked: dict[str, str] = {}
    for name, sentence in errors.items():
        place = name if name in submission.inputs else submission.inputs[0]
        marked[place] = f"{marked[place]} {sentence}" if place in marked else sentence
    return {name: _plain(sentence) for name, sentence in marked.items()}


def _on_first_input(submission: Submission, sentence: str) -> SubmissionAnswer:
    return _marked(submission, {"": sentence})


def _place_of(error: BaseException) -> str:
    """What was wrong and where, in a line: enough to find it by, without a traceback for whoever sends nonsense."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/bot/" in frame.filename] or frames
    return f"{type(error).__name__} at {ours[-1].filename.rpartition('/bot/')[2]}:{ours[-1].lineno}"


def _plain(sentence: str) -> str:
    # Errors in a modal are plain text: marks that make a command stand out would be read as they are.
    return one_line(sentence.replace("`", ""))
