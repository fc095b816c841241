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
OPEN_FORM = "Open the form"
NO_PROJECTS = (
    "There is no open project to log it on. Type `/handoff client`, then `/handoff project`, and ask again."
)
NO_PROJECTS_WITH_WORDS = (
    "There is no open project to log it on. Type `/handoff client`, then `/handoff project`, and press the button: "
    "the form opens with what you typed:"
)
COULD_NOT_OPEN = "Slack did not let me open the form. Press the button to open it with what you typed:"


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
