"""Two at once about who decides: one yes each, one decision, one hand-over; nobody waits for ever."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.errors import WrongFields
from bot.people.models import Delegation
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.models import BallInterval, ChangeRequest, Decision
from bot.requests.refusals import AgreedAlready, AlreadyDecided, MayNotReassign, NotTheDecider
from bot.requests.routing import reassigning
from bot.requests.routing.absences import go_away
from bot.workspaces.lines import Lines
from bot.workspaces.models import Workspace
from tests.factories import LATER, act, some_figures
from tests.portfolio.agency import HERE, MAX, NOW, OLGA, PETE
from tests.requests.test_two_deciders import ROUNDS, Desk, accepting, declining, desk, split

__all__ = ["desk"]
LARGE = some_figures(40 * 60, 4_800_00)


def with_a_line(session: Session) -> None:
    workspace = session.get_one(Workspace, HERE)
    workspace.director_id = MAX
    Lines(minutes=20 * 60).put(workspace)


def test_two_first_yes_at_once_are_one_and_two_second_ones_are_one_decision(desk: Desk) -> None:
    desk.runner.run_now(with_a_line)
    for done_before in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(*(accepting(request_id, figures=LARGE) for _ in range(2))))
        assert len(done) == 1
        assert isinstance(refused[0], AgreedAlready)
        done, refused = split(desk.at_once(*(accepting(request_id, by=MAX, figures=LARGE) for _ in range(2))))
        assert len(done) == 1
        assert isinstance(refused[0], AlreadyDecided)
        assert desk.count(FirstApproval) == desk.count(Decision) == done_before + 1


def test_a_yes_and_a_no_of_the_first_at_once_leave_one_of_them(desk: Desk) -> None:
    desk.runner.run_now(with_a_line)
    for _ in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(accepting(request_id, figures=LARGE), declining(request_id)))
        assert len(done) == 1
        assert isinstance(refused[0], AgreedAlready | AlreadyDecided)


def test_a_decision_given_away_while_it_is_made_is_made_once(desk: Desk) -> None:
    def giving(request_id):
        return lambda session: reassigning.reassign(
            session, act(PETE, LATER), request_id=request_id, revision=1, person_id=MAX, reason="Busy"
        )

    for _ in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(accepting(request_id), giving(request_id)))
        assert len(done) == 1
        assert isinstance(refused[0], NotTheDecider | AlreadyDecided | MayNotReassign)


def test_two_who_name_each_other_at_once_make_no_circle(desk: Desk) -> None:
    def going(person: str, delegate: str, day: date):
        days = {"first_day": day, "last_day": day}
        return lambda session: go_away(session, act(person, NOW), delegate_id=delegate, **days)

    for round_ in range(1, ROUNDS):
        day = date.fromordinal(NOW.date().toordinal() + round_)
        done, refused = split(desk.at_once(going(PETE, OLGA, day), going(OLGA, PETE, day)))
        assert len(done) == 1
        assert isinstance(refused[0], WrongFields)
    assert desk.count(Delegation) == ROUNDS - 1


def test_what_is_decided_while_its_decider_goes_away_has_one_holder(desk: Desk) -> None:
    waiting = [desk.request() for _ in range(6)]

    def going(session: Session) -> object:
        days = {"first_day": NOW.date(), "last_day": NOW.date()}
        return go_away(session, act(PETE, NOW), delegate_id=OLGA, **days)

    _, refused = split(desk.at_once(going, *(accepting(request_id) for request_id in waiting[:3])))
    assert refused == []
    assert desk.count(BallInterval, BallInterval.until.is_(None)) == desk.count(ChangeRequest)
    assert desk.count(ChangeRequest, ChangeRequest.ball_holder_id == OLGA) == 3
