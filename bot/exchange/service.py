"""Exporting a workspace, and importing a file of either kind: one function each for the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.exchange import document, repository
from bot.exchange.document import Document
from bot.exchange.loading import Loaded, load
from bot.exchange.refusals import NotForImport
from bot.exchange.tables import EXPORTED
from bot.portfolio import csv_file
from bot.portfolio.csv_file import Parsed
from bot.portfolio.csv_import import ImportResult, import_rows
from bot.portfolio.resolving import KnownPeople, Resolver


def export_workspace(session: Session, *, workspace_id: str) -> str:
    """All of a workspace as the text of a JSON file; two exports of the same rows are the same text."""
    rows = {table.name: repository.rows(session, table, workspace_id=workspace_id) for table in EXPORTED}
    return document.write(Document(workspace_id, rows))


def read_file(text: str, filename: str) -> Parsed | Document:
    """A file as what it is, by its content: the CSV of clients and projects, or an export.

    Raises `NotForImport`, `BadFile` (CSV), and what `document.read` raises.
    """
    if document.looks_like_export(text):
        return document.read(text)
    if csv_file.looks_like_csv(text):
        return csv_file.parse(text)
    raise NotForImport(filename)


def import_file(
    session: Session,
    content: Parsed | Document,
    *,
    workspace_id: str,
    now: datetime,
    resolver: Callable[[Session], Resolver] | None = None,
) -> ImportResult | Loaded:
    """Bring a file that was read into the database, all or nothing.

    A CSV goes into `workspace_id`; an export says itself whose it is. Raises `BadFile`, `BadRows`, `TableRefused`.
    """
    if isinstance(content, Document):
        return load(session, content)
    known = resolver(session) if resolver else KnownPeople(session, workspace_id=workspace_id)
    return import_rows(session, workspace_id=workspace_id, parsed=content, resolver=known, now=now)
