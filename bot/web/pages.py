"""What a browser shows after an installation: one sentence of what happened, one of what comes next, one link."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, urlencode

from bot.slack.installing import Outcome, Setting

_AGAIN = ("/slack/install", "Install Handoff")
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title} · Handoff</title></head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
<p><a href="{link}">{label}</a></p>
</main>
</body>
</html>
"""


def page_of(done: Setting) -> tuple[int, str]:
    """The status and the page for what became of an installation."""
    if done.outcome is Outcome.INSTALLED:
        return 200, _installed(done)
    status, title, words = _FAILED[done.outcome]
    return status, _page(title, words.format(code=done.code or "no reason given"), *_AGAIN)


def _installed(done: Setting) -> str:
    title = f"Handoff is installed in {done.name}"
    if done.is_org:
        path = f"{quote(done.workspace_id)}/integrations/profile/{quote(done.app_id)}/workspaces/add"
        words = "It is in no workspace yet. Choose the workspaces of your organisation that should have it."
        return _page(title, words, f"https://app.slack.com/manage/{path}", "Choose workspaces")
    address = f"https://slack.com/app_redirect?{urlencode({'app': done.app_id, 'team': done.workspace_id})}"
    words = "Open it in Slack: its Home leads you through the first steps."
    return _page(title, words, address, "Open Handoff in Slack")


_FAILED = {
    Outcome.CANCELLED: (
        200,
        "Nothing was installed",
        "You cancelled in Slack, so Handoff has no access to anything. You can begin again whenever you like.",
    ),
    Outcome.EXPIRED: (
        400,
        "This link is used up",
        "An installation has to be finished within ten minutes, and once. Begin again: it takes a minute.",
    ),
    Outcome.OTHER_BROWSER: (
        400,
        "This was begun in another browser",
        "Only the browser in which an installation begins can finish it. Begin again in this one.",
    ),
    Outcome.REFUSED: (
        502,
        "Slack refused the installation",
        "Slack says: {code}. Begin again; if it says the same, send these words to whoever runs Handoff for you.",
    ),
    Outcome.UNREACHABLE: (
        502,
        "Slack did not answer",
        "Nothing was installed. Wait a minute, then begin again.",
    ),
}


def _page(title: str, text: str, link: str, label: str) -> str:
    return _PAGE.format(title=escape(title), text=escape(text), link=escape(link), label=escape(label))
