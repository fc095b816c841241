"""The sentences of a card and of its thread."""

from __future__ import annotations

from bot.ledger.service import value_of
from bot.requests.facts import CardFacts, DecisionFacts, FirstYes, OfferFacts, PersonName
from bot.requests.models import Outcome, Priority, Promise, State
from bot.slack.text import conditions, duplicates
from bot.slack.text.after_yes import next_step
from bot.slack.text.bridges import bridge_line, until
from bot.slack.text.labels import FUNDINGS_SHORT, NEXT_STEPS, OUTCOMES, PRIORITIES, REASONS
from bot.slack.text.markup import (
    channel,
    day,
    due_token,
    escape,
    hours,
    hours_figure,
    instant_token,
    mention,
    money,
    one_line,
    percent,
    unbroken,
)

PROMISED_MARK = ":warning:"


def title(card: CardFacts) -> str:
    """`ACME-12 · Newsletter sign-up`: for a header, so without markup."""
    return f"{card.reference} · {one_line(card.title)}"


def ask_line(card: CardFacts) -> str:
    """Who asks for whom, by when, how much, and why."""
    parts = [] if card.priority is Priority.NORMAL else [f"*{PRIORITIES[card.priority]}*"]
    parts.append(f"{escape(card.requester.name)} for *{escape(card.client)}*")
    parts.append(f"needed by {day(card.needed_by)}" if card.needed_by else "no date")
    if card.estimated_minutes:
        parts.append(f"about {hours(card.estimated_minutes)}")
    parts.append(REASONS[card.reason].lower())
    return " · ".join(parts)


def promise_line(card: CardFacts) -> str:
    """What the client believes, and what the AM still owes them."""
    client, am = escape(card.client), escape(card.requester.name)
    if card.client_told_at is not None:
        return f"{client} was told at {instant_token(card.client_told_at)}"
    since = f" at {instant_token(card.promise_at)}" if card.promise_at is not None else ""
    told = {
        Promise.NOTHING_SAID: f"{client} was told: nothing yet",
        Promise.HOLDING_REPLY: f"{client} was told{since}: we are looking at it",
        Promise.PROMISED: f"{PROMISED_MARK} *{client} was already told yes by {am}*{since}",
    }[card.promise]
    return f"{told} · {am} owes them an answer by {day(card.answer_owed_on)}"


def hours_line(card: CardFacts) -> str:
    """The agreed hours, what was accepted on top so far, and what this one would make of it."""
    agreed, so_far = card.agreed_minutes, card.accepted
    if not agreed:
        line = f"No hours agreed yet, +{hours(so_far.minutes)} accepted"
    else:
        line = f"{_bare(agreed)} agreed, +{_bare(so_far.minutes)} accepted{_share(so_far.minutes, agreed)}"
    if card.awaits_decision and card.estimated_minutes:
        with_this = so_far.minutes + card.estimated_minutes
        line += f", *+{_bare(with_this)} with this one{_share(with_this, agreed)}*"
    if so_far.unpaid_minor and not card.agreed_budget_minor:
        unpaid = money(so_far.unpaid_minor, card.currency)
        line += f" · {unpaid} of {money(so_far.amount_minor, card.currency)} unpaid so far"
    return line


def money_line(card: CardFacts) -> str:
    """The agreed budget, what was accepted on top so far, and what this one would make of it; empty without one."""
    agreed, so_far, currency = card.agreed_budget_minor, card.accepted, card.currency
    if not agreed:
        return ""
    accepted = so_far.amount_minor
    line = f"{money(agreed, currency)} agreed, "
    line += f"+{money(accepted, currency)} accepted{_share(accepted, agreed)}"
    if card.awaits_decision and card.estimated_minutes and card.rate_minor:
        with_this = accepted + value_of(card.estimated_minutes, card.rate_minor)
        line += f", *+{money(with_this, currency)} with this one{_share(with_this, agreed)}*"
    if so_far.unpaid_minor:
        line += f" · {money(so_far.unpaid_minor, currency)} unpaid"
    return line


def baseline_lines(card: CardFacts) -> str:
    """Hours and money against what was agreed, a line each."""
    return f"{hours_line(card)}\n{money_line(card)}".rstrip()


def ball_line(card: CardFacts) -> str:
    """Who has to act, and on what."""
    if card.ball is None and card.state is State.DEFERRED and card.bridge is not None:
        return f"Asleep until {until(card.bridge, card.client)}"
    if card.ball is None:
        return "Done" if card.state is State.IMPLEMENTED else "Nothing more to do"
    who = who_acts(card, card.ball_for or card.ball)
    if card.is_back:
        return f"Ball: {who}, to ask again or to let it go"
    if card.awaits_decision or card.state in NEXT_STEPS:
        return f"Ball: {who}, {NEXT_STEPS.get(card.state, 'to decide')}"
    if card.client_told_at is None:
        return f"Ball: {who}, to tell {escape(card.client)} by {day(card.answer_owed_on)}"
    return f"Ball: {who}, {next_step(card)}"


