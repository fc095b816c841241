"""The sentences about clients and projects: their forms, their lists, and why a value is not taken."""

from __future__ import annotations

from datetime import date

from bot.portfolio import refusals as no
from bot.portfolio.facts import ClientFacts, ProjectFacts
from bot.slack.text.labels import LANGUAGES
from bot.slack.text.markup import channel, dated, day, escape, hours, money, one_line
from bot.slack.text.refusals import Reading, explains

SAVE = "Save"
EDIT = "Edit"

ADD_CLIENT = "Add a client"
EDIT_CLIENT = "Edit client"
CLIENTS = "Clients"
CLIENT_NAME = "Name"
AM = "Account manager"
CONTACT = "Contact at the client"
CONTACT_HINT = "Whom the account manager writes to: the name that opens the words for the client."
CURRENCY = "Currency"
LANGUAGE = "Language"
LANGUAGE_HINT = "The words you can send to the client are written in it."
RENEWAL = "Renewal date"
GOODWILL = "Goodwill hours a month"
GOODWILL_HINT = "Hours a month that may be given away. Beyond them only the director can."
NO_CLIENTS = "There are no clients yet. Add the first one, then its project."
NO_CLIENTS_FOR_PROJECT = "A project belongs to a client, and there are no clients yet. Add the first one."

ADD_PROJECT = "Add a project"
EDIT_PROJECT = "Edit project"
PROJECTS = "Projects"
CLIENT = "Client"
FIND_CLIENT = "Type a client's name"
PROJECT_NAME = "Name"
KEY = "Key"
KEY_HINT = "2 to 10 letters and digits, as in ACME-12. Left empty, I make one from the name."
KEY_EXAMPLE = "ACME"
PM = "Project manager"
CHANNEL = "Home channel"
CHANNEL_HINT = "Cards and digests of the project go there."
HOURS = "Hours agreed"
BUDGET = "Budget agreed"
BUDGET_HINT = "In the client's currency, such as 14400 or 14,400.50."
STARTS = "Start"
DUE = "Due"
IN_SCOPE = "In scope"
IN_SCOPE_HINT = "One item a line; revision rounds behind it, as in: Home page design (2 rounds)"
OUT_OF_SCOPE = "Explicitly out of scope"
OUT_OF_SCOPE_HINT = "One item a line."
SCOPE_TOO_LONG = "The scope items are longer than a form can hold, so they stay as they are."
NO_PROJECTS = "There are no projects yet. Add the first one, and requests can be logged on it."


def client_line(facts: ClientFacts) -> str:
    """One client in a list."""
    renewal = f" · renews {day(facts.renewal_on)} {facts.renewal_on.year}" if facts.renewal_on else ""
    return f"*{escape(facts.name, 200)}* · {escape(facts.am_name, 100)} · {facts.currency}{renewal}"


def project_line(facts: ProjectFacts) -> str:
    """One project in a list."""
    return f"*{facts.key}* · {escape(facts.label, 250)} · {escape(facts.pm_name, 100)} · {channel(facts.channel_id)}"


def more(count: int, command: str) -> str:
    """What a list leaves out, and how to reach it."""
    return f"{count} more: type `{command}` with a name behind it."


def key_stays(facts: ProjectFacts) -> str:
    """Why there is no field for the key."""
    return f"Key *{facts.key}*: requests carry it, so it stays."


def figures_stand(facts: ProjectFacts, today: date) -> str:
    """Why there are no fields for hours, budget and due date, and what they are."""
    agreed = _figures(
        facts.agreed_minutes, facts.agreed_budget_minor, facts.agreed_due_on, facts.currency, today
    )
    now = _figures(facts.minutes, facts.budget_minor, facts.due_on, facts.currency, today)
    return f"Agreed: {agreed}.\nNow: {now}.\nRequests were approved on top, so only a further approval changes this."


def client_added(name: str) -> str:
    """A client is there; what comes next."""
    return f"*{escape(name, 200)}* is set up. Next: its first project, so that requests can be logged."


def project_added(facts: ProjectFacts) -> str:
    """A project is there; what comes next."""
    return (
        f"*{escape(facts.name, 200)}* is set up. {escape(facts.pm_name, 100)} decides what is asked on it.\n"
        f"Log a request with `/ask {facts.key.lower()} …`. "
        f"Cards go to {channel(facts.channel_id)}: if Handoff is not there yet, type `/invite @Handoff` in it."
    )


def _figures(minutes: int, budget_minor: int, due_on: date | None, currency: str, today: date) -> str:
    due = f", due {dated(due_on, today)}" if due_on else ""
    return f"{hours(minutes)}, {money(budget_minor, currency)}{due}"


