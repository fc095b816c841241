from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson
from bot.requests import repository, service
from bot.requests.afterwards import duplicates, reopening
from bot.requests.models import EventKind, State
from bot.requests.refusals import (
    MayNotReopen,
    Missing,
    NoSuchRequest,
    NotAnOriginal,
    NotNow,
    NotTheirs,
    OtherClient,
    Outdated,
    SameRequest,
)
from tests.factories import (
    LATER,
    a_posting,
    a_request,
    accept,
    act,
    decline,
    events_of,
    name_director,
    notices_about,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, OLGA, PETE, a_client, a_project

AFTER = LATER + timedelta(hours=1)


def mark(session, request, original, *, by=ANA, revision=1, now=LATER):
    original_id = None if original is None else original.id
    return duplicates.mark_duplicate(
        session, act(by, now), request_id=request.id, revision=revision, original_id=original_id
    )


def reopen(session, request, *, by=ANA, now=AFTER):
    return reopening.reopen(
        session, act(by, now), request_id=request.id, revision=1, reason="It is for another page"
    )


def why(caught) -> object:
    (wrong,) = caught.value.fields
    assert wrong.field == "original"
    return wrong.why


# --- marking


@pytest.mark.parametrize("person", [ANA, PETE])
def test_a_duplicate_is_put_away_and_each_links_to_the_other(session, project_id, person) -> None:
    original, request = a_request(session, project_id), a_request(session, project_id)
    a_posting(session, original)
    version = original.version
    mark(session, request, original, by=person)
    assert (request.state, request.is_open, request.ball_holder_id) == (State.VOID, False, None)
    assert (request.duplicate_of_id, original.duplicate_count) == (original.id, 1)
    assert original.version == version + 1
    session.flush()
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.duplicate_of is not None
    assert (card.duplicate_of.reference, card.duplicate_of.card) == ("ACME-1", ("C_ACME", "1.1"))
    other = repository.card_facts(session, workspace_id=HERE, request_id=original.id)
    assert [(it.reference, it.card) for it in other.duplicates] == [("ACME-2", None)]
    assert [
        (e.kind, e.facts) for e in (events_of(session, request)[-1], events_of(session, original)[-1])
    ] == [
        (EventKind.MARKED_DUPLICATE, {"original": "ACME-1"}),
        (EventKind.DUPLICATE_FOUND, {"duplicate": "ACME-2"}),
    ]
    assert notices_about(session, request)[-1].kind == "duplicate"
    assert notices_about(session, original)[-1].kind == "duplicate_of"


def test_a_request_on_another_project_of_the_client_may_be_the_original(session) -> None:
    client = a_client(session)
    one, two = a_project(session, client), a_project(session, client, key="APP", name="Acme App")
    original, request = a_request(session, two), a_request(session, one)
    accept(session, original)
    mark(session, request, original)
    assert request.state is State.VOID


@pytest.mark.parametrize(
    ("person", "refusal"), [(MAX, NotTheirs), (OLGA, NotTheirs), (GUEST, ExternalPerson)]
)
def test_nobody_else_marks_it(session, project_id, person, refusal) -> None:
    name_director(session, OLGA)
    original, request = a_request(session, project_id), a_request(session, project_id)
    with pytest.raises(refusal) as caught:
        mark(session, request, original, by=person)
    if refusal is NotTheirs:
        assert caught.value == NotTheirs("ACME-2", "Ana", "Pete")


def test_what_is_decided_or_over_is_no_duplicate(session, project_id) -> None:
    original, decided = a_request(session, project_id), a_request(session, project_id)
    accept(session, decided)
    with pytest.raises(NotNow):
        mark(session, decided, original)
    marked = a_request(session, project_id)
    mark(session, marked, original)
    with pytest.raises(NotNow):
        mark(session, marked, original)
    with pytest.raises(Outdated):
        mark(session, a_request(session, project_id), original, revision=2)


def test_the_original_has_to_be_another_request_of_the_client_that_goes_on(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        mark(session, request, None)
    assert why(caught) == Missing()
    with pytest.raises(WrongFields) as caught:
        mark(session, request, request)
    assert why(caught) == SameRequest()
    elsewhere = a_project(session, a_client(session, name="Globex"), key="GLX", name="Globex App")
    with pytest.raises(WrongFields) as caught:
        mark(session, request, a_request(session, elsewhere))
    assert why(caught) == OtherClient("GLX-1")
    gone = a_request(session, project_id)
    service.withdraw(session, act(ANA, LATER), request_id=gone.id)
    with pytest.raises(WrongFields) as caught:
        mark(session, request, gone)
    assert why(caught) == NotAnOriginal("ACME-2", State.WITHDRAWN)
    assert request.state is State.UNDER_REVIEW


def test_two_that_are_duplicates_of_each_other_cannot_be(session, project_id) -> None:
    one, two = a_request(session, project_id), a_request(session, project_id)
    mark(session, one, two)
    with pytest.raises(WrongFields) as caught:
        mark(session, two, one)
    assert why(caught) == NotAnOriginal("ACME-1", State.VOID)


def test_an_original_of_another_workspace_does_not_exist(session, project_id) -> None:
    request = a_request(session, project_id)
    stranger = type("Stranger", (), {"id": request.project_id})
    with pytest.raises(NoSuchRequest):
        mark(session, request, stranger)


# --- taking it up again


@pytest.mark.parametrize("person", [ANA, PETE, OLGA])
def test_what_was_no_duplicate_after_all_waits_again(session, project_id, person) -> None:
    name_director(session, OLGA)
    original, request = a_request(session, project_id), a_request(session, project_id)
    mark(session, request, original)
    reopen(session, request, by=person)
    assert (request.state, request.is_open, request.ball_holder_id) == (State.UNDER_REVIEW, True, PETE)
    assert (request.duplicate_of_id, original.duplicate_count, request.closed_at) == (None, 0, None)
    assert events_of(session, request)[-1].facts == {
        "reason": "It is for another page",
        "was_duplicate_of": "ACME-1",
    }


def test_nobody_else_takes_it_up(session, project_id) -> None:
    original, request = a_request(session, project_id), a_request(session, project_id)
    mark(session, request, original)
    with pytest.raises(MayNotReopen):
        reopen(session, request, by=MAX)


# --- looking for them


def titles(lines) -> list[str]:
    return [line.title for line in lines]


def test_what_looks_like_it_is_found_among_the_clients_requests_likeliest_first(session) -> None:
    client = a_client(session)
    one, two = a_project(session, client), a_project(session, client, key="APP", name="Acme App")
    a_request(session, one, title="Newsletter sign-up")
    a_request(session, two, title="Newsletter sign-up in the app")
    decline(session, a_request(session, one, title="Sign-up for a newsletter, with double opt-in"))
    a_request(session, one, title="A contact form")
    elsewhere = a_project(session, a_client(session, name="Globex"), key="GLX", name="Globex App")
    a_request(session, elsewhere, title="Newsletter sign-up")
    found = duplicates.likely_duplicates(
        session, workspace_id=HERE, project_id=one, title="add newsletter signup"
    )
    assert titles(found) == ["Newsletter sign-up", "Newsletter sign-up in the app"]
    assert {line.client for line in found} == {"Acme"}


@pytest.mark.parametrize("title", ["", "  ", "%", "_", "🎉", "Something else entirely"])
def test_nothing_looks_like_nothing(session, project_id, title) -> None:
    a_request(session, project_id)
    assert duplicates.likely_duplicates(session, workspace_id=HERE, project_id=project_id, title=title) == []


def test_what_is_gone_is_not_offered_and_neither_is_another_workspaces(session, project_id) -> None:
    gone = a_request(session, project_id)
    service.withdraw(session, act(ANA, LATER), request_id=gone.id)
    here = {"project_id": project_id, "title": gone.title}
    assert duplicates.likely_duplicates(session, workspace_id=HERE, **here) == []
    a_request(session, project_id)
    assert len(duplicates.likely_duplicates(session, workspace_id=HERE, **here)) == 1
    assert duplicates.likely_duplicates(session, workspace_id="T_OTHER", **here) == []


def test_the_original_is_found_by_reference_or_title_and_what_is_alike_comes_first(
    session, project_id
) -> None:
    request = a_request(session, project_id, title="Newsletter sign-up")
    for title in ("A contact form", "Sign-up for the newsletter", "100% bigger logo"):
        a_request(session, project_id, title=title)

    def found(typed: str) -> list[str]:
        lines = duplicates.possible_originals(session, workspace_id=HERE, request_id=request.id, typed=typed)
        return [line.reference for line in lines]

    assert found("")[0] == "ACME-3"
    assert set(found("")) == {"ACME-2", "ACME-3", "ACME-4"}
    assert found("acme-4") == ["ACME-4"]
    assert found("CONTACT") == ["ACME-2"]
    assert found("100%") == ["ACME-4"]
    assert found("%%") == []