def who_acts(card: CardFacts, person: PersonName) -> str:
    """`@Pete`, `@Olga for Pete`: who does what is a person's to do, and in whose place."""
    acting = card.acting_for(person)
    return mention(acting.id) + (f" for {escape(person.name)}" if acting is not person else "")


def decided_by(decision: DecisionFacts) -> str:
    """`Pete`, `Olga for Pete`: who decided, and in whose place."""
    said = _for(decision.by, decision.on_behalf_of)
    return f"{said} and {_for(decision.agreed_by, decision.agreed_for)}" if decision.agreed_by else said


def _for(person: PersonName, other: PersonName | None) -> str:
    return escape(person.name) + (f" for {escape(other.name)}" if other else "")


def first_yes_line(card: CardFacts, first: FirstYes) -> str:
    """`Pete agrees: 40 h, €4,800, change order · above 20 h, so Max must agree too`."""
    return f"*{_for(first.by, first.on_behalf_of)} agrees:* {figures(card, first)} · {second_needed(card, first)}"


def second_needed(card: CardFacts, first: FirstYes) -> str:
    """Above which lines it lies, and who has to agree too."""
    words = []
    for name, line in first.above.items():
        figure = money(line, card.currency) if name == "fee_minor" else hours(line)
        words.append(f"{figure} of goodwill" if name == "goodwill" else figure)
    lines = " and ".join(words)
    return f"above {lines}, so {escape(card.decider.name)} must agree too"


def first_yes_in_thread(card: CardFacts, first: FirstYes) -> str:
    """The story's line for a first yes."""
    by = _for(first.by, first.on_behalf_of)
    told = f"{by} agrees: {figures(card, first)}. That is {second_needed(card, first)}."
    return f"{told}\n{ball_line(card)}."


def ball_and_rule(card: CardFacts) -> str:
    """The same with what follows when no answer comes: `no answer by tomorrow at 15:00: goes to Max`."""
    return " · ".join(filter(None, (ball_line(card), rule(card))))


def rule(card: CardFacts) -> str:
    """By when an answer is due, and what follows without one; nothing where none is awaited."""
    clock = card.clock
    if clock is None or card.ball is None:
        return ""
    by, holder = due_token(clock.due_at), escape(card.ball.name)
    if clock.goes_to is not None:
        return f"no answer {by}: goes to {escape(clock.goes_to.name)}"
    if card.first_yes is not None:
        return f"answer due {by} · it stays with {holder}: nobody else can agree too"
    if clock.reminded_at is not None:
        return f"answer due {by}, {holder} was reminded"
    return f"no answer {by}: {holder} is reminded"


def outcome_line(card: CardFacts) -> str | None:
    """What was decided, by whom, when, on which figures; none while it waits."""
    if card.state is State.WITHDRAWN:
        when = f" at {instant_token(card.closed_at)}" if card.closed_at else ""
        return f"*Withdrawn* by {escape(card.requester.name)}{when}"
    if card.state is State.VOID:
        return duplicates.duplicate_line(card)
    decision = card.decision
    if decision is None:
        return None
    said = f"*{OUTCOMES[decision.outcome].capitalize()}* by {decided_by(decision)} at {instant_token(decision.at)}"
    if decision.outcome is Outcome.REJECTED:
        why = escape(one_line(decision.reason), 500)
        said = f"{said} · {why}" if why else said
        return f"{said}\n{bridge_line(decision.bridge)}" if decision.bridge else said
    if decision.outcome is Outcome.DEFERRED:
        day_ = f" until {until(decision.bridge, card.client)}" if decision.bridge else ""
        return f"{said}{day_} · {escape(one_line(decision.reason), 500)}"
    return f"{said} · {figures(card, decision)}"


def figures(card: CardFacts, decision: DecisionFacts | FirstYes) -> str:
    """`4 h, €480, no delay, change order`."""
    parts = [hours(decision.minutes) if decision.minutes else "no hours"]
    if decision.fee_minor:
        parts.append(money(decision.fee_minor, card.currency))
    return ", ".join([*parts, delay(decision.delay_days), *_payers(decision)])


def _payers(decision: DecisionFacts | FirstYes) -> list[str]:
    if decision.minutes and len(decision.split) > 1:
        return [f"{hours(part)} {FUNDINGS_SHORT[funding]}" for funding, part in decision.split]
    # Of no hours nobody pays a part: only a fee is asked of somebody.
    paying = [
        funding
        for funding, _ in decision.split
        if decision.minutes or (decision.fee_minor and funding.is_billable)
    ]
    return [FUNDINGS_SHORT[funding] for funding in paying]


