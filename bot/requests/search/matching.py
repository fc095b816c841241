"""One word in the full-text index: which requests it stands in, as SQLite and as PostgreSQL are asked for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Integer, Subquery, TextClause, Uuid, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.expression import bindparam

# Of so many projects SQLite's index is asked by name; of more it is asked about everybody's.
MOST_PLACES = 100
# In so few requests words are looked up one by one: a common one is not read from end to end for them.
FEW_REQUESTS = 50
# So many words that begin alike SQLite's index is asked for by name, when they are no longer than this together.
MOST_WORDS = 16
LONGEST_WORDS = 1_000


@lru_cache
def matches(
    dialect: str, number: int, *, is_limited: bool, is_among: bool, is_among_few: bool = False
) -> Subquery:
    """The requests in which a word begins so: 2 for a hit in the title, 1 elsewhere; the newest hits, or all.

    From SQLite a request may come several times. Beside each, `hits`: in how many texts the word was found, so that
    one knows whether there may be more. `number` tells the words of one query apart; what is asked comes from `given`.
    """
    if dialect == "sqlite":
        query = _sqlite_query(number, is_limited, is_among, is_among_few)
    else:
        query = _postgresql_query(number, is_limited, is_among)
        if is_among:
            query = query.bindparams(bindparam(f"among_{number}", type_=ARRAY(Uuid)))
    return query.columns(
        column("request_id", Uuid), column("score", Float), column("hits", Integer)
    ).subquery(f"matches_{number}")


def given(
    dialect: str,
    number: int,
    *,
    workspace_id: str,
    term: str,
    most: int | None,
    project_ids: Sequence[UUID] | None,
    among: Sequence[UUID] | None,
) -> dict[str, Any]:
    """The parameters of `matches`: a word, and the `most` newest hits, or all.

    `project_ids` and `among` (requests) say where it is worth looking; none given: everywhere. They narrow down what
    is read, and not always what is found.
    """
    values: dict[str, Any] = {"tenant": workspace_id}
    if dialect == "sqlite":
        # Less than nothing is no limit there.
        values |= {"begin": term, "place": _place(project_ids), "most": -1 if most is None else most}
        if among is not None:
            values["among"] = json.dumps([request_id.hex for request_id in among])
    else:
        values |= {"term": _any_case(term, ""), "title": _any_case(term, "A")}
        if most is not None:
            values["most"] = most
        if among is not None:
            values["among"] = list(among)
    return {f"{name}_{number}": value for name, value in values.items()}


def is_asked_by_request(dialect: str, project_ids: Sequence[UUID] | None) -> bool:
    """Whether what lies on these projects is found sooner by its requests than by the word: the index knows no project."""
    return project_ids is not None and dialect != "sqlite"


def is_asked_by_project(dialect: str, project_ids: Sequence[UUID] | None) -> bool:
    """Whether by its project the index finds sooner what by its request would be read and passed over."""
    return dialect == "sqlite" and bool(_place(project_ids))


def _place(project_ids: Sequence[UUID] | None) -> str:
    """What the index is asked beside the word: one of these projects."""
    if project_ids is None or not 0 < len(project_ids) <= MOST_PLACES:
        return ""
    return f" AND place : ({' OR '.join(f'p{project_id.hex}' for project_id in project_ids)})"


def _sqlite_query(number: int, is_limited: bool, is_among: bool, is_among_few: bool) -> TextClause:
    among = f"SELECT value FROM json_each(:among_{number})"  # noqa: S608 (the number is ours)
    # The plus sign keeps SQLite from asking the index once for each of them.
    narrowed = f"""
        AND +search_words.rowid IN (
            SELECT id FROM search_texts WHERE workspace_id = :tenant_{number} AND request_id IN ({among})
        )
    """  # noqa: S608 (the number is ours)

    def hits(where: str, score: str, before: str = "") -> str:
        found = f"SELECT search_texts.request_id AS request_id, {score} AS score FROM {before}"  # noqa: S608 (ours)
        # A question in the place of the outermost loop is asked before the index is.
        named, begun = (
            f"(SELECT 1 FROM asked WHERE {which}) AS way CROSS JOIN" if is_among_few else ""  # noqa: S608 (ours)
            for which in ("are_named", "NOT are_named")
        )
        asks = f"""
            search_words MATCH '{where} ' || (SELECT words FROM asked) || :place_{number}
            AND search_texts.workspace_id = :tenant_{number}
        """  # noqa: S608 (names of ours)
        # The index gives the newest first and stops at the limit. CROSS keeps the order: the other way round it would
        # be asked once for every text.
        read = f"""
            {found} {begun} search_words CROSS JOIN search_texts ON search_texts.id = search_words.rowid
            WHERE {asks} {narrowed if is_among else ""}
            ORDER BY search_words.rowid DESC LIMIT :most_{number}
        """
        if not is_among_few:
            return read
        # Of few texts the index is asked for each, where it knows the words by their names: it leaps to it.
        return f"""
            {found} {named} search_texts CROSS JOIN search_words ON search_words.rowid = search_texts.id
            WHERE {asks} AND search_texts.request_id IN ({among})
            UNION ALL SELECT * FROM ({read})
        """  # noqa: S608 (names of ours)

    asked = _sqlite_asked(number, by_name=is_limited or is_among_few)
    titled = f"WITH RECURSIVE {asked}, titled AS MATERIALIZED ({hits('title :', '2.0')})"
    # Where so many are found in titles, what stands elsewhere would come after them all.
    still = f"""
        (SELECT 1 WHERE :most_{number} < 0 OR (SELECT count(*) FROM titled) < :most_{number}) AS still CROSS JOIN
    """  # noqa: S608 (the number is ours)
    elsewhere = hits("{title body} :", "1.0", still)
    both = f"SELECT * FROM titled UNION ALL SELECT * FROM ({elsewhere})"  # noqa: S608
    # What stands in a title stands among the others, too.
    hits_of_all = "SELECT max(sum(score < 2), sum(score = 2)) FROM found"
    return text(
        f"{titled}, found AS MATERIALIZED ({both}) SELECT request_id, score, ({hits_of_all}) AS hits FROM found"  # noqa: S608 (statements of ours)
    )


def _sqlite_asked(number: int, *, by_name: bool) -> str:
    """What the index is asked: a beginning; or, where few hits are wanted, every word that begins so by its name.

    Of a beginning SQLite first gathers all the hits there are; those of a whole word it reads from the newest on,
    and stops. The words are told by the index itself, each with one look: the next one after the last.
    """
    begin = f":begin_{number}"
    beginning = f"""'"' || {begin} || '"*'"""
    if not by_name:
        return f"asked AS (SELECT {beginning} AS words)"
    begins_so = f"substr(word, 1, length({begin})) = {begin}"

    def first_from(least: str) -> str:
        return f"(SELECT term FROM search_vocabulary WHERE term >= {least} LIMIT 1)"  # noqa: S608 (ours)

    # No sign of a word sorts as low as the first one there is.
    return f"""
        alike (word) AS (
            SELECT {first_from(begin)}
            UNION ALL SELECT {first_from("word || char(1)")} FROM alike WHERE {begins_so}
            LIMIT {MOST_WORDS} + 1
        ), named AS (
            SELECT group_concat(word, '" OR "') AS words,
                count(*) BETWEEN 1 AND {MOST_WORDS} AND sum(length(word)) <= {LONGEST_WORDS} AS are_few
            FROM alike WHERE {begins_so}
        ), asked AS (
            SELECT are_few AS are_named, CASE WHEN are_few THEN '("' || words || '")' ELSE {beginning} END AS words
            FROM named
        )
    """  # noqa: S608 (names of ours)


def _postgresql_query(number: int, is_limited: bool, is_among: bool) -> TextClause:
    mine = f"workspace_id = :tenant_{number}"
    if is_among:
        mine += f" AND request_id = ANY(:among_{number})"
    every = f"""
        SELECT request_id, CASE WHEN words @@ to_tsquery('simple', :title_{number}) THEN 2.0 ELSE 1.0 END AS score
        FROM search_texts WHERE {mine} AND words @@ to_tsquery('simple', :term_{number})
    """  # noqa: S608 (names of ours)
    if not is_limited:
        return _best(every)
    # A common word is soon found so often by going back from the newest request; of a rare one the index of words
    # is asked, and only then.
    most = f":most_{number}"
    lately = f"""
        WITH newest AS (
            SELECT request_id, words FROM search_texts WHERE {mine} ORDER BY request_id DESC LIMIT 3 * {most}
        ), lately AS (
            SELECT request_id, CASE WHEN words @@ to_tsquery('simple', :title_{number}) THEN 2.0 ELSE 1.0 END AS score
            FROM newest WHERE words @@ to_tsquery('simple', :term_{number}) LIMIT {most}
        ), counted AS (
            SELECT count(*) >= {most} AS is_enough FROM lately
        )
    """  # noqa: S608 (names of ours)
    either = f"""
        SELECT * FROM lately WHERE (SELECT is_enough FROM counted)
        UNION ALL (
            {every} AND NOT (SELECT is_enough FROM counted) ORDER BY score DESC, request_id DESC LIMIT {most}
        )
    """  # noqa: S608 (names of ours)
    return _best(either, lately)


def _best(both: str, before: str = "") -> TextClause:
    """Each request once, with its best score, and beside it how many hits there were in all."""
    return text(
        f"""
        {before}
        SELECT request_id, max(score) AS score, CAST(sum(count(*)) OVER () AS INTEGER) AS hits
        FROM ({both}) AS hits GROUP BY request_id
        """  # noqa: S608 (statements of ours)
    )


def _any_case(term: str, weight: str) -> str:
    # A database with the C locale keeps the case of what is not ASCII: look for how people write it.
    cases = dict.fromkeys((term, term.capitalize(), term.upper()))
    return " | ".join(f"{case}:*{weight}" for case in (cases if not term.isascii() else [term]))
