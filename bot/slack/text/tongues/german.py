"""Words for clients in German."""

from __future__ import annotations

from bot.requests.client_words.words_models import Step
from bot.slack.text.tongues.tongue import Phrase, Tongue


def _letter(body: str) -> str:
    return f"Hallo {{contact}},\n\n{body}\n\nViele Grüße\n{{am}}"


GERMAN = Tongue(
    locale="de_DE",
    templates={
        Step.HOLDING: _letter(
            "vielen Dank für Ihre Nachricht zu „{title}“. Wir sehen uns an, was dafür nötig ist, "
            "und ich melde mich bis {date}, mit einer Antwort bei Ihnen."
        ),
        Step.ASKED: _letter(
            "wir sehen uns „{title}“ gerade an und haben vorab eine Frage:\n\n{question}\n\n"
            "Sobald wir das wissen, kann ich Ihnen sagen, was dafür nötig ist."
        ),
        Step.COUNTERED: _letter(
            "zu „{title}“ können wir Ihnen Folgendes anbieten:\n\n{options}\n\n"
            "Was passt Ihnen am besten? Das Angebot gilt bis {date}."
        ),
        Step.ACCEPTED: _letter("{opening} {cost} {delivery} {next}"),
        Step.CONDITIONAL: _letter(
            "gute Nachrichten zu „{title}“: Wir können es umsetzen, unter einer Bedingung: {condition}. "
            "{until} {cost} {delivery} {next}"
        ),
        Step.DECLINED: _letter("{opening} {bridge} Wann können wir darüber sprechen?"),
        Step.DEFERRED: _letter(
            "vielen Dank für Ihren Wunsch „{title}“. Im Moment können wir ihn nicht einplanen, vergessen ist er nicht. "
            "{again}"
        ),
        Step.REOPENED: _letter(
            "wir sehen uns „{title}“ noch einmal an; bitte verlassen Sie sich noch nicht auf meine letzte Antwort. "
            "Ich melde mich bis {date} bei Ihnen."
        ),
    },
    phrases={
        Phrase.OUR_ERROR: "„{title}“ ist unser Fehler, und wir beheben ihn ohne Kosten für Sie.",
        Phrase.THEIR_INPUT: "zu „{title}“: Das können wir noch aufnehmen.",
        Phrase.GOOD_NEWS: "gute Nachrichten zu „{title}“: Wir können es umsetzen.",
        Phrase.NOT_NOW: "vielen Dank für Ihren Wunsch „{title}“. So wie das Projekt steht, passt er nicht hinein.",
        Phrase.SPOKE_TOO_SOON: (
            "bei „{title}“ habe ich zu früh zugesagt, das tut mir leid: So wie das Projekt steht, passt es nicht hinein."
        ),
        Phrase.COST_FEE: "Der Aufwand liegt bei etwa {work} zusätzlich ({fee}).",
        Phrase.COST_FEE_ONLY: "Der Preis beträgt {fee}.",
        Phrase.COST_PARTLY: (
            "Der Aufwand liegt bei etwa {work} zusätzlich; wir berechnen {fee} und übernehmen den Rest."
        ),
        Phrase.COST_RETAINER: "Der Aufwand liegt bei etwa {work} und geht von Ihrem Kontingent ab.",
        Phrase.COST_SWAP: "Der Preis bleibt damit, wie er ist.",
        Phrase.COST_GOODWILL: (
            "Der Aufwand liegt bei etwa {work} zusätzlich, die wir diesmal ohne Aufpreis übernehmen."
        ),
        Phrase.COST_INCLUDED: "Der Aufwand liegt bei etwa {work} und passt in das vereinbarte Budget.",
        Phrase.DELIVERY_MOVES: "Die Lieferung verschiebt sich um {days}.",
        Phrase.DELIVERY_MOVES_TO: "Die Lieferung verschiebt sich um {days} auf den {date}.",
        Phrase.DELIVERY_STAYS: "Es bleibt bei der Lieferung am {date}.",
        Phrase.GO_AHEAD: "Sollen wir loslegen?",
        Phrase.CONFIRM_FEE: "Bitte bestätigen Sie uns den Preis, dann legen wir los.",
        Phrase.WILL_TELL: "Wir geben Ihnen Bescheid, sobald es fertig ist.",
        Phrase.IN_EXCHANGE: "Dafür lassen wir {items} weg",
        Phrase.LEFT_OUT: "Wie vereinbart lassen wir {items} dafür weg.",
        Phrase.AGREED: "Sind Sie damit einverstanden?",
        Phrase.CONDITION_BY: "Das brauchen wir bis zum {date}.",
        Phrase.OTHER_WAY: "Ich möchte gern gemeinsam mit Ihnen einen anderen Weg finden.",
        Phrase.ALTERNATIVE: "Was wir stattdessen tun könnten: {text}",
        Phrase.CLAUSE: "Vereinbart haben wir dazu: {text}",
        Phrase.YES_FROM: "Ab dem {date} wäre es möglich.",
        Phrase.YES_LATER: "Später wäre es möglich.",
        Phrase.YES_WITH_BUDGET: "Mit mehr Budget wäre es möglich: {text}",
        Phrase.YES_NEXT_PHASE: "In eine spätere Phase würde es passen: {text}",
        Phrase.YES_WITH_CAPACITY: "Sobald das Team Luft hat, wäre es möglich: {text}",
        Phrase.YES_ONCE: "Möglich wird es, sobald das geklärt ist: {text}",
        Phrase.YES_IN_EXCHANGE: "Möglich wird es, wenn dafür etwas anderes entfällt, zum Beispiel: {text}",
        Phrase.AGAIN_ON: "Ich komme am {date} darauf zurück.",
        Phrase.AGAIN_AT_RENEWAL: "Ich komme darauf zurück, wenn wir über den nächsten Vertrag sprechen.",
        Phrase.AGAIN_LATER: "Ich komme darauf zurück.",
        Phrase.OPTION_DUE: "bis {date}",
    },
    # Figures, since a word would change with its case ("bei einer Stunde", "eine Stunde").
    small=(),
    minutes_word="Minuten",
    hour="1 Stunde",
    hours_word="Stunden",
    one_day="1 Tag",
    days_word="Tage",
    day_pattern="d. MMMM",
    near_pattern="EEEE, 'den' d. MMMM",
    far_pattern="d. MMMM y",
    money_pattern="#,##0\u00a0¤",
    quote="„{}“",
    and_word="und",
    sample_title="Newsletter-Anmeldung",
    sample_question="Sollen die Empfänger ihre Adresse per E-Mail bestätigen?",
    sample_condition="Ihre Texte liegen uns rechtzeitig vor",
)
