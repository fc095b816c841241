"""The statement of work as people type it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.portfolio.facts import ClientFacts
from bot.portfolio.finding import find_clients
from bot.portfolio.forms import ScopeLine
from bot.portfolio.keys import is_key, propose_key
from bot.portfolio.scope_text import format_scope, parse_scope
from tests.portfolio.agency import ANA


def test_a_line_is_an_item_and_its_rounds_stand_behind_it() -> None:
    typed = (
        "- Home page design (2 rounds)\n\n•  Logo (1 Round)\r\n3. Copy (3 revisions)\n  Hosting  \n(2 rounds)"
    )
    assert parse_scope(typed, "* SEO\nPrint (2 rounds)") == (
        ScopeLine("Home page design", rounds=2),
        ScopeLine("Logo", rounds=1),
        ScopeLine("Copy", rounds=3),
        ScopeLine("Hosting"),
        ScopeLine("(2 rounds)"),
        ScopeLine("SEO", is_included=False),
        ScopeLine("Print (2 rounds)", is_included=False),
    )


def test_what_is_shown_is_read_as_it_was() -> None:
    lines = (ScopeLine("Logo", rounds=1), ScopeLine("Site", rounds=12), ScopeLine("SEO", is_included=False))
    included, excluded = (format_scope(lines, is_included=which) for which in (True, False))
    assert (included, excluded) == ("Logo (1 round)\nSite (12 rounds)", "SEO")
    assert parse_scope(included, excluded) == lines


@given(st.text(), st.text())
def test_whatever_is_typed_is_read_once_and_for_all(included: str, excluded: str) -> None:
    once = parse_scope(included, excluded)
    again = parse_scope(format_scope(once, is_included=True), format_scope(once, is_included=False))
    assert parse_scope(format_scope(again, is_included=True), format_scope(again, is_included=False)) == again


def a_client(name: str) -> ClientFacts:
    return ClientFacts(None, name, ANA, "Ana", "", "EUR", None, 0, None)  # type: ignore[arg-type]


def test_a_client_is_found_by_its_name_then_its_beginning_then_any_part() -> None:
    clients = [a_client(name) for name in ("Acme", "Acme Labs", "Big Acme", "Globex")]
    found = {
        typed: [c.name for c in find_clients(clients, typed)] for typed in ("ACME", "acme l", "big", "x", "?")
    }
    assert found == {"ACME": ["Acme"], "acme l": ["Acme Labs"], "big": ["Big Acme"], "x": ["Globex"], "?": []}


def test_keys_remind_of_the_name_and_are_free() -> None:
    assert propose_key("Acme Website", ()) == "ACME"
    assert propose_key("Acme Website", {"ACME"}) == "AW"
    assert propose_key("Acme Website", {"ACME", "AW", "ACMEW"}) == "ACME2"
    assert propose_key("Müller & Söhne", ()) == "MULLER"
    assert propose_key("Joe's Diner", ()) == "JOES"
    assert propose_key("International Foods", ()) == "INTRNT"
    assert propose_key("4 Seasons", ()) == "SSNS"
    assert propose_key("東京", ()) == "PROJECT"
    assert propose_key("", {"PROJECT"}) == "PROJECT2"


@given(st.text(max_size=80), st.sets(st.sampled_from(["ACME", "A2", "PROJECT"])))
def test_a_proposal_is_always_a_free_key(name: str, taken: set[str]) -> None:
    proposed = propose_key(name, taken)
    assert is_key(proposed)
    assert proposed not in taken
