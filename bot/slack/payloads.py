"""What Slack sends, read once into plain values: the payload dictionaries stop here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

Payload: TypeAlias = Mapping[str, Any]
# An organisation's id; and how old an event may be that tells of it: what Slack sends again a minute later is old.
_ORGANISATION = re.compile(r"E[A-Z0-9]{1,31}")
_NEWS = timedelta(seconds=50)
_NOT_TOLD = object()
# A typed or chosen value: text, an option's value, an id, an ISO date; a list where several can be chosen.
Value: TypeAlias = str | list[str] | None


@dataclass(frozen=True)
class Who:
    """Who did it, in which installation; `is_outsider` is somebody from another workspace (Slack Connect).

    In an organisation the payload does not say who is a colleague from another workspace and who an outsider: such a
    one `is_from_elsewhere`, and has to be looked up.
    """

    workspace_id: str
    person_id: str
    is_outsider: bool = False
    is_from_elsewhere: bool = False


@dataclass(frozen=True)
class Command:
    """A slash command somebody typed in a channel."""

    who: Who
    name: str
    text: str
    channel_id: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True)
class Press:
    """A button pressed, or something chosen, on a message or in a view."""

    who: Who
    action_id: str
    value: Value
    trigger_id: str
    channel_id: str = ""
    message_ts: str = ""
    is_ephemeral: bool = False
    response_url: str = ""
    view_id: str = ""
    view_hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    # The button stands in a modal: what it opens goes on top of that one.
    is_in_modal: bool = False
    # The button stands on a Home, where there is no message to answer beside.
    is_on_home: bool = False
    # What stands in the view's inputs at this moment, by block id.
    values: Mapping[str, Value] = field(default_factory=dict)
    # What the view shows, as Slack gives it back: for drawing it anew with one thing changed.
    blocks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Submission:
    """A modal sent off; `inputs` are the block ids of its inputs in order, where errors can be shown."""

    who: Who
    callback_id: str
    view_id: str
    private_metadata: str
    values: Mapping[str, Value]
    inputs: tuple[str, ...]
    # Another modal lies beneath: done with this one, nobody wants to see that again.
    is_on_top: bool = False

    def text(self, name: str) -> str:
        """A single value as text; empty when nothing was typed or chosen."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Shortcut:
    """A shortcut chosen from a message's menu, or from anywhere."""

    who: Who
    callback_id: str
    trigger_id: str
    channel_id: str = ""
    message_ts: str = ""
    message_text: str = ""
    message_author: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Letters typed into a select that asks for its options."""

    who: Who
    action_id: str
    typed: str
    # Of the view in which it is typed.
    private_metadata: str = ""


@dataclass(frozen=True)
class Said:
    """A message somebody wrote in a channel where the bot is."""

    who: Who
    channel_id: str
    ts: str
    thread_ts: str
    text: str
    # Written by a person just now: not by a bot, not an edit, a join or a file.
    is_plain: bool


@dataclass(frozen=True)
class Happened:
    """Any other event, with the few facts that matter to us."""

    workspace_id: str
    kind: str
    person_id: str = ""
    channel_id: str = ""
    tab: str = ""
    text: str = ""
    ts: str = ""
    thread_ts: str = ""
    person: Mapping[str, Any] = field(default_factory=dict)
    # Whether tokens of the bot were revoked.
    bot_tokens: bool = False
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class StepRun:
    """A step of ours that a workflow runs; `token` is the one it may be ended with."""

    workspace_id: str
    callback_id: str
    execution_id: str
    inputs: Mapping[str, Any]
    token: str = ""

    def text(self, name: str) -> str:
        """An input as text; empty when nothing was given."""
        return _text(self.inputs, name).strip()


def read_command(body: Payload) -> Command:
    """A slash command's form."""
    return Command(
        who=_who(body, _text(body, "user_id"), None),
        name=_text(body, "command"),
        text=_text(body, "text"),
        channel_id=_text(body, "channel_id"),
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )


