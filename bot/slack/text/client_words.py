"""Words that the AM can send to the client as they are: no internal reason, no name they should not know.

Each step has a text in each language, ours or the workspace's own, with placeholders in curly brackets. Some stand for
a figure (`{fee}`), others for a whole sentence that depends on what was decided (`{cost}`). Where nothing is known,
the sentence is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.ledger.models import Funding
from bot.portfolio.languages import Language
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.client_words.words import filled, placeholders_in
from bot.requests.client_words.words_facts import NOTHING_MORE, Offered, WordsAbout
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts, DecisionFacts
from bot.requests.models import Outcome, Promise, Reason
from bot.slack.text.markup import clean, one_line
from bot.slack.text.tongues import TONGUES
from bot.slack.text.tongues.tongue import Phrase, Tongue

# Placeholders that are sentences by themselves, whatever stands around them.
WHOLE = frozenset({"opening", "cost", "delivery", "next", "until", "bridge", "again", "options", "question"})
_WHOLE = re.compile(r"(\{(?:" + "|".join(sorted(WHOLE)) + r")\})")
_SENTENCE_END = re.compile(r"(\S+[.!?…][”“\")]?)\s+(?=[^\Wa-zäöü_]|[“„\"{])")
_SHORTENED = frozenset(
    {"approx", "bzw", "ca", "etc", "evtl", "excl", "exkl", "ggf", "incl", "inkl", "usw", "zzgl"}
)
STEP_OF = {
    Outcome.APPROVED: Step.ACCEPTED,
    Outcome.APPROVED_CONDITIONAL: Step.CONDITIONAL,
    Outcome.REJECTED: Step.DECLINED,
    Outcome.DEFERRED: Step.DEFERRED,
}
_BRIDGES = {
    BridgeKind.ALTERNATIVE: Phrase.ALTERNATIVE,
    BridgeKind.CLAUSE: Phrase.CLAUSE,
    BridgeKind.BUDGET: Phrase.YES_WITH_BUDGET,
    BridgeKind.PHASE: Phrase.YES_NEXT_PHASE,
    BridgeKind.CAPACITY: Phrase.YES_WITH_CAPACITY,
    BridgeKind.CONDITION: Phrase.YES_ONCE,
    BridgeKind.SWAP: Phrase.YES_IN_EXCHANGE,
}


def words(card: CardFacts, step: Step, about: WordsAbout = NOTHING_MORE, own: str | None = None) -> str:
    """The whole message to the client, plain text, in the client's language; `own` is the workspace's text."""
    tongue = TONGUES[card.language]
    return fill(own or tongue.templates[step], values(card, step, about))


def template(step: Step, language: Language) -> str:
    """Our own text."""
    return TONGUES[language].templates[step]


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with its placeholders filled; a sentence whose figure nobody knows is left out."""
    lines = []
    for line in text.split("\n"):
        kept = [piece for piece in _sentences(line) if _is_known(piece, known)]
        # A line of which nothing is left goes; one that was empty stays.
        if kept or not line.strip():
            lines.append(" ".join(filled(piece, known).strip() for piece in kept))
    # What was left out leaves no hole.
    return clean(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def values(card: CardFacts, step: Step, about: WordsAbout) -> dict[str, str]:
    """What each placeholder stands for here; empty where nothing is known."""
    tongue = TONGUES[card.language]
    known = {
        "contact": card.contact or card.client,
        "client": card.client,
        "title": one_line(card.title),
        "am": card.requester.name,
        "question": about.question.strip(),
        "condition": _condition(tongue, about),
        "date": _date(card, step, about),
    }
    known["options"] = "\n".join(_option(tongue, card, option) for option in about.options)
    known["until"] = _when(tongue, about.until, Phrase.CONDITION_BY)
    bridge = card.decision.bridge if card.decision is not None else None
    known["bridge"] = _bridge(tongue, bridge)
    known["again"] = _again(tongue, bridge)
    known["opening"] = tongue.say(_opening(card, step), title=known["title"])
    decision = card.decision
    if decision is not None and decision.outcome in {Outcome.APPROVED, Outcome.APPROVED_CONDITIONAL}:
        known |= _of_decision(tongue, card, decision, about, step)
    return {name: known.get(name, "") for name in (*known, "hours", "fee", "cost", "delivery", "next")}


def sample(step: Step, language: Language, am: str, today: date) -> dict[str, str]:
    """Made-up values, for a preview."""
    tongue = TONGUES[language]
    title, fee, work, day = (
        tongue.sample_title,
        tongue.money(480_00, "EUR"),
        tongue.hours(240),
        tongue.day(today),
    )
    opening = Phrase.NOT_NOW if step is Step.DECLINED else Phrase.GOOD_NEWS
    is_near = step not in {Step.ACCEPTED, Step.CONDITIONAL}
    return {
        "contact": "Jo",
        "client": "Acme",
        "title": title,
        "am": am,
        "hours": work,
        "fee": fee,
        "date": tongue.near(today) if is_near else day,
        "opening": tongue.say(opening, title=title),
        "cost": tongue.say(Phrase.COST_FEE, work=work, fee=fee),
        "delivery": tongue.say(Phrase.DELIVERY_STAYS, date=day),
        "next": tongue.say(Phrase.GO_AHEAD),
        "question": tongue.sample_question,
        "condition": tongue.sample_condition,
        "until": tongue.say(Phrase.CONDITION_BY, date=day),
        "bridge": tongue.say(Phrase.YES_FROM, date=tongue.far(today)),
        "again": tongue.say(Phrase.AGAIN_ON, date=day),
        "options": f"A: {title} ({work}, {fee})",
    }


def _sentences(line: str) -> Iterator[str]:
    """The parts of a line that stay or go by themselves."""
    for part in _WHOLE.split(line):
        if _WHOLE.fullmatch(part):
            yield part
            continue
        start = 0
        for end in _SENTENCE_END.finditer(part):
            last = re.sub(r"\W", "", end[1])
            # "z. B. 4 Stunden" and "inkl. {fee}" go on.
            if len(last) > 1 and last.casefold() not in _SHORTENED:
                yield part[start : end.end(1)]
                start = end.end()
        if part[start:].strip():
            yield part[start:]


def _is_known(piece: str, known: Mapping[str, str]) -> bool:
    return all(known.get(name, "?") for name in placeholders_in(piece))


def _opening(card: CardFacts, step: Step) -> Phrase:
    if step is Step.DECLINED:
        return Phrase.SPOKE_TOO_SOON if card.promise is Promise.PROMISED else Phrase.NOT_NOW
    decision = card.decision
    if decision is not None and Funding.AGENCY_ERROR in {funding for funding, _ in decision.split}:
        return Phrase.OUR_ERROR
    return Phrase.THEIR_INPUT if card.reason is Reason.CLIENT_INPUT else Phrase.GOOD_NEWS


def _condition(tongue: Tongue, about: WordsAbout) -> str:
    """What it depends on, as it stands behind a colon."""
    if about.out:
        return tongue.say(Phrase.IN_EXCHANGE, items=_named(tongue, about.out))
    return one_line(about.condition).rstrip(".!")


def _named(tongue: Tongue, titles: Sequence[str]) -> str:
    """`“A blog”`, `“A blog” and “A banner”`."""
    quoted = [tongue.quote.format(one_line(title)) for title in titles]
    return f" {tongue.and_word} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _of_decision(
    tongue: Tongue, card: CardFacts, decision: DecisionFacts, about: WordsAbout, step: Step
) -> dict[str, str]:
    fundings = {funding for funding, _ in decision.split}
    fee = tongue.money(decision.fee_minor, card.currency) if decision.fee_minor else ""
    if step is Step.CONDITIONAL:
        # Whether a condition is met is said by somebody of ours; what goes out needs the client's own yes.
        return _figures_of(tongue, decision, fee, fundings, about, step) | {
            "next": tongue.say(Phrase.AGREED) if about.out else ""
        }
    if not fee:
        ahead = Phrase.WILL_TELL
    else:
        ahead = Phrase.CONFIRM_FEE if card.promise is Promise.PROMISED else Phrase.GO_AHEAD
    return _figures_of(tongue, decision, fee, fundings, about, step) | {"next": tongue.say(ahead)}


