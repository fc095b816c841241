"""Who decides: the project's manager, or the next authority when it is their own request."""

from __future__ import annotations


def decider_for(*, requester_id: str, pm_id: str, am_id: str, director_id: str | None) -> str | None:
    """The first of project manager, director and account manager who did not log it; none if all did.

    Nobody decides a request of their own: checks and balances stay when AM and PM are one person.
    """
    for candidate in (pm_id, director_id, am_id):
        if candidate and candidate != requester_id:
            return candidate
    return None
