"""A local stand-in of Slack: for trying the app without an account, and for the tests. Imports nothing of the app."""

from bot.sandbox.channels import Channel
from bot.sandbox.client.answers import CommandResult, PressResult, SubmitResult
from bot.sandbox.clock import Clock, WallClock
from bot.sandbox.faults import DeliveryFault, Fault, Faults
from bot.sandbox.messages import Message
from bot.sandbox.modals import View
from bot.sandbox.person import Person
from bot.sandbox.problems import Problem
from bot.sandbox.seeds import (
    AppSeed,
    ChannelSeed,
    CommandSeed,
    PersonSeed,
    ShortcutSeed,
    StepSeed,
    WorkspaceSeed,
)
from bot.sandbox.server import LocalWorkspace
from bot.sandbox.step_execution import StepExecution
from bot.sandbox.web_api.door import ApiCall

__all__ = [
    "ApiCall",
    "AppSeed",
    "Channel",
    "ChannelSeed",
    "Clock",
    "CommandResult",
    "CommandSeed",
    "DeliveryFault",
    "Fault",
    "Faults",
    "LocalWorkspace",
    "Message",
    "Person",
    "PersonSeed",
    "PressResult",
    "Problem",
    "ShortcutSeed",
    "StepExecution",
    "StepSeed",
    "SubmitResult",
    "View",
    "WallClock",
    "WorkspaceSeed",
]
