"""The forms of a client and a project, and reading what is sent off; their lists are in `portfolio_lists.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from babel.numbers import get_currency_name

from bot.errors import Refusal, WrongField, WrongFields
from bot.portfolio.checks import NAME_LIMIT
from bot.portfolio.facts import ClientFacts, ProjectFacts
from bot.portfolio.figures import parse_hours, parse_money
from bot.portfolio.forms import ClientField, ClientForm, Figures, ProjectField, ProjectForm, ScopeLine
from bot.portfolio.keys import LONGEST
from bot.portfolio.languages import Language
from bot.portfolio.refusals import Missing
from bot.portfolio.scope_text import format_scope, parse_scope
from bot.slack.limits import INPUT_TEXT, OPTIONS
from bot.slack.message import Block, Modal
from bot.slack.names import Callback, Field
from bot.slack.text import authority as say_authority
from bot.slack.text import portfolio as say
from bot.slack.text.labels import LANGUAGES
from bot.slack.text.markup import hours_figure, money_figure
from bot.slack.views.elements import (
    Choice,
    channel_input,
    choice_input,
    context,
    date_input,
    person_input,
    search_input,
    text_input,
)
from bot.slack.views.lines_form import line_inputs, read_lines

T = TypeVar("T")
Values = Mapping[str, str | list[str] | None]

# What agencies bill in; the workspace's own and a client's present one are added where they are missing.
CURRENCIES = tuple(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JPY KES KRW KWD "  # noqa: SIM905 (sixty quoted codes read worse)
    "MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR".split()
)


@dataclass(frozen=True)
class ScopeShown:
    """The statement of work as the two fields show it."""

    included: str = ""
    excluded: str = ""

    @classmethod
    def of(cls, lines: Sequence[ScopeLine]) -> ScopeShown:
        """The two fields for these lines."""
        return cls(format_scope(lines, is_included=True), format_scope(lines, is_included=False))

    @property
    def fits(self) -> bool:
        """Whether both fields hold all of it: a clipped one would lose lines when it is sent off."""
        return max(len(self.included), len(self.excluded)) <= INPUT_TEXT


# --- a client


def client_modal(known: ClientFacts | None, *, am_id: str, currency: str, name: str = "") -> Modal:
    """The form of a client: one that is known, or a new one for `am_id` in the workspace's `currency`."""
    present = known.currency if known else currency
    return Modal(
        callback_id=Callback.CLIENT,
        title=say.EDIT_CLIENT if known else say.ADD_CLIENT,
        submit=say.SAVE if known else say.ADD_CLIENT,
        private_metadata=str(known.id) if known else "",
        blocks=(
            text_input(
                ClientField.NAME,
                say.CLIENT_NAME,
                initial=known.name if known else name[:NAME_LIMIT],
                most=NAME_LIMIT,
                focus=known is None,
            ),
            person_input(ClientField.AM, say.AM, initial=known.am_id if known else am_id),
            text_input(
                ClientField.CONTACT,
                say.CONTACT,
                initial=known.contact_name if known else None,
                optional=True,
                most=NAME_LIMIT,
                hint=say.CONTACT_HINT,
            ),
            choice_input(ClientField.CURRENCY, say.CURRENCY, _currencies(currency, present), initial=present),
            choice_input(
                ClientField.LANGUAGE,
                say.LANGUAGE,
                list(LANGUAGES.items()),
                initial=known.language if known else Language.ENGLISH,
                hint=say.LANGUAGE_HINT,
            ),
            date_input(ClientField.RENEWAL, say.RENEWAL, initial=known.renewal_on if known else None),
            text_input(
                ClientField.GOODWILL,
                say.GOODWILL,
                initial=hours_figure(known.goodwill_minutes) if known and known.goodwill_minutes else None,
                optional=True,
                hint=say.GOODWILL_HINT,
            ),
            # A new client is set up quickly; whether it needs lines of its own is seen later.
            *(line_inputs(known.lines, present, explanation=say_authority.SECOND_OF_CLIENT) if known else ()),
        ),
    )


