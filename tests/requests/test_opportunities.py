from __future__ import annotations

from datetime import UTC, date, datetime

from bot.portfolio.forms import Figures
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.opportunities import Worth, opportunities
from bot.requests.afterwards.returning import ask_again, let_go, wake_deferred
from bot.requests.deciding import defer
from bot.requests.models import State
from tests.factories import LATER, a_bridge, a_posting, a_request, accept, act, decline
from tests.portfolio.agency import ANA, HERE, PETE, a_client, a_project, settle

SPRING = date(2027, 3, 15)
MORNING = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


def put_off(session, request, until=SPRING):
    defer(session, act(PETE, LATER), request_id=request.id, revision=1, reason="Not now", until=until)


def found(session, client_ids=None, *, limit=50, offset=0, workspace_id=HERE):
    wanted = {"workspace_id": workspace_id, "client_ids": client_ids, "limit": limit, "offset": offset}
    return opportunities(session, **wanted)


def references(page) -> list[str]:
    return [line.reference for line in page.lines]


def test_what_is_deferred_or_declined_with_a_bridge_is_an_opportunity(session, project_id) -> None:
    deferred, budget, clause, dated_clause, accepted, _waiting = (
        a_request(session, project_id, minutes=180) for _ in range(6)
    )
    put_off(session, deferred)
    decline(session, budget)
    decline(session, clause, bridge=a_bridge(BridgeKind.CLAUSE, "Section 4"))
    decline(session, dated_clause, bridge=a_bridge(BridgeKind.CLAUSE, "Section 4", date(2027, 1, 1)))
    accept(session, accepted)
    a_posting(session, deferred, ts="1.1")
    a_posting(session, deferred, ts="1.2")
    page = found(session)
    # What comes back first, and what has no day last.
    assert references(page) == ["ACME-4", "ACME-1", "ACME-2"]
    assert [line.card for line in page.lines] == [None, ("C_ACME", "1.1"), None]
    assert page.total == Worth(3, (("EUR", 9 * 120_00),), 0, 0)


def test_money_is_summed_by_currency_and_hours_where_there_is_no_rate(session, project_id) -> None:
    beta = a_project(session, a_client(session, name="Beta", currency="USD"), key="BETA", name="Beta Shop")
    free = Figures(0, 0, None)
    gamma = a_project(session, a_client(session, name="Alpha"), key="ALPHA", name="Alpha Site", figures=free)
    for project, minutes in ((project_id, 60), (beta, 120), (gamma, 90), (gamma, None)):
        decline(session, a_request(session, project, minutes=minutes))
    page = found(session)
    assert references(page) == ["ACME-1", "ALPHA-1", "ALPHA-2", "BETA-1"]
    assert page.total == Worth(4, (("EUR", 120_00), ("USD", 240_00)), 90, 1)
    (alpha,) = [client for client in page.clients.values() if client.name == "Alpha"]
    assert alpha.worth == Worth(2, (), 90, 1)
    assert references(found(session, [alpha.id])) == ["ALPHA-1", "ALPHA-2"]


def test_what_is_back_stays_until_it_is_asked_again_or_let_go(session, project_id) -> None:
    one, other, third = (a_request(session, project_id) for _ in range(3))
    put_off(session, one)
    put_off(session, other)
    decline(session, third, bridge=a_bridge(BridgeKind.DATE, "", SPRING))
    wake_deferred(session, MORNING)
    page = found(session)
    assert [(line.reference, line.state, line.is_back) for line in page.lines] == [
        ("ACME-1", State.UNDER_REVIEW, True),
        ("ACME-2", State.UNDER_REVIEW, True),
        ("ACME-3", State.REJECTED, True),
    ]
    ask_again(session, act(ANA, MORNING), request_id=one.id, revision=1)
    let_go(session, act(ANA, MORNING), request_id=other.id, revision=1)
    let_go(session, act(ANA, MORNING), request_id=third.id, revision=1)
    assert found(session).total == Worth()
    # Deferred a second time, it is listed once.
    defer(
        session,
        act(PETE, MORNING),
        request_id=one.id,
        revision=1,
        reason="Still not",
        until=date(2027, 9, 1),
    )
    assert references(found(session)) == ["ACME-1"]


def test_pages_hold_so_many_and_sum_all(session, project_id) -> None:
    for _ in range(5):
        decline(session, a_request(session, project_id, minutes=60))
    first, last = found(session, limit=3), found(session, limit=3, offset=3)
    assert (len(first.lines), len(last.lines)) == (3, 2)
    assert first.total == last.total == Worth(5, (("EUR", 600_00),), 0, 0)
    assert not {line.id for line in first.lines} & {line.id for line in last.lines}


def test_tenants_never_meet(session, project_id) -> None:
    decline(session, a_request(session, project_id))
    settle(session, "T2")
    assert found(session, workspace_id="T2").total == Worth()
