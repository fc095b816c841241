"""The sentences of `/handoff settings`, and of who may act at all."""

from __future__ import annotations

from bot.people.refusals import ExternalPerson, NotYourSettings, UnknownPerson
from bot.slack.text.refusals import Reading, explains
from bot.workspaces.refusals import UnknownCurrency, UnknownZone

TITLE = "Settings"
SUBMIT = "Save"
DIRECTOR = "Director"
DIRECTOR_HINT = (
    "Decides what nobody else may: requests of somebody who is AM and PM, goodwill above the limit."
)
ZONE = "Time zone"
CURRENCY = "Currency of new clients"
CURRENCY_HINT = "Three letters, such as EUR, USD or GBP."


@explains(ExternalPerson)
def _(refusal: ExternalPerson, _r: Reading) -> str:
    # Whoever acts is told in other words (`listening`); this is about somebody who was chosen.
    return f"{refusal.name} is a guest or from another company. Choose somebody of your own."


@explains(UnknownPerson)
def _(_refusal: UnknownPerson, _r: Reading) -> str:
    return "I do not know this person, or their account is deactivated. Choose somebody else."


@explains(NotYourSettings)
def _(refusal: NotYourSettings, _r: Reading) -> str:
    return f"Only {refusal.director} or an admin of this Slack can change the settings."


@explains(UnknownZone)
def _(refusal: UnknownZone, _r: Reading) -> str:
    return f"I do not know the time zone {refusal.zone}. Choose one such as Europe/Berlin."


@explains(UnknownCurrency)
def _(refusal: UnknownCurrency, _r: Reading) -> str:
    return f"I do not know the currency {refusal.code}. Use its three letters, such as EUR."
