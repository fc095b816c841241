"""Logging a request: the form opens prefilled from whatever was typed or shown, and what is sent off is logged."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.inbox.service import is_first
from bot.people.models import Actor
from bot.people.refusals import ExternalPerson
from bot.portfolio import repository as portfolio
from bot.portfolio.facts import KnownProject
from bot.portfolio.figures import parse_hours
from bot.requests import service
from bot.requests.afterwards.duplicates import likely_duplicates
from bot.requests.models import ChangeRequest, Priority, Promise, Reason
from bot.requests.service import Ask
from bot.requests.typed import overflow
from bot.requests.typed.priority_words import without_priority
from bot.requests.typed.project_names import NamedProject
from bot.requests.typed.typed_text import unescape_slack, without_controls
from bot.requests.typed.wording import AskDraft, KnownNames, parse_ask
from bot.slack.bot import Bot
from bot.slack.directory import Reader
from bot.slack.gateway import GatewayError, Refused
from bot.slack.limits import BUTTON_VALUE, INPUT_TEXT, clip
from bot.slack.message import Message
from bot.slack.names import Field
from bot.slack.payloads import Command, Press, Shortcut, Submission, Suggestion, Who
from bot.slack.text import ask as say
from bot.slack.text import ways_in as say_ways_in
from bot.slack.text.markup import link_to_message
from bot.slack.views.ask import LONGEST_TITLE, AskForm, AskOrigin, ProjectChoice, ask_modal
from bot.slack.views.elements import Choice, section
from bot.slack.views.given_back import given_back, open_form, open_kept

E = TypeVar("E", bound=enum.StrEnum)
# What the button carries on help and on an empty Home, where nothing was typed.
_NO_WORDS = {"help", "home"}


async def ask(bot: Bot, command: Command) -> Message | None:
    """`/ask …`: open the form with everything that could be understood."""
    try:
        return await open_ask(
            bot,
            command.who,
            command.trigger_id,
            typed=command.text,
            origin=AskOrigin(command.channel_id, command.response_url),
        )
    except (Refused, GatewayError):
        # The trigger died on the way; a press on a button gives a new one, and the words come back with it.
        return await _with_words(bot, command.who, say.COULD_NOT_OPEN, command.text)


async def open_pressed(bot: Bot, press: Press) -> Message | None:
    """A button that opens the form: on help, on an empty Home, or after `/ask` could not."""
    typed = press.value if isinstance(press.value, str) and press.value not in _NO_WORDS else ""
    return await open_ask(
        bot, press.who, press.trigger_id, typed=typed, origin=AskOrigin(press.channel_id, press.response_url)
    )


async def open_kept_pressed(bot: Bot, press: Press) -> Message | None:
    """The same button where the words were too long for it."""
    kept_id = UUID(press.value if isinstance(press.value, str) else "")
    typed = await bot.read(overflow.look, bot.actor(press.who), kept_id)
    return await open_ask(
        bot, press.who, press.trigger_id, typed=typed, origin=AskOrigin(press.channel_id, press.response_url)
    )


async def message_shortcut(bot: Bot, shortcut: Shortcut) -> Message | None:
    """ "Log as client request" on a message: its words and its link are taken along."""
    return await open_ask(
        bot,
        shortcut.who,
        shortcut.trigger_id,
        typed=shortcut.message_text,
        source_url=link_to_message(shortcut.channel_id, shortcut.message_ts),
        origin=AskOrigin(shortcut.channel_id),
        said_by=shortcut.message_author,
    )


async def global_shortcut(bot: Bot, shortcut: Shortcut) -> Message | None:
    """ "Log a client request", from anywhere: an empty form."""
    return await open_ask(bot, shortcut.who, shortcut.trigger_id, typed="", origin=AskOrigin())


async def suggest_project(bot: Bot, asked: Suggestion) -> list[Choice]:
    """Projects whose name, client or key holds what was typed."""
    projects = await bot.read(portfolio.known_projects, workspace_id=asked.who.workspace_id)
    typed = asked.typed.casefold()
    fitting = [project for project in projects if typed in f"{project.key} {_label(project)}".casefold()]
    return [(str(project.id), _label(project)) for project in fitting]


async def submitted(bot: Bot, submission: Submission) -> None:
    """The form was sent off: log the request, and tell the AM who has the ball."""
    origin = AskOrigin.load(submission.private_metadata)
    today = bot.today(await bot.reader(submission.who))
    request = await bot.run(
        _log, bot.actor(submission.who), submission=submission, today=today, overflow_id=origin.overflow_id
    )
    if request is None:
        return
    await bot.afterwards(_confirm(bot, submission.who, origin, request))


def _log(
    session: Session, actor: Actor, *, submission: Submission, today: date, overflow_id: str
) -> ChangeRequest | None:
    # Slack may deliver a submission twice; the second changes nothing.
    key = f"submission:{submission.view_id}"
    if submission.view_id and not is_first(session, workspace_id=actor.workspace_id, key=key, now=actor.now):
        return None
    ask = read_ask(submission, today)
    if overflow_id:
        rest = overflow.take(session, actor, UUID(overflow_id))
        ask = Ask(**{**vars(ask), "details": f"{ask.details}{rest}".strip()})
    return service.submit(session, actor, ask)


def read_ask(submission: Submission, today: date, *, already_needed_by: date | None = None) -> Ask:
    """What the form says.

    Raises `WrongFields` for hours that cannot be read, and with them for all else that cannot be taken (title,
    needed_by), so that everything is marked at once.
    """
    wrong: list[WrongField] = []
    minutes = None
    if submission.text(Field.HOURS).strip():
        try:
            minutes = parse_hours(submission.text(Field.HOURS))
        except Refusal as why:
            wrong.append(WrongField(Field.HOURS, why))
    needed_by = submission.text(Field.NEEDED_BY)
    ask = Ask(
        project_id=_uuid(submission.text(Field.PROJECT)),
        title=without_controls(submission.text(Field.TITLE)).replace("\n", " "),
        details=without_controls(submission.text(Field.DETAILS)),
        reason=_member(Reason, submission.text(Field.REASON), Reason.OTHER),
        needed_by=date.fromisoformat(needed_by) if needed_by else None,
        minutes=minutes,
        promise=_member(Promise, submission.text(Field.PROMISE), Promise.NOTHING_SAID),
        priority=_member(Priority, submission.text(Field.PRIORITY), Priority.NORMAL),
        source_url=submission.text(Field.SOURCE),
    )
    if wrong:
        taken = service.tidy(ask)
        raise WrongFields([*wrong, *service.wrong_wish(taken, today, already_needed_by=already_needed_by)])
    return ask


async def open_ask(
    bot: Bot,
    who: Who,
    trigger_id: str,
    *,
    typed: str,
    origin: AskOrigin,
    source_url: str = "",
    said_by: str = "",
) -> Message | None:
    """Show the form with everything that could be understood, for somebody of ours; `said_by` wrote the words."""
    reader = await bot.reader(who)
    if reader.is_external:
        raise ExternalPerson(reader.id, reader.name)
    catalogue = await bot.read_together(_catalogue, workspace_id=who.workspace_id)
    if not catalogue.choices:
        if typed.strip() and not source_url:
            return await _with_words(bot, who, say.NO_PROJECTS_WITH_WORDS, typed)
        # Nothing was typed, or it stands in the message that was shown and is shown again.
        return Message(text=say.NO_PROJECTS, blocks=(section(say.NO_PROJECTS),))
    form, draft = _form(typed, catalogue, reader, bot.clock.now(), origin.channel_id, source_url)
    author = await _author(bot, who, said_by)
    if author:
        details = "\n\n".join(filter(None, [draft.details, author]))
        form, draft = replace(form, details=details), replace(draft, details=details)
    if len(draft.details) > INPUT_TEXT:
        form, origin = await _keep_overflow(bot, who, form, draft, origin)
    if form.project is not None and form.title:
        alike = await bot.read(
            likely_duplicates, workspace_id=who.workspace_id, project_id=form.project.id, title=form.title
        )
        form = replace(form, alike=tuple(alike))
    choices = _likely_first(catalogue, form.project, draft)
    await bot.gateway(who.workspace_id).open(trigger_id, ask_modal(form, choices, origin))
    return None


async def _with_words(bot: Bot, who: Who, sentence: str, typed: str) -> Message:
    """Every word that was typed, as Slack sent it, comes back with a button that opens the form with all of them."""
    if len(typed) <= BUTTON_VALUE and typed not in _NO_WORDS:
        press = open_form(typed)
    else:
        press = open_kept(str(await bot.run(overflow.keep, bot.actor(who), typed)))
    return given_back(sentence, unescape_slack(typed), press)


@dataclass(frozen=True)
class _Catalogue:
    """The open projects, as the form offers them (by name) and as people may name them."""

    choices: dict[UUID, ProjectChoice]
    names: KnownNames
    at_home: dict[str, list[UUID]]


def _catalogue(session: Session, *, workspace_id: str) -> _Catalogue:
    projects = portfolio.known_projects(session, workspace_id=workspace_id)
    at_home: dict[str, list[UUID]] = {}
    for project in projects:
        at_home.setdefault(project.channel_id, []).append(project.id)
    offered = sorted(
        (ProjectChoice(project.id, _label(project)) for project in projects),
        key=lambda choice: choice.label.casefold(),
    )
    named = [NamedProject(project.id, project.key, project.name, project.client_name) for project in projects]
    return _Catalogue({choice.id: choice for choice in offered}, KnownNames(named), at_home)


def _form(
    typed: str, catalogue: _Catalogue, reader: Reader, now: datetime, channel_id: str, source_url: str
) -> tuple[AskForm, AskDraft]:
    at_home = catalogue.at_home.get(channel_id, [])
    typed, priority = without_priority(typed)
    draft = parse_ask(
        typed,
        projects=catalogue.names,
        now=now,
        zone=reader.zone,
        home_project=at_home[0] if len(at_home) == 1 else None,
    )
    form = AskForm(
        project=catalogue.choices.get(draft.project_id) if draft.project_id else None,
        title=clip(draft.title, LONGEST_TITLE),
        details=draft.details,
        needed_by=draft.needed_by,
        minutes=draft.minutes,
        priority=priority,
        source_url=source_url,
        remarks=say.remarks(draft),
    )
    return form, draft


async def _keep_overflow(
    bot: Bot, who: Who, form: AskForm, draft: AskDraft, origin: AskOrigin
) -> tuple[AskForm, AskOrigin]:
    """More was typed than a form holds: the rest waits in the database and goes along when it is logged."""
    cut = draft.details.rfind(" ", INPUT_TEXT // 2, INPUT_TEXT)
    cut = cut if cut > 0 else INPUT_TEXT
    # The rest keeps the blank it begins with: put together again, they are what was typed.
    shown, rest = draft.details[:cut], draft.details[cut:]
    kept = await bot.run(overflow.keep, bot.actor(who), rest)
    remark = say.overflow(len(draft.details), cut)
    form = AskForm(**{**vars(form), "details": shown, "remarks": (*form.remarks, remark)})
    return form, AskOrigin(origin.channel_id, origin.response_url, str(kept))


def _likely_first(
    catalogue: _Catalogue, chosen: ProjectChoice | None, draft: AskDraft
) -> list[ProjectChoice]:
    """Every open project: what was probably meant first, then by name."""
    likely = [chosen.id] if chosen else list(draft.project_guesses)
    others = dict(catalogue.choices)
    first = [others.pop(project_id) for project_id in likely if project_id in others]
    return [*first, *others.values()]


async def _confirm(bot: Bot, who: Who, origin: AskOrigin, request: ChangeRequest) -> None:
    facts = await bot.read(portfolio.facts, workspace_id=who.workspace_id, project_id=request.project_id)
    decider = await bot.directory.reader(who.workspace_id, request.ball_holder_id or request.decider_id)
    assert facts is not None
    if origin.channel_id == facts.channel_id:
        # The card itself appears here; a second message would say it twice.
        return
    text = say.logged(request.reference, request.title, decider.name, facts.name)
    answer = Message(text=text, blocks=(section(text),))
    if origin.response_url:
        await bot.gateway(who.workspace_id).answer(origin.response_url, answer)
    elif origin.channel_id:
        await bot.gateway(who.workspace_id).whisper(origin.channel_id, who.person_id, answer)


async def _author(bot: Bot, who: Who, person_id: str) -> str:
    """Who said it, unless it is who logs it or nobody that Slack tells us of."""
    if not person_id or person_id == who.person_id:
        return ""
    try:
        name = (await bot.directory.reader(who.workspace_id, person_id)).name
        return say_ways_in.said_by(name) if name != person_id else ""
    except GatewayError:
        return ""


def _label(project: KnownProject) -> str:
    if project.client_name.casefold() in project.name.casefold():
        return project.name
    return f"{project.client_name} · {project.name}"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _member(kind: type[E], value: str, default: E) -> E:
    return kind(value) if value in set(kind) else default
