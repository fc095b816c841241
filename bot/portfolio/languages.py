"""The languages in which a client can be written to."""

from __future__ import annotations

import enum


class Language(enum.StrEnum):
    """A language that Handoff has words for; the value is its ISO code."""

    ENGLISH = "en"
    GERMAN = "de"
