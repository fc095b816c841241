"""Importing the CSV: all or nothing, everything reported, and nothing changed by the same file twice."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.db.transaction import transaction
from bot.people import repository as people
from bot.people.refusals import ExternalPerson
from bot.people.settings import change_settings
from bot.portfolio import repository, service
from bot.portfolio.baselines import approve_change
from bot.portfolio.csv_file import COLUMNS, BadFile, BadLine, parse
from bot.portfolio.csv_import import (
    ClientDisagrees,
    ImportResult,
    KeyRepeated,
    NobodyFound,
    NoChannelFound,
    Tally,
    import_rows,
)
from bot.portfolio.forms import ScopeLine
from bot.portfolio.models import Baseline, Client, Project
from bot.portfolio.refusals import (
    AmbiguousFigure,
    CurrencyInUse,
    DueBeforeStart,
    FiguresApproved,
    KeyShape,
    Missing,
    OtherCurrency,
    TooLong,
    UnknownLanguage,
    UnreadableDate,
)
from bot.portfolio.resolving import KnownPeople
from bot.workspaces.refusals import UnknownCurrency
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE, by, open_agency

GOOD = {
    "client": "Acme",
    "am": "ana@agency.example",
    "currency": "EUR",
    "renewal_on": "2027-03-01",
    "goodwill_hours": "2.5",
    "project": "Acme Website",
    "key": "acme",
    "pm": PETE,
    "channel": "C_ACME",
    "hours": "120",
    "budget": "14400",
    "starts_on": "2026-09-01",
    "due_on": "2026-12-04",
}


def a_file(*lines: dict[str, str]) -> str:
    rows = [";".join(COLUMNS), *(";".join((GOOD | line)[name] for name in COLUMNS) for line in lines)]
    return "\n".join(rows)


APP = {"project": "Acme App", "key": "APP"}
GLOBEX = {"client": "Globex", "am": MAX, "currency": "USD", "project": "Globex Brand", "key": "GLX"}


def import_text(session: Session, text: str) -> ImportResult:
    resolver = KnownPeople(session, workspace_id=HERE)
    return import_rows(session, workspace_id=HERE, parsed=parse(text), resolver=resolver, now=NOW)


def bad_lines(session: Session, text: str) -> list[BadLine]:
    with pytest.raises(BadFile) as error:
        import_text(session, text)
    assert session.scalar(select(func.count()).select_from(Project)) == 0
    return list(error.value.lines)


def test_clients_and_projects_are_added(session: Session) -> None:
    result = import_text(session, a_file({}, APP, GLOBEX))
    assert result == ImportResult(clients=Tally(added=2), projects=Tally(added=3))
    facts = repository.facts_by_key(session, workspace_id=HERE, key="ACME")
    assert facts is not None
    assert (facts.client_name, facts.am_id, facts.pm_id, facts.currency) == ("Acme", ANA, PETE, "EUR")
    assert (facts.agreed_minutes, facts.agreed_budget_minor) == (7200, 14_400_00)
    assert (facts.due_on, facts.renewal_on, facts.goodwill_minutes) == (
        date(2026, 12, 4),
        date(2027, 3, 1),
        150,
    )


def test_the_same_file_twice_changes_nothing(session: Session) -> None:
    import_text(session, a_file({}, APP, GLOBEX))
    result = import_text(session, a_file({}, APP, GLOBEX))
    assert result == ImportResult(clients=Tally(unchanged=2), projects=Tally(unchanged=3))
    assert not result.changed_anything
    assert session.scalar(select(func.count()).select_from(Baseline)) == 3


def test_the_same_file_after_an_approval_changes_nothing(session: Session) -> None:
    import_text(session, a_file({}))
    project_id = repository.facts_by_key(session, workspace_id=HERE, key="ACME").id
    approve_change(
        session,
        workspace_id=HERE,
        project_id=project_id,
        request_id=uuid4(),
        minutes=60,
        fee_minor=100_00,
        delay_days=2,
        now=NOW,
    )
    assert not import_text(session, a_file({})).changed_anything
    renamed = import_text(session, a_file({"project": "Acme Site"}))
    assert renamed.projects == Tally(changed=1)
    with pytest.raises(BadFile) as error:
        import_text(session, a_file({"hours": "121", "due_on": ""}))
    assert error.value.lines == (
        BadLine(2, "hours", FiguresApproved("Acme Site")),
        BadLine(2, "due_on", FiguresApproved("Acme Site")),
    )
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert (facts.agreed_minutes, facts.minutes) == (7200, 7260)


def test_what_differs_is_changed_and_what_the_file_does_not_know_stays(session: Session) -> None:
    import_text(session, a_file({}, APP))
    client = session.scalars(select(Client)).one()
    client.contact_name = "Jo"
    project_id = repository.facts_by_key(session, workspace_id=HERE, key="ACME").id
    service.set_scope_items(session, by(PETE), project_id=project_id, lines=(ScopeLine("Logo"),))
    result = import_text(session, a_file({"am": MAX, "hours": "100", "project": "Site"}, APP | {"am": MAX}))
    assert result == ImportResult(clients=Tally(changed=1), projects=Tally(changed=1, unchanged=1))
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert (facts.am_id, facts.name, facts.agreed_minutes, facts.contact_name) == (MAX, "Site", 6000, "Jo")
    assert facts.baseline_version == 2
    assert len(repository.scope_items(session, workspace_id=HERE, project_id=project_id)) == 1


def test_every_bad_line_is_reported_and_nothing_is_written(session: Session) -> None:
    lines = bad_lines(
        session,
        a_file(
            {"am": "nobody@agency.example", "due_on": "2026-08-01", "channel": "#acme"},
            {"key": "4", "client": "Globex", "currency": "XYZ", "pm": GUEST, "budget": "1.200"},
            {"key": "APP", "client": "Initech", "budget": "$5", "starts_on": "soon", "project": "x" * 76},
            {"key": "APP", "client": "Initech", "project": ""},
        ),
    )
    assert lines == [
        BadLine(2, "am", NobodyFound("nobody@agency.example")),
        BadLine(2, "channel", NoChannelFound("#acme")),
        BadLine(2, "due_on", DueBeforeStart(date(2026, 9, 1), date(2026, 8, 1))),
        BadLine(3, "currency", UnknownCurrency("XYZ")),
        BadLine(3, "key", KeyShape("4", "AW")),
        BadLine(3, "pm", ExternalPerson(GUEST, "Gus")),
        BadLine(4, "starts_on", UnreadableDate("soon")),
        BadLine(4, "budget", OtherCurrency("$5", "EUR")),
        BadLine(4, "project", TooLong(76, 75)),
        BadLine(5, "project", Missing()),
        BadLine(5, "key", KeyRepeated("APP", 4)),
    ]


def test_a_thousand_that_may_be_one_is_refused_with_both_readings(session: Session) -> None:
    assert bad_lines(session, a_file({"budget": "1.200"})) == [
        BadLine(2, "budget", AmbiguousFigure("1.200", "1200", "1.2"))
    ]


def test_a_client_that_disagrees_with_itself_is_reported(session: Session) -> None:
    other = APP | {"am": MAX, "currency": "USD", "renewal_on": "", "goodwill_hours": "3"}
    assert bad_lines(session, a_file({}, other)) == [
        BadLine(3, "am", ClientDisagrees("Acme", 2, "ana@agency.example")),
        BadLine(3, "currency", ClientDisagrees("Acme", 2, "EUR")),
        BadLine(3, "renewal_on", ClientDisagrees("Acme", 2, "2027-03-01")),
        BadLine(3, "goodwill_hours", ClientDisagrees("Acme", 2, "2.5")),
    ]


def test_a_client_named_two_ways_by_e_mail_and_id_agrees(session: Session) -> None:
    result = import_text(session, a_file({}, APP | {"am": ANA, "client": "ACME", "goodwill_hours": "2,5"}))
    assert result.clients == Tally(added=1)


def test_a_client_without_a_currency_has_the_workspaces(session: Session) -> None:
    change_settings(session, by(OLGA), currency="JPY")
    import_text(session, a_file({"currency": "", "budget": "14,400"}))
    facts = repository.facts_by_key(session, workspace_id=HERE, key="ACME")
    assert (facts.currency, facts.budget_minor) == ("JPY", 14_400)
    assert not import_text(session, a_file({"currency": "", "budget": "14,400"})).changed_anything


def test_a_currency_with_figures_in_it_is_not_changed_by_a_file(session: Session) -> None:
    import_text(session, a_file({}))
    with pytest.raises(BadFile) as error:
        import_text(session, a_file({"currency": "JPY"}))
    assert error.value.lines == (BadLine(2, "currency", CurrencyInUse("EUR", "Acme Website")),)


def test_a_person_named_by_id_only_is_met_later(session: Session) -> None:
    import_text(session, a_file({"pm": "U0NEW"}))
    person = people.person(session, workspace_id=HERE, person_id="U0NEW")
    assert person is not None
    assert (person.name, person.refreshed_at.year) == ("U0NEW", 1970)


def test_workspaces_do_not_see_each_others_keys_and_clients(engine: Engine) -> None:
    open_agency(engine, HERE)
    open_agency(engine, "T2")
    for workspace_id in (HERE, "T2"):
        with transaction(engine) as session:
            resolver = KnownPeople(session, workspace_id=workspace_id)
            result = import_rows(
                session, workspace_id=workspace_id, parsed=parse(a_file({})), resolver=resolver, now=NOW
            )
            assert result.projects == Tally(added=1)


@pytest.mark.only_on("sqlite")
def test_ten_thousand_projects_are_imported_and_imported_again(session: Session) -> None:
    text = a_file(
        *(
            {"client": f"Client {n % 500}", "key": f"K{n}", "project": f"Project {n} 🚀"}
            for n in range(10_000)
        )
    )
    assert import_text(session, text).projects == Tally(added=10_000)
    assert import_text(session, text).projects == Tally(unchanged=10_000)


# --- the language of a client


def in_german(*lines: dict[str, str]) -> str:
    rows = [a_file().strip() + ";language"]
    rows += [a_file(line).split("\n")[1] + ";" + line.get("language", "") for line in lines]
    return "\n".join(rows)


def language_of(session: Session) -> str:
    facts = repository.facts_by_key(session, workspace_id=HERE, key="ACME")
    assert facts is not None
    return facts.language


def test_a_language_may_be_said_and_a_file_without_it_leaves_it(session: Session) -> None:
    import_text(session, in_german({"language": "DE"}))
    assert language_of(session) == "de"
    assert not import_text(session, a_file({})).changed_anything
    assert not import_text(session, in_german({"language": ""})).changed_anything
    assert language_of(session) == "de"


def test_a_language_without_words_is_refused(session: Session) -> None:
    (bad,) = bad_lines(session, in_german({"language": "tlh"}))
    assert (bad.line, bad.column, bad.why) == (2, "language", UnknownLanguage("tlh"))
