"""The sentences of lists, of one request shown whole, and of help."""

from __future__ import annotations

from datetime import date

from bot.db.paging import COUNTED
from bot.requests.facts import CardFacts, Line, PastEvent
from bot.requests.models import EventKind, State
from bot.slack.text import editing
from bot.slack.text.labels import EVENTS, NEXT_STEPS, STATES
from bot.slack.text.markup import dated, escape, instant_token, link, link_to_message

WAITING_ON_YOU = "Waiting on you"
YOU_ASKED = "You asked, and somebody else has the ball"
NOTHING_WAITS = "Nothing waits on you."
NOTHING_ASKED = "You have no open asks. Type `/ask` when a client wants something."
NOTHING_FOUND = "There are no such requests."
HELP_TITLE = "What you can type"
LATE = " :small_red_triangle: late"

# Which of an event's facts are somebody's words, to be shown with it.
SAID_IN = {
    EventKind.DEFERRED: "reason",
    EventKind.ASKED_AGAIN: "reason",
    EventKind.CLIENT_DECLINED: "reason",
    EventKind.REJECTED: "reason",
    EventKind.WITHDRAWN: "reason",
    EventKind.INFO_ASKED: "question",
    EventKind.INFO_ANSWERED: "answer",
    EventKind.OFFER_TAKEN: "what",
    EventKind.OFFERS_REFUSED: "reason",
    EventKind.REOPENED: "reason",
    EventKind.APPEALED: "facts",
    EventKind.MARKED_DUPLICATE: "original",
    EventKind.DUPLICATE_FOUND: "duplicate",
    EventKind.APPROVED_CONDITIONAL: "condition",
    EventKind.CONDITION_MET: "condition",
    EventKind.CONDITION_NOT_MET: "reason",
    EventKind.SWAPPED_OUT: "other",
    EventKind.SWAP_UNDONE: "other",
}

HELP = (
    ("/ask", "log what a client asks for: `/ask acme add a newsletter sign-up by Friday ~3h`"),
    ("/handoff mine", "what waits on you, and what you asked for"),
    (
        "/handoff list acme open",
        "requests of a project or client: open, waiting, accepted, deferred, done, declined, withdrawn, all",
    ),
    ("/handoff show ACME-12", "one request with its history"),
    ("/handoff find newsletter", "requests by their words; also `client:acme`, `state:open`"),
    ("/handoff opportunities", "what was deferred, or declined and could still become a yes, with its value"),
    ("/handoff client", "add or change a client"),
    ("/handoff project", "add or change a project"),
    ("/handoff away", "say when you are away, and who acts for you"),
    ("/handoff digest", "the weekly and daily posts of this channel"),
    ("/handoff words", "the words you can send to clients, in your own way"),
    ("/handoff hours", "when you work: answers are due, and I write to you, only then"),
    (
        "/handoff settings",
        "director, time zone, currency, above what two must agree, working time, targets for the first answer",
    ),
)


def line(item: Line, today: date, *, name_holder: bool) -> str:
    """One request on one line: what, when, and who has the ball."""
    parts = [
        f"{reference(item)} {escape(item.title, 120)}",
        escape(item.project, 60),
        stands(item, name_holder=name_holder),
    ]
    return " · ".join([*parts, *needed(item.needed_by, today)])


def needed(day: date | None, today: date) -> list[str]:
    """`needed by Fri 27 Nov`, marked when that day is past; nothing where nobody named a day."""
    if day is None:
        return []
    return [f"needed {'by ' if day != today else ''}{dated(day, today)}{LATE if day < today else ''}"]


def reference(item: Line) -> str:
    """A request's number, which leads to its card."""
    return named(item.reference, item.card)


def named(number: str, card: tuple[str, str] | None) -> str:
    """The same for a number and a place; a card that does not stand anywhere yet cannot be led to."""
    return f"*{link(link_to_message(*card), number) if card else escape(number)}*"


def stands(item: Line, *, name_holder: bool) -> str:
    """Where it stands, as what is to be done next and by whom."""
    if item.ball is None:
        return STATES[item.state]
    who = f"{escape(item.ball.name)} " if name_holder else ""
    if item.state is State.UNDER_REVIEW and item.ball.id == item.requester.id:
        return f"{who}to ask again or to let it go"
    if item.state.awaits_decision or item.state in NEXT_STEPS:
        return f"{who}{NEXT_STEPS.get(item.state, 'to decide')}"
    if item.is_client_told and item.client_answer.is_outstanding:
        return f"{STATES[item.state]}, {who}to get {escape(item.client, 60)}'s answer"
    if item.is_client_told:
        return f"{STATES[item.state]}, {who}to deliver"
    return f"{STATES[item.state]}, {who}to tell {escape(item.client, 60)}"


def more(count: int, shown: int) -> str:
    """How many of `count` are not shown (nobody counts to the end of many), and how to see them."""
    rest = f"{count - shown} more" if count < COUNTED else "many more"
    return f"and {rest}. `/handoff list` with a project's name shows fewer at a time."


def many(count: int) -> str:
    """`14`, `99+`."""
    return str(count) if count < COUNTED else f"{COUNTED - 1}+"


def found(count: int, what: str, which: tuple[int, int] | None) -> str:
    """The headline of a list: how many there are, of what, and which of them these are, where it is not all."""
    pages = f" ({which[0]} to {which[1]})" if which else ""
    return f"*{many(count)} request{'s' if count != 1 else ''}*{pages}{f' · {escape(what)}' if what else ''}"


def unknown_word(word: str, meant: str | None) -> str:
    """A sub-command nobody knows."""
    hint = f" Did you mean `/handoff {meant}`?" if meant else ""
    return f"I do not know “{escape(word, 60)}”.{hint} `/handoff help` shows what you can type."


def unknown_project(word: str, meant: str | None) -> str:
    """A list was asked of a project that is not there; `meant` is what to type for what was probably meant."""
    hint = f" Did you mean `/handoff list {escape(meant, 120)}`?" if meant else ""
    return f"I know no project or client called “{escape(word, 60)}”.{hint} `/handoff list` shows all."


def one_state(example: str) -> str:
    """A list was asked of two states."""
    return f"A list has one state, for example `/handoff list {escape(example, 120)}`, or `all` of them."


def needs_reference() -> str:
    """`/handoff show` without a number."""
    return "Which request? For example `/handoff show ACME-12`."


def event_line(event: PastEvent) -> str:
    """One line of the history."""
    said = f"{instant_token(event.at, '{date_short} {time}')} · {escape(event.by.name)} {EVENTS[event.kind]}"
    why = event.facts.get(SAID_IN.get(event.kind, ""))
    if why:
        said += f": {escape(str(why), 300)}"
    if event.kind is EventKind.EDITED:
        said += f": {editing.changes(event, 120)}"
    return f"{said} · `{event.hash[:8]}`"


def shown(card: CardFacts) -> str:
    """The headline of one request shown whole."""
    return f"{card.reference} · {STATES[card.state]}"
