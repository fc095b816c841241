"""The workspace itself, without its doors: who and what is in it, and the parts that keep it going."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.changes import Changes
from bot.sandbox.channels import Channel, channel_of
from bot.sandbox.clock import Clock
from bot.sandbox.delivery.answers import Answer
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.http import HttpDelivery
from bot.sandbox.delivery.payloads import Payloads
from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.ids import Ids
from bot.sandbox.markup import Directory
from bot.sandbox.messages import Message
from bot.sandbox.modals import Modals
from bot.sandbox.people import Member, bot_member, member_of
from bot.sandbox.problems import Problem
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.seeds import WorkspaceSeed
from bot.sandbox.step_execution import StepExecution
from bot.sandbox.timetable import Timetable
from bot.sandbox.view_state import State
from bot.sandbox.wire import JsonObject


class Workspace:
    """State and its few primitives; posting, events, the client's acts and the Web API build on it."""

    def __init__(self, seed: WorkspaceSeed, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self.ids = Ids()
        self.url = "http://127.0.0.1"
        self.faults = Faults()
        self.problems: list[Problem] = []
        self.changes = Changes()
        self.timetable = Timetable()
        self.rate_limits = RateLimits()
        self.modals = Modals(self.ids)
        self.response_urls = ResponseUrls(self.ids)
        self.files = Files(self.ids)
        self.payloads = Payloads(seed)
        self.scheduled: dict[str, JsonObject] = {}
        self.step_executions: dict[str, StepExecution] = {}
        # What each person has chosen in a message and not sent yet: by channel, ts and person.
        self.message_states: dict[tuple[str, str, str], State] = {}
        # Between which seconds since 1970 each person wants to be left alone; nobody else has do-not-disturb on.
        self.undisturbed: dict[str, tuple[int, int]] = {}
        self._granted = frozenset(seed.app.bot_scopes)
        self._last_ts = 0
        self.is_installed = True
        # A dead token stays dead: who installs again gets a new one.
        self.bot_token = seed.bot_token
        # What people were sent back with, and nobody has exchanged yet.
        self.install_codes: set[str] = set()
        self.members = self._members()
        self.channels: dict[str, Channel] = {}
        for channel in seed.channels:
            self.channels[channel.id] = channel_of(channel, seed.bot_user_id, self.seconds())
        self._ims: dict[frozenset[str], Channel] = {}
        self.socket_mode = SocketMode(seed.app_id, self.ids, self.report, self._connection_changed)
        self.http_delivery: HttpDelivery | None = None
        if seed.request_url:
            self.http_delivery = HttpDelivery(seed.request_url, seed.signing_secret, self.report)
        self.courier = Courier(
            self.http_delivery or self.socket_mode, clock, self.timetable, self.faults.deliveries
        )
        self.faults.deliveries.disconnect = self.socket_mode.disconnect

    def _members(self) -> dict[str, Member]:
        members = {
            person.id: member_of(person, self.seed, position)
            for position, person in enumerate(self.seed.people)
        }
        members[self.seed.bot_user_id] = bot_member(self.seed)
        return members

    # -- time -------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Returns the workspace's time."""
        return self.clock.now()

    def seconds(self) -> int:
        """Returns the workspace's time in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def next_ts(self) -> str:
        """Returns a message ts: unique and rising in the whole workspace, even if the clock goes back."""
        now = self.clock.now()
        micros = int(now.replace(microsecond=0).timestamp()) * 1_000_000 + now.microsecond
        self._last_ts = max(micros, self._last_ts + 1)
        seconds, rest = divmod(self._last_ts, 1_000_000)
        return f"{seconds}.{rest:06d}"

    # -- finding ----------------------------------------------------------------------------------

    @property
    def bot(self) -> Member:
        """Returns the app's bot user."""
        return self.members[self.seed.bot_user_id]

    @property
    def scopes(self) -> frozenset[str]:
        """Returns the scopes the bot token holds now."""
        missing = self.faults.missing_scopes
        return self._granted - missing if missing else self._granted

    @property
    def directory(self) -> Directory:
        """Returns who is who, for reading what a person typed."""
        return Directory(
            user_by_name=self.user_id_by_name,
            channel_by_name=self.channel_id_by_name,
            has_user=self.members.__contains__,
            has_channel=self.channels.__contains__,
        )

    def user_id_by_name(self, name: str) -> str | None:
        """Finds a member by handle or by real name without spaces, whatever the capitals."""
        wanted = name.casefold()
        for member in self.members.values():
            names = (member.name, member.real_name.replace(" ", ""), member.real_name.replace(" ", "."))
            if wanted in (known.casefold() for known in names):
                return member.id
        return None

    def channel_id_by_name(self, name: str) -> str | None:
        """Finds a channel by its name."""
        wanted = name.lstrip("#")
        for channel in self.channels.values():
            if channel.name == wanted and not channel.is_im:
                return channel.id
        return None

    def channel_named(self, id_or_name: str) -> Channel:
        """Finds a channel by id or name. Raises LookupError that lists what there is."""
        channel = self.channels.get(id_or_name)
        if channel is None:
            channel = self.channels.get(self.channel_id_by_name(id_or_name) or "")
        if channel is None:
            names = ", ".join(f"#{known.name}" for known in self.channels.values() if not known.is_im)
            raise LookupError(f"There is no channel {id_or_name!r} in the workspace: there are {names}.")
        return channel

    def member_named(self, user: str) -> Member:
        """Finds a member by id or handle. Raises LookupError that lists who there is."""
        member = self.members.get(user) or self.members.get(self.user_id_by_name(user) or "")
        if member is None:
            known = ", ".join(f"{who.id} ({who.name})" for who in self.members.values())
            raise LookupError(f"There is no person {user!r} in the workspace: there are {known}.")
        return member

    def direct_message(self, one: str, other: str) -> Channel:
        """Returns the direct message between two, opened if need be."""
        pair = frozenset((one, other))
        channel = self._ims.get(pair)
        if channel is None:
            channel_id = self.ids.fresh("D")
            channel = Channel(channel_id, channel_id, is_im=True, members=set(pair), created=self.seconds())
            self.channels[channel.id] = self._ims[pair] = channel
        return channel

    def existing_direct_message(self, one: str, other: str) -> Channel | None:
        """Returns the direct message between two if it was ever opened."""
        return self._ims.get(frozenset((one, other)))

    def find_message(self, channel: Channel, ts: str, viewer: str) -> Message | None:
        """Finds a message, or an ephemeral this person sees."""
        message = channel.by_ts.get(ts)
        if message is None:
            message = next((one for one in channel.ephemerals_of(viewer) if one.ts == ts), None)
        return message

    # -- noting -----------------------------------------------------------------------------------

    def report(self, kind: str, text: str) -> None:
        """Writes down a fault of the app in Slack's protocol."""
        self.problems.append(Problem(kind, text, self.clock.now().astimezone(UTC)))

    async def interact(self, payload: JsonObject) -> Answer:
        """Sends an interaction to the app, if its manifest has interactivity switched on."""
        if not self.seed.app.interactivity:
            self.report(
                "no_interactivity", "The manifest does not enable interactivity: nothing can be pressed."
            )
            return Answer(False, reason="not_configured")
        return await self.courier.ask("interactive", payload)

    def _connection_changed(self, connected: bool) -> None:
        self.changes.tell_everyone({"type": "connected", "connected": connected})
