"""The full-text index itself, on both databases: all that is written about a request is in it, and nothing else."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Uuid, column, event, select, text, update

from bot.ledger.models import Funding
from bot.portfolio.models import Project
from bot.requests.afterwards.reopening import appeal
from bot.requests.bargaining.conditional import Depends, accept_on_condition, condition_failed
from bot.requests.bargaining.offering import Option, counter_offer, take_none
from bot.requests.models import ChangeRequest, State
from bot.requests.routing.reassigning import reassign
from bot.requests.search import matching, searching
from bot.requests.service import withdraw
from bot.schema import alembic_config
from bot.workspaces.erasing import erase
from tests.factories import a_request, act, decline, name_director, some_figures
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE, a_client, a_project
from tests.requests.test_searching import titles


def an_option(what: str) -> Option:
    until = (NOW + timedelta(days=9)).date()
    return Option(what, 60, 0, funding=Funding.CONTINGENCY, valid_until=until)


# --- what is found: everything that was written down about a request


def test_offers_conditions_and_what_goes_out_are_found(session, project_id) -> None:
    offered = a_request(session, project_id, title="First")
    counter_offer(session, act(PETE), request_id=offered.id, revision=1, options=[an_option("A podcast")])
    assert titles(session, "podcast") == ["First"]
    take_none(session, act(ANA), request_id=offered.id, revision=1, number=1, reason="Too clumsy for them")
    assert titles(session, "clumsy") == ["First"]
    depends = Depends("The legal texts arrive", ANA, (NOW + timedelta(days=9)).date())
    held = a_request(session, project_id, title="Second")
    this = {"request_id": held.id, "revision": 1}
    accept_on_condition(session, act(PETE), **this, figures=some_figures(), depends=depends)
    assert titles(session, "legal texts") == ["Second"]
    condition_failed(session, act(ANA), **this, number=1, reason="Never came in")
    assert titles(session, "never") == ["Second"]


def test_reasons_that_only_the_history_has_are_found(session, project_id) -> None:
    name_director(session, MAX)
    withdrawn = a_request(session, project_id, title="First")
    withdraw(session, act(ANA), request_id=withdrawn.id, reason="They merged with Globex")
    assert titles(session, "globex") == ["First"]
    appealed = a_request(session, project_id, title="Second")
    decline(session, appealed, reason="Too expensive")
    appeal(session, act(ANA), request_id=appealed.id, revision=1, facts="The ministry pays")
    assert titles(session, "ministry") == ["Second"]
    reassign(
        session, act(MAX), request_id=appealed.id, revision=1, person_id=OLGA, reason="Knows subsidies best"
    )
    assert titles(session, "subsidies") == ["Second"]


def test_what_is_deleted_is_found_no_more(engine, lasting_session) -> None:
    session = lasting_session
    project_id = a_project(session, a_client(session, goodwill_minutes=480))
    a_request(session, project_id, title="Newsletter")
    erase(session, workspace_id=HERE)
    assert session.execute(text("SELECT count(*) FROM search_texts")).scalar_one() == 0


def test_many_of_one_client_are_looked_through_alone(session, project_id, monkeypatch) -> None:
    monkeypatch.setattr(searching, "FEW", 2)
    monkeypatch.setattr(searching, "RANKED", 4)
    monkeypatch.setattr(searching, "ENOUGH", 3)
    elsewhere = a_project(session, a_client(session, name="Globex"), name="Globex App", key="GLX")
    client_id = session.get_one(Project, (HERE, project_id)).client_id
    a_request(session, project_id, title="Newsletter with a zebra")
    for number in range(4):
        a_request(session, project_id, title=f"Newsletter {number}")
        a_request(session, elsewhere, title=f"Another newsletter {number}")
    assert titles(session, "newsletter", client_ids=[client_id])[0] == "Newsletter 3"
    assert titles(session, "zebra newsletter", client_ids=[client_id]) == ["Newsletter with a zebra"]
    assert titles(session, "newsletter", client_ids=[client_id], states=[State.APPROVED]) == []


def test_a_client_without_a_project_has_nothing(session, project_id) -> None:
    a_request(session, project_id, title="Newsletter")
    other = a_client(session, name="Globex")
    assert titles(session, "newsletter", client_ids=[other]) == titles(session, "", client_ids=[other]) == []


def test_a_filled_database_is_searched_through_after_the_migration(engine, lasting_session) -> None:
    session = lasting_session
    project_id = a_project(session, a_client(session, goodwill_minutes=480))
    request = a_request(session, project_id, title="First")
    counter_offer(session, act(PETE), request_id=request.id, revision=1, options=[an_option("A podcast")])
    withdraw(session, act(ANA), request_id=request.id, reason="They merged with Globex")
    session.commit()
    to_it = alembic_config(engine)
    command.downgrade(to_it, "2026_11_23_1250")
    assert not any(found_in(session, word) for word in ("podcast", "globex"))
    # What the last release writes meanwhile is there, too.
    session.execute(update(ChangeRequest).values(details="Feed"))
    session.commit()
    command.upgrade(to_it, "head")
    assert all(titles(session, word) == ["First"] for word in ("podcast", "globex", "first", "feed"))


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("few", [0, 50])
def test_the_index_is_asked_once_for_a_word_and_for_few_texts_by_its_name(
    session, project_id, monkeypatch, few: int
) -> None:
    monkeypatch.setattr(searching, "FEW_REQUESTS", few)
    a_request(session, project_id, title="Newsletter")
    session.flush()
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert titles(session, "zebra") == titles(session, "zebra", states=[State.UNDER_REVIEW]) == []
    event.remove(connection, "before_cursor_execute", note)
    searches = [(statement, parameters) for statement, parameters in asked if "MATCH" in statement]
    assert len(searches) == 4
    for statement, parameters in searches:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        asks = [step for step in plan if "search_words VIRTUAL TABLE INDEX" in step]
        # With an equals sign it is asked by the id of a row: in place of the others, where the words have names.
        leaps = [step for step in asks if ":=" in step]
        assert (len(asks), len(leaps)) == ((4, 2) if few and "json_each" in statement else (2, 0)), plan


@pytest.mark.only_on("postgresql")
def test_what_was_found_is_looked_up_and_not_joined_with_all_requests(session, project_id) -> None:
    a_request(session, project_id, title="Newsletter")
    asked: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_: asked.append((statement, parameters)),
    )
    assert titles(session, "newsletter", states=[State.UNDER_REVIEW]) == ["Newsletter"]
    statement, parameters = next(one for one in asked if "newest" in one[0])
    # So it takes any other way to join that it is left.
    connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    assert any("Nested Loop" in step for step in plan), plan
    assert not any("Hash Cond" in step or "Merge Cond" in step for step in plan), plan


@pytest.mark.only_on("sqlite")
def test_words_asked_for_by_their_names_find_what_their_beginning_finds(session, monkeypatch) -> None:
    chance = random.Random(7)
    # Beginnings of each other, of one and of several scripts, with and without accents; and more than are named.
    words = [
        "new",
        "news",
        "Newsletter",
        "newsletters",
        "né",
        "Über",
        "über",
        "ubersee",
        "новости",
        "Новое",
        "ß",
        "ss",
    ]
    words += [
        "1",
        "12",
        "123",
        "a1",
        "naïve",
        "نشرة",
        "ñ",
        "x" * 2_000,
        *(f"many{number}" for number in range(30)),
    ]

    def some() -> str:
        return " ".join(chance.choice(words) for _ in range(chance.randrange(4)))

    adding = text(
        "INSERT INTO search_texts (workspace_id, source_id, request_id, title, body, place) "
        "VALUES (:workspace, :source, :request, :title, :body, :place)"
    )
    places = [uuid4(), uuid4()]
    for _ in range(200):
        row = {"source": uuid4().hex, "request": uuid4().hex, "title": some(), "body": some()}
        place = f"p{chance.choice(places).hex}"
        session.execute(adding, {"workspace": chance.choice((HERE, "T2")), "place": place, **row})
    # A word that nothing holds any more is no word.
    session.execute(text("DELETE FROM search_texts WHERE id % 7 = 0 OR title LIKE '%naïve%'"))

    def found(most_words: int) -> list[Any]:
        monkeypatch.setattr(matching, "MOST_WORDS", most_words)
        matching.matches.cache_clear()
        match = matching.matches("sqlite", 0, is_limited=True, is_among=False)
        query = select(match).order_by(*match.c)
        within = matching.matches("sqlite", 0, is_limited=False, is_among=True, is_among_few=True)
        query_within = select(within).order_by(*within.c)
        begins = {word[:length] for word in words for length in range(1, 12)} | {"zebra"}
        return [
            (term, most, session.execute(query, matching.given("sqlite", 0, **asked, among=None)).all())
            for begin in sorted(begins)
            for term in searching.terms(begin)
            for most, where in ((3, None), (40, places[:1]), (1_000, None))
            for asked in [{"workspace_id": HERE, "term": term, "most": most, "project_ids": where}]
        ] + [
            (
                term,
                where,
                session.execute(query_within, matching.given("sqlite", 0, **asked, among=few)).all(),
            )
            for begin in sorted(begins)
            for term in searching.terms(begin)
            for where in (None, places[:1])
            for asked in [{"workspace_id": HERE, "term": term, "most": None, "project_ids": where}]
        ]

    few = session.scalars(
        select(column("request_id", Uuid)).select_from(text("search_texts")).limit(40)
    ).all()
    named, begun = found(16), found(0)
    matching.matches.cache_clear()
    assert named == begun
    assert sum(bool(hits) for *_, hits in named) > 100


def found_in(session, word: str) -> int:
    """In how many texts of the index a word stands, however the index looks."""
    if session.get_bind().dialect.name == "sqlite":
        asked = text("SELECT count(*) FROM search_words WHERE search_words MATCH :word")
    else:
        asked = text("SELECT count(*) FROM search_texts WHERE words @@ to_tsquery('simple', :word)")
    count = session.execute(asked, {"word": word}).scalar_one()
    session.commit()
    return int(count)
