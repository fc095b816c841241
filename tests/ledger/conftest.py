from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.portfolio.agency import a_client, a_project


@pytest.fixture
def client_id(session: Session) -> UUID:
    """Acme."""
    return a_client(session)


@pytest.fixture
def project_id(session: Session, client_id: UUID) -> UUID:
    """Acme Website."""
    return a_project(session, client_id)
