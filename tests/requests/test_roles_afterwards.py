"""The same table for what comes after the first answer: each act on a request that stands where it can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.people.models import Actor
from bot.reminders import nudging
from bot.requests import deciding
from bot.requests.afterwards import client_answers, delivering, duplicates, reopening, returning
from bot.requests.bargaining import asking, conditional, offering
from bot.requests.bargaining.conditional import Depends
from bot.requests.bargaining.offer_models import Offer
from bot.requests.client_words import promising
from bot.requests.models import Promise
from tests.factories import a_bridge, some_figures
from tests.portfolio.agency import ANA, HERE, NOW, PETE
from tests.requests.test_roles import DECIDES, OPTION, ROLES, STRANGER, Act, Scene, is_let, scene

__all__ = ["scene"]
pytestmark = pytest.mark.only_on("sqlite")

AM, PM = Actor(HERE, ANA, NOW), Actor(HERE, PETE, NOW)
Prepare = Callable[[Scene], object]


# Who was named to confirm it, and whoever decides.
CONFIRMS = {"stranger", *DECIDES}


def as_it_is(scene: Scene) -> None:
    """It waits for a decision."""


def asked(s: Scene) -> object:
    return asking.ask_for_info(s.session, PM, **s.this, question="Which list?")


def countered(s: Scene) -> object:
    return offering.counter_offer(s.session, PM, **s.this, options=[OPTION])


def conditional_yes(s: Scene) -> object:
    depends = Depends("The texts come", STRANGER, NOW.date() + timedelta(days=5))
    return conditional.accept_on_condition(s.session, PM, **s.this, figures=some_figures(), depends=depends)


def declined(s: Scene) -> object:
    return deciding.decline(s.session, PM, **s.this, reason="No room", bridge=a_bridge())


def deferred(s: Scene) -> object:
    return deciding.defer(s.session, PM, **s.this, reason="Later", until=date(2026, 12, 20))


def back(s: Scene) -> None:
    deferred(s)
    s.session.flush()
    assert returning.wake_deferred(s.session, NOW + timedelta(days=60)) == 1


def sent(s: Scene) -> object:
    return client_answers.sent_to_client(
        s.session, AM, request_id=s.going.id, revision=s.going.revision, valid_until=date(2026, 12, 20)
    )


def nothing_said(s: Scene) -> None:
    s.waiting.promise = Promise.NOTHING_SAID


def done(s: Scene) -> object:
    sent(s)
    client_answers.client_accepted(s.session, AM, **going(s))
    return delivering.delivered(s.session, PM, request_id=s.going.id, actual_minutes=200)


def going(s: Scene) -> dict[str, Any]:
    return {"request_id": s.going.id, "revision": s.going.revision}


def _take(s: Scene, by: Actor) -> object:
    offer_id = s.session.scalars(select(Offer.id).where(Offer.request_id == s.waiting.id)).one()
    return offering.take(s.session, by, **s.this, offer_id=offer_id)


ACTS: dict[str, tuple[Prepare, Act, set[str]]] = {
    "answer a question": (
        asked,
        lambda s, by: asking.answer(s.session, by, **s.this, number=1, words="The big one"),
        {"AM"},
    ),
    "take an option": (countered, _take, {"AM"}),
    "take none": (
        countered,
        lambda s, by: offering.take_none(s.session, by, **s.this, number=s.waiting.offer_round),
        {"AM"},
    ),
    "say that the condition is met": (
        conditional_yes,
        lambda s, by: conditional.condition_met(s.session, by, **s.this, number=1),
        CONFIRMS,
    ),
    "say that it is not": (
        conditional_yes,
        lambda s, by: conditional.condition_failed(s.session, by, **s.this, number=1, reason="They did not"),
        CONFIRMS,
    ),
    "re-open": (
        declined,
        lambda s, by: reopening.reopen(s.session, by, **s.this, reason="New figures"),
        {"PM", "delegate", "director"},
    ),
    "appeal": (declined, lambda s, by: reopening.appeal(s.session, by, **s.this, facts="They pay"), {"AM"}),
    "ask again": (
        back,
        lambda s, by: returning.ask_again(s.session, by, **s.this, note="There is budget"),
        {"AM"},
    ),
    "let it go": (deferred, lambda s, by: returning.let_go(s.session, by, **s.this), {"AM"}),
    "mark as a duplicate": (
        as_it_is,
        lambda s, by: duplicates.mark_duplicate(s.session, by, **s.this, original_id=s.going.id),
        {"AM", *DECIDES},
    ),
    "nudge": (
        as_it_is,
        lambda s, by: nudging.nudge(s.session, by, request_id=s.waiting.id),
        {"AM"},
    ),
    "say that a holding reply was sent": (
        nothing_said,
        lambda s, by: promising.holding_sent(s.session, by, request_id=s.waiting.id),
        {"AM"},
    ),
    "send to the client": (
        as_it_is,
        lambda s, by: client_answers.sent_to_client(
            s.session, by, **going(s), valid_until=date(2026, 12, 20)
        ),
        {"AM"},
    ),
    "say that the client accepts": (
        sent,
        lambda s, by: client_answers.client_accepted(s.session, by, **going(s)),
        {"AM"},
    ),
    "say that the client declines": (
        sent,
        lambda s, by: client_answers.client_declined(s.session, by, **going(s), reason="Too dear"),
        {"AM"},
    ),
    "deliver": (
        as_it_is,
        lambda s, by: delivering.delivered(s.session, by, request_id=s.going.id, actual_minutes=None),
        {"PM", "delegate"},
    ),
    "close": (done, lambda s, by: delivering.close(s.session, by, request_id=s.going.id), {"PM", "delegate"}),
}


@pytest.mark.parametrize("what", ACTS)
def test_only_who_may_does_it_afterwards(scene: Scene, what: str) -> None:
    prepare, act, may = ACTS[what]
    prepare(scene)
    scene.session.flush()
    let_in = {
        role for role, (workspace_id, person) in ROLES.items() if is_let(scene, act, workspace_id, person)
    }
    assert let_in == may
