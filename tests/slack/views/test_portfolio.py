"""The forms of clients and projects: what Slack takes, what they show, and what is read from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from bot.errors import Refusal, WrongFields
from bot.portfolio.facts import ClientFacts, ProjectFacts
from bot.portfolio.forms import ClientForm, Figures, ProjectForm, ScopeLine
from bot.portfolio.refusals import AmbiguousFigure, Missing, NegativeFigure, OtherCurrency, UnreadableFigure
from bot.sandbox.block_kit.validate import check_view
from bot.slack.message import Block, Modal
from bot.slack.views.portfolio import (
    add_project_modal,
    chosen_client,
    client_modal,
    edit_project_modal,
    read_client_form,
    read_project_form,
)
from bot.slack.views.portfolio_lists import (
    client_added,
    client_first,
    pick_client,
    pick_project,
    project_added,
)

TODAY = date(2026, 11, 23)
WILD = "<!channel> & *Zoë* 👩\u200d🚀 موقع\u202e =cmd() `"
ACME = ClientFacts(UUID(int=1), "Acme", "U_ANA", "Ana", "Jo", "EUR", date(2027, 3, 1), 150, "U_ANA")
WEBSITE = ProjectFacts(
    workspace_id="T1",
    id=UUID(int=2),
    key="ACME",
    name="Website",
    channel_id="C_ACME",
    starts_on=date(2026, 9, 1),
    closed_at=None,
    created_by="U_ANA",
    last_number=0,
    client_id=ACME.id,
    client_name="Acme",
    contact_name="Jo",
    currency="EUR",
    renewal_on=None,
    goodwill_minutes=0,
    am_id="U_ANA",
    am_name="Ana",
    pm_id="U_PETE",
    pm_name="Pete",
    agreed_minutes=7200,
    agreed_budget_minor=14_400_00,
    agreed_due_on=date(2026, 12, 4),
    minutes=7200,
    budget_minor=14_400_00,
    due_on=date(2026, 12, 4),
    baseline_version=1,
    has_approvals=False,
)
GROWN = replace(
    WEBSITE, last_number=3, has_approvals=True, minutes=7440, budget_minor=14_880_50, baseline_version=2
)
SCOPE = (ScopeLine("Logo", rounds=2), ScopeLine("SEO", is_included=False))
MANY = [replace(ACME, id=UUID(int=n), name=f"Client {n} {WILD}") for n in range(1, 151)]


def inputs(modal: Modal) -> list[str]:
    return [block["block_id"] for block in modal.blocks if block["type"] == "input"]


def element(modal: Modal, name: str) -> Block:
    found: Block = next(block["element"] for block in modal.blocks if block.get("block_id") == name)
    return found


def required(modal: Modal) -> list[str]:
    return [block["block_id"] for block in modal.blocks if block["type"] == "input" and not block["optional"]]


@pytest.mark.parametrize(
    "modal",
    [
        client_modal(None, am_id="U_ANA", currency="EUR"),
        client_modal(None, am_id="U_ANA", currency="XAF", name=WILD * 10),
        client_modal(replace(ACME, name="x" * 75, currency="VUV"), am_id="U_PETE", currency="EUR"),
        add_project_modal([ACME], client_id=None, pm_id="U_PETE", channel_id=""),
        add_project_modal(MANY, client_id=MANY[-1].id, pm_id="U_PETE", channel_id="C1", name=WILD * 10),
        edit_project_modal(WEBSITE, [ACME], SCOPE, today=TODAY),
        edit_project_modal(GROWN, MANY, [ScopeLine("x" * 300)] * 30, today=TODAY),
        pick_client([]),
        pick_client([ACME]),
        pick_client(MANY),
        pick_project([]),
        pick_project([replace(WEBSITE, name=WILD)] * 150),
        client_first(),
        client_added(ACME.id, WILD),
        project_added(GROWN),
    ],
)
def test_slack_takes_every_form_and_list(modal: Modal) -> None:
    assert check_view(modal.payload(), "modal") == []
    assert len(modal.title.split()) <= 3
    assert "<!channel>" not in str([block for block in modal.blocks if block["type"] == "section"])


def test_a_new_client_needs_two_things_and_is_mine_until_i_say_otherwise() -> None:
    modal = client_modal(None, am_id="U_ANA", currency="GBP", name="Acme")
    assert inputs(modal) == ["name", "am", "contact", "currency", "language", "renewal_on", "goodwill_hours"]
    assert required(modal) == ["name", "am", "currency", "language"]
    assert element(modal, "name")["initial_value"] == "Acme"
    assert element(modal, "am")["initial_user"] == "U_ANA"
    assert element(modal, "currency")["initial_option"]["value"] == "GBP"
    assert modal.private_metadata == ""


def test_a_known_client_is_shown_as_it_is() -> None:
    modal = client_modal(ACME, am_id="U_PETE", currency="GBP")
    assert element(modal, "am")["initial_user"] == "U_ANA"
    assert element(modal, "currency")["initial_option"]["text"]["text"] == "EUR · Euro"
    assert element(modal, "goodwill_hours")["initial_value"] == "2.5"
    assert element(modal, "renewal_on")["initial_date"] == "2027-03-01"
    assert modal.private_metadata == str(ACME.id)


def test_a_clients_form_is_read_as_it_was_filled() -> None:
    values = {
        "name": " Acme ",
        "am": "U_ANA",
        "contact": None,
        "currency": "EUR",
        "renewal_on": "2027-03-01",
        "goodwill_hours": "2,5",
    }
    expected = ClientForm("Acme", "U_ANA", "", "EUR", date(2027, 3, 1), 150)
    assert read_client_form(values) == expected
    with pytest.raises(WrongFields) as error:
        read_client_form({**values, "goodwill_hours": "some"})
    assert [(wrong.field, wrong.why) for wrong in error.value.fields] == [
        ("goodwill_hours", UnreadableFigure("some"))
    ]


def test_a_new_project_asks_for_what_is_needed_first() -> None:
    modal = add_project_modal([ACME], client_id=ACME.id, pm_id="U_PETE", channel_id="C_ACME")
    assert required(modal) == ["client", "name", "pm", "channel"]
    assert inputs(modal)[:4] == required(modal)
    assert element(modal, "client")["initial_option"]["value"] == str(ACME.id)
    assert element(modal, "channel")["initial_conversation"] == "C_ACME"


def test_more_clients_than_a_menu_holds_are_searched() -> None:
    modal = add_project_modal(MANY, client_id=MANY[120].id, pm_id="U_PETE", channel_id="")
    assert element(modal, "client")["type"] == "external_select"
    assert element(modal, "client")["initial_option"]["value"] == str(MANY[120].id)


def test_a_known_project_is_shown_as_it_is() -> None:
    modal = edit_project_modal(WEBSITE, [ACME], SCOPE, today=TODAY)
    assert element(modal, "key")["initial_value"] == "ACME"
    assert element(modal, "hours")["initial_value"] == "120"
    assert element(modal, "budget")["initial_value"] == "14400"
    assert element(modal, "due_on")["initial_date"] == "2026-12-04"
    assert element(modal, "in_scope")["initial_value"] == "Logo (2 rounds)"
    assert element(modal, "out_of_scope")["initial_value"] == "SEO"


def test_figures_and_a_key_that_stand_are_told_and_not_asked() -> None:
    modal = edit_project_modal(GROWN, [ACME], SCOPE, today=TODAY)
    assert not {"key", "hours", "budget", "due_on"} & set(inputs(modal))
    told = " ".join(text["text"] for text in modal.blocks[-1]["elements"])
    assert "Key *ACME*: requests carry it" in told
    assert "Agreed: 120 h, €14,400, due Fri 4 Dec" in told
    assert "Now: 124 h, €14,880.50, due Fri 4 Dec" in told
    assert "only a further approval changes this" in told


def test_a_scope_longer_than_a_field_is_left_alone_rather_than_cut() -> None:
    modal = edit_project_modal(WEBSITE, [ACME], [ScopeLine("x" * 300)] * 11, today=TODAY)
    assert not {"in_scope", "out_of_scope"} & set(inputs(modal))
    values = dict.fromkeys(inputs(modal)) | {"client": str(ACME.id)}
    assert read_project_form(values, currency="EUR", known=WEBSITE).scope is None


FILLED = {
    "client": str(ACME.id),
    "name": "Website",
    "pm": "U_PETE",
    "channel": "C_ACME",
    "key": "acme",
    "hours": "15d",
    "budget": "€14.400,50",
    "starts_on": "2026-09-01",
    "due_on": "2026-12-04",
    "in_scope": "Logo (2 rounds)\n",
    "out_of_scope": "SEO",
}


def test_a_projects_form_is_read_as_it_was_filled() -> None:
    assert read_project_form(FILLED, currency="EUR") == ProjectForm(
        client_id=ACME.id,
        name="Website",
        key="acme",
        pm_id="U_PETE",
        channel_id="C_ACME",
        starts_on=date(2026, 9, 1),
        figures=Figures(7200, 14_400_50, date(2026, 12, 4)),
        scope=SCOPE,
    )


def test_what_the_form_did_not_ask_stays() -> None:
    asked = {name: FILLED[name] for name in ("client", "name", "pm", "channel", "starts_on")}
    form = read_project_form(asked, currency="EUR", known=GROWN)
    assert (form.key, form.figures, form.scope) == ("ACME", None, None)


def test_fields_left_empty_mean_nothing_agreed() -> None:
    empty = dict.fromkeys(FILLED) | {"client": str(ACME.id)}
    form = read_project_form(empty, currency="EUR")
    assert (form.key, form.figures, form.scope) == ("", Figures(0, 0, None), ())


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        (
            {"hours": "many", "budget": "1.200"},
            {"hours": UnreadableFigure("many"), "budget": AmbiguousFigure("1.200", "1200", "1.2")},
        ),
        ({"hours": "-1", "budget": "$5"}, {"hours": NegativeFigure(), "budget": OtherCurrency("$5", "EUR")}),
    ],
)
def test_every_figure_that_cannot_be_read_is_marked(
    changes: dict[str, str], wrong: dict[str, Refusal]
) -> None:
    with pytest.raises(WrongFields) as error:
        read_project_form({**FILLED, **changes}, currency="EUR")
    assert {found.field: found.why for found in error.value.fields} == wrong


def test_a_project_without_a_client_is_marked_there() -> None:
    with pytest.raises(WrongFields) as error:
        chosen_client({**FILLED, "client": None})
    assert [(wrong.field, wrong.why) for wrong in error.value.fields] == [("client", Missing())]


def test_a_long_list_says_how_many_it_leaves_out() -> None:
    assert "110 more: type `/handoff client` with a name behind it." in str(pick_client(MANY).blocks[-1])
