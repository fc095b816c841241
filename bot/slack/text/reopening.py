"""The sentences of re-opening and of an appeal."""

from __future__ import annotations

from bot.requests import refusals as no
from bot.requests.facts import AppealFacts, CardFacts, PastEvent
from bot.requests.models import Outcome
from bot.slack.text.labels import OUTCOMES
from bot.slack.text.markup import escape, mention, one_line
from bot.slack.text.phrases import listed
from bot.slack.text.refusals import Reading, explains

REOPEN, APPEAL = "Re-open", "Appeal"
REOPEN_MEANING = "Decide it again. The decision that stands now counts no more; it stays visible."
APPEAL_MEANING = "Once, with new facts: somebody else decides it."
REOPEN_WHY = "Why is it decided again?"
APPEAL_FACTS = "What was not known when it was declined?"


def goes_to(decider: str) -> str:
    """Who decides an appeal, above its form."""
    return f"{escape(decider)} decides it then. A request can be appealed once."


def reopened_in_thread(card: CardFacts, event: PastEvent) -> str:
    """The story's line for a re-opening."""
    cleared = event.facts.get("cleared")
    what = f", which was {OUTCOMES[Outcome(cleared)]}" if isinstance(cleared, str) else ""
    if original := event.facts.get("was_duplicate_of"):
        what = f", which is no duplicate of {escape(str(original))} after all"
    reason = escape(str(event.facts.get("reason") or ""), 1500)
    return f"{escape(event.by.name)} re-opened this{what}: {reason}\nBall: {mention(card.decider.id)}, to decide."


def appealed_in_thread(card: CardFacts, event: PastEvent) -> str:
    """The story's line for an appeal."""
    facts = escape(str(event.facts.get("facts") or ""), 1500)
    by = escape(event.by.name)
    return f"{by} appeals, with new facts: {facts}\nBall: {mention(card.decider.id)}, to decide it in place of who declined."


def appeal_on_card(appeal: AppealFacts) -> str:
    """What the appeal says, for who decides it."""
    return f"*{escape(appeal.by.name)} appeals:* {escape(one_line(appeal.text), 600)}"


@explains(no.MayNotReopen)
def _(refusal: no.MayNotReopen, _r: Reading) -> str:
    if not refusal.names:
        return f"Nobody but who logged {refusal.reference} has a say in it. Name a director with `/handoff settings`."
    who = listed(refusal.names) if len(refusal.names) < 3 else listed(refusal.names[:3])
    return f"Only {who.replace(' and ', ' or ')} can re-open {refusal.reference}."


@explains(no.AlreadyAppealed)
def _(refusal: no.AlreadyAppealed, _r: Reading) -> str:
    return (
        f"{refusal.reference} was appealed once already, and {refusal.decider} declined it again. "
        "If the client wants something else by now, change the request or log a new one."
    )


@explains(no.NobodyToAppealTo)
def _(refusal: no.NobodyToAppealTo, _r: Reading) -> str:
    return (
        f"{refusal.declined_by} declined {refusal.reference}, and nobody else may decide it. "
        "Name a director with `/handoff settings`, who then decides the appeal."
    )