def read_press(body: Payload) -> Press:
    """A block_actions payload; Slack sends one action at a time."""
    action = next(iter(_objects(body, "actions")), {})
    container, view = _object(body, "container"), _object(body, "view")
    message, channel = _object(body, "message"), _object(body, "channel")
    return Press(
        who=_person(body),
        action_id=_text(action, "action_id"),
        value=_value(action),
        trigger_id=_text(body, "trigger_id"),
        channel_id=_text(channel, "id") or _text(container, "channel_id"),
        message_ts=_text(container, "message_ts") or _text(message, "ts"),
        is_ephemeral=bool(container.get("is_ephemeral")),
        response_url=_text(body, "response_url"),
        view_id=_text(view, "id"),
        view_hash=_text(view, "hash"),
        callback_id=_text(view, "callback_id"),
        private_metadata=_text(view, "private_metadata"),
        is_in_modal=view.get("type") == "modal",
        is_on_home=view.get("type") == "home",
        values=_state(view),
        blocks=tuple(dict(block) for block in _objects(view, "blocks")),
    )


def read_submission(body: Payload) -> Submission:
    """A view_submission payload."""
    view = _object(body, "view")
    return Submission(
        who=_person(body),
        callback_id=_text(view, "callback_id"),
        view_id=_text(view, "id"),
        private_metadata=_text(view, "private_metadata"),
        values=_state(view),
        inputs=tuple(
            _text(block, "block_id") for block in _objects(view, "blocks") if block.get("type") == "input"
        ),
        is_on_top=bool(view.get("previous_view_id")),
    )


def read_shortcut(body: Payload) -> Shortcut:
    """A message shortcut (message_action) or a global one."""
    message, channel = _object(body, "message"), _object(body, "channel")
    return Shortcut(
        who=_person(body),
        callback_id=_text(body, "callback_id"),
        trigger_id=_text(body, "trigger_id"),
        channel_id=_text(channel, "id"),
        message_ts=_text(body, "message_ts") or _text(message, "ts"),
        message_text=_text(message, "text"),
        message_author=_text(message, "user"),
    )


def read_suggestion(body: Payload) -> Suggestion:
    """A block_suggestion payload."""
    return Suggestion(
        who=_person(body),
        action_id=_text(body, "action_id"),
        typed=_text(body, "value"),
        private_metadata=_text(_object(body, "view"), "private_metadata"),
    )


def read_said(body: Payload) -> Said:
    """A message event."""
    event = _object(body, "event")
    return Said(
        who=_who(body, _text(event, "user"), _text(event, "user_team") or _text(event, "team") or None),
        channel_id=_text(event, "channel"),
        ts=_text(event, "ts"),
        thread_ts=_text(event, "thread_ts"),
        text=_text(event, "text"),
        is_plain=not event.get("subtype") and not event.get("bot_id") and bool(event.get("user")),
    )


def is_our_own(body: Payload, bot_id: str) -> bool:
    """Whether an event tells of a message that we posted or redrew ourselves: nothing to do, and there are many."""
    event = _object(body, "event")
    message = _object(event, "message") or event
    return bool(bot_id) and event.get("type") == "message" and message.get("bot_id") == bot_id


def read_happened(body: Payload) -> Happened:
    """Any event: Slack gives `user` and `channel` as an id or as an object, depending on the event."""
    event = _object(body, "event")
    user, channel = event.get("user"), event.get("channel")
    # A private channel may get another id when sharing it begins.
    place = _text(event, "channel") or _text(event, "old_channel_id")
    return Happened(
        workspace_id=_installed_in(body),
        kind=_text(event, "type"),
        person_id=_text(user, "id") if isinstance(user, Mapping) else _text(event, "user"),
        channel_id=_text(channel, "id") if isinstance(channel, Mapping) else place,
        tab=_text(event, "tab"),
        text=_text(event, "text"),
        ts=_text(event, "ts"),
        thread_ts=_text(event, "thread_ts"),
        person=user if isinstance(user, Mapping) else {},
        bot_tokens=bool(_object(event, "tokens").get("bot")),
        at=_event_time(body),
    )


