"""A workspace's own words for the client, where it wants others than ours."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, InWorkspace, belongs_to, text_enum
from bot.portfolio.languages import Language


class Step(enum.StrEnum):
    """The steps of a request at which the client hears something."""

    HOLDING = "holding"
    ASKED = "asked"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    CONDITIONAL = "conditional"
    DECLINED = "declined"
    DEFERRED = "deferred"
    REOPENED = "reopened"


class WordTemplate(Base, InWorkspace):
    """What an AM sends at one step in one language, with placeholders (`{title}`); where there is none, ours is used."""

    __tablename__ = "word_templates"
    __table_args__ = (belongs_to("changed_by", "people"),)

    step: Mapped[Step] = mapped_column(text_enum(Step), primary_key=True)
    language: Mapped[Language] = mapped_column(text_enum(Language), primary_key=True)
    text: Mapped[str]
    changed_by: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime]
