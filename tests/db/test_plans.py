"""What is asked again and again, for all workspaces at once, never reads a table from end to end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from bot.db.engine import is_sqlite
from bot.db.ids import new_id
from bot.digests import service as digests
from bot.digests.edition import Edition
from bot.digests.models import Coverage, DigestKind
from bot.digests.repository import card_links
from bot.outbox import taking
from bot.outbox.repository import forget_sent
from bot.portfolio import repository as portfolio
from bot.reminders.service import remind_due
from bot.requests.afterwards import client_answers, returning
from bot.requests.afterwards.linked import linked
from bot.requests.afterwards.opportunities import opportunities
from bot.requests.bargaining import conditional, offering
from bot.requests.cards import card_place
from bot.requests.overviews.touched import happened_anywhere
from bot.requests.routing import absences, departures
from tests.portfolio.agency import HERE, NOW, a_client, a_project

# These grow with every request, for ever.
GROWS = {
    "ball_intervals",
    "change_requests",
    "conditions",
    "decision_bridges",
    "decisions",
    "events",
    "funding_entries",
    "notices",
    "offers",
    "postings",
}
# An index of these holds only rows that somebody or the clock still has to act on: it may be read as a whole.
SMALL = {
    "ix_change_requests_deciding_own",
    "ix_change_requests_hearing_own_no",
    "ix_decision_bridges_awaiting_event",
}

ASKED: dict[str, Callable[[Session, datetime], Any]] = {
    "options over": offering.mark_over,
    "conditions expired": conditional.expire_conditions,
    "absences": absences.keep_up,
    "deferred": returning.wake_deferred,
    "clients' answers": client_answers.expire_answers,
    "who left": departures.keep_up,
    "reminders": remind_due,
    "said long ago": lambda session, now: forget_sent(session, before=now - timedelta(days=90)),
    "outbox": lambda session, now: taking.take(session, now=now, lease="x", notices=20, postings=20),
    "Homes": lambda session, now: happened_anywhere(session, since=now - timedelta(seconds=30)),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_the_clock_asks_is_a_look_into_an_index(agency_engine: Engine, what: str) -> None:
    with agency_engine.connect() as connection, Session(connection) as session:
        asked = asked_by(connection, lambda: ASKED[what](session, NOW))
        read = sqlite_scans if is_sqlite(agency_engine) else postgresql_scans
        found = [scan for statement, parameters in asked for scan in read(connection, statement, parameters)]
        session.rollback()
    assert found == []


@pytest.mark.parametrize("what", [portfolio.facts, portfolio.agreed, portfolio.agreed_and_current])
def test_what_was_agreed_is_not_looked_for_behind_every_later_version(
    agency_engine: Engine, what: Callable[..., Any]
) -> None:
    with agency_engine.connect() as connection, Session(connection) as session:
        project = a_project(session, a_client(session))
        asked = asked_by(connection, lambda: what(session, workspace_id=HERE, project_id=project))
        (found,) = [one for one in asked if "origin = 'agreed'" in one[0]]
        if is_sqlite(agency_engine):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found[0]}", _once(found[1]))
            assert any("ix_baselines_agreed" in row.detail for row in plan)
        session.rollback()


def of_a_channel(kind: DigestKind) -> Edition:
    return Edition(
        workspace_id=HERE,
        channel_id="C0ACME",
        kind=kind,
        covers=Coverage.CHANNEL,
        zone="UTC",
        due_at=NOW,
        now=NOW,
    )


OF_ONE: dict[str, Callable[[Session], Any]] = {
    "where a card stands": lambda session: card_place(session, workspace_id=HERE, request_id=new_id()),
    "what a card links to": lambda session: linked(session, workspace_id=HERE, request_id=new_id()),
    "what a digest links to": lambda session: card_links(
        session, workspace_id=HERE, requests=[new_id() for _ in range(15)]
    ),
    "scope": lambda session: digests.scope_report(session, of_a_channel(DigestKind.SCOPE)),
    "deadlines": lambda session: digests.deadline_report(session, of_a_channel(DigestKind.DEADLINES)),
}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("what", OF_ONE)
def test_what_is_asked_of_one_request_or_channel_is_not_looked_for_in_all_of_the_workspace(
    agency_engine: Engine, what: str
) -> None:
    whole = re.compile(r"\(workspace_id=\?( AND id[<>]\?)?\)")
    assert [step for step in sqlite_plans(agency_engine, OF_ONE[what]) if whole.search(step)] == []


@pytest.mark.only_on("sqlite")
def test_whether_a_later_no_stands_in_its_place_is_not_looked_for_among_all_later_ones(
    agency_engine: Engine,
) -> None:
    plans = sqlite_plans(
        agency_engine,
        lambda session: opportunities(session, workspace_id=HERE, client_ids=None, limit=15, offset=0),
    )
    assert [step for step in plans if "(workspace_id=? AND id>?)" in step] == []


def sqlite_plans(engine: Engine, work: Callable[[Session], Any]) -> list[str]:
    """How SQLite finds the rows of tables that grow, at each step of what some work asks."""
    with engine.connect() as connection, Session(connection) as session:
        steps = [
            row.detail
            for statement, parameters in asked_by(connection, lambda: work(session))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", _once(parameters))
        ]
        session.rollback()
    # An alias ends with a number.
    return [step for step in steps if re.sub(r"_\d+$", "", step.split()[1]) in GROWS]


def asked_by(connection: Connection, work: Callable[[], Any]) -> list[tuple[str, Any]]:
    """What some work asks of the database, with the parameters."""
    sent: list[tuple[str, Any]] = []
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_: sent.append((statement, parameters)),
    )
    work()
    asked = [one for one in sent if one[0].startswith(("SELECT", "DELETE", "UPDATE"))]
    assert asked
    return asked


def sqlite_scans(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", _once(parameters)):
        step = row.detail.split()
        if step[0] == "SCAN" and step[1] in GROWS and not SMALL & set(step):
            yield row.detail


def postgresql_scans(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    # The tables are empty: without this, reading them whole is what costs least.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    (answer,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", _once(parameters)).one()
    plan = answer if isinstance(answer, list) else json.loads(answer)
    for node in _nodes(plan[0]["Plan"]):
        # Which of several indexes it takes says nothing while they are empty; that it finds none says all.
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWS:
            yield f"{node['Relation Name']}: {node.get('Filter')}"


def _once(parameters: Any) -> Any:
    """The parameters of one execution, as SQLAlchemy takes them: by name, or a tuple."""
    return tuple(parameters) if isinstance(parameters, list) else parameters


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)
