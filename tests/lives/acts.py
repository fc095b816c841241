"""Everything that people and the clock can do, each act a small function that draws its details from a life.

An act may be refused: by whom, when and why is what the services decide and the tests of each slice prove. Here every
act is tried by anybody at any time, and what counts is that the rows keep their promises afterwards (`promises`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.ledger.models import Funding
from bot.people import absence
from bot.people.models import Actor, Delegation, Person
from bot.portfolio import service as portfolio
from bot.portfolio.models import Client, ScopeItem
from bot.reminders import nudging
from bot.reminders.service import remind_due
from bot.requests import deciding, editing, service
from bot.requests.afterwards import client_answers, delivering, duplicates, reopening, returning
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.bargaining import asking, conditional, offering, swapping
from bot.requests.bargaining.conditional import Depends
from bot.requests.bargaining.offer_models import Offer
from bot.requests.bargaining.swapping import GoesOut
from bot.requests.client_words import promising
from bot.requests.deciding import Figures
from bot.requests.models import ChangeRequest, Priority, Promise, Reason, State
from bot.requests.routing import absences, departures, reassigning
from bot.requests.service import Ask
from tests.portfolio.agency import ANA, GUEST, MAX, OLGA, PETE, a_client_form, a_project_form

BEA, QUINN = "U_BEA", "U_QUINN"
OURS = (ANA, BEA, PETE, QUINN, MAX, OLGA)


@dataclass
class Step:
    """One try: in which workspace, when, about which request, and the chance that fills in the rest."""

    session: Session
    workspace_id: str
    now: datetime
    chance: Random
    projects: dict[str, UUID]
    client_id: UUID
    # The request that it is about, by id, and the revision that was shown; none for what is about no request.
    request_id: UUID
    revision: int
    person: str
    # Every request of the workspace.
    others: list[UUID]

    @property
    def actor(self) -> Actor:
        return Actor(self.workspace_id, self.person, self.now)

    @property
    def this(self) -> dict[str, Any]:
        """What most use cases are told: the request and the revision that was shown."""
        return {"request_id": self.request_id, "revision": self.revision}

    @property
    def request(self) -> ChangeRequest:
        return self.session.get_one(ChangeRequest, (self.workspace_id, self.request_id))

    def day(self, *ahead: int | None) -> Any:
        """A calendar day so many days ahead, or none."""
        days = self.chance.choice(ahead)
        return None if days is None else (self.now + timedelta(days=days)).date()


def _remind_all(session: Session, now: datetime) -> None:
    """Until nothing more is due: it ends, since nothing is due for long; other lives' requests are reminded of too."""
    requests = session.scalar(select(func.count()).select_from(ChangeRequest)) or 0
    for _ in range(4 * requests + 1):
        if not remind_due(session, now):
            return
    raise AssertionError("reminders never end")


Act: TypeAlias = Callable[[Step], object]
# What is done with a request, by whoever holds it, decides it, logged it, or by anybody.
WITH_REQUESTS: dict[str, Act] = {}
# What changes around them.
AROUND: dict[str, Act] = {}
# What the clock does by itself, in the order of a tick.
TICKS: dict[str, Callable[[Session, datetime], object]] = {
    "offers are over": offering.mark_over,
    "conditions are over": conditional.expire_conditions,
    "what was put off comes back": returning.wake_deferred,
    "the client's time is over": client_answers.expire_answers,
    "absences begin and end": absences.keep_up,
    "who left leaves nothing behind": departures.keep_up,
    "who waits too long is reminded": _remind_all,
}


def _with_requests(act: Act) -> Act:
    WITH_REQUESTS[act.__name__] = act
    return act


def _around(act: Act) -> Act:
    AROUND[act.__name__] = act
    return act


