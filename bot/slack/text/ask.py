"""The sentences of the form and of what follows its submission."""

from __future__ import annotations

from bot.requests.typed.wording import AskDraft, WarningKind
from bot.slack.text.markup import day, escape

TITLE = "Client request"
SUBMIT = "Log it"
PROJECT = "Project"
PROJECT_CHOOSE = "Choose a project"
PROJECT_SEARCH = "Type a few letters"
WISH = "What does the client ask for?"
WISH_EXAMPLE = "Newsletter sign-up on the home page"
DETAILS = "Details"
NEEDED_BY = "Needed by"
ROUGH_HOURS = "Rough hours"
HOURS_EXAMPLE = "3, 1.5 h, 2 days"
BELIEVES = "What does the client believe?"
PRIORITY = "How soon is an answer needed?"
REASON = "Why"
SOURCE = "Where it was said (link)"
NO_PROJECTS = "There are no projects yet. Type `/handoff client`, then `/handoff project`, and ask again."


def remarks(draft: AskDraft) -> tuple[str, ...]:
    """What could not be taken from the typed line, each with what to do."""
    said = []
    for warning in draft.warnings:
        if warning.kind is WarningKind.PAST_DATE and warning.day is not None:
            said.append(f"{escape(warning.words)} ({day(warning.day)}) is in the past. When is it needed?")
        elif warning.kind is WarningKind.UNKNOWN_PROJECT:
            said.append(f"I know no project called “{escape(warning.words, 80)}”. Which one is it?")
        elif warning.kind is WarningKind.AMBIGUOUS_PROJECT:
            said.append(f"“{escape(warning.words, 80)}” could be more than one project. Which one is it?")
    return tuple(said)


def overflow(length: int, shown: int) -> str:
    """The typed text is longer than a form holds."""
    return (
        f"You typed {length:,} characters. The form shows the first {shown:,} of the details; "
        "the rest is kept and goes along when you log it."
    )


def logged(reference: str, title: str, decider: str, project: str) -> str:
    """What the AM reads after logging."""
    return f"{reference} · {escape(title, 200)} is logged on {escape(project)}. Ball: {escape(decider)}."


def could_not_open(text: str) -> str:
    """The form did not open in time; everything typed is given back."""
    return f"Slack did not let me open the form in time. Press the button to open it with what you typed:\n>{text}"
