"""The languages in which clients are written to: one file each, looked up by the client's language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.portfolio.languages import Language
from bot.slack.text.tongues.english import ENGLISH
from bot.slack.text.tongues.german import GERMAN
from bot.slack.text.tongues.tongue import Tongue

TONGUES: Mapping[Language, Tongue] = {Language.ENGLISH: ENGLISH, Language.GERMAN: GERMAN}