def _figures_of(
    tongue: Tongue,
    decision: DecisionFacts,
    fee: str,
    fundings: set[Funding],
    about: WordsAbout,
    step: Step,
) -> dict[str, str]:
    cost = _cost(tongue, decision, fee, fundings)
    if about.out and step is Step.ACCEPTED:
        # While the client has to agree to it, the condition itself says what goes out.
        cost = f"{tongue.say(Phrase.LEFT_OUT, items=_named(tongue, about.out))} {cost}"
    return {
        "hours": tongue.hours(decision.minutes) if decision.minutes else "",
        "fee": fee,
        "cost": cost,
        "delivery": _delivery(tongue, decision, fundings),
    }


def _cost(tongue: Tongue, decision: DecisionFacts, fee: str, fundings: set[Funding]) -> str:
    # What something else goes out for is no extra work.
    minutes = decision.minutes - sum(part for funding, part in decision.split if funding is Funding.SWAP)
    if fundings == {Funding.SWAP}:
        return tongue.say(Phrase.COST_SWAP)
    if not minutes:
        return tongue.say(Phrase.COST_FEE_ONLY, fee=fee) if fee else ""
    fundings = fundings - {Funding.SWAP}
    work = tongue.hours(minutes)
    if fee:
        shared = any(funding.is_unpaid for funding in fundings)
        return tongue.say(Phrase.COST_PARTLY if shared else Phrase.COST_FEE, work=work, fee=fee)
    if Funding.AGENCY_ERROR in fundings:
        return ""
    if fundings == {Funding.RETAINER}:
        return tongue.say(Phrase.COST_RETAINER, work=work)
    gives = Funding.GOODWILL in fundings
    return tongue.say(Phrase.COST_GOODWILL if gives else Phrase.COST_INCLUDED, work=work)