# --- refusals


def _names(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names) or "an admin of this Slack"
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _quoted(typed: str) -> str:
    return f"“{one_line(typed)[:40]}”"


@explains(no.Missing)
def _(_refusal: no.Missing, _r: Reading) -> str:
    return "This is needed."


@explains(no.TooLong)
def _(refusal: no.TooLong, _r: Reading) -> str:
    return f"This has {refusal.length} characters; {refusal.limit} is the most."


@explains(no.UnknownLanguage)
def _(refusal: no.UnknownLanguage, _r: Reading) -> str:
    known = " or ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
    return f"{_quoted(refusal.typed)} is no language that I have words in. Write {known}."


@explains(no.UnknownClient)
def _(_refusal: no.UnknownClient, _r: Reading) -> str:
    return "This client does not exist any more. Choose another one."


@explains(no.UnknownProject)
def _(_refusal: no.UnknownProject, _r: Reading) -> str:
    return "This project does not exist any more. `/handoff project` shows those that do."


@explains(no.NameTaken)
def _(refusal: no.NameTaken, _r: Reading) -> str:
    return f"There is a client {refusal.name} already. `/handoff client` opens it."


@explains(no.KeyTaken)
def _(refusal: no.KeyTaken, _r: Reading) -> str:
    return f"{refusal.key} is the key of {refusal.project}. Choose another one."


@explains(no.KeyShape)
def _(refusal: no.KeyShape, _r: Reading) -> str:
    return (
        "A key is 2 to 10 letters (A to Z) and digits, and begins with a letter. "
        f"{refusal.proposal} would do for this name."
    )


@explains(no.KeyInUse)
def _(refusal: no.KeyInUse, _r: Reading) -> str:
    count = "A request carries" if refusal.requests == 1 else f"{refusal.requests} requests carry"
    return f"{count} the key {refusal.key}, so it stays."


@explains(no.CurrencyInUse)
def _(refusal: no.CurrencyInUse, _r: Reading) -> str:
    return f"{refusal.project} has figures in {refusal.currency}, so the currency stays {refusal.currency}."


@explains(no.NegativeFigure)
def _(_refusal: no.NegativeFigure, _r: Reading) -> str:
    return "This cannot be less than zero."


@explains(no.FigureTooLarge)
def _(refusal: no.FigureTooLarge, _r: Reading) -> str:
    return f"{refusal.limit:,} is the most."


@explains(no.DueBeforeStart)
def _(refusal: no.DueBeforeStart, _r: Reading) -> str:
    return f"{_full(refusal.due_on)} is before the start, {_full(refusal.starts_on)}. Change one of them."


@explains(no.NotYours)
def _(refusal: no.NotYours, _r: Reading) -> str:
    return f"Only {_names(refusal.owners)} can change {refusal.what}. Ask one of them."


@explains(no.FiguresApproved)
def _(refusal: no.FiguresApproved, _r: Reading) -> str:
    return f"Requests on {refusal.project} were approved on top of this figure, so only a further approval changes it."


@explains(no.AlreadyClosed)
def _(refusal: no.AlreadyClosed, _r: Reading) -> str:
    return f"{refusal.project} is closed already."


@explains(no.UnreadableFigure)
def _(refusal: no.UnreadableFigure, _r: Reading) -> str:
    return f"I read no figure in {_quoted(refusal.typed)}. Write it as 12 or 12.5."


@explains(no.AmbiguousFigure)
def _(refusal: no.AmbiguousFigure, _r: Reading) -> str:
    return f"{_quoted(refusal.typed)} can be read as {refusal.whole} or as {refusal.fraction}. Write the one you mean."


@explains(no.TooManyDecimals)
def _(refusal: no.TooManyDecimals, _r: Reading) -> str:
    most = f"{refusal.decimals} decimals" if refusal.decimals else "no decimals"
    return f"{_quoted(refusal.typed)}: amounts in {refusal.currency} have {most}."


@explains(no.OtherCurrency)
def _(refusal: no.OtherCurrency, _r: Reading) -> str:
    return f"{_quoted(refusal.typed)} is not in {refusal.currency}, the client's currency. Write the amount in {refusal.currency}."


@explains(no.UnreadableDate)
def _(refusal: no.UnreadableDate, _r: Reading) -> str:
    return f"{_quoted(refusal.typed)} is not a date as 2026-11-27 (year, month, day)."


def _full(value: date) -> str:
    return f"{day(value)} {value.year}"
