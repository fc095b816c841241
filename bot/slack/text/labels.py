"""The words for closed sets: states, reasons, who pays, what the client believes."""

from __future__ import annotations

from bot.ledger.models import Funding
from bot.portfolio.languages import Language
from bot.requests.models import EventKind, Outcome, Priority, Promise, Reason, State

REASONS = {
    Reason.CLIENT_REQUEST: "Client's wish",
    Reason.CLIENT_INPUT: "Client's input late or changed",
    Reason.EXTRA_REVISION: "Extra revision",
    Reason.CLARIFICATION: "Clarification",
    Reason.NEW_STAKEHOLDER: "New stakeholder",
    Reason.THIRD_PARTY: "Third party",
    Reason.AGENCY_ERROR: "Our own error",
    Reason.REGULATORY: "Law or regulation",
    Reason.OTHER: "Something else",
}

FUNDINGS = {
    Funding.CHANGE_ORDER: "Change order: the client pays a fee",
    Funding.RETAINER: "Retainer: the client's paid hours",
    Funding.CONTINGENCY: "Contingency: the project's reserve",
    Funding.GOODWILL: "Goodwill: nobody pays",
    Funding.SWAP: "Swap: something else goes out",
    Funding.AGENCY_ERROR: "Our own error: nobody pays",
}

FUNDINGS_SHORT = {
    Funding.CHANGE_ORDER: "change order",
    Funding.RETAINER: "retainer",
    Funding.CONTINGENCY: "contingency",
    Funding.GOODWILL: "goodwill",
    Funding.SWAP: "swap",
    Funding.AGENCY_ERROR: "our own error",
}

LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "German"}

PROMISES = {
    Promise.NOTHING_SAID: "Nothing said yet",
    Promise.HOLDING_REPLY: "Holding reply sent",
    Promise.PROMISED: "Yes, already promised",
}

PRIORITIES = {
    Priority.NORMAL: "Normal",
    Priority.HIGH: "High",
    Priority.URGENT: "Urgent",
}

STATES = {
    State.DRAFT: "draft",
    State.SUBMITTED: "logged",
    State.UNDER_REVIEW: "waiting",
    State.NEEDS_INFO: "question asked",
    State.COUNTERED: "counter-offer",
    State.APPROVED: "accepted",
    State.APPROVED_CONDITIONAL: "accepted on a condition",
    State.REJECTED: "declined",
    State.DEFERRED: "deferred",
    State.IN_PROGRESS: "in progress",
    State.IMPLEMENTED: "done",
    State.CLOSED: "closed",
    State.WITHDRAWN: "withdrawn",
    State.VOID: "duplicate",
}

# What the holder of the ball has to do while a request waits for its decision; else it is to decide.
NEXT_STEPS = {
    State.NEEDS_INFO: "to answer",
    State.COUNTERED: "to choose",
    State.APPROVED_CONDITIONAL: "to confirm the condition",
}

OUTCOMES = {
    Outcome.APPROVED: "accepted",
    Outcome.APPROVED_CONDITIONAL: "accepted on a condition",
    Outcome.REJECTED: "declined",
    Outcome.DEFERRED: "deferred",
}

EVENTS = {
    EventKind.SUBMITTED: "logged it",
    EventKind.APPROVED: "accepted it",
    EventKind.REJECTED: "declined it",
    EventKind.WITHDRAWN: "withdrew it",
    EventKind.CLIENT_TOLD: "told the client",
    EventKind.REASSIGNED: "changed who decides",
    EventKind.FIRST_YES: "agreed, and somebody else must agree too",
    EventKind.HANDED_OVER: "changed who does it",
    EventKind.IMPLEMENTED: "marked it as done",
    EventKind.INFO_ASKED: "asked",
    EventKind.INFO_ANSWERED: "answered",
    EventKind.HOLDING_SENT: "sent the client a holding reply",
    EventKind.EDITED: "changed it",
    EventKind.ESCALATED: "passed it on, since there was no answer",
    EventKind.COUNTERED: "made a counter-offer",
    EventKind.OFFER_TAKEN: "took an option of the counter-offer",
    EventKind.OFFERS_REFUSED: "took none of the options",
    EventKind.REOPENED: "re-opened it",
    EventKind.APPEALED: "appealed, with new facts",
    EventKind.DEFERRED: "deferred it",
    EventKind.CAME_BACK: "brought it back, as was said",
    EventKind.ASKED_AGAIN: "asked again",
    EventKind.LET_GO: "let it go",
    EventKind.STARTED: "began the work",
    EventKind.CLOSED: "closed it",
    EventKind.SENT_TO_CLIENT: "sent it to the client",
    EventKind.CLIENT_ACCEPTED: "recorded the client's yes",
    EventKind.CLIENT_DECLINED: "recorded the client's no",
    EventKind.ANSWER_EXPIRED: "noticed that the client did not answer in time",
    EventKind.NUDGED: "nudged whoever had the ball",
    EventKind.MARKED_DUPLICATE: "marked it as a duplicate of",
    EventKind.DUPLICATE_FOUND: "found a duplicate of it",
    EventKind.APPROVED_CONDITIONAL: "accepted it on a condition",
    EventKind.CONDITION_MET: "confirmed the condition",
    EventKind.SWAPPED_OUT: "had it go out for",
    EventKind.SWAP_UNDONE: "undid its swap with",
    EventKind.CONDITION_NOT_MET: "said that the condition is not met",
    EventKind.CONDITION_EXPIRED: "heard nothing of the condition in time, so it is declined",
}
