"""The words a client gets: every step in every language, figures in its own way, nothing internal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from bot.ledger.models import Funding
from bot.ledger.repository import Accepted
from bot.portfolio.languages import Language
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.client_words.words import PLACEHOLDERS, placeholders_in
from bot.requests.client_words.words_facts import Offered, WordsAbout
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts, DecisionFacts, PersonName
from bot.requests.models import Outcome, Promise, Reason, State
from bot.slack.text.client_words import fill, sample, template, words
from bot.slack.text.markup import one_line
from bot.slack.text.tongues import TONGUES
from bot.slack.text.tongues.tongue import Phrase
from bot.slack.text.words import MEANINGS

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = date(2026, 12, 4)
ANA, PETE = PersonName("U_ANA", "Ana"), PersonName("U_PETE", "Pete")
SECRET = "They never pay on time"


def a_decision(outcome: Outcome = Outcome.APPROVED, **changes: Any) -> DecisionFacts:
    facts: dict[str, Any] = {
        "id": UUID(int=1),
        "outcome": outcome,
        "by": PETE,
        "at": AT,
        "minutes": 150,
        "fee_minor": 1_200_50,
        "delay_days": 0,
        "due_on": DUE,
        "reason": SECRET,
        "split": ((Funding.CHANGE_ORDER, 150),),
    }
    return DecisionFacts(**(facts | changes))


def a_card(decision: DecisionFacts | None = None, **changes: Any) -> CardFacts:
    facts: dict[str, Any] = {
        "workspace_id": "T1",
        "id": UUID(int=2),
        "reference": "ACME-12",
        "revision": 1,
        "version": 1,
        "state": State.APPROVED,
        "title": "Newsletter\n {fee} sign-up",
        "details": SECRET,
        "reason": Reason.CLIENT_REQUEST,
        "promise": Promise.NOTHING_SAID,
        "needed_by": None,
        "estimated_minutes": 180,
        "source_url": "",
        "answer_owed_on": date(2026, 11, 26),
        "client_told_at": None,
        "submitted_at": AT,
        "closed_at": None,
        "requester": ANA,
        "decider": PETE,
        "ball": ANA,
        "project_id": UUID(int=3),
        "project": "Acme Website",
        "project_key": "ACME",
        "channel_id": "C_ACME",
        "client": "Acme",
        "contact": "Jo",
        "currency": "EUR",
        "agreed_minutes": 7_200,
        "agreed_budget_minor": 14_400_00,
        "rate_minor": 120_00,
        "due_on": DUE,
        "goodwill_limit": 0,
        "accepted": Accepted(0, 0, 0, 0),
        "decision": decision,
    }
    return CardFacts(**(facts | changes))


ABOUT = WordsAbout(
    owed_on=date(2026, 11, 26),
    question="Double opt-in?",
    options=(Offered("A", "All of it", 240, 480_00, DUE), Offered("B", "A link only", 60)),
    until=date(2026, 12, 1),
    condition="the texts arrive in time.",
)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("step", Step)
def test_every_step_has_words_in_every_language(step: Step, language: Language) -> None:
    ours = template(step, language)
    assert set(placeholders_in(ours)) <= set(PLACEHOLDERS[step]) <= set(MEANINGS)
    said = words(a_card(a_decision(), language=language), step, ABOUT)
    assert "Jo," in said
    assert said.endswith("\nAna")
    assert "Newsletter {fee} sign-up" in said
    assert SECRET not in said
    assert "Pete" not in said
    preview = fill(ours, sample(step, language, "Ana", DUE))
    assert "{" not in preview


def test_both_languages_say_the_same_things() -> None:
    for tongue in TONGUES.values():
        assert set(tongue.templates) == set(Step)
        assert set(tongue.phrases) == set(Phrase)
    for phrase in Phrase:
        names = {tuple(sorted(placeholders_in(tongue.phrases[phrase]))) for tongue in TONGUES.values()}
        assert len(names) == 1, phrase


def test_figures_are_written_as_the_language_writes_them() -> None:
    english = words(a_card(a_decision()), Step.ACCEPTED)
    assert "about 2.5 hours of extra work (€1,200.50). The delivery stays on 4 December." in english
    german = words(a_card(a_decision(), language=Language.GERMAN), Step.ACCEPTED)
    assert "etwa 2,5 Stunden zusätzlich (1.200,50\u00a0€)" in german
    assert "am 4. Dezember." in german
    assert "Friday 4 December" in TONGUES[Language.ENGLISH].near(DUE)
    assert TONGUES[Language.GERMAN].near(DUE) == "Freitag, den 4. Dezember"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Shall we go ahead?"),
        ({"split": ((Funding.GOODWILL, 150),), "fee_minor": 0}, "at no extra cost this time"),
        ({"split": ((Funding.RETAINER, 150),), "fee_minor": 0}, "come out of your retainer"),
        ({"split": ((Funding.SWAP, 150),), "fee_minor": 0}, "the price stays as it is"),
        ({"split": ((Funding.CONTINGENCY, 150),), "fee_minor": 0}, "fits into the agreed budget"),
        ({"split": ((Funding.CHANGE_ORDER, 90), (Funding.GOODWILL, 60))}, "take the rest on us"),
        ({"split": ((Funding.AGENCY_ERROR, 150),), "fee_minor": 0}, "is our mistake"),
        ({"delay_days": 1}, "moves by one day, to 4 December"),
        ({"delay_days": 12, "due_on": None}, "moves by 12 days."),
        ({"minutes": 0}, "The price is €1,200.50."),
    ],
)
def test_an_acceptance_says_what_it_costs_and_when_it_comes(changes: dict[str, Any], said: str) -> None:
    assert said in words(a_card(a_decision(**changes)), Step.ACCEPTED)


@pytest.mark.parametrize(
    ("bridge", "said"),
    [
        (None, "another way with you"),
        (Bridge(BridgeKind.ALTERNATIVE, "a plain link"), "could do instead: a plain link."),
        (Bridge(BridgeKind.CLAUSE, "Two rounds (§4)."), "agreed on this: Two rounds (§4)."),
        (Bridge(BridgeKind.DATE, "", DUE), "possible from 4 December 2026 on."),
        (
            Bridge(BridgeKind.BUDGET, "from €500 on", DUE),
            "With more budget it would be possible: from €500 on.",
        ),
        (Bridge(BridgeKind.PHASE, "the shop"), "into a later phase: the shop."),
        (Bridge(BridgeKind.CAPACITY, "in spring"), "has room: in spring."),
        (Bridge(BridgeKind.CONDITION, "Your texts"), "as soon as this is settled: Your texts."),
        (Bridge(BridgeKind.SWAP, "A blog"), "goes out for it, such as: A blog."),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_a_no_has_its_bridge_and_keeps_its_reason(
    bridge: Bridge | None, said: str, language: Language
) -> None:
    decision = a_decision(Outcome.REJECTED, split=(), minutes=0, fee_minor=0, bridge=bridge)
    told = words(a_card(decision, language=language), Step.DECLINED)
    assert said in told or language is not Language.ENGLISH
    assert bridge is None or one_line(bridge.text) in told
    assert SECRET not in told
    assert bridge is None or bridge.kind is BridgeKind.DATE or "December" not in told


A_SWAP = {"split": ((Funding.SWAP, 600), (Funding.CHANGE_ORDER, 120)), "minutes": 720, "fee_minor": 240_00}
OUT = WordsAbout(out=("A blog", "The banner", "A map"))


def test_a_swap_names_what_goes_out_and_asks_whether_that_is_right() -> None:
    decision = a_decision(Outcome.APPROVED_CONDITIONAL, **A_SWAP)
    said = words(a_card(decision), Step.CONDITIONAL, OUT)
    assert "on one condition: in exchange we leave out “A blog”, “The banner” and “A map”." in said
    assert "It is about two hours of extra work (€240)." in said
    assert "Is that all right with you?" in said
    german = words(
        a_card(decision, language=Language.GERMAN), Step.CONDITIONAL, WordsAbout(out=("Ein Blog",))
    )
    assert "unter einer Bedingung: Dafür lassen wir „Ein Blog“ weg." in german
    assert "Sind Sie damit einverstanden?" in german
    free = a_decision(Outcome.APPROVED_CONDITIONAL, split=((Funding.SWAP, 150),), fee_minor=0)
    assert "the price stays as it is." in words(a_card(free), Step.CONDITIONAL, OUT)


def test_once_the_client_agreed_the_swap_still_names_what_goes_out() -> None:
    said = words(a_card(a_decision(**A_SWAP)), Step.ACCEPTED, OUT)
    assert "As agreed, we leave out “A blog”, “The banner” and “A map” for it." in said
    assert "two hours of extra work (€240)" in said


def test_a_condition_of_somebody_else_asks_the_client_nothing() -> None:
    said = words(a_card(a_decision(Outcome.APPROVED_CONDITIONAL)), Step.CONDITIONAL, ABOUT)
    assert "on one condition: the texts arrive in time. We need that by 1 December." in said
    assert "Shall we" not in said


def test_who_was_promised_reads_that_it_was_too_soon() -> None:
    decision = a_decision(Outcome.REJECTED, split=())
    assert "spoke too soon" in words(a_card(decision, promise=Promise.PROMISED), Step.DECLINED)


def test_offers_stand_one_a_line() -> None:
    said = words(a_card(), Step.COUNTERED, ABOUT)
    assert "\nA: All of it (four hours, €480, by 4 December)\nB: A link only (one hour)\n" in said
    assert "until Tuesday 1 December" in said


def test_a_deferred_wish_comes_back_on_its_day_or_at_the_renewal() -> None:
    later = a_decision(Outcome.DEFERRED, bridge=Bridge(BridgeKind.DATE, "", DUE))
    assert "on 4 December 2026." in words(a_card(later), Step.DEFERRED)
    renewal = a_decision(Outcome.DEFERRED, bridge=Bridge(BridgeKind.RENEWAL, "", DUE))
    assert "next contract" in words(a_card(renewal), Step.DEFERRED)


def test_a_sentence_whose_figure_is_not_known_is_left_out() -> None:
    own = "Hi {contact}. It costs {fee}, incl. {hours}. We start z. B. today.\n\n{fee}\n\nBye, {am}"
    free = a_card(a_decision(fee_minor=0, split=((Funding.GOODWILL, 150),)))
    assert words(free, Step.ACCEPTED, own=own) == "Hi Jo. We start z. B. today.\n\nBye, Ana"


def test_hostile_values_are_only_text() -> None:
    card = a_card(a_decision(), client="{am} \u202eevil\x07", contact="", title="{contact} <!channel>")
    said = words(card, Step.ACCEPTED)
    assert "Hi {am} evil," in said
    assert "“{contact} <!channel>”" in said
