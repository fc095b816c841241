"""What people were promised: written down by the bench as it happens, to be held against the rows afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Told(StrEnum):
    """What somebody saw after they did something."""

    DONE = "done"
    # Slack itself said that the app did not answer, or was broken by the bench as it was to show the answer.
    SLACK_FAILED = "slack failed"
    # The app said that it did not work, and why.
    REFUSED = "refused"
    # Nothing at all happened.
    NOTHING = "nothing"


@dataclass
class Ledger:
    """Requests by their title, decisions by the request they are on, and every answer people got."""

    # Titles that were sent off, and whether the app took them (acked, and nothing wrong in the answer).
    asked: dict[str, bool] = field(default_factory=dict)
    # The state a request must be in, by its id, where the app took the decision.
    decided: dict[str, str] = field(default_factory=dict)
    # The minutes that a request must have, by its id, where the app took a change.
    edited: dict[str, int] = field(default_factory=dict)
    told: Counter[Told] = field(default_factory=Counter)
    # What was answered with nothing: what to look at.
    unanswered: list[str] = field(default_factory=list)
    # What could not be done however often it was tried.
    given_up: list[str] = field(default_factory=list)

    def note(self, told: Told, what: str) -> None:
        """Count an answer."""
        self.told[told] += 1
        if told is Told.NOTHING:
            self.unanswered.append(what)

    @property
    def acked(self) -> int:
        """How much the app has promised: requests, changes and decisions that it took."""
        return sum(self.asked.values()) + len(self.edited) + len(self.decided)
