"""A person driven by a test or the demo: says, presses, fills and sees what a human does in Slack's client."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.sandbox.channels import Channel
from bot.sandbox.client import interacting, modal_acts, saying
from bot.sandbox.client.answers import CommandResult, PressResult, SubmitResult
from bot.sandbox.client.choosing import find_for_filling, state_value
from bot.sandbox.messages import Message
from bot.sandbox.modals import View
from bot.sandbox.people import Member
from bot.sandbox.posting import tell_unread
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


class Person:
    """One person; what cannot be done raises LookupError with a sentence that lists what is there."""

    def __init__(self, workspace: Workspace, member: Member) -> None:
        self._workspace = workspace
        self.member = member

    @property
    def id(self) -> str:
        """Returns the user id."""
        return self.member.id

    def _channel(self, channel: str | Channel) -> Channel:
        if isinstance(channel, Channel):
            return channel
        if channel in self._workspace.members:
            return self._workspace.direct_message(self.id, channel)
        return self._workspace.channel_named(channel)

    # -- writing ----------------------------------------------------------------------------------

    async def say(self, channel: str | Channel, text: str, *, thread_ts: str | None = None) -> Message:
        """Writes a message (channel: id, name, or a user id for a direct message)."""
        where = self._channel(channel)
        return await saying.say(self._workspace, self.member, where, text, thread_ts=thread_ts)

    async def command(
        self, channel: str | Channel, command: str, text: str = "", *, in_thread: bool = False
    ) -> CommandResult:
        """Runs a slash command in a channel."""
        where = self._channel(channel)
        return await saying.command(self._workspace, self.member, where, command, text, in_thread=in_thread)

    def do_not_disturb(self, start: datetime, end: datetime) -> None:
        """Wants to be left alone between two instants."""
        between = (int(start.timestamp()), int(end.timestamp()))
        self._workspace.undisturbed[self.id] = between

    # -- pressing ---------------------------------------------------------------------------------

    async def press(
        self,
        target: Message | View | None,
        action_id: str,
        *,
        value: Any = None,
        block_id: str | None = None,
        ts: str | None = None,
        channel: str | Channel | None = None,
    ) -> PressResult:
        """Presses a button (or uses a menu, with value) in a message or view, or in the message ts of channel."""
        if isinstance(target, View):
            return await interacting.use_in_view(
                self._workspace, self.member, target, action_id, block_id=block_id, value=value
            )
        message = target or self._message(channel, ts)
        where = self._workspace.channels[message.channel]
        return await interacting.press_in_message(
            self._workspace, self.member, where, message, action_id, block_id=block_id, value=value
        )

    def _message(self, channel: str | Channel | None, ts: str | None) -> Message:
        if channel is None or ts is None:
            raise LookupError("Say which message: give the message itself, or channel and ts.")
        where = self._channel(channel)
        message = self._workspace.find_message(where, ts, self.id)
        if message is None:
            raise LookupError(f"There is no message {ts} in #{where.name}: there are {sorted(where.by_ts)}.")
        return message

    async def shortcut(
        self, callback_id: str, *, message: Message | None = None, channel: str | Channel | None = None
    ) -> PressResult:
        """Uses a global shortcut, or with a message a message shortcut."""
        where = self._channel(channel) if channel is not None else None
        if message is not None:
            where = self._workspace.channels[message.channel]
        return await interacting.shortcut(
            self._workspace, self.member, callback_id, channel=where, message=message
        )

    # -- modals -----------------------------------------------------------------------------------

    @property
    def modal(self) -> View | None:
        """Returns the modal this person sees, if any."""
        return self._workspace.modals.top(self.id)

    def _open_modal(self) -> View:
        view = self.modal
        if view is None:
            raise LookupError(f"{self.member.name} has no modal open.")
        return view

    async def fill(self, **values: Any) -> None:
        """Types into the open modal; names are action_ids or block_ids, options go by value or by label."""
        view = self._open_modal()
        for name, value in values.items():
            block, element = find_for_filling(view.blocks, name)
            kept = view.state.setdefault(block["block_id"], {})
            kept[element["action_id"]] = state_value(element, value)
            view.errors.pop(block["block_id"], None)

    async def choose(self, action_id: str, value: Any = None, *, block_id: str | None = None) -> PressResult:
        """Uses an element of the open modal that tells the app at once."""
        return await interacting.use_in_view(
            self._workspace, self.member, self._open_modal(), action_id, block_id=block_id, value=value
        )

    async def submit(self) -> SubmitResult:
        """Presses the modal's submit button. Raises LookupError where it has none."""
        view = self._open_modal()
        if not view.body.get("submit"):
            raise LookupError(f"The modal {view.title!r} has no submit button.")
        return await modal_acts.submit(self._workspace, self.member, view)

    async def close_modal(self, *, whole_stack: bool = False) -> None:
        """Presses Cancel, or with whole_stack the x."""
        await modal_acts.close(self._workspace, self.member, self._open_modal(), whole_stack=whole_stack)

    async def suggestions(
        self, action_id: str, typed: str, *, message: Message | None = None
    ) -> list[JsonObject]:
        """Types into an external select and returns the options the app offers (groups flattened)."""
        view = None if message is not None else self._open_modal()
        shown = await interacting.suggestions(
            self._workspace, self.member, action_id, typed, view=view, message=message
        )
        options: list[JsonObject] = list(shown.get("options") or ())
        for group in shown.get("option_groups") or ():
            options.extend(group["options"])
        return options

    def typed(self, name: str) -> Any:
        """Returns what a field of the open modal holds now."""
        view = self._open_modal()
        block, element = find_for_filling(view.blocks, name)
        kept = dict(view.state.get(block["block_id"], {}).get(element["action_id"], {}))
        kept.pop("type", None)
        return next(iter(kept.values()), None)

    # -- seeing -----------------------------------------------------------------------------------

    async def open_home(self, tab: str = "home") -> View | None:
        """Opens the app's Home (or Messages) tab."""
        return await interacting.open_home(self._workspace, self.member, tab)

    @property
    def home(self) -> View | None:
        """Returns the Home tab published for this person."""
        return self._workspace.modals.homes.get(self.id)

    @property
    def direct_messages(self) -> list[Message]:
        """Lists the messages of the direct message with the bot, oldest first."""
        channel = self._workspace.existing_direct_message(self.id, self._workspace.seed.bot_user_id)
        return channel.messages if channel else []

    @property
    def ephemerals(self) -> list[Message]:
        """Lists what only this person was shown, in order, in all channels."""
        found = [
            message
            for channel in self._workspace.channels.values()
            for message in channel.ephemerals_of(self.id)
        ]
        return sorted(found, key=lambda message: message.ts)

    async def read(self, channel: str | Channel, ts: str | None = None) -> None:
        """Reads a channel, to its end or to a message."""
        where = self._channel(channel)
        where.mark_read(self.id, ts or where.last_ts or "")
        tell_unread(self._workspace, where)
