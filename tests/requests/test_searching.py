"""Finding requests by their words, on both databases: what is found, in which order, and what can never be."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from sqlalchemy import text, update

from bot.db.transaction import transaction
from bot.portfolio.models import Project
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.bargaining import asking
from bot.requests.models import ChangeRequest, State
from bot.requests.search import matching, searching
from bot.requests.search.searching import Wanted, find, terms, wanted
from bot.schema import upgrade
from tests.factories import a_request, accept, act, decline
from tests.portfolio.agency import ANA, HERE, PETE, a_client, a_project, settle


def titles(session, typed, *, client_ids=None, states=None, workspace_id=HERE, limit=10, offset=0):
    session.flush()
    found = find(
        session,
        workspace_id=workspace_id,
        terms=terms(typed),
        client_ids=client_ids,
        states=states,
        limit=limit,
        offset=offset,
    )
    return [line.title for line in found.lines]


# --- what is typed


def test_words_filters_and_quotes_are_read() -> None:
    assert wanted("newsletter Sign-up client:acme state:OPEN") == Wanted(
        ("newsletter", "sign", "up"), "acme", "open"
    )
    assert wanted('client:"Acme & Sons" über') == Wanted(("uber",), "Acme & Sons", "")
    assert wanted("client:“Acme Sons”").client == "Acme Sons"
    assert wanted("  ") == Wanted()
    assert wanted("aclient:x").terms == ("aclient", "x")


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "' OR 1=1 --",
        "a* OR b",
        "NEAR(a b)",
        "{title}: x",
        "(((",
        "a:*|!b",
        "\\",
        "%_",
        "🚀",
        "^a + b",
        "\x00",
    ],
)
def test_nothing_that_is_typed_is_an_operator(session, project_id, typed) -> None:
    a_request(session, project_id, title="Quite something else")
    assert titles(session, typed) in ([], ["Quite something else"])
    assert all(word.isalnum() for word in terms(typed))


def test_four_thousand_characters_are_a_few_words() -> None:
    many = terms(" ".join(f"word{number}" for number in range(600)))
    assert many == tuple(f"word{number}" for number in range(8))
    assert terms("x" * 4_000) == ("x" * 40,)


# --- what is found


def test_a_request_is_found_by_the_beginning_of_any_word_in_it(session, project_id) -> None:
    a_request(
        session,
        project_id,
        title="Newsletter sign-up",
        details="On the hero; see https://acme.example/landing",
    )
    a_request(session, project_id, title="A larger logo")
    for typed in ("news", "NEWSLETTER", "sign", "up newsl", "hero", "landing", "ACME-1"):
        assert titles(session, typed) == ["Newsletter sign-up"], typed
    assert titles(session, "newsletter logo") == []
    assert titles(session, "letter") == []


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Straße für Ärzte", "arzte"),
        ("Straße für Ärzte", "STRASSE"),
        ("Über uns", "ÜBER"),
        ("Новости на главной", "новости"),
        ("Новости на главной", "Новост"),
        ("نشرة بريدية للموقع", "بريدية"),
        ("ניוזלטר באתר", "באתר"),
        ("Rocket 🚀launch", "launch"),
        ("snake_case_name", "case"),
        ("A “quoted” title", "quoted"),
    ],
)
def test_words_of_every_script_are_found(session, project_id, title, typed) -> None:
    a_request(session, project_id, title=title)
    expected = [] if typed == "STRASSE" else [title]
    assert titles(session, typed) == expected


def test_reasons_questions_answers_and_bridges_are_found(session, project_id) -> None:
    asked = a_request(session, project_id, title="First")
    asking.ask_for_info(session, act(PETE), request_id=asked.id, revision=1, question="Which mailing tool?")
    assert titles(session, "mailing") == ["First"]
    asking.answer(session, act(ANA), request_id=asked.id, revision=1, number=1, words="They use Sendwave")
    declined = a_request(session, project_id, title="Second")
    bridge = Bridge(BridgeKind.ALTERNATIVE, "A static page")
    decline(session, declined, reason="Too expensive", bridge=bridge)
    assert titles(session, "sendwave") == ["First"]
    assert titles(session, "expens") == ["Second"]
    assert titles(session, "static") == ["Second"]
    # Each word may stand somewhere else.
    assert titles(session, "second expensive static") == ["Second"]


def test_a_hit_in_the_title_comes_first_then_the_newest(session, project_id) -> None:
    a_request(session, project_id, title="Old newsletter")
    a_request(session, project_id, title="Something", details="about the newsletter and many other things")
    assert titles(session, "newsletter") == ["Old newsletter", "Something"]
    assert titles(session, "newsletter", limit=1, offset=1) == ["Something"]


def test_what_was_changed_is_found_by_its_new_words_alone(session, project_id) -> None:
    request = a_request(session, project_id, title="Newsletter", details="x" * 200_000)
    request.title = "Podcast"
    assert titles(session, "newsletter") == []
    assert titles(session, "podcast") == ["Podcast"]
    session.execute(update(ChangeRequest).values(details="Feed"))
    assert titles(session, "feed") == ["Podcast"]


def test_client_and_state_narrow_it_down(session, project_id) -> None:
    other = a_client(session, name="Globex")
    elsewhere = a_project(session, other, name="Globex App", key="GLX")
    a_request(session, project_id, title="Newsletter one")
    accept(session, a_request(session, project_id, title="Newsletter two"))
    a_request(session, elsewhere, title="Newsletter three")
    assert titles(session, "newsletter", client_ids=[other]) == ["Newsletter three"]
    assert titles(session, "newsletter", states=[State.APPROVED]) == ["Newsletter two"]
    assert titles(session, "", client_ids=[other]) == ["Newsletter three"]
    assert titles(session, "newsletter", client_ids=[other], states=[State.APPROVED]) == []


def test_nothing_of_another_workspace_is_ever_found(session, project_id) -> None:
    settle(session, "T2")
    theirs = a_project(session, a_client(session, workspace_id="T2"), workspace_id="T2")
    a_request(session, theirs, title="Their newsletter", workspace_id="T2")
    a_request(session, project_id, title="Our newsletter")
    assert titles(session, "newsletter") == ["Our newsletter"]
    assert titles(session, "newsletter", workspace_id="T2") == ["Their newsletter"]
    assert titles(session, "their") == []


def test_the_count_is_of_all_and_not_of_the_page(session, project_id) -> None:
    for number in range(5):
        a_request(session, project_id, title=f"Newsletter {number}")
    session.flush()
    found = find(
        session, workspace_id=HERE, terms=("newsletter",), client_ids=None, states=None, limit=2, offset=2
    )
    assert (len(found.lines), found.count) == (2, 5)
    assert [line.title for line in found.lines] == ["Newsletter 2", "Newsletter 1"]


def test_the_index_survives_a_later_migration_that_copies_a_table(engine, lasting_session) -> None:
    session, project_id = (
        lasting_session,
        a_project(lasting_session, a_client(lasting_session, goodwill_minutes=480)),
    )
    a_request(session, project_id, title="Before")
    session.commit()
    if engine.dialect.name == "sqlite":
        # What Alembic leaves behind when it copies a table: no triggers.
        with transaction(engine) as other:
            other.execute(text("DROP TRIGGER search_change_requests_added"))
    upgrade(engine)
    a_request(session, project_id, title="After")
    assert titles(session, "after") == ["After"]


def test_a_word_that_stands_everywhere_is_looked_for_in_the_newest(session, project_id, monkeypatch) -> None:
    monkeypatch.setattr(searching, "RANKED", 4)
    monkeypatch.setattr(searching, "ENOUGH", 3)
    a_request(session, project_id, title="Newsletter with a zebra")
    for number in range(8):
        a_request(session, project_id, title=f"Newsletter {number}")
    session.flush()
    here = {"workspace_id": HERE, "client_ids": None, "states": None, "limit": 2}
    found = find(session, terms=("newsletter",), **here)
    assert ([line.title for line in found.lines], found.count) == (["Newsletter 7", "Newsletter 6"], 4)
    assert not found.is_all
    # However many hold one of the words, the only one that holds both is found.
    assert titles(session, "newsletter zebra") == ["Newsletter with a zebra"]
    last = find(session, terms=("newsletter",), offset=8, **here)
    assert [line.title for line in last.lines] == ["Newsletter with a zebra"]


def test_a_common_word_is_looked_for_where_the_rare_ones_stand(session, project_id, monkeypatch) -> None:
    monkeypatch.setattr(searching, "RANKED", 4)
    monkeypatch.setattr(searching, "ENOUGH", 3)
    a_request(session, project_id, title="Newsletter with a zebra")
    for number in range(8):
        a_request(session, project_id, title=f"Newsletter {number}")
    asked = []

    def noted(dialect, number, **what):
        asked.append(what)
        return matching.given(dialect, number, **what)

    monkeypatch.setattr(searching, "given", noted)
    assert titles(session, "newsletter zebra") == ["Newsletter with a zebra"]
    assert titles(session, "newsletter giraffe") == titles(session, "giraffe newsletter zebra") == []
    assert all(one["most"] or one["among"] for one in asked)


def test_where_the_rare_words_stand_is_found_what_is_found_everywhere(
    session, project_id, monkeypatch
) -> None:
    monkeypatch.setattr(searching, "ENOUGH", 1_000)
    chance = random.Random(3)
    words = ["alpha", "alphabet", "beta", "gamma", "delta"]
    for _ in range(14):
        title, details = (" ".join(chance.choices(words, k=2)) for _ in range(2))
        a_request(session, project_id, title=title, details=details)
    session.flush()
    clients = [None, [session.get_one(Project, (HERE, project_id)).client_id]]
    typed = [*map(" ".join, [*permutations(words, 2)][::2]), "beta gamma delta", "alpha zebra"]

    def found(ranked):
        monkeypatch.setattr(searching, "RANKED", ranked)
        return [titles(session, one, client_ids=client, limit=20) for one in typed for client in clients]

    assert found(3) == found(9) == (everywhere := found(1_000))
    assert sum(bool(one) for one in everywhere) > 10
