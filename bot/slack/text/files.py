"""Why a file, a line or a row of it is not taken."""

from __future__ import annotations

from bot.exchange import refusals as no
from bot.portfolio import csv_file, csv_import
from bot.slack.text.markup import one_line
from bot.slack.text.refusals import Reading, explain, explains


@explains(csv_file.WrongColumns)
def _(refusal: csv_file.WrongColumns, _r: Reading) -> str:
    parts = [
        f"{what} {', '.join(names)}"
        for what, names in (
            ("missing:", refusal.missing),
            ("unknown:", tuple(one_line(name)[:40] or "(no name)" for name in refusal.unknown)),
            ("twice:", refusal.repeated),
        )
        if names
    ]
    return (
        f"The columns are not the ones I read ({'; '.join(parts)}). They are: {', '.join(csv_file.COLUMNS)}; "
        f"and, if you like: {', '.join(csv_file.FURTHER_COLUMNS)}."
    )


@explains(csv_file.CellCount)
def _(refusal: csv_file.CellCount, _r: Reading) -> str:
    return f"{refusal.found} cells where the first line has {refusal.expected} columns."


@explains(csv_file.BrokenQuotes)
def _(_refusal: csv_file.BrokenQuotes, _r: Reading) -> str:
    return (
        "A quotation mark is not closed, or closed in the middle of a cell. What follows could not be read."
    )


@explains(csv_file.NoRows)
def _(_refusal: csv_file.NoRows, _r: Reading) -> str:
    return "There is nothing in the file to import."


@explains(csv_file.BadFile)
def _(refusal: csv_file.BadFile, reading: Reading) -> str:
    return " ".join(f"Line {bad.line}: {explain(bad.why, reading)}" for bad in refusal.lines)


@explains(csv_import.ClientDisagrees)
def _(refusal: csv_import.ClientDisagrees, _r: Reading) -> str:
    there = f"“{refusal.there}”" if refusal.there else "nothing"
    return f"{refusal.client} has {there} here on line {refusal.line}. Every line of a client says the same."


@explains(csv_import.KeyRepeated)
def _(refusal: csv_import.KeyRepeated, _r: Reading) -> str:
    return f"Line {refusal.line} has a project {refusal.key} already. Each key stands once."


@explains(csv_import.NobodyFound)
def _(refusal: csv_import.NobodyFound, _r: Reading) -> str:
    return f"I know nobody as {refusal.token}. Use a Slack user id (U…), or the e-mail that is in Slack."


@explains(csv_import.NoChannelFound)
def _(refusal: csv_import.NoChannelFound, _r: Reading) -> str:
    return f"I know no channel {refusal.token}. Use its id (C…); its name works where Handoff can ask Slack."


@explains(no.NotForImport)
def _(refusal: no.NotForImport, _r: Reading) -> str:
    name = f"{refusal.filename} is" if refusal.filename else "This is"
    return f"{name} neither an export of Handoff nor a CSV with the columns I read: {', '.join(csv_file.COLUMNS)}."


@explains(no.BrokenJson)
def _(refusal: no.BrokenJson, _r: Reading) -> str:
    return f"The export cannot be read: it breaks off, or was changed, at line {refusal.line}, column {refusal.column}."


@explains(no.NewerFormat)
def _(refusal: no.NewerFormat, _r: Reading) -> str:
    return (
        f"The export was written by a newer Handoff (format {refusal.found}; this one reads up to {refusal.known}). "
        "Update Handoff first."
    )


@explains(no.UnknownTable)
def _(refusal: no.UnknownTable, _r: Reading) -> str:
    return f"The export has a table {one_line(refusal.table)[:40]} that this Handoff cannot read. Update Handoff first."


@explains(no.NotARow)
def _(_refusal: no.NotARow, _r: Reading) -> str:
    return "This is not a row."


@explains(no.NoValue)
def _(_refusal: no.NoValue, _r: Reading) -> str:
    return "A value is missing."


@explains(no.WrongValue)
def _(refusal: no.WrongValue, _r: Reading) -> str:
    return f"This has to be {refusal.expected}."


@explains(no.UnknownColumn)
def _(_refusal: no.UnknownColumn, _r: Reading) -> str:
    return "This Handoff does not know the column. Update Handoff first."


@explains(no.RowTwice)
def _(_refusal: no.RowTwice, _r: Reading) -> str:
    return "The file has this row twice."


@explains(no.RowDiffers)
def _(refusal: no.RowDiffers, _r: Reading) -> str:
    return f"The row is here already and differs in {', '.join(refusal.columns)}."


@explains(no.ValueTaken)
def _(refusal: no.ValueTaken, _r: Reading) -> str:
    return f"Another row ({refusal.other}) has the same {' and '.join(refusal.columns)}, which only one may have."


@explains(no.NoSuchRow)
def _(refusal: no.NoSuchRow, _r: Reading) -> str:
    return f"It refers to a row of {refusal.table} that is neither in the file nor here."


@explains(no.TableRefused)
def _(refusal: no.TableRefused, _r: Reading) -> str:
    return f"The database does not take the rows of {refusal.table}: a value is out of bounds."


@explains(no.BadRows)
def _(refusal: no.BadRows, reading: Reading) -> str:
    return " ".join(f"{bad.table} {bad.row}: {explain(bad.why, reading)}" for bad in refusal.rows)
