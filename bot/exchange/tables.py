"""Which tables an export holds, parents before children, and which it leaves out and why."""

from __future__ import annotations

from sqlalchemy import Table

from bot.digests.models import DigestRun, DigestSchedule
from bot.inbox.models import Received
from bot.ledger.models import FundingEntry
from bot.onboarding.models import Guide
from bot.outbox.home_models import HomeTab, HomeWatch
from bot.outbox.models import Notice, Posting, Readership
from bot.people.models import Delegation, Person
from bot.portfolio.models import Baseline, Client, Project, ScopeItem
from bot.requests.afterwards.bridge_models import DecisionBridge
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.bargaining.condition_models import Condition, SwapPart
from bot.requests.bargaining.offer_models import Offer
from bot.requests.bargaining.question_models import Question
from bot.requests.client_words.words_models import WordTemplate
from bot.requests.models import BallInterval, ChangeRequest, Decision, Event, Overflow
from bot.workspaces.installation_models import Installation, InstallState
from bot.workspaces.models import Workspace

WORKSPACES: Table = Workspace.metadata.tables[Workspace.__tablename__]
PEOPLE: Table = Person.metadata.tables[Person.__tablename__]

EXPORTED: tuple[Table, ...] = (
    WORKSPACES,
    PEOPLE,
    *(
        model.metadata.tables[model.__tablename__]
        for model in (
            Delegation,
            Client,
            Project,
            Baseline,
            ScopeItem,
            ChangeRequest,
            Decision,
            FirstApproval,
            DecisionBridge,
            Event,
            BallInterval,
            Question,
            Offer,
            Condition,
            SwapPart,
            FundingEntry,
            DigestSchedule,
            WordTemplate,
        )
    ),
)

LEFT_OUT: dict[str, str] = {
    Notice.__tablename__: "what was still to be said in the old place is not said again in the new one",
    Posting.__tablename__: "messages stay in the Slack they were posted in",
    Readership.__tablename__: "how often channels of the Slack it was installed in changed their readers",
    HomeTab.__tablename__: "what stands in the Homes of the Slack it was published in",
    HomeWatch.__tablename__: "how far this installation's Homes have followed",
    Guide.__tablename__: "the first steps in the Slack it was installed in",
    DigestRun.__tablename__: "which digests this installation posted",
    Installation.__tablename__: "a token works for this installation alone, and is nobody else's to have",
    InstallState.__tablename__: "installations under way, for minutes",
    Received.__tablename__: "which deliveries of Slack this installation took",
    Overflow.__tablename__: "words on their way into a request, for minutes",
}
