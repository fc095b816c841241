"""The sentences of the Home tab."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.requests.facts import CardFacts, Line
from bot.requests.models import Promise, State
from bot.requests.overviews.overview import AwayPerson, ClientPulse, HeldCard, ProjectPulse
from bot.slack.text.after_yes import next_step as follows
from bot.slack.text.card import PROMISED_MARK
from bot.slack.text.labels import STATES
from bot.slack.text.lists import LATE, many, named, needed, reference, stands
from bot.slack.text.markup import dated, due_token, escape, hours, one_line, percent
from bot.slack.text.phrases import sentence

WELCOME = "Welcome to Handoff"
FIRST_STEP = (
    "When a client asks for “one small thing”, log it here: the project manager gets a card with all it takes to "
    "decide. You get words to send back to the client."
)
FIRST_PROJECT = (
    "Handoff needs to know a client and a project before it can send a request to whoever decides. Add your first "
    "client: the project comes right after."
)
LOG_ONE = "Log a client request"
ADD_CLIENT = "Add a client"
WAITING_ON_YOU = "Waiting on you"
NOTHING_WAITS = "Nothing waits on you."
YOU_ASKED = "You asked"
NOTHING_ASKED = "None of your asks waits for somebody else."
YOUR_PROJECTS = "Your projects"
ALL_PROJECTS = "All projects"
YOUR_CLIENTS = "Your clients"
AWAY = "Away"
HELP = "`/handoff help` shows what you can type."
PREVIOUS, NEXT = "Previous", "Next"


def headline(words: str, count: int) -> str:
    """`Waiting on you · 14`; a count that says no more than "many" is written so."""
    return f"{words} · {many(count)}" if count else words


def told(client: str) -> str:
    """The button that says that the client has the answer."""
    return f"I told {client}"


def page_label(words: str, where: str) -> str:
    """What a screen reader says of a button that turns a page: "Next, of what waits on you"."""
    return f"{where}: {words}"


def held(item: HeldCard, today: date, person_id: str) -> str:
    """One request that waits for the reader, on two or three lines: what it is, for whom, and what is to be done."""
    card = item.card
    lines = [
        f"{named(card.reference, item.place)} {escape(one_line(card.title), 150)}",
        _about(card, today, person_id),
    ]
    step = next_step(card, today)
    if step:
        lines.append(step)
    return "\n".join(lines)


def _about(card: CardFacts, today: date, person_id: str) -> str:
    by = "" if card.requester.id == person_id else f"{escape(card.requester.name)} for "
    parts = [f"{by}{escape(card.client, 60)}"]
    if card.project.casefold() != card.client.casefold():
        parts.append(escape(card.project, 60))
    parts += needed(card.needed_by, today)
    if card.estimated_minutes and card.decision is None:
        parts.append(f"about {hours(card.estimated_minutes)}")
    if card.ball_for is not None:
        parts.append(f"you stand in for {escape(card.ball_for.name)}")
    return " · ".join(parts)


def next_step(card: CardFacts, today: date) -> str:
    """What the reader is to do, where the buttons alone do not say it."""
    client = escape(card.client, 60)
    if card.state is State.NEEDS_INFO and card.question is not None:
        return f"{escape(card.question.by.name)} asks: {escape(one_line(card.question.text), 200)}"
    if card.is_back:
        return "It is back, as agreed: ask again, or let it go."
    if card.awaits_decision:
        told = f"{PROMISED_MARK} {client} was already told yes" if card.promise is Promise.PROMISED else ""
        due = f"answer due {due_token(card.clock.due_at)}" if card.clock is not None else ""
        return sentence(" · ".join(filter(None, (told, due))))
    stands = sentence(STATES[card.state])
    if card.client_told_at is None and card.decision is not None:
        late = LATE if card.answer_owed_on < today else ""
        return f"{stands}, {client} is to be told {_by(card.answer_owed_on, today)}{late}"
    return f"{stands}, {follows(card)}" if card.ball is not None else stands


def asked(item: Line, today: date) -> str:
    """One request that lies with somebody else, on two lines: what it is; with whom, and until when."""
    return "\n".join([f"{reference(item)} {escape(one_line(item.title), 150)}", *_with_whom(item, today)])


def _with_whom(item: Line, today: date) -> list[str]:
    stands_for = [escape(item.client, 60), stands(item, name_holder=True), *needed(item.needed_by, today)]
    return [" · ".join(stands_for)]


def project(item: ProjectPulse, today: date, person_id: str) -> str:
    """One project: hours agreed and accepted, growth and creep; then what waits, and the next date.

    Who runs it is named to anybody else.
    """
    facts, accepted = item.project, item.accepted
    figures = [f"{hours(facts.agreed_minutes)} agreed"]
    if accepted.minutes:
        figures.append(f"+{hours(accepted.minutes)} accepted{_share(accepted.minutes, facts.agreed_minutes)}")
    if accepted.unpaid_minutes:
        unpaid = _share(accepted.unpaid_minutes, facts.agreed_minutes)
        figures.append(f"creep {hours(accepted.unpaid_minutes)}{unpaid}")
    coming = []
    if item.pulse.waiting:
        coming.append(f"{many(item.pulse.waiting)} to decide")
    if item.pulse.needed_on is not None:
        coming.append(f"next needed {dated(item.pulse.needed_on, today)}")
    if facts.due_on is not None:
        coming.append(f"due {dated(facts.due_on, today)}{LATE if facts.due_on < today else ''}")
    run_by = "" if facts.pm_id == person_id else f" · {escape(facts.pm_name, 60)}"
    lines = [f"*{escape(facts.label, 120)}*{run_by}", " · ".join(figures), sentence(" · ".join(coming))]
    return "\n".join(filter(None, lines))


def client(item: ClientPulse, today: date) -> str:
    """One client: open asks, answers owed, renewal."""
    pulse, parts = item.pulse, []
    parts.append(f"{many(pulse.waiting)} to be decided" if pulse.waiting else "nothing open")
    if pulse.owed and pulse.owed_on is not None:
        answers = f"{many(pulse.owed)} answer{'' if pulse.owed == 1 else 's'} owed"
        first = "" if pulse.owed == 1 else "the first "
        late = LATE if pulse.owed_on < today else ""
        parts.append(f"{answers}, {first}{_by(pulse.owed_on, today)}{late}")
    if item.client.renewal_on is not None and item.client.renewal_on >= today:
        parts.append(f"renewal {dated(item.client.renewal_on, today)}")
    return f"*{escape(item.client.name, 80)}*\n{sentence(' · '.join(parts))}"


def away(people: Sequence[AwayPerson], person_id: str, today: date) -> str:
    """Who is away, until when, and who stands in for them."""
    return " · ".join(_away(one, person_id, today) for one in people)


def _away(absence: AwayPerson, person_id: str, today: date) -> str:
    until = f"until {dated(absence.until, today)}"
    delegate = escape(absence.delegate.name, 60)
    if absence.person.id == person_id:
        return f"You are away {until}, {delegate} stands in"
    who = escape(absence.person.name, 60)
    if absence.delegate.id == person_id:
        return f"{who} is away {until}, you stand in"
    return f"{who} is away {until}, {delegate} stands in"


def _by(day: date, today: date) -> str:
    """`today`, `by Fri 27 Nov`."""
    return dated(day, today) if day == today else f"by {dated(day, today)}"


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return f" ({share})" if share else ""
