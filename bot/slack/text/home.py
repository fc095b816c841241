"""The sentences of the Home tab."""

from __future__ import annotations

from datetime import date

from bot.portfolio.facts import ProjectFacts
from bot.slack.text.markup import dated, escape, hours, percent

WELCOME = "Welcome to Handoff"
FIRST_STEP = (
    "When a client asks for “one small thing”, log it here: the project manager gets a card with all it takes to "
    "decide. You get words to send back to the client."
)
LOG_ONE = "Log a client request"
YOU_ASKED = "You asked"
NOTHING_ASKED = "None of your asks waits for somebody else."
YOUR_PROJECTS = "Your projects"
HELP = "`/handoff help` shows what you can type."


def project(facts: ProjectFacts, today: date) -> str:
    """One project on one line: hours, growth, due date."""
    grown = facts.minutes - facts.agreed_minutes
    share = percent(grown, facts.agreed_minutes)
    parts = [f"*{escape(facts.label, 120)}*", f"{hours(facts.agreed_minutes)} agreed"]
    parts.append(f"+{hours(grown)}" + (f" ({share})" if share else "") if grown else "no growth")
    if facts.due_on is not None:
        parts.append(f"due {dated(facts.due_on, today)}")
    return " · ".join(parts)
