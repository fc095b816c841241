"""The base of every table: naming convention, workspace-first keys, column types."""

from __future__ import annotations

import enum
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, ForeignKeyConstraint, MetaData, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from bot.db.ids import new_id

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; a naive one is refused at the door, since nobody can say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware value (SQLite forgets the zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A small JSON document as text: the same bytes on both databases, so that hashes over it agree."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write in the one canonical form."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it back."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """The one way a JSON value is written: sorted keys, no spaces, no escapes for what UTF-8 can say."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def text_enum(kind: type[enum.StrEnum]) -> Enum:
    """A column for a closed set of words, stored by value; a new word needs no migration."""
    return Enum(
        kind, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members]
    )


class Base(DeclarativeBase):
    """Every table of Handoff."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads a plain class attribute)
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        str: Text,
        UUID: Uuid,
    }


class InWorkspace:
    """A row of one tenant: the workspace comes first in the key, and so in every query."""

    workspace_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("workspaces.id"), primary_key=True, sort_order=-20
    )


class Identified(InWorkspace):
    """A row of one tenant with an id of its own, ordered by the time it was made."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)


def belongs_to(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """A reference to a row of the same workspace: `column` here is the id in `table`."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"], **options)
