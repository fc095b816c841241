"""Change requests, decisions, the ball and the history, with the rules of one request as methods."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, InWorkspace, belongs_to, text_enum


class State(enum.StrEnum):
    """Where a request is on its way: the internal decision (the client's answer is another axis)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    NEEDS_INFO = "needs_info"
    COUNTERED = "countered"
    APPROVED = "approved"
    APPROVED_CONDITIONAL = "approved_conditional"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    IN_PROGRESS = "in_progress"
    IMPLEMENTED = "implemented"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    VOID = "void"

    @property
    def awaits_decision(self) -> bool:
        """Whether somebody still has to say yes or no."""
        return self in AWAITING_DECISION


AWAITING_DECISION = frozenset({State.SUBMITTED, State.UNDER_REVIEW, State.NEEDS_INFO, State.COUNTERED})


class Reason(enum.StrEnum):
    """Why the client asks for it."""

    CLIENT_REQUEST = "client_request"
    CLIENT_INPUT = "client_late_or_changed_input"
    EXTRA_REVISION = "extra_revision_round"
    CLARIFICATION = "clarification"
    NEW_STAKEHOLDER = "new_stakeholder"
    THIRD_PARTY = "third_party"
    AGENCY_ERROR = "agency_error"
    REGULATORY = "regulatory"
    OTHER = "other"


class Promise(enum.StrEnum):
    """What the client believes."""

    NOTHING_SAID = "nothing_said"
    HOLDING_REPLY = "holding_reply_sent"
    PROMISED = "already_promised"


class Priority(enum.StrEnum):
    """How soon an answer is needed."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Outcome(enum.StrEnum):
    """What was decided."""

    APPROVED = "approved"
    APPROVED_CONDITIONAL = "approved_conditional"
    REJECTED = "rejected"
    DEFERRED = "deferred"


class ClientAnswer(enum.StrEnum):
    """What the client says to a change order: an axis of its own beside the internal decision."""

    NOT_REQUIRED = "not_required"
    NOT_SENT = "not_sent"
    SENT = "sent"
    # Only the client's own page can tell; nobody of ours says it. Until then it is as good as sent.
    VIEWED = "viewed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"

    @property
    def is_outstanding(self) -> bool:
        """Whether the client still has to say yes before the work is theirs to pay."""
        return self in OUTSTANDING


OUTSTANDING = frozenset({ClientAnswer.NOT_SENT, ClientAnswer.SENT, ClientAnswer.VIEWED, ClientAnswer.EXPIRED})


class EventKind(enum.StrEnum):
    """What can happen to a request: one line each in its history."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CLIENT_TOLD = "client_told"
    REASSIGNED = "reassigned"
    HANDED_OVER = "handed_over"
    FIRST_YES = "first_yes"
    IMPLEMENTED = "implemented"
    INFO_ASKED = "info_asked"
    INFO_ANSWERED = "info_answered"
    HOLDING_SENT = "holding_sent"
    EDITED = "edited"
    COUNTERED = "countered"
    OFFER_TAKEN = "offer_taken"
    OFFERS_REFUSED = "offers_refused"
    APPROVED_CONDITIONAL = "approved_conditional"
    CONDITION_MET = "condition_met"
    CONDITION_NOT_MET = "condition_not_met"
    CONDITION_EXPIRED = "condition_expired"
    SWAPPED_OUT = "swapped_out"
    SWAP_UNDONE = "swap_undone"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    APPEALED = "appealed"
    DEFERRED = "deferred"
    CAME_BACK = "came_back"
    ASKED_AGAIN = "asked_again"
    LET_GO = "let_go"
    STARTED = "started"
    CLOSED = "closed"
    SENT_TO_CLIENT = "sent_to_client"
    CLIENT_ACCEPTED = "client_accepted"
    CLIENT_DECLINED = "client_declined"
    ANSWER_EXPIRED = "answer_expired"
    NUDGED = "nudged"
    MARKED_DUPLICATE = "marked_duplicate"
    DUPLICATE_FOUND = "duplicate_found"


def _on_the_clock(column: str) -> Index:
    """What the clock asks for, of all workspaces at once: small, since it holds only rows where something is to come."""
    condition = text(f"{column} IS NOT NULL")
    return Index(None, column, sqlite_where=condition, postgresql_where=condition)


# Somebody else has to act on what a person asked for.
LIES_WITH_ANOTHER = "is_open AND ball_holder_id <> requester_id"
# The client waits for an answer.
OWES_AN_ANSWER = "is_open AND client_told_at IS NULL"


# The client has it in hand.
OUT_WITH_CLIENT = "client_answer IN ('sent', 'viewed')"
# Nobody has to act on it now; it may come back to who asked.
SLEEPS = "NOT is_open AND state IN ('deferred', 'rejected')"
# Nobody decides their own request: only where nobody else was left.
DECIDES_OWN = "decider_id = requester_id"
HEARS_OWN_NO = "decider_id = appealed_from"


def _only_where(name: str, where: str, *columns: str) -> Index:
    """An index of the rows for which `where` holds; a query uses it that says the same, word for word."""
    condition = text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def _one_for_each_request(name: str, where: str) -> Index:
    """The database itself refuses a second row of a request for which `where` holds."""
    condition = text(where)
    return Index(
        name,
        "workspace_id",
        "request_id",
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


class ChangeRequest(Base, Identified):
    """What a client asks for beyond what was agreed, numbered within its project (`ACME-12`)."""

    __tablename__ = "change_requests"
    __table_args__ = (
        belongs_to("project_id", "projects"),
        belongs_to("requester_id", "people"),
        belongs_to("decider_id", "people"),
        UniqueConstraint("workspace_id", "project_id", "number"),
        Index(None, "workspace_id", "ball_for_id"),
        # In the order in which lists show them, so that a page costs the same however much is open.
        Index(
            "ix_change_requests_held",
            *("workspace_id", "ball_holder_id", "is_open", "needed_by", "submitted_at", "id"),
        ),
        _only_where(
            "ix_change_requests_asked",
            LIES_WITH_ANOTHER,
            "workspace_id",
            "requester_id",
            "submitted_at",
            "id",
        ),
        _only_where(
            "ix_change_requests_owed", OWES_AN_ANSWER, "workspace_id", "project_id", "answer_owed_on"
        ),
        Index(None, "workspace_id", "project_id", "state", "needed_by"),
        _only_where(
            "ix_change_requests_duplicates",
            "duplicate_of_id IS NOT NULL",
            "workspace_id",
            "duplicate_of_id",
        ),
        # What the clock looks for in all workspaces at once.
        _only_where("ix_change_requests_out_with_client", OUT_WITH_CLIENT, "answer_valid_until"),
        _only_where("ix_change_requests_asleep", SLEEPS, "workspace_id", "requester_id"),
        _only_where("ix_change_requests_deciding_own", DECIDES_OWN, "workspace_id", "project_id"),
        _only_where("ix_change_requests_hearing_own_no", HEARS_OWN_NO, "workspace_id", "project_id"),
        Index(None, "workspace_id", "state", "needed_by"),
        Index(None, "workspace_id", "submitted_at"),
        _on_the_clock("clock_next_at"),
        _on_the_clock("owed_remind_at"),
    )

    project_id: Mapped[UUID]
    number: Mapped[int]
    # `ACME-12`: the project's key and the number, kept so that lists need no join; never changes.
    reference: Mapped[str] = mapped_column(String(24))
    revision: Mapped[int] = mapped_column(default=1)
    # Rises with every change of the row: a card shows a version, and is refreshed when the row is ahead of it.
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[State] = mapped_column(text_enum(State))
    # Whether anybody still has to act; true as long as somebody holds the ball.
    is_open: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str]
    details: Mapped[str] = mapped_column(default="")
    reason: Mapped[Reason] = mapped_column(text_enum(Reason))
    needed_by: Mapped[date | None]
    estimated_minutes: Mapped[int | None]
    promise: Mapped[Promise] = mapped_column(text_enum(Promise))
    # Since when the client believes it; none while nothing was said.
    promise_at: Mapped[datetime | None]
    priority: Mapped[Priority] = mapped_column(
        text_enum(Priority), default=Priority.NORMAL, server_default=Priority.NORMAL.value
    )
    # Where the client said it: a link.
    source_url: Mapped[str] = mapped_column(default="")
    # The day on which the AM owes the client an answer.
    answer_owed_on: Mapped[date]
    client_told_at: Mapped[datetime | None]
    client_answer: Mapped[ClientAnswer] = mapped_column(
        text_enum(ClientAnswer), default=ClientAnswer.NOT_REQUIRED, server_default=ClientAnswer.NOT_REQUIRED
    )
    # The last day on which the client can say yes to what was sent.
    answer_valid_until: Mapped[date | None]
    # What it took in the end.
    actual_minutes: Mapped[int | None]
    requester_id: Mapped[str] = mapped_column(String(32))
    # Who has to decide: settled when the request is logged, since the requester may not.
    decider_id: Mapped[str] = mapped_column(String(32))
    # Who agreed already, where the decider is now the one who has to agree too (`first_yes`).
    first_approver_id: Mapped[str | None] = mapped_column(String(32))
    # It was given to them by somebody: where the project goes, it does not follow.
    is_assigned: Mapped[bool] = mapped_column(default=False, server_default=false())
    ball_holder_id: Mapped[str | None] = mapped_column(String(32))
    # The clock of the ball (`targets`). Whose it is and what for; another one starts anew.
    clock_of: Mapped[str | None] = mapped_column(String(80))
    # When the answer is due, and to whom the ball goes if there is none by then.
    due_at: Mapped[datetime | None]
    goes_to_id: Mapped[str | None] = mapped_column(String(32))
    # When something is to be done about it next: a reminder, then the escalation.
    clock_next_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    # When the holder was nudged last, and who that was.
    nudged_at: Mapped[datetime | None]
    nudged_id: Mapped[str | None] = mapped_column(String(32))
    # When the AM is to be reminded next that the client waits for an answer.
    owed_remind_at: Mapped[datetime | None]
    # In whose place the holder acts: somebody who is away.
    ball_for_id: Mapped[str | None] = mapped_column(String(32))
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # How often its decider asked back (`questions`).
    question_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # How many decisions were taken back: they stay visible on the card.
    cleared_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # Who declined what was appealed: they do not decide it again, and nobody appeals twice.
    appealed_from: Mapped[str | None] = mapped_column(String(32))
    # The request that asks for the same, while this one is void; and how many are void for this one.
    duplicate_of_id: Mapped[UUID | None]
    duplicate_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # How often its decider made a counter-offer (`offers`).
    offer_round: Mapped[int] = mapped_column(default=0, server_default="0")
    # How often it was accepted on a condition (`conditions`).
    condition_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # The request that took its place: it went out for that one.
    swapped_for_id: Mapped[UUID | None]
    # The newest link of the history's chain.
    event_count: Mapped[int] = mapped_column(default=0)
    event_head: Mapped[str] = mapped_column(String(64), default="")

    @property
    def awaits_decision(self) -> bool:
        """Whether somebody still has to say yes or no."""
        return self.state.awaits_decision


class Decision(Base, Identified):
    """What was decided on one revision of a request, by whom, and on which figures."""

    __tablename__ = "decisions"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        belongs_to("decided_by", "people"),
        Index(None, "workspace_id", "request_id"),
        Index(None, "workspace_id", "decided_at"),
        _one_for_each_request("uq_decisions_standing", "cleared_at IS NULL"),
        CheckConstraint("minutes >= 0 AND fee_minor >= 0 AND delay_days >= 0", name="not_negative"),
    )

    request_id: Mapped[UUID]
    revision: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(text_enum(Outcome))
    decided_by: Mapped[str] = mapped_column(String(32))
    # In whose place: the one who decides, while they were away.
    on_behalf_of: Mapped[str | None] = mapped_column(String(32))
    # Who agreed too, where one yes was not enough, and in whose place.
    approved_by: Mapped[str | None] = mapped_column(String(32))
    approved_for: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=0)
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    delay_days: Mapped[int] = mapped_column(default=0)
    # When the project is due by this decision.
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    # A decision that no longer stands stays visible for ever.
    cleared_at: Mapped[datetime | None]


class BallInterval(Base, Identified):
    """One stretch of time in which one person had to act on a request."""

    __tablename__ = "ball_intervals"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        Index(None, "workspace_id", "request_id"),
        Index(None, "workspace_id", "holder_id", "until"),
        _one_for_each_request("uq_ball_intervals_open", "until IS NULL"),
    )

    request_id: Mapped[UUID]
    holder_id: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    # When the first answer was due, where one was.
    due_at: Mapped[datetime | None]


class Event(Base, InWorkspace):
    """One thing that happened to a request: append-only, each chained to the one before by its hash."""

    __tablename__ = "events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "request_id"], ["change_requests.workspace_id", "change_requests.id"]
        ),
        # Homes follow what happened lately, in all workspaces at once.
        Index(None, "at", "workspace_id"),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind))
    actor_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Overflow(Base, Identified):
    """Words typed after `/ask` that no form can hold, kept until the request is logged, so that none is lost."""

    __tablename__ = "overflows"

    person_id: Mapped[str] = mapped_column(String(32))
    text: Mapped[str]
    created_at: Mapped[datetime]
