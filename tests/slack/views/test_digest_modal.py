from __future__ import annotations

from datetime import time

import pytest

from bot.digests.models import Coverage, DigestKind
from bot.sandbox.block_kit.validate import check_view
from bot.slack.message import Block
from bot.slack.names import Field
from bot.slack.views.digest_modal import ZONES, DigestChoice, DigestForm, digest_modal, field_of
from bot.workspaces.zones import is_zone

FORM = DigestForm(
    "C_ACME",
    "Europe/Berlin",
    scope=DigestChoice(is_on=True, at=time(16, 30), weekday=5, covers=Coverage.ALL),
    deadlines=DigestChoice(at=time(8)),
)


def element(form: DigestForm, name: Field) -> Block:
    found: Block = next(b["element"] for b in digest_modal(form).blocks if b.get("block_id") == name)
    return found


@pytest.mark.parametrize("form", [FORM, DigestForm("C1", "Australia/Lord_Howe"), DigestForm("C1", "UTC")])
def test_it_is_a_form_that_slack_takes(form: DigestForm) -> None:
    assert check_view(digest_modal(form).payload(), "modal") == []


def test_it_shows_what_is_set() -> None:
    assert element(FORM, Field.SCOPE_ON)["initial_options"] == element(FORM, Field.SCOPE_ON)["options"]
    assert "initial_options" not in element(FORM, Field.DEADLINES_ON)
    assert element(FORM, Field.SCOPE_WEEKDAY)["initial_option"]["text"]["text"] == "Friday"
    assert element(FORM, Field.SCOPE_AT)["initial_time"] == "16:30"
    assert element(FORM, Field.DEADLINES_AT)["initial_time"] == "08:00"
    assert element(FORM, Field.SCOPE_COVERS)["initial_option"]["value"] == "all"
    assert element(FORM, Field.ZONE)["initial_option"]["text"]["text"] == "Berlin (Europe/Berlin)"
    assert digest_modal(FORM).private_metadata == "C_ACME"


def test_a_zone_that_is_not_on_the_list_stays_what_it_was() -> None:
    zone = element(DigestForm("C1", "Australia/Lord_Howe"), Field.ZONE)
    assert zone["initial_option"]["value"] == "Australia/Lord_Howe"


def test_every_zone_on_the_list_exists() -> None:
    assert [zone for zone in ZONES if not is_zone(zone)] == []


def test_a_refused_value_is_marked_where_it_was_typed() -> None:
    assert [field_of(DigestKind.SCOPE, "weekday"), field_of(DigestKind.DEADLINES, "at"), field_of(DigestKind.SCOPE, "zone")] == [
        Field.SCOPE_WEEKDAY,
        Field.DEADLINES_AT,
        Field.ZONE,
    ]  # fmt: skip
