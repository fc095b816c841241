"""Reading the CSV: every shape that spreadsheets write, and every line that cannot be read."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.portfolio.csv_file import (
    COLUMNS,
    BadFile,
    BadLine,
    BrokenQuotes,
    CellCount,
    NoRows,
    WrongColumns,
    looks_like_csv,
    mentions,
    parse,
)
from bot.portfolio.refusals import AmbiguousFigure, Missing, NegativeFigure, UnreadableDate, UnreadableFigure

HEADER = ",".join(COLUMNS)
ACME = "Acme,ana@agency.example,EUR,2027-03-01,2.5,Acme Website,ACME,U_PETE,C_ACME,120,14400,2026-09-01,2026-12-04"


def bad_of(text: str) -> list[BadLine]:
    try:
        return list(parse(text).bad)
    except BadFile as error:
        return list(error.lines)


def test_a_line_is_read_as_it_stands() -> None:
    parsed = parse(f"{HEADER}\n{ACME}\n")
    (row,) = parsed.rows
    assert parsed.bad == ()
    assert (row.line, row.client, row.am, row.currency) == (2, "Acme", "ana@agency.example", "EUR")
    assert (row.renewal_on, row.goodwill_minutes) == (date(2027, 3, 1), 150)
    assert (row.project, row.key, row.pm, row.channel) == ("Acme Website", "ACME", "U_PETE", "C_ACME")
    assert (row.minutes, row.budget) == (7200, "14400")
    assert (row.starts_on, row.due_on) == (date(2026, 9, 1), date(2026, 12, 4))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_spreadsheets_write_is_read_alike(delimiter: str, ending: str, mark: str) -> None:
    text = mark + f"{HEADER}\n{ACME}\n".replace(",", delimiter).replace("\n", ending)
    assert looks_like_csv(text)
    parsed = parse(text)
    assert not parsed.bad
    assert [row.key for row in parsed.rows] == ["ACME"]


def test_a_comma_is_a_decimal_where_semicolons_part_the_cells() -> None:
    line = ACME.replace(",", ";").replace(";2.5;", ";2,5;").replace(";14400;", ";14.400,50;")
    (row,) = parse(f"{HEADER.replace(',', ';')}\n{line}").rows
    assert (row.goodwill_minutes, row.budget) == (150, "14.400,50")


def test_columns_may_stand_in_any_order_and_be_written_in_capitals() -> None:
    names = list(reversed(COLUMNS))
    cells = list(reversed(ACME.split(",")))
    (row,) = parse(",".join(names).upper() + "\n" + ",".join(cells)).rows
    assert (row.client, row.key, row.due_on) == ("Acme", "ACME", date(2026, 12, 4))


def test_line_numbers_count_lines_inside_quotes_and_blank_ones() -> None:
    quoted = ACME.replace("Acme Website", '"Acme\nWebsite"')
    broken = ACME.replace("2026-12-04", "soon")
    parsed = parse(f"\n{HEADER}\n\n{quoted}\n,,,,\n\n{broken}\n")
    assert [row.line for row in parsed.rows] == [4, 8]
    assert parsed.rows[0].project == "Acme Website"
    assert parsed.bad == (BadLine(8, "due_on", UnreadableDate("soon")),)


def test_every_wrong_cell_of_every_line_is_reported() -> None:
    one = ",,EUR,01/03/2027,many,,,,,1.200,,2026-02-30,20261204"
    two = ACME.replace(",120,", ",-1,")
    assert bad_of(f"{HEADER}\n{one}\n{two}\n") == [
        BadLine(2, "client", Missing()),
        BadLine(2, "am", Missing()),
        BadLine(2, "renewal_on", UnreadableDate("01/03/2027")),
        BadLine(2, "goodwill_hours", UnreadableFigure("many")),
        BadLine(2, "project", Missing()),
        BadLine(2, "key", Missing()),
        BadLine(2, "pm", Missing()),
        BadLine(2, "channel", Missing()),
        BadLine(2, "hours", AmbiguousFigure("1.200", "1200", "1.2")),
        BadLine(2, "starts_on", UnreadableDate("2026-02-30")),
        BadLine(2, "due_on", UnreadableDate("20261204")),
        BadLine(3, "hours", NegativeFigure()),
    ]


def test_columns_that_are_missing_unknown_or_repeated_are_named() -> None:
    header = HEADER.replace("budget", "Bugdet").replace(",pm,", ",key,")
    assert bad_of(f"{header}\n{ACME}") == [
        BadLine(1, "", WrongColumns(missing=("pm", "budget"), unknown=("bugdet",), repeated=("key",)))
    ]


def test_a_line_with_too_many_or_too_few_cells_is_reported() -> None:
    text = f"{HEADER}\n{ACME},more\n{ACME},,\nAcme,U1\n"
    assert bad_of(text) == [BadLine(2, "", CellCount(14, 13)), BadLine(4, "", CellCount(2, 13))]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", ",,,\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert bad_of(text) == [BadLine(1, "", NoRows())]


def test_a_file_with_nothing_below_its_header_is_refused() -> None:
    assert bad_of(f"{HEADER}\n\n") == [BadLine(1, "", NoRows())]


def test_a_lost_quotation_mark_is_reported_where_it_begins() -> None:
    text = f"{HEADER}\n{ACME}\n" + ACME.replace("Acme W", '"Acme W') + f"\n{ACME}\n"
    assert bad_of(text) == [BadLine(3, "", BrokenQuotes())]


def test_emoji_and_scripts_are_kept_and_control_characters_are_not() -> None:
    line = ACME.replace("Acme Website", "👩‍🚀 موقع\x07\u202e 東京")
    (row,) = parse(f"{HEADER}\n{line}").rows
    assert row.project == "👩‍🚀 موقع 東京"


def test_what_has_to_be_looked_up_is_told_without_repeats() -> None:
    rows = parse(f"{HEADER}\n{ACME}\n{ACME}\n").rows
    assert mentions(rows) == ({"ana@agency.example", "U_PETE"}, {"C_ACME"})


def test_ten_thousand_lines_are_read() -> None:
    parsed = parse(HEADER + "\n" + f"{ACME}\n" * 10_000)
    assert (len(parsed.rows), parsed.rows[-1].line) == (10_000, 10_001)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1}', "hello", "a,b,c\n1,2,3"])
def test_what_is_no_csv_of_ours_does_not_look_like_one(text: str) -> None:
    assert not looks_like_csv(text)


@given(st.lists(st.lists(st.text(max_size=8), min_size=13, max_size=13), max_size=4))
def test_nothing_in_a_file_breaks_the_reading(lines: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *lines])
    bad_of(out.getvalue())


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    bad_of(text)
    bad_of(f"{HEADER}\n{text}")
