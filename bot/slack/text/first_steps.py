"""The sentences of the guide through the first steps, which whoever installed it reads on their Home."""

from __future__ import annotations

from bot.onboarding.service import FirstProject
from bot.slack.text.markup import channel, escape

TITLE = "Set Handoff up"
WHAT_IT_IS = (
    "Handoff joins in one thread what a client asks for, who decides, and who pays. "
    "A few steps, and the first request can come."
)
ADD_CLIENT, ADD_PROJECT, LOOK_AGAIN = "Add a client", "Add a project", "Check"
LOG_ONE, SET_DIGESTS = "Log a request", "Set the digests"
HIDE = "Hide these steps"
HIDE_LABEL = "Hide the first steps for good"
CLIENT = "*{} · Add a client*\nSomebody you work for, and the account manager who looks after them."
PROJECT = "*{} · Add a project*\nIts project manager decides, in the project's own channel."
DIGESTS = "*{} · Set the digests*\nOnce a week what grows and who pays, every working day what is due."
LATER = (
    "{} · Add a project, with its channel and its manager",
    "{} · Invite Handoff to the project's channel",
    "{} · Log a first request",
    "{} · Set the digests",
)


def progress(done: int, of: int) -> str:
    """How far it has come, and that nobody else is bothered with it."""
    return f"{done} of {of} done · only you see this"


def invite(number: int, channel_id: str) -> str:
    """How Handoff gets into the channel."""
    return (
        f"*{number} · Invite Handoff to* {channel(channel_id)}\n"
        "Type `/invite @Handoff` there: only where it is a member can it post a card."
    )


def ask(number: int, project: FirstProject) -> str:
    """How a first request is logged, and who hears of it."""
    return (
        f"*{number} · Log a first request*\n"
        f"Type `/ask {project.key.lower()} a sign-up on the home page` anywhere, or press here: "
        f"{escape(project.pm_name, 100)} gets a card to decide on."
    )


def client_done(name: str) -> str:
    """The first client is there."""
    return f"✓ *{escape(name, 120)}* is a client"


def project_done(project: FirstProject) -> str:
    """The first project is there."""
    return f"✓ {escape(project.pm_name, 100)} decides on *{escape(project.name, 120)}* in {channel(project.channel_id)}"


def invited(channel_id: str) -> str:
    """Handoff is where it has to be."""
    return f"✓ Handoff is in {channel(channel_id)}"


def asked(reference: str) -> str:
    """The first request is there."""
    return f"✓ *{reference}* is logged"


def digest_done(channel_id: str) -> str:
    """A digest is set."""
    return f"✓ Digests come to {channel(channel_id)}"


def not_there_yet(channel_id: str) -> str:
    """It was looked at, and Handoff is not a member."""
    return f"Handoff is not in {channel(channel_id)} yet. Type `/invite @Handoff` there, then press again."