def _delivery(tongue: Tongue, decision: DecisionFacts, fundings: set[Funding]) -> str:
    due = decision.due_on
    if decision.delay_days:
        days = tongue.days(decision.delay_days)
        if due is None:
            return tongue.say(Phrase.DELIVERY_MOVES, days=days)
        return tongue.say(Phrase.DELIVERY_MOVES_TO, days=days, date=tongue.day(due))
    # Nobody expects a retainer's hours or a repair to move the project: no need to speak of it.
    if due is None or fundings <= {Funding.RETAINER, Funding.AGENCY_ERROR}:
        return ""
    return tongue.say(Phrase.DELIVERY_STAYS, date=tongue.day(due))


def _date(card: CardFacts, step: Step, about: WordsAbout) -> str:
    """What `{date}` stands for: the delivery, the end of an offer or a condition, or the day an answer is owed."""
    tongue = TONGUES[card.language]
    if step in {Step.ACCEPTED, Step.CONDITIONAL}:
        due = card.decision.due_on if card.decision else None
        return tongue.day(due) if due else ""
    if step in {Step.DECLINED, Step.DEFERRED}:
        bridge = card.decision.bridge if card.decision else None
        return _told_date(tongue, bridge)
    day = about.until if step is Step.COUNTERED else about.owed_on
    return tongue.near(day) if day else ""


def _told_date(tongue: Tongue, bridge: Bridge | None) -> str:
    """The day of a later yes; a day on which we only ask again is ours alone."""
    if bridge is None or bridge.returns_on is None or bridge.kind is not BridgeKind.DATE:
        return ""
    return tongue.far(bridge.returns_on)


def _when(tongue: Tongue, day: date | None, phrase: Phrase) -> str:
    return tongue.say(phrase, date=tongue.day(day)) if day else ""


def _bridge(tongue: Tongue, bridge: Bridge | None) -> str:
    """What could be done instead, in words that the client may read."""
    text = one_line(bridge.text) if bridge is not None else ""
    if text and text[-1] not in ".!?…":
        text += "."
    if bridge is None:
        return tongue.say(Phrase.OTHER_WAY)
    if bridge.kind in _BRIDGES:
        return tongue.say(_BRIDGES[bridge.kind], text=text)
    if bridge.kind is BridgeKind.RENEWAL:
        said = tongue.say(Phrase.AGAIN_AT_RENEWAL)
    else:
        day = _told_date(tongue, bridge)
        said = tongue.say(Phrase.YES_FROM, date=day) if day else tongue.say(Phrase.YES_LATER)
    return f"{said} {text}".strip()


def _again(tongue: Tongue, bridge: Bridge | None) -> str:
    """When what was put off comes up again."""
    if bridge is not None and bridge.kind is BridgeKind.RENEWAL:
        return tongue.say(Phrase.AGAIN_AT_RENEWAL)
    day = _told_date(tongue, bridge)
    return tongue.say(Phrase.AGAIN_ON, date=day) if day else tongue.say(Phrase.AGAIN_LATER)


def _option(tongue: Tongue, card: CardFacts, option: Offered) -> str:
    figures = []
    if option.minutes:
        figures.append(tongue.hours(option.minutes))
    if option.fee_minor:
        figures.append(tongue.money(option.fee_minor, card.currency))
    if option.due_on:
        figures.append(tongue.say(Phrase.OPTION_DUE, date=tongue.day(option.due_on)))
    beside = f" ({', '.join(figures)})" if figures else ""
    return f"{option.letter}: {one_line(option.what)}{beside}"