def read_client_form(values: Values) -> ClientForm:
    """What the form says; raises `WrongFields` (goodwill_hours) for what cannot be read."""
    reading = _Reading(values)
    form = ClientForm(
        name=reading.text(ClientField.NAME),
        am_id=reading.text(ClientField.AM),
        contact_name=reading.text(ClientField.CONTACT),
        currency=reading.text(ClientField.CURRENCY),
        renewal_on=reading.day(ClientField.RENEWAL),
        goodwill_minutes=reading.parsed(ClientField.GOODWILL, parse_hours, 0),
        language=reading.language(ClientField.LANGUAGE),
    )
    reading.refuse_wrong()
    if Field.SECOND_HOURS in values:
        form = replace(form, lines=read_lines(values, form.currency or "EUR"))
    return form


def _currencies(*extra: str) -> list[Choice]:
    codes = sorted({*CURRENCIES, *extra})
    return [(code, f"{code} · {get_currency_name(code, locale='en')}") for code in codes]


# --- a project


def add_project_modal(
    clients: Sequence[ClientFacts], *, client_id: UUID | None, pm_id: str, channel_id: str, name: str = ""
) -> Modal:
    """The form of a new project, with what is likely: who opened it, and the channel it was opened in."""
    return Modal(
        callback_id=Callback.PROJECT,
        title=say.ADD_PROJECT,
        submit=say.ADD_PROJECT,
        blocks=(
            _client_input(clients, client_id),
            text_input(
                ProjectField.NAME, say.PROJECT_NAME, initial=name[:NAME_LIMIT], most=NAME_LIMIT, focus=True
            ),
            person_input(ProjectField.PM, say.PM, initial=pm_id),
            channel_input(ProjectField.CHANNEL, say.CHANNEL, initial=channel_id, hint=say.CHANNEL_HINT),
            _key_input(optional=True),
            *_figure_inputs(Figures(), currency="EUR"),
            date_input(ProjectField.STARTS, say.STARTS),
            date_input(ProjectField.DUE, say.DUE),
            *_scope_inputs(ScopeShown()),
        ),
    )


def edit_project_modal(
    known: ProjectFacts, clients: Sequence[ClientFacts], scope: Sequence[ScopeLine], *, today: date
) -> Modal:
    """The form of a known project; what can no longer be changed is told instead of asked."""
    shown = ScopeShown.of(scope)
    figures = Figures(known.minutes, known.budget_minor, known.due_on)
    fixed = [say.key_stays(known)] if known.last_number else []
    if known.has_approvals:
        fixed.append(say.figures_stand(known, today))
    if not shown.fits:
        fixed.append(say.SCOPE_TOO_LONG)
    asked: list[Block] = [] if known.last_number else [_key_input(initial=known.key)]
    if not known.has_approvals:
        asked += _figure_inputs(figures, currency=known.currency)
    asked.append(date_input(ProjectField.STARTS, say.STARTS, initial=known.starts_on))
    if not known.has_approvals:
        asked.append(date_input(ProjectField.DUE, say.DUE, initial=known.due_on))
    return Modal(
        callback_id=Callback.PROJECT,
        title=say.EDIT_PROJECT,
        submit=say.SAVE,
        private_metadata=str(known.id),
        blocks=(
            _client_input(clients, known.client_id),
            text_input(ProjectField.NAME, say.PROJECT_NAME, initial=known.name, most=NAME_LIMIT),
            person_input(ProjectField.PM, say.PM, initial=known.pm_id),
            channel_input(ProjectField.CHANNEL, say.CHANNEL, initial=known.channel_id, hint=say.CHANNEL_HINT),
            *asked,
            *(_scope_inputs(shown) if shown.fits else ()),
            *([context(*fixed)] if fixed else ()),
        ),
    )


def chosen_client(values: Values) -> UUID:
    """The client that is chosen in a project's form: its currency is needed to read the budget.

    Raises `WrongFields` (client) when none is.
    """
    chosen = _Reading(values).text(ProjectField.CLIENT)
    try:
        return UUID(chosen)
    except ValueError as error:
        raise WrongFields([WrongField(ProjectField.CLIENT, Missing())]) from error


