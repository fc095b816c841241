"""What goes out comes back in, on every database and from one to the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot import schema
from bot.db.engine import build_engine
from bot.db.transaction import reading, transaction
from bot.exchange import document, repository
from bot.exchange.loading import Loaded
from bot.exchange.refusals import (
    BadRow,
    BadRows,
    BrokenJson,
    NewerFormat,
    NoSuchRow,
    NotARow,
    NotForImport,
    NoValue,
    RowDiffers,
    RowTwice,
    TableRefused,
    UnknownColumn,
    UnknownTable,
    ValueTaken,
    WrongValue,
)
from bot.exchange.service import export_workspace, import_file, read_file
from bot.exchange.tables import EXPORTED, LEFT_OUT
from bot.portfolio.csv_file import COLUMNS
from bot.portfolio.csv_import import ImportResult
from bot.workspaces.service import WorkspaceFacts, ensure
from tests.exchange.whole import AT, fill

Export = dict[str, Any]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Engine]:
    """Another database, SQLite, with every migration."""
    engine = build_engine(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    schema.upgrade(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def export(engine: Engine, workspace_id: str = "T1") -> str:
    with reading(engine) as session:
        return export_workspace(session, workspace_id=workspace_id)


def bring_in(engine: Engine, text: str) -> Loaded:
    with transaction(engine) as session:
        result = import_file(session, read_file(text, "file.json"), workspace_id="T1", now=AT)
    assert isinstance(result, Loaded)
    return result


def filled(engine: Engine) -> str:
    with transaction(engine) as session:
        fill(session)
    return export(engine)


def bad_rows(engine: Engine, text: str) -> list[BadRow]:
    before = export(engine)
    with pytest.raises(BadRows) as error:
        bring_in(engine, text)
    assert export(engine) == before
    return list(error.value.rows)


def changed(text: str, change: Callable[[Export], None]) -> str:
    loaded = json.loads(text)
    change(loaded["tables"])
    return json.dumps(loaded)


# --- there and back


def test_every_table_is_exported_or_left_out_for_a_reason() -> None:
    exported = {table.name for table in EXPORTED}
    assert exported | LEFT_OUT.keys() == schema.metadata().tables.keys()
    assert not exported & LEFT_OUT.keys()


def test_parents_come_before_their_children() -> None:
    seen: set[str] = set()
    for table in EXPORTED:
        seen.add(table.name)
        assert {key.column.table.name for key in table.foreign_keys} <= seen


def test_the_test_fills_every_column_of_every_table(engine: Engine) -> None:
    filled(engine)
    with reading(engine) as session:
        for table in EXPORTED:
            rows = repository.rows(session, table, workspace_id="T1")
            empty = [name for name in table.columns.keys() if all(row[name] is None for row in rows)]  # noqa: SIM118 (a ColumnCollection iterates over columns)
            assert not empty, table.name


def test_an_export_imported_elsewhere_gives_the_same_rows(engine: Engine, elsewhere: Engine) -> None:
    text = filled(engine)
    assert bring_in(elsewhere, text).changed_anything
    assert export(elsewhere) == text


def test_an_export_from_elsewhere_gives_the_same_rows_here(engine: Engine, elsewhere: Engine) -> None:
    text = filled(elsewhere)
    bring_in(engine, text)
    assert export(engine) == text
    with reading(engine) as here, reading(elsewhere) as there:
        for table in EXPORTED:
            mine = repository.rows(here, table, workspace_id="T1")
            theirs = repository.rows(there, table, workspace_id="T1")
            assert sorted(mine, key=str) == sorted(theirs, key=str)


def test_importing_twice_changes_nothing(engine: Engine) -> None:
    text = filled(engine)
    result = bring_in(engine, text)
    assert not result.changed_anything
    assert result.unchanged["events"] == 11
    assert export(engine) == text


def test_an_export_holds_one_row_a_line_and_one_workspace(engine: Engine) -> None:
    with transaction(engine) as session:
        fill(session, "T1")
        fill(session, "T2")
    text = export(engine)
    assert len([line for line in text.splitlines() if line.startswith('{"')]) == sum(
        len(rows) for rows in json.loads(text)["tables"].values()
    )
    assert "T2" not in text
    positions = [row["position"] for row in json.loads(text)["tables"]["events"]]
    assert positions == list(range(1, 12))


def test_an_import_does_not_touch_other_workspaces(engine: Engine, elsewhere: Engine) -> None:
    text = filled(elsewhere)
    with transaction(engine) as session:
        fill(session, "T2")
    before = export(engine, "T2")
    bring_in(engine, text)
    assert export(engine, "T2") == before


def test_a_workspace_without_rows_is_exported_too(engine: Engine) -> None:
    text = export(engine)
    assert document.read(text).rows["people"] == []


# --- into a workspace that is in use


def test_settings_nobody_chose_here_are_taken_from_the_export(engine: Engine, elsewhere: Engine) -> None:
    text = filled(elsewhere)
    with transaction(engine) as session:
        ensure(session, WorkspaceFacts("T1", "Agency", "U_OTHER_BOT", "B2"), AT)
    result = bring_in(engine, text)
    assert result.added["workspaces"] == 1
    (workspace,) = json.loads(export(engine))["tables"]["workspaces"]
    assert (workspace["director_id"], workspace["currency"], workspace["zone"]) == (
        "U_ANA",
        "JPY",
        "Europe/Madrid",
    )
    assert (workspace["name"], workspace["bot_user_id"]) == ("Agency", "U_OTHER_BOT")
    assert not bring_in(engine, text).changed_anything


def test_people_who_are_here_stay_as_slack_told_them(engine: Engine) -> None:
    text = filled(engine)
    older = changed(text, lambda tables: tables["people"][0].update(name="Ana before", is_admin=False))
    assert not bring_in(engine, older).changed_anything
    assert export(engine) == text


def test_a_row_that_differs_is_refused_by_its_id_and_columns(engine: Engine) -> None:
    text = filled(engine)

    def change(tables: Export) -> None:
        tables["clients"][0].update(name="Other", currency="EUR")
        tables["events"][4].update(hash="1" * 64)
        tables["workspaces"][0].update(director_id=None, name="ignored: Slack tells it")

    rows = json.loads(text)["tables"]
    assert bad_rows(engine, changed(text, change)) == [
        BadRow("workspaces", "T1", "", RowDiffers(("director_id",))),
        BadRow("clients", rows["clients"][0]["id"], "", RowDiffers(("name", "currency"))),
        BadRow("events", rows["events"][4]["request_id"] + "/5", "", RowDiffers(("hash",))),
    ]


def test_a_new_row_with_a_name_or_key_that_is_taken_is_refused(engine: Engine, elsewhere: Engine) -> None:
    theirs, mine = filled(elsewhere), filled(engine)
    refused = bad_rows(engine, theirs)
    ours = {row["key"]: row["id"] for row in json.loads(mine)["tables"]["projects"]}
    others = {row["key"]: row["id"] for row in json.loads(theirs)["tables"]["projects"]}
    assert [bad for bad in refused if bad.table == "projects"] == [
        BadRow("projects", others[key], "", ValueTaken(("key",), ours[key])) for key in ("ACME", "OTHER")
    ]
    assert {bad.table for bad in refused} == {"clients", "projects", "digest_schedules"}


# --- files that cannot be taken


def test_every_value_that_cannot_be_taken_is_refused_by_row_and_column(engine: Engine) -> None:
    text = filled(engine)
    rows = json.loads(text)["tables"]

    def change(tables: Export) -> None:
        tables["people"][0].update(
            zone="x" * 65, is_admin=1, refreshed_at="2026-11-23T09:00:00", shoe_size=44
        )
        tables["people"][1].update(name="a\x00b", email="\ud800")
        tables["projects"][0].update(key=None, client_id="acme", closed_at="never", starts_on="2026-02-30")
        tables["baselines"][0].update(minutes=2**31, budget_minor="1", origin="guess")
        tables["clients"].append("row")
        tables["scope_items"].append(tables["scope_items"][0])
        tables["events"][0].update(facts=[])
        del tables["decisions"][0]["request_id"]

    project, baseline = rows["projects"][0]["id"], rows["baselines"][0]["id"]
    origins = "one of agreed, approval, reversal"
    assert bad_rows(engine, changed(text, change)) == [
        BadRow("people", "U_ANA", "zone", WrongValue("at most 64 characters")),
        BadRow("people", "U_ANA", "is_admin", WrongValue("true or false")),
        BadRow("people", "U_ANA", "refreshed_at", WrongValue("an instant with its zone")),
        BadRow("people", "U_ANA", "shoe_size", UnknownColumn()),
        BadRow("people", "U_PETE", "name", WrongValue("text without NUL")),
        BadRow("people", "U_PETE", "email", WrongValue("whole characters")),
        BadRow("clients", "2", "", NotARow()),
        BadRow("projects", project, "client_id", WrongValue("an id")),
        BadRow("projects", project, "key", NoValue()),
        BadRow("projects", project, "starts_on", WrongValue("a date")),
        BadRow("projects", project, "closed_at", WrongValue("an instant")),
        BadRow("baselines", baseline, "origin", WrongValue(origins)),
        BadRow("baselines", baseline, "minutes", WrongValue("a number of this size")),
        BadRow("baselines", baseline, "budget_minor", WrongValue("a whole number")),
        BadRow("scope_items", rows["scope_items"][0]["id"], "", RowTwice()),
        BadRow("decisions", rows["decisions"][0]["id"], "request_id", NoValue()),
        BadRow("events", rows["events"][0]["request_id"] + "/1", "facts", WrongValue("an object")),
    ]


def test_a_reference_to_nothing_is_refused_by_row(engine: Engine, elsewhere: Engine) -> None:
    text = changed(filled(elsewhere), lambda tables: tables["clients"].clear())
    projects = [row["id"] for row in json.loads(text)["tables"]["projects"]]
    assert bad_rows(engine, text) == [
        BadRow("projects", project, "client_id", NoSuchRow("clients")) for project in projects
    ]


def test_what_only_the_database_refuses_leaves_nothing_behind(engine: Engine, elsewhere: Engine) -> None:
    text = changed(filled(elsewhere), lambda tables: tables["baselines"][0].update(minutes=-1))
    before = export(engine)
    with pytest.raises(TableRefused) as error:
        bring_in(engine, text)
    assert error.value == TableRefused("baselines")
    assert export(engine) == before


def test_a_column_that_an_older_export_does_not_know_has_its_default(
    engine: Engine, elsewhere: Engine
) -> None:
    def older(tables: Export) -> None:
        for row in tables["clients"]:
            del row["contact_name"], row["renewal_on"]

    bring_in(engine, changed(filled(elsewhere), older))
    (client,) = json.loads(export(engine))["tables"]["clients"]
    assert (client["contact_name"], client["renewal_on"]) == ("", None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NotForImport("backup.json")),
        ("{}", NotForImport("backup.json")),
        ("[1, 2]", NotForImport("backup.json")),
        ("Dear all,", NotForImport("backup.json")),
        ('{"kind": "handoff-export", "format": 1,', BrokenJson(1, 40)),
        ('{"kind": "handoff-export", "format": 2, "workspace": "T1", "tables": {}}', NewerFormat(2, 1)),
        ('{"kind": "handoff-export", "format": true, "workspace": "T1", "tables": {}}', NotForImport("")),
        ('{"kind": "handoff-export", "format": 0, "workspace": "T1", "tables": {}}', NotForImport("")),
        ('{"kind": "handoff-export", "format": 1, "tables": {}}', NotForImport("")),
        ('{"kind": "handoff-export", "format": 1, "workspace": "T1", "tables": []}', NotForImport("")),
        (
            '{"kind": "handoff-export", "format": 1, "workspace": "T1", "tables": {"x": []}}',
            UnknownTable("x"),
        ),
        ('{"kind": "handoff-export", "format": NaN}', BrokenJson(1, 1)),
        ('{"kind": "handoff-export", "format": ' + "1" * 5000 + "}", BrokenJson(1, 1)),
        ('{"kind": "handoff-export", "format": ' + "[" * 100_000, BrokenJson(1, 1)),
    ],
)
def test_a_file_that_is_no_export_is_refused_clearly(text: str, why: Exception) -> None:
    with pytest.raises(type(why)) as error:
        read_file(text, "backup.json")
    assert error.value == why


def test_a_row_of_another_workspace_is_refused(engine: Engine) -> None:
    text = changed(filled(engine), lambda tables: tables["workspaces"][0].update(id="T2"))
    assert bad_rows(engine, text) == [BadRow("workspaces", "T2", "id", WrongValue("T1"))]


def test_a_csv_is_told_by_its_content_whatever_its_name(engine: Engine) -> None:
    with transaction(engine) as session:
        ensure(session, WorkspaceFacts("T1", "Agency"), AT)
    text = ",".join(COLUMNS) + "\nAcme,U1A,EUR,,,Website,ACME,U1A,C1A,10,100,,\n"
    with transaction(engine) as session:
        result = import_file(session, read_file(text, "data.json"), workspace_id="T1", now=AT)
    assert isinstance(result, ImportResult)
    assert result.projects.added == 1
