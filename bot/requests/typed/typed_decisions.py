"""Whether a typed reply is plainly a decision; it reads words only, and never decides anything itself."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

MAX_WORDS = 5


class PlainDecision(StrEnum):
    """What somebody plainly said about the request in whose thread they wrote."""

    ACCEPT = "accept"
    DECLINE = "decline"


_ACCEPT = """
    ok / okay / okey / k / kk / oki / okay then / ok then / thats ok / thats okay / thats fine / fine / fine by me / fine with me
    im fine with that / im ok with that / im okay with that / im good with that / ok with me / okay with me / ok by me / works for me
    that works / this works / that works for me / works / sounds good / sounds good to me / sounds great / sounds fine
    looks good / looks good to me / looks great / looks fine / looks ok / looks okay / lgtm / good to go / good by me
    approve / approved / i approve / i approve this / im approving this / this is approved / its approved
    approved by me / approved from my side / approval granted / accept / accepted / i accept / i accept this / agreed / agree / i agree
    yes / yes please / yes approved / yes go ahead / yes do it / yes lets do it / yes ok / yes okay / yes that works / yes sure / yes of course
    yep / yup / yeah / yea / ya / aye / y / sure / sure thing / of course / certainly / absolutely / definitely / by all means
    go / go ahead / go for it / go on then / please go ahead / ok go ahead / okay go ahead / ok go / ok do it / ok approved / green light
    do it / please do / please do it / lets do it / lets do this / lets go / we can do that / we can do this / we can do it / can do / will do
    happy with that / happy with this / youre good to go / no objections / no objection / signed off / ship it / confirmed / i confirm / deal / granted

    ja / ja bitte / ja gerne / ja klar / ja okay / ja ok / ja genehmigt / ja passt / ja machen wir / ja mach das / jo / jep / jup / jawohl
    gerne / klar / na klar / klar doch / in ordnung / ist in ordnung / das ist in ordnung / geht in ordnung / einverstanden
    bin einverstanden / ich bin einverstanden / genehmigt / ist genehmigt / hiermit genehmigt / freigegeben / ist freigegeben / freigabe erteilt
    angenommen / akzeptiert / zugestimmt / ich stimme zu / stimme zu / bestätigt / abgesegnet
    passt / passt so / das passt / das passt so / passt für mich / passt für uns / passt mir / geht klar / das geht klar / geht / das geht
    kann man machen / können wir machen / machen wir / machen wir so / so machen wir das / mach das / macht das / mach so / bitte machen / bitte umsetzen
    los / los gehts / leg los / legt los / von mir aus / meinetwegen / ok für mich / okay für mich / sieht gut aus / das sieht gut aus / klingt gut
    abgemacht / grünes licht
"""
_DECLINE = """
    no / no no / nope / nah / nay / n / no way / no thanks / no thank you / no sorry / sorry no / no not now / no not this time / no we cant / no we wont
    not ok / not okay / thats not ok / not approved / not accepted / not agreed / not possible / not happening / not going to happen
    not doing this / not doing that / wont do / wont happen / we cant do this / we cant do that / we cant do it / cant do / cant do this
    cant do that / cannot do / no can do / we wont do this / we wont do that / im not approving this / i dont approve / i do not approve
    i disagree / disagree / disagreed / decline / declined / i decline / i decline this / im declining this / this is declined / its declined
    reject / rejected / i reject / i reject this / this is rejected / its rejected / denied / refused / absolutely not / definitely not
    certainly not / of course not / please dont / dont do it / dont do this / lets not / lets not do this / lets not do that / no go / its a no
    thats a no / thats a no from me / hard no / no from me / no from my side / out of the question / veto

    nein / nein danke / nein leider nicht / leider nein / leider nicht / nö / nee / ne / auf keinen fall / keinesfalls / keine chance
    abgelehnt / ist abgelehnt / wird abgelehnt / hiermit abgelehnt / ich lehne ab / lehne ich ab / lehnen wir ab / wir lehnen ab / ablehnen
    nicht genehmigt / nicht freigegeben / nicht akzeptiert / nicht angenommen / nicht einverstanden / bin nicht einverstanden
    ich bin nicht einverstanden / geht nicht / das geht nicht / geht leider nicht / das geht leider nicht / geht gar nicht / das geht gar nicht / nicht möglich
    das ist nicht möglich / leider nicht möglich / machen wir nicht / das machen wir nicht / können wir nicht machen / kommt nicht in frage / passt nicht
    das passt nicht / bitte nicht / lieber nicht / dagegen / ich bin dagegen
