from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.transaction import transaction
from tests.portfolio.agency import a_client, a_project, open_agency


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """One transaction over a database in which the agency has been opened."""
    open_agency(engine)
    with transaction(engine) as session:
        yield session


@pytest.fixture
def project_id(session: Session) -> UUID:
    """Acme Website: Ana's client, Pete's project."""
    return a_project(session, a_client(session))
