"""Structured logs: one line of JSON (or of plain text) each, with the request's reference, and no token in any."""

from __future__ import annotations

import json
import logging
import random
import re
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from urllib.parse import quote, unquote

# What is known of the work under way. One piece of work shares one dict, whichever task or thread does a part of it.
_fields: ContextVar[dict[str, object] | None] = ContextVar("fields", default=None)
# Slack's tokens (bot, app, user, refresh, configuration …), signing headers, bearers, the name and the password in an
# address, and what an address carries for one reader alone.
_SECRET = re.compile(
    r"x(?:ox[a-z]|app|wfp|oxe\.xox[bp])-[A-Za-z0-9-]{6,}|v0=[0-9a-f]{64}"
    r"|(?<=[Bb]earer )[^\s\"']{6,}|(?<=://)[^\s/@:]*:[^\s@]+(?=@)"
    r"|(?<=[?&](?:code)=)[^\s&\"']+|(?<=[?&](?:token|state)=)[^\s&\"']+|(?<=[?&]ticket=)[^\s&\"']+"
    r"|(?<=hooks\.slack\.com/)[^\s\"']+"
)
# What the settings hold, as it may be written: a shorter text would black out words that are no secret.
_kept: set[str] = set()
SHORTEST = 6
# No 0/O, 1/I/L: a reference is read aloud over the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_reference(**fields: object) -> str:
    """A short name for one piece of work: it stands in every line of its log, and people can quote it."""
    # Nothing is guarded by it, so it need not cost a look at the system's own randomness for each letter.
    reference = "H-" + "".join(random.choices(_ALPHABET, k=6))
    _fields.set({"reference": reference, **fields})
    return reference


def about(**fields: object) -> None:
    """What is known of the work under way from here on: it stands in every line of its log. Ids, never people's text."""
    known = _fields.get()
    if known is not None:
        known.update(fields)


def part(**fields: object) -> None:
    """This task goes on with a part of its own, under the reference of the work it came from (or a new one)."""
    known = _fields.get()
    if known is None:
        new_reference(**fields)
    else:
        _fields.set({"reference": known["reference"], **fields})


def reference() -> str:
    """The reference of the work under way; empty outside of any."""
    known = _fields.get()
    return "" if known is None else str(known["reference"])


def context() -> Mapping[str, object]:
    """Everything known of the work under way."""
    return _fields.get() or {}


def keep_secret(*values: str) -> None:
    """Black these out from now on, wherever they turn up, also as they stand in an address or in JSON."""
    for value in values:
        forms = {value, quote(value, safe=""), unquote(value), json.dumps(value)[1:-1]}
        _kept.update(form for form in forms if len(form) >= SHORTEST)


def without_secrets(text: str) -> str:
    """The same text with every token, signature, password and kept secret blacked out."""
    for value in sorted(_kept, key=len, reverse=True):
        text = text.replace(value, "[secret]")
    return _SECRET.sub("[secret]", text)


def _tell_without_secrets(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What ends the process is told like everything else."""
    sys.stderr.write(without_secrets("".join(traceback.format_exception(kind, error, trace))))


class JsonLines(logging.Formatter):
    """One JSON object a line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """What happened, where, in which piece of work."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= context()
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = "".join(traceback.format_exception(*record.exc_info))
        return without_secrets(json.dumps(line, ensure_ascii=False, default=str))


class PlainLines(logging.Formatter):
    """One line of text, for a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the reference behind it."""
        said = super().format(record)
        return without_secrets(f"{said} [{reference()}]" if reference() else said)


def configure(level: str) -> None:
    """Send everything to standard error at this level; as JSON where nobody is watching."""
    output = logging.StreamHandler(sys.stderr)
    output.setFormatter(PlainLines() if sys.stderr.isatty() else JsonLines())
    sys.excepthook = _tell_without_secrets
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level)
    # At DEBUG these print whole bodies, tokens included; the request verifier prints what anybody sends us.
    for name in ("slack_sdk", "aiohttp", "urllib3", "asyncio", "apscheduler", "alembic", "tzlocal"):
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))
    # It also warns that it does not use the token it finds in the environment (`authorize` tells it).
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
