"""The whole schema, and bringing a database up to it with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

import bot.digests.models
import bot.inbox.models
import bot.ledger.models
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
    """Apply every migration that is missing."""
    command.upgrade(alembic_config(engine), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration that this program knows."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_heads()
    return set(here) == set(ScriptDirectory.from_config(alembic_config()).get_heads())
