"""The sentences of giving a decision to somebody else, and of what somebody who left leaves behind."""

from __future__ import annotations

from bot.people.refusals import LineOutOfBounds, NeedsDirector
from bot.requests import refusals as no
from bot.requests.facts import CardFacts, PersonName
from bot.slack.text.card import ball_line
from bot.slack.text.markup import escape, mention
from bot.slack.text.refusals import Reading, explains

REASSIGN = "Reassign"
REASSIGN_MEANING = "Let somebody else decide it."
PERSON = "Who decides it"
PERSON_HINT = "It stays with them, even when the project goes to somebody else."
WHY = "Why"
WHY_HINT = "It is told in the thread."


SECOND_HOURS = "Two must agree above: hours"
SECOND_GOODWILL = "Two must agree above: goodwill hours in one decision"
SECOND = (
    "Above these figures the PM's yes is not enough: the director must agree too. Leave empty for no line."
)
SECOND_WITHOUT_DIRECTOR = "Above a line the PM's yes is not enough: the director must agree too. There is no director yet: name one above first."
SECOND_OF_CLIENT = (
    "Two must agree: for this client alone. What is left empty is as in `/handoff settings` "
    "(money only where the currency is the same)."
)


def second_money(currency: str) -> str:
    """The label of the line for money."""
    return f"Two must agree above: fee ({currency})"


def given_in_thread(card: CardFacts, by: str, to: PersonName, reason: str) -> str:
    """The story's line when somebody else is to decide."""
    return f"{escape(by)} gave the decision to {mention(to.id)}: {escape(reason, 1500)}\n{ball_line(card)}."


def left_behind(who: str, count: int) -> str:
    """What somebody who left leaves to who is told."""
    name, one = escape(who), count == 1
    requests = "This request of theirs is" if one else f"These {count} requests of theirs are"
    return (
        f"{name}'s account is deactivated. {requests} with you now. "
        "Their projects and clients go to somebody else with `/handoff project` and `/handoff client`."
    )


def _or(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


@explains(no.NobodyToAgree)
def _(refusal: no.NobodyToAgree, _r: Reading) -> str:
    return (
        f"{refusal.reference} lies above the line where the director must agree too, and there is none who can. "
        "Name one with `/handoff settings`."
    )


@explains(no.SecondYesFirst)
def _(refusal: no.SecondYesFirst, _r: Reading) -> str:
    return (
        f"{refusal.reference} lies above the line where {refusal.second} must agree too. Accept it as it is: "
        f"{refusal.second} can make it depend on something."
    )


@explains(no.AgreedAlready)
def _(refusal: no.AgreedAlready, _r: Reading) -> str:
    return f"The first yes to {refusal.reference} is there already, and {refusal.second} must agree too: nobody does so twice."


@explains(no.MayNotReassign)
def _(refusal: no.MayNotReassign, _r: Reading) -> str:
    return f"Only {_or(refusal.names)} can say who decides {refusal.reference}."


@explains(no.LoggedIt)
def _(refusal: no.LoggedIt, _r: Reading) -> str:
    return f"{refusal.name} logged this, and nobody decides a request of their own. Choose somebody else."


@explains(no.DeclinedIt)
def _(refusal: no.DeclinedIt, _r: Reading) -> str:
    return (
        f"{refusal.name} declined this, and an appeal is decided by somebody else. Choose another colleague."
    )


@explains(no.DecidesAlready)
def _(refusal: no.DecidesAlready, _r: Reading) -> str:
    return f"{refusal.name} decides this already. Choose somebody else."


@explains(NeedsDirector)
def _(_refusal: NeedsDirector, _r: Reading) -> str:
    return "There is no director who could agree. Name one with `/handoff settings` first."


@explains(LineOutOfBounds)
def _(_refusal: LineOutOfBounds, _r: Reading) -> str:
    return "This cannot be less than zero, nor that much."