def figures(step: Step) -> Figures:
    """Mostly figures that can be."""
    chance = step.chance
    minutes = chance.choice([0, 45, 180, 180, 600, 6_000])
    first, second = chance.choices(list(Funding), k=2)
    split = {first: minutes} if first is second else {first: minutes - minutes // 3, second: minutes // 3}
    billable = Funding.CHANGE_ORDER in split
    return Figures(
        minutes, chance.choice([0, 360_00, 5_000_00]) if billable else 0, chance.choice([0, 0, 3]), split
    )


def ask(step: Step) -> Ask:
    chance = step.chance
    return Ask(
        project_id=chance.choice(list(step.projects.values())),
        title=chance.choice(["Add a form", "Newsletter sign-up", "🎉 <!channel>", "=cmd()"]),
        details=chance.choice(["", "With double opt-in."]),
        reason=chance.choice(list(Reason)),
        needed_by=step.day(None, 2, 20, 20, 60, -1),
        minutes=chance.choice([None, 0, 45, 180, 600]),
        promise=chance.choice(list(Promise)),
        priority=chance.choice([*Priority, Priority.NORMAL]),
    )


# --- with requests


def submit(step: Step) -> object:
    return service.submit(step.session, step.actor, ask(step))


@_with_requests
def accept(step: Step) -> object:
    return deciding.accept(step.session, step.actor, **step.this, figures=figures(step))


@_with_requests
def decline(step: Step) -> object:
    bridge = Bridge(
        step.chance.choice(list(BridgeKind)),
        step.chance.choice(["", *["From €500 on"] * 5]),
        step.day(9, None, None),
    )
    return deciding.decline(step.session, step.actor, **step.this, reason="No room", bridge=bridge)


@_with_requests
def withdraw(step: Step) -> object:
    return service.withdraw(step.session, step.actor, request_id=step.request_id, reason="Not any more")


@_with_requests
def tell_client(step: Step) -> object:
    return service.client_told(step.session, step.actor, request_id=step.request_id)


@_with_requests
def ask_for_info(step: Step) -> object:
    return asking.ask_for_info(step.session, step.actor, **step.this, question="Which list?")


@_with_requests
def answer(step: Step) -> object:
    number = step.request.question_count
    return asking.answer(step.session, step.actor, **step.this, number=number, words="The big one")


@_with_requests
def edit(step: Step) -> object:
    return editing.edit(step.session, step.actor, **step.this, ask=ask(step))


@_with_requests
def counter_offer(step: Step) -> object:
    options = [
        offering.Option(
            what=f"Version {number}",
            minutes=step.chance.choice([60, 180]),
            fee_minor=0 if funding is not Funding.CHANGE_ORDER else 360_00,
            funding=funding,
            valid_until=step.day(5, 5, 1, 0, None),
            day=step.day(None, None, 90, 9),
        )
        for number, funding in enumerate(
            step.chance.choices([*Funding, *[Funding.CHANGE_ORDER] * 9], k=step.chance.randint(1, 3))
        )
    ]
    return offering.counter_offer(step.session, step.actor, **step.this, options=options)


@_with_requests
def take(step: Step) -> object:
    offers = step.session.scalars(
        select(Offer.id).where(Offer.workspace_id == step.workspace_id, Offer.request_id == step.request_id)
    ).all()
    offer_id = step.chance.choice(offers) if offers else UUID(int=0)
    return offering.take(step.session, step.actor, **step.this, offer_id=offer_id)


@_with_requests
def take_none(step: Step) -> object:
    return offering.take_none(step.session, step.actor, **step.this, number=step.request.offer_round)


@_with_requests
def say_holding_reply(step: Step) -> object:
    return promising.holding_sent(step.session, step.actor, request_id=step.request_id)


@_with_requests
def start(step: Step) -> object:
    return delivering.start(step.session, step.actor, request_id=step.request_id)


@_with_requests
def finish(step: Step) -> object:
    minutes = step.chance.choice([None, 0, 200])
    return delivering.delivered(step.session, step.actor, request_id=step.request_id, actual_minutes=minutes)


@_with_requests
def close(step: Step) -> object:
    return delivering.close(step.session, step.actor, request_id=step.request_id)


@_with_requests
def send_to_client(step: Step) -> object:
    return client_answers.sent_to_client(
        step.session, step.actor, **step.this, valid_until=step.day(None, 0, 5, -1)
    )


@_with_requests
def client_says_yes(step: Step) -> object:
    return client_answers.client_accepted(step.session, step.actor, **step.this)


@_with_requests
def client_says_no(step: Step) -> object:
    return client_answers.client_declined(step.session, step.actor, **step.this, reason="Too dear")


@_with_requests
def reassign_it(step: Step) -> object:
    somebody = step.chance.choice((*OURS, GUEST))
    return reassigning.reassign(
        step.session, step.actor, **step.this, person_id=somebody, reason="Knows it best"
    )


@_with_requests
def defer(step: Step) -> object:
    until = step.day(None, 3, 3, 30, 0)
    return deciding.defer(step.session, step.actor, **step.this, reason="After the fair", until=until)


@_with_requests
def ask_again(step: Step) -> object:
    note = step.chance.choice(["There is budget now", ""])
    return returning.ask_again(step.session, step.actor, **step.this, note=note)


@_with_requests
def let_go(step: Step) -> object:
    return returning.let_go(step.session, step.actor, **step.this)


@_with_requests
def reopen(step: Step) -> object:
    return reopening.reopen(step.session, step.actor, **step.this, reason="New figures")


@_with_requests
def appeal(step: Step) -> object:
    return reopening.appeal(step.session, step.actor, **step.this, facts="The client pays for it")


@_with_requests
def mark_duplicate(step: Step) -> object:
    original_id = step.chance.choice(step.others) if step.others else None
    return duplicates.mark_duplicate(step.session, step.actor, **step.this, original_id=original_id)


@_with_requests
def accept_on_condition(step: Step) -> object:
    depends = Depends("The client sends the texts", step.chance.choice((*OURS, GUEST)), step.day(5, 1, 0, 9))
    return conditional.accept_on_condition(
        step.session, step.actor, **step.this, figures=figures(step), depends=depends
    )


@_with_requests
def condition_met(step: Step) -> object:
    number = step.request.condition_count
    return conditional.condition_met(step.session, step.actor, **step.this, number=number)


@_with_requests
def condition_failed(step: Step) -> object:
    number = step.request.condition_count
    return conditional.condition_failed(
        step.session, step.actor, **step.this, number=number, reason="They never came"
    )


@_with_requests
def accept_swap(step: Step) -> object:
    chance = step.chance
    requests = [found[0] for found in swapping.swappable(step.session, step.request)]
    items = step.session.scalars(
        select(ScopeItem.id).where(
            ScopeItem.workspace_id == step.workspace_id,
            ScopeItem.project_id == step.request.project_id,
            ScopeItem.is_included.in_([True, chance.random() > 0.1]),
        )
    ).all()
    out = GoesOut(
        items=[(item, chance.choice([60, 45])) for item in items if chance.random() < 0.5],
        requests=requests[:1] if chance.random() < 0.7 else requests[:3],
    )
    rest = chance.choice([Funding.CHANGE_ORDER, Funding.CONTINGENCY, Funding.GOODWILL])
    return swapping.accept_swap(
        step.session,
        step.actor,
        **step.this,
        figures=Figures(chance.choice([180, 240, 600, 10_000]), chance.choice([0, 90_00]), 0, {}),
        rest=rest,
        out=out,
    )


@_with_requests
def nudge(step: Step) -> object:
    return nudging.nudge(step.session, step.actor, request_id=step.request_id)


# What usually comes next, by whom: so that lives go somewhere.
NEXT: dict[State, tuple[tuple[str, str], ...]] = {
    State.UNDER_REVIEW: (
        ("holder", "accept"),
        ("holder", "accept"),
        ("holder", "accept_swap"),
        ("decider", "accept"),
        ("decider", "decline"),
        ("decider", "ask_for_info"),
        ("decider", "counter_offer"),
        ("decider", "defer"),
        ("decider", "accept_on_condition"),
        ("decider", "accept_swap"),
        ("holder", "ask_again"),
        ("requester", "mark_duplicate"),
        ("requester", "nudge"),
    ),
    State.NEEDS_INFO: (("requester", "answer"), ("holder", "answer")),
    State.COUNTERED: (("requester", "take"), ("holder", "take"), ("requester", "take_none")),
    State.APPROVED: (
        ("requester", "tell_client"),
        ("requester", "send_to_client"),
        ("requester", "client_says_yes"),
        ("requester", "client_says_no"),
        ("holder", "start"),
        ("holder", "finish"),
        ("requester", "edit"),
        ("director", "reopen"),
    ),
    State.APPROVED_CONDITIONAL: (
        ("holder", "condition_met"),
        ("holder", "condition_met"),
        ("holder", "condition_failed"),
        ("requester", "edit"),
    ),
    State.IN_PROGRESS: (
        ("holder", "finish"),
        ("manager", "finish"),
        ("requester", "client_says_yes"),
        ("requester", "client_says_no"),
    ),
    State.IMPLEMENTED: (
        ("manager", "close"),
        ("requester", "client_says_yes"),
        ("requester", "tell_client"),
    ),
    State.REJECTED: (
        ("requester", "tell_client"),
        ("requester", "edit"),
        ("requester", "appeal"),
        ("requester", "ask_again"),
        ("requester", "let_go"),
    ),
    State.DEFERRED: (
        ("requester", "tell_client"),
        ("requester", "ask_again"),
        ("requester", "let_go"),
    ),
    State.VOID: (("decider", "reopen"), ("requester", "reopen")),
    State.CLOSED: (("director", "reopen"),),
}


# --- around them


@_around
def go_away(step: Step) -> object:
    first = step.chance.randint(0, 4)
    return absences.go_away(
        step.session,
        step.actor,
        first_day=(step.now + timedelta(days=first)).date(),
        last_day=(step.now + timedelta(days=first + step.chance.randint(0, 9))).date(),
        delegate_id=step.chance.choice(OURS),
    )


@_around
def come_back(step: Step) -> object:
    standing: list[Delegation] = absence.standing(step.session, workspace_id=step.workspace_id)
    own = [delegation for delegation in standing if delegation.person_id == step.person] or standing
    delegation_id = step.chance.choice(own).id if own else UUID(int=0)
    return absences.come_back(step.session, step.actor, delegation_id=delegation_id)


@_around
def give_project_away(step: Step) -> None:
    key = step.chance.choice(list(step.projects))
    form = a_project_form(
        step.client_id,
        key=key,
        name=f"{key} site",
        channel_id=f"C_{key}",
        pm_id=step.chance.choice(OURS),
        figures=None,
    )
    portfolio.edit_project(step.session, step.actor, project_id=step.projects[key], form=form)
    service.reroute(step.session, step.actor, project_id=step.projects[key])


@_around
def give_client_away(step: Step) -> None:
    renewal = step.session.get_one(Client, (step.workspace_id, step.client_id)).renewal_on
    form = a_client_form(am_id=step.chance.choice(OURS), goodwill_minutes=480, renewal_on=renewal)
    portfolio.edit_client(step.session, step.actor, client_id=step.client_id, form=form)
    service.reroute_all(step.session, step.actor)


@_around
def come_or_go(step: Step) -> None:
    """Somebody's account is switched off, or on again; the set-up's admin stays."""
    person = step.session.get_one(Person, (step.workspace_id, step.chance.choice((*OURS[:4], GUEST))))
    person.is_active = not person.is_active
    if not person.is_active:
        departures.pass_on_from(step.session, Actor(step.workspace_id, OLGA, step.now), person.id)
