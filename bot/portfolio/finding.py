"""Finds a client or a project by what somebody types after a command. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.portfolio.facts import ClientFacts, ProjectFacts


def find_clients(clients: Sequence[ClientFacts], typed: str) -> list[ClientFacts]:
    """The clients that are meant: the one of this name, else those that begin so, else those that hold it."""
    word = " ".join(typed.split()).casefold()
    for fits in (str.__eq__, str.startswith, str.__contains__):
        found = [client for client in clients if fits(client.name.casefold(), word)]
        if found:
            return found
    return []


def find_projects(projects: Sequence[ProjectFacts], typed: str) -> list[ProjectFacts]:
    """The projects that are meant: the one with this key or name, else those whose name or client holds it."""
    word = " ".join(typed.split()).casefold()
    exact = [facts for facts in projects if word in {facts.key.casefold(), facts.name.casefold()}]
    return exact or [facts for facts in projects if word in f"{facts.client_name} {facts.name}".casefold()]
