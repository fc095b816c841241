"""Tells a person's client what it has to show now: the top modal, the Home tab."""

from __future__ import annotations

from bot.sandbox.workspace import Workspace


def show_modal(workspace: Workspace, user: str) -> None:
    """Tells the client which modal is on top, if any."""
    if workspace.changes.is_watched:
        view = workspace.modals.top(user)
        workspace.changes.tell([user], {"type": "view", "view": view.for_page() if view else None})


def show_home(workspace: Workspace, user: str) -> None:
    """Tells the client what the Home tab shows."""
    if workspace.changes.is_watched:
        home = workspace.modals.homes.get(user)
        workspace.changes.tell([user], {"type": "home", "view": home.for_page() if home else None})
