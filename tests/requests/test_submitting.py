from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.db.ids import new_id
from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio.models import Client, Project
from bot.requests.deciding import MOST_MINUTES
from bot.requests.models import EventKind, Promise, Reason, State
from bot.requests.refusals import InThePast, Missing, NobodyElse, ProjectClosed, TooMuch
from bot.requests.service import submit
from tests.factories import (
    a_request,
    act,
    an_ask,
    events_of,
    intervals_of,
    name_director,
    notices_about,
    send_away,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE, a_client, a_project, settle


def refusals(session, project_id, *, by=ANA, now=NOW, **changes):
    """Which fields are marked, and why."""
    with pytest.raises(WrongFields) as caught:
        submit(session, act(by, now), an_ask(project_id, **changes))
    return {wrong.field: wrong.why for wrong in caught.value.fields}


# --- what is written


def test_a_request_is_numbered_within_its_project(session, project_id) -> None:
    other = a_project(session, a_client(session, name="Beta"), key="BETA", name="Beta Shop")
    references = [a_request(session, project).reference for project in (project_id, other, project_id)]
    assert references == ["ACME-1", "BETA-1", "ACME-2"]


def test_a_request_waits_for_the_project_manager(session, project_id) -> None:
    request = a_request(session, project_id)
    assert (request.state, request.decider_id, request.ball_holder_id) == (State.UNDER_REVIEW, PETE, PETE)
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [(PETE, NOW, None)]


def test_everything_that_was_said_is_kept(session, project_id) -> None:
    said = {
        "title": "Replace the hero",
        "details": "With the red one.\nSee the brief.",
        "reason": Reason.EXTRA_REVISION,
        "needed_by": date(2026, 11, 27),
        "minutes": 90,
        "promise": Promise.PROMISED,
        "source_url": "https://agency.slack.com/archives/C1/p1",
    }
    request = a_request(session, project_id, **said)
    kept = {name: getattr(request, name) for name in said if name != "minutes"}
    assert kept == {name: value for name, value in said.items() if name != "minutes"}
    assert (request.estimated_minutes, request.requester_id, request.submitted_at) == (90, ANA, NOW)


def test_the_history_begins_with_the_submission(session, project_id) -> None:
    request = a_request(session, project_id, needed_by=date(2026, 11, 27))
    (event,) = events_of(session, request)
    assert (event.kind, event.actor_id, event.position) == (EventKind.SUBMITTED, ANA, 1)
    assert event.facts == {
        "title": "Add a newsletter sign-up",
        "decider": PETE,
        "promise": "holding_reply_sent",
        "priority": "normal",
        "minutes": 180,
        "needed_by": "2026-11-27",
    }


def test_the_card_is_announced_once_in_the_projects_channel(session, project_id) -> None:
    request = a_request(session, project_id)
    (notice,) = notices_about(session, request)
    assert (notice.kind, notice.destination, notice.dedupe_key) == ("card", "C_ACME", f"card:{request.id}")


def test_the_requester_gets_a_holding_reply_where_nothing_was_said(session, project_id) -> None:
    request = a_request(session, project_id, promise=Promise.NOTHING_SAID)
    _, notice = notices_about(session, request)
    assert (notice.kind, notice.destination) == ("holding_reply", ANA)
    assert request.promise_at is None


@pytest.mark.parametrize("promise", [Promise.HOLDING_REPLY, Promise.PROMISED])
def test_what_the_client_believes_is_dated_and_needs_no_holding_reply(session, project_id, promise) -> None:
    request = a_request(session, project_id, promise=promise)
    assert [notice.kind for notice in notices_about(session, request)] == ["card"]
    assert request.promise_at == NOW


# --- the answer that is owed


@pytest.mark.parametrize(
    ("now", "needed_by", "owed_on"),
    [
        (NOW, None, date(2026, 11, 25)),  # Monday: two working days
        (datetime(2026, 11, 27, 9, tzinfo=UTC), None, date(2026, 12, 1)),  # Friday: over the weekend
        (NOW, date(2026, 11, 24), date(2026, 11, 24)),  # never after the thing itself
        (NOW, date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_an_answer_is_owed_in_two_working_days_or_when_it_is_needed(
    session, project_id, now, needed_by, owed_on
) -> None:
    assert a_request(session, project_id, now=now, needed_by=needed_by).answer_owed_on == owed_on


# --- what is refused


def test_every_wrong_field_is_marked_at_once(session, project_id) -> None:
    found = refusals(session, new_id(), title=" ", needed_by=date(2026, 11, 22), minutes=-1)
    assert found == {
        "project": Missing(),
        "title": Missing(),
        "needed_by": InThePast(day=date(2026, 11, 22)),
        "hours": TooMuch(most=MOST_MINUTES // 60),
    }


@pytest.mark.parametrize("minutes", [-1, MOST_MINUTES + 1, 10**40])
def test_hours_that_cannot_be_are_refused(session, project_id, minutes) -> None:
    assert refusals(session, project_id, minutes=minutes) == {"hours": TooMuch(most=100_000)}


@pytest.mark.parametrize("minutes", [None, 0, MOST_MINUTES])
def test_hours_may_be_unknown_nothing_or_very_many(session, project_id, minutes) -> None:
    assert a_request(session, project_id, minutes=minutes).estimated_minutes == minutes


def test_nothing_can_be_asked_on_a_closed_project(session, project_id) -> None:
    session.get_one(Project, (HERE, project_id)).closed_at = NOW
    session.flush()  # the lock reads the row
    assert refusals(session, project_id) == {"project": ProjectClosed(project="Acme Website")}


def test_today_is_the_requesters_own_day(session, project_id) -> None:
    # 03:30 UTC on the 24th: still the 23rd for Max in New York, no more for Ana in Madrid.
    night = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    the_23rd = date(2026, 11, 23)
    assert a_request(session, project_id, by=MAX, now=night, needed_by=the_23rd).needed_by == the_23rd
    assert refusals(session, project_id, by=ANA, now=night, needed_by=the_23rd) == {
        "needed_by": InThePast(day=the_23rd)
    }


def test_people_from_outside_cannot_ask(session, project_id) -> None:
    with pytest.raises(ExternalPerson) as caught:
        submit(session, act(GUEST), an_ask(project_id))
    assert caught.value.name == "Gus"


def test_who_left_cannot_ask(session, project_id) -> None:
    send_away(session, ANA)
    with pytest.raises(UnknownPerson):
        submit(session, act(ANA), an_ask(project_id))


def test_somebody_nobody_knows_cannot_ask(session, project_id) -> None:
    with pytest.raises(UnknownPerson):
        submit(session, act("U_NOBODY"), an_ask(project_id))


def test_another_workspaces_project_does_not_exist(session, project_id) -> None:
    settle(session, "T2")
    with pytest.raises(WrongFields) as caught:
        submit(session, act(ANA, workspace_id="T2"), an_ask(project_id))
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [("project", Missing())]


# --- who decides


def test_a_managers_own_request_goes_to_the_director(session, project_id) -> None:
    name_director(session, OLGA)
    assert a_request(session, project_id, by=PETE).decider_id == OLGA


def test_without_a_director_a_managers_own_request_goes_to_the_account_manager(session, project_id) -> None:
    assert a_request(session, project_id, by=PETE).decider_id == ANA


def test_who_is_everything_at_once_cannot_ask_for_want_of_a_decider(session, project_id) -> None:
    project = session.get_one(Project, (HERE, project_id))
    session.get_one(Client, (HERE, project.client_id)).am_id = PETE
    name_director(session, PETE)
    with pytest.raises(NobodyElse) as caught:
        submit(session, act(PETE), an_ask(project_id))
    assert caught.value.project == "Acme Website"
    assert project.last_number == 0


def test_a_request_does_not_wait_for_a_manager_who_left(session, project_id) -> None:
    name_director(session, OLGA)
    send_away(session, PETE)
    request = a_request(session, project_id)
    assert (request.decider_id, request.ball_holder_id) == (OLGA, OLGA)


# --- text as it may come


def test_forty_thousand_characters_are_kept_whole(session, project_id) -> None:
    details = "Grüße 🎉 " * 5_000
    assert a_request(session, project_id, details=details).details == details.strip()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Add\x00 a form", "Add a form"),
        ("Add\ud83d a form", "Add a form"),
        ("Add\u202e a form", "Add a form"),
        ("  Add\n a\t form\r\n", "Add a form"),
        ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
    ],
)
def test_characters_that_no_database_holds_are_left_out(session, project_id, typed, kept) -> None:
    request = a_request(session, project_id, title=typed, details=typed, source_url=typed)
    session.expire(request)
    assert request.title == kept
    assert "\x00" not in request.details + request.source_url
    assert events_of(session, request)[0].facts["title"] == kept


@pytest.mark.parametrize("title", ["", "   ", "\x00", "\u202e \n"])
def test_a_title_of_nothing_is_missing(session, project_id, title) -> None:
    assert refusals(session, project_id, title=title) == {"title": Missing()}


def test_a_day_at_the_end_of_the_calendar_is_a_day(session, project_id) -> None:
    assert a_request(session, project_id, needed_by=date.max).needed_by == date.max