def read_membership(body: Payload, now: datetime) -> tuple[str, str] | None:
    """The workspace for whose installation an event is sent, and the organisation it belongs to ("" for none).

    Only events name both of one installation: elsewhere the organisation may be that of another company's person. One
    that comes late tells how it was.
    """
    installation = next(iter(_objects(body, "authorizations")), {})
    workspace_id, told = _text(installation, "team_id"), installation.get("enterprise_id", _NOT_TOLD)
    if not workspace_id or _is_org_wide(body) or now - _event_time(body) >= _NEWS:
        return None
    if told is None:
        return workspace_id, ""
    return (workspace_id, told) if isinstance(told, str) and _ORGANISATION.fullmatch(told) else None


def read_step(body: Payload) -> StepRun:
    """A function_executed event."""
    event = _object(body, "event")
    return StepRun(
        workspace_id=_installed_in(body),
        callback_id=_text(_object(event, "function"), "callback_id"),
        execution_id=_text(event, "function_execution_id"),
        inputs=_object(event, "inputs"),
        token=_text(event, "bot_access_token"),
    )


def _person(body: Payload) -> Who:
    user = _object(body, "user")
    return _who(body, _text(user, "id"), _text(user, "team_id") or None)


def _who(body: Payload, person_id: str, home_team: str | None) -> Who:
    installed = _installed_in(body)
    is_other = home_team is not None and home_team != installed
    in_org = bool(_enterprise_of(body))
    return Who(
        workspace_id=installed,
        person_id=person_id,
        is_outsider=is_other and not in_org,
        is_from_elsewhere=is_other and in_org,
    )


def _installed_in(body: Payload) -> str:
    """The workspace (or organisation) where the app is installed, which is not always the presser's own."""
    # Views name it themselves, and an organisation's id begins with E: where another company's person sends one off,
    # the rest of the payload is about their company.
    named = _text(_object(body, "view"), "app_installed_team_id")
    if named.startswith("E"):
        return named
    if _is_org_wide(body):
        return _enterprise_of(body)
    return (
        named
        or _text(_object(body, "team"), "id")
        or _text(_installation_in(body), "team_id")
        or _text(body, "team_id")
    )


def _is_org_wide(body: Payload) -> bool:
    told = _installation_in(body).get("is_enterprise_install")
    return told is True or told == "true"


def _enterprise_of(body: Payload) -> str:
    """The organisation of the installation, if it is in one."""
    return _text(_object(body, "enterprise"), "id") or _text(_installation_in(body), "enterprise_id")


def _installation_in(body: Payload) -> Payload:
    # Events say it of the installation for which they are sent; it is the first of a list of one.
    return next(iter(_objects(body, "authorizations")), body)


def _state(view: Payload) -> dict[str, Value]:
    values = _object(_object(view, "state"), "values")
    found: dict[str, Value] = {}
    for block_id in values:
        for element in _object(values, block_id).values():
            if isinstance(element, Mapping):
                found[block_id] = _value(element)
    return found


def _value(element: Payload) -> Value:
    """What was typed or chosen, whatever kind of element it is."""
    for name in (
        "value",
        "selected_date",
        "selected_time",
        "selected_user",
        "selected_channel",
        "selected_conversation",
    ):
        if isinstance(element.get(name), str):
            return _text(element, name)
    if isinstance(element.get("selected_option"), Mapping):
        return _text(element["selected_option"], "value")
    if isinstance(element.get("selected_options"), list):
        return [_text(option, "value") for option in _objects(element, "selected_options")]
    for name in ("selected_users", "selected_channels", "selected_conversations"):
        if isinstance(element.get(name), list):
            return [_storable(item) for item in element[name] if isinstance(item, str)]
    return None


def _object(source: Payload, name: str) -> Payload:
    value = source.get(name)
    return value if isinstance(value, Mapping) else {}


def _objects(source: Payload, name: str) -> list[Payload]:
    value = source.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _event_time(body: Payload) -> datetime:
    told = body.get("event_time")
    # A number that no calendar holds is no time either.
    return datetime.fromtimestamp(told if isinstance(told, int) and 0 <= told < 2**33 else 0, UTC)


def _text(source: Payload, name: str) -> str:
    value = source.get(name)
    if isinstance(value, str):
        return _storable(value)
    return str(value) if isinstance(value, int | float) else ""


def _storable(text: str) -> str:
    """Without what no database takes: a NUL (PostgreSQL), half of a character (both)."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", "")
