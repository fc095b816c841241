"""Ids of another workspace in every place where a delivery carries one: nothing of it is shown, and nothing is changed.

Short: every seventh delivery with one kind of id; at length (HANDOFF_LONG_TESTS=1) each with all of them.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio import forms
from bot.portfolio.service import add_client, add_project
from bot.requests import service
from bot.requests.bargaining import offering
from bot.requests.bargaining.offer_models import Offer
from bot.requests.models import Promise
from bot.slack.shapes import is_readable
from bot.workspaces.service import WorkspaceFacts, ensure
from tests.fuzz.deliveries import deliveries
from tests.slack_world import ANA, PETE, World, agency
from tests.tenants.crowd import marks_in
from tests.tenants.test_clock import everything

AT_LENGTH = bool(os.environ.get("HANDOFF_LONG_TESTS"))
# The other workspace has the same people, as a shared organisation could, and says its mark in every text.
OTHER, MARK, KEY = "T0OTHER", "mark07x", "SECRET7"
# Where a delivery carries ids.
CARRIES = {"value", "private_metadata", "block_id"}


def furnish(session: Session, now: Any) -> dict[str, str]:
    """The other workspace, with a request that waits and one with options; its ids by kind."""
    ensure(session, WorkspaceFacts(OTHER, f"Other {MARK}", "U0B", "B0B"), now)
    for person in (ANA, PETE):
        remember(
            session, OTHER, PersonFacts(id=person, name=f"{person} {MARK}", zone="UTC", is_admin=True), now
        )
    actor = Actor(OTHER, ANA, now)
    form = forms.ClientForm(name=f"Client {MARK}", am_id=ANA, currency="EUR", contact_name=MARK)
    client = add_client(session, actor, form=form)
    project = add_project(
        session,
        actor,
        form=forms.ProjectForm(
            client_id=client.id,
            name=f"Site {MARK}",
            key=KEY,
            pm_id=PETE,
            channel_id="C0THEIRS",
            figures=forms.Figures(7_200, 1_440_000, None),
        ),
    )
    asked = [
        service.submit(
            session,
            actor,
            service.Ask(project_id=project.id, title=f"Ask {MARK}", promise=Promise.HOLDING_REPLY),
        )
        for _ in range(2)
    ]
    option = offering.Option(
        what=MARK,
        minutes=60,
        fee_minor=6_000,
        funding=Funding.CHANGE_ORDER,
        valid_until=now.date() + timedelta(days=9),
        day=None,
    )
    offering.counter_offer(
        session, Actor(OTHER, PETE, now), request_id=asked[1].id, revision=1, options=[option]
    )
    offer_id = session.scalars(select(Offer.id).where(Offer.workspace_id == OTHER)).one()
    return {
        "request": f"{asked[0].id}",
        "card": f"{asked[0].id}:1",
        "countered": f"{asked[1].id}:1",
        "offer": f"{asked[1].id}:1:{offer_id}",
        "offer alone": f"{offer_id}",
        "numbered": f"{asked[0].id}:1:1",
        "project": f"{project.id}",
        "client": f"{client.id}",
        "workspace": f"{OTHER}:{asked[0].id}:1",
        "reference": f"{KEY}-1",
        "key": KEY,
    }


def with_ids(body: Any, foreign: str) -> Any:
    """The delivery with a foreign id wherever it carries one."""
    if isinstance(body, list):
        return [with_ids(one, foreign) for one in body]
    if not isinstance(body, dict):
        return body
    changed = {}
    for name, value in body.items():
        is_carrier = name in CARRIES and isinstance(value, str)
        changed[name] = foreign if is_carrier else with_ids(value, foreign)
    return changed


def bodies(world: World, ids: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every delivery there is, with ids of the other workspace in it."""
    whole = deliveries([ids["request"]], [ids["project"]])
    kinds = sorted(ids)
    for number, (name, body) in enumerate(whole.items()):
        if number % 7 and not AT_LENGTH:
            continue
        chosen = kinds if AT_LENGTH else [kinds[number // 7 % len(kinds)]]
        if AT_LENGTH:
            yield name, body
        for kind in chosen:
            yield f"{name} with {kind}", with_ids(copy.deepcopy(body), ids[kind])
    for name in ("show", "list", "find", "project", "client", "mine", "opportunities"):
        for said in (ids["reference"], KEY, "ask", "client", ids["request"]):
            yield (
                f"/handoff {name} {said}",
                {**whole["/ask "], "command": "/handoff", "text": f"{name} {said}"},
            )
    for said in (KEY, ids["reference"], ids["project"]):
        yield f"/ask {said}", {**whole["/ask "], "text": f"{said} a sign-up by friday"}


@pytest.mark.only_on("sqlite")
async def test_ids_of_another_workspace_show_nothing_and_change_nothing(database_url: str) -> None:
    async with agency(database_url) as world:
        own = await world.log("Add a sign-up")
        ids = await world.bot.run(furnish, world.clock.now())
        before = await world.bot.read(everything, OTHER)
        assert UUID(ids["request"]) != own.id
        sent = 0
        for name, body in bodies(world, ids):
            assert is_readable(body), name
            answer = await world.handoff.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
            assert answer.status == 200, name
            assert not marks_in(answer.body), name
            sent += 1
        await world.bot.errands.finish()
        after = await world.bot.read(everything, OTHER)
        assert {table for table in before if before[table] != after[table]} == set()
        await world.deliver()
        for call in world.slack.calls:
            assert not marks_in(call.args), call
        assert sent > (1_000 if AT_LENGTH else 70)
