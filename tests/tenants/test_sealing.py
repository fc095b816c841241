"""Tokens at rest: bound to their workspace, readable with every key that is given, sealed with the newest."""

from __future__ import annotations

import base64

import pytest

from bot.workspaces.sealing import BadKey, Sealer, UnreadableToken, key_id_of

ONE, TWO = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def test_what_is_sealed_comes_back_and_shows_nothing_of_itself() -> None:
    sealer = Sealer.of(ONE)
    sealed = sealer.seal("xoxb-secret", workspace_id="T1")
    assert "xoxb" not in sealed
    assert sealed != sealer.seal("xoxb-secret", workspace_id="T1")
    assert sealer.open(sealed, workspace_id="T1") == "xoxb-secret"


@pytest.mark.parametrize("other", ["T2", "T10", "T", "t1", "T1 "])
def test_a_token_in_another_workspaces_row_is_worth_nothing(other: str) -> None:
    sealer = Sealer.of(ONE)
    with pytest.raises(UnreadableToken):
        sealer.open(sealer.seal("xoxb-secret", workspace_id="T1"), workspace_id=other)


def test_a_new_key_goes_in_front_and_the_former_still_opens() -> None:
    sealed = Sealer.of(ONE).seal("xoxb-secret", workspace_id="T1")
    both = Sealer.of(f"{TWO}, {ONE}")
    assert both.open(sealed, workspace_id="T1") == "xoxb-secret"
    assert key_id_of(both.seal("x", workspace_id="T1")) == both.newest != key_id_of(sealed)
    with pytest.raises(UnreadableToken) as lost:
        Sealer.of(TWO).open(sealed, workspace_id="T1")
    assert lost.value.key_id == key_id_of(sealed)


@pytest.mark.parametrize("damaged", ["", "v1", "v1.x.y", "v2.a.b", "v1..", "plain-token"])
def test_what_is_no_seal_is_unreadable(damaged: str) -> None:
    with pytest.raises(UnreadableToken):
        Sealer.of(ONE).open(damaged, workspace_id="T1")


@pytest.mark.parametrize("setting", ["", " , ", "short", ONE[:-4], f"{ONE},nonsense", "ü" * 44])
def test_a_bad_key_is_said_without_showing_it(setting: str) -> None:
    with pytest.raises(BadKey) as bad:
        Sealer.of(setting)
    assert "openssl rand -base64 32" in str(bad.value)
    assert "nonsense" not in str(bad.value)
