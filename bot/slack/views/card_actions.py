"""What can be done with a request, each act declared once: on its card, or for one person behind "More"."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.requests.afterwards.duplicates import MARKABLE
from bot.requests.afterwards.reopening import REOPENABLE
from bot.requests.bargaining.condition_models import ConditionKind
from bot.requests.editing import EDITABLE
from bot.requests.facts import CardFacts
from bot.requests.models import State
from bot.slack.limits import clip
from bot.slack.message import Block, Modal
from bot.slack.names import Button, Callback
from bot.slack.text import authority, bridges, conditions, duplicates, editing, reminders, reopening
from bot.slack.text import card as say
from bot.slack.text.markup import escape, one_line
from bot.slack.views.elements import actions, button, context, section


@dataclass(frozen=True)
class CardAction:
    """One thing that people do with a request."""

    button: Button
    words: str
    # For a screen reader, with the request's name in it: "Accept {name}".
    label: str
    # Whether it makes sense where the request is; who may do it is asked of the service, at every press.
    fits: Callable[[CardFacts], bool]
    style: str | None = None
    # Behind "More" it is shown to these people alone (to everybody, when it says nothing), with what it means.
    is_on_card: bool = True
    meaning: str = ""
    # What it means for this request, where that is not always the same.
    meaning_now: Callable[[CardFacts], str] | None = None
    offered_to: Callable[[CardFacts], Collection[str]] | None = None
    # What the button carries, where it is more than the request and its revision.
    value: Callable[[CardFacts], str] | None = None

    def drawn(self, facts: CardFacts) -> Block:
        """The button."""
        label = self.label.format(name=facts.reference)
        value = self.value(facts) if self.value else press_value(facts)
        return button(self.words, self.button, value, style=self.style, label=label)


def press_value(facts: CardFacts) -> str:
    """What a button carries: the request and the revision that was shown."""
    return f"{facts.id}:{facts.revision}"


def condition_value(facts: CardFacts) -> str:
    """The same with the number of the condition that was shown."""
    return f"{press_value(facts)}:{facts.condition.number if facts.condition else 0}"


def _depends_on(kind: ConditionKind) -> Callable[[CardFacts], bool]:
    def depends(facts: CardFacts) -> bool:
        is_pending = facts.state is State.APPROVED_CONDITIONAL and facts.condition is not None
        return is_pending and facts.condition is not None and facts.condition.kind is kind

    return depends


def _waits(facts: CardFacts) -> bool:
    return facts.awaits_decision


def _is_answered(facts: CardFacts) -> bool:
    return facts.client_told_at is not None and not facts.client_answer.is_outstanding


def _is_to_begin(facts: CardFacts) -> bool:
    return facts.state is State.APPROVED and _is_answered(facts)


def _may_begin_early(facts: CardFacts) -> bool:
    return facts.state is State.APPROVED and not _is_answered(facts)


def _is_to_be_done(facts: CardFacts) -> bool:
    return facts.state is State.IN_PROGRESS or _is_to_begin(facts)


def _is_to_close(facts: CardFacts) -> bool:
    return facts.state is State.IMPLEMENTED and facts.ball is None


def _awaits_client(facts: CardFacts) -> bool:
    return facts.client_answer.is_outstanding and facts.decision is not None


def _may_be_asked_again(facts: CardFacts) -> bool:
    if facts.state is not State.REJECTED:
        return facts.is_back
    return facts.bridge is not None and facts.bridge.may_be_asked_again


def _may_be_let_go(facts: CardFacts) -> bool:
    if facts.state is State.REJECTED:
        return facts.bridge is not None and facts.bridge.is_opportunity
    return facts.is_back or facts.state is State.DEFERRED


def _decider(facts: CardFacts) -> Collection[str]:
    return {facts.decider.id, facts.acting_for(facts.decider).id}


def _requester(facts: CardFacts) -> Collection[str]:
    return {facts.requester.id}


def _deciders(facts: CardFacts) -> Collection[str]:
    return {facts.decider.id, facts.acting_for(facts.decider).id}


def _manager(facts: CardFacts) -> Collection[str]:
    return {facts.manager_id}


def _can_be_asked_about(facts: CardFacts) -> bool:
    return facts.state in {State.SUBMITTED, State.UNDER_REVIEW}


def _is_asked(facts: CardFacts) -> bool:
    return facts.state is State.NEEDS_INFO


def _always(_: CardFacts) -> bool:
    return True


# In the order in which they are shown.
CARD_ACTIONS: tuple[CardAction, ...] = (
    CardAction(Button.ACCEPT, "Accept", "Accept {name}", _waits, style="primary"),
    CardAction(Button.DECLINE, "Decline", "Decline {name}", _waits, style="danger"),
    CardAction(
        Button.COUNTER_OFFER, "Counter-offer", "Counter-offer on {name}", _waits, offered_to=_deciders
    ),
    CardAction(
        Button.ASK_INFO,
        "Ask for info",
        "Ask for info about {name}",
        _can_be_asked_about,
        offered_to=_deciders,
    ),
    CardAction(Button.ANSWER, "Answer", "Answer the question about {name}", _is_asked),
    CardAction(Button.START, "Start", "Start the work on {name}", _is_to_begin),
    CardAction(
        Button.DONE_AS_ESTIMATED,
        "Done as estimated",
        "Done as estimated: {name}",
        _is_to_be_done,
    ),
    CardAction(Button.DONE, "Done", "Done: say what {name} took", _is_to_be_done),
    CardAction(Button.CLOSE, "Close", "Close {name}", _is_to_close),
    CardAction(Button.WITHDRAW, "Withdraw", "Withdraw {name}, if it is yours", _waits, offered_to=_requester),
    CardAction(
        Button.CONDITION_MET,
        conditions.MET,
        "Condition met: {name}",
        _depends_on(ConditionKind.CONDITION),
        style="primary",
        value=condition_value,
    ),
    CardAction(
        Button.CONDITION_FAILED,
        conditions.NOT_MET,
        "Not met: the condition of {name}",
        _depends_on(ConditionKind.CONDITION),
        value=condition_value,
    ),
    CardAction(
        Button.ACCEPT_CONDITION,
        conditions.ACCEPT_CONDITION,
        "Accept with a condition: {name}",
        _waits,
        is_on_card=False,
        meaning=conditions.ACCEPT_CONDITION_MEANING,
        offered_to=_decider,
    ),
    CardAction(
        Button.ACCEPT_SWAP,
        conditions.ACCEPT_SWAP,
        "Accept as a swap: {name}",
        _waits,
        is_on_card=False,
        meaning=conditions.ACCEPT_SWAP_MEANING,
        offered_to=_decider,
    ),
    CardAction(
        Button.CONDITION_MET,
        conditions.AGREED,
        "Client agreed to the swap for {name}",
        _depends_on(ConditionKind.SWAP),
        style="primary",
        value=condition_value,
    ),
    CardAction(
        Button.CONDITION_FAILED,
        conditions.NOT_AGREED,
        "Client did not agree to the swap for {name}",
        _depends_on(ConditionKind.SWAP),
        value=condition_value,
    ),
    CardAction(
        Button.EDIT,
        editing.EDIT,
        "Edit {name}",
        lambda facts: facts.state in EDITABLE,
        is_on_card=False,
        meaning=editing.EDIT_MEANING,
        offered_to=lambda facts: {facts.requester.id},
    ),
    CardAction(
        Button.REOPEN,
        reopening.REOPEN,
        "Re-open {name}",
        lambda facts: facts.state in REOPENABLE or bool(facts.swapped_for),
        is_on_card=False,
        meaning=reopening.REOPEN_MEANING,
        offered_to=lambda facts: facts.may_reopen,
    ),
    CardAction(
        Button.APPEAL,
        reopening.APPEAL,
        "Appeal against the decision on {name}",
        lambda facts: facts.state is State.REJECTED and not facts.is_appealed,
        is_on_card=False,
        meaning=reopening.APPEAL_MEANING,
        offered_to=lambda facts: {facts.requester.id},
    ),
    CardAction(
        Button.DEFER,
        bridges.DEFER,
        "Defer {name}",
        _waits,
        is_on_card=False,
        meaning=bridges.DEFER_MEANING,
        offered_to=_decider,
    ),
    CardAction(
        Button.ASK_AGAIN,
        bridges.ASK_AGAIN,
        "Ask again for {name}",
        _may_be_asked_again,
        is_on_card=False,
        meaning=bridges.ASK_AGAIN_MEANING,
        offered_to=_requester,
    ),
    CardAction(
        Button.LET_GO,
        bridges.LET_GO,
        "Not any more: {name}",
        _may_be_let_go,
        is_on_card=False,
        meaning=bridges.LET_GO_MEANING,
        offered_to=_requester,
    ),
    CardAction(
        Button.START,
        "Start now",
        "Start now on {name}, before the client's answer",
        _may_begin_early,
        is_on_card=False,
        meaning="Before the client's answer: what they should pay for is then shown as at risk.",
        offered_to=_manager,
    ),
    CardAction(
        Button.SENT_TO_CLIENT,
        "Sent to the client",
        "Sent to the client: the change order for {name}",
        _awaits_client,
        is_on_card=False,
        meaning="They have the change order, and can say yes until a day that you name.",
        offered_to=_requester,
    ),
    CardAction(
        Button.CLIENT_ACCEPTED,
        "Client accepted",
        "Client accepted {name}",
        _awaits_client,
        is_on_card=False,
        meaning="They said yes: the work can be done, and they pay.",
        offered_to=_requester,
    ),
    CardAction(
        Button.CLIENT_DECLINED,
        "Client declined",
        "Client declined {name}",
        _awaits_client,
        is_on_card=False,
        meaning="They said no: the approval is undone, and it is decided anew.",
        offered_to=_requester,
    ),
    CardAction(
        Button.REASSIGN,
        authority.REASSIGN,
        "Reassign {name}",
        _waits,
        is_on_card=False,
        meaning=authority.REASSIGN_MEANING,
        offered_to=lambda facts: facts.may_reassign,
    ),
    CardAction(
        Button.NUDGE,
        reminders.NUDGE,
        "Nudge whoever has {name}",
        lambda facts: facts.ball is not None and facts.ball.id != facts.requester.id,
        is_on_card=False,
        meaning_now=reminders.nudge_meaning,
        offered_to=lambda facts: {facts.requester.id},
    ),
    CardAction(
        Button.DUPLICATE,
        duplicates.MARK,
        "Mark as duplicate: {name}",
        lambda facts: facts.state in MARKABLE,
        is_on_card=False,
        meaning=duplicates.MARK_MEANING,
        offered_to=lambda facts: {
            person.id for who in (facts.requester, facts.decider) for person in (who, facts.acting_for(who))
        },
    ),
    CardAction(
        Button.HISTORY,
        "Details",
        "Details and history of {name}",
        _always,
        is_on_card=False,
        meaning="The whole text, and everything that happened.",
    ),
)

_MORE = CardAction(Button.MORE, "More", "More that you can do with {name}", _always)


def card_buttons(facts: CardFacts) -> Block:
    """The row of buttons under a card: what fits, and the rest behind "More" (unless the rest is one)."""
    fitting = [action for action in CARD_ACTIONS if action.fits(facts)]
    shown = [action for action in fitting if action.is_on_card]
    behind = [action for action in fitting if not action.is_on_card]
    last = behind if len(behind) < 2 else [_MORE]
    return actions(*(action.drawn(facts) for action in (*shown, *last)))


def more_button(facts: CardFacts) -> Block:
    """The button that shows the rest."""
    return _MORE.drawn(facts)


def more_modal(
    facts: CardFacts, person_id: str, *, with_card: bool = False, but: Collection[Button] = ()
) -> Modal:
    """What this person can do with the request besides what its card offers; a press opens its form on top.

    With `with_card` also what the card offers, for whoever does not look at it; `but` what they see already.
    """
    blocks = [section(f"*{escape(one_line(facts.title))}*"), context(say.ball_and_rule(facts))]
    # Whoever acts for somebody may do what that one may.
    parts = {person_id, *facts.stands_for}
    if facts.ball is not None and facts.ball_for is not None and facts.ball.id == person_id:
        parts.add(facts.ball_for.id)
    for action in CARD_ACTIONS:
        is_offered = action.offered_to is None or bool(parts & set(action.offered_to(facts)))
        is_new = action.button not in but and (with_card or not action.is_on_card)
        if action.fits(facts) and is_new and is_offered:
            meaning = action.meaning_now(facts) if action.meaning_now else action.meaning
            # The button says what it does; beside it stands what that means.
            blocks.append(section(meaning or f"*{action.words}*", accessory=action.drawn(facts)))
    return Modal(
        callback_id=Callback.INFO, title=clip(facts.reference, 24), close="Close", blocks=tuple(blocks)
    )
