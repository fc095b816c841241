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

from sqlalchemy import (
    ColumnElement,
    Float,
    Row,
    Select,
    Subquery,
    TextClause,
    Uuid,
    column,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from bot.portfolio.models import Project
from bot.requests.facts import Line
from bot.requests.models import ChangeRequest, State
from bot.requests.overviews import lists

# More words than these narrow nothing down any more.
MOST_TERMS = 8
LONGEST_TERM = 40
# Of a word that stands in more requests than these, the newest are ranked.
RANKED = 200
# So many among them are enough to show; with fewer, all are looked through.
ENOUGH = 50
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
    # Whether all were counted, or there may be more.
    is_all: bool = True


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

    `client_ids` and `states` narrow it down; none given means any. What stands in very many requests is looked for
    in the newest of them.
    """
    where = _narrowed(workspace_id, client_ids, states)
    rows: Sequence[Row[UUID, int]] = ()
    is_all = False
    if terms:
        rows = session.execute(
            _query(session, workspace_id, terms, RANKED, where).limit(limit).offset(offset)
        ).all()
        count = rows[0][1] if rows else 0
        is_all = len(terms) == 1 and not (client_ids or states) and 0 < count < RANKED
        # An old hit may be the only one that holds all words, or that the filter lets through.
        if count < ENOUGH and not is_all:
            rows = ()
    if not rows:
        is_all = True
        rows = session.execute(
            _query(session, workspace_id, terms, None, where).limit(limit).offset(offset)
        ).all()
    lines = lists.lines_in_order(session, workspace_id=workspace_id, ids=[row[0] for row in rows])
    return Found(lines, rows[0][1] if rows else 0, is_all)


def _narrowed(
    workspace_id: str, client_ids: Sequence[UUID] | None, states: Sequence[State] | None
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [ChangeRequest.workspace_id == workspace_id]
    if client_ids is not None:
        theirs = select(Project.id).where(
            Project.workspace_id == workspace_id, Project.client_id.in_(client_ids)
        )
        where.append(ChangeRequest.project_id.in_(theirs))
    if states is not None:
        where.append(ChangeRequest.state.in_(states))
    return where


def _query(
    session: Session,
    workspace_id: str,
    terms: Sequence[str],
    most: int | None,
    where: Sequence[ColumnElement[bool]],
) -> Select[UUID, int]:
    matches = [_matches(session, workspace_id, term, number, most) for number, term in enumerate(terms)]
    score = sum((match.c.score for match in matches), literal(0.0))
    query: Select[UUID, int] = select(ChangeRequest.id, func.count().over())
    for match in matches:
        query = query.join(match, match.c.request_id == ChangeRequest.id)
    return query.where(*where).order_by(
        score.desc(), ChangeRequest.submitted_at.desc(), ChangeRequest.id.desc()
    )


def _matches(session: Session, workspace_id: str, term: str, number: int, most: int | None) -> Subquery:
    """The requests in which a word begins so: 2 for a hit in the title, 1 elsewhere; the `most` newest hits, or all."""
    if session.get_bind().dialect.name == "sqlite":
        query, anywhere, in_title = _sqlite_query(number), f'"{term}"*', f'title : "{term}"*'
        # Less than nothing is no limit there.
        most = -1 if most is None else most
    else:
        query = _postgresql_query(number)
        anywhere, in_title = _any_case(term, ""), _any_case(term, "A")
    values = {"term": anywhere, "title": in_title, "tenant": workspace_id, "most": most}
    found = query.bindparams(**{f"{name}_{number}": value for name, value in values.items()})
    return found.columns(column("request_id", Uuid), column("score", Float)).subquery(f"matches_{number}")


@lru_cache
def _sqlite_query(number: int) -> TextClause:
    def hits(what: str, score: str) -> str:
        # The index gives the newest first and stops at the limit.
        return f"""
            SELECT * FROM (
                SELECT search_texts.request_id AS request_id, {score} AS score
                FROM search_words JOIN search_texts ON search_texts.id = search_words.rowid
                WHERE search_words MATCH :{what}_{number} AND search_texts.workspace_id = :tenant_{number}
                ORDER BY search_words.rowid DESC LIMIT :most_{number}
            )
        """  # noqa: S608 (names of ours)

    both = f"{hits('title', '2.0')} UNION ALL {hits('term', '1.0')}"
    return text(f"SELECT request_id, max(score) AS score FROM ({both}) GROUP BY request_id")  # noqa: S608


@lru_cache
def _postgresql_query(number: int) -> TextClause:
    return text(
        f"""
        SELECT request_id, max(score) AS score FROM (
            SELECT request_id, CASE WHEN words @@ in_title THEN 2.0 ELSE 1.0 END AS score
            FROM search_texts,
                to_tsquery('simple', :term_{number}) AS asked, to_tsquery('simple', :title_{number}) AS in_title
            WHERE workspace_id = :tenant_{number} AND words @@ asked
            ORDER BY score DESC, source_id DESC LIMIT CAST(:most_{number} AS BIGINT)
        ) AS hits
        GROUP BY request_id
        """  # noqa: S608 (the number is ours)
    )


def _any_case(term: str, weight: str) -> str:
    # A database with the C locale keeps the case of what is not ASCII: look for how people write it.
    cases = dict.fromkeys((term, term.capitalize(), term.upper()))
    return " | ".join(f"{case}:*{weight}" for case in (cases if not term.isascii() else [term]))