def read_project_form(values: Values, *, currency: str, known: ProjectFacts | None = None) -> ProjectForm:
    """What the form says, the budget in the chosen client's currency; what it did not ask for stays as `known`.

    Raises `WrongFields` (client, hours, budget) for what cannot be read.
    """
    reading = _Reading(values)
    figures = None
    if ProjectField.HOURS in values:
        figures = Figures(
            minutes=reading.parsed(ProjectField.HOURS, parse_hours, 0),
            budget_minor=reading.parsed(ProjectField.BUDGET, lambda typed: parse_money(typed, currency), 0),
            due_on=reading.day(ProjectField.DUE),
        )
    scope = None
    if ProjectField.IN_SCOPE in values:
        scope = parse_scope(reading.text(ProjectField.IN_SCOPE), reading.text(ProjectField.OUT_OF_SCOPE))
    form = ProjectForm(
        client_id=chosen_client(values),
        name=reading.text(ProjectField.NAME),
        key=reading.text(ProjectField.KEY) if ProjectField.KEY in values or known is None else known.key,
        pm_id=reading.text(ProjectField.PM),
        channel_id=reading.text(ProjectField.CHANNEL),
        starts_on=reading.day(ProjectField.STARTS),
        figures=figures,
        scope=scope,
    )
    reading.refuse_wrong()
    return form


def _client_input(clients: Sequence[ClientFacts], chosen: UUID | None) -> Block:
    choices = [(str(client.id), client.name) for client in clients]
    present = next((choice for choice in choices if choice[0] == str(chosen)), None)
    if len(choices) > OPTIONS:
        return search_input(ProjectField.CLIENT, say.CLIENT, initial=present, placeholder=say.FIND_CLIENT)
    return choice_input(ProjectField.CLIENT, say.CLIENT, choices, initial=present[0] if present else None)


def _key_input(*, initial: str | None = None, optional: bool = False) -> Block:
    return text_input(
        ProjectField.KEY,
        say.KEY,
        initial=initial,
        optional=optional,
        most=LONGEST,
        hint=say.KEY_HINT if optional else None,
        placeholder=say.KEY_EXAMPLE,
    )


def _figure_inputs(figures: Figures, *, currency: str) -> list[Block]:
    budget = money_figure(figures.budget_minor, currency) if figures.budget_minor else None
    return [
        text_input(
            ProjectField.HOURS,
            say.HOURS,
            initial=hours_figure(figures.minutes) if figures.minutes else None,
            optional=True,
        ),
        text_input(ProjectField.BUDGET, say.BUDGET, initial=budget, optional=True, hint=say.BUDGET_HINT),
    ]


def _scope_inputs(shown: ScopeShown) -> list[Block]:
    fields = (
        (ProjectField.IN_SCOPE, say.IN_SCOPE, shown.included, say.IN_SCOPE_HINT),
        (ProjectField.OUT_OF_SCOPE, say.OUT_OF_SCOPE, shown.excluded, say.OUT_OF_SCOPE_HINT),
    )
    return [
        text_input(field, label, initial=text, optional=True, multiline=True, hint=hint, most=INPUT_TEXT)
        for field, label, text, hint in fields
    ]


class _Reading:
    """The values of a form, and what could not be read among them."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._wrong: list[WrongField] = []

    def text(self, name: str) -> str:
        value = self._values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def language(self, name: str) -> Language:
        chosen = self.text(name)
        return Language(chosen) if chosen in set(Language) else Language.ENGLISH

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.text(name)) if self.text(name) else None

    def parsed(self, name: str, parse: Callable[[str], T], nothing: T) -> T:
        try:
            return parse(self.text(name)) if self.text(name) else nothing
        except Refusal as why:
            self._wrong.append(WrongField(name, why))
            return nothing

    def refuse_wrong(self) -> None:
        if self._wrong:
            raise WrongFields(self._wrong)
