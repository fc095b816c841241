from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.transaction import transaction
from tests.portfolio.agency import open_agency


@pytest.fixture
def agency(engine: Engine) -> Iterator[Session]:
    """One transaction over a database in which the agency has been opened."""
    open_agency(engine)
    with transaction(engine) as session:
        yield session
