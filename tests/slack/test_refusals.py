"""Every refusal has a sentence, and no sentence sounds like a machine."""

from __future__ import annotations

import importlib
import pkgutil

import bot
from bot.errors import Refusal, WrongField, WrongFields
from bot.exchange.refusals import BadRows
from bot.portfolio.csv_file import BadFile
from bot.slack.text.refusals import explained

# These hold others, each of which has its own sentence.
CONTAINERS = {WrongField, WrongFields, BadFile, BadRows}


def every_refusal() -> set[type[Refusal]]:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.startswith(("bot.sandbox", "bot.demo", "bot.__main__")):
            importlib.import_module(module.name)
    found: set[type[Refusal]] = set()
    waiting = [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found.add(kind)
            waiting.append(kind)
    return {kind for kind in found if kind.__module__.startswith("bot.")}


def test_every_refusal_has_its_sentence() -> None:
    missing = {kind.__name__ for kind in every_refusal() - explained() - CONTAINERS}
    assert missing == set()
