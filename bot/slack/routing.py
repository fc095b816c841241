"""Which function answers what: one table a kind of delivery, filled by the stories and the commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.payloads import Command, Happened, Press, Said, Shortcut, StepRun, Submission, Suggestion
from bot.slack.views.elements import Choice

# What a submission is answered with: nothing (the modal closes), another modal in its place, or what is wrong with
# which input.
SubmissionAnswer: TypeAlias = Modal | Mapping[str, str] | None

OnCommand = Callable[[Bot, Command], Awaitable[Message | None]]
OnPress = Callable[[Bot, Press], Awaitable[Message | None]]
OnSubmission = Callable[[Bot, Submission], Awaitable[SubmissionAnswer]]
OnShortcut = Callable[[Bot, Shortcut], Awaitable[Message | None]]
OnSuggestion = Callable[[Bot, Suggestion], Awaitable[list[Choice]]]
OnSaid = Callable[[Bot, Said], Awaitable[None]]
OnStep = Callable[[Bot, StepRun], Awaitable[None]]
OnHappened = Callable[[Bot, Happened], Awaitable[None]]


@dataclass(frozen=True)
class Routes:
    """Every table; a key is answered by one function."""

    commands: Mapping[str, OnCommand] = field(default_factory=dict)
    presses: Mapping[str, OnPress] = field(default_factory=dict)
    submissions: Mapping[str, OnSubmission] = field(default_factory=dict)
    shortcuts: Mapping[str, OnShortcut] = field(default_factory=dict)
    suggestions: Mapping[str, OnSuggestion] = field(default_factory=dict)
    happened: Mapping[str, OnHappened] = field(default_factory=dict)
    steps: Mapping[str, OnStep] = field(default_factory=dict)
    said: OnSaid | None = None
