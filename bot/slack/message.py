"""What Handoff shows: a message, a modal, a Home. Values; the gateway sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message: `text` says all that matters by itself (screen readers and lock screens show only that)."""

    text: str
    blocks: tuple[Block, ...] = ()
    # The same without what Slack may not draw yet (charts, tables): sent when the blocks are refused.
    fallback: Message | None = None


@dataclass(frozen=True)
class Modal:
    """A modal: one screen, required fields first."""

    callback_id: str
    title: str
    blocks: tuple[Block, ...]
    submit: str | None = None
    close: str = "Cancel"
    private_metadata: str = ""
    notify_on_close: bool = False

    def payload(self) -> Block:
        """The view as Slack's views.* methods take it."""
        view: Block = {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": plain(self.title),
            "close": plain(self.close),
            "blocks": list(self.blocks),
            "private_metadata": self.private_metadata,
            "notify_on_close": self.notify_on_close,
        }
        if self.submit is not None:
            view["submit"] = plain(self.submit)
        return view


@dataclass(frozen=True)
class Home:
    """A person's Home tab."""

    blocks: tuple[Block, ...]

    def payload(self) -> Block:
        """The view as views.publish takes it."""
        return {"type": "home", "blocks": list(self.blocks)}


def plain(text: str) -> Block:
    """A plain_text object; emoji codes are drawn."""
    return {"type": "plain_text", "text": text, "emoji": True}
