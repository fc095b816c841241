"""Who may add and change clients and projects, and what is refused."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongFields
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.people.settings import change_settings
from bot.portfolio import repository, service
from bot.portfolio.baselines import approve_change
from bot.portfolio.checks import HOURS_LIMIT
from bot.portfolio.forms import Figures, ScopeLine
from bot.portfolio.refusals import (
    AlreadyClosed,
    CurrencyInUse,
    DueBeforeStart,
    FiguresApproved,
    FigureTooLarge,
    KeyInUse,
    KeyShape,
    KeyTaken,
    Missing,
    NameTaken,
    NegativeFigure,
    NotYours,
    TooLong,
    UnknownClient,
    UnknownProject,
)
from bot.workspaces.refusals import UnknownCurrency
from tests.portfolio.agency import (
    AGREED,
    ANA,
    GUEST,
    HERE,
    MAX,
    NOW,
    OLGA,
    PETE,
    a_client,
    a_client_form,
    a_project,
    a_project_form,
    by,
    settle,
)


def whys(error: pytest.ExceptionInfo[WrongFields]) -> dict[str, Refusal]:
    return {wrong.field: wrong.why for wrong in error.value.fields}


def approve(session: Session, project_id, *, minutes=240, fee_minor=480_00, delay_days=0):
    return approve_change(
        session,
        workspace_id=HERE,
        project_id=project_id,
        request_id=uuid4(),
        minutes=minutes,
        fee_minor=fee_minor,
        delay_days=delay_days,
        now=NOW,
    )


# --- clients


def test_a_client_is_kept_as_it_was_described(session: Session) -> None:
    client_id = a_client(
        session, name="  Acme \n Ltd ", currency="usd", goodwill_minutes=120, renewal_on=date(2027, 3, 1)
    )
    facts = repository.client_facts(session, workspace_id=HERE, client_id=client_id)
    assert facts is not None
    assert (facts.name, facts.currency, facts.am_name, facts.contact_name) == ("Acme Ltd", "USD", "Ana", "Jo")
    assert (facts.goodwill_minutes, facts.renewal_on, facts.created_by) == (120, date(2027, 3, 1), ANA)


def test_a_client_without_a_currency_has_the_workspaces(session: Session) -> None:
    change_settings(session, by(ANA), currency="GBP")
    client_id = a_client(session, currency="")
    assert repository.client_facts(session, workspace_id=HERE, client_id=client_id).currency == "GBP"


def test_every_wrong_field_of_a_client_is_named_at_once(session: Session) -> None:
    form = a_client_form(name=" ", am_id=GUEST, currency="EURO", goodwill_minutes=-1, contact_name="x" * 76)
    with pytest.raises(WrongFields) as error:
        service.add_client(session, by(ANA), form=form)
    assert whys(error) == {
        "name": Missing(),
        "am": ExternalPerson(GUEST, "Gus"),
        "currency": UnknownCurrency("EURO"),
        "goodwill_hours": NegativeFigure(),
        "contact": TooLong(76, 75),
    }


def test_an_account_manager_nobody_knows_is_refused(session: Session) -> None:
    with pytest.raises(WrongFields) as error:
        service.add_client(session, by(ANA), form=a_client_form(am_id="U_NOBODY"))
    assert whys(error) == {"am": UnknownPerson("U_NOBODY")}


def test_two_clients_cannot_share_a_name_whatever_the_capitals(session: Session) -> None:
    a_client(session, name="Müller")
    with pytest.raises(WrongFields) as error:
        service.add_client(session, by(MAX), form=a_client_form(name="MÜLLER"))
    assert whys(error) == {"name": NameTaken("MÜLLER")}


def test_a_client_may_keep_its_own_name_when_it_is_edited(session: Session) -> None:
    client_id = a_client(session)
    service.edit_client(session, by(ANA), client_id=client_id, form=a_client_form(name="ACME"))
    assert repository.client_names(session, workspace_id=HERE) == {client_id: "ACME"}


def test_a_guest_adds_nothing(session: Session) -> None:
    with pytest.raises(ExternalPerson):
        service.add_client(session, by(GUEST), form=a_client_form())
    client_id = a_client(session)
    with pytest.raises(ExternalPerson):
        service.add_project(session, by(GUEST), form=a_project_form(client_id))
    with pytest.raises(UnknownPerson):
        service.add_client(session, by("U_NOBODY"), form=a_client_form(name="Other"))


@pytest.mark.parametrize("person", [ANA, MAX, OLGA])
def test_a_client_is_edited_by_its_am_its_creator_or_an_admin(session: Session, person: str) -> None:
    client_id = a_client(session, creator=MAX)
    service.edit_client(session, by(person), client_id=client_id, form=a_client_form(contact_name="Kim"))
    assert repository.client_facts(session, workspace_id=HERE, client_id=client_id).contact_name == "Kim"


def test_others_are_told_whose_client_it_is(session: Session) -> None:
    change_settings(session, by(OLGA), director_id=OLGA)
    client_id = a_client(session, creator=MAX)
    with pytest.raises(NotYours) as error:
        service.edit_client(session, by(PETE), client_id=client_id, form=a_client_form())
    assert error.value == NotYours("Acme", ("Ana", "Max", "Olga"))


def test_the_director_edits_any_client(session: Session) -> None:
    client_id = a_client(session)
    change_settings(session, by(PETE), director_id=PETE)
    service.edit_client(session, by(PETE), client_id=client_id, form=a_client_form(name="Acme 2"))


def test_a_client_of_another_workspace_is_unknown(session: Session) -> None:
    settle(session, "T2")
    elsewhere = a_client(session, workspace_id="T2")
    with pytest.raises(UnknownClient):
        service.edit_client(session, by(ANA), client_id=elsewhere, form=a_client_form())
    with pytest.raises(WrongFields) as error:
        service.add_project(session, by(ANA), form=a_project_form(elsewhere))
    assert whys(error) == {"client": UnknownClient(elsewhere)}


def test_a_currency_stays_once_figures_are_in_it(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    service.edit_client(session, by(ANA), client_id=client_id, form=a_client_form(currency="USD"))
    with pytest.raises(WrongFields) as error:
        service.edit_client(session, by(ANA), client_id=client_id, form=a_client_form(currency="JPY"))
    assert whys(error) == {"currency": CurrencyInUse("USD", "Acme Website")}
    approve(session, project_id)
    with pytest.raises(WrongFields) as error:
        service.edit_client(session, by(ANA), client_id=client_id, form=a_client_form(currency="EUR"))
    assert whys(error) == {"currency": CurrencyInUse("USD", "Acme Website")}


# --- projects


def test_a_project_is_kept_as_it_was_described(session: Session) -> None:
    client_id = a_client(session)
    scope = (ScopeLine("SEO", is_included=False), ScopeLine("Logo", rounds=2))
    project_id = a_project(session, client_id, key=" acme ", scope=scope)
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert facts is not None
    assert (facts.key, facts.name, facts.client_name, facts.currency) == (
        "ACME",
        "Acme Website",
        "Acme",
        "EUR",
    )
    assert (facts.am_id, facts.am_name, facts.pm_id, facts.pm_name) == (ANA, "Ana", PETE, "Pete")
    assert (facts.minutes, facts.budget_minor, facts.due_on) == (7200, 14_400_00, date(2026, 12, 4))
    assert (facts.baseline_version, facts.has_approvals, facts.is_open) == (1, False, True)
    items = repository.scope_items(session, workspace_id=HERE, project_id=project_id)
    assert [(item.text, item.is_included, item.revision_rounds) for item in items] == [
        ("Logo", True, 2),
        ("SEO", False, None),
    ]


def test_every_wrong_field_of_a_project_is_named_at_once(session: Session) -> None:
    client_id = a_client(session)
    form = a_project_form(
        client_id,
        name="",
        key="1A",
        pm_id="",
        channel_id="",
        figures=Figures(-1, -1, date(2026, 8, 1)),
        scope=(ScopeLine("x" * 301), ScopeLine("y" * 301, is_included=False)),
    )
    with pytest.raises(WrongFields) as error:
        service.add_project(session, by(ANA), form=form)
    assert whys(error) == {
        "name": Missing(),
        "key": KeyShape("1A", "PROJECT"),
        "pm": Missing(),
        "channel": Missing(),
        "hours": NegativeFigure(),
        "budget": NegativeFigure(),
        "due_on": DueBeforeStart(date(2026, 9, 1), date(2026, 8, 1)),
        "in_scope": TooLong(301, 300),
        "out_of_scope": TooLong(301, 300),
    }


def test_figures_beyond_all_reason_are_refused_before_a_database_would(session: Session) -> None:
    client_id = a_client(session)
    form = a_project_form(client_id, figures=Figures(10**12, 10**18))
    with pytest.raises(WrongFields) as error:
        service.add_project(session, by(ANA), form=form)
    assert {field: type(why) for field, why in whys(error).items()} == {
        "hours": FigureTooLarge,
        "budget": FigureTooLarge,
    }
    largest = Figures(HOURS_LIMIT * 60, 10**12)
    project_id = a_project(session, client_id, figures=largest)
    session.flush()
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert (facts.minutes, facts.budget_minor) == (HOURS_LIMIT * 60, 10**12)


def test_a_key_belongs_to_one_project_for_ever(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    service.close_project(session, by(PETE), project_id=project_id)
    with pytest.raises(WrongFields) as error:
        service.add_project(session, by(ANA), form=a_project_form(client_id, key="acme"))
    assert whys(error) == {"key": KeyTaken("ACME", "Acme Website")}


def test_a_key_that_requests_carry_stays(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    service.edit_project(session, by(PETE), project_id=project_id, form=a_project_form(client_id, key="AW"))
    repository.project(session, workspace_id=HERE, project_id=project_id).last_number = 3
    with pytest.raises(WrongFields) as error:
        service.edit_project(session, by(PETE), project_id=project_id, form=a_project_form(client_id))
    assert whys(error) == {"key": KeyInUse("AW", 3)}


@pytest.mark.parametrize("person", [PETE, ANA, MAX, OLGA])
def test_a_project_is_edited_by_its_pm_the_am_its_creator_or_an_admin(session: Session, person: str) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id, creator=MAX)
    service.edit_project(
        session, by(person), project_id=project_id, form=a_project_form(client_id, name="Acme Site")
    )
    assert repository.facts(session, workspace_id=HERE, project_id=project_id).name == "Acme Site"


def test_others_are_told_whose_project_it_is(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id, creator=PETE)
    with pytest.raises(NotYours) as error:
        service.close_project(session, by(MAX), project_id=project_id)
    assert error.value == NotYours("Acme Website", ("Pete", "Ana"))


def test_a_project_of_another_workspace_is_unknown(session: Session) -> None:
    settle(session, "T2")
    elsewhere = a_project(session, a_client(session, workspace_id="T2"), workspace_id="T2")
    with pytest.raises(UnknownProject):
        service.close_project(session, by(PETE), project_id=elsewhere)
    assert repository.facts(session, workspace_id=HERE, project_id=elsewhere) is None
    assert repository.known_projects(session, workspace_id=HERE) == []
    assert repository.facts_by_key(session, workspace_id=HERE, key="ACME") is None


def test_a_closed_project_is_not_offered_and_may_be_reopened(session: Session) -> None:
    project_id = a_project(session, a_client(session))
    service.close_project(session, by(PETE), project_id=project_id)
    assert repository.known_projects(session, workspace_id=HERE) == []
    assert repository.in_channel(session, workspace_id=HERE, channel_id="C_ACME") == []
    with pytest.raises(AlreadyClosed):
        service.close_project(session, by(PETE), project_id=project_id)
    service.reopen_project(session, by(PETE), project_id=project_id)
    assert [known.key for known in repository.known_projects(session, workspace_id=HERE)] == ["ACME"]


def test_scope_lines_that_stay_keep_their_rows(session: Session) -> None:
    project_id = a_project(session, a_client(session), scope=(ScopeLine("Logo", rounds=2), ScopeLine("Site")))
    before = {
        item.text: item.id
        for item in repository.scope_items(session, workspace_id=HERE, project_id=project_id)
    }
    lines = (
        ScopeLine("Site"),
        ScopeLine(" "),
        ScopeLine("Logo", rounds=3),
        ScopeLine("Print", is_included=False),
    )
    service.set_scope_items(session, by(PETE), project_id=project_id, lines=lines)
    items = repository.scope_items(session, workspace_id=HERE, project_id=project_id)
    assert [(item.text, item.revision_rounds, item.is_included) for item in items] == [
        ("Site", None, True),
        ("Logo", 3, True),
        ("Print", None, False),
    ]
    assert {item.text: item.id for item in items}.items() >= before.items()
    service.set_scope_items(session, by(PETE), project_id=project_id, lines=())
    assert repository.scope_items(session, workspace_id=HERE, project_id=project_id) == []


# --- baselines


def test_correcting_the_figures_before_any_approval_makes_an_agreed_version(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    corrected = Figures(100 * 60, 10_000_00, None)
    form = a_project_form(client_id, figures=corrected)
    service.edit_project(session, by(PETE), project_id=project_id, form=form)
    service.edit_project(session, by(PETE), project_id=project_id, form=form)
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert (facts.agreed_minutes, facts.minutes, facts.baseline_version) == (6000, 6000, 2)
    assert facts.agreed_due_on is None


def test_an_approval_adds_to_what_stands_and_leaves_what_was_agreed(session: Session) -> None:
    project_id = a_project(session, a_client(session))
    approve(session, project_id, minutes=240, fee_minor=480_00, delay_days=3)
    approve(session, project_id, minutes=60, fee_minor=0, delay_days=0)
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert (facts.agreed_minutes, facts.agreed_budget_minor) == (7200, 14_400_00)
    assert facts.agreed_due_on == date(2026, 12, 4)
    assert (facts.minutes, facts.budget_minor, facts.due_on) == (7500, 14_880_00, date(2026, 12, 7))
    assert (facts.baseline_version, facts.has_approvals) == (3, True)
    versions = repository.baselines(session, workspace_id=HERE, project_id=project_id)
    assert [row.origin for row in versions] == ["agreed", "approval", "approval"]
    assert repository.agreed(session, workspace_id=HERE, project_id=project_id) is versions[0]
    assert repository.current(session, workspace_id=HERE, project_id=project_id) is versions[2]


def test_after_an_approval_only_a_further_approval_changes_the_figures(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    approve(session, project_id)
    form = a_project_form(client_id, figures=Figures(1, AGREED.budget_minor, None), name="New name")
    with pytest.raises(WrongFields) as error:
        service.edit_project(session, by(PETE), project_id=project_id, form=form)
    assert whys(error) == {
        "hours": FiguresApproved("Acme Website"),
        "due_on": FiguresApproved("Acme Website"),
    }


@pytest.mark.parametrize("said", [AGREED, Figures(7440, 14_880_00, AGREED.due_on), None])
def test_figures_said_again_after_an_approval_change_nothing(session: Session, said: Figures | None) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    approve(session, project_id)
    form = a_project_form(client_id, figures=said, name="Acme Site")
    service.edit_project(session, by(PETE), project_id=project_id, form=form)
    facts = repository.facts(session, workspace_id=HERE, project_id=project_id)
    assert (facts.name, facts.minutes, facts.baseline_version) == ("Acme Site", 7440, 2)


def test_a_start_after_the_due_date_that_stands_is_refused(session: Session) -> None:
    client_id = a_client(session)
    project_id = a_project(session, client_id)
    form = a_project_form(client_id, figures=None, starts_on=date(2027, 1, 1))
    with pytest.raises(WrongFields) as error:
        service.edit_project(session, by(PETE), project_id=project_id, form=form)
    assert whys(error) == {"starts_on": DueBeforeStart(date(2027, 1, 1), date(2026, 12, 4))}


def test_a_project_with_figures_does_not_move_to_a_client_with_another_currency(session: Session) -> None:
    client_id = a_client(session)
    yen = a_client(session, name="Edo", currency="JPY")
    project_id = a_project(session, client_id)
    with pytest.raises(WrongFields) as error:
        service.edit_project(session, by(PETE), project_id=project_id, form=a_project_form(yen))
    assert whys(error) == {"client": CurrencyInUse("EUR", "Acme Website")}


def test_an_approval_for_an_unknown_project_is_refused(session: Session) -> None:
    with pytest.raises(UnknownProject):
        approve(session, uuid4())
