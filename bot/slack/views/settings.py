"""The form of the workspace's settings."""

from __future__ import annotations

from bot.slack.message import Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import authority
from bot.slack.text import hours as say_hours
from bot.slack.text import settings as say
from bot.slack.text.digest_settings import zone_name
from bot.slack.views.digest_modal import ZONES
from bot.slack.views.elements import button, choice_input, person_input, section, text_input
from bot.slack.views.lines_form import line_inputs
from bot.workspaces.lines import Lines


def settings_modal(*, director_id: str | None, zone: str, currency: str, lines: Lines) -> Modal:
    """The settings as they are."""
    zones = [*ZONES] if zone in ZONES else [zone, *ZONES]
    return Modal(
        callback_id=Callback.SETTINGS,
        title=say.TITLE,
        submit=say.SUBMIT,
        blocks=(
            person_input(
                Field.DIRECTOR, say.DIRECTOR, initial=director_id, optional=True, hint=say.DIRECTOR_HINT
            ),
            choice_input(Field.ZONE, say.ZONE, [(name, zone_name(name)) for name in zones], initial=zone),
            text_input(Field.CURRENCY, say.CURRENCY, initial=currency, most=3, hint=say.CURRENCY_HINT),
            *line_inputs(
                lines,
                currency,
                explanation=authority.SECOND if director_id else authority.SECOND_WITHOUT_DIRECTOR,
            ),
            section(
                f"*{say_hours.WORKING_TIME}*",
                accessory=button(
                    say_hours.WORKING_TIME_BUTTON,
                    Button.WORKING_TIME,
                    "settings",
                    label=f"{say_hours.WORKING_TIME_BUTTON}: {say_hours.WORKING_TIME}",
                ),
            ),
        ),
    )
