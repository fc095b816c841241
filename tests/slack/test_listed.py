"""What `/handoff list …` is understood as."""

from __future__ import annotations

from uuid import UUID

import pytest

from bot.portfolio.facts import KnownProject
from bot.slack.commands.listed import Asked, asked_for

CLIENTS = ("Acme", "Kestrel Sofas", "R&D Labs")
PROJECTS = [
    KnownProject(UUID(int=number), key, name, UUID(int=100 + CLIENTS.index(client)), client, f"C0{key}")
    for number, (key, name, client) in enumerate(
        [
            ("ACME", "Acme site", "Acme"),
            ("APP", "App", "Acme"),
            ("KSC", "Kestrel Sofa Campaign", "Kestrel Sofas"),
            ("CHK", "Check in", "R&D Labs"),
            ("OPN", "Open house", "R&D Labs"),
            ("LONG", "A name of eight words, open to all", "R&D Labs"),
        ]
    )
]


def asked(typed: str, channel: str = "C0ELSEWHERE") -> tuple[str, list[str], str]:
    found = asked_for(typed, PROJECTS, channel)
    assert isinstance(found, Asked), found
    return found.whose, [project.key for project in PROJECTS if project.id in found.project_ids], found.state


def said(typed: str) -> str:
    found = asked_for(typed, PROJECTS, "C0ELSEWHERE")
    assert isinstance(found, str), found
    return found


@pytest.mark.parametrize(
    ("typed", "keys", "state"),
    [
        ("", [], "open"),
        ("waiting", [], "waiting"),
        ("Question asked", [], "question asked"),
        ("acme", ["ACME", "APP"], "open"),
        ("acme site closed", ["ACME"], "closed"),
        ("open acme site", ["ACME"], "open"),
        ("acme site, declined", ["ACME"], "declined"),
        ("ACME accepted on a condition", ["ACME", "APP"], "accepted on a condition"),
        ("kestrel deferred", ["KSC"], "deferred"),
        ("kestral sofa campain deferred", ["KSC"], "deferred"),
        ("app in", ["APP"], "in progress"),
        ("r&d labs all", ["CHK", "OPN", "LONG"], "all"),
        ("check in", ["CHK"], "open"),
        ("check in in progress", ["CHK"], "in progress"),
        ("open house", ["OPN"], "open"),
        ("A name of eight words, open to all", ["LONG"], "open"),
        ("A name of eight words, open to all done", ["LONG"], "done"),
    ],
)
def test_a_state_is_the_last_word_or_the_first_unless_it_belongs_to_a_name(
    typed: str, keys: list[str], state: str
) -> None:
    assert asked(typed)[1:] == (keys, state)


def test_without_a_name_it_is_about_the_projects_at_home_in_the_channel() -> None:
    assert asked("declined", "C0APP") == ("App", ["APP"], "declined")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("acme opne", "I do not know the state “opne”. Did you mean `/handoff list acme open`?"),
        (
            "acme site qwertz",
            "I do not know the state “qwertz”. It can be open, waiting, accepted, deferred,",
        ),
        ("opne", "I know no project or client called “opne”. Did you mean `/handoff list open`?"),
        ("kestrelsofas declined", "Did you mean `/handoff list Kestrel Sofas declined`?"),
        ("nosuch", "I know no project or client called “nosuch”. `/handoff list` shows all."),
        ("ACME-12", "called “ACME-12”. Did you mean `/handoff list ACME`?"),
        ("acme open declined", "A list has one state, for example `/handoff list acme declined`, or `all`"),
        ("open declined", "A list has one state, for example `/handoff list declined`"),
        ("<!channel>", "called “&lt;!channel&gt;”."),
    ],
)
def test_what_is_not_understood_is_named_with_what_was_probably_meant(typed: str, sentence: str) -> None:
    assert sentence in said(typed)
