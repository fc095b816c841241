"""The form of `/handoff digest`: both digests of one channel on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.digests.models import Coverage, DigestKind
from bot.slack.message import Block, Modal, plain
from bot.slack.names import Callback, Field
from bot.slack.text import digest_settings as text
from bot.slack.text.markup import clock_time
from bot.slack.views.elements import choice_input, divider, option, radio_input

# What the box of a digest that is on sends.
ON = "on"
# The zones that most people live in, from west to east; the channel's own is added where it is another.
ZONES = (
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Phoenix",
    "America/Chicago",
    "America/Mexico_City",
    "America/Bogota",
    "America/Lima",
    "America/New_York",
    "America/Toronto",
    "America/Halifax",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Africa/Lagos",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Warsaw",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Europe/Athens",
    "Europe/Helsinki",
    "Europe/Kyiv",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Manila",
    "Asia/Singapore",
    "Australia/Perth",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)


@dataclass(frozen=True)
class DigestChoice:
    """How one digest is set, or would be."""

    is_on: bool = False
    at: time = time(9)
    weekday: int = 1
    covers: Coverage = Coverage.CHANNEL


@dataclass(frozen=True)
class DigestForm:
    """How both digests of a channel are set."""

    channel_id: str
    zone: str
    scope: DigestChoice = DigestChoice()
    deadlines: DigestChoice = DigestChoice()


def digest_modal(form: DigestForm) -> Modal:
    """The form, filled in as it is set; its private metadata is the channel's id."""
    scope, deadlines = form.scope, form.deadlines
    weekdays = [(str(number), name) for number, name in text.WEEKDAYS.items()]
    zones = [*ZONES] if form.zone in ZONES else [form.zone, *ZONES]
    blocks = (
        _switch(Field.SCOPE_ON, text.SCOPE, text.SCOPE_ON, text.SCOPE_TELLS, is_on=scope.is_on),
        choice_input(Field.SCOPE_WEEKDAY, text.DAY, weekdays, initial=str(scope.weekday)),
        _time(Field.SCOPE_AT, scope.at),
        _covers(Field.SCOPE_COVERS, scope.covers),
        divider(),
        _switch(
            Field.DEADLINES_ON, text.DEADLINES, text.DEADLINES_ON, text.DEADLINES_TELLS, is_on=deadlines.is_on
        ),
        _time(Field.DEADLINES_AT, deadlines.at),
        _covers(Field.DEADLINES_COVERS, deadlines.covers),
        divider(),
        choice_input(
            Field.ZONE,
            text.ZONE,
            [(zone, text.zone_name(zone)) for zone in zones],
            initial=form.zone,
            hint=text.ZONE_HINT,
        ),
    )
    return Modal(
        callback_id=Callback.DIGESTS,
        title=text.TITLE,
        blocks=blocks,
        submit=text.SUBMIT,
        private_metadata=form.channel_id,
    )


def field_of(kind: DigestKind, refused: str) -> Field:
    """The input that a refused value (`at`, `weekday`, `zone`) of a digest was typed into."""
    if refused == "zone":
        return Field.ZONE
    return Field(f"{kind}_{refused}")


def _switch(name: str, label: str, words: str, tells: str, *, is_on: bool) -> Block:
    choice = option(words, ON) | {"description": plain(tells)}
    element: Block = {"type": "checkboxes", "action_id": name, "options": [choice]}
    if is_on:
        element["initial_options"] = [choice]
    # Optional, or Slack would not let anybody turn it off.
    return {"type": "input", "block_id": name, "label": plain(label), "element": element, "optional": True}


def _time(name: str, at: time) -> Block:
    element: Block = {"type": "timepicker", "action_id": name, "initial_time": clock_time(at)}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(text.TIME),
        "element": element,
        "optional": False,
    }


def _covers(name: str, covers: Coverage) -> Block:
    return radio_input(
        name, text.COVERS, [(c.value, words) for c, words in text.COVERAGES.items()], initial=covers
    )
