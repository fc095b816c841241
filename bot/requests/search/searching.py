"""Finding requests by words in their titles, details, offers, conditions, reasons and answers, with the full-text index of the database.

The index is kept by triggers (`search_triggers.py`; on PostgreSQL those of the migration), so whatever is written can
be found at once. Words are compared by their beginnings, without case and accents; every word has to be found
somewhere in the request.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from bot.db.asking import one_of
from bot.db.paging import COUNTED
from bot.portfolio.models import Project
from bot.requests.facts import Line
from bot.requests.models import ChangeRequest, State
from bot.requests.overviews import lists
from bot.requests.search.matching import (
    FEW_REQUESTS,
    given,
    is_asked_by_project,
    is_asked_by_request,
    matches,
)

# More words than these narrow nothing down any more.
MOST_TERMS = 8
LONGEST_TERM = 40
# Of a word that stands in more requests than these, the newest are ranked.
RANKED = 100
# So many among them are enough to show; with fewer, all are looked through.
ENOUGH = 50
# Where a filter lets no more through than these, they alone are looked through.
FEW = 500
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
    project_ids = None
    if client_ids is not None:
        theirs = select(Project.id).where(
            Project.workspace_id == workspace_id, Project.client_id.in_(client_ids)
        )
        project_ids = session.scalars(theirs).all()
        if not project_ids:
            return Found([], 0)
    here: dict[str, Any] = {"workspace_id": workspace_id, "project_ids": project_ids or (), "states": states}
    if not terms:
        count = lists.count_lines(session, **here)
        lines = lists.project_lines(session, **here, limit=limit, offset=offset, count=count)
        return Found(lines, count, count < COUNTED)
    asked = _Asked(workspace_id, terms, project_ids, states)
    page = partial(_page, session, asked, limit=limit, offset=offset)
    rows: Sequence[Any] = ()
    is_all = False
    if not is_asked_by_request(session.get_bind().dialect.name, project_ids):
        rows = page(most=RANKED)
        # Where each word was found less often than that, every hit was seen.
        is_all = bool(rows) and all(hits < RANKED for hits in rows[0][2:])
        # An old hit may be the only one that holds all words, or that the filter lets through.
        if not is_all and (not rows or rows[0][1] < ENOUGH):
            rows = ()
    if not rows:
        is_all = True
        among = _all_in(session, asked)
        # Where nothing can be found, no word need be looked for.
        rows = page(among=among) if among is None or among else ()
    lines = lists.lines_in_order(session, workspace_id=workspace_id, ids=[row[0] for row in rows])
    return Found(lines, rows[0][1] if rows else 0, is_all)


@dataclass(frozen=True)
class _Asked:
    """What is looked for, resolved."""

    workspace_id: str
    terms: Sequence[str]
    project_ids: Sequence[UUID] | None
    states: Sequence[State] | None


def _all_in(session: Session, asked: _Asked) -> Sequence[UUID] | None:
    """The requests among which every hit is, where the filters or rare words leave few of them."""
    few = _few(session, asked)
    dialect = session.get_bind().dialect.name
    if few is None or (few and is_asked_by_project(dialect, asked.project_ids)):
        return _with_rare_words(session, asked)
    return few


def _few(session: Session, asked: _Asked) -> Sequence[UUID] | None:
    """The requests that the filters let through, where they are few: then only these are looked through."""
    if asked.project_ids is None and asked.states is None:
        return None
    where: list[ColumnElement[bool]] = [ChangeRequest.workspace_id == asked.workspace_id]
    if asked.project_ids is not None:
        where.append(ChangeRequest.project_id.in_(asked.project_ids))
    if asked.states is not None:
        where.append(ChangeRequest.state.in_(asked.states))
    found = session.scalars(select(ChangeRequest.id).where(*where).limit(FEW + 1)).all()
    return found if len(found) <= FEW else None


def _with_rare_words(session: Session, asked: _Asked) -> Sequence[UUID] | None:
    """The requests that hold those of several words of which every hit is seen: no others can hold all the words."""
    if len(asked.terms) == 1:
        return None
    dialect = session.get_bind().dialect.name
    where: dict[str, Any] = {"workspace_id": asked.workspace_id, "project_ids": asked.project_ids}
    values: dict[str, Any] = {}
    for number, term in enumerate(asked.terms):
        values |= given(dialect, number, term=term, most=RANKED, among=None, **where)
    holders: list[set[UUID]] = [set() for _ in asked.terms]
    common = set()
    for word, request_id, hits in session.execute(_each_word(dialect, len(asked.terms)), values):
        holders[word].add(request_id)
        if hits >= RANKED:
            common.add(word)
    rare = [held for word, held in enumerate(holders) if word not in common]
    return list(set.intersection(*rare)) if rare else None


@lru_cache
def _each_word(dialect: str, words: int) -> CompoundSelect[Any]:
    """The newest hits of each word, each by its number."""
    found = [matches(dialect, word, is_limited=True, is_among=False) for word in range(words)]
    return union_all(
        *(
            select(literal(number).label("word"), match.c.request_id, match.c.hits)
            for number, match in enumerate(found)
        )
    )


def _page(
    session: Session,
    asked: _Asked,
    *,
    limit: int,
    offset: int,
    most: int | None = None,
    among: Sequence[UUID] | None = None,
) -> Sequence[Any]:
    """Ids and, beside each, how many there are and how often its words were found; of each the `most` newest hits count."""
    dialect = session.get_bind().dialect.name
    values: dict[str, Any] = {"workspace": asked.workspace_id, "page": limit, "before": offset}
    if asked.project_ids is not None:
        values["projects"] = asked.project_ids
    where: dict[str, Any] = {"workspace_id": asked.workspace_id, "project_ids": asked.project_ids}
    for number, term in enumerate(asked.terms):
        values |= given(dialect, number, term=term, most=most, among=among, **where)
    query = _query(
        dialect,
        len(asked.terms),
        is_limited=most is not None,
        is_among=among is not None,
        is_among_few=among is not None and len(among) <= FEW_REQUESTS,
        is_on_projects=asked.project_ids is not None,
        states=None if asked.states is None else tuple(asked.states),
    )
    return session.execute(query, values).all()


# Building one costs as much as asking; there are as many as there are states that people ask for.
@lru_cache(maxsize=256)
def _query(
    dialect: str,
    words: int,
    *,
    is_limited: bool,
    is_among: bool,
    is_among_few: bool,
    is_on_projects: bool,
    states: tuple[State, ...] | None,
) -> Select[*tuple[Any, ...]]:
    where_to = {"is_limited": is_limited, "is_among": is_among, "is_among_few": is_among_few}
    found = [matches(dialect, word, **where_to) for word in range(words)]
    if dialect == "sqlite":
        found = [_in_all(found)]
    where = [ChangeRequest.workspace_id == bindparam("workspace", type_=String)]
    if is_on_projects:
        where.append(ChangeRequest.project_id.in_(bindparam("projects", expanding=True)))
    if states is not None:
        where.append(one_of(ChangeRequest.state, states))
    first, *others = found
    request = select(ChangeRequest.id, ChangeRequest.submitted_at).where(*where)
    # So few are looked up one by one. Left to choose, PostgreSQL reads all the requests there are to join them.
    is_looked_up = is_limited and dialect != "sqlite"
    requests = (
        request.where(ChangeRequest.id == first.c.request_id).limit(1).lateral("requests")
        if is_looked_up
        else request.subquery("requests")
    )
    joined: FromClause = first
    for match in others:
        joined = joined.join(match, match.c.request_id == first.c.request_id)
    joined = joined.join(requests, true() if is_looked_up else requests.c.id == first.c.request_id)
    score: ColumnElement[float] = reduce(add, [match.c.score for match in found])
    return (
        select(requests.c.id, func.count().over(), *(match.c.hits for match in found))
        .select_from(joined)
        .order_by(score.desc(), requests.c.submitted_at.desc(), requests.c.id.desc())
        .limit(bindparam("page", type_=Integer))
        .offset(bindparam("before", type_=Integer))
    )


def _in_all(found: Sequence[Subquery]) -> Subquery:
    """The requests in which every word was found: the sum of its best scores, and the hits of the commonest word.

    Joined, SQLite compares the words each with each. PostgreSQL joins them well, and this badly: without statistics
    it would do it anew for every request.
    """
    words = union_all(*(select(literal(number).label("word"), match) for number, match in enumerate(found)))
    either = words.subquery("either")
    best = [func.max(case((either.c.word == number, either.c.score))) for number in range(len(found))]
    # Without one of the words it is nothing.
    score: ColumnElement[float] = reduce(add, best)
    return (
        select(either.c.request_id, score.label("score"), func.max(either.c.hits).label("hits"))
        .group_by(either.c.request_id)
        .having(score.is_not(None))
        .subquery("matches")
    )
