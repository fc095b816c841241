"""Brings an export into a database: new rows are added, known ones must be equal, anything else is refused by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from bot.exchange import repository
from bot.exchange.document import Document, Record, key_of, row_name
from bot.exchange.refusals import BadRow, BadRows, NoSuchRow, RowDiffers, TableRefused, ValueTaken
from bot.exchange.tables import EXPORTED, PEOPLE, WORKSPACES

# What Slack tells, and tells again: the row that is here is the fresher one.
TOLD_BY_SLACK = frozenset({PEOPLE.name})
# What a workspace has before anybody sets it; nobody chose it, so an export may.
UNSET = {
    "zone": "UTC",
    "currency": "EUR",
    "director_id": None,
    "work_days": None,
    "work_from": None,
    "work_to": None,
    "holidays_of": None,
    "urgent_minutes": None,
    "high_minutes": None,
    "normal_minutes": None,
    "second_minutes": None,
    "second_minor": None,
    "second_goodwill_minutes": None,
}


@dataclass(frozen=True)
class Loaded:
    """How many rows of each table were added, and how many were here already."""

    workspace_id: str
    added: Mapping[str, int] = field(default_factory=dict)
    unchanged: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed_anything(self) -> bool:
        """Whether there is a difference to before."""
        return any(self.added.values())


def load(session: Session, document: Document) -> Loaded:
    """Add the rows of an export that are not here yet; raises `BadRows` or `TableRefused`, and writes nothing then.

    People who are here stay as they are, and so do the workspace's settings once somebody has set them to the
    same; while nobody has set them, the export's are taken.
    """
    here = {
        table.name: repository.rows(session, table, workspace_id=document.workspace_id) for table in EXPORTED
    }
    bad: list[BadRow] = []
    new: dict[str, list[Record]] = {}
    settings: Record | None = None
    for table in EXPORTED:
        present = {key_of(table, record): record for record in here[table.name]}
        new[table.name] = []
        for record in document.rows[table.name]:
            known = present.get(key_of(table, record))
            if known is None:
                new[table.name].append(record)
            elif table is WORKSPACES and _is_unset(known):
                settings = {name: record[name] for name in UNSET if record[name] != known[name]}
            elif differing := _differing(table, record, known):
                bad.append(BadRow(table.name, row_name(table, record), "", RowDiffers(differing)))
        bad += _taken(table, new[table.name], here[table.name])
    bad += _dangling(new, here)
    if bad:
        raise BadRows(bad)
    _write(session, new)
    if settings:
        repository.change_workspace(session, workspace_id=document.workspace_id, values=settings)
    added = {name: len(records) for name, records in new.items()}
    return Loaded(
        document.workspace_id,
        added | ({WORKSPACES.name: 1} if settings else {}),
        {name: len(records) - added[name] for name, records in document.rows.items()},
    )


def _write(session: Session, new: Mapping[str, list[Record]]) -> None:
    for table in EXPORTED:
        try:
            repository.add(session, table, new[table.name])
        except (IntegrityError, DataError) as error:
            raise TableRefused(table.name) from error


def _is_unset(workspace: Mapping[str, Any]) -> bool:
    return all(workspace[name] == value for name, value in UNSET.items())


def _differing(table: Table, record: Record, known: Record) -> tuple[str, ...]:
    if table.name in TOLD_BY_SLACK:
        return ()
    compared = UNSET if table is WORKSPACES else record
    return tuple(name for name in compared if record[name] != known[name])


def _taken(table: Table, new: list[Record], here: list[Record]) -> Iterator[BadRow]:
    """New rows that say something only one row may say."""
    for columns in _unique(table):
        owners = {tuple(record[name] for name in columns): record for record in here}
        for record in new:
            said = tuple(record[name] for name in columns)
            owner = record if None in said else owners.setdefault(said, record)
            if owner is not record:
                shown = tuple(name for name in columns if name != "workspace_id")
                why = ValueTaken(shown, row_name(table, owner))
                yield BadRow(table.name, row_name(table, record), "", why)


def _unique(table: Table) -> list[list[str]]:
    rules = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    return sorted([column.name for column in rule.columns] for rule in rules)


def _dangling(new: Mapping[str, list[Record]], here: Mapping[str, list[Record]]) -> Iterator[BadRow]:
    """New rows that refer to a row which is neither in the file nor here."""
    keys = {
        table.name: {key_of(table, record) for record in [*new[table.name], *here[table.name]]}
        for table in EXPORTED
    }
    for table in EXPORTED:
        for rule in table.foreign_key_constraints:
            names, target = [column.name for column in rule.columns], rule.referred_table
            for record in new[table.name]:
                reference = tuple(record[name] for name in names)
                if None not in reference and reference not in keys[target.name]:
                    yield BadRow(table.name, row_name(table, record), names[-1], NoSuchRow(target.name))
