"""Every reader of what people and files say refuses what it cannot read, and does nothing else with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.exchange import document
from bot.exchange import service as exchange
from bot.exchange.document import KIND
from bot.exchange.tables import EXPORTED
from bot.logs import without_secrets
from bot.portfolio import csv_file
from bot.portfolio.figures import parse_decimal, parse_hours, parse_money
from bot.portfolio.scope_text import parse_scope
from bot.requests.typed.typed_decisions import plain_decision
from bot.requests.typed.wording import parse_ask
from bot.slack import payloads
from bot.slack.gateway.lines import Tenant
from bot.slack.gateway.readings import read_channel, read_history, read_message, read_person, read_undisturbed
from bot.slack.shapes import is_readable
from bot.slack.text.markup import escape, one_line, shield
from bot.web.clients import client_of
from bot.web.requests import Forged, Malformed, Verifier, read_body
from tests.fuzz.deliveries import deliveries
from tests.fuzz.mangling import RUBBISH, TEXTS, form_of, mangled

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
ID = "01a20683-8da0-7002-b3ce-e3dec90ea0bd"
BODIES = list(deliveries([ID], [ID]).values())
# What people really type, cut up and put together anew.
PIECES = st.sampled_from(
    [
        "acme",
        "ACME-12",
        "newsletter",
        "by",
        "friday",
        "next",
        "week",
        "31.12.",
        "12/24",
        "2026-12-01",
        "~3h",
        "1,5",
        "h",
        "90",
        "min",
        "2d",
        "€1.200,50",
        "480",
        "EUR",
        "14.4k",
        "urgent",
        "asap",
        "!",
        "?",
        ":",
        ";",
        ",",
        ".",
        "-",
        "+",
        "@",
        "#",
        "<",
        ">",
        "&",
        "<@U0ANA>",
        "<#C0ACME|acme>",
        "&amp;",
        "yes",
        "no",
        "ok",
        "approved",
        "declined",
        "1w",
        "half",
        "a",
        "day",
        "🎉",
        "\n",
        "\t",
        "in",
        "3",
        "days",
        "tomorrow",
        "end",
        "of",
        "month",
        "Q1",
        "heute",
        "morgen",
        "bis",
        "Freitag",
        "24.12.2026",
        "1e9",
        "½",
        "٣",
    ]
)
TYPED = st.one_of(st.lists(PIECES, max_size=12).map(" ".join), TEXTS, st.text(max_size=200))


def refuses_or_reads(read: Any, *arguments: Any, also: tuple[type[Exception], ...] = ()) -> Any:
    """What a reader says; a refusal is an answer, any other exception is none."""
    try:
        return read(*arguments)
    except (Refusal, *also):
        return None


@form_of(0.25, short=120)
@given(TYPED)
def test_what_is_typed_after_a_command_is_read_or_refused(typed: str) -> None:
    draft = parse_ask(typed, projects=[], now=NOW, zone=MADRID, home_project=UUID(int=1))
    assert "\x00" not in draft.title
    plain_decision(typed)


@form_of(0.15, short=100)
@given(TYPED, st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
@example("9" * 5_000, "EUR")
@example("1e999999", "EUR")
@example("1e999999 h", "EUR")
def test_figures_are_read_or_refused(typed: str, currency: str) -> None:
    for minor in (refuses_or_reads(parse_hours, typed), refuses_or_reads(parse_money, typed, currency)):
        assert minor is None or (isinstance(minor, int) and minor >= 0)
    number = refuses_or_reads(parse_decimal, typed)
    assert number is None or number >= 0
    parse_scope(typed, typed)


HEADER = "client,am,currency,renewal_on,goodwill_hours,project,key,pm,channel,hours,budget,starts_on,due_on"
ROW = "Acme,ana@example.com,EUR,2027-03-31,8,Acme Website,ACME,pete@example.com,acme,120,14400,2026-09-01,2026-12-04"


@st.composite
def csv_files(draw: st.DrawFn) -> str:
    """A file that was right, with cells and lines gone wrong."""
    cells = ROW.split(",")
    for _ in range(draw(st.integers(0, 3))):
        cells[draw(st.integers(0, len(cells) - 1))] = draw(TEXTS)
    line = draw(st.sampled_from([",", ";", "\t", '","'])).join(cells)
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return end.join([draw(st.sampled_from([HEADER, HEADER.upper(), "client", ""])), line, draw(TEXTS)])


@form_of(0.1, short=80)
@given(st.one_of(csv_files(), TEXTS))
def test_a_csv_file_is_read_or_refused(text: str) -> None:
    parsed = refuses_or_reads(csv_file.parse, text)
    if parsed is not None:
        csv_file.mentions(parsed.rows)
    refuses_or_reads(exchange.read_file, text, "file.csv")


EXPORT: dict[str, Any] = {
    "kind": KIND,
    "format": 1,
    "workspace": "T1",
    "tables": {
        "workspaces": [
            {
                "id": "T1",
                "name": "Agency",
                "zone": "UTC",
                "currency": "EUR",
                "created_at": "2026-11-18T14:00:00+00:00",
            }
        ],
        **{table.name: [] for table in EXPORTED if table.name not in {"workspaces", "events"}},
        "events": [
            {
                "request_id": ID,
                "position": 1,
                "kind": "submitted",
                "actor_id": "U1",
                "at": "2026-11-18T14:00:00+00:00",
                "facts": {"title": "A"},
                "previous_hash": "",
                "hash": "0" * 64,
            }
        ],
    },
}


@form_of(0.1, short=80)
@given(mangled(EXPORT))
@example([])
def test_an_export_is_read_or_refused(file: Any) -> None:
    text = json.dumps(file)
    refuses_or_reads(document.read, text)
    refuses_or_reads(document.read, text[: len(text) // 2])


@form_of(0.1, short=80)
@given(
    st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-8", "replace"))),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "", "text/plain; charset=x"]),
    st.dictionaries(st.sampled_from(["x-slack-signature", "x-slack-request-timestamp"]), TEXTS),
)
def test_a_body_is_read_or_called_malformed_and_a_foreign_one_forged(
    body: bytes, kind: str, headers: dict[str, str]
) -> None:
    refuses_or_reads(read_body, body, kind, also=(Malformed,))
    try:
        Verifier("secret", _Clock()).check(body, headers)
    except Forged:
        return
    raise AssertionError("nobody signed this")


class _Clock:
    def now(self) -> datetime:
        return NOW

    def is_steady(self) -> bool:
        return True


READERS = (
    payloads.read_command,
    payloads.read_press,
    payloads.read_submission,
    payloads.read_shortcut,
    payloads.read_suggestion,
    payloads.read_said,
    payloads.read_happened,
    payloads.read_step,
)


@form_of(0.15, short=120)
@given(st.sampled_from(BODIES).flatmap(lambda body: mangled(body, most=6)))
def test_a_payload_of_any_shape_is_read(body: Any) -> None:
    is_readable(body)
    for read in READERS:
        read(body)
    payloads.is_our_own(body, "B1")


PERSON = {
    "id": "U1",
    "team_id": "T1",
    "tz": "Europe/Madrid",
    "profile": {"display_name": "Ana", "email": "a@b.c"},
}
HISTORY = {
    "ok": True,
    "messages": [
        {
            "ts": "1.1",
            "text": "a",
            "user": "U1",
            "metadata": {"event_type": "x", "event_payload": {"key": "k"}},
        }
    ],
    "response_metadata": {"next_cursor": "c"},
}


@form_of(0.05, short=60)
@given(TYPED, st.lists(RUBBISH, max_size=3))
def test_marks_and_addresses_take_any_text(typed: str, rubbish: list[Any]) -> None:
    for text in (typed, str(rubbish)):
        assert "<!" not in escape(text)
        assert "\n" not in one_line(text)
        shield(text)
        without_secrets(text)
        scope = {"client": None, "headers": [(b"x-forwarded-for", text.encode("utf-8", "replace"))]}
        client_of(scope, proxies=1)


@form_of(0.02, short=40)
@given(mangled(PERSON), mangled(HISTORY))
def test_what_slack_answers_is_read_whatever_it_is(person: Any, history: Any) -> None:
    read_person(person, Tenant("T1"))
    read_channel(person, "C1")
    read_undisturbed(person, NOW)
    read_history(history, "C1", "k")
    read_message(history, "1.1")
