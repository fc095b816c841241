from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.portfolio.agency import a_client, a_project


@pytest.fixture
def project_id(session: Session) -> UUID:
    """Acme Website: Ana's client, Pete's project."""
    return a_project(session, a_client(session))