def brief(card: CardFacts, option: OfferFacts) -> str:
    """`A: a smaller form (4 h, €480)`: an option on a lock screen."""
    fee = f", {money(option.fee_minor, card.currency)}" if option.fee_minor else ""
    return f"{option.letter}: {escape(one_line(option.what), 150)} ({hours(option.minutes)}{fee})"


def delay(days: int) -> str:
    """`no delay`, `delivery 1 day later`."""
    return "no delay" if not days else f"delivery {days} day{'s' if days != 1 else ''} later"


def fallback(card: CardFacts) -> str:
    """The card in one breath, for lock screens and screen readers."""
    name = escape(title(card))
    outcome = outcome_line(card)
    if outcome is not None:
        return f"{name}: {outcome}. {ball_line(card)}."
    if card.state is State.COUNTERED and card.offers:
        by, offered = escape(card.offers[0].by.name), "; ".join(brief(card, option) for option in card.offers)
        return f"{name}: {by} offers {offered}. {ball_line(card)}."
    if card.state is State.NEEDS_INFO and card.question is not None:
        question = card.question
        asks = f"{escape(question.by.name)} asks: {escape(one_line(question.text), 500)}"
        return f"{name}: {asks} {ball_line(card)}."
    stands = baseline_lines(card).replace("\n", ". ")
    return (
        f"{who_acts(card, card.decider)}, {escape(card.requester.name)} asks for {escape(card.client)}: {name}. "
        f"{ask_line(card)}. {promise_line(card)}. {stands}."
    )


def safe_fallback(card: CardFacts) -> str:
    """The card for a channel that another company reads: no money, no hours, no internal reason or decision."""
    return f"{escape(title(card))}: {safe_line(card)}"


def safe_line(card: CardFacts) -> str:
    """Where it stands, as far as the client may see it before the AM speaks to them."""
    if card.state is State.WITHDRAWN:
        return "withdrawn."
    if card.state is State.VOID:
        return "taken together with another request."
    if card.awaits_decision or card.client_told_at is None:
        return f"logged by {escape(card.requester.name)}, who will come back to you by {day(card.answer_owed_on)}."
    return f"answered by {escape(card.requester.name)}."


def decided_in_thread(card: CardFacts, decision: DecisionFacts) -> str:
    """The story's line for a decision, with who has the ball now."""
    by = decided_by(decision)
    ball = f"Ball: {who_acts(card, card.requester)}, to tell {escape(card.client)} by {day(card.answer_owed_on)}."
    if decision.outcome is Outcome.DEFERRED:
        day_ = f" until {until(decision.bridge, card.client)}" if decision.bridge else ""
        return f"{by} deferred this{day_}: {escape(decision.reason, 1500)}\n{ball}"
    if decision.outcome is Outcome.REJECTED:
        bridge = f"\n{bridge_line(decision.bridge, 1000)}" if decision.bridge else ""
        return f"{by} declined this: {escape(decision.reason, 1500)}{bridge}\n{ball}"
    if decision.outcome is Outcome.APPROVED_CONDITIONAL and card.condition is not None:
        return conditions.accepted_in_thread(card, card.condition, by, figures(card, decision))
    return f"{by} accepted this: {figures(card, decision)}. {ball}"


def withdrawn_in_thread(card: CardFacts, reason: str) -> str:
    """The story's line for a withdrawal."""
    why = f": {escape(reason, 1500)}" if reason else ""
    return (
        f"{escape(card.requester.name)} withdrew this{why}. Nothing more to do, {mention(card.decider.id)}."
    )


def reassigned_in_thread(card: CardFacts, before: str) -> str:
    """The story's line when a project changes hands."""
    return f"{ball_line(card)}. Until now it was with {escape(before)}."


def invite(channel_id: str, reference: str) -> str:
    """How to let the bot in, for whoever waits for the card."""
    return (
        f"{escape(reference)} is logged, but I am not in {channel(channel_id)}, so its card is not posted yet. "
        "Type `/invite @Handoff` there, and I post it at once."
    )


def archived(channel_id: str, reference: str) -> str:
    """Why the card stands nowhere, and what can be done about it."""
    return (
        f"{escape(reference)} is logged, but {channel(channel_id)} is archived, so its card cannot be posted there. "
        "Bring the channel back, and I post it at once. Until then it can be decided from the Home of this app."
    )


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return f" ({share})" if share else ""


def _bare(minutes: int) -> str:
    return unbroken(f"{hours_figure(minutes)} h")
