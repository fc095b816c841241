"""Which replies are plainly a decision, and which only look like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.requests.typed import typed_decisions
from bot.requests.typed.typed_decisions import MAX_WORDS, PlainDecision, plain_decision

ACCEPTS = [
    "ok",
    "OK!",
    "Ok.",
    "okay 👍",
    "looks good",
    "Looks good to me :slightly_smiling_face:",
    "LGTM",
    "approved",
    "Approved, thanks!",
    "approved thank you",
    "<@U1|ana> approved",
    "<@U0ANA> go ahead",
    "go ahead",
    "Yes, go ahead.",
    "yes",
    "yes please",
    "yep",
    "sure",
    "Let’s do it!",
    "let's do it",
    "that’s fine",
    "fine by me",
    "no objections",
    "  *approved*  ",
    "_ok_",
    "👍",
    "👍🏽",
    ":+1:",
    ":+1::skin-tone-3:",
    ":white_check_mark:",
    "✅ approved",
    "ok\n",
    "geht klar",
    "Passt.",
    "Ja, gerne!",
    "genehmigt",
    "Freigegeben",
    "einverstanden",
    "Bestätigt",
    "machen wir",
    "von mir aus",
]
DECLINES = [
    "no",
    "No.",
    "NO WAY",
    "nope",
    "no, sorry",
    "sorry, no",
    "no thanks",
    "No, thank you.",
    "not approved",
    "not ok",
    "rejected",
    "declined ❌",
    "we can’t do this",
    "won't do",
    "👎",
    ":-1:",
    ":thumbsdown:",
    "abgelehnt",
    "Nein",
    "nein, danke",
    "leider nicht",
    "das geht leider nicht",
    "Geht nicht.",
    "nicht genehmigt",
    "auf keinen Fall",
]
NEITHER = [
    "",
    "   ",
    "ok?",
    "no?",
    "approved？",
    "is this approved?",
    "ok :question:",
    "yes 🤔",
    "no worries",
    "No problem!",
    "no problem at all",
    "no rush",
    "no idea",
    "no need",
    "kein Problem",
    "kein Thema",
    "keine Eile",
    "not yet",
    "not sure",
    "not now",
    "ok but only the small one",
    "yes, but next week",
    "yes and no",
    "ok no",
    "ok 👎",
    "no 👍",
    "👍 👎",
    "🎉",
    ":tada:",
    "thanks",
    "danke",
    "great",
    "hmm",
    "maybe",
    "I will look at it tomorrow",
    "approved by legal, waiting for finance",
    "Ana approved",
    "not approved yet",
    "who approved this",
    "ok ok ok ok ok ok",
    "> approved",
    "&gt; approved",
    "`approved`",
    "the old page is ok",
    "book",
    "nobody",
    "okra",
    "yesterday",
    "ACME-12",
    "<@U1|ok>",
    "<!channel>",
    "ok " + "a" * 40_000,
    "نعم",
    "是",
]


@pytest.mark.parametrize("text", ACCEPTS)
def test_a_plain_yes_accepts(text: str) -> None:
    assert plain_decision(text) is PlainDecision.ACCEPT


@pytest.mark.parametrize("text", DECLINES)
def test_a_plain_no_declines(text: str) -> None:
    assert plain_decision(text) is PlainDecision.DECLINE


@pytest.mark.parametrize("text", NEITHER)
def test_all_other_talk_decides_nothing(text: str) -> None:
    assert plain_decision(text) is None


def test_no_phrase_of_the_list_is_too_long_unreachable_or_means_both() -> None:
    accepting = typed_decisions._phrases(typed_decisions._ACCEPT)
    declining = typed_decisions._phrases(typed_decisions._DECLINE)
    assert not accepting & declining
    for phrase in accepting | declining:
        assert len(phrase.split()) <= MAX_WORDS
        assert plain_decision(phrase.upper()) is not None, phrase


@given(st.sampled_from([*ACCEPTS, *DECLINES]))
def test_a_question_is_never_a_decision(text: str) -> None:
    assert plain_decision(text + "?") is None


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert plain_decision(text) in {PlainDecision.ACCEPT, PlainDecision.DECLINE, None}
