"""The whole schema, and bringing a database up to it with Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

import bot.digests.models
import bot.inbox.models
import bot.ledger.models
import bot.onboarding.models
import bot.outbox.home_models
import bot.outbox.models
import bot.people.models
import bot.portfolio.models
import bot.requests.afterwards.bridge_models
import bot.requests.bargaining.approval_models
import bot.requests.bargaining.condition_models
import bot.requests.bargaining.offer_models
import bot.requests.bargaining.question_models
import bot.requests.client_words.words_models
import bot.requests.models
import bot.workspaces.installation_models
import bot.workspaces.models  # noqa: F401 (each import adds its tables to the metadata)
from bot.db.base import Base

ROOT = Path(__file__).resolve().parents[1]


def metadata() -> MetaData:
    """The metadata with every table of Handoff."""
    return Base.metadata


def alembic_config(engine: Engine | None = None) -> Config:
    """Alembic's configuration from pyproject.toml; with `engine`, migrations run on that one."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    if engine is not None:
        config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing; nothing where the database is newer than this program."""
    if is_ahead(engine):
        return
    command.upgrade(alembic_config(engine), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration that this program knows; it may have more (`is_ahead`)."""
    here = _revisions(engine)
    return here == _newest() or _is_newer(here)


def is_ahead(engine: Engine) -> bool:
    """Whether a newer program has migrated the database: in a rolling upgrade the older one goes on beside it.

    Migrations leave what the program before them uses (tests/architecture/test_upgrades.py holds them to it).
    """
    return _is_newer(_revisions(engine))


def _is_newer(here: set[str]) -> bool:
    # A revision is the minute it was written, so they sort by age.
    return bool(here - _known()) and max(here) > max(_known())


def _revisions(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


# Reading the migrations takes much longer than asking the database, and readiness is asked often.
@cache
def _known() -> set[str]:
    script = ScriptDirectory.from_config(alembic_config())
    return {revision.revision for revision in script.walk_revisions()}


@cache
def _newest() -> set[str]:
    return set(ScriptDirectory.from_config(alembic_config()).get_heads())
