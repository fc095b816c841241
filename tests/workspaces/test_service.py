"""Knowing the tenant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.db.transaction import transaction
from bot.workspaces import repository
from bot.workspaces.service import WorkspaceFacts, ensure
from bot.workspaces.zones import is_currency, is_zone
from tests.portfolio.agency import NOW


def test_a_workspace_is_known_from_the_first_time_on(engine: Engine) -> None:
    with transaction(engine) as session:
        row = ensure(session, WorkspaceFacts("T1", "Agency", "U_BOT", "B1"), NOW)
        assert (row.zone, row.currency, row.director_id, row.created_at) == ("UTC", "EUR", None, NOW)


def test_what_slack_tells_is_taken_over_and_the_settings_stay(engine: Engine) -> None:
    with transaction(engine) as session:
        ensure(session, WorkspaceFacts("T1", "Agency"), NOW).currency = "USD"
    with transaction(engine) as session:
        row = ensure(session, WorkspaceFacts("T1", "New name", "U_BOT", "B1"), NOW + timedelta(days=1))
        assert (row.name, row.bot_user_id, row.bot_id) == ("New name", "U_BOT", "B1")
        assert (row.currency, row.created_at) == ("USD", NOW)
        assert [found.id for found in repository.workspaces(session)] == ["T1"]


@pytest.mark.parametrize("code", ["EUR", "JPY", "KWD"])
def test_currencies_are_iso_codes(code: str) -> None:
    assert is_currency(code)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "ABC", "€", "ＥＵＲ"])
def test_anything_else_is_no_currency(code: str) -> None:
    assert not is_currency(code)


def test_zones_are_iana_names() -> None:
    assert is_zone("Europe/Madrid")
    assert not is_zone("Europe")
