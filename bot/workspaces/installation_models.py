"""Where Handoff is installed through OAuth, and installations under way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, InWorkspace


class Installation(Base, InWorkspace):
    """One tenant's installation; its token is sealed, and gone once Slack says that it is dead."""

    __tablename__ = "installations"
    __table_args__ = (Index(None, "stopped_at"),)

    # The organisation that the workspace belongs to; the tenant's own id where the app is installed for all of it.
    enterprise_id: Mapped[str] = mapped_column(String(32), default="")
    app_id: Mapped[str] = mapped_column(String(32), default="")
    token: Mapped[str | None]
    scopes: Mapped[str] = mapped_column(default="")
    installed_by: Mapped[str] = mapped_column(String(32), default="")
    installed_at: Mapped[datetime]
    # Since when nothing is said or done there; the data is deleted a while after.
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str] = mapped_column(String(64), default="")
    # Rises with every change of the token, so that who remembers an older one can tell.
    version: Mapped[int] = mapped_column(default=1)


class InstallState(Base):
    """An installation that somebody began in a browser: it can be finished once, there, within minutes."""

    __tablename__ = "install_states"

    # Neither is kept as it is: who reads the table cannot finish what somebody else began.
    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)
