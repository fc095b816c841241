"""Views: the stack of modals of each person, their Home, trigger ids that live three seconds and work once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.ids import Ids
from bot.sandbox.view_state import kept_state
from bot.sandbox.wire import JsonObject

TRIGGER_LIFE = timedelta(seconds=3)
STACK_LIMIT = 3
_TRIGGERS_KEPT = 2000


@dataclass
class View:
    """An open modal or a published Home, with what its person has typed."""

    id: str
    user: str
    team_id: str
    body: JsonObject
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    state: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    depth: int = 1

    @property
    def type(self) -> str:
        """Returns "modal" or "home"."""
        return str(self.body["type"])

    @property
    def callback_id(self) -> str:
        """Returns the app's name for the view."""
        return str(self.body.get("callback_id") or "")

    @property
    def title(self) -> str:
        """Returns the words of the title."""
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> list[JsonObject]:
        """Returns the blocks as Slack keeps them, with their ids."""
        blocks: list[JsonObject] = self.body["blocks"]
        return blocks

    @property
    def private_metadata(self) -> str:
        """Returns what the app hides in the view."""
        return str(self.body.get("private_metadata") or "")

    @property
    def external_id(self) -> str:
        """Returns the app's own id of the view."""
        return str(self.body.get("external_id") or "")

    def for_page(self) -> JsonObject:
        """Returns the view as the page draws it."""
        return {
            "id": self.id,
            "type": self.type,
            "callback_id": self.callback_id,
            "title": self.body.get("title"),
            "submit": self.body.get("submit"),
            "close": self.body.get("close"),
            "blocks": self.blocks,
            "state": self.state,
            "errors": self.errors,
            "depth": self.depth,
            "hash": self.hash,
        }


@dataclass
class Trigger:
    """What a person's act gives the app: the right to open one view, for three seconds."""

    id: str
    user: str
    team_id: str
    at: datetime
    view_id: str | None = None
    exchanged: bool = False


class Modals:
    """Every view of every person."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.by_id: dict[str, View] = {}
        self.by_external_id: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self._triggers: dict[str, Trigger] = {}

    def trigger(self, user: str, team_id: str, now: datetime, *, view_id: str | None = None) -> Trigger:
        """Makes a trigger id; old ones are forgotten in the end."""
        number = self._ids.next_number()
        trigger = Trigger(f"{number}.{number + 7}.{self._ids.secret(16)}", user, team_id, now, view_id)
        self._triggers[trigger.id] = trigger
        if len(self._triggers) > _TRIGGERS_KEPT:
            del self._triggers[next(iter(self._triggers))]
        return trigger

    def find_trigger(self, trigger_id: str) -> Trigger | None:
        """Finds a trigger, spent or not."""
        return self._triggers.get(trigger_id)

    def top(self, user: str) -> View | None:
        """Returns the modal this person sees."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def put_on_stack(self, user: str, team_id: str, body: JsonObject, *, pushed: bool) -> View:
        """Opens a modal: alone, or pushed on top of those that are open."""
        if not pushed:
            self.clear(user)
        below = self.top(user)
        view = self._new(user, team_id, body)
        if below is not None:
            view.root_view_id, view.previous_view_id = below.root_view_id, below.id
        self.stacks[user].append(view)
        view.depth = len(self.stacks[user])
        return view

    def publish_home(self, user: str, team_id: str, body: JsonObject) -> View:
        """Puts up a person's Home; it keeps its id from one publication to the next."""
        home = self.homes.get(user)
        if home is None:
            home = self.homes[user] = self._new(user, team_id, body)
        else:
            self.replace(home, body)
        return home

    def replace(self, view: View, body: JsonObject) -> None:
        """Gives a view a new body; what was typed stays where block_id and action_id are the same."""
        self._forget_external_id(view)
        view.state = kept_state(body["blocks"], view.state)
        view.body = body
        view.errors = {}
        view.hash = self._hash()
        if view.external_id:
            self.by_external_id[view.external_id] = view

    def pop(self, view: View) -> None:
        """Closes one view of a stack."""
        stack = self.stacks[view.user]
        if view in stack:
            stack.remove(view)
        self._forget(view)

    def clear(self, user: str) -> list[View]:
        """Closes every modal of a person; returns those that were open."""
        closed = self.stacks.pop(user, [])
        for view in closed:
            self._forget(view)
        return closed

    def _new(self, user: str, team_id: str, body: JsonObject) -> View:
        view_id = self._ids.fresh("V")
        state = kept_state(body["blocks"], {})
        view = View(view_id, user, team_id, body, self._hash(), root_view_id=view_id, state=state)
        self.by_id[view_id] = view
        if view.external_id:
            self.by_external_id[view.external_id] = view
        return view

    def _hash(self) -> str:
        return f"{self._ids.next_number()}.{self._ids.secret(8)}"

    def _forget(self, view: View) -> None:
        self.by_id.pop(view.id, None)
        self._forget_external_id(view)

    def _forget_external_id(self, view: View) -> None:
        if self.by_external_id.get(view.external_id) is view:
            del self.by_external_id[view.external_id]
