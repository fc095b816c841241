"""Finding requests by words in their titles, details, reasons and answers, with the full-text index of the database.

The index is kept by triggers (`search_triggers.py`; on PostgreSQL those of the migration), so whatever is written can
be found at once. Words are compared by their beginnings, without case and accents; every word has to be found
somewhere in the request.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Float, Select, Subquery, TextClause, Uuid, column, func, literal, select, text
from sqlalchemy.orm import Session

from bot.portfolio.models import Project
from bot.requests import lists
from bot.requests.facts import Line
from bot.requests.models import ChangeRequest, State

# More words than these narrow nothing down any more.
MOST_TERMS = 8
LONGEST_TERM = 40
_FILTER = re.compile(r"(?<!\S)(client|state):\s*(?:\"([^\"]*)\"|“([^”]*)”|(\S+))", re.IGNORECASE)
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: words, and within which client and state (as typed; empty: any)."""

    terms: tuple[str, ...] = ()
    client: str = ""
    state: str = ""


@dataclass(frozen=True)
class Found:
    """One page of what was found, best first, and how many there are in all."""

    lines: list[Line]
    count: int


def wanted(typed: str) -> Wanted:
    """What a typed line asks for: `newsletter client:acme state:open`."""
    filters: dict[str, str] = {}
    for found in _FILTER.finditer(typed):
        filters[found[1].lower()] = " ".join((found[2] or found[3] or found[4] or "").split())
    return Wanted(
        terms(_FILTER.sub(" ", typed)), filters.get("client", ""), filters.get("state", "").casefold()
    )


def terms(typed: str) -> tuple[str, ...]:
    """The words of a line as the index has them: letters and digits alone, so nothing in them is an operator."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", typed)).lower()
    words = "".join(ch if ch.isalnum() else " " for ch in plain).split()
    return tuple(dict.fromkeys(word[:LONGEST_TERM] for word in words))[:MOST_TERMS]


def find(
    session: Session,
    *,
    workspace_id: str,
    terms: Sequence[str],
    client_ids: Sequence[UUID] | None,
    states: Sequence[State] | None,
    limit: int,
    offset: int = 0,
) -> Found:
    """The requests that hold every word, best first (a hit in the title counts most), then newest first.

    `client_ids` and `states` narrow it down; none given means any.
    """
    matches = [_matches(session, workspace_id, term, number) for number, term in enumerate(terms)]
    score = sum((match.c.score for match in matches), literal(0.0))
    query: Select[UUID, int] = select(ChangeRequest.id, func.count().over())
    for match in matches:
        query = query.join(match, match.c.request_id == ChangeRequest.id)
    query = query.where(ChangeRequest.workspace_id == workspace_id)
    if client_ids is not None:
        theirs = select(Project.id).where(
            Project.workspace_id == workspace_id, Project.client_id.in_(client_ids)
        )
        query = query.where(ChangeRequest.project_id.in_(theirs))
    if states is not None:
        query = query.where(ChangeRequest.state.in_(states))
    query = query.order_by(score.desc(), ChangeRequest.submitted_at.desc(), ChangeRequest.id.desc())
    rows = session.execute(query.limit(limit).offset(offset)).all()
    ids = [row[0] for row in rows]
    return Found(lists.lines_in_order(session, workspace_id=workspace_id, ids=ids), rows[0][1] if rows else 0)


def _matches(session: Session, workspace_id: str, term: str, number: int) -> Subquery:
    """The requests in which a word begins so, each with how well it fits."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    query = _sqlite_query(number) if is_sqlite else _postgresql_query(number)
    typed = f'"{term}"*' if is_sqlite else _any_case(term)
    found = query.bindparams(**{f"term_{number}": typed, f"tenant_{number}": workspace_id})
    return found.columns(column("request_id", Uuid), column("score", Float)).subquery(f"matches_{number}")


@lru_cache
def _sqlite_query(number: int) -> TextClause:
    # Materialized: the rank is known only where the words are matched.
    return text(
        f"""
        WITH hits_{number} AS MATERIALIZED (
            SELECT rowid AS id, -bm25(search_words, 10.0, 1.0) AS score
            FROM search_words WHERE search_words MATCH :term_{number}
        )
        SELECT search_texts.request_id AS request_id, max(hits_{number}.score) AS score
        FROM hits_{number} JOIN search_texts ON search_texts.id = hits_{number}.id
        WHERE search_texts.workspace_id = :tenant_{number}
        GROUP BY search_texts.request_id
        """  # noqa: S608 (the number is ours)
    )


@lru_cache
def _postgresql_query(number: int) -> TextClause:
    return text(
        f"""
        SELECT request_id, max(ts_rank(words, asked)) AS score
        FROM search_texts, to_tsquery('simple', :term_{number}) AS asked
        WHERE workspace_id = :tenant_{number} AND words @@ asked
        GROUP BY request_id
        """  # noqa: S608 (the number is ours)
    )


def _any_case(term: str) -> str:
    # A database with the C locale keeps the case of what is not ASCII: look for how people write it.
    cases = dict.fromkeys((term, term.capitalize(), term.upper()))
    return " | ".join(f"{case}:*" for case in (cases if not term.isascii() else [term]))
