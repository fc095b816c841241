"""What `/handoff list …` is asked for: whose requests, and in which state. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.portfolio.facts import KnownProject
from bot.requests.models import AWAITING_DECISION, State
from bot.requests.typed.project_names import NamedProject, ProjectMatch, match_project
from bot.requests.typed.wording import nearest
from bot.slack.text import finding
from bot.slack.text import lists as say
from bot.slack.text.labels import STATES as LABELS

# Nothing is to be decided or delivered any more.
OVER = {State.IMPLEMENTED, State.CLOSED, State.REJECTED, State.WITHDRAWN, State.VOID}
# What each word means; without one, what is not over.
LISTED: Mapping[str, Sequence[State] | None] = {
    "open": tuple(state for state in State if state not in OVER),
    "waiting": tuple(AWAITING_DECISION),
    "accepted": (State.APPROVED, State.IN_PROGRESS, State.IMPLEMENTED, State.CLOSED),
    "deferred": (State.DEFERRED,),
    "done": (State.IMPLEMENTED, State.CLOSED),
    "declined": (State.REJECTED,),
    "withdrawn": (State.WITHDRAWN,),
    "all": None,
}
# These words, and every state by its own name or the first word of it.
STATES: Mapping[str, Sequence[State] | None] = {
    **{label.split()[0]: (state,) for state, label in LABELS.items()},
    **{label: (state,) for state, label in LABELS.items()},
    **LISTED,
}
_IN_FULL = {label.split()[0]: label for label in LABELS.values()}
_LONGEST_STATE = max(len(state.split()) for state in STATES)


@dataclass(frozen=True)
class Asked:
    """Whose requests, in words and as projects (all where there are none), and in which state."""

    whose: str
    project_ids: tuple[UUID, ...]
    state: str

    @property
    def states(self) -> Sequence[State] | None:
        """The states that the word means; none where it means every state."""
        return STATES[self.state]


def asked_for(typed: str, projects: Sequence[KnownProject], channel_id: str) -> Asked | str:
    """What is asked for, or the sentence that says which of the words were not understood.

    Without a name it is about the projects that are at home in this channel, else about all.
    """
    name, state = _parted(typed.split(), projects)
    if not name:
        here = [project for project in projects if project.channel_id == channel_id]
        return _asked(", ".join(project.name for project in here), here, state)
    of_client = [project for project in projects if _begins(project.client_name, name)]
    if len({project.client_id for project in of_client}) == 1:
        return _asked(of_client[0].client_name, of_client, state)
    match = match_project(
        name,
        [
            NamedProject(id=project.id, key=project.key, name=project.name, client=project.client_name)
            for project in projects
        ],
    )
    if match.named and not match.rest:
        ids = [match.project_id] if match.project_id else match.guesses
        meant = [project for one in ids for project in projects if project.id == one]
    else:
        meant = [project for project in projects if _is_called(project, name.casefold())]
    if meant:
        return _asked(", ".join(project.name for project in meant), meant, state)
    return _not_understood(name, state, match, projects)


def _parted(words: list[str], projects: Sequence[KnownProject]) -> tuple[str, str]:
    """The name and the state among the words: the state comes last, or first, and a name may hold such a word."""
    whole = " ".join(words)
    name, state = _without_state(words)
    if name and state and any(_is_called(project, whole.casefold()) for project in projects):
        return whole, ""
    return name, state


def _without_state(words: list[str]) -> tuple[str, str]:
    for count in range(min(_LONGEST_STATE, len(words)), 0, -1):
        if (state := " ".join(words[-count:]).casefold()) in STATES:
            return " ".join(words[:-count]), state
    if words and (state := words[0].casefold()) in STATES:
        return " ".join(words[1:]), state
    return " ".join(words), ""


def _asked(whose: str, projects: Sequence[KnownProject], state: str) -> Asked:
    state = state or "open"
    called = state if state in LISTED else _IN_FULL.get(state, state)
    return Asked(whose, tuple(project.id for project in projects), called)


def _begins(name: str, typed: str) -> bool:
    """Whether a name is what was typed, or goes on with further words."""
    return f"{name.casefold()} ".startswith(f"{typed.casefold()} ")


def _is_called(project: KnownProject, typed: str) -> bool:
    """Whether this, without capitals, is what a project is called, in full. Every project is asked: it has to be quick."""
    name, client = project.name.casefold(), project.client_name.casefold()
    in_full = typed in {name, client, project.key.casefold()}
    return in_full or (typed.endswith(name) and typed == f"{client} {name}")


def _not_understood(name: str, state: str, match: ProjectMatch, projects: Sequence[KnownProject]) -> str:
    known, unknown = (match.named, match.rest) if match.named else ("", name)
    if unknown.casefold() in STATES:
        return say.one_state(" ".join(filter(None, [known, state])))
    if known:
        meant = nearest(unknown, STATES)
        return finding.unknown_state(unknown, LISTED, f"/handoff list {known} {meant}" if meant else None)
    key = {project.id: project.key for project in projects}
    sure, guess = (
        key.get(one) if one else None for one in (match.project_id, next(iter(match.guesses), None))
    )
    near = sure or _nearest(name, projects) or guess
    if near is None:
        return say.unknown_project(name, None)
    return say.unknown_project(name, " ".join(filter(None, [near, "" if near in STATES else state])))


def _nearest(typed: str, projects: Sequence[KnownProject]) -> str | None:
    """What may be typed for what was probably meant: a state, a project's key, a client's name."""
    names = {state: state for state in STATES}
    for project in projects:
        names |= {project.key: project.key, project.name: project.key}
        names |= {f"{project.client_name} {project.name}": project.key}
    names |= {project.client_name: project.client_name for project in projects}
    found = nearest(typed, names)
    return names[found] if found is not None else None
