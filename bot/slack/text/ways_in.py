"""The sentences of the other ways in: a mention of the bot, and the step of a workflow."""

from __future__ import annotations

from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.requests.from_step import UnclearProject, UnknownChoice
from bot.slack.text.markup import clean, one_line
from bot.slack.text.refusals import Reading, explains

LOG_IT = "Log it"
OPEN_FORM = "Log a client request"
LOG_THAT = "Press the button, and the form opens with what was said here."
LOG_THAT_UNREAD = (
    "Press the button, and the form opens with the link to this. I cannot read the message itself here, "
    "so please add its words."
)
HELP = (
    "Write “log this” with my name under a client's message, and I take its words, its author and its link along. "
    "Or type `/ask`. `/handoff help` shows everything else."
)
NOBODY = "The account manager in whose name this is logged is not known here, or is not of this company."
# What the inputs of the step are called, for sentences about them.
_INPUTS = {
    "project": "Project",
    "title": "What does the client ask for?",
    "needed_by": "Needed by",
    "requester": "Account manager",
    "hours": "Hours, about",
    "priority": "Priority",
    "promise": "What the client was told",
}


def said_by(name: str) -> str:
    """Who said it, below the words themselves."""
    return f"Said by {one_line(clean(name))}."


def about_input(field: str, sentence: str) -> str:
    """Why one input of the step is not taken."""
    named = _INPUTS.get(field)
    return f"{named}: {sentence}" if named else sentence


def is_about_the_requester(refusal: Exception) -> bool:
    """Whether it is the account manager who cannot log anything."""
    return isinstance(refusal, ExternalPerson | UnknownPerson)


@explains(UnclearProject)
def _(refusal: UnclearProject, _r: Reading) -> str:
    typed = one_line(refusal.typed)[:60]
    if not refusal.meant:
        return f"I know no project called “{typed}”. Give its key or its name."
    return f"“{typed}” could be {', '.join(refusal.meant[:10])}. Give the key of the one you mean."


@explains(UnknownChoice)
def _(refusal: UnknownChoice, _r: Reading) -> str:
    return f"I do not know “{one_line(refusal.typed)[:60]}”. Write {', '.join(refusal.known[:-1])} or {refusal.known[-1]}."
