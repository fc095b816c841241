"""Sentences that belong to no single story: errors, outsiders, what is not understood."""

from __future__ import annotations

OUTSIDER = "This is for the people who run the project. Please write to your account manager instead."
OLD_BUTTON = (
    "This button is from an older version of Handoff. The card in the channel has the ones that work."
)
UNKNOWN_SHORTCUT = "I do not know that shortcut. `/handoff help` shows what you can do."
TRY_AGAIN = "Slack did not let me show this in time. Press it again."
TYPE_AGAIN = "Slack did not let me show this in time. Type it again:"


def broken(reference: str) -> str:
    """Something unexpected happened; nothing was changed."""
    return f"Something went wrong on our side and nothing was changed. Try again; if it stays, quote {reference}."


def broken_command(reference: str) -> str:
    """The same for a command; every word that was typed follows."""
    return f"{broken(reference)} You typed:"


def not_saved(reference: str) -> str:
    """A form could not be saved; it stays open with all that was typed."""
    return f"I could not save this. Nothing you typed is lost: try again. If it stays, quote {reference}."


NOT_INSTALLED = (
    "Handoff is not installed here any more. Whoever manages the apps of this workspace can install it again; what was "
    "logged is kept for a while."
)