"""
_ACCEPTING_EMOJI = {
    "+1",
    "thumbsup",
    "white_check_mark",
    "heavy_check_mark",
    "ok_hand",
    "ok",
    "green_heart",
    "ballot_box_with_check",
}
_DECLINING_EMOJI = {
    "-1",
    "thumbsdown",
    "x",
    "no_entry",
    "no_entry_sign",
    "no_good",
    "negative_squared_cross_mark",
}
_SIGNS = {
    "👍": PlainDecision.ACCEPT, "✅": PlainDecision.ACCEPT, "✔": PlainDecision.ACCEPT, "👌": PlainDecision.ACCEPT,
    "🆗": PlainDecision.ACCEPT, "☑": PlainDecision.ACCEPT, "👎": PlainDecision.DECLINE, "❌": PlainDecision.DECLINE,
    "⛔": PlainDecision.DECLINE, "🚫": PlainDecision.DECLINE, "✖": PlainDecision.DECLINE, "❎": PlainDecision.DECLINE,
}  # fmt: skip

# Words that change nothing in a decision: "ok thanks", "approved, Ana", "yes!!".
_COURTESY = re.compile(
    r"\b(?:thank you|thanks|thx|ty|cheers|please|sorry|hi|hey|hello|danke|bitte|merci|hallo)\b"
)

_MARKUP = re.compile(r"<[@#!][^<>]{0,200}>")
_SHORTCODE = re.compile(r":([a-z0-9_+\-]{1,60})(?:::skin-tone-[2-6])?:", re.IGNORECASE)
_QUESTION = re.compile(r"[?？؟⁇⁈❓❔]|:(?:grey_)?question:|:interrobang:|:thinking(?:_face)?:|🤔")
_QUOTED = re.compile(r"^\s*(?:>|&gt;)|[`]", re.MULTILINE)


def _phrases(table: str) -> frozenset[str]:
    return frozenset(
        " ".join(phrase.split())
        for line in table.splitlines()
        for phrase in line.split("/")
        if phrase.strip()
    )


_MEANINGS = {
    **dict.fromkeys(_phrases(_ACCEPT), PlainDecision.ACCEPT),
    **dict.fromkeys(_phrases(_DECLINE), PlainDecision.DECLINE),
}


def plain_decision(text: str) -> PlainDecision | None:
    """What a whole message of at most five words plainly decides, in English or German; None for any other talk.

    Questions, quotations, longer talk and words and signs that contradict each other decide nothing.
    """
    if len(text) > 300 or _QUESTION.search(text) or _QUOTED.search(text):
        return None
    signs, rest = _taken_signs(_MARKUP.sub(" ", text))
    words = _plain_words(rest)
    if len(words) > MAX_WORDS:
        return None
    if not words:
        return signs.pop() if len(signs) == 1 else None
    whole = " ".join(words)
    said = _MEANINGS.get(whole) or _MEANINGS.get(" ".join(_COURTESY.sub(" ", whole).split()))
    return said if said is not None and signs <= {said} else None


def _taken_signs(text: str) -> tuple[set[PlainDecision], str]:
    """The decisions that emoji stand for, and the text without any shortcode."""
    signs = {meaning for sign, meaning in _SIGNS.items() if sign in text}
    names = {match[1].lower() for match in _SHORTCODE.finditer(text)}
    if names & _ACCEPTING_EMOJI:
        signs.add(PlainDecision.ACCEPT)
    if names & _DECLINING_EMOJI:
        signs.add(PlainDecision.DECLINE)
    return signs, _SHORTCODE.sub(" ", text)


def _plain_words(text: str) -> list[str]:
    """Lower-case words without punctuation, emoji and apostrophes: "Let’s do it!" gives lets, do, it."""
    kept = []
    for char in unicodedata.normalize("NFC", text).casefold():
        if char in "'’‘´`":
            continue
        kept.append(char if unicodedata.category(char)[0] in "LNM" else " ")
    return "".join(kept).replace("\ufe0f", " ").split()
