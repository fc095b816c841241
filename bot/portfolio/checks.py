"""Checks what somebody said about a client or a project, field by field, and tidies it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from babel.numbers import get_currency_precision

from bot.errors import Refusal, WrongField, WrongFields
from bot.people.models import Person
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio.forms import ClientField, ClientForm, Figures, ProjectField, ProjectForm, ScopeLine
from bot.portfolio.keys import is_key, normal_key, propose_key
from bot.portfolio.refusals import (
    DueBeforeStart,
    FigureTooLarge,
    KeyShape,
    KeyTaken,
    Missing,
    NameTaken,
    NegativeFigure,
    TooLong,
)
from bot.workspaces.refusals import UnknownCurrency
from bot.workspaces.zones import is_currency

NAME_LIMIT = 75
SCOPE_LINE_LIMIT = 300
HOURS_LIMIT = 1_000_000
MONEY_LIMIT = 10_000_000_000
# Emoji and several scripts are written with these, though Python counts them as unprintable.
JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True)
class Surroundings:
    """What a form is checked against: the people it names, and the names and keys that others have."""

    people: Mapping[str, Person]
    client_names: Collection[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""


def tidy_client(form: ClientForm, *, default_currency: str) -> ClientForm:
    """The same without needless spaces, with a currency in capitals."""
    return replace(
        form,
        name=one_line(form.name),
        contact_name=one_line(form.contact_name),
        currency=form.currency.strip().upper() or default_currency,
    )


def tidy_project(form: ProjectForm) -> ProjectForm:
    """The same without needless spaces and empty scope lines, with the key in capitals."""
    scope = None if form.scope is None else tidy_scope(form.scope)
    return replace(form, name=one_line(form.name), key=normal_key(form.key), scope=scope)


def tidy_scope(lines: Collection[ScopeLine]) -> tuple[ScopeLine, ...]:
    """The same lines without needless spaces and empty ones; what is in scope comes first."""
    tidied = [replace(line, text=one_line(line.text)) for line in lines]
    return tuple(sorted((line for line in tidied if line.text), key=lambda line: not line.is_included))


def wrong_in_client(form: ClientForm, around: Surroundings) -> list[WrongField]:
    """Every field of a tidied form that cannot be taken."""
    wrong = _Wrong()
    wrong.name(ClientField.NAME, form.name)
    if form.name.casefold() in {name.casefold() for name in around.client_names}:
        wrong.add(ClientField.NAME, NameTaken(form.name))
    if len(form.contact_name) > NAME_LIMIT:
        wrong.add(ClientField.CONTACT, TooLong(len(form.contact_name), NAME_LIMIT))
    wrong.owner(ClientField.AM, form.am_id, around.people)
    if not is_currency(form.currency):
        wrong.add(ClientField.CURRENCY, UnknownCurrency(form.currency))
    wrong.hours(ClientField.GOODWILL, form.goodwill_minutes)
    return wrong.fields


def wrong_in_project(form: ProjectForm, around: Surroundings) -> list[WrongField]:
    """Every field of a tidied form that cannot be taken; `around.currency` is the client's."""
    wrong = _Wrong()
    wrong.name(ProjectField.NAME, form.name)
    keys = around.keys
    if not form.key:
        wrong.add(ProjectField.KEY, Missing())
    elif not is_key(form.key):
        wrong.add(ProjectField.KEY, KeyShape(form.key, propose_key(form.name, keys)))
    elif form.key in keys:
        wrong.add(ProjectField.KEY, KeyTaken(form.key, keys[form.key]))
    wrong.owner(ProjectField.PM, form.pm_id, around.people)
    if not form.channel_id:
        wrong.add(ProjectField.CHANNEL, Missing())
    if form.figures is not None:
        _check_figures(wrong, form, form.figures, around.currency)
    return wrong.fields + wrong_in_scope(form.scope or ())


def wrong_in_scope(lines: Collection[ScopeLine]) -> list[WrongField]:
    """The two fields of the statement of work, where a line of theirs cannot be taken."""
    wrong = _Wrong()
    for line in lines:
        if len(line.text) > SCOPE_LINE_LIMIT:
            field = ProjectField.IN_SCOPE if line.is_included else ProjectField.OUT_OF_SCOPE
            wrong.add(field, TooLong(len(line.text), SCOPE_LINE_LIMIT))
    return wrong.fields


def refuse_any(wrong: Collection[WrongField]) -> None:
    """Raise `WrongFields` where there is at least one."""
    if wrong:
        raise WrongFields(tuple(wrong))


def one_line(text: str) -> str:
    """The same words on one line, without control characters."""
    if not text.isprintable():
        text = "".join(char for char in text if char.isprintable() or char.isspace() or char in JOINERS)
    return " ".join(text.split())


def _check_figures(wrong: _Wrong, form: ProjectForm, figures: Figures, currency: str) -> None:
    wrong.hours(ProjectField.HOURS, figures.minutes)
    if figures.budget_minor < 0:
        wrong.add(ProjectField.BUDGET, NegativeFigure())
    elif currency and figures.budget_minor > MONEY_LIMIT * 10 ** get_currency_precision(currency):
        wrong.add(ProjectField.BUDGET, FigureTooLarge(MONEY_LIMIT))
    if form.starts_on and figures.due_on and figures.due_on < form.starts_on:
        wrong.add(ProjectField.DUE, DueBeforeStart(form.starts_on, figures.due_on))


class _Wrong:
    """What was found wrong so far: one refusal a field is enough."""

    def __init__(self) -> None:
        self.fields: list[WrongField] = []

    def add(self, field: str, why: Refusal) -> None:
        if field not in {wrong.field for wrong in self.fields}:
            self.fields.append(WrongField(field, why))

    def name(self, field: str, name: str) -> None:
        if not name:
            self.add(field, Missing())
        elif len(name) > NAME_LIMIT:
            self.add(field, TooLong(len(name), NAME_LIMIT))

    def owner(self, field: str, person_id: str, people: Mapping[str, Person]) -> None:
        person = people.get(person_id)
        if not person_id:
            self.add(field, Missing())
        elif person is None or not person.is_active:
            self.add(field, UnknownPerson(person_id))
        elif person.is_external:
            self.add(field, ExternalPerson(person.id, person.name))

    def hours(self, field: str, minutes: int) -> None:
        if minutes < 0:
            self.add(field, NegativeFigure())
        elif minutes > HOURS_LIMIT * 60:
            self.add(field, FigureTooLarge(HOURS_LIMIT))
